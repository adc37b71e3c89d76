"""What a push does with every source, and what must be known to decide it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from l10nsync.model import Question, fold
from l10nsync.plan.job_plans import job_plan, jobs_of, left_waiting
from l10nsync.plan.open_jobs import OpenJobs, wanted_of_jobs, wants_own
from l10nsync.plan.ownership import Verdict
from l10nsync.plan.push_facts import PushFacts, jobs_known, project_of, strangers_of
from l10nsync.plan.push_renames import Renames, find_renames
from l10nsync.plan.renames import base_of
from l10nsync.plan.source_judge import SourceJudge
from l10nsync.plan.values import (
    Action,
    Backlog,
    Orphan,
    Plan,
    Reason,
    RenamePlan,
    SourceChange,
    Wants,
    contents_of,
)


def wants_push(facts: PushFacts) -> Wants:
    """Return what `plan_push` still has to know; ask again after it was answered."""
    if facts.remote.files is None:
        contents = contents_of(facts.sources, facts.blobs)
        asked = Question(project=True, files=True, contents=contents)
        return Wants(replace(asked, open_jobs="listed") if facts.abilities.jobs else asked)
    if wanted := wanted_of_jobs(facts):
        return Wants(wanted)
    if facts.past is None and strangers_of(facts):
        return Wants(gone=True)
    renames = find_renames(facts)
    judges = [
        SourceJudge(facts, source, renames)
        for source in facts.sources
        if source.push and source.path in facts.blobs
    ]
    originals = frozenset(judge.uri for judge in judges if judge.wants_original()) | renames.helpful
    originals |= frozenset(each.uri for judge in judges for each in judge.unread() if not each.blob)
    originals |= frozenset(uri for judge in judges for uri in judge.wants_in_the_way())
    originals |= frozenset(judge.shared for judge in judges if judge.wants_shared())
    statuses = frozenset(uri for judge in judges for uri in judge.wants_statuses())
    jobs = frozenset(uri for judge in judges for uri in judge.wants_jobs())
    blobs = renames.blobs.union(*(judge.wants_blobs() for judge in judges))
    wants = Wants(Question(originals=originals, statuses=statuses, jobs=jobs), blobs)
    strangers = frozenset(each.uri for each in strangers_of(facts))
    if not wants and strangers and facts.elsewhere is None and any(each.is_alone() for each in judges):
        return Wants(elsewhere=strangers)
    if not wants and facts.lineages is None and _wants_lineages(renames, judges):
        doubtful = (each for each in judges if each.is_new() or each.wants_lineage() or each.may_be_another())
        return Wants(lineages=frozenset(each.source.path for each in doubtful), gone=facts.past is None)
    if not wants and (held := frozenset(pair for judge in judges for pair in judge.wants_held())):
        return Wants(Question(held=held))
    if not wants and wants_own(facts):
        return Wants(own=True)
    return wants or _wants_ownership(facts, judges)


def _wants_ownership(facts: PushFacts, judges: Sequence[SourceJudge]) -> Wants:
    """Return what has to be known to tell whose content would be replaced."""
    if facts.origins is None:
        return Wants()
    rivals = {judge.replaced_uri: rival for judge in judges if (rival := judge.rival()) is not None}
    if unasked := frozenset(rivals.values()) - facts.origins.keys():
        return Wants(rivals=unasked)
    verdicts = {judge.replaced_uri: judge.verdict() for judge in judges if judge.replaced_uri in rivals}
    histories = frozenset(rivals[uri] for uri, each in verdicts.items() if each is Verdict.ASK_HISTORY)
    if histories:
        return Wants(histories=histories)
    holders = frozenset(uri for uri, each in verdicts.items() if each is Verdict.ASK_JOBS)
    return Wants(Question(holders=holders))


def _wants_lineages(renames: Renames, judges: Sequence[SourceJudge]) -> bool:
    """Whether history may tell another story than paths do.

    Where a file took the path of another one there is a second sign: its own path is taken as well or gone,
    or the other one is new elsewhere. On a branch the other one may not take part: there it is enough that
    a new file has little in common with the one that it would share a namespace with.
    """
    if any(judge.wants_lineage() or judge.is_unlike_shared() for judge in judges):
        return True
    taken = sum(judge.may_be_another() for judge in judges)
    new = sum(judge.is_alone() for judge in judges)
    return bool(taken) and (taken + new > 1 or renames.has_gone)


def plan_push(facts: PushFacts) -> Plan:
    """Return what a push of one project does; every want of `wants_push` must have been answered."""
    renames, changes = _judged(facts)
    jobs = jobs_of(facts, changes)
    names = {source.path: name for name, sources in jobs.items() for source in sources}
    changes = [
        replace(each, job=names[each.path]) if each.action is Action.UPLOAD else each for each in changes
    ]
    sending = {change.job for change in changes}
    plans = [job_plan(facts, name, sources, changes) for name, sources in jobs.items() if name in sending]
    backlog: list[Backlog] = []
    if jobs_known(facts):
        opened = OpenJobs(facts, renames, changes)
        plans, backlog, notices = opened.plans(plans), opened.backlog(), opened.notices()
    else:
        resumed, notices = left_waiting(facts, jobs, {plan.request.name for plan in plans})
        plans += resumed
    return Plan(
        "push",
        tuple(sorted(changes, key=lambda each: (each.project, each.path))),
        tuple(sorted(plans, key=lambda each: each.request.name)),
        _orphans(facts, renames),
        tuple(
            sorted(
                [
                    *_namespace_notices(facts, renames, changes),
                    *_order_notices(facts, changes),
                    *_alike_notices(facts, renames, changes),
                    *_rename_notices(facts, renames, changes),
                    *notices,
                ]
            )
        ),
        renames=tuple(RenamePlan(project_of(facts), each.old, each.new, each.path) for each in renames.moves),
        backlog=tuple(backlog),
    )


def _judged(facts: PushFacts) -> tuple[Renames, list[SourceChange]]:
    """Return the renames and the changes; a source that cannot be sent takes no part in renames."""
    renames = find_renames(facts)
    changes = [SourceJudge(facts, source, renames).change() for source in facts.sources]
    idle = frozenset(each.path for each in changes if each.path in renames.old and each.action is Action.KEEP)
    if without := idle | _not_renamed(facts, renames, changes):
        renames = find_renames(facts, without)
        changes = [SourceJudge(facts, source, renames).change() for source in facts.sources]
    blocked = [each.path for each in changes if each.path in renames.old and each.action is Action.BLOCK]
    if blocked:
        detail = f"it waits for {blocked[0]}, whose rename is blocked"
        changes = [
            replace(each, action=Action.BLOCK, detail=detail)
            if each.path not in blocked and _waits(each, renames)
            else each
            for each in changes
        ]
        renames = replace(renames, moves=())
    return renames, changes


def _not_renamed(facts: PushFacts, renames: Renames, changes: Sequence[SourceChange]) -> frozenset[str]:
    """Return the sources whose earlier path is somebody else's file on the TMS: they are new there."""
    files = facts.remote.files or {}
    return frozenset(
        change.path
        for change in changes
        if change.reason is Reason.COLLISION and change.path in renames.old and fold(change.uri) not in files
    )


