"""The control API and the process around it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from l10nsync.sandbox import commands
from l10nsync.sandbox.clock import SimulatedClock, iso, parse_iso
from l10nsync.sandbox.common import world
from l10nsync.sandbox.common.world import SWITCHES, Policy
from l10nsync.sandbox.testing import ControlError, SandboxServer
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'


def test_a_view_has_no_ids_and_no_times(rest: RestClient) -> None:
    """Two projects with the same history look the same."""
    views = []
    for _ in range(2):
        rest.project = rest.control.project(["de-DE", "fr-FR", "ja-JP"])
        rest.push("n", {"a.json": HELLO}, authorize=True)
        rest.control.translate(rest.project, {"de-DE": 50})
        views.append(rest.control.view(rest.project))
    assert views[0] == views[1]
    assert views[0]["jobs"][0]["files"] == {"a.json": ["de-DE", "fr-FR", "ja-JP"]}
    assert views[0]["files"]["a.json"]["strings"] == [
        ["greeting", "", "Hello world"],
        ["farewell", "", "Good bye"],
    ]


def test_requests_are_recorded_without_content(rest: RestClient) -> None:
    """Operation, status, field names, URIs and sizes; never what was uploaded."""
    rest.authenticate()
    since = rest.control.last()
    rest.upload("a.json", HELLO, smartling__namespace="secret-namespace")
    (record,) = rest.control.requests(since, rest.project)
    assert (record["operation"], record["status"], record["uris"]) == ("uploadSourceFile", 200, ["a.json"])
    assert record["fields"] == ["fileUri", "fileType", "smartling.namespace", "file"]
    assert record["size"] == len(HELLO)
    assert "Hello" not in str(record)
    assert "secret" not in str(record)


def test_background_work_can_be_ended_at_once(rest: RestClient) -> None:
    """`finish` completes batches that nobody looked at."""
    job = rest.job("n")
    batch = rest.batch(job, ["a.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    assert rest.control.finish(rest.project) == 1
    assert rest.control.view(rest.project)["openBatches"] == []


def test_unknown_switches_and_kinds_are_refused(rest: RestClient) -> None:
    """A setting that does not exist would be a test of nothing."""
    with pytest.raises(ControlError, match="unknown switch"):
        rest.control.switches(rest.project, no_such=True)
    with pytest.raises(ControlError, match="unknown kind"):
        rest.control.policies(rest.project, no_such={"looks": 1})


def test_settings_hold_for_one_project_or_for_all(own_sandbox: SandboxServer) -> None:
    """A project's own setting goes before that of the server."""
    control = own_sandbox.control
    one, two = control.project(), control.project()
    control.switches(rename_keeps_namespace=True)
    control.switches(one, rename_keeps_namespace=False)
    assert [control.switches(each)["rename_keeps_namespace"] for each in (one, two)] == [False, True]


def test_a_reset_leaves_the_first_project_only(own_sandbox: SandboxServer) -> None:
    """Files, faults and settings are gone; the server goes on."""
    control = own_sandbox.control
    client = RestClient(own_sandbox.url, "sandbox00", control)
    client.upload("a.json", HELLO)
    other = control.project()
    control.fault("status", status=500, count=0)
    control.reset()
    assert client.send("GET", client.files("/files/list")).data["totalCount"] == 0
    with pytest.raises(ControlError):
        control.translate(other, {"de-DE": 100})


def test_the_clock_goes_forward_only(own_sandbox: SandboxServer) -> None:
    """Uploads after an advance are newer by that much."""
    before = parse_iso(own_sandbox.control.advance(0))
    assert 3600 <= parse_iso(own_sandbox.control.advance(3600)) - before < 3610
    with pytest.raises(ControlError):
        own_sandbox.control.advance(-1)


def test_times_are_written_in_whole_seconds_and_read_in_many_forms() -> None:
    """`Z`, offsets, fractions and bare times mean the same moment."""
    assert iso(0.9) == "1970-01-01T00:00:00Z"
    forms = [
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00.000Z",
        "2026-01-01T12:00:00+02:00",
        "2026-01-01T10:00:00",
    ]
    assert len({parse_iso(form) for form in forms}) == 1
    assert SimulatedClock(lambda: 5.0).advance(2) == 7.0


def test_policies_end_steps_by_looks_or_by_time() -> None:
    """Whichever comes first; a policy without either never ends."""
    assert Policy(looks=0).done(0, 0.0)
    assert not Policy(looks=2, seconds=30).done(1, 29.0)
    assert Policy(looks=2, seconds=30).done(1, 30.0)
    assert not Policy().done(1000, 1e9)


def test_every_switch_is_explained() -> None:
    """The list of open questions and their names is complete."""
    text = Path(world.__file__).read_text(encoding="utf-8")
    explained = text.split('"""Open questions')[1].split('"""')[0]
    assert [name for name in SWITCHES if f"\n{name} " not in explained] == []


