"""What a push decides, from facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync.model import (
    Abilities,
    FileStatus,
    JobSettings,
    JobState,
    ListedFile,
    LocaleCounts,
    OpenJob,
    RemoteState,
    Sent,
    Source,
    Workflow,
    fold,
)
from l10nsync.plan import (
    Action,
    Plan,
    PushFacts,
    PushOptions,
    Reason,
    SourceChange,
    Wants,
    job_name,
    plan_push,
    settings_digest,
)
from l10nsync.plan.lineage import Lineages, Stage

THEN = "2026-01-01T00:00:00Z"
LATER = "2026-02-02T00:00:00Z"
OLD = b'{"a": "one", "b": "two", "c": "three", "d": "four"}'
NEW = b'{"a": "one", "b": "two", "c": "three", "d": "changed here"}'
WORDS = {"repo": "shop", "branch": "main", "sha": "abc", "date": "2026-01-01", "user": "me", "pr": ""}


def source(path: str = "en.json", **values: Any) -> Source:
    defaults: dict[str, Any] = {
        "resource": "web",
        "project": "default",
        "file_uri": path,
        "namespace": path,
        "file_type": "json",
        "charset": None,
        "directives": {},
        "locales": ("de-DE", "fr-FR"),
        "targets": (),
    }
    return Source(path=path, **(defaults | values))


def sent(**values: Any) -> Sent:
    defaults: dict[str, Any] = {
        "uri": "en.json",
        "last_uploaded": THEN,
        "blob": "old",
        "namespace": "en.json",
        "locales": ("de-DE", "fr-FR"),
        "settings": settings_digest({}),
        "authorized": True,
    }
    return Sent(**(defaults | values))


def status(
    namespace: str = "en.json", directives: Mapping[str, str] | None = None, *locales: str
) -> FileStatus:
    counts = {each: LocaleCounts(authorized_strings=4) for each in locales or ("de-DE", "fr-FR")}
    return FileStatus("en.json", THEN, namespace, directives or {}, 4, 4, counts)


def facts(blob: str = "old", **values: Any) -> PushFacts:
    remote = RemoteState(files={"en.json": ListedFile("en.json", "json", THEN)})
    defaults: dict[str, Any] = {
        "sources": (source(),),
        "blobs": {"en.json": blob},
        "words": WORDS,
        "contents": {"old": OLD, "new": NEW},
        "memory": {"en.json": sent()},
        "past": (),
        "lineages": Lineages(),
        "traced": frozenset({"en.json"}),
        "remote": remote,
    }
    return PushFacts(**(defaults | values))


def only(plan: Plan) -> SourceChange:
    (change,) = plan.changes
    assert isinstance(change, SourceChange)
    return change


def planned(known: PushFacts) -> Plan:
    found = plan_push(known)
    assert isinstance(found, Plan), found
    return found


def asked(known: PushFacts) -> Wants:
    found = plan_push(known)
    assert isinstance(found, Wants), found
    return found


def decided(known: PushFacts) -> SourceChange:
    return only(planned(known))


def test_the_list_of_files_is_the_first_question() -> None:
    """Project and list are asked for together; nothing else before they are known."""
    wants = asked(facts(remote=RemoteState()))

    assert (wants.question.project, wants.question.files) == (True, True)
    assert not wants.question.originals


def test_a_file_the_tms_does_not_have_is_new() -> None:
    """It is uploaded whole, with all locales and its namespace."""
    change = decided(facts(remote=RemoteState(files={}), memory={}))

    assert (change.action, change.reason) == (Action.UPLOAD, Reason.NEW)
    assert (change.locales, change.namespace, change.strings) == (("de-DE", "fr-FR"), "en.json", 4)


def test_what_the_memory_knows_costs_no_request() -> None:
    """The same blob, settings and locales under the same upload date: unchanged."""
    assert decided(facts(contents={})).reason is Reason.UNCHANGED


def test_changed_content_is_uploaded_with_its_new_strings_counted() -> None:
    """Only what the TMS does not have counts as new."""
    change = decided(facts("new"))

    assert (change.action, change.reason) == (Action.UPLOAD, Reason.CONTENT_CHANGED)
    assert (change.strings, change.new_strings, change.new_words) == (4, 1, 2)


def test_a_memory_of_another_upload_is_not_believed() -> None:
    """Somebody else has uploaded since: the original and the status decide, asked for at once."""
    known = facts(memory={"en.json": sent(last_uploaded="2025-01-01T00:00:00Z")})
    wanted = asked(known).question
    assert wanted.originals == wanted.statuses == {"en.json"}

    answers = RemoteState(originals={"en.json": OLD}, statuses={"en.json": status()})
    known = replace(known, remote=known.remote | answers)
    assert decided(known).reason is Reason.UNCHANGED


def cold(original: bytes = OLD, state: FileStatus | None = None, **values: Any) -> PushFacts:
    """Facts without a memory, every question answered."""
    remote = RemoteState(
        files={"en.json": ListedFile("en.json", "json", THEN)},
        originals={"en.json": original},
        statuses={"en.json": state or status()},
        jobs=(),
        jobs_asked=frozenset({"en.json"}),
    )
    return facts(memory={}, remote=remote, **values)


def test_deleting_the_memory_changes_no_plan() -> None:
    """With and without memory the same decisions, for unchanged and for changed content."""
    for blob in ("old", "new"):
        assert planned(facts(blob)) == planned(cold(blob=blob))


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(facts(sources=(source(directives={"string_format": "icu"}),)), id="warm"),
        pytest.param(cold(sources=(source(directives={"string_format": "icu"}),)), id="cold"),
    ],
)
def test_changed_directives_upload_the_file_again(known: PushFacts) -> None:
    """Directives stick to an upload, so a change of them needs one."""
    assert decided(known).reason is Reason.DIRECTIVES_CHANGED


def test_directives_inside_the_file_win_and_are_not_sent_again() -> None:
    """The status shows the file's own value; without a memory, too, the next push has nothing to do."""
    content = b'{"smartling": {"string_format": "none"}, "a": "One"}'
    manifest = source(directives={"string_format": "icu"})

    state = status("en.json", {"string_format": "none"})
    known = cold(content, state, sources=(manifest,), contents={"old": content})

    assert decided(known).reason is Reason.UNCHANGED


