"""What Smartling's provider does in particular, against its sandbox in a process of its own.

What every provider must do stands in `test_boundary.py`.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from l10nsync.errors import Interrupted, ServiceError, TemporaryError, UnfinishedPushError
from l10nsync.model import (
    JobAction,
    JobRequest,
    Outcome,
    Project,
    Question,
    Submission,
    Upload,
    Wanted,
    fold,
)
from l10nsync.providers import connect_to
from l10nsync.providers.base import Provider
from l10nsync.providers.smartling.archives import unpack
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.provider import Smartling
from l10nsync.providers.smartling.submit import job as submitting
from l10nsync.providers.smartling.submit.job import numbered, searched
from l10nsync.providers.smartling.submit.pushed import same_content
from l10nsync.sandbox.testing import SandboxServer
from tests.providers.worlds import SmartlingWorld, finals

LOCALES = ("de-DE", "fr-FR")
QUICK = PollingPace(looks=(0.005,), stall=0.1)


@pytest.fixture
def world(sandbox_server: SandboxServer) -> SmartlingWorld:
    return SmartlingWorld(sandbox_server, sandbox_server.control.project(LOCALES))


def content(text: str) -> bytes:
    return json.dumps({"greeting": text}).encode()


def uploads(number: int, text: str = "Hello", **changes: Any) -> tuple[Upload, ...]:
    made = (
        Upload(f"app/{at}.json", "json", f"app/{at}.json", LOCALES, content(f"{text} {at}"))
        for at in range(number)
    )
    return tuple(replace(each, **changes) for each in made)


def submission(number: int = 2, text: str = "Hello", **changes: Any) -> Submission:
    return replace(Submission(JobRequest("repo main"), uploads(number, text)), **changes)


def statuses(outcomes: dict[str, Outcome]) -> set[str]:
    return {each.status for each in outcomes.values()}


# --- connecting ---


def test_a_provider_is_found_by_its_name(world: SmartlingWorld) -> None:
    """The name in the manifest leads to a provider that answers; nothing is sent before it is asked."""
    since = world.control.last()
    provider: Provider = connect_to(Project("default", world.ident), world.connection())
    try:
        assert world.control.requests(since, world.ident) == []
        details = provider.observe(Question(project=True)).project
        assert details is not None
        assert (details.id, details.source_locale, details.locales) == (world.ident, "en-US", LOCALES)
    finally:
        provider.close()


# --- submit ---


def test_a_push_arrives_and_is_confirmed(world: SmartlingWorld) -> None:
    """Every file is done with its counts, the job is new, linked, and not authorized."""
    outcomes, jobs = world.push(submission(3))
    assert {each.status for each in outcomes.values()} == {"done"}
    assert {each.strings for each in outcomes.values()} == {2}
    assert all(each.last_uploaded for each in outcomes.values())
    assert len(jobs) == 1
    assert (jobs[0].name, jobs[0].created, jobs[0].authorized) == ("repo main", True, False)
    assert jobs[0].url.endswith(f"/sandbox/projects/{world.ident}/jobs/{jobs[0].uid}")
    view = world.view()
    assert set(view["files"]) == {f"app/{at}.json" for at in range(3)}
    assert view["files"]["app/0.json"]["namespace"] == "app/0.json"
    assert [job["status"] for job in view["jobs"]] == ["AWAITING_AUTHORIZATION"]
    assert view["openBatches"] == []


def test_the_requests_of_a_push_are_a_budget(world: SmartlingWorld) -> None:
    """Four requests before the uploads, in a new job as in a used one; one page reads all back."""
    world.control.policies(world.ident, batch={"looks": 1})
    since = world.control.last()
    world.push(submission(4, job=JobRequest("repo main", authorize=True)))
    assert world.operations(since) == [
        *["authenticate"], "getJobsByProject", "addJob", "createJobBatchV2",
        "getRecentlyUploadedSourceFilesList", *["uploadFileToJobBatchV2"] * 4,
        "getJobBatchStatusV2", "getRecentlyUploadedSourceFilesList", "authorizeJob",
        "getJobDetails",
    ]  # fmt: skip
    changed = known(world, uploads(4, "Other"))
    since = world.control.last()
    world.push(submission(uploads=changed))
    operations = world.operations(since)
    assert operations[:4] == ["authenticate", "getJobsByProject", "getJobBatchesListV2", "createJobBatchV2"]
    assert operations[4:9] == ["getRecentlyUploadedSourceFilesList", *["uploadFileToJobBatchV2"] * 4]


def known(world: SmartlingWorld, files: tuple[Upload, ...]) -> tuple[Upload, ...]:
    """Return the uploads with what the list of files says now."""
    with world.provider() as provider:
        listed = provider.observe(Question(files=True)).files or {}
    return tuple(
        replace(each, last_uploaded=listed[fold(each.uri)].last_uploaded)
        if fold(each.uri) in listed
        else each
        for each in files
    )


def test_the_settings_of_an_upload_arrive(world: SmartlingWorld) -> None:
    """Namespace, directives, charset and callback reach the service as they were given."""
    odd = Upload(
        'app/"ä".json', "json", "shared", ("de-DE",), content("Hi"),
        charset="UTF-8", directives={"string_format": "icu"},
    )  # fmt: skip
    world.push(submission(uploads=(odd,), callback_url="https://example.org/back"))
    file = world.view()["files"]['app/"ä".json']
    assert (file["namespace"], file["directives"], file["callback"]) == (
        "shared",
        {"string_format": "icu"},
        "https://example.org/back",
    )
    assert world.view()["jobs"][0]["locales"] == ["de-DE"]


def test_a_job_is_authorized_last(world: SmartlingWorld) -> None:
    """With `authorize` the job is authorized, and a second time is no error."""
    request = JobRequest("repo main", authorize=True)
    _, jobs = world.push(submission(job=request))
    assert jobs[0].authorized
    _, again = world.push(Submission(request))
    assert again[0].authorized
    assert [job["status"] for job in world.view()["jobs"]] == ["IN_PROGRESS"]


def test_a_submission_without_uploads_authorizes_what_is_there(world: SmartlingWorld) -> None:
    """What an interrupted push left in the job is authorized; an unknown job is an error."""
    world.push(submission())
    request = JobRequest("repo main", authorize=True)
    _, jobs = world.push(Submission(request))
    assert jobs[0].authorized
    with pytest.raises(ServiceError, match="no open job 'other'"):
        world.push(Submission(replace(request, name="other")))


@pytest.mark.parametrize("wait", ["accepted", "none"])
def test_a_short_wait_never_authorizes(world: SmartlingWorld, wait: Any) -> None:
    """Without waiting the files are accepted, not done, and the job is left unauthorized."""
    outcomes, jobs = world.push(submission(wait=wait, job=JobRequest("repo main", authorize=True)))
    assert statuses(outcomes) == {"accepted"}
    assert not jobs[0].authorized
    assert "not confirmed" in jobs[0].note


def test_a_batch_with_files_that_are_not_sent_by_now_is_finished_first(world: SmartlingWorld) -> None:
    """The second of two quick pushes finds the first one's batch open: what was planned may no longer fit."""
    world.push(submission(wait="accepted"))
    other = Upload("app/other.json", "json", "o", LOCALES, content("Other"))
    with pytest.raises(UnfinishedPushError):
        world.push(submission(uploads=(other,), wait="accepted"))
    assert set(world.view()["files"]) == {"app/0.json", "app/1.json"}
    outcomes, _ = world.push(submission(uploads=(other,), wait="accepted"))
    assert statuses(outcomes) == {"accepted"}
    world.control.finish(world.ident)
    assert set(world.view()["files"]) == {"app/0.json", "app/1.json", "app/other.json"}