def test_state_in_a_file_outlives_the_server(tmp_path: Path) -> None:
    """Files and jobs are there after a restart; tokens are not."""
    arguments = ("--state", str(tmp_path / "state.db"))
    with SandboxServer(*arguments) as server:
        client = RestClient(server.url, "sandbox00", server.control)
        client.upload("a.json", HELLO)
        token = client.token
    with SandboxServer(*arguments) as server:
        client = RestClient(server.url, "sandbox00", server.control, token)
        assert client.status("a.json").status == 401
        client.authenticate()
        assert client.status("a.json").status == 200


def test_translate_goes_by_percent_and_leaves_what_is_done(rest: RestClient) -> None:
    """Half of the strings, then the other half; a second full round changes nothing unless asked."""
    rest.upload("a.json", HELLO)
    assert rest.control.translate(rest.project, {"de-DE": 50}) == 1
    assert rest.control.translate(rest.project, {"de-DE": 100}) == 1
    assert rest.control.translate(rest.project, {"de-DE": 100}) == 0
    assert rest.control.translate(rest.project, {"de-DE": 100}, how="source", again=True) == 2


def test_translators_touch_only_what_is_authorized(rest: RestClient) -> None:
    """Without a manager's authorization there is nothing to translate."""
    rest.push("n", {"a.json": HELLO})
    assert rest.control.translate(rest.project, {"de-DE": 100}, authorize=False) == 0
    assert rest.control.translate(rest.project, {"de-DE": 100}) == 2


def test_excluded_strings_count_apart(rest: RestClient) -> None:
    """They are neither authorized nor completed, and complete a job as published ones do."""
    rest.upload("a.json", HELLO)
    body = {"locale": "de-DE", "fileUri": "a.json", "keys": ["greeting"]}
    rest.control.send("POST", f"projects/{rest.project}/exclude", body)
    german = rest.status("a.json").data["items"][0]
    assert (german["localeId"], german["excludedStringCount"], german["authorizedStringCount"]) == (
        "de-DE",
        1,
        0,
    )


# --- the commands ----------------------------------------------------------------------------------------


def test_run_gives_a_command_a_sandbox_of_its_own() -> None:
    """The child finds the address and credentials in its environment; its exit code is returned."""
    child = (
        "import os, sys, urllib.request as u;"
        "r = u.urlopen(os.environ['SMARTLING_API_URL'] + '/sandbox/api/health');"
        "ok = b'abcdefgh1' in r.read() and os.environ['SMARTLING_PROJECT_ID'] == 'abcdefgh1';"
        "ok = ok and os.environ['SMARTLING_USER_IDENTIFIER'].startswith('test-');"
        "sys.exit(7 if ok else 1)"
    )
    arguments = [
        "run",
        "--project",
        "abcdefgh1",
        "--locales",
        "de-DE,fr-FR",
        "--",
        sys.executable,
        "-c",
        child,
    ]
    assert CliRunner().invoke(commands.sandbox, arguments).exit_code == 7


def test_run_says_what_cannot_be_run() -> None:
    """An unknown program is a usage error, not a traceback."""
    result = CliRunner().invoke(commands.sandbox, ["run", "--", "/no/such/program"])
    assert result.exit_code == 2
    assert "/no/such/program" in result.output


def test_translators_are_played_from_the_command_line(
    sandbox_server: SandboxServer, rest: RestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`translate`, `publish` and `url` talk to the sandbox that the environment names."""
    monkeypatch.setenv("L10NSYNC_SANDBOX_URL", sandbox_server.url)
    monkeypatch.setenv("SMARTLING_PROJECT_ID", rest.project)
    rest.upload("a.json", HELLO)
    run = CliRunner()
    assert run.invoke(commands.sandbox, ["url"]).output == f"{sandbox_server.url}\n"
    saved = run.invoke(commands.sandbox, ["translate", "de-DE=50", "--pending"])
    assert saved.output == f"1 translations saved in project {rest.project}\n"
    assert run.invoke(commands.sandbox, ["publish"]).output.startswith("1 translations published")
    texts = tmp_path / "texts.json"
    texts.write_text('{"greeting": "Hallo"}', encoding="utf-8")
    assert run.invoke(commands.sandbox, ["translate", "fr-FR", "--texts", str(texts)]).output.startswith("1 ")
    assert run.invoke(commands.sandbox, ["translate", "de-DE=101"]).exit_code == 2


def test_start_prints_the_environment_and_leaves_its_address(tmp_path: Path) -> None:
    """Export lines on stdout; other commands find the server by a file of the user's own."""
    variables = {"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-m", "l10nsync.sandbox.commands", "start"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=variables
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode().strip() for _ in range(4)]
        url = lines[0].removeprefix("export SMARTLING_API_URL=")
        command = [sys.executable, "-m", "l10nsync.sandbox.commands", "url"]
        for _ in range(100):
            done = subprocess.run(command, env=variables, capture_output=True, check=False)
            if done.returncode == 0:
                break
        assert done.stdout.decode().strip() == url
        process.terminate()
    assert lines[3] == "export SMARTLING_PROJECT_ID=sandbox00"
    assert list(tmp_path.iterdir()) == []
