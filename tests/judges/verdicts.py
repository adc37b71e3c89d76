"""Whether a platform contradicts an error: it formats both texts, and no argument differs."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from l10nsync.formats import Unit
from tests.judges import loaders, programs
from tests.judges.programs import Question


class Doubt(NamedTuple):
    """A text that was found wrong, with its source."""

    ecosystem: str
    """As `ecosystem` names it."""
    locale: str
    source: str
    translation: str


_NODE = {"i18next", "ngx", "vue", "icu", "banana"}
_WORD = re.compile(r"\w+")
_PATTERN = re.compile(r"\{\w+, (?:plural|select),")
_NUMBERED_TAG = re.compile(r"<\s*/?\s*(\d+)\s*/?\s*>")
_LINK = re.compile(r"@(?:\.\w+)?:\(?'?[\w.]*\w")
"""What vue-i18n puts another message in for."""
_DEPENDENCIES = {
    "i18next": "i18next",
    "next-i18next": "i18next",
    "react-i18next": "i18next",
    "vue-i18n": "vue",
    "@nuxtjs/i18n": "vue",
    "react-intl": "icu",
    "@formatjs/intl": "icu",
    "next-intl": "icu",
    "svelte-i18n": "icu",
    "@ngx-translate/core": "ngx",
}
ARGUMENTS = {
    "android": re.compile(r"%(?:\d+\$)?[sd](?!\w)"),
    "ios": re.compile(r"%(?:\d+\$)?(?:@|l*d)(?!\w)"),
    "printf": re.compile(r"%(?:\(\w+\))?[sd](?!\w)"),
    "python": re.compile(r"%\(\w+\)[sd]"),
    "python-brace": re.compile(r"(?<!\{)\{\w+\}(?!\})"),
    "i18next": re.compile(r"\{\{-?\s*\w+\s*\}\}"),
    "ngx": re.compile(r"\{\{\s*\w+\s*\}\}"),
    "vue": re.compile(r"(?<![{@])\{\w+\}"),
    "icu": re.compile(r"(?<![{'])\{\w+\}"),
    "banana": re.compile(r"(?<![:|])\$\d"),
    "chrome": re.compile(r"\$[A-Za-z_]\w*\$|\$[1-9]"),
    "rails": re.compile(r"%\{\w+\}"),
    "symfony": re.compile(r"%\w+%|\{\{ \w+ \}\}"),
    "laravel": re.compile(r"(?<![A-Za-z0-9_:]):[A-Za-z_][A-Za-z0-9_]*"),
    "net": re.compile(r"(?<!\{)\{\d\}"),
    "message": re.compile(r"(?<!\{)\{\d\}"),
    "qt": re.compile(r"%L?[1-9](?!\d)|%L?n"),
    "fluent": re.compile(r"\{\s*\$\w+\s*\}"),
    "xliff": re.compile(r"<(?:x|ph) [^<>]*/>"),
    "table": re.compile(r"(?<![\w%])%[1-9s](?![\w%])|(?<![{$])\{[A-Za-z_]\w*\}(?!\})"),
    "markdown": re.compile(r"(?<!`)`(?=\S)[^`\n]*[A-Za-z][^`\n]*(?<=\S)`(?!`)"),
    "mdx": re.compile(r"(?<!`)`(?=\S)[^`\n]*[A-Za-z][^`\n]*(?<=\S)`(?!`)|(?<!\\)\{\s*[A-Za-z_$][\w.]*\s*\}"),
    "page": re.compile(r"\{\{\s*[\w.]+\s*\}\}|\$\{[\w.]+\}"),
}
"""What is certainly an argument on a platform; a program that knows it by another way confirms it."""


def renamed(argument: str) -> str:
    """Return an argument, as `ARGUMENTS` finds it, with a name or a number that nothing fills in.

    One that has neither (`%s`, `%@`) becomes one of another kind.
    """
    if argument[0] == "<":
        return re.sub(r'\b(id|equiv)="', r'\1="x', argument)
    if argument[0] == "`":
        return f"{argument[:-1]}x`"
    if argument == "%s":
        return "%f"
    if argument in {"%n", "%Ln"}:
        return "%9"
    if re.fullmatch(r"%l*[sd@]", argument):
        return "%f"
    place = re.search(r"(?<=L)\d+|(?!L\d)[A-Za-z_]\w*|\d+", argument)
    assert place is not None, argument
    name = "9" if place[0].isdecimal() else f"{place[0]}x"
    return argument[: place.start()] + name + argument[place.end() :]


@cache
def ecosystem(file_type: str, path: Path, repository: Path, flags: str = "") -> str:
    """Return who formats the texts of a file; empty where nothing in the repository tells."""
    head = path.read_bytes()[:4000].decode("utf-8", "replace")
    match file_type:
        case "android" | "ios" | "qt" | "fluent":
            return file_type
        case "stringsdict" | "xcstrings":
            return "ios"
        case "arb":
            return "icu"
        case "resx":
            return "icu" if ", plural," in path.read_text("utf-8", "replace") else "net"
        case "javaProperties":
            return "message"
        case "xliff" | "xliff2":
            inline = ARGUMENTS["xliff"].search(path.read_text("utf-8", "replace"))
            return "xliff" if inline else "symfony"
        case "csv":
            return "table"
        case "html":
            return "page"
        case "markdown" | "mdx":
            return file_type
        case "yaml":
            return "rails" if re.search(r"^[\"']?[a-z]{2,3}(?:-\w+)?[\"']?:\s*$", head, re.MULTILINE) else ""
        case "phpResource":
            return "laravel" if (repository / "artisan").exists() or "lang" in path.parts else ""
        case "gettext":
            return next((name for flag, name in _FLAGS.items() if flag in flags.split()), "")
        case "json" if "_locales" in path.parts:
            return "chrome"
        case "json" if '"@metadata"' in head:
            return "banana"
        case "json":
            return _by_dependency(path.parent, repository)
    return ""


_FLAGS = {"c": "printf", "c-format": "printf", "python": "python", "python-brace": "python-brace"}


@cache
def _by_dependency(folder: Path, repository: Path) -> str:
    """Return what the nearest package.json with such a dependency names."""
    package = folder / "package.json"
    if package.is_file():
        try:
            said = json.loads(package.read_bytes())
        except ValueError:
            said = {}
        names = {**said.get("dependencies", {}), **said.get("devDependencies", {})}
        for name, platform in _DEPENDENCIES.items():
            if name in names:
                return platform
    return "" if folder == repository else _by_dependency(folder.parent, repository)


def contradicted(doubts: Sequence[Doubt]) -> list[bool | None]:
    """Return for each text whether its platform contradicts the error; None where no program can say."""
    questions: list[Question] = []
    places: list[tuple[int, int] | None] = []
    for doubt in doubts:
        asked = _questions(doubt)
        places.append((len(questions), len(questions) + 1) if asked else None)
        questions += asked
    replies = loaders.ask(questions)
    verdicts: list[bool | None] = []
    for doubt, place in zip(doubts, places, strict=True):
        if place is None:
            verdicts.append(_by_definition(doubt))
            continue
        one, other = replies[place[0]], replies[place[1]]
        if one.error:
            verdicts.append(None)  # the platform does not take the source either
        else:
            same = set(one.shown) == set(other.shown) and _tags(doubt.source) == _tags(doubt.translation)
            if doubt.ecosystem == "xliff":  # of whose elements the program knows nothing
                same = same and _by_definition(doubt) is True
            verdicts.append(not other.error and same)
    return verdicts


def _tags(text: str) -> set[str]:
    return {*_NUMBERED_TAG.findall(text), *_LINK.findall(text)}


def _questions(doubt: Doubt) -> list[Question]:
    """Return the two questions to a program; none where it is not here."""
    texts = doubt.source, doubt.translation
    names = tuple(sorted(set(_WORD.findall(" ".join(texts)))))
    match doubt.ecosystem:
        case "banana":
            judge, names = "banana", tuple(str(number) for number in range(1, 10))
        case name if name in _NODE:
            judge = name
        case "fluent":
            judge = "fluent"
            names = tuple(sorted(set(re.findall(r"\$([\w-]+)", " ".join(texts)))))
        case "rails":
            judge, names = "rails", tuple(sorted(set(re.findall(r"%[{<](\w+)", doubt.source))))
        case "xliff" if _PATTERN.search(doubt.source):
            judge = "icu"  # Angular's reader of such a pattern is as strict
        case "message":
            judge, names = "message", ()
        case "android" | "ios" | "printf":
            texts = _as_java(doubt.source), _as_java(doubt.translation)
            judge, names = "printf", tuple(_kinds(texts[0]))
        case _:
            return []
    if programs.missing(loaders.PROGRAMS[judge][0]):
        return []
    return [Question(judge, doubt.locale, text=text, names=names) for text in texts]


_CONVERSION = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*\d*(?:\.\d+)?)(?:hh|h|ll|l|q|L|j|z|t)?([a-zA-Z@%])")


def _as_java(text: str) -> str:
    """Spell C's conversions as Java's `String.format` does."""

    def conversion(match: re.Match[str]) -> str:
        place, flags, kind = match.groups()
        kind = {"@": "s", "i": "d", "u": "d", "p": "x"}.get(kind, kind)
        return f"%{place}${flags}{kind}" if place else f"%{flags}{kind}"

    return _CONVERSION.sub(conversion, text)


def _kinds(text: str) -> list[str]:
    """Return the letters of the conversions, by the place of their argument."""
    found: dict[int, str] = {}
    number = 0
    for place, _flags, kind in _CONVERSION.findall(text):
        if kind in "%n":
            continue
        number += not place
        found[int(place or number)] = kind
    return [found.get(index, "s") for index in range(1, max(found, default=0) + 1)]


def _by_definition(doubt: Doubt) -> bool | None:
    """Compare what is certainly an argument, where no program of the platform can be asked."""
    pattern = ARGUMENTS.get(doubt.ecosystem)
    if pattern is None:
        return None
    if set(_NAMED.findall(doubt.source)) != set(_NAMED.findall(doubt.translation)):
        return False  # of the program, whichever library formats the rest
    if doubt.ecosystem == "laravel":  # what the caller gives is what the source names
        return all((name in doubt.translation.lower()) for name in set(pattern.findall(doubt.source.lower())))
    if doubt.ecosystem in _WHOLE_PAGES:
        return None  # what one paragraph lacks may stand in another
    same = set(pattern.findall(doubt.source)) == set(pattern.findall(doubt.translation))
    return same and _tags(doubt.source) == _tags(doubt.translation)


_WHOLE_PAGES = frozenset({"markdown", "mdx", "page"})
_NAMED = re.compile(
    r"(?<![{$%])\{[A-Za-z_][\w.-]*\}(?!\})|%\(\w+\)[a-z]|%\{\w+\}|%[A-Za-z_]\w*%|\{\{\s*\w+\s*\}\}"
)
"""Arguments with a name, as the libraries that gettext has no flag for write them."""


def names_differ(source: Unit | None, translation: Unit | None) -> bool:
    """Whether a translation of gettext has other named arguments, of which msgfmt knows nothing."""
    if source is None or translation is None:
        return False
    return set(_NAMED.findall(source.text)) != set(_NAMED.findall(translation.value))


def by_msgfmt(path: Path) -> set[int]:
    """Return the lines at which `msgfmt --check` complains about a catalogue."""
    with tempfile.NamedTemporaryFile() as compiled:
        done = subprocess.run(
            ["msgfmt", "--check-format", f"--output-file={compiled.name}", str(path)],
            capture_output=True,
            check=False,
        )
    return {int(line) for line in re.findall(rb":(\d+):", done.stderr)}