def test_a_file_without_strings_is_no_failure(world: SmartlingWorld) -> None:
    """Nothing to translate in one file stops neither the others nor the authorization."""
    empty = Upload("app/empty.json", "json", "e", LOCALES, b"{}")
    request = JobRequest("repo main", authorize=True)
    outcomes, jobs = world.push(submission(job=request, uploads=(*uploads(1), empty)))
    assert outcomes["app/empty.json"].status == "no strings"
    assert outcomes["app/0.json"].status == "done"
    assert jobs[0].authorized


def test_a_broken_file_is_reported_and_holds_the_job_back(world: SmartlingWorld) -> None:
    """A file that the service cannot parse fails with its words; the others arrive; nothing is paid."""
    broken = Upload("app/broken.json", "json", "b", LOCALES, b'{"a": ')
    request = JobRequest("repo main", authorize=True)
    outcomes, jobs = world.push(submission(job=request, uploads=(*uploads(2), broken)))
    assert outcomes["app/broken.json"].status == "failed"
    assert isinstance(outcomes["app/broken.json"].error, ServiceError)
    assert outcomes["app/0.json"].status == outcomes["app/1.json"].status == "done"
    assert not jobs[0].authorized
    assert world.view()["openBatches"] == []


def test_a_refused_upload_is_cancelled(world: SmartlingWorld) -> None:
    """A file that cannot be sent is taken out of the batch, so that the others go through."""
    world.control.fault(
        "status", project=world.ident, operation="uploadFileToJobBatchV2", nth=1, status=400,
        code="VALIDATION_ERROR", message="unknown directive",
    )  # fmt: skip
    outcomes, _ = world.push(submission(3), concurrency=1)
    assert sorted(each.status for each in outcomes.values()) == ["done", "done", "failed"]
    failed = next(each for each in outcomes.values() if each.status == "failed")
    assert "unknown directive" in str(failed.error)
    assert world.view()["openBatches"] == []


