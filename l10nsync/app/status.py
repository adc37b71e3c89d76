"""A status: asks the TMS how far every file is, and remembers what will still be true the next time."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from l10nsync.app.fence import Head
from l10nsync.app.links import Link, check_project, observe, requests, require_progress
from l10nsync.app.pull import OVERLAP, RESOLUTION, WINDOW, PullRequest, prepare_pull, shifted
from l10nsync.app.push import PushRequest, from_git, local_sources, push_facts, with_origins
from l10nsync.app.repository import Repository
from l10nsync.model import ProjectDetails, RemoteState, fold
from l10nsync.plan import (
    Compared,
    SourceStatus,
    Status,
    StatusFacts,
    Wants,
    plan_status,
)


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


Tell = Callable[[int], None]
"""Called with the number of files before they are asked about one by one."""


def prepare_status(
    repository: Repository,
    links: Mapping[str, Link],
    request: StatusRequest | None = None,
    tell: Tell = lambda _files: None,
) -> Status:
    """Return how far every file is in every locale; changes nothing but the cache."""
    asked = request or StatusRequest()
    chosen = {each.path: each.locales for each in repository.sources}
    whole = replace(repository, settings=replace(repository.settings, locales=(), whole=True))
    push = PushRequest(authorize=False)
    sources_here = local_sources(whole, push)
    found: list[Status] = []
    learned: dict[str, RemoteState] = {}
    warnings: list[str] = []
    # Nobody is asked where the branch is at the remote: a status sends nothing.
    head = Head.of(whole, {}, worktree=False, head_of=None)
    for name, known in push_facts(whole, links, push, sources_here).items():
        link = links[name]
        jobs: Literal["", "listed", "with content"] = (
            "with content" if asked.jobs or asked.only_jobs else "listed"
        )
        options = replace(known.options, order_all=True)  # what is stale is to be named so
        facts = StatusFacts(
            replace(known, options=options, origins={}),
            memory=link.cache.counted,
            fresh=asked.fresh,
            only_jobs=asked.only_jobs,
            jobs=jobs if link.provider.abilities.jobs else "",
        )
        facts, status = _learn(whole, link, facts, tell, head)
        remote = facts.push.remote
        _remember(link, status, remote.files or {})
        warnings += remote.warnings
        learned[name] = RemoteState(files=remote.files, statuses=remote.statuses)
        details = facts.push.remote.project
        projects: dict[str, ProjectDetails] = {name: details} if details else {}
        found.append(replace(status, projects=projects, moment=facts.push.remote.server_time))
    sources = sorted(
        (_with_locales(each, chosen[each.path]) for status in found for each in status.sources),
        key=lambda each: (each.project, each.path),
    )
    pull = prepare_pull(repository, links, PullRequest(), learned).plan if asked.pull else None
    return Status(
        sources=tuple(sources),
        jobs=tuple(each for status in found for each in status.jobs),
        pull=pull,
        orphans=tuple(each for status in found for each in status.orphans),
        projects={name: each for status in found for name, each in status.projects.items()},
        notices=(*sources_here.untracked, *warnings),
        remembered=sum(status.remembered for status in found),
        commit=repository.workspace.commit(),
        branch=repository.branch.name,
        moment=max((status.moment for status in found), default=""),
        requests=requests(links),
    )


def _learn(
    repository: Repository, link: Link, facts: StatusFacts, tell: Tell, head: Head
) -> tuple[StatusFacts, Status]:
    """Ask the provider and git until the planner can tell."""
    compared: Compared = {}
    before = Wants()
    while isinstance(wants := plan_status(facts, compared), Wants):
        require_progress(before, wants)
        before = wants
        push = facts.push
        if asked := wants.question.statuses | wants.question.originals:
            tell(len(asked))
        if wants.question:
            listed = push.remote.files
            push = replace(push, remote=observe(link, push.remote, wants.question))
            if push.remote.files is not listed:
                compared.clear()
            check_project(repository, link.project, push.remote)
        push = with_origins(push, wants, head)
        facts = replace(facts, push=from_git(repository, push, wants))
        if now := push.remote.server_time:
            facts = replace(
                facts,
                horizon=shifted(now, -WINDOW),
                settled=shifted(now, -RESOLUTION),
                floor=shifted(now, -OVERLAP),
            )
    return facts, wants


def _remember(link: Link, status: Status, listed: Container[str]) -> None:
    """Keep what later runs may rely on, of files that are LISTED; what a push did is left as it is."""
    cache = link.cache
    cache.counted = {key: each for key, each in cache.counted.items() if key in listed}
    for each in status.sources:
        key = fold(each.uri)
        cache.counted.pop(key, None)
        if each.counted:
            cache.counted[key] = each.counted
        if each.sent:
            cache.sent[key] = each.sent
    cache.save()


def _with_locales(source: SourceStatus, locales: tuple[str, ...]) -> SourceStatus:
    return replace(source, locales=tuple(each for each in source.locales if each.locale in locales))
