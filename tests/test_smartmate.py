"""Orders end to end: the real command line, real git, and the sandbox's WorkFlow API over HTTP."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import yaml

from l10nsync.providers.smartmate.submit import Patience
from l10nsync.sandbox.testing import SandboxServer, wait_for
from tests.repositories import Repo
from tests.runner import Runner

EXAMPLES = Path(__file__).parents[1] / "examples"
ORDER = {"customer": "Example Corporation", "contact": "Doe, Jane", "deliveryDate": "+10d 17:00"}
MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
defaults: {project: texts, job: {authorize: true}}
projects:
  texts:
    provider: smartmate
    id: site
    order: {customer: Example Corporation, contact: "Doe, Jane", deliveryDate: +10d, timeZone: Europe/London}
resources:
  - name: web
    source: src/en/*.json
    target: src/{locale}/*.json
"""
SMARTLING = """\
  apps: {id: "${SMARTLING_PROJECT_ID}"}
resources:
  - name: app
    project: apps
    source: app/en/*.json
    target: app/{locale}/*.json
"""


def files(number: int = 2, text: str = "Text") -> dict[str, str]:
    return {
        f"src/en/f{at}.json": json.dumps({f"key{each}": f"{text} {each} of file {at}" for each in range(3)})
        for at in range(number)
    }


@pytest.fixture
def mate(sandbox_server: SandboxServer) -> Runner:
    """Give the command line with a fresh account of the WorkFlow API."""
    made = Runner(sandbox_server)
    made.ident = sandbox_server.control.account()
    made.environ = {"SMARTMATE_USERNAME": made.ident}
    return made


@pytest.fixture
def site(repo: Repo) -> Repo:
    """Give a repository whose texts are ordered."""
    repo.commit({".l10n.yml": MANIFEST, **files()})
    return repo


def clone(repo: Repo, folder: Path) -> Repo:
    """Return a clone: it has what is committed, and no memory."""
    repo.git("clone", "--quiet", str(repo.root), str(folder))
    made = object.__new__(Repo)
    made.root = folder
    return made


# --- the round trip ---


def test_a_round_trip(site: Repo, mate: Runner, tmp_path: Path) -> None:
    """Ordered once, whoever asks again; pulled when it is completed; then nothing is left to do."""
    pushed = mate.run(site, "push")
    assert pushed.out.splitlines()[0] == "Sent 2 files."
    assert 'Job "repo main (TI-' in pushed.out
    mark = mate.mark()
    for again in (site, clone(site, tmp_path / "clone")):
        assert mate.run(again, "push").out.startswith("No changes")
    assert set(mate.requests_since(mark)) == {"mateLanguages", "mateRequests"}

    early = mate.run(site, "pull")
    assert not (site.root / "src/de").exists(), early.out
    mate.translate()
    pulled = mate.run(site, "pull")
    assert pulled.out.startswith("Wrote 4 files")
    assert json.loads(site.read("src/de/f1.json"))["key2"].endswith("(de-DE)")
    mark = mate.mark()
    mate.run(site, "pull")
    assert mate.requests_since(mark) == ["mateRequests"]
    site.commit()
    fresh = clone(site, tmp_path / "other")
    assert mate.run(fresh, "pull").code == 0
    assert fresh.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    "name",
    [
        *("web-i18next", "android", "rails", "gettext"),
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in ("ios", "java", "docs-markdown", "monorepo")
        ),
    ],
)
def test_examples_go_either_way(tmp_path: Path, sandbox_server: SandboxServer, name: str) -> None:
    """The same repository makes the round trip with either provider; only `projects:` differs."""
    written: dict[str, set[str]] = {}
    for provider in ("smartling", "smartmate"):
        repo = Repo(tmp_path / provider)
        shutil.copytree(EXAMPLES / name, repo.root, dirs_exist_ok=True)
        text: dict[str, Any] = yaml.safe_load((repo.root / ".l10n.yml").read_text("utf-8"))
        text.pop("project", None)
        text["defaults"] = {**text.get("defaults", {}), "project": "texts"}
        runner = Runner(sandbox_server)
        if provider == "smartling":
            runner.project(tuple(text["locales"]))
            text["projects"] = {"texts": {"id": runner.ident}}
        else:
            runner.ident = sandbox_server.control.account()
            runner.environ = {"SMARTMATE_USERNAME": runner.ident}
            text["projects"] = {"texts": {"id": "site", "provider": "smartmate", "order": ORDER}}
            text["job"] = {**text.get("job", {}), "authorize": True}
        repo.commit({".l10n.yml": yaml.safe_dump(text)})
        runner.run(repo, "push")
        assert runner.run(repo, "push").out.startswith("No changes")
        runner.translate()
        runner.run(repo, "pull")
        changed = repo.git("status", "--porcelain", "--untracked-files=all").splitlines()
        written[provider] = {line[3:] for line in changed}
        repo.commit()
        shutil.rmtree(repo.root / ".git" / "l10nsync")
        runner.run(repo, "pull")
        assert repo.git("status", "--porcelain") == ""
    assert written["smartmate"] == written["smartling"] != set()


