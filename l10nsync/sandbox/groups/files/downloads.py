"""Files as they are handed out: the source, a translation, an archive of translations."""

from __future__ import annotations

import io
import json
import posixpath
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from l10nsync import formats
from l10nsync.formats import Unit
from l10nsync.sandbox.common import source_strings
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import file_status
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.files.service_style import PLACEHOLDERS, markdown, restyle, xliff_language
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

PAIRS_LIMIT = 500
INSTRUMENTED = "contextMatchingInstrumented"
RETRIEVAL_TYPES = ("pending", "published", "pseudo", INSTRUMENTED)
ORIGINALS_HONOURED = frozenset(name for name, row in formats.TYPES.items() if row.original_strings)
"""Types for which `includeOriginalStrings` has a meaning."""
MULTILINGUAL = frozenset({"madcap", "ditaZip", "csv", "xlsxTemplate", "xcstrings"})
MARKS = ("\u2063", "\u2064")
"""The marks around each string for the tool that matches strings with what a page shows: two invisible
characters. Which ones the service takes is not documented."""
_MEDIA = {
    "json": "application/json", "arb": "application/json", "xcstrings": "application/json",
    "html": "text/html", "android": "application/xml", "xml": "application/xml", "xliff": "application/xml",
    "resx": "application/xml",
}  # fmt: skip
_LATIN = {"iso8859-1", "latin-1", "latin1", "iso-8859-1", "iso8859_1", "cp1252"}


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """How a translation is asked for."""

    retrieval: str = "published"
    originals: bool = True
    """Whether untranslated strings are filled with source text."""


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file on its way out."""

    name: str
    content: bytes
    media: str


def file_name(uri: str) -> str:
    """Return a fileUri as downloads are named: templates become catalogues."""
    return f"{uri[:-4]}.po" if uri.lower().endswith(".pot") else uri


def source(world: World, project: str, uri: str) -> DeliveredFile:
    """Return the source file; UTF-8 and UTF-16 files byte for byte."""
    row = files.stored(world, project, uri)
    data, encoding = _served(world, row)
    return DeliveredFile(file_name(row["uri"]), data, _media(row["type"], encoding))


def translated(
    world: World, project: str, uri: str, locales: Sequence[str], options: DeliveryOptions
) -> DeliveredFile:
    """Return one translation, or one file with several locales where the type has such."""
    row = files.stored(world, project, uri)
    if len(locales) != 1 and row["type"] not in MULTILINGUAL:
        raise invalid(f"Files of type {row['type']} are downloaded for one locale at a time", "localeIds")
    if row["type"] == "xcstrings":
        data, encoding = _merged(world, row, locales, options)
    elif len(locales) == 1:
        data, encoding = translate(world, row, locales[0], options)
    else:
        data, encoding = _served(world, row)
    return DeliveredFile(file_name(row["uri"]), data, _media(row["type"], encoding))


def _merged(world: World, row: Row, locales: Sequence[str], options: DeliveryOptions) -> tuple[bytes, str]:
    """Return a string catalog with the translations of all LOCALES in it; untranslated ones stay out."""
    from l10nsync.formats import xcstrings

    data, encoding = _served(world, row)
    for locale in locales:
        known = _texts(world, row, locale, DeliveryOptions(options.retrieval, originals=False))
        data = xcstrings.merge(data, locale, known, encoding)
    return data, encoding


def translate(world: World, row: Row, locale: str, options: DeliveryOptions) -> tuple[bytes, str]:
    """Return a file's translation and its encoding."""
    if row["type"] == "xcstrings":
        return _merged(world, row, [locale], options)
    data, encoding = _served(world, row)
    if not encoding:
        return data, ""
    if options.retrieval == INSTRUMENTED and encoding.lower() in _LATIN:
        data, encoding = data.decode(encoding).encode(), "utf-8"  # the marks are not in Latin-1
    charset = None if encoding == row["encoding"] and not row["charset"] else encoding
    if row["charset"] and encoding == row["encoding"]:
        charset = source_strings.python_charset(row["charset"])
    directives = json.loads(row["sent"])
    texts = _texts(world, row, locale, options)
    made = formats.translate(row["type"], data, texts, directives, charset)
    return _finished(world, row, locale, made, encoding), encoding


