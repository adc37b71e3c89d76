"""Marks of what is not translated: a published translation takes them away, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from l10nsync import formats
from l10nsync.formats import table
from l10nsync.model import PullSettings, Source, Target
from l10nsync.plan import content

PO = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
FUZZY = '# kept\n#: a.c:1\n#, fuzzy, c-format\n#| msgid "Gone"\n#| msgid_plural "All gone"\n'
PLURALS = 'msgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'
XLIFF = (
    '<xliff version="1.2"><file source-language="en" target-language="de" original="o"><body>'
    '<trans-unit id="a"{}><source>Open</source><target{}>{}</target></trans-unit></body></file></xliff>'
)
XLIFF2 = (
    '<xliff version="2.0" srcLang="en" trgLang="de"><file id="f"><unit id="a"><segment{}>'
    "<source>Open</source><target>{}</target></segment></unit></file></xliff>"
)
QT = (
    '<TS version="2.1" language="de"><context><name>c</name><message{}><source>Open</source>'
    "<translation{}>{}</translation></message></context></TS>"
)
FORMS = "<numerusform>{0}</numerusform><numerusform>{0}</numerusform>"
CASES: dict[str, tuple[str, str, str]] = {
    "fuzzy": ("gettext", PO + '#, fuzzy\nmsgid "Open"\nmsgstr "{}"\n', PO + 'msgid "Open"\nmsgstr "{}"\n'),
    "earlier text": (
        "gettext",
        PO + FUZZY + 'msgctxt "x"\nmsgid "Open"\nmsgstr "{}"\n',
        PO + '# kept\n#: a.c:1\n#, c-format\nmsgctxt "x"\nmsgid "Open"\nmsgstr "{}"\n',
    ),
    "flag between others": (
        "gettext",
        PO + '#, c-format,fuzzy, no-wrap\nmsgid "Open"\nmsgstr "{}"\n',
        PO + '#, c-format, no-wrap\nmsgid "Open"\nmsgstr "{}"\n',
    ),
    "fuzzy with other line ends": (
        "gettext",
        (PO + '#, fuzzy\nmsgid "Open"\nmsgstr "{}"\n').replace("\n", "\r\n"),
        (PO + 'msgid "Open"\nmsgstr "{}"\n').replace("\n", "\r\n"),
    ),
    "not approved": ("xliff", XLIFF.format(' approved="no"', "", "{}"), XLIFF.format("", "", "{}")),
    "needs translation": (
        "xliff",
        XLIFF.format("", " state='needs-translation'  state-qualifier=\"fuzzy-match\"", "{}"),
        XLIFF.format("", "", "{}"),
    ),
    "suggested": (
        "xliff",
        XLIFF.format("", ' state="translated" state-qualifier="mt-suggestion"', "{}"),
        XLIFF.format("", ' state="translated"', "{}"),
    ),
    "final": (
        "xliff", XLIFF.format(' approved="yes"', ' state="final"', "{}"),
        XLIFF.format(' approved="yes"', ' state="final"', "{}"),
    ),
    "initial": ("xliff2", XLIFF2.format(' state="initial" subState="x:y"', "{}"), XLIFF2.format("", "{}")),
    "reviewed": (
        "xliff2",
        XLIFF2.format(' state="reviewed" subState="x:y"', "{}"),
        XLIFF2.format(' state="reviewed" subState="x:y"', "{}"),
    ),
    "unfinished": ("qt", QT.format("", " type='unfinished'", "{}"), QT.format("", "", "{}")),
    "unfinished forms": (
        "qt", QT.format(' numerus="yes"', ' type="unfinished"', FORMS), QT.format(' numerus="yes"', "", FORMS)
    ),
}  # fmt: skip


def source_of(file_type: str, **pull: Any) -> Source:
    target = Target("de-DE", "de", "de/x")
    return Source(
        path="x", resource="r", project="p", file_uri="x", namespace="x", file_type=file_type, charset=None,
        directives={}, locales=("de-DE",), targets=(target,), source_locale="en", pull=PullSettings(**pull),
    )  # fmt: skip


def pulled(file_type: str, present: str | None, delivered: str, original: str = "", **pull: Any) -> str:
    """Return what a pull writes."""
    source = source_of(file_type, **pull)
    there = present.encode() if present is not None else None
    data = delivered.encode()
    return content.styled(source, source.targets[0], data, original.encode(), there, data).decode()


def test_every_type_with_a_mark_is_tried_here() -> None:
    """A row of the table that names a mark has a case in this module; the catalog has its own test."""
    assert {row.name for row in table.TYPES.values() if row.unfinished and not row.multilingual} == {
        file_type for file_type, _marked, _clean in CASES.values()
    }


@pytest.mark.parametrize("before", ["Alt", "Auf"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_published_translation_takes_the_mark_away(case: tuple[str, str, str], before: str) -> None:
    """Also if its text is the one that is there; nothing else changes, and a second pull changes nothing."""
    file_type, marked, clean = case
    for delivered in (marked, clean):
        made = pulled(file_type, marked.format(before), delivered.format("Auf"))
        assert made == clean.format("Auf")
        assert pulled(file_type, made, delivered.format("Auf")) == made


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_new_file_has_no_mark_of_its_source(case: tuple[str, str, str]) -> None:
    """What the source says of its empty targets is no longer true of a translation."""
    file_type, marked, clean = case
    assert pulled(file_type, None, marked.format("Auf"), marked.format("")) == clean.format("Auf")


@pytest.mark.parametrize("delivered", ["Open", ""])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_source_text_leaves_the_mark(case: tuple[str, str, str], delivered: str) -> None:
    """Where nothing is translated, nobody has said that the entry is."""
    file_type, marked, _clean = case
    assert pulled(file_type, marked.format("Alt"), marked.format(delivered)) == marked.format(delivered)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_pending_leaves_the_mark(case: tuple[str, str, str]) -> None:
    """A text that nobody has published is still to be looked at."""
    file_type, marked, clean = case
    for delivered in (marked, clean):
        made = pulled(file_type, marked.format("Alt"), delivered.format("Auf"), retrieval_type="pending")
        assert made == marked.format("Auf")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_mark_is_never_added(case: tuple[str, str, str]) -> None:
    """What the service marks in its delivery is no reason to mark a finished entry."""
    file_type, marked, clean = case
    for text in ("Auf", "Open", ""):
        assert pulled(file_type, clean.format("Alt"), marked.format(text)) == clean.format(text)


def test_a_plural_is_finished_when_all_its_forms_are() -> None:
    """One form with the source's text keeps the entry fuzzy."""
    marked = PO + "#, fuzzy\n" + PLURALS
    here = marked.format("a", "b")
    assert "fuzzy" not in pulled("gettext", here, marked.format("%d Datei", "%d Dateien"))
    assert "fuzzy" in pulled("gettext", here, marked.format("%d Datei", "%d files"))