def test_a_rails_file_gets_its_own_first_key(repo: Repo, mate: Runner) -> None:
    """A delivered document still begins with the source's language, and would be read as English."""
    text = MANIFEST.replace("src/en/*.json", "locales/en.yml").replace(
        "src/{locale}/*.json", "locales/{locale}.yml"
    )
    repo.commit({".l10n.yml": text, "locales/en.yml": "en:\n  hello: Hello there\n"})
    mate.run(repo, "push")
    mate.translate()
    mate.run(repo, "pull")
    assert repo.read("locales/fr.yml").startswith(b"fr:\n")


def test_one_run_serves_both_services(repo: Repo, mate: Runner, runner: Runner) -> None:
    """A manifest with projects of either is pushed and pulled as one."""
    both = MANIFEST.replace("resources:\n", SMARTLING)
    repo.commit({".l10n.yml": both, **files(), "app/en/a.json": '{"hello": "Hello there"}'})
    runner.environ = mate.environ
    assert runner.run(repo, "push").out.splitlines()[0] == "Sent 3 files."
    mate.translate()
    runner.translate()
    assert runner.run(repo, "pull").out.startswith("Wrote 6 files")
    assert json.loads(repo.read("app/de/a.json"))["hello"].endswith("(de-DE)")
    assert runner.run(repo, "push").out.startswith("No changes")


# --- nothing is ordered twice ---


def test_a_renamed_file_is_not_ordered_again(site: Repo, mate: Runner) -> None:
    """Its content was ordered, under whatever name; its translation is written to the new place."""
    mate.run(site, "push")
    site.git("mv", "src/en/f0.json", "src/en/renamed.json")
    site.commit()
    assert mate.run(site, "push").out.startswith("No changes")
    mate.translate()
    mate.run(site, "pull")
    assert b"(fr-FR)" in site.read("src/fr/renamed.json")


def test_a_changed_file_is_ordered_whole(site: Repo, mate: Runner) -> None:
    """The plan counts all of its words, and says why."""
    mate.run(site, "push")
    changed = {f"key{at}": f"Text {at} of file 0" for at in range(3)} | {"key9": "One more"}
    site.commit({"src/en/f0.json": json.dumps(changed)})
    plan = json.loads(mate.run(site, "push", "--dry-run", "--format", "json").out)
    found = json.dumps(plan)
    assert "ordered in full" in found
    assert '"newStrings": 4' in found
    mate.run(site, "push")
    assert mate.run(site, "push", "--force").out.startswith("No changes")
    assert len(mate.control.view(mate.ident)["requests"]) == 4


def test_a_pull_request_orders_nothing(site: Repo, mate: Runner) -> None:
    """Anybody can open one; `--authorize` is a person's word."""
    mate.environ |= {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_REF": "refs/pull/7/merge",
    }
    held = mate.run(site, "push", "--branch", "feature", code=None)
    assert mate.control.view(mate.ident)["requests"] == [], held.out
    mate.environ = {"SMARTMATE_USERNAME": mate.ident}
    assert "not authorized" in mate.run(site, "push", "--no-authorize").out
    assert mate.control.view(mate.ident)["requests"] == []
    mate.run(site, "push", "--authorize")
    assert len(mate.control.view(mate.ident)["requests"]) == 2


@pytest.mark.parametrize("said", ["job: {authorize: false}", ""])
def test_nothing_is_ordered_that_nobody_has_authorized(site: Repo, mate: Runner, said: str) -> None:
    """Neither `authorize: false` nor silence is an order; the plan says what would be ordered."""
    site.commit({".l10n.yml": MANIFEST.replace(", job: {authorize: true}", f", {said}" if said else "")})

    for command in ("plan", "push"):
        done = mate.run(site, command)
        assert done.out.startswith("No changes: 2 files to order, but not authorized.")
        assert "30 words would be ordered in de-DE, fr-FR (60 words × locales)" in done.out
        assert "--authorize orders them" in done.out
    assert mate.control.view(mate.ident)["requests"] == []

    mate.run(site, "push", "--authorize")
    assert len(mate.control.view(mate.ident)["requests"]) == 2


