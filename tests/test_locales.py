"""Locale ids, their spellings, and telling a locale from other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync import locales, paths

SPELLINGS = [
    # id, android, posix, apple, java, lower
    ("de", "de", "de", "de", "de", "de"),
    ("de-DE", "de-rDE", "de_DE", "de-DE", "de_DE", "de-de"),
    ("zh-Hans", "b+zh+Hans", "zh@hans", "zh-Hans", "zh__#Hans", "zh-hans"),
    ("zh-Hans-CN", "b+zh+Hans+CN", "zh_CN@hans", "zh-Hans-CN", "zh_CN_#Hans", "zh-hans-cn"),
    ("sr-Latn", "b+sr+Latn", "sr@latin", "sr-Latn", "sr__#Latn", "sr-latn"),
    ("es-419", "b+es+419", "es_419", "es-419", "es_419", "es-419"),
    ("ca-valencia", "b+ca+valencia", "ca@valencia", "ca-valencia", "ca__VALENCIA", "ca-valencia"),
    ("fil-PH", "fil-rPH", "fil_PH", "fil-PH", "fil_PH", "fil-ph"),
    ("sr-YR", "sr-rYR", "sr_YR", "sr-YR", "sr_YR", "sr-yr"),
    ("he", "he", "he", "he", "he", "he"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "android", "posix", "apple", "java", "lower"), SPELLINGS)
def test_spelling_follows_the_form_of_the_id(
    locale: str, android: str, posix: str, apple: str, java: str, lower: str
) -> None:
    """Each platform's spelling is derived from the subtags of the id, and from nothing else."""
    styles = ("android", "posix", "apple", "java", "lower")
    assert [locales.spell(locale, style) for style in styles] == [android, posix, apple, java, lower]


def test_case_of_an_id_does_not_matter() -> None:
    """An id in the wrong case is spelled in the canonical one."""
    assert locales.spell("ZH-hans-cn", "bcp47") == "zh-Hans-CN"
    assert locales.spell("pt_br", "apple") == "pt-BR"


def test_text_that_is_no_id_stays_as_it_is() -> None:
    """What has no subtags is taken whole, so that self-made ids still work."""
    assert locales.spell("klingon (test)", "android") == "klingon (test)"
    assert (locales.language("klingon (test)"), locales.region("klingon (test)")) == ("klingon (test)", "")


def test_unknown_style_is_an_error() -> None:
    """A style that does not exist is a mistake of the caller."""
    with pytest.raises(ValueError, match="cobol"):
        locales.spell("de", "cobol")


def test_patterns_know_the_same_styles() -> None:
    """What a template may name is what can be spelled."""
    assert paths.LOCALE_STYLES == locales.STYLES


def test_language_and_region_of_an_id() -> None:
    """Language and region are subtags; a script is neither."""
    assert (locales.language("zh-Hant-TW"), locales.region("zh-Hant-TW")) == ("zh", "TW")
    assert (locales.language("nb"), locales.region("nb")) == ("nb", "")


@pytest.mark.parametrize("text", ["de", "zh-Hans-CN", "sr-YR", "es-419", "en_UK", "x" * 35])
def test_ids_that_a_request_can_carry(text: str) -> None:
    """Letters, digits and hyphens make an id, BCP 47 or not."""
    assert locales.valid_id(text)


@pytest.mark.parametrize(
    "text",
    ["", "all", "ALL", "fr,de", "../x", "fr/..", "fr%2F", "a\0", "x" * 36, "de-", "-de", "d e", "de\n"],
)
def test_ids_that_mean_something_else_in_a_request(text: str) -> None:
    """`all`, lists, paths and control characters are refused."""
    assert not locales.valid_id(text)


@pytest.mark.parametrize(
    "text", ["de", "da.DK", "asia/zh_Hans", "values-b+sr+Latn", "zh-rCN", "français", "a b"]
)
def test_local_names_are_any_legal_path_parts(text: str) -> None:
    """A repository may call a locale what it likes, folders included."""
    assert locales.valid_local_name(text)


@pytest.mark.parametrize(
    "text", ["", "..", "../de", "a/../b", "/de", "de/", "a//b", ".", "a\\b", "a\nb", "a\0"]
)
def test_local_names_that_leave_the_path(text: str) -> None:
    """Empty parts, dots, backslashes and control characters are refused."""
    assert not locales.valid_local_name(text)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("pt-BR", "pt-BR"),
        ("pt-rBR", "pt-BR"),
        ("zh_CN", "zh-CN"),
        ("zh_CN_#Hans", "zh-Hans-CN"),
        ("b+sr+Latn", "sr-Latn"),
        ("sr@latin", "sr-Latn"),
        ("da.DK", "da-DK"),
        ("asia/zh_Hans", "zh-Hans"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("iw", "iw"),
        ("en-gb", "en-GB"),
    ],
)
def test_known_locales_are_recognised_in_every_spelling(text: str, locale: str) -> None:
    """A local name leads back to the id that it most likely means."""
    assert locales.looks_like_locale(text)
    assert locales.guess_id(text) == locale


@pytest.mark.parametrize(
    "text",
    [
        "land",
        "night",
        "v27",
        "sw600dp",
        "us",
        "strings",
        "De",
        "en-foo",
        "web",
        "b+",
        "",
        "de-DE-FR-IT-ES",
        "x",
    ],
)
def test_words_and_qualifiers_are_no_locales(text: str) -> None:
    """Android's other qualifiers, lone regions and plain words do not count."""
    assert not locales.looks_like_locale(text)


@given(
    st.sampled_from(sorted(locales.LANGUAGES)),
    st.sampled_from(["", "-Latn", "-Hans"]),
    st.sampled_from(["", "-DE", "-BR", "-419"]),
    st.sampled_from(locales.STYLES),
)
def test_every_spelling_leads_back_to_its_id(language: str, script: str, region: str, style: str) -> None:
    """`guess_id` undoes `spell` for every style."""
    locale = language + script + region
    assert locales.guess_id(locales.spell(locale, style)) == locale


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    """No text makes the functions fail, and what is a valid id can be spelled in every style."""
    locales.looks_like_locale(text)
    locales.valid_local_name(text)
    spelled = [locales.spell(text, style) for style in locales.STYLES]
    assert not locales.valid_id(text) or all(spelled)


def test_same_locale_ignores_what_one_side_leaves_open() -> None:
    """`en` may be `en-US`, but `en-GB` is not, and Latin Serbian is not Cyrillic Serbian."""
    assert locales.same_locale("en", "en-US")
    assert not locales.same_locale("en-GB", "en-US")
    assert not locales.same_locale("sr-Latn", "sr-Cyrl")
    assert not locales.same_locale("de", "en")
