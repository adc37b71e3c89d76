"""HTML and SVG made of elements: every text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as html_escape

from l10nsync.render.paint import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def quoted(text: str) -> Markup:
    """Return TEXT as markup; control and direction characters are made visible, names come from outside."""
    return text if isinstance(text, Markup) else Markup(html_escape(escape(text)))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Return PARTS as one markup, with BETWEEN between them."""
    return Markup(quoted(between).join(map(quoted, parts)))


def tag(name: str, *children: str, **attributes: str | int | bool | None) -> Markup:
    """Return an element.

    Attributes are spelled with `_` for `-`, and `class_`; those that are None, False or empty are left
    out, True stands for one without a value.
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{quoted(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False and value != ""
    )
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")
