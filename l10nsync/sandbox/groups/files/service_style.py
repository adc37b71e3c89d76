"""How the service lays out what it delivers: not as the source had it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import count

from l10nsync import formats

_JSON_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")\s*:\s*|"(?:[^"\\]|\\.)*"')
_YAML_LINE = re.compile(
    r"(?P<head>(?P<indent>\s*)(?:- )?(?:['\"]?[\w.$-]+['\"]?:[ ]+|(?<=- )))(?P<value>\S.*?)(?P<end>\s*)"
)
_YAML_BLOCK = re.compile(r"(?P<indent>\s*).*[ ][|>][-+0-9]*\s*")
_YAML_OTHER = re.compile(r"[\"|>&*!{\[#%@`?]|- |.*\s#|.*:(\s|$)")
_YAML_TYPED = re.compile(r"(?:true|false|null|yes|no|on|off|~|[-+.\d][\d_.eE+-]*)", re.IGNORECASE)
_PO_LANGUAGE = re.compile(r'^"Language:[^"\n]*"', re.MULTILINE)


def restyle(file_type: str, text: str, locale: str) -> str:
    """Return a translated file in the service's own spacing, quoting and headers."""
    style = _STYLES.get(file_type)
    return style(text, locale) if style else text


def json_style(text: str, _locale: str = "") -> str:
    """Put spaces around the colon after each key: `"key" : "value"`."""
    return _JSON_TOKEN.sub(lambda match: f"{match[1]} : " if match[1] else match[0], text)


def yaml_style(text: str, _locale: str = "") -> str:
    """Put plain and single-quoted values of one line between double quotes.

    A file in which that would change any string is left as it is.
    """
    lines = text.split("\n")
    styled = "\n".join(_quoted_line(lines, number) for number in range(len(lines)))
    return styled if formats.same("yaml", text.encode(), styled.encode()) else text


def _quoted_line(lines: list[str], number: int) -> str:
    line = lines[number]
    match = _YAML_LINE.fullmatch(line)
    if match is None or _in_block(lines, number) or _goes_on(lines, number, match["indent"]):
        return line
    value = match["value"]
    if value.startswith("'"):
        inner = value[1:-1].replace("''", "'") if len(value) > 1 and value.endswith("'") else None
    else:
        inner = None if _YAML_OTHER.match(value) or _YAML_TYPED.fullmatch(value) else value
    return line if inner is None else f"{match['head']}{_quoted(inner)}{match['end']}"


def _in_block(lines: list[str], number: int) -> bool:
    """Whether a line belongs to a literal or folded scalar."""
    depth = _depth(lines[number])
    for line in reversed(lines[:number]):
        if line.strip() and _depth(line) < depth:
            if _YAML_BLOCK.fullmatch(line):
                return True
            depth = _depth(line)
    return False


def _goes_on(lines: list[str], number: int, indent: str) -> bool:
    """Whether the next line continues the value of this one."""
    rest = next((line for line in lines[number + 1 :] if line.strip()), "")
    return _depth(rest) > len(indent) and not lines[number].lstrip().startswith("- ")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def po_style(text: str, locale: str) -> str:
    """Put the target's own language into the header."""
    return _PO_LANGUAGE.sub(lambda _: f'"Language: {locale.replace("-", "_")}\\n"', text, count=1)


# --- Markdown --------------------------------------------------------------------------------------------

_FRONT_MATTER = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_FENCE = re.compile(r"[ ]*(?P<fence>`{3,}|~{3,})")
_BULLET = re.compile(r"(?P<indent>[ ]*)[*+](?P<gap>[ ]+)")
_NUMBER = re.compile(r"(?P<head>[ ]*\d{1,9})\)(?=[ ])")
_UNDERLINE = re.compile(r"[ ]{0,3}(?P<mark>=+|-+)[ ]*")
_CLOSED_HEADING = re.compile(r"(?P<heading>[ ]{0,3}#{1,6}[ ].*?)[ ]+#+[ ]*")
_EMPHASIS = re.compile(r"(?<![\w\\_])(?P<mark>__?)(?=[^\s_])(?P<text>[^_`<>\n]*[^\s_`<>])(?P=mark)(?![\w_])")
_CODE_SPAN = re.compile(r"(`+)(?:[^`]|(?!\1)`)*\1")
_INDENTED = re.compile(r"(?:[ ]{4}|\t)")


