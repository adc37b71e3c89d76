"""What a job costs, said before it is ordered: by the service, and by the manifest's own rates."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from l10nsync.plan import prices
from l10nsync.render.pull_requests import RunContext, plan_comment
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import MANIFEST

ROOT = Path(__file__).parents[1]
SOURCE = json.dumps({"title": "Four words are here", "again": "Three words here"})
PRICES = {"currency": "EUR", "perWord": {"*": 0.1, "fr-FR": 0.2}}


@pytest.fixture
def waiting(in_process: InProcess, repo: Repo) -> InProcess:
    """Give a project whose job waits for its authorization."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "false"}, "src/en/a.json": SOURCE})
    in_process.run(repo, "push")
    in_process.control.switches(in_process.ident, price_list=PRICES)
    return in_process


def planned(runner: InProcess, repo: Repo, *argv: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(runner.run(repo, "plan", *argv, "--format", "json").out)
    Draft7Validator(json.loads((ROOT / "schemas" / "plan.schema.json").read_text("utf-8"))).validate(data)
    return data


def figures(text: str) -> set[str]:
    """Return the amounts of money in a text."""
    return set(re.findall(r"[0-9]+\.[0-9]+ EUR", text))


def reports(operations: Sequence[str]) -> list[str]:
    """Return the requests that begin a report of costs."""
    return [name for name in operations if "eport" in name or "stimate" in name]


def test_the_same_price_is_said_everywhere(waiting: InProcess, repo: Repo) -> None:
    """`plan --cost`, `job show --cost`, the comment, and the service; nothing was authorized."""
    before = waiting.control.view(waiting.ident)["jobs"]
    data = planned(waiting, repo, "--cost")
    (estimate,) = data["estimates"]
    assert (float(estimate["amount"]), estimate["currency"]) == (7 * 0.1 + 7 * 0.2, "EUR")
    assert estimate["words"] == 14

    plan = waiting.run(repo, "plan", "--cost").out
    markdown = waiting.run(repo, "plan", "--cost", "--format", "markdown").out
    card = waiting.run(repo, "job", "show", "--cost").out
    comment = plan_comment(data, "k", RunContext("1"))
    said = [figures(text) for text in (plan, markdown, card, comment)]
    assert said == [{f"{estimate['amount']} EUR"}] * 4
    assert all("14 words: 14 new" in text for text in (plan, markdown, card, comment))
    assert estimate["matches"] == {"new": 14, "fuzzy": 0, "repeated": 0}
    assert waiting.control.view(waiting.ident)["jobs"] == before
    assert planned(waiting, repo)["digest"] == data["digest"]


def test_no_report_is_made_unless_asked_for(waiting: InProcess, repo: Repo) -> None:
    """Neither a plan nor a look at a job asks for an estimate by itself."""
    mark = waiting.mark()
    for argv in (("plan",), ("job", "show"), ("job", "list"), ("status",), ("push",)):
        waiting.run(repo, *argv)
    assert reports(waiting.requests_since(mark)) == []
    waiting.run(repo, "plan", "--cost")
    assert reports(waiting.requests_since(mark))


@pytest.mark.parametrize("fault", [{"action": "status", "status": 429}, {"action": "close_middle"}])
def test_an_estimate_survives_what_passes(waiting: InProcess, repo: Repo, fault: dict[str, Any]) -> None:
    """A busy service and a cut answer are asked again."""
    waiting.control.fault(**fault, project=waiting.ident, path="*/estimates-api/*", count=1)
    assert planned(waiting, repo, "--cost")["estimates"]


def test_a_price_is_told_where_its_table_cannot_be_had(waiting: InProcess, repo: Repo) -> None:
    """Words by match are an extra: without them the price is the same."""
    waiting.control.fault("status", status=404, path="*/download*", count=9, project=waiting.ident)
    (estimate,) = planned(waiting, repo, "--cost")["estimates"]
    assert estimate["words"] == 14
    assert "matches" not in estimate


def test_an_estimate_that_is_not_whole_is_an_error(waiting: InProcess, repo: Repo) -> None:
    """A locale without rates: no price is better than half of one."""
    waiting.control.switches(waiting.ident, price_list={"currency": "EUR", "perWord": {"de-DE": 0.1}})
    assert "not complete" in waiting.run(repo, "plan", "--cost", code=None).err
    assert "--cost" in waiting.run(repo, "plan", "--cost", "--offline", code=2).err


def test_own_rates_price_a_plan_offline(in_process: InProcess, repo: Repo) -> None:
    """Seven words in each of two locales; marked as an own calculation, in the comment, too."""
    rates = "{rates: {'*': 0.1, fr-FR: '0.2'}, currency: EUR, authorize"
    repo.commit({".l10n.yml": (MANIFEST % {"authorize": "false"}).replace("{authorize", rates)})
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({"src/en/a.json": SOURCE})
    data = planned(in_process, repo, "--offline")
    (price,) = data["ownPrices"]
    assert (price["amount"], price["currency"], price["words"]) == ("2.10", "EUR", 14)
    text = in_process.run(repo, "plan", "--offline").out
    assert "at most 2.10 EUR for 14 words × locales (own calculation" in text
    assert "own calculation" in plan_comment(data, "k", RunContext("1"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["de", "fr", "ja"]), st.integers(0, 500), max_size=3), st.integers(0, 900)
)
def test_an_own_price_is_never_too_low(words: dict[str, int], more: int) -> None:
    """What is not known by locale is taken at the dearest rate; a locale without a rate has no price."""
    rates = {"de": "0.10", "fr": "0.25", "*": "0.15"}
    total = sum(words.values()) + more
    found = prices.most(rates, "EUR", words, total)
    least = 0.1 * total
    assert (found is None) == (not total)
    assert found is None or least - 0.01 <= float(found.amount) <= 0.25 * total + 0.01
    assert prices.most({"de": "0.1"}, "", {"fr": 1}, 1) is None
