"""What a push knows before the TMS is asked: its sources, their jobs, and what the user allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from l10nsync import layout
from l10nsync.app.links import Link
from l10nsync.app.repository import Repository
from l10nsync.app.untracked import untracked_notice, untracked_sources
from l10nsync.errors import (
    RepositoryError,
    UsageError,
)
from l10nsync.model import JobSettings, Project, Source, blob_id, file_uris, fold
from l10nsync.plan import (
    PushFacts,
    PushOptions,
)
from l10nsync.plan.jobs import own_jobs


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What a push was asked to do, beyond the manifest."""

    options: PushOptions = field(default_factory=PushOptions)
    worktree: bool = False
    authorize: bool | None = None
    job: str | None = None
    yes: bool = False
    """Authorize more than the manifest's `maxWords` and `maxCost` allow."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri whose namespace it goes into; with any, no other source is sent."""
    base: str | None = None
    """Compare with this revision instead of the TMS (`plan --offline`)."""
    offline: bool = False
    """A revision stands for the TMS: no other push can have been there."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    environ: Mapping[str, str] = field(default_factory=dict)
    carried_out: bool = False
    """The plan is carried out at once: what that takes may be looked for along with the rest."""
    head_of: Callable[[str], str] | None = None
    """Asks the CI's own API for the newest commit of a branch; empty where it does not say."""


def push_facts(
    repository: Repository, links: Mapping[str, Link], request: PushRequest, local: LocalSources
) -> dict[str, PushFacts]:
    """Return what is known before the TMS is asked, by project."""
    words = job_words(repository, request)
    laid = repository.layout.sources
    everything = [with_job(source, repository, request) for source in laid]
    limits = {(job.project, job.template): job.settings for job in own_jobs(everything, words)}
    sources = [
        _with_limits(with_job(source, repository, request), limits)
        for source in repository.sources
        if not request.renames or source.path in request.renames
    ]
    dates = {source.job.due_date for source in sources if source.job.due_date}
    due = {date: due_moment(date, request.now) for date in dates}
    removed = _removed(repository)
    return {
        name: PushFacts(
            sources=_of_project(sources, name),
            blobs=local.blobs,
            words=words,
            contents=local.contents,
            memory=link.cache.sent,
            present=_uris_of(laid),
            everything=_of_project(everything, name),
            filtered=bool(repository.settings.resources or repository.settings.paths),
            removed=removed,
            on_default=bool(request.base) or on_default(repository),
            own_jobs=frozenset(source.job.name for source in laid if "{repo}" in source.job.name),
            forced=request.renames,
            abilities=link.provider.abilities,
            references=_references(repository, link.project),
            options=replace(request.options, yes=request.yes),
            due=due,
        )
        for name, link in links.items()
    }


def _uris_of(sources: Iterable[Source]) -> frozenset[str]:
    """Return the fileUris, folded, that SOURCES have here or on the default branch."""
    return frozenset(fold(uri) for uri in file_uris(sources))


def _of_project(sources: Iterable[Source], name: str) -> tuple[Source, ...]:
    return tuple(source for source in sources if source.project == name)


def _removed(repository: Repository) -> bool:
    """Whether the branch has taken a source away, as a rename does."""
    gone = (repository.tree.changed or frozenset()) - repository.tracked.files.keys()
    tree = replace(repository.tree, files=sorted(gone))
    return bool(gone and layout.lay_out(repository.manifest, tree).sources)


@dataclass(frozen=True, slots=True)
class LocalSources:
    """The sources that a push sends."""

    blobs: Mapping[str, str]
    contents: Mapping[str, bytes | None]
    notices: tuple[str, ...]
    untracked: tuple[str, ...] = ()
    """Those of the notices that are about files that git does not track."""


