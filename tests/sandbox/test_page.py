"""The pages, as any browser without scripts uses them: plain requests, forms, and what comes back."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from l10nsync.sandbox.page.views import VIEWS
from l10nsync.sandbox.testing import wait_for
from tests.sandbox.test_smartmate import Plain
from tests.sandbox.test_strings_and_issues import hashcodes
from tests.sandbox_fixtures import RestClient

SHOP = b'{"title": "Shop", "cart": "Hello {name}", "pay": "Pay now"}'
HOSTILE = "\"><script>alert(1)</script>&amp;'{{7*7}}"


@dataclass
class Shown:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        """Where it is sent on to."""
        return self.headers.get("location", "")


class Browser:
    """Sends what a browser sends, and follows nothing by itself."""

    def __init__(self, rest: RestClient) -> None:
        self.rest = rest
        self.host = urlsplit(rest.url).netloc
        self.base = f"/sandbox/projects/{rest.project}"

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Shown:
        """Send one request."""
        connection = HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            named = {key.lower(): value for key, value in answer.getheaders()}
            return Shown(answer.status, named, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **query: str) -> Shown:
        """Open an address; a relative one is below the project."""
        where = path if path.startswith("/") else f"{self.base}/{path}"
        return self.send("GET", f"{where}?{urlencode(query)}" if query else where, None, {})

    def post(self, path: str, **form: str) -> Shown:
        """Send a form from a page of the sandbox."""
        own = {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        return self.submit(path, form, own)

    def submit(self, path: str, form: dict[str, str], headers: dict[str, str]) -> Shown:
        """Send a form with the headers that say where it comes from."""
        where = path if path.startswith("/") else f"{self.base}/{path}"
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.send("POST", where, urlencode(form), sent)


@pytest.fixture
def browser(rest: RestClient) -> Browser:
    """Give a browser in a fresh project."""
    return Browser(rest)


def hashes(rest: RestClient, uri: str = "shop.json") -> dict[str, str]:
    """Return the hash of each key of a file."""
    answer = rest.send("GET", "/strings-api/v2/projects/{project}/source-strings", fileUri=uri)
    return {each["keys"][0]["key"]: each["hashcode"] for each in answer.data["items"]}


def authorized(browser: Browser, workflow: str = "sandboxflow1") -> str:
    """Push a file and authorize its job on the page; return the job."""
    job = browser.rest.push("Spring", {"shop.json": SHOP})
    form = {f"workflow-{locale}": workflow for locale in ("de-DE", "fr-FR", "ja-JP")}
    answer = browser.post(f"jobs/{job}/authorize", **form)
    assert (answer.status, answer.place) == (303, f"{browser.base}/jobs/{job}?notice=authorized")
    return job


def progress(rest: RestClient, job: str) -> dict[str, int]:
    """Return how many strings each step of a job holds, over all locales."""
    report = rest.send("GET", rest.jobs(f"/{job}/progress")).data["summaryReport"]
    return {each["workflowStepName"]: each["stringCount"] for each in report}


def test_every_page_is_there_and_asks_for_nothing_from_elsewhere(browser: Browser) -> None:
    """Each address answers with a page, or leads to one, whose links all stay on this server."""
    job = authorized(browser)
    string = next(iter(hashcodes(browser.rest, "shop.json").values()))
    names = {"project": browser.rest.project, "job": job}
    for address in VIEWS:
        shown = browser.get(address.format(**names), uri="shop.json", string=string)
        assert shown.status in {200, 303}, address
        assert not re.findall(r'(?:href|src|action)="(?!/(?!/)|#)', shown.text), address
        assert "<script" not in shown.text


def test_pages_allow_no_scripts_and_no_frames(browser: Browser) -> None:
    """Whatever a string or a file name says, a browser runs nothing."""
    policy = browser.get("jobs").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy


def test_names_and_strings_are_text_on_every_page(browser: Browser) -> None:
    """Nothing that a client sends becomes markup, and templates do not evaluate it."""
    uri = f"{HOSTILE}.json"
    job = browser.rest.push(HOSTILE, {uri: json.dumps({HOSTILE: f"Text {HOSTILE}"}).encode()})
    for path in ("jobs", f"jobs/{job}", "files", f"file?uri={quote(uri)}", "strings", "/sandbox/requests"):
        shown = browser.get(path)
        assert shown.status == 200
        assert "<script" not in shown.text
        assert "{49}" not in shown.text
    text = re.sub(r"</?b\b[^>]*>", "", browser.get("strings").text)
    assert f"Text {HOSTILE}" in html.unescape(text)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "http://{host}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://{host}", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://{host}"},
    ],
)
def test_forms_of_other_pages_change_nothing(browser: Browser, headers: dict[str, str]) -> None:
    """Neither another site nor another server of this machine can press a button here."""
    job = browser.rest.push("Spring", {"shop.json": SHOP})
    sent = {key: value.format(host=browser.host) for key, value in headers.items()}
    assert browser.submit(f"jobs/{job}/authorize", {}, sent).status == 403
    assert progress(browser.rest, job) == {"Unauthorized": 9}


def test_a_job_is_authorized_in_the_workflow_chosen(browser: Browser) -> None:
    """The content is in the first step of the workflow, and the page offers no second authorization."""
    job = browser.rest.push("Spring", {"shop.json": SHOP})
    assert 'action="' + f'{browser.base}/jobs/{job}/authorize"' in browser.get(f"jobs/{job}").text
    browser.post(f"jobs/{job}/authorize", **{"workflow-de-DE": "sandboxflow2"})
    shown = browser.get(f"jobs/{job}").text
    assert "Review" in shown
    assert "/authorize" not in shown
    assert browser.post(f"jobs/{job}/authorize").status == 400


def test_machine_translation_is_done_when_the_page_comes_back(browser: Browser) -> None:
    """Whoever chooses it sees a completed job."""
    job = authorized(browser, "sandboxflow3")
    assert "completed" in browser.get(f"jobs/{job}").text


def test_a_string_is_saved_then_submitted_through_each_step(browser: Browser) -> None:
    """Saved text is pending; each submission is one step; the last one publishes."""
    authorized(browser, "sandboxflow2")
    title = hashes(browser.rest)["title"]
    form = {"locale": "de-DE", f"text-{title}": "Laden"}
    assert "notice=saved&n=1" in browser.post("strings", **form, save=title).place
    assert b"Laden" not in browser.rest.translation("shop.json", "de-DE").body
    assert b"Laden" in browser.rest.translation("shop.json", "de-DE", retrievalType="pending").body
    assert "notice=moved&n=1" in browser.post("strings", **form, submit=title).place
    assert b"Laden" not in browser.rest.translation("shop.json", "de-DE").body
    assert "notice=published&n=1" in browser.post("strings", **form, submit=title).place
    assert b"Laden" in browser.rest.translation("shop.json", "de-DE").body


def test_all_strings_of_a_page_are_published_at_once(browser: Browser) -> None:
    """One press saves what was typed and publishes it; what is empty stays to be translated."""
    job = authorized(browser)
    known = hashes(browser.rest)
    form = {f"text-{known['title']}": "Laden", f"text-{known['pay']}": "Zahlen", f"text-{known['cart']}": ""}
    assert "notice=published&n=2" in browser.post("strings", locale="de-DE", submit="*", **form).place
    assert progress(browser.rest, job) == {"Translation": 7, "Published": 2}


def test_a_row_button_leaves_the_other_rows_alone(browser: Browser) -> None:
    """Saving one string does not save what stands half-typed in another."""
    authorized(browser)
    known = hashes(browser.rest)
    form = {f"text-{known['title']}": "Laden", f"text-{known['pay']}": "Zah"}
    browser.post("strings", locale="de-DE", save=known["title"], **form)
    assert b"Zah" not in browser.rest.translation("shop.json", "de-DE", retrievalType="pending").body


def test_a_correction_waits_until_it_is_submitted(browser: Browser) -> None:
    """What was published stays published, and the page shows both."""
    authorized(browser)
    title = hashes(browser.rest)["title"]
    browser.post("strings", locale="de-DE", submit=title, **{f"text-{title}": "Geschäft"})
    browser.post("strings", locale="de-DE", save=title, **{f"text-{title}": "Laden"})
    assert b"Gesch" in browser.rest.translation("shop.json", "de-DE").body
    assert "Published until this is submitted" in browser.get("strings", locale="de-DE").text
    browser.post("strings", locale="de-DE", submit=title, **{f"text-{title}": "Laden"})
    assert b"Laden" in browser.rest.translation("shop.json", "de-DE").body


def test_what_cannot_be_saved_is_said_and_stays_typed(browser: Browser) -> None:
    """A published translation cannot be emptied; the other texts of the form are not lost."""
    authorized(browser)
    known = hashes(browser.rest)
    browser.post("strings", locale="de-DE", submit="*", **{f"text-{known['title']}": "Laden"})
    form = {f"text-{known['title']}": "", f"text-{known['pay']}": "Jetzt zahlen"}
    shown = browser.post("strings", locale="de-DE", save="*", **form)
    assert shown.status == 400
    assert "A published translation cannot be empty. Nothing was saved." in shown.text
    assert "Jetzt zahlen</textarea>" in shown.text


def test_an_unauthorized_string_cannot_be_written(browser: Browser) -> None:
    """There is no field for it, and a form that brings one is refused."""
    browser.rest.push("Spring", {"shop.json": SHOP})
    title = hashes(browser.rest)["title"]
    assert "<textarea" not in browser.get("strings", locale="de-DE").text
    assert browser.post("strings", locale="de-DE", save="*", **{f"text-{title}": "Laden"}).status == 400


def test_a_lost_placeholder_is_pointed_out(browser: Browser) -> None:
    """The page warns; it does not forbid, since a pull has to cope with it."""
    authorized(browser)
    cart = hashes(browser.rest)["cart"]
    browser.post("strings", locale="de-DE", save=cart, **{f"text-{cart}": "Hallo"})
    assert "`{name}` is missing" in browser.get("strings", locale="de-DE").text


@pytest.mark.parametrize(("source", "expected"), [("one\ntwo", "eins\nzwei"), ("one\r\ntwo", "eins\r\nzwei")])
def test_line_ends_are_those_of_the_source(browser: Browser, source: str, expected: str) -> None:
    """A browser sends CRLF, whatever stood there before."""
    job = browser.rest.push("Spring", {"shop.json": json.dumps({"title": source}).encode()})
    browser.post(f"jobs/{job}/authorize")
    title = hashes(browser.rest)["title"]
    browser.post("strings", locale="de-DE", submit="*", **{f"text-{title}": "eins\r\nzwei"})
    assert json.loads(browser.rest.translation("shop.json", "de-DE").body)["title"] == expected
    assert (
        "notice=unchanged"
        in browser.post("strings", locale="de-DE", save="*", **{f"text-{title}": "eins\r\nzwei"}).place
    )


def test_strings_are_found_by_text_key_file_job_and_state(browser: Browser) -> None:
    """Each filter leaves what fits, whatever the case."""
    job = authorized(browser)
    browser.rest.upload("other.json", b'{"x": "\xc3\x84pfel"}')

    def keys(**query: str) -> list[str]:
        text = browser.get("strings", locale="de-DE", **query).text
        return re.findall(r'<p class="about"><code>(\w+)</code>', text)

    assert keys() == ["x", "title", "cart", "pay"]
    assert keys(q="HELLO") == ["cart"]
    assert keys(q="äpf") == ["x"]
    assert keys(q="PAY") == ["pay"]
    assert keys(uri="Other.json") == ["x"]
    assert keys(job=job) == ["title", "cart", "pay"]
    assert keys(state="new") == ["x"]
    assert keys(state="published") == []


def test_many_strings_come_in_pages(browser: Browser) -> None:
    """Fifty on a page, and the addresses of the others."""
    many = {f"k{number}": f"Text {number}" for number in range(120)}
    browser.rest.upload("many.json", json.dumps(many).encode())
    first, last = browser.get("strings"), browser.get("strings", page="3")
    assert first.text.count('class="about"') == 50
    assert "Page 1 of 3" in first.text
    assert last.text.count('class="about"') == 20
    assert 'rel="next"' not in last.text


def test_a_life_of_a_job_is_played_on_the_page(browser: Browser) -> None:
    """Pseudo-translated to the end, closed; another one cancelled and deleted."""
    job = authorized(browser)
    answer = browser.post(f"jobs/{job}/translate", locale="", percent="100", state="published")
    assert "notice=translated&n=9" in answer.place
    assert browser.post(f"jobs/{job}/close").place.endswith("notice=closed")
    other = browser.rest.job("Other")
    assert browser.post(f"jobs/{other}/cancel").place.endswith("notice=cancelled")
    assert browser.post(f"jobs/{other}/delete").place.endswith("notice=deleted")
    assert browser.get(f"jobs/{other}").status == 404


def test_percentages_that_are_none_are_refused(browser: Browser) -> None:
    """The page says so instead of translating something else."""
    job = authorized(browser)
    assert browser.post(f"jobs/{job}/translate", percent="200").status == 400


def test_default_workflows_are_chosen_per_locale(browser: Browser) -> None:
    """An authorization that names none goes the way of its locale."""
    job = browser.rest.push("Spring", {"shop.json": SHOP})
    browser.post("workflows", **{"workflow-de-DE": "sandboxflow2"})
    browser.rest.send("POST", browser.rest.jobs(f"/{job}/authorize"), body={})
    report: Any = browser.rest.send("GET", browser.rest.jobs(f"/{job}/progress")).data
    flows = {
        each["targetLocaleId"]: each["workflowProgressReportList"][0]["workflowUid"]
        for each in report["contentProgressReport"]
    }
    assert flows == {"de-DE": "sandboxflow2", "fr-FR": "sandboxflow1", "ja-JP": "sandboxflow1"}


def test_files_can_be_downloaded(browser: Browser) -> None:
    """Source, published and pseudo translations, as attachments."""
    authorized(browser)
    source = browser.get("content", uri="shop.json")
    assert source.text.encode() == SHOP
    assert source.headers["content-disposition"].startswith("attachment")
    pseudo = browser.get("content", uri="shop.json", locale="de-DE", retrievalType="pseudo")
    assert pseudo.status == 200
    assert pseudo.text != source.text
    assert browser.get("content", uri="none.json").status == 400


def test_requests_are_listed_with_their_status(browser: Browser) -> None:
    """The log shows what came in for a project, and can be narrowed to what went wrong."""
    browser.rest.status("none.json")
    shown = browser.get("/sandbox/requests", project=browser.rest.project, only="problems").text
    assert "getFileTranslationStatusAllLocales" in shown
    assert '<span class="tag code-4">400</span>' in shown
    assert "test-secret" not in browser.get("/sandbox/requests").text


def test_faults_in_force_are_shown(browser: Browser) -> None:
    """Who wonders about an answer sees whether it was asked for."""
    browser.rest.control.fault(
        "status", project=browser.rest.project, operation="addJob", status=503, count=2
    )
    assert browser.rest.send("POST", browser.rest.jobs(), body={"jobName": "n"}).status == 503
    shown = browser.get("/sandbox/requests", project=browser.rest.project).text
    text = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert f"status for addJob of {browser.rest.project}: hit 1 of 2 times" in text
    assert "fault: status" in text
    browser.rest.control.clear_faults(browser.rest.project)


def test_messages_show_what_was_sent_and_to_whom(browser: Browser) -> None:
    """Callbacks and webhooks with their outcome and their body; secrets of subscriptions are not shown."""
    hook = "/webhooks-api/v2/accounts/sandbox1/subscriptions"
    body = {
        "subscriptionName": f"Hook of {browser.rest.project}",
        "subscriptionUrl": f"http://192.0.2.1/{browser.rest.project}",
        "events": [{"type": "file.published", "schemaVersion": "1.0"}],
        "projectUids": [browser.rest.project],
        "payloadSecret": "k3y-k3y",
    }
    uid = browser.rest.send("POST", hook, body=body).data["subscriptionUid"]
    browser.rest.upload("shop.json", SHOP, callbackUrl=f"http://192.0.2.2/{browser.rest.project}")
    browser.rest.control.translate(browser.rest.project, {"de-DE": 100})
    wait_for(lambda: len(browser.rest.control.deliveries(browser.rest.project)) == 2)
    shown = html.unescape(browser.get("/sandbox/messages").text)
    browser.rest.send("DELETE", f"{hook}/{uid}")
    for expected in (
        f"http://192.0.2.1/{browser.rest.project}",
        f"http://192.0.2.2/{browser.rest.project}?locale=de-DE&fileUri=shop.json",
        "file callback",
        '"eventType": "file.published"',
        "Not sent: only addresses on this machine are.",
        f"Hook of {browser.rest.project}",
    ):
        assert expected in shown
    assert "k3y-k3y" not in shown


def test_looking_at_pages_changes_nothing(browser: Browser) -> None:
    """A batch that ends by being looked at does not end because somebody watches the page."""
    job = browser.rest.job("Spring")
    batch = browser.rest.batch(job, ["shop.json"])
    browser.rest.batch_upload(batch, "shop.json", SHOP)
    for _ in range(5):
        assert "executing" in browser.get(f"jobs/{job}").text
    mark = browser.rest.control.last()
    browser.get("jobs")
    assert browser.rest.control.last() == mark


def test_an_unknown_page_says_so(browser: Browser) -> None:
    """Unknown addresses, projects, jobs and files are no crash."""
    for path in ("/sandbox/none", "/sandbox/projects/none/jobs", "jobs/none", "jobs/none/authorize"):
        shown = browser.get(path)
        assert shown.status == 404
        assert "That did not work" in shown.text
    assert browser.get("file", uri="none").status == 400


def test_a_form_that_is_none_is_refused(browser: Browser) -> None:
    """Broken bodies are answered with a page, too."""
    headers = {"Origin": f"http://{browser.host}", "Content-Type": "multipart/form-data"}
    shown = browser.send("POST", f"{browser.base}/strings", "nonsense", headers)
    assert shown.status == 400
    assert "That did not work" in shown.text


def test_a_project_can_be_made(browser: Browser) -> None:
    """With its locales, and its page says how to lead a client there."""
    made = browser.post("/sandbox/projects", name="Mine", source="en-GB", locales="de-DE, fr-FR")
    shown = browser.get(made.place).text
    assert "The project is there." in shown
    assert "export SMARTLING_API_URL=http://" in shown


def test_only_known_words_are_said(browser: Browser) -> None:
    """An address cannot put words into the page's mouth."""
    assert 'role="status"' not in browser.get("jobs", notice="<b>Hacked</b>").text
    assert 'role="status"' not in browser.get("jobs", notice="saved<b>", n="3").text
    for number in ("x", "²", "9" * 5000, "-1"):
        shown = browser.get("strings", notice="saved", n=number, page=number, locale=number)
        assert "0 translations saved." in shown.text


def test_orders_are_shown_and_delivered(browser: Browser) -> None:
    """What SmartMATE's API was sent stands on a page of its own, and a button plays the translators."""
    control = browser.rest.control
    mate = Plain(browser.rest.url, control.account(), control)
    made = mate.order(Title=HOSTILE).json
    page = browser.get("/sandbox/orders").text
    assert made["RequestNo"] in page
    assert "<script>" not in page
    where = f"/sandbox/orders/{mate.user}/{made['RequestId']}/deliver"
    assert f'action="{where}"' in page
    done = browser.post(where)
    assert (done.status, done.place) == (303, "/sandbox/orders?notice=delivered&n=1")
    assert "Delivered: 1 translation." in browser.get(done.place).text
    assert mate.read(made["RequestId"])["RequestStatus"] == "completed"
