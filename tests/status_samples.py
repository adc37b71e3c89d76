"""Statuses to be rendered, made without a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from l10nsync.formats import Finding
from l10nsync.model import JobDetails, JobSettings, JobState, ListedJob, LocaleProgress, ProjectDetails
from l10nsync.plan import (
    Action,
    Counts,
    LocaleStatus,
    Orphan,
    Plan,
    Reason,
    SourceStatus,
    Standing,
    Status,
    TargetChange,
)
from l10nsync.plan.jobs import FoundJob

LOCALES = ("de-DE", "fr-FR", "ja-JP")
HOSTILE = "x\n::add-mask::e\n`@team` </script><img src=x onerror=alert(1)>|\"'\x1b[31m\u202e.json"
"""A name that tries to be something else on a terminal, in a log, in Markdown and on a page."""


def counts(words: int, percent: int, *, busy: bool = True) -> Counts:
    """Return counts of WORDS in strings of four words, PERCENT of them published."""
    strings = words // 4
    done = strings * percent // 100
    left = strings - done
    moving = (left, 4 * left, 0, 0) if busy else (0, 0, left, 4 * left)
    return Counts(strings, words, done, 4 * done, *moving)


def source(path: str, *percents: int, words: int = 400, **values: Any) -> SourceStatus:
    """Return a source with a percentage for each of its locales; -1 was never asked for."""
    cells = tuple(
        LocaleStatus(locale, counts(words, max(percent, 0), busy=percent >= 0), asked_for=percent >= 0)
        for locale, percent in zip(LOCALES, percents, strict=False)
    )
    made = SourceStatus(
        project="default",
        resource="web",
        path=path,
        uri=path,
        standing=Standing.CURRENT,
        locales=cells,
        last_uploaded="2026-11-20T10:00:00Z",
    )
    return replace(made, **values)


def job(name: str, status: str = "IN_PROGRESS", uris: Sequence[str] = (), **values: Any) -> FoundJob:
    """Return an open job that holds URIS in all locales."""
    listed = ListedJob(
        "uid1",
        name,
        "SMTL-1",
        JobState(status),
        LOCALES,
        sent={"dueDate": "2026-12-01T12:00:00Z"},
        url="https://dashboard.example.com/jobs/uid1",
    )
    progress = (LocaleProgress("de-DE", 100, 400), LocaleProgress("ja-JP", 45, 400, 120))
    details = JobDetails(listed, dict.fromkeys(uris, LOCALES), 72, 800, progress)
    return FoundJob("default", replace(listed, **values), own=True, settings=JobSettings(), details=details)


def held_back(path: str = "web/ja/checkout.json") -> TargetChange:
    """Return a translation that a pull keeps back for two reasons."""
    findings = (
        Finding("placeholder-missing", "error", "{name} is missing in 'hello'", "hello", 12),
        Finding("tag-balance", "error", "<b> is not closed", "cart.title", 44),
        Finding("plural-missing", "warning", "no form 'many'", "items", 50),
    )
    return TargetChange(
        Action.HOLD,
        Reason.INVALID,
        "default",
        "web",
        "web/en/checkout.json",
        "web/en/checkout.json",
        "ja-JP",
        path,
        findings=findings,
    )


def status(**values: Any) -> Status:
    """Return a status in which everything occurs that a page has to show."""
    sources = (
        source("docs/guide.md", 100, resource="docs", words=40),
        source("web/en/checkout.json", 100, 45, 0, words=800),
        source("web/en/common.json", 100, 99, 79),
        source("web/en/legal.json", 100, 60, -1, standing=Standing.STALE, new_strings=2, new_words=17),
        source("web/en/new.json", -1, -1, -1, standing=Standing.NOT_UPLOADED, last_uploaded="", words=24),
    )
    written = replace(held_back("web/de/common.json"), action=Action.WRITE, reason=Reason.NEWER, findings=())
    made = Status(
        sources,
        (Orphan("default", "web/en/legacy.json"),),
        jobs=(job("acme-app main", uris=["web/en/checkout.json"]),),
        pull=Plan("pull", (held_back(), written)),
        projects={"default": ProjectDetails("1a2b3c4d5", "Acme App", "acct", "en", LOCALES)},
        commit="4f2c9aa0123456789012345678901234567890ab",
        branch="feature/checkout",
        moment="2026-11-25T20:15:00Z",
    )
    return replace(made, **values)
