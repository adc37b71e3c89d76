"""What every resource format has in common: units with byte-exact spans, and rows of the format table.

A reader decodes a file once and finds its translatable units; editing splices new texts into the
decoded text, so that whatever was not changed keeps its bytes. Pure computation on bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from l10nsync.errors import ContentError

MAX_BYTES = 50_000_000
"""The largest file that is read; beyond it a reader raises `ContentError`."""
MAX_DEPTH = 200
"""The deepest nesting that is read; beyond it a reader raises `ContentError`."""
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR plural categories, in CLDR's order."""

Directives = Mapping[str, str]
Edit = tuple[int, int, str]
"""Start and end of a span of the text, and the raw text that goes there."""
NOTHING: Directives = MappingProxyType({})


class Unit(NamedTuple):
    """One translatable string of a file."""

    key: str
    """Identity within the file; the plural category is not part of it. Keys form a multiset."""
    text: str
    """The string as a translator sees it: unescaped, decoded."""
    start: int
    """Where the raw value begins in `Document.text`, in characters, quotes excluded where they must stay."""
    end: int
    """One past its last character."""
    encode: Callable[[str], str]
    """Turns a new text into the raw form that fits between `start` and `end`."""
    plural: str = ""
    """CLDR category (`one`, `other`, …) or gettext index (`0`, `1`, …); empty for a plain string."""
    note: str = ""
    """Instruction for the translator."""
    variant: str = ""
    """What distinguishes equal texts for the service (usually the key); empty if the type has no variants."""
    line: int = 0
    """From 1: where the value begins."""
    remove: tuple[int, int] | None = None
    """Span to cut where the untranslated string is left out (Android, YAML); None: it becomes empty."""
    translation: str | None = None
    """The translated text of a type that holds source and translation side by side; else None."""
    markup: bool = False
    """Whether tags and entities are in `text` as they are in the file (XML content with elements)."""
    flags: str = ""
    """Placeholder flavours that the file names for this string, space-separated (gettext `c-format`);
    `icu` or `text` where a directive says whether it is a message pattern, with `html` where it is HTML."""
    limit: int = 0
    """Most characters that a translation may have; 0 for any number."""
    unfinished: tuple[Edit, ...] = ()
    """What takes its mark of being untranslated away (`fuzzy`, `unfinished`); empty if it has none."""
    source_start: int | None = None
    """Where the source's text begins in `Document.text`, in a type that holds it beside the translation."""

    @property
    def value(self) -> str:
        """What the file says in its own language: the translation where there is one, else the text."""
        return self.text if self.translation is None else self.translation


class Label(NamedTuple):
    """A part of the file, strings and marks aside, that a translation brings along (plural forms)."""

    start: int
    end: int
    value: str
    """What is compared; the raw text itself may differ in things that do not count."""
    merge: Callable[[str, str], str] | None = None
    """The raw text with what another one says; None: the other one itself."""


class Mark(NamedTuple):
    """A place where the file names its language: a root key, a `Language:` header, an attribute."""

    start: int
    end: int
    value: str
    """The name there; empty if there is none and one can be put in."""
    write: Callable[[str], str]
    """Turns a name into the raw text between `start` and `end`."""
    needed: bool = False
    """Whether a translation without a name is incomplete; one is put in then."""
    line: int = 0
    """From 1."""


class Fixed(NamedTuple):
    """A part of the file, strings aside, that a translation has to leave as it is."""

    name: str
    """What it is called in a message: `element`, `format of 'songs'`, `code block`."""
    value: str
    line: int = 0


