"""What is done with a resource file as a whole: read, counted, judged, compared, put together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from typing import Literal, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import coding as _coding
from l10nsync.formats import differ as _differ
from l10nsync.formats import edit as _edit
from l10nsync.formats import judge as _judge
from l10nsync.formats import keep as _keep
from l10nsync.formats import marks as _marks
from l10nsync.formats import placeholders as _placeholders
from l10nsync.formats import plural_keys as _plural_keys
from l10nsync.formats import restyling as _restyling
from l10nsync.formats import salvage as _salvage
from l10nsync.formats import unfinished as _unfinished
from l10nsync.formats.base import NOTHING, Directives, Document, Format, Language, Naming, Parse, Unit
from l10nsync.formats.differ import Spot
from l10nsync.formats.edit import pseudo_text
from l10nsync.formats.judge import ContentCounts, Finding
from l10nsync.formats.salvage import Salvaged
from l10nsync.formats.table import TYPES, get

_REMEMBERED = 1_000_000
"""Bytes of the largest file whose reading is remembered."""
_READERS: dict[str, Parse] = {row.name: row.parse for row in TYPES.values() if row.parse}


def _row(file_type: str) -> Format:
    return get(file_type) or Format(file_type)


def _reader(row: Format, directives: Directives, charset: str | None) -> Callable[[bytes], Document] | None:
    """Return what reads the bytes of a file or raises `ContentError`; None for an opaque type."""
    reader = row.parse
    if reader is None:
        return None
    said = tuple(sorted(directives.items()))

    def read(data: bytes) -> Document:
        if len(data) > _REMEMBERED:
            return reader(data, directives, charset)
        return _remembered(row.name, data, said, charset)

    return read


@lru_cache(maxsize=4)  # a source is read for each of its locales, a translation when judged and when restyled
def _remembered(
    file_type: str, data: bytes, directives: tuple[tuple[str, str], ...], charset: str | None
) -> Document:
    return _READERS[file_type](data, dict(directives), charset)


def parse(
    file_type: str, data: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> Document | None:
    """Return what a file holds; None for an opaque or unknown type. Raises `ContentError`."""
    read = _reader(_row(file_type), directives, charset)
    return read(data) if read else None


def decode(data: bytes, file_type: str, charset: str | None = None) -> str | None:
    """Return the text of a file; None for an opaque type and for bytes that are no text."""
    row = _row(file_type)
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
    return [
        unit._replace(text=unit.text[start:end])
        for unit in document.units
        for start, end in piece_spans(unit, effective)
    ]


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
        one, other = (parse(file_type, data, directives, charset) for data in (a, b))
    except ContentError:
        return False
    if one is None or other is None:
        return False
    return _judge.contents(one) == _judge.contents(other)


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
    row = _row(file_type)
    if fatal := tuple(_judge.gate(row, source, translation)):
        return fatal
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
    findings: list[Finding] = []
    if row.localize:  # its keys are not compared: translations alone are taken from it
        for code, said in row.localize(translation, charset).items():
            found = [*_judge.categories(before, said, code), *_judge.texts(before, said, row, directives)]
            findings += [replace(finding, locale=code) for finding in found]
    else:
        findings += _judge.keys(before, after, row, subset=incomplete != "source")
        findings += _judge.categories(before, after, locale)
        findings += _judge.texts(before, after, row, directives)
        findings += _judge.patterns(before, after, row, directives, locale)
        findings += _judge.faults(before, after)
        findings += _judge.fixed(before, after, row)
        findings += _unfinished.marked(after, row)
        if incomplete != "empty":
            findings += _judge.emptied(before, after, row)
        if language and not same_language(language, locale):
            findings += _judge.untranslated(before, after, row)
    return tuple(sorted(findings, key=_judge.order))


def same_language(one: str, other: str) -> bool:
    """Return whether two locale ids name one language: `en-US` and `en_GB`, not `zh-CN` and `zh-TW`."""
    first, second = (name.replace("_", "-").lower().split("-") for name in (one, other))
    return first[0] == second[0] and first[0] != "zh"


def conform(translation: bytes, model: bytes, file_type: str, charset: str | None = None) -> bytes:
    """Return a translation with encoding, byte order mark, line ends and final newline of MODEL.

    Opaque types, and what cannot be decoded, stay as they are.
    """
    row = _row(file_type)
    if row.parse is None or not model:
        return translation
    try:
        ours, theirs = (_coding.decode(data, charset, row.coding) for data in (model, translation))
    except ContentError:
        return translation
    return _coding.restore(theirs, ours, row.coding)


def restyle(  # noqa: PLR0913 - each is one thing that a manifest or a pull decides
    file_type: str,
    delivered: bytes,
    *,
    source: bytes,
    target: bytes | None = None,
    style: Literal["repo", "smartling"] = "repo",
    directives: Directives = NOTHING,
    charset: str | None = None,
    language: Language | None = None,
    published: bool = True,
) -> bytes:
    """Return the bytes to keep for a delivered translation; TARGET is the file that is there now, if any.

    TARGET itself where both say the same. Of a file for all locales the translations go into TARGET, whatever
    the style. Else, by STYLE: `smartling` is what was delivered; `repo` puts what
    changed into the layout of TARGET, or of SOURCE where there is none, and conforms what was delivered where
    neither can hold it. The result always reads back as what was delivered. Where a file names its language,
    it names LANGUAGE then; None: the one that was delivered. PUBLISHED: what arrives is finished.
    """

    def named(data: bytes) -> bytes:
        if language is None:
            return _named_like(file_type, data, delivered, directives, charset)
        return _named_safely(file_type, data, language, directives, charset, target, source)

    made = _restyled(
        file_type, named(delivered), source, target, style, directives, charset, published=published
    )
    return named(made)


def _restyled(
    file_type: str,
    delivered: bytes,
    source: bytes,
    target: bytes | None,
    style: Literal["repo", "smartling"],
    directives: Directives,
    charset: str | None,
    *,
    published: bool,
) -> bytes:
    row = _row(file_type)
    read = _reader(row, directives, charset)
    if read is None or delivered == target:
        return delivered
    model = target or source
    plain = conform(delivered, model, file_type, charset)
    if row.join and target:
        try:
            return row.join(delivered, target, charset, published)
        except ContentError:
            return plain
    if row.multilingual or row.whole:
        return delivered if style == "smartling" else plain
    try:
        new = read(delivered)
    except ContentError:
        return plain
    ground = _read(model, read)
    if row.recast and ground and (data := row.recast(new, ground)) is not None:
        delivered, new = data, read(data)
        plain = conform(delivered, model, file_type, charset)
    if target and _restyling.says(target, new, read):
        return target
    if style == "smartling":
        return delivered
    conformed = partial(conform, model=model, file_type=file_type, charset=charset)
    return _in_layout(new, target, source, read, conformed) or plain


def _in_layout(
    new: Document,
    target: bytes | None,
    source: bytes,
    read: Callable[[bytes], Document],
    conformed: Callable[[bytes], bytes],
) -> bytes | None:
    """Return a translation in the layout of TARGET, or else of SOURCE; None where neither can hold it."""
    delivered = read(conformed(new.replace({})))
    first = _read(source, read)
    like_source = _restyling.laid_out(delivered, first, read) if first else None
    present = _read(target, read) if target else None
    if present is None:
        return like_source
    # What the target lacks comes in as the source has it or as it was delivered: as the target rather looks.
    donors = [*([read(conformed(like_source))] if like_source else []), delivered]
    donors.sort(key=lambda donor: _restyling.likeness(donor, present), reverse=True)
    made = (_restyling.laid_out(donor, present, read) for donor in donors)
    return next((layout for layout in made if layout is not None), like_source)


def _read(data: bytes, read: Callable[[bytes], Document]) -> Document | None:
    try:
        return read(data)
    except ContentError:
        return None


def finished(
    file_type: str,
    made: bytes,
    delivered: bytes,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> bytes:
    """Return MADE without the marks of being untranslated on strings that DELIVERED translates.

    Only where both say the same, and not the source's own text. Nothing else is changed.
    """
    row = _row(file_type)
    read = _reader(row, directives, charset)
    if read is None or not row.unfinished or row.multilingual:
        return made
    try:
        return _unfinished.finished(read(made), read(delivered))
    except ContentError:
        return made


def tuned(findings: tuple[Finding, ...], levels: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings with the severities that LEVELS gives to their rules; `ignore` drops them.

    Rules that say that a file is no translation at all stay errors.
    """
    if not levels:
        return findings
    found = (_judge.tuned(finding, levels.get(finding.rule, "")) for finding in findings)
    return tuple(sorted((finding for finding in found if finding is not None), key=_judge.order))


