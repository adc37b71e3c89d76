"""SmartMATE: orders that are known again by their tags, nothing ordered twice, and documents told apart."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.errors import (
    CredentialsError,
    Interrupted,
    ServiceError,
    SupersededError,
    TemporaryError,
    UsageError,
)
from l10nsync.model import (
    Fence,
    InFlight,
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
from l10nsync.providers.base import Connection, Secret
from l10nsync.providers.multipart import FilePart, encode
from l10nsync.providers.replies import read_reply
from l10nsync.providers.smartmate import dates
from l10nsync.providers.smartmate import submit as submitting
from l10nsync.providers.smartmate.api import DocumentProgress, Final, Request, SourceDocument
from l10nsync.providers.smartmate.identity import (
    TAG_LENGTH,
    Known,
    blob_of,
    document_name,
    file_tag,
    is_document_of,
    key,
    language_tags,
    normal,
    project_tag,
    read_tags,
    spelled,
)
from l10nsync.providers.smartmate.ledger import Ambiguity, Ledger, final_of
from l10nsync.providers.smartmate.service import OrderSettings
from l10nsync.sandbox.testing import CONTACT, SECRET, SandboxServer
from tests.providers.worlds import LOCALES, ORDER, SmartMateWorld, finals, world_of

JOB = JobRequest("repo main")


@pytest.fixture
def world(sandbox_server: SandboxServer) -> SmartMateWorld:
    found: SmartMateWorld = world_of("smartmate", sandbox_server)
    return found


def content(text: str) -> bytes:
    return json.dumps({"greeting": text}).encode()


def upload(uri: str, text: str, locales: tuple[str, ...] = LOCALES) -> Upload:
    made = Upload(uri, "json", uri, locales, content(text))
    return replace(made, blob=blob_of(made))


def uploads(number: int, text: str = "Hello", locales: tuple[str, ...] = LOCALES) -> tuple[Upload, ...]:
    return tuple(upload(f"app/{at}/en.json", f"{text} {at}", locales) for at in range(number))


def requests(world: SmartMateWorld) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.view()["requests"]
    return found


# --- what an order says ---


def test_an_order_says_what_the_manifest_says(world: SmartMateWorld) -> None:
    """Names, title, note, purchase order, references, own tags, delivery date and address arrive."""
    world.settings = replace(
        ORDER, purchase_order="PO-1", note="Be brief.", tags=("web",), references=("docs/terms.csv",)
    )
    job = JobRequest("repo main", description="Release 2", reference_number="R-7")
    sent = Submission(
        job, uploads(1, locales=("de-DE",)), callback_url="http://127.0.0.1:9/hook",
        references=(("docs/terms.csv", b"a,b"),),
    )  # fmt: skip
    world.push(sent)
    (request,) = requests(world)
    assert request["fields"] == {
        "Title": "repo main (de-DE)",
        "Note": "Be brief.\n\nRelease 2",
        "PurchaseOrder": "PO-1",
        "RequesterReference": "R-7",
    }
    assert (request["source"], request["targets"]) == ("en-US", ["de-DE"])
    assert request["references"] == ["terms.csv"]
    assert request["notify"] == "http://127.0.0.1:9/hook"
    assert "web" in request["tags"]
    assert project_tag("site") in request["tags"]


def test_languages_have_the_names_that_the_service_gives_them(world: SmartMateWorld) -> None:
    """A project's own codes stand for its locales in orders, answers and downloads."""
    world.names = {"zh-Hans": "zh-CN", "sr": "sr-Latn-RS", "en": "en-US"}
    sent = uploads(1, locales=("zh-Hans", "sr"))
    world.push(Submission(JOB, sent))
    assert sorted(each["targets"][0] for each in requests(world)) == ["sr-Latn-RS", "zh-CN"]
    world.translate()
    with world.provider() as provider:
        state = provider.observe(
            Question(project=True, files=True, published_since="window", contents={sent[0].uri: sent[0].blob})
        )
        assert state.files is not None
        versions = state.files[fold(sent[0].uri)].versions or {}
        assert set(versions[sent[0].blob]) == {"zh-Hans", "sr"}
        assert {each.locale for each in state.published or ()} == {"zh-Hans", "sr"}
        assert state.project is not None
        assert {"zh-Hans", "sr", "de-DE"} <= set(state.project.locales)
        (found,) = provider.fetch([Wanted(sent[0].uri, "sr", blob=sent[0].blob)])
    assert found.content is not None
    assert b"(sr-Latn-RS)" in found.content