def test_directives_the_manifest_does_not_name_are_the_services() -> None:
    """What the status shows beyond the manifest's own directives is not compared."""
    shown = {"string_format": "icu", "file_uri_as_namespace": "true"}

    change = decided(
        cold(state=status("en.json", shown), sources=(source(directives={"string_format": "icu"}),))
    )

    assert change.reason is Reason.UNCHANGED


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(facts(memory={"en.json": sent(locales=("de-DE",))}), id="warm"),
        pytest.param(cold(state=status("en.json", {}, "de-DE")), id="cold"),
    ],
)
def test_an_added_locale_uploads_the_file_again(known: PushFacts) -> None:
    """A locale that was never asked for is named in the detail."""
    change = decided(known)

    assert (change.reason, change.detail) == (Reason.LOCALE_ADDED, "fr-FR")


def test_locales_of_an_open_job_were_asked_for() -> None:
    """Content that waits for its authorization shows in no status, only in its job."""
    job = OpenJob("uid", "shop main", JobState.AWAITING_AUTHORIZATION, {"en.json": ("de-DE", "fr-FR")})
    remote = replace(cold(state=status("en.json", {}, "xx")).remote, jobs=(job,))

    assert decided(facts(memory={}, remote=remote)).reason is Reason.UNCHANGED


def test_an_interrupted_push_is_authorized_by_the_next_one() -> None:
    """Complete content in our job, and a manifest that authorizes: the plan names the job."""
    job = OpenJob("uid", "shop main", JobState.AWAITING_AUTHORIZATION, {"en.json": ("de-DE", "fr-FR")})
    remote = replace(cold(state=status("en.json", {}, "xx")).remote, jobs=(job,))
    settled = source(job=JobSettings(authorize=True))

    plan = planned(facts(sources=(settled,), memory={}, remote=remote))

    assert [each.waiting for each in plan.jobs] == [("en.json",)]
    assert plan.has_work
    assert not plan.work


