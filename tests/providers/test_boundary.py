"""What the boundary promises, held by every provider against its sandbox in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from l10nsync.errors import CredentialsError, Interrupted, TemporaryError
from l10nsync.model import (
    JobRequest,
    Outcome,
    Question,
    RemoteState,
    Source,
    Submission,
    Upload,
    Wanted,
    Workflow,
    fold,
)
from l10nsync.plan import Action, PushFacts, PushOptions, Wants, completion, plan_push
from l10nsync.plan.lineage import Lineages
from l10nsync.providers import connect_to
from l10nsync.providers.base import Secret
from l10nsync.providers.smartmate.identity import blob_of
from l10nsync.sandbox.testing import SandboxServer
from tests.providers.worlds import LOCALES, WORLDS, World, finals, world_of


@pytest.fixture(params=list(WORLDS))
def world(request: pytest.FixtureRequest, sandbox_server: SandboxServer) -> Any:
    return world_of(request.param, sandbox_server)


def content(text: str) -> bytes:
    return json.dumps({"greeting": text, "bye": f"{text}, bye"}).encode()


def uploads(number: int = 2, text: str = "Hello", **changes: Any) -> tuple[Upload, ...]:
    made = (
        Upload(f"app/{at}/en.json", "json", f"app/{at}", LOCALES, content(f"{text} {at}"))
        for at in range(number)
    )
    return tuple(replace(each, blob=blob_of(each), **changes) for each in made)


def submission(number: int = 2, text: str = "Hello", **changes: Any) -> Submission:
    # What Smartling calls an authorization SmartMATE does by itself: then both can be translated.
    request = JobRequest("repo main", authorize=True)
    return replace(Submission(request, uploads(number, text)), **changes)


def contents(sent: Sequence[Upload]) -> dict[str, str]:
    return {each.uri: each.blob for each in sent}


def statuses(outcomes: dict[str, Outcome]) -> set[str]:
    return {each.status for each in outcomes.values()}


def planned(world: World, sent: Sequence[Upload]) -> list[tuple[Action, str]]:
    """Return what a clone without any memory decides about sources with the content of SENT."""
    sources = tuple(
        Source(each.uri, "web", "default", each.uri, each.namespace, "json", None, {}, LOCALES, ())
        for each in sent
    )
    words = dict.fromkeys(("repo", "branch", "sha", "date", "user", "pr"), "x")
    blobs = {each.uri: each.blob for each in sent}
    held = {each.blob: each.content for each in sent}
    with world.provider() as provider:
        options = PushOptions(order_all=True)
        facts = PushFacts(sources, blobs, words, held, abilities=provider.abilities, options=options)
        everything = frozenset(blobs)
        facts = replace(facts, past=(), elsewhere=(), lineages=Lineages(), traced=everything)  # no history
        while isinstance(wants := plan_push(facts), Wants):
            asked = RemoteState(jobs_asked=frozenset(map(fold, wants.question.jobs)))
            remote = facts.remote | provider.observe(wants.question) | asked
            gone = {blob: None for blob in wants.blobs if blob not in facts.contents}
            facts = replace(facts, remote=remote, contents={**facts.contents, **gone})
    return [(each.action, each.reason) for each in wants.changes]


# --- connecting ---


def test_connecting_sends_nothing(world: World) -> None:
    """A provider is found by its name, answers when it is asked, and knows the locales."""
    since = world.control.last()
    provider = connect_to(world.project, world.connection())
    try:
        assert world.control.requests(since, world.ident) == []
        details = provider.observe(Question(project=True)).project
        assert details is not None
        assert set(LOCALES) <= set(details.locales)
    finally:
        provider.close()


def test_wrong_credentials_are_told(world: World) -> None:
    """They are an error of their own, with the variables to look at, and are not tried again and again."""
    since = world.control.last()
    with (
        pytest.raises(CredentialsError) as raised,
        world.provider(secret=Secret("wr0ng-secret")) as provider,
    ):
        provider.observe(Question(project=True))
    assert "_" in raised.value.hint
    assert len(world.operations(since)) <= 2
    assert "wr0ng-secret" not in f"{raised.value} {raised.value.hint}"


# --- submit ---


def test_what_is_sent_arrives_and_is_confirmed(world: World) -> None:
    """Every file has one final outcome, and a clone without memory finds nothing left to do."""
    sent = submission(3)
    outcomes, jobs = world.push(sent)
    assert statuses(outcomes) == {"done"}
    assert set(outcomes) == {each.uri for each in sent.uploads}
    assert all(job.created and job.authorized for job in jobs)
    assert bool(jobs) is not (world.workflow is Workflow.DIRECT)
    assert {action for action, _ in planned(world, sent.uploads)} == {Action.KEEP}


def test_changed_and_new_content_is_planned(world: World) -> None:
    """The same questions tell new files, changed files and unchanged ones apart."""
    world.push(submission(2))
    same, changed = uploads(2)[0], uploads(2, "Other")[1]
    new = replace(changed, uri="app/9/en.json", content=content("New"), blob="")
    new = replace(new, blob=blob_of(new))
    assert [reason for _, reason in planned(world, [same, changed, new])] == [
        "unchanged",
        "content changed",
        "new",
    ]


@pytest.mark.parametrize("after", [False, True], ids=["unsent", "unanswered"])
def test_a_push_killed_anywhere_is_finished_by_the_next(world: World, after: bool) -> None:
    """Killed at each of its requests in turn and run again, it leaves what one push leaves."""
    work = submission(2)
    reference = world.fresh()
    reference.push(work)
    at, died = 0, True
    while died:
        at += 1
        tried = world.fresh()
        with tried.provider(at=at, after=after, concurrency=1) as provider:
            try:
                finals(provider.submit(work))
                died = False
            except Interrupted:
                pass
        if died:
            outcomes, _ = tried.push(work)
            assert statuses(outcomes) == {"done"}, at
        assert tried.view() == reference.view(), at
    assert at > len(work.uploads)


def test_a_push_killed_twice_is_finished_by_the_third(world: World) -> None:
    """Killed again while it recovers, it still ends in the same state."""
    work = submission(2)
    for at in (3, 2):
        with suppress(Interrupted), world.provider(at=at, after=True, concurrency=1) as provider:
            finals(provider.submit(work))
    world.push(work)
    reference = world.fresh()
    reference.push(work)
    assert world.view() == reference.view()


def test_a_lost_answer_sends_nothing_twice(world: Any) -> None:
    """The request was carried out and its answer never came: what it did is found."""
    world.control.fault("drop_after", project=world.ident, operation=world.create)
    outcomes, _ = world.push(submission(2))
    assert statuses(outcomes) == {"done"}
    reference = world.fresh()
    reference.push(submission(2))
    assert world.view() == reference.view()


def test_a_short_wait_is_not_called_done(world: World) -> None:
    """Accepted is not confirmed."""
    outcomes, _ = world.push(submission(2, wait="accepted", job=JobRequest("repo main")))
    assert statuses(outcomes) == {"accepted"}


def test_a_busy_service_is_waited_for(world: Any) -> None:
    """503 when it is asked and 429 when it is sent something cost time and no file."""
    world.control.fault("status", project=world.ident, status=503)
    world.control.fault("status", project=world.ident, status=429, operation=world.create)
    outcomes, _ = world.push(submission(2))
    assert statuses(outcomes) == {"done"}


def test_the_deadline_is_kept(world: World) -> None:
    """A service that never gets well ends the run with the advice to run again."""
    world.control.fault("status", project=world.ident, status=503, count=0)
    try:
        with pytest.raises(TemporaryError) as raised:
            world.push(submission(1), deadline=0.5)
        assert raised.value.hint
    finally:
        world.control.clear_faults(world.ident)


# --- observe and fetch ---


def wanted(sent: Sequence[Upload]) -> list[Wanted]:
    return [Wanted(each.uri, locale, blob=each.blob) for each in sent for locale in LOCALES]


def test_progress_and_publications_are_told(world: World) -> None:
    """Nothing at first; one locale; then all of it."""
    sent = submission(2)
    world.push(sent)
    asked = Question(
        statuses=frozenset(each.uri for each in sent.uploads),
        published_since="window",
        contents=contents(sent.uploads),
    )

    def told() -> tuple[list[int], set[tuple[str, str]]]:
        with world.provider() as provider:
            state = provider.observe(asked)
        status = state.statuses["app/0/en.json"]
        pairs = {(each.uri, each.locale) for each in state.published or () if each.date}
        return [completion(status, locale) for locale in LOCALES], pairs

    assert told() == ([0, 0], set())
    world.translate({"de-DE": 100})
    percent, pairs = told()
    assert (percent, pairs) == ([100, 0], {(each.uri, "de-DE") for each in sent.uploads})
    world.translate()
    percent, pairs = told()
    assert (percent, len(pairs)) == ([100, 100], 4)


def test_translations_are_downloaded(world: World) -> None:
    """Every item has one answer, which is the translation into its locale; an unknown file has none."""
    sent = submission(3)
    world.push(sent)
    world.translate()
    unknown = Wanted("nowhere/en.json", "de-DE", blob="0" * 40)
    with world.provider() as provider:
        found = list(provider.fetch([*wanted(sent.uploads), unknown]))
    assert sorted((each.wanted.uri, each.wanted.locale) for each in found) == sorted(
        (each.uri, each.locale) for each in [*wanted(sent.uploads), unknown]
    )
    for each in found:
        if each.wanted == unknown:
            assert each.content is None
        else:
            assert each.error is None
            assert each.content is not None
            assert f"({each.wanted.locale})" in json.loads(each.content)["greeting"]


@pytest.mark.parametrize("action", ["close_middle", "wrong_length", "html", "empty"])
def test_a_broken_download_is_not_believed(world: Any, action: str) -> None:
    """A damaged answer is asked for again; what arrives is whole."""
    sent = submission(2)
    world.push(sent)
    world.translate()
    world.control.fault(action, project=world.ident, operation=world.download)
    with world.provider() as provider:
        found = list(provider.fetch(wanted(sent.uploads)))
    assert len(found) == 4
    assert all(each.error is None and json.loads(each.content or b"") for each in found)