def test_a_code_that_is_not_there_is_named(world: SmartMateWorld) -> None:
    """With what is meant, and with the languages that are near."""
    world.names = {"de-DE": "de-CH"}
    with pytest.raises(UsageError, match="no language 'de-CH'") as raised, world.provider() as provider:
        provider.observe(Question(project=True))
    assert "de-AT, de-DE" in raised.value.hint


def test_orders_that_lack_something_are_refused_before_anything_is_sent() -> None:
    """Customer, contact and delivery date are needed; so are credentials."""
    connection = Connection("http://127.0.0.1:9/smartmate", "test-user", Secret("test-secret"), "t/1")
    with pytest.raises(UsageError, match="no customer or contact or deliveryDate"):
        connect_to(Project("mate", "site", provider="smartmate"), connection)
    for order in (replace(ORDER, delivery_date="+1d 25:00"), replace(ORDER, time_zone="Mars")):
        with pytest.raises(UsageError, match="not a delivery date"):
            connect_to(Project("mate", "site", provider="smartmate", settings=order), connection)
    project = Project("mate", "site", provider="smartmate", settings=ORDER)
    with pytest.raises(CredentialsError, match="no user name or password"):
        connect_to(project, replace(connection, secret=Secret("")))


# --- nothing is ordered twice ---


def test_a_request_holds_as_many_files_as_it_has_tags_for(world: SmartMateWorld) -> None:
    """Eighteen files of one language; 37 files in two languages are six requests."""
    outcomes, jobs = world.push(Submission(JOB, uploads(37)))
    assert {each.status for each in outcomes.values()} == {"done"}
    assert sorted(len(each["documents"]) for each in requests(world)) == [1, 1, 18, 18, 18, 18]
    assert all(len(each["tags"]) <= 20 for each in requests(world))
    assert len(jobs) == 6


def test_the_requests_of_a_push_are_a_budget(world: SmartMateWorld) -> None:
    """One search, one order for each language, one look whether they are there; nothing for a second push."""
    since = world.control.last()
    world.push(Submission(JOB, uploads(3)), concurrency=1)
    assert world.operations(since) == ["mateRequests", "mateCreate", "mateCreate", "mateRequests"]
    since = world.control.last()
    world.push(Submission(JOB, uploads(3)))
    assert world.operations(since) == ["mateRequests"]


