"""Readers and judges over real repositories, each a folder inside the one named: what is wrong, by type.

`python -m tests.judges.sweep FOLDER [--limit N] [--type T] [--details FILE]` prints a table.
FILE gets a line of JSON for each thing found. N files and pairs of a type are taken of each repository.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, Finding, Unit
from tests.formats import test_oracles
from tests.judges import loaders, pairs, programs, verdicts
from tests.judges.pairs import Pair
from tests.judges.programs import Question
from tests.judges.verdicts import ARGUMENTS, Doubt

COLUMNS = (
    "files", "unreadable", "pseudo", "differ", "pairs", "wrong", "errors", "unjudged", "contradicted",
    "alarmed", "only false", "removed", "removed seen", "renamed", "renamed seen",
)  # fmt: skip
LEGEND = """
files       that were read
unreadable  refused by the reader
pseudo      broken by pseudo-localization, by the product's own check
differ      the type's library or program reads other texts, or refuses the file
pairs       committed translations with their source
wrong       of these, with an error; keys aside, as the two are of different times
errors      in all of them
unjudged    errors about which no program can be asked
contradicted  errors in a text that its platform formats without complaint, with the same arguments
alarmed     pairs with such a false alarm
only false  pairs that fail for nothing else
removed     arguments that were taken out on purpose
removed seen  of these, found by the check
renamed     arguments that got another name, number or kind on purpose
renamed seen  of these, found by the check
"""
_ASIDE = {"key-missing", "key-extra", "structure"}
_DECIDED = {"bidi", "key-twice"}
"""Rules whose errors a program takes without complaint, to people's harm: no false alarm."""
_LARGE = 400_000
_PROGRAMS = {"phpResource": "php", "fluent": "fluent", "mdx": "mdx"}
"""Types that a program reads and no library of `test_oracles`."""

_WORD = re.compile(r"\w+")
_CHOOSES = re.compile(r",\s*(?:plural|select|selectordinal|choice)\s*,")
"""A message pattern whose cases stand in braces as its arguments do."""

Totals = dict[str, Counter[str]]


