"""A thousand repositories on the CI system that they already have, against one service: what it takes.

`python benchmarks/scale.py`; `--help` has the options. Each repository has a clone of its own and pushes,
pulls and pulls again; so many jobs run at once as the CI system has runners. The repositories share a few
projects of the service, which take 10 operations on files at once and answer 429 beyond. Nothing of ours
schedules anything: a job that comes when the service is busy waits and asks again, and one that ends with
5 (temporary) is run again, as a CI system does.
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
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages

import l10nsync
from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.cli.options import Options
from l10nsync.errors import EXIT_TEMPORARY
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
ROUNDS = 4
"""How often a job is run at most."""
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
        _import_all()
        clones = [_repository(Path(folder), number, asked.files) for number in range(asked.repositories)]
        print(
            f"{asked.repositories} repositories, {asked.files} files each, {len(LOCALES)} locales,"
            f" {asked.projects} projects, {asked.at_once} jobs at once, latency {asked.latency} ms"
        )
        print("phase             wall s  jobs/min  again  failed  requests/job  429s")
        failed = 0
        for name, argv in (("push", ("push",)), ("pull", ("pull",)), ("pull, nothing new", ("pull",))):
            jobs = [
                Job(str(clone), _environ(server, projects[number % len(projects)]), argv)
                for number, clone in enumerate(clones)
            ]
            mark = server.control.last()
            begun = time.monotonic()
            again = 0
            wrong: list[str] = []
            left = jobs
            for _round in range(ROUNDS):
                if not left:
                    break
                with multiprocessing.get_context("fork").Pool(asked.at_once, maxtasksperchild=1) as pool:
                    ends = list(zip(left, pool.map(_run, left, chunksize=1), strict=True))
                wrong += [said for _job, (code, said) in ends if code not in {0, EXIT_TEMPORARY}]
                left = [job for job, (code, _said) in ends if code == EXIT_TEMPORARY]
                again += len(left)
            wall = time.monotonic() - begun
            wrong += [f"{job.folder}: still not done after {ROUNDS} runs" for job in left]
            failed += len(wrong)
            listed = chain.from_iterable(server.control.requests(mark, project) for project in projects)
            told = Counter(row["status"] == 429 for row in listed if row["operation"] not in AUTHENTICATION)
            print(
                f"{name:17} {wall:6.0f} {60 * len(jobs) / wall:9.0f} {again:6} {len(wrong):7}"
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


def _import_all() -> None:
    """Import what the jobs use before they are forked; no thread is started, which a fork would lose."""
    for module in walk_packages(l10nsync.__path__, "l10nsync."):
        if "sandbox" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


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
    wrong = [line for line in lines if line.startswith("error")] or lines[-1:]
    return code, f"{job.folder}: exit {code}: {' '.join(wrong)}"


if __name__ == "__main__":
    sys.exit(main())
