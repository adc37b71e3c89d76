"""What a job would cost: words by match against the translation memory, and a stated price list.

The memory of a locale is every published translation of the account. A string is new, a repetition of an
earlier one of the same report, or a match of so many percent; each tier has a weight. The lower price is that
of the weighted words, the upper one that of all words.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records, waits
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

KIND = "estimate"
STATUSES = ("NOT_FOUND", "PENDING", "PROCESSING", "COMPLETED", "FAILED", "TIMEOUT")
CONTENTS: Mapping[str, tuple[str, ...]] = {
    "ALL_CONTENT": ("new", "authorized", "translated", "published"),
    "UNAUTHORIZED": ("new",),
    "TRANSLATION": ("authorized", "translated"),
    "CLAIMING": ("authorized",),
}
"""Kinds of content with the states of the strings that they mean."""
WEIGHTS: Mapping[str, float] = {
    "New": 1.0,
    "75-84%": 0.75,
    "85-94%": 0.5,
    "95-99%": 0.4,
    "100%": 0.25,
    "Repetition": 0.25,
}
"""Tiers of a match, each with the share of its words that is paid for."""
_CANDIDATES = 20
"""Entries of the memory that one string is compared with."""


@dataclass(frozen=True, slots=True)
class Line:
    """The strings of one locale and tier."""

    locale: str
    tier: str
    strings: int
    words: int

    @property
    def weighted(self) -> float:
        """The words that are paid for."""
        return self.words * WEIGHTS[self.tier]


# --- reports ---------------------------------------------------------------------------------------------


def generate(world: World, project: str, uid: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a `FUZZY` or `COST` report of a job."""
    jobs.find(world, project, uid)
    content = str(body.get("contentType") or "ALL_CONTENT").removeprefix("JOB_CONTENT_")
    if content not in CONTENTS:
        raise invalid(f"contentType must be one of {', '.join(CONTENTS)}", "contentType")
    locales = [str(row.get("targetLocaleId") or "") for row in body.get("localeWorkflows") or ()]
    ident = world.uid()
    report = {
        "reportUid": ident,
        "schemaType": "job",
        "reportType": kind,
        "schema": json.dumps({"schema": "job", "jobUid": uid, "content": content}),
        "reportStatus": "PENDING",
        "totalStrings": 0,
        "projectId": project,
        "translationJobUid": uid,
        "creatorUserUid": "sandboxuser1",
        "creatorUserRole": "ROLE_ACCOUNT_OWNER",
        "contentCoverage": "FULL",
        "creatorAgencyUid": "",
        "createdDate": iso(world.now()),
        "totalWordCount": 0,
        "totalWeightedWordCount": 0,
        "priceInformation": None,
        "localeEstimates": None,
        "tags": list(body.get("tags") or ()),
        "warnings": None,
        "errors": None,
        "_content": content,
        "_locales": [locale for locale in locales if locale],
    }
    records.add(world, KIND, project, ident, report)
    if waits.begin(world, project, KIND, f"{KIND} {ident}"):
        _finish(world, project, ident)
    return report


def listing(world: World, project: str, uid: str, kind: str) -> list[dict[str, Any]]:
    """Return the reports of one kind that a job has, oldest first."""
    jobs.find(world, project, uid)
    found = records.listing(world, KIND, project)
    return [report for report in found if report["translationJobUid"] == uid and report["reportType"] == kind]


def all_with_lines(world: World, project: str) -> list[tuple[dict[str, Any], list[Line]]]:
    """Return every report of a project with its words by locale and tier, newest first."""
    found = records.listing(world, KIND, project)
    return [(report, [Line(*row) for row in report.get("_lines") or ()]) for report in found[::-1]]


def look(world: World, project: str, ident: str) -> dict[str, Any]:
    """Look once at a report; it may come to its end by that."""
    report = records.find(world, KIND, project, ident)
    if report["reportStatus"] in {"PENDING", "PROCESSING"}:
        if waits.look(world, f"{KIND} {ident}"):
            _finish(world, project, ident)
        else:
            records.update(world, KIND, ident, reportStatus="PROCESSING")
    return records.find(world, KIND, project, ident)


def settle(world: World, project: str) -> None:
    """Finish the reports that have become due by the clock."""
    for row in waits.running(world, project, KIND):
        if waits.due(world, row["subject"]):
            _finish(world, project, row["subject"].removeprefix(f"{KIND} "))


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report as the API shows it."""
    return {key: value for key, value in report.items() if not key.startswith("_")}


def _finish(world: World, project: str, ident: str) -> None:
    waits.finish(world, f"{KIND} {ident}")
    outcome = str(world.switch(project, "estimate_outcome"))
    if outcome != "COMPLETED":
        errors = [f"Report generation failed: {outcome}."]
        records.update(world, KIND, ident, reportStatus=outcome, errors=errors)
        return
    report = records.find(world, KIND, project, ident)
    lines = _lines(world, project, report)
    prices, warnings = _prices(world, project, lines)
    records.update(
        world,
        KIND,
        ident,
        reportStatus="COMPLETED",
        totalStrings=sum(line.strings for line in lines),
        totalWordCount=sum(line.words for line in lines),
        totalWeightedWordCount=round(sum(line.weighted for line in lines)),
        priceInformation=prices if report["reportType"] == "COST" else None,
        warnings=warnings if report["reportType"] == "COST" else None,
        _lines=[(line.locale, line.tier, line.strings, line.words) for line in lines],
    )


# --- prices ----------------------------------------------------------------------------------------------


def rate(prices: Mapping[str, Any], locale: str) -> float | None:
    """Return the price of a word in a locale: its own, its language's, that of `*`, or None."""
    per_word = prices.get("perWord") or {}
    for name in (locale, locale.partition("-")[0], "*"):
        if per_word.get(name) is not None:
            return float(per_word[name])
    return None


