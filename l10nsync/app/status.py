"""A status: asks the TMS how far every file is, and remembers what will still be true the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from l10nsync.app.links import Link, check_project, observe, requests, with_blobs
from l10nsync.app.pull import OVERLAP, RESOLUTION, WINDOW, shifted
from l10nsync.app.push import PushRequest, local_sources, push_facts
from l10nsync.app.repository import Repository
from l10nsync.model import ProjectDetails, fold
from l10nsync.plan import (
    SourceStatus,
    Status,
    StatusFacts,
    plan_status,
    wants_status,
)


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """What a status was asked to show, beyond the manifest."""

    fresh: bool = False
    """Ask the TMS about every file, whatever is remembered."""


def prepare_status(
    repository: Repository, links: Mapping[str, Link], request: StatusRequest | None = None
) -> Status:
    """Return how far every file is in every locale; changes nothing but the cache."""
    asked = request or StatusRequest()
    chosen = {each.path: each.locales for each in repository.sources}
    whole = replace(repository, settings=replace(repository.settings, locales=()))
    push = PushRequest(authorize=False)
    found: list[Status] = []
    for name, known in push_facts(whole, links, push, local_sources(whole, push)).items():
        link = links[name]
        facts = StatusFacts(known, memory=link.cache.counted, fresh=asked.fresh)
        facts = _learn(whole, link, facts)
        status = plan_status(facts)
        _remember(link, status)
        details = facts.push.remote.project
        projects: dict[str, ProjectDetails] = {name: details} if details else {}
        found.append(replace(status, projects=projects, moment=facts.push.remote.server_time))
    sources = sorted(
        (_with_locales(each, chosen[each.path]) for status in found for each in status.sources),
        key=lambda each: (each.project, each.path),
    )
    return Status(
        sources=tuple(sources),
        orphans=tuple(each for status in found for each in status.orphans),
        projects={name: each for status in found for name, each in status.projects.items()},
        remembered=sum(status.remembered for status in found),
        commit=repository.workspace.commit(),
        branch=repository.branch.name,
        moment=max((status.moment for status in found), default=""),
        requests=requests(links),
    )


def _learn(repository: Repository, link: Link, facts: StatusFacts) -> StatusFacts:
    """Ask the provider and git until the planner wants nothing more."""
    while wants := wants_status(facts):
        push = facts.push
        if wants.question:
            push = replace(push, remote=observe(link.provider, push.remote, wants.question))
            check_project(repository, link.project, push.remote)
        push = replace(push, contents=with_blobs(repository.workspace, push.contents, wants))
        facts = replace(facts, push=push)
        if now := push.remote.server_time:
            facts = replace(
                facts,
                horizon=shifted(now, -WINDOW),
                settled=shifted(now, -RESOLUTION),
                floor=shifted(now, -OVERLAP),
            )
    return facts


def _remember(link: Link, status: Status) -> None:
    """Keep what later runs may rely on; what a push of these files did is left as it is."""
    cache = link.cache
    for each in status.sources:
        key = fold(each.uri)
        cache.counted.pop(key, None)
        if each.counted:
            cache.counted[key] = each.counted
        if each.sent:
            before = cache.sent.get(key)
            same = before is not None and before.last_uploaded == each.sent.last_uploaded
            cache.sent[key] = replace(each.sent, authorized=bool(same and before and before.authorized))
    cache.save()


def _with_locales(source: SourceStatus, locales: tuple[str, ...]) -> SourceStatus:
    return replace(source, locales=tuple(each for each in source.locales if each.locale in locales))