def local_sources(repository: Repository, request: PushRequest) -> LocalSources:
    """Return the sources as HEAD has them, or as the work tree would be committed."""
    workspace = repository.workspace
    paths = [source.path for source in repository.sources]
    others = untracked_sources(repository)
    untracked = (untracked_notice(others),) if others else ()
    if request.worktree:
        found = workspace.worktree_blobs(paths)
        example = workspace.commit()
        ids = {path: blob_id(content, example) for path, content in found.items()}
        left_out = repository.tracked.left_out - found.keys()
        ids |= {path: repository.tracked.files[path] for path in paths if path in left_out}
        return LocalSources(
            ids, {ids[path]: content for path, content in found.items()}, untracked, untracked
        )
    if not workspace.commit():
        raise RepositoryError(
            "there are no commits yet", hint="Commit the sources; push sends what is in HEAD."
        )
    head = workspace.tree()
    edited = workspace.uncommitted()
    notices = tuple(
        f"{path}: uncommitted changes are not sent (commit them, or use --worktree)"
        for path in paths
        if path in edited
    )
    return LocalSources(
        {path: head[path] for path in paths if path in head}, {}, (*notices, *untracked), untracked
    )


def holds_back(repository: Repository, request: PushRequest) -> bool:
    """Whether the event that started us must not spend money: anybody can open a pull request."""
    return request.authorize is None and repository.pull_request is not None


def _references(repository: Repository, project: Project) -> tuple[tuple[str, str], ...]:
    """Return path and blob id of the files that go along with the project's orders."""
    folder = repository.manifest.folder
    sent_along = project.settings.sent_along() if project.settings else ()
    paths = [f"{folder}/{path}" if folder else path for path in sent_along]
    missing = [path for path in paths if path not in repository.tracked.files]
    if missing:
        raise UsageError(
            f"project {project.name!r}: the reference {missing[0]} is not a tracked file",
            hint="`references` names files of the repository; commit it, or correct its path.",
        )
    return tuple((path, repository.tracked.files[path]) for path in paths)


def with_job(source: Source, repository: Repository, request: PushRequest) -> Source:
    """Return SOURCE with its job as the command line wants it."""
    job = source.job
    if request.authorize is not None:
        job = replace(job, authorize=request.authorize)
    elif holds_back(repository, request):
        job = replace(job, authorize=False)
    if repository.limits and not request.yes:
        job = repository.limits.held(source.resource, job, named=request.job is not None)
    if request.job is not None:
        job = replace(job, name=request.job)
    if request.yes:
        job = replace(job, max_words=None, max_cost="")
    return replace(source, job=job)


def _with_limits(source: Source, limits: Mapping[tuple[str, str], JobSettings]) -> Source:
    """Return SOURCE with the limits of its whole job; a filter may have left out the strictest."""
    whole = limits.get((source.project, source.job.name))
    if whole is None:
        return source
    return replace(source, job=replace(source.job, max_words=whole.max_words, max_cost=whole.max_cost))


def job_words(repository: Repository, request: PushRequest) -> Mapping[str, str]:
    """Return the values of the placeholders of job names."""
    workspace = repository.workspace
    commit = workspace.commit()[:10]
    return {
        "repo": workspace.name(),
        "branch": repository.branch.name or commit,
        "sha": commit,
        "date": request.now.strftime("%Y-%m-%d"),
        "user": request.environ.get("GITHUB_ACTOR") or workspace.user(),
        "pr": repository.pull_request.number if repository.pull_request else "",
    }


_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def due_moment(text: str, now: datetime) -> str:
    """Return the moment that a `dueDate` means, in UTC; `+5d`, `+12h` and `+2w` count from NOW."""
    if not text:
        return ""
    try:
        if text.startswith("+"):
            moment = now + int(text[1:-1]) * _UNITS[text[-1]]
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, KeyError, OverflowError):
        raise UsageError(
            f"`dueDate: {text}` is not a date", hint="Write +5d, 2026-12-24 or 2026-12-24T12:00:00Z."
        ) from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def on_default(repository: Repository) -> bool:
    """Whether this run works for the default branch."""
    return repository.branch.name == repository.manifest.default_branch and not repository.branch.fork
