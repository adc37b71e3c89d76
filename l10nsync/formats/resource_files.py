"""What is done with a resource file as a whole: read, counted, judged, compared, translated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from l10nsync.errors import ContentError
from l10nsync.formats import coding as _coding
from l10nsync.formats import differ as _differ
from l10nsync.formats import edit as _edit
from l10nsync.formats import judge as _judge
from l10nsync.formats import placeholders as _placeholders
from l10nsync.formats import plural_keys as _plural_keys
from l10nsync.formats import twins as _twins
from l10nsync.formats import unfinished as _unfinished
from l10nsync.formats.differ import Spot
from l10nsync.formats.documents import NOTHING, Directives, Document, Format, Parse, Unit
from l10nsync.formats.edit import pseudo_text
from l10nsync.formats.judge import ContentCounts, Finding
from l10nsync.formats.table import TYPES, get

_SMALL = 1_000_000
"""Bytes of a file that takes little memory, whatever it holds."""
_READERS: dict[str, Parse] = {row.name: row.parse for row in TYPES.values() if row.parse}


def parse(
    file_type: str, data: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> Document | None:
    """Return what a file holds; None for an opaque or unknown type. Raises `ContentError`."""
    read = reader_of(row_of(file_type), directives, charset)
    return read(data) if read else None


def row_of(file_type: str) -> Format:
    """Return what the table says of a type; an unknown one is opaque."""
    return get(file_type) or Format(file_type)


def reader_of(row: Format, directives: Directives, charset: str | None) -> Callable[[bytes], Document] | None:
    """Return what reads the bytes of a file or raises `ContentError`; None for an opaque type."""
    reader = row.parse
    if reader is None:
        return None
    frozen = tuple(sorted(directives.items()))

    def read(data: bytes) -> Document:
        if len(data) > _SMALL:
            return _LARGE.read(row.name, data, frozen, charset)
        return _remembered(row.name, data, frozen, charset)

    return read


class _LargeFiles:
    """The large files that were read last, as long as they are not too large together.

    What is read takes ten to twenty times the memory of the file. But to lay one translation out against its
    source, each of a handful of files is asked for again and again.
    """

    def __init__(self, room: int, most: int) -> None:
        self._room, self._most = room, most
        self._read: dict[tuple[str, bytes, tuple[tuple[str, str], ...], str | None], Document] = {}

    def read(
        self, file_type: str, data: bytes, directives: tuple[tuple[str, str], ...], charset: str | None
    ) -> Document:
        key = file_type, data, directives, charset
        found = self._read.pop(key, None)
        if found is None:
            self._make_room(len(data))
            found = _READERS[file_type](data, dict(directives), charset)
        self._read[key] = found
        return found

    def _make_room(self, size: int) -> None:
        """Forget the files whose last use is longest ago, before another one of SIZE is read."""
        while self._read and (
            len(self._read) >= self._most
            or size + sum(len(data) for _type, data, *_directives in self._read) > self._room
        ):
            del self._read[next(iter(self._read))]


_LARGE = _LargeFiles(room=40_000_000, most=4)


@lru_cache(maxsize=4)  # a source is read for each of its locales, a translation when judged and when restyled
def _remembered(
    file_type: str, data: bytes, directives: tuple[tuple[str, str], ...], charset: str | None
) -> Document:
    return _READERS[file_type](data, dict(directives), charset)


def read_or_none(data: bytes, read: Callable[[bytes], Document]) -> Document | None:
    """Return what DATA holds; None where it cannot be read."""
    try:
        return read(data)
    except ContentError:
        return None


def readable(versions: Iterable[bytes], read: Callable[[bytes], Document]) -> list[Document]:
    """Return those of VERSIONS that can be read."""
    found: list[Document] = []
    for data in versions:
        try:
            found.append(read(data))
        except ContentError:
            continue
    return found


def decode(data: bytes, file_type: str, charset: str | None = None) -> str | None:
    """Return the text of a file; None for an opaque type and for bytes that are not text."""
    row = row_of(file_type)
    if row.parse is None:
        return None
    try:
        return _coding.decode(data, charset, row.coding).text
    except ContentError:
        return None


def count(
    file_type: str, data: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> ContentCounts:
    """Return strings and words of a source; an opaque type counts as one string without words."""
    document = parse(file_type, data, directives, charset)
    if document is None:
        return ContentCounts(1 if data else 0, 0)
    return _judge.counts(strings(document, directives))


def strings(document: Document, directives: Directives = NOTHING) -> list[Unit]:
    """Return what the service makes a string each of: the units, those that hold HTML in their blocks."""
    effective = {**directives, **document.directives}
    return list(chain.from_iterable(_pieces(unit, effective) for unit in document.units))


def _pieces(unit: Unit, directives: Directives) -> Iterator[Unit]:
    """Yield each string that the service makes of UNIT."""
    for start, end in piece_spans(unit, directives):
        yield unit._replace(text=unit.text[start:end])


def piece_spans(unit: Unit, directives: Directives) -> list[tuple[int, int]]:
    """Return where the strings that the service makes of UNIT lie in its text."""
    flags = unit.flags.split()
    # A path's own format wins over the one that is given for the whole file.
    everywhere = directives.get("string_format", "").strip().lower() == "html" and not {"text", "icu"} & {
        *flags
    }
    if "html" not in flags and not everywhere:
        return [(0, len(unit.text))]
    from l10nsync.formats import html_blocks

    return html_blocks.pieces(unit.text)


def same(
    file_type: str, a: bytes, b: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> bool:
    """Return whether two files hold the same strings, whatever their layout and encoding.

    Opaque types, and files that cannot be read, compare by their bytes. Of a type that holds all locales
    the source strings alone are compared.
    """
    if a == b:
        return True
    try:
        first, second = (parse(file_type, data, directives, charset) for data in (a, b))
    except ContentError:
        return False
    if first is None or second is None:
        return False
    return _judge.contents(first) == _judge.contents(second)


def check(
    file_type: str,
    source: bytes,
    translation: bytes,
    *,
    locale: str,
    directives: Directives = NOTHING,
    charset: str | None = None,
    incomplete: str = "source",
    language: str = "",
) -> tuple[Finding, ...]:
    """Return what is wrong with a translation, errors first.

    INCOMPLETE is the pull setting: unless it is `source`, untranslated strings may be left out. LANGUAGE is
    the source's locale; a translation into another one that says nothing new is a finding.
    """
    row = row_of(file_type)
    if fatal := tuple(_judge.gate(row, source, translation)):
        return fatal
    translated = bool(language) and not same_language(language, locale)
    twin = _twins.twin_of(row, source, translation, directives, charset)
    if twin and _twins.is_faultless(
        twin, row, directives, locale=locale, incomplete=incomplete, translated=translated
    ):
        return ()
    try:
        after = parse(file_type, translation, directives, charset)
    except ContentError as error:
        return (_judge.unreadable(error),)
    try:
        before = parse(file_type, source, directives, charset)
    except ContentError:
        return ()  # push refuses such a source; there is nothing to compare with
    if before is None or after is None:
        return ()
    if row.plural_keys:
        before, after = _plural_keys.folded([before, after])  # its own forms are those of the language
    if row.localize:
        findings = list(_of_locales(row, before, row.localize(translation, charset), directives))
    else:
        findings = [
            *_judge.keys(before, after, row, subset=incomplete != "source"),
            *_judge.categories(before, after, locale),
            *_judge.texts(before, after, row, directives),
            *_judge.patterns(before, after, row, directives, locale),
            *_judge.faults(before, after),
            *_judge.fixed(before, after, row),
            *_unfinished.marked(after, row),
            *(_judge.emptied(before, after, row) if incomplete != "empty" else ()),
            *(_judge.untranslated(before, after, row) if translated else ()),
        ]
    return tuple(sorted(findings, key=_judge.order))


def refused(
    file_type: str, content: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> tuple[Finding, ...]:
    """Return what the platform refuses in a source, or reads as something else than what is written.

    Raises `ContentError` where the file does not parse at all. Opaque types have nothing to find.
    """
    document = parse(file_type, content, directives, charset)
    return tuple(_judge.faults(_NO_OTHER, document)) if document else ()


_NO_OTHER = Document("", ())
"""What a source is held against: the faults of a translation count unless its source has the same."""


def _of_locales(
    row: Format, source: Document, by_locale: Mapping[str, Document], directives: Directives
) -> Iterator[Finding]:
    """Yield what is wrong in a file of all locales; its keys do not count, as only translations are used."""
    for code, localized in by_locale.items():
        for finding in _judge.categories(source, localized, code):
            yield replace(finding, locale=code)
        for finding in _judge.texts(source, localized, row, directives):
            yield replace(finding, locale=code)


def same_language(name: str, other: str) -> bool:
    """Return whether two locale ids name one language: `en-US` and `en_GB`, not `zh-CN` and `zh-TW`."""
    language, others = (text.replace("_", "-").lower().split("-")[0] for text in (name, other))
    return language == others != "zh"


def tuned(findings: tuple[Finding, ...], levels: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings with the severities that LEVELS gives to their rules; `ignore` drops them.

    Rules for files that are not translations at all stay errors.
    """
    if not levels:
        return findings
    found = (_judge.tuned(finding, levels.get(finding.rule, "")) for finding in findings)
    return tuple(sorted((finding for finding in found if finding is not None), key=_judge.order))


