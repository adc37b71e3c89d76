"""The plan of a pull: every target is decided; what is not known is asked for."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from functools import partial

from l10nsync import formats
from l10nsync.lazy import Lazy
from l10nsync.model import Question, Source, fold
from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.pull.delivered import delivered
from l10nsync.plan.pull.facts import PullFacts
from l10nsync.plan.pull.first_look import first_look
from l10nsync.plan.pull.target import Decision, PullTarget, targets_of
from l10nsync.plan.pull.wording import other_versions, ways_out
from l10nsync.plan.reasons import Awaits
from l10nsync.plan.values import Plan, TargetChange

Decided = MutableMapping[str, Decision | None]
"""Path to what was decided about a target in an earlier round, where it is not decided again; None where
the first look only said that a translation has to come."""


def plan_pull(facts: PullFacts, decided: Decided | None = None) -> tuple[Plan, Lazy[str, bytes]] | Wants:
    """Return what a pull of one project does, and by path the bytes to write and those held back.

    Or what has to be known before that can be decided. DECIDED is filled with what was found out, and may
    be handed in again with more facts. It holds the bytes: nothing else does.
    """
    try:
        return _plan(facts, {} if decided is None else decided)
    except Unknown as unknown:
        return unknown.wants


def _plan(facts: PullFacts, decided: Decided) -> tuple[Plan, Lazy[str, bytes]]:
    # A copy remembers what it looked at only for as long as that takes.
    def look_once(target: PullTarget) -> None:
        if target.path not in decided:
            decided[target.path] = first_look(replace(target))

    def decide_once(target: PullTarget) -> None:
        if target.wanted and decided[target.path] is None:
            decided[target.path] = delivered(replace(target), target.wanted)

    need(lambda: facts.published)
    targets = list(targets_of(facts))
    _need_changed(facts, targets)
    decide_all(look_once, targets)
    # All translations come before any is looked at: a download brings many.
    awaited = [target for target in targets if decided[target.path] is None]
    decide_all(lambda target: facts.require_answer(target.wanted) if target.wanted else None, awaited)
    decide_all(decide_once, awaited)
    changes: list[TargetChange] = []
    contents: dict[str, Callable[[], bytes]] = {}
    for target in targets:
        if decision := decided[target.path]:
            change, made = decision
            changes.append(change)
            if made is not None:
                contents[change.path] = partial(_made, decided, target.path)
    changes.sort(key=lambda change: change.path)
    return Plan("pull", tuple(changes), notices=_notices(facts, changes)), Lazy(contents)


def _made(decided: Decided, path: str) -> bytes:
    decision = decided[path]
    return b"" if decision is None else decision[1] or b""


def _notices(facts: PullFacts, changes: Sequence[TargetChange]) -> tuple[str, ...]:
    """Return what can be done about what is not taken from the TMS, once for all of it."""
    sources = {source.path: source for source in facts.sources}
    others = {change.source for change in changes if change.awaits is Awaits.VERSION}
    kept = [(change, sources[change.source]) for change in changes if _kept(change, sources[change.source])]
    imported = {source.path: _is_imported(source) for _change, source in kept}
    return (
        *other_versions([sources[path] for path in sorted(others)]),
        *ways_out(
            sum(_kept(change, source) for change, source in kept if imported[source.path]),
            [(change.path, source.file_type) for change, source in kept if not imported[source.path]],
        ),
    )


def _kept(change: TargetChange, source: Source) -> int:
    """Return how many strings of a target keep the text that they have here."""
    conflicts = 0 if source.pull.corrections == "service" else len(change.conflicts)
    return len(change.corrected) + conflicts


def _is_imported(source: Source) -> bool:
    """Whether the service imports translations of the source's type."""
    kind = formats.get(source.file_type)
    return bool(kind and kind.imports)


def _need_changed(facts: PullFacts, targets: Sequence[PullTarget]) -> None:
    """Raise `Unknown` for which files changed since a pull long ago, where asking is cheaper than a download.

    A question is about target file; a download brings many translations.
    """
    if not facts.stale:
        return
    asked = [
        target.wanted
        for target in targets
        if target.wanted
        and replace(target).may_stand
        and fold(target.source.file_uri) not in facts.remote.modified
    ]
    whole = frozenset(pair.uri for pair in asked if pair.multilingual)
    pairs = {pair for pair in asked if not pair.multilingual}
    uris = frozenset(pair.uri for pair in pairs)
    if len(uris) * facts.bulk < len(pairs) + facts.bulk:
        whole |= uris
    if whole:
        raise Unknown(Wants(Question(modified=whole, modified_since=facts.stale)))
