"""Delivery dates: from a rule and a time zone to what the service reads. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_RULE = re.compile(r"\+(\d{1,4})([hdw])(?: ([01]\d|2[0-3]):([0-5]\d))?")
_FORM = "%Y-%m-%d %H:%M:%S"


def zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name."""
    return UTC if name == "UTC" else ZoneInfo(name)


def delivery(rule: str, where: str, now: datetime, due: str = "") -> str:
    """Return a delivery date in the zone WHERE; DUE (ISO, UTC) wins over RULE.

    Days and weeks count by the calendar: the time of day stays, or is the one that RULE states. Hours are
    hours. Raises `ValueError` for another rule.
    """
    there = zone(where)
    if due:
        return datetime.fromisoformat(due).astimezone(there).strftime(_FORM)
    found = _RULE.fullmatch(rule)
    if found is None or (found[2] == "h" and found[3]):
        raise ValueError(rule)
    number, unit = int(found[1]), found[2]
    if unit == "h":
        return (now + timedelta(hours=number)).astimezone(there).strftime(_FORM)
    day = now.astimezone(there).replace(tzinfo=None) + timedelta(days=number * (7 if unit == "w" else 1))
    if found[3]:
        day = day.replace(hour=int(found[3]), minute=int(found[4]), second=0)
    return day.strftime(_FORM)
