"""What a job costs before it is ordered: the service's own report, and what of its words is new."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import chain

from l10nsync.errors import ServiceError, TemporaryError
from l10nsync.model import Cost, WordMatches
from l10nsync.providers.replies import JsonObject, count, explanations, text, words
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.pace import PollingPace

_PERCENT = re.compile(r"(\d+)(?:[.,]\d+)?\s*(?:[-–]\s*\d+(?:[.,]\d+)?\s*)?%")
"""A tier of fuzzy matches, by its lower end (`85 - 94.9%`)."""


def cost(api: SmartlingApi, uid: str, pace: PollingPace, workflows: Mapping[str, str] | None = None) -> Cost:
    """Return what authorizing a job costs at most, by the service's own estimate.

    Raise `ServiceError` where the service has no complete answer: a locale without rates, say.
    """
    return _finished(api, uid, pace, workflows or {})[1]


def cost_by_match(api: SmartlingApi, uid: str, pace: PollingPace) -> Cost:
    """Return `cost` with its words by match, where the table of the report tells them."""
    ident, found = _finished(api, uid, pace, {})
    try:
        table = api.report_table(ident)
    except (ServiceError, TemporaryError):
        # The price is known: that its table cannot be had is no reason to withhold it.
        return found
    return replace(found, matches=read_matches(table, found.words))


def _finished(
    api: SmartlingApi, uid: str, pace: PollingPace, workflows: Mapping[str, str]
) -> tuple[str, Cost]:
    """Let the service make a report; return its uid and what it says."""
    report = api.begin_cost_report(uid, workflows)
    ident, look = text(report, "reportUid"), 0
    while (status := text(report, "reportStatus")) in {"PENDING", "PROCESSING"}:
        api.client.pause(pace.wait(look))
        look += 1
        report = api.report_status(ident)
    if status != "COMPLETED":
        raise ServiceError(f"the estimate of the cost ended as {status or 'unknown'}")
    return ident, read_cost(api.report(ident))


def read_cost(report: JsonObject) -> Cost:
    """Return the highest price of a finished report; raise `ServiceError` where it is not complete."""
    doubts = list(chain.from_iterable(_words(report.get(name)) for name in ("errors", "warnings")))
    if doubts:
        raise ServiceError(f"the estimate of the cost is not complete: {doubts[0]}")
    prices = report.get("priceInformation")
    amounts = [_highest(price) for price in prices] if isinstance(prices, list) else []
    known = [amount for amount in amounts if amount is not None]
    currencies = {amount.currency for amount in known}
    # One entry that cannot be read may be the dear one.
    if not known or len(known) < len(amounts) or len(currencies) != 1:
        raise ServiceError("the estimate of the cost has no reliable price in one currency")
    amount = f"{sum((Decimal(amount.amount) for amount in known), Decimal(0)):f}"
    words_paid = count(report, "totalWordCount"), count(report, "totalWeightedWordCount")
    return Cost(amount, currencies.pop(), *words_paid)


def _highest(entry: object) -> Cost | None:
    """Return the highest price of one entry; None where it is missing, unreadable or below the lowest."""
    found = explanations([entry])
    if not found:
        return None
    price = found[0]
    try:
        most = Decimal(words(price, "priceMax"))
        least = Decimal(words(price, "priceMin") or 0)
    except InvalidOperation:
        return None
    currency = words(price, "currencyCode")
    certain = most.is_finite() and least.is_finite() and 0 <= least <= most
    return Cost(f"{most:f}", currency) if certain and currency else None


def _words(value: object) -> list[str]:
    return [str(word) for word in value if word] if isinstance(value, list) else []


def read_matches(table: bytes, total: int) -> WordMatches | None:
    """Return the words of a report's table by match; None where they are not TOTAL, as the report counts.

    Columns and tiers of the table are not documented: it is believed only if its words add up to that.
    """
    counted: Counter[str] = Counter()
    for tier, number in _tiers(table):
        if not number.strip().isdecimal():
            return None
        counted[_match(tier)] += int(number)
    if not total or counted.total() != total or "" in counted:
        return None
    return WordMatches(counted["new"], counted["fuzzy"], counted["repeated"])


def _tiers(table: bytes) -> list[tuple[str, str]]:
    """Return the tier and the number of words of each row; nothing where the table has no such columns."""
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig", "replace"))))
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    tier = next((index for index, name in enumerate(names) if re.search("match|tier", name)), None)
    number = next((index for index, name in enumerate(names) if name in {"words", "word count"}), None)
    if tier is None or number is None:
        return []
    return [(row[tier], row[number]) if len(row) > max(tier, number) else ("", "") for row in rows[1:]]


def _match(tier: str) -> str:
    """Return what words of a TIER are: `new`, `fuzzy` or `repeated`; empty if its name is not understood."""
    name = tier.casefold()
    if "repet" in name:
        return "repeated"
    if found := _PERCENT.search(name):
        # The lowest tier begins at 0: nothing that is alike is known.
        return "fuzzy" if int(found[1]) else "new"
    return "new" if "new" in name or "no match" in name else ""
