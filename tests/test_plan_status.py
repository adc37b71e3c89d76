"""What a status says, from facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.model import (
    Counted,
    FileStatus,
    ListedFile,
    LocaleCounts,
    ProjectDetails,
    PublishedPair,
    Question,
    RemoteState,
    Sent,
    Source,
    Target,
)
from l10nsync.plan import (
    Counts,
    PushFacts,
    SourceStatus,
    Standing,
    Status,
    StatusFacts,
    Wants,
    plan_status,
    settings_digest,
)
from l10nsync.plan.counts import counts_of

THEN, LATER = "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"
HORIZON, FLOOR, SETTLED = "2025-12-25T00:00:00Z", "2026-01-07T11:55:00Z", "2026-01-07T11:59:58Z"
OLD = b'{"a": "one", "b": "two words"}\n'
NEW = b'{"a": "one", "b": "two words", "c": "three more words"}\n'
DONE = LocaleCounts(0, 0, 2, 3, 0, 0)
HALF = LocaleCounts(1, 2, 1, 1, 0, 0)


def source(**values: Any) -> Source:
    defaults: dict[str, Any] = {
        "path": "en.json",
        "resource": "web",
        "project": "default",
        "file_uri": "en.json",
        "namespace": "en.json",
        "file_type": "json",
        "charset": None,
        "directives": {},
        "locales": ("de-DE", "fr-FR"),
        "targets": (Target("de-DE", "de", "de.json"), Target("fr-FR", "fr", "fr.json")),
    }
    return Source(**(defaults | values))


def counted(de: LocaleCounts = DONE, fr: LocaleCounts = HALF, **values: Any) -> FileStatus:
    defaults: dict[str, Any] = {
        "uri": "en.json",
        "last_uploaded": THEN,
        "namespace": "en.json",
        "directives": {},
        "total_strings": 2,
        "total_words": 3,
        "locales": {"de-DE": de, "fr-FR": fr},
    }
    return FileStatus(**(defaults | values))


def remembered(**values: Any) -> Counted:
    defaults: dict[str, Any] = {
        "uri": "en.json",
        "last_uploaded": THEN,
        "until": LATER,
        "total_strings": 2,
        "total_words": 3,
        "locales": {"de-DE": DONE, "fr-FR": DONE},
    }
    return Counted(**(defaults | values))


def remote(*statuses: FileStatus, **values: Any) -> RemoteState:
    defaults: dict[str, Any] = {
        "project": ProjectDetails("p", "P", "a", "en", ("de-DE", "fr-FR")),
        "files": {"en.json": ListedFile("en.json", "json", THEN)},
        "published": (),
        "statuses": {each.uri: each for each in statuses},
        "server_time": "2026-01-07T12:00:00Z",
    }
    return RemoteState(**(defaults | values))


def facts(state: RemoteState, *, blob: str = "old", **values: Any) -> StatusFacts:
    """Return the facts about one source, which was pushed with its present content unless BLOB says else."""
    given = values.pop("push", {})
    sent = Sent("en.json", THEN, "old", "en.json", ("de-DE", "fr-FR"), settings_digest({}), authorized=True)
    push: dict[str, Any] = {
        "sources": (source(),),
        "blobs": {"en.json": blob},
        "words": dict.fromkeys(("repo", "branch", "sha", "date", "user", "pr"), ""),
        "contents": {"old": OLD, "new": NEW},
        "memory": {"en.json": sent},
        "remote": state,
        "past": (),
    }
    defaults: dict[str, Any] = {"horizon": HORIZON, "floor": FLOOR, "settled": SETTLED}
    return StatusFacts(PushFacts(**(push | given)), **(defaults | values))


def asked(known: StatusFacts) -> Wants:
    found = plan_status(known)
    assert isinstance(found, Wants), found
    return found


def told(known: StatusFacts) -> Status:
    found = plan_status(known)
    assert isinstance(found, Status), found
    return found


def only(known: StatusFacts) -> SourceStatus:
    (found,) = told(known).sources
    return found


# --- counts -----------------------------------------------------------------------------------------------


def test_every_string_is_published_in_translation_or_waits() -> None:
    """What is left is divided into what translators have and what nobody has authorized."""
    found = only(facts(remote(counted(fr=LocaleCounts(1, 1, 0, 0, 0, 0)))))

    german, french = (each.counts for each in found.locales)
    assert (german.completion, german.left_words) == (100, 0)
    assert (french.left_strings, french.in_translation_strings, french.unauthorized_strings) == (2, 1, 1)
    assert (french.left_words, french.in_translation_words, french.unauthorized_words) == (3, 1, 2)
    assert (found.counts.words, found.counts.published_words, found.counts.completion) == (6, 3, 50)


@pytest.mark.parametrize(
    ("given", "total", "waiting"),
    [
        (LocaleCounts(5, 5, 3, 3, 2, 2), 10, 0),  # the total holds what is excluded
        (LocaleCounts(5, 5, 3, 3, 4, 4), 10, 2),  # it cannot
        (LocaleCounts(), 10, 10),
    ],
)
def test_excluded_content_waits_for_nobody(given: LocaleCounts, total: int, waiting: int) -> None:
    """Strings that are excluded are not said to wait for an authorization."""
    status = counted(given, total_strings=total, total_words=total)

    assert counts_of(status, "de-DE").unauthorized_strings == waiting


def test_a_string_without_words_keeps_a_file_from_being_complete() -> None:
    """100 percent is said only when nothing at all is left: a placeholder is no word, but it is a string."""
    status = counted(LocaleCounts(1, 0, 1, 3, 0, 0))

    found = counts_of(status, "de-DE")
    assert (found.complete, found.completion) == (False, 99)
    assert counts_of(counted(LocaleCounts(1, 0, 1, 0), total_words=0), "de-DE").completion == 50


numbers = st.integers(0, 60)


@given(counts=st.builds(LocaleCounts, *[numbers] * 6), strings=numbers, words=numbers)
def test_counts_of_any_answer_are_sane(counts: LocaleCounts, strings: int, words: int) -> None:
    """Whatever the service says: no negative number, 0 to 100 percent, 100 only if nothing is left."""
    found = counts_of(counted(counts, total_strings=strings, total_words=words), "de-DE")

    assert (
        min(found.left_strings, found.left_words, found.unauthorized_strings, found.unauthorized_words) >= 0
    )
    assert 0 <= found.completion <= 100
    assert (found.completion == 100) == (found.left_strings == found.left_words == 0)


@given(parts=st.lists(st.builds(LocaleCounts, *[numbers] * 6), min_size=1, max_size=5))
def test_a_sum_is_complete_only_if_all_parts_are(parts: list[LocaleCounts]) -> None:
    """Rounding never makes a whole better than its worst part allows."""
    each = [counts_of(counted(part, total_strings=30, total_words=50), "de-DE") for part in parts]

    whole = sum(each, Counts())
    assert whole.complete == all(part.complete for part in each)
    assert min(part.completion for part in each) <= whole.completion <= max(part.completion for part in each)


# --- how the source stands --------------------------------------------------------------------------------


def test_a_source_that_changed_since_its_upload_is_stale() -> None:
    """Its counts are those of the old content, and what the TMS does not have is counted."""
    found = only(facts(remote(counted(DONE, DONE)), blob="new"))

    assert (found.standing, found.new_strings, found.new_words) == (Standing.STALE, 1, 3)
    assert found.counts.completion == 100
    assert not found.complete


def test_a_source_that_the_tms_lacks_is_counted_here() -> None:
    """All of it is left in every locale, so that totals do not look better than they are."""
    found = only(facts(remote(files={}), push={"memory": {}}))

    assert (found.standing, found.uploaded, found.new_words) == (Standing.NOT_UPLOADED, False, 3)
    assert [(each.counts.left_words, each.asked_for) for each in found.locales] == [(3, False)] * 2


def test_a_source_that_cannot_be_counted_is_not_complete() -> None:
    """A source that does not parse keeps the whole from being complete although it adds no words."""
    status = told(facts(remote(files={}), push={"memory": {}, "contents": {"old": b"{"}}))

    assert not status.complete
    assert not status.counts.complete
    assert status.counts.completion == 0


def test_a_source_without_strings_is_complete() -> None:
    """A push never sends it, so nothing of it can be missing."""
    status = told(facts(remote(files={}), push={"memory": {}, "contents": {"old": b"{}"}}))

    assert status.sources[0].standing is Standing.NO_STRINGS
    assert status.complete


def test_a_locale_that_was_never_asked_for_is_told_apart() -> None:
    """0 percent of a locale that nobody ordered is another matter than 0 percent in translation."""
    status = counted(locales={"de-DE": DONE})
    sent = Sent("en.json", THEN, "old", "en.json", ("de-DE",), settings_digest({}), authorized=True)

    found = only(facts(remote(status), push={"memory": {"en.json": sent}}))

    assert [each.asked_for for each in found.locales] == [True, False]
    assert (found.standing, found.detail) == (Standing.SETTINGS, "locale added: fr-FR")


def test_a_file_that_this_branch_does_not_send_is_not_compared() -> None:
    """What the default branch sends is not stale because this branch has no opinion on it."""
    found = only(facts(remote(counted()), blob="new", push={"sources": (source(push=False),)}))

    assert found.standing is Standing.ELSEWHERE
    assert found.fresh


def test_files_that_left_the_repository_are_orphans() -> None:
    """They are named, and no status is asked for them."""
    files = {each: ListedFile(each, "json", THEN) for each in ("en.json", "gone.json", "others.json")}
    past = (source(path="gone.json", file_uri="gone.json"),)

    status = told(facts(remote(counted(), files=files), push={"past": past}))

    assert [each.uri for each in status.orphans] == ["gone.json"]
    assert len(status.sources) == 1


# --- what is asked ----------------------------------------------------------------------------------------


def test_the_list_of_files_is_the_first_question() -> None:
    """It may tell that there is nothing else to ask."""
    assert asked(facts(RemoteState())).question == Question(project=True, files=True)


def test_a_file_of_which_nothing_is_known_is_asked_about_at_once() -> None:
    """Nothing remembered depends on the list of publications, so both go together."""
    question = asked(facts(remote(published=None))).question

    assert question == Question(statuses=frozenset({"en.json"}), published_since="window")


def test_a_complete_file_that_nothing_happened_to_is_not_asked_about() -> None:
    """Two lists answer for it; what is remembered stays good as long as they do."""
    memory = {"en.json": remembered()}
    assert asked(facts(remote(published=None), memory=memory)).question == Question(published_since=LATER)

    status = told(facts(remote(), memory=memory))

    assert (status.complete, status.remembered) == (True, 1)
    assert status.sources[0].counted == remembered(until=FLOOR)


ASKED = {
    "published again": ({"published": (PublishedPair("EN.json", "de-DE", "2026-01-04T00:00:00Z"),)}, {}),
    "uploaded again": ({"files": {"en.json": ListedFile("en.json", "json", LATER)}}, {}),
    "in translation": ({}, {"locales": {"de-DE": DONE, "fr-FR": HALF}}),
    "another locale": ({}, {"locales": {"de-DE": DONE}}),
    "too long ago": ({}, {"until": "2025-12-24T00:00:00Z"}),
}


@pytest.mark.parametrize(("state", "memory"), ASKED.values(), ids=ASKED)
def test_whatever_may_have_changed_is_asked_about(
    state: Mapping[str, Any], memory: Mapping[str, Any]
) -> None:
    """A remembered count decides only where the service lists everything that could change it."""
    known = facts(remote(**state), memory={"en.json": remembered(**memory)})

    assert "en.json" in asked(known).question.statuses


def test_a_fresh_status_asks_about_everything() -> None:
    """A gate does not rest on what an earlier run saw."""
    known = facts(remote(), memory={"en.json": remembered()}, fresh=True)

    assert asked(known).question.statuses == {"en.json"}


def test_only_complete_files_are_remembered() -> None:
    """No list tells when content is authorized or excluded, so a file in translation is asked about again."""
    assert only(facts(remote(counted(DONE, HALF)))).counted is None
    assert only(facts(remote(counted(DONE, DONE)))).counted == remembered(until=FLOOR)


def test_what_the_service_does_not_count_is_not_remembered() -> None:
    """A status without counts would look like a file without strings, which is complete."""
    told_by_percent = {each: LocaleCounts(percent=100, state="completed") for each in ("de-DE", "fr-FR")}
    status = counted(counted=False, total_strings=0, total_words=0, locales=told_by_percent)

    assert only(facts(remote(status))).counted is None


def test_a_publication_of_this_moment_is_not_taken_for_counted() -> None:
    """Dates have whole seconds: what was published just now may not be in the counts that were read."""
    pairs = (PublishedPair("en.json", "fr-FR", SETTLED),)

    found = only(facts(remote(counted(DONE, DONE), published=pairs)))

    assert found.counted == remembered(until=FLOOR)
    known = facts(remote(published=pairs), memory={"en.json": remembered(until=FLOOR)})
    assert asked(known).question.statuses == {"en.json"}


# --- sums -------------------------------------------------------------------------------------------------


def test_sums_are_by_locale_and_resource() -> None:
    """Each file counts once in each of its locales."""
    found = only(facts(remote(counted())))
    status = Status((found, replace(found, path="other.json", resource="app")))

    assert {name: each.completion for name, each in status.by_locale().items()} == {"de-DE": 100, "fr-FR": 33}
    assert {name: len(each) for name, each in status.by_resource().items()} == {"app": 1, "web": 1}
    assert status.unfinished == ("fr-FR",)
    assert status.counts.words == 12
