"""A client in production, Mozilla's for Wagtail, takes the sandbox's answers: its schemas are strict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from l10nsync.sandbox.testing import SECRET, USER
from tests.sandbox_fixtures import RestClient, rest, sandbox_project

__all__ = ["rest", "sandbox_project"]
ROOT = Path(__file__).parents[2]
HELLO = b'{"greeting": "Hello world"}'


def answers(rest: RestClient) -> dict[str, Any]:
    """Go the way of that client; return each answer by the name of its schema."""
    sent = {"jobName": "n", "targetLocaleIds": ["de-DE"], "referenceNumber": "", "description": "d"}
    credentials = {"userIdentifier": USER, "userSecret": SECRET}
    signed = rest.send("POST", "/auth-api/v2/authenticate", body=credentials)
    token = {"refreshToken": signed.data["refreshToken"]}
    made = rest.send("POST", rest.jobs(), body=sent)
    uid = made.data["translationJobUid"]
    body = {"authorize": True, "translationJobUid": uid, "fileUris": ["a.json"]}
    batch = rest.send("POST", rest.batches(), body=body)
    uploaded = rest.batch_upload(batch.data["batchUid"], "a.json", HELLO)
    rest.control.finish(rest.project)
    context = [("name", "p.html"), ("matchParams", json.dumps({"contentFileUri": "a.json"}))]
    path = "/context-api/v2/projects/{project}/contexts/upload-and-match-async"
    page = b"<html><body><p>Hello world</p></body></html>"
    matched = rest.send("POST", path, form=context, file=page, part="content", content_type="text/html")
    status = rest.send("GET", rest.files("/locales/de-DE/file/status"), fileUri="a.json")
    found = {
        "AuthenticateResponseSerializer": signed,
        "RefreshAccessTokenResponseSerializer": rest.send(
            "POST", "/auth-api/v2/authenticate/refresh", body=token
        ),
        "GetProjectDetailsResponseSerializer": rest.send("GET", "/projects-api/v2/projects/{project}"),
        "ListJobsResponseSerializer": rest.send("GET", rest.jobs()),
        "CreateJobResponseSerializer": made,
        "GetJobDetailsResponseSerializer": rest.send("GET", rest.jobs(f"/{uid}")),
        "CreateBatchResponseSerializer": batch,
        "UploadFileToBatchResponseSerializer": uploaded,
        "AddVisualContextToJobSerializer": matched,
        "GetFileStatusResponseSerializer": status,
        "AddLocaleToJobResponseSerializer": rest.send("POST", rest.jobs(f"/{uid}/locales/fr-FR"), body={}),
    }
    return {name: answer.json for name, answer in found.items()}


@pytest.mark.judges
def test_a_strict_client_takes_every_answer(rest: RestClient) -> None:
    """Each answer on its way from the sign-in to the delivery fits the schema that it has for it."""
    modules = Path(os.environ.get("L10NSYNC_STRICT_CLIENT", str(ROOT / ".judges")))
    if not (modules / "wagtail_localize_smartling").is_dir():
        pytest.skip("needs tool: wagtail-localize-smartling (make .judges/.ready)")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("strict_schemas.py"))],
        env={**os.environ, "PYTHONPATH": str(modules)},
        input=json.dumps(answers(rest)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {name: wrong for name, wrong in json.loads(done.stdout).items() if wrong} == {}
