"""What `check` and `explain` find out beyond the manifest itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from l10nsync import formats, layout, services
from l10nsync.app.links import Connect, check_project, linked
from l10nsync.app.repository import Repository
from l10nsync.app.untracked import untracked_notice, untracked_sources
from l10nsync.errors import ContentError, Diagnostic, UsageError
from l10nsync.model import Question, Source, target_paths
from l10nsync.workspace.attributes import problems

CODES = {
    "E301": (
        "The manifest names a locale that the project on the TMS does not have. Add the language to the"
        " project, or correct the id; ids are compared exactly, with case and region."
    ),
    "E302": (
        "The project's source language is not the manifest's `sourceLocale`. Either the project id is that of"
        " another project, or `sourceLocale` is wrong."
    ),
    "E401": (
        "A source does not parse as its type. A push refuses it; fix the file, or set `fileType` if it is of"
        " another type."
    ),
    "E402": (
        "An attribute in .gitattributes sets how a file is written to the work tree, and that cannot be done:"
        " an encoding that is not known here, or a line ending that git does not know. A pull cannot write"
        " the file."
    ),
    "E405": (
        "The JSON file beside a picture says which strings it shows: each key of a source with its box. It"
        " cannot be read, or names a key that no source has, or whose string the service does not have yet."
    ),
    "E406": (
        "A pattern of `context` matches no HTML, PNG or JPEG in the work tree. The files need not be tracked"
        " by git, but they have to be there: run the tests that make them first. Links are not followed."
    ),
    "E407": (
        "A picture or page is empty, too large (20 MB), or not of the type of its suffix, so the service"
        " would not accept it."
    ),
    "W403": (
        "Files match a source pattern, but git does not track them, so nothing sends them. Add and commit"
        " them, or exclude them."
    ),
    "W404": (
        "A source can be read here, but its platform refuses a part of it, or reads something else than what"
        " is written: an escape that is none, plural forms that its header does not count. It is sent all the"
        " same, and its translations will have the same fault. Correct the source."
    ),
    "W405": (
        "A gate counts translators' questions, and the service of its resources has none: that part of the"
        " gate lets everything through."
    ),
}
"""Codes of problems found here, each with what it means and what to do."""


_AT_MOST = 3
"""So many warnings show what is wrong with a source: the others are mostly of the same kind."""


def unreadable_sources(repository: Repository) -> list[Diagnostic]:
    """Return an error for every tracked source that cannot be read, and warnings for faults in the others."""
    blobs = {source.path: repository.tracked.files[source.path] for source in repository.layout.sources}
    contents = repository.workspace.blobs(blobs.values())
    found = []
    for source in repository.layout.sources:
        content = contents.get(blobs[source.path])
        if content is None:
            found.append(_lacking(source))
            continue
        try:
            broken = formats.refused(source.file_type, content, source.directives, source.charset)
        except ContentError as error:
            found += [_unreadable(source, content, error)] if content.strip() else []
        else:
            found += _refused(source, content, broken)
    return found


def attributes_not_honoured(repository: Repository) -> list[Diagnostic]:
    """Return an error for each thing that .gitattributes asks of sources or targets and nobody can do."""
    sources = repository.layout.sources
    paths = {source.path for source in sources} | set(target_paths(sources))
    found: dict[str, list[str]] = {}
    for path, problem in problems(repository.workspace.git, paths).items():
        found.setdefault(problem, []).append(path)
    return [
        Diagnostic(
            code="E402",
            severity="error",
            message=f"{having[0]}{f' and {len(having) - 1} more' if len(having) > 1 else ''} {problem}",
            help="Correct the attribute in .gitattributes; `git check-attr -a PATH` shows what counts.",
            file=having[0],
        )
        for problem, having in sorted(found.items())
    ]


def untracked_matches(repository: Repository) -> list[Diagnostic]:
    """Return a warning that names the files that a source pattern matches and git does not track."""
    found = untracked_sources(repository)
    message = untracked_notice(found) if found else ""
    return [Diagnostic(code="W403", severity="warning", message=message, file=found[0])] if found else []


def unasked_questions(repository: Repository) -> list[Diagnostic]:
    """Return a warning for each gate that counts questions of a service that has none."""
    manifest = repository.manifest
    counting = [gate for gate in manifest.gates.values() if gate.questions is not None]
    if not counting:
        return []
    from l10nsync.plan.gate import chosen  # most manifests have no such gate

    found: list[Diagnostic] = []
    for gate in counting:
        mine = {resource.project for resource in manifest.resources if chosen(gate, resource.name)}
        providers = {manifest.projects[name].provider for name in mine}
        silent = sorted(name for name in providers if not services.service(name).questions)
        if silent:
            found.append(
                Diagnostic(
                    code="W405",
                    severity="warning",
                    message=f"gate {gate.name!r} counts `questions`, and {silent[0]} has no questions",
                    help="Take `questions` out of the gate, or name other `resources` in it.",
                    file=manifest.file,
                )
            )
    return found


def _lacking(source: Source) -> Diagnostic:
    return Diagnostic(
        code="E401",
        severity="error",
        message=f"{source.path} cannot be read: this clone lacks its content",
        help="In a partial clone, fetch it: `git restore` its path, or widen the sparse checkout.",
        file=source.path,
    )


def _unreadable(source: Source, content: bytes, error: ContentError) -> Diagnostic:
    return Diagnostic(
        code="E401",
        severity="error",
        message=f"{source.path} does not parse as {source.file_type}: {error.message}",
        file=source.path,
        line=error.line,
        column=error.column,
        text=_line(source, content, error.line),
    )


def _refused(source: Source, content: bytes, broken: Sequence[formats.Finding]) -> Iterator[Diagnostic]:
    """Yield a warning for each thing that the platform refuses in a source; of many, the first ones."""
    further = len(broken) - _AT_MOST
    for place, finding in enumerate(broken[:_AT_MOST], 1):
        ending = f" (and {further} more in this file)" if further > 0 and place == _AT_MOST else ""
        yield Diagnostic(
            code="W404",
            severity="warning",
            message=f"{finding.message}{ending}",
            file=source.path,
            line=finding.line,
            column=finding.column,
            end_column=finding.end_column,
            text=_line(source, content, finding.line),
            help=finding.hint,
        )


def _line(source: Source, content: bytes, number: int) -> str:
    """Return a line of a source by its number, from 1; empty where it has none."""
    lines = content.decode(source.charset or "utf-8", "replace").split("\n")
    return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""


def check_online(repository: Repository, connect: Connect) -> None:
    """Compare the manifest with its projects; raise `ManifestError` for locales that they lack."""
    with linked(repository, connect, sources=repository.sources) as links:
        for link in links.values():
            check_project(repository, link.project, link.provider.observe(Question(project=True)))


def explain(repository: Repository, path: Path) -> layout.Explanation:
    """Return which entry of the manifest takes the file at PATH, or why none does."""
    try:
        relative = (path.parent.resolve() / path.name).relative_to(repository.workspace.root.resolve())
    except ValueError:
        raise UsageError(f"{path} lies outside the repository") from None
    return layout.explain(repository.manifest, repository.tree, relative.as_posix())
