"""`docs/formats.md` says what the table says: types, endings, directives and rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from l10nsync import formats
from l10nsync.formats import Format
from l10nsync.formats.quality_rules import BROKEN, TUNABLE
from l10nsync.formats.table import COMMON

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
CONTRACT = """
    android arb csv doc docx docm ppt pptx xls xlsx xlsxTemplate gettext html idml ios stringsdict xcstrings
    javaProperties json madcap markdown mdx plainText pres qt resx srt vtt svg xliff xliff2 xml yaml
    phpResource fluent freemarker dita ditaZip flare pdf rtf indd vsdx vsdm tmx xliffCat imagePng imageJpg
    imageWebp none
"""
"""Every identifier that the service or one of its clients names."""


def reading(row: Format) -> str:
    """Return how a type is read, in one word."""
    return "opaque" if row.parse is None else "as one piece" if row.whole else "strings"


def line(row: Format) -> str:
    """Return the row of a type in the page's table."""
    told = [*(f"`{each}`" for each in row.suffixes), *(f"`{each}`" for each in row.names)]
    shared = [f"(`{each}`)" for each in row.shared]
    directives = ", ".join(f"`{each}`" for each in row.directives) or "–"
    return f"| `{row.name}` | {', '.join([*told, *shared]) or '–'} | {reading(row)} | {directives} |"


@pytest.mark.parametrize("name", sorted(formats.TYPES))
def test_every_type_has_its_row(name: str) -> None:
    """Endings, how it is read, and the directives that are heeded here."""
    assert line(formats.TYPES[name]) in PAGE.split("\n")


def test_the_page_names_no_other_types() -> None:
    """Nothing is promised that the table does not hold, and nothing of the service's is missing."""
    named = re.findall(r"^\| `(\w+)` \| .* \| (?:strings|as one piece|opaque) \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(formats.TYPES)
    assert formats.TYPES.keys() == set(CONTRACT.split())


def test_every_rule_is_explained() -> None:
    """Each rule has a row with what it means and how much it weighs."""
    for rule, meaning in {**BROKEN, **TUNABLE}.items():
        row = rf"^\| `{rule}` \| (error|warning|error or warning) \| {re.escape(meaning)} \|$"
        assert re.search(row, PAGE, re.MULTILINE)


def test_the_common_directives_are_named() -> None:
    """Those that count for every type stand before the table."""
    assert all(f"`{each}`" in PAGE for each in COMMON)


@pytest.mark.parametrize(
    ("path", "types"),
    [("a/b.ts", ("qt",)), ("a.ZIP", ("ditaZip", "madcap")), ("a.json", ()), ("Makefile", ())],
)
def test_types_that_share_an_ending_are_proposed(path: str, types: tuple[str, ...]) -> None:
    """Where the name does not tell, the manifest must; what it may be is known."""
    assert formats.sharing(path) == types
