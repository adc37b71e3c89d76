"""A pull: prepare it, downloading what it takes to decide; carry it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from l10nsync import formats
from l10nsync.app import execute, on_disk
from l10nsync.app.brought import pull_trailer
from l10nsync.app.links import Link, attributed, committed, observe, requests, require_progress
from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, LocalIOError, ServiceError, UsageError
from l10nsync.formats import Finding
from l10nsync.lazy import Lazy
from l10nsync.model import (
    Fetched,
    Incomplete,
    Question,
    RemoteState,
    RetrievalType,
    Source,
    Threshold,
    Wanted,
    Written,
    fold,
    target_paths,
)
from l10nsync.plan import (
    Action,
    Change,
    Difference,
    LocalTarget,
    Plan,
    PullFacts,
    Reason,
    Report,
    TargetChange,
    Wants,
    merge,
    plan_pull,
)
from l10nsync.workspace import Workspace, merge_base
from l10nsync.workspace.editions import beside, editions
from l10nsync.workspace.targets import Targets

OVERLAP = timedelta(minutes=5)
"""How far a pull looks back beyond the last one: publish dates have whole seconds and clocks differ."""
RESOLUTION = timedelta(seconds=2)
"""How near to the server's present a publish date may still be given to a later publication."""
WINDOW = timedelta(days=13, hours=12)
"""A cursor older than this is not trusted: the service looks back 14 days."""


@dataclass(frozen=True, slots=True)
class PullOptions:
    """What a pull was asked to do, beyond the manifest."""

    force: bool = False
    retrieval_type: RetrievalType | None = None
    incomplete: Incomplete | None = None
    min_completion: Mapping[str, int] = field(default_factory=dict)
    """Locale to percent, laid over the manifest's; empty for all locales, instead of the manifest's."""
    from_main: bool = False
    """Translate sources that this branch has not sent with the strings of the default branch's files."""


@dataclass(frozen=True)
class PreparedPull:
    """A pull, ready to be carried out."""

    plan: Plan
    contents: Lazy[str, bytes]
    """Target path to the bytes to write, or to those that were held back."""
    cursors: Mapping[str, str]
    """Project name to where the next pull starts; absent where it must start where this one did."""
    targets: Targets
    """The targets as they were when the plan was made, and what git's attributes say of them."""


def prepare_pull(
    repository: Repository,
    links: Mapping[str, Link],
    request: PullOptions,
    known: Mapping[str, RemoteState] | None = None,
) -> PreparedPull:
    """Make the plan of a pull, downloading what it takes to decide; writes nothing.

    KNOWN is what this run has learned already, by project.
    """
    sources = [_with_pull(source, request) for source in repository.sources]
    targets = targets_of(repository, sources)
    local = local_targets(repository, targets)
    plans: list[Plan] = []
    contents: Lazy[str, bytes] = Lazy()
    cursors: dict[str, str] = {}
    for name, link in links.items():
        waiting = on_disk.Waiting()
        facts = PullFacts(
            sources=tuple(source for source in sources if source.project == name),
            blobs=repository.tracked.files,
            contents=waiting.contents,
            fetched=waiting.answers,
            local=local,
            memory=link.cache.written,
            cursor=link.cache.cursor,
            remote=(known or {}).get(name, RemoteState()),
            force=request.force,
            deepest=not repository.workspace.is_shallow(),
            shows_originals=not link.provider.abilities.orders,
        )
        if request.from_main:
            facts = _from_main(repository, link, facts, waiting)
        facts, (plan, found) = _learn(repository, link, facts, waiting)
        plans.append(plan)
        contents |= found
        if not repository.filtered and facts.remote.server_time:
            cursors[name] = shifted(facts.remote.server_time, -OVERLAP)
    plan = merge(plans) if plans else Plan("pull")
    changes = tuple(_with_attributes(change, targets, contents) for change in plan.changes)
    return PreparedPull(replace(plan, changes=changes), contents, cursors, targets)


def _with_attributes(change: Change, targets: Targets, contents: Mapping[str, bytes]) -> Change:
    """Return CHANGE, held back where git's attributes do not let its content be written."""
    if not isinstance(change, TargetChange) or change.action is not Action.WRITE:
        return change
    try:
        targets.checked_out(change.path, contents[change.path])
    except ContentError as error:
        finding = Finding("encoding", "error", error.message)
        return replace(
            change,
            action=Action.HOLD,
            reason=Reason.INVALID,
            detail=error.message,
            digest="",
            findings=(finding,),
            remember=None,
        )
    return change


def _from_main(repository: Repository, link: Link, facts: PullFacts, waiting: on_disk.Waiting) -> PullFacts:
    """Let the default branch's files stand for those that this branch has not sent; nothing is stored."""
    default = repository.manifest.default_branch
    if repository.branch.name == default:
        raise UsageError(f"--from-main is for branches; this is {default!r} itself")
    if not link.provider.abilities.matching:
        raise UsageError("this service translates no file that is not stored", hint="Push the branch first.")
    facts = replace(facts, remote=observe(link, facts.remote, Question(files=True)))
    stand_ins = _stand_ins(repository, facts)
    blobs = {path: facts.blobs[path] for path in stand_ins}
    on_disk.take_blobs(repository.workspace, waiting.contents, set(blobs.values()))
    contents = {path: waiting.contents[blob] for path, blob in blobs.items()}
    return replace(
        facts,
        sources=tuple(stand_ins.get(source.path, source) for source in facts.sources),
        posted={path: content for path, content in contents.items() if content is not None},
    )


