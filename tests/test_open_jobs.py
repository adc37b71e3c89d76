"""An open job follows the manifest: its content, its settings, and what waits in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo
from tests.sandbox_fixtures import RestClient
from tests.test_push_pull import forget

pytestmark = pytest.mark.in_process

AWAITING = "AWAITING_AUTHORIZATION"


def manifest(*, locales: str = "de-DE: de, fr-FR: fr", job: str = "", more: str = "", top: str = "") -> str:
    return (
        f"version: 1\nsourceLocale: en-US\nlocales: {{{locales}}}\n{top}"
        + (f"job: {{{job}}}\n" if job else "")
        + f'resources:\n  - {{name: app, source: "app/en/*.json", target: "app/{{locale}}/*.json"{more}}}\n'
    )


def texts(**strings: str) -> str:
    return json.dumps(strings)


def begin(repo: Repo, **options: str) -> None:
    repo.commit(
        {
            ".l10n.yml": manifest(**options),
            "app/en/cart.json": texts(pay="Pay the bill", back="Go back"),
            "app/en/help.json": texts(call="Call us now"),
        }
    )


def jobs(runner: InProcess) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in runner.control.view(runner.ident)["jobs"]}


def pairs(runner: InProcess, state: str) -> set[tuple[str, str, str]]:
    """Return fileUri, locale and key of the strings that are in STATE."""
    return {
        (uri, locale, key)
        for uri, file in runner.control.view(runner.ident)["files"].items()
        for locale, strings in file["locales"].items()
        for key, found, _text in strings
        if found == state
    }


def rest(runner: InProcess) -> RestClient:
    return RestClient(runner.server.url, runner.ident, runner.control)


def uid_of(runner: InProcess, name: str) -> str:
    client = rest(runner)
    found = client.send("GET", client.jobs(), jobName=name).data["items"]
    return str(next(each["translationJobUid"] for each in found if each["jobName"] == name))


# --- what no source asks for any more -------------------------------------------------------------------


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("command", [("push", "--authorize"), ("job", "authorize")], ids=" ".join)
def test_a_removed_locale_leaves_the_job(
    repo: Repo, runner: InProcess, command: tuple[str, ...], cache: bool
) -> None:
    """Its strings are taken out before the job is authorized, whichever command does that."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest(locales="de-DE: de")})
    if not cache:
        forget(repo)

    planned = runner.run(repo, "plan").out
    runner.run(repo, *command)

    assert "3 strings (fr-FR, 8 words) to take out" in planned
    assert {locale for _uri, locale, _key in pairs(runner, "authorized")} == {"de-DE"}
    assert len(pairs(runner, "authorized")) == 3
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes: sources match the TMS.")


def test_a_locale_that_comes_back_is_translated(repo: Repo, runner: InProcess) -> None:
    """Its strings are in no job and nobody translates them: they go back into the job, with all files."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest(locales="de-DE: de")})
    assert runner.run(repo, "push").out.startswith("Changed 1 open job.")
    repo.commit({".l10n.yml": manifest()})

    runner.run(repo, "push")
    runner.run(repo, "push", "--authorize")

    assert len(pairs(runner, "authorized")) == 6
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")


def test_what_a_person_took_out_of_the_job_goes_back(repo: Repo, runner: InProcess) -> None:
    """A string that is neither translated nor in any job waits, too: the next push sends its file again."""
    begin(repo)
    runner.run(repo, "push")
    uid = uid_of(runner, "repo main")
    client = rest(runner)
    held = client.send("GET", client.jobs(f"/{uid}/strings")).data["items"]
    body = {"hashcodes": sorted({each["hashcode"] for each in held}), "localeIds": ["fr-FR"]}
    client.send("POST", client.jobs(f"/{uid}/strings/remove"), body=body)

    assert "in no job" in runner.run(repo, "plan").out
    runner.run(repo, "push", "--authorize")

    assert len(pairs(runner, "authorized")) == 6


def test_a_deleted_source_leaves_the_job(repo: Repo, runner: InProcess) -> None:
    """Nobody asks for its strings, and only it holds them; what it shares with another file stays."""
    begin(repo, more=', namespace: "one"')
    repo.commit({"app/en/help.json": texts(call="Call us now", back="Go back")})
    runner.run(repo, "push")
    repo.git("rm", "--quiet", "app/en/help.json")
    repo.commit(message="Help is gone")

    runner.run(repo, "push", "--authorize")

    keys = {key for _uri, _locale, key in pairs(runner, "authorized")}
    assert keys == {"pay", "back"}


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_a_string_that_was_edited_away_leaves_the_job_of_a_renamed_source(
    repo: Repo, runner: InProcess, cache: bool
) -> None:
    """The earlier file still has it; the others that it has are the renamed source's, and stay."""
    begin(repo)
    runner.run(repo, "push")
    repo.git("mv", "app/en/cart.json", "app/en/till.json")
    repo.commit({"app/en/till.json": texts(pay="Pay the bill", back="Return")})
    if not cache:
        forget(repo)

    planned = runner.run(repo, "plan").out
    runner.run(repo, "push", "--authorize")

    assert "1 string (de-DE, fr-FR" in planned
    found = {(uri, key) for uri, _locale, key in pairs(runner, "authorized")}
    assert ("app/en/cart.json", "back") not in found
    assert {("app/en/till.json", "pay"), ("app/en/till.json", "back"), ("app/en/help.json", "call")} <= found


