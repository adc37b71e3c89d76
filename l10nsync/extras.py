"""What an installation may lack, and the command that adds it."""

from __future__ import annotations

import shlex
import sys
from importlib import import_module, metadata
from pathlib import Path

from l10nsync.errors import UsageError

_SANDBOX = ("starlette", "uvicorn", "python_multipart", "jinja2")
"""What the sandbox is built on, by the names that are imported."""


def require_sandbox() -> None:
    """Raise `UsageError` with the command that installs the sandbox, if a part of it is missing."""
    for name in _SANDBOX:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            raise UsageError(
                f"the sandbox is not installed: {error.name or name} is missing",
                hint=f"Install it with: {install_command('sandbox')}",
            ) from error


def install_command(extra: str) -> str:
    """Return the command that adds EXTRA to this very installation, by the tool that made it."""
    wanted = shlex.quote(_requirement(extra))
    made = Path(sys.prefix)
    if (made / "uv-receipt.toml").is_file():
        return f"uv tool install --force {wanted}"
    if (made / "pipx_metadata.json").is_file():
        return f"pipx install --force {wanted}"
    return f"pip install {wanted}"


def _requirement(extra: str) -> str:
    """Return what is asked of an installer: from a file or a checkout only where this came from there."""
    named = f"l10nsync[{extra}]"
    try:
        origin = metadata.distribution("l10nsync").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return named
    if not origin:
        return named
    import json

    return f"{named} @ {json.loads(origin)['url']}"
