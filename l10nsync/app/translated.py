"""Reads which translations the repository has of what a push would pay for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from l10nsync.app.links import Link, observe
from l10nsync.app.repository import Repository
from l10nsync.model import Question, RemoteState, Source, fold, target_paths
from l10nsync.plan import JobPlan, Plan, PushFacts
from l10nsync.plan.already import (
    TranslatedCounts,
    may_be_translated,
    translated,
    waiting_files,
    waiting_translated,
)
from l10nsync.workspace.targets import Targets


def translated_here(repository: Repository, facts: PushFacts, plan: Plan) -> TranslatedCounts:
    """Return which targets have translations of what PLAN sends and would pay for."""
    sources = {source.path: source for source in facts.sources}
    changes = [change for change in may_be_translated(plan) if sources[change.path].targets]
    targets = _contents(repository, (sources[change.path] for change in changes))
    return {
        change.path: translated(change, sources[change.path], facts.contents.get(change.blob) or b"", targets)
        for change in changes
    }


def waiting_here(
    repository: Repository, link: Link, facts: PushFacts, jobs: Iterable[JobPlan]
) -> Mapping[str, TranslatedCounts]:
    """Return, by the name of the job, which targets have translations of what waits and is to be authorized.

    Only a file with a non-empty target is asked about.
    """
    waiting = {
        job.request.name: waiting_files(job, facts.remote.job_contents, facts.sources)
        for job in jobs
        if job.project == link.project.name
    }
    files = list(chain.from_iterable(waiting.values()))
    if not files:
        return {}
    targets = _contents(repository, (file.source for file in files))
    blobs = repository.workspace.tree() if repository.workspace.commit() else {}
    contents = repository.workspace.blobs({blobs.get(file.source.path, "") for file in files} - {""})
    known = facts.remote
    found: dict[str, TranslatedCounts] = {}
    for name, some in waiting.items():
        by_source: dict[str, Mapping[str, int]] = {}
        for file in some:
            content = contents.get(blobs.get(file.source.path, ""), b"")
            if hits := waiting_translated(file, content, targets, {}):
                earlier = _earlier(repository, file.source.path, hits)
                hits = waiting_translated(file, content, targets, earlier)
            if hits:
                known = _with_status(link, known, file.source.file_uri)
                status = known.statuses.get(fold(file.source.file_uri))
                hits = waiting_translated(file, content, targets, earlier, status)
            by_source[file.source.path] = hits
        found[name] = by_source
    return found


def _earlier(repository: Repository, source: str, targets: Iterable[str]) -> Mapping[str, bytes]:
    """Return what a source was when each of its targets was changed last, where git knows that."""
    blobs = {target: repository.workspace.beside(target, source) for target in targets}
    contents = repository.workspace.blobs({blob for blob in blobs.values() if blob})
    return {target: contents[blob] for target, blob in blobs.items() if blob in contents}


def _with_status(link: Link, known: RemoteState, uri: str) -> RemoteState:
    if fold(uri) in known.statuses:
        return known
    return observe(link, known, Question(statuses=frozenset({uri})))


def _contents(repository: Repository, sources: Iterable[Source]) -> Mapping[str, bytes]:
    """Return what the targets of SOURCES hold, by path."""
    paths = list(target_paths(sources))
    if not paths:
        return {}
    there = Targets(repository.workspace, repository.tracked, paths).files()
    return {path: target.content for path, target in there.items()}