def test_a_reverted_edit_of_a_branch_leaves_its_job(repo: Repo, runner: InProcess) -> None:
    """The branch asks for nothing any more, so its job is empty, and nothing of it is authorized."""
    begin(repo, more=', fileUri: "{branch}/{path}"')
    runner.run(repo, "push", "--authorize")
    repo.git("switch", "--quiet", "--create", "idea")
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back", idea="A new idea")})
    runner.run(repo, "push")
    assert jobs(runner)["repo idea"]["strings"] == 2
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back")}, "Not a good idea")

    pushed = runner.run(repo, "push", "--authorize")

    assert "1 string taken out" in pushed.out
    assert jobs(runner)["repo idea"]["strings"] == 0
    assert "idea" not in {key for _uri, _locale, key in pairs(runner, "authorized")}


def test_a_string_that_a_branch_still_has_leaves_the_job_of_the_default_branch(
    repo: Repo, runner: InProcess
) -> None:
    """A branch's file is this repository's; what the branch asks for goes into the branch's own job."""
    begin(repo, more=', fileUri: "{branch}/{path}"')
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", "idea")
    repo.git("mv", "app/en/cart.json", "app/en/till.json")
    repo.commit({"app/en/till.json": texts(pay="Pay the bill", back="Return")})
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    repo.commit({"app/en/cart.json": texts(pay="Pay the whole bill", back="Go back")})

    assert "1 string taken out (de-DE, fr-FR)" in runner.run(repo, "push", "--authorize").out
    assert ("idea/app/en/till.json", "de-DE", "pay") not in pairs(runner, "authorized")

    repo.git("switch", "--quiet", "idea")
    runner.run(repo, "push", "--authorize")
    assert ("idea/app/en/till.json", "de-DE", "pay") in pairs(runner, "authorized")


@pytest.mark.parametrize(
    "content",
    ['{"pay": "Pay', "{}", "", texts(back="Go back")],
    ids=["unreadable", "no strings", "empty", "shrunk"],
)
def test_a_source_that_cannot_be_sent_still_asks_for_its_strings(
    repo: Repo, runner: InProcess, content: str
) -> None:
    """A mistake in a file takes nothing out of a job."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({"app/en/cart.json": content})

    runner.run(repo, "push", code=None)

    assert jobs(runner)["repo main"]["strings"] == 6


def test_an_emptied_source_asks_for_nothing_once_that_is_accepted(repo: Repo, runner: InProcess) -> None:
    """With --accept-shrink the strings of a file that is empty now leave the job."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({"app/en/cart.json": "{}"})

    runner.run(repo, "push", "--accept-shrink")

    assert jobs(runner)["repo main"]["strings"] == 2


APP = '  - {name: app, source: "app/en/*.json", target: "app/{locale}/*.json"}\n'
DOCS = '  - {name: docs, source: "docs/en/*.json", target: "docs/{locale}/*.json", optional: true}\n'
BOTH = '  - {source: ["app/en/*.json", "docs/en/*.json"], target: "out/{locale}/{path}", optional: true}\n'