class Kept(NamedTuple):
    """What a delivered file would take away, and the file that does not."""

    strings: int = 0
    """Translations that would become source text, or go; 0 if none would."""
    keys: tuple[str, ...] = ()
    """Of these; empty where the type has no keys."""
    content: bytes | None = None
    """The delivered file with these translations kept; None where the type does not allow that."""


def keep(
    file_type: str,
    sources: Sequence[bytes],
    local: bytes,
    delivered: bytes,
    *,
    locale: str,
    bare: bytes | None = None,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> Kept:
    """Return what of the translation LOCAL is lost where DELIVERED replaces it, and a file that keeps it.

    Lost is a translation for which DELIVERED has the source text, an empty text or nothing, while its key
    is still in the source. SOURCES is the source's content and then earlier ones, whose texts are no
    translations either. BARE, where it is known, is what was delivered without source text for what is not
    translated: it tells a translation that equals its source. A translation that no longer fits the source
    (by its placeholders, for example) is not worth keeping once the source was another one.
    """
    row = _row(file_type)
    if local == delivered:
        return Kept()
    source, *past = sources
    read = _reader(row, directives, charset)
    if read is None:
        gone = delivered == source and local not in sources
        return Kept(1) if gone else Kept()
    judged = partial(check, file_type, source, locale=locale, directives=directives, charset=charset)
    if row.multilingual:
        return _kept_in_catalog(row, sources, local, delivered, read, judged, charset)
    try:
        documents = [read(source), read(local), read(delivered), *([] if bare is None else [read(bare)])]
        earlier = _readable(past, read)
        own: frozenset[str] = frozenset()
        if row.plural_keys:
            plain = [*documents, *earlier]
            whole = _plural_keys.folded(plain)
            own = _plural_keys.changed(plain, whole)
            documents, earlier = whole[: len(documents)], whole[len(documents) :]
            read = _folding(read, plain[:2])
        first, second, third, *rest = documents
        found = _keep.lost(row, first, second, third, rest[0] if rest else None, earlier, own)
    except ContentError:
        return Kept()
    if found.whole or not found.units:
        return Kept(len(found.units))
    units = dict(found.units)
    content = _keep.kept(units, first, second, third, read)
    misfits = (
        {finding.key for finding in judged(content) if finding.severity == "error"} if content else set()
    )
    # A text that was never written for another source is somebody's to put right, not to be replaced by it.
    versions = [first, *earlier]
    misfits = {key for key in misfits if len({_texts_of(version, key) for version in versions} - {()}) > 1}
    if misfits:
        units = {place: unit for place, unit in units.items() if place[0] not in misfits}
        content = _keep.kept(units, first, second, third, read) if units else None
    return Kept(len(units), _keep.Lost(units).keys, content)


def texts(
    file_type: str, source: bytes, data: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> Mapping[Spot, str]:
    """Return the translations of a file by place, for a comparison with other versions of it.

    Where strings have no keys by which SOURCE tells them apart, the file is one text. Empty if it cannot
    be read.
    """
    row = _row(file_type)
    try:
        return _differ.texts(row, source, data, _reader(row, directives, charset), charset)
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
    row = _row(file_type)
    read = _reader(row, directives, charset)
    return _differ.laid_over(row, source, local, delivered, spots, read, charset)


def _folding(read: Callable[[bytes], Document], others: Sequence[Document]) -> Callable[[bytes], Document]:
    """Return what reads a file with the plural forms that the other documents show."""
    return lambda data: _plural_keys.folded([*others, read(data)])[-1]


def salvage(
    file_type: str,
    sources: Sequence[bytes],
    local: bytes | None,
    delivered: bytes,
    judge: Callable[[bytes], Sequence[Finding]],
    *,
    incomplete: str,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> Salvaged | None:
    """Return a delivered file without its bad strings; None where these cannot be told from the good ones.

    SOURCES is the source's content and then earlier ones, LOCAL the file that is there, JUDGE finds what
    is wrong with a file. In place of a bad string stands the text that LOCAL has, if it fits or if the
    source's text was never another one; else the source's text or nothing, as INCOMPLETE says.
    """
    row = _row(file_type)
    read = _reader(row, directives, charset)
    errors = [finding for finding in judge(delivered) if finding.severity == "error"]
    if read is None or not errors:
        return None
    if row.multilingual:
        return _salvaged_catalog(row, delivered, errors, charset)
    try:
        source, theirs = read(sources[0]), read(delivered)
        ours = _read(local, read) if local else None
        past = _readable(sources, read)
        if row.plural_keys:  # a finding is about the plural, whatever key its form has
            read = _folding(read, (source, theirs))
            source, theirs, *past = _plural_keys.folded([source, theirs, *past])
            ours = _read(local, read) if local else None
        rules = _salvage.Rules(
            _judge.keyed(source, row),
            lambda key: len({_texts_of(document, key) for document in past} - {()}) <= 1,
            {"source": False, "empty": True}.get(incomplete),
        )
        return _salvage.salvaged(source, theirs, ours, judge, read, errors, rules=rules)
    except ContentError:
        return None


def _texts_of(document: Document, key: str) -> tuple[str, ...]:
    return tuple(sorted(unit.text for unit in document.units if unit.key == key))


def _salvaged_catalog(
    row: Format, delivered: bytes, errors: Sequence[Finding], charset: str | None
) -> Salvaged | None:
    """Return a catalog of all locales without the bad strings: what is not delivered stays as it is."""
    if row.omit is None or any(not (error.key and error.locale) for error in errors):
        return None
    keys: dict[str, frozenset[str]] = {}
    for error in errors:
        keys[error.locale] = keys.get(error.locale, frozenset()) | {error.key}
    return Salvaged(row.omit(delivered, keys, charset), tuple(dict.fromkeys(error.key for error in errors)))


def _kept_in_catalog(
    row: Format,
    sources: Sequence[bytes],
    local: bytes,
    delivered: bytes,
    read: Callable[[bytes], Document],
    judged: Callable[[bytes], Sequence[Finding]],
    charset: str | None,
) -> Kept:
    """Return what a catalog of all locales keeps: what is not delivered stays where the two are joined."""
    if row.localize is None or row.omit is None:
        return Kept()
    try:
        source, *past = (read(source) for source in sources)
        ours, theirs = row.localize(local, charset), row.localize(delivered, charset)
        misfits = {finding.key for finding in judged(local) if finding.severity == "error"}
    except ContentError:
        return Kept()
    gone: dict[str, frozenset[str]] = {}
    strings = 0
    for locale, document in ours.items():
        if locale in theirs:
            there = {(unit.key, unit.plural) for unit in theirs[locale].units}
            lost = _keep.lost(row, source, document, theirs[locale], None, past).units
            kept = [place for place in lost if place[:2] in there and place[0] not in misfits]
            gone |= {locale: frozenset(key for key, _plural, _number in kept)} if kept else {}
            strings += len(kept)
    if not gone:
        return Kept()
    keys = tuple(sorted(set(chain.from_iterable(gone.values()))))
    return Kept(strings, keys, row.omit(delivered, gone, charset))


def _readable(versions: Iterable[bytes], read: Callable[[bytes], Document]) -> list[Document]:
    found: list[Document] = []
    for data in versions:
        try:
            found.append(read(data))
        except ContentError:
            continue
    return found


def recast(
    file_type: str, data: bytes, model: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> bytes:
    """Return a file in the syntax of MODEL, where its type has several; DATA itself if that cannot be."""
    row = _row(file_type)
    read = _reader(row, directives, charset)
    if read is None or row.recast is None:
        return data
    document, ground = _read(data, read), _read(model, read)
    return (row.recast(document, ground) if document and ground else None) or data


def named(
    file_type: str,
    data: bytes,
    language: Language,
    directives: Directives = NOTHING,
    charset: str | None = None,
    *,
    present: bytes | None = None,
    source: bytes | None = None,
) -> bytes:
    """Return a file with the language of a target wherever it names its own, as its type does that.

    PRESENT is the file that is there now: a name that its program accepts stays. SOURCE tells a name from
    another word where its type needs that. Raises `ContentError` if DATA cannot be read.
    """
    row = _row(file_type)
    read = _reader(row, directives, charset)
    if read is None or row.naming is None:
        return data
    document = read(data)
    if _kept_off(row.naming, {**directives, **document.directives}):
        return data
    there, original = (_read(version, read) if version else None for version in (present, source))
    return document.splice(list(_marks.edits(row.naming, document, there, original, language)))


def misnamed(
    file_type: str,
    source: bytes,
    translation: bytes,
    language: Language,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> tuple[Finding, ...]:
    """Return where a translation names another language than that of its place."""
    row = _row(file_type)
    read = _reader(row, directives, charset)
    if read is None or row.naming is None:
        return ()
    after, before = _read(translation, read), _read(source, read)
    if after is None or before is None or _kept_off(row.naming, {**directives, **after.directives}):
        return ()
    return tuple(_marks.contradictions(row.naming, after, before, language))


def renamed(file_type: str, data: bytes, languages: Iterable[Language], charset: str | None = None) -> bytes:
    """Return a file for all locales with the repository's names in place of the service's ids.

    DATA itself where its type is none of these, or where it cannot be read.
    """
    row = _row(file_type)
    if row.rename is None:
        return data
    try:
        return row.rename(data, _names(row, languages), charset)
    except ContentError:
        return data


def misnamed_locales(
    file_type: str, data: bytes, languages: Iterable[Language], charset: str | None = None
) -> tuple[Finding, ...]:
    """Return which translations of a file for all locales have an id that the repository does not use."""
    row = _row(file_type)
    if row.localize is None or row.rename is None:
        return ()
    try:
        locales = row.localize(data, charset)
    except ContentError:
        return ()
    return tuple(_marks.misnamed_locales(sorted(locales), _names(row, languages)))


def _names(row: Format, languages: Iterable[Language]) -> dict[str, tuple[str, ...]]:
    """Return by the service's id what a locale is called in the repository, as its type spells that."""
    names: dict[str, tuple[str, ...]] = {}
    for language in languages:
        own = (row.naming and _marks.spelled(row.naming, language)) or language.locale
        names[language.locale] = (*names.get(language.locale, ()), own)
    return names


def _kept_off(naming: Naming, directives: Directives) -> bool:
    """Whether a directive leaves the name as the service delivers it."""
    return bool(naming.directive) and directives.get(naming.directive, "true").lower() == "false"


def _named_like(
    file_type: str, data: bytes, model: bytes, directives: Directives, charset: str | None
) -> bytes:
    """Return DATA with the names of languages that MODEL has."""
    row = _row(file_type)
    read = _reader(row, directives, charset)
    ours, theirs = (_read(version, read) if read and row.naming else None for version in (data, model))
    if data == model or ours is None or theirs is None or len(ours.marks) != len(theirs.marks):
        return data
    pairs = zip(ours.marks, theirs.marks, strict=True)
    return ours.splice(
        [(old.start, old.end, old.write(new.value)) for old, new in pairs if old.value != new.value]
    )


def _named_safely(
    file_type: str,
    data: bytes,
    language: Language,
    directives: Directives,
    charset: str | None,
    present: bytes | None,
    source: bytes | None,
) -> bytes:
    """Return DATA named, or DATA itself where it cannot be read or its encoding cannot hold the name."""
    try:
        return named(file_type, data, language, directives, charset, present=present, source=source)
    except ContentError:
        return data


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


def pseudo_unit(
    file_type: str, unit: Unit, directives: Directives = NOTHING, *, inflation: int | None = None
) -> str:
    """Return a string accented and made longer, as `pseudo` does it with every string of a file."""
    flavour = _row(file_type).placeholders
    size = inflation if inflation is not None else _edit.inflation(directives)
    style = _placeholders.style(flavour, directives, unit.flags)
    return pseudo_text(unit.text, flavour, inflation=size, style=style) if unit.text else ""


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

    def text(unit: Unit) -> str:
        return pseudo_unit(file_type, unit, effective, inflation=inflation)

    return _edit.translated(document, text)
