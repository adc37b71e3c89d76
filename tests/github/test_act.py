"""The Action itself, run by act in host mode: installation, inputs, outputs, summary, masks, GitHub's API."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from l10nsync.sandbox.testing import SECRET, USER
from tests.github.stage import TOKEN, Stage

pytestmark = pytest.mark.judges  # act is a judge from outside, and installs the Action anew
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
_PASSED = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""Starts of variables that say how this machine reaches its package index."""
OWN = ("action.yml", "action", "l10nsync", "schemas", "pyproject.toml", "LICENSE")
WORKFLOW = """\
name: Test
on: [pull_request, push, schedule]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
%s
"""
CACHE = {
    "restore": """\
name: Restore
inputs: {path: {required: true}, key: {required: true}, restore-keys: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {PLACE: "${{ inputs.path }}", KEYS: "${{ inputs.restore-keys }}"}
      run: |
        while read -r key; do
          found="$(ls -t "$PROBE/kept/$key"* 2>/dev/null | head -1)"
          if [[ -n "$found" ]]; then mkdir -p "$(dirname "$PLACE")"; cp "$found" "$PLACE"; break; fi
        done <<<"$KEYS"
""",
    "save": """\
name: Save
inputs: {path: {required: true}, key: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {PLACE: "${{ inputs.path }}", KEY: "${{ inputs.key }}"}
      run: mkdir -p "$PROBE/kept" && cp "$PLACE" "$PROBE/kept/$KEY"
""",
}
"""Stands in for GitHub's own action of that name, which needs GitHub's cache."""
STEP = """\
      - id: step%(number)d
        continue-on-error: true
        uses: example/l10nsync@main
        with:
          github-token: ${{ secrets.GITHUB_TOKEN }}
%(inputs)s
      - shell: bash
        env:
          OUTPUTS: ${{ toJSON(steps.step%(number)d.outputs) }}
          OUTCOME: ${{ steps.step%(number)d.outcome }}
        run: |
          printf '%%s' "$OUTPUTS" > "$PROBE/outputs%(number)d.json"
          printf '%%s' "$OUTCOME" > "$PROBE/outcome%(number)d"
"""


@dataclass
class Acted:
    """A step of the Action that act ran."""

    log: str
    """Of the whole job."""
    outcome: str
    outputs: Mapping[str, str]


@dataclass
class Act:
    """Runs workflows in the checkout of a stage."""

    stage: Stage
    action: Path
    cache: Path
    uv: bool = True
    """Install with uv; else with pip."""

    def __call__(
        self, event: str, payload: Mapping[str, Any] | None, *steps: Mapping[str, str]
    ) -> list[Acted]:
        """Run the Action once for each of STEPS (its inputs, `_` for `-`) in one job."""
        stage, folder = self.stage, self.stage.folder
        shown = []
        for number, inputs in enumerate(steps):
            lines = [
                f"          {key.replace('_', '-')}: {json.dumps(value)}" for key, value in inputs.items()
            ]
            shown.append(STEP % {"number": number, "inputs": "\n".join(lines)})
        workflow = folder / "workflow.yml"
        workflow.write_text(WORKFLOW % "".join(shown))
        (folder / "event.json").write_text(json.dumps(payload or {}))
        command = [
            str(BIN / "act"), event, "--workflows", str(workflow), "--eventpath", str(folder / "event.json"),
            "--directory", str(stage.repo.root), "--platform", "ubuntu-latest=-self-hosted",
            "--no-cache-server", "--local-repository", f"example/l10nsync@main={self.action}",
            "--secret", f"GITHUB_TOKEN={TOKEN}", "--secret", f"SMARTLING_USER_SECRET={SECRET}",
            "--env", f"GITHUB_API_URL={stage.github.url}", "--env", f"PROBE={folder}",
            "--env", f"GITHUB_REPOSITORY={stage.github.repository}",
            "--local-repository", f"actions/cache@{_pinned_cache()}={self.cache}",
        ]  # fmt: skip
        environ = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        if self.uv:
            environ["PATH"] = f"{BIN}{os.pathsep}{environ['PATH']}"
        environ |= {key: value for key, value in os.environ.items() if key.startswith(_PASSED)}
        environ |= {"HOME": os.environ.get("HOME", "/"), "XDG_CACHE_HOME": str(folder / "cache")}
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=300, check=False, cwd=folder
        )
        log = done.stdout + done.stderr
        assert (folder / f"outcome{len(steps) - 1}").is_file(), log
        return [
            Acted(
                log,
                (folder / f"outcome{number}").read_text(),
                json.loads((folder / f"outputs{number}.json").read_text()),
            )
            for number in range(len(steps))
        ]


