"""Placeholders as each library writes them: where a text has them, and which arguments they name.

A flavour belongs to a file type, a directive or a sign in the file. `FLAVOURS` are what these name;
`STRICT` are signs in a text that no natural language writes, for files whose library is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from l10nsync.formats import printf_flavours as printf
from l10nsync.formats.printf_flavours import RELATIVES, Placeholder, PlaceholderFinder, bare_in, kind_of

# A letter of another alphabet may stand right beside a placeholder: Japanese and Korean have no space there.
_STRICT_C = re.compile(
    r"(?<![A-Za-z0-9_%])%(?:(?P<position>\d+)\$)?(?P<style>0\d+|\.\d+)?(?:ll|l|h|z)?(?P<kind>[sdiufxXc@])(?![A-Za-z0-9_%])"
    r"|%(?P<place>\d+)\$(?:0\d+|\.\d+)?(?:ll|l|h|z)?(?P<what>[sdiufxXc@])"
)
_LAX_C = re.compile(r"(?<!%)%(?:(?P<position>\d+)\$)?(?:0\d+|\.\d+)?(?:ll|l|h|z)?(?P<kind>[sdiufxXc@])")
_STRFTIME_ONLY = re.compile(r"%[-_0^#]?[YmBHMSIybpjZAPe]")


def _strict_c(text: str) -> list[Placeholder]:
    """`%s`, `%1$d`, `%.2f` by themselves; not `50%der`, and nothing in the pattern of a date."""
    if _STRFTIME_ONLY.search(text.replace("%%", "")):
        return []
    found: list[Placeholder] = []
    number = 0
    for match in _STRICT_C.finditer(text):
        position = match["position"] or match["place"]
        number += not position
        kind = {"u": "d"}.get(
            kind_of(match["kind"] or match["what"]), kind_of(match["kind"] or match["what"])
        )
        found.append(Placeholder(f"%{position or number}${kind}", *match.span()))
    return found


def _lax_c(text: str) -> list[Placeholder]:
    """`%s`, even right beside a letter."""
    found: list[Placeholder] = []
    number = 0
    for match in _LAX_C.finditer(text):
        number += not match["position"]
        kind = {"u": "d"}.get(kind_of(match["kind"]), kind_of(match["kind"]))
        found.append(Placeholder(f"%{match['position'] or number}${kind}", *match.span()))
    return found


# --- braces ---------------------------------------------------------------------------------------------

_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>[\w.\[\]]*)(?:![rsa])?(?::(?:[^{}]|\{\w*\})*)?\}")
_RESX = re.compile(r"\{\{|\}\}|\{(?P<name>\d+)(?:,[^{}]*)?(?::[^{}]*)?\}")
_RUBY = re.compile(
    r"%\{(?P<name>[^{}]+)\}|%<(?!PRI[diouxX])(?P<other>\w+)>[-+#0 ]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z])?"
)
_I18NEXT = re.compile(
    r"\{\{\{?-?\s*(?P<name>[^{},|\s]+)\s*(?:[,|][^{}]*)?\}?\}\}|\{\{(?P<other>[^{}]*)\}\}"
    r"|\$t\((?P<nested>[^(),]*)(?:,[^()]*)?\)"
)
_DOLLAR = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_BRACE = re.compile(
    r"(?<![{$%])\{(?P<name>[^\W\d][\w.-]*|\d+)\s*(?:,\s*(?:number|date|time)\b[^{}]*)?\}(?!\})"
)
_CHOICE = re.compile(r"(?:^|\|)\s*(\{[\d,\s]+\}|[\[\]][^\[\]|]*[\[\]])")
"""What a text of Symfony or Laravel is chosen by: a number, a list, an interval."""
_DELIMITED = re.compile(r"%%\w+%%|(?<!%)%[A-Za-z_][\w.-]*%(?!%)|##\w+##|__\w+?__")
_PERCENT_NAME = re.compile(r"(?<![%A-Za-z0-9_])%[A-Za-z_][\w.-]*%(?![%A-Za-z0-9_])")
_LAX_PERCENT_NAME = re.compile(r"(?<!%)%[A-Za-z_][\w.-]*?%")
_PERCENT_NUMBER = re.compile(r"(?<![\w%])%[1-9](?!\d|[%$]|\.\d)")
_LAX_PERCENT_NUMBER = re.compile(r"(?<!%)%[1-9](?!\d)")
_QT = re.compile(r"%(?:L?(?P<number>\d{1,2})|L?(?P<count>n))")
_STRICT_PYTHON = re.compile(r"%\((?P<name>\w+)\)(?P<kind>[a-zA-Z])")
_LARAVEL = re.compile(r"(?<![A-Za-z0-9_:])(?::[A-Za-z_][A-Za-z0-9_]*)+")
_LARAVEL_NAME = re.compile(r":([A-Za-z_][A-Za-z0-9_]*)")
_CHROME = re.compile(r"\$\$|\$(?P<name>[A-Za-z0-9_@]+)\$|\$(?P<number>[1-9])")
_MEDIAWIKI = re.compile(r"\{\{\s*(?:PLURAL|GENDER)\s*:\s*\$\d+|\$(?P<number>\d+)", re.IGNORECASE)
_LINKED = re.compile(r"@(?:\.\w+)?:(?:\{'(?P<quoted>[^']*)'\}|\((?P<held>[^()]*)\)|(?P<key>\w[\w.-]*\w|\w))")
_VUE_NAME = re.compile(r"\{\s*(?:'[^']*'|(?P<name>[\w.-]+))\s*\}")
_SHELL = re.compile(r"\$\{?(?P<name>[A-Za-z_]\w*)\}?")
_RAILS_NUMBER = re.compile(r"%(?P<name>[nu])")


def _named(pattern: re.Pattern[str]) -> PlaceholderFinder:
    def tokens(text: str) -> list[Placeholder]:
        return [
            Placeholder(match["name"].strip(), *match.span())
            for match in pattern.finditer(text)
            if match["name"]
        ]

    return tokens


def _whole(pattern: re.Pattern[str]) -> PlaceholderFinder:
    def tokens(text: str) -> list[Placeholder]:
        return [Placeholder("".join(match[0].split()), *match.span()) for match in pattern.finditer(text)]

    return tokens


def _numbered(pattern: re.Pattern[str]) -> PlaceholderFinder:
    """Find fields in braces; `{}` and `{}` are `{0}` and `{1}`."""

    def tokens(text: str) -> list[Placeholder]:
        found: list[Placeholder] = []
        number = 0
        for match in pattern.finditer(text):
            if match["name"] is None:
                continue
            found.append(Placeholder(match["name"] or str(number), *match.span()))
            number += not match["name"]
        return found

    return tokens


def _brace(text: str) -> list[Placeholder]:
    """Names and numbers in braces; not those by which `{0} none|{1} one|[2,*] many` is chosen."""
    found = _named(_BRACE)(text)
    if "|" not in text:
        return found
    chosen = [match.span(1) for match in _CHOICE.finditer(text)]
    if len({text[slice(*span)] for span in chosen}) < 2:
        return found
    return [token for token in found if (token.start, token.end) not in chosen]


def _brace_bare(pattern: re.Pattern[str]) -> Callable[[str], tuple[int, int] | None]:
    def bare(text: str) -> tuple[int, int] | None:
        rest = pattern.sub(lambda match: "\0" * len(match[0]), text)
        found = re.search(r"[{}]", rest)
        return found.span() if found else None

    return bare


def _ruby(text: str) -> list[Placeholder]:
    return [Placeholder(match["name"] or match["other"], *match.span()) for match in _RUBY.finditer(text)]


def _i18next(text: str) -> list[Placeholder]:
    found: list[Placeholder] = []
    for match in _I18NEXT.finditer(text):
        if match["nested"] is not None:
            found.append(Placeholder(f"$t {match['nested'].strip()}", *match.span()))
        else:
            found.append(Placeholder(match["name"] or " ".join(match["other"].split()), *match.span()))
    return found


def _qt(text: str) -> list[Placeholder]:
    return [Placeholder(f"%{match['number'] or 'n'}", *match.span()) for match in _QT.finditer(text)]


def _laravel(text: str) -> list[Placeholder]:
    found: list[Placeholder] = []
    for run in _LARAVEL.finditer(text):
        names = _LARAVEL_NAME.finditer(text, *run.span())
        found += [Placeholder(match[1].lower(), *match.span()) for match in names]
    return found


def laravel_in(source: str, target: str) -> list[Placeholder]:
    """Return what Laravel replaces in TARGET: names of SOURCE after any letter, others by themselves.

    An ending may follow a name: Laravel reads `:labelni` as `:label` and `ni`. One letter more is a slip, and
    a name of three letters begins other words: `:min`, `:mindest`.
    """
    names = sorted({token.name for token in _laravel(source)}, key=len, reverse=True)
    found: list[Placeholder] = []
    taken = target
    for name in names:
        ending = "(?:[a-z]{2,})?" if len(name) > 3 else ""
        pattern = re.compile(rf":(?i:{re.escape(name)}){ending}(?![A-Za-z0-9_])")
        matches = pattern.finditer(taken)
        found += [Placeholder(name, *match.span()) for match in matches]
        taken = pattern.sub(lambda held: "\0" * len(held[0]), taken)
    return [*found, *_laravel(taken)]


def _chrome(text: str) -> list[Placeholder]:
    return [
        Placeholder((match["name"] or match["number"]).lower(), *match.span())
        for match in _CHROME.finditer(text)
        if match[0] != "$$"
    ]


def _mediawiki(text: str) -> list[Placeholder]:
    return [
        Placeholder(f"${match['number']}", *match.span())
        for match in _MEDIAWIKI.finditer(text)
        if match["number"]
    ]


def _linked(text: str) -> list[Placeholder]:
    return [
        Placeholder(f"@:{match['quoted'] or match['held'] or match['key']}", *match.span())
        for match in _LINKED.finditer(text)
    ]


def _vue(text: str) -> list[Placeholder]:
    return [*_named(_VUE_NAME)(text), *_linked(text)]


_LONE_AT = re.compile(r"@(?!(?:\.\w+)?:[\w({])")


def _vue_bare(text: str) -> tuple[int, int] | None:
    """Return a sign that vue-i18n's compiler refuses: an `@` that links nothing, a brace left open."""
    rest = _VUE_NAME.sub(lambda match: " " * len(match[0]), text)
    rest = _LINKED.sub(lambda match: " " * len(match[0]), rest)
    found = _LONE_AT.search(rest) or re.search(r"[{}]", rest)
    return found.span() if found else None


