"""The files that could be translated, and what their contents say. Pure: contents come from a function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from l10nsync import formats
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.errors import ContentError

SKIPPED = re.compile(
    r"(^|/)(?P<word>node_modules|vendor|third[_-]party|Pods|Carthage|bower_components|dist|(?:e2e|integration)?[_-]?tests?|__tests__|spec|e2e"
    r"|fixtures?|testdata|test-data|mocks?|__mocks__|\.[^/]+)(?=/)",
    re.IGNORECASE,
)
"""Folders of packages, tests and tools: what lies there is not the product's own text."""
_PAGES_FOR_READERS = re.compile(
    r"(^|/)(readme|contributing|changelog|changes|code[_-]of[_-]conduct|license|security|history|authors)\b[^/]*"
    r"\.(md|mdx|markdown|rst|adoc|txt|html?)$",
    re.IGNORECASE,
)
_PAGES_OF_SITES = re.compile(r"(^|/)(docs?|content|pages|site|website)/(.*/)?(?!readme)[^/]+$", re.IGNORECASE)
"""Pages of a site, which has its own about its history and its licence."""
_BILINGUAL = frozenset({"qt", "xliff", "xliff2"})
_DECLARED = re.compile(rb"\b(?:source-language|srcLang|sourcelanguage)=[\"']([\w-]+)")
_HEAD = 2000
"""So many bytes of a file name its languages."""
_LIST = re.compile(rb"\s*\[\s*[\"\[]")
_PACKAGES = re.compile(r"(^|/)manifests/.+\.locale\.[\w-]+\.ya?ml$")
"""What WinGet says of a package, a file for each version and language."""
_PROGRAMS_OWN = re.compile(
    r"(^|/)(package(-lock)?|tsconfig[\w.-]*|composer|bower|lerna|nx|turbo|angular|jest[\w.-]*|\.?eslintrc"
    r"|\.?prettierrc|firebase|vercel)\.json$"
    r"|(^|/)(docker-compose[\w-]*|pubspec|mkdocs|_config|\.travis|appveyor|gradle|gradle-wrapper|log4j2?)"
    r"\.(ya?ml|properties)$",
    re.IGNORECASE,
)
"""Settings of programs: they lie beside each other in folders that look like languages."""
UNREAD: Mapping[str, str] = {
    ".js": "a program", ".ts": "a program", ".mjs": "a program", ".tsx": "a program", ".toml": "TOML",
    ".ini": "an INI file", ".lang": "a .lang file", ".json5": "JSON5", ".hjson": "Hjson",
    ".storyboard": "an interface file", ".xib": "an interface file", ".rst": "reStructuredText",
    ".adoc": "AsciiDoc", ".wxl": "a WiX file", ".rc": "a resource script", ".csv": "a table",
    ".xml": "XML without a known layout", ".php": "a program", ".txt": "plain text",
}  # fmt: skip
"""Endings of files that may hold translations and are not taken, each with what such a file is."""
_OF_LANGUAGES = re.compile(
    r"(^|/)(lang|languages?|i18n|l10n|locales?|locali[sz]ations?|translations?|messages)/", re.IGNORECASE
)
"""Folders in which PHP holds texts."""
_STORE = re.compile(
    r"(^|/)(fastlane|metadata|listings?|descriptions?|store|whatsnew|subtitles)/", re.IGNORECASE
)
"""Folders in which plain text is for people; elsewhere it is as often a list of words for a program."""
_HOMES: Mapping[str, re.Pattern[str]] = {"plainText": _STORE, "phpResource": _OF_LANGUAGES}
"""Types that hold texts for people in some folders alone."""
_BY_CONTENT = ((".ts", b"<TS", "qt"), (".inc", b"<?php", "phpResource"))
"""Endings of several types: what a content has at its beginning, and the type that it is then."""
_LEFT_TO_PEOPLE = frozenset({"csv", "svg", "xml", "dita", "tmx", "xliffCat", "pres", "freemarker"})
"""Types that need directives which no layout shows."""


