"""What is handed to a provider of a plan."""

from __future__ import annotations

from collections.abc import Mapping

from l10nsync.model import Rename, Upload, fold
from l10nsync.plan.values import Action, Plan, Reason, SourceChange


def uploads_of(plan: Plan, job: str, project: str) -> tuple[SourceChange, ...]:
    """Return the uploads of PLAN that go to one job."""
    return tuple(
        each
        for each in plan.changes
        if isinstance(each, SourceChange)
        and each.action is Action.UPLOAD
        and (each.job, each.project) == (job, project)
    )


def renames_of(plan: Plan, project: str, contents: Mapping[str, bytes]) -> tuple[Rename, ...]:
    """Return the renames of PLAN in one project; CONTENTS maps blob ids to bytes.

    A file that is not sent afterwards brings what the service needs to give it its namespace back.
    """
    kept = {
        fold(each.uri): upload(each, contents[each.blob])
        for each in plan.changes
        if isinstance(each, SourceChange) and each.action is Action.RENAME and each.project == project
    }
    renames = [
        Rename(each.old, each.new, kept.pop(fold(each.new), None))
        for each in plan.renames
        if each.project == project
    ]
    return (*renames, *(Rename(each.uri, each.uri, each) for each in kept.values()))


def upload(change: SourceChange, content: bytes) -> Upload:
    """Return the upload that CHANGE stands for."""
    return Upload(
        uri=change.uri,
        file_type=change.file_type,
        namespace=change.namespace,
        locales=change.locales,
        content=content,
        charset=change.charset,
        directives=change.directives,
        last_uploaded=change.last_uploaded,
        blob=change.blob,
        expected=len(change.locales)
        * (change.strings if change.reason is Reason.LOCALE_ADDED else change.unseen_strings),
    )