def _strict_python(text: str) -> list[Placeholder]:
    return [Placeholder(match["name"], *match.span()) for match in _STRICT_PYTHON.finditer(text)]


def _percent_number(text: str) -> list[Placeholder]:
    """Find `%1`, `%2` as Magento writes them; a text without the first of them speaks of percentages."""
    found = [Placeholder(match[0], *match.span()) for match in _PERCENT_NUMBER.finditer(text)]
    return found if any(token.name == "%1" for token in found) else []


def _nothing(_text: str) -> list[Placeholder]:
    return []


FLAVOURS: dict[str, PlaceholderFinder] = {
    "c": printf.c,
    "ios": printf.ios,
    "java": printf.java,
    "python": printf.python,
    "printf-php": printf.php,
    "python-brace": _numbered(_BRACES),
    "ruby": _ruby,
    "resx": _numbered(_RESX),
    "i18next": _i18next,
    "dollar": _whole(_DOLLAR),
    "brace": _brace,
    "delimited": _whole(_DELIMITED),
    "qt": _qt,
    "laravel": _laravel,
    "chrome": _chrome,
    "mediawiki": _mediawiki,
    "vue": _vue,
    "rails-number": _named(_RAILS_NUMBER),
    "shell": _named(_SHELL),
    "strftime": _nothing,
    "strict-c": _strict_c,
    "strict-python": _strict_python,
    "percent-name": _whole(_PERCENT_NAME),
    "percent-number": _percent_number,
    **RELATIVES,
}
"""What each elementary flavour finds. In a `strftime` pattern a language chooses what it shows."""