def _waits(change: SourceChange, renames: Renames) -> bool:
    """Whether a change cannot go on without the renames: its file moves, or another makes way for it."""
    return change.path in renames.old or (
        change.action is Action.UPLOAD and fold(change.uri) in renames.vacated
    )


def _orphans(facts: PushFacts, renames: Renames) -> tuple[Orphan, ...]:
    """Return files that are on the TMS and in this repository's past, but not in its present."""
    present = {fold(source.file_uri) for source in facts.sources} | {
        fold(source.default_uri) for source in facts.sources
    }
    past = {fold(each.file_uri) for each in facts.past or () if each.project == project_of(facts)}
    known = past - present - facts.present
    moved = {fold(each.old) for each in renames.moves}
    aside = {fold(each.new): each.new for each in renames.moves if not each.path}
    found = {
        key: listed.uri
        for key, listed in (facts.remote.files or {}).items()
        if key not in moved and (key in known or (base_of(key) != key and base_of(key) in past | present))
    } | aside
    return tuple(Orphan(project_of(facts), found[key]) for key in sorted(found))


def _rename_notices(facts: PushFacts, renames: Renames, changes: Sequence[SourceChange]) -> Iterable[str]:
    """Say which files begin anew because the service renames none."""
    for change in changes:
        old = renames.shares.get(change.path)
        if old and change.action is Action.UPLOAD and not facts.abilities.rename:
            yield f"{change.path}: was {old}, but this service renames no files: it is sent as a new one"


def _namespace_notices(facts: PushFacts, renames: Renames, changes: Sequence[SourceChange]) -> Iterable[str]:
    rules = {source.path: source for source in facts.sources}
    kept = [
        change
        for change in changes
        if change.reason not in {Reason.NOT_PUSHED_HERE, Reason.NOT_COMMITTED, Reason.RENAMED}
        and change.namespace != rules[change.path].namespace
        and not (rules[change.path].default_uri or change.path in renames.shares)
        and not (change.reason is Reason.NEW and facts.elsewhere)
    ]
    if kept:
        first = kept[0]
        more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
        yield (
            f"{first.path}{more}: keeps namespace {first.namespace!r} that it has on the TMS; the manifest"
            f" says {rules[first.path].namespace!r} (--accept-namespace-change moves it and makes every"
            " string new)"
        )


def _alike_notices(facts: PushFacts, renames: Renames, changes: Sequence[SourceChange]) -> Iterable[str]:
    sent = {each.path for each in changes if each.action is Action.UPLOAD}
    for source in (source for source in facts.sources if source.path in sent):
        judge = SourceJudge(facts, source, renames)
        if judge.verdict() is Verdict.ALIKE and judge.is_told():
            yield (
                f"{source.path}: replaces a content that nothing here knows; at least half of its strings are"
                " also ours"
            )


def _order_notices(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterable[str]:
    unasked = [each for each in changes if each.reason is Reason.NOT_AUTHORIZED]
    if unasked:
        files = "1 file" if len(unasked) == 1 else f"{len(unasked)} files"
        locales = ", ".join(dict.fromkeys(locale for each in unasked for locale in each.locales))
        words, times = (sum(each.words for each in unasked), sum(each.words_to_translate for each in unasked))
        yield (
            f"{files} with {words} words would be ordered in {locales} ({times} words × locales);"
            " `job.authorize: true` or --authorize orders them"
        )
    whole = [each for each in changes if each.job and each.reason is Reason.CONTENT_CHANGED]
    if facts.abilities.orders and whole:
        files = "1 changed file is" if len(whole) == 1 else f"{len(whole)} changed files are"
        yield f"{files} ordered whole: the service does not tell new text from old"
