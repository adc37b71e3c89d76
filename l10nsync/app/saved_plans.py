"""Whether a saved plan is still what would be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from l10nsync.errors import (
    StalePlanError,
)
from l10nsync.plan import (
    Plan,
)

_AGAIN = "Make a new one with `l10nsync plan --out FILE`, review it, and push that."


def check_saved(plan: Plan, saved: Mapping[str, Any], *, hint: str = _AGAIN) -> None:
    """Raise `StalePlanError` unless SAVED, the data of an earlier plan, is what PLAN says now."""
    now = plan.as_data()
    if saved.get("schemaVersion") != now["schemaVersion"]:
        raise StalePlanError("the saved plan was made by another version: plan again", hint=hint)
    if saved.get("digest") == plan.digest:
        return
    files = _differing(saved.get("changes", ()), now["changes"])
    jobs = _differing(saved.get("jobs", ()), now["jobs"])
    different = files or jobs  # where files differ, so do the numbers of their jobs
    shown = ", ".join(different[:5]) + (f" and {len(different) - 5} more" if len(different) > 5 else "")
    raise StalePlanError(
        f"the saved plan no longer fits{f': {shown}' if shown else ''}",
        hint=hint,
    )


def _differing(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the entries of two plans are called that only one of them has, or has otherwise."""
    old, new = ({_identity(entry): entry for entry in entries} for entries in (before, after))
    return sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def _identity(entry: Mapping[str, Any]) -> str:
    if "name" in entry:
        return f'job "{entry["name"]}"'
    return str(entry.get("target") or entry.get("fileUri") or entry.get("source"))