def test_the_namespace_on_the_tms_wins_with_a_notice() -> None:
    """A rule that says otherwise moves nothing by itself."""
    known = cold(state=status("shared"))

    plan = planned(known)

    assert only(plan).reason is Reason.UNCHANGED
    assert "keeps namespace 'shared'" in plan.notices[0]


def test_a_namespace_change_needs_its_flag() -> None:
    """With the flag the file is sent under the manifest's namespace."""
    change = decided(cold(state=status("shared"), options=PushOptions(accept_namespace_change=True)))

    assert (change.reason, change.namespace) == (Reason.NAMESPACE_CHANGED, "en.json")


def test_a_new_branch_takes_the_namespace_of_the_default_branch() -> None:
    """So that strings are shared and nothing is paid twice."""
    branched = source(file_uri="feature/en.json", default_uri="main/en.json", namespace="en.json")
    files = {"main/en.json": ListedFile("main/en.json", "json", THEN)}
    known = facts(sources=(branched,), memory={}, remote=RemoteState(files=files))
    assert asked(known).question.statuses == {"main/en.json"}

    remote = RemoteState(files=files, statuses={"main/en.json": status("legacy")})
    assert asked(replace(known, remote=remote)).question.originals == {"main/en.json"}

    remote = replace(remote, originals={"main/en.json": OLD})
    assert decided(replace(known, remote=remote)).namespace == "legacy"


@pytest.mark.parametrize("where", ["cache", "service"])
def test_of_a_new_branch_only_what_the_default_branch_lacks_is_new(where: str) -> None:
    """Strings of one namespace are translated once, so the plan does not count them again."""
    branched = source(file_uri="feature/en.json", default_uri="main/en.json")
    files = {"main/en.json": ListedFile("main/en.json", "json", THEN)}
    remote = RemoteState(files=files)
    memory = {"main/en.json": sent(uri="main/en.json")} if where == "cache" else {}
    if where == "service":
        remote = replace(remote, statuses={"main/en.json": status()}, originals={"main/en.json": OLD})

    change = decided(facts("new", sources=(branched,), memory=memory, remote=remote))

    assert (change.reason, change.strings, change.new_strings) == (Reason.NEW, 4, 1)
    assert (change.new_words, change.words_to_translate) == (2, 4)


def test_every_word_of_a_locale_that_is_added_has_to_be_translated() -> None:
    """No string is new, and yet there is work, which `maxWords` is held against."""
    three = source(locales=("de-DE", "fr-FR", "pl-PL"), job=JobSettings(authorize=True, max_words=4))

    plan = planned(facts(sources=(three,)))

    change = only(plan)
    assert (change.reason, change.detail) == (Reason.LOCALE_ADDED, "pl-PL")
    assert (change.words, change.new_words, change.words_to_translate) == (4, 0, 4)
    assert [(each.words, each.request.max_words) for each in plan.jobs] == [(4, 4)]


def test_in_another_namespace_every_string_is_new() -> None:
    """The file gets to be translated from the beginning, and the plan says so."""
    change = decided(cold(state=status("shared"), options=PushOptions(accept_namespace_change=True)))

    assert (change.new_strings, change.new_words, change.words_to_translate) == (4, 4, 8)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.NO_STRINGS),
        (b" \n", Reason.NO_STRINGS),
        (b"{}", Reason.NO_STRINGS),
        (b'{"a": 1}', Reason.NO_STRINGS),
    ],
)
def test_a_source_without_strings_is_not_sent(content: bytes, reason: Reason) -> None:
    """The service would refuse it; that is no failure of the run."""
    change = decided(facts("x", contents={"x": content}, remote=RemoteState(files={}), memory={}))

    assert (change.action, change.reason) == (Action.KEEP, reason)


@pytest.mark.parametrize("known", [facts, cold])
def test_a_source_that_lost_many_keys_is_blocked(known: Any) -> None:
    """A half-generated file would remove translated strings."""
    contents = {"old": OLD, "x": b'{"a": "one", "b": "two"}'}

    change = decided(known(blob="x", contents=contents))
    let_through = decided(known(blob="x", contents=contents, options=PushOptions(accept_shrink=True)))

    assert (change.action, change.reason) == (Action.BLOCK, Reason.SHRUNK)
    assert "2 of 4 strings" in change.detail
    assert let_through.action is Action.UPLOAD