def texts(
    file_type: str, source: bytes, data: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> Mapping[Spot, str]:
    """Return the translations of a file by place, for a comparison with other versions of it.

    If strings have no distinct keys in SOURCE, the file is one text. Empty if it cannot
    be read.
    """
    row = row_of(file_type)
    if twin := _twins.twin_of(row, source, data, directives, charset):
        return twin.by_spot()
    try:
        return _differ.texts(row, source, data, reader_of(row, directives, charset), charset)
    except ContentError:
        return {}


def laid_over(
    file_type: str,
    source: bytes,
    local: bytes,
    delivered: bytes,
    spots: Collection[Spot],
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> bytes | None:
    """Return DELIVERED with the texts that LOCAL has at some places; None where no file can hold both."""
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    return _differ.laid_over(row, source, local, delivered, spots, read, charset)


def translate(
    file_type: str,
    source: bytes,
    texts: Callable[[Unit], str | None],
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> bytes:
    """Return a source with every string as TEXTS says; None leaves it out or empty, as its type does.

    gettext and XLIFF keep the source and take the text as the translation. Opaque types stay as they are.
    """
    document = parse(file_type, source, directives, charset)
    return _edit.translated(document, texts) if document else source


def pseudo(
    file_type: str,
    data: bytes,
    directives: Directives = NOTHING,
    charset: str | None = None,
    *,
    inflation: int | None = None,
) -> bytes:
    """Return a source with every string accented and made longer by INFLATION percent.

    None is what the directive `pseudo_inflation` says, else 30.
    """
    document = parse(file_type, data, directives, charset)
    if document is None:
        return data
    effective = {**directives, **document.directives}
    number = int(document.facts.get("nplurals", "0") or "0")
    forms = Counter(unit.key for unit in document.units if unit.plural)

    def text(unit: Unit) -> str:
        if number and unit.plural and forms[unit.key] != number:
            return ""  # no program loads a catalogue with another number of forms than its header says
        return pseudo_unit(file_type, unit, effective, inflation=inflation)

    return _edit.translated(document, text)


def pseudo_unit(
    file_type: str, unit: Unit, directives: Directives = NOTHING, *, inflation: int | None = None
) -> str:
    """Return a string accented and made longer, as `pseudo` does it with every string of a file."""
    flavour = row_of(file_type).placeholders
    size = inflation if inflation is not None else _edit.inflation(directives)
    style = _placeholders.style(flavour, directives, unit.flags)
    return pseudo_text(unit.text, flavour, inflation=size, style=style) if unit.text else ""
