"""A status: asks the TMS for the progress of each file, and remembers what will stay true."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from l10nsync.app.fence import Head
from l10nsync.app.links import Link, check_project, observe, requests, require_progress
from l10nsync.app.pull import OVERLAP, RESOLUTION, WINDOW, PullOptions, prepare_pull, shifted
from l10nsync.app.push_facts import PushRequest, local_sources, push_facts
from l10nsync.app.push_git import from_git, with_origins
from l10nsync.app.questions import waiting_questions
from l10nsync.app.repository import Repository
from l10nsync.model import Question, RemoteState, fold
from l10nsync.plan import (
    PushFacts,
    SourceStatus,
    Status,
    StatusFacts,
    Wants,
    plan_status,
)
from l10nsync.plan.status import merge_statuses, with_context, with_questions


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """What a status was asked to show, beyond the manifest."""

    fresh: bool = False
    """Ask the TMS about every file, whatever is remembered."""
    jobs: bool = False
    """Also read what the open jobs hold and how far they are."""
    only_jobs: bool = False
    """Ask nothing about the files themselves: the status then holds jobs and no sources."""
    pull: bool = False
    """Also make the plan of a pull, which downloads what it takes to decide."""
    context: bool = False
    """Also ask which strings have a picture or page: a request for each file."""
    questions: bool = True
    """Also ask for the translators' questions: one request where there is none."""


Tell = Callable[[int], None]
"""Called with the number of files before they are asked about one by one."""


def prepare_status(
    repository: Repository,
    links: Mapping[str, Link],
    request: StatusRequest | None = None,
    tell: Tell = lambda _files: None,
) -> Status:
    """Return the progress of each file in each locale; changes nothing but the cache."""
    asked = request or StatusRequest()
    whole = replace(repository, settings=replace(repository.settings, locales=(), whole=True))
    push = PushRequest(authorize=False)
    sources_here = local_sources(whole, push)
    # Nobody is asked where the branch is at the remote: a status sends nothing.
    head = Head.of(whole, {}, worktree=False, head_of=None)
    known: dict[str, RemoteState] = {}
    found: list[Status] = []
    for name, push_known in push_facts(whole, links, push, sources_here).items():
        facts, status = _learn(whole, links[name], _facts(push_known, links[name], asked), tell, head)
        remote = facts.push.remote
        _remember(links[name], status, remote.files or {})
        known[name] = RemoteState(files=remote.files, statuses=remote.statuses)
        projects = {name: remote.project} if remote.project else {}
        found.append(replace(status, projects=projects, moment=remote.server_time, notices=remote.warnings))
    chosen = {source.path: source.locales for source in repository.sources}
    status = merge_statuses(found)
    asks = asked.questions and not asked.only_jobs and bool(status.sources)
    status = with_questions(status, waiting_questions(repository, links) if asks else None)
    if asked.context:
        status = with_context(status, _shown(links, status))
    return replace(
        status,
        sources=tuple(_with_locales(source, chosen[source.path]) for source in status.sources),
        pull=prepare_pull(repository, links, PullOptions(), known).plan if asked.pull else None,
        notices=(*sources_here.untracked, *status.notices),
        commit=repository.workspace.commit(),
        branch=repository.branch.name,
        requests=requests(links),
    )


def _shown(links: Mapping[str, Link], status: Status) -> Mapping[tuple[str, str], int]:
    """Return how many strings of each uploaded file have a picture or page, by project and fileUri."""
    found: dict[tuple[str, str], int] = {}
    for name, link in links.items():
        if not link.provider.abilities.context:
            continue
        mine = (source for source in status.sources if source.project == name)
        uris = frozenset(source.uri for source in mine if source.uploaded)
        remote = observe(link, RemoteState(), Question(bindings=uris))
        for uri in uris:
            bindings = remote.bindings.get(fold(uri), ())
            found[name, uri] = len({binding.hashcode for binding in bindings})
    return found


def _facts(push: PushFacts, link: Link, asked: StatusRequest) -> StatusFacts:
    """Return what is known of a project before the TMS is asked."""
    jobs: Literal["listed", "with content"] = "with content" if asked.jobs or asked.only_jobs else "listed"
    options = replace(push.options, order_all=True)  # what is stale is to be named so
    # What has become of a job, a push asks: a status counts what the TMS says of the files themselves.
    sent = {key: replace(entry, jobs=()) for key, entry in push.memory.items()}
    return StatusFacts(
        replace(push, options=options, origins={}, memory=sent),
        memory=link.cache.counted,
        fresh=asked.fresh,
        only_jobs=asked.only_jobs,
        jobs=jobs if link.provider.abilities.jobs else "",
    )


def _learn(
    repository: Repository, link: Link, facts: StatusFacts, tell: Tell, head: Head
) -> tuple[StatusFacts, Status]:
    """Ask the provider and git until the planner can decide."""
    before = Wants()
    while isinstance(wants := plan_status(facts), Wants):
        require_progress(before, wants)
        before = wants
        push = facts.push
        if asked := wants.question.statuses | wants.question.originals:
            tell(len(asked))
        if wants.question:
            listed = push.remote.files
            push = replace(push, remote=observe(link, push.remote, wants.question))
            if push.remote.files is not listed:
                facts.compared.clear()
            check_project(repository, link.project, push.remote)
        push = with_origins(push, wants, head)
        facts = _with_moments(replace(facts, push=from_git(repository, push, wants)))
    return facts, wants


def _with_moments(facts: StatusFacts) -> StatusFacts:
    """Return FACTS with moments of the server's clock, which is known since its first answer."""
    now = facts.push.remote.server_time
    if not now:
        return facts
    return replace(
        facts,
        horizon=shifted(now, -WINDOW),
        settled=shifted(now, -RESOLUTION),
        floor=shifted(now, -OVERLAP),
    )


def _remember(link: Link, status: Status, listed: Container[str]) -> None:
    """Keep what later runs may rely on, of files that are LISTED; what a push did is left as it is."""
    cache = link.cache
    cache.counted = {key: entry for key, entry in cache.counted.items() if key in listed}
    for source in status.sources:
        key = fold(source.uri)
        cache.counted.pop(key, None)
        if source.counted:
            cache.counted[key] = source.counted
        if source.sent:
            cache.sent[key] = source.sent
    cache.save()


def _with_locales(source: SourceStatus, locales: tuple[str, ...]) -> SourceStatus:
    return replace(source, locales=tuple(cell for cell in source.locales if cell.locale in locales))