def translate_posted(
    world: World, project: str, uri: str, data: bytes, locale: str, options: DeliveryOptions
) -> DeliveredFile:
    """Translate a file that is not kept, with the settings and translations of a stored one."""
    row = files.stored(world, project, uri)
    charset = source_strings.python_charset(row["charset"])
    directives = json.loads(row["sent"])
    source = source_strings.StoredSource(row["type"], data, directives, charset, row["namespace"])
    parsed = source_strings.parse(world, project, source)
    texts = _texts_of(world, row, locale, options, [text.hash for text in parsed.texts])
    made = formats.translate(row["type"], data, texts, directives, charset)
    if parsed.encoding:  # other files are left unchanged
        made = _finished(world, row, locale, made, parsed.encoding)
    return DeliveredFile(file_name(row["uri"]), made, _media(row["type"], parsed.encoding))


def _served(world: World, row: Row) -> tuple[bytes, str]:
    """Return a file's source and encoding as the service keeps them: UTF-16 as it came, all else UTF-8."""
    data, encoding = world.store.get(row["blob"]), row["encoding"]
    if encoding.lower() in _LATIN and world.switch(row["project"], "latin1_as_utf8"):
        return data.decode(encoding).encode(), "utf-8"
    return data, encoding


def _texts(world: World, row: Row, locale: str, options: DeliveryOptions) -> Callable[[Unit], str | None]:
    hashes = [held[0] for held in world.store.rows("select hash from file_strings where file = ?", row["id"])]
    return _texts_of(world, row, locale, options, hashes)


def _texts_of(
    world: World, row: Row, locale: str, options: DeliveryOptions, hashes: Sequence[str]
) -> Callable[[Unit], str | None]:
    """Return what stands for each unit of a document; None leaves it out."""
    known = _known(world, row, locale, options.retrieval, hashes)
    keep = options.originals or row["type"] not in ORIGINALS_HONOURED | {"xcstrings"}
    directives = json.loads(row["effective"])
    variants = source_strings.has_variants(world, row["project"], row["type"], directives)

    def piece(unit: Unit, text: str) -> str | None:
        if options.retrieval == "pseudo":
            return formats.pseudo_unit(row["type"], unit._replace(text=text), directives)
        if options.retrieval == INSTRUMENTED:
            return f"{MARKS[0]}{text}{MARKS[1]}" if text.strip() else text
        variant = unit.variant if variants else ""
        return known.get(source_strings.identity(text, variant, unit.plural, row["namespace"]))

    def text(unit: Unit) -> str | None:
        spans = formats.piece_spans(unit, directives)
        pieces = [piece(unit, unit.text[start:end]) for start, end in spans]
        if not keep and all(piece is None for piece in pieces):
            return None
        return _assembled(unit.text, spans, pieces, keep=keep)

    return text


def _assembled(
    text: str, spans: Sequence[tuple[int, int]], pieces: Sequence[str | None], *, keep: bool
) -> str:
    """Return TEXT with its pieces translated; what has no translation stays if KEEP says so, else goes."""
    parts: list[str] = []
    position = 0
    for (start, end), piece in zip(spans, pieces, strict=True):
        original = text[start:end] if keep else ""
        parts += (text[position:start], original if piece is None else piece)
        position = end
    return "".join([*parts, text[position:]])


def _known(world: World, row: Row, locale: str, retrieval: str, hashes: Sequence[str]) -> dict[str, str]:
    column = "coalesce(saved, published)" if retrieval == "pending" else "published"
    sql = f"""select hash, {column} from translations where project = ? and +locale = ?
              and hash in (select value from json_each(?))"""  # noqa: S608 - two fixed texts
    rows = world.store.rows(sql, row["project"], locale, json.dumps(list(hashes)))
    return {ident: text for ident, text in rows if text is not None}


