"""What the manifest means for the files of a repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from l10nsync.model.manifest_settings import JobSettings, PullSettings
from l10nsync.model.remote import ListedFile, fold

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """One file that a translation is written to."""

    locale: str
    """Smartling's id; empty for a copy of the source."""
    local_name: str
    path: str
    rank: int = field(default=0, compare=False)
    """Position in the manifest: of several files of one locale the first is the one to begin with."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source file with everything the manifest says about it."""

    path: str
    resource: str
    project: str
    file_uri: str
    namespace: str
    file_type: str
    charset: str | None
    directives: Mapping[str, str]
    locales: tuple[str, ...]
    """Locale ids asked for, in manifest order."""
    targets: tuple[Target, ...]
    """By locale then path; empty for an upload-only source."""
    default_uri: str = ""
    """The fileUri of the same file on the default branch, where it differs; else empty."""
    push: bool = True
    """False where this branch does not send the file: `push: false`, or it equals the default branch's."""
    pull: PullSettings = field(default_factory=PullSettings)
    rules: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    source_locale: str = ""
    """Locale id of the file itself."""
    job: JobSettings = field(default_factory=JobSettings)
    branched: bool = False
    """The fileUri rule has the branch in it."""
    named: bool = False
    """The fileUri rule has the repository in it."""


def file_uris(sources: Iterable[Source]) -> Iterator[str]:
    """Yield every fileUri that SOURCES may have on the service."""
    for source in sources:
        yield source.file_uri
        if source.default_uri:
            yield source.default_uri


def uri_among(source: Source, files: Mapping[str, ListedFile]) -> str:
    """Return the fileUri of FILES (by folded fileUri) that holds a source; empty if none does.

    That is the branch's own, else the default branch's.
    """
    names = (source.file_uri, source.default_uri)
    return next((files[fold(name)].uri for name in names if name and fold(name) in files), "")


def target_paths(sources: Iterable[Source]) -> Iterator[str]:
    """Yield where the translations of SOURCES are written to."""
    for source in sources:
        yield from (target.path for target in source.targets)
