"""What a pull decides, from facts alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from l10nsync import formats
from l10nsync.errors import ServiceError
from l10nsync.formats import resource_files
from l10nsync.model import (
    Edition,
    Fetched,
    FileStatus,
    ListedFile,
    LocaleCounts,
    PublishedPair,
    PullSettings,
    RemoteState,
    Source,
    Target,
    Threshold,
    Wanted,
    Written,
)
from l10nsync.plan import (
    Action,
    Awaits,
    LocalTarget,
    Plan,
    PullFacts,
    Reason,
    Report,
    TargetChange,
    Wants,
    completion,
    plan_pull,
)

SOURCE = b'{"a": "one", "b": "two {n}"}\n'
GERMAN = b'{"a": "eins", "b": "zwei {n}"}\n'
NEWER = b'{"a": "eins!", "b": "zwei {n}"}\n'
THEN, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
WANTED = Wanted("en.json", "de-DE")


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
        "locales": ("de-DE",),
        "targets": (Target("de-DE", "de", "de.json"),),
    }
    return Source(**(defaults | values))


def here(content: bytes, *, uncommitted: bool = False) -> LocalTarget:
    return LocalTarget(content, hashlib.sha256(content).hexdigest(), uncommitted)


def written(content: bytes = GERMAN, **values: Any) -> Written:
    defaults: dict[str, Any] = {
        "uri": "en.json",
        "locale": "de-DE",
        "options": "published/source",
        "source_blob": "s1",
        "date": THEN,
        "digest": hashlib.sha256(content).hexdigest() if content else "",
    }
    return Written(**(defaults | values))


def facts(**values: Any) -> PullFacts:
    remote = RemoteState(
        files={"en.json": ListedFile("en.json", "json", THEN)},
        published=(PublishedPair("en.json", "de-DE", THEN),),
    )
    defaults: dict[str, Any] = {
        "sources": (source(),),
        "blobs": {"en.json": "s1"},
        "contents": {"s1": SOURCE},
        "local": {},
        "remote": remote,
        "fetched": {WANTED: Fetched(WANTED, GERMAN)},
        "committed": frozenset({"en.json"}),
    }
    return PullFacts(**(defaults | values))


def wants(known: PullFacts) -> Wants:
    """Return what has to be known; nothing if the plan is there."""
    found = plan_pull(known)
    return found if isinstance(found, Wants) else Wants()


def asks_again(change: TargetChange) -> bool:
    """Whether the next pull looks at a target again, although nothing changes."""
    return change.remember is None or change.remember.again


def decided(known: PullFacts) -> tuple[TargetChange, bytes | None]:
    """Decide where git and the service have nothing to tell of who changed what, unless KNOWN says so."""
    asked = {(uri, "de-DE", how): () for uri in ("en.json", "main.json") for how in ("published", "pending")}
    remote = replace(
        known.remote,
        translated={**asked, **known.remote.translated},
        originals={"en.json": SOURCE, **known.remote.originals},
    )
    known = replace(
        known, remote=remote, editions={"de.json": (), **known.editions}, past={"en.json": (), **known.past}
    )
    found = plan_pull(known)
    assert not isinstance(found, Wants), found
    plan, contents = found
    (change,) = plan.changes
    assert isinstance(change, TargetChange)
    return change, contents.get(change.path)


def test_a_clone_without_memory_asks_for_all_that_was_published() -> None:
    """And for the list of files, in the same round."""
    question = wants(facts(remote=RemoteState(), fetched={})).question

    assert (question.published_since, question.files) == ("window", True)


def test_with_a_memory_one_question_serves() -> None:
    """What was published since the cursor; no list of files, no download."""
    known = facts(
        memory={"de.json": written()},
        local={"de.json": here(GERMAN)},
        cursor=THEN,
        remote=RemoteState(),
        fetched={},
    )
    question = wants(known).question
    assert (question.published_since, question.files) == (THEN, False)

    change, _ = decided(replace(known, remote=RemoteState(published=()), contents={}))

    assert (change.action, change.reason) == (Action.KEEP, Reason.UNCHANGED)


def test_a_translation_that_is_not_here_is_new() -> None:
    """The bytes to write come with the plan."""
    change, content = decided(facts())

    assert (change.action, change.reason, content) == (Action.WRITE, Reason.NEW, GERMAN)


def test_a_translation_that_was_published_again_is_newer() -> None:
    """Another date than the remembered one: it is downloaded and written."""
    known = facts(
        memory={"de.json": written()},
        local={"de.json": here(GERMAN)},
        remote=RemoteState(published=(PublishedPair("en.json", "de-DE", LATER),)),
        fetched={},
    )
    assert wants(known).pairs == {WANTED}

    change, content = decided(replace(known, fetched={WANTED: Fetched(WANTED, NEWER)}))

    assert (change.reason, content) == (Reason.NEWER, NEWER)
    assert change.remember is not None
    assert change.remember.date == LATER


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"blobs": {"en.json": "s2"}, "contents": {"s2": SOURCE}}, id="source"),
        pytest.param({"sources": (source(pull=PullSettings(incomplete="empty")),)}, id="options"),
        pytest.param({"local": {}}, id="deleted here"),
        pytest.param({"local": {"de.json": here(b"{}")}}, id="changed here"),
        pytest.param({"sources": (source(file_uri="branch/en.json"),)}, id="fileUri"),
    ],
)
def test_what_the_last_pull_found_no_longer_stands(changed: dict[str, Any]) -> None:
    """Another source, other options, another file here or another fileUri: ask again."""
    known = facts(memory={"de.json": written()}, local={"de.json": here(GERMAN)}, fetched={})
    known = replace(known, remote=replace(known.remote, files={"en.json": 0, "branch/en.json": 0}))  # type: ignore[dict-item]
    assert not wants(known).pairs

    assert wants(replace(known, **changed)).pairs


def test_the_same_content_in_another_layout_is_not_rewritten() -> None:
    """Spacing and key order make no diff."""
    respaced = b'{ "b" : "zwei {n}",\n  "a" : "eins" }'

    change, content = decided(
        facts(local={"de.json": here(GERMAN)}, fetched={WANTED: Fetched(WANTED, respaced)})
    )

    assert (change.reason, content) == (Reason.UNCHANGED, None)


@pytest.mark.parametrize(
    ("style", "bytes_written"),
    [
        ("repo", b'{\n  "a": "eins!",\n  "b": "zwei {n}"\n}\n'),
        ("smartling", b'{"a" : "eins!","b" : "zwei {n}"}'),
    ],
)
def test_the_style_says_whose_layout_a_target_has(style: Any, bytes_written: bytes) -> None:
    """The repository's layout with the new texts, or the bytes as they were delivered."""
    known = facts(
        sources=(source(pull=PullSettings(style=style)),),
        local={"de.json": here(b'{\n  "a": "eins",\n  "b": "zwei {n}"\n}\n')},
        fetched={WANTED: Fetched(WANTED, b'{"a" : "eins!","b" : "zwei {n}"}')},
    )
    assert decided(known)[1] == bytes_written


