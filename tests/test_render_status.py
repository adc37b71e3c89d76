"""A status as it is printed and written: verdict first, numbers that add up, and no name breaks out."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from l10nsync.plan import LocaleStatus, Standing, Status
from l10nsync.render import badge as badges
from l10nsync.render import status as render
from l10nsync.render import status_data
from tests.status_samples import HOSTILE, counts, source, status

VERDICT = (
    "Status: 60 % published, 1,960 words left in de-DE, fr-FR, ja-JP;"
    " 1 stale; 1 not uploaded (5 files, 3 locales)."
)
SCHEMAS = Path(__file__).parents[1] / "schemas"


def validator() -> Draft7Validator:
    """Return the published schema with the schemas that it refers to."""
    found = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in found.items()
    )
    return Draft7Validator(found["status.schema.json"], registry=registry)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (Status(), "Status: no sources."),
        (Status((source("a", 100, 100),)), "Status: complete (1 file, 2 locales)."),
        (
            Status((source("a", 100, 50),)),
            "Status: 75 % published, 200 words left in fr-FR (1 file, 2 locales).",
        ),
        (
            Status((source("a", 100, standing=Standing.STALE),)),
            "Status: 100 % published; 1 stale (1 file, 1 locale).",
        ),
        (
            status(),
            VERDICT,
        ),
    ],
)
def test_the_verdict_is_one_true_sentence(given: Status, verdict: str) -> None:
    """Complete is said only if nothing is left and the TMS has what the repository has."""
    assert render.verdict(given) == verdict
    assert render.text(given).splitlines()[0] == verdict


def test_files_and_locales_make_a_table() -> None:
    """One row per file, one column per locale, and what is to be said of a file at the end."""
    assert render.text(status(), by="file") == (
        f"{VERDICT}\n"
        "\n"
        "                      strings  words  de-DE  fr-FR  ja-JP\n"
        "docs/guide.md              10     40    100\n"
        "web/en/checkout.json      200    800    100     45      0\n"
        "web/en/common.json        100    400    100     99     79\n"
        "web/en/legal.json         100    400    100     60      –  stale, 17 new words not sent\n"
        "web/en/new.json             6     24      –      –      –  not uploaded\n"
        "all                       416  1,664     98     61     19\n"
        "\n"
        "Words published in percent, rounded down · – not asked for · sources at 4f2c9aa\n"
        'Job "acme-app main" · in progress · due 2026-12-01\n'
        "  https://dashboard.example.com/jobs/uid1\n"
        "On the TMS, no longer in the repository: 1 file\n"
        "  ? web/en/legacy.json"
    )


def test_rows_can_be_resources_locales_or_jobs() -> None:
    """Each view has the figures that belong to it."""
    shown = {by: render.text(status(), by=by) for by in ("resource", "locale", "job")}

    assert re.search(
        r"^web +406 +1,624 +98 +61 +19  1 stale, 1 not uploaded$", shown["resource"], re.MULTILINE
    )
    assert re.search(r"^ja-JP +406 +1,624 +19 % +1,308 +884 +424 +0/4$", shown["locale"], re.MULTILINE)
    assert re.search(
        r"^acme-app main +2026-12-01 +800 +120 +72 +100 +45  in progress  https://",
        shown["job"],
        re.MULTILINE,
    )


def test_a_table_wider_than_the_terminal_is_divided() -> None:
    """Every line fits, and every locale is still there with the rows' names."""
    wide = render.text(status(), by="file", width=60)
    heads = [line for line in wide.splitlines() if "strings" in line]

    assert [re.findall("[a-z]+-[A-Z]+", line) for line in heads] == [["de-DE", "fr-FR", "ja-JP"]]
    narrow = render.text(status(), by="file", width=50)
    heads = [line for line in narrow.splitlines() if "strings" in line]
    assert [re.findall("[a-z]+-[A-Z]+", line) for line in heads] == [["de-DE", "fr-FR"], ["ja-JP"]]


def test_locales_that_need_many_tables_become_rows() -> None:
    """Two tables side by side can be read; more, and each locale gets a row, unless files are asked for."""
    cells = [LocaleStatus(f"xx-{at:02}", counts(40, 50)) for at in range(30)]
    many = Status((replace(source("a.json", 50), locales=tuple(cells)),))

    assert "a.json" in render.text(many)
    assert "a.json" in render.text(many, width=150)
    narrow = render.text(many, width=80)
    assert "a.json" not in narrow
    assert re.search(r"^xx-29 +10 +40 +50 %", narrow, re.MULTILINE)
    assert "--by file shows each file" in narrow
    assert "a.json" in render.text(many, by="file", width=80)


