"""The tutorial, followed to the letter: its commands print what it shows, its clicks do what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from l10nsync.sandbox.testing import SandboxServer

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
JOB = "shop main"
_PERSON = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


class Terminal:
    """A shell that stays open."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        ours = str(Path(sys.executable).parent)
        environ = {
            **{name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ},
            "PATH": f"{ours}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **dict.fromkeys(_PERSON, "a@example.com"),
            **variables,
        }
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, env=environ, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def type(self, command: str) -> list[str]:
        """Run a command that succeeds, and return the lines that it prints."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{command}\necho END $?\n")
        self.process.stdin.flush()
        lines = [line.rstrip("\n") for line in iter(self.process.stdout.readline, "END 0\n")]
        assert not any(line.startswith("END ") for line in lines), (command, lines)
        return lines

    def close(self) -> None:
        """Close the shell."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.wait(10)


class Reader:
    """Somebody with the page open."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.host = urlsplit(server.url).netloc
        self.base = "/sandbox/projects/sandbox00"

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> str:
        """Open a page or press a button, and return what is shown or where it leads."""
        headers = {"Origin": self.server.url, "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, f"{self.base}/{path}", urlencode(form or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status in {200, 303}, text
            return text + (answer.getheader("location") or "")
        finally:
            connection.close()

    def job(self) -> str:
        """Return the address of the job."""
        found = re.search(rf'{self.base}/(jobs/\w+)">{JOB}<', self.ask("GET", "jobs"))
        assert found is not None
        return found[1]

    def authorize(self) -> None:
        """Choose a review for French, and authorize."""
        form = {"workflow-de-DE": "sandboxflow1", "workflow-fr-FR": "sandboxflow2"}
        assert "notice=authorized" in self.ask("POST", f"{self.job()}/authorize", form)

    def translate(self) -> None:
        """Type the German translations of the table and publish them; let the sandbox do the French."""
        table = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
        shown = self.ask("GET", "strings?locale=de-DE")
        typed = {self.field(shown, key): text for key, text in table}
        assert len(typed) == 4
        answer = self.ask("POST", "strings", {"locale": "de-DE", "submit": "*", **typed})
        assert "notice=published&n=4" in answer
        form = {"locale": "fr-FR", "percent": "100", "state": "pending"}
        assert "notice=translated&n=4" in self.ask("POST", f"{self.job()}/translate", form)

    def review(self) -> None:
        """Submit the French strings twice."""
        for said in ("notice=moved&n=4", "notice=published&n=4"):
            shown = self.ask("GET", "strings?locale=fr-FR")
            hashes = re.findall(r'name="(text-\w+)"[^>]*>\n([^<]*)<', shown)
            assert said in self.ask("POST", "strings", {"locale": "fr-FR", "submit": "*", **dict(hashes)})
        assert "completed" in self.ask("GET", self.job())

    def correct(self) -> None:
        """Change one German string and publish it."""
        name = self.field(self.ask("GET", "strings?locale=de-DE"), "home")
        form = {"locale": "de-DE", name: "Startseite", "submit": name.removeprefix("text-")}
        assert "notice=published&n=1" in self.ask("POST", "strings", form)

    def field(self, shown: str, key: str) -> str:
        """Return the name of the field that is labelled as the translation of a key."""
        found = re.search(rf'for="t-(\w+)">Translation of {key}</label>', shown)
        assert found is not None, key
        return f"text-{found[1]}"


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether a command printed what the tutorial shows; `…` stands for anything, or the rest of a line."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.fixture
def tutorial_server() -> Iterator[SandboxServer]:
    """Run the sandbox as the tutorial starts it, on a free port."""
    with SandboxServer("--locales", "de-DE,fr-FR") as server:
        yield server


def test_the_tutorial_can_be_followed(tutorial_server: SandboxServer, tmp_path: Path) -> None:
    """From an empty folder to a corrected translation, step by step."""
    reader = Reader(tutorial_server)
    on_the_page: dict[str, Callable[[], None]] = {
        "5": reader.authorize, "6": reader.translate, "8": reader.review, "9": reader.correct,
    }  # fmt: skip
    terminal = Terminal(tmp_path, {"L10NSYNC_SANDBOX_URL": tutorial_server.url})
    steps = re.split(r"^## (\d+)\. .*$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    try:
        for number, text in zip(steps[3::2], steps[4::2], strict=True):  # the first starts the sandbox
            on_the_page.pop(number, lambda: None)()
            for kind, block in re.findall(r"^```(sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
                for command, *shown in [block.splitlines()] if kind == "sh" else exchanges(block):
                    if kind == "sh":
                        terminal.type("\n".join((command, *shown)))
                    else:
                        assert fits(shown, printed := terminal.type(command)), (command, printed)
    finally:
        terminal.close()
    assert on_the_page == {}


def exchanges(block: str) -> list[list[str]]:
    """Return each command of a console block with the lines that follow it."""
    return [part.splitlines() for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