@pytest.mark.parametrize("style", ["repo", "smartling"])
def test_another_layout_of_the_same_strings_is_not_written(style: Any) -> None:
    """What the delivery says is there already."""
    known = facts(
        sources=(source(pull=PullSettings(style=style)),),
        local={"de.json": here(b'{"a": "eins",\n "b": "zwei {n}"}')},
    )
    change, content = decided(known)
    assert (change.action, change.reason, content) == (Action.KEEP, Reason.UNCHANGED, None)


def test_a_rule_that_only_warns_holds_nothing_back() -> None:
    """The finding stays in the plan, and the target is written."""
    lost = {WANTED: Fetched(WANTED, b'{"a": "eins", "b": "zwei"}\n')}
    held, _ = decided(facts(sources=(source(pull=PullSettings(invalid="file")),), fetched=lost))
    warned, content = decided(
        facts(sources=(source(rules={"placeholder-missing": "warning"}),), fetched=lost)
    )
    assert (held.action, warned.action, bool(content)) == (Action.HOLD, Action.WRITE, True)
    assert [(each.rule, each.severity) for each in warned.findings] == [("placeholder-missing", "warning")]


BARE = replace(WANTED, incomplete="empty")
UNTRANSLATED = b'{"a": "one", "b": "zwei, {n}"}\n'


