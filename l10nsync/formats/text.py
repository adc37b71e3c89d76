"""Words and tags in translatable text."""

from __future__ import annotations

import re
from collections.abc import Collection

TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*|\d+(?=\s*/?>))((?:\s[^<>]*?)?)(/?)>")
_PLACEHOLDER = re.compile(
    r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|%\{[^{}]*\}|%<\w+>|\{[\w.:!-]*\}|\$t\([^()]*\)|##\w+##|__\w+__|%%?\w+%%?"
    r"|%(?:\(\w+\))?(?:\d+\$)?[-+#0']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|q|L|j|z|t)?[@A-Za-z]|%L?\d+"
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|\w+);")
_SINGLE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


def words(text: str) -> int:
    """Return the number of words, tags and placeholders aside; the service's own rule is not public.

    A word is a run without white space that holds a letter or digit. Scripts that are written without
    spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) count one for each character.
    """
    plain = _PLACEHOLDER.sub(" ", TAG.sub(" ", text)) if "<" in text or "%" in text or "{" in text else text
    if "_" in plain or "#" in plain or "$" in plain:
        plain = _PLACEHOLDER.sub(" ", plain)
    if "&" in plain:
        plain = _ENTITY.sub(" ", plain)
    if plain.isascii():
        return sum(1 for word in plain.split() if any(map(str.isalnum, word)))
    spaced, singles = _SINGLE.subn(" ", plain)
    return singles + sum(1 for word in spaced.split() if any(map(str.isalnum, word)))


def tags(text: str) -> frozenset[str]:
    """Return the names of the tags in TEXT."""
    return frozenset(found[2].lower() for found in TAG.finditer(text))


def closed(text: str) -> frozenset[str]:
    """Return the names of the tags that TEXT closes; `</br>` is a slip for `<br>`."""
    return frozenset(found[2].lower() for found in TAG.finditer(text) if found[1]) - {"br"}


def balanced(text: str, aside: Collection[str] = (), paired: Collection[str] = ()) -> bool:
    """Return whether every tag that is opened is closed, in order; HTML's void elements need no end.

    Those whose names are in ASIDE do not count. Those in PAIRED are components although they have the
    name of a void element: `<link>…</link>`.
    """
    paired = closed(text).union(paired)
    open_tags: list[str] = []
    for found in TAG.finditer(text):
        name = found[2].lower()
        if found[4] or name in aside or (name in _VOID and name not in paired):
            continue
        if not found[1]:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags
