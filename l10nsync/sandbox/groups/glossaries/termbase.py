"""Glossary files: CSV, XLSX and TBX, each to and from the same rows.

The columns of tables are our own choice; the service's are not documented. A table needs no more than a
column for each locale: `en-US`, or `en-US [Term]` beside `en-US [Notes]` and the like.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Any

from l10nsync.errors import ContentError
from l10nsync.formats import xmltree
from l10nsync.formats.xmltree import escape, escape_attribute, unescape
from l10nsync.sandbox.refusal import invalid

MEDIA: Mapping[str, str] = {
    "CSV": "text/csv",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "TBX": "text/xml",
}
"""Formats with their media types."""
TBX_VERSIONS = ("TBXcoreStructV02", "TBXcoreStructV03")
_DETAILS: Mapping[str, str] = {
    "Term": "term", "Notes": "notes", "Case Sensitive": "caseSensitive", "Exact Match": "exactMatch",
    "Do Not Translate": "doNotTranslate",
}  # fmt: skip
_ENTRY: Mapping[str, str] = {
    "Entry UID": "entryUid", "Definition": "definition", "Part of Speech": "partOfSpeech", "Labels": "labels",
}  # fmt: skip
_FLAGS = frozenset({"caseSensitive", "exactMatch", "doNotTranslate"})
_COLUMN = re.compile(r"(?P<locale>[A-Za-z0-9_-]+)(?:\s*\[(?P<detail>[^\]]+)\])?")
_MAX_SHEET = 64 * 2**20


@dataclass(slots=True)
class GlossaryEntry:
    """One line of a glossary file."""

    uid: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    """Definition, part of speech, labels; only what the file has."""
    terms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Locale to term, notes and flags; an empty term means that there is none."""


def read(media: str, content: bytes) -> list[GlossaryEntry]:
    """Read a file; raise a refusal that says what is wrong with it."""
    if media == MEDIA["TBX"]:
        return _read_tbx(_text(content))
    if media == MEDIA["XLSX"]:
        return _from_table(_read_sheet(content))
    if media == MEDIA["CSV"]:
        try:
            return _from_table(list(csv.reader(io.StringIO(_text(content)), strict=True)))
        except csv.Error as error:
            raise _broken(f"no CSV: {error}") from error
    raise invalid(f"importFileMediaType must be one of {', '.join(MEDIA.values())}", "importFileMediaType")


def write(how: str, entries: Iterable[GlossaryEntry], locales: Sequence[str], version: str) -> bytes:
    """Write entries as `CSV`, `XLSX` or `TBX`; only the locales given, in that order."""
    if how == "TBX":
        return _write_tbx(entries, locales, version)
    table = _to_table(entries, locales)
    if how == "XLSX":
        return _write_sheet(table)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(table)
    return out.getvalue().encode()


def _broken(reason: str) -> Exception:
    return invalid(f"The file cannot be read: {reason}", "importFile")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken("it is not UTF-8") from error


# --- tables ----------------------------------------------------------------------------------------------


def _to_table(entries: Iterable[GlossaryEntry], locales: Sequence[str]) -> list[list[str]]:
    head = [*_ENTRY, *(f"{locale} [{detail}]" for locale, detail in product(locales, _DETAILS))]
    rows = [
        [
            entry.uid,
            *(_cell(entry.fields.get(name)) for name in list(_ENTRY.values())[1:]),
            *(
                _cell(entry.terms.get(locale, {}).get(name))
                for locale, name in product(locales, _DETAILS.values())
            ),
        ]
        for entry in entries
    ]
    return [head, *rows]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _from_table(rows: Sequence[Sequence[str]]) -> list[GlossaryEntry]:
    if not rows:
        raise _broken("it is empty")
    columns = [_column(cell.strip()) for cell in rows[0]]
    found = [_entry(columns, row) for row in rows[1:] if any(cell.strip() for cell in row)]
    if not any(locale for locale, _ in columns):
        raise _broken("no column is named by a locale")
    return found


def _column(name: str) -> tuple[str, str]:
    """Return locale and field of a column; the locale is empty for those of the whole entry."""
    if name in _ENTRY:
        return "", _ENTRY[name]
    match = _COLUMN.fullmatch(name)
    detail = _DETAILS.get((match["detail"] or "Term") if match else "")
    if match is None or detail is None:
        raise _broken(f"column {name!r} is not known")
    return match["locale"], detail


def _entry(columns: Sequence[tuple[str, str]], row: Sequence[str]) -> GlossaryEntry:
    entry = GlossaryEntry()
    for (locale, name), cell in zip(columns, row, strict=False):
        value: Any = cell.strip()
        if name in _FLAGS:
            value = value.lower() in {"true", "yes", "1"}
        if name == "labels":
            value = [label.strip() for label in value.split(",") if label.strip()]
        if locale:
            entry.terms.setdefault(locale, {})[name] = value
        elif name == "entryUid":
            entry.uid = value
        else:
            entry.fields[name] = value
    return entry