def going_back(delivered: bytes = UNTRANSLATED, bare: bytes | None = None, **values: Any) -> PullFacts:
    """Return facts where the TMS has source text again for a string that is translated here.

    BARE is what it delivers without source text; None if that is not known.
    """
    defaults: dict[str, Any] = {
        "local": {"de.json": here(GERMAN)},
        "past": {"en.json": ()},
    }
    known = facts(**(defaults | values))
    return replace(known, fetched={WANTED: Fetched(WANTED, delivered), BARE: Fetched(BARE, bare)})


def test_a_translation_does_not_become_source_text() -> None:
    """It stays where the TMS has none any more, the rest is written, and the plan says so each time."""
    change, content = decided(going_back())

    assert content == b'{"a": "eins", "b": "zwei, {n}"}\n'
    assert (change.action, change.kept, asks_again(change)) == (Action.WRITE, ("a",), True)
    assert "1 translation kept (a)" in change.detail


def test_nothing_but_kept_translations_is_no_write() -> None:
    """With all of it kept the file is as it was, which is said too."""
    change, content = decided(going_back(SOURCE))

    assert (change.action, change.reason, change.kept, content) == (
        Action.KEEP,
        Reason.KEPT,
        ("a", "b"),
        None,
    )


def test_a_translation_that_equals_its_source_is_taken() -> None:
    """What is delivered without source text tells it apart, and is asked for only in such a case."""
    known = going_back(bare=b'{"a": "one", "b": "zwei, {n}"}')
    assert wants(replace(known, fetched={WANTED: Fetched(WANTED, UNTRANSLATED)})).pairs == {BARE}

    change, content = decided(known)

    assert (change.kept, content) == ((), UNTRANSLATED)


def test_force_takes_the_source_text() -> None:
    """Also where the memory would have said that nothing changed."""
    known = going_back(force=True, memory={"de.json": written()})

    assert decided(known)[1] == UNTRANSLATED


def test_an_old_source_text_is_no_translation() -> None:
    """A string that was never translated follows its source; the history of the source is asked."""
    aged = b'{"a": "an older one", "b": "zwei {n}"}\n'
    known = going_back(local={"de.json": here(aged)}, past={})
    assert wants(known).past == {"en.json"}
    known = replace(known, past={"en.json": ("s1", "s0")})
    assert wants(known).blobs == {"s0"}
    old = b'{"a": "an older one", "b": "two {n}"}\n'

    change, content = decided(replace(known, contents={"s1": SOURCE, "s0": old}))

    assert (change.kept, content) == ((), UNTRANSLATED)


def test_a_translation_that_no_longer_fits_is_not_kept() -> None:
    """The source has got a placeholder that the old translation lacks."""
    source_now = b'{"a": "one {n}", "b": "two {n}"}\n'
    delivered = b'{"a": "one {n}", "b": "zwei {n}"}\n'

    contents = {"s1": source_now, "s0": SOURCE}
    change, content = decided(going_back(delivered, contents=contents, past={"en.json": ("s1", "s0")}))

    assert (change.kept, content) == ((), delivered)


def test_a_translation_that_never_fitted_does_not_become_source_text() -> None:
    """An import holds it back; nobody has changed the source, so it stays to be put right, and is named."""
    source_now = b'{"a": "one {n}", "b": "two {n}"}\n'
    delivered = b'{"a": "one {n}", "b": "zwei {n}!"}\n'

    change, content = decided(going_back(delivered, contents={"s1": source_now}))

    assert (change.kept, content) == (("a",), b'{"a": "eins", "b": "zwei {n}!"}\n')


