"""Translation jobs: what the manifest sets for them, and the commands that manage them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from l10nsync import app
from l10nsync.app import execute
from l10nsync.app.push_facts import PushRequest, due_moment, job_words
from l10nsync.cli.connect import callback_url, connector
from l10nsync.cli.options import Options
from l10nsync.errors import RefusedError, UsageError
from l10nsync.model import (
    Cost,
    JobDetails,
    JobRequest,
    JobSettings,
    JobState,
    ListedJob,
    LocaleProgress,
    Project,
    Source,
    Submission,
    Upload,
)
from l10nsync.plan import Action, JobPlan, Plan, Reason, SourceChange
from l10nsync.plan.jobs import FoundJob, OwnJobs, authorization, cancellation, choose, own_jobs
from l10nsync.plan.push import AWAITING
from l10nsync.plan.push.jobs import job_name
from l10nsync.providers import connect_to
from l10nsync.providers.base import Connection, Secret
from l10nsync.providers.smartling.provider import Smartling
from l10nsync.providers.smartling.submit import job as submitting
from l10nsync.render import reports
from l10nsync.sandbox.testing import SECRET, USER
from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import RestClient
from tests.test_push_pull import files, forget

ROOT = Path(__file__).parents[1]
WORDS = {
    "repo": "shop",
    "branch": "main",
    "sha": "0a1b2c3d4e",
    "date": "2026-08-01",
    "user": "ada",
    "pr": "7",
}


def manifest(job: str, extra: str = "") -> str:
    """Return a manifest with two resources; JOB are the settings of the first one's job."""
    return f"""\
version: 1
sourceLocale: en-US
locales: {{de-DE: de, fr-FR: fr}}
resources:
  - name: web
    source: web/en/*.json
    target: web/{{locale}}/*.json
    job: {job}
{extra}"""


def source(text: str) -> str:
    return json.dumps({"title": text})


def jobs_of(runner: Runner) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = runner.control.view(runner.ident)["jobs"]
    return found


# --- what the manifest sets -------------------------------------------------------------------------------


def test_every_setting_of_a_job_reaches_the_service(repo: Repo, runner: Runner) -> None:
    """Name, description, due date, reference, custom fields and callbacks arrive as they were written."""
    job = (
        '{name: "{repo} {branch} {user} {pr}", description: Texts, dueDate: 2026-12-24T18:00+02:00,'
        " referenceNumber: 0123, customFields: {fielduid1: mobile, fielduid2: 012}}"
    )
    runner.environ = {"L10NSYNC_CALLBACK_URL": "https://ci.example.org/l10n?k=1", "GITHUB_ACTOR": "ada"}
    repo.commit({".l10n.yml": manifest(job), "web/en/a.json": source("One text")})

    runner.run(repo, "push")

    (made,) = jobs_of(runner)
    assert made["name"] == "repo main ada"
    assert made["fields"] == {
        "description": "Texts",
        "dueDate": "2026-12-24T16:00:00Z",
        "referenceNumber": "0123",
        "customFields": [
            {"fieldUid": "fielduid1", "fieldValue": "mobile"},
            {"fieldUid": "fielduid2", "fieldValue": "012"},
        ],
        "callbackUrl": "https://ci.example.org/l10n?k=1",
        "callbackMethod": "GET",
    }
    assert runner.control.view(runner.ident)["files"]["web/en/a.json"]["callback"] == (
        "https://ci.example.org/l10n?k=1"
    )


NOW = datetime(2026, 12, 30, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("", ""),
        ("+5d", "2027-01-04T22:15:00Z"),
        ("+12h", "2026-12-31T10:15:00Z"),
        ("+2w", "2027-01-13T22:15:00Z"),
        ("2026-12-24", "2026-12-24T00:00:00Z"),
        ("2026-12-24T18:00", "2026-12-24T18:00:00Z"),
        ("2026-12-24T18:00Z", "2026-12-24T18:00:00Z"),
        ("2026-12-24T18:00-05:30", "2026-12-24T23:30:00Z"),
    ],
)
def test_a_due_date_is_one_moment(written: str, moment: str) -> None:
    """Counted from now, or a date, which is UTC unless it says otherwise."""
    assert due_moment(written, NOW) == moment


