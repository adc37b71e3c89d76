"""What a delivered file would take away or break, and the file that does neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import judge as _judge
from l10nsync.formats import keep as _keep
from l10nsync.formats import plural_keys as _plural_keys
from l10nsync.formats import salvage as _salvage
from l10nsync.formats.documents import NOTHING, Directives, Document, Format, Unit
from l10nsync.formats.judge import Finding
from l10nsync.formats.resource_files import check, read_or_none, readable, reader_of, row_of
from l10nsync.formats.salvage import PresentTarget, Salvaged, TargetVersion


class Kept(NamedTuple):
    """What a delivered file would take away, and the file that does not."""

    strings: int = 0
    """Translations that would become source text, or go; 0 if none would."""
    keys: tuple[str, ...] = ()
    """Of these; empty where the type has no keys."""
    content: bytes | None = None
    """The delivered file with these translations kept; None where the type does not allow that."""


@dataclass(frozen=True, slots=True)
class KeepComparison:
    """A source, a translation and what is delivered in its place, read alike; and what would be lost."""

    source: Document
    local: Document
    delivered: Document
    earlier: Sequence[Document]
    """Earlier versions of the source."""
    read: Callable[[bytes], Document]
    found: _keep.Lost

    def was_another(self, key: str) -> bool:
        """Whether the source once had another text for a key."""
        versions = [self.source, *self.earlier]
        return len({_texts_of(version, key) for version in versions} - {()}) > 1


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
    is still in the source. SOURCES is the source's content and then earlier ones, whose texts are not
    translations either. BARE, where it is known, is what was delivered without source text for what is not
    translated: it shows a translation that equals its source. A translation that no longer fits the source
    (by its placeholders, for example) is not worth keeping once the source was another one.
    """
    row = row_of(file_type)
    if local == delivered:
        return Kept()
    source = sources[0]
    read = reader_of(row, directives, charset)
    if read is None:
        gone = delivered == source and local not in sources
        return Kept(1) if gone else Kept()
    judged = partial(check, file_type, source, locale=locale, directives=directives, charset=charset)
    if row.multilingual:
        return _kept_in_catalog(row, sources, local, delivered, read, judged, charset)
    try:
        comparison = _compared(row, read, sources, local, delivered, bare)
    except ContentError:
        return Kept()
    return _kept_in_file(comparison, judged)


def _compared(
    row: Format,
    read: Callable[[bytes], Document],
    sources: Sequence[bytes],
    local: bytes,
    delivered: bytes,
    bare: bytes | None,
) -> KeepComparison:
    """Compare a translation with what replaces it; raise `ContentError` where one of them cannot be read."""
    source, *past = sources
    documents = [read(source), read(local), read(delivered), *([] if bare is None else [read(bare)])]
    earlier = readable(past, read)
    own: frozenset[str] = frozenset()
    if row.plural_keys:
        plain = [*documents, *earlier]
        whole = _plural_keys.folded(plain)
        own = _plural_keys.changed(plain, whole)
        documents, earlier = whole[: len(documents)], whole[len(documents) :]
        read = _folding(read, plain[:2])
    first, second, third, *rest = documents
    versions = _keep.TranslationVersions(first, second, third, rest[0] if rest else None, earlier, own)
    return KeepComparison(first, second, third, earlier, read, _keep.lost(row, versions))


def _kept_in_file(compared: KeepComparison, judged: Callable[[bytes], Sequence[Finding]]) -> Kept:
    """Return what is lost, and the delivered file with it; JUDGED finds what does not fit the source."""
    found = compared.found
    if found.whole or not found.units:
        return Kept(len(found.units))
    units = dict(found.units)
    content = _with_units(compared, units)
    # A text that was never written for another source is somebody's to put right, not to be replaced by it.
    faulty = _faulty(content, judged) if content else set()
    misfits = {key for key in faulty if compared.was_another(key)}
    if misfits:
        units = {place: unit for place, unit in units.items() if place[0] not in misfits}
        content = _with_units(compared, units) if units else None
    return Kept(len(units), _keep.Lost(units).keys, content)