def test_a_translation_without_keys_is_kept_as_a_whole() -> None:
    """In a page nothing says which paragraph is which: all source text is refused, --force takes it."""
    page = source(file_type="markdown")
    known = going_back(
        b"# One\n\nTwo.\n",
        sources=(page,),
        contents={"s1": b"# One\n\nTwo.\n"},
        local={"de.json": here(b"# Eins\n\nZwei.\n")},
    )

    change, content = decided(known)

    assert (change.action, change.reason, content) == (Action.BLOCK, Reason.BACKWARDS, None)
    assert decided(replace(known, force=True))[1] == b"# One\n\nTwo.\n"


def stale(**values: Any) -> PullFacts:
    """Return facts of a clone whose last pull lies further back than the service tells."""
    defaults: dict[str, Any] = {
        "memory": {"de.json": written()},
        "local": {"de.json": here(GERMAN)},
        "fetched": {},
        "cursor": "window",
        "stale": THEN,
        "remote": replace(facts().remote, published=()),
    }
    return facts(**(defaults | values))


def test_after_a_long_time_one_file_is_asked_when_it_changed() -> None:
    """One small question instead of a download; what did not change stands."""
    known = stale()
    question = wants(known).question
    assert (set(question.modified), question.modified_since) == ({"en.json"}, THEN)

    same = replace(known, remote=replace(known.remote, modified={"en.json": frozenset({"fr-FR"})}))
    changed = replace(known, remote=replace(known.remote, modified={"en.json": frozenset({"de-DE"})}))

    assert decided(same)[0].reason is Reason.UNCHANGED
    assert wants(changed).pairs == {WANTED}


def test_after_a_long_time_many_files_are_downloaded() -> None:
    """An archive for 500 translations is cheaper than a question for each file."""
    sources = tuple(
        source(path=f"{n}.json", file_uri=f"{n}.json", targets=(Target("de-DE", "de", f"de{n}.json"),))
        for n in range(3)
    )
    memory = {f"de{n}.json": written(uri=f"{n}.json") for n in range(3)}
    local = {f"de{n}.json": here(GERMAN) for n in range(3)}
    files = {f"{n}.json": ListedFile(f"{n}.json", "json", THEN) for n in range(3)}
    blobs = {f"{n}.json": "s1" for n in range(3)}
    remote = RemoteState(files=files, published=())

    asked = wants(stale(sources=sources, memory=memory, local=local, blobs=blobs, remote=remote))

    assert not asked.question.modified
    assert len(asked.pairs) == 3


def test_edits_that_nobody_committed_are_kept() -> None:
    """Neither what the TMS has nor what the last pull wrote: blocked, unless forced."""
    edited = {"de.json": here(b'{"a": "mine", "b": "zwei {n}"}\n', uncommitted=True)}

    blocked, nothing = decided(facts(local=edited))
    forced, content = decided(facts(local=edited, force=True))

    assert (blocked.action, blocked.reason, nothing) == (Action.BLOCK, Reason.EDITED, None)
    assert (forced.action, content) == (Action.WRITE, GERMAN)


def test_what_the_last_pull_wrote_is_no_edit() -> None:
    """Two pulls without a commit in between do not get in each other's way."""
    known = facts(
        memory={"de.json": written()},
        local={"de.json": here(GERMAN, uncommitted=True)},
        remote=RemoteState(published=(PublishedPair("en.json", "de-DE", LATER),)),
        fetched={WANTED: Fetched(WANTED, NEWER)},
    )

    assert decided(known)[0].action is Action.WRITE


@pytest.mark.parametrize(
    "delivered",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<!DOCTYPE html><html><body>Sign in</body></html>", id="html"),
        pytest.param(b'{"response": {"code": "GENERAL_ERROR", "errors": []}}', id="error envelope"),
        pytest.param(b'{"a": "eins", ', id="cut"),
        pytest.param(b'{"a": "eins"}', id="key missing"),
        pytest.param(b'{"a": "eins", "b": "zwei {m}"}', id="placeholder changed"),
    ],
)
def test_a_broken_translation_is_held_back(delivered: bytes) -> None:
    """The old file stays, the finding says why, and the next pull asks again."""
    change, content = decided(
        facts(
            sources=(source(pull=PullSettings(invalid="file")),),
            local={"de.json": here(GERMAN)},
            fetched={WANTED: Fetched(WANTED, delivered)},
        )
    )

    assert (change.action, change.reason, content) == (Action.HOLD, Reason.INVALID, delivered)
    assert change.findings
    assert change.remember is None


