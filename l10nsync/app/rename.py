"""A rename by hand: a push of one source whose file on the TMS is named by the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync.app.links import Link, observe
from l10nsync.app.past import past_sources
from l10nsync.app.push import PreparedPush, prepare_push
from l10nsync.app.push_facts import PushRequest
from l10nsync.app.repository import Repository
from l10nsync.errors import UsageError
from l10nsync.model import Question, RemoteState, Source, fold


def source_to_rename(repository: Repository, new: str) -> Source:
    """Return the source that NEW, its path or its fileUri, names."""
    found = [source for source in repository.sources if new in {source.path, source.file_uri}]
    if not found:
        raise UsageError(
            f"{new} is not a source of the manifest",
            hint="NEW is the current path of a source, or its fileUri; `l10nsync list` shows both.",
        )
    return found[0]


def prepare_rename(
    repository: Repository, links: Mapping[str, Link], old: str, source: Source, request: PushRequest
) -> PreparedPush:
    """Make the plan of renaming the file OLD, a fileUri or an earlier path, to that of SOURCE."""
    link = links[source.project]
    files = observe(link, RemoteState(), Question(files=True)).files or {}
    earlier = [source for source in past_sources(repository, link.cache.sent) if source.path == old]
    names = [old, *(source.file_uri for source in earlier)]
    listed = next((files[fold(name)] for name in names if fold(name) in files), None)
    if listed is None:
        raise UsageError(
            f"the TMS has no file {names[-1]}",
            hint="OLD is a fileUri on the TMS, or the earlier path of a source.",
        )
    return prepare_push(repository, links, replace(request, renames={source.path: listed.uri}))
