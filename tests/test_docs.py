"""The documentation is true where a test can say so: links, names of tests, manifests and exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from l10nsync import manifest
from l10nsync.cli.commands.explain import EXIT_CODES
from tests import site

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")])
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def manifests(page: Path) -> list[str]:
    """Return the YAML blocks of a page that are whole manifests."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [block for block in blocks if block.startswith("version:")]


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file or folder of the repository."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@every_page
def test_manifests_of_the_pages_can_be_loaded(page: Path) -> None:
    """A whole manifest that a page shows is a valid one."""
    for text in manifests(page):
        loaded = manifest.load(
            text.encode(), file=str(page), folder="", environ={"SMARTLING_PROJECT_ID": "9f8e7d6c5"}
        )
        assert loaded.resources


def test_the_readme_shows_the_manifest_of_the_example() -> None:
    """Whoever follows the README to the example finds what it shows."""
    shown = yaml.safe_load(manifests(ROOT / "README.md")[0])
    assert shown == yaml.safe_load((ROOT / "examples/web-i18next/.l10n.yml").read_text("utf-8"))


def test_guarantees_name_tests_that_exist() -> None:
    """Every guarantee has a test, and every test named is there."""
    text = (ROOT / "docs/guarantees.md").read_text("utf-8")
    for part in text.split("\n## ")[1:]:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", part)
        assert named, part
        for file, name in named:
            assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"


def test_each_promise_has_a_figure_and_a_test() -> None:
    """The table has P1 to P19 in order: what is promised, in figures, and by which test."""
    text = (ROOT / "docs/guarantees.md").read_text("utf-8")
    row = r"^\| (P\d+) \| ([^|]+) \| ([^|]+) \| `(tests/[\w/]+\.py)::(\w+)` \|$"
    found = re.findall(row, text, re.MULTILINE)
    assert [number for number, *_ in found] == [f"P{number}" for number in range(1, 20)]
    for _number, _promise, figure, file, name in found:
        assert re.search(r"\d|\b(no|none|any|all|each|once|last|every)\b", figure), figure
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"


@pytest.mark.parametrize("page", ["README.md", "docs/exit-codes.md"])
def test_the_table_of_exit_codes_is_complete(page: str) -> None:
    """The tables name exactly the codes that l10nsync ends with."""
    rows = re.findall(r"^\| ([\d, ]+) \|", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(",")} == EXIT_CODES.keys()


def pages_of(entries: list[dict[str, object]]) -> list[str]:
    """Return the pages that a navigation leads to."""
    found: list[str] = []
    for entry in entries:
        for value in entry.values():
            found += pages_of(value) if isinstance(value, list) else [str(value)]
    return found


def test_the_site_leads_to_every_page() -> None:
    """A page that the navigation leaves out would be found by nobody; one it invents would not be there."""
    configuration = yaml.safe_load(site.CONFIGURATION.read_text("utf-8"))
    assert sorted(pages_of(configuration["nav"])) == site.pages()


@pytest.mark.parametrize("name", site.pages())
def test_a_page_of_the_site_links_into_the_site_or_to_the_repository(name: str) -> None:
    """What lies outside of the documentation is on the repository's own pages."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", site.text_of(name))
    outside = [
        link
        for link in links
        if not (site.DOCS / name).parent.joinpath(link).resolve().is_relative_to(site.DOCS)
    ]
    assert outside == []


def test_the_overview_leads_to_every_page() -> None:
    """So that readers on the repository's own pages find what the site's navigation has."""
    index = (site.DOCS / "index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([\w/-]+\.md)\)", index))
    missing = {page for page in site.pages() if "/" not in page} - linked - {"index.md"}
    assert missing == set()