def test_many_files_are_shown_by_resource() -> None:
    """Thirty are shown one by one; more only on request, and the legend says how."""
    few = Status(tuple(source(f"f{at:03}.json", 50) for at in range(render.FEW)))
    many = Status((*few.sources, source("one-more.json", 50)))

    assert "f000.json" in render.text(few)
    assert "f000.json" not in render.text(many)
    assert "--by file shows each file" in render.text(many)
    assert "f000.json" in render.text(many, by="file")


def test_no_name_breaks_out_of_its_line() -> None:
    """A hostile path is one line on a terminal, one cell in Markdown and in a tab-separated file."""
    hostile = Status((source(HOSTILE, 50),))

    assert "\x1b" not in render.text(hostile)
    assert len(render.text(hostile).splitlines()) == len(render.text(Status((source("a", 50),))).splitlines())
    shown = render.markdown(hostile)
    assert not re.search(r"<img|@team|^::", shown, re.MULTILINE)
    rows = list(csv.reader(StringIO(status_data.tsv(hostile)), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [len(row) for row in rows] == [len(status_data.COLUMNS)] * 2


def test_markdown_is_a_table_under_the_verdict() -> None:
    """It can be put into the summary of a build as it is."""
    shown = render.markdown(status(), by="resource")

    assert shown.startswith("### Status: 60 % published")
    assert "| <code>web</code> | 406 | 1,624 | 98 | 61 | 19 | 1 stale, 1 not uploaded |" in shown
    assert (
        "- Job <code>acme-app main</code>: in progress ([open](https://dashboard.example.com/jobs/uid1))"
        in shown
    )
    columns = {line.count("|") for line in shown.splitlines() if line.startswith("|")}
    assert columns == {8}


@pytest.mark.parametrize("given", [Status(), status(), Status((source(HOSTILE, 50),))])
def test_the_data_is_as_the_schema_says(given: Status) -> None:
    """Whatever the status, and with numbers that are those of the text."""
    data = json.loads(json.dumps(status_data.data(given, exit_code=6)))

    assert list(validator().iter_errors(data)) == []
    assert data["verdict"] == render.verdict(given)
    assert data["total"]["words"] == sum(each["words"] for each in data["locales"].values())
    assert data["complete"] == all(each["complete"] for each in data["files"])


def test_the_schema_refuses_what_it_does_not_describe() -> None:
    """A misspelled field would be noticed."""
    data = status_data.data(status())

    assert list(validator().iter_errors({**data, "extra": 1}))
    assert list(validator().iter_errors({**data, "files": [{**data["files"][0], "standing": "fine"}]}))


# --- badge ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "value", "colour"),
    [
        (Status((source("a", 100),)), "100 %", badges.GREEN),
        (Status((source("a", 99),)), "99 %", badges.AMBER),
        (Status((source("a", 12),)), "12 %", badges.RED),
        (Status((source("a", 100, standing=Standing.STALE),)), "100 %, sources changed", badges.AMBER),
        (Status(), "no sources", badges.GRAY),
    ],
)
def test_the_badge_says_how_much_is_published(given: Status, value: str, colour: str) -> None:
    """In words, in a colour, and to a screen reader; 100 percent of old sources is not green."""
    picture = ET.fromstring(badges.badge(given))  # noqa: S314 - our own
    name = "{http://www.w3.org/2000/svg}"

    assert [each.text for each in picture.iter(f"{name}text")] == ["translated", value]
    assert picture.get("aria-label") == f"translated: {value}"
    assert colour in {each.get("fill") for each in picture.iter(f"{name}rect")}


@pytest.mark.parametrize("colour", [badges.GRAY, badges.RED, badges.AMBER, badges.GREEN, badges.LABEL_COLOUR])
def test_a_badge_is_legible(colour: str) -> None:
    """White text has a contrast of 4.5 or more on every background."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in (red, green, blue)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance + 0.05) >= 4.5


def test_a_label_cannot_leave_its_element() -> None:
    """The label is text, whatever stands in it."""
    picture = ET.fromstring(badges.badge(status(), HOSTILE))  # noqa: S314 - our own

    assert not list(picture.iter("{http://www.w3.org/2000/svg}img"))