LAX: dict[str, PlaceholderFinder] = {
    "strict-c": _lax_c,
    "percent-name": _whole(_LAX_PERCENT_NAME),
    "percent-number": _whole(_LAX_PERCENT_NUMBER),
}
"""What also counts in a translation where its source has such a placeholder: `Datei%s`."""

BARE: dict[str, Callable[[str], tuple[int, int] | None]] = {
    "c": bare_in(printf.C),
    "ios": bare_in(printf.C),
    "java": bare_in(printf.JAVA),
    "python": bare_in(printf.PYTHON),
    "printf-php": bare_in(printf.PHP),
    **printf.RELATIVES_BARE,
    "python-brace": _brace_bare(_BRACES),
    "resx": _brace_bare(_RESX),
    "vue": _vue_bare,
}
"""Where a text is not a valid format string of that flavour: the library throws when it formats it."""

STRICT = ("strict-c", "i18next", "dollar", "brace", "ruby", "strict-python", "percent-name")
"""Flavours to look for in a source if it is not known which library formats it."""

SIGNS: dict[str, tuple[str, ...]] = {
    "c": ("%",), "ios": ("%",), "java": ("%",), "python": ("%",), "printf-php": ("%",), "ruby": ("%{", "%<"),
    "qt": ("%",), "i18next": ("{{", "$t("), "dollar": ("${",), "brace": ("{",),
    "delimited": ("%", "##", "__"),
    "python-brace": ("{", "}"), "resx": ("{", "}"), "laravel": (":",), "chrome": ("$",), "mediawiki": ("$",),
    "vue": ("{", "@", "}"), "rails-number": ("%",), "strftime": ("\0",), "strict-c": ("%",),
    "strict-python": ("%(",), "percent-name": ("%",), "percent-number": ("%1",), "shell": ("$",),
    **{name: ("~" if name == "lisp" else "%",) for name in RELATIVES},
}  # fmt: skip
"""What a text has at least, if a flavour finds anything in it."""