def _stand_ins(repository: Repository, facts: PullFacts) -> dict[str, Source]:
    """Return, by path, the sources that the default branch's files translate, with the fileUris of these."""
    found = merge_base.find(repository.workspace, repository.manifest.default_branch, repository.ci_hints)
    changed = merge_base.changed(repository.workspace, found) if found else None
    files = facts.files

    def is_unsent(source: Source) -> bool:
        """Whether the TMS lacks what the branch has; one without files of its own is compared by git."""
        if source.default_uri:
            return fold(source.file_uri) not in files
        return changed is None or source.path in changed

    unsent = [source for source in facts.sources if source.path in facts.blobs and is_unsent(source)]
    theirs = {source.path: source.default_uri or source.file_uri for source in unsent}
    return {
        source.path: replace(source, file_uri=theirs[source.path], default_uri="")
        for source in unsent
        if fold(theirs[source.path]) in files
    }


def _learn(
    repository: Repository, link: Link, facts: PullFacts, waiting: on_disk.Waiting
) -> tuple[PullFacts, tuple[Plan, Lazy[str, bytes]]]:
    """Ask the provider and git until the planner can decide."""
    before = Wants()
    while isinstance(found := plan_pull(facts, waiting.decided), Wants):
        require_progress(before, found)
        before = found
        if found.question:
            listed = facts.remote.files
            facts = _with_moments(replace(facts, remote=observe(link, facts.remote, found.question)))
            if listed is not None and facts.remote.files is not listed:
                waiting.decided.clear()  # a file that is gone by now is another decision
        if found.pairs:
            waiting.answers.update(fetch(link, found.pairs))
        on_disk.take_blobs(repository.workspace, waiting.contents, found.blobs)
        facts = _from_git(repository, facts, found)
    return facts, found


def _with_moments(facts: PullFacts) -> PullFacts:
    """Return FACTS with what the server's clock, known since the first answer, says of the times in them."""
    now = facts.remote.server_time
    if facts.cursor != "window" and now and facts.cursor and facts.cursor < shifted(now, -WINDOW):
        # The service no longer lists all that was published since: it is asked for all that it does.
        remote = replace(facts.remote, published=None)
        return replace(facts, cursor="window", stale=facts.cursor, remote=remote)
    since = facts.cursor if facts.cursor != "window" else ""
    since = since or (shifted(now, -WINDOW) if now else "")
    return replace(facts, since=since, settled=shifted(now, -RESOLUTION) if now else "")


def _from_git(repository: Repository, facts: PullFacts, wants: Wants) -> PullFacts:
    """Return FACTS with what git knows of what the planner wants."""
    workspace = repository.workspace
    if wants.editions:
        facts = replace(facts, editions={**facts.editions, **editions(workspace, wants.editions)})
    if wants.beside:
        facts = replace(facts, beside={**facts.beside, **beside(workspace, wants.beside)})
    if wants.deeper:
        facts = _deeper(workspace, facts)
    if wants.past:
        facts = replace(facts, past={**facts.past, **workspace.history(wants.past)})
    return replace(facts, committed=committed(workspace, facts.committed, wants))


def _deeper(workspace: Workspace, facts: PullFacts) -> PullFacts:
    """Return FACTS with older history, or with the knowledge that there is none."""
    times = facts.deepened + 1
    if not merge_base.deepen(workspace, facts.deepened):
        return replace(facts, deepened=times, deepest=True)
    known = editions(workspace, facts.editions.keys())
    return replace(facts, deepened=times, editions=known, deepest=not workspace.is_shallow())


def fetch(link: Link, pairs: frozenset[Wanted]) -> Iterator[tuple[Wanted, Fetched]]:
    """Yield what came for each of PAIRS, as it comes; what did not come has an error."""
    ordered = sorted(pairs, key=lambda pair: (pair.uri, pair.locale))
    lacking = dict.fromkeys(ordered)
    with attributed(link):
        for answer in link.provider.fetch(ordered):
            if answer.wanted in pairs:
                lacking.pop(answer.wanted, None)
                yield answer.wanted, answer
    missing = ServiceError("the service did not answer for this file")
    yield from ((pair, Fetched(pair, error=missing)) for pair in lacking)


def shifted(moment: str, by: timedelta) -> str:
    """Return an ISO time moved by BY, in UTC with whole seconds."""
    return (datetime.fromisoformat(moment) + by).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _with_pull(source: Source, request: PullOptions) -> Source:
    pull = source.pull
    if request.retrieval_type is not None:
        pull = replace(pull, retrieval_type=request.retrieval_type)
    if request.incomplete is not None:
        pull = replace(pull, incomplete=request.incomplete)
    if request.min_completion:
        usual = Threshold() if "" in request.min_completion else pull.min_completion
        thresholds = {**usual.locales, **request.min_completion}
        pull = replace(pull, min_completion=Threshold(thresholds.pop("", usual.percent), thresholds))
    return replace(source, pull=pull)


