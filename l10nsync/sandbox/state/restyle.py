"""How the service lays out what it delivers: not as the source had it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_JSON_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")\s*:\s*|"(?:[^"\\]|\\.)*"')
_YAML_PLAIN = re.compile(r"^(\s*(?:- )?[\w.$-]+:[ ]+)(?!['\"|>&*!{\[#])(\S.*?)[ \t]*(\r?)$", re.MULTILINE)
_YAML_SINGLE = re.compile(r"^(\s*(?:- )?[\w.$-]+:[ ]+)'((?:[^'\n]|'')*)'[ \t]*(\r?)$", re.MULTILINE)
_YAML_TYPED = re.compile(r"(?:true|false|null|yes|no|on|off|~|[-+.\d][\d_.eE+-]*)\Z", re.IGNORECASE)


def restyle(file_type: str, text: str) -> str:
    """Return a translated file in the service's own spacing and quoting."""
    style = _STYLES.get(file_type)
    return style(text) if style else text


def json_style(text: str) -> str:
    """Put spaces around the colon after each key: `"key" : "value"`."""
    return _JSON_TOKEN.sub(lambda match: f"{match[1]} : " if match[1] else match[0], text)


def yaml_style(text: str) -> str:
    """Put plain and single-quoted values of one line between double quotes."""
    single = _YAML_SINGLE.sub(lambda m: f"{m[1]}{_quoted(m[2].replace(chr(39) * 2, chr(39)))}{m[3]}", text)
    return _YAML_PLAIN.sub(_quote_plain, single)


def _quote_plain(match: re.Match[str]) -> str:
    value = match[2]
    if _YAML_TYPED.match(value) or " #" in value:
        return match[0]
    return f"{match[1]}{_quoted(value)}{match[3]}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_STYLES: Mapping[str, Callable[[str], str]] = {"json": json_style, "yaml": yaml_style}
