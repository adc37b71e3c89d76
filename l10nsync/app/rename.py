"""A rename by hand: a push of one source whose file on the TMS is named by the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync.app.links import Link, observe
from l10nsync.app.push import PreparedPush, PushRequest, past_sources, prepare_push
from l10nsync.app.repository import Repository
from l10nsync.errors import RefusedError, UsageError
from l10nsync.model import Question, RemoteState, Source, fold
from l10nsync.plan import SourceChange


def source_to_rename(repository: Repository, new: str) -> Source:
    """Return the source that NEW, its path or its fileUri, names."""
    found = [each for each in repository.sources if new in {each.path, each.file_uri}]
    if not found:
        raise UsageError(
            f"{new} is no source of the manifest",
            hint="NEW is the present path of a source, or its fileUri; `l10nsync list` shows both.",
        )
    return found[0]


def prepare_rename(
    repository: Repository, links: Mapping[str, Link], old: str, source: Source, request: PushRequest
) -> PreparedPush:
    """Make the plan of renaming the file OLD, a fileUri or an earlier path, to that of SOURCE."""
    link = links[source.project]
    files = observe(link, RemoteState(), Question(files=True)).files or {}
    earlier = [each for each in past_sources(repository, link.cache.sent) if each.path == old]
    names = [old, *(each.file_uri for each in earlier)]
    listed = next((files[fold(name)] for name in names if fold(name) in files), None)
    if listed is None:
        raise UsageError(
            f"the TMS has no file {names[-1]}",
            hint="OLD is a fileUri on the TMS, or the earlier path of a source.",
        )
    holder = next((each for each in repository.layout.sources if _has(each, listed.uri)), None)
    if holder is not None:
        raise RefusedError(f"{listed.uri} is the file of {holder.path}, which is still a source")
    if fold(source.file_uri) in files:
        raise RefusedError(
            f"the TMS has a file {source.file_uri} already",
            hint="A fileUri must be free before another file can have it; `l10nsync prune` lists orphans.",
        )
    prepared = prepare_push(repository, links, replace(request, renames={source.path: listed.uri}))
    (change,) = prepared.plan.changes
    if not isinstance(change, SourceChange) or change.renamed_from != listed.uri:
        raise RefusedError(
            f"{listed.uri} cannot be renamed here: {change.reason}",
            hint="Only the default branch, or a branch with {branch} in its fileUris, renames files.",
        )
    return prepared


def _has(source: Source, uri: str) -> bool:
    return fold(uri) in {fold(source.file_uri), fold(source.default_uri)}
