"""A long sweep: whatever a fuzzer makes of the official description, the sandbox never fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from l10nsync.sandbox.testing import SandboxServer
from tests.sandbox import openapi
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
SECONDS = int(os.environ.get("L10NSYNC_FUZZ_SECONDS", "600"))


def described_for(rest: RestClient, known: dict[str, str]) -> dict[str, Any]:
    """Return the description with the identifiers of things that are there, so that requests go deep."""
    description: dict[str, Any] = json.loads(json.dumps(openapi.description(), default=str))
    shared = description["components"].get("parameters", {}).values()
    for item in description["paths"].values():
        operations = [value for value in item.values() if isinstance(value, dict)]
        lists = [item.get("parameters", []), *(each.get("parameters", []) for each in operations)]
        for parameter in (*shared, *(each for some in lists for each in some)):
            if parameter.get("in") == "path" and parameter["name"] in known:
                parameter["schema"] = {"type": "string", "enum": [known[parameter["name"]]]}
    return description


def things(rest: RestClient) -> dict[str, str]:
    """Make one thing of each kind and return the path parameters that lead to it."""
    account = str(rest.send("GET", "/projects-api/v2/projects/{project}").data["accountUid"])
    job = rest.push("n", {"a.json": HELLO}, authorize=True)
    batch = rest.batch(rest.job("m"), ["b.json"])
    source = rest.send("GET", "/strings-api/v2/projects/{project}/source-strings", fileUri="a.json")
    issue = {
        "issueText": "What?",
        "issueTypeCode": "SOURCE",
        "issueSubTypeCode": "CLARIFICATION",
        "string": {"hashcode": source.data["items"][0]["hashcode"]},
    }
    raised = rest.send("POST", "/issues-api/v2/projects/{project}/issues", body=issue).data
    form = [("name", "a.html")]
    context = rest.send(
        "POST", "/context-api/v2/projects/{project}/contexts", form=form, file=b"<html>", part="content"
    )
    glossary = {"glossaryName": "n", "localeIds": ["en-US"]}
    made = rest.send("POST", f"/glossary-api/v3/accounts/{account}/glossaries", body=glossary).data
    return {
        "projectId": rest.project,
        "projectUid": rest.project,
        "accountUid": account,
        "translationJobUid": job,
        "batchUid": batch,
        "localeId": "de-DE",
        "localeIds": "de-DE",
        "targetLocaleId": "de-DE",
        "issueUid": raised["issueUid"],
        "contextUid": context.data["contextUid"],
        "glossaryUid": made["glossaryUid"],
        "issueType": "SOURCE",
    }


@pytest.mark.long
def test_no_request_makes_the_sandbox_fail(own_sandbox: SandboxServer, tmp_path: Path) -> None:
    """Ten minutes of requests, legal and illegal; not one 5xx but for methods that are not there."""
    program = shutil.which(
        "schemathesis", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if not openapi.available() or program is None:
        pytest.skip(f"needs tool: schemathesis; and {openapi.VARIABLE} must name the description")
    rest = RestClient(own_sandbox.url, own_sandbox.control.project(), own_sandbox.control)
    own_sandbox.control.switches(access_token_seconds=24 * 3600)
    specification = tmp_path / "openapi.yaml"
    specification.write_text(yaml.safe_dump(described_for(rest, things(rest))), encoding="utf-8")
    command = [
        program,
        "run",
        str(specification),
        f"--url={own_sandbox.url}",
        f"--header=Authorization:Bearer {rest.authenticate()}",
        "--checks=not_a_server_error",
        "--phases=examples,coverage,fuzzing",
        f"--max-time={SECONDS}",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--warnings=off",
        "--no-color",
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS + 300,
        check=False,
    )
    seen = own_sandbox.control.requests()
    assert len(seen) > 1000, done.stdout[-5000:]
    failed = [
        each for each in seen if each["status"] == 0 or (each["status"] >= 500 and each["status"] != 501)
    ]
    assert failed == []
