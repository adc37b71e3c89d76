"""What a platform crashes on, refuses or shows raw is an error; what it shows as it should is none."""

from __future__ import annotations

import pytest

from l10nsync import formats

ANDROID = "<resources><string name='a'>{}</string></resources>"
QT = "<TS><context><message><source>{0}</source><translation>{1}</translation></message></context></TS>"
XLIFF = (
    "<xliff version='1.2'><file original='m'><body><trans-unit id='a'><source>{0}</source>"
    "<target>{1}</target></trans-unit></body></file></xliff>"
)
STRINGSDICT = (
    "<plist><dict><key>k</key><dict><key>NSStringLocalizedFormatKey</key><string>{0}</string><key>n</key><dict>"
    "<key>NSStringFormatValueTypeKey</key><string>d</string><key>one</key><string>%d pier</string>"
    "<key>other</key><string>{1}</string></dict></dict></dict></plist>"
)
PO = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n{0}msgid "{1}"\nmsgstr "{2}"\n'
RAILS = "{0}:\n  {1}:\n    formats:\n      short: '{2}'\n"


def findings(
    file_type: str, source: str, translation: str, locale: str = "de-DE"
) -> list[tuple[str, str, str]]:
    """Return severity, rule and message of what is wrong."""
    found = formats.check(file_type, source.encode(), translation.encode(), locale=locale)
    return [(each.severity, each.rule, each.message) for each in found]


def pair(frame: str, source: str, translation: str) -> tuple[str, str]:
    """Return two files with one text each."""
    return frame.format(source), frame.format(translation)


def both(frame: str, source: str, translation: str) -> tuple[str, str]:
    """Return a file without and one with its translation, of a type that holds both."""
    return frame.format(source, ""), frame.format(source, translation)


def php(source: str, translation: str) -> tuple[str, str]:
    """Return two PHP files with one text each."""
    return tuple(f"<?php return ['a' => '{text}'];" for text in (source, translation))  # type: ignore[return-value]


def po(flag: str, source: str, translation: str) -> tuple[str, str]:
    """Return a catalogue without and one with its translation."""
    return PO.format(flag, source, ""), PO.format(flag, source, translation)