@pytest.mark.parametrize("resources", [APP + DOCS, BOTH], ids=["resource", "pattern"])
def test_a_pattern_that_matches_nothing_takes_nothing_out(
    repo: Repo, runner: InProcess, resources: str
) -> None:
    """Nobody can tell a folder that was moved by mistake from one that is to go."""
    head = "version: 1\nsourceLocale: en-US\nlocales: {de-DE: de, fr-FR: fr}\nresources:\n"
    repo.commit({".l10n.yml": head + resources, "app/en/a.json": texts(a="One text")})
    repo.commit({"docs/en/b.json": texts(b="Two texts")})
    runner.run(repo, "push")
    repo.git("mv", "docs", "doc")
    repo.commit(message="Moved by mistake")

    runner.run(repo, "push")

    assert jobs(runner)["repo main"]["strings"] == 4


def test_a_filtered_push_takes_nothing_out(repo: Repo, runner: InProcess) -> None:
    """It authorizes what no source asks for only if a person says so, and names it."""
    docs = '\n  - {name: docs, source: "docs/en/*.json", target: "docs/{locale}/*.json"}\n'
    repo.commit(
        {
            ".l10n.yml": manifest() + docs.lstrip("\n"),
            "app/en/a.json": texts(a="One text"),
            "docs/en/b.json": texts(b="Two texts"),
            "docs/en/c.json": texts(c="Three texts"),
        }
    )
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest(locales="de-DE: de") + docs.lstrip("\n")})

    refused = runner.run(repo, "push", "-r", "docs", "--authorize", code=8)
    assert "3 strings (fr-FR, 6 words) that no source of this commit needs" in refused.err
    assert jobs(runner)["repo main"]["strings"] == 6

    repo.git("rm", "--quiet", "docs/en/c.json")
    repo.commit()
    runner.run(repo, "push", "app", "docs")  # chosen, though this is all there is
    assert jobs(runner)["repo main"]["strings"] == 6

    runner.run(repo, "push", "--authorize")
    assert {locale for _uri, locale, _key in pairs(runner, "authorized")} == {"de-DE"}


def test_what_is_in_translation_leaves_only_if_a_person_says_so(repo: Repo, runner: InProcess) -> None:
    """A job that waits again may hold what translators work on: it is named, and taken out with --yes."""
    begin(repo)
    runner.run(repo, "push", "--authorize")
    repo.commit({"app/en/new.json": texts(new="Quite new")})
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest(locales="de-DE: de")})

    pushed = runner.run(repo, "push")
    assert "3 strings (fr-FR, 8 words) in translation that no source needs any more" in pushed.out
    assert len(pairs(runner, "authorized")) == 6

    repo.commit({"app/en/new.json": texts(new="Quite new", newer="Newer still")})
    runner.run(repo, "push", "--yes")
    assert {locale for _uri, locale, _key in pairs(runner, "authorized")} == {"de-DE"}


def test_a_job_in_translation_is_made_to_fit_if_a_person_says_so(repo: Repo, runner: InProcess) -> None:
    """It is looked into where its locales say that it may hold more than the manifest asks for."""
    begin(repo)
    runner.run(repo, "push", "--authorize")
    mark = runner.mark()
    runner.run(repo, "push")
    assert not [each for each in runner.requests_since(mark) if each == "getStringsForTranslationJob"]
    repo.commit({".l10n.yml": manifest(locales="de-DE: de")})
    named = runner.run(repo, "push").out
    assert named.startswith("No changes")
    assert "3 strings (fr-FR, 8 words) in translation that no source needs any more" in named
    assert len(pairs(runner, "authorized")) == 6

    assert "3 strings taken out (fr-FR)" in runner.run(repo, "push", "--yes").out

    assert {locale for _uri, locale, _key in pairs(runner, "authorized")} == {"de-DE"}
    assert runner.run(repo, "push", "--yes").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_the_files_of_a_resource_that_is_gone_are_ours(repo: Repo, runner: InProcess, cache: bool) -> None:
    """What waits of them leaves the job without a --yes: an earlier manifest knows them, or the cache."""
    docs = '  - {name: docs, source: "docs/en/*.json", target: "docs/{locale}/*.json", fileUri: "d/{path}"}\n'
    repo.commit(
        {
            ".l10n.yml": manifest() + docs,
            "app/en/a.json": texts(a="One text"),
            "docs/en/b.json": texts(b="Two texts"),
        }
    )
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest()})
    if not cache:
        forget(repo)

    assert "1 string (de-DE, fr-FR, 4 words) to take out" in runner.run(repo, "plan").out
    runner.run(repo, "push", "--authorize")

    assert {key for _uri, _locale, key in pairs(runner, "authorized")} == {"a"}


