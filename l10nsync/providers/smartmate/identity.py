"""How an order is known again: tags for its project, its languages and each of its files. Pure.

The service keeps of an order what its examples show: documents by name (at times only once it is completed),
final documents whose language may not be said, and tags, by which orders can be searched. So a request
carries one tag for the project, tags that name its languages, and for each file one tag of fileUri and
content. A tag has letters and digits only, fewer than 64; a request has at most 20.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha1, sha256
from posixpath import basename, dirname, splitext

from l10nsync.errors import UsageError
from l10nsync.model import Upload, fold

TAGS = 20
"""Tags of a request, and tags that one query may name."""
TAG_LENGTH = 63
_KEY, _BLOB, _IN_NAME = 22, 40, 12
"""Digits of a fileUri's digest and of a blob id in a tag, and of the former in a document's name."""
_FILE = re.compile(rf"f([0-9a-f]{{{_KEY}}})([0-9a-f]{{{_BLOB}}})")
_NAMED = re.compile(rf"--([0-9a-f]{{{_IN_NAME}}})(?:\.[^.]*)?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_STEM, _LONGEST_FOLDER, _LONGEST_SUFFIX = 36, 30, 12


@dataclass(frozen=True, slots=True)
class Known:
    """What the tags of one request say."""

    files: tuple[tuple[str, str], ...]
    """Key of the fileUri, and blob id."""
    codes: tuple[str, ...]
    """Languages, in lower case."""


def key(project: str, uri: str) -> str:
    """Return what stands for a fileUri of PROJECT; a branch in the fileUri counts, case does not."""
    return sha256(f"{project}\0{fold(uri)}".encode("utf-8", "surrogatepass")).hexdigest()[:_KEY]


def blob_of(upload: Upload) -> str:
    """Return the blob id of an upload, as git names it, cut to what a tag holds."""
    named = upload.blob or _git_blob(upload.content)
    return named[:_BLOB]


def _git_blob(content: bytes) -> str:
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def short(blob: str) -> str:
    """Return a blob id as tags hold it: that of a SHA-256 repository is cut."""
    return blob[:_BLOB]


def project_tag(project: str) -> str:
    """Return the tag that all orders of PROJECT carry."""
    return "p" + sha256(f"project\0{project}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


def file_tag(uri_key: str, blob: str) -> str:
    """Return the tag of one content of one file."""
    return f"f{uri_key}{blob}"


def language_tags(codes: Iterable[str]) -> list[str]:
    """Return tags that name languages, as many to a tag as it holds; the same for any order of CODES.

    Each subtag follows its length, and a 0 ends a language: `de-DE` is `2de2de0`.
    """
    tags: list[str] = []
    for code in sorted({normal(code) for code in codes}):
        parts = code.split("-")
        if not all(part.isascii() and part.isalnum() and len(part) < len(_DIGITS) for part in parts):
            raise UsageError(f"{code!r} cannot be an IsoCode", hint="`check --online` compares the codes.")
        word = "".join(f"{_DIGITS[len(part)]}{part}" for part in parts) + "0"
        if not tags or len(tags[-1]) + len(word) > TAG_LENGTH:
            tags.append("c")
        tags[-1] += word
    return tags


def _languages(tag: str) -> list[str] | None:
    """Return the languages of a tag; None if it is not ours."""
    codes: list[str] = []
    parts: list[str] = []
    at = 1
    while at < len(tag):
        length = _DIGITS.find(tag[at])
        if length < 0:
            return None
        if length == 0:
            if not parts:
                return None
            codes.append("-".join(parts))
            parts = []
        elif at + length >= len(tag):
            return None
        else:
            parts.append(tag[at + 1 : at + 1 + length])
        at += 1 + length
    return codes if codes and not parts else None


def read_tags(tags: Iterable[str]) -> Known:
    """Return what tags say; those of other people say nothing."""
    files: list[tuple[str, str]] = []
    codes: list[str] = []
    for tag in (tag.lower() for tag in tags):
        if found := _FILE.fullmatch(tag):
            files.append((found[1], found[2]))
        elif tag.startswith("c"):
            codes += _languages(tag) or []
    return Known(tuple(files), tuple(codes))


def normal(code: str) -> str:
    """Return the form in which language codes are compared."""
    return code.strip().replace("_", "-").lower()


def spelled(code: str) -> str:
    """Return a language code in its usual case: `zh-hans-cn` is `zh-Hans-CN`."""
    first, *rest = code.split("-")
    case = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(case.get(len(part), str.lower)(part) for part in rest)])


def document_name(uri: str, uri_key: str) -> str:
    """Return the name under which a file is posted: readable, and with the fileUri's key in it.

    It begins with the file's own name, which shows its type, and keeps its suffix.
    """
    stem, suffix = splitext(basename(uri))
    suffix = _plain(suffix)[:_LONGEST_SUFFIX]
    folder = _plain(dirname(uri).replace("/", "-"))[-_LONGEST_FOLDER:].strip("-")
    parts = [_plain(stem)[:_LONGEST_STEM] or "file", *([folder] if folder else []), uri_key[:_IN_NAME]]
    return "--".join(parts) + suffix


def is_document_of(name: str, uri_key: str) -> bool:
    """Whether a source document's name says that it is the file with that key."""
    found = _NAMED.search(name)
    return found is not None and name.endswith(found[0]) and found[1] == uri_key[:_IN_NAME]


def _plain(text: str) -> str:
    return re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9._-]", "-", text))


def capacity(codes: Sequence[str], own_tags: int) -> int:
    """Return how many files a request in these languages holds beside OWN_TAGS of the user."""
    return TAGS - 1 - len(language_tags(codes)) - own_tags
