"""What is handed to a provider of a plan."""

from __future__ import annotations

from l10nsync.model import Upload
from l10nsync.plan.reasons import Action, Brings
from l10nsync.plan.values import Plan, SourceChange


def uploads_of(plan: Plan, job: str, project: str) -> tuple[SourceChange, ...]:
    """Return the uploads of PLAN that go to one job, whatever their rounds."""
    return tuple(
        change
        for change in plan.changes
        if isinstance(change, SourceChange)
        and change.action is Action.UPLOAD
        and (change.job, change.project) == (job, project)
    )


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
        moves=change.moves,
        expected=len(change.locales)
        * (change.strings if change.brings is Brings.LOCALES else change.unseen_strings),
    )
