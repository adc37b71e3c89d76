"""Two repositories share two projects, in clones of every kind: nobody pays twice, or touches the other's.

Sources are renamed, rules change, locales come and go; what is translated stays translated.
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
from tests.test_job_sequences import Pair, translated
from tests.test_push_pull import forget

String = tuple[str, str, str]
"""Project, hashcode and locale."""
FOLDERS = ("app", "docs")
SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
"""How many long sequences a sweep plays; `make test-sweeps SEQUENCES=2000` plays enough for a release."""


class Site:
    """One repository with its remote: two resources, each in a project of its own."""

    def __init__(self, root: Path, projects: tuple[str, str]) -> None:
        self.repo, self.projects = Repo(root), projects
        self.locales = ["de-DE", "fr-FR"]
        self.prefix = ""
        """What the manifest puts before the branch in fileUris."""
        self.rule_changed = False
        remote = root.parent / f"{root.name}.git"
        self.repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
        self.repo.git("-C", str(remote), "config", "uploadpack.allowFilter", "true")
        self.repo.git("remote", "add", "origin", remote.as_uri())

    @property
    def name(self) -> str:
        return self.repo.root.name

    @property
    def branch(self) -> str:
        return self.repo.branch

    def manifest(self) -> dict[str, str]:
        names = ", ".join(f"{locale}: {locale[:2]}" for locale in self.locales)
        first, second = self.projects
        resources = "".join(
            f'  - {{name: {folder}, project: {folder}, source: "{folder}/en/*.json", optional: true,'
            f' target: "{folder}/{{locale}}/*.json", fileUri: "{{repo}}/{self.prefix}{{branch}}/{{path}}"}}\n'
            for folder in FOLDERS
        )
        return {
            ".l10n.yml": f"version: 1\nsourceLocale: en-US\nlocales: {{{names}}}\nprojects:\n"
            f"  app: {{id: {first}}}\n  docs: {{id: {second}}}\nresources:\n{resources}"
        }

    def sources(self) -> list[str]:
        """Return the paths of the sources that HEAD has: a sparse work tree may lack them."""
        paths = self.repo.git("ls-tree", "-r", "--name-only", "HEAD").split()
        return [path for path in paths if "/en/" in path]

    def read(self, path: str) -> dict[str, str]:
        return dict(json.loads(self.repo.git("show", f"HEAD:{path}")))

    def uri(self, path: str) -> str:
        return f"{self.name}/{self.prefix}{self.branch}/{path}"

    def publish(self) -> None:
        self.repo.git("push", "--quiet", "--force", "origin", "HEAD")


class Lives:
    """Both repositories; CHANCE decides what happens next."""

    def __init__(self, server: SandboxServer, folder: Path, chance: Random) -> None:
        self.runner, self.chance, self.folder = InProcess(server), chance, folder
        self.projects = (self.runner.project(), self.runner.project())
        self.number = count()
        self.paid: set[String] = set()
        self.translated: set[Pair] = set()
        """Text and locale; no text is written twice."""
        self.told: list[str] = []
        self.sites = [Site(folder / name, self.projects) for name in ("shop", "blog")]
        self.site = self.sites[0]
        for site in self.sites:
            made = {f"{name}/en/x.json": json.dumps(self.texts()) for name in FOLDERS}
            site.repo.commit({**site.manifest(), **made})
            site.publish()

    def texts(self) -> dict[str, str]:
        return {f"k{at}": f"Text number {next(self.number)}" for at in range(4)}

    # what happens

    def other_repository(self) -> None:
        self.site = next(site for site in self.sites if site is not self.site)

    def commit(self, files: dict[str, str], message: str = "change") -> None:
        self.whole()
        self.site.repo.commit(files, message)
        self.site.publish()

    def edit(self) -> None:
        if paths := self.site.sources():
            path = self.chance.choice(paths)
            texts = self.site.read(path) | {f"k{self.chance.randrange(6)}": f"Text {next(self.number)}"}
            self.commit({path: json.dumps(texts)})

    def revert(self) -> None:
        self.whole()
        commits = self.site.repo.git("log", "-2", "--format=%H", "--", *(f"{name}/en" for name in FOLDERS))
        if len(commits.split()) == 2:
            for name in FOLDERS:
                if self.site.repo.git("ls-tree", commits.split()[1], f"{name}/en"):
                    self.site.repo.git("checkout", "--quiet", commits.split()[1], "--", f"{name}/en")
            self.commit({}, "Not a good idea")

    def add(self) -> None:
        path = f"{self.chance.choice(FOLDERS)}/en/n{next(self.number)}.json"
        self.commit({path: json.dumps(self.texts())})

    def delete(self) -> None:
        paths = self.site.sources()
        if len(paths) > 2:
            self.whole()
            (self.site.repo.root / self.chance.choice(paths)).unlink()
            self.commit({}, "Gone")

    def rename(self) -> None:
        """Rename a source, and push: a shallow clone does not know what the default branch renamed."""
        self.whole()
        path = self.chance.choice(self.site.sources())
        self.site.repo.git("mv", path, f"{path.rpartition('/')[0]}/n{next(self.number)}.json")
        self.commit({}, "Another name")
        self.push()

    def another_rule(self) -> None:
        """Give all files other fileUris; a living branch would keep the old rule."""
        if self.site.branch == "main" and self.chance.random() < 0.2:
            self.site.prefix = "" if self.site.prefix else "v2/"
            self.site.rule_changed = True
            self.commit(self.site.manifest())

    def locale(self) -> None:
        self.site.locales = self.chance.choice([["de-DE"], ["de-DE", "fr-FR"]])
        if self.site.repo.git("show", "HEAD:.l10n.yml") != self.site.manifest()[".l10n.yml"]:
            self.commit(self.site.manifest())

    def switch(self) -> None:
        self.whole()
        repo, branch = self.site.repo, self.site.branch
        if branch == "main":
            repo.git("switch", "--quiet", "--create", f"idea{next(self.number)}")
            self.site.publish()
            return
        repo.git("switch", "--quiet", "main")
        if self.chance.random() < 0.5:
            repo.git("merge", "--quiet", "--squash", branch)
            repo.commit(message="Squashed")
            self.site.publish()
        manifest = repo.read(".l10n.yml").decode()
        self.site.locales = [locale for locale in ("de-DE", "fr-FR") if locale in manifest]
        self.site.prefix = "v2/" if "v2/" in manifest else ""

    def differ_in_case(self) -> None:
        """Another branch that is the same one on the TMS sends nothing."""
        self.whole()
        repo, branch = self.site.repo, self.site.branch
        before = self.contents("")
        repo.git("symbolic-ref", "HEAD", f"refs/heads/{branch.swapcase()}")
        repo.commit({f"app/en/{branch}.json": json.dumps(self.texts())})
        self.runner.run(repo, "push", code=8)
        repo.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        repo.git("branch", "--quiet", "-D", branch.swapcase())
        repo.git("reset", "--quiet", "--hard")
        assert self.contents("") == before, self.told

    def sparse(self) -> None:
        """Show a part in the work tree: what is sent stays the same."""
        self.site.repo.git("sparse-checkout", "set", "--no-cone", "/*", "!/docs/")

    def whole(self) -> None:
        if self.site.repo.git("config", "--default", "false", "core.sparseCheckout").strip() == "true":
            self.site.repo.git("sparse-checkout", "disable")

    def lose_the_cache(self) -> None:
        forget(self.site.repo)

    def translate(self) -> None:
        for project in self.projects:
            self.runner.control.translate(project, authorize=False)
            for file in self.runner.control.view(project)["files"].values():
                self.translated |= translated(file)

    def push(self) -> None:
        self.pushed(self.site.repo, "--no-authorize")

    def authorize(self) -> None:
        self.pushed(self.site.repo, "--authorize")

    def push_from_a_shallow_clone(self) -> None:
        """Push without history; it would not know what an earlier rule has called the files."""
        if self.site.rule_changed:
            return
        place = self.folder / f"clone{next(self.number)}" / self.site.name
        address = f"{self.site.repo.root.as_uri()}.git"
        branch = ("--branch", self.site.branch)
        self.site.repo.git("clone", "--quiet", "--depth=1", *branch, address, str(place))
        self.pushed(Repo(place), "--authorize")

    def pushed(self, repo: Repo, *flags: str) -> str:
        """Push; see that what starts is asked for and new, and that the other's content stays."""
        self.runner.control.advance(1)
        before, theirs = self.authorized(), self.contents(self.other.name)
        done = self.runner.run(repo, "push", "--accept-shrink", *flags)
        given = self.authorized() - before
        assert self.contents(self.other.name) == theirs, self.told
        assert "--authorize" in flags or not given, self.told
        assert not given & self.paid, self.told
        self.paid |= given
        ours = {self.site.uri(path) for path in self.site.sources()}
        for project, hashcode, locale in given:
            assert locale in self.site.locales, self.told
            assert ours & self.holders(project, hashcode), self.told
        self.check_translations()
        return done.out

    def check_translations(self) -> None:
        """See that no translation goes back: each of our strings that ever had one has it, where it is."""
        files = self.contents(self.site.name)
        for path in self.site.sources():
            if file := files.get(self.site.uri(path)):
                texts = set(self.site.read(path).values()) & {text for _key, _plural, text in file["strings"]}
                had = {(text, locale) for text, locale in self.translated if text in texts}
                assert had <= translated(file), (path, self.told)

    @property
    def other(self) -> Site:
        return next(site for site in self.sites if site is not self.site)

    # what the service says

    def contents(self, repository: str) -> dict[str, Any]:
        """Return what the projects have of one repository's files, or of all."""
        return {
            uri: {"strings": file["strings"], "locales": file["locales"]}
            for project in self.projects
            for uri, file in self.runner.control.view(project)["files"].items()
            if uri.startswith(repository)
        }

    def authorized(self) -> set[String]:
        """Return what is in jobs that are authorized; one that waits again is told by its strings."""
        found: set[String] = set()
        for project in self.projects:
            rest = RestClient(self.runner.server.url, project, self.runner.control)
            for job in rest.send("GET", rest.jobs(), limit=500).data["items"]:
                rows = rest.send("GET", rest.jobs(f"/{job['translationJobUid']}/strings")).data["items"]
                held = {(project, row["hashcode"], row["targetLocaleId"]) for row in rows}
                authorized = job["jobStatus"] in {"IN_PROGRESS", "COMPLETED"}
                found |= held if authorized else held & self.paid
        return found

    def holders(self, project: str, hashcode: str) -> set[str]:
        """Return which files hold a string."""
        rest = RestClient(self.runner.server.url, project, self.runner.control)
        path = "/strings-api/v2/projects/{project}/source-strings"
        items = rest.send("POST", path, body={"hashcodes": [hashcode]}).data["items"]
        return {key["fileUri"] for row in items for key in row["keys"]}

    def check(self) -> None:
        """See that twice is once in the end, with the cache, without it, and in a clone that has neither."""
        for site in self.sites:
            self.site = site
            self.authorize()
            assert self.pushed(self.site.repo, "--authorize").startswith("No changes"), self.told
            self.lose_the_cache()
            assert self.pushed(self.site.repo, "--authorize").startswith("No changes"), self.told


STEPS = ("edit", "edit", "edit", "revert", "add", "delete", "rename", "another_rule", "locale", "switch",
         "differ_in_case", "sparse", "push", "push", "authorize", "push_from_a_shallow_clone", "translate",
         "lose_the_cache", "other_repository", "other_repository")  # fmt: skip


def live(server: SandboxServer, folder: Path, number: int, steps: int) -> None:
    """Let so many things happen, which seed NUMBER decides."""
    lives = Lives(server, folder, Random(number))
    for _ in range(steps):
        name = lives.chance.choice(STEPS)
        lives.told.append(f"{lives.site.name}: {name}")
        getattr(lives, name)()
    lives.check()


def test_any_sequence_in_shared_projects_ends_well(sandbox_server: SandboxServer, tmp_path: Path) -> None:
    """A part of the sweep."""
    live(sandbox_server, tmp_path, 0, 12)


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(20))
def test_any_long_sequence_in_shared_projects_ends_well(
    sandbox_server: SandboxServer, tmp_path: Path, batch: int
) -> None:
    """As many sequences of thirty steps as SEQUENCES says."""
    for number in range(batch, SEQUENCES, 20):
        live(sandbox_server, tmp_path / str(number), 1000 + number, 30)