def markdown(text: str) -> str:
    """Return a Markdown text as it comes back from HTML: one spelling for each thing that has several.

    Headings begin with `#`, bullets are `-`, numbers end with a dot, emphasis is stars, and a line break is
    a backslash. Front matter and code keep every character.
    """
    front = _FRONT_MATTER.match(text)
    head = front[0] if front else ""
    made: list[str] = []
    fence = ""
    for line in text[len(head) :].split("\n"):
        found = _FENCE.match(line)
        if fence:
            closes = found is not None and found["fence"].startswith(fence) and not line.strip(" `~")
            made.append(line)
            fence = "" if closes else fence
        elif found or _INDENTED.match(line):
            made.append(line)
            fence = found["fence"] if found else ""
        elif made and (rule := _UNDERLINE.fullmatch(line)) and _is_prose(made):
            made[-1] = f"{'#' if rule['mark'][0] == '=' else '##'} {made[-1].strip()}"
        else:
            made.append(_markdown_line(line))
    return head + "\n".join(made)


def _is_prose(lines: list[str]) -> bool:
    """Whether the last line is a paragraph of its own, which the next may underline."""
    alone = len(lines) < 2 or not lines[-2].strip()
    return alone and re.match(r"[^\W\d_]", lines[-1]) is not None and "|" not in lines[-1]


def _markdown_line(line: str) -> str:
    line = _BULLET.sub(r"\g<indent>-\g<gap>", line, count=1) if _BULLET.match(line) else line
    line = _NUMBER.sub(r"\g<head>.", line, count=1) if _NUMBER.match(line) else line
    if closed := _CLOSED_HEADING.fullmatch(line):
        line = closed["heading"]
    if line.endswith("  ") and line.strip():
        line = f"{line.rstrip(' ')}\\"
    parts: list[str] = []
    position = 0
    for code in _CODE_SPAN.finditer(line):
        parts += (_starred(line[position : code.start()]), code[0])
        position = code.end()
    return "".join([*parts, _starred(line[position:])])


def _starred(text: str) -> str:
    """Write emphasis with stars, links and addresses aside."""
    if "](" in text or "://" in text:
        return text
    return _EMPHASIS.sub(lambda match: match[0].replace(match["mark"], "*" * len(match["mark"])), text)


# --- XLIFF -----------------------------------------------------------------------------------------------

_XLIFF_FILE = re.compile(r"<(?P<tag>(?:\w+:)?file|xliff)\b(?P<attributes>[^>]*?)(?P<end>/?>)")


def xliff_language(text: str, locale: str) -> str:
    """Name the target's language: `target-language` of each file, or `trgLang` of XLIFF 2."""
    second = re.search(r"<xliff\b[^>]*\bversion=[\"']2", text) is not None
    wanted, name = ("xliff", "trgLang") if second else ("file", "target-language")

    def named(match: re.Match[str]) -> str:
        if match["tag"].rpartition(":")[2] != wanted:
            return match[0]
        attributes = re.sub(rf"\s+{name}=(?:\"[^\"]*\"|'[^']*')", "", match["attributes"])
        return f'<{match["tag"]}{attributes} {name}="{locale}"{match["end"]}'

    return _XLIFF_FILE.sub(named, text)


# --- placeholders ----------------------------------------------------------------------------------------

_IOS_VALUE = re.compile(r'(=\s*")((?:[^"\\]|\\.)*)("\s*;)')
_IOS_SPEC = re.compile(r"%%|%\d+\$|%(?=[-+ 0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|q|L|z|j|t)?[@diouxXeEfFgGaAcCsSp])")
_XML_TEXT = re.compile(r">[^<]+<")
_ANDROID_PERCENT = re.compile(
    r"%%|%(?:\d+\$)?[-#+0,(]*\d*(?:\.\d+)?(?:[tT][A-Za-z]|[bBhHsScCdoxXeEfgGaAn])|%"
)


def ios_placeholders(text: str) -> str:
    """Give the placeholders of each value numbers: `%@ of %d` becomes `%1$@ of %2$d`."""
    return _IOS_VALUE.sub(lambda match: f"{match[1]}{_numbered(match[2])}{match[3]}", text)


def _numbered(value: str) -> str:
    numbers = count(1)
    return _IOS_SPEC.sub(lambda match: f"%{next(numbers)}$" if match[0] == "%" else match[0], value)


def android_percents(text: str) -> str:
    """Double each `%` of a text that is not a placeholder."""
    return _XML_TEXT.sub(lambda match: _ANDROID_PERCENT.sub(_doubled, match[0]), text)


def _doubled(match: re.Match[str]) -> str:
    return "%%" if match[0] == "%" else match[0]


PLACEHOLDERS: Mapping[str, Callable[[str], str]] = {"ios": ios_placeholders, "android": android_percents}
"""Types whose placeholders the service writes in its own way."""
_STYLES: Mapping[str, Callable[[str, str], str]] = {
    "json": json_style,
    "yaml": yaml_style,
    "gettext": po_style,
}
