"""Measures `init` on a folder of repositories: `python benchmarks/first_manifests.py FOLDER [--show]`.

Each folder below FOLDER that is a git repository, bare or not, is cloned into a temporary folder, and `init`
(with `--from` where another tool's configuration lies there) runs in the clone as a user would run it: its
manifest is written, `check` and an offline plan have to accept it. Printed for each: what the manifest takes,
how many translations it covers, what it does not take. Nothing is changed in FOLDER, and nothing is sent.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from l10nsync.app.init import Begun, InitRequest, prepare_init, write_init
from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.discovery import configurations
from l10nsync.errors import L10nSyncError


@dataclass(frozen=True)
class Verdict:
    """What became of one repository and one way to begin."""

    repository: str
    origin: str
    outcome: str
    """`right`, `differs`, `refused`, or `invalid`: a manifest that `check` or the plan does not accept."""
    text: str = ""
    begun: Begun | None = None
    seconds: float = 0.0


def main() -> int:
    """Measure, print a line for each repository and the figures; exit 1 if any manifest is invalid."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the manifests, too")
    parser.add_argument("--only", default="", help="part of a repository's name")
    arguments = parser.parse_args()
    outcomes: Counter[str] = Counter()
    for repository in _repositories(arguments.folder):
        if arguments.only in str(repository):
            for verdict in _judged(repository, arguments.folder):
                outcomes[f"{'--from' if verdict.origin else 'plain'}: {verdict.outcome}"] += 1
                _print(verdict, show=arguments.show)
    sys.stdout.write("\n".join(f"{count:5}  {outcome}" for outcome, count in sorted(outcomes.items())) + "\n")
    return int(any("invalid" in outcome for outcome in outcomes))


def _repositories(folder: Path) -> Iterator[Path]:
    for head in sorted([*folder.glob("*/HEAD"), *folder.glob("*/*/HEAD")]):
        yield head.parent.parent if head.parent.name == ".git" else head.parent


def _judged(repository: Path, top: Path) -> Iterator[Verdict]:
    name = str(repository.relative_to(top))
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        _checked_out(repository, clone)
        if not (clone / ".git").is_dir():
            yield Verdict(name, "", "refused", "it cannot be cloned")
            return
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=clone, check=True, capture_output=True).stdout
        paths = listed.decode(errors="replace").split("\0")
        for origin in ["", *configurations(paths, lambda path: (clone / path).read_bytes())]:
            yield _begun(name, clone, origin)


def _checked_out(repository: Path, clone: Path) -> None:
    """Make a clone with the files of HEAD and no history, which a first manifest does not depend on.

    A snapshot may lack large files: what it has is checked out, without filters and hooks.
    """
    safe = ["-c", "core.hooksPath=/dev/null", "-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false"]
    person = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]

    def git(*argv: str) -> str:
        done = subprocess.run(["git", *safe, *person, *argv], check=False, capture_output=True, text=True)
        return done.stdout.strip()

    git("clone", "--quiet", "--shared", "--no-checkout", str(repository), str(clone))
    here = ["-C", str(clone)]
    git(*here, "update-ref", "HEAD", git(*here, "commit-tree", "-m", "As it is", "HEAD^{tree}"))
    git(*here, "read-tree", "HEAD")
    git(*here, "checkout-index", "--all", "--force", "--quiet")


def _begun(name: str, clone: Path, origin: str) -> Verdict:
    began = time.monotonic()
    try:
        begun = prepare_init(InitRequest(clone, origin or None, force=True))
        write_init(begun)
    except L10nSyncError as error:
        problems = getattr(error, "diagnostics", ())
        text = f"{error.message}\n{error.hint}\n" + "\n".join(each.message for each in problems)
        return Verdict(name, origin, "invalid" if problems else "refused", text)
    seconds = time.monotonic() - began
    for argv in (["check"], ["plan", "--offline", "--base", "HEAD"]):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(cli, ["-C", str(clone), "--color", "never", *argv])
        if code:
            return Verdict(name, origin, "invalid", f"{argv[0]}: {said.getvalue()}", begun, seconds)
    return Verdict(name, origin, "differs" if begun.differences else "right", "", begun, seconds)


def _print(verdict: Verdict, *, show: bool) -> None:
    lines = [f"{verdict.outcome:8} {verdict.repository} {verdict.origin}"]
    if verdict.begun:
        begun = verdict.begun
        locales = len(begun.draft.locales)
        lines[0] += f"  {begun.sources} sources, {begun.targets} translations, {locales} locales"
        lines[0] += f", {len(begun.draft.not_taken)} lines not taken, {verdict.seconds:.1f} s"
        lines += [f"    | {line}" for line in begun.text.splitlines()] if show else []
        lines += [f"    # {line}" for line in begun.differences[:10]]
    lines += [f"    ! {line}" for line in verdict.text.splitlines()[:12]]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
