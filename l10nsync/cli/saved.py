"""Plans in files: what was read and agreed to, to be carried out later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from l10nsync.errors import UsageError


def save_plan(path: str, data: dict[str, Any]) -> None:
    """Write the data of a plan to a file."""
    try:
        Path(path).write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the plan {path}: {error.strerror}") from error


def saved_plan(path: str, direction: str) -> dict[str, Any]:
    """Read the data of a plan from a file; raise `UsageError` for anything else."""
    how = "`l10nsync plan --out FILE`" if direction == "push" else f"`l10nsync {direction} --out FILE`"
    try:
        data = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the plan {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not a plan: {error}", hint=f"Make one with {how}.") from error
    if not isinstance(data, dict) or data.get("direction") != direction:
        raise UsageError(f"{path} is not the plan of a {direction}", hint=f"Make one with {how}.")
    return data
