"""A thousand repositories on the CI system that they already have, against one service: what it takes.

`python benchmarks/scale.py`; `--help` has the options. Each repository has a clone of its own and pushes,
pulls and pulls again; so many jobs run at once as the CI system has runners. The repositories share a few
projects of the service, which take 10 operations on files at once and answer 429 beyond. Nothing of ours
schedules anything: a job that comes when the service is busy waits and asks again.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.cli.options import Options
from l10nsync.sandbox.testing import SandboxServer

LOCALES = ("de-DE", "fr-FR", "ja-JP")
MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr, ja-JP: ja}
job: {authorize: true}
resources:
  - {name: web, source: "locales/en/*.json", target: "locales/{locale}/*.json", fileUri: "{repo}/{path}"}
"""
AUTHENTICATION = {"authenticate", "refresh"}


@dataclass(frozen=True)
class Job:
    """One run of the command in one repository."""

    folder: str
    environ: dict[str, str]
    argv: tuple[str, ...]


def main() -> int:
    """Play the phases and print what each took; return 1 if a repository has not ended as it should."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder, SandboxServer() as server:
        projects = [server.control.project(LOCALES, "en-US") for _number in range(asked.projects)]
        for project in projects:
            server.control.switches(project, latency_ms=asked.latency)
            server.control.policies(project, batch={"looks": 1})
        _warm_up(Path(folder), server)
        clones = [_repository(Path(folder), number, asked.files) for number in range(asked.repositories)]
        print(
            f"{asked.repositories} repositories, {asked.files} files each, {len(LOCALES)} locales,"
            f" {asked.projects} projects, {asked.at_once} jobs at once, latency {asked.latency} ms"
        )
        print("phase             wall s  jobs/min  failed  requests/job  429s")
        failed = 0
        for name, argv in (("push", ("push",)), ("pull", ("pull",)), ("pull, nothing new", ("pull",))):
            jobs = [
                Job(str(clone), _environ(server, projects[number % len(projects)]), argv)
                for number, clone in enumerate(clones)
            ]
            mark = server.control.last()
            begun = time.monotonic()
            with multiprocessing.get_context("fork").Pool(asked.at_once, maxtasksperchild=1) as pool:
                ends = pool.map(_run, jobs, chunksize=1)
            wall = time.monotonic() - begun
            wrong = [said for code, said in ends if code]
            failed += len(wrong)
            listed = chain.from_iterable(server.control.requests(mark, project) for project in projects)
            told = Counter(row["status"] == 429 for row in listed if row["operation"] not in AUTHENTICATION)
            print(
                f"{name:17} {wall:6.0f} {60 * len(jobs) / wall:9.0f} {len(wrong):7}"
                f" {told.total() / len(jobs):13.1f} {told[True]:5}"
            )
            print("".join(f"  {said}\n" for said in wrong[:3]), end="")
            if name == "push":
                for project in projects:
                    server.control.translate(project)
        missing = sum(
            not (clone / "locales" / locale[:2] / f"f{number}.json").is_file()
            for clone in clones
            for locale in LOCALES
            for number in range(asked.files)
        )
        print(f"translations that are missing: {missing}")
    return 1 if failed or missing else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--repositories", type=int, default=1000)
    parser.add_argument("--projects", type=int, default=10)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--latency", type=int, default=20, help="ms that a file operation takes")
    return parser.parse_args()


def _repository(folder: Path, number: int, files: int) -> Path:
    root = folder / f"app{number:04}"
    for at in range(files):
        path = root / "locales" / "en" / f"f{at}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({f"key{key}": f"Text {key} of {number}" for key in range(5)}))
    (root / ".l10n.yml").write_text(MANIFEST)
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("remote", "add", "origin", f"https://git.example/acme/{root.name}.git"),
        ("add", "--all"),
        ("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "-m", "x"),
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True)
    return root


def _warm_up(folder: Path, server: SandboxServer) -> None:
    """Run what the jobs run once in this process: each of them begins with all modules in memory."""
    project = server.control.project(LOCALES, "en-US")
    clone, home, before = _repository(folder, 9999, 1), Path.cwd(), dict(os.environ)
    for command in ("push", "pull"):
        _run(Job(str(clone), _environ(server, project), (command,)))
        server.control.translate(project)
    os.chdir(home)
    os.environ.update(before)


def _environ(server: SandboxServer, project: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **server.environment(project)}


def _run(job: Job) -> tuple[int, str]:
    """Run a command in a forked process, as a job of the CI system does; return its code and last line."""
    os.chdir(job.folder)
    os.environ.clear()
    os.environ.update(job.environ)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(cli, list(job.argv), Options(environ=job.environ))
    lines: Sequence[str] = said.getvalue().strip().splitlines()
    return code, f"{job.folder}: exit {code}: {lines[-1] if lines else ''}"


if __name__ == "__main__":
    sys.exit(main())
