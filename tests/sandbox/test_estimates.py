"""What a job would cost before it is authorized, and the words that were translated."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from l10nsync.sandbox.groups.estimates.rules import Memory, rate
from tests.sandbox_fixtures import Answer, RestClient

ESTIMATES = "/estimates-api/v2/projects/{project}"
TWELVE = b'{"a": "one two three four", "b": "five six seven eight", "c": "nine ten eleven twelve"}'
PRICES = {"currency": "EUR", "perWord": {"*": 0.1, "ja": 0.2}}


def generate(rest: RestClient, job: str, kind: str = "cost", **body: Any) -> str:
    """Ask for a report and return its uid."""
    answer = rest.send("POST", f"{ESTIMATES}/jobs/{job}/reports/{kind}", body=body)
    assert answer.data["reportStatus"] == "PENDING"
    assert answer.data["reportType"] == kind.upper()
    return str(answer.data["reportUid"])


def finished(rest: RestClient, uid: str) -> dict[str, Any]:
    """Look until a report has ended and return it."""
    while rest.send("GET", f"{ESTIMATES}/reports/{uid}/status").data["reportStatus"] == "PROCESSING":
        pass
    report: dict[str, Any] = rest.send("GET", f"{ESTIMATES}/reports/{uid}").data
    return report


def download(rest: RestClient, uid: str) -> list[dict[str, str]]:
    """Return the rows of a report."""
    answer: Answer = rest.send("GET", f"{ESTIMATES}/reports/{uid}/download", format="csv")
    assert answer.body.startswith(b"Project Name,Job Name,")
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_a_job_has_a_price_before_it_is_authorized(rest: RestClient) -> None:
    """Words by locale times the price of a word there; the report takes a while."""
    rest.control.switches(rest.project, price_list=PRICES)
    job = rest.push("n", {"a.json": TWELVE})
    uid = generate(rest, job)
    statuses = [rest.send("GET", f"{ESTIMATES}/reports/{uid}/status").data for _ in range(2)]
    assert [each["reportStatus"] for each in statuses] == ["PROCESSING", "COMPLETED"]
    assert [each["percentComplete"] for each in statuses] == [50, 100]
    report = finished(rest, uid)
    assert (report["totalStrings"], report["totalWordCount"], report["totalWeightedWordCount"]) == (9, 36, 36)
    assert report["priceInformation"] == [{"priceMin": 4.8, "priceMax": 4.8, "currencyCode": "EUR"}]
    assert rest.send("GET", rest.jobs(f"/{job}")).data["jobStatus"] == "AWAITING_AUTHORIZATION"


def test_what_the_memory_knows_costs_less(rest: RestClient) -> None:
    """Texts published elsewhere and repetitions are weighted; the upper price does not count on that."""
    rest.control.switches(rest.project, price_list=PRICES)
    rest.push("old", {"old.json": b'{"x": "one two three four"}'}, authorize=True)
    rest.control.translate(rest.project, {"de-DE": 100})
    new = b'{"a": "one two three four", "b": "five six seven eight", "c": "five six seven eight"}'
    job = rest.push("new", {"new.json": new})
    uid = generate(rest, job, localeWorkflows=[{"targetLocaleId": "de-DE", "workflowUid": "sandboxflow1"}])
    report = finished(rest, uid)
    assert (report["totalWordCount"], report["totalWeightedWordCount"]) == (12, 6)
    assert report["priceInformation"] == [{"priceMin": 0.6, "priceMax": 1.2, "currencyCode": "EUR"}]
    rows = download(rest, uid)
    assert [(row["Match"], row["Strings"], row["Price"]) for row in rows] == [
        ("New", "1", "0.4"),
        ("100%", "1", "0.1"),
        ("Repetition", "1", "0.1"),
    ]


def test_a_report_can_be_of_the_unauthorized_content_alone(rest: RestClient) -> None:
    """What was sent to translation already is not paid for twice."""
    rest.push("n", {"a.json": TWELVE}, authorize=True)
    job = rest.send("GET", rest.jobs()).data["items"][0]["translationJobUid"]
    assert finished(rest, generate(rest, job, contentType="UNAUTHORIZED"))["totalWordCount"] == 0
    assert finished(rest, generate(rest, job, contentType="TRANSLATION"))["totalWordCount"] == 36
    assert finished(rest, generate(rest, job, contentType="JOB_CONTENT_ALL_CONTENT"))["totalWordCount"] == 36
    assert rest.send("POST", f"{ESTIMATES}/jobs/{job}/reports/cost", body={"contentType": "X"}).status == 400


def test_a_locale_without_a_rate_is_warned_of(rest: RestClient) -> None:
    """Its words are counted, its price is not known; without any rate there is no price at all."""
    job = rest.push("n", {"a.json": TWELVE})
    rest.control.switches(rest.project, price_list={"currency": "USD", "perWord": {"de": 0.5}})
    report = finished(rest, generate(rest, job))
    assert report["priceInformation"][0]["priceMax"] == 6.0
    assert report["warnings"] == [f"No rates specified for '{each}' locale." for each in ("fr-FR", "ja-JP")]
    rest.control.switches(rest.project, price_list={"perWord": {}})
    assert finished(rest, generate(rest, job))["priceInformation"] is None


def test_a_fuzzy_report_has_no_price(rest: RestClient) -> None:
    """It tells words only; the lists keep the two kinds apart."""
    job = rest.push("n", {"a.json": TWELVE})
    fuzzy, cost = generate(rest, job, "fuzzy", tags=["a", "b"]), generate(rest, job)
    assert finished(rest, fuzzy)["priceInformation"] is None
    listed = rest.send("GET", f"{ESTIMATES}/jobs/{job}/reports/fuzzy", tags="b", limit=5).data
    assert [each["reportUid"] for each in listed["items"]] == [fuzzy]
    listed = rest.send("GET", f"{ESTIMATES}/jobs/{job}/reports/cost", reportStatus="PENDING").data
    assert [each["reportUid"] for each in listed["items"]] == [cost]
    assert rest.send("GET", f"{ESTIMATES}/jobs/{job}/reports/fuzzy", tags="c").data["totalCount"] == 0


def test_reports_are_tagged_and_deleted(rest: RestClient) -> None:
    """New tags replace the old; a deleted report is as unknown as one that never was."""
    uid = generate(rest, rest.push("n", {"a.json": TWELVE}))
    assert rest.send("GET", f"{ESTIMATES}/reports/{uid}/download", format="csv").status == 400
    assert rest.send("PUT", f"{ESTIMATES}/reports/{uid}/tags", body={"tags": ["x"]}).data == {"tags": ["x"]}
    assert finished(rest, uid)["tags"] == ["x"]
    assert rest.send("DELETE", f"{ESTIMATES}/reports/{uid}").status == 200
    assert rest.send("GET", f"{ESTIMATES}/reports/{uid}").status == 404
    assert rest.send("GET", f"{ESTIMATES}/reports/{uid}/status").data["reportStatus"] == "NOT_FOUND"
    rest.control.switches(rest.project, unknown_report_refused=True)
    assert rest.send("GET", f"{ESTIMATES}/reports/{uid}/status").status == 404


@pytest.mark.parametrize("outcome", ["FAILED", "TIMEOUT"])
def test_a_report_can_fail(rest: RestClient, outcome: str) -> None:
    """Then there are errors and no price."""
    rest.control.switches(rest.project, estimate_outcome=outcome)
    report = finished(rest, generate(rest, rest.push("n", {"a.json": TWELVE})))
    assert (report["reportStatus"], report["priceInformation"]) == (outcome, None)
    assert report["errors"]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("The quick brown fox jumps over the lazy dog", "100%"),
        ("the quick brown fox jumps over the lazy dog", "95-99%"),
        ("The quick brown fox jumps over the lazy cat", "85-94%"),
        ("The quick brown fox jumps over a small cat", "New"),
        ("Nothing alike", "New"),
    ],
)
def test_matches_fall_into_tiers_by_their_words(text: str, tier: str) -> None:
    """As translators count: equal, nearly equal, alike, new."""
    assert Memory(["The quick brown fox jumps over the lazy dog"]).tier(text) == tier


def test_the_price_of_a_word_is_that_of_the_nearest_name() -> None:
    """The locale's own, its language's, that of all."""
    prices = {"perWord": {"*": 1, "zh": 2, "zh-TW": 3}}
    assert [rate(prices, each) for each in ("de-DE", "zh-CN", "zh-TW")] == [1.0, 2.0, 3.0]
    assert rate({"perWord": {"zh": 2}}, "de-DE") is None


def test_translated_words_are_reported_by_day(rest: RestClient) -> None:
    """Per project, locale and job; only the days asked for."""
    account = rest.send("GET", "/projects-api/v2/projects/{project}").data["accountUid"]
    rest.push("n", {"a.json": TWELVE}, authorize=True)
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 50})
    days = {"startDate": "2020-01-01", "endDate": "2099-01-01", "accountUid": account}
    found = rest.send("GET", "/reports-api/v3/word-count", **days, projectIds=rest.project).data
    rows = [(each["targetLocaleId"], each["jobName"], each["wordCount"]) for each in found["items"]]
    assert rows == [("de-DE", "n", 12), ("fr-FR", "n", 4)]
    assert found["resultsTruncated"] is False
    text = rest.send(
        "GET",
        "/reports-api/v3/word-count/csv",
        **days,
        projectIds=rest.project,
        fields="targetLocaleId,wordCount",
    ).body.decode()
    assert text == "targetLocaleId,wordCount\nde-DE,12\nfr-FR,4\n"
    past = {**days, "endDate": "2020-01-02"}
    assert rest.send("GET", "/reports-api/v3/word-count", **past).data["items"] == []
    assert rest.send("GET", "/reports-api/v3/word-count", startDate="2020-01-01").status == 400
