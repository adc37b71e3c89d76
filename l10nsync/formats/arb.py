"""Flutter's ARB: JSON whose `@key` objects describe the string `key`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.errors import ContentError
from l10nsync.formats import json_strings
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Mark, Unit

CODING = Coding()


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read an ARB file; see `documents.Parse`. `@@locale` is its mark, other `@` names are not text."""
    text, encoding, bom = decode(data, charset, CODING)
    tree = json_strings.read(text)
    if not isinstance(tree.value, dict):
        raise ContentError("not an ARB file: the top level is not an object", line=1, column=1)
    encode = json_strings.encoder(text)
    lines = LineNumbers(text)
    units: list[Unit] = []
    marks: list[Mark] = []
    for leaf in tree.leaves:
        value = json_strings.decoded(text, leaf)
        if leaf.path == ("@@locale",):
            marks.append(Mark(leaf.start, leaf.end, value, encode, line=lines.at(leaf.start)))
        elif len(leaf.path) == 1 and not leaf.names.startswith("@"):
            key = leaf.names
            note = _description(tree.value, key)
            units.append(Unit(key, value, leaf.start, leaf.end, encode, "", note, key, lines.at(leaf.start)))
    return Document(text, tuple(units), encoding, bom, marks=tuple(marks))


def _description(value: Mapping[str, Any], key: str) -> str:
    about = value.get(f"@{key}")
    description = about.get("description") if isinstance(about, dict) else ""
    return description if isinstance(description, str) else ""
