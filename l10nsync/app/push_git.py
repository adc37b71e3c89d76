"""Git's answers to the planner of a push: contents, history, and the owner of a content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

from l10nsync.app.earlier import earlier_uris
from l10nsync.app.fence import Head
from l10nsync.app.links import with_blobs
from l10nsync.app.past import (
    own_sources,
    past_sources,
    sources_elsewhere,
    stranded_paths,
    uris_of_branches,
)
from l10nsync.app.repository import Repository
from l10nsync.model import blob_id
from l10nsync.plan import (
    PushFacts,
    Wants,
)
from l10nsync.plan.lineage import Lineages, trace
from l10nsync.plan.push.facts import OurFiles
from l10nsync.plan.strings import same_content


def with_origins(facts: PushFacts, wants: Wants, head: Head) -> PushFacts:
    """Return FACTS with what history says of the contents that would be replaced."""
    if wants.histories:
        head.histories.fetch()
    rivals = wants.rivals | wants.histories
    if not rivals:
        return facts
    origins = head.origins(rivals, _same_as_on_tms(facts))
    return replace(facts, origins={**(facts.origins or {}), **origins})


def _same_as_on_tms(facts: PushFacts) -> Callable[[tuple[str, str], bytes], bool]:
    """Return a check whether a version of a source is what the TMS has of it, in whatever encoding."""
    sources = {source.path: source for source in facts.sources}

    @cache
    def on_tms(blob: str) -> bytes | None:
        known = (content for content in facts.remote.originals.values() if blob_id(content, blob) == blob)
        return next(known, facts.contents.get(blob))

    def is_same(rival: tuple[str, str], content: bytes) -> bool:
        path, blob = rival
        theirs = on_tms(blob)
        return theirs is not None and same_content(sources[path], content, theirs)

    return is_same


def from_git(repository: Repository, facts: PushFacts, wants: Wants) -> PushFacts:
    """Return FACTS with what git knows of what the planner wants."""
    if wants.gone:
        past = past_sources(repository, facts.memory)
        facts = replace(facts, past=past, shallow=repository.workspace.is_shallow())
    if wants.lineages:
        curious = facts.traced | wants.lineages
        facts = replace(facts, lineages=_lineages(repository, facts, curious), traced=curious)
    if wants.own:
        holders = frozenset(_holders(facts))
        sources = own_sources(repository, facts.project, holders)
        own = OurFiles(
            sources,
            stranded=stranded_paths(repository, sources),
            earlier_uris=earlier_uris(repository, facts),
            uris_of_branches=uris_of_branches(repository, facts.project, holders),
        )
        facts = replace(facts, own=own)
    if wants.elsewhere:
        facts = replace(facts, elsewhere=sources_elsewhere(repository, wants.elsewhere))
    return replace(facts, contents=with_blobs(repository.workspace, facts.contents, wants))


def _holders(facts: PushFacts) -> Iterator[str]:
    """Yield the fileUris of the files that hold the strings of jobs: of these it matters whose they are."""
    for content in facts.remote.job_contents.values():
        holders = chain.from_iterable(held.holders for held in content.strings.values())
        yield from (uri for uri, _key in holders)


def _lineages(repository: Repository, facts: PushFacts, curious: frozenset[str]) -> Lineages:
    """Follow the sources through history; CURIOUS also through what merges brought, and by what they held."""
    workspace = repository.workspace
    return trace(workspace.commits(), facts.blobs, workspace.brought, curious, workspace.blobs)