# --- XLSX ------------------------------------------------------------------------------------------------

_PACKAGE = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Glossary" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    """Return TEXT as XML content; a glossary may hold characters that XML cannot, and they are left out."""
    return escape(_UNWRITABLE.sub("", text))


def _write_sheet(table: Iterable[Sequence[str]]) -> bytes:
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{_xml(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in table
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**_PACKAGE, "xl/worksheets/sheet1.xml": sheet}.items():
            package.writestr(zipfile.ZipInfo(name), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _read_sheet(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            sheet = _member(package, "xl/worksheets/sheet1.xml")
            shared = _member(package, "xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else ""
    except (zipfile.BadZipFile, KeyError, ContentError, ValueError) as error:
        raise _broken(f"no workbook: {error}") from error
    texts = [_joined(item, shared) for item in _root(shared).named("si")] if shared else []
    return [
        _cells(row, sheet, texts)
        for row in chain.from_iterable(data.named("row") for data in _root(sheet).named("sheetData"))
    ]


def _member(package: zipfile.ZipFile, name: str) -> str:
    if package.getinfo(name).file_size > _MAX_SHEET:
        raise ValueError(f"{name} is too large")
    return package.read(name).decode("utf-8-sig")


def _root(text: str) -> xmltree.Element:
    try:
        return xmltree.read(text)
    except ContentError as error:
        raise _broken(str(error)) from error


def _joined(element: xmltree.Element, text: str) -> str:
    return "".join(unescape(part.raw(text)) for part in element.iter() if part.local == "t")


def _cells(row: xmltree.Element, text: str, shared: Sequence[str]) -> list[str]:
    found: list[str] = []
    for cell in row.named("c"):
        place = _place(cell.attributes.get("r", ""), len(found))
        found += [""] * (place - len(found))
        value = cell.child("v")
        plain = unescape(value.raw(text)) if value is not None else ""
        kind = cell.attributes.get("t", "")
        if kind == "s":
            plain = shared[int(plain)] if plain.isdigit() and int(plain) < len(shared) else ""
        found.append(_joined(cell, text) if kind == "inlineStr" else plain)
    return found


def _place(name: str, default: int) -> int:
    """Return the column, from 0, that a cell's name stands for: `A1` is 0, `AA1` is 26."""
    letters = re.match(r"[A-Z]{1,3}", name)
    if letters is None:
        return default
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, default)


# --- TBX -------------------------------------------------------------------------------------------------

_TBX: Mapping[str, tuple[str, str, str, str]] = {
    "TBXcoreStructV02": ("martif", "termEntry", "langSet", "tig"),
    "TBXcoreStructV03": ("tbx", "conceptEntry", "langSec", "termSec"),
}
"""Names of root, entry, language and term in each version."""


def _write_tbx(entries: Iterable[GlossaryEntry], locales: Sequence[str], version: str) -> bytes:
    root, concept, language, section = _TBX[version]
    out = [_HEAD, f'<{root} type="TBX-Core" xml:lang="{escape_attribute(locales[0] if locales else "en")}">']
    out.append("<text><body>")
    for entry in entries:
        out.append(f'<{concept} id="{escape_attribute(entry.uid)}">')
        if entry.fields.get("definition"):
            out.append(f'<descrip type="definition">{_xml(entry.fields["definition"])}</descrip>')
        for locale in locales:
            known = entry.terms.get(locale, {})
            if known.get("term"):
                note = f"<note>{_xml(known['notes'])}</note>" if known.get("notes") else ""
                out.append(f'<{language} xml:lang="{escape_attribute(locale)}"><{section}>')
                out.append(f"<term>{_xml(known['term'])}</term>{note}</{section}></{language}>")
        out.append(f"</{concept}>")
    out.append(f"</body></text></{root}>\n")
    return "".join(out).encode()


def _read_tbx(text: str) -> list[GlossaryEntry]:
    concepts = {names[1] for names in _TBX.values()}
    found = [_concept(concept, text) for concept in _root(text).iter() if concept.local in concepts]
    if not found:
        raise _broken("it has no entry")
    return found


def _concept(element: xmltree.Element, text: str) -> GlossaryEntry:
    entry = GlossaryEntry(element.attributes.get("id", ""))
    languages = {names[2] for names in _TBX.values()}
    for part in element.iter():
        if part.local == "descrip" and part.attributes.get("type") == "definition":
            entry.fields["definition"] = unescape(part.raw(text)).strip()
        if part.local in languages:
            inner = {child.local: unescape(child.raw(text)).strip() for child in part.iter()}
            locale = part.attributes.get("xml:lang", "")
            details = {"term": inner.get("term", "")}
            entry.terms[locale] = {**details, "notes": inner["note"]} if inner.get("note") else details
    return entry