@pytest.mark.parametrize(
    ("environ", "argv", "name"),
    [
        ({}, (), "repo/main/SHA/2026-12-30/A. Tester/"),
        ({"GITHUB_ACTOR": "ada"}, (), "repo/main/SHA/2026-12-30/ada/"),
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/pull/17/merge", "GITHUB_HEAD_REF": "fix/ü#1"},
            (),
            "repo/fix/ü#1/SHA/2026-12-30/A. Tester/17",
        ),
        (
            {"GITLAB_CI": "1", "CI_MERGE_REQUEST_IID": "4", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "b"},
            (),
            "repo/b/SHA/2026-12-30/A. Tester/4",
        ),
        ({}, ("{x}",), "repo/(x)/SHA/2026-12-30/A. Tester/"),
    ],
)
def test_every_placeholder_of_a_name_has_its_value(
    repo: Repo, environ: dict[str, str], argv: tuple[str, ...], name: str
) -> None:
    """Repository, branch, commit, day in UTC, who pushes, pull request; a value makes no placeholder."""
    template = "{repo}/{branch}/{sha}/{date}/{user}/{pr}"
    commit = repo.commit({".l10n.yml": manifest(f'{{name: "{template}"}}'), "web/en/a.json": source("a")})
    repo.git("config", "user.name", "A. Tester")
    branch = argv[0] if argv else None
    opened = app.open_repository(
        app.Settings(repo.root, branch=branch), {"SMARTLING_PROJECT_ID": "p1", **environ}
    )

    words = job_words(opened, PushRequest(now=NOW, environ=environ))

    assert job_name(template, words) == name.replace("SHA", commit[:10])


@pytest.mark.parametrize("commands", [("push",), ("push --no-authorize", "job authorize")])
def test_each_locale_goes_through_its_workflow(repo: Repo, runner: Runner, commands: tuple[str, ...]) -> None:
    """The one of German publishes by itself; the French strings wait for a translator."""
    flows = "{authorize: true, localeWorkflows: {de-DE: sandboxflow3, fr-FR: sandboxflow1}}"
    repo.commit({".l10n.yml": manifest(flows), "web/en/a.json": source("One text")})

    for command in commands:
        runner.run(repo, *command.split())
    runner.run(repo, "pull")

    assert (repo.root / "web/de/a.json").is_file()
    assert not (repo.root / "web/fr/a.json").exists()


def test_every_upload_of_a_file_brings_its_callback(repo: Repo, runner: Runner) -> None:
    """A first one, a changed one, the ones after a rename and for rush delivery; without one it is gone."""
    address = "https://ci.example.org/l10n?k="

    def callback(uri: str = "web/en/a.json") -> str | None:
        found: str | None = runner.control.view(runner.ident)["files"][uri]["callback"]
        return found

    def push(number: int, *argv: str) -> None:
        runner.environ = {"L10NSYNC_CALLBACK_URL": f"{address}{number}"} if number else {}
        runner.run(repo, "push", *argv)

    repo.commit({".l10n.yml": manifest("{}"), "web/en/a.json": source("One text")})
    push(1)
    assert callback() == f"{address}1"
    repo.commit({"web/en/a.json": source("Another text")})
    push(2)
    assert callback() == f"{address}2"
    repo.git("mv", "web/en/a.json", "web/en/b.json")
    repo.commit()
    push(3)
    assert callback("web/en/b.json") == f"{address}3"
    rushed = manifest("{rush: true, authorize: true, name: rushed}")
    repo.commit({".l10n.yml": rushed, "web/en/b.json": source("A third text")})
    push(4)
    assert callback("web/en/b.json") == f"{address}4"
    runner.environ = {"L10NSYNC_CALLBACK_URL": f"{address}5"}
    repo.git("mv", "web/en/b.json", "web/en/c.json")
    repo.commit({"web/en/c.json": source("A fourth text")})
    runner.run(repo, "rename", "web/en/b.json", "web/en/c.json")
    assert callback("web/en/c.json") == f"{address}5"
    push(0, "--force")
    assert not callback("web/en/c.json")


@pytest.mark.parametrize("address", ["ci.example.com", "ftp://ci.example.com", "https://a b/", "https:///x"])
def test_an_address_that_cannot_be_called_is_refused(address: str) -> None:
    """A wrong callback address is an error, and is not quoted: it may hold a token."""
    with pytest.raises(UsageError, match="L10NSYNC_CALLBACK_URL") as raised:
        callback_url(Options(environ={"L10NSYNC_CALLBACK_URL": address}))
    assert address not in f"{raised.value.message} {raised.value.hint}"