def _finished(world: World, row: Row, locale: str, data: bytes, encoding: str) -> bytes:
    directives: Mapping[str, str] = json.loads(row["effective"])
    if data.startswith(b"bplist00"):  # a binary property list has no layout
        return data
    if row["type"] == "yaml" and directives.get("yaml_locale_substitution", "true").lower() != "false":
        from l10nsync.formats import yaml

        data = yaml.substitute_root(data, projects.find(world, row["project"])["source"], locale)
    if row["type"] in PLACEHOLDERS and world.switch(row["project"], "placeholders_rewritten"):
        data = PLACEHOLDERS[row["type"]](data.decode(encoding)).encode(encoding)
    if row["type"] == "markdown" and world.switch(row["project"], "markdown_rewritten"):
        data = markdown(data.decode(encoding)).encode(encoding)
    if row["type"].startswith("xliff") and world.switch(row["project"], "xliff_names_target"):
        data = xliff_language(data.decode(encoding), locale).encode(encoding)
    if not world.switch(row["project"], "restyle_delivery"):
        return data
    text = data.decode(encoding)
    return restyle(row["type"], text, locale).encode(encoding)


def _media(file_type: str, encoding: str) -> str:
    if not encoding:
        return "application/octet-stream"
    charset = {"utf-8": "UTF-8"}.get(encoding, "UTF-16" if encoding.startswith("utf-16") else encoding)
    return f"{_MEDIA.get(file_type, 'text/plain')};charset={charset}"


# --- archives --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Archive:
    """The content of an archive, and the names of its entries."""

    pairs: tuple[tuple[str, str], ...]
    """fileUri and locale."""
    options: DeliveryOptions = DeliveryOptions()
    name_mode: str = ""
    locale_mode: str = ""
    only_published: bool = False


def archive(world: World, project: str, wanted: Archive) -> bytes | None:
    """Return a zip of translations; None if the filter leaves nothing."""
    if len(wanted.pairs) > PAIRS_LIMIT:
        raise invalid(f"The number of file and locale pairs must not exceed {PAIRS_LIMIT}", "files")
    kept = [(files.stored(world, project, uri), locale) for uri, locale in wanted.pairs]
    if wanted.only_published:
        kept = [(row, locale) for row, locale in kept if is_published(world, row, locale)]
    if not kept:
        return None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for row, locale in kept:
            data, _ = translate(world, row, locale, wanted.options)
            bundle.writestr(
                zipfile.ZipInfo(entry_name(row["uri"], locale, wanted)), data, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def is_published(world: World, row: Row, locale: str) -> bool:
    """Whether all authorized strings of a file are published in a locale, and there are any."""
    counted = file_status.counts(world, row).get(locale)
    return bool(counted and counted["completedStringCount"] and not counted["authorizedStringCount"])


def entry_name(uri: str, locale: str, wanted: Archive) -> str:
    """Return the name of an entry; with neither mode given it is `<locale>/<fileUri>`."""
    name = file_name(uri)
    folder, base = posixpath.split(name)
    name_mode, locale_mode = wanted.name_mode, wanted.locale_mode
    if name_mode == "TRIM_LEADING":
        folder = ""
    if "NAME" in locale_mode.removeprefix("LOCALE_IN_"):
        stem, suffix = posixpath.splitext(base)
        base = f"{stem}_{locale}{suffix}"
    if name_mode == "LOCALE_LAST" or "PATH" in locale_mode:
        return posixpath.join(folder, locale, base)
    if locale_mode == "LOCALE_IN_NAME":
        return posixpath.join(folder, base)
    return f"{locale}/{base if name_mode == 'TRIM_LEADING' else name}"
