"""Requests, wall time and memory of a status of a large repository, against the sandbox.

`python benchmarks/status.py [FILES] [LOCALES]`; defaults: 300 files, 20 locales.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from round_trip import AUTHENTICATION, LOCALES, repository

from l10nsync.sandbox.testing import SandboxServer


def main() -> None:
    """Print one row per situation."""
    files, count = (int(each) for each in [*sys.argv[1:], *("300", "20")[len(sys.argv) - 1 :]])
    with SandboxServer() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repository"
        folder.mkdir()
        locales = LOCALES[:count]
        repository(folder, files, locales)
        project = server.control.project(locales)
        environment = os.environ | server.environment(project)

        def run(*argv: str) -> None:
            command = [sys.executable, "-m", "l10nsync", *argv]
            subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)

        def step(label: str, *argv: str) -> None:
            mark = server.control.last()
            started = time.perf_counter()
            command = [sys.executable, "-m", "l10nsync", "-q", "status", "--format", "markdown", *argv]
            script = (
                "import resource, subprocess, sys\n"
                "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
            )
            measured = subprocess.run(
                [sys.executable, "-c", script, *command],
                cwd=folder,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            seconds = time.perf_counter() - started
            asked = [each["operation"] for each in server.control.requests(mark, project)]
            requests = sum(1 for each in asked if each not in AUTHENTICATION)
            print(f"{label:<40} {requests:5} requests {seconds:7.2f} s  {int(measured.stdout):4} MB")

        step("nothing uploaded")
        run("-q", "push")
        step("all in translation, after a push")
        step("all in translation, jobs only", "--by", "job")
        shutil.rmtree(folder / ".git" / "l10nsync")
        step("all in translation, no cache")
        for locale in locales:
            server.control.translate(project, {locale: 100})
        server.control.advance(400)
        step("all published, first look")
        step("all published, looked at before")
        step("the same, every file asked about", "--fresh")
        step("with the report, which downloads", "--html", str(Path(name) / "status.html"))
        size = (Path(name) / "status.html").stat().st_size
        print(
            f"{files} files, {count} locales, {os.cpu_count()} processors; the report has {size / 1e6:.1f} MB"
        )


if __name__ == "__main__":
    main()
