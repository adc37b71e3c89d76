"""Locales come and go, edits are reverted, sources renamed and deleted, work trees are sparse, rules change.

Only what the commit asks for is authorized, once, and what is translated stays translated.
"""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.sandbox_fixtures import RestClient
from tests.test_push_pull import forget

SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
"""How many long sequences a sweep plays; `make test-sweeps SEQUENCES=2000` plays enough for a release."""
Pair = tuple[str, str]
"""Hashcode and locale."""
RULES = ("{branch}/{path}", "v2/{branch}/{path}")
"""Templates of fileUris."""


class Life:
    """One repository and its project; CHANCE decides what happens next."""

    def __init__(self, server: SandboxServer, root: Path, chance: Random) -> None:
        self.repo, self.runner, self.chance = Repo(root), InProcess(server), chance
        self.runner.project()
        self.rest = RestClient(server.url, self.runner.ident, self.runner.control)
        self.number = count()
        self.paid: set[Pair] = set()
        self.told: list[str] = []
        self.translated: set[Pair] = set()
        """Text and locale; no text is written twice."""
        self.locales, self.rule = ["de-DE", "fr-FR"], RULES[0]
        self.repo.commit({**self.manifest(), **{f"app/en/{name}.json": self.texts() for name in "ab"}})

    def manifest(self) -> dict[str, str]:
        names = ", ".join(f"{each}: {each[:2]}" for each in self.locales)
        paths = 'source: "app/en/*.json", target: "app/{locale}/*.json"'
        resource = f'{{{paths}, fileUri: "{self.rule}"}}'
        text = f"version: 1\nsourceLocale: en-US\nlocales: {{{names}}}\nresources:\n  - {resource}\n"
        return {".l10n.yml": text}

    def texts(self) -> str:
        return json.dumps({f"k{at}": self.fresh() for at in range(5)})

    def fresh(self) -> str:
        return f"Text number {next(self.number)}"

    @property
    def branch(self) -> str:
        return self.repo.branch

    def sources(self) -> list[Path]:
        """Return the sources of the present branch, all of them in the work tree."""
        if self.repo.git("config", "--default", "false", "core.sparseCheckout").strip() == "true":
            self.repo.git("sparse-checkout", "disable")
        return sorted((self.repo.root / "app/en").glob("*.json"))

    def uri(self, path: Path) -> str:
        name = path.relative_to(self.repo.root).as_posix()
        return self.rule.replace("{branch}", self.branch).replace("{path}", name)

    # what happens

    def edit(self) -> None:
        path = self.chance.choice(self.sources())
        texts = json.loads(path.read_bytes()) | {f"k{self.chance.randrange(6)}": self.fresh()}
        self.repo.commit({path.relative_to(self.repo.root).as_posix(): json.dumps(texts)})

    def revert(self) -> None:
        self.sources()
        commits = self.repo.git("log", "-2", "--format=%H", "--", "app/en").split()
        if len(commits) == 2:
            self.repo.git("rm", "--quiet", "-r", "app/en")  # a file that stays would be a copy of what comes
            self.repo.git("checkout", "--quiet", commits[1], "--", "app/en")
            self.repo.commit(message="Not a good idea")

    def add(self) -> None:
        self.repo.commit({f"app/en/n{next(self.number)}.json": self.texts()})

    def delete(self) -> None:
        if len(self.sources()) > 1:
            self.chance.choice(self.sources()).unlink()
            self.repo.commit(message="Gone")

    def rename(self) -> None:
        path = self.chance.choice(self.sources())
        path.rename(path.with_name(f"n{next(self.number)}.json"))
        self.repo.commit(message="Another name")

    def another_rule(self) -> None:
        """Give all files other fileUris; a living branch would keep the old rule."""
        if self.branch == "main" and self.chance.random() < 0.3:
            self.rule = next(rule for rule in RULES if rule != self.rule)
            self.repo.commit(self.manifest())

    def sparse(self) -> None:
        """Leave a part of the sources out of the work tree: what is sent stays the same."""
        name = self.chance.choice(self.sources()).name
        self.repo.git("sparse-checkout", "set", "--no-cone", "/*", f"!/app/en/{name}")

    def locale(self) -> None:
        self.locales = self.chance.choice([["de-DE"], ["de-DE", "fr-FR"]])
        if self.repo.read(".l10n.yml").decode() != self.manifest()[".l10n.yml"]:
            self.repo.commit(self.manifest())

    def switch(self) -> None:
        self.sources()
        if self.branch == "main":
            self.repo.git("switch", "--quiet", "--create", f"idea{next(self.number)}")
            return
        branch = self.branch
        self.repo.git("switch", "--quiet", "main")
        if self.chance.random() < 0.5:
            self.repo.git("merge", "--quiet", "--squash", branch)
            self.repo.commit(message="Squashed")
        manifest = self.repo.read(".l10n.yml").decode()
        self.locales = [locale for locale in ("de-DE", "fr-FR") if locale in manifest]
        self.rule = next(rule for rule in RULES if f'"{rule}"' in manifest)

    def push(self) -> None:
        self.pushed("--no-authorize")

    def authorize(self) -> None:
        self.pushed("--authorize")

    def translate(self) -> None:
        self.runner.translate(authorize=False)
        for file in self.runner.control.view(self.runner.ident)["files"].values():
            self.translated |= translated(file)

    def lose_the_cache(self) -> None:
        forget(self.repo)

    def pushed(self, *flags: str) -> str:
        """Push, and see that what translators are given is what this commit asks for, and new to them."""
        self.runner.control.advance(1)
        before = self.authorized()
        done = self.runner.run(self.repo, "push", "--accept-shrink", "--accept-superseded", *flags)
        given = self.authorized() - before
        assert "--authorize" in flags or not given, self.told
        assert not given & self.paid, self.told
        self.paid |= given
        strings = self.held({hashcode for hashcode, _locale in given})
        ours = {self.uri(path) for path in self.sources()}
        for hashcode, locale in given:
            assert locale in self.locales, self.told
            assert ours & strings.get(hashcode, set()), self.told
        self.check_translations()
        return done.out

    def check_translations(self) -> None:
        """See that no translation goes back: each of our strings that ever had one has it, where it is."""
        files = self.runner.control.view(self.runner.ident)["files"]
        for path in self.sources():
            if file := files.get(self.uri(path)):
                texts = set(json.loads(path.read_bytes()).values()) & {
                    text for _key, _plural, text in file["strings"]
                }
                had = {(text, locale) for text, locale in self.translated if text in texts}
                assert had <= translated(file), (path, self.told)

    # what the service says

    def authorized(self) -> set[Pair]:
        """Return what is in jobs that are authorized; one that waits again is told by its strings."""
        found: set[Pair] = set()
        for job in self.rest.send("GET", self.rest.jobs(), limit=500).data["items"]:
            address = self.rest.jobs(f"/{job['translationJobUid']}/strings")
            held = {
                (each["hashcode"], each["targetLocaleId"])
                for each in self.rest.send("GET", address).data["items"]
            }
            if job["jobStatus"] in {"IN_PROGRESS", "COMPLETED"}:
                found |= held
            else:
                found |= held & self.paid
        return found

    def held(self, hashcodes: set[str]) -> dict[str, set[str]]:
        """Return which files hold each of some strings."""
        path = "/strings-api/v2/projects/{project}/source-strings"
        items = self.rest.send("POST", path, body={"hashcodes": sorted(hashcodes)}).data["items"]
        return {each["hashcode"]: {key["fileUri"] for key in each["keys"]} for each in items}

    def check(self) -> None:
        """See that everything is asked for in the end, and that twice is once, with the cache and without."""
        self.authorize()
        files = self.runner.control.view(self.runner.ident)["files"]
        if self.branch == "main":
            for path in self.sources():
                strings = files[self.uri(path)]["locales"]
                for locale in self.locales:
                    states = {state for _key, state, _text in strings[locale]}
                    assert "new" not in states, (path, self.told)
                    assert len(strings[locale]) == len(json.loads(path.read_bytes())), (path, self.told)
        assert self.pushed("--authorize").startswith("No changes"), self.told
        forget(self.repo)
        assert self.pushed("--authorize").startswith("No changes"), self.told