@pytest.mark.parametrize(
    ("theirs", "delivered", "action"),
    [
        pytest.param(b'{"a": "one"}', b'{"a": "eins"}', Action.KEEP, id="a key less"),
        pytest.param(
            b'{"a": "one", "b": "{n}", "c": "x"}', b'{"a": "1", "b": "{n}", "c": "X"}', Action.KEEP, id="more"
        ),
        pytest.param(b'{"a": "one"}', b"{}", Action.HOLD, id="fits neither"),
        pytest.param(SOURCE, b'{"a": "eins"}', Action.HOLD, id="the same version"),
    ],
)
def test_a_translation_of_another_version_of_the_source_waits(
    theirs: bytes, delivered: bytes, action: Action
) -> None:
    """It is no bad translation: the branch is behind, or the source is not pushed yet."""
    known = facts(fetched={WANTED: Fetched(WANTED, delivered)}, local={"de.json": here(GERMAN)})

    change, _ = decided(replace(known, remote=replace(known.remote, originals={"en.json": theirs})))

    assert (change.action, change.remember) == (action, None)
    assert (change.awaits is Awaits.VERSION) == (action is Action.KEEP)


def test_a_service_that_shows_no_originals_is_not_asked_for_one() -> None:
    """What it delivers is judged by our source alone."""
    cut = {WANTED: Fetched(WANTED, b'{"a": "eins"}')}

    assert decided(facts(fetched=cut, shows_originals=False))[0].action is Action.HOLD


HALF = {WANTED: Fetched(WANTED, b'{"a": "ein Wort", "b": "zwei {m}"}\n')}
"""The first string is good, the second has a placeholder that its source does not have."""


@pytest.mark.parametrize(
    ("local", "source_then", "expected"),
    [
        pytest.param(None, None, b'{"a": "ein Wort", "b": "zwei, {n}"}\n', id="the source's text"),
        pytest.param("zwo {n}", None, b'{"a": "ein Wort", "b": "zwo {n}"}\n', id="a text that fits"),
        pytest.param("zwo", "zwei, {n}", b'{"a": "ein Wort", "b": "zwo"}\n', id="a text for this source"),
        pytest.param("zwo", "two", b'{"a": "ein Wort", "b": "zwei, {n}"}\n', id="a text for another source"),
        pytest.param("", None, b'{"a": "ein Wort", "b": "zwei, {n}"}\n', id="an empty text"),
    ],
)
def test_a_bad_string_does_not_hold_the_good_ones_back(
    local: str | None, source_then: str | None, expected: bytes
) -> None:
    """The good one is written; the bad one is named, and what is here stays if it fits or was meant so."""
    given = {} if local is None else {"de.json": here(f'{{"a": "eins", "b": "{local}"}}\n'.encode())}
    known = facts(contents={"s1": UNTRANSLATED}, local=given, fetched=HALF)
    if source_then is not None:
        assert wants(known).editions == {"de.json"}
        edition = Edition("2026-01-01T00:00:00", "t", pulled=True, commit="c")
        older = UNTRANSLATED.replace(b"zwei, {n}", source_then.encode())
        contents = {"s1": UNTRANSLATED, "t": given["de.json"].content, "s0": older}
        known = replace(
            known, editions={"de.json": (edition,)}, past={"en.json": ("s1", "s0")}, contents=contents
        )
        assert wants(known).beside == {("c", "en.json")}
        known = replace(known, beside={("c", "en.json"): "s0"})

    change, content = decided(known)

    assert (change.action, content) == (Action.WRITE, expected)
    assert change.held == ("b",)
    assert {finding.key for finding in change.findings} == {"b"}
    assert asks_again(change)

    again, nothing = decided(replace(known, local={"de.json": here(expected)}))

    assert (again.action, again.reason, nothing) == (Action.KEEP, Reason.HELD, None)
    assert again.held == ("b",)
    assert Report(Plan("pull", (again,))).exit_code == 7


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PullSettings(incomplete="empty"), b'{"a": "ein Wort", "b": ""}\n'),
        (PullSettings(incomplete="skip"), None),
        (PullSettings(invalid="file"), None),
    ],
)
def test_what_stands_for_a_bad_string_is_what_the_manifest_says(
    settings: PullSettings, expected: bytes | None
) -> None:
    """Nothing instead of the source's text; no file where an incomplete one is not wanted, or a bad one."""
    pair = replace(WANTED, incomplete=settings.incomplete)
    known = facts(
        sources=(source(pull=settings),),
        contents={"s1": UNTRANSLATED},
        fetched={pair: replace(HALF[WANTED], wanted=pair)},
    )

    change, content = decided(known)

    assert (change.action, content) == (
        (Action.WRITE, expected) if expected else (Action.HOLD, HALF[WANTED].content)
    )


