"""What a status costs: each file is asked about once, and thrice the files are thrice the work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from l10nsync.model import ListedFile, Question, RemoteState, Source
from l10nsync.plan import PushFacts, Standing, Status, StatusFacts, Wants, plan_status
from tests.asked import with_one_less
from tests.effort import effort
from tests.test_plan_effort import content
from tests.test_plan_status import DONE, FLOOR, HORIZON, SETTLED, THEN, counted, source


class Overview:
    """So many sources without a memory: a third is as the TMS has it, a third is edited, a third is new."""

    def __init__(self, count: int) -> None:
        self.names = [f"{at}.json" for at in range(count)]
        self.there = [name for at, name in enumerate(self.names) if at % 3 < 2]
        self.ours = {name: content(name, edited=at % 3 == 1) for at, name in enumerate(self.names)}
        self.asked: list[Wants] = []
        self.facts = StatusFacts(PushFacts((), {}, {}))

    def status(self) -> Status:
        """Count, and answer exactly what is asked."""
        blobs = {name: f"blob {name}" for name in self.names}
        push = PushFacts(tuple(map(self.source, self.names)), blobs, {}, on_default=True)
        self.facts = StatusFacts(push, horizon=HORIZON, floor=FLOOR, settled=SETTLED)
        self.asked.clear()
        while isinstance(found := plan_status(self.facts), Wants):
            assert found not in self.asked, "asked twice"
            self.asked.append(found)
            self.facts = self.answered(self.facts, found)
        return found

    def source(self, name: str) -> Source:
        return source(path=name, file_uri=name, namespace=name)

    def answered(self, facts: StatusFacts, wants: Wants) -> StatusFacts:
        contents = {blob: self.ours[blob.removeprefix("blob ")] for blob in wants.blobs}
        known: dict[str, Any] = {
            "contents": {**facts.push.contents, **contents},
            "remote": facts.push.remote | self.told(wants.question),
        }
        if wants.gone:
            known["past"] = ()
        return replace(facts, push=replace(facts.push, **known))

    def told(self, question: Question) -> RemoteState:
        files = {uri: ListedFile(uri, "json", THEN) for uri in self.there} if question.files else None
        return RemoteState(
            files=files,
            originals={uri: content(uri) for uri in question.originals},
            statuses={uri: counted(DONE, DONE, uri=uri, namespace=uri) for uri in question.statuses},
            published=() if question.published_since else None,
            job_list=() if question.open_jobs else None,
        )


def test_each_file_is_asked_about_once() -> None:
    """The list of files, then all counts and contents together; what is new is only read here."""
    overview = Overview(30)

    found = overview.status()

    standings = [file.standing for file in found.sources]
    assert {standing: standings.count(standing) for standing in standings} == {
        Standing.CURRENT: 10,
        Standing.STALE: 10,
        Standing.NOT_UPLOADED: 10,
    }
    questions = [wants.question for wants in overview.asked if wants.question]
    assert [len(question.statuses) for question in questions] == [0, 20]
    assert [len(question.originals) for question in questions] == [0, 20]
    assert sum(len(wants.blobs) for wants in overview.asked) == 30


def test_every_answer_is_read() -> None:
    """Without any of them the status cannot be told."""
    overview = Overview(6)
    overview.status()

    for what, less in with_one_less(overview.facts):
        assert isinstance(plan_status(replace(less, compared={})), Wants), what


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (60, 180),
        pytest.param(1000, 3000, marks=pytest.mark.sweep),
        pytest.param(3000, 10000, marks=pytest.mark.sweep),
    ],
)
def test_a_status_takes_work_in_proportion(few: int, many: int) -> None:
    """With a cold cache."""
    less, more = (effort(Overview(count).status) for count in (few, many))
    assert more < 1.2 * less * many / few