def test_a_job_that_takes_nothing_is_removed(repo: Repo, runner: Runner) -> None:
    """Strings that another file of the namespace has had translated leave no empty job behind."""
    settings = '{name: "{repo} {sha}"}\n    namespace: shared'
    repo.commit({".l10n.yml": manifest(settings), "web/en/a.json": source("The same text")})
    runner.run(repo, "push", "--authorize")
    runner.translate()
    before = jobs_of(runner)
    repo.commit({"web/en/b.json": source("The same text")})

    pushed = runner.run(repo, "push", "--authorize")

    assert "removed: nothing in it to translate" in pushed.out
    assert jobs_of(runner) == before
    assert runner.original("web/en/b.json") == repo.read("web/en/b.json")


def test_a_job_over_its_cost_waits_for_a_person(repo: Repo, runner: Runner) -> None:
    """The service's estimate is asked before the authorization; --yes lets the waiting job through."""
    runner.control.switches(runner.ident, price_list={"currency": "EUR", "perWord": {"*": 1.0}})
    job = "{authorize: true, maxCost: 5.50}"
    repo.commit({".l10n.yml": manifest(job), "web/en/a.json": source("one two three")})

    pushed = runner.run(repo, "push", code=8)
    assert "would cost 6" in pushed.out
    assert "EUR, more than `maxCost: 5.50`" in pushed.out
    assert [each["status"] for each in jobs_of(runner)] == [AWAITING]
    assert 'Job "repo main" · created · not authorized · 6' in pushed.out

    assert "more than `maxCost" in runner.run(repo, "push", code=8).out
    refused = runner.run(repo, "job", "authorize", code=8)
    assert "--yes" in refused.err
    assert [each["status"] for each in jobs_of(runner)] == [AWAITING]

    assert runner.run(repo, "push", "--yes").out.startswith("Authorized 1 job")
    assert [each["status"] for each in jobs_of(runner)] == ["IN_PROGRESS"]


def test_what_a_filter_hides_in_a_job_counts_against_its_limit(repo: Repo, runner: Runner) -> None:
    """A job is authorized with all that it holds: the push counts that, sends nothing, and says why."""
    extra = """\
  - {name: docs, source: docs/en/*.json, target: "docs/{locale}/*.json"}
"""
    limited = manifest("{}", extra).replace("resources:", "job: {maxWords: 7}\nresources:")
    repo.commit(
        {".l10n.yml": limited, "web/en/a.json": source("one two three"), "docs/en/b.json": source("four")}
    )
    runner.run(repo, "push", "-r", "web")

    pushed = runner.run(repo, "push", "-r", "docs", "--authorize", code=8)

    assert "would authorize 8 words × locales, more than `maxWords: 7`" in pushed.err
    assert [each["status"] for each in jobs_of(runner)] == [AWAITING]
    assert runner.run(repo, "push", "-r", "docs").out.startswith("Sent 1 file.")
    assert "would authorize 8 words" in runner.run(repo, "job", "authorize", code=8).err
    assert runner.run(repo, "push", "--authorize", "--yes").out.startswith("Authorized 1 job")


def test_a_filter_lifts_no_limit_of_the_job(repo: Repo, runner: Runner) -> None:
    """The strictest limit of all resources that fill a job holds for each of them."""
    extra = """\
  - {name: docs, source: docs/en/*.json, target: "docs/{locale}/*.json", job: {maxWords: 5}}
"""
    repo.commit(
        {".l10n.yml": manifest("{}", extra), "web/en/a.json": source("a b c"), "docs/en/b.json": source("d")}
    )

    refused = runner.run(repo, "push", "-r", "web", "--authorize", code=8)
    assert "would authorize 6 words × locales, more than `maxWords: 5`" in refused.err
    runner.run(repo, "push", "-r", "web")
    refused = runner.run(repo, "job", "authorize", "-r", "web", code=8)
    assert "more than `maxWords: 5`" in refused.err


