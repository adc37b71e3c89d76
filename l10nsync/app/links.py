"""Connects the projects of a manifest to their providers and memories, and asks the providers."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from l10nsync.app.cache import Cache
from l10nsync.app.repository import Repository, require_own_branch
from l10nsync.errors import Diagnostic, L10nSyncError, ManifestError, UsageError
from l10nsync.model import Project, ProjectDetails, Question, RemoteState, Source, fold
from l10nsync.plan import ALL_LOCALES, Wants
from l10nsync.providers.base import Connection, Provider
from l10nsync.workspace import Workspace

_SHOWN = 20
"""Locales that a message names."""
Connect = Callable[[Project], tuple[Provider, Connection]]
"""Makes a provider for one project; the command line builds it from the environment."""


@dataclass
class Link:
    """One project of the manifest with its provider and its memory."""

    project: Project
    provider: Provider
    cache: Cache
    commit: str = ""
    several: bool = False
    """The run has other projects as well, so an error must name its project."""


@contextlib.contextmanager
def linked(
    repository: Repository, connect: Connect, *, sources: Sequence[Source]
) -> Iterator[dict[str, Link]]:
    """Connect to every project that SOURCES name, by project name; closes the connections at the end.

    Raises `RefusedError` for a branch whose files on the TMS would be another branch's.
    """
    require_own_branch(repository, repository.workspace.branch_names())
    links: dict[str, Link] = {}
    try:
        names = sorted({source.project for source in sources})
        for name in names:
            project = repository.manifest.projects[name]
            if not project.id:
                raise UsageError(
                    f"no project id is set for project {name!r}",
                    hint=f"Set {project.id_variable}, or write the id into the manifest as `project:`.",
                )
            provider, connection = connect(project)
            scope = f"{project.id}\0{repository.scope}"
            folder = repository.workspace.git_dir
            cache = Cache.open(folder, connection.base_url, scope)
            links[name] = Link(project, provider, cache, several=len(names) > 1)
        yield links
    finally:
        for link in links.values():
            link.provider.close()


def requests(links: Mapping[str, Link]) -> Mapping[str, int]:
    """Return how many requests the run has sent, by operation."""
    total: Counter[str] = Counter()
    for link in links.values():
        total.update(getattr(link.provider, "requests", {}))
    return total


@contextlib.contextmanager
def attributed(link: Link) -> Iterator[None]:
    """Add the project to an error if there are several."""
    try:
        yield
    except L10nSyncError as error:
        if link.several:
            error.message = f"project {link.project.name!r}: {error.message}"
            also = "Nothing was changed; --project selects one project without the others."
            error.hint = f"{error.hint}; {also}" if error.hint else also
        raise


def observe(link: Link, remote: RemoteState, question: Question) -> RemoteState:
    """Let LINK answer QUESTION; a file that is gone by the time it is asked about leaves the list."""
    with attributed(link):
        return _observe(link.provider, remote, question)


def _observe(provider: Provider, remote: RemoteState, question: Question) -> RemoteState:
    answer = provider.observe(question)
    silent = {
        fold(uri): frozenset({ALL_LOCALES}) for uri in question.modified
    }  # no answer: it may have changed
    no_jobs: dict[str, tuple[str, ...]] = {fold(uri): () for uri in question.holders}
    merged = remote | RemoteState(modified=silent, holders=no_jobs) | answer
    merged = merged | RemoteState(jobs_asked=frozenset(map(fold, question.jobs)))
    if question.jobs and merged.jobs is None:
        merged = replace(merged, jobs=())
    gone = {fold(uri) for uri in question.originals} - answer.originals.keys()
    gone |= {fold(uri) for uri in question.statuses} - answer.statuses.keys()
    if gone and merged.files is None:
        merged = merged | provider.observe(Question(files=True, contents=question.contents))
    if gone and merged.files is not None:
        merged = replace(merged, files={key: file for key, file in merged.files.items() if key not in gone})
    return merged


def check_project(repository: Repository, project: Project, remote: RemoteState) -> None:
    """Compare the manifest's locales with the project's; raise `ManifestError` naming every stranger."""
    details = remote.project
    if details is None:
        return
    name = details.name or details.id
    problems = [*_unknown_locales(repository, project, details, name)]
    if details.source_locale and details.source_locale != project.source_locale:
        message = (
            f"project {name!r} has source locale {details.source_locale!r},"
            f" the manifest sets {project.source_locale!r}"
        )
        hint = "Set `sourceLocale` to the project's, or check the project id."
        problems.append(Diagnostic("E302", message, repository.manifest.file, help=hint))
    if problems:
        unique = {(problem.code, problem.message): problem for problem in problems}
        raise ManifestError(unique.values())


def _unknown_locales(
    repository: Repository, project: Project, details: ProjectDetails, name: str
) -> Iterator[Diagnostic]:
    """Yield a problem for each locale of a resource that the service's project NAME lacks."""
    known = {locale.casefold(): locale for locale in details.locales}
    mine = (resource for resource in repository.manifest.resources if resource.project == project.name)
    for resource in mine:
        for locale in resource.locales.names:
            if locale in details.locales:
                continue
            near = known.get(locale.casefold())
            place = resource.places.get(f"locales.{locale}") or resource.place
            yield place.problem(
                "E301",
                f"project {name!r} has no locale {locale!r}",
                help=f"Did you mean {near!r}?" if near else f"It has: {_some(details.locales)}.",
            )


def _some(locales: Sequence[str]) -> str:
    more = len(locales) - _SHOWN
    return ", ".join(locales[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def require_progress(before: Wants, now: Wants) -> None:
    """Raise where a planner asks again what was just answered: that would never end."""
    if before == now:
        raise AssertionError(f"the planner asked again for what it was given: {now}")


def committed(workspace: Workspace, known: frozenset[str] | None, wants: Wants) -> frozenset[str] | None:
    """Return KNOWN, or the paths that the commit has where a planner wants them."""
    if not wants.committed:
        return known
    return frozenset(workspace.tree() if workspace.commit() else ())


def with_blobs(
    workspace: Workspace, contents: Mapping[str, bytes | None], wants: Wants
) -> Mapping[str, bytes | None]:
    """Return CONTENTS with the blobs that a planner wants; None stands for one that git lacks."""
    if not wants.blobs:
        return contents
    found = workspace.blobs(wants.blobs)
    return {**contents, **{blob: found.get(blob) for blob in wants.blobs}}
