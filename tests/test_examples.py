"""Every example repository makes the whole round trip, by the real command line against the real sandbox."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from l10nsync import layout, manifest
from l10nsync.app.init import InitRequest, prepare_init
from l10nsync.cli import cli, console
from l10nsync.cli.commands import demo
from l10nsync.errors import L10nSyncError, TemporaryError
from l10nsync.layout import TrackedTree
from l10nsync.render.paint import plain
from l10nsync.sandbox.testing import SandboxServer
from l10nsync.workspace import Workspace
from tests.repositories import Repo
from tests.runner import Runner

EXAMPLES = Path(__file__).parents[1] / "examples"
UPLOAD = "uploadFileToJobBatchV2"
WRITING = {UPLOAD, "addJob", "createJobBatchV2", "authorizeJob", "processBatchActionV2"}


@dataclass(frozen=True)
class Example:
    """An example repository and what a round trip makes of it."""

    name: str
    locales: tuple[str, ...]
    sent: frozenset[str]
    """FileUris."""
    written: frozenset[str]
    """Targets, from the git root."""
    left_out: frozenset[str] = field(default=frozenset())
    """Sources that are not sent: nothing is in them to translate."""
    folder: str = ""
    """Folder of the manifest, where the example has more than one."""
    as_generated: bool = False
    """Whether it is what its ecosystem's generator makes, so that `init` has to find the whole manifest."""
    downloads_again: int = 0
    """Files that are their own translations: a pull has changed them, so the next one looks at them again."""

    def __str__(self) -> str:
        return f"{self.name}-{self.folder.replace('/', '-')}" if self.folder else self.name


def _each(pattern: str, *values: str) -> frozenset[str]:
    return frozenset(pattern.replace("@", value) for value in values)


_SHOP = "apps/shop/locales"
_WEB = (
    *_each(f"{_SHOP}/@/common.json", "de", "fr", "es-ES", "es-MX"),
    *_each(f"{_SHOP}/@/checkout/payment.json", "de", "fr", "es-ES", "es-MX"),
    *_each(f"{_SHOP}/@/checkout/steps/delivery.json", "de", "fr", "es-ES", "es-MX"),
    *_each("apps/admin/locales/@/common.json", "de", "fr", "es-ES", "es-MX"),
)
_RES = "src/main/res"
_JAVA = "src/main/resources"
_STORE = "fastlane/metadata"
_STORE_TEXTS = ("name", "subtitle", "keywords", "description", "release_notes")
_PLAY_TEXTS = ("title", "short_description", "full_description", "changelogs/42")

