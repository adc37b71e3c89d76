"""What a push's plan says beside its changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from l10nsync.model import Source
from l10nsync.plan.push.evidence import NamespaceEvidence
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.reasons import Action, Awaits, Brings
from l10nsync.plan.strings import StringId
from l10nsync.plan.values import SourceChange


def notices_of(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[str]:
    """Yield a sentence for each thing that is worth knowing before the plan is carried out."""
    yield from _namespaces_kept(facts, changes)
    yield from _ordered_whole(facts, changes)


def notices_on(
    alike: Iterable[str], left: Mapping[str, Mapping[StringId, int]], facts: PushFacts
) -> Iterator[str]:
    """Yield what is worth knowing of contents: ALIKE are paths whose files nothing here knows.

    LEFT has, by path, the strings that `left_behind` found.
    """
    for path in alike:
        known = (
            "replaces content that is not from this repository; at least half of its strings are also ours"
        )
        yield f"{path}: {known}"
    if not left:
        return
    strings = sum(len(words) for words in left.values())
    words = sum(sum(words.values()) for words in left.values())
    first = min(left)
    where = first if len(left) == 1 else f"{first} and {len(left) - 1} more"
    enter = "1 string enters" if strings == 1 else f"{strings} strings enter"
    new = "1 word is new" if words == 1 else f"{words} words are new"
    history = "; with whole history (`fetch-depth: 0`) fewer may be" if facts.shallow else ""
    yield f"{where}: {enter} another namespace; {new} (`l10nsync rename OLD NEW` chooses by hand{history})"


def left_behind(
    sent: Sequence[Comparison], changes: Sequence[SourceChange], evidence: NamespaceEvidence
) -> Mapping[str, Mapping[StringId, int]]:
    """Return, by path, the strings (with their words) that leave a namespace and are new where they enter.

    No rule can keep them: a source goes into one namespace as a whole.
    """
    spaces = {change.path: change.namespace for change in changes}
    has: dict[str, set[StringId]] = {}
    for file in (*evidence.files, *evidence.beside):
        has.setdefault(file.namespace, set()).update(file.strings)
    left = {namespace: set(strings) for namespace, strings in has.items()}
    for placed in evidence.placed:
        left.get(placed.namespace, set()).difference_update(placed.strings)
    for comparison in sent:
        left.get(spaces[comparison.source.path], set()).difference_update(comparison.strings)
    gone = set[StringId]().union(*left.values())
    found = {}
    for comparison in sent:
        there = has.get(spaces[comparison.source.path], set())
        moved = (comparison.strings.keys() & gone) - there
        words = {string: comparison.strings[string] for string in moved}
        if words:
            found[comparison.source.path] = words
    return found


def _namespaces_kept(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[str]:
    """Say that a rule of the manifest does not move a file that is on the TMS."""
    rules = {source.path: source for source in facts.sources}
    kept = [change for change in changes if _is_kept_elsewhere(change, rules[change.path])]
    # A file that was renamed keeps the namespace of its earlier path: its rule has not changed.
    by_path = {source.namespace for source in (*facts.sources, *(facts.gone() if kept else ()))}
    kept = [change for change in kept if change.namespace not in by_path]
    if not kept:
        return
    first = kept[0]
    more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
    yield (
        f"{first.path}{more}: keeps namespace {first.namespace!r} that it has on the TMS; the manifest sets"
        f" {rules[first.path].namespace!r} (--accept-namespace-change moves it and makes every string new)"
    )


def _is_kept_elsewhere(change: SourceChange, source: Source) -> bool:
    """Whether a file stays in another namespace than the manifest gives to its path."""
    is_there = change.last_uploaded and change.action in {Action.UPLOAD, Action.KEEP}
    is_decided = change.awaits not in {Awaits.BRANCH, Awaits.COMMIT}
    is_own = not (change.copy_of or source.default_uri)
    return bool(is_there and is_decided and is_own and change.namespace != source.namespace)


def _ordered_whole(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[str]:
    if facts.abilities.orders:
        yield from _not_ordered(changes)
        yield from _ordered_again(changes)


def _not_ordered(changes: Sequence[SourceChange]) -> Iterator[str]:
    """Say what an authorization would order."""
    unasked = [change for change in changes if change.awaits is Awaits.AUTHORIZATION]
    if unasked:
        files = "1 file" if len(unasked) == 1 else f"{len(unasked)} files"
        named = chain.from_iterable(change.locales for change in unasked)
        locales = ", ".join(dict.fromkeys(named))
        words = sum(change.words for change in unasked)
        times = sum(change.words_to_translate for change in unasked)
        yield (
            f"{files} with {words} words would be ordered in {locales} ({times} words × locales);"
            " `job.authorize: true` or --authorize orders them"
        )


def _ordered_again(changes: Sequence[SourceChange]) -> Iterator[str]:
    """Say that a service which does not know strings takes a changed file for a new one."""
    whole = [change for change in changes if change.job and change.brings is Brings.CONTENT]
    if whole:
        files = "1 changed file is" if len(whole) == 1 else f"{len(whole)} changed files are"
        yield f"{files} ordered in full: the service does not distinguish new text from old"