def test_a_source_that_does_not_parse_is_blocked_with_its_place() -> None:
    """Line and column are named."""
    change = decided(facts("x", contents={"old": OLD, "x": b'{"a": "one",\n oops}'}))

    assert (change.action, change.reason) == (Action.BLOCK, Reason.UNREADABLE)
    assert "line 2" in change.detail


def test_a_case_only_rename_keeps_the_uri() -> None:
    """The service compares without case; the spelling on the TMS stays."""
    files = {fold("EN.json"): ListedFile("EN.json", "json", THEN)}

    assert decided(facts("new", remote=RemoteState(files=files))).uri == "EN.json"


def test_orphans_are_only_what_this_repository_once_had() -> None:
    """Files of other repositories in the same project are nobody's orphans here."""
    files = {name: ListedFile(name, "json", THEN) for name in ("en.json", "ours.json", "theirs.json")}

    plan = planned(
        facts(remote=RemoteState(files=files), past=(source("ours.json"), source("long-gone.json")))
    )

    assert [each.uri for each in plan.orphans] == ["ours.json"]


def test_a_source_that_is_not_committed_is_named() -> None:
    """A push sends what HEAD holds."""
    assert only(planned(facts(blobs={}))).reason is Reason.NOT_COMMITTED


def test_job_names_are_cut_and_hold_no_pattern() -> None:
    """A branch called `fix{yyyy}` must not become a date pattern; 170 characters at most."""
    assert job_name("{repo} {branch}", {"repo": "r", "branch": "fix{yyyy}"}) == "r fix(yyyy)"
    long = job_name("{repo} {branch}", {"repo": "r", "branch": "b" * 300}, "0123456789")
    assert (len(long), long[-11:]) == (170, " 0123456789")


def test_a_plan_is_sorted_and_its_digest_follows_its_content() -> None:
    """Equal facts in another order give the same digest; another blob gives another."""
    sources = (source("b.json"), source("a.json"))
    known = facts(
        sources=sources, blobs={"a.json": "old", "b.json": "new"}, remote=RemoteState(files={}), memory={}
    )

    plan = planned(known)
    turned = planned(replace(known, sources=sources[::-1]))
    other = planned(replace(known, blobs={"a.json": "new", "b.json": "new"}))

    assert [each.path for each in plan.changes if isinstance(each, SourceChange)] == ["a.json", "b.json"]
    assert plan.digest == turned.digest != other.digest


states = st.fixed_dictionaries(
    {
        "blob": st.sampled_from(["old", "new"]),
        "listed": st.booleans(),
        "memory": st.sampled_from([None, THEN, LATER]),
        "original": st.sampled_from([OLD, NEW]),
        "locales": st.sampled_from([("de-DE",), ("de-DE", "fr-FR")]),
        "force": st.booleans(),
    }
)


@settings(max_examples=200, deadline=None)
@given(states)
def test_answering_every_want_ends_and_the_plan_follows(state: dict[str, Any]) -> None:
    """Whatever the facts are, at most four rounds of questions decide, and unchanged is never sent."""
    memory = {"en.json": sent(last_uploaded=state["memory"])} if state["memory"] else {}
    known = facts(
        state["blob"], memory=memory, remote=RemoteState(), options=PushOptions(force=state["force"])
    )
    files = {"en.json": ListedFile("en.json", "json", THEN)} if state["listed"] else {}
    answers = RemoteState(
        files=files,
        originals={"en.json": state["original"]},
        statuses={"en.json": status("en.json", {}, *state["locales"])},
        jobs=(),
        jobs_asked=frozenset({"en.json"}),
    )
    for _round in range(4):
        if isinstance(plan_push(known), Plan):
            break
        known = replace(known, remote=answers if known.remote.files is not None else RemoteState(files=files))
    change = decided(known)
    if change.reason is Reason.UNCHANGED:
        assert state["listed"]
        assert not state["force"]