@pytest.mark.parametrize(("name", "argv"), [("{pr}", ()), ("web", ("--job", "")), ("{pr}", ("--job", " "))])
def test_a_job_without_a_name_is_refused_before_anything_is_sent(
    repo: Repo, runner: Runner, name: str, argv: tuple[str, ...]
) -> None:
    """A template may be empty on a branch; that is said, with the way out."""
    repo.commit({".l10n.yml": manifest(f'{{name: "{name}"}}'), "web/en/a.json": source("One text")})

    for command in ("plan", "push") if not argv else ("push",):
        failed = runner.run(repo, command, *argv, code=2)
        assert "the job name is empty" in failed.err
        assert "{repo}" in failed.err

    assert runner.control.view(runner.ident)["files"] == {}
    assert runner.run(repo, "push", "--job", "by hand").out.startswith("Sent 1 file")


def test_a_locale_that_is_added_is_held_against_the_limit(repo: Repo, runner: Runner) -> None:
    """Every word has to be translated there, though no string is new; nothing is sent."""
    runner.project(("de-DE", "fr-FR", "pl-PL"))
    job = "{authorize: true, maxWords: 6}"
    repo.commit({".l10n.yml": manifest(job), "web/en/a.json": source("one two three")})
    runner.run(repo, "push")
    wider = manifest("{authorize: true, maxWords: 2}").replace("fr-FR: fr", "fr-FR: fr, pl-PL: pl")
    repo.commit({".l10n.yml": wider})

    refused = runner.run(repo, "push", code=8)

    assert "would authorize 3 words × locales, more than `maxWords: 2`" in refused.err
    assert "3 words in added locales" in runner.run(repo, "plan").out


@pytest.mark.parametrize(
    "switches",
    [
        {"estimate_outcome": "FAILED"},
        {"price_list": {"currency": "USD", "perWord": {"de": 0.1}}},
    ],
    ids=["no estimate", "a locale without rates"],
)
def test_an_unknown_cost_is_not_within_a_limit(repo: Repo, runner: Runner, switches: Any) -> None:
    """With a limit of cost, a job whose cost cannot be learned is not authorized."""
    runner.control.switches(runner.ident, **switches)
    repo.commit(
        {".l10n.yml": manifest("{authorize: true, maxCost: 500}"), "web/en/a.json": source("one two three")}
    )

    pushed = runner.run(repo, "push", code=8)

    assert "is not known (" in pushed.out
    assert [each["status"] for each in jobs_of(runner)] == [AWAITING]


def test_rush_delivery_is_asked_for_with_the_authorization(repo: Repo, runner: Runner) -> None:
    """The service takes the wish from a batch alone: a last one authorizes the job, with one file."""
    repo.commit(
        {
            ".l10n.yml": manifest("{authorize: true, rush: true}"),
            "web/en/a.json": source("one two three"),
            "web/en/b.json": source("a longer text than the other"),
        }
    )

    mark = runner.mark()
    pushed = runner.run(repo, "push")

    operations = runner.requests_since(mark)
    assert operations.count("createJobBatchV2") == 2
    assert operations.count("uploadFileToJobBatchV2") == 3
    assert "authorizeJob" not in operations
    assert "· authorized" in pushed.out
    assert [each["status"] for each in jobs_of(runner)] == ["IN_PROGRESS"]
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("reuse", [True, False])
def test_an_open_job_is_filled_further_unless_each_plan_has_its_own(
    repo: Repo, runner: Runner, reuse: bool
) -> None:
    """With `reuse: false` the plan's digest stands behind the name, so that no two plans share a job."""
    job = f"{{reuse: {str(reuse).lower()}}}"
    repo.commit({".l10n.yml": manifest(job), "web/en/a.json": source("One text")})
    runner.run(repo, "push")
    repo.commit({"web/en/b.json": source("Another text")})
    runner.run(repo, "push")

    found = {each["name"]: list(each["files"]) for each in jobs_of(runner)}

    if reuse:
        assert found == {"repo main": ["web/en/a.json", "web/en/b.json"]}
    else:
        assert sorted(found.values()) == [["web/en/a.json"], ["web/en/b.json"]]
        assert all(re.fullmatch(r"repo main [0-9a-f]{10}", name) for name in found)


