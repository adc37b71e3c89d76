"""How long commands take that ask nobody: wall time of the whole process, median of several runs.

`python benchmarks/startup.py`; the first row is Python itself, for comparison.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9
MANIFEST = """\
version: 1
sourceLocale: en
locales: {de-DE: de, fr-FR: fr}
resources:
  - {name: web, source: src/en/**/*.json, target: "src/{locale}/**/*.json"}
"""


def repository(folder: Path, number: int) -> None:
    """Make a repository with NUMBER small sources."""
    for index in range(number):
        path = folder / "src" / "en" / f"part{index % 17}" / f"f{index}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"title": "Text number {index}"}}\n', encoding="utf-8")
    (folder / ".l10n.yml").write_text(MANIFEST, encoding="utf-8")
    git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.com"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=files"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


def median(argv: list[str], folder: Path) -> float:
    """Return the median wall time in milliseconds."""
    times = []
    for _run in range(RUNS):
        started = time.perf_counter()
        subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print one row per command."""
    tool = [sys.executable, "-m", "l10nsync"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder, 300)
        rows = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--version": [*tool, "--version"],
            "--help": [*tool, "--help"],
            "check, 300 sources": [*tool, "check"],
            "list, 300 sources": [*tool, "list", "--format", "tsv"],
        }
        for label, argv in rows.items():
            print(f"{label:<24} {median(argv, folder):8.0f} ms")
    print(f"median of {RUNS} runs, {os.cpu_count()} processors, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
