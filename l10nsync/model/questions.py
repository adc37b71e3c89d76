"""What translators ask about strings, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class StringIssue:
    """One question or complaint about a string, as the service keeps it."""

    uid: str
    number: str
    """For people, unique in the project."""
    kind: str
    """`SOURCE` or `TRANSLATION`."""
    subtype: str
    state: str
    """`OPENED` or `RESOLVED`."""
    answered: bool
    hashcode: str
    locale: str
    """Of the translation that it is about; empty for one about the source."""
    text: str
    author: str
    created: str
    comments: int


@dataclass(frozen=True, slots=True)
class IssueComment:
    """One comment on it."""

    text: str
    author: str
    created: str


@dataclass(frozen=True, slots=True)
class AskedString:
    """The string that an issue is about, and where it comes from."""

    text: str = ""
    """Empty where no file holds it any more."""
    variant: str = ""
    holders: tuple[tuple[str, str], ...] = ()
    """fileUri and key of each file that holds it; an empty key where the service knows none."""


@dataclass(frozen=True, slots=True)
class IssueReply:
    """An answer to one issue, and the states that it gets with it."""

    uid: str
    comment: str = ""
    answered: bool = False
    state: Literal["", "OPENED", "RESOLVED"] = ""
