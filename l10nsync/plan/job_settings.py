"""What the manifest declares about an open job that says something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from l10nsync.model import JobSettings, JobUpdate, ListedJob
from l10nsync.model.keys import sent_texts


def update_of(
    job: ListedJob, settings: JobSettings, due: str, custom_fields: Mapping[str, str]
) -> tuple[JobUpdate | None, tuple[str, ...]]:
    """Return how JOB is brought to say what SETTINGS declare, and each difference in words.

    DUE is the moment that `dueDate` means. Only keys that the manifest names are compared. A relative
    due date counts from the day on which the job was made: it is set only where there is none.
    """
    fields: dict[str, str] = {}
    words: list[str] = []
    for name, written in sent_texts(settings).items():
        now = job.sent.get(name, "")
        wanted = due if name == "dueDate" else written
        if name == "dueDate" and now and (written.startswith("+") or same_moment(now, wanted)):
            continue
        if now != wanted:
            fields[name] = wanted
            words.append(_difference(name, now, written))
    custom = {
        uid: value for uid, value in settings.custom_fields.items() if custom_fields.get(uid, "") != value
    }
    words += [
        _difference(f"custom field {uid}", custom_fields.get(uid, ""), value) for uid, value in custom.items()
    ]
    if not (fields or custom):
        return None, ()
    return JobUpdate(job.uid, job.name, fields, custom), tuple(words)


def same_moment(left: str, right: str) -> bool:
    """Whether two times in UTC are one, however a service spells them: `Z`, `+00:00`, with milliseconds."""
    return _plain(left) == _plain(right)


def _plain(moment: str) -> str:
    return re.sub(r"(\.\d+)?(Z|[+]00:?00)$", "Z", moment)


def _difference(name: str, before: str, after: str) -> str:
    return f"{name}: {_quoted(before)} → {_quoted(after)}"


def _quoted(value: str) -> str:
    return repr(_shortened(value)) if value else "nothing"


def _shortened(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"


def needing_fields(jobs: Iterable[tuple[ListedJob, JobSettings]]) -> frozenset[str]:
    """Return the uids of the jobs whose custom fields have to be known."""
    return frozenset(job.uid for job, settings in jobs if settings.custom_fields)
