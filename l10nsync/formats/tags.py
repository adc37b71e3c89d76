"""Tags in texts compared: components by name, inline elements by id, formatting as advice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.formats.string_problems import Problem, quoted
from l10nsync.formats.text import TAG, balanced, closed

_FORMATTING = frozenset(
    re.findall(
        r"\S+",
        """
        a abbr acronym address annotation article aside b bdi bdo big blockquote body br button caption
        center cite code col dd del details dfn div dl dt em figure font footer g h1 h2 h3 h4 h5 h6
        head header hr html i img ins kbd label li main mark meter mrk nav nobr ol p param picture pre q rp rt
        ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time
        tr tt u ul var wbr xliff:g
        """,
    )
)
"""Elements of HTML, and marks for translators: without one of these the text is still all there."""
_INLINE = re.compile(
    r"<(?P<close>/?)(?:\w+:)?(?P<name>x|g|bx|ex|ph|bpt|ept|it|pc|sc|ec|cp|mrk|sm|em|sub)\b"
    r"""(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?P<empty>/?)>"""
)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NOTES_OF_PEOPLE = frozenset({"mrk", "sm", "em", "sub", "cp"})
_ANGULAR = re.compile(r"[A-Z][A-Z0-9_]*")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def compare(source: str, target: str, *, strict: bool = False) -> Iterator[Problem]:
    """Yield tags that are lost, new or not closed, where the source has tags that are in order.

    A browser closes formatting that is left open, and so does Qt. The program that reads a STRICT text
    refuses it.
    """
    if "<" not in source or not balanced(source):
        return
    before, after = _spelled(source), _spelled(target)
    if not before:
        return
    for name in sorted(before.keys() - after.keys()):
        severity = "warning" if name in _FORMATTING else "error"
        goes = "where it belongs" if _is_alone(before[name][0]) else "around the text it belongs to"
        hint = f"Put `{before[name][0]}` {goes}; the source says: {quoted(source)}"
        yield Problem("tag-missing", severity, f"`{before[name][0]}` is missing", None, hint)
    for name in sorted(after.keys() - before.keys()):
        severity = "warning" if name in _FORMATTING else "error"
        spelled, span = after[name]
        hint = f"Take it out; the source says: {quoted(source)}"
        yield Problem("tag-extra", severity, f"`{spelled}` is not in the source", span, hint)
    paired = closed(source)
    if not balanced(target, paired=paired) and not (before.keys() - after.keys() - _FORMATTING):
        refused = strict or not balanced(target, aside=_FORMATTING, paired=paired)
        yield Problem(
            "tag-balance", "error" if refused else "warning", "tags are not closed as they were opened", None,
            f"Close each tag that is opened; the source says: {quoted(source)}",
        )  # fmt: skip


def _spelled(text: str) -> dict[str, tuple[str, tuple[int, int]]]:
    """Return the tags by name, each as it is first written."""
    found: dict[str, tuple[str, tuple[int, int]]] = {}
    for tag in TAG.finditer(text):
        found.setdefault(tag[2].lower(), (tag[0], tag.span()))
    return found


def _is_alone(tag: str) -> bool:
    """Whether a tag has no text of its own: `<br>`, `<1/>`."""
    return tag.endswith("/>") or balanced(tag)


def without_inline(text: str) -> str:
    """Return TEXT with blanks for the inline elements of XLIFF: their hints for people are not text."""
    return _INLINE.sub(lambda found: " " * len(found[0]), text)


def inline_elements(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of XLIFF's inline elements, whose attributes may hold a `>`."""
    return (found.span() for found in _INLINE.finditer(text))


def compare_inline(source: str, target: str) -> Iterator[Problem]:
    """Yield inline elements that are lost or new, by their ids; everything else of them is a hint."""
    before, after = dict(_inline(source)), dict(_inline(target))
    for name in before.keys() - after.keys():
        hint = f"Put it in with its id; the source says: {quoted(source)}"
        yield Problem("placeholder-missing", "error", f"`{before[name][0]}` is missing", None, hint)
    for name in after.keys() - before.keys():
        spelled, span = after[name]
        yield Problem(
            "placeholder-extra", "error", f"`{spelled}` is not in the source", span,
            f"Take it out, or give it the id that the source has: {quoted(source)}",
        )  # fmt: skip


def _inline(text: str) -> Iterator[tuple[tuple[str, str], tuple[str, tuple[int, int]]]]:
    for found in _INLINE.finditer(text):
        name = found["name"]
        if found["close"] or name in _NOTES_OF_PEOPLE:
            continue
        attributes = {
            match[1]: match[2] if match[2] is not None else match[3]
            for match in _ATTRIBUTE.finditer(found[0])
        }
        # Angular finds the parts of an XLIFF 2 text by `equiv`.
        equiv = attributes.get("equiv", attributes.get("equivStart", ""))
        ident = (
            equiv
            if _ANGULAR.fullmatch(equiv)
            else attributes.get("id", attributes.get("startRef", attributes.get("rid", "")))
        )
        if ident:
            yield (name, ident), (found[0], found.span())


def bidi(source: str, target: str) -> Iterator[Problem]:
    """Yield a control of text direction that is opened and not closed, or the other way round."""
    if target.isascii() or _unbalanced(source) is not None:
        return
    place = _unbalanced(target)
    if place is not None:
        code = f"U+{ord(target[place]):04X}"
        hint = (
            "Close what it opens (U+202C or U+2069), or take it out: the text after it is shown in disorder."
        )
        yield Problem(
            "bidi", "error", f"the direction control {code} has no other half", (place, place + 1), hint
        )
        return
    # The marks U+200E, U+200F and U+061C are text: they affect only the characters beside them.
    foreign = next((found for found in _BIDI.finditer(target) if found[0] not in source), None)
    if foreign is not None:
        code = f"U+{ord(foreign[0]):04X}"
        hint = "Take it out unless the language needs it: it can disguise one text as another."
        yield Problem(
            "bidi", "warning", f"the direction control {code} is not in the source", foreign.span(), hint
        )


def has_controls(text: str) -> bool:
    """Return whether a text has controls of text direction."""
    return bool(_BIDI.search(text))


def _unbalanced(text: str) -> int | None:
    """Return the place of an unpaired control."""
    open_controls: list[tuple[int, bool]] = []
    for found in _BIDI.finditer(text):
        isolate = found[0] >= "\u2066"
        if found[0] in "\u202c\u2069":
            if not open_controls or open_controls[-1][1] != isolate:
                return found.start()
            open_controls.pop()
        else:
            open_controls.append((found.start(), isolate))
    return open_controls[0][0] if open_controls else None