class Fault(NamedTuple):
    """A part of the file that its platform refuses, or reads as something else than what is written."""

    key: str
    """The string that is meant; empty where it has none."""
    message: str
    line: int = 0
    hint: str = ""
    """What to do."""
    rule: str = "syntax"
    severity: Literal["error", "warning"] = "error"
    span: tuple[int, int] | None = None
    """Where in the text of the file; None where the whole line is meant."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that has been read."""

    text: str
    """The whole decoded text, byte order mark excluded."""
    units: tuple[Unit, ...]
    """In file order."""
    encoding: str = "utf-8"
    """Python codec that the bytes were read with, without the mark (`utf-16-le`, `latin-1`, …)."""
    bom: bytes = b""
    directives: Directives = field(default_factory=lambda: NOTHING)
    """Directives found inside the file, without the `smartling.` prefix."""
    labels: tuple[Label, ...] = ()
    """In file order."""
    marks: tuple[Mark, ...] = ()
    """In file order; `Format.naming` says how they are spelled."""
    others: frozenset[str] = frozenset()
    """Keys of values that are not strings here but may be in a translation (YAML numbers and truths)."""
    optional: frozenset[str] = frozenset()
    """Keys that a translation may lack, or have of its own: notes for people, names of translators."""
    starts: Callable[[], Sequence[int]] | None = None
    """Where each unit's text begins, of a type whose units do not say it: they are never rewritten."""
    pack: Callable[[str], bytes] | None = None
    """Of a binary file, for which a text stands: turns that text into the file's bytes."""
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """What a check needs of the file as a whole (gettext: `nplurals`)."""
    fixed: tuple[Fixed, ...] = ()
    """In file order."""
    faults: tuple[Fault, ...] = ()
    """In file order."""
    blanks: tuple[tuple[int, int, str], ...] = ()
    """What a template leaves to its translations to fill in (gettext: the plural forms), as edits."""

    def replace(self, texts: Mapping[int, str | None]) -> bytes:
        """Return the file with the units at the given indices (into `units`) changed.

        None leaves the string out: its `remove` span is cut, or the text becomes empty where the type
        keeps the key. Blanks are filled in. With no changes the result is the bytes that were parsed.
        """
        edits = [_edit(self.units[index], text) for index, text in texts.items()]
        return self.splice([*edits, *self.blanks] if edits else [])

    def splice(self, edits: list[tuple[int, int, str]]) -> bytes:
        """Return the file with raw text put between the given positions; edits inside a cut span are dropped.

        Raises `ContentError` if the file's encoding cannot hold the new text.
        """
        parts: list[str] = []
        position = 0
        for start, end, raw in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
            if start < position:
                continue
            parts += (self.text[position:start], raw)
            position = end
        parts.append(self.text[position:])
        if self.pack is not None:
            return self.pack("".join(parts))
        try:
            return self.bom + "".join(parts).encode(self.encoding)
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            raise ContentError(f"{character!a} cannot be written in {self.encoding}") from error


ReadDocument = Callable[[bytes], Document]
"""Raises `ContentError` for what cannot be read."""


def _edit(unit: Unit, text: str | None) -> tuple[int, int, str]:
    if text is None and unit.remove is not None:
        return (*unit.remove, "")
    return unit.start, unit.end, unit.encode(text or "")


class Parse(Protocol):
    """Read a file; raise `ContentError` with line and column if it is not of this type."""

    def __call__(self, data: bytes, directives: Directives, charset: str | None) -> Document:
        """DIRECTIVES come from the manifest, without prefix; those inside the file win."""
        ...


class Outline(NamedTuple):
    """A file in two parts: what it is without the texts of its strings, and these texts."""

    shape: object
    """Names and values, to be compared with those of another file."""
    strings: list[str]
    """In file order."""


class Outlines(NamedTuple):
    """How the outlines of a type's files are had, much quicker than their units."""

    read: Callable[[str], Outline | None]
    """Of a decoded text; None where it is not of the type."""
    starts: Callable[[str], list[int]]
    """Where the strings of a text that can be read begin, as units say it."""


