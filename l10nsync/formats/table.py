"""The format table: one row for each file type, and how to find it by name or path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from types import MappingProxyType

from l10nsync.formats import (
    android,
    arb,
    csv_table,
    fluent,
    gettext,
    html_blocks,
    ios,
    json_strings,
    lines,
    markdown,
    php,
    properties,
    qt,
    resx,
    stringsdict,
    whole,
    xcstrings,
    xliff,
    xml_paths,
    yaml,
)
from l10nsync.formats.documents import Coding, Format, Naming

COMMON = ("placeholder_format", "placeholder_format_custom", "pseudo_inflation", "string_format")
"""Directives that count for every type with strings of its own."""
_PATHS = (
    "instruction_paths", "sltrans", "source_key_paths", "string_format_paths", "translate_paths",
    "variants_enabled",
)  # fmt: skip
_ROOT = Naming("the attribute `xml:lang` of the root element", "-", like_source=True)
_FRONT_MATTER = Naming("`lang`, `language` or `locale` of the front matter", "-", like_source=True)
_XML = Coding(declared="xml")
_TEXT = Coding()


def _whole(
    name: str, suffixes: tuple[str, ...] = (), coding: Coding = _TEXT, *, page: bool = False
) -> Format:
    """Return the row of a text type that is taken as one piece."""
    return Format(
        name, suffixes, whole.reader(coding), coding=coding, whole=True, keeps_keys=False, page=page
    )


def _opaque(name: str, suffixes: tuple[str, ...] = (), container: str = "") -> Format:
    return Format(name, suffixes, keeps_keys=False, container=container)


_OFFICE = "[Content_Types].xml"

_ROWS = (
    Format(
        "android", parse=android.parse, names=("*/values/*.xml", "*/values-*/*.xml", "*/strings*.xml"),
        imports=True, original_strings=True, removes_untranslated=True, placeholders="java",
        coding=android.CODING, page=True,
        naming=Naming("the attribute `tools:locale` of `<resources>`", "-"),
        directives=("character_limit", "instruction_attributes", "instruction_comments_enabled", "sltrans"),
        shared=(".xml",),
    ),
    Format(
        "json", (".json",), json_strings.parse, imports=True, original_strings=True, placeholders="json",
        keys_by_path=True, plural_keys=True, outlines=json_strings.OUTLINES,
        coding=json_strings.CODING,
        directives=(
            "plurals_detection", "source_key_paths", "string_format_paths", "translate_paths",
            "variants_enabled",
        ),
        shared=(".js",),
    ),
    Format(
        "yaml", (".yml", ".yaml"), yaml.parse, imports=True, original_strings=True, removes_untranslated=True,
        placeholders="yaml", plural_keys=True, coding=yaml.CODING,
        naming=Naming(
            "the root key", "as it is", decided_by="local name", like_source=True,
            directive="yaml_locale_substitution", hint=yaml.ROOT,
        ),
        directives=(
            "plurals_detection", "sltrans", "source_key_paths", "string_format_paths",
            "yaml_locale_substitution",
        ),
    ),
    Format(
        "javaProperties", (".properties",), properties.parse, imports=True, original_strings=True,
        placeholders="message", coding=properties.CODING,
        directives=("sltrans",),
    ),
    Format(
        "ios", (".strings",), ios.parse, imports=True, original_strings=True, removes_untranslated=True,
        placeholders="ios",
        coding=ios.CODING, recast=ios.recast,
        directives=("sltrans",),
    ),
    Format(
        "gettext", (".po", ".pot"), gettext.parse, imports=True, placeholders="none", original_strings=True,
        coding=gettext.CODING, unfinished="`#, fuzzy`, with the lines `#|`",
        skips_unfinished=True, naming=Naming("`Language` of the header", "_"),
        directives=("sltrans",),
    ),
    Format(
        "arb", (".arb",), arb.parse, imports=True, original_strings=True, placeholders="arb",
        coding=arb.CODING, naming=Naming("`@@locale`", "_", decided_by="file name"),
    ),
    Format(
        "csv", (".csv",), csv_table.parse, imports=True, keeps_keys=False, placeholders="table",
        coding=csv_table.CODING,
        directives=(
            "field_separator", "first_row_header", "paths", "source_key_paths", "string_encloser",
            "string_format_paths", "string_instructions_paths",
        ),
    ),
    Format(
        "html", (".html", ".htm"), html_blocks.parse, keeps_keys=False, coding=html_blocks.CODING, page=True,
        rewritten=True, placeholders="html",
        naming=Naming("the attribute `lang` of `<html>`", "-", like_source=True),
        directives=("force_inline_for_tags", "include_translatable_attributes"),
    ),
    Format(
        "stringsdict", (".stringsdict",), stringsdict.parse, imports=True, original_strings=True,
        placeholders="ios",
        coding=stringsdict.CODING, page=True,
    ),
    Format(
        "xcstrings", (".xcstrings",), xcstrings.parse, multilingual=True, placeholders="ios",
        coding=xcstrings.CODING, localize=xcstrings.localizations, join=xcstrings.join, omit=xcstrings.omit,
        rename=xcstrings.rename, unfinished="the states `new` and `needs_review`",
        naming=Naming("the language ids of localizations", "-"),
    ),
    Format(
        "markdown", (".md", ".markdown"), markdown.reader(), keeps_keys=False, coding=markdown.CODING,
        page=True, rewritten=True, placeholders="markdown", naming=_FRONT_MATTER,
    ),
    Format(
        "mdx", (".mdx",), markdown.reader(mdx=True), keeps_keys=False, coding=markdown.CODING, page=True,
        rewritten=True, placeholders="mdx", naming=_FRONT_MATTER,
    ),
    Format(
        "plainText", (".txt",), lines.parse_text, keeps_keys=False, placeholders="prose",
        coding=lines.CODING, page=True,
    ),
    Format(
        "qt", parse=qt.parse, imports=True, placeholders="qt", original_strings=True, coding=qt.CODING,
        page=True, unfinished='`type="unfinished"`',
        naming=Naming("the attribute `language` of `<TS>`", "_"),
        shared=(".ts",),
    ),
    Format(
        "resx", (".resx", ".resw"), resx.parse, imports=True, placeholders="resx",
        coding=resx.CODING, page=True,
        directives=("sltrans",),
        shared=(".xml",),
    ),
    Format("srt", (".srt",), lines.parse_cues, imports=True, placeholders="prose", coding=lines.CODING),
    Format(
        "vtt", (".vtt",), lines.parse_cues, imports=True, placeholders="prose", coding=lines.CODING,
        naming=Naming("`Language` of the header", "-", like_source=True),
    ),
    Format(
        "svg", (".svg",), xml_paths.reader("*/text, */title, */desc"), page=True, coding=xml_paths.CODING,
        naming=_ROOT, directives=_PATHS,
    ),
    Format(
        "xliff", (".xlf", ".xliff"), xliff.parse, original_strings=True, placeholders="xliff",
        coding=xliff.CODING, page=True,
        unfinished='`approved="no"`, `state`, `state-qualifier`, `subState`',
        naming=Naming("`target-language` of `<file>`, `trgLang` of version 2", "-"),
        directives=("xliff_tags_to_placeholders",),
        shared=(".xml",),
    ),
    Format(
        "xliff2", parse=xliff.parse, placeholders="xliff", coding=xliff.CODING, page=True,
        unfinished='`state="initial"`, `subState`', naming=Naming("`trgLang` of `<xliff>`", "-"),
        directives=("xliff_tags_to_placeholders",),
        shared=(".xlf", ".xliff", ".xml"),
    ),
    Format(
        "xml", (".xml",), xml_paths.reader(), imports=True, original_strings=True, coding=xml_paths.CODING,
        keys_by_path=True,
        page=True, naming=_ROOT,
        directives=_PATHS,
    ),
    Format("phpResource", (".php",), php.parse, placeholders="php", coding=php.CODING, page=True),
    Format("fluent", (".ftl",), fluent.parse, placeholders="fluent", coding=fluent.CODING),
    _whole("freemarker", (), page=True),
    _whole("dita", (".dita", ".ditamap"), _XML, page=True),
    _whole("tmx", (".tmx",), _XML, page=True),
    _whole("pres", (".pres",)),
    _whole("xliffCat", (), _XML, page=True),
    _opaque("doc", (".doc",)),
    _opaque("docx", (".docx",), _OFFICE),
    _opaque("docm", (".docm",), _OFFICE),
    _opaque("ppt", (".ppt",)),
    _opaque("pptx", (".pptx",), _OFFICE),
    _opaque("xls", (".xls",)),
    _opaque("xlsx", (".xlsx",), _OFFICE),
    replace(_opaque("xlsxTemplate", (), _OFFICE), shared=(".xlsx",)),
    replace(_opaque("idml", (".idml", ".idms"), "mimetype"), original_strings=True),
    replace(_opaque("madcap"), shared=(".zip",)),
    replace(_opaque("ditaZip"), shared=(".zip",)),
    _opaque("flare", (".flprjzip",)),
    _opaque("pdf", (".pdf",)),
    _opaque("rtf", (".rtf",)),
    _opaque("indd", (".indd",)),
    _opaque("vsdx", (".vsdx",), _OFFICE),
    _opaque("vsdm", (".vsdm",), _OFFICE),
    _opaque("imagePng", (".png",)),
    _opaque("imageJpg", (".jpg", ".jpeg")),
    _opaque("imageWebp", (".webp",)),
    _opaque("none"),
)  # fmt: skip

TYPES: Mapping[str, Format] = MappingProxyType({row.name: row for row in _ROWS})
"""Every file type by its canonical name."""
_LENIENT = {row.name.lower(): row for row in _ROWS}


def _by_suffix() -> Iterator[tuple[str, Format]]:
    for row in _ROWS:
        for suffix in row.suffixes:
            yield suffix, row


_SUFFIXES = dict(_by_suffix())


def get(name: str) -> Format | None:
    """Return the row of a file type; case and underscores do not count (`JAVA_PROPERTIES`)."""
    return _LENIENT.get(name.replace("_", "").lower())


def canonical(name: str) -> str:
    """Return the service's own spelling of a file type; raise `KeyError` if there is no such type."""
    row = get(name)
    if row is None:
        raise KeyError(name)
    return row.name


def sharing(path: str) -> tuple[str, ...]:
    """Return the types that a path may have although its name does not show it."""
    ending = _ending(path.lower())
    return tuple(sorted(row.name for row in _ROWS if ending and ending in row.shared))


def _ending(lowered: str) -> str:
    name = lowered.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def detect(path: str) -> Format | None:
    """Return the type that a path means by its name alone, or None."""
    lowered = path.lower()
    for row in _ROWS:
        if any(fnmatchcase(lowered, pattern) or fnmatchcase(f"/{lowered}", pattern) for pattern in row.names):
            return row
    return _SUFFIXES.get(_ending(lowered))