def test_words_that_nobody_can_count_are_over_a_limit(repo: Repo, runner: Runner) -> None:
    """A type that is sent unread may hold any number of words; --no-authorize and --yes send it."""
    limited = manifest("{authorize: true, maxWords: 5}").replace("*.json", "*.idml")
    repo.commit({".l10n.yml": limited, "web/en/a.idml": "not read"})

    refused = runner.run(repo, "push", code=8)

    assert "the words of web/en/a.idml cannot be counted" in refused.err
    assert runner.control.view(runner.ident)["files"] == {}


def test_resources_fill_jobs_of_their_own(repo: Repo, runner: Runner) -> None:
    """A resource with another job name fills another job, with its own settings."""
    extra = """\
  - name: mobile
    source: mobile/en/*.json
    target: mobile/{locale}/*.json
    job: {name: "{repo} mobile", authorize: true}
"""
    repo.commit(
        {
            ".l10n.yml": manifest('{name: "{repo} web"}', extra),
            "web/en/a.json": source("One text"),
            "mobile/en/a.json": source("Another text"),
        }
    )

    runner.run(repo, "push")

    found = {each["name"]: (each["status"], list(each["files"])) for each in jobs_of(runner)}
    assert found == {
        "repo web": (AWAITING, ["web/en/a.json"]),
        "repo mobile": ("IN_PROGRESS", ["mobile/en/a.json"]),
    }


def test_the_file_after_the_five_thousandth_goes_to_the_next_job(runner: Runner) -> None:
    """The service's limit itself, with real jobs, though without sending so many files."""
    connection = Connection(runner.server.url, USER, Secret(SECRET), "integration-test-cli/1")
    provider = connect_to(Project("default", runner.ident), connection)
    assert isinstance(provider, Smartling)
    uploads = [Upload(f"{at}.json", "json", f"{at}.json", ("de-DE",), b"{}") for at in range(5001)]
    request = Submission(JobRequest("shop main"))
    try:
        first = submitting.JobSearch(provider.api, request, uploads).usable(set())
        second = submitting.JobSearch(provider.api, request, uploads[5000:]).usable({first.job.uid})
    finally:
        provider.close()
    assert [(each.job.name, len(each.share)) for each in (first, second)] == [
        ("shop main", 5000),
        ("shop main 2", 1),
    ]


