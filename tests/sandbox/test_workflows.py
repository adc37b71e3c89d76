"""Workflows: what is authorized goes through steps, by default one, until it is published."""

from __future__ import annotations

from typing import Any

import pytest

from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import LOCALES, RestClient

SHOP = b'{"title": "Shop", "cart": "Your cart", "pay": "Pay now"}'
REVIEW, MACHINE = "sandboxflow2", "sandboxflow3"


def steps(rest: RestClient, job: str, locale: str = "de-DE") -> dict[str, int]:
    """Return the strings in each step of the workflows that a job's locale is in."""
    report = rest.send("GET", rest.jobs(f"/{job}/progress")).data["contentProgressReport"]
    mine = next(each for each in report if each["targetLocaleId"] == locale)
    return {
        item["workflowStepName"]: item["stringCount"]
        for flow in mine["workflowProgressReportList"]
        for item in flow["workflowStepSummaryReportItemList"]
    }


def authorize(rest: RestClient, workflow: str | None = None) -> str:
    """Push a file, authorize its job in a workflow, and return the job."""
    job = rest.push("j", {"shop.json": SHOP})
    locales = LOCALES if workflow else ()
    chosen: list[Any] = [{"targetLocaleId": each, "workflowUid": workflow} for each in locales]
    assert rest.send("POST", rest.jobs(f"/{job}/authorize"), body={"localeWorkflows": chosen}).status == 200
    return job


@pytest.mark.parametrize("workflow", [None, "2b91c391d71a"])
def test_translation_is_the_default_and_stands_for_any_unknown_workflow(
    rest: RestClient, workflow: str | None
) -> None:
    """A manifest with the ids of a real project works here as it is."""
    assert steps(rest, authorize(rest, workflow)) == {"Translation": 3, "Published": 0}


def test_review_is_a_step_of_its_own(rest: RestClient) -> None:
    """The progress of a job names the workflow's own steps."""
    job = authorize(rest, REVIEW)
    assert steps(rest, job) == {"Translation": 3, "Review": 0, "Published": 0}
    rest.control.translate(rest.project, {"de-DE": 100})
    assert steps(rest, job) == {"Translation": 0, "Review": 0, "Published": 3}


def test_the_machine_translates_and_publishes_by_itself(rest: RestClient) -> None:
    """What is authorized for machine translation is there at the next request."""
    job = authorize(rest, MACHINE)
    assert steps(rest, job) == {"Machine translation": 0, "Published": 3}
    assert b"(de-DE)" in rest.translation("shop.json", "de-DE").body
    assert rest.send("GET", rest.jobs(f"/{job}")).data["jobStatus"] == "COMPLETED"


def test_a_locale_is_added_with_its_default_workflow(rest: RestClient) -> None:
    """An authorization that names no workflow goes the way that the locale was added with."""
    body = {"localeId": "it-IT", "defaultWorkflowUid": REVIEW}
    rest.send("POST", "/projects-api/v2/projects/{project}/targetLocales", body=body)
    rest.upload("shop.json", SHOP)
    job = rest.job("j", ["it-IT"])
    rest.send("POST", rest.jobs(f"/{job}/file/add"), body={"fileUri": "shop.json"})
    rest.send("POST", rest.jobs(f"/{job}/authorize"), body={})
    assert steps(rest, job, "it-IT") == {"Translation": 3, "Review": 0, "Published": 0}


def test_the_machine_takes_its_time_if_told_so(rest: RestClient) -> None:
    """Until then its strings stand in its step."""
    rest.control.switches(rest.project, machine_seconds=3600)
    assert steps(rest, authorize(rest, MACHINE)) == {"Machine translation": 3, "Published": 0}


def test_a_manifest_can_ask_for_machine_translation(runner: Runner, repo: Repo) -> None:
    """A push that authorizes it is followed by a pull that brings it: a round trip without anybody's help."""
    manifest = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
job: {authorize: true, localeWorkflows: {de-DE: sandboxflow3, fr-FR: sandboxflow3}}
resources:
  - {name: web, source: en/*.json, target: "{locale}/*.json"}
"""
    repo.commit({".l10n.yml": manifest, "en/shop.json": SHOP})
    runner.run(repo, "push")
    assert runner.run(repo, "pull").out.startswith("Wrote 2 files")
    assert b"(fr-FR)" in repo.read("fr/shop.json")


def test_prepublished_work_is_handed_out_but_not_done(rest: RestClient) -> None:
    """A download of published translations has it; the counts do not."""
    authorize(rest)
    rest.control.translate(rest.project, {"de-DE": 100}, state="prepublished")
    assert b"(de-DE)" in rest.translation("shop.json", "de-DE").body
    counted = next(each for each in rest.status("shop.json").data["items"] if each["localeId"] == "de-DE")
    assert (counted["authorizedStringCount"], counted["completedStringCount"]) == (3, 0)
    rest.control.publish(rest.project, ["de-DE"])
    counted = next(each for each in rest.status("shop.json").data["items"] if each["localeId"] == "de-DE")
    assert (counted["authorizedStringCount"], counted["completedStringCount"]) == (0, 3)


def test_pending_work_is_not_handed_out_as_published(rest: RestClient) -> None:
    """Only a download that asks for pending translations has it."""
    authorize(rest)
    rest.control.translate(rest.project, {"de-DE": 100}, state="pending")
    assert b"(de-DE)" not in rest.translation("shop.json", "de-DE").body
    assert b"(de-DE)" in rest.translation("shop.json", "de-DE", retrievalType="pending").body


def test_a_correction_is_published_again(rest: RestClient) -> None:
    """A corrected string replaces what was published, and the file is listed as published anew."""
    authorize(rest)
    rest.control.translate(rest.project, {"de-DE": 100})
    rest.control.advance(60)
    before = published(rest)
    how = {"texts": {"title": "Laden"}}
    assert rest.control.translate(rest.project, {"de-DE": 100}, how=how, again=True) == 1
    assert b'"Laden"' in rest.translation("shop.json", "de-DE").body
    assert published(rest) > before


def published(rest: RestClient) -> str:
    """Return when the file was last published."""
    answer = rest.send(
        "GET",
        "/published-files-api/v2/projects/{project}/files/list/recently-published",
        publishedAfter="2000-01-01T00:00:00Z",
    )
    return str(answer.data["items"][-1]["publishDate"])


def test_an_unknown_state_is_refused(rest: RestClient) -> None:
    """The control API says which states there are."""
    from l10nsync.sandbox.testing import ControlError

    with pytest.raises(ControlError, match="there are published, pending, prepublished"):
        rest.control.translate(rest.project, {"de-DE": 100}, state="done")