@dataclass
class Inventory:
    """What the files are; contents are read when something depends on them, and once."""

    read: ReadFile
    paths: tuple[str, ...] = ()
    """All tracked files, sorted."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Path of a file that can be taken to its type."""
    unread: dict[str, str] = field(default_factory=dict)
    """Path of a file that cannot to what it is."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Path of a file in a folder that is not looked into to the word that says so."""
    _parsed: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    _called: dict[str, list[str]] = field(default_factory=dict)

    def values(self, path: str) -> dict[str, str]:
        """Return key to text of a file, the translated one if it has both; empty if it cannot be read."""
        return self._both(path)[0]

    def texts(self, path: str) -> dict[str, str]:
        """Return key to source text of a file; empty if it cannot be read."""
        return self._both(path)[1]

    def _both(self, path: str) -> tuple[dict[str, str], dict[str, str]]:
        if path not in self._parsed:
            try:
                found = formats.parse(self.kinds[path], self.read(path))
            except (ContentError, KeyError):
                found = None
            units = [(_rootless(unit.key, self.kinds[path]), unit) for unit in found.units] if found else []
            self._parsed[path] = (
                {key: unit.value for key, unit in units},
                {key: unit.text for key, unit in units},
            )
        return self._parsed[path]

    def declared(self, path: str) -> str:
        """Return the source language that a file of source and translation names; empty if it names none."""
        found = _DECLARED.search(self.read(path)[:_HEAD]) if self.kinds[path] in _BILINGUAL else None
        return found[1].decode() if found else ""

    def called(self, names: Iterable[str]) -> list[str]:
        """Return the paths of the files that can be taken and have one of NAMES."""
        if not self._called:
            for path in self.kinds:
                self._called.setdefault(path.rpartition("/")[2], []).append(path)
        return list(chain.from_iterable(self._called.get(name, ()) for name in names))

    def is_list(self, path: str) -> bool:
        """Whether a file of JSON is a list of words or of lists: what a program reads, without keys."""
        return self.kinds[path] == "json" and _LIST.match(self.read(path)) is not None

    def alike(self, first: str, second: str) -> bool | None:
        """Whether two files hold the same keys; None if contents do not show it."""
        kind = formats.get(self.kinds[first])
        if kind is None or not kind.keeps_keys:
            return None
        a, b = self.values(first).keys(), self.values(second).keys()
        if not a or not b:
            return None
        return 3 * len(a & b) >= min(len(a), len(b))


def _rootless(key: str, kind: str) -> str:
    """Return a key without the root of YAML that names the language."""
    return key.partition("/")[2] or key if kind == "yaml" else key


def take_stock(files: Iterable[str], read: ReadFile = lambda _path: b"") -> Inventory:
    """Return what FILES are (POSIX paths); READ gives a content, of names that leave a doubt alone."""
    stock = Inventory(read, tuple(sorted(set(files))))
    for path in stock.paths:
        if skipped := SKIPPED.search(path):
            stock.skipped[path] = skipped["word"]
        elif _PAGES_FOR_READERS.search(path) and not _PAGES_OF_SITES.search(path):
            stock.unread[path] = "a page about the repository"
        elif _PACKAGES.search(path):
            stock.unread[path] = "a package manifest"
        elif not _PROGRAMS_OWN.search(path):
            kind = _kind(path, read)
            ending = path[path.rfind(".") :].lower() if "." in path.rpartition("/")[2] else ""
            if kind:
                stock.kinds[path] = kind
            elif ending in UNREAD:
                stock.unread[path] = UNREAD[ending]
    return stock


def _kind(path: str, read: ReadFile) -> str:
    """Return the type of a file that can be taken; empty if it cannot."""
    for ending, sign, kind in _BY_CONTENT:
        if path.endswith(ending):
            return kind if sign in read(path)[:600] and _is_at_home(path, kind) else ""
    known = formats.detect(path)
    if known is None or known.parse is None or known.name in _LEFT_TO_PEOPLE:
        return ""
    if known.name == "android" and "/values/" in f"/{path}" and not _has_texts(read(path)):
        return ""
    return known.name if _is_at_home(path, known.name) else ""


def _is_at_home(path: str, kind: str) -> bool:
    """Whether PATH lies where files of KIND hold texts for people."""
    home = _HOMES.get(kind)
    return home is None or home.search(path) is not None


def _has_texts(content: bytes) -> bool:
    """Whether resources of Android hold texts; where nothing is known of the content, they may."""
    return not content or re.search(rb"<(string|plurals|string-array)\b", content) is not None
