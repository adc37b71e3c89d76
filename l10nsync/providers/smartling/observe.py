"""Answering what a planner asks of a project, with as few requests as the service allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from l10nsync.model import (
    FileStatus,
    JobState,
    ListedJob,
    OpenJob,
    PublicationKey,
    Question,
    RemoteState,
    fold,
)
from l10nsync.providers.smartling import contexts, costs, issues, jobs, lookups
from l10nsync.providers.smartling.api import (
    JOBS_PAGE,
    OPEN_JOB,
    SEARCH_JOBS,
    SEARCH_URIS,
    SmartlingApi,
    absent_as_none,
)
from l10nsync.providers.smartling.changes import custom_fields
from l10nsync.providers.smartling.contents import content
from l10nsync.providers.smartling.delete import is_used
from l10nsync.providers.smartling.glossaries import glossary_tbx
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.submit.job import searched
from l10nsync.providers.workers import gather

WINDOW = timedelta(days=14)
"""How far back the service knows what was published."""
INSIDE = timedelta(minutes=1)
"""How much less we ask for, so that a slow request is not outside."""

_Observation = Callable[[], RemoteState]


def observe(
    api: SmartlingApi, question: Question, jobs_by_name: dict[str, list[ListedJob]] | None = None
) -> RemoteState:
    """Answer QUESTION; independent requests go at once.

    JOBS_BY_NAME gets the jobs that are looked for along with that.
    """
    parts = list(_parts(api, question))
    if jobs_by_name is not None:
        parts += [_named(api, name, jobs_by_name) for name in sorted(question.filled)]
    state = RemoteState()
    for part in gather(lambda ask: ask(), parts, api.client.threads):
        state = state | part
    return state | RemoteState(server_time=api.client.server_time)


def _parts(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    yield from _of_project(api, question)
    yield from _of_jobs(api, question)
    yield from _of_files(api, question)
    yield from _of_issues(api, question)
    yield from (_glossary(api, name) for name in sorted(question.glossaries))
    yield from _of_contexts(api, question)


def _of_project(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    if question.project:
        yield lambda: RemoteState(project=api.details())
    if question.files:
        yield lambda: RemoteState(files=api.list_files())
    if question.published_since:
        yield lambda: _published(api, question.published_since)


def _of_jobs(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    if question.jobs:
        yield lambda: _jobs(api, question.jobs)
    if question.job_names:
        yield lambda: RemoteState(job_list=_listed(api, question.job_names))
    if question.open_jobs:
        yield lambda: _open_jobs(api, content=question.open_jobs == "with content")
    yield from (_details(api, uid) for uid in sorted(question.job_details))
    if question.jobs_of:
        yield lambda: _jobs_of(api, question.jobs_of)
    yield from (_content(api, uid) for uid in sorted(question.job_contents))
    ended = sorted(question.job_states)
    yield from (_states(api, ended[at : at + JOBS_PAGE]) for at in range(0, len(ended), JOBS_PAGE))
    yield from (_fields(api, uid) for uid in sorted(question.job_fields))
    yield from (_used(api, uid) for uid in sorted(question.used_jobs))
    yield from (_held(api, uid, uri) for uid, uri in sorted(question.held))
    yield from (_holders(api, uri) for uri in sorted(question.holders))
    yield from (_cost(api, uid) for uid in sorted(question.job_costs))


def _of_files(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    yield from (_modified(api, uri, question.modified_since) for uri in sorted(question.modified))
    yield from (_translated(api, pair) for pair in sorted(question.translated))
    yield from (_original(api, uri) for uri in sorted(question.originals))
    yield from (_status(api, uri) for uri in sorted(question.statuses))
    yield from (_strings(api, uri) for uri in sorted(question.strings_of))
    if question.string_stages:
        yield lambda: lookups.stages(api, question.string_stages)


def _of_issues(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    if question.issues:
        yield lambda: RemoteState(issues=issues.issues(api, question.issues))
    if question.asked_strings:
        yield lambda: RemoteState(asked_strings=issues.strings(api, question.asked_strings))
    yield from (_comments(api, uid) for uid in sorted(question.issue_comments))


def _of_contexts(api: SmartlingApi, question: Question) -> Iterator[_Observation]:
    if question.contexts:
        yield lambda: RemoteState(contexts=contexts.listed(api, question.contexts))
    yield from (_bindings(api, uri) for uri in sorted(question.bindings))


def _original(api: SmartlingApi, uri: str) -> _Observation:
    def ask() -> RemoteState:
        content = api.original(uri)
        return RemoteState(originals={} if content is None else {fold(uri): content})

    return ask


def _status(api: SmartlingApi, uri: str) -> _Observation:
    def ask() -> RemoteState:
        status: FileStatus | None = api.status(uri)
        return RemoteState(statuses={} if status is None else {fold(uri): status})

    return ask


def _glossary(api: SmartlingApi, name: str) -> _Observation:
    def ask() -> RemoteState:
        found = glossary_tbx(api, name)
        return RemoteState(glossaries={} if found is None else {name: found})

    return ask


def _strings(api: SmartlingApi, uri: str) -> _Observation:
    return lambda: RemoteState(strings_of={fold(uri): lookups.strings_of(api, uri)})


def _content(api: SmartlingApi, uid: str) -> _Observation:
    return lambda: RemoteState(job_contents={uid: content(api, uid)})


def _states(api: SmartlingApi, uids: Sequence[str]) -> _Observation:
    def ask() -> RemoteState:
        found = {job.uid: job.status for job in api.jobs_by_uid(uids)}
        return RemoteState(job_states={uid: found.get(uid, JobState.DELETED) for uid in uids})

    return ask


def _fields(api: SmartlingApi, uid: str) -> _Observation:
    def ask() -> RemoteState:
        found = absent_as_none(lambda: api.job_record(uid))
        return RemoteState(job_fields={uid: custom_fields(found or {})})

    return ask


def _used(api: SmartlingApi, uid: str) -> _Observation:
    return lambda: RemoteState(used_jobs={uid: is_used(api, uid)})


def _held(api: SmartlingApi, uid: str, uri: str) -> _Observation:
    return lambda: RemoteState(held={(uid, uri): api.holds_strings_of(uid, uri)})


def _holders(api: SmartlingApi, uri: str) -> _Observation:
    return lambda: RemoteState(holders={fold(uri): tuple(job.name for job in api.jobs_with([uri]))})


def _listed(api: SmartlingApi, names: frozenset[str]) -> tuple[ListedJob, ...]:
    """Return the jobs whose names begin with one of NAMES, each once."""
    asked = {""} if "" in names else {name for name in names if not _begins(name, names - {name})}
    found = gather(api.jobs_like, sorted(asked), api.client.threads)
    rows = {job.uid: job for job in chain.from_iterable(found) if _begins(job.name, names)}
    return tuple(sorted(rows.values(), key=lambda job: (job.created, job.uid)))


def _begins(name: str, beginnings: Iterable[str]) -> bool:
    return any(name.startswith(beginning) for beginning in beginnings)


def _named(api: SmartlingApi, name: str, found: dict[str, list[ListedJob]]) -> _Observation:
    def ask() -> RemoteState:
        found[name] = api.jobs_like(searched(name))
        return RemoteState()

    return ask


def _details(api: SmartlingApi, uid: str) -> _Observation:
    def ask() -> RemoteState:
        found = jobs.details(api, uid)
        return RemoteState(job_details={} if found is None else {uid: found})

    return ask


def _modified(api: SmartlingApi, uri: str, since: str) -> _Observation:
    def ask() -> RemoteState:
        return RemoteState(modified={fold(uri): api.modified_since(uri, since)})

    return ask


def _comments(api: SmartlingApi, uid: str) -> _Observation:
    return lambda: RemoteState(issue_comments={uid: issues.comments(api, uid)})


def _bindings(api: SmartlingApi, uri: str) -> _Observation:
    return lambda: RemoteState(bindings={fold(uri): contexts.bindings(api, {"contentFileUri": uri})})


def _translated(api: SmartlingApi, pair: PublicationKey) -> _Observation:
    return lambda: RemoteState(translated={pair: api.translations(*pair)})


def _open_jobs(api: SmartlingApi, *, content: bool) -> RemoteState:
    listed = api.open_jobs()
    found = gather(lambda job: jobs.content(api, job), listed if content else [], api.client.threads)
    return RemoteState(job_list=tuple(listed), job_details={job_row.job.uid: job_row for job_row in found})


def _cost(api: SmartlingApi, uid: str) -> _Observation:
    return lambda: RemoteState(job_costs={uid: costs.cost_by_match(api, uid, PollingPace())})


def _published(api: SmartlingApi, since: str) -> RemoteState:
    start = window_start(api)  # what lies before it may be refused
    return RemoteState(published=api.published_since(start if since == "window" else max(since, start)))


def window_start(api: SmartlingApi) -> str:
    """Return the earliest time that the service's list of published files may be asked for."""
    if not api.client.server_time and api.client.authorizer:
        api.client.authorizer.header()  # the answer to the authentication has the server's time
    now = api.client.server_time
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    return (moment - WINDOW + INSIDE).strftime("%Y-%m-%dT%H:%M:%SZ")