def test_every_job_of_a_split_push_is_reported(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """More files than a job holds fill several jobs of one plan; the report has each, with its link."""
    monkeypatch.setattr(submitting, "JOB_FILES", 2)
    connection = Connection(runner.server.url, USER, Secret(SECRET), "integration-test-cli/1")
    request = JobRequest("shop main", authorize=True)
    changes = tuple(
        SourceChange(
            Action.UPLOAD, Reason.NEW, "default", "web", f"{at}.json", f"{at}.json", "json", f"{at}.json",
            ("de-DE",), {}, blob=str(at), job=request.name,
        )
        for at in range(5)
    )  # fmt: skip
    contents = {str(at): source(f"Text {at}").encode() for at in range(5)}
    provider = connect_to(Project("default", runner.ident), connection)
    try:
        plan = Plan("push", changes, (JobPlan("default", request),))
        report = execute.push(plan, {"default": provider}, contents)
    finally:
        provider.close()
    assert [(each.name, each.planned, each.authorized) for each in report.jobs] == [
        ("shop main", "shop main", True),
        ("shop main 2", "shop main", True),
        ("shop main 3", "shop main", True),
    ]
    assert len({each.url for each in report.jobs}) == 3
    assert report.exit_code == 0
    page = reports.markdown(report)
    assert page.count(": authorized http://") == 3


def test_a_limit_that_nobody_can_check_is_not_passed(repo: Repo, runner: Runner) -> None:
    """Where a provider cannot estimate, `maxCost` keeps the push from authorizing; nothing is sent."""
    limited = JobPlan("default", JobRequest("shop main", authorize=True, max_cost="5"))
    repo.commit({".l10n.yml": manifest("{}"), "web/en/a.json": source("One text")})
    environ = runner.environment()
    opened = app.open_repository(app.Settings(repo.root), environ)
    connect = connector(Options(environ=environ))
    with app.linked(opened, connect, sources=opened.sources) as links:
        blind = replace(links["default"].provider.abilities, costs=False)
        links["default"].provider.abilities = blind
        prepared = app.PreparedPush(Plan("push", (), (limited,)), {})
        with pytest.raises(RefusedError, match="does not report what a job costs"):
            app.carry_out_push(opened, links, prepared, callback_url="")
    assert jobs_of(runner) == []


# --- the commands -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["here", "dashboard"])
def test_after_a_cancelled_job_clones_with_and_without_a_cache_plan_alike(
    repo: Repo, runner: Runner, where: str
) -> None:
    """What the job was to translate is asked for again by the next push of either."""
    repo.commit(files(2, authorize=where == "dashboard"))
    runner.run(repo, "push")
    if where == "here":
        runner.run(repo, "job", "cancel", "--yes")
    else:
        assert runner.run(repo, "push").out.startswith("No changes")
        rest = RestClient(runner.server.url, runner.ident, runner.control)
        (job,) = rest.send("GET", rest.jobs()).data["items"]
        rest.send("POST", rest.jobs(f"/{job['translationJobUid']}/cancel"), body={})
        runner.control.advance(60)

    cached = json.loads(runner.run(repo, "plan", "--format", "json").out)
    forget(repo)
    fresh = json.loads(runner.run(repo, "plan", "--format", "json").out)

    assert [each["action"] for each in cached["changes"]] == ["upload", "upload"]
    assert cached["digest"] == fresh["digest"]


def test_a_job_is_listed_shown_authorized_and_cancelled(repo: Repo, runner: Runner) -> None:
    """One job through its life; each answer as text and as data that the schema describes."""
    schema = Draft7Validator(json.loads((ROOT / "schemas" / "jobs.schema.json").read_text("utf-8")))

    def data(*argv: str) -> Any:
        found = json.loads(runner.run(repo, "job", *argv, "--format", "json").out)
        assert list(schema.iter_errors(found)) == []
        return found

    repo.commit({".l10n.yml": manifest("{dueDate: 2026-12-24}"), "web/en/a.json": source("one two three")})
    assert runner.run(repo, "job", "list").out == "No jobs.\n"
    assert "no job of this branch" in runner.run(repo, "job", "authorize", code=2).err
    runner.run(repo, "push")

    (listed,) = data("list")["jobs"]
    assert (listed["name"], listed["status"], listed["own"]) == ("repo main", AWAITING, True)
    listing = runner.run(repo, "job", "list").out
    assert listing.startswith("1 job.\n")
    assert re.search(rf"{listed['uid']}\s+AWAITING_AUTHORIZATION\s+2026-12-24\s+repo main", listing)

    (shown,) = data("show")["jobs"]
    assert [each["fileUri"] for each in shown["files"]] == ["web/en/a.json"]
    assert (shown["words"], shown["unauthorizedWords"], shown["percent"]) == (6, 6, 0)
    card = runner.run(repo, "job", "show", listed["uid"]).out
    assert "1 file, 6 words in all locales" in card
    assert "0 % of 3 words, 3 words not authorized" in card
    assert runner.run(repo, "job", "open", "--print").out == f"{listed['url']}\n"

    assert data("authorize")["result"]["authorized"]
    assert [each["status"] for each in jobs_of(runner)] == ["IN_PROGRESS"]
    assert "IN_PROGRESS" in runner.run(repo, "job", "authorize", listed["uid"], code=2).err

    assert "--yes" in runner.run(repo, "job", "cancel", code=8).err
    assert [each["status"] for each in jobs_of(runner)] == ["IN_PROGRESS"]
    cancelled = runner.run(repo, "job", "cancel", "--yes").out
    assert cancelled.startswith('Cancelled 1 job.\nJob "repo main" · cancelled\n')
    assert [each["status"] for each in jobs_of(runner)] == ["CANCELLED"]
    assert runner.run(repo, "job", "list").out == "No jobs.\n"
    assert "CANCELLED" in runner.run(repo, "job", "list", "--all").out


# --- decisions --------------------------------------------------------------------------------------------


def listed_job(name: str = "shop main", uid: str = "u1", status: str = AWAITING) -> ListedJob:
    return ListedJob(
        uid, name, "SMTL-1", JobState(status), ("de-DE", "fr-FR"), created="2026-08-01T00:00:00Z"
    )


def found_job(status: str = AWAITING, words: int = 0, **changes: Any) -> FoundJob:
    job = listed_job(status=status)
    progress = (LocaleProgress("de-DE", 0, words, words),)
    made = FoundJob("default", job, True, JobSettings(), JobDetails(job, {}, 0, words, progress))
    return replace(made, **changes)


names = st.text(st.sampled_from("ab {}()[].*+-_#/ü1"), min_size=1, max_size=60)
templates = st.lists(st.sampled_from(["{repo}", "{branch}", "{sha}", "{date}", "{user}", "x", " ", "[", "."]),
                     min_size=1, max_size=8).map("".join)  # fmt: skip


@settings(deadline=None)
@given(templates, names, names, st.booleans(), st.integers(1, 40))
def test_a_job_of_any_day_is_known_as_ours(
    template: str, repo: str, branch: str, digest: bool, number: int
) -> None:
    """The name of an earlier run, with its date, commit, digest and number, is recognized."""
    words = {**WORDS, "repo": repo, "branch": branch}
    then = {**words, "date": "2025-11-30", "sha": "ffff00", "user": "bob"}
    name = job_name(template, then, "0123456789" if digest else "")
    if number > 1:
        name += f" {number}"
    own = OwnJobs("default", template, JobSettings(reuse=not digest), words)
    if name.strip():
        assert own.include(name)
        assert name.startswith(own.beginning)


def test_a_job_of_another_branch_is_not_ours() -> None:
    """The branch is part of the name, to its end."""
    own = OwnJobs("default", "{repo} {branch}", JobSettings(), WORDS)
    assert own.include("shop main")
    assert own.include("shop main 2")
    assert not own.include("shop main-2")
    assert not own.include("shop feature/main")


def test_of_limits_the_lowest_counts() -> None:
    """Resources that fill one job may have limits of their own."""
    blank = Source("a", "r", "default", "a", "a", "json", None, {}, (), ())
    jobs = [JobSettings(max_words=9, max_cost="10"), JobSettings(max_words=5, max_cost="9.5"), JobSettings()]
    (own,) = own_jobs([replace(blank, job=each) for each in jobs], WORDS)
    assert (own.settings.max_words, own.settings.max_cost) == (5, "9.5")


def test_a_job_is_chosen_only_if_it_is_the_only_one() -> None:
    """Without a name there must be one; a uid, a number and an exact name say which."""
    first, second = found_job(), found_job()
    second = replace(second, job=listed_job("shop other", "u2"))
    assert choose([first, second], "u2") is second
    assert choose([first, second], "shop main") is first
    with pytest.raises(UsageError, match="2 jobs fit: u1"):
        choose([first, second], None)
    with pytest.raises(UsageError, match="no job 'u3'"):
        choose([first, second], "u3")


@pytest.mark.parametrize(
    ("found", "allowed"),
    [
        (found_job(words=11, settings=JobSettings(max_words=10)), False),
        (found_job(words=10, settings=JobSettings(max_words=10)), True),
        (found_job(settings=JobSettings(max_words=10), details=None), False),
        (found_job(settings=JobSettings(max_cost="10"), cost=Cost("10.01", "USD")), False),
        (found_job(settings=JobSettings(max_cost="10"), cost=Cost("9.99", "USD")), True),
        (found_job(settings=JobSettings(max_cost="10")), False),
    ],
)
def test_a_job_over_its_limits_needs_a_word(found: FoundJob, allowed: bool) -> None:
    """Too many words, too high or an unknown cost: refused, unless --yes was said."""
    if allowed:
        assert authorization(found, fork=False, yes=False).uid == "u1"
    else:
        with pytest.raises(RefusedError):
            authorization(found, fork=False, yes=False)
    assert authorization(found, fork=False, yes=True).verb == "authorize"
    with pytest.raises(RefusedError, match="fork"):
        authorization(found, fork=True, yes=True)


def test_only_an_empty_job_is_cancelled_without_a_word() -> None:
    """Cancelling takes work out of translation; a finished job cannot be cancelled at all."""
    assert cancellation(found_job(), reason="", yes=False).verb == "cancel"
    with pytest.raises(RefusedError, match="12 words"):
        cancellation(found_job(words=12), reason="", yes=False)
    assert cancellation(found_job(words=12), reason="", yes=True).verb == "cancel"
    with pytest.raises(UsageError, match="COMPLETED"):
        cancellation(found_job("COMPLETED"), reason="", yes=True)