def test_an_upload_that_was_not_kept_is_sent_again(world: SmartlingWorld) -> None:
    """When the service says yes and keeps nothing, the read-back notices."""
    world.control.fault("lie", project=world.ident, operation="uploadFileToJobBatchV2", nth=1)
    outcomes, _ = world.push(submission(2), concurrency=1)
    assert statuses(outcomes) == {"done"}
    assert set(world.view()["files"]) == {"app/0.json", "app/1.json"}


def test_a_finished_job_is_not_used_again(world: SmartlingWorld) -> None:
    """A completed job of that name is followed by number 2, which the next push finds."""
    world.push(submission(job=JobRequest("repo main", authorize=True)))
    world.control.translate(world.ident)
    world.control.publish(world.ident)
    assert [job["status"] for job in world.view()["jobs"]] == ["COMPLETED"]
    _, second = world.push(submission(2, "Changed"))
    _, third = world.push(submission(2, "Again"))
    assert (second[0].name, second[0].created) == ("repo main 2", True)
    assert (third[0].name, third[0].created, third[0].uid) == ("repo main 2", False, second[0].uid)


def test_jobs_that_were_looked_for_along_may_be_others_by_now(world: SmartlingWorld) -> None:
    """A name that was free is taken, and a job that was open is gone: a push finds out by itself."""
    ask = Question(files=True, filled=frozenset({"repo main"}))
    with world.provider() as provider:
        provider.observe(ask)
        other = replace(uploads(1)[0], uri="other.json", namespace="other.json")
        _, first = world.push(submission(uploads=(other,)))
        found, second = finals(provider.submit(submission(2)))
        assert statuses(found) == {"done"}
        assert (second[0].uid, second[0].created) == (first[0].uid, False)
        provider.observe(ask)
        world.push(Submission(actions=(JobAction("cancel", first[0].uid),)))
        found, third = finals(provider.submit(submission(uploads=known(world, uploads(2, "Again")))))
        assert statuses(found) == {"done"}
        assert third[0].created
        provider.observe(ask)
        mark = world.control.last()
        _, fourth = finals(provider.submit(submission(uploads=known(world, uploads(2, "Once more")))))
        assert fourth[0].uid == third[0].uid
        assert "getJobsByProject" not in world.operations(mark)


def test_names_that_only_contain_ours_are_not_ours(world: SmartlingWorld) -> None:
    """The search finds similar names; only the exact one counts."""
    world.push(submission(1, job=JobRequest("repo main old")))
    _, jobs = world.push(submission(1, "New"))
    assert (jobs[0].name, jobs[0].created) == ("repo main", True)


def test_the_same_second_is_told_by_content(world: SmartlingWorld) -> None:
    """Where `lastUploaded` cannot tell, the stored source is compared."""
    world.push(submission(1))
    same = known(world, uploads(1))
    outcomes, _ = world.push(submission(uploads=same))
    assert statuses(outcomes) == {"done"}


def test_an_abandoned_batch_is_taken_up(world: SmartlingWorld) -> None:
    """A batch with our files and a stranger's: ours are sent, his are cancelled after the stall."""
    with world.provider() as provider:
        assert isinstance(provider, Smartling)
        job = provider.api.create_job({"jobName": "repo main", "targetLocaleIds": list(LOCALES)})
        provider.api.create_batch(job.uid, ["app/0.json", "stranger.json"])
    outcomes, jobs = world.push(submission(2))
    assert statuses(outcomes) == {"done"}
    assert jobs[0].uid == job.uid
    view = world.view()
    assert view["openBatches"] == []
    assert set(view["files"]) == {"app/0.json", "app/1.json"}


