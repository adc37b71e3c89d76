"""What words cost by the manifest's own rates: a calculation of ours, for which no service is asked. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from l10nsync.model import Cost
from l10nsync.plan.values import JobEstimate, JobPlan, Plan, SourceChange

ANY = "*"
"""Means the locales that have no rate of their own."""
_CENT = Decimal("0.01")


def own_prices(plan: Plan) -> tuple[JobEstimate, ...]:
    """Return what each job of PLAN costs at most; without rates or with uncounted words, nothing."""
    pairs = ((job, _own_price(plan, job)) for job in plan.jobs)
    return tuple(JobEstimate(job.project, job.request.name, "", price) for job, price in pairs if price)


def _own_price(plan: Plan, job: JobPlan) -> Cost | None:
    if job.uncounted:
        return None
    words: Counter[str] = Counter()
    uploads = (change for change in plan.work if isinstance(change, SourceChange))
    name = job.request.name, job.project
    for change in (upload for upload in uploads if (upload.job, upload.project) == name):
        # Where a locale was added, all words count there: they cannot be attributed here.
        if change.words_to_translate == change.new_words * len(change.locales):
            words.update(dict.fromkeys(change.locales, change.new_words))
    return most(job.request.rates, job.request.currency, words, job.words)


def most(rates: Mapping[str, str], currency: str, words: Mapping[str, int], total: int) -> Cost | None:
    """Return what TOTAL words cost at most; WORDS are those known by locale.

    The others are taken at the dearest rate. None where nothing is to be paid, or a locale has no rate.
    """
    if not rates or not total or not all(locale in rates or ANY in rates for locale in words):
        return None
    price = sum(
        (Decimal(rates.get(locale) or rates[ANY]) * number for locale, number in words.items()), Decimal(0)
    )
    rest = max(total - sum(words.values()), 0)
    price += max(map(Decimal, rates.values())) * rest
    return Cost(f"{price.quantize(_CENT, ROUND_CEILING):f}", currency, total)