class Sweep:
    """One run over many repositories."""

    def __init__(self, limit: int, types: Sequence[str], details: TextIO | None) -> None:
        self.limit = limit
        self.types = types
        self.details = details
        self.totals: Totals = defaultdict(Counter)
        self.doubts: list[tuple[Pair, Finding, Doubt]] = []
        self.wrong: dict[Pair, list[bool | None]] = {}
        self.loaded: list[tuple[str, Path, Document]] = []

    def repository(self, folder: Path) -> None:
        """Take one repository."""
        files = [(name, path) for name, path in pairs.resources(folder) if self._wanted(name, path)]
        for name, path in self._some(folder, files, lambda file: file[0]):
            self._file(name, path, folder)
        for pair in self._some(folder, pairs.pairs(files, folder), lambda pair: pair.file_type):
            self._pair(pair, folder)

    def finish(self) -> None:
        """Ask the programs, once each, what they make of all files and texts."""
        self._ask_loaders()
        found = verdicts.contradicted([doubt for _pair, _finding, doubt in self.doubts])
        for (pair, finding, doubt), verdict in zip(self.doubts, found, strict=True):
            self.wrong[pair].append(verdict)
            self._note(
                "error", pair.file_type, pair.translation, finding=finding, doubt=doubt, contradicted=verdict
            )
        for pair, said in self.wrong.items():
            count = self.totals[pair.file_type]
            count["errors"] += len(said)
            count["unjudged"] += said.count(None)
            count["contradicted"] += said.count(True)
            count["alarmed"] += True in said
            count["only false"] += all(said)

    def _wanted(self, name: str, path: Path) -> bool:
        return (not self.types or name in self.types) and path.stat().st_size <= _LARGE

    def _some(self, folder: Path, found: Iterable[Any], kind: Any) -> list[Any]:
        """Return at most LIMIT of each kind, the same ones every time."""
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for thing in found:
            by_kind[kind(thing)].append(thing)
        chance = random.Random(folder.name)
        return [
            thing
            for things in by_kind.values()
            for thing in (things if len(things) <= self.limit else chance.sample(things, self.limit))
        ]

    def _note(self, what: str, file_type: str, path: Path, **more: object) -> None:
        if self.details:
            line = {"what": what, "type": file_type, "path": str(path), **more}
            print(json.dumps(line, ensure_ascii=False, default=str), file=self.details, flush=True)

    # --- a file alone -----------------------------------------------------------------------------------

    def _file(self, name: str, path: Path, repository: Path) -> None:
        data, count = path.read_bytes(), self.totals[name]
        count["files"] += 1
        try:
            document = formats.parse(name, data)
        except ContentError as error:
            count["unreadable"] += 1
            self._note("unreadable", name, path, error=str(error))
            return
        assert document is not None
        broken = _broken_by_pseudo(name, data)
        if broken:
            count["pseudo"] += 1
            self._note("pseudo", name, path, error=broken)
        if name in test_oracles.ORACLES:
            try:
                test_oracles.agree(name, data)
            except Exception as error:  # noqa: BLE001 a library that refuses the file is a difference, too
                count["differ"] += 1
                self._note("differ", name, path, error=str(error)[:300] or "other texts")
        elif name in _PROGRAMS:
            self.loaded.append((name, path, document))
        self._seed(name, path, repository, document)

    def _ask_loaders(self) -> None:
        asked = [
            (name, path, document)
            for name, path, document in self.loaded
            if not programs.missing(loaders.PROGRAMS[_PROGRAMS[name]][0])
        ]
        questions = [Question(_PROGRAMS[name], "en", path) for name, path, _document in asked]
        for (name, path, document), reply in zip(asked, loaders.ask(questions), strict=True):
            error = "" if reply.error == "computes" else reply.error
            if not reply.error and name == "phpResource":
                lost = {unit.text for unit in document.units} - set(reply.texts)
                error = f"not shown: {sorted(lost)[:2]}" if lost else ""
            if error:
                self.totals[name]["differ"] += 1
                self._note("differ", name, path, error=error)

    def _seed(self, name: str, path: Path, repository: Path, document: Document) -> None:
        """Take an argument away in up to three strings of a file, and give it another name."""
        if name == "xcstrings":
            return  # its other languages stand beside the source
        seeded, last_forms = 0, _last_forms(document)
        for index, unit in enumerate(document.units):
            if seeded == 3:
                break
            platform = verdicts.ecosystem(name, path, repository, unit.flags)
            argument = _argument(platform, unit, document, last_forms.get(unit.key, ""))
            if argument is None:
                continue
            before, after = unit.text[: argument.start()], unit.text[argument.end() :]
            word = re.search(r"\w+", argument[0])
            again = argument[0] in before + after
            if again or (word and argument[0][0] in "{%" and word[0] in _WORD.findall(before + after)):
                continue  # it stands there twice, or selects too
            seeded += 1
            seeds = {"removed": before + after, "renamed": before + verdicts.renamed(argument[0]) + after}
            for what, text in seeds.items():
                found = _is_found(name, path, document, index, f"Xx {text}")
                self.totals[name][what] += 1
                self.totals[name][f"{what} seen"] += found
                if not found:
                    self._note(
                        "missed", name, path, key=unit.key, text=unit.text, seeded=text, platform=platform
                    )

    # --- a translation ----------------------------------------------------------------------------------

    def _pair(self, pair: Pair, repository: Path) -> None:
        source, translation = pair.source.read_bytes(), pair.translation.read_bytes()
        count = self.totals[pair.file_type]
        count["pairs"] += 1
        found = formats.check(pair.file_type, source, translation, locale=pair.locale)
        errors = [finding for finding in found if finding.severity == "error" and finding.rule not in _ASIDE]
        if not errors:
            return
        count["wrong"] += 1
        self.wrong[pair] = []
        complaints = verdicts.by_msgfmt(pair.translation) if pair.file_type == "gettext" else set()
        before, after = _units(pair.file_type, source), _units(pair.file_type, translation)
        for finding in errors[:20]:
            one, other = before.get(finding.key), after.get(finding.key)
            if pair.file_type == "gettext" and finding.rule not in _DECIDED:
                near = any(abs(line - finding.line) <= 12 for line in complaints)
                taken = not near and not verdicts.names_differ(one, other)
                self.wrong[pair].append(taken)
                self._note("error", pair.file_type, pair.translation, finding=finding, contradicted=taken)
            elif not finding.key or one is None or other is None or finding.rule in _DECIDED:
                verdict = False if finding.rule in _DECIDED else None
                self.wrong[pair].append(verdict)
                self._note("error", pair.file_type, pair.translation, finding=finding, contradicted=verdict)
            else:
                platform = verdicts.ecosystem(pair.file_type, pair.source, repository)
                texts = one.text, other.value
                if pair.file_type == "fluent":
                    texts = _entry(source, finding.key), _entry(translation, finding.key)
                self.doubts.append((pair, finding, Doubt(platform, pair.locale, *texts)))


