"""Random histories of a repository and its translations: no fix is lost, and what is published arrives.

People put translations right by hand, translators publish, pulls run by schedule, branches are rebased and
squashed, clones are made afresh and caches are lost. Whatever the order: a fix stays until somebody takes it
back, each publication of a string that nobody touched arrives with the next pull, `push --corrections` brings
each fix to the service, and nothing else.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.sandbox_fixtures import RestClient
from tests.test_push_pull import forget

FEW, MANY, SEEDS = 2, 20, 10
"""Histories of every run of the tests; of one seed of the sweep; seeds of the sweep."""
STEPS = 9
FITTING = 0.7
"""How many of the published texts fit their source, where that is possible at all to fail."""
LOCALES = {"de-DE": "de", "fr-FR": "fr"}
SOURCES = {
    "src/en/a.properties": {"save": "Save the file", "open": "Open {0}", "close": "Close it"},
    "src/en/b.properties": {"title": "Title of a page", "same": "Save the file", "end": "The end"},
}
MANIFEST = small_manifest("src", "job: {authorize: true}", name="web", suffix=".properties")
Name = tuple[str, str, str]
"""Source, locale and key of a string."""


class DatedRepo(Repo):
    """A repository whose commits are made at the time of the sandbox's clock."""

    now: Callable[[], str] = staticmethod(lambda: "")

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        moment = self.now()
        names = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "A. Tester"), ("EMAIL", "tester@example.com"), ("DATE", moment))
            if value
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=clean | names | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_EDITOR": "true"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def parsed(data: bytes) -> dict[str, str]:
    """Return the strings of a properties file."""
    lines = (line.partition("=") for line in data.decode().splitlines() if "=" in line)
    return {key: value for key, _, value in lines}


