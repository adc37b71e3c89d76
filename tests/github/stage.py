"""A step of a workflow: the real program, a real checkout, the sandbox, the stand-in for GitHub."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.cli.options import Options
from l10nsync.sandbox.testing import SECRET, USER
from tests.github.standin import GitHubStandIn
from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
branch: {default: main}
resources:
  - name: app
    source: locales/en/*.json
    target: locales/{locale}/*.json
    fileUri: "%s{path}"
"""
TOKEN = "ghs_thetokenoftheworkflow"


@dataclass(frozen=True)
class Stepped:
    """A step that ended."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str

    @property
    def annotations(self) -> list[tuple[str, str]]:
        """Level and message of every annotation."""
        return re.findall(r"^::(error|warning|notice) [^:]*::(.*)$", self.log, re.MULTILINE)


@dataclass
class Stage:
    """Everything that a step runs between."""

    folder: Path
    repo: Repo
    github: GitHubStandIn
    runner: Runner
    environ: dict[str, str] = field(default_factory=dict)
    process: bool = False
    """Start a process for each step, as the Action does; without it the same code runs here, sooner."""

    def step(self, event: str, payload: Mapping[str, Any] | None = None, **inputs: str) -> Stepped:
        """Run the Action's program for EVENT with INPUTS (`_` for `-`)."""
        return self._ran(["ci", "github"], event, payload, inputs)

    def memory_step(self, event: str, payload: Mapping[str, Any] | None = None, **inputs: str) -> Stepped:
        """Run the step before it, which says where its memory is restored from."""
        return self._ran(["ci", "github", "--memory"], event, payload, inputs)

    def _ran(
        self, argv: Sequence[str], event: str, payload: Mapping[str, Any] | None, inputs: Mapping[str, str]
    ) -> Stepped:
        files = {name: self.folder / f"{name}.txt" for name in ("output", "summary")}
        for path in files.values():
            path.write_text("")
        (self.folder / "event.json").write_text(json.dumps(payload or {}))
        given = {key.replace("_", "-"): value for key, value in inputs.items()}
        environ = self.environment(event, payload or {}, files)
        environ["L10NSYNC_ACTION_INPUTS"] = json.dumps(self.defaults() | given)
        code, log = (_process if self.process else _in_process)(environ | self.environ, self.folder, argv)
        assert "Traceback" not in log, log
        return Stepped(code, log, outputs_of(files["output"].read_text()), files["summary"].read_text())

    def defaults(self) -> dict[str, str]:
        """Return the inputs that every workflow of these tests gives."""
        return {
            "user-id": USER,
            "user-secret": SECRET,
            "project-id": self.runner.ident,
            "api-url": self.runner.server.url,
            "github-token": TOKEN,
        }

    def environment(
        self, event: str, payload: Mapping[str, Any], files: Mapping[str, Path]
    ) -> dict[str, str]:
        """Return the variables that GitHub's runner sets."""
        pull = payload.get("pull_request")
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        head = self.repo.git("rev-parse", "HEAD").strip()
        found = {
            **clean,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": str(payload.get("sender", {}).get("login", "somebody")),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_RUN_ID": str(4711 + len(self.github.seen)),
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_SHA": head,
            "GITHUB_REF": str(payload.get("ref", "refs/heads/main")),
            "GITHUB_WORKSPACE": str(self.repo.root),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "RUNNER_TEMP": str(self.folder),
            "L10NSYNC_ACTION_TOKEN": TOKEN,
        }
        if pull:
            found |= {
                "GITHUB_REF": f"refs/pull/{pull['number']}/merge",
                "GITHUB_HEAD_REF": pull["head"]["ref"],
                "GITHUB_BASE_REF": pull["base"]["ref"],
            }
        return found

    # --- the repository at GitHub ------------------------------------------------------------------------

    def pull_request(
        self, branch: str, files: Mapping[str, str], *, fork: bool = False, labels: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Open a pull request with FILES, check out its merge as GitHub does; return the payload."""
        git = self.repo.git
        base = git("rev-parse", "main").strip()
        git("checkout", "--quiet", "-B", branch, "main")
        head = self.repo.commit(files)
        git("push", "--quiet", "--force", "origin", f"{branch}:{branch}")
        git("checkout", "--quiet", "--detach", "main")
        git("merge", "--quiet", "--no-ff", "-m", "merge", branch)
        owner = "stranger/app" if fork else self.github.repository
        pull = self.github.open_pull(
            branch, "main", head={"ref": branch, "sha": head, "repo": {"full_name": owner}}
        )
        return {
            "action": "synchronize",
            "number": pull["number"],
            "pull_request": {
                "number": pull["number"],
                "head": {"ref": branch, "sha": head, "repo": {"full_name": owner}},
                "base": {"ref": "main", "sha": base, "repo": {"full_name": self.github.repository}},
                "labels": [{"name": each} for each in labels],
            },
        }

    def main(self) -> None:
        """Check out what GitHub has as main."""
        self.repo.git("fetch", "--quiet", "origin")
        self.repo.git("clean", "--quiet", "-fd")
        self.repo.git("checkout", "--quiet", "--force", "-B", "main", "origin/main")

    def commit_main(self, files: Mapping[str, str | bytes]) -> str:
        """Commit to main at GitHub."""
        self.main()
        sha = self.repo.commit(files)
        self.repo.git("push", "--quiet", "origin", "main")
        return sha

    def forget(self) -> None:
        """Delete the cache, as a fresh checkout has none."""
        shutil.rmtree(self.repo.root / ".git" / "l10nsync", ignore_errors=True)


def _process(environ: Mapping[str, str], folder: Path, argv: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "l10nsync", *argv],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def _in_process(environ: Mapping[str, str], _folder: Path, argv: Sequence[str]) -> tuple[int, str]:
    log = io.StringIO()
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        code = run(cli, argv, Options(environ=environ))
    return code, log.getvalue()


def outputs_of(text: str) -> dict[str, str]:
    """Read the file of outputs as the runner does."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if "<<" in line:
            name, _, mark = line.partition("<<")
            value = []
            for each in lines:
                if each == mark:
                    break
                value.append(each)
            found[name] = "\n".join(value)
    return found


@contextmanager
def staged(folder: Path, runner: Runner, *, branch_uris: bool = False) -> Iterator[Stage]:
    """Give a stage whose repository has two sources and a manifest."""
    bare = folder / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)], check=True)
    repo = Repo(folder / "work")
    repo.git("remote", "add", "origin", str(bare))
    repo.commit(
        {
            ".l10n.yml": MANIFEST % ("{branch}/" if branch_uris else ""),
            "locales/en/home.json": '{"title": "Welcome home", "leave": "Leave"}\n',
            "locales/en/cart.json": '{"empty": "Your cart is empty"}\n',
            "README.md": "# App\n",
        }
    )
    repo.git("push", "--quiet", "origin", "main")
    repo.git("fetch", "--quiet", "origin")
    github = GitHubStandIn(bare)
    with github.serving():
        yield Stage(folder, repo, github, runner)
