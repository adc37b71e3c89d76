"""Reads a plan that another, unprivileged run left in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from l10nsync.errors import UsageError

_LIMIT = 5 * 1024 * 1024
"""Bytes of a plan that is read."""


def read_plan(path: Path) -> dict[str, Any]:
    """Return the plan in PATH, held against its schema; raise `UsageError` for anything else.

    Whoever wrote the file may be a stranger: it is data, and nothing in it is taken as Markdown.
    """
    import jsonschema

    from l10nsync.manifest import schema_text

    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LIMIT:
            raise UsageError(f"{path.name} is not a plan: not a file of at most 5 MiB")
        data = json.loads(path.read_bytes())
        jsonschema.validate(data, json.loads(schema_text("plan")))
    except (OSError, ValueError, RecursionError, jsonschema.ValidationError) as error:
        reason = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        raise UsageError(f"{path.name} is not a plan: {reason[:200]}") from error
    found: dict[str, Any] = data
    if found["direction"] != "push":
        raise UsageError(f"{path.name} is not the plan of a push")
    return found