class Language(NamedTuple):
    """The language of a target."""

    locale: str
    """The service's id."""
    local_name: str
    """The repository's spelling."""
    source: str
    """The id of the source's language."""
    tag: str = ""
    """The language tag (BCP 47) that the local name means; empty if it is not one (`german`)."""
    path: str = ""
    """Where the target is."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How the files of a type name their language."""

    where: str
    """The place, for people."""
    spelling: Literal["as it is", "-", "_"]
    """The local name itself, or a language tag with this sign between its parts."""
    decided_by: Literal["", "local name", "file name"] = ""
    """What the program that loads the file compares the name with; empty if it takes any spelling."""
    like_source: bool = False
    """Whether the place may hold other words: it counts only where the source names its language there."""
    directive: str = ""
    """A directive that, set to `false`, leaves the name as the service delivers it."""
    hint: str = ""
    """A directive of our own: the names that a language may have here, one per line."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How the encoding of a text type is found without a charset or a byte order mark."""

    declared: Literal["", "xml", "gettext", "html"] = ""
    """Where the file itself may say it."""
    fallback: str = ""
    """Codec where the bytes are not UTF-8."""
    escapes: bool = False
    """Whether characters that the encoding lacks can be written as `\\uXXXX` anywhere."""


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the format table."""

    name: str
    """Canonical fileType, lowerCamel, as the service answers it."""
    suffixes: tuple[str, ...] = ()
    """File name endings, with dot, that mean this type when nothing else is said; may be empty."""
    parse: Parse | None = None
    """None for an opaque type: its bytes are kept as they are."""
    outlines: Outlines | None = None
    """Of a type whose strings can be had without their places: how."""
    shared: tuple[str, ...] = ()
    """Endings that files of this type have too, but that mean another type, or none, unless one says so."""
    names: tuple[str, ...] = ()
    """Path patterns (fnmatch on the lower-case path) that identify the type if a suffix is shared."""
    imports: bool = False
    """Whether existing translations of this type can be imported."""
    keys_by_path: bool = False
    """Whether the service knows its keys by a directive alone, which an import then needs."""
    plural_keys: bool = False
    """Whether plural forms may be keys of their own (`files_one`)."""
    keeps_keys: bool = True
    """False for types whose strings have no key of their own (plain text, HTML, Markdown)."""
    multilingual: bool = False
    """One file holds all locales."""
    original_strings: bool = False
    """Whether `includeOriginalStrings=false` has an effect."""
    removes_untranslated: bool = False
    """Whether an untranslated string is then left out (Android, YAML) instead of made empty."""
    placeholders: str = "none"
    """Default flavour of placeholders: none, c, ios, python, java, yaml, qt, resx, json, …"""
    coding: Coding = field(default_factory=Coding)
    """How its text is decoded; without meaning for an opaque type."""
    whole: bool = False
    """Whether the reader takes the whole text as one unit and never changes it."""
    page: bool = False
    """Whether a file of this type may look like an HTML page."""
    rewritten: bool = False
    """Whether the service may rewrite blocks, so that another structure is not an error."""
    directives: tuple[str, ...] = ()
    """Directives that change what is read or checked here; all others are the service's business."""
    localize: Callable[[bytes, str | None], Mapping[str, Document]] | None = None
    """Of a type that holds all locales: what it holds for each locale but the source's."""
    join: Callable[[bytes, bytes, str | None, bool], bytes] | None = None
    """Of a type that holds all locales: the second file with what the first translates, published or not."""
    omit: Callable[[bytes, Mapping[str, frozenset[str]], str | None], bytes] | None = None
    """Of a type that holds all locales: the file without the keys named for each locale."""
    rename: Callable[[bytes, Mapping[str, tuple[str, ...]], str | None, bool], bytes] | None = None
    """Of a type that holds all locales: a file, delivered or not, with the names given for the ids."""
    recast: Callable[[Document, Document], bytes | None] | None = None
    """Of a type with several syntaxes: the first file in that of the second; None if it is in it."""
    unfinished: str = ""
    """The mark by which an entry says that it is not translated, for people; empty if there is none."""
    skips_unfinished: bool = False
    """Whether the program that loads the file leaves such an entry out, so that its text does not matter."""
    naming: Naming | None = None
    """Where its files name their language; None: nowhere."""
    container: str = ""
    """For an opaque ZIP container: the name of the part that it must hold."""
