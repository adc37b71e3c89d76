"""The language that a file names: what every type writes for a local name, and where it says otherwise."""

from __future__ import annotations

import json

import pytest

from l10nsync import formats, locales
from l10nsync.formats import Language, table

YAML = "{}:\n  a: Word\n"
ARB = '{{"@@locale": "{}", "a": "Word"}}'
PO = (
    'msgid ""\nmsgstr ""\n"X-Poedit-Language: German\\n"\n"Language: {}\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "Word"\n'
)
XLIFF = (
    '<xliff version="1.2"><file source-language="en" target-language="{}" original="o"><body>'
    '<trans-unit id="a"><source>Word</source></trans-unit></body></file></xliff>'
)
XLIFF2 = (
    '<xliff version="2.0" srcLang="en" trgLang="{}"><file id="f"><unit id="a"><segment>'
    "<source>Word</source></segment></unit></file></xliff>"
)
QT = (
    '<TS version="2.1" language="{}"><context><name>c</name><message><source>Word</source>'
    "<translation>Word</translation></message></context></TS>"
)
HTML = '<html lang="{}"><body><p>Word</p></body></html>'
XML = '<r xml:lang="{}"><a>Word</a></r>'
SVG = '<svg xml:lang="{}"><text>Word</text></svg>'
ANDROID = '<resources xmlns:tools="t" tools:locale="{}"><string name="a">Word</string></resources>'
VTT = "WEBVTT\nKind: captions\nLanguage: {}\n\n00:01.000 --> 00:02.000\nWord\n"
PAGE = "---\ntitle: A\nlang: {}\n---\n\nWord.\n"
FILES = {
    "yaml": YAML, "arb": ARB, "gettext": PO, "xliff": XLIFF, "xliff2": XLIFF2, "qt": QT, "html": HTML,
    "xml": XML, "svg": SVG, "android": ANDROID, "vtt": VTT, "markdown": PAGE, "mdx": PAGE,
}  # fmt: skip


def language(locale: str, local_name: str, path: str = "x") -> Language:
    return Language(locale, local_name, "en-US", locales.tag(local_name, locale), path)


def pulled(file_type: str, target: Language, present: str | None = None, delivered: str = "") -> str:
    """Return what a pull writes for a file whose source says `en`, and the service its own id."""
    file = FILES[file_type]
    return formats.restyle(
        file_type,
        file.format(delivered or target.locale).replace("Word", "Wort").encode(),
        source=file.format("en").encode(),
        target=file.format(present).encode() if present is not None else None,
        language=target,
        directives={
            "l10nsync.root": f"{target.locale}\n{target.local_name}",
            "translate_paths": "*/a, */text",
        },
    ).decode()


def test_every_type_that_names_its_language_is_tried_here() -> None:
    """A row of the table with a naming has a file in this module; a catalog of all locales has its own."""
    named = {row.name for row in table.TYPES.values() if row.naming and not row.multilingual}
    assert named == set(FILES)


LOCAL_NAMES = [
    ("de-DE", "de", "de", "de"),
    ("pt-BR", "pt_BR", "pt-BR", "pt_BR"),
    ("pt-BR", "pt-rBR", "pt-BR", "pt_BR"),
    ("zh-CN", "zh-Hans", "zh-Hans", "zh_Hans"),
    ("sr-YR", "b+sr+Latn", "sr-Latn", "sr_Latn"),
    ("no-NO", "nb", "nb", "nb"),
    ("es-LA", "es-419", "es-419", "es_419"),
]


@pytest.mark.parametrize("delivered", ["", "en"])
@pytest.mark.parametrize(("locale", "local_name", "dashed", "joined"), LOCAL_NAMES)
@pytest.mark.parametrize("file_type", sorted(FILES))
def test_a_new_file_names_the_local_name(
    file_type: str, locale: str, local_name: str, dashed: str, joined: str, delivered: str
) -> None:
    """Whether the service delivers its id or the source's language, the file says the repository's name."""
    naming = formats.TYPES[file_type].naming
    assert naming is not None
    expected = {"as it is": local_name, "-": dashed, "_": joined}[naming.spelling]

    made = pulled(file_type, language(locale, local_name), delivered=delivered)

    assert made.startswith(FILES[file_type].format(expected)[: FILES[file_type].index("{") + len(expected)])
    assert "Wort" in made
    assert "Language: German" in made or file_type != "gettext"