def test_the_files_of_an_earlier_rule_are_ours(repo: Repo, runner: InProcess) -> None:
    """A text that was edited together with the rule leaves the job under its old fileUri."""
    begin(repo, more=', fileUri: "old/{path}"')
    runner.run(repo, "push")
    forget(repo)
    repo.commit(
        {
            ".l10n.yml": manifest(more=', fileUri: "new/{path}"'),
            "app/en/help.json": texts(call="Write to us instead"),
        }
    )

    runner.run(repo, "push")
    runner.run(repo, "push", "--authorize")

    old = {each for each in pairs(runner, "authorized") if each[::2] == ("old/app/en/help.json", "call")}
    assert not old
    assert ("new/app/en/help.json", "de-DE", "call") in pairs(runner, "authorized")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_a_text_that_was_replaced_before_anybody_paid_for_it_leaves(
    repo: Repo, runner: InProcess, cache: bool
) -> None:
    """Beside one that was replaced in translation: of neither the service tells whether it is authorized."""
    begin(repo)
    runner.run(repo, "push", "--authorize")
    for text in ("Pay the whole bill", "Pay the bill in full"):
        repo.commit({"app/en/cart.json": texts(pay=text, back="Go back")})
        if not cache:
            forget(repo)
        pushed = runner.run(repo, "push")

    assert "1 string taken out (de-DE, fr-FR)" in pushed.out
    runner.run(repo, "push", "--authorize")
    assert jobs(runner)["repo main"]["strings"] == 2 * (3 + 1)


