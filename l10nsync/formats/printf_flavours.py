"""Placeholders of printf and its relatives: `%s`, `%1$d`, and what other languages make of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Placeholder(NamedTuple):
    """A placeholder at its place."""

    name: str
    """What is compared: the argument, and how it is written where that matters to the library."""
    start: int
    end: int


PlaceholderFinder = Callable[[str], list[Placeholder]]

# --- printf and its relatives ---------------------------------------------------------------------------

C = re.compile(
    r"%%|%(?:(?P<position>\d+)\$)?(?:#@(?P<variable>\w+)@|(?P<argument>arg)(?![A-Za-z0-9_])"
    r"|(?:[-+#0'](?=[-+#0'\d.*hlqLjztA-Za-z@]))*"
    r"(?P<width>\d+|\*(?:\d+\$)?)?(?:\.(?P<precision>\d+|\*(?:\d+\$)?)?)?"
    r"(?:(?P<length>hh|h|ll|l|q|L|j|z|t)?(?P<kind>[diouxXeEfFgGaAcCsSpnm@])|<(?P<macro>PRI\w+)>))"
)
JAVA = re.compile(
    r"%%|%(?:(?P<position>\d+)\$)?(?P<flags>[-#+0,(<]*)\d*(?:\.\d+)?(?P<kind>[bBhHsScCdoxXeEfgGaAn]|[tT][A-Za-z])"
)
PYTHON = re.compile(
    r"%%|%(?:\((?P<name>[^()]+)\))?[-+#0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?(?P<kind>[diouxXeEfFgGcrsa])"
)
PHP = re.compile(r"%%|%(?:(?P<position>\d+)\$)?[-+0]*(?:'.)?\d*(?:\.\d+)?(?P<kind>[bcdeEfFgGhHosuxX])")
_INTEGERS = {"i": "d", "o": "u", "x": "u", "X": "u"}
_FLOATS = frozenset("eEfFgGaA")


def kind_of(kind: str) -> str:
    """Return what a conversion takes, by the letter that stands for all of its kind."""
    return "f" if kind in _FLOATS else _INTEGERS.get(kind, kind)


def c(text: str) -> list[Placeholder]:
    """Return the directives of C's printf, with the length of a number."""
    found: list[Placeholder] = []
    number = 0
    for match in C.finditer(text):
        if match[0] == "%%":
            continue
        if match["variable"] or match["argument"]:
            found.append(Placeholder(match["variable"] or "arg", *match.span()))
            continue
        stars = (match["width"] or "").startswith("*") + (match["precision"] or "").startswith("*")
        number += stars
        if match["position"]:
            place = match["position"]
        elif match["kind"] == "m":
            place = "m"
        else:
            number += 1
            place = str(number)
        kind = match["macro"] or (match["length"] or "") + kind_of(match["kind"])
        found.append(Placeholder(f"%{place}${kind}", *match.span()))
    return found


def ios(text: str) -> list[Placeholder]:
    """Apple's integers may have any length: a `%d` prints what a `%lld` is for."""
    return [
        token._replace(name=re.sub(r"\$(?:hh|h|ll|l|q|j|z|t)?[du]$", "$d", token.name)) for token in c(text)
    ]


def java(text: str) -> list[Placeholder]:
    """Return the directives of Java's `Formatter`."""
    found: list[Placeholder] = []
    number = 0
    for match in JAVA.finditer(text):
        if match[0] == "%%" or match["kind"] == "n":
            continue
        if not match["position"] and "<" not in match["flags"]:
            number += 1
        kind = {"u": "d", "S": "s"}.get(kind_of(match["kind"]), kind_of(match["kind"]))
        found.append(Placeholder(f"%{match['position'] or max(number, 1)}${kind}", *match.span()))
    return found


def python(text: str) -> list[Placeholder]:
    """Return the directives of Python's `%`."""
    found: list[Placeholder] = []
    number = 0
    for match in PYTHON.finditer(text):
        if match[0] == "%%":
            continue
        number += not match["name"]
        name = f"({match['name']})" if match["name"] else f"{number}$"
        found.append(Placeholder(f"%{name}{kind_of(match['kind']).replace('u', 'd')}", *match.span()))
    return found


def php(text: str) -> list[Placeholder]:
    """Return the directives of PHP's `sprintf`."""
    found: list[Placeholder] = []
    number = 0
    for match in PHP.finditer(text):
        if match[0] == "%%":
            continue
        number += not match["position"]
        found.append(
            Placeholder(
                f"%{match['position'] or number}${kind_of(match['kind']).replace('u', 'd')}", *match.span()
            )
        )
    return found


def bare_in(pattern: re.Pattern[str], sign: str = "%") -> Callable[[str], tuple[int, int] | None]:
    """Return what finds a sign that begins nothing that the pattern knows."""

    def bare(text: str) -> tuple[int, int] | None:
        covered = {match.start(): match.end() for match in pattern.finditer(text)}
        position = text.find(sign)
        while position >= 0:
            if position not in covered:
                return position, position + 1
            position = text.find(sign, covered[position])
        return None

    return bare


# --- the relatives that gettext knows by name -----------------------------------------------------------


class _Relative(NamedTuple):
    """How the format strings of a language are read."""

    pattern: re.Pattern[str]
    """Finds directives and what stands for a sign itself; has `kind`, and may have `position` or `name`."""
    alike: tuple[str, ...] = ("di", "ouxX", "eEfFgGaA")
    """Kinds of directives that take the same arguments."""
    first: int = 1
    """The number of the first argument."""