# --- a service that keeps every content it was sent, and orders what it is sent ---

ORDERS = Abilities(Workflow.ORDERS)
ORDERED = (source(job=JobSettings(authorize=True)),)


def kept(*versions: tuple[str, tuple[str, ...]]) -> RemoteState:
    """Return what such a service shows: blob ids with the locales that were ordered, the newest last."""
    return RemoteState(files={"en.json": ListedFile("en.json", "", "TI-1", dict(versions))})


def test_a_service_that_names_its_contents_is_never_asked_for_them() -> None:
    """Without any memory and without an original, what was ordered is unchanged and is not sent again."""
    both = ("de-DE", "fr-FR")
    change = decided(facts(memory={}, remote=kept(("old", both), ("new", both)), abilities=ORDERS))

    assert (change.action, change.reason) == (Action.KEEP, Reason.UNCHANGED)


def test_what_an_interrupted_order_lacks_is_added() -> None:
    """A locale for which this very content was not ordered is, whatever was ordered for others."""
    remote = kept(("old", ("de-DE",)), ("new", ("de-DE", "fr-FR")))
    change = decided(facts(memory={}, remote=remote, abilities=ORDERS, sources=ORDERED))

    assert (change.action, change.reason, change.detail) == (Action.UPLOAD, Reason.LOCALE_ADDED, "fr-FR")


def test_an_order_counts_the_whole_file() -> None:
    """A changed file is ordered with all its words, is compared with the newest order, and says so."""
    remote = kept(("old", ("de-DE", "fr-FR")))
    known = facts("new", memory={}, remote=remote, abilities=ORDERS, sources=ORDERED)
    change = decided(known)

    assert (change.reason, change.strings, change.new_strings, change.new_words) == (
        Reason.CONTENT_CHANGED, 4, 4, 5,
    )  # fmt: skip
    plan = planned(known)
    assert plan.jobs[0].request.authorize
    assert plan.notices == (
        "1 changed file is ordered in full: the service does not distinguish new text from old",
    )
    shrunk = decided(replace(known, contents={"old": OLD, "new": b'{"a": "one"}'}))
    assert (shrunk.action, shrunk.reason) == (Action.BLOCK, Reason.SHRUNK)


def test_a_content_that_git_no_longer_has_is_just_changed() -> None:
    """In a shallow clone the earlier content may be missing: the file is sent, nothing is asked."""
    known = facts("new", memory={}, contents={"gone": None, "new": NEW}, remote=kept(("gone", ("de-DE",))))

    assert decided(replace(known, abilities=ORDERS, sources=ORDERED)).reason is Reason.CONTENT_CHANGED


def test_force_orders_nothing_twice() -> None:
    """What is there stays the only order of its content, even with `--force`."""
    forced = facts(
        remote=kept(("old", ("de-DE", "fr-FR"))), options=PushOptions(force=True), abilities=ORDERS
    )

    assert decided(forced).action is Action.KEEP


def test_nothing_is_ordered_that_may_not_be() -> None:
    """Without an authorization nothing is sent to a service that orders."""
    held = facts("new", remote=kept(("old", ("de-DE",))), sources=(source(job=JobSettings()),))

    change = decided(replace(held, abilities=ORDERS))
    assert (change.action, change.reason) == (Action.KEEP, Reason.NOT_AUTHORIZED)


def test_a_renamed_source_goes_on_in_its_namespace() -> None:
    """It is uploaded under its new fileUri; what it was sent as stays there, as an orphan."""
    known = facts(sources=(source("b.json"),), blobs={"b.json": "old"}, past=(source("en.json"),))
    stages = (Stage("b.json", frozenset({"old"})), Stage("en.json", frozenset({"old"})))
    known = replace(
        known, lineages=Lineages({"b.json": stages}), traced=frozenset({"b.json"}), on_default=True
    )

    plan = planned(known)

    change = only(plan)
    assert (change.action, change.reason, change.renamed_from) == (Action.UPLOAD, Reason.RENAMED, "en.json")
    assert (change.namespace, change.new_strings) == ("en.json", 0)
    assert [orphan.uri for orphan in plan.orphans] == ["en.json"]