def test_a_push_that_is_killed_orders_nothing_twice(site: Repo, mate: Runner) -> None:
    """Killed for good while an order is answered, it is taken up by the next push where it stopped."""
    mate.control.fault("hold", project=mate.ident, operation="mateCreate", nth=2)
    process = mate.start(site, "push", "--concurrency", "1")
    wait_for(lambda: any(each["operation"] == "mateCreate" for each in mate.control.faults()["held"]))
    process.kill()
    process.communicate()
    mate.control.release()
    assert mate.run(site, "push").code == 0
    orders = mate.control.view(mate.ident)["requests"]
    assert sorted(each["targets"] for each in orders) == [["de-DE"], ["fr-FR"]]


def test_an_order_that_turns_up_twice_is_named(
    site: Repo, mate: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push killed while its order was on the way, and a service that takes it late: a person must act."""
    monkeypatch.setattr("l10nsync.providers.smartmate.submit.LONGER", (0.1,))
    mate.control.fault("hold_before", project=mate.ident, operation="mateCreate", nth=1)
    process = mate.start(site, "push", "--concurrency", "1")
    wait_for(lambda: any(each["operation"] == "mateCreate" for each in mate.control.faults()["held"]))
    process.kill()
    process.communicate()
    assert "ordered twice" not in mate.run(site, "push").out
    mate.control.release()
    wait_for(lambda: len(mate.control.view(mate.ident)["requests"]) == 3)

    for command in ("push", "plan", "status", "doctor"):
        done = mate.run(site, command)
        assert "ordered twice: the same content of src/en/" in done.out, command
        assert "ask SmartMATE to cancel all but one" in done.out


def test_an_order_that_turns_up_late_is_not_ordered_again(site: Repo, mate: Runner) -> None:
    """A push was killed while its order was on the way: the next one waits until the service shows it."""
    mate.control.fault("hold_before", project=mate.ident, operation="mateCreate", nth=1)
    process = mate.start(site, "push", "--concurrency", "1")
    wait_for(lambda: any(each["operation"] == "mateCreate" for each in mate.control.faults()["held"]))
    process.kill()
    process.communicate()
    later = Timer(1.5, mate.control.release)
    later.start()

    mate.run(site, "push")

    later.join()
    assert len(mate.control.view(mate.ident)["requests"]) == 2


def test_a_lost_answer_ends_as_temporary(site: Repo, mate: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not known whether the order was placed: the run says so (exit code 5), and the next one looks."""
    monkeypatch.setattr("l10nsync.providers.smartmate.submit.LONGER", (0.1,))
    monkeypatch.setattr("l10nsync.providers.smartmate.provider.Patience", lambda: Patience((0.1,)))
    mate.control.fault("close_before", project=mate.ident, operation="mateCreate", nth=2)
    lost = mate.run(site, "push", "--concurrency", "1", code=5)
    assert "not sent again" in lost.out + lost.err
    assert mate.run(site, "push").code == 0
    assert len(mate.control.view(mate.ident)["requests"]) == 2


def test_too_many_words_are_not_ordered(site: Repo, mate: Runner) -> None:
    """`maxWords` holds for whole files: what is sent is paid for."""
    site.commit({".l10n.yml": MANIFEST.replace("authorize: true", "authorize: true, maxWords: 40")})
    refused = mate.run(site, "push", code=8)
    assert "60 words" in refused.err, refused.err
    assert mate.control.view(mate.ident)["requests"] == []
    mate.run(site, "push", "--yes")
    assert len(mate.control.view(mate.ident)["requests"]) == 2


# --- pull and status ---


def test_what_cannot_be_told_is_held_back(site: Repo, mate: Runner) -> None:
    """The targets stay, the reason is given, and the others are written."""
    mate.run(site, "push")
    mate.translate({"de-DE": 100}, extra=1)
    mate.translate({"fr-FR": 100})
    pulled = mate.run(site, "pull", code=None)
    assert pulled.code != 0
    assert "2 final documents" in pulled.out
    assert (site.root / "src/fr/f0.json").exists()
    assert not (site.root / "src/de").exists()


def test_a_status_is_told_from_the_tracking(site: Repo, mate: Runner) -> None:
    """Percentages of our own words while it is worked on; complete when the documents are there."""
    mate.run(site, "push")
    mate.translate({"de-DE": 50})
    half = mate.run(site, "status").out
    assert half.startswith("Status: 23 % published, 46 words left in de-DE, fr-FR"), half
    assert half.splitlines()[3].split()[-2:] == ["46", "0"], half
    mate.translate()
    assert "complete" in mate.run(site, "status", "--fail-if-incomplete").out
    site.commit({"src/en/f0.json": '{"other": "Something else entirely"}'})
    assert "stale" in mate.run(site, "status").out


@pytest.mark.long  # what nobody signed is acted on after half a minute
def test_a_completed_request_is_heard_and_pulled(site: Repo, mate: Runner) -> None:
    """The service's notification makes a watch pull; it is answered so that it is not repeated."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mate.environ["L10NSYNC_CALLBACK_URL"] = f"http://127.0.0.1:{port}/hook?k=1"
    mate.run(site, "push")
    watching = mate.start(site, "watch", "--once", "--every", "1h", "--listen", f"127.0.0.1:{port}")
    assert watching.stderr
    assert "listening" in watching.stderr.readline()
    assert "nothing new" in watching.stderr.readline()
    mate.translate()
    out, err = watching.communicate(timeout=90)
    assert watching.returncode == 0, (out, err)
    assert out.startswith("Wrote 4 files")
    kinds = {(each["kind"], each["taken"], *each["statuses"]) for each in mate.control.deliveries(mate.ident)}
    assert kinds == {("notification", True, 200)}


def test_what_the_service_cannot_do_is_told(site: Repo, mate: Runner) -> None:
    """There are no jobs to list, nothing to import into, and nothing to delete."""
    mate.run(site, "push")
    site.git("rm", "--quiet", "src/en/f0.json")
    site.commit()
    assert "the service cannot delete" in mate.run(site, "prune").out
    assert "has no translation jobs" in mate.run(site, "job", "list", code=None).err
    assert "cannot import" in mate.run(site, "import", "--dry-run", code=None).err


# --- what is wrong is said ---


def test_credentials_and_settings_that_are_missing_are_named(site: Repo, mate: Runner) -> None:
    """Each with the variable or key to set; nothing is asked of the service."""
    mark = mate.mark()
    account = mate.environ["SMARTMATE_USERNAME"]
    mate.environ = {"SMARTMATE_USERNAME": account, "SMARTMATE_PASSWORD": ""}
    assert "SMARTMATE_PASSWORD is not set" in mate.run(site, "push", code=4).err
    mate.environ = {"SMARTMATE_USERNAME": account}
    site.commit({".l10n.yml": MANIFEST.replace(", deliveryDate: +10d", "")})
    assert "sets no deliveryDate" in mate.run(site, "push", code=2).err
    assert mate.requests_since(mark) == []


def test_what_it_cannot_do_is_said(site: Repo, mate: Runner) -> None:
    """It has no import and no jobs: both commands say so before anything is sent."""
    assert "cannot import translations" in mate.run(site, "import", code=2).err
    assert "has no translation jobs" in mate.run(site, "job", "list", code=2).err


@pytest.mark.parametrize("command", ["check", "plan", "push", "pull"])
def test_a_file_for_all_locales_is_no_file_to_order(site: Repo, mate: Runner, command: str) -> None:
    """A String Catalog is an error of the manifest, before anything is asked of the service."""
    catalog = json.dumps({"sourceLanguage": "en-US", "strings": {}, "version": "1.0"})
    resource = '  - {name: catalog, source: "app/*.xcstrings", target: "app/*.xcstrings"}\n'
    site.commit({".l10n.yml": MANIFEST + resource, "app/Localizable.xcstrings": catalog})
    mark = mate.mark()

    refused = mate.run(site, command, code=2)

    assert "app/Localizable.xcstrings" in refused.err
    assert "smartmate delivers one document for each language" in refused.err
    assert mate.requests_since(mark) == []


def test_languages_are_checked_online(site: Repo, mate: Runner) -> None:
    """A locale that the service does not have is an error of the manifest, with its place."""
    site.commit({".l10n.yml": MANIFEST.replace("fr-FR: fr", "xx-XX: fr")})
    refused = mate.run(site, "check", "--online", code=2)
    assert "xx-XX" in refused.err + refused.out
    assert ".l10n.yml:3" in refused.err + refused.out


def test_references_have_to_be_tracked(site: Repo, mate: Runner) -> None:
    """A reference that is there goes along; one that is not stops the push before it begins."""
    text = MANIFEST.replace("deliveryDate: +10d", "deliveryDate: +10d, references: [docs/terms.csv]")
    site.commit({".l10n.yml": text})
    assert "docs/terms.csv is not a tracked file" in mate.run(site, "push", code=2).err
    site.commit({"docs/terms.csv": "term,Begriff\n"})
    mate.run(site, "push")
    assert all(each["references"] == ["terms.csv"] for each in mate.control.view(mate.ident)["requests"])


def test_staging_has_a_name(site: Repo, mate: Runner) -> None:
    """`SMARTMATE_API_URL=staging` is the service's own staging system: the sandbox's password stays here."""
    mate.environ["SMARTMATE_API_URL"] = "staging"
    refused = mate.run(site, "push", code=4)
    assert "test credentials are not sent to workflow-api.smartmate.co" in refused.err
