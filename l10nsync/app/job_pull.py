"""Deliver one job at once: a pull of what that job holds, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync.app.jobs import JobsRequest, find_job
from l10nsync.app.links import Link
from l10nsync.app.push_facts import PushRequest
from l10nsync.app.repository import Repository
from l10nsync.errors import TemporaryError, UsageError
from l10nsync.model import JobDetails, JobState, Source, fold

_DONE = frozenset({JobState.COMPLETED, JobState.CLOSED})


def of_job(
    repository: Repository,
    links: Mapping[str, Link],
    request: PushRequest,
    wanted: str,
    *,
    complete: bool,
) -> Repository:
    """Return REPOSITORY with those sources and locales alone that a job holds: by uid, number or name.

    With COMPLETE, raises `TemporaryError` while one of the job's locales is not done.
    """
    found = find_job(repository, links, JobsRequest(wanted, push=request))
    name = found.job.name
    details = found.details
    if details is None or not details.files:
        raise UsageError(f'job "{name}" holds no files', hint="`l10nsync job show` shows what it holds.")
    if complete and (open_parts := _unfinished(details)):
        raise TemporaryError(
            f'job "{name}" is not complete: {", ".join(open_parts)}; nothing was written',
            hint="Run the same command again later; without --complete, what is done is pulled.",
        )
    held = {fold(uri): frozenset(locales) for uri, locales in details.files.items()}
    sources = [
        _narrowed(source, locales)
        for source in repository.layout.sources
        if source.project == found.project and (locales := _held(source, held))
    ]
    if not sources:
        raise UsageError(f'job "{name}" holds no file of this manifest')
    layout = replace(repository.layout, sources=tuple(sources))
    return replace(repository, layout=layout, settings=replace(repository.settings, job=name))


def _unfinished(details: JobDetails) -> list[str]:
    """Return the locales that are not done, each with how far it is."""
    if details.job.status in _DONE:
        return []
    found = [
        f"{progress.locale} {progress.percent} %" for progress in details.progress if progress.percent < 100
    ]
    return found or ([] if details.progress else ["its progress is not known"])


def _held(source: Source, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return held.get(fold(source.file_uri)) or held.get(fold(source.default_uri), frozenset())


def _narrowed(source: Source, locales: frozenset[str]) -> Source:
    return replace(
        source,
        locales=tuple(locale for locale in source.locales if locale in locales),
        targets=tuple(target for target in source.targets if target.locale in locales),
    )
