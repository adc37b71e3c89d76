"""What planning a prune asks: each file without a source once, and nothing that decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from l10nsync.model import ListedFile, Question, RemoteState, blob_id
from l10nsync.plan import Plan, Wants
from l10nsync.plan.prune import PruneFacts, plan_prune
from tests.asked import with_one_less
from tests.test_plan_effort import content
from tests.test_plan_status import DONE, THEN, counted, source

EXAMPLE = "0" * 40


class Leftovers:
    """So many files on the TMS without a memory: half have a source, and the others had one."""

    def __init__(self, count: int) -> None:
        self.names = [f"{at}.json" for at in range(count)]
        self.present, self.gone = self.names[::2], self.names[1::2]
        self.asked: list[Wants] = []
        self.facts = PruneFacts("default", ())

    def plan(self) -> Plan:
        """Plan, and answer exactly what is asked."""
        sources = {name: source(path=name, file_uri=name, namespace=name) for name in self.names}
        self.facts = PruneFacts(
            "default",
            tuple(sources[name] for name in self.present),
            {name: f"blob {name}" for name in self.present},
            past=tuple(sources[name] for name in self.gone),
            held={name: frozenset({blob_id(content(name), EXAMPLE)}) for name in self.gone},
            on_default=True,
            example=EXAMPLE,
        )
        self.asked.clear()
        while isinstance(found := plan_prune(self.facts), Wants):
            assert found not in self.asked, "asked twice"
            self.asked.append(found)
            self.facts = self.answered(self.facts, found)
        return found

    def answered(self, facts: PruneFacts, wants: Wants) -> PruneFacts:
        contents = {blob: content(blob.removeprefix("blob ")) for blob in wants.blobs}
        known: dict[str, Any] = {"contents": {**facts.contents, **contents}}
        return replace(facts, remote=facts.remote | self.told(wants.question), **known)

    def told(self, question: Question) -> RemoteState:
        files = {name: ListedFile(name, "json", THEN) for name in self.names} if question.files else None
        return RemoteState(
            files=files,
            originals={uri: content(uri) for uri in question.originals},
            statuses={uri: counted(DONE, DONE, uri=uri, namespace=uri) for uri in question.statuses},
            jobs=() if question.jobs else None,
            jobs_asked=question.jobs,
        )


def test_each_leftover_is_asked_about_once() -> None:
    """The content of the files that go, and nothing about those that have a source."""
    leftovers = Leftovers(12)

    plan = leftovers.plan()

    assert [change.uri for change in plan.changes] == sorted(leftovers.gone)
    asked = [uri for wants in leftovers.asked for uri in wants.question.originals]
    assert sorted(asked) == sorted(leftovers.gone)


def test_every_answer_is_read() -> None:
    """Without any of them the prune cannot be planned."""
    leftovers = Leftovers(6)
    leftovers.plan()

    for what, less in with_one_less(leftovers.facts):
        assert isinstance(plan_prune(less), Wants), what