class History:
    """One repository and its project, with what has to be true of them."""

    def __init__(self, server: SandboxServer, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.runner = InProcess(server)
        self.runner.project()
        self.clones = 0
        self.texts = 0
        self.done: list[str] = []
        self.repo = self._repo("repo0")
        self.service: dict[Name, str] = {}
        """What is published."""
        self.fixed: dict[Name, str] = {}
        """What was put right here and the service has not got."""
        self.sent: dict[Name, str] = {}
        """What was sent, as long as no memory was lost since and nothing else has come."""
        self.outdated: dict[Name, str] = {}
        """What was sent and has been changed on the service since, until it is pulled."""
        self.doubtful: dict[Name, str] = {}
        """What was sent, where nobody remembers: another publication is a conflict."""
        self.remembers = False
        """Whether a pull has left a memory here."""
        self.unfit: set[Name] = set()
        """Where the service's text has lost its placeholder: what is here stays."""
        subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", folder / "hub.git"], check=True)
        sources = {
            path: "".join(f"{key}={text}\n" for key, text in texts.items()) for path, texts in SOURCES.items()
        }
        self.repo.commit({".l10n.yml": MANIFEST, **sources})
        self.runner.run(self.repo, "push")
        for name in self._names():
            self._publish(name)
        self.pull()

    def _repo(self, name: str) -> DatedRepo:
        DatedRepo.now = staticmethod(lambda: self.runner.control.advance(0))
        return DatedRepo(self.folder / name)

    def _names(self) -> list[Name]:
        return [
            (source, locale, key) for source, texts in SOURCES.items() for locale in LOCALES for key in texts
        ]

    def _new_text(self, name: Name, by: str) -> str:
        self.texts += 1
        source, locale, key = name
        return f"{by} {self.texts} {LOCALES[locale]}{' {0}' if '{0}' in SOURCES[source][key] else ''}"

    def _target(self, name: Name) -> str:
        return name[0].replace("/en/", f"/{LOCALES[name[1]]}/")

    def _here(self) -> dict[Name, str]:
        paths = {name: self._target(name) for name in self._names()}
        there = {name: path for name, path in paths.items() if (self.repo.root / path).exists()}
        return {name: parsed(self.repo.read(path))[name[2]] for name, path in there.items()}

    def _there(self) -> dict[Name, str]:
        rest = RestClient(self.runner.server.url, self.runner.ident, self.runner.control)
        found: dict[Name, str] = {}
        for name in self._names():
            path = f"/files-api/v2/projects/{{project}}/locales/{name[1]}/file"
            body = rest.send("GET", path, fileUri=name[0], retrievalType="published").body
            found[name] = parsed(body)[name[2]]
        return found

    def _pass_time(self) -> None:
        self.runner.control.advance(self.random.choice([3, 60, 4000]))

    # --- what people do -----------------------------------------------------------------------------------

    def _publish(self, name: Name, *, fits: bool = True) -> None:
        """Let a translator publish one text."""
        source, locale, key = name
        text = self._new_text(name, "Text")
        self.unfit.discard(name)
        if not fits and "{0}" in text:
            text = text.replace(" {0}", "")
            self.unfit.add(name)
        self.runner.translate({locale: 100}, how={"texts": {key: text}}, fileUris=[source], again=True)
        self.service[name] = text
        if name in self.sent:
            self.outdated[name] = self.sent.pop(name)
        if name in self.doubtful:
            self.fixed.setdefault(name, self.doubtful.pop(name))

    def publish(self) -> None:
        """Publish some texts."""
        for name in self.random.sample(self._names(), self.random.randint(1, 3)):
            self._publish(name, fits=self.random.random() < FITTING)

    def fix(self) -> None:
        """Put one translation right, and commit it."""
        name = self.random.choice(self._names())
        text = self._new_text(name, "Fix")
        path = self._target(name)
        strings = parsed(self.repo.read(path)) | {name[2]: text}
        self.repo.commit({path: "".join(f"{key}={value}\n" for key, value in strings.items())}, "Fix")
        self._touch({name: text})

    def _touch(self, texts: dict[Name, str]) -> None:
        self.fixed |= texts
        for name in texts:
            self.sent.pop(name, None)
            self.doubtful.pop(name, None)
            self.outdated.pop(name, None)

    def pull(self) -> None:
        """Pull and commit, as a schedule does; check what has come."""
        before = self._here()
        done = self.runner.run(self.repo, "pull", code=7 if self.unfit else 0)
        (trailer,) = [
            line.partition(": ")[2] for line in done.out.splitlines() if "commit trailer: " in line
        ] or [""]
        here = self._here()
        wanted = self.service | {name: before[name] for name in self.unfit} | self.fixed
        assert here == wanted, {
            name: (here[name], wanted[name]) for name in here if here[name] != wanted[name]
        }
        self.remembers = True
        self.sent |= self.doubtful
        self.doubtful.clear()
        self.outdated = {name: text for name, text in self.outdated.items() if name in self.unfit}
        if self.repo.git("status", "--porcelain"):
            self.repo.commit(message=f"Translations\n\n{trailer}\n")

    def fail(self) -> None:
        """Pull where the service delivers no translation: nothing changes, and nothing is forgotten."""
        before = self._here()
        # Without a memory, source text is what a service shows that has no translation yet.
        fault = self.random.choice(["html", "source_text"] if self.remembers else ["html"])
        self.runner.control.fault(fault, operation="download*", project=self.runner.ident, count=0)
        self.runner.run(self.repo, "pull", code=None)
        self.runner.control.clear_faults(self.runner.ident)
        assert self._here() == before

    def send(self) -> None:
        """Send the fixes to the service; check that it has them, and nothing else."""
        self.runner.run(self.repo, "push", "--corrections", "--yes")
        self.service |= self.fixed
        self.unfit -= self.fixed.keys()
        self.sent |= self.fixed
        self.fixed.clear()
        assert self._there() == self.service

    # --- what git does ------------------------------------------------------------------------------------

    def _some(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.random.choice([self.fix, self.publish, self.pull, self.fail])()
            self._pass_time()

    def squash(self) -> None:
        """Do things on a branch, and merge it as one commit whose message has all messages."""
        self.repo.git("switch", "--quiet", "-c", "topic")
        self._some()
        messages = self.repo.git("log", "--format=* %B", "main..topic")
        self.repo.git("switch", "--quiet", "main")
        if messages.strip():
            self.repo.git("merge", "--squash", "topic")
            self._pass_time()
            own = self.random.random() < 0.5
            self.repo.git("commit", "--quiet", *(["-m", f"Squash\n\n{messages}"] if own else ["--no-edit"]))
        self.repo.git("branch", "-D", "topic")

    def rebase(self) -> None:
        """Do things on a branch while others go on, and put it on top of theirs, unless they meet."""
        self.repo.git("switch", "--quiet", "-c", "topic")
        before, kept = dict(self.fixed), (dict(self.sent), dict(self.outdated), dict(self.doubtful))
        self.fix()
        mine = {name: text for name, text in self.fixed.items() if before.get(name) != text}
        self._pass_time()
        self.repo.git("switch", "--quiet", "main")
        self.fixed, (self.sent, self.outdated, self.doubtful) = before, kept
        self._some()
        self.repo.git("switch", "--quiet", "topic")
        try:
            self.repo.git("rebase", "--quiet", "main")
        except subprocess.CalledProcessError:
            self.repo.git("rebase", "--abort")
            mine = {}
            self.repo.git("switch", "--quiet", "main")
        else:
            self.repo.git("switch", "--quiet", "main")
            self.repo.git("merge", "--quiet", "--ff-only", "topic")
        self.repo.git("branch", "-D", "topic")
        self._touch(mine)

    def clone(self) -> None:
        """Go on in a fresh clone, which may be shallow."""
        hub = f"file://{self.folder / 'hub.git'}"
        self.repo.git("push", "--quiet", hub, "main")
        self.clones += 1
        new = self.folder / f"repo{self.clones}"
        depth = self.random.choice([(), (), ("--depth=1",)])
        subprocess.run(["git", "clone", "--quiet", *depth, hub, new], check=True)
        self.repo = self._repo(new.name)
        self._forget_what_was_sent()

    def _forget_what_was_sent(self) -> None:
        self.remembers = False
        self.doubtful |= self.sent
        self.fixed = self.outdated | self.fixed
        self.sent.clear()
        self.outdated.clear()

    def lose_the_cache(self) -> None:
        """Lose what the last pull remembered."""
        forget(self.repo)
        self._forget_what_was_sent()

    def play(self) -> None:
        """Play a history to its end: all fixes are sent, and nobody has anything left to do."""
        steps = [
            self.fix, self.fix, self.publish, self.publish, self.pull, self.pull,
            self.fail, self.send, self.squash, self.rebase, self.clone, self.lose_the_cache,
        ]  # fmt: skip
        for _ in range(STEPS):
            step = self.random.choice(steps)
            self.done.append(step.__name__)
            step()
            self._pass_time()
        for name in sorted(self.unfit):
            self._publish(name)
        for last in (self.pull, self.send, self.clone, self.pull):
            self.done.append(last.__name__)
            last()
        assert self.runner.run(self.repo, "pull").out.startswith("No changes")


def play(server: SandboxServer, folder: Path, seed: int) -> None:
    """Play the history of SEED; an error tells its steps."""
    folder.mkdir()
    history = History(server, folder, seed)
    try:
        history.play()
    except (AssertionError, subprocess.CalledProcessError) as error:
        error.add_note(f"seed {seed}: {' '.join(history.done)}")
        raise


@pytest.mark.parametrize("seed", range(FEW))
def test_fixes_stay_and_publications_arrive(own_sandbox: SandboxServer, tmp_path: Path, seed: int) -> None:
    """A few histories."""
    play(own_sandbox, tmp_path / "history", seed)


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(SEEDS))
def test_fixes_stay_in_any_history(own_sandbox: SandboxServer, tmp_path: Path, number: int) -> None:
    """The same, two hundred histories in all."""
    for seed in range(number * MANY, (number + 1) * MANY):
        play(own_sandbox, tmp_path / f"history{seed}", seed)