@pytest.fixture
def act(stage: Stage, tmp_path: Path) -> Act:
    """Give act and the Action as a repository of its own, as a workflow that pins it gets it."""
    if not (BIN / "act").exists():
        pytest.skip("needs tool: act")
    action = tmp_path / "action"
    action.mkdir()
    for name in OWN:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, action / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, action / name)
    cache = tmp_path / "cache-action"
    for name, text in CACHE.items():
        (cache / name).mkdir(parents=True)
        (cache / name / "action.yml").write_text(text)
    _as_repository(action)
    _as_repository(cache)
    return Act(stage, action, cache)


def _as_repository(folder: Path) -> None:
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "-m", "x"),
    ):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        subprocess.run(["git", "-C", str(folder), *identity, *words], check=True)


def _pinned_cache() -> str:
    """Return the commit of actions/cache that action.yml names."""
    (commit,) = set(re.findall(r"uses: actions/cache/\w+@([0-9a-f]{40})", (ROOT / "action.yml").read_text()))
    return str(commit)


def test_the_action_does_its_work(act: Act) -> None:
    """A pull request is planned and commented, main is pushed, translations come as a pull request."""
    stage = act.stage
    service = {
        "user_id": USER,
        "user_secret": "${{ secrets.SMARTLING_USER_SECRET }}",
        "project_id": stage.runner.ident,
        "api_url": stage.runner.server.url,
    }
    more = {"locales/en/home.json": '{"title": "Welcome home", "leave": "Leave", "stay": "Stay a while"}\n'}
    payload = stage.pull_request("more", more)
    offline = {"command": "plan", "args": "--offline\n--base=HEAD^1"}
    online, again, other = act("pull_request", payload, *[{"command": "plan", **service}] * 2, offline)
    assert [online.outcome, again.outcome, other.outcome] == ["success"] * 3, online.log
    assert stage.github.writes == ["POST issues/1/comments", "PATCH issues/comments/1000"]
    assert (online.outputs["words"], other.outputs["words"]) == ("10", "3")
    assert SECRET not in online.log
    assert "Localization: 1 new string" in stage.github.comments[1][0]["body"]

    act.uv = False
    (forked,) = act(
        "pull_request", stage.pull_request("fork", more, fork=True), {"command": "plan", **service}
    )
    assert forked.outcome == "success", forked.log
    assert forked.outputs["offline"] == "true"
    assert len(stage.github.comments) == 1

    act.uv = True
    stage.main()
    push = {"command": "push", "authorize": "true", **service}
    broken, pushed = act("push", {"ref": "refs/heads/main"}, push | {"wait": "for ever"}, push)
    assert broken.outcome == "failure"
    assert (broken.outputs["exit-code"], broken.outputs["outcome"]) == ("2", "invalid")
    assert pushed.outcome == "success", pushed.log
    assert pushed.outputs["job-url"].startswith(stage.runner.server.url)

    stage.forget()
    mark = stage.runner.mark()
    (fresh,) = act("push", {"ref": "refs/heads/main"}, {"command": "plan", **service})
    assert fresh.outcome == "success", fresh.log
    # What the push learned came back: no source is looked at one by one.
    asked = stage.runner.requests_since(mark)
    assert not {"downloadSourceFile", "getFileTranslationStatusAllLocales"} & set(asked)

    stage.runner.translate()
    stage.forget()
    pull = {"command": "pull", "branch": "main", "pr_base": "main", **service}
    first, second = act("schedule", {}, pull, pull)
    assert first.outcome == second.outcome == "success", first.log
    assert first.outputs["pull-request-operation"] == "created"
    assert second.outputs["pull-request-operation"] == "unchanged"
    assert stage.github.git("rev-list", "--count", "main..l10nsync/main") == "1"