@pytest.mark.parametrize("file_type", sorted(FILES))
def test_a_file_with_the_services_id_is_repaired(file_type: str) -> None:
    """An id that an earlier pull wrote becomes the local name, even if no text changes."""
    target = language("de-DE", "de", "l10n/app_de.arb")
    file = FILES[file_type].replace("Word", "Wort")

    made = formats.restyle(
        file_type, file.format("de-DE").encode(), source=FILES[file_type].format("en").encode(),
        target=file.format("de-DE").encode(), language=target,
    )  # fmt: skip

    assert made.decode() == file.format("de")


@pytest.mark.parametrize("file_type", sorted(FILES.keys() - {"yaml", "arb"}))
@pytest.mark.parametrize("present", ["pt", "pt-br", "PT_BR"])
def test_a_name_that_means_the_same_stays(file_type: str, present: str) -> None:
    """Where the program accepts what is there, nobody's spelling is changed."""
    assert present in pulled(file_type, language("pt-PT", "pt-BR"), present)


@pytest.mark.parametrize("file_type", sorted(FILES.keys() - {"yaml"}))
@pytest.mark.parametrize("local_name", ["german", "de_informal"])
def test_a_local_name_that_is_no_tag_leaves_the_name_that_is_there(file_type: str, local_name: str) -> None:
    """Else the service's id stands there; the source's language does not stay."""
    target = language("de-DE", local_name)

    assert "de-AT" in pulled(file_type, target, "de-AT")
    for present in (None, "en"):
        assert "de-DE" in pulled(file_type, target, present).replace("de_DE", "de-DE")


@pytest.mark.parametrize("local_name", ["german", "de_informal", "zh-Hans", "no"])
def test_a_root_key_is_the_local_name_always(local_name: str) -> None:
    """Rails takes any name; one that YAML reads as a truth is quoted, and each is read as the root."""
    target = language("de-DE", local_name)
    for present in (None, "de-DE", "en", local_name):
        made = pulled("yaml", target, present)
        document = formats.parse("yaml", made.encode(), {"l10nsync.root": local_name})
        assert document is not None
        assert [unit.key for unit in document.units] == ["a"]
        assert document.marks[0].value == local_name


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lib/l10n/app_de.arb", "de"),
        ("lib/l10n/my_app_de_AT.arb", "de_AT"),
        ("lib/l10n/app_de-at.arb", "de_AT"),
        ("lib/l10n/app_de_informal.arb", "de_informal"),
        ("lib/l10n/de/app.arb", "de_CH"),
        ("lib/l10n/app.arb", "de_CH"),
    ],
)
def test_an_arb_file_says_what_its_name_says(path: str, expected: str) -> None:
    """Flutter's `gen-l10n` refuses another locale; where the file name has none, what is there stays."""
    made = pulled("arb", language("de-DE", "de", path), "de_CH")
    assert json.loads(made)["@@locale"] == expected


def test_an_arb_file_has_a_tag_where_its_name_has_none() -> None:
    """No locale of Flutter has an `@`."""
    made = pulled("arb", language("sr-Latn-RS", "sr@latin", "lib/l10n/app_sr@latin.arb"))
    assert json.loads(made)["@@locale"] == "sr_Latn"


def test_what_only_looks_like_a_locale_is_no_mark() -> None:
    """A first key or attribute stays where the source does not name its language with it."""
    source, delivered = b"app:\n  a: Word\n", b"app:\n  a: Wort\n"
    assert formats.restyle("yaml", delivered, source=source, language=language("de-DE", "de")) == delivered