def test_a_lost_answer_makes_no_second_job(world: SmartlingWorld) -> None:
    """Job and batch that were created without an answer are found, not made twice."""
    for operation in ("addJob", "createJobBatchV2", "uploadFileToJobBatchV2", "authorizeJob"):
        world.control.fault("drop_after", project=world.ident, operation=operation)
    outcomes, jobs = world.push(submission(2, job=JobRequest("repo main", authorize=True)))
    assert statuses(outcomes) == {"done"}
    assert jobs[0].authorized
    view = world.view()
    assert len(view["jobs"]) == 1
    assert view["openBatches"] == []


CALLS = 12
"""Calls of a push of two files: search, job, batch, two uploads, two looks, list, authorization; one more."""


@pytest.mark.parametrize("after", [False, True], ids=["unsent", "unanswered"])
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_a_push_killed_anywhere_is_finished_by_the_next(world: SmartlingWorld, at: int, after: bool) -> None:
    """The remote state is that of an uninterrupted push: one job, no open batch, every file once."""
    work = submission(2, job=JobRequest("repo main", authorize=True))
    with world.provider(at=at, after=after, concurrency=1) as provider:
        try:
            finals(provider.submit(work))
            died = False
        except Interrupted:
            died = True
    assert died == (at < CALLS)
    _, jobs = world.push(work)
    assert jobs[0].authorized
    reference = SmartlingWorld(world.server, world.control.project(LOCALES))
    reference.push(work)
    assert world.view() == reference.view()


@pytest.mark.parametrize(
    "switches",
    [
        {
            "last_uploaded_millis": True,
            "batch_errors_empty": "{}",
            "empty_job_status": "AWAITING_AUTHORIZATION",
        },
        {"second_batch_refused": False, "new_content_reopens": False},
        {"empty_batch_blocks": True, "json_keys_are_variants": False},
    ],
    ids=["words", "rules", "strict"],
)
@pytest.mark.parametrize("at", [4, 5, 7])
def test_open_questions_do_not_matter(world: SmartlingWorld, switches: dict[str, Any], at: int) -> None:
    """Where the service's behaviour is not known, a push and its repetition work with both sides."""
    world.control.switches(world.ident, **switches)
    work = submission(2, job=JobRequest("repo main", authorize=True))
    with pytest.raises(Interrupted), world.provider(at=at, after=True, concurrency=1) as provider:
        finals(provider.submit(work))
    outcomes, jobs = world.push(work)
    assert statuses(outcomes) == {"done"}
    assert jobs[0].authorized
    view = world.view()
    assert (len(view["jobs"]), view["openBatches"]) == (1, [])


@pytest.mark.parametrize(("first", "second"), [(2, 2), (4, 3), (6, 5)])
def test_a_push_killed_twice_is_finished_by_the_third(world: SmartlingWorld, first: int, second: int) -> None:
    """Killed again while it recovers, the work still ends in the same state; so does going back to A."""
    for text in ("A", "B", "A"):
        for at in (first, second):
            work = submission(uploads=known(world, uploads(2, text)))
            with world.provider(at=at, after=True, concurrency=1) as provider:
                try:
                    finals(provider.submit(work))
                except Interrupted:
                    continue
        outcomes, _ = world.push(submission(uploads=known(world, uploads(2, text))))
        assert statuses(outcomes) == {"done"}
        view = world.view()
        assert (len(view["jobs"]), view["openBatches"]) == (1, [])
    reference = SmartlingWorld(world.server, world.control.project(LOCALES))
    reference.push(submission(2, "A"))
    shas = {uri: file["sha"] for uri, file in world.view()["files"].items()}
    assert shas == {uri: file["sha"] for uri, file in reference.view()["files"].items()}


def test_tokens_that_expire_during_a_push_cost_one_refresh(own_sandbox: SandboxServer) -> None:
    """All workers go on with one new token."""
    world = SmartlingWorld(own_sandbox, own_sandbox.control.project(LOCALES))
    with world.provider() as provider:
        events = provider.submit(submission(20))
        next(events)
        world.control.expire_tokens()
        outcomes, _ = finals(events)
        assert isinstance(provider, Smartling)
        assert provider.requests["refresh the token"] == 1
    assert statuses(outcomes) == {"done"}


def test_two_runs_at_once_share_one_job(world: SmartlingWorld) -> None:
    """Two pushes of the same files both succeed and leave one job and no open batch."""
    results: list[set[str]] = []

    def run() -> None:
        results.append(statuses(world.push(submission(4))[0]))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [{"done"}, {"done"}]
    view = world.view()
    assert len(view["jobs"]) == 1
    assert view["openBatches"] == []


