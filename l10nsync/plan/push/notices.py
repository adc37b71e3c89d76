"""What a push's plan says beside its changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.values import Action, Reason, SourceChange


def notices_of(facts: PushFacts, changes: Sequence[SourceChange], alike: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each thing that is worth knowing before the plan is carried out."""
    for path in alike:
        known = "replaces a content that nothing here knows; at least half of its strings are also ours"
        yield f"{path}: {known}"
    yield from _namespaces_kept(facts, changes)
    yield from _ordered_whole(facts, changes)


def _namespaces_kept(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[str]:
    """Say that a rule of the manifest does not move a file that is on the TMS."""
    rules = {source.path: source for source in facts.sources}
    kept = [
        change
        for change in changes
        if change.action in {Action.UPLOAD, Action.KEEP}
        and change.last_uploaded
        and not change.copy_of
        and change.reason not in {Reason.NOT_PUSHED_HERE, Reason.NOT_COMMITTED}
        and change.namespace != rules[change.path].namespace
        and not rules[change.path].default_uri
    ]
    # A file that was renamed keeps the namespace of its earlier path: that is no rule that changed.
    by_path = {source.namespace for source in (*facts.sources, *(facts.gone() if kept else ()))}
    kept = [change for change in kept if change.namespace not in by_path]
    if not kept:
        return
    first = kept[0]
    more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
    yield (
        f"{first.path}{more}: keeps namespace {first.namespace!r} that it has on the TMS; the manifest says"
        f" {rules[first.path].namespace!r} (--accept-namespace-change moves it and makes every string new)"
    )


def _ordered_whole(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[str]:
    if not facts.abilities.orders:
        return
    unasked = [change for change in changes if change.reason is Reason.NOT_AUTHORIZED]
    if unasked:
        files = "1 file" if len(unasked) == 1 else f"{len(unasked)} files"
        named = (locale for change in unasked for locale in change.locales)
        locales = ", ".join(dict.fromkeys(named))
        words = sum(change.words for change in unasked)
        times = sum(change.words_to_translate for change in unasked)
        yield (
            f"{files} with {words} words would be ordered in {locales} ({times} words × locales);"
            " `job.authorize: true` or --authorize orders them"
        )
    whole = [change for change in changes if change.job and change.reason is Reason.CONTENT_CHANGED]
    if whole:
        files = "1 changed file is" if len(whole) == 1 else f"{len(whole)} changed files are"
        yield f"{files} ordered whole: the service does not tell new text from old"