def test_what_another_push_ordered_meanwhile_is_not_ordered(
    world: SmartMateWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the search is no longer recent, each request is preceded by another one."""
    monkeypatch.setattr(submitting, "RECENT", 0.0)
    with world.provider(concurrency=1) as provider:
        events = provider.submit(Submission(JOB, uploads(3)))
        assert isinstance(next(events), Outcome)  # it has searched, and not ordered
        world.push(Submission(JOB, uploads(2)))
        outcomes, _ = finals(events)
    assert {each.status for each in outcomes.values()} == {"done"}
    assert sorted(len(each["documents"]) for each in requests(world)) == [1, 1, 2, 2]


def test_a_commit_made_meanwhile_orders_nothing(world: SmartMateWorld) -> None:
    """What is not the branch's newest commit any more is not paid for."""
    fence = Fence(moved=lambda: "main has moved")
    with pytest.raises(SupersededError, match="main has moved: nothing was ordered"):
        world.push(Submission(JOB, uploads(2), fence=fence))
    assert requests(world) == []


def test_the_same_content_is_one_order_whatever_it_is_called(world: SmartMateWorld) -> None:
    """Two files alike, a file renamed, a branch's file on the default branch: none is ordered again."""
    two = (upload("a/en.json", "Same"), upload("b/en.json", "Same"))
    outcomes, _ = world.push(Submission(JOB, two))
    assert {each.status for each in outcomes.values()} == {"done"}
    assert [len(each["documents"]) for each in requests(world)] == [1, 1]
    renamed = upload("feature/c/en.json", "Same", (*LOCALES, "ja-JP"))
    contents = {renamed.uri: renamed.blob}
    with world.provider() as provider:
        listed = provider.observe(Question(files=True, contents=contents)).files or {}
        assert dict(listed[fold(renamed.uri)].versions or {}) == {renamed.blob: LOCALES}
        finals(provider.submit(Submission(JOB, (renamed,))))
    assert sorted(each["targets"] for each in requests(world)) == [["de-DE"], ["fr-FR"], ["ja-JP"]]
    world.translate()
    with world.provider() as provider:
        found = list(
            provider.fetch([Wanted(renamed.uri, each, blob=renamed.blob) for each in renamed.locales])
        )
    assert all(each.content and not each.outdated for each in found)


def test_going_back_orders_nothing(world: SmartMateWorld) -> None:
    """A, B and A again: the first order is found, and its translation is the one that is taken."""
    first, second = upload("en.json", "A", ("de-DE",)), upload("en.json", "B", ("de-DE",))
    for each in (first, second, first):
        world.push(Submission(JOB, (each,)))
    assert len(requests(world)) == 2
    world.translate(how={"texts": {"A": "Erstes", "B": "Zweites"}})
    with world.provider() as provider:
        state = provider.observe(Question(files=True, contents={"en.json": first.blob}))
        assert list((state.files or {})["en.json"].versions or {}) == [first.blob, second.blob]
        for each, text in ((first, "Erstes"), (second, "Zweites")):
            (found,) = provider.fetch([Wanted("en.json", "de-DE", blob=each.blob)])
            assert json.loads(found.content or b"")["greeting"] == text
            assert not found.outdated


def test_an_earlier_translation_serves_until_the_present_one_is_there(world: SmartMateWorld) -> None:
    """It is marked as outdated; the present one takes its place, and the pair's date tells."""
    first, second = upload("en.json", "First", ("de-DE",)), upload("en.json", "Second", ("de-DE",))
    wanted = Wanted("en.json", "de-DE", blob=second.blob)
    asked = Question(published_since="window", contents={"en.json": second.blob})
    world.push(Submission(JOB, (first,)))
    world.translate()
    world.push(Submission(JOB, (second,)))
    seen = []
    for _ in range(2):
        with world.provider() as provider:
            (pair,) = provider.observe(asked).published or ()
            (found,) = provider.fetch([wanted])
        seen.append((pair.date, found.outdated, found.content))
        world.translate()
    assert [outdated for _, outdated, _ in seen] == [True, False]
    assert len({date for date, _, _ in seen}) == 2


def test_a_request_whose_answer_is_lost_is_never_sent_again(world: SmartMateWorld) -> None:
    """If it cannot be found the run ends as temporary, and the next one looks again before it orders."""
    world.control.fault("close_before", project=world.ident, operation="mateCreate")
    outcomes, _ = world.push(Submission(JOB, uploads(1, locales=("de-DE",))))
    (outcome,) = outcomes.values()
    assert isinstance(outcome.error, TemporaryError)
    assert "not sent again" in str(outcome.error)
    assert requests(world) == []
    outcomes, _ = world.push(Submission(JOB, uploads(1, locales=("de-DE",))))
    assert {each.status for each in outcomes.values()} == {"done"}
    assert len(requests(world)) == 1


def test_an_order_whose_answer_an_earlier_run_lost_is_waited_for(
    world: SmartMateWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may turn up late: the next run looks longer for it, and orders only what is not there then."""
    monkeypatch.setattr("l10nsync.providers.smartmate.submit.LONGER", (0.0, 0.0))
    known: set[str] = set()
    sent = Submission(JOB, uploads(1, locales=("de-DE",)))

    def remembering() -> Submission:
        flight = InFlight(frozenset(known), known.update, known.difference_update)
        return replace(sent, in_flight=flight)

    world.control.fault("close_before", project=world.ident, operation="mateCreate")
    world.push(remembering())
    assert len(known) == 1
    outcomes, _ = world.push(remembering())

    assert {each.status for each in outcomes.values()} == {"done"}
    assert not known
    assert len(requests(world)) == 1


def test_tags_that_are_not_kept_are_set_again(world: SmartMateWorld) -> None:
    """Without them an order could not be found again: they are set by a call of their own."""
    world.control.switches(world.ident, mate_tags_kept=False)
    outcomes, _ = world.push(Submission(JOB, uploads(2)))
    assert {each.status for each in outcomes.values()} == {"done"}
    assert all(len(each["tags"]) == 4 for each in requests(world))
    world.push(Submission(JOB, uploads(2)))
    assert len(requests(world)) == 2


def test_killed_between_an_order_and_its_tags(world: SmartMateWorld) -> None:
    """Where the service keeps no tags of a new request, what was ordered before the kill stays unknown.

    This is the one gap that tags leave; the documentation of the service says that they are kept.
    """
    world.control.switches(world.ident, mate_tags_kept=False)
    sent = Submission(JOB, uploads(1, locales=("de-DE",)))
    with pytest.raises(Interrupted), world.provider(at=2, after=True, concurrency=1) as provider:
        finals(provider.submit(sent))
    world.push(sent)
    assert sorted(len(each["tags"]) for each in requests(world)) == [0, 3]


def test_two_orders_of_one_content_are_told(world: SmartMateWorld) -> None:
    """Two pushes at the same moment can both order: whoever looks next says so."""
    sent = Submission(JOB, uploads(1, locales=("de-DE",)))
    world.push(sent)
    (first,) = requests(world)
    with world.provider() as provider:
        made: Any = provider
        ident = made.api.create(_order_again(world, sent.uploads[0]))
        assert ident
    _, jobs = world.push(sent)
    assert len(jobs) == 2
    assert all("ordered in each of TI-" in job.note for job in jobs)
    assert first["tags"] == requests(world)[1]["tags"]


def _order_again(world: SmartMateWorld, sent: Upload) -> Any:
    from l10nsync.providers.smartmate.api import NewRequest

    uri_key = key("site", sent.uri)
    tags = [project_tag("site"), *language_tags(["de-DE"]), file_tag(uri_key, sent.blob)]
    fields = {
        "CustomerName": ORDER.customer, "ContactName": CONTACT, "SourceLanguageCode": "en-US",
        "TargetLanguageCodes": "de-DE", "DeliveryDate": "2026-12-12 12:12:12",
    }  # fmt: skip
    pairs = (*fields.items(), *(("Tags", tag) for tag in tags))
    return NewRequest(pairs, ((document_name(sent.uri, uri_key), sent.content),))


def test_other_projects_of_the_account_do_not_meet(world: SmartMateWorld) -> None:
    """The id of the project keeps repositories apart that share an account."""
    sent = uploads(1)
    world.push(Submission(JOB, sent))
    other = connect_to(replace(world.project, id="shop"), world.connection())
    try:
        asked = Question(files=True, contents={sent[0].uri: sent[0].blob})
        assert other.observe(asked).files == {}
    finally:
        other.close()


def test_thirty_five_requests_are_read_in_four_pages(world: SmartMateWorld) -> None:
    """All of them count, each once."""
    sent = uploads(35, locales=("de-DE",))
    with world.provider() as provider:
        for each in sent:
            finals(provider.submit(Submission(JOB, (each,))))
        since = world.control.last()
        contents = {each.uri: each.blob for each in sent}
        listed = provider.observe(Question(files=True, contents=contents)).files
    assert len(listed or ()) == 35
    assert world.operations(since) == ["mateRequests"] * 4


def test_no_secret_is_written_anywhere(
    world: SmartMateWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the password nor the header made of it, not even where the service echoes it."""
    header = base64.b64encode(f"{world.ident}:{SECRET}".encode()).decode()
    for status, operation in ((500, "mateRequests"), (400, "mateLanguages")):
        world.control.fault(
            "status", project=world.ident, operation=operation, status=status, message=f"{header} {SECRET}"
        )
    log = tmp_path / "log.jsonl"
    with world.provider(verbosity=2, log_file=str(log)) as provider:
        finals(provider.submit(Submission(JOB, uploads(1))))
        with pytest.raises(ServiceError) as raised:
            provider.observe(Question(project=True))
    out, err = capsys.readouterr()
    written = "".join([out, err, log.read_text("utf-8"), str(raised.value), str(raised.value.reply)])
    assert "mateCreate" not in written
    assert "create the request" in written
    assert SECRET not in written
    assert header not in written


# --- errors ---


@pytest.mark.parametrize(
    ("settings", "field", "hint"),
    [
        (replace(ORDER, customer="Nobody"), "CustomerName", "`order.customer`"),
        (replace(ORDER, contact="Jane"), "ContactName", "`order.contact`"),
    ],
    ids=["customer", "contact"],
)
@pytest.mark.parametrize("in_arrays", [True, False])
def test_a_wrong_setting_is_an_error_that_names_its_key(
    world: SmartMateWorld, settings: OrderSettings, field: str, hint: str, in_arrays: bool
) -> None:
    """It stops the push at once: no other order could be any better."""
    world.control.switches(world.ident, mate_reasons_in_arrays=in_arrays)
    world.settings = settings
    with pytest.raises(ServiceError, match="does not exist") as raised:
        world.push(Submission(JOB, uploads(2)), concurrency=1)
    assert raised.value.reply.key == field
    assert hint in raised.value.hint
    assert requests(world) == []


def test_a_file_that_is_refused_does_not_hold_up_the_others(world: SmartMateWorld) -> None:
    """The request is halved until only that file is left out, with the service's own words."""
    bad = Upload("bad/en.json", "json", "bad", ("de-DE",), b"")
    outcomes, _ = world.push(Submission(JOB, (*uploads(4, locales=("de-DE",)), bad)))
    failed = {uri: each.error for uri, each in outcomes.items() if each.status == "failed"}
    assert list(failed) == ["bad/en.json"]
    assert "The submitted file is empty" in str(failed["bad/en.json"])
    assert sum(len(each["documents"]) for each in requests(world)) == 4


def test_a_file_for_all_locales_is_not_ordered(world: SmartMateWorld) -> None:
    """Its translations could not be put together: it fails with a way out, and costs nothing."""
    catalog = Upload("L.xcstrings", "xcstrings", "L", LOCALES, b'{"sourceLanguage": "en", "strings": {}}')
    outcomes, _ = world.push(Submission(JOB, (catalog,)))
    assert outcomes["L.xcstrings"].status == "failed"
    assert requests(world) == []
    with world.provider() as provider:
        (found,) = provider.fetch([Wanted("L.xcstrings", "", multilingual=True)])
        (pending,) = provider.fetch([Wanted("en.json", "de-DE", "pending")])
    assert found.error
    assert "only documents that are completed" in str(pending.error)


@pytest.mark.parametrize(
    ("body", "key_", "message"),
    [
        (b'{"detail": "Not found."}', "", "Not found."),
        (b'{"CustomerName": ["A.", "B."], "files": "C."}', "CustomerName", "A. B.; files: C."),
        (b'{"Tags": "Too many."}', "Tags", "Too many."),
        (b"{}", "", ""),
        (b"[]", "", ""),
    ],
)
def test_errors_are_read_in_both_shapes(body: bytes, key_: str, message: str) -> None:
    """A detail, or each wrong parameter with a reason or a list of them."""
    reply = read_reply(400, body)
    assert (reply.key, reply.message) == (key_, message)


def test_answers_without_tags_are_not_taken_for_nothing_ordered(world: SmartMateWorld) -> None:
    """Whoever cannot see what was ordered orders nothing."""
    body = json.dumps({"count": 1, "results": [{"RequestNo": "TI-1", "RequestStatus": "onHold"}]})
    world.control.fault("status", project=world.ident, operation="mateRequests", status=200, body=body)
    with pytest.raises(ServiceError, match="shows no tags") as raised:
        world.push(Submission(JOB, uploads(1)))
    assert "Nothing was ordered" in raised.value.hint


# --- which document is whose ---


def test_all_languages_in_one_request_where_they_are_named(world: SmartMateWorld) -> None:
    """With `languagesPerRequest: all` the documents' own language decides."""
    world.settings = replace(ORDER, languages_per_request="all")
    world.control.switches(world.ident, mate_final_languages=True)
    sent = uploads(2)
    world.push(Submission(JOB, sent))
    (request,) = requests(world)
    assert sorted(request["targets"]) == list(LOCALES)
    world.translate()
    with world.provider() as provider:
        found = list(
            provider.fetch([Wanted(each.uri, at, blob=each.blob) for each in sent for at in LOCALES])
        )
    assert all(f"({each.wanted.locale})".encode() in (each.content or b"") for each in found)


def test_documents_without_a_language_are_held_back_if_several_could_be_meant(world: SmartMateWorld) -> None:
    """They are named, and nothing is guessed; completion stays below 100."""
    world.settings = replace(ORDER, languages_per_request="all")
    sent = uploads(1)
    world.push(Submission(JOB, sent))
    world.translate()
    contents = {sent[0].uri: sent[0].blob}
    with world.provider() as provider:
        status = provider.observe(Question(statuses=frozenset(contents), contents=contents)).statuses
        found = list(provider.fetch([Wanted(sent[0].uri, at, blob=sent[0].blob) for at in LOCALES]))
    assert {each.percent for each in status[sent[0].uri].locales.values()} == {99}
    assert all("2 final documents" in str(each.error) and "_1.json" in str(each.error) for each in found)


@pytest.mark.parametrize(
    ("work", "said"),
    [({"missing": ["de-DE"]}, "without a final document"), ({"extra": 1}, "2 final documents")],
)
def test_counts_of_documents_vary(world: SmartMateWorld, work: dict[str, Any], said: str) -> None:
    """None, or one too many, for one language: it is held back with an explanation."""
    sent = uploads(1, locales=("de-DE",))
    world.push(Submission(JOB, sent))
    world.translate(**work)
    with world.provider() as provider:
        (found,) = provider.fetch([Wanted(sent[0].uri, "de-DE", blob=sent[0].blob)])
    assert found.content is None
    assert said in str(found.error)


def entry_of(codes: tuple[str, ...], *finals_: tuple[str, str]) -> Any:
    """Return an entry of a completed request with final documents (name, IsoCode)."""
    uri_key, blob = key("site", "en.json"), "a" * 40
    made = tuple(Final(f"id-{name}", name, code) for name, code in finals_)
    document = SourceDocument(document_name("en.json", uri_key), made)
    request = Request("1", "TI-1", "completed", Known(((uri_key, blob),), codes), (document,))
    return Ledger(Project("mate", "site", settings=ORDER), [request]).entries[0]


@pytest.mark.parametrize(
    ("codes", "finals_", "taken"),
    [
        (("de-de",), [("a", "")], "a"),
        (("de-de",), [("a", "de_DE")], "a"),
        (("de-de",), [("a", "fr-FR")], None),
        (("de-de",), [("a", "de-DE"), ("b", "")], "a"),
        (("de-de",), [("a", "de-DE"), ("b", "de-DE")], None),
        (("de-de", "fr-fr"), [("a", "fr-FR"), ("b", "")], "b"),
        (("de-de", "fr-fr"), [("b", "")], None),
        (("de-de", "fr-fr", "it-it"), [("a", "fr-FR"), ("b", "")], None),
        (("de-de", "fr-fr"), [("a", "es-ES"), ("b", "")], None),
        (("de-de",), [], None),
    ],
)
def test_a_document_is_taken_only_if_it_is_certain(
    codes: tuple[str, ...], finals_: list[tuple[str, str]], taken: str | None
) -> None:
    """By its language, or because it is the only one left for the only language left."""
    found = final_of(entry_of(codes, *finals_))
    assert (found.name if isinstance(found, Final) else None) == taken
    assert isinstance(found, Ambiguity) is (taken is None)


def test_documents_win_over_tracking() -> None:
    """What is tracked as done and not delivered is not done; without tracking nothing is known."""
    uri_key, blob = key("site", "en.json"), "b" * 40
    name = document_name("en.json", uri_key)
    known = Known(((uri_key, blob),), ("de-de",))
    project = Project("mate", "site", settings=ORDER)

    def told(tracking: Any, status: str = "inProgress") -> tuple[int, str]:
        request = Request("1", "TI-1", status, known, (), tracking)
        found = Ledger(project, [request]).status("en.json", blob)
        assert found is not None
        return found.locales["de-DE"].percent, found.locales["de-DE"].state

    assert told(None, "onHold") == (0, "onHold")
    assert told({("de-de", name): DocumentProgress("inProgress", 80, "Validation")}) == (80, "Validation")
    assert told({("de-de", ""): DocumentProgress("inProgress", 30)}) == (30, "inProgress")
    assert told({("de-de", name): DocumentProgress("completed", 100)}) == (99, "completed")
    assert told({("de-de", name): DocumentProgress("inProgress", 10)}, "completed") == (99, "completed")


# --- pure parts ---

CODES = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["de", "zh", "ach", "sr", "en", "fil"]),
        st.sampled_from(["", "-Hans", "-Latn"]),
        st.sampled_from(["", "-DE", "-419", "-EA", "-RS"]),
    ),
    min_size=1,
    max_size=40,
)