def test_an_edit_after_another_rule_takes_the_old_string_out(repo: Repo, runner: InProcess) -> None:
    """The source asks for the old string until that push; then only the file of the earlier rule holds it."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({".l10n.yml": manifest(more=', fileUri: "v2/{path}"')})
    runner.run(repo, "push")
    repo.commit({"app/en/cart.json": texts(pay="Pay the whole bill", back="Go back")})

    done = runner.run(repo, "push", "--authorize")

    assert "1 string taken out" in done.out
    assert {uri for uri, _locale, key in pairs(runner, "authorized") if key == "pay"} == {
        "v2/app/en/cart.json"
    }


def test_what_is_not_ours_is_named_and_needs_a_person(repo: Repo, runner: InProcess) -> None:
    """Somebody put a file of another repository into our job: it stays there, and waits for a yes."""
    begin(repo)
    runner.run(repo, "push")
    client = rest(runner)
    client.upload("other/file.json", b'{"z": "Of somebody else"}', smartling__namespace="other")
    uid = uid_of(runner, "repo main")
    client.send("POST", client.jobs(f"/{uid}/file/add"), body={"fileUri": "other/file.json"})

    for command in (("push", "--authorize"), ("job", "authorize")):
        refused = runner.run(repo, *command, code=8)
        assert "1 string (de-DE, fr-FR, 6 words) that no source of this commit needs" in refused.err
    assert not pairs(runner, "authorized")

    runner.run(repo, "push", "--authorize", "--yes")
    assert len(pairs(runner, "authorized")) == 8


def test_a_job_is_not_authorized_with_what_a_later_commit_took_back(repo: Repo, runner: InProcess) -> None:
    """The TMS still has the text that was sent; only a push brings the job to what the sources say."""
    begin(repo)
    runner.run(repo, "push")
    repo.commit({"app/en/cart.json": texts(pay="Pay your bill", back="Go back")})

    refused = runner.run(repo, "job", "authorize", code=8)

    assert (
        "holds 1 string (de-DE, fr-FR, 6 words) that the sources of this commit no longer have" in refused.err
    )
    assert "Push first" in refused.err
    runner.run(repo, "push")
    runner.run(repo, "job", "authorize")
    (job,) = jobs(runner).values()
    assert (job["status"], job["strings"]) == ("IN_PROGRESS", 6)


@pytest.mark.parametrize(("uri", "code"), [("other/file.json", 0), ("app/en/cart.json", 8)])
def test_a_job_that_is_filled_again_at_once_was_authorized_all_the_same(
    repo: Repo, runner: InProcess, uri: str, code: int
) -> None:
    """Another push fills it before its state is read: it waits again, for what has come since.

    If that has replaced what this push has sent, it is superseded.
    """
    begin(repo, job="authorize: true")
    client = rest(runner)
    runner.control.fault("hold", operation="authorizeJob", project=runner.ident)
    push = runner.start(repo, "push")
    runner.held()
    runner.control.clear_faults(runner.ident)
    runner.control.advance(2)  # times of files have whole seconds
    client.upload(uri, b'{"other": "Of another push"}')
    job = client.jobs(f"/{uid_of(runner, 'repo main')}/file/add")
    client.send("POST", job, body={"fileUri": uri})
    runner.control.release()

    out, err = push.communicate(timeout=60)

    assert (push.returncode, "superseded" in out + err) == (code, code == 8), (out, err)
    assert [found["status"] for found in jobs(runner).values()] == [AWAITING]


def test_a_job_that_was_empty_is_for_those_who_fill_it(repo: Repo, runner: InProcess) -> None:
    """The service refuses to authorize an empty job; what comes into it then is another push's."""
    begin(repo, job="authorize: true")
    runner.run(repo, "push")
    runner.translate()
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill")})
    client = rest(runner)
    client.send("POST", client.jobs(""), body={"jobName": "repo main 2", "targetLocaleIds": ["de-DE"]})
    client.upload("other/file.json", b'{"other": "Of another push"}')
    runner.control.fault("hold", operation="authorizeJob", project=runner.ident)
    push = runner.start(repo, "push", "--accept-shrink")
    runner.held()
    runner.control.clear_faults(runner.ident)
    job = client.jobs(f"/{uid_of(runner, 'repo main 2')}/file/add")
    client.send("POST", job, body={"fileUri": "other/file.json"})
    runner.control.release()

    out, err = push.communicate(timeout=60)

    assert (push.returncode, "there is nothing in it to translate" in out) == (0, True), (out, err)


def test_a_job_that_goes_before_it_is_authorized_is_replaced(repo: Repo, runner: InProcess) -> None:
    """Another push has found it empty and removed it: the files go into another one."""
    begin(repo, job="authorize: true")
    runner.run(repo, "push", "--no-authorize")
    repo.commit({"app/en/cart.json": texts(pay="Pay your bill", back="Go back")})
    client = rest(runner)
    last_look = "getJobProgress"  # after the plan, and what leaves the job
    runner.control.fault("hold_before", operation=last_look, project=runner.ident, nth=3)
    push = runner.start(repo, "push")
    runner.held()
    runner.control.clear_faults(runner.ident)
    uid = uid_of(runner, "repo main")
    client.send("POST", client.jobs(f"/{uid}/cancel"), body={})
    client.send("DELETE", client.jobs(f"/{uid}"))
    runner.control.release()

    out, err = push.communicate(timeout=60)

    assert push.returncode == 0, (out, err)
    assert {(uri, key) for uri, _locale, key in pairs(runner, "authorized")} >= {("app/en/cart.json", "pay")}


