"""Translations of the repository that a delivered file has no longer."""

from __future__ import annotations

import json

import pytest

from l10nsync import formats
from tests.formats.samples import FILES

KEYED = sorted(
    name for name in FILES if (row := formats.get(name)) and row.keeps_keys and not row.multilingual
)
BILINGUAL = {"gettext", "xliff", "xliff2", "qt"}


def keep(file_type: str, local: bytes, delivered: bytes) -> formats.Kept:
    return formats.keep(file_type, [FILES[file_type]], local, delivered, locale="de-DE")


def untranslated(file_type: str) -> bytes:
    """Return a file of the type in which every string is source text."""
    return formats.translate(file_type, FILES[file_type], lambda unit: unit.text)


def texts(file_type: str, data: bytes) -> list[tuple[str, str]]:
    document = formats.parse(file_type, data)
    assert document is not None
    return [(unit.key, unit.value) for unit in document.units]


@pytest.mark.parametrize("file_type", KEYED)
def test_all_translations_are_kept(file_type: str) -> None:
    """Where only source text comes, the result says what the repository says."""
    local = formats.pseudo(file_type, FILES[file_type])
    kept = keep(file_type, local, untranslated(file_type))

    assert kept.content is not None
    assert texts(file_type, kept.content) == texts(file_type, local)


@pytest.mark.parametrize("file_type", KEYED)
def test_a_new_translation_is_no_loss(file_type: str) -> None:
    """Another translation, or the same, takes nothing away."""
    local = formats.pseudo(file_type, FILES[file_type])
    newer = formats.pseudo(file_type, FILES[file_type], inflation=80)

    assert keep(file_type, local, newer) == formats.Kept()
    assert keep(file_type, local, local) == formats.Kept()


@pytest.mark.parametrize("file_type", sorted(set(KEYED) - BILINGUAL))
def test_source_text_here_is_worth_nothing(file_type: str) -> None:
    """What was never translated in the repository is not kept."""
    assert keep(file_type, untranslated(file_type), formats.pseudo(file_type, FILES[file_type])).strings == 0


SOURCE = b'<resources>\n    <string name="a">One</string>\n    <string name="b">Two</string>\n</resources>\n'
LOCAL = b'<resources>\n    <string name="a">Eins</string>\n    <string name="b">Zwei</string>\n</resources>\n'


def test_a_string_that_was_left_out_is_put_back() -> None:
    """Where untranslated strings are left out, the repository's file serves as the ground."""
    delivered = b'<resources>\n    <string name="b">Zwei!</string>\n</resources>\n'

    kept = formats.keep("android", [SOURCE], LOCAL, delivered, locale="de-DE")

    assert kept.keys == ("a",)
    assert kept.content == LOCAL.replace(b"Zwei", b"Zwei!")


def test_a_string_that_left_the_source_is_not_kept() -> None:
    """Its key is gone: nobody asks for it any more."""
    source = b'<resources>\n    <string name="b">Two</string>\n</resources>\n'

    assert formats.keep("android", [source], LOCAL, source, locale="de-DE").keys == ("b",)


def test_what_cannot_be_put_together_is_refused() -> None:
    """Neither file has all the strings, and plural forms cannot be made from the source's."""
    source = '{"a": "One", "n": {"one": "{n} file", "other": "{n} files"}, "z": "New"}'
    local = b'{"a": "Jeden", "n": {"one": "{n} plik", "few": "{n} pliki", "other": "{n} pliku"}}'
    delivered = b'{"n": {"one": "{n} plik", "few": "{n} pliki", "other": "{n} pliku"}, "z": "Nowy"}'
    directives = {"plurals_detection": "on"}
    kept = formats.keep("json", [source.encode()], local, delivered, locale="pl-PL", directives=directives)

    assert (kept.strings, kept.content) == (1, None)


def test_a_lie_about_what_is_translated_is_not_believed() -> None:
    """If all of what should hold translations alone is source text, it says nothing."""
    source, local = b'{"a": "One", "b": "Two"}', b'{"a": "Eins", "b": "Zwei"}'

    assert formats.keep("json", [source], local, source, locale="de-DE", bare=source).keys == ("a", "b")
    bare = b'{"a": "One", "b": ""}'
    assert formats.keep("json", [source], local, source, locale="de-DE", bare=bare).keys == ("b",)


def catalog(texts: dict[str, dict[str, str]]) -> bytes:
    """Return a String Catalog with TEXTS: key to locale to text."""
    strings = {
        key: {
            "localizations": {
                locale: {"stringUnit": {"state": "translated", "value": said}}
                for locale, said in by_locale.items()
            }
        }
        for key, by_locale in texts.items()
    }
    return json.dumps({"sourceLanguage": "en", "strings": strings, "version": "1.0"}, indent=2).encode()


def test_a_catalog_keeps_what_would_become_source_text() -> None:
    """In a file of all locales each locale keeps its own; new translations and equal ones are taken."""
    local = catalog({"hi": {"en": "Hello", "de": "Hallo", "fr": "Salut"}, "ok": {"en": "OK", "de": "OK"}})
    delivered = catalog(
        {"hi": {"en": "Hello", "de": "Hello", "fr": "Bonjour"}, "ok": {"en": "OK", "de": "Gut"}}
    )
    kept = formats.keep("xcstrings", [local], local, delivered, locale="*")
    assert (kept.strings, kept.keys) == (1, ("hi",))
    assert kept.content is not None
    joined = formats.restyle("xcstrings", kept.content, source=local, target=local)
    value = json.loads(joined)["strings"]
    said = {
        key: {loc: each["stringUnit"]["value"] for loc, each in value[key]["localizations"].items()}
        for key in value
    }
    assert said["hi"] == {"en": "Hello", "de": "Hallo", "fr": "Bonjour"}
    assert said["ok"] == {"en": "OK", "de": "Gut"}


def test_a_catalog_without_a_loss_is_taken_as_it_comes() -> None:
    """Source text where the repository has none but source text takes nothing away."""
    local = catalog({"hi": {"en": "Hello", "de": "Hello"}})
    delivered = catalog({"hi": {"en": "Hello", "de": "Hello", "fr": "Salut"}})
    assert formats.keep("xcstrings", [local], local, delivered, locale="*") == formats.Kept()
