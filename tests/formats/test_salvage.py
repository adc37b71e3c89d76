"""A file with bad strings: the good ones are told from them, in every type."""

from __future__ import annotations

import json

import pytest

from l10nsync import formats
from l10nsync.formats import Finding

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ENTRY = '#, c-format\nmsgid "{}"\nmsgstr "{}"\n\n'
XLIFF = (
    '<xliff version="1.2"><file source-language="en" original="o"><body>'
    "<trans-unit id='a'><source>One</source>{}</trans-unit>"
    "<trans-unit id='b'><source>Use {{n}} now</source>{}</trans-unit></body></file></xliff>"
)
ANDROID = (
    '<resources>\n  <string name="a">{}</string>\n  <plurals name="b">\n'
    '    <item quantity="one">{}</item>\n    <item quantity="other">{}</item>\n  </plurals>\n</resources>\n'
)
Case = tuple[str, str, str, str | None, str]
"""Type, source, what was delivered, what is there, what is written."""
CASES: dict[str, Case] = {
    "properties": (
        "javaProperties",
        "a=One\nb=Use {0}\n",
        "a=Eins\nb=Nimm\n",
        "a=Alt\nb=Mit {0}\n",
        "a=Eins\nb=Mit {0}\n",
    ),
    "paragraphs on one line": (
        "html",
        "<p>One</p><p>Use {{ n }}</p><p>Two</p>",
        "<p>Eins</p><p>Nimm</p><p>Zwei</p>",
        "<p>Alt</p><p>Mit b {{ n }}</p><p>Alt</p>",
        "<p>Eins</p><p>Mit b {{ n }}</p><p>Zwei</p>",
    ),
    "plural": (
        "android",
        ANDROID.format("One", "%d thing", "%d things"),
        ANDROID.format("Eins", "%d Ding", "%s Dinge"),
        ANDROID.format("Alt", "%d Sache", "%d Sachen"),
        ANDROID.format("Eins", "%d Sache", "%d Sachen"),
    ),
    "new plural": (
        "android",
        ANDROID.format("One", "%d thing", "%d things"),
        ANDROID.format("Eins", "%d Ding", "%s Dinge"),
        None,
        ANDROID.format("Eins", "%d thing", "%d things"),
    ),
    "gettext": (
        "gettext",
        PO + ENTRY.format("One", "") + ENTRY.format("Use %d", ""),
        PO + ENTRY.format("One", "Eins") + ENTRY.format("Use %d", "Nimm"),
        None,
        PO + ENTRY.format("One", "Eins") + ENTRY.format("Use %d", "Use %d"),
    ),
    "xliff": (
        "xliff",
        XLIFF.format("", ""),
        XLIFF.format("<target>Eins</target>", "<target>Nimm</target>"),
        XLIFF.format("<target>Alt</target>", "<target>Mit {n}</target>"),
        XLIFF.format("<target>Eins</target>", "<target>Mit {n}</target>"),
    ),
    "yaml": (
        "yaml",
        "en:\n  a: One\n  b: Use %{n}\n",
        'de:\n  a: "Eins"\n  b: "Nimm"\n',
        "de:\n  a: Alt\n",
        'de:\n  a: "Eins"\n  b: "Use %{n}"\n',
    ),
    "fluent": (
        "fluent",
        "a = One\nb = Use { $n }\nc = Two\n",
        "a = Eins\nb = Nimm { $n\nc = Zwei\n",
        "a = Alt\nb = Mit { $n }\n",
        "a = Eins\nb = Mit { $n }\nc = Zwei\n",
    ),
}  # fmt: skip
DIRECTIVES = {"placeholder_format_custom": r"\{\w+\}"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_good_strings_are_written(case: Case) -> None:
    """The text that is here stands for the bad one, else the source's; nothing else differs."""
    file_type, source, delivered, local, expected = case
    directives = DIRECTIVES if file_type == "xliff" else {}

    def judge(data: bytes) -> tuple[Finding, ...]:
        return formats.check(file_type, source.encode(), data, locale="de-DE", directives=directives)

    found = formats.salvage(
        file_type, source.encode(), formats.PresentTarget(local.encode()) if local else None,
        delivered.encode(), judge, incomplete="source", directives=directives,
    )  # fmt: skip

    assert found is not None
    assert found.content.decode() == expected
    assert len(found.bad) == 1
    assert bool(found.present) == (local is not None and "b" in local.replace("body", "").replace("tab", ""))


def test_a_message_that_cannot_be_read_takes_its_attributes_along() -> None:
    """What stands behind a fault of Fluent is not missing: it is bad, and the text here is kept."""
    source = b"a = One\nb = Use { $n }\n    .tip = Tip\nc = Two\n"
    delivered = b"a = Eins\nb = Nimm { $n\n    .tip = Rat\nc = Zwei\n"
    local = b"a = Alt\nb = Mit { $n }\n    .tip = Hilfe\nc = Alt\n"

    def judge(data: bytes) -> tuple[Finding, ...]:
        return formats.check("fluent", source, data, locale="de-DE")

    assert [each.rule for each in judge(delivered)] == ["syntax"]
    found = formats.salvage(
        "fluent", source, formats.PresentTarget(local), delivered, judge, incomplete="source"
    )
    assert found is not None
    assert found.content == b"a = Eins\nb = Mit { $n }\n    .tip = Hilfe\nc = Zwei\n"
    assert (
        formats.salvage("fluent", source, None, b"a = Eins\nb = { $n\n", judge, incomplete="source") is None
    )


def test_a_broken_paragraph_of_mdx_holds_back_no_other() -> None:
    """Tags and expressions are named at their paragraph, which alone stays as the source has it."""
    source = b"# One\n\n<Note>two</Note> there\n\nThree {props.n}.\n\nFour\n"
    delivered = b"# Eins\n\n<Note>zwei dort\n\nDrei.\n\nVier\n"

    def judge(data: bytes) -> tuple[Finding, ...]:
        return formats.check("mdx", source, data, locale="de-DE")

    found = formats.salvage("mdx", source, None, delivered, judge, incomplete="source")
    assert found is not None
    assert found.bad == ("line 3", "line 5")
    assert found.content == b"# Eins\n\n<Note>two</Note> there\n\nThree {props.n}.\n\nVier\n"


def test_strings_without_keys_are_told_by_their_order() -> None:
    """A paragraph that lost its link keeps the text that is here, if there are as many paragraphs."""
    source, delivered = b"One.\n\nSee <b>{n}</b> there.\n", b"Eins.\n\nSiehe dort.\n"

    def judge(data: bytes) -> tuple[Finding, ...]:
        text = data.decode()
        return () if "<b>" in text else (Finding("tag-missing", "error", "lost", "", 3),)

    def made(local: bytes | None) -> bytes:
        present = formats.PresentTarget(local) if local else None
        found = formats.salvage("markdown", source, present, delivered, judge, incomplete="source")
        assert found is not None
        assert found.bad == ("line 3",)
        return found.content

    assert made(b"Alt.\n\nDort ist <b>{n}</b>.\n") == b"Eins.\n\nDort ist <b>{n}</b>.\n"
    assert made(b"Nur einer.\n") == made(None) == b"Eins.\n\nSee <b>{n}</b> there.\n"


@pytest.mark.parametrize(
    "delivered",
    ['{"a": "Eins"}', '{"a": "Eins", "b": "Nimm {n}", "c": "x"}', '{"b": "Nimm"}', "[", '{"a": "Eins", "b"'],
)
def test_a_file_that_is_cut_or_another_one_has_no_good_strings(delivered: str) -> None:
    """What misses keys, has others or cannot be read is held back as a whole."""
    source = b'{"a": "One", "b": "Use {n}"}'

    def judge(data: bytes) -> tuple[Finding, ...]:
        return formats.check("json", source, data, locale="de-DE")

    assert formats.salvage("json", source, None, delivered.encode(), judge, incomplete="source") is None


def test_a_string_that_is_not_for_translation_gets_none() -> None:
    """Whatever is delivered for a key with `shouldTranslate: false`, the catalog says that it has none."""
    text = {"de": {"stringUnit": {"state": "translated", "value": "Eins"}}}

    def catalog(**one: object) -> bytes:
        return json.dumps({"sourceLanguage": "en", "strings": {"One": one}, "version": "1.0"}).encode()

    local = catalog(shouldTranslate=False)
    made = formats.restyle("xcstrings", catalog(localizations=text), source=local, target=local)
    assert json.loads(made) == json.loads(local)


def test_a_catalog_leaves_bad_strings_out() -> None:
    """In a catalog of all locales the text that is there stays, whatever was delivered for it."""

    def entry(text: str) -> dict[str, object]:
        return {"localizations": {"de": {"stringUnit": {"state": "translated", "value": text}}}}

    def catalog(one: str, two: str) -> bytes:
        strings = {"One": entry(one), "Use %d": entry(two)}
        return json.dumps({"sourceLanguage": "en", "strings": strings, "version": "1.0"}).encode()

    local, delivered = catalog("Alt", "Mit %d"), catalog("Eins", "Nimm")

    def judge(data: bytes) -> tuple[Finding, ...]:
        return formats.check("xcstrings", local, data, locale="*")

    found = formats.salvage(
        "xcstrings", local, formats.PresentTarget(local), delivered, judge, incomplete="source"
    )

    assert found is not None
    assert found.bad == ("Use %d",)
    made = formats.restyle("xcstrings", found.content, source=local, target=local)
    assert json.loads(made) == json.loads(catalog("Eins", "Mit %d"))
