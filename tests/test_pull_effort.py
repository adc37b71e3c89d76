"""What planning a pull costs: each target is decided once, and twice the targets are twice the work."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from l10nsync.model import Fetched, ListedFile, PublishedPair, RemoteState, Source, Target, Wanted
from l10nsync.plan import LocalTarget, Plan, PullFacts, Reason, Wants, plan_pull
from l10nsync.plan.pull import Decided, planner
from l10nsync.plan.pull.delivered import delivered
from l10nsync.plan.pull.first_look import first_look
from l10nsync.plan.pull.target import PullTarget
from tests.asked import with_one_less
from tests.effort import effort
from tests.test_plan_pull import THEN, here, source

LOCALES = ("de-DE", "fr-FR")
TEXTS = {f"k{at}": f"Text {at}" for at in range(6)}


def said(locale: str, **others: str) -> bytes:
    return json.dumps({key: f"{text} ({locale})" for key, text in TEXTS.items()} | others).encode()


class Mirror:
    """So many sources without a memory.

    A third has no targets here, a third would lose a translation, and of a third nobody knows whether the TMS
    translated them at all.
    """

    def __init__(self, count: int) -> None:
        self.names = [f"{at}.json" for at in range(count)]
        self.lost = frozenset(name for at, name in enumerate(self.names) if at % 3 == 1)
        self.plain = frozenset(name for at, name in enumerate(self.names) if at % 3 == 2)
        self.asked: list[Wants] = []
        self.facts = PullFacts((), {}, {}, {})

    def plan(self) -> Plan:
        """Plan without any memory, and answer exactly what is asked."""
        decided: Decided = {}
        facts = PullFacts(self.sources, dict.fromkeys(self.names, "s1"), {}, self.local)
        self.asked.clear()
        while isinstance(found := plan_pull(facts, decided), Wants):
            assert found not in self.asked, "asked twice"
            self.asked.append(found)
            facts = self.answered(facts, found)
        self.facts = facts
        return found[0]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(
            source(
                path=name,
                file_uri=name,
                locales=LOCALES,
                targets=tuple(Target(locale, locale, f"{locale}/{name}") for locale in LOCALES),
            )
            for name in self.names
        )

    @property
    def local(self) -> dict[str, LocalTarget]:
        return {f"{locale}/{name}": here(said(locale)) for name in self.lost for locale in LOCALES}

    def answered(self, facts: PullFacts, wants: Wants) -> PullFacts:
        question, remote = wants.question, facts.remote
        if question.published_since:
            listed = [name for name in self.names if name not in self.plain]
            pairs = (PublishedPair(name, locale, THEN) for name in listed for locale in LOCALES)
            remote |= RemoteState(published=tuple(pairs))
        if question.files:
            remote |= RemoteState(files={name: ListedFile(name, "json", THEN) for name in self.names})
        contents = dict.fromkeys(wants.blobs, json.dumps(TEXTS).encode())
        return replace(
            facts,
            remote=remote,
            contents={**facts.contents, **contents},
            fetched={**facts.fetched, **{pair: self.delivered(pair) for pair in wants.pairs}},
            past={**facts.past, **dict.fromkeys(wants.past, ())},
        )

    def delivered(self, pair: Wanted) -> Fetched:
        if pair.uri in self.plain:
            return Fetched(pair, None if pair.incomplete == "skip" else json.dumps(TEXTS).encode())
        missing = TEXTS["k0"] if pair.incomplete == "source" else ""
        return Fetched(pair, said(pair.locale, **({"k0": missing} if pair.uri in self.lost else {})))


def test_each_target_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rounds of questions there are: nothing is looked at again, nor asked again."""
    looks, decisions = Counter[str](), Counter[str]()

    def looked(target: PullTarget) -> Any:
        found = first_look(target)  # raises where something has to be known first
        looks[target.path] += 1
        return found

    def decided(target: PullTarget, pair: Wanted) -> Any:
        found = delivered(target, pair)
        decisions[target.path] += 1
        return found

    monkeypatch.setattr(planner, "first_look", looked)
    monkeypatch.setattr(planner, "delivered", decided)
    mirror = Mirror(30)

    plan = mirror.plan()

    assert set(looks.values()) == set(decisions.values()) == {1}
    assert len(looks) == len(decisions) == 60
    reasons = Counter(change.reason for change in plan.changes)
    assert reasons == {Reason.NEW: 20, Reason.KEPT: 20, Reason.NOT_PUBLISHED: 20}
    # All translations come with one download, and all second looks with another.
    assert [len(wants.pairs) for wants in mirror.asked if wants.pairs] == [60, 40]
    assert sum(bool(wants.question) for wants in mirror.asked) == 1


def test_every_answer_is_read() -> None:
    """Without any of them the pull cannot be planned."""
    mirror = Mirror(6)
    mirror.plan()

    for what, less in with_one_less(mirror.facts):
        assert isinstance(plan_pull(less, {}), Wants), what


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (40, 120),
        pytest.param(1000, 3000, marks=pytest.mark.sweep),
        pytest.param(3000, 10000, marks=pytest.mark.sweep),
    ],
)
def test_planning_takes_work_in_proportion(few: int, many: int) -> None:
    """Three times the sources, with a cold cache, are about three times the calls."""
    less, more = (effort(Mirror(count).plan) for count in (few, many))
    assert more < 1.2 * less * many / few