def _with_units(compared: KeepComparison, units: Mapping[_keep.UnitId, Unit]) -> bytes | None:
    return _keep.kept(units, compared.source, compared.local, compared.delivered, compared.read)


def _faulty(content: bytes, judged: Callable[[bytes], Sequence[Finding]]) -> set[str]:
    """Return the keys of strings with errors."""
    return {finding.key for finding in judged(content) if finding.severity == "error"}


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
        misfits = _faulty(local, judged)
    except ContentError:
        return Kept()
    gone: dict[str, frozenset[str]] = {}
    strings = 0
    for locale, document in ours.items():
        if locale in theirs:
            there = {(unit.key, unit.plural) for unit in theirs[locale].units}
            versions = _keep.TranslationVersions(source, document, theirs[locale], past=past)
            lost = _keep.lost(row, versions).units
            kept = [place for place in lost if place[:2] in there and place[0] not in misfits]
            gone |= {locale: frozenset(key for key, _plural, _number in kept)} if kept else {}
            strings += len(kept)
    if not gone:
        return Kept()
    keys = tuple(sorted(set(chain.from_iterable(gone.values()))))
    return Kept(strings, keys, row.omit(delivered, gone, charset))


def salvage(
    file_type: str,
    original: bytes,
    local: PresentTarget | None,
    delivered: bytes,
    judge: Callable[[bytes], Sequence[Finding]],
    *,
    incomplete: str,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> Salvaged | None:
    """Return a delivered file without its bad strings; None if these cannot be separated from the good ones.

    ORIGINAL is the source's content, JUDGE finds what is wrong with a file. In place of a bad string stands
    the text that LOCAL has, if it fits or if the source still says what it said when that text was
    committed; else the source's text or nothing, as INCOMPLETE says.
    """
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    errors = [finding for finding in judge(delivered) if finding.severity == "error"]
    if read is None or not errors:
        return None
    if row.multilingual:
        return _salvaged_catalog(row, delivered, errors, charset)
    try:
        source, theirs = read(original), read(delivered)
        ours = read_or_none(local.content, read) if local else None
        if row.plural_keys:  # a finding is about the plural, whatever key its form has
            read = _folding(read, (source, theirs))
            source, theirs = _plural_keys.folded([source, theirs])
            ours = read_or_none(local.content, read) if local else None
        rules = _salvage.Rules(
            _judge.keyed(source, row),
            partial(
                _unchanged,
                source,
                ours,
                local.history if local else None,
                cache(partial(read_or_none, read=read)),
            ),
            {"source": False, "empty": True}.get(incomplete),
        )
        faulty = _salvage.FaultyDelivery(source, theirs, ours, judge, read, rules)
        return _salvage.salvaged(faulty, errors)
    except ContentError:
        return None


def _unchanged(
    source: Document,
    local: Document | None,
    history: Sequence[TargetVersion] | None,
    read: Callable[[bytes], Document | None],
    key: str,
) -> bool:
    """Whether the source still says what it said when the target's text of a key was committed."""
    if history is None:
        return True
    version = _salvage.committed_with(key, local, history, read) if local else None
    then = read(version.source) if version and version.source is not None else None
    # A source that had another path then, or lacked the key, does not say that it has changed.
    return version is not None and (then is None or _texts_of(then, key) in {(), _texts_of(source, key)})


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


def _folding(read: Callable[[bytes], Document], others: Sequence[Document]) -> Callable[[bytes], Document]:
    """Return what reads a file with the plural forms that the other documents show."""
    return lambda data: _plural_keys.folded([*others, read(data)])[-1]


def _texts_of(document: Document, key: str) -> tuple[str, ...]:
    return tuple(sorted(unit.text for unit in document.units if unit.key == key))
