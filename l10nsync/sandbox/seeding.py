"""Loads what exists already: a repository with its translations, or a folder of translated files.

What a repository means is asked of `l10nsync list`, as anybody may: the sandbox knows no manifests.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import click

from l10nsync.errors import ContentError
from l10nsync.formats import xcstrings
from l10nsync.sandbox.testing import ControlClient, ControlError


@dataclass(frozen=True, slots=True)
class SeedTranslation:
    """A translated file of the repository."""

    path: Path
    local_name: str
    """What the repository calls the language."""

    def content(self, file_type: str, locale: str) -> bytes:
        """Return its bytes as the service knows them: a file of all languages has the ids of the service."""
        data = self.path.read_bytes()
        if file_type != "xcstrings":
            return data
        try:
            return xcstrings.rename(data, {self.local_name: (locale,)})
        except ContentError:
            return data  # the sandbox says what is wrong with it


@dataclass(frozen=True, slots=True)
class SeedSource:
    """A source of the repository with the files that translate it."""

    uri: str
    file_type: str
    content: bytes
    settings: Mapping[str, Any]
    """Namespace, charset and directives."""
    translations: Mapping[str, SeedTranslation]
    """By locale, those that exist."""


@dataclass(slots=True)
class Loaded:
    """What was loaded."""

    sources: int = 0
    files: int = 0
    strings: int = 0
    problems: list[str] = field(default_factory=list)


def read(folder: Path, environ: Mapping[str, str]) -> list[SeedSource]:
    """Return the sources that a repository's manifest names; raise a usage error if it cannot be read."""
    listed = json.loads(_run([sys.executable, "-m", "l10nsync", "list", "--format", "json"], folder, environ))
    top = Path(_run(["git", "rev-parse", "--show-toplevel"], folder, environ).decode().strip())
    rows: dict[str, list[dict[str, str]]] = {}
    for row in listed["rows"]:
        rows.setdefault(row["fileUri"], []).append(row)
    return [_source(top, uri, mine, listed["settings"][uri]) for uri, mine in rows.items()]


def languages(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return source locale and locales of the manifest that holds in FOLDER; nothing if none can be read."""
    command = [sys.executable, "-m", "l10nsync", "list", "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        return "", ()
    found = json.loads(done.stdout)["projects"].values()
    locales = dict.fromkeys(chain.from_iterable(project["locales"] for project in found))
    return next((project["sourceLocale"] for project in found), ""), tuple(locales)


def _source(
    top: Path, uri: str, rows: Sequence[Mapping[str, str]], settings: Mapping[str, Any]
) -> SeedSource:
    head = rows[0]
    translations: dict[str, SeedTranslation] = {}
    for row in rows:
        path = top / row["target"]
        if row["locale"] and row["target"] and path.is_file():
            translations.setdefault(row["locale"], SeedTranslation(path, row["localName"]))
    return SeedSource(
        uri=uri,
        file_type=head["fileType"],
        content=_committed(top, head["source"]),
        settings={"namespace": head["namespace"], **settings},
        translations=translations,
    )


def _committed(top: Path, path: str) -> bytes:
    """Return a file as the last commit has it, or as it lies there if no commit has it yet."""
    done = subprocess.run(["git", "show", f"HEAD:{path}"], cwd=top, capture_output=True, check=False)
    return (top / path).read_bytes() if done.returncode else done.stdout


def _run(argv: Sequence[str], folder: Path, environ: Mapping[str, str]) -> bytes:
    done = subprocess.run(
        list(argv), cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise click.UsageError(done.stderr.decode("utf-8", "replace").strip() or f"{argv[0]} failed")
    return done.stdout


def load(client: ControlClient, project: str, sources: Iterable[SeedSource]) -> Loaded:
    """Put everything into a project; what the sandbox refuses is named and left out."""
    done = Loaded()
    for source in sources:
        try:
            client.source(project, source.uri, source.file_type, source.content, **source.settings)
        except ControlError as error:
            done.problems.append(f"{source.uri}: {error}")
            continue
        done.sources += 1
        for locale, translation in source.translations.items():
            content = translation.content(source.file_type, locale)
            try:
                taken = client.translation(project, source.uri, locale, content)
            except ControlError as error:
                done.problems.append(f"{translation.path.name}: {error}")
                continue
            done.files += 1
            done.strings += taken["strings"]
    return done


def archive(folder: Path, uris: Sequence[str], locales: Sequence[str]) -> list[tuple[str, str, Path]]:
    """Return fileUri, locale and path of what FOLDER holds as LOCALE/FILEURI; only LOCALES unless none."""
    return list(_archive(folder, uris, locales or sorted(path.name for path in folder.iterdir())))


def _archive(folder: Path, uris: Sequence[str], locales: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
    root = folder.resolve()
    for locale in locales:
        for uri in uris:
            path = (root / locale / uri.lstrip("/")).resolve()
            if path.is_relative_to(root) and path.is_file():
                yield uri, locale, path
