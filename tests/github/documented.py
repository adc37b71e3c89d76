"""The parts of the documentation that are made from other files; `make docs` writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from l10nsync.manifest import declared

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/github-action.md", "docs/manifest.md")
SCHEMA = ROOT / "schemas" / "manifest.schema.json"
_BLOCK = re.compile(r"<!-- (file|table|keys): (\S+) -->\n(?:```yaml\n.*?\n```\n|(?:\|[^\n]*\n)*)", re.DOTALL)


def action() -> dict[str, Any]:
    """Return `action.yml`."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return found


def filled(page: str) -> str:
    """Return a page with every marked part made anew."""
    return _BLOCK.sub(_part, page)


def _part(found: re.Match[str]) -> str:
    kind, name = found.groups()
    if kind == "file":
        text = (ROOT / name).read_text("utf-8").rstrip("\n")
        return f"<!-- file: {name} -->\n```yaml\n{text}\n```\n"
    if kind == "keys":
        return f"<!-- keys: {name} -->\n{declared.table(name)}\n"
    return f"<!-- table: {name} -->\n{_table(action()[name], defaults=name == 'inputs')}\n"


def _table(rows: Mapping[str, Mapping[str, Any]], *, defaults: bool) -> str:
    lines = (
        ["| input | default | meaning |", "|---|---|---|"]
        if defaults
        else ["| output | meaning |", "|---|---|"]
    )
    for name, row in rows.items():
        meaning = str(row["description"]).replace("|", "\\|")
        default = str(row.get("default", ""))
        shown = "required" if row.get("required") else (f"`{default}`" if default else "")
        lines.append(f"| `{name}` | {shown} | {meaning} |" if defaults else f"| `{name}` | {meaning} |")
    return "\n".join(lines)


if __name__ == "__main__":
    SCHEMA.write_text(declared.schema_file(), encoding="utf-8")
    for each in PAGES:
        path = ROOT / each
        path.write_text(filled(path.read_text("utf-8")), encoding="utf-8")
