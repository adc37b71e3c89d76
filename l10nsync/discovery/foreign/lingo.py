"""i18n.json of lingo.dev."""

from __future__ import annotations

import re

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import ForeignEntry, Keys, assembled, glob_regex, ours, plain_path
from l10nsync.discovery.foreign.data import json_data
from l10nsync.discovery.names import service_id, service_ids
from l10nsync.discovery.readings import PLACE

_TYPES = {
    "android": "android", "json": "json", "po": "gettext", "properties": "javaProperties",
    "xcode-strings": "ios", "xcode-stringsdict": "stringsdict", "xcode-xcstrings": "xcstrings",
    "yaml": "yaml", "yaml-root-key": "yaml", "markdown": "markdown", "mdx": "mdx", "flutter": "arb",
    "php": "phpResource", "xliff": "xliff", "srt": "srt", "vtt": "vtt", "html": "html",
}  # fmt: skip
_TABLES = frozenset({"csv"})
"""Buckets with a column for each language, where the path names none."""


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for an i18n.json."""
    data = Keys(json_data(text))
    if not data.has("buckets"):
        raise ValueError("there are no `buckets`: this file is of another tool than lingo.dev")
    data.take("$schema")
    data.take("version")
    locale = data.below("locale")
    own = str(locale.take("source"))
    ids = service_ids(map(str, locale.take("targets", [])))
    names = {key: local[0] for key, local in ids.items()}
    buckets = data.below("buckets")
    entries: list[ForeignEntry] = []
    notes: list[str] = []
    for kind in buckets.names():
        bucket = buckets.below(kind)
        exclude = [_path(path) for path in bucket.take("exclude", [])]
        for include in bucket.take("include", []):
            keys = Keys(
                include if isinstance(include, dict) else {"path": include}, f"buckets.{kind}.include."
            )
            path = _path(keys.take("path"))
            if kind in _TABLES and PLACE not in path:
                notes.append(f"TODO key: buckets.{kind}: {path} holds all languages: split it by language")
            else:
                entries.append(_entry(kind, path, exclude, own, names))
            notes += keys.left()
        notes += bucket.left()
    left = (*data.left(), *locale.left(), *buckets.left(), *notes)
    draft = Draft((), dict(names), service_id(own), notes=left)
    return assembled(entries, files, draft, read)


def _path(value: object) -> str:
    return plain_path(str(value["path"] if isinstance(value, dict) else value)).replace("[locale]", PLACE)


def _entry(kind: str, path: str, exclude: list[str], own: str, names: dict[str, str]) -> ForeignEntry:
    from l10nsync import formats

    source, target = path.replace(PLACE, own), path
    detected = formats.detect(source)
    wanted = _TYPES.get(kind, "")
    notes = () if wanted or detected else (f"TODO key: buckets.{kind}: what type of file is this?",)
    excluded = [path.replace(PLACE, own) for path in exclude]
    resource = DraftResource(
        kind, tuple(ours(source)), target, tuple(f"/{path}" for path in excluded),
        "" if detected and detected.name == wanted else wanted, notes=notes,
    )  # fmt: skip
    matched, skipped = glob_regex(source), [glob_regex(path) for path in excluded]

    def matches(file: str) -> bool:
        return matched.fullmatch(file) is not None and not any(pattern.fullmatch(file) for pattern in skipped)

    def lies(file: str) -> str | None:
        pieces = glob_stars(source).fullmatch(file)
        text = target
        for piece in pieces.groups() if pieces else ():
            text = text.replace("**/" if "**/" in text else "*", piece or "", 1)
        return text

    return ForeignEntry(resource, matches, lies, names, are_all=True)


def glob_stars(pattern: str) -> re.Pattern[str]:
    """Return what a glob matches, each wildcard as a group."""
    text = re.escape(pattern).replace(r"\*\*/", "((?:.+/)?)").replace(r"\*", "([^/]*)")
    return re.compile(text)