BROKEN = {
    "android: a bare percent": ("android", *pair(ANDROID, "%1$d MB", "%1$d MB, 5 % frei")),
    "android: an apostrophe": ("android", *pair(ANDROID, "Water", "L'eau")),
    "android: an escape": ("android", *pair(ANDROID, "Folder", "\\u12 Ordner")),
    "android: unnumbered arguments": ("android", *pair(ANDROID, "%1$s of %2$s", "%s von %s")),
    "android: another reference": ("android", *pair(ANDROID, "@string/pier", "@string/steg")),
    "angular: a case": (
        "xliff", *both(XLIFF, "{N, plural, =1 {a} other {b}}", "{N, plural, =1 {a} andere {b}}"),
    ),
    "angular: an element": ("xliff", *both(XLIFF, "Ahoy <x id='NAME'/>", "Ahoi <x id='NAME_1'/>")),
    "symfony: a name": ("xliff", *both(XLIFF, "Ahoy %name%", "Ahoi")),
    "chrome: a name": (
        "json", '{"a": {"message": "Ahoy $SHIP$"}}', '{"a": {"message": "Ahoi $SCHIFF$"}}',
    ),
    "mediawiki: a number": (
        "json", '{"@metadata": {}, "a": "$1 ships"}', '{"@metadata": {}, "a": "Schiffe"}',
    ),
    "vue: a lone at": ("json", '{"a": "See @:b", "b": "Mail"}', '{"a": "Siehe @:b", "b": "a@b"}'),
    "vue: a link": ("json", '{"a": "See @:b now", "b": "Mail"}', '{"a": "Siehe jetzt", "b": "Post"}'),
    "i18next: nesting": ("json", '{"a": "{{n}} of $t(ships)"}', '{"a": "{{n}} Schiffe"}'),
    "i18next: the last form": (
        "json", '{"a_one": "one", "a_other": "{{count}} x"}', '{"a_one": "eins", "a_other": "viele"}',
    ),
    "laravel: a renamed name": ("phpResource", *php("at least :min", "mindestens :mindest")),
    "markdown: a box that goes on": (
        "markdown", ":::tip[Ship]\nShip\n:::\n", ":::tip[Schiff]\nSchiff\n::: und\n",
    ),
    "markdown: the name of a box": ("mdx", ":::tip\nShip\n:::\n", ":::rat\nSchiff\n:::\n"),
    "hugo: a shortcode": ("markdown", 'See {{< ref "a" >}}\n', 'Siehe {{< verweis "a" >}}\n'),
    "laravel: json": ("json", '{"Ahoy :name": "Ahoy :name"}', '{"Ahoy :name": "Ahoi"}'),
    "icu: one case of two": (
        "json",
        '{"a": "{n, plural, one {# by {who}} other {# by {who}}}"}',
        '{"a": "{n, plural, one {# von {who}} other {# Schiffe}}"}',
    ),
    "a name after a hash": ("json", '{"a": "Ship #{id}"}', '{"a": "Schiff #{nummer}"}'),
    "components": ("json", '{"a": "<link>Ahoy</link>"}', '{"a": "Ahoi"}'),
    "numbered components": ("json", '{"a": "<0>Ahoy</0> <1/>"}', '{"a": "<0>Ahoi</0>"}'),
    "rails: a number": (
        "yaml",
        "en:\n  number:\n    currency:\n      format:\n        format: '%u%n'\n",
        "de:\n  number:\n    currency:\n      format:\n        format: '%n'\n",
    ),
    "stringsdict: a variable": (
        "stringsdict", STRINGSDICT.format("%#@n@", "%d piers"), STRINGSDICT.format("%#@m@", "%d Stege"),
    ),
    "qt: an argument": ("qt", *both(QT, "%1 of %2", "%1 von")),
    "gettext: a bare percent": ("gettext", *po("#, c-format\n", "100%% done", "100% fertig")),
    "gettext: an escape": ("gettext", *po("", "a", "\\q b")),
    "gettext: a line end": ("gettext", *po("", "Ahoy\\n", "Ahoi")),
    "gettext: a brace": ("gettext", *po("#, python-brace-format\n", "{a}", "{a")),
    "properties: an escape": ("javaProperties", "a=Folder", "a=C:\\users\\unten"),
    "properties: a backslash": ("javaProperties", "a=Folder", "a=C:\\data"),
    "properties: an apostrophe": ("javaProperties", "a=the {0}", "a=l'{0}"),
    "php: a quote": ("phpResource", *php("Ahoy", "it's")),
    "php: a bracket": ("phpResource", "<?php return ['a' => 'b'];", "<?php return ['a' => 'b';"),
    ".net: a brace": (
        "resx", *pair("<root><data name='a'><value>{}</value></data></root>", "{0} x", "{0 x"),
    ),
    "fluent: an argument": ("fluent", "a = Ahoy { $ship }\n", "a = Ahoi\n"),
    "fluent: a reference": ("fluent", "a = Ahoy { b }\nb = x\n", "a = Ahoi { c }\nb = x\n"),
    "fluent: an unknown term": ("fluent", "-b = X\na = Ahoy { -b }\n", "-b = X\na = Ahoi { -b }{ -c }\n"),
    "fluent: a default": (
        "fluent",
        "a = { $n ->\n    [one] { $n } ship\n   *[other] { $n } ships\n}\n",
        "a = { $n ->\n    [one] { $n } Schiff\n    [other] { $n } Schiffe\n}\n",
    ),
    "markdown: code": ("markdown", "Run `make`.\n", "Starten.\n"),
    "markdown: a label": ("markdown", "See [it][a].\n\n[a]: b.md\n", "Siehe [es][ah].\n\n[a]: b.md\n"),
    "markdown: a footnote": ("markdown", "Ahoy.[^a]\n\n[^a]: Note.\n", "Ahoi.\n\n[^a]: Notiz.\n"),
    "mdx: a component": ("mdx", "See <Note kind={a}>this</Note>\n", "Siehe das\n"),
    "mdx: an expression": ("mdx", "Ahoy {props.name}\n", "Ahoi {props.vorname}\n"),
    "csv: a number": ("csv", "a,%1 of %2\n", "a,%1 von\n"),
    "bidi": ("json", '{"a": "Ahoy"}', '{"a": "\u202eAhoi"}'),
    "android: a question mark": ("android", *pair(ANDROID, "Ahoy", "?Wie bitte")),
    "components called as an element": ("json", '{"a": "<link>Ahoy</link>"}', '{"a": "<link>Ahoi"}'),
    "json: an object twice": ("json", '{"a": {"b": "x", "c": "y"}}', '{"a": {"b": "x"}, "a": {"c": "y"}}'),
    "gettext: an argument more": ("gettext", *po("#, c-format\n", "Ahoy", "Ahoi %.2f")),
    "gettext: two ways to count": ("gettext", *po("#, c-format\n", "%s %d", "%2$d %s")),
    "gettext: names and none": ("gettext", *po("#, python-format\n", "%(a)s", "%(a)s %s")),
    "gettext: Ruby": ("gettext", *po("#, ruby-format\n", "Ahoy %d", "Ahoi")),
    "gettext: Lisp": ("gettext", *po("#, lisp-format\n", "Ahoy ~a", "Ahoi")),
    "gettext: Pascal": ("gettext", *po("#, object-pascal-format\n", "Ahoy %0:s", "Ahoi %1:s")),
    "gettext: Boost": ("gettext", *po("#, boost-format\n", "Ahoy %|1$s|", "Ahoi")),
    "gettext: an expression": (
        "gettext", PO.format("", "a", ""), PO.format("", "a", "b").replace("n != 1", "n !"),
    ),
    "gettext: too many forms": (
        "gettext", PO.format("", "a", ""), PO.format("", "a", "b").replace("(n != 1)", "n"),
    ),
    "php: an escape": ("phpResource", "<?php return ['a' => 'b'];", '<?php return [\'a\' => "\\u{12"];'),
    "mdx: a lone sign": ("mdx", "Less is more\n", "a < 5 ist mehr\n"),
    "mdx: an import": (
        "mdx", 'import Note from "n"\n\n<Note/>\n\nShip\n', "<Note/>\n\nSchiff\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_the_platform_cannot_show_is_an_error(name: str) -> None:
    """Each is one error at least, and its message names nothing that is in neither file."""
    file_type, source, translation = BROKEN[name]
    found = findings(file_type, source, translation)
    assert "error" in [severity for severity, _rule, _message in found]


GOOD = {
    "android: no arguments": ("android", *pair(ANDROID, "100 percent", "100 % der Zeit"), "de"),
    "android: quoted": ("android", *pair(ANDROID, "Water", '"L\'eau"'), "fr"),
    "android: doubled": ("android", *pair(ANDROID, "%1$d%%", "%1$d %%"), "de"),
    "angular: hints": (
        "xliff", *both(XLIFF, "<x id='A' equiv-text='{{ a }}'/>", "<x id='A' equiv-text='{{ b }}'/>"), "de",
    ),
    "chrome: without notes": (
        "json",
        '{"a": {"message": "Ahoy $SHIP$", "description": "x", "placeholders": {"ship": {"content": "$1"}}}}',
        '{"a": {"message": "Ahoi $ship$", "placeholders": {"ship": {"content": "$1"}}}}',
        "de",
    ),
    "mediawiki: forms and names": (
        "json",
        '{"@metadata": {"authors": ["A"]}, "a": "$1 {{PLURAL:$1|ship|ships}}"}',
        '{"@metadata": {"authors": ["B", "C"]}, "a": "$1艘"}',
        "zh-CN",
    ),
    "vue: more forms": (
        "json", '{"a": "See @:b", "b": "ship | ships"}', '{"a": "Zob. @:b", "b": "a | b | c"}', "pl-PL",
    ),
    "i18next: forms of the language": (
        "json",
        '{"a_one": "{{count}} ship", "a_other": "{{count}} ships"}',
        '{"a_one": "{{count}} a", "a_few": "{{count}} b", "a_many": "{{count}} c", "a_other": "{{count}} d"}',
        "pl-PL",
    ),
    "i18next: one form": (
        "json",
        '{"a_one": "{{count}} ship", "a_other": "{{count}} ships"}',
        '{"a_other": "{{count}}隻"}',
        "ja-JP",
    ),
    "i18next: version 3": (
        "json",
        '{"a": "{{count}} ship", "a_plural": "{{count}} ships"}',
        '{"a_0": "{{count}} a", "a_1": "{{count}} b", "a_2": "{{count}} c"}',
        "pl-PL",
    ),
    "i18next: a context": (
        "json", '{"a": "{{n}} friend"}', '{"a": "{{n}} Freund", "a_female": "{{n}} Freundin"}', "de",
    ),
    "go-i18n: an object of forms": (
        "json",
        '{"a": {"one": "one ship", "other": "{{.Count}} ships"}}',
        '{"a": {"one": "x", "few": "{{.Count}} y", "many": "{{.Count}} z", "other": "{{.Count}} w"}}',
        "ru-RU",
    ),
    "a percent": ("json", '{"a": "50% off, 20%discount"}', '{"a": "50% der, 20%rabatt"}', "de"),
    "laravel: in running text": ("phpResource", *php("at least :min items", "至少有:min项"), "zh-CN"),
    "laravel: choices": ("phpResource", *php("{0} none|[2,*] :n", "{0} kein|[2,*] :n"), "de"),
    "rails: dates": (
        "yaml", RAILS.format("en", "date", "%d/%m"), RAILS.format("de", "date", "%-d. %B"), "de",
    ),
    "rails: what it gives": (
        "yaml",
        "en:\n  errors:\n    messages:\n      few: 'at least %{count}'\n",
        "ar:\n  errors:\n    messages:\n      few: '%{attribute} %{count}'\n",
        "ar",
    ),
    "qt: letters after": ("qt", *both(QT, "%1d %2h", "%1 T. %2 Std."), "de"),
    "qt: a percentage in Turkish": ("qt", *both(QT, "%1 (100%)", "%1 (%100)"), "tr"),
    "gettext: a form in words": (
        "gettext",
        *(
            'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n#, python-format\n'
            f'msgid "%(count)s ship of %(name)s"\nmsgid_plural "%(count)s ships of %(name)s"\n{forms}'
            for forms in (
                'msgstr[0] ""\nmsgstr[1] ""\n',
                'msgstr[0] "Ein Schiff von %(name)s"\nmsgstr[1] "%(count)s Schiffe von %(name)s"\n',
            )
        ),
        "de",
    ),
    "gettext: dates": ("gettext", *po("", "%H:%M", "%I:%M %p"), "de"),
    "properties: not a pattern": ("javaProperties", "a=it's {0}", "a={0} ist es", "de"),
    "stringsdict: words around": (
        "stringsdict",
        STRINGSDICT.format("%#@n@", "%d piers"),
        STRINGSDICT.format("Hier: %#@n@", "%d Stege"),
        "de",
    ),
    "fluent: variants, options, attributes of terms": (
        "fluent",
        "-b = X\na = { -b } { NUMBER($n) }\n",
        (
            "-b = { $case ->\n   *[nom] X\n    [gen] Xs\n}\n    .gender = f\n"
            'a = { $n ->\n    [one] { -b(case: "gen") } { NUMBER($n, minimumFractionDigits: 1) }\n'
            "   *[other] { -b } { $n }\n}\n"
        ),
        "de",
    ),
    "fluent: terms of another file": ("fluent", "a = In { -b }\n", "a = In { -b } { -b }\n", "de"),
    "gettext: not there yet": ("gettext", *po("", "Ahoy", ""), "de"),
    "markdown: prose": ("markdown", "Use {x} and %s\n", "Nimm dies\n", "de"),
    "icu: two plurals side by side": (
        "json",
        '{"a": "{n, plural, one {# a} other {# b}}, {m, plural, one {a c} other {# d}}"}',
        '{"a": "{n, plural, one {# x} other {# y}}, {m, plural, one {ein z} other {# w}}"}',
        "de",
    ),
    "laravel: one after the other": ("phpResource", *php("in :folder:file", "in :folder:file da"), "de"),
    "vue: the number of a choice": (
        "json", '{"a": "{0} ship|{0} ships"}', '{"a": "{n} Schiff|{0} Schiffe"}', "de",
    ),
    "a sign beside a letter": ("javaProperties", "a=Reset %s (%PATH%)", "a=%sを戻す（経路%PATH%を）", "ja"),
    "a sign beside a Latin letter": ("json", '{"a": "No file %s"}', '{"a": "KeineDatei%s"}', "de"),
    "signs around a word": ("gettext", *po("", "%sEU law%s", "%s歐盟法%s"), "zh-TW"),
    "angular: a choice of two": (
        "xliff",
        *both(XLIFF, "{VAR_SELECT, select, a {on} b {off}}", "{VAR_SELECT, select, a {an} b {aus}}"),
        "de",
    ),
    "compose: apostrophes": (
        "android",
        "<resources><string name='a'>Can't</string><string name='b'>Water</string></resources>",
        "<resources><string name='a'>Nein</string><string name='b'>L'eau</string></resources>",
        "fr",
    ),
    "vue: a link to another message": (
        "json",
        '{"a": "See @:b", "b": "ship", "c": "boat"}',
        '{"a": "@:b", "b": "Schiff", "c": "wie @:b"}',
        "de",
    ),
    "mediawiki: without metadata": (
        "json", '{"a": "$1 {{plural:$1|ship|ships}}"}', '{"a": "{{GRAMMAR:genitive|$1}} Schiffe"}', "de",
    ),
    "symfony: other intervals": (
        "phpResource",
        *php("{0} No ship|{1} One ship|]1,Inf] %count% ships", "{0} Kein Schiff|]0,Inf] %count% Schiffe"),
        "de",
    ),
    "csv: numbers": ("csv", "a,%1 of %2.\n", "a,第%2个共%1.\n", "zh-CN"),
    "csv: percentages": ("csv", "a,%5 off\n", "a,5 % Rabatt\n", "de"),
    "csv: text after a quote": ("csv", 'a,"say ""x"" y"\n', 'a,"sag "x" y"\n', "de"),
    "strings: braces around it": ("ios", '"a" = "Ship";', '{ "a" = "Schiff"; }', "de"),
    "strings: a key alone": ("ios", '"Ship";', '"Ship" = "Schiff";', "de"),
    "php format: by number and in turn": ("gettext", *po("#, php-format\n", "%s", "%1$s"), "de"),
    "bidi: isolates": ("json", '{"a": "\u2068Ahoy\u2069"}', '{"a": "\u2068Ahoi\u2069"}', "ar"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_the_platform_shows_is_left_alone(name: str) -> None:
    """Nothing is said of it, not even as a warning."""
    file_type, source, translation, locale = GOOD[name]
    assert findings(file_type, source, translation, locale) == []


POLICY = {
    "formatting": ("json", '{"a": "a<br>b <strong>c</strong>"}', '{"a": "x"}', "tag-missing"),
    "a case": (
        "json",
        '{"a": "{g, select, m {a} other {b}}"}',
        '{"a": "{g, select, m {a} f {c} other {b}}"}',
        "select-extra",
    ),
    "an argument that selects": (
        "json", '{"a": "{g, select, m {a} other {b}}"}', '{"a": "c"}', "placeholder-missing",
    ),
    "a form": (
        "json",
        '{"a": "{n, plural, one {# a} other {# b}}"}',
        '{"a": "{n, plural, one {# x} other {# y}}"}',
        "plural-missing",
    ),
    "a key twice": ("json", '{"a": "x"}', '{"a": "y", "a": "z"}', "key-twice"),
    "empty cases": (
        "json", '{"a": "{n, plural, one {#} other {#}}"}', '{"a": "{n, plural, one {} other {}}"}',
        "placeholder-missing",
    ),
    "an empty text": ("javaProperties", "a=Ahoy\nb=Ship", "a=\nb=Schiff", "text-empty"),
    "a term": ("fluent", "-b = X\na = { -b } y\n", "-b = X\na = y\n", "placeholder-missing"),
    "another library's name": (
        "android", *pair(ANDROID, "Ahoy {ship}", "Ahoi {schiff}"), "placeholder-extra",
    ),
    "another library's sign": (
        "json",
        '{"a": {"message": "Type {{n:number}}"}}',
        '{"a": {"message": "Schreib"}}',
        "placeholder-missing",
    ),
    "a tag that a browser closes": (
        "qt",
        *both(QT, "&lt;html>&lt;p>Ship&lt;/p>&lt;/html>", "&lt;html>Schiff&lt;/p>&lt;/html>"),
        "tag-balance",
    ),
    "an ending after a name": ("phpResource", *php("All :ships", "Barcha :shipslar"), "placeholder-extra"),
    "a tag in a page of a wiki": (
        "json", '{"a": "$1 <nowiki>x</nowiki> {{PLURAL:$1|a|b}}"}', '{"a": "$1 x"}', "tag-missing",
    ),
    "a voice of a subtitle": (
        "vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nAhoy <v Bob>there</v>\n",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nAhoi\n",
        "tag-missing",
    ),
    "a box less": ("markdown", ":::tip\nShip\n:::\n", "Schiff\n", "placeholder-missing"),
    "a link": ("markdown", "See [it](a.md).\n", "Siehe.\n", "link-missing"),
    "an address": ("markdown", "See <https://ship.test>.\n", "Siehe.\n", "link-missing"),
    "a link of HTML": ("markdown", 'See <a href="a.md">it</a>.\n', "Siehe.\n", "link-missing"),
    "the name of a heading": ("markdown", "# Ship {#ship}\n", "# Schiff\n", "link-missing"),
    "the form that its source lacks": (
        "stringsdict",
        STRINGSDICT.format("%#@n@", "%d").replace("<key>other</key>", "<key>many</key>"),
        STRINGSDICT.format("%#@n@", "%d").replace("<key>other</key>", "<key>few</key>"),
        "plural-missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(POLICY))
def test_policy_is_a_warning(name: str) -> None:
    """It is said, and holds nothing back."""
    file_type, source, translation, rule = POLICY[name]
    found = findings(file_type, source, translation, "pl-PL")
    assert {severity for severity, _rule, _message in found} == {"warning"}
    assert rule in {rule for _severity, rule, _message in found}


TEMPLATE = (
    'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n\n'
    'msgid "ship"\nmsgid_plural "ships"\nmsgstr[0] ""\nmsgstr[1] ""\n'
)
OTHER_COUNT = (
    'msgid ""\nmsgstr "Plural-Forms: nplurals=3; plural=(n != 1);\\n"\n\n'
    'msgid "ship"\nmsgid_plural "ships"\nmsgstr[0] ""\nmsgstr[1] ""\n'
)
PSEUDO = [
    ("gettext", PO.format("#, sh-format\n", "Ships of $captain", ""), ["$captain"]),
    ("gettext", OTHER_COUNT, ['msgstr[0] ""\nmsgstr[1] ""\n']),
    ("fluent", 'a = { $n ->\n    [one] { $n } ship\n   *[other] ships { -b(case: "x") }\n}\n',
     ["{ $n ->", "[one]", "*[other]", '{ -b(case: "x") }']),
    ("markdown", "Run `make all`, see [docs][guide] and ![it](flow.png).[^note]\n\n[guide]: x.md\n",
     ["`make all`", "][guide]", "](flow.png)", "[^note]", "[guide]: x.md"]),
    ("mdx", "See <Note kind={a > b}>this</Note> {props.name}\n", ["<Note kind={a > b}>", "{props.name}"]),
    ("gettext", PO.format("#, c-format\n", "bad: %%%.*s", ""), ["%%%.*s"]),
    ("android", ANDROID.format('by <![CDATA[<a href="%1$s">terms</a>]]> now'),
     ['<![CDATA[<a href="%1$s">', "</a>]]>"]),
    ("android", ANDROID.format("@string/terms"), [">@string/terms<"]),
    ("stringsdict", STRINGSDICT.format("Here: %#@n@", "%d piers"), ["%#@n@", "%d"]),
    ("json", '{"a": "Go to @%s@%s", "b": "Ships (%s)"}', ["@%s@%s", "(%s)"]),
    ("phpResource", "<?php return ['a' => 'in :folder:file'];", [":folder:file"]),
    ("yaml", RAILS.format("en", "time", "%A, %H:%M"), ["%A, %H:%M"]),
    ("phpResource", "<?php return ['a' => '{0} none|[1,*] some:min'];", ["{0}", "|[1,*]"]),
    ("mdx", "<a\n  href='x'\n>\n  One\n</a>\n<a\n  href='y'\n>\n  Two\n</a>\n", ["<a\n  href='y'\n>\n"]),
    ("gettext", TEMPLATE, ["nplurals=2; plural=(n != 1);"]),
    ("fluent", 'a = Ahoy <a data-l10n-name="b">ship</a> &amp; crew\n',
     ['<a data-l10n-name="b">', "</a>", "&amp;"]),
    ("android", f'<!DOCTYPE resources [<!ENTITY app "App">]>{ANDROID.format("Ahoy &app;")}', ["&app;<"]),
    ("xliff", XLIFF.format("Ahoy {N, plural, =1 {a} other {b", ""), ["{N, plural, =1 {a} other {b"]),
    ("xliff", XLIFF.format("Ahoy <x equiv-text='&lt;a b=\"c\">' id='LINK'/>", ""),
     ["<x equiv-text='&lt;a b=\"c\">' id='LINK'/></target>"]),
    ("mdx", "<iframe\n  title='Ship'\n></iframe>\n\nShip\n", ["<iframe\n  title='Ship'\n></iframe>"]),
    ("json", '{"@metadata": {}, "a": "See [[Ship|this]] {{PLURAL:$1|a|b}}"}', ["[[Ship|"]),
    ("json", '{"a": "@:pier.name or @.lower:pier <0>here</0>"}',
     ["@:pier.name", "@.lower:pier", "<0>", "</0>"]),
]  # fmt: skip


@pytest.mark.parametrize(("file_type", "source", "kept"), PSEUDO)
def test_pseudo_changes_text_only(file_type: str, source: str, kept: list[str]) -> None:
    """Whatever is syntax stays as it is, and the result is a good translation."""
    made = formats.pseudo(file_type, source.encode()).decode()
    assert [part for part in kept if part not in made] == []
    assert [each for each in findings(file_type, source, made) if each[0] == "error"] == []


def test_a_finding_is_shown_at_its_characters() -> None:
    """Line and columns of what is meant; what to do; the spelling of the file."""
    (lost, new) = formats.check(
        "json", b'{\n "a": "Ahoy {ship}"\n}', b'{\n "a": "Ahoi {boot}!"\n}', locale="de"
    )[::-1]
    found = {each.rule: each for each in (lost, new)}
    extra, missing = found["placeholder-extra"], found["placeholder-missing"]
    assert (extra.line, extra.column, extra.end_column) == (2, 13, 19)
    assert (missing.line, missing.column) == (2, 8)
    assert missing.message == "`{ship}` is missing in 'a'"
    assert missing.hint.endswith("the source says: Ahoy {ship}")


@pytest.mark.parametrize(
    ("file_type", "source", "translation", "marked"),
    [
        ("android", *pair(ANDROID, "Water", "de l'eau"), "'"),
        ("android", *pair(ANDROID, "Folder", "ein \\u12 Ordner"), "\\u12 O"),
        ("javaProperties", "a=Folder", "a=in C:\\data", "\\d"),
        ("ios", '"a" = "x";', '"a" = "ein \\u00e9";', "\\u00e9"),
        ("phpResource", "<?php return ['a' => 'x'];", "<?php return ['a' => 'x' 'y'];", "'"),
        ("json", '{"a": "%s of %d"}', '{"a": "%d von %s"}', "%d"),
        ("json", '{"a": "{n, plural, other {#}} x"}', '{"a": "{m, plural, other {#}} x"}', "#"),
    ],
)
def test_what_is_refused_is_marked(file_type: str, source: str, translation: str, marked: str) -> None:
    """The caret stands below the very characters."""
    found = formats.check(file_type, source.encode(), translation.encode(), locale="fr-FR")
    (one, *_) = [finding for finding in found if finding.rule in {"syntax", "placeholder-extra"}]
    assert translation[one.column - 1 : one.end_column - 1] == marked


def test_a_message_says_what_is_so() -> None:
    """An argument in another's place is there; one by which a text is chosen has a name, not `#`."""
    swapped = findings("ios", '"a" = "%@ of %d";', '"a" = "%d von %@";')
    assert {message for _severity, _rule, message in swapped} == {
        "`%d` gets argument 1, which is `%@` in the source in 'a'",
        "`%@` gets argument 2, which is `%d` in the source in 'a'",
        "`%@` is missing as argument 1 in 'a'",
        "`%d` is missing as argument 2 in 'a'",
    }
    renamed = findings("json", '{"a": "{n, plural, other {#}}"}', '{"a": "{m, plural, other {#}}"}')
    assert {message for severity, _rule, message in renamed if severity == "error"} == {
        "`n` is missing in 'a'",
        "`m` is not in the source in 'a'",
    }


def test_forms_of_the_language_outlive_a_pull() -> None:
    """The service knows the keys of the source; what the target has beside them stays, in its place."""
    source = b'{\n  "a_one": "{{count}} ship",\n  "a_other": "{{count}} ships",\n  "b": "x"\n}\n'
    local = (
        '{\n  "a_one": "{{count}} statek",\n  "a_few": "{{count}} statki",\n'
        '  "a_many": "{{count}} statków",\n  "a_other": "{{count}} statku"\n}\n'
    ).encode()
    delivered = '{\n  "a_one": "{{count}} okręt",\n  "a_other": "{{count}} okrętu",\n  "b": "y"\n}\n'.encode()
    kept = formats.keep("json", [source], local, delivered, locale="pl-PL")
    assert kept.content is not None
    assert kept.content.decode() == (
        '{\n  "a_one": "{{count}} okręt",\n  "a_few": "{{count}} statki",\n'
        '  "a_many": "{{count}} statków",\n  "a_other": "{{count}} okrętu",\n  "b": "y"\n}\n'
    )