@given(CODES)
def test_languages_can_be_read_from_their_tags(codes: list[str]) -> None:
    """Tags are legal, the same for any order, and give back every language."""
    tags = language_tags(codes)
    assert tags == language_tags(reversed(codes))
    assert all(tag.isascii() and tag.isalnum() and len(tag) <= TAG_LENGTH for tag in tags)
    assert set(read_tags(tags).codes) == {normal(code) for code in codes}
    assert {spelled(code) for code in read_tags(tags).codes} == set(codes)


@given(st.text(min_size=1, max_size=600), st.text(max_size=30))
def test_files_are_known_by_tag_and_by_name(uri: str, other: str) -> None:
    """Any fileUri has a legal tag and a short, plain document name that says which one it is."""
    uri_key = key("site", uri)
    tag = file_tag(uri_key, "0123456789" * 4)
    assert len(tag) <= TAG_LENGTH
    assert read_tags([tag, other, "web"]).files[0] == (uri_key, "0123456789" * 4)
    name = document_name(uri, uri_key)
    assert len(name) <= 100
    assert name.isascii()
    assert "/" not in name
    assert is_document_of(name, uri_key)
    assert not is_document_of(name, key("shop", uri))


@given(st.lists(st.text(max_size=70), max_size=20))
def test_tags_of_other_people_say_nothing(tags: list[str]) -> None:
    """Whatever they are, they are read without harm."""
    known = read_tags(tags)
    assert all(len(blob) == 40 for _, blob in known.files)


