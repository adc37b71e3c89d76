"""Requests, wall time and memory of pushes and pulls of a large repository against the sandbox.

`python benchmarks/round_trip.py [FILES] [LOCALES]`; defaults: 300 files, 20 locales.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from l10nsync.sandbox.testing import SandboxServer

LOCALES = [
    "de-DE",
    "fr-FR",
    "ja-JP",
    "es-ES",
    "pt-BR",
    "zh-CN",
    "it-IT",
    "nl-NL",
    "sv-SE",
    "da-DK",
    "fi-FI",
    "nb-NO",
    "pl-PL",
    "cs-CZ",
    "hu-HU",
    "ro-RO",
    "tr-TR",
    "ko-KR",
    "uk-UA",
    "el-GR",
]
AUTHENTICATION = {"authenticate", "refreshAccessToken"}


def repository(folder: Path, files: int, locales: list[str]) -> None:
    """Make a repository of FILES sources with twenty strings each."""
    for index in range(files):
        path = folder / "src" / "en" / f"f{index}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        strings = {f"key{number}": f"Text {number} of file {index}" for number in range(20)}
        path.write_text(json.dumps(strings, indent=2) + "\n", encoding="utf-8")
    manifest = {
        "version": 1,
        "sourceLocale": "en-US",
        "locales": locales,
        "job": {"authorize": True},
        "resources": [{"name": "web", "source": "src/en/*.json", "target": "src/{locale}/*.json"}],
    }
    (folder / ".l10n.yml").write_text(json.dumps(manifest), encoding="utf-8")
    commit(folder, first=True)


def commit(folder: Path, *, first: bool = False) -> None:
    """Commit everything."""
    git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.com"]
    steps = [["init", "--quiet"]] if first else []
    for arguments in (*steps, ["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message=change"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


def main() -> None:
    """Print one row per step."""
    files, count = (int(each) for each in [*sys.argv[1:], *("300", "20")[len(sys.argv) - 1 :]])
    with SandboxServer() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        locales = LOCALES[:count]
        repository(folder, files, locales)
        project = server.control.project(locales)
        environment = os.environ | server.environment(project)

        def step(label: str, *argv: str) -> None:
            mark = server.control.last()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "l10nsync", *argv],
                cwd=folder,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            seconds = time.perf_counter() - started
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            asked = [each["operation"] for each in server.control.requests(mark, project)]
            requests = sum(1 for each in asked if each not in AUTHENTICATION)
            cpu = after.ru_utime - before.ru_utime
            peak = after.ru_maxrss // 1024
            figures = f"{requests:5} requests {seconds:7.2f} s {cpu:6.2f} s CPU  {peak:4} MB peak so far"
            print(f"{label:<28} {figures}")

        step("plan, nothing there", "plan")
        step("push, everything new", "push")
        step("push, nothing changed", "push")
        server.control.translate(project)
        server.control.advance(5)
        step("pull, everything", "pull")
        commit(folder)
        step("pull, nothing new", "pull")
        (folder / "src/en/f0.json").write_text('{"key0": "Another text"}', encoding="utf-8")
        commit(folder)
        step("push, one file changed", "push", "--accept-shrink")
    print(f"{files} files, {count} locales, {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