def test_a_name_is_put_in_where_the_type_demands_one() -> None:
    """A source that has no target language yet gets one in its translations, in both versions of XLIFF."""
    for file, name in ((XLIFF, "target-language"), (XLIFF2, "trgLang")):
        bare = file.replace(f' {name}="{{}}"', "").encode()
        made = formats.restyle("xliff", bare, source=bare, target=bare, language=language("de-DE", "de"))
        assert f' {name}="de"' in made.decode()


@pytest.mark.parametrize("file_type", sorted(FILES))
def test_a_contradiction_is_found(file_type: str) -> None:
    """A file that names another language is reported, and one in another spelling is not."""
    target = language("de-DE", "de", "app_de.arb")
    source = FILES[file_type].format("en").encode()

    def rules(name: str) -> list[tuple[str, str, int]]:
        found = formats.misnamed(file_type, source, FILES[file_type].format(name).encode(), target)
        return [(finding.rule, finding.severity, finding.line) for finding in found]

    severity = "error" if file_type in {"yaml", "arb"} else "warning"
    line = FILES[file_type][: FILES[file_type].index("{}")].count("\n") + 1
    assert rules("fr") == [("language-mark", severity, line)]
    assert rules("de") == []
    if severity == "warning":
        assert rules("de-DE") == rules("de_AT") == []


def test_a_directive_leaves_the_root_key_alone() -> None:
    """`yaml_locale_substitution: false` is the user's word that the service's root key is right."""
    directives = {"yaml_locale_substitution": "false"}
    data = b"en:\n  a: Wort\n"
    made = formats.restyle(
        "yaml", data, source=b"en:\n  a: Word\n", language=language("de-DE", "de"), directives=directives
    )
    assert made == data


CATALOG = """{{
  "sourceLanguage" : "en",
  "strings" : {{
    "Hello" : {{
      "localizations" : {{
        {}
      }}
    }}
  }},
  "version" : "1.0"
}}"""
ENTRY = """\
"{}" : {{
          "stringUnit" : {{
            "state" : "translated",
            "value" : "{}"
          }}
        }}"""
LANGUAGES = [language("de-DE", "de"), language("es-ES", "es"), language("es-ES", "es-MX")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("de-DE", "Hallo")], [("de", "Hallo")]),
        ([("de", "Hallo"), ("de-DE", "Alt")], [("de", "Hallo")]),
        ([("de_DE", "Alt"), ("fr", "Salut")], [("de", "Alt"), ("fr", "Salut")]),
        ([("es-ES", "Hola")], [("es", "Hola"), ("es-MX", "Hola")]),
        ([("de", "Hallo")], [("de", "Hallo")]),
        ([("de-AT", "Servus")], [("de-AT", "Servus")]),
    ],
)
def test_a_catalog_has_the_local_names(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    """What stands under the service's id moves to the local names; all other bytes stay."""
    one, two = (
        CATALOG.format(",\n        ".join(ENTRY.format(*entry) for entry in entries)).encode()
        for entries in (before, after)
    )
    assert formats.renamed("xcstrings", one, LANGUAGES).decode() == two.decode()
    assert bool(formats.misnamed_locales("xcstrings", one, LANGUAGES)) == (one != two)
    assert not formats.misnamed_locales("xcstrings", two, LANGUAGES)


def test_a_delivered_catalog_has_the_texts_of_the_id() -> None:
    """What stands under the local name came with the upload; the service translates under its own id."""
    for order in ([("de", "Alt"), ("de-DE", "Neu")], [("de-DE", "Neu"), ("de", "Alt")]):
        both = CATALOG.format(",\n        ".join(ENTRY.format(*entry) for entry in order)).encode()
        made = formats.renamed("xcstrings", both, LANGUAGES, delivered=True)
        assert json.loads(made)["strings"]["Hello"]["localizations"] == {
            "de": {"stringUnit": {"state": "translated", "value": "Neu"}}
        }
    alone = CATALOG.format(ENTRY.format("de", "Alt")).encode()
    assert formats.renamed("xcstrings", alone, LANGUAGES, delivered=True) == alone
