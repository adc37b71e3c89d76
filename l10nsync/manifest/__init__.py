"""Loads `.l10n.yml`: every problem of a manifest at once, each with file, line, column and a way out.

`load` is pure: the bytes, the names for messages and the environment are its arguments. The steps are
`tree` (bytes to nodes with places), `validate` (the schema) and `build` (the nouns of `model`, and the
rules that need no repository).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from l10nsync import services
from l10nsync.manifest.build import build
from l10nsync.manifest.problems import CODES, Problems
from l10nsync.manifest.tree import ManifestNode, parse
from l10nsync.manifest.validate import schema, schema_text, validate
from l10nsync.model import Manifest

__all__ = ["CODES", "NAME", "VERSION", "find", "installed_schema", "load", "schema_text"]

NAME = ".l10n.yml"
"""File name of a manifest."""
VERSION = 1
"""The version of the manifest's format that is understood."""


def load(text: bytes, *, file: str, folder: str, environ: Mapping[str, str]) -> Manifest:
    """Return the manifest that TEXT says.

    FILE is its path as the user knows it, for messages; FOLDER its folder relative to the git root, empty
    for the root. Of ENVIRON only variables that end in `_PROJECT_ID` are read. Raises `ManifestError` with
    all problems, in the order of their places.
    """
    problems = Problems()
    root = parse(text, file, problems)
    _check_version(root, problems)
    validate(root, problems)
    manifest = build(root, file=file, folder=folder, environ=environ, problems=problems)
    if problems.found:
        raise problems.error()
    return replace(manifest, digest=hashlib.sha256(text).hexdigest())


def installed_schema() -> str:
    """Return the JSON schema of the manifest, with what providers of this installation add to it."""
    others = services.outside()
    if not others:
        return schema_text()
    from l10nsync.manifest.declared import extended, laid_out

    return laid_out(extended(schema(), others.values()))


def find(start: Path, stop: Path) -> Path | None:
    """Return the nearest manifest in START or a folder above it, up to STOP; None if there is none."""
    for folder in (start, *start.parents):
        if (folder / NAME).is_file():
            return folder / NAME
        if folder == stop:
            break
    return None


def _check_version(root: ManifestNode, problems: Problems) -> None:
    """Stop at a manifest of another version: what else it says is not ours to judge."""
    node = root.get("version")
    if node is None or not node.plain or not node.text.isdecimal() or node.text == str(VERSION):
        return
    problems.add(
        "E109",
        node.place,
        f"version {node.text} of the manifest needs a newer l10nsync",
        note=f"this l10nsync knows version {VERSION}",
        help="Update l10nsync, or write `version: 1`.",
    )
    raise problems.error()