# --- what waits elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("push", "--authorize"), ("job", "authorize")], ids=" ".join)
@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_what_waits_in_the_job_of_a_squashed_branch_is_found(
    repo: Repo, runner: InProcess, command: tuple[str, ...], cache: bool
) -> None:
    """The merge was pushed without authorization; the strings are still in the branch's job."""
    begin(repo, more=', fileUri: "{branch}/{path}"')
    runner.run(repo, "push", "--authorize")
    repo.git("switch", "--quiet", "--create", "feat")
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back", new="Brand new")})
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "feat")
    repo.commit(message="Feature")
    runner.run(repo, "push")
    if not cache:
        forget(repo)

    waiting = runner.run(repo, "push")
    assert '1 string (de-DE, fr-FR; 4 words) waits for authorization in job "repo feat"' in waiting.out
    done = runner.run(repo, *command)

    assert '"repo feat"' in done.out
    assert {each for each in pairs(runner, "authorized") if each[2] == "new"} >= {
        ("main/app/en/cart.json", "de-DE", "new"),
        ("main/app/en/cart.json", "fr-FR", "new"),
    }
    assert jobs(runner)["repo feat"]["strings"] == 0


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_what_waits_elsewhere_is_counted_once(repo: Repo, runner: InProcess, cache: bool) -> None:
    """Two branches have the same commit: the second takes the string over, and counts it there alone."""
    begin(repo, more=', fileUri: "{branch}/{path}"', job="authorize: true")
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", "feat")
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back", new="Brand new thing")})
    runner.run(repo, "push", "--no-authorize")
    repo.git("switch", "--quiet", "--create", "other", "main")
    repo.git("cherry-pick", "feat")
    repo.commit({"app/en/more.json": texts(more="More")})
    if not cache:
        forget(repo)

    planned = runner.run(repo, "plan").out

    assert "1 job to authorize, 1 new word." in planned
    assert "· 8 words × locales ·" in planned
    runner.run(repo, "push")
    assert {key for _uri, _locale, key in pairs(runner, "authorized")} >= {"new", "more"}


def test_what_another_branch_had_authorized_is_not_counted_again(repo: Repo, runner: InProcess) -> None:
    """After a squash merge, as far as this clone remembers what the branch has sent."""
    begin(repo, more=', fileUri: "{branch}/{path}"', job="authorize: true")
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", "feat")
    repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back", new="Brand new thing")})
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "feat")
    repo.commit(message="Feature")

    plan = json.loads(runner.run(repo, "plan", "--format", "json").out)

    assert [each["newWords"] for each in plan["changes"] if each["action"] == "upload"] == [0]


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("operation", ["addStringsToJob", "removeStringsFromJob", "updateJob"])
def test_what_the_service_only_says_it_did_is_no_success(
    repo: Repo, runner: InProcess, operation: str, cache: bool
) -> None:
    """It is read back, whatever was answered; the next push does it, and the one after that nothing."""
    branched = ', fileUri: "{branch}/{path}"'
    begin(repo, more=branched)
    runner.run(repo, "push")
    if operation == "addStringsToJob":
        repo.git("switch", "--quiet", "--create", "feat")
        repo.commit({"app/en/cart.json": texts(pay="Pay the bill", back="Go back", new="Brand new thing")})
        runner.run(repo, "push")
        repo.git("switch", "--quiet", "main")
        repo.git("merge", "--quiet", "--ff-only", "feat")
    elif operation == "removeStringsFromJob":
        repo.commit({".l10n.yml": manifest(locales="de-DE: de", more=branched)})
    else:
        repo.commit({".l10n.yml": manifest(job="referenceNumber: A-1", more=branched)})
    runner.control.fault("lie", operation=operation, project=runner.ident)

    failed = runner.run(repo, "push", "--authorize", code=7)
    if not cache:
        forget(repo)

    assert 'job "repo main"' in failed.out + failed.err
    assert not runner.run(repo, "push", "--authorize").out.startswith("No changes")
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_what_a_renamed_source_left_in_the_default_branchs_job_is_found(
    repo: Repo, runner: InProcess, cache: bool
) -> None:
    """Renamed and edited on a branch, it shares strings that wait under its old name, in another job."""
    begin(repo, more=', fileUri: "{branch}/{path}"')
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", "feat")
    repo.git("mv", "app/en/cart.json", "app/en/basket.json")
    repo.commit({"app/en/basket.json": texts(pay="Pay the bill", back="Go back to the shop")})
    runner.run(repo, "push")
    if not cache:
        forget(repo)

    done = runner.run(repo, "push", "--authorize")

    assert '1 string taken over from "repo main"' in done.out
    ours = {key for uri, _locale, key in pairs(runner, "authorized") if uri == "feat/app/en/basket.json"}
    assert ours == {"pay", "back"}
    forget(repo)
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_waiting_jobs_of_other_branches_cost_nothing(repo: Repo, runner: InProcess, cache: bool) -> None:
    """An idle push asks about none of them; one that has to authorize looks into those of its own files."""
    begin(repo, more=', fileUri: "{branch}/{path}"')
    runner.run(repo, "push", "--authorize")
    for number in range(3):
        repo.git("switch", "--quiet", "--create", f"idea{number}", "main")
        repo.commit({f"app/en/n{number}.json": texts(new=f"Brand new number {number}")})
        runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    if not cache:
        forget(repo)

    mark = runner.mark()
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")
    asked = runner.requests_since(mark)
    assert len(asked) <= (3 if cache else 3 + 2 * 2), asked

    repo.git("merge", "--quiet", "--squash", "idea1")
    repo.commit(message="Squashed")
    mark = runner.mark()
    runner.run(repo, "plan")
    asked = runner.requests_since(mark)
    assert (asked.count("searchForJob"), asked.count("getStringsForTranslationJob")) == (1, 1), asked
    assert '"repo idea1"' in runner.run(repo, "push", "--authorize").out
    assert ("main/app/en/n1.json", "de-DE", "new") in pairs(runner, "authorized")
    assert {each["status"] for name, each in jobs(runner).items() if name != "repo main"} >= {AWAITING}


