"""What pages show of a terminal is what it shows: each console block is run, in a repository made for it.

The tutorial has a test of its own, where clicks belong to it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_questions import ask
from tests.test_tutorial import exchanges, fits

ROOT = Path(__file__).parents[1]
WEB = """version: 1
sourceLocale: en-US
locales: {%s}
resources:
  - {name: web, source: web/en/*.json, target: "web/{locale}/*.json", directives: {source_key_paths: "{*}"}}
"""
Prepare = Callable[[Repo, InProcess], None]


def blocks(page: str) -> list[str]:
    """Return the console blocks of a page."""
    text = (ROOT / page).read_text("utf-8")
    return re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def texts(count: int, begins: str = "Text") -> dict[str, str]:
    """Return COUNT strings of four words."""
    return {f"k{number}": f"{begins} number {number} here" for number in range(count)}


def written(*files: tuple[str, Mapping[str, str]]) -> dict[str, str]:
    """Return JSON files."""
    return {path: json.dumps(strings, indent=2) + "\n" for path, strings in files}


def example(repo: Repo, runner: InProcess) -> None:
    """Copy the repository that the README speaks of."""
    runner.ident = runner.control.project(["de-DE", "fr-FR", "es-ES"], "en-US")
    shutil.copytree(ROOT / "examples/web-i18next", repo.root, dirs_exist_ok=True)
    repo.commit()


def translations_here(repo: Repo, runner: InProcess) -> None:
    """Make a repository that has translations, and no manifest."""
    runner.ident = runner.control.project(["de-DE", "fr-FR", "ja-JP"], "en-US")
    names = ("en", "de", "fr", "ja")
    web = [
        (f"web/locales/{name}/{file}.json", texts(2, name))
        for name in names
        for file in ("cart", "home", "nav")
    ]
    strings = '<resources><string name="app">Shop</string></resources>\n'
    android = {
        f"app/src/main/res/{name}/strings.xml": strings for name in ("values", "values-de", "values-fr")
    }
    repo.commit(written(*web) | android)


def not_imported(repo: Repo, runner: InProcess) -> None:
    """Make a repository with translations that the TMS does not have."""
    german = texts(4, "Deutscher Text") | {"old": "Veraltet"}
    french = texts(2, "Texte") | {"k2": "Text number 2 here"}
    files = written(
        ("web/en/common.json", texts(4)), ("web/de/common.json", german), ("web/fr/common.json", french)
    )
    repo.commit({".l10n.yml": WEB % "de-DE: de, fr-FR: fr", **files})


def untranslated(repo: Repo, runner: InProcess) -> None:
    """Make a repository with two resources and no translation."""
    manifest = """version: 1
sourceLocale: en-US
locales: {de-DE: de}
resources:
  - {name: mails, source: config/locales/en.yml, target: "config/locales/{locale}.yml"}
  - {name: web, source: public/locales/en/*.json, target: "public/locales/{locale}/*.json"}
"""
    repo.commit(
        {
            ".l10n.yml": manifest,
            "config/locales/en.yml": "en:\n  hello: Hello\n",
            "public/locales/en/app.json": '{"a": "Hi"}\n',
        }
    )


def asked(repo: Repo, runner: InProcess) -> None:
    """Make a project in which a translator has asked about a string."""
    source = '{\n  "open": "Open",\n  "save": "Save"\n}\n'
    repo.commit({".l10n.yml": WEB % "de-DE: de", "web/en/nav.json": source})
    runner.run(repo, "push", "--authorize")
    ask(runner, "web/en/nav.json", "Save", "Verb or noun?")


def on_the_way(repo: Repo, runner: InProcess) -> None:
    """Make a project whose translations are on the way; one source has changed, and one is new."""
    runner.ident = runner.control.project(["de-DE", "fr-FR", "ja-JP"], "en-US")
    files = written(("web/en/checkout.json", texts(20)), ("web/en/common.json", texts(10, "Other")))
    repo.commit({".l10n.yml": WEB % "de-DE: de, fr-FR: fr, ja-JP: ja", **files})
    runner.run(repo, "push", "--authorize")
    runner.translate({"de-DE": 100, "fr-FR": 45, "ja-JP": 10})
    repo.commit(written(("web/en/common.json", texts(12, "Other")), ("web/en/new.json", texts(3, "New"))))


def job_on_the_way(repo: Repo, runner: InProcess) -> None:
    """Make a project with one open job."""
    runner.ident = runner.control.project(["de-DE", "ja-JP"], "en-US")
    repo.commit({".l10n.yml": WEB % "de-DE: de, ja-JP: ja", **written(("web/en/common.json", texts(20)))})
    runner.run(repo, "push", "--authorize")
    runner.translate({"de-DE": 100, "ja-JP": 45})


def not_done(repo: Repo, runner: InProcess) -> None:
    """Make a project that a gate keeps back, for two reasons."""
    runner.ident = runner.control.project(["de-DE", "ja-JP"], "en-US")
    gates = "gates: {release: {complete: {default: 90, ja-JP: 95}}}\n"
    repo.commit(
        {".l10n.yml": WEB % "de-DE: de, ja-JP: ja" + gates, **written(("web/en/app.json", texts(10)))}
    )
    runner.run(repo, "push", "--authorize")
    runner.translate({"de-DE": 100, "ja-JP": 80})
    runner.run(repo, "pull")
    repo.commit({"web/en/app.json": json.dumps(texts(10) | {"k0": "Changed text here"}, indent=2) + "\n"})


def broken(repo: Repo, runner: InProcess) -> None:
    """Make a repository with a translation that lost an argument."""
    source, german = '{\n  "hello": "Hello, {name}!"\n}\n', '{\n  "hello": "Hallo!"\n}\n'
    repo.commit({".l10n.yml": WEB % "de-DE: de", "web/en/app.json": source, "web/de/app.json": german})


def left_over(repo: Repo, runner: InProcess) -> None:
    """Make a project that still holds a file whose source is gone; one locale is done, one not begun."""
    runner.ident = runner.control.project(["de-DE", "fr-FR"], "en-US")
    nav = '{\n  "nav": {"close": "Close",\n    "save": "Save"}\n}\n'
    old = written(("web/en/old.json", texts(2)))
    repo.commit({".l10n.yml": WEB % "de-DE: de, fr-FR: fr", "web/en/app.json": nav, **old})
    runner.run(repo, "push", "--authorize")
    runner.translate({"de-DE": 100})
    repo.git("rm", "--quiet", "web/en/old.json")
    repo.commit()


SCENES: Mapping[str, tuple[Prepare | None, ...]] = {
    "README.md": (example, None, None),
    "docs/import.md": (not_imported,),
    "docs/init.md": (translations_here,),
    "docs/lookups.md": (left_over,),
    "docs/pseudo.md": (untranslated,),
    "docs/questions.md": (asked,),
    "docs/status.md": (on_the_way, job_on_the_way),
    "docs/verify.md": (not_done, broken),
}
"""For each block what its repository is; None: it goes on where the one before ended."""


@pytest.mark.parametrize("page", SCENES)
def test_a_page_shows_what_a_terminal_shows(page: str, in_process: InProcess, tmp_path: Path) -> None:
    """Line by line; `…` stands for any lines, or for the rest of one."""
    found = blocks(page)
    assert len(found) == len(SCENES[page])
    repo = Repo(tmp_path / "unused")
    for number, (block, prepare) in enumerate(zip(found, SCENES[page], strict=True)):
        if prepare is not None:
            name = "web-i18next" if prepare is example else "acme-app"
            repo = Repo(tmp_path / str(number) / name)
            prepare(repo, in_process)
        for command, *shown in exchanges(block):
            printed = typed(command, repo, in_process)
            said = [line for line in shown if line]
            assert fits(said, [line for line in printed if line]), (command, "\n".join(printed))


def test_the_page_of_the_sandbox_shows_what_it_prints(tmp_path: Path) -> None:
    """One command makes a whole round trip, and a sandbox that keeps running says how to reach it."""
    (round_trip,), (start, *shown) = (exchanges(block)[0] for block in blocks("docs/sandbox.md"))
    repo = Repo(tmp_path / "shop")
    repo.commit({".l10n.yml": WEB % "de-DE: de", "web/en/app.json": '{"a": "Hello"}'})
    here = {"HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    subprocess.run(["bash", "-c", round_trip], cwd=repo.root, env=here, check=True, capture_output=True)

    assert (repo.root / "web/de/app.json").is_file()
    argv = shlex.split(start)
    with subprocess.Popen(
        argv, cwd=repo.root, env=here, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline().rstrip("\n") for _line in range(8)]
        process.terminate()
    (port,) = set(re.findall(r"127\.0\.0\.1:(\d+)", "\n".join(printed)))
    assert fits(shown, [line.replace(port, "40123") for line in printed])


def typed(command: str, repo: Repo, runner: InProcess) -> list[str]:
    """Run a line of a block, and return what both outputs say, progress aside."""
    if not command.startswith("l10nsync "):
        return subprocess.check_output(command, shell=True, cwd=repo.root, text=True).splitlines()
    words = shlex.split(command)[1:]
    if words == ["pull"]:
        runner.translate()
    done = runner.run(repo, *words, code=None)
    progress = re.compile(r"done +\S+ \(\d+/\d+\)")
    return [*done.out.splitlines(), *(line for line in done.err.splitlines() if not progress.fullmatch(line))]


def test_every_console_block_is_run() -> None:
    """A page with such a block is played here, or in the tutorial's own test."""
    own = {"docs/tutorial.md", "docs/sandbox.md"}
    shown = {
        path.relative_to(ROOT).as_posix()
        for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
        if "```console" in path.read_text("utf-8")
    }
    assert shown == SCENES.keys() | own
