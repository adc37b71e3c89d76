"""Templates to HTML: one environment, and the few words and numbers that templates ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import jinja2

from l10nsync.sandbox.groups.projects import rules as projects

NAVIGATION = (
    ("/sandbox/", "Projects"),
    ("/sandbox/orders", "Orders"),
    ("/sandbox/requests", "Requests"),
    ("/sandbox/messages", "Messages"),
)
"""Address and name of the links at the top of every page."""

STATUS_WORDS: Mapping[str, str] = {
    "DRAFT": "draft",
    "AWAITING_AUTHORIZATION": "awaits authorization",
    "IN_PROGRESS": "in progress",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "CLOSED": "closed",
}
STATE_WORDS: Mapping[str, str] = {
    "new": "not authorized",
    "authorized": "to translate",
    "translated": "saved",
    "published": "published",
    "excluded": "excluded",
}

NOTICES: Mapping[str, str] = {
    "made": "The project is there.",
    "authorized": "The job is authorized: its strings are in translation.",
    "cancelled": "The job is cancelled, its content is unauthorized again.",
    "closed": "The job is closed.",
    "deleted": "The job is deleted.",
    "saved": "{n} saved.",
    "moved": "{n} moved to the next step.",
    "published": "{n} published.",
    "submitted": "{n} moved to the next step, {m} published.",
    "translated": "{n} made.",
    "unchanged": "Nothing to save: no text was changed.",
    "nothing": "Nothing to submit: save a translation first.",
    "workflows": "The default workflows are set.",
    "delivered": "Delivered: {n}.",
    "asked": "The question is asked.",
    "question-answered": "The question is answered.",
    "question-closed": "The question is closed.",
    "question-reopened": "The question is open again.",
}
"""What a page says after a change; addresses carry the name and the numbers only."""


@dataclass(frozen=True, slots=True)
class Page:
    """A template with what it shows."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    project: Any = None
    """The project that the page belongs to, if any."""
    tab: str = ""
    status: int = 200


def address(path: str, **query: Any) -> str:
    """Return an address on this server: PATH as it is, the query without its empty values."""
    kept = {key: value for key, value in query.items() if value not in {"", None}}
    return f"{path}?{urlencode(kept)}" if kept else path


def within(project: str, *parts: str, **query: Any) -> str:
    """Return the address of a project's page."""
    path = "/".join(quote(part, safe="") for part in (project, *parts))
    return address(f"/sandbox/projects/{path}", **query)


def notice(query: Mapping[str, str]) -> str:
    """Return what is to be said after a change; empty if nothing or nothing known."""
    words = {key: plural(whole(query.get(key, ""), 0), "translation") for key in ("n", "m")}
    return NOTICES.get(query.get("notice", ""), "").format(**words)


def whole(text: str, default: int) -> int:
    """Return the whole number that an address or a form gives, or DEFAULT if it gives none."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


def moment(seconds: float) -> str:
    """Return a time as pages show it, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def day(seconds: float) -> str:
    """Return a time with its day, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def plural(number: int, noun: str, plural_noun: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun if number == 1 else plural_noun or noun + 's'}"


@cache
def environment() -> jinja2.Environment:
    """Return the environment; a name that a template does not know is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("l10nsync.sandbox.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "address": address,
        "within": within,
        "navigation": NAVIGATION,
        "status_words": STATUS_WORDS,
        "state_words": STATE_WORDS,
        "describe": projects.describe,
        "plural": plural,
    }
    made.filters |= {"moment": moment, "day": day}
    return made


def html(page: Page, *, path: str, query: Mapping[str, str], url: str, now: float) -> str:
    """Return a page as HTML."""
    return (
        environment()
        .get_template(page.template)
        .render(
            title=page.title,
            project=page.project,
            tab=page.tab,
            path=path,
            url=url,
            now=now,
            notice=notice(query),
            **page.values,
        )
    )


@cache
def static(name: str) -> bytes:
    """Return a file that pages need."""
    return resources.files("l10nsync.sandbox.page").joinpath("static", name).read_bytes()
