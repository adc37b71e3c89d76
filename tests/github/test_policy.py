"""What each event of GitHub may lead to: a table, held against the program and counted at the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from l10nsync.ci import events
from l10nsync.ci.inputs import NAMES, Inputs, environment, parse
from l10nsync.ci.policy import decide
from l10nsync.errors import UsageError
from tests.github.stage import Stage

ROOT = Path(__file__).parents[2]
PULL: dict[str, Any] = {
    "number": 7,
    "head": {"ref": "topic", "sha": "a" * 40, "repo": {"full_name": "example/app"}},
    "base": {"ref": "main", "sha": "b" * 40, "repo": {"full_name": "example/app"}},
    "labels": [{"name": "translate"}],
}
FORK = {**PULL, "head": {**PULL["head"], "repo": {"full_name": "eve/app"}}}
GONE = {**PULL, "head": {**PULL["head"], "repo": None}}
BOT = "dependabot[bot]"

CASES: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    # event, payload, actor: push, pull, plan, verify
    ("push", {}, "ann", "online online online online"),
    ("push", {}, BOT, "offline skip offline offline"),
    ("schedule", {}, "ann", "online online online online"),
    ("workflow_dispatch", {}, "ann", "online online online online"),
    ("repository_dispatch", {}, "ann", "online online online online"),
    ("release", {}, "ann", "online online online online"),
    ("pull_request", {"pull_request": PULL}, "ann", "online refuse online online"),
    ("pull_request", {"pull_request": FORK}, "eve", "offline skip offline offline"),
    ("pull_request", {"pull_request": GONE}, "eve", "offline skip offline offline"),
    ("pull_request", {"pull_request": PULL}, BOT, "offline skip offline offline"),
    ("pull_request_target", {"pull_request": FORK}, "eve", "refuse refuse refuse refuse"),
    ("workflow_run", {"workflow_run": {}}, "eve", "refuse refuse refuse refuse"),
    ("issue_comment", {"issue": {}}, "eve", "refuse refuse refuse refuse"),
    ("merge_group", {}, "ann", "skip skip online online"),
    ("issues", {}, "eve", "refuse refuse online online"),
    ("", {}, "", "refuse refuse online online"),
)

UNREADABLE: tuple[tuple[str, Any, str, str], ...] = (
    ("push", None, "ann", "offline skip offline offline"),
    ("schedule", [], "ann", "offline skip offline offline"),
    ("workflow_dispatch", "words", "ann", "offline skip offline offline"),
    ("pull_request", None, "ann", "offline skip offline offline"),
    ("pull_request", {}, "ann", "offline skip offline offline"),
    ("pull_request", {"pull_request": {**PULL, "head": None}}, "ann", "offline skip offline offline"),
    ("pull_request", {"pull_request": {**PULL, "number": "7"}}, "ann", "offline skip offline offline"),
    ("pull_request_review", {"review": {}}, "ann", "offline skip offline offline"),
)
"""Events that do not say whose code runs."""

DELETED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("push", {"deleted": True}, "ann", "skip skip online online"),
    ("push", {"after": "0" * 40}, "ann", "skip skip online online"),
)


def event(name: str, payload: Any, actor: str) -> events.GitHubEvent:
    """Return an event of the repository `example/app`."""
    environ = {"GITHUB_EVENT_NAME": name, "GITHUB_REPOSITORY": "example/app", "GITHUB_ACTOR": actor}
    return events.read(environ, payload)


@pytest.mark.parametrize(("name", "payload", "actor", "modes"), [*CASES, *UNREADABLE, *DELETED])
def test_every_event_has_its_row(name: str, payload: Any, actor: str, modes: str) -> None:
    """Strangers get no secret and no write; what runs their code beside secrets is refused."""
    found = event(name, payload, actor)
    commands = ("push", "pull", "plan", "verify")
    decisions = [decide(found, Inputs(command=each)) for each in commands]
    assert " ".join(each.mode for each in decisions) == modes
    assert all(each.reason for each in decisions if each.mode in {"refuse", "skip"})
    assert all(each.command in {"plan", "verify"} for each in decisions if each.mode == "offline")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, False),
        ({"authorize_label": "translate"}, True),
        ({"authorize_label": "other"}, False),
        ({"authorize": "true"}, True),
        ({"authorize": "false", "authorize_label": "translate"}, False),
    ],
)
def test_a_pull_request_authorizes_only_by_input_or_label(inputs: dict[str, Any], expected: bool) -> None:
    """Its event alone never starts paid work."""
    found = event("pull_request", {"pull_request": PULL}, "ann")
    assert decide(found, Inputs(command="push", **inputs)).authorize is expected


def test_other_events_authorize_as_the_manifest_says() -> None:
    """A push to main leaves the decision to the manifest, unless an input takes it."""
    found = event("push", {}, "ann")
    assert decide(found, Inputs(command="push", authorize_label="translate")).authorize is None
    assert decide(found, Inputs(command="push", authorize="true")).authorize is True


@pytest.mark.parametrize(("mode", "expected"), [("offline", "offline"), ("skip", "skip"), ("fail", "refuse")])
def test_a_workflow_chooses_what_a_fork_gets(mode: str, expected: str) -> None:
    """An offline plan, nothing, or a failure."""
    found = event("pull_request", {"pull_request": FORK}, "eve")
    assert decide(found, Inputs(command="plan", fork_mode=mode)).mode == expected


@pytest.mark.parametrize("secrets", [True, False])
def test_only_trusted_events_reach_the_service(stage: Stage, secrets: bool) -> None:
    """Of all events with `command: push` only the trusted ones send anything, with secrets or without."""
    given = {} if secrets else {"user_id": "", "user_secret": ""}
    reached = {}
    for name, payload, actor, _modes in CASES:
        if name == "pull_request" and payload["pull_request"] is PULL and actor != BOT:
            continue  # its own branch's files: `test_runs` has the story
        mark = stage.runner.mark()
        done = stage.step(
            name,
            {**payload, "sender": {"login": actor}},
            command="push",
            base="HEAD",
            comment="never",
            **given,
        )
        asked = [
            each
            for each in stage.runner.control.requests(mark, stage.runner.ident)
            if each["method"] != "GET"
        ]
        reached[name, actor] = (done.code, bool(asked))
    trusted = {
        (name, actor)
        for name, _payload, actor, modes in CASES
        if modes.startswith("online") and name != "pull_request"
    }
    sent = {key for key, (_code, asked) in reached.items() if asked}
    # The first one sends; for the others there is nothing left to do.
    assert sent <= trusted
    assert bool(sent) is secrets
    for key, (code, _asked) in reached.items():
        if key in trusted:
            assert code == (0 if secrets else 4), key
    strangers = [code for (_name, actor), (code, _asked) in reached.items() if actor == BOT]
    assert set(strangers) == {0}
    assert stage.github.seen == []


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "x",
        {"pull_request": []},
        {"pull_request": {"number": "7"}},
        {"workflow_run": 3},
        {"head_commit": 1},
    ],
)
def test_a_payload_of_any_shape_is_read(payload: Any) -> None:
    """What is not there is empty; nothing fails."""
    assert event("push", payload, "ann").pull is None


# --- inputs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "'command' is missing"),
        ('{"command": "destroy"}', "cannot be 'destroy'"),
        ('{"command": "push", "colour": "red"}', "no input 'colour'"),
        ('{"command": "push", "summary": "yes"}', "'summary' cannot be 'yes'"),
        ('{"command": "push", "base": 3}', "must be a string"),
    ],
)
def test_an_input_that_is_wrong_is_named(text: str, words: str) -> None:
    """One message that says which input and what it can be."""
    with pytest.raises(UsageError, match=words):
        parse(text)


def test_lists_are_split_at_commas_and_lines_and_arguments_at_lines_alone() -> None:
    """An argument with spaces or commas stays one argument."""
    found = parse(
        '{"command": "pull", "locales": "de-DE, fr-FR\\nja-JP", "args": "--min-completion\\n80\\n a, b"}'
    )
    assert found.locales == ("de-DE", "fr-FR", "ja-JP")
    assert found.args == ("--min-completion", "80", "a, b")


def test_an_empty_input_has_its_default() -> None:
    """GitHub hands over every input, empty where the workflow says nothing."""
    assert parse('{"command": "push", "wait": "", "summary": "", "pr-title": ""}') == Inputs(command="push")


def test_the_workflow_alone_says_where_credentials_go() -> None:
    """Variables of an earlier step that would redirect a run are dropped."""
    evil = {"SMARTLING_API_URL": "https://evil.example", "SMARTLING_SECRET": "old", "PATH": "/bin"}
    evil["L10NSYNC_GIT_TOKEN"] = "theirs"
    found = environment(Inputs(command="push", user_secret="new"), evil)
    assert "L10NSYNC_GIT_TOKEN" not in found
    assert "SMARTLING_API_URL" not in found
    assert "SMARTLING_SECRET" not in found
    assert found["SMARTLING_USER_SECRET"] == "new"
    assert found["L10NSYNC_ACTION"] == "true"


def test_an_earlier_step_does_not_say_whose_code_runs() -> None:
    """Variables that would make a fork's run one of the repository, or another branch, are dropped."""
    names = ("FORK", "PULL_REQUEST", "BRANCH", "DEFAULT_BRANCH", "DELETED_BRANCH", "LOG_FILE")

    found = environment(Inputs(command="push"), {f"L10NSYNC_{name}": "false" for name in names})

    assert set(found) == {"L10NSYNC_ACTION"}


def test_nothing_runs_before_the_action() -> None:
    """Both steps empty what makes a shell, a loader, Python or OpenSSL run something first."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]

    for step in steps:
        if "uses" in step:
            continue
        emptied = {name for name, value in step["env"].items() if value == ""}
        assert emptied >= {
            "BASH_ENV",
            "LD_PRELOAD",
            "LD_AUDIT",
            "OPENSSL_CONF",
            "PYTHONPATH",
            "SSLKEYLOGFILE",
        }


def test_every_input_has_a_field() -> None:
    """The names are GitHub's spelling of the fields."""
    assert "user-secret" in NAMES
    assert all(name == name.lower() and "_" not in name for name in NAMES)