def translated(file: dict[str, Any]) -> set[Pair]:
    """Return the texts of a file on the TMS that are translated, with the locale."""
    texts = {key: text for key, _plural, text in file["strings"]}
    rows = (
        (locale, key, text) for locale, strings in file["locales"].items() for key, _state, text in strings
    )
    return {(texts[key], locale) for locale, key, text in rows if text is not None}


STEPS = ("edit", "edit", "revert", "add", "delete", "rename", "another_rule", "locale", "switch", "sparse",
         "push", "push", "authorize", "translate", "lose_the_cache")  # fmt: skip


def live(server: SandboxServer, root: Path, number: int, steps: int) -> None:
    """Let so many things happen, which seed NUMBER decides."""
    life = Life(server, root, Random(number))
    for _ in range(steps):
        name = life.chance.choice(STEPS)
        life.told.append(name)
        getattr(life, name)()
    life.check()


@pytest.mark.parametrize("number", range(2))
def test_any_sequence_authorizes_what_is_asked_for(
    sandbox_server: SandboxServer, tmp_path: Path, number: int
) -> None:
    """A part of the sweep."""
    live(sandbox_server, tmp_path / "repo", number, 10)


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(20))
def test_any_long_sequence_authorizes_what_is_asked_for(
    sandbox_server: SandboxServer, tmp_path: Path, batch: int
) -> None:
    """As many sequences of thirty steps as SEQUENCES says."""
    for number in range(batch, SEQUENCES, 20):
        live(sandbox_server, tmp_path / str(number), 100 + number, 30)