def test_a_download_that_failed_is_held_back() -> None:
    """With what the service said."""
    error = ServiceError("refused")

    change, _ = decided(facts(fetched={WANTED: Fetched(WANTED, error=error)}))

    assert (change.action, change.reason, change.detail) == (Action.HOLD, Reason.UNAVAILABLE, "refused")


@pytest.mark.parametrize("published", [False, True])
def test_source_text_is_written_only_if_it_was_published(published: bool) -> None:
    """Text equal to the source may be a translation; a second look at what is published tells."""
    remote = replace(facts().remote, published=())
    known = facts(remote=remote, fetched={WANTED: Fetched(WANTED, SOURCE)})
    proof = replace(WANTED, incomplete="skip")
    assert wants(known).pairs == {proof}
    answer = Fetched(proof, SOURCE if published else None)

    change, content = decided(replace(known, fetched={**known.fetched, proof: answer}))

    expected = (Action.WRITE, Reason.NEW, SOURCE) if published else (Action.KEEP, Reason.NOT_PUBLISHED, None)
    assert (change.action, change.reason, content) == expected


def test_a_published_translation_may_equal_its_source() -> None:
    """English for another English-speaking country, for instance."""
    assert decided(facts(fetched={WANTED: Fetched(WANTED, SOURCE)}))[0].action is Action.WRITE


def test_a_source_that_is_not_uploaded_has_no_translations() -> None:
    """It is not asked for, so that it cannot spoil an archive."""
    known = facts(remote=RemoteState(files={}, published=()), fetched={})

    assert decided(known)[0].reason is Reason.NOT_UPLOADED


def test_one_locale_fills_several_files_from_one_download() -> None:
    """Two local names, one pair."""
    targets = (Target("es-ES", "es-ES", "es-ES.json"), Target("es-ES", "es-MX", "es-MX.json"))

    asked = wants(facts(sources=(source(targets=targets, locales=("es-ES",)),), fetched={}))

    assert asked.pairs == {Wanted("en.json", "es-ES")}