def targets_of(repository: Repository, sources: Iterable[Source]) -> Targets:
    """Return the targets of SOURCES as git sees them."""
    paths = target_paths(sources)
    return Targets(repository.workspace, repository.tracked, paths)


def local_targets(repository: Repository, targets: Targets) -> Mapping[str, LocalTarget]:
    """Read the targets that are there, and see which of them hold uncommitted changes."""
    edited = repository.workspace.uncommitted()
    found = on_disk.targets()
    for path, target in targets.each():
        uncommitted = not target.absent and (path in edited or path not in repository.tracked.files)
        digest = hashlib.sha256(target.content).hexdigest()
        found[path] = LocalTarget(target.content, digest, uncommitted, target.absent)
    found.update((path, LocalTarget(b"", "", unreadable=why)) for path, why in targets.unreadable.items())
    return found


def keep_invalid(repository: Repository, prepared: PreparedPull, folder: Path) -> tuple[str, ...]:
    """Store below FOLDER what the plan holds back; return the targets' paths.

    Raises `UsageError` for a folder where that would replace a file of the repository.
    """
    check_keep_folder(repository, folder)
    if not prepared.plan.held and not any(change.action is Action.HOLD for change in prepared.plan.changes):
        return ()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalIOError(f"cannot make the folder {folder}: {error.strerror}") from error
    return execute.keep_invalid(prepared.plan, prepared.contents, folder)


def check_keep_folder(repository: Repository, folder: Path) -> None:
    """Raise `UsageError` if files kept below FOLDER could replace files of the repository."""
    root, place = repository.workspace.root.resolve(), folder.resolve()
    tracked = repository.tracked.files.keys() | set(target_paths(repository.layout.sources))
    if place == root or (repository.workspace.git_dir.resolve() in (place, *place.parents)):
        raise UsageError(f"{folder} is the repository itself", hint="Name a folder of its own.")
    if place.is_relative_to(root):
        inside = f"{place.relative_to(root).as_posix()}/"
        if any(path.startswith(inside) for path in tracked):
            raise UsageError(f"{folder} holds files of the repository", hint="Name a folder of its own.")


def differences(repository: Repository, prepared: PreparedPull) -> tuple[Difference, ...]:
    """Return what the writes of the plan change, as texts; both are None if it is not text."""
    types = {source.path: (source.file_type, source.charset) for source in repository.sources}
    there = prepared.targets.files()
    found: list[Difference] = []
    for change in prepared.plan.changes:
        if not isinstance(change, TargetChange) or change.action is not Action.WRITE:
            continue
        file_type, charset = types[change.source]
        old = there[change.path].content if change.path in there else None
        texts = [
            "" if content is None else formats.decode(content, file_type, charset)
            for content in (old, prepared.contents[change.path])
        ]
        found.append(Difference(change.path, old is None, *texts))
    return tuple(found)


def carry_out_pull(
    repository: Repository,
    links: Mapping[str, Link],
    prepared: PreparedPull,
    *,
    watch: execute.Watch = lambda _change, _state: None,
) -> Report:
    """Write what the plan says, and remember what was found."""
    report = execute.pull(prepared.plan, prepared.targets, prepared.contents, watch=watch)
    for name, link in links.items():
        others = _records_of_others(link, name, report) if repository.filtered else {}
        # A record left out here is downloaded again by the next pull: nothing that was published is missed.
        link.cache.written = {**others, **_records(name, report, link.cache.written)}
        link.cache.cursor = prepared.cursors.get(name, link.cache.cursor)
        link.cache.save()
    done = [result.change.path for result in report.results if result.status == "done"]
    made = Lazy({path: partial(prepared.contents.__getitem__, path) for path in done})
    return replace(report, requests=requests(links), trailer=pull_trailer(repository, made))


def _records(project: str, report: Report, before: Mapping[str, Written]) -> dict[str, Written]:
    """Return what a later pull may rely on, by target; BEFORE is what this one relied on."""
    failed = {result.change.path for result in report.failed}
    records: dict[str, Written] = {}
    for change in _targets_of(project, report):
        earlier = before.get(change.path)
        if change.remember and change.path not in failed:
            records[change.path] = change.remember
        elif earlier:
            records[change.path] = earlier.outlived()
    return records


def _records_of_others(link: Link, project: str, report: Report) -> dict[str, Written]:
    """Return the records of targets that this run was not about."""
    mine = {change.path for change in _targets_of(project, report)}
    return {path: entry for path, entry in link.cache.written.items() if path not in mine}


def _targets_of(project: str, report: Report) -> list[TargetChange]:
    changes = report.plan.changes
    return [change for change in changes if isinstance(change, TargetChange) and change.project == project]