@pytest.mark.parametrize(("published", "delivered", "expected"), [
    (True, ("translated", "Hallo"), ("translated", "Hallo")),
    (True, ("needs_review", "Hallo"), ("translated", "Hallo")),
    (True, ("translated", "Alt"), ("translated", "Alt")),
    (True, ("needs_review", "Alt"), ("needs_review", "Alt")),
    (True, ("new", "Hello"), ("needs_review", "Hello")),
    (False, ("translated", "Hallo"), ("needs_review", "Hallo")),
])  # fmt: skip
def test_a_catalog_says_what_is_translated(
    published: bool, delivered: tuple[str, str], expected: tuple[str, str]
) -> None:
    """A published text is `translated`; what only came back as it was, or is pending, is not."""

    def catalog(state: str, value: str) -> str:
        unit = {"localizations": {"de": {"stringUnit": {"state": state, "value": value}}}}
        return json.dumps({"sourceLanguage": "en", "strings": {"Hello": unit}, "version": "1.0"})

    how = {} if published else {"retrieval_type": "pending"}
    made = pulled("xcstrings", catalog("needs_review", "Alt"), catalog(*delivered), **how)

    assert json.loads(made) == json.loads(catalog(*expected))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_marked_text_does_not_count_as_translated(case: tuple[str, str, str]) -> None:
    """A check warns of it once for a file, with the line of the first; an empty one is no news."""
    file_type, marked, clean = case

    def rules(text: str) -> list[str]:
        found = formats.check(file_type, marked.format("").encode(), text.encode(), locale="de-DE")
        return [finding.rule for finding in found if finding.rule == "unfinished"]

    assert rules(marked.format("Auf")) == ([] if marked == clean else ["unfinished"])
    assert rules(marked.format("")) == rules(clean.format("Auf")) == []


def test_a_fuzzy_entry_is_not_judged() -> None:
    """`msgfmt` leaves it out, so a placeholder that it lost hurts nobody."""
    entry = PO + '#, {}c-format\nmsgid "Open %d"\nmsgstr "{}"\n'

    def errors(flag: str) -> list[str]:
        found = formats.check(
            "gettext", entry.format("", "").encode(), entry.format(flag, "Auf").encode(), locale="de"
        )
        return [finding.rule for finding in found if finding.severity == "error"]

    assert (errors("fuzzy, "), errors("")) == ([], ["placeholder-missing"])