# --- what a job says of itself --------------------------------------------------------------------------


def test_declared_settings_reach_an_open_job(repo: Repo, runner: InProcess) -> None:
    """The plan names each difference, a push with nothing to send applies it, and what is not named stays."""
    begin(repo, job='name: "shop", dueDate: 2027-01-01')
    runner.run(repo, "push")
    uid = uid_of(runner, "shop")
    client = rest(runner)
    before = client.send("GET", client.jobs(f"/{uid}")).data
    body = {"jobName": "shop", "dueDate": before["dueDate"], "description": "A person's words"}
    client.send("PUT", client.jobs(f"/{uid}"), body=body)
    repo.commit({".l10n.yml": manifest(job='name: "shop", dueDate: 2027-03-01, referenceNumber: A-1')})

    planned = runner.run(repo, "plan", "--exit-code", code=3).out
    pushed = runner.run(repo, "push").out

    assert "dueDate: '2027-01-01T00:00:00Z' → '2027-03-01'" in planned
    assert "referenceNumber: nothing → 'A-1'" in planned
    assert pushed.startswith("Changed 1 open job.")
    after = client.send("GET", client.jobs(f"/{uid}")).data
    found = (after["dueDate"], after["referenceNumber"], after["description"])
    assert found == ("2027-03-01T00:00:00Z", "A-1", "A person's words")
    assert runner.run(repo, "push").out.startswith("No changes")
    repo.commit({".l10n.yml": manifest(job='name: "shop", dueDate: 2027-03-01, description: ""')})
    assert """description: "A person's words" → nothing""" in runner.run(repo, "plan").out
    runner.run(repo, "push")
    assert not client.send("GET", client.jobs(f"/{uid}")).data["description"]
    assert runner.run(repo, "push").out.startswith("No changes")


def test_a_relative_due_date_stays_as_made(repo: Repo, runner: InProcess) -> None:
    """Every run would say another day; a job keeps the one that it was made with."""
    begin(repo, job='name: "shop", dueDate: +5d')
    runner.run(repo, "push")
    runner.control.advance(86400)

    assert runner.run(repo, "push").out.startswith("No changes")


def test_strings_that_wait_in_a_job_in_translation_are_named(repo: Repo, runner: InProcess) -> None:
    """Where new content does not make a job wait again: it is not sent again, nor said to be authorized."""
    runner.control.switches(runner.ident, new_content_reopens=False)
    begin(repo)
    runner.run(repo, "push", "--authorize")
    repo.commit({"app/en/help.json": texts(call="Call us now", new="Brand new")})
    runner.run(repo, "push")

    waiting = runner.run(repo, "push").out
    refused = runner.run(repo, "push", "--authorize", code=7)

    assert jobs(runner)["repo main"]["status"] == "IN_PROGRESS"
    assert waiting.startswith("No changes")
    assert '1 string (de-DE, fr-FR; 4 words) waits for authorization in job "repo main"' in waiting
    assert "2 strings × locales wait" in refused.err + refused.out
    assert ("app/en/help.json", "de-DE", "new") not in pairs(runner, "authorized")