ENTITY_OR_URL = re.compile(r"&(?:#\w+|\w+);|https?://\S+|\[\d[\d,*]*\]")
_FUNCTION = re.compile(r"\{\{\s*#?[A-Za-z]+\s*:[^{}|]*")
"""The head of a function of MediaWiki, which may hold others: `{{PLURAL:$1|a {{GENDER:$2|b}}|c}}`."""
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_WIKI_LINK = re.compile(r"\[\[[^\[\]|]*(?:\||\]\])")
"""The page that a link of MediaWiki leads to."""
_DATE = re.compile(r"%[-_0^#]?[A-Za-z]")
_HELD = (
    printf.C, printf.JAVA, printf.PYTHON, printf.PHP, _I18NEXT, _DOLLAR, _RUBY, _DELIMITED, _QT, _CHROME,
    _LINKED, _LARAVEL, _FUNCTION, _IN_BRACES, ENTITY_OR_URL, _DATE, _WIKI_LINK,
    re.compile(r"\$\d+"),
)  # fmt: skip


def held(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of whatever any flavour could mean; to touch nothing of it is always safe."""
    # Each pattern by itself: a placeholder of one flavour may begin within that of another, as in `%a%a`.
    for pattern in _HELD:
        for found in pattern.finditer(text):
            yield found.span()
