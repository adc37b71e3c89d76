"""How git converts a file between the repository and the work tree: `text`, `eol`, `working-tree-encoding`.

Git stores text with LF and, where a file has a working-tree encoding, as UTF-8. The rules are those of git's
`convert.c`. Programs that the attribute `filter` names are not run.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from l10nsync.errors import ContentError
from l10nsync.workspace.command import Git

_ASKED = ("text", "crlf", "eol", "working-tree-encoding", "filter")
_SETTINGS = ("autocrlf", "eol")
_LINE = re.compile(rb"\r?\n")
_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\f\r\x1b") + b"\x7f"
_BOMS = {"utf-16-le-bom": codecs.BOM_UTF16_LE, "utf-16-be-bom": codecs.BOM_UTF16_BE}
_MARKED = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Conversion:
    """What git does with one file."""

    text: Literal["never", "always", "auto"] = "never"
    """Whether line ends are converted; `auto` leaves alone what does not look like text."""
    crlf: bool = False
    """Whether the work tree has CRLF where the repository has LF."""
    encoding: str = ""
    """Python's name of the encoding that the work tree has; empty for the repository's own."""
    bom: bytes = b""
    """What the work tree's file begins with, beyond what the encoding writes by itself."""
    filtered: bool = False
    """Whether a program converts it."""
    problem: str = ""
    """What of the attributes cannot be honoured; a predicate."""

    def stored(self, content: bytes) -> bytes:
        """Return CONTENT of the work tree as git stores it; what cannot be converted stays as it is."""
        if self.encoding:
            try:
                content = content.decode(self.encoding).removeprefix("\ufeff").encode()
            except UnicodeError:
                return content  # git refuses to store it
        if self.text == "never" or (self.text == "auto" and _is_binary(content)):
            return content
        return content.replace(b"\r\n", b"\n")

    def checked_out(self, content: bytes) -> bytes:
        """Return stored CONTENT as the work tree has it; raise `ContentError` where it cannot."""
        converts = self.text == "always" or (self.text == "auto" and _is_plain(content))
        if self.crlf and converts:
            content = _LINE.sub(b"\r\n", content)
        if not self.encoding:
            return content
        try:
            return self.bom + _unicode(content).encode(self.encoding)
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            raise ContentError(
                f"its working-tree-encoding in .gitattributes, {self.encoding}, has no {character!a}",
                hint="Set an encoding for the file in .gitattributes that has all characters of its language,"
                " such as UTF-8.",
            ) from None


AS_IT_IS = Conversion()
"""What git does with most files."""


def conversions(git: Git, paths: Iterable[str]) -> dict[str, Conversion]:
    """Return how git converts those of PATHS that are not the same in the repository and the work tree."""
    wanted = sorted(set(paths))
    if not wanted:
        return {}
    given = _given(git, wanted)
    settings = _settings(git)
    usual = conversion({}, settings)
    found = {path: conversion(given[path], settings) if path in given else usual for path in wanted}
    return {path: conversion for path, conversion in found.items() if conversion != AS_IT_IS}


def problems(git: Git, paths: Iterable[str]) -> dict[str, str]:
    """Return, for those of PATHS whose attributes cannot be honoured, what cannot; a predicate."""
    given = _given(git, sorted(set(paths)))
    found = {path: conversion(attributes, {}).problem for path, attributes in given.items()}
    return {path: problem for path, problem in found.items() if problem}


def _given(git: Git, paths: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the attributes that .gitattributes gives those of PATHS that it names."""
    names = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    out = git("check-attr", "--stdin", "-z", *_ASKED, stdin=names) if paths else b""
    values = out.decode("utf-8", "surrogateescape").split("\0")
    given: dict[str, dict[str, str]] = {}
    for path, name, value in zip(values[0::3], values[1::3], values[2::3], strict=False):
        if value != "unspecified":
            given.setdefault(path, {})[name] = value
    return given


def _settings(git: Git) -> Mapping[str, str]:
    found = {name: git.settings().get(f"core.{name}") for name in _SETTINGS}
    return {name: values[-1].strip().lower() or "true" for name, values in found.items() if values}


def conversion(
    given: Mapping[str, str], settings: Mapping[str, str], *, native: str = os.linesep
) -> Conversion:
    """Return what git does with a file that has these attributes, in a repository with these settings.

    NATIVE is the line end of the system.
    """
    text = given.get("text") or given.get("crlf") or ""
    eol = given.get("eol", "lf" if text == "input" else "")
    problem = "" if eol in {"", "lf", "crlf", "set", "unset"} else f"has `eol={eol}`; git knows lf and crlf"
    if text not in {"set", "auto", "unset"} and eol in {"lf", "crlf"}:
        text = "set"
    automatic = settings.get("autocrlf", "false")
    if not text and automatic in {"true", "input", "yes", "on", "1"}:
        text, eol = "auto", "lf" if automatic == "input" else "crlf"
    named, bom, wrong = _encoding(given.get("working-tree-encoding", ""))
    kinds: Mapping[str, Literal["always", "auto"]] = {"set": "always", "auto": "auto"}
    return Conversion(
        text=kinds.get(text, "never"),
        crlf=text in kinds and (eol == "crlf" or (eol != "lf" and _usual_crlf(settings, native))),
        encoding=named,
        bom=bom,
        filtered=given.get("filter", "unset") not in {"unset", "set"},
        problem=problem or wrong,
    )


def _usual_crlf(settings: Mapping[str, str], native: str) -> bool:
    """Whether text has CRLF in the work tree where no attribute says it."""
    automatic = settings.get("autocrlf", "false")
    if automatic in {"true", "yes", "on", "1"}:
        return True
    if automatic == "input":
        return False
    usual = settings.get("eol", "native")
    return usual == "crlf" or (usual == "native" and native == "\r\n")


def _encoding(named: str) -> tuple[str, bytes, str]:
    """Return Python's name of a working-tree encoding, the mark that it begins with, and what is wrong."""
    if named in {"", "unset"}:
        return "", b"", ""
    if named == "set":
        return "", b"", "has `working-tree-encoding` without a value"
    plain = named.lower().replace("_", "-").replace("utf16", "utf-16").replace("utf-16be", "utf-16-be")
    plain = plain.replace("utf-16le", "utf-16-le")
    bom = _BOMS.get(plain, b"")
    try:
        found = codecs.lookup(plain.removesuffix("-bom") if bom else named)
        "l10n".encode(found.name)
    except (LookupError, UnicodeError):
        return "", b"", f"has `working-tree-encoding={named}`, an encoding that is not known here"
    return ("", b"", "") if found.name == "utf-8" else (found.name, bom, "")


def _unicode(content: bytes) -> str:
    """Return the text of stored content: UTF-8, unless it says otherwise."""
    for mark, name in zip(_MARKED, ("utf-8", "utf-16-le", "utf-16-be"), strict=True):
        if content.startswith(mark):
            return content[len(mark) :].decode(name)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ContentError(
            "git must store it as UTF-8 because of its working-tree-encoding, but it is not UTF-8",
            hint="Take `working-tree-encoding` from .gitattributes, or store the source as UTF-8.",
        ) from error


def _is_plain(content: bytes) -> bool:
    """Whether automatic conversion gives it CRLF: text whose lines all end in LF."""
    return b"\r" not in content and not _is_binary(content)


def _is_binary(content: bytes) -> bool:
    """Whether git takes it for something else than text."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\r\n"):
        return True
    controls = len(content) - len(content.translate(None, _CONTROLS))
    return controls > (len(content) - controls) >> 7