ALL = (
    Example(
        "web-i18next",
        ("de-DE", "fr-FR", "es-ES"),
        _each(f"{_SHOP}/en/@.json", "common", "checkout/payment", "checkout/steps/delivery")
        | {"apps/admin/locales/en/common.json"},
        frozenset(_WEB),
        frozenset({"apps/admin/locales/en/flags.json"}),
    ),
    Example(
        "android",
        ("de-DE", "fr-FR", "pt-BR"),
        _each(f"app/{_RES}/values/@.xml", "strings", "strings_settings")
        | {f"compass/{_RES}/values/strings.xml"},
        _each(f"app/{_RES}/values-@/strings.xml", "de", "fr-rFR", "pt-rBR")
        | _each(f"app/{_RES}/values-@/strings_settings.xml", "de", "fr-rFR", "pt-rBR")
        | _each(f"compass/{_RES}/values-@/strings.xml", "de", "fr-rFR", "pt-rBR"),
    ),
    Example(
        "ios",
        ("de-DE", "ja-JP"),
        _each("Kettle/@.strings", "en.lproj/InfoPlist", "en.lproj/Localizable", "Brewing/en.lproj/Brewing"),
        _each("Kettle/@.lproj/Localizable.strings", "de", "ja")
        | _each("Kettle/Brewing/@.lproj/Brewing.strings", "de", "ja"),
        frozenset({"Kettle/Brewing/en.lproj/Notes.strings"}),
    ),
    Example(
        "rails",
        ("de-DE", "fr-FR"),
        _each("config/locales/@.yml", "en", "mailers/en"),
        _each("config/locales/@.yml", "de", "mailers/de", "fr", "mailers/fr"),
    ),
    Example(
        "java",
        ("de-DE", "pt-BR"),
        _each(f"{_JAVA}/@.properties", "messages", "org/ferry/tickets"),
        _each(f"{_JAVA}/messages_@.properties", "de_DE", "pt_BR")
        | _each(f"{_JAVA}/org/ferry/tickets_@.properties", "de_DE", "pt_BR"),
    ),
    Example(
        "gettext",
        ("de-DE", "cs-CZ"),
        frozenset({"po/skylark.pot"}),
        _each("locale/@/LC_MESSAGES/skylark.po", "de_DE", "cs"),
    ),
    Example(
        "docs-markdown",
        ("de-DE", "fr-FR"),
        _each("main/docs/@.md", "install", "reading"),
        _each("i18n/@/docs/install.md", "de", "fr") | _each("i18n/@/docs/reading.md", "de", "fr"),
        frozenset({"docs/draft.md"}),
    ),
    Example(
        "monorepo",
        ("de-DE", "zh-CN"),
        frozenset({"website/i18n/en.json", f"mobile/{_RES}/values/strings.xml"}),
        _each("website/i18n/@.json", "de", "zh-Hans")
        | _each(f"mobile/{_RES}/values-@/strings.xml", "de-rDE", "zh-rCN"),
    ),
    Example(
        "monorepo",
        ("fr-FR", "nl-NL"),
        frozenset({"services/billing/texts/invoice.yml"}),
        _each("services/billing/texts/invoice.@.yml", "fr", "nl"),
        folder="services/billing",
    ),
    Example(
        "chrome-extension",
        ("de-DE", "pt-BR"),
        frozenset({"_locales/en/messages.json"}),
        _each("_locales/@/messages.json", "de", "pt_BR"),
        as_generated=True,
    ),
    Example(
        "django",
        ("de-DE", "pt-BR"),
        _each("locale/en/LC_MESSAGES/@.po", "django", "djangojs"),
        _each("locale/de/LC_MESSAGES/@.po", "django", "djangojs")
        | _each("locale/pt_BR/LC_MESSAGES/@.po", "django", "djangojs"),
        as_generated=True,
    ),
    Example(
        "dotnet",
        ("de-DE", "fr-CA"),
        _each("Resources/@.resx", "SharedResource", "Pages/IndexModel"),
        _each("Resources/SharedResource.@.resx", "de", "fr-CA")
        | _each("Resources/Pages/IndexModel.@.resx", "de", "fr-CA"),
        as_generated=True,
    ),
    Example(
        "fastlane",
        ("de-DE", "fr-FR"),
        _each(f"{_STORE}/en-US/@.txt", *_STORE_TEXTS) | _each(f"{_STORE}/android/en-US/@.txt", *_PLAY_TEXTS),
        _each(f"{_STORE}/de-DE/@.txt", *_STORE_TEXTS)
        | _each(f"{_STORE}/fr-FR/@.txt", *_STORE_TEXTS)
        | _each(f"{_STORE}/android/de-DE/@.txt", *_PLAY_TEXTS)
        | _each(f"{_STORE}/android/fr-FR/@.txt", *_PLAY_TEXTS),
        frozenset({f"{_STORE}/en-US/promotional_text.txt"}),
        as_generated=True,
    ),
    Example(
        "flutter",
        ("de-DE", "ja-JP"),
        frozenset({"lib/l10n/app_en.arb"}),
        _each("lib/l10n/app_@.arb", "de", "ja"),
        as_generated=True,
    ),
    Example(
        "laravel",
        ("de-DE", "fr-FR"),
        _each("lang/@", "en.json", "en/auth.php", "en/pagination.php", "en/validation.php"),
        _each("lang/@", "de.json", "de/auth.php", "de/pagination.php", "de/validation.php")
        | _each("lang/@", "fr.json", "fr/auth.php", "fr/pagination.php", "fr/validation.php"),
        as_generated=True,
    ),
    Example(
        "mdx-site",
        ("de-DE", "fr-FR"),
        _each("docs/@.mdx", "intro", "tours/snow")
        | _each("i18n/en/@.json", "code", "docusaurus-theme-classic/navbar"),
        _each("i18n/@/docusaurus-plugin-content-docs/current/intro.mdx", "de", "fr")
        | _each("i18n/@/docusaurus-plugin-content-docs/current/tours/snow.mdx", "de", "fr")
        | _each("i18n/@/code.json", "de", "fr")
        | _each("i18n/@/docusaurus-theme-classic/navbar.json", "de", "fr"),
        as_generated=True,
    ),
    Example(
        "qt",
        ("de-DE", "pl-PL"),
        frozenset({"translations/kite_en.ts"}),
        _each("translations/kite_@.ts", "de", "pl"),
        as_generated=True,
    ),
    Example(
        "react-formatjs",
        ("de-DE", "es-ES"),
        frozenset({"lang/en.json"}),
        _each("lang/@.json", "de", "es"),
        as_generated=True,
    ),
    Example(
        "string-catalogs",
        ("de-DE", "ja-JP"),
        _each("Tern/@.xcstrings", "InfoPlist", "Localizable"),
        _each("Tern/@.xcstrings", "InfoPlist", "Localizable"),
        downloads_again=2,
        as_generated=True,
    ),
)

