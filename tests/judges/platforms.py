"""A sample for every platform: what its files look like, who loads them, where they name their language.

Each says hello with an argument, and offers to save; both are translated into two languages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.judges import samples

Style = Literal["", "posix", "android"]
LOCALES = {"de-DE": "de", "pt-BR": "pt-BR"}
"""The service's ids, and how the manifest spells them where a platform has no style of its own."""
WORDS = {"de-DE": ("Hallo", "Sichern"), "pt-BR": ("Olá", "Salvar")}
"""What translators make of `Hello` and `Save`."""


@dataclass(frozen=True)
class Platform:
    """One platform that loads files of a type."""

    name: str
    file_type: str
    source: str
    target: str
    """With `{locale}`."""
    content: str
    """`@@@` stands for the argument as the file spells it."""
    judges: tuple[str, ...]
    """Who loads the pulled file; names of `loaders.PROGRAMS`."""
    argument: str = ""
    """As the service and a translator see it; empty where nothing tells an argument from text."""
    mark: str = ""
    """What names the language in a pulled file: `{local}` the local name, `{tag}` with hyphens."""
    style: Style = ""
    """How the platform spells a locale in paths."""
    lost: str = ""
    """A translation that has lost the argument, of a type that holds all locales."""
    shown: dict[str, str] = field(default_factory=dict)
    """By judge: the argument as it is shown, where that differs."""

    def bytes(self) -> bytes:
        """Return the source file."""
        return self.content.replace("@@@", self.argument).encode()

    def local(self, locale: str) -> str:
        """Return how paths of this platform spell a locale of the service."""
        name = LOCALES[locale]
        return {"posix": name.replace("-", "_"), "android": name.replace("-", "-r"), "": name}[self.style]

    def path(self, locale: str) -> str:
        """Return where the translation is pulled to."""
        return self.target.replace("{locale}", self.local(locale))


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        "Android",
        "android",
        "android/res/values/strings.xml",
        "android/res/values-{locale}/strings.xml",
        samples.ANDROID,
        ("aapt",),
        "%1$s",
        mark='tools:locale="{tag}"',
        style="android",
    ),
    Platform(
        "i18next",
        "json",
        "i18next/en/app.json",
        "i18next/{locale}/app.json",
        samples.I18NEXT,
        (
            "i18next",
            "json",
        ),
        "{{name}}",
    ),
    Platform("vue-i18n", "json", "vue/en.json", "vue/{locale}.json", samples.VUE_I18N, ("vue",), "{name}"),
    Platform(
        "ngx-translate",
        "json",
        "ngx/en.json",
        "ngx/{locale}.json",
        samples.NGX_TRANSLATE,
        ("ngx",),
        "{{ name }}",
    ),
    Platform(
        "FormatJS",
        "json",
        "formatjs/en.json",
        "formatjs/{locale}.json",
        samples.FORMATJS,
        (
            "icu",
            "messageformat",
        ),
        "{name}",
    ),
    Platform(
        "MediaWiki",
        "json",
        "mediawiki/en.json",
        "mediawiki/{locale}.json",
        samples.MEDIAWIKI,
        ("banana",),
        "$1",
    ),
    Platform(
        "Chrome",
        "json",
        "extension/_locales/en/messages.json",
        "extension/_locales/{locale}/messages.json",
        samples.CHROME,
        ("chrome",),
        "$name$",
        style="posix",
    ),
    Platform(
        "Rails",
        "yaml",
        "rails/en.yml",
        "rails/{locale}.yml",
        samples.RAILS,
        (
            "rails",
            "pyyaml",
        ),
        "%{name}",
        mark="\n{local}:\n",
    ),
    Platform(
        "ResourceBundle",
        "javaProperties",
        "java/app.properties",
        "java/app_{locale}.properties",
        samples.RESOURCEBUNDLE,
        ("ResourceBundle",),
        "{0}",
        style="posix",
    ),
    Platform(
        "Foundation",
        "ios",
        "apple/en.lproj/Localizable.strings",
        "apple/{locale}.lproj/Localizable.strings",
        samples.FOUNDATION,
        ("openstep",),
        "%@",
    ),
    Platform(
        "Foundation's plurals",
        "stringsdict",
        "apple/en.lproj/Localizable.stringsdict",
        "apple/{locale}.lproj/Localizable.stringsdict",
        samples.FOUNDATION_PLURALS,
        ("plistlib",),
        "%d",
    ),
    Platform(
        "Xcode",
        "xcstrings",
        "apple/App.xcstrings",
        "apple/App.xcstrings",
        samples.XCODE,
        ("catalog",),
        "%@",
        mark='"{local}" : {{',
        lost=samples.LOST,
    ),
    Platform(
        "gettext",
        "gettext",
        "gettext/app.pot",
        "gettext/{locale}.po",
        samples.GETTEXT,
        (
            "gettext",
            "polib",
            "babel",
        ),
        "%(name)s",
        mark='"Language: {local}\\n"',
        style="posix",
    ),
    Platform(
        "Flutter",
        "arb",
        "flutter/app_en.arb",
        "flutter/app_{locale}.arb",
        samples.FLUTTER,
        (
            "arb",
            "icu",
        ),
        "{name}",
        mark='"@@locale": "{local}"',
        style="posix",
    ),
    Platform(".NET", "resx", "net/App.resx", "net/App.{locale}.resx", samples.NET, ("resx",), "{0}"),
    Platform(
        "Angular",
        "xliff",
        "angular/messages.xlf",
        "angular/messages.{locale}.xlf",
        samples.ANGULAR,
        (
            "angular",
            "symfony",
        ),
        '<x id="INTERPOLATION" equiv-text="{{name}}"/>',
        mark='target-language="{tag}"',
        shown={"angular": "{$INTERPOLATION}", "symfony": ""},
    ),
    Platform(
        "Symfony",
        "xliff",
        "symfony/messages.en.xlf",
        "symfony/messages.{locale}.xlf",
        samples.SYMFONY,
        ("symfony",),
        "%name%",
        mark='target-language="{tag}"',
        style="posix",
    ),
    Platform(
        "XLIFF 2",
        "xliff2",
        "xliff2/messages.xlf",
        "xliff2/messages.{locale}.xlf",
        samples.XLIFF_2,
        (
            "angular",
            "symfony",
        ),
        '<ph id="0" equiv="INTERPOLATION" disp="{{name}}"/>',
        mark='trgLang="{tag}"',
        shown={"angular": "{$INTERPOLATION}", "symfony": ""},
    ),
    Platform(
        "Qt",
        "qt",
        "qt/app_en.ts",
        "qt/app_{locale}.ts",
        samples.QT,
        ("lrelease",),
        "%1",
        mark='language="{local}"',
        style="posix",
    ),
    Platform(
        "Laravel",
        "phpResource",
        "laravel/en/app.php",
        "laravel/{locale}/app.php",
        samples.LARAVEL,
        ("php",),
        ":name",
    ),
    Platform(
        "Fluent",
        "fluent",
        "fluent/en/app.ftl",
        "fluent/{locale}/app.ftl",
        samples.FLUENT,
        (
            "fluent",
            "fluent.runtime",
        ),
        "{ $name }",
        shown={"fluent": "«name»", "fluent.runtime": "name"},
    ),
    Platform(
        "page",
        "html",
        "html/en/page.html",
        "html/{locale}/page.html",
        samples.PAGE,
        ("html",),
        "{{ name }}",
        mark='lang="{tag}"',
    ),
    Platform(
        "Markdown",
        "markdown",
        "markdown/en/page.md",
        "markdown/{locale}/page.md",
        samples.MARKDOWN,
        ("markdown-it",),
        "`name`",
        mark="lang: {tag}",
        shown={"markdown-it": "<code>name</code>"},
    ),
    Platform(
        "MDX",
        "mdx",
        "mdx/en/page.mdx",
        "mdx/{locale}/page.mdx",
        samples.MDX,
        ("mdx",),
        "{name}",
        mark="lang: {tag}",
        shown={"mdx": ""},
    ),
    Platform("SubRip", "srt", "cues/en.srt", "cues/{locale}.srt", samples.SUBRIP, ("webvtt",)),
    Platform(
        "WebVTT",
        "vtt",
        "cues/en.vtt",
        "cues/{locale}.vtt",
        samples.WEBVTT,
        ("webvtt",),
        mark="Language: {tag}",
    ),
    Platform(
        "SVG",
        "svg",
        "svg/en/chart.svg",
        "svg/{locale}/chart.svg",
        samples.SVG,
        ("lxml",),
        "${name}",
        mark='xml:lang="{tag}"',
    ),
    Platform(
        "XML",
        "xml",
        "xml/en/help.xml",
        "xml/{locale}/help.xml",
        samples.XML,
        ("lxml",),
        "{name}",
        mark='xml:lang="{tag}"',
    ),
    Platform("CSV", "csv", "csv/en.csv", "csv/{locale}.csv", samples.CSV, ("csv",), "%1"),
)

WITHOUT_JUDGE = {
    "plainText": "a text has no syntax that a program could refuse, and no place for a language",
    "freemarker": "is taken as one piece: nothing inside is read or written",
    "dita": "is taken as one piece: nothing inside is read or written",
    "tmx": "is taken as one piece: nothing inside is read or written",
    "pres": "is taken as one piece: nothing inside is read or written",
    "xliffCat": "is taken as one piece: nothing inside is read or written",
}
"""Types that are text and have no platform here, and why. Opaque types are kept byte by byte."""
