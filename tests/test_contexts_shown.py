"""Pictures and pages of several repositories and projects, what they cover, and the recipe of the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from selenium.webdriver import Chrome

from l10nsync.sandbox.testing import SandboxServer
from tests.browser import chrome
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_contexts import SOURCE, begin, listed, page, pushed, put, shown, statuses
from tests.test_smartmate import MANIFEST as ON_SMARTMATE
from tests.test_smartmate import SMARTLING

__all__ = ["chrome"]
ROOT = Path(__file__).parent.parent


def test_status_tells_the_share_of_strings_that_are_shown(in_process: InProcess, repo: Repo) -> None:
    """On demand, for one request a file; a string with two pictures counts once."""
    begin(in_process, repo)
    put(repo, home__html=page("Save", "Open"), cart__html=page("Save"))
    pushed(in_process, repo)
    assert "Context" not in in_process.run(repo, "status").out

    mark = in_process.mark()
    line = "Context: 2 of 3 strings (66 %) have a picture or page"
    assert line in in_process.run(repo, "status", "--context").out
    assert in_process.requests_since(mark).count("getBindings") == 1
    data = json.loads(in_process.run(repo, "status", "--context", "--format", "json").out)
    assert data["context"] == {"shown": 2, "strings": 3}
    assert [row["shownStrings"] for row in data["files"]] == [2]
    assert line in in_process.run(repo, "status", "--context", "--format", "markdown").out
    assert json.loads(in_process.run(repo, "status", "--format", "json").out)["context"] is None


def test_repositories_of_one_name_keep_to_their_own(in_process: InProcess, tmp_path: Path) -> None:
    """Their owners tell them apart: neither lists what the other has sent, or deletes it."""
    repos = [Repo(tmp_path / owner / "app") for owner in ("acme", "other")]
    for repo in repos:
        repo.git("remote", "add", "origin", f"git@github.example:{repo.root.parent.name}/app.git")
        begin(in_process, repo, push=repo is repos[0])
        put(repo, **{f"{repo.root.parent.name}__html": page("Save", repo.root.parent.name)})
        pushed(in_process, repo)
    assert [row["path"] for row in listed(in_process, repos[1])] == ["e2e/out/other.html"]

    (repos[1].root / "e2e/out/other.html").unlink()
    put(repos[1], new__html=page("Open"))
    in_process.run(repos[1], "context", "prune")
    in_process.run(repos[1], "context", "prune", "--apply")
    assert [row["path"] for row in listed(in_process, repos[0])] == ["e2e/out/acme.html"]


def test_of_two_projects_one_may_take_no_pictures(sandbox_server: SandboxServer, repo: Repo) -> None:
    """What shows strings of both is sent to Smartling, and SmartMATE is asked for nothing of it."""
    runner = Runner(sandbox_server)
    runner.project()
    runner.environ = {"SMARTMATE_USERNAME": runner.control.account()}
    head, _, tail = ON_SMARTMATE.partition("resources:\n")
    apps, _, app = SMARTLING.partition("resources:\n")
    manifest = head + apps + "resources:\n" + tail + app + "context: [{files: 'e2e/out/*.html'}]\n"
    sources = {"app/en/a.json": SOURCE, "src/en/f.json": '{"key": "Only here"}'}
    repo.commit({".l10n.yml": manifest, ".gitignore": "e2e/\n", **sources})
    runner.run(repo, "push")
    put(repo, both__html=page("Save", "Only here"))

    (row,) = pushed(runner, repo)["contexts"]
    assert (row["status"], row["bound"]) == ("sent", 1)
    data = json.loads(runner.run(repo, "status", "--context", "--format", "json").out)
    assert data["context"] == {"shown": 1, "strings": 3}
    assert {row["source"]: row["shownStrings"] for row in data["files"]} == {
        "app/en/a.json": 1,
        "src/en/f.json": None,
    }


SHOWN = """<!doctype html><title>Shop</title><style>body {margin: 0} p {height: 30px; margin: 10px}</style>
<p data-i18n="save">Save</p><p data-i18n="menu.close">Close the file</p><p>Something else</p>
"""


CYPRESS = """
const files = {};
const cy = {
  visit() {},
  document() { return { then(use) { use(document); } }; },
  writeFile(path, content) { files[path] = content; },
};
const it = (name, run) => run();
"""
"""As much of Cypress as its recipe calls, in the page that a browser shows."""


def documented(pattern: str) -> str:
    """Return the part of the page about context that PATTERN captures."""
    found = re.search(pattern, (ROOT / "docs" / "context.md").read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def show(chrome: Chrome, folder: Path) -> None:
    """Let the browser show the shop's page."""
    page = folder / "shop.html"
    page.write_text(SHOWN, "utf-8")
    chrome.get(page.as_uri())


def test_the_recipe_for_cypress_keeps_pages_that_show_their_strings(
    in_process: InProcess, repo: Repo, chrome: Chrome, tmp_path: Path
) -> None:
    """What it writes in a real browser is taken as a page, and the strings on it are bound."""
    recipe = documented(r"```js\n// cypress/e2e/context\.cy\.js\n(.*?)```")
    begin(in_process, repo)
    show(chrome, tmp_path)
    pages = chrome.execute_script(f"{CYPRESS}\n{recipe}\nreturn files")
    assert pages.keys() == {"e2e/out/home.html", "e2e/out/cart.html"}
    (repo.root / "e2e/out").mkdir(parents=True)
    (repo.root / "e2e/out/home.html").write_text(pages["e2e/out/home.html"], "utf-8")

    assert statuses(pushed(in_process, repo)) == {"e2e/out/home.html": "sent"}
    assert shown(in_process).keys() == {"Save", "Close the file"}


def test_the_recipe_of_the_documentation_names_what_a_browser_shows(
    in_process: InProcess, repo: Repo, chrome: Chrome, tmp_path: Path
) -> None:
    """A real browser's picture and the boxes of its texts are bound to exactly those strings."""
    recipe = documented(r"<!-- recipe: boxes -->\n```js\n.*?module\.exports = (.*?);\n```")
    begin(in_process, repo)
    show(chrome, tmp_path)
    boxes = chrome.execute_script(f"return ({recipe})()")
    put(repo, shop__png=chrome.get_screenshot_as_png(), shop__json=json.dumps(boxes))
    put(repo, page__html=chrome.page_source)

    assert statuses(pushed(in_process, repo)) == {"e2e/out/page.html": "sent", "e2e/out/shop.png": "sent"}

    bound = shown(in_process)
    assert bound.keys() == {"Save", "Close the file"}
    assert bound["Close the file"]["coordinates"]["height"] == 30
    assert bound["Save"]["coordinates"]["left"] == 10