every_example = pytest.mark.parametrize("example", ALL, ids=str)


@dataclass
class Stage:
    """A copy of an example in a repository of its own, with a fresh project of the sandbox."""

    repo: Repo
    runner: Runner
    example: Example
    mark: int = 0

    def run(self, *argv: str, code: int = 0) -> dict[str, Any]:
        """Run a command in this process and return its JSON; notes where its requests begin."""
        self.mark = self.runner.mark()
        folder = self.repo.root / self.example.folder
        before, out, err = signal.getsignal(signal.SIGTERM), io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(os, "environ", self.runner.environment())
            ended = console.run(cli, ["-C", str(folder), *argv, "--format", "json"])
        signal.signal(signal.SIGTERM, before)
        assert ended == code, err.getvalue()
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    def requests(self) -> Counter[str]:
        """Return how often the last run asked for each operation."""
        return Counter(self.runner.requests_since(self.mark))

    def status(self) -> frozenset[str]:
        """Return the files that git sees as new or changed."""
        lines = self.repo.git("status", "--porcelain", "-z", "--untracked-files=all").split("\0")
        return frozenset(line[3:] for line in lines if line)

    def forget(self) -> None:
        """Delete the cache."""
        shutil.rmtree(self.repo.root / ".git" / "l10nsync")

    def view(self) -> dict[str, Any]:
        """Return what the sandbox holds."""
        return self.runner.control.view(self.runner.ident)


def stage_of(example: Example, runner: Runner, folder: Path) -> Stage:
    """Copy EXAMPLE into a repository with one commit, and make a project with its locales."""
    shutil.copytree(EXAMPLES / example.name, folder)
    repo = Repo(folder)
    repo.commit(message="Begin")
    runner.project(example.locales)
    return Stage(repo, runner, example)


@pytest.fixture
def stage(example: Example, runner: Runner, tmp_path: Path) -> Stage:
    """Give the example of this test on a stage of its own."""
    return stage_of(example, runner, tmp_path / "repo")


def done(report: dict[str, Any]) -> list[str]:
    """Return the results of a report that came about."""
    return [each["change"].get("target") or each["change"]["fileUri"] for each in report["results"]]


def nothing_happens(stage: Stage, command: str) -> Counter[str]:
    """Run COMMAND, see that it neither sends nor writes anything, and return what it asked."""
    report = stage.run(command)
    requests = stage.requests()
    assert report["results"] == []
    assert report["jobs"] == []
    assert not requests.keys() & WRITING
    assert stage.status() == frozenset()
    return requests


@every_example
def test_an_example_makes_the_whole_round_trip(stage: Stage) -> None:
    """Check, push, translate, pull, commit; then nothing is left to do, with the cache and without it."""
    example = stage.example
    checked = stage.run("check")
    assert checked["diagnostics"] == []
    assert checked["sources"] == len(example.sent) + len(example.left_out)
    assert stage.requests().total() == 0

    pushed = stage.run("push", "--authorize")
    requests = stage.requests()
    assert set(done(pushed)) == example.sent
    assert [(job["created"], job["authorized"]) for job in pushed["jobs"]] == [(True, True)]
    assert requests[UPLOAD] == len(example.sent)
    assert [requests[name] for name in ("addJob", "createJobBatchV2", "authorizeJob")] == [1, 1, 1]
    assert set(stage.view()["files"]) == example.sent
    assert stage.view()["openBatches"] == []
    # Fixed: project, list, open jobs, search, job, batch, two looks, read back, authorize, its state.
    assert requests.total() <= 12 + len(example.sent)

    stage.runner.translate()
    stage.runner.control.advance(3)  # what is published this very second is asked for twice
    pulled = stage.run("pull")
    assert set(done(pulled)) == example.written
    assert stage.status() == example.written
    assert stage.requests().total() <= 4
    stage.repo.commit(message="Add translations")

    nothing_happens(stage, "push")  # the job is no longer open, and this is asked once
    assert nothing_happens(stage, "push").total() <= 3
    assert nothing_happens(stage, "pull").total() == 1 + bool(example.left_out) + example.downloads_again
    stage.forget()
    assert nothing_happens(stage, "push").total() <= 4 + 3 * len(example.sent)
    stage.forget()
    assert nothing_happens(stage, "pull").total() <= 4

    if stage.example.as_generated:
        assert found_by_init(stage) == as_committed(stage)


