"""Programs that load files and format texts as platforms do, each started once for many questions."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
NODE = ROOT / ".node"
_HERE = Path(__file__).parent


class Question(NamedTuple):
    """A file to load for a locale, or a text to format with arguments."""

    judge: str
    """Which part of the program answers."""
    locale: str
    """The local name, as the path spells it."""
    path: Path | None = None
    text: str = ""
    names: tuple[str, ...] = ()
    """The arguments that the text is given."""


class Reply(NamedTuple):
    """What a program makes of it."""

    texts: tuple[str, ...] = ()
    """The texts that a file shows."""
    shown: tuple[str, ...] = ()
    """Of the arguments given, those that a formatted text shows."""
    locale: str = ""
    """The language that the program reads in the file, if it does."""
    error: str = ""
    """Why the file or the text is refused."""


Program = Callable[[Sequence[Question]], list[Reply]]


def _by_json(*argv: str) -> Program:
    def ask(questions: Sequence[Question]) -> list[Reply]:
        if not questions:
            return []
        sent = [
            {
                "act": "load" if question.path else "format",
                "judge": question.judge,
                "locale": question.locale,
                "path": str(question.path or ""),
                "text": question.text,
                "names": question.names,
            }
            for question in questions
        ]
        done = subprocess.run(argv, input=json.dumps(sent).encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
        return [
            Reply(
                tuple(found.get("texts", ())),
                tuple(found.get("shown", ())),
                found.get("locale") or "",
                found.get("error", ""),
            )
            for found in json.loads(done.stdout)
        ]

    return ask


node = _by_json("node", "--stack-size=4000", str(_HERE / "judges.cjs"), str(NODE))
php = _by_json("php", "-d", "memory_limit=1G", str(_HERE / "judges.php"))
ruby = _by_json("ruby", "-Eutf-8:utf-8", str(_HERE / "judges.rb"))


def java(questions: Sequence[Question]) -> list[Reply]:
    """Ask Java: a bundle by its folder and base name, a `MessageFormat`, a `String.format`."""
    if not questions:
        return []
    lines = ["\t".join(b64encode(part.encode()).decode() for part in _parts(found)) for found in questions]
    done = subprocess.run(
        ["java", "-Xshare:auto", str(_HERE / "Judges.java")],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    replies = []
    for line in done.stdout.decode().splitlines():
        verdict, *parts = (b64decode(part).decode() for part in line.split("\t"))
        if verdict == "error":
            replies.append(Reply(error=parts[0]))
        else:
            replies.append(Reply(tuple(parts), tuple(parts)))
    return replies


def _parts(question: Question) -> tuple[str, ...]:
    if question.path is None:
        return question.judge, question.text, *question.names
    tag = question.locale.replace("_", "-")
    base = question.path.stem.removesuffix(f"_{question.locale}")
    return "bundle", str(question.path.parent), base, tag


def missing(tool: str) -> bool:
    """Return whether this machine lacks what a judge needs; `npm:NAME` is a package of `.node`."""
    if not tool:
        return False
    if tool.startswith("npm:"):
        return not shutil.which("node") or not (NODE / "node_modules" / tool[4:]).is_dir()
    if tool == "ruby-i18n":
        return (
            not shutil.which("ruby")
            or subprocess.run(["ruby", "-ri18n", "-e", "0"], check=False).returncode != 0
        )
    if tool == "symfony":
        parts = Path("/usr/share/php/Symfony/Component")
        return (
            not shutil.which("php")
            or not all((parts / name).is_dir() for name in ("Config", "Translation"))
            or not _php_has("dom")
        )
    return not shutil.which(tool)


def _php_has(extension: str) -> bool:
    done = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False)
    return extension in done.stdout.split()