def test_a_source_is_read_once_for_all_its_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging and restyling twenty translations reads each once or twice, and the source once."""
    read: list[bytes] = []
    reader = resource_files._READERS["json"]

    def counting(data: bytes, directives: Mapping[str, str], charset: str | None) -> formats.Document:
        read.append(data)
        return reader(data, directives, charset)

    monkeypatch.setitem(resource_files._READERS, "json", counting)
    resource_files._remembered.cache_clear()
    locales = [f"l{index}" for index in range(20)]
    targets = tuple(Target(each, each, f"{each}.json") for each in locales)
    made = {each: SOURCE.replace(b"one", each.encode()) for each in locales}
    fetched = {Wanted("en.json", each): Fetched(Wanted("en.json", each), made[each]) for each in locales}
    known = facts(sources=(source(targets=targets, locales=tuple(locales)),), fetched=fetched)

    found = plan_pull(known)
    assert not isinstance(found, Wants)
    plan, _contents = found

    assert plan.count(Action.WRITE) == 20
    assert read.count(SOURCE) == 1
    assert len(read) <= 1 + 2 * 20


def test_a_copy_of_the_source_needs_no_download() -> None:
    """`copies:` writes the source itself."""
    change, content = decided(
        facts(sources=(source(targets=(Target("", "en-GB", "en-GB.json"),)),), fetched={})
    )

    assert (change.action, content) == (Action.WRITE, SOURCE)


def test_below_min_completion_a_target_is_left_as_it_is() -> None:
    """The completion is asked for only where a threshold needs it."""
    known = facts(sources=(source(pull=PullSettings(min_completion=Threshold(80))),), fetched={})
    assert wants(known).question.statuses == {"en.json"}
    counts = {"de-DE": LocaleCounts(completed_words=79)}
    status = FileStatus("en.json", THEN, "en.json", {}, 2, 100, counts)

    change, _ = decided(replace(known, remote=replace(known.remote, statuses={"en.json": status})))

    assert (change.action, change.reason, change.detail) == (
        Action.KEEP,
        Reason.BELOW_COMPLETION,
        "79 % of 80 %",
    )


def test_each_locale_may_have_its_own_least_completion() -> None:
    """A number for one locale, another for the rest."""
    least = Threshold(50, {"de-DE": 90})
    known = facts(sources=(source(pull=PullSettings(min_completion=least)),), fetched={})
    counts = {"de-DE": LocaleCounts(completed_words=79)}
    status = FileStatus("en.json", THEN, "en.json", {}, 2, 100, counts)

    change, _ = decided(replace(known, remote=replace(known.remote, statuses={"en.json": status})))

    assert (change.reason, change.detail) == (Reason.BELOW_COMPLETION, "79 % of 90 %")


@pytest.mark.parametrize(
    ("total", "completed", "excluded", "percent"),
    [(0, 0, 0, 100), (1000, 999, 0, 99), (3, 2, 0, 66), (10, 8, 2, 100), (10, 7, 2, 70), (10, 0, 10, 0)],
)
def test_completion_is_rounded_down(total: int, completed: int, excluded: int, percent: int) -> None:
    """99.96 is not 100, and excluded words never make up for missing ones."""
    counts = {"de-DE": LocaleCounts(0, 0, completed, completed, excluded, excluded)}

    assert completion(FileStatus("u", THEN, "n", {}, total, total, counts), "de-DE") == percent


# --- a service that translates whole contents ---


def test_the_translation_of_an_earlier_version_is_taken_if_it_fits() -> None:
    """Until the present content is translated the earlier translation serves; one that does not fit waits."""
    for delivered, action, reason in (
        (NEWER, Action.WRITE, Reason.NEWER),
        (b'{"a": "eins"}\n', Action.KEEP, Reason.NOT_PUBLISHED),
    ):
        known = facts(
            memory={}, local={"de.json": here(GERMAN)},
            fetched={WANTED: Fetched(WANTED, delivered, outdated=True)},
        )  # fmt: skip
        change, _ = decided(known)
        assert (change.action, change.reason) == (action, reason)


def test_the_repository_says_which_contents_it_holds() -> None:
    """Questions carry the blob of each source, and so does each download."""
    asked = wants(facts(memory={}, remote=RemoteState()))
    assert asked.question.contents == {"en.json": "s1"}
    (pair,) = wants(facts(fetched={})).pairs
    assert pair.blob == "s1"


def test_completion_is_the_services_own_where_nothing_is_counted() -> None:
    """A percentage is taken as it is; a locale that was never ordered has none."""
    status = FileStatus("en.json", "", "", {}, 0, 0, {"de-DE": LocaleCounts(percent=40)}, counted=False)
    assert (completion(status, "de-DE"), completion(status, "fr-FR")) == (40, 0)