def _jobs_of(api: SmartlingApi, uris: frozenset[str]) -> RemoteState:
    return RemoteState(jobs_of=frozenset(job.uid for job in _jobs_holding(api, uris)))


def _jobs_holding(api: SmartlingApi, uris: frozenset[str]) -> list[ListedJob]:
    ordered = sorted(uris)
    chunks = [ordered[at : at + SEARCH_URIS] for at in range(0, len(ordered), SEARCH_URIS)]
    found = gather(lambda chunk: _search(api, chunk), chunks, api.client.threads)
    return list(chain.from_iterable(found))


def _jobs(api: SmartlingApi, uris: frozenset[str]) -> RemoteState:
    held = {job.uid: job for job in _jobs_holding(api, uris) if job.status in OPEN_JOB}
    asked = frozenset(map(fold, uris))
    opened = gather(lambda job: _open_job(api, job, asked), held.values(), api.client.threads)
    return RemoteState(jobs=tuple(opened), jobs_asked=asked)


def _search(api: SmartlingApi, uris: list[str]) -> list[ListedJob]:
    """Return the jobs of URIS; a full answer may be a cut one, so its question is halved."""
    found = api.jobs_with(uris)
    if len(found) < SEARCH_JOBS or len(uris) == 1:
        return found
    middle = len(uris) // 2
    return [*_search(api, uris[:middle]), *_search(api, uris[middle:])]


def _open_job(api: SmartlingApi, job: ListedJob, asked: Iterable[str]) -> OpenJob:
    return OpenJob(job.uid, job.name, job.status, _only(api.job_files(job.uid), frozenset(asked)))


def _only(files: Mapping[str, tuple[str, ...]], asked: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return {uri: locales for uri, locales in files.items() if fold(uri) in asked}
