"""Which placeholders count in a string: by its type, its directives, and what the file says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from l10nsync.formats import icu
from l10nsync.formats.documents import Directives
from l10nsync.formats.expressions import AT_MOST
from l10nsync.formats.flavours import BARE, FLAVOURS, STRICT
from l10nsync.formats.library_signs import RAILS_GIVES
from l10nsync.formats.printf_flavours import RELATIVES

BUNDLES: dict[str, tuple[str, ...]] = {
    "none": (),
    "prose": (),
    "yaml": ("ruby", "i18next"),
    "json": ("i18next", "dollar", "brace", "delimited"),
    "php": ("laravel",),
    "html": ("i18next", "dollar"),
    "table": (),
    "message": ("message",),
    "markdown": ("markdown",),
    "mdx": ("markdown",),
}
"""Flavours that stand for several; all others stand for themselves."""
_CLOSED = frozenset({"prose", "markdown", "mdx", "html", "fluent", "arb", "icu"})
"""Types whose texts hold nothing but what their flavour is."""
_FLAGS = {
    "csharp": "resx", "java": "message", "java-printf": "java", "kde": "qt", "kde-kuit": "qt",
    "objc": "ios", "perl-brace": "python-brace", "php": "printf-php", "qt-plural": "qt",
    "ruby": "ruby-printf", "rust": "python-brace", "scheme": "lisp", "sh": "shell", "smalltalk": "ycp",
    "c++": "python-brace",
}  # fmt: skip
"""What gettext calls a flavour, where the name differs."""
MODES: dict[str, icu.MessageSyntax] = {"message": "java", "icu": "icu", "arb": "plain"}
_TEXTUAL = frozenset({"fluent", "markdown", "xliff"})
"""Flavours whose syntax a module of their own knows."""
_PLATFORMS = frozenset({"java", "ios", "qt", "resx"})
"""Flavours of one platform, which formats every text of a file that has them."""
PRINTF = frozenset({"c", "ios", "java", "python", "printf-php"}) | RELATIVES.keys()
_ALONE = frozenset({"chrome", "mediawiki", "vue", "strftime", "rails-number"})
"""Where the file says one of these, it is the only flavour of a string."""


_KNOWN = FLAVOURS.keys() | MODES.keys() | _TEXTUAL
_CERTAIN = FLAVOURS.keys() | MODES.keys() | {"unformatted"}
"""Flags with which a file says all that counts in a string."""
_FORMATTED = PRINTF | BARE.keys()
"""Flags with which a file says that a string is a format string."""


class PlaceholderStyle(NamedTuple):
    """What counts as a placeholder in one file, or in one string of it."""

    flavours: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    """Regular expressions: of `placeholder_format_custom`, and of what stands for a tag."""
    suspects: tuple[str, ...] = ()
    """Flavours that count where the source has a sign of theirs that no language writes."""
    foreign: bool = False
    """Whether the suspects are not of the platform, which is known: then they are worth a warning."""
    formatted: bool = False
    """Whether the file says that the text is a format string, even if it has no argument."""
    given: str = ""
    """Placeholders that the library fills in in any text."""
    known: frozenset[str] = frozenset()
    """What the file defines and a text may refer to (Fluent)."""


def style(default: str, directives: Directives, flags: str = "") -> PlaceholderStyle:
    """Return the flavours of a string: its own FLAGS, then directives win over the type's DEFAULT."""
    named = directives.get("placeholder_format", "").strip().lower()
    written = directives.get("placeholder_format_custom", "").strip()
    own = [_FLAGS.get(flag, flag) for flag in flags.split()]
    alone = [flag for flag in own if flag in _ALONE]
    is_declared = bool(named or written)
    flavours = _as_messages(_usual(default, named, written), default, directives, own)
    known = tuple(
        flavour for flavour in _with_own(flavours, own, alone, is_declared=is_declared) if flavour in _KNOWN
    )
    if alone == ["chrome"] and not named:
        return PlaceholderStyle(known, _custom(written), ("i18next", "brace", "strict-c"), foreign=True)
    # Where anybody says what counts, nothing else is suspected.
    is_certain = is_declared or bool(alone) or default in _CLOSED or not _CERTAIN.isdisjoint(own)
    return PlaceholderStyle(
        known,
        (*_custom(written), *_held_tags(directives)),
        () if is_certain else (*_suspects(known, own), *_SUSPECTED.get(default, ())),
        foreign=not _PLATFORMS.isdisjoint(known),
        formatted=not _FORMATTED.isdisjoint(own),
        given=RAILS_GIVES if "rails-errors" in own else "",
    )


def _usual(default: str, named: str, written: str) -> tuple[str, ...]:
    """Return the flavours that a directive names, else those of the type; of JSON, WRITTEN replaces them."""
    if written and not named and default == "json":
        return ()
    return BUNDLES.get(named or default, (named or default,))


def _as_messages(
    flavours: tuple[str, ...], default: str, directives: Directives, own: Collection[str]
) -> tuple[str, ...]:
    """Return the flavours of a string that may be a message pattern, as its own flags and directives say."""
    message = directives.get("string_format", "").strip().lower()
    if "icu" in own or (message == "icu" and "text" not in own):
        return ("icu",)
    if message == "none" or "text" in own:
        return tuple(flavour for flavour in flavours if flavour not in MODES)
    if default == "message":
        return ("message", *(flavour for flavour in flavours if flavour != "message"))
    return flavours


def _with_own(
    flavours: tuple[str, ...], own: Sequence[str], alone: Sequence[str], *, is_declared: bool
) -> tuple[str, ...]:
    """Return the flavours with those that the file names for the string."""
    if "unformatted" in own:
        return ()
    if alone and not is_declared:
        return tuple(alone)
    return (*flavours, *(flag for flag in own if flag not in flavours))


_SUSPECTED = {"table": ("percent-number",)}
"""By type: what is looked for besides what no language writes."""


def _suspects(known: Collection[str], own: Collection[str]) -> tuple[str, ...]:
    """Return the strict flavours that do not contradict the type's own."""
    out = set(known)
    if PRINTF & out or any(flag.startswith("no-") for flag in own):
        out |= {"strict-c", "strict-python", "percent-name"}
    if "message" in out or "icu" in out:
        out |= {"brace", "i18next"}
    if "delimited" in out:
        out |= {"percent-name"}
    if "resx" in out or "python-brace" in out:
        out |= {"i18next"}
    return tuple(flavour for flavour in STRICT if flavour not in out)


def _held_tags(directives: Directives) -> tuple[str, ...]:
    """Return the expression for tags whose content is a placeholder (`xliff_tags_to_placeholders`)."""
    listed = directives.get("xliff_tags_to_placeholders", "").split(",")
    names = [re.escape(name.strip()) for name in listed if name.strip()]
    return (rf"(?s)<({'|'.join(names)})\b[^<>]*>.*?</\1>",) if names else ()


def custom(directives: Directives) -> tuple[str, ...]:
    """Return the expressions of `placeholder_format_custom`, whether they can be run here or not."""
    return _custom(directives.get("placeholder_format_custom", "").strip())


def _custom(value: str) -> tuple[str, ...]:
    if value.upper() in {"", "NONE", "NULL"}:
        return ()
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = value
    patterns = listed if isinstance(listed, list) else [value]
    return tuple(pattern for pattern in patterns if isinstance(pattern, str))[:AT_MOST]