def _argument(platform: str, unit: Unit, document: Document, last_form: str) -> re.Match[str] | None:
    """Return an argument that a string cannot lose; None if it has none for certain."""
    if platform not in ARGUMENTS or _CHOOSES.search(unit.text) or unit.unfinished:
        return None  # what is unfinished is not loaded
    found = list(ARGUMENTS[platform].finditer(unit.text))
    if platform in {"markdown", "mdx"}:  # what stands elsewhere in the page is not lost
        found = [argument for argument in found if document.text.count(argument[0]) == 1]
    worded = unit.plural not in {"", "other", last_form}
    if worded and len(found) < 2:
        return None
    if worded or platform == "i18next":
        found = [argument for argument in found if not _COUNTS.search(argument[0])]
    return found[-1] if found and unit.plural else next(iter(found), None)


_COUNTS = re.compile(r"count|%L?n|%(?:\d+\$)?l*d")
"""A form may say a number in words."""


def _last_forms(document: Document) -> dict[str, str]:
    """Return by key the last of the numbered forms of a plural, which stands for most numbers."""
    forms = (unit for unit in document.units if unit.plural.isdigit())
    return {unit.key: unit.plural for unit in sorted(forms, key=lambda unit: int(unit.plural))}


def _broken_by_pseudo(name: str, data: bytes) -> str:
    try:
        made = formats.pseudo(name, data)
        found = [
            finding
            for finding in formats.check(name, data, made, locale="de-DE")
            if finding.severity == "error"
        ]
    except ContentError as error:
        return str(error)
    return str(found[0]) if found else ""


def _is_found(name: str, path: Path, document: Document, index: int, text: str) -> bool:
    """Return whether the check finds an error in a file whose string at INDEX says TEXT."""
    texts = (
        {number: unit.text for number, unit in enumerate(document.units)} if name in pairs.BILINGUAL else {}
    )
    made = document.replace({**texts, index: text})
    found = formats.check(name, path.read_bytes(), made, locale="de-DE")
    key = document.units[index].key
    return any(finding.severity == "error" and finding.key == key for finding in found)


def _units(name: str, data: bytes) -> dict[str, Unit]:
    try:
        document = formats.parse(name, data)
    except ContentError:
        return {}
    return {unit.key: unit for unit in document.units} if document else {}


def _entry(data: bytes, key: str) -> str:
    """Return a Fluent message with the terms of its file."""
    from fluent.syntax import FluentSerializer, ast
    from fluent.syntax import parse as parsed

    name = key.partition(".")[0]
    serialize = FluentSerializer().serialize_entry
    body = parsed(data.decode("utf-8", "replace")).body
    wanted = [
        entry
        for entry in body
        if isinstance(entry, ast.Term) or (isinstance(entry, ast.Message) and entry.id.name == name)
    ]
    return "\n".join(serialize(entry) for entry in wanted)


def table(totals: Totals) -> str:
    """Return the figures as text."""
    widths = [max(len(column), 7) for column in COLUMNS]
    lines = [
        "type".ljust(16) + "  ".join(name.rjust(width) for name, width in zip(COLUMNS, widths, strict=True))
    ]
    for file_type, count in sorted(totals.items()):
        cells = [str(count[name]).rjust(width) for name, width in zip(COLUMNS, widths, strict=True)]
        lines.append(file_type.ljust(16) + "  ".join(cells))
    return "\n".join(lines)


def main() -> None:
    """Run over a folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, epilog=LEGEND)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--type", action="append", default=[])
    parser.add_argument("--details", type=argparse.FileType("w", encoding="utf-8"))
    arguments = parser.parse_args()
    sweep = Sweep(arguments.limit, arguments.type, arguments.details)
    found = pairs.repositories(arguments.folder)
    for folder in found:
        sweep.repository(folder)
    sweep.finish()
    print(f"{len(found)} repositories\n\n{table(sweep.totals)}\n{LEGEND}")  # noqa: T201


if __name__ == "__main__":
    main()
