"""What SmartMATE posts to the notification address when a request is completed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from l10nsync.providers.replies import parse_json, record, text

ATTEMPTS = (300, 600, 1800, 3600, 21600, 43200, 86400)
"""Seconds, about, after which it is posted again unless the answer was 200."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification; it is not signed, so it is only a reason to look."""

    request_id: str
    request_number: str
    status: str

    @property
    def completed(self) -> bool:
        """Whether there is something to pull."""
        return self.status == "completed"


def parse(body: bytes) -> Notification | None:
    """Return what BODY says, as a form or as JSON; None if it is no notification of SmartMATE."""
    value = record(parse_json(body))
    if not value:
        try:
            value = dict(parse_qsl(body.decode("utf-8"), strict_parsing=True))
        except ValueError:
            return None
    found = Notification(text(value, "RequestId"), text(value, "RequestNo"), text(value, "RequestStatus"))
    return found if found.status and (found.request_id or found.request_number) else None
