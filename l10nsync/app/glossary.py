"""The glossary of a manifest: taken from the service, and read for the verification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from l10nsync.app.links import Link, observe
from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, RefusedError, RepositoryError, ServiceError, UsageError
from l10nsync.formats.tbx import TermEntry, read_tbx
from l10nsync.model import GlossarySettings, Question, RemoteState
from l10nsync.workspace.whole_files import write


@dataclass(frozen=True, slots=True)
class TakenGlossary:
    """What became of one glossary."""

    name: str
    path: str
    """From the git root."""
    entries: int
    written: bool
    """False where the file says that already."""


def pull_glossaries(
    repository: Repository, links: Mapping[str, Link], *, force: bool
) -> tuple[TakenGlossary, ...]:
    """Write the glossaries that the manifests name, those that differ from their files.

    Raise `UsageError` where none is named or the service has none, `RefusedError` for a file with edits that
    are not committed, unless FORCE.
    """
    named = _named(repository)
    if not named:
        raise UsageError(
            "the manifest names no glossary", hint="`glossary: {name: Shop, file: l10n/glossary.tbx}` does."
        )
    able = [link for link in links.values() if link.provider.abilities.glossaries]
    if not able:
        raise UsageError("this service has no glossaries")
    return tuple(_pull(repository, able[0], path, glossary, force=force) for path, glossary in named.items())


def _named(repository: Repository) -> dict[str, GlossarySettings]:
    """Return the glossaries by path of their files."""
    manifest = repository.manifest
    return {
        f"{part.folder}/{part.glossary.file}" if part.folder else part.glossary.file: part.glossary
        for part in manifest.parts or (manifest,)
        if part.glossary
    }


def _pull(
    repository: Repository, link: Link, path: str, glossary: GlossarySettings, *, force: bool
) -> TakenGlossary:
    remote = observe(link, RemoteState(), Question(glossaries=frozenset({glossary.name})))
    content = remote.glossaries.get(glossary.name)
    if content is None:
        raise UsageError(
            f"the account has no glossary {glossary.name!r}", hint="The name must match exactly."
        )
    try:
        entries = len(read_tbx(content))
    except ContentError as error:
        raise ServiceError(
            f"what the service sent as glossary {glossary.name!r} is not TBX: {error}"
        ) from error
    workspace = repository.workspace
    full = workspace.root / path
    if full.is_file() and full.read_bytes() == content:
        return TakenGlossary(glossary.name, path, entries, written=False)
    if not force and full.exists() and path in workspace.uncommitted():
        raise RefusedError(
            f"{path} has changes that are not committed", hint="Commit them, or overwrite them with --force."
        )
    write(workspace.root, path, content)
    return TakenGlossary(glossary.name, path, entries, written=True)


def glossary_terms(repository: Repository) -> tuple[TermEntry, ...]:
    """Return the terms of all glossaries here; raise `RepositoryError` for a file that is not TBX."""
    found: list[TermEntry] = []
    for path in _named(repository):
        full = repository.workspace.root / path
        if full.is_symlink() or not full.is_file():
            continue
        try:
            found += read_tbx(full.read_bytes())
        except ContentError as error:
            hint = "`l10nsync glossary pull` writes it again."
            raise RepositoryError(f"the glossary {path} cannot be read: {error}", hint=hint) from error
    return tuple(found)
