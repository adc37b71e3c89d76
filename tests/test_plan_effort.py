"""What planning a push costs: each source is compared once, and twice the sources are twice the work."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from l10nsync.model import FileStatus, ListedFile, LocaleCounts, Question, RemoteState, Source
from l10nsync.plan import Action, Plan, PushFacts, Wants, plan_push
from l10nsync.plan.lineage import Lineages, Stage
from l10nsync.plan.push import Compared, planner
from l10nsync.plan.push import source as source_module
from tests.asked import with_one_less
from tests.effort import effort
from tests.test_plan_push import THEN, WORDS, source, status

COUNTS = {locale: LocaleCounts(completed_strings=8) for locale in ("de-DE", "fr-FR")}


def content(name: str, edited: bool = False) -> bytes:
    texts = {f"k{at}": f"Text {at} of {name}" for at in range(8)}
    return json.dumps(texts | ({"k0": f"Another text of {name}"} if edited else {})).encode()


class Project:
    """So many files on the TMS; half of the sources have another folder by now, the other half is edited."""

    def __init__(self, count: int) -> None:
        self.names = [f"{at}.json" for at in range(count)]
        self.paths = {name: f"{'b' if at % 2 else 'a'}/{name}" for at, name in enumerate(self.names)}
        self.held = {f"a/{name}": content(name) for name in self.names}
        self.blobs = {path: f"now {name}" for name, path in self.paths.items()}
        self.contents = {f"now {name}": content(name, edited=True) for name in self.names}
        self.contents |= {f"then {name}": content(name) for name in self.names}
        self.gone = tuple(source(f"a/{name}") for name, path in self.paths.items() if path[0] == "b")
        self.asked: list[Wants] = []
        self.facts = PushFacts((), {}, WORDS)

    def plan(self) -> Plan:
        """Plan without any memory, and answer exactly what is asked."""
        compared: Compared = {}
        facts = PushFacts(self.sources, self.blobs, WORDS, on_default=True)
        self.asked.clear()
        while isinstance(found := plan_push(facts, compared), Wants):
            assert found not in self.asked, "asked twice"
            self.asked.append(found)
            facts = self.answered(facts, found)
        self.facts = facts
        return found

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source(path) for path in self.paths.values())

    def answered(self, facts: PushFacts, wants: Wants) -> PushFacts:
        contents = {**facts.contents, **{blob: self.contents[blob] for blob in wants.blobs}}
        known: dict[str, Any] = {"contents": contents, "remote": facts.remote | self.told(wants.question)}
        if wants.gone:
            known["past"] = self.gone
        if wants.elsewhere:
            known["elsewhere"] = ()
        if wants.lineages:
            known |= {"lineages": self.lineages, "traced": facts.traced | wants.lineages}
        return replace(facts, **known)

    def told(self, question: Question) -> RemoteState:
        files = {uri: ListedFile(uri, "json", THEN) for uri in self.held} if question.files else None
        return RemoteState(
            files=files,
            originals={uri: self.held[uri] for uri in question.originals},
            statuses={uri: self.status(uri) for uri in question.statuses},
            jobs_asked=question.jobs,
            jobs=() if question.jobs else None,
        )

    def status(self, uri: str) -> FileStatus:
        return replace(status(uri), uri=uri, locales=COUNTS, total_strings=8)

    @property
    def lineages(self) -> Lineages:
        stages = {}
        for name, path in self.paths.items():
            now, then = (
                Stage(path, frozenset({f"now {name}"})),
                Stage(f"a/{name}", frozenset({f"then {name}"})),
            )
            stages[path] = (now, then)
        return Lineages(stages)


def test_each_source_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rounds of questions there are: nothing is compared again, nor asked again."""
    done: Counter[str] = Counter()
    compare = source_module.compare

    def counted(facts: PushFacts, one: Source) -> Any:
        found = compare(facts, one)  # raises where something has to be known first
        done[one.path] += 1
        return found

    monkeypatch.setattr(planner, "compare", counted)
    project = Project(40)

    plan = project.plan()

    assert set(done.values()) == {1}
    assert len(done) == 40
    assert {change.action for change in plan.changes} == {Action.UPLOAD}
    assert {change.new_strings for change in plan.changes if hasattr(change, "new_strings")} == {1}
    assert len(plan.orphans) == 20
    # The list; the files of the edited ones; what is left over; its namespaces, as far as it matters.
    assert sum(bool(wants.question) for wants in project.asked) == 4


def test_every_answer_is_read() -> None:
    """Without any of them the push cannot be planned."""
    project = Project(6)
    project.plan()

    for what, less in with_one_less(project.facts):
        assert isinstance(plan_push(less), Wants), what


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (300, 900),
        pytest.param(1000, 3000, marks=pytest.mark.sweep),
        pytest.param(3000, 10000, marks=pytest.mark.sweep),
    ],
)
def test_planning_takes_work_in_proportion(few: int, many: int) -> None:
    """Three times the sources, renamed and edited and with a cold cache, are about three times the calls."""
    less, more = (effort(Project(count).plan) for count in (few, many))
    assert more < 1.2 * less * many / few
