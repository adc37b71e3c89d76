"""What planning an import costs: each translation is judged once, and thrice of them are thrice the work."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from l10nsync.model import Fetched, ListedFile, RemoteState, Source, Target, Wanted
from l10nsync.plan import Action, LocalTarget, Plan, Wants
from l10nsync.plan.imports import ImportFacts, plan_import
from tests.asked import with_one_less
from tests.effort import effort
from tests.test_plan_pull import THEN, here, source

LOCALES = ("de-DE", "fr-FR")
TEXTS = {f"k{at}": f"Text {at}" for at in range(6)}
DIRECTIVES = {"source_key_paths": "/{*}"}


def said(locale: str, count: int = 6) -> bytes:
    return json.dumps({key: f"{text} ({locale})" for key, text in [*TEXTS.items()][:count]}).encode()


class Delivery:
    """So many sources with translations: the TMS has half of them, and lacks every third source."""

    def __init__(self, count: int) -> None:
        self.names = [f"{at}.json" for at in range(count)]
        self.there = [name for at, name in enumerate(self.names) if at % 3]
        self.asked: list[Wants] = []
        self.facts = ImportFacts((), {}, {}, {})

    def plan(self) -> Plan:
        """Plan, and answer exactly what is asked."""
        blobs = {name: f"blob {name}" for name in self.names}
        local: dict[str, LocalTarget] = {
            f"{locale}/{name}": here(said(locale)) for name in self.names for locale in LOCALES
        }
        self.facts = ImportFacts(tuple(map(self.source, self.names)), blobs, {}, local)
        self.asked.clear()
        while isinstance(found := plan_import(self.facts, {}), Wants):
            assert found not in self.asked, "asked twice"
            self.asked.append(found)
            self.facts = self.answered(self.facts, found)
        return found

    def source(self, name: str) -> Source:
        targets = tuple(Target(locale, locale, f"{locale}/{name}") for locale in LOCALES)
        return source(path=name, file_uri=name, locales=LOCALES, targets=targets, directives=DIRECTIVES)

    def answered(self, facts: ImportFacts, wants: Wants) -> ImportFacts:
        remote = facts.remote
        if wants.question.files:
            remote |= RemoteState(files={name: ListedFile(name, "json", THEN) for name in self.there})
        return replace(
            facts,
            remote=remote,
            contents={**facts.contents, **dict.fromkeys(wants.blobs, json.dumps(TEXTS).encode())},
            fetched={**facts.fetched, **{pair: self.delivered(pair) for pair in wants.pairs}},
            committed=frozenset(self.names) if wants.committed else facts.committed,
        )

    def delivered(self, pair: Wanted) -> Fetched:
        return Fetched(pair, said(pair.locale, 3))


def test_each_translation_is_fetched_once() -> None:
    """All of them together, and only of the files that the TMS has."""
    delivery = Delivery(30)

    plan = delivery.plan()

    assert plan.count(Action.IMPORT) == 40
    assert [len(wants.pairs) for wants in delivery.asked if wants.pairs] == [40]
    assert sum(bool(wants.question) for wants in delivery.asked) == 1


def test_every_answer_is_read() -> None:
    """Without any of them the import cannot be planned."""
    delivery = Delivery(6)
    delivery.plan()

    for what, less in with_one_less(delivery.facts):
        assert isinstance(plan_import(less, {}), Wants), what


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (40, 120),
        pytest.param(1000, 3000, marks=pytest.mark.sweep),
        pytest.param(3000, 10000, marks=pytest.mark.sweep),
    ],
)
def test_planning_an_import_takes_work_in_proportion(few: int, many: int) -> None:
    """Each translation is judged by itself."""
    less, more = (effort(Delivery(count).plan) for count in (few, many))
    assert more < 1.2 * less * many / few