Meaning = dict[str, tuple[str, dict[str, str], dict[str, str]]]
"""Source to its type, its directives, and locale to target."""


def meant(text: str, stage: Stage) -> Meaning:
    """Return what the text of a manifest means for the files of a repository."""
    tracked = Workspace.open(stage.repo.root).tracked()
    environ = {"SMARTLING_PROJECT_ID": "p1"}
    loaded = manifest.load(text.encode(), file=manifest.NAME, folder=stage.example.folder, environ=environ)
    laid = layout.lay_out(loaded, TrackedTree(sorted(tracked.files), tracked.specials, branch="main"))
    return {
        source.path: (
            source.file_type,
            dict(source.directives),
            {target.locale: target.path for target in source.targets},
        )
        for source in laid.sources
    }


def as_committed(stage: Stage) -> Meaning:
    """Return what the example's own manifest means."""
    return meant((stage.repo.root / stage.example.folder / manifest.NAME).read_text("utf-8"), stage)


def found_by_init(stage: Stage) -> Meaning:
    """Return what `init` makes of sources and translations, as a manifest of its own."""
    return meant(prepare_init(InitRequest(stage.repo.root / stage.example.folder, force=True)).text, stage)


def test_without_authorization_a_pull_finds_nothing(runner: Runner, tmp_path: Path) -> None:
    """Content that waits for authorization is on the TMS, but no translation of it is written."""
    stage = stage_of(ALL[0], runner, tmp_path / "repo")
    pushed = stage.run("push", "--no-authorize")
    assert [job["authorized"] for job in pushed["jobs"]] == [False]
    assert stage.requests()["authorizeJob"] == 0
    assert {job["status"] for job in stage.view()["jobs"]} == {"AWAITING_AUTHORIZATION"}

    assert stage.runner.translate(authorize=False) == 0
    nothing_happens(stage, "pull")


def test_translations_come_although_only_a_manager_authorized(runner: Runner, tmp_path: Path) -> None:
    """A job that somebody else authorizes later is pulled like any other."""
    stage = stage_of(ALL[0], runner, tmp_path / "repo")
    stage.run("push", "--no-authorize")
    assert stage.runner.translate() > 0
    assert set(done(stage.run("pull"))) == stage.example.written


def test_a_dirty_target_is_pulled_twice(own_sandbox: SandboxServer, tmp_path: Path) -> None:
    """What the last pull wrote may be written again; what somebody edited since may not."""
    runner = Runner(own_sandbox)
    stage = stage_of(ALL[0], runner, tmp_path / "repo")
    stage.run("push", "--authorize")
    runner.translate()
    stage.run("pull")
    target = "apps/admin/locales/de/common.json"

    runner.control.advance(3)  # publish dates have whole seconds
    runner.translate({"de-DE": 100}, how={"texts": {"Sign out": "Abmelden"}}, again=True)
    again = stage.run("pull")
    assert target in done(again)
    assert json.loads(stage.repo.read(target))["signOut"] == "Abmelden"

    edited = stage.repo.read(target).replace(b"Abmelden", b"Tsch\xc3\xbcss")
    stage.repo.write({target: edited})
    runner.control.advance(3)
    runner.translate({"de-DE": 100}, how={"texts": {"Sign out": "Ausloggen"}}, again=True)
    refused = stage.run("pull", code=8)
    assert target not in done(refused)
    assert stage.repo.read(target) == edited