def test_a_name_keeps_what_tells_its_type() -> None:
    """It begins with the file's own name and keeps its suffix; the folder follows for people."""
    assert document_name("app/values/strings.xml", "abcdef0123456789") == (
        "strings--app-values--abcdef012345.xml"
    )


@pytest.mark.parametrize(
    ("rule", "zone", "due", "expected"),
    [
        ("+10d", "UTC", "", "2026-04-04 09:30:00"),
        ("+10d", "Europe/London", "", "2026-04-04 09:30:00"),
        ("+10d 17:00", "Europe/London", "", "2026-04-04 17:00:00"),
        ("+2w", "America/New_York", "", "2026-04-08 05:30:00"),
        ("+240h", "Europe/London", "", "2026-04-04 10:30:00"),
        ("+10d", "Europe/London", "2026-06-01T12:00:00Z", "2026-06-01 13:00:00"),
    ],
)
def test_delivery_dates_are_written_in_the_zone_that_is_stated(
    rule: str, zone: str, due: str, expected: str
) -> None:
    """Days count by the calendar, across a change of the clocks, too; hours are hours."""
    now = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
    assert dates.delivery(rule, zone, now, due) == expected


@pytest.mark.parametrize("rule", ["10d", "+10", "+2h 10:00", "+1d 24:00", "tomorrow"])
def test_other_rules_are_no_dates(rule: str) -> None:
    """They raise `ValueError`."""
    with pytest.raises(ValueError, match=re.escape(rule)):
        dates.delivery(rule, "UTC", datetime(2026, 3, 25, tzinfo=UTC))


@given(
    st.lists(
        st.tuples(st.sampled_from(["files", "references"]), st.text(max_size=20), st.binary(max_size=50))
    )
)
def test_files_of_a_body_have_names_of_their_own(parts: list[tuple[str, str, bytes]]) -> None:
    """No name can break the header that it stands in, and the content is whole."""
    kind, body = encode([("Tags", "a")], files=[FilePart(*each) for each in parts])
    mark = kind.partition("boundary=")[2].encode()
    pieces = body.split(b"--" + mark + b"\r\n")[2:]
    assert len(pieces) == len(parts)
    for piece, (field, _, content_) in zip(pieces, parts, strict=True):
        head, _, rest = piece.partition(b"\r\n\r\n")
        assert head.count(b"\r\n") == 1
        assert f'name="{field}"'.encode() in head
        assert rest.removesuffix(b"--" + mark + b"--\r\n") == content_ + b"\r\n"
