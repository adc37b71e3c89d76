"""Pictures and pages that show where strings appear: what a service keeps of them, and what it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from l10nsync.errors import L10nSyncError

CONTEXT_MEDIA: Mapping[str, str] = MappingProxyType({
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "html": "text/html", "htm": "text/html",
})  # fmt: skip
"""Ending of a file that shows strings, in small letters, to its media type."""
CONTEXT_LIMIT = 20 * 2**20
"""Bytes of a picture or page (Context API, `content`)."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a string in a picture; pixels from its upper left corner."""

    top: int
    left: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ListedContext:
    """A picture or page as the service lists it."""

    uid: str
    name: str
    kind: str
    """`IMAGE`, `HTML` or `VIDEO`."""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A string that is shown in a picture or page."""

    uid: str
    context: str
    """Uid of the picture or page."""
    hashcode: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ContextTask:
    """A picture or page that is sent, searched for strings, or bound to them."""

    path: str
    name: str
    media: str
    uid: str = ""
    """Of one that is there; empty for one to send."""
    read: Callable[[], bytes] = bytes
    """Returns the content; raises `L10nSyncError` where it is another one by now."""
    match: tuple[str, ...] = ()
    """fileUris whose strings are looked for in it."""
    bind: tuple[tuple[str, Box | None], ...] = ()
    """Hashcodes of strings that it shows, with their places."""
    unbind: tuple[str, ...] = ()
    """Uids of bindings that no longer hold."""


@dataclass(frozen=True, slots=True)
class ContextOutcome:
    """What became of one picture or page."""

    path: str
    state: Literal["sent", "done", "failed", "deleted"]
    """`sent` is progress: the service has it, and its strings are looked for next."""
    uid: str = ""
    checked: int = 0
    """Strings that were looked for."""
    bound: int = 0
    """Strings that were bound."""
    error: L10nSyncError | None = None