def test_a_fresh_clone_has_nothing_to_do(runner: Runner, tmp_path: Path) -> None:
    """Somebody else's clone of what was pushed, pulled and committed needs neither."""
    stage = stage_of(ALL[0], runner, tmp_path / "repo")
    stage.run("push", "--authorize")
    runner.translate()
    stage.run("pull")
    stage.repo.commit(message="Add translations")

    stage.repo.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Stage(Repo(tmp_path / "clone"), runner, stage.example)
    nothing_happens(clone, "push")
    nothing_happens(clone, "pull")


def test_a_branch_sends_only_its_own_pages(runner: Runner, tmp_path: Path) -> None:
    """With `{branch}` in the fileUri a branch sends what differs from main, in the shared namespace."""
    stage = stage_of(next(each for each in ALL if each.name == "docs-markdown"), runner, tmp_path / "repo")
    stage.run("push", "--authorize")
    stage.repo.git("checkout", "--quiet", "-b", "docs/snow")
    page = stage.repo.read("docs/reading.md") + b"\nA star means snow.\n"
    stage.repo.commit({"docs/reading.md": page})

    assert done(stage.run("push")) == ["docs/snow/docs/reading.md"]
    files = stage.view()["files"]
    assert files["docs/snow/docs/reading.md"]["namespace"] == files["main/docs/reading.md"]["namespace"]
    nothing_happens(stage, "push")


def test_the_examples_read_as_their_readme_says() -> None:
    """Every example folder is played here and has a short README."""
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()} - {"workflows"}
    assert folders == {example.name for example in ALL}
    for folder in folders:
        lines = (EXAMPLES / folder / "README.md").read_text("utf-8").split("\n")
        assert lines[0] == f"# {folder}"
        assert 5 <= len(lines) <= 25


def test_the_demo_shows_the_round_trip(runner: Runner, tmp_path: Path) -> None:
    """`l10nsync demo` runs its own sandbox, ends well, and leaves translations to look at."""
    runner.environ |= {
        "GITHUB_ACTIONS": "true",
        "GITHUB_HEAD_REF": "somebody/elses",
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "SMARTLING_PROJECT_ID": "somebody-elses",
    }
    first = runner.run(tmp_path, "demo", "--color", "never")
    assert 'Job "web-i18next main"' in first.out
    for typed in ("check", "plan", "push", "sandbox translate", "status", "pull"):
        assert f"$ l10nsync {typed}\n" in first.out
    assert first.out.count("No changes") == 2
    assert (tmp_path / ".demo/web-i18next/apps/shop/locales/es-MX/common.json").is_file()


def test_a_step_of_the_demo_that_differs_is_an_error(tmp_path: Path) -> None:
    """A command that ends well but says something else than promised ends the demo."""
    step = demo.DemoStep("git --version", "subversion", "")
    with pytest.raises(L10nSyncError, match="`git --version` ended with exit code 0"):
        demo.play(step, tmp_path, os.environ, plain)
    with pytest.raises(L10nSyncError, match="exit code 129"):
        demo.play(demo.DemoStep("git --no-such-option", "", ""), tmp_path, os.environ, plain)


def test_a_step_of_the_demo_that_never_ends_is_no_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine that is too busy the demo says so, and that it may be run again."""
    monkeypatch.setattr(demo, "_PATIENCE", 0.05)
    with pytest.raises(TemporaryError, match=r"longer than 0\.05 s"):
        demo.run((sys.executable, "-c", "import time; time.sleep(9)"), tmp_path, os.environ)


def test_the_demo_begins_afresh(tmp_path: Path) -> None:
    """What an earlier demo left is replaced by the example as it is in the checkout."""
    repository = demo.prepare(tmp_path / ".demo", demo.example())
    (repository / "left-over.txt").touch()
    again = demo.prepare(tmp_path / ".demo", demo.example())
    assert again == repository
    assert not (repository / "left-over.txt").exists()


def test_the_demo_keeps_a_folder_that_it_did_not_make(runner: Runner, tmp_path: Path) -> None:
    """A folder with somebody's files is refused, and nothing in it is touched."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "novel.txt").write_text("Chapter one", "utf-8")
    refused = runner.run(tmp_path, "demo", "--into", "mine", code=2)
    assert "was not made by the demo" in refused.err
    assert (tmp_path / "mine" / "novel.txt").read_text("utf-8") == "Chapter one"
