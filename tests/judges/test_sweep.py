"""The sweep over real repositories counts what it says it counts."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.judges import pairs
from tests.judges.sweep import COLUMNS, Sweep, table
from tests.judges.verdicts import ARGUMENTS, Doubt, contradicted, renamed


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a repository and return its folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def swept(folder: Path) -> tuple[Counter[str], list[dict[str, object]]]:
    """Return the figures of all types together, and the details."""
    details = io.StringIO()
    sweep = Sweep(10, [], details)
    sweep.repository(folder)
    sweep.finish()
    totals: Counter[str] = sum(sweep.totals.values(), Counter())
    return totals, [json.loads(line) for line in details.getvalue().splitlines()]


def test_pairs_are_found_by_how_paths_name_languages(tmp_path: Path) -> None:
    """A folder, a part of the name, Android's `values-…`, a name without language as the source."""
    folder = write(
        tmp_path / "repository",
        {
            "locales/en/app.json": "{}",
            "locales/de/app.json": "{}",
            "res/values/strings.xml": "<resources/>",
            "res/values-pt-rBR/strings.xml": "<resources/>",
            "java/messages.properties": "",
            "java/messages_zh_TW.properties": "",
            "po/fr.po": "",
            "src/main.json": "{}",
        },
    )

    found = pairs.pairs(pairs.resources(folder), folder)

    assert sorted(
        (pair.file_type, pair.source.name, pair.translation.parent.name, pair.locale) for pair in found
    ) == [
        ("android", "strings.xml", "values-pt-rBR", "pt-BR"),
        ("gettext", "fr.po", "po", "fr"),
        ("javaProperties", "messages.properties", "java", "zh-TW"),
        ("json", "app.json", "de", "de"),
    ]


def test_lost_and_refused_things_are_counted(tmp_path: Path) -> None:
    """A file that is refused, a lost argument in a translation, arguments taken away and found."""
    folder = write(
        tmp_path / "repository",
        {
            "res/values/strings.xml": '<resources><string name="a">Hi %1$s</string></resources>',
            "res/values-de/strings.xml": '<resources><string name="a">Hallo</string></resources>',
            "res/values-fr/strings.xml": "<resources><string",
        },
    )

    totals, details = swept(folder)

    assert (totals["files"], totals["unreadable"], totals["pairs"], totals["wrong"]) == (3, 1, 2, 2)
    assert (totals["removed"], totals["removed seen"]) == (1, 1)
    assert (totals["renamed"], totals["renamed seen"]) == (1, 1)
    assert totals["alarmed"] == 0
    assert {line["what"] for line in details} == {"unreadable", "error"}


def test_arguments_are_taken_where_they_cannot_be_spared(tmp_path: Path) -> None:
    """Not the number that a form for one may say in words; not code that a page has again."""
    forms = "<numerusform>{}</numerusform><numerusform>%n von %1</numerusform>"
    message = "<message numerus='yes'><source>%n of %1</source><translation>{}</translation></message>"
    ts = f"<TS language='de'><context>{message.format(forms)}</context></TS>"
    folder = write(
        tmp_path / "repository",
        {
            "app_de.ts": ts.format("eine von %1"),
            "app_fr.ts": ts.format("%n de %1"),
            "en/page.md": "Run `make`, then `make`.\n\nOr `cargo`.\n",
            "i18n/en_US.csv": "a,%1 of %2\n",
        },
    )

    totals, details = swept(folder)

    assert (totals["removed"], totals["removed seen"]) == (6, 6), details
    assert (totals["renamed"], totals["renamed seen"]) == (6, 6), details


def test_what_a_platform_takes_is_a_false_alarm() -> None:
    """Where no argument differs, the platform contradicts an error; where one does, it does not."""
    doubts = [
        Doubt("qt", "de", "%1x%2", "%1 mal %2"),
        Doubt("qt", "de", "%1x%2", "%1 mal"),
        Doubt("", "de", "a", "b"),
    ]
    assert contradicted(doubts) == [True, False, None]


@pytest.mark.judges
def test_platforms_say_which_arguments_a_text_shows() -> None:
    """Programs format both texts; another order, escapes and functions are no difference."""
    doubts = [
        Doubt("i18next", "de", "Hi {{name}}", "{{ name }}, hallo"),
        Doubt("i18next", "de", "Hi {{name}}", "{{nom}}, hallo"),
        Doubt("vue", "de", "{0} of {n}", "{n}: {0}"),
        Doubt("vue", "de", "{0} of {n}", "{n}"),
        Doubt("icu", "de", "{n, plural, one {# x} other {# y}}", "{n}"),
        Doubt("icu", "de", "{a} {b}", "{a"),
        Doubt("banana", "de", "$1 {{PLURAL:$1|x|y}}", "$1 x"),
        Doubt("banana", "de", "$1 {{PLURAL:$1|x|y}}", "x"),
        Doubt("rails", "de", "%{a} and %{b}", "%{b}%{a}"),
        Doubt("rails", "de", "%{a}", "%{c}"),
        Doubt("message", "de", "It''s {0}", "{0}"),
        Doubt("message", "de", "It''s {0}", "Das ist's {0}"),
        Doubt("android", "de", "%1$s: %2$d", "%2$d %1$s 100%%"),
        Doubt("android", "de", "%1$s: %2$d", "%1$s 100%"),
        Doubt("fluent", "de", "a = { $b }", "a = x { $b } y"),
        Doubt("fluent", "de", "a = { $b }", "a = { $c }"),
    ]

    verdicts = contradicted(doubts)

    if None in verdicts:
        pytest.skip("needs tool: node, ruby-i18n or java")
    assert verdicts == [True, False] * (len(doubts) // 2)


def test_the_table_has_a_line_for_each_type() -> None:
    """Types stand below each other, figures under their names."""
    head, line = table({"json": Counter({"files": 3, "renamed seen": 2})}).splitlines()
    assert head.split() == ["type", *" ".join(COLUMNS).split()]
    assert line.split()[:2] == ["json", "3"]
    assert line.split()[-1] == "2"


@pytest.mark.parametrize(
    ("platform", "argument", "other"),
    [
        ("android", "%1$s", "%9$s"),
        ("ios", "%@", "%f"),
        ("python", "%(name)s", "%(namex)s"),
        ("python-brace", "{name}", "{namex}"),
        ("i18next", "{{- name }}", "{{- namex }}"),
        ("chrome", "$NAME$", "$NAMEx$"),
        ("net", "{0}", "{9}"),
        ("qt", "%L1", "%L9"),
        ("xliff", '<x id="1"/>', '<x id="x1"/>'),
        ("xliff", '<ph id="0" equiv="NAME"/>', '<ph id="x0" equiv="xNAME"/>'),
        ("table", "%1", "%9"),
        ("table", "%s", "%f"),
        ("table", "{name}", "{namex}"),
        ("markdown", "`make all`", "`make allx`"),
        ("mdx", "{ props.name }", "{ propsx.name }"),
        ("page", "{{ name }}", "{{ namex }}"),
        ("page", "${name}", "${namex}"),
    ],
)
def test_an_argument_gets_another_name(platform: str, argument: str, other: str) -> None:
    """The other name is one that nothing fills in, in the platform's spelling."""
    assert ARGUMENTS[platform].fullmatch(argument)
    assert renamed(argument) == other