def test_a_batch_that_never_ends_is_temporary(world: SmartlingWorld) -> None:
    """At the deadline the run ends with the advice to run again; the files are not sent twice."""
    world.control.policies(world.ident, batch={"looks": None, "seconds": 9999})
    with pytest.raises(TemporaryError, match="has not finished") as raised:
        world.push(submission(1), deadline=1.0)
    assert raised.value.hint


def test_a_full_job_is_followed_by_the_next(world: SmartlingWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """More files than a job holds go to numbered jobs; the same files find the same jobs again."""
    monkeypatch.setattr(submitting, "JOB_FILES", 3)
    outcomes, jobs = world.push(submission(7))
    assert statuses(outcomes) == {"done"}
    names = ["repo main", "repo main 2", "repo main 3"]
    assert [(job.name, job.created) for job in jobs] == [(name, True) for name in names]
    outcomes, jobs = world.push(submission(uploads=known(world, uploads(8, "Changed"))))
    assert statuses(outcomes) == {"done"}
    assert [(job.name, job.created) for job in jobs] == [(name, False) for name in names]
    assert [len(job["files"]) for job in world.view()["jobs"]] == [3, 3, 2]


# --- observe ---


def test_a_project_is_observed(world: SmartlingWorld) -> None:
    """Files, sources, statuses, jobs and what was published are answered by folded fileUri."""
    files = uploads(2)
    names = (replace(files[0], uri="App/ONE.json"), files[1])
    world.push(submission(uploads=names))
    world.control.translate(world.ident, {"de-DE": 100})
    uris = frozenset({"App/ONE.json", "unknown.json"})
    with world.provider() as provider:
        state = provider.observe(
            Question(files=True, originals=uris, statuses=uris, jobs=uris, published_since="window")
        )
    assert set(state.files or ()) == {"app/one.json", "app/1.json"}
    assert state.originals == {"app/one.json": content("Hello 0")}
    assert set(state.statuses) == {"app/one.json"}
    status = state.statuses["app/one.json"]
    assert (status.namespace, status.total_strings) == ("app/0.json", 1)
    assert status.locales["de-DE"].completed_strings == 1
    assert status.locales["fr-FR"].authorized_strings == 1
    assert state.jobs is not None
    assert [dict(job.files) for job in state.jobs] == [{"App/ONE.json": LOCALES}]
    assert state.jobs_asked == {"app/one.json", "unknown.json"}
    assert {(pair.uri, pair.locale) for pair in state.published or ()} == {
        ("App/ONE.json", "de-DE"),
        ("app/1.json", "de-DE"),
    }
    assert state.server_time.endswith("Z")


def test_a_long_list_is_read_in_pages(world: SmartlingWorld) -> None:
    """All pages together give every file once."""
    world.push(submission(230))
    since = world.control.last()
    with world.provider() as provider:
        files = provider.observe(Question(files=True)).files
    assert len(files or ()) == 230
    assert world.operations(since).count("getRecentlyUploadedSourceFilesList") == 3


# --- fetch ---


def wanted(number: int, **changes: Any) -> list[Wanted]:
    return [Wanted(f"app/{at}.json", locale, **changes) for at in range(number) for locale in LOCALES]


@pytest.fixture
def translated(world: SmartlingWorld) -> SmartlingWorld:
    world.push(submission(3))
    world.control.translate(world.ident, {"de-DE": 100})
    return world


def test_translations_come_in_one_archive(translated: SmartlingWorld) -> None:
    """Six files cost one request; the untranslated ones hold the source text."""
    since = translated.control.last()
    with translated.provider() as provider:
        found = list(provider.fetch(wanted(3)))
    assert len(found) == 6
    assert all(each.error is None and each.content for each in found)
    german = next(each.content for each in found if each.wanted.locale == "de-DE")
    assert german is not None
    assert "(de-DE)" in german.decode()
    assert translated.operations(since) == ["authenticate", "downloadMultipleFilesTranslations"]


def test_incomplete_files_are_skipped_or_emptied(translated: SmartlingWorld) -> None:
    """`skip` gives no content for what is not published, `empty` gives no source text."""
    with translated.provider() as provider:
        skipped = {each.wanted: each for each in provider.fetch(wanted(1, incomplete="skip"))}
        emptied = {each.wanted: each for each in provider.fetch(wanted(1, incomplete="empty"))}
    french = Wanted("app/0.json", "fr-FR", incomplete="skip")
    assert (skipped[french].content, skipped[french].error) == (None, None)
    assert skipped[replace(french, locale="de-DE")].content
    nothing = emptied[replace(french, incomplete="empty")].content
    assert nothing is not None
    assert b"Hello" not in nothing


def test_only_what_is_unknown_fails(translated: SmartlingWorld) -> None:
    """An archive that is refused because of one file is halved until only that file fails."""
    with translated.provider() as provider:
        asked = [*wanted(3), Wanted("nowhere.json", "de-DE")]
        found = {each.wanted: each for each in provider.fetch(asked)}
    assert set(found) == set(asked)
    bad = [each for each in found.values() if each.error]
    assert [each.wanted.uri for each in bad] == ["nowhere.json"]
    assert isinstance(bad[0].error, ServiceError)


@pytest.mark.parametrize("action", ["cut_zip", "html", "empty", "close_middle", "wrong_length"])
def test_a_broken_archive_is_not_believed(translated: SmartlingWorld, action: str) -> None:
    """A damaged archive is asked for again or in parts; every translation still arrives whole."""
    project = translated.ident
    translated.control.fault(action, project=project, operation="downloadMultipleFilesTranslations", count=2)
    with translated.provider() as provider:
        found = list(provider.fetch(wanted(3)))
    assert len(found) == 6
    assert all(each.error is None and json.loads(each.content or b"") for each in found)


# --- pure parts ---


def archive(entries: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in entries:
            made.writestr(name, data)
    return buffer.getvalue()


def test_entries_are_known_by_name_only() -> None:
    """Leading slashes, `..`, case and `.pot` are understood; strange entries are left alone."""
    chunk = (
        Wanted("/abs/a.json", "de-DE"),
        Wanted("../up/b.json", "de-DE"),
        Wanted("po/c.pot", "fr-FR"),
        Wanted("gone.json", "fr-FR"),
    )
    body = archive(
        [
            ("de-DE/abs/a.json", b"a"),
            ("de-DE/../up/b.json", b"no"),
            ("de-DE/UP/b.json", b"b"),
            ("fr-FR/po/c.po", b"c"),
            ("../../etc/passwd", b"x"),
        ]
    )
    assert unpack(io.BytesIO(body), chunk, bytes) == {chunk[0]: b"a", chunk[1]: b"b", chunk[2]: b"c"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_occurs_twice_is_not_taken() -> None:
    """Of two entries of one name none can be trusted."""
    chunk = (Wanted("a.json", "de-DE"), Wanted("b.json", "de-DE"))
    body = archive([("de-DE/a.json", b"1"), ("de-DE/A.json", b"2"), ("de-DE/b.json", b"b")])
    assert unpack(io.BytesIO(body), chunk, bytes) == {chunk[1]: b"b"}


def test_a_flipped_bit_spoils_an_archive() -> None:
    """Content that does not fit its checksum is refused."""
    body = bytearray(archive([("de-DE/a.json", b"content of the file")]))
    at = bytes(body).index(b"content")
    body[at] ^= 1
    with pytest.raises(ServiceError, match="cannot be read"):
        unpack(io.BytesIO(bytes(body)), (Wanted("a.json", "de-DE"),), bytes)


def test_long_names_keep_their_end() -> None:
    """A name that is too long is cut before its digest; all its numbers are found by one search."""
    name = "x" * 180 + " 0123456789"
    forms = [numbered(name, number) for number in (1, 2, 100)]
    assert all(len(form) <= 170 and searched(name) in form for form in forms)
    assert forms[0].endswith(" 0123456789")
    assert numbered("repo main", 1) == "repo main" == searched("repo main")


@pytest.mark.parametrize(
    ("stored", "sent", "charset", "same"),
    [
        (b"abc", b"abc", None, True),
        ("ä".encode(), "ä".encode("latin-1"), "ISO-8859-1", True),
        ("ä".encode("utf-16"), "ä".encode(), None, True),
        ("ä".encode("utf-16-le"), "ä".encode("utf-16"), "UTF-16LE", True),
        ("ö".encode(), "ä".encode("latin-1"), "ISO-8859-1", False),
        (b"\xff\x00\xff", b"\xff\x00\xfe", None, False),
    ],
)
def test_content_is_compared_as_the_service_stores_it(
    stored: bytes, sent: bytes, charset: str | None, same: bool
) -> None:
    """Another encoding of the same text is the same content; another text is not."""
    assert same_content(stored, sent, charset) is same