_SIZE = r"[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?"
_RELATIVES = {
    "awk": _Relative(re.compile(rf"%%|%(?:(?P<position>\d+)\$)?{_SIZE}(?P<kind>[diouxXcsaAeEfFgG])")),
    "tcl": _Relative(re.compile(rf"%%|%(?:(?P<position>\d+)\$)?{_SIZE}[hl]?(?P<kind>[diouxXcseEfgG])")),
    "librep": _Relative(
        re.compile(r"%%|%(?:(?P<position>\d+)\$)?[-^0 +#]*\d*(?:\.\d+)?(?P<kind>[sSdxXoc])"), ("dxXo",)
    ),
    "elisp": _Relative(
        re.compile(rf"%%|%(?:(?P<position>\d+)\$)?{_SIZE}(?P<kind>[cdoxXeEfgGsS])"), ("doxX", "eEfgG")
    ),
    "lua": _Relative(re.compile(rf"%%|%{_SIZE}(?P<kind>[cdiouxXeEfgGaAqs])"), ("diouxX", "eEfgGaA")),
    "javascript": _Relative(
        re.compile(rf"%%|%(?:(?P<position>\d+)\$)?{_SIZE}(?P<kind>[bdiouxXcsjfeEgG])"), ("diouxXb", "feEgG")
    ),
    "object-pascal": _Relative(
        re.compile(r"%%|%(?:(?P<position>\d+):)?-?(?:\d+|\*)?(?:\.(?:\d+|\*))?(?P<kind>[duxefgnmpsDUXEFGNMPS])"),
        ("dDuUxX", "eEfFgGnNmM", "sS", "pP"),
        first=0,
    ),
    "perl": _Relative(
        re.compile(rf"%%|%(?:(?P<position>\d+)\$)?{_SIZE}[hlqLV]*(?P<kind>[csdiuoxXeEfgGbBp])")
    ),
    "gcc-internal": _Relative(
        re.compile(r"%[%<>'m]|%(?:(?P<position>\d+)\$)?[q+#]*[lwtz]*(?P<kind>[a-zA-Z])"), ("di", "oux")
    ),
    "ruby-printf": _Relative(
        re.compile(
            rf"%%|%\{{(?P<held>[^{{}}]+)\}}|%(?:<(?P<name>\w+)>|(?P<position>\d+)\$)?{_SIZE}"
            r"(?P<kind>[diouxXbBcspaAeEfgG])"
        ),
        ("diouxXbB", "eEfgGaA", "sp"),
    ),
    "boost": _Relative(
        re.compile(
            rf"%%|%(?P<held>\d+)%|%\|(?:(?P<position>\d+)\$)?{_SIZE}[hlL]*(?P<kind>[a-zA-Z])?\|"
            rf"|%(?:(?P<place>\d+)\$)?{_SIZE}[hlL]*(?P<what>[diouxXcspeEfgG])"
        ),
    ),
    "ycp": _Relative(re.compile(r"%%|%(?P<held>[1-9])")),
    "lisp": _Relative(
        re.compile(r"~[~%&|\n]|~(?:-?\d+|v|')?(?:,(?:-?\d+|v|'.)?)*[:@]*(?P<kind>[a-zA-Z$])"),
        ("aAsS", "dDbBoOxX", "fFeEgG$"),
    ),
}  # fmt: skip


def _of(relative: _Relative) -> PlaceholderFinder:
    """Return what finds the directives of a language: each by its argument, and what that has to be."""
    kinds: dict[str, str] = {}
    for alike in relative.alike:
        kinds |= dict.fromkeys(alike, alike[0])

    def directives(text: str) -> list[Placeholder]:
        found: list[Placeholder] = []
        number = relative.first - 1
        for match in relative.pattern.finditer(text):
            parts = match.groupdict()
            kind = parts.get("kind") or parts.get("what")
            place = parts.get("held") or parts.get("name") or parts.get("position") or parts.get("place")
            if not place and not kind and "|" not in match[0]:
                continue  # `%%`
            number += not place
            any_kind = parts.get("held") or "what" in parts  # Boost prints an argument of any kind
            suffix = "" if any_kind or not kind else kinds.get(kind, kind)
            found.append(Placeholder(f"%{place or number}${suffix}", *match.span()))
        return found

    return directives


RELATIVES: dict[str, PlaceholderFinder] = {name: _of(relative) for name, relative in _RELATIVES.items()}
"""By flavour: what finds the placeholders."""
RELATIVES_BARE = {
    name: bare_in(_RELATIVES[name].pattern, "~" if name == "lisp" else "%") for name in _RELATIVES
}
"""By flavour: where a text is not a valid format string."""

_BY_NUMBER = re.compile(r"%(?:\d+[$%:]|\(|<|\{|\|\d+\$)|\{[^{}:!]")
"""How a placeholder begins that names its argument, or the number of it."""


def mixed(tokens: list[Placeholder], text: str) -> Placeholder | None:
    """Return a placeholder that takes the next argument where others name theirs; None if there is none."""
    named = [bool(_BY_NUMBER.match(text, token.start)) for token in tokens]
    if all(named) or not any(named):
        return None
    return tokens[named.index(False)]