def _prices(
    world: World, project: str, lines: Sequence[Line]
) -> tuple[list[dict[str, Any]] | None, list[str] | None]:
    prices = world.switch(project, "price_list")
    least = most = 0.0
    missing: dict[str, None] = {}
    for line in lines:
        price = rate(prices, line.locale)
        if price is None:
            missing[line.locale] = None
            continue
        least += price * line.weighted
        most += price * line.words
    warnings = [f"No rates specified for '{locale}' locale." for locale in missing]
    currency = prices.get("currency", "USD")
    total = {"priceMin": round(least, 2), "priceMax": round(most, 2), "currencyCode": currency}
    nothing_known = lines and len(missing) == len({line.locale for line in lines})
    return None if nothing_known else [total], warnings or None


# --- counting --------------------------------------------------------------------------------------------


def _lines(world: World, project: str, report: Mapping[str, Any]) -> list[Line]:
    wanted = report["_locales"]
    states = CONTENTS[report["_content"]]
    sql = """select js.locale, s.text, s.words, coalesce(t.state, 'new') as state from job_strings js
             join strings s on s.project = js.project and s.hash = js.hash
             left join translations t on t.project = js.project and t.hash = js.hash and t.locale = js.locale
             where js.job = ? order by js.locale, js.rowid"""
    rows = [
        row
        for row in world.store.rows(sql, report["translationJobUid"])
        if row["state"] in states and (not wanted or row["locale"] in wanted)
    ]
    account = projects.find(world, project)["account"]
    found: list[Line] = []
    for locale in dict.fromkeys(row["locale"] for row in rows):
        mine = [row for row in rows if row["locale"] == locale]
        found += _tiers(locale, mine, Memory(_memory(world, account, locale)))
    return found


def _memory(world: World, account: str, locale: str) -> list[str]:
    sql = """select distinct s.text from translations t
             join projects p on p.id = t.project
             join strings s on s.project = t.project and s.hash = t.hash
             where p.account = ? and t.locale = ? and t.published is not null"""
    return [row[0] for row in world.store.rows(sql, account, locale)]


def _tiers(locale: str, rows: Iterable[Row], memory: Memory) -> list[Line]:
    strings: Counter[str] = Counter()
    words: Counter[str] = Counter()
    seen: set[str] = set()
    for row in rows:
        tier = "Repetition" if row["text"] in seen else memory.tier(row["text"])
        seen.add(row["text"])
        strings[tier] += 1
        words[tier] += row["words"]
    return [Line(locale, tier, strings[tier], words[tier]) for tier in WEIGHTS if strings[tier]]


class Memory:
    """A translation memory that can be asked how well it knows a text."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = set(texts)
        self._by_word: dict[str, list[str]] = {}
        for text in sorted(self._texts):
            for word in set(text.lower().split()):
                self._by_word.setdefault(word, []).append(text)

    def tier(self, text: str) -> str:
        """Return the name of the tier that a text falls into."""
        if text in self._texts:
            return "100%"
        percent = max((_likeness(text, candidate) for candidate in self._candidates(text)), default=0)
        for least, name in ((95, "95-99%"), (85, "85-94%"), (75, "75-84%")):
            if percent >= least:
                return name
        return "New"

    def _candidates(self, text: str) -> list[str]:
        """Return the entries that share most words with a text."""
        shared = Counter(
            chain.from_iterable(self._by_word.get(word, ())[:200] for word in set(text.lower().split()))
        )
        return [entry for entry, _ in shared.most_common(_CANDIDATES)]


def _likeness(first: str, second: str) -> int:
    return int(
        100 * SequenceMatcher(None, first.lower().split(), second.lower().split(), autojunk=False).ratio()
    )


# --- as a table ------------------------------------------------------------------------------------------

_COLUMNS = (
    "Project Name", "Job Name", "Target Locale", "Match", "Strings", "Words", "Weighted Words",
    "Price Per Word", "Price", "Currency",
)  # fmt: skip


def as_csv(world: World, project: str, report: Mapping[str, Any]) -> str:
    """Return a report as a table: one line per locale and tier."""
    prices = world.switch(project, "price_list")
    names = (
        projects.find(world, project)["name"],
        world.store.value("select name from jobs where uid = ?", report["translationJobUid"]),
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in report.get("_lines") or ():
        line = Line(*row)
        price = rate(prices, line.locale) if report["reportType"] == "COST" else None
        cost = ("", "", "") if price is None else (
            price, round(price * line.weighted, 2), prices.get("currency", "USD"),
        )  # fmt: skip
        writer.writerow((*names, line.locale, line.tier, line.strings, line.words, line.weighted, *cost))
    return out.getvalue()
