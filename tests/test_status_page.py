"""The HTML report: as text, and as a real browser shows it.

The browser's pictures are kept under `.artifacts/`, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys

from l10nsync.model import Gate, Threshold
from l10nsync.plan import Plan, Status
from l10nsync.plan.gate import GateFacts, judge
from l10nsync.render import status_page
from l10nsync.render.status_page import PageParts
from tests.browser import asked_for, chrome, complaints, dress, faint, keep
from tests.status_samples import HOSTILE, held_back, job, source, status

__all__ = ["chrome"]

FOLDER = files("l10nsync.render").joinpath("page")
PARTS = PageParts(
    FOLDER.joinpath("status.css").read_text("utf-8"),
    FOLDER.joinpath("status.js").read_text("utf-8"),
    "1.2.3",
    "2026-11-25T20:15:00Z",
)
VOID = {"meta", "link", "input"}


class Elements(HTMLParser):
    """Checks that every element is closed in order, and collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.texts.append(data)


def made(given: Status) -> str:
    """Return the page of a status, with what a gate says that asks for 70 percent."""
    gate = judge(GateFacts(Gate("release", complete=Threshold(70)), status=given, pull=given.pull))
    return status_page.page(given, PARTS, (gate,))


# --- as text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [Status(), status(), Status((source(HOSTILE, 50),))])
def test_the_page_is_well_formed_and_asks_for_nothing(given: Status) -> None:
    """Elements are closed in order; no address in it is fetched, and links leave only when followed."""
    found = Elements(made(given))

    assert not {"img", "iframe", "object", "embed", "base", "form"} & set(found.names)
    sources = [
        value for _tag, name, value in found.attributes if name in {"src", "srcset", "action", "style"}
    ]
    assert sources == []
    assert {value for tag, name, value in found.attributes if (tag, name) == ("link", "href")} == {"data:,"}
    assert not re.search(r"@import|url\(", PARTS.style)
    assert all(not name.startswith("on") for _tag, name, _value in found.attributes)


def test_names_are_text() -> None:
    """Paths, jobs, keys and findings from outside are never markup, script or an unsafe link."""
    change = replace(
        held_back(HOSTILE),
        locale=HOSTILE,
        findings=tuple(replace(each, key=HOSTILE, message=HOSTILE) for each in held_back().findings),
    )
    hostile = replace(
        status(),
        sources=(source(HOSTILE, 50, resource=HOSTILE, uri=HOSTILE, detail=HOSTILE),),
        jobs=(job(HOSTILE, uris=[HOSTILE], url="javascript:alert(1)"),),
        pull=Plan("pull", (change,)),
        commit=HOSTILE,
        branch=HOSTILE,
    )

    found = Elements(made(hostile))

    assert found.names.count("script") == 1
    assert "javascript:" not in made(hostile)
    assert "\x1b" not in made(hostile)
    assert any("</script><img src=x" in text for text in found.texts)


def test_the_same_status_is_the_same_page() -> None:
    """Nothing of the moment or of the machine stands in it beside the moment that is given."""
    assert made(status()) == made(status())


@pytest.fixture(scope="module")
def shown_words() -> str:
    """Return what stands on the page, as words."""
    return " ".join(" ".join(Elements(made(status())).texts).split())


def test_everything_that_matters_is_on_the_page(shown_words: str) -> None:
    """Totals, each file, what a push and a pull have to say, and the way to the job."""
    page, words = made(status()), shown_words

    assert "60 % published, 1,960 words left in de-DE, fr-FR, ja-JP" in words
    assert "web/en/checkout.json" in words
    assert "stale, 17 new words not sent" in words
    assert "{name} is missing in 'hello'" in words
    assert "no form 'many'" not in words  # a warning holds nothing back
    assert 'href="https://dashboard.example.com/jobs/uid1"' in page
    assert 'title="fr-FR: 360 of 800 words published, 440 in translation"' in page
    assert "2026-11-25 20:15:00 UTC" in words


def test_gates_say_what_they_think(shown_words: str) -> None:
    """The verdict stands on top, and each locale that a gate finds incomplete is marked with the reason."""
    assert "Gate release: not passed: fr-FR 60 % < 70 %, ja-JP 19 % < 70 %" in shown_words
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', made(status()))
    assert "de-DE" in heads
    assert [re.sub("<.*?>", "", each) for each in heads if "<b" in each] == ["fr-FR !", "ja-JP !"]
    assert 'title="gate release: 19 % &lt; 70 %"' in made(status())


def test_a_very_large_status_is_shown_by_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of cells the page stays usable: sums, and no row for each file."""
    monkeypatch.setattr(status_page, "MOST_CELLS", 20)
    many = Status(tuple(source(f"f{at}.json", 100, 50) for at in range(11)))

    page = made(many)

    assert "f0.json" not in page
    assert '<th scope="rowgroup">web <small>11 files</small>' in page
    assert "11 files are too many to show individually" in page
    assert "f0.json" in made(replace(many, sources=many.sources[:10]))


@pytest.mark.parametrize(
    ("percent", "step"), [(0, "s0"), (1, "s1"), (39, "s1"), (40, "s2"), (89, "s3"), (99, "s4"), (100, "s5")]
)
def test_the_last_step_is_for_100_alone(percent: int, step: str) -> None:
    """99 percent does not look finished."""
    assert status_page.step(percent) == step


# --- in a browser -----------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@dataclass
class Shown:
    """The page in a browser."""

    chrome: Chrome
    url: str

    def open(self, **look: Any) -> None:
        """Open the page afresh on a window, or on paper, that looks like LOOK."""
        dress(self.chrome, **look)
        self.chrome.get("about:blank")
        asked_for(self.chrome)
        complaints(self.chrome)
        self.chrome.get(self.url)

    def run(self, expression: str) -> Any:
        """Return the value of an expression."""
        return self.chrome.execute_script(f"return {expression}")

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        for each in keys:
            ActionChains(self.chrome).send_keys(each).perform()

    @property
    def focused(self) -> str:
        """The text of what has the focus, else its id or class."""
        return str(
            self.run(
                "(at => at.textContent.trim().slice(0, 40) || at.id || at.className)(document.activeElement)"
            )
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page and give its address."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "status.html").write_text(made(status()), encoding="utf-8")
    listening = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/status.html"
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def shown(chrome: Chrome, server: str) -> Shown:
    """Give the page in a browser."""
    return Shown(chrome, server)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_legible_in_light_and_dark(shown: Shown, scheme: str) -> None:
    """Every text has enough contrast; the page itself is the only request."""
    shown.open(scheme=scheme)

    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 23, 22)"}[scheme]
    assert shown.run("getComputedStyle(document.body).backgroundColor") == ground
    assert faint(shown.chrome) == []
    assert shown.run("document.body.scrollWidth <= innerWidth")
    keep(shown.chrome, f"status-{scheme}.png")
    assert [each for each in asked_for(shown.chrome) if not each.startswith("data:")] == [shown.url]
    assert complaints(shown.chrome) == []


def test_the_page_can_be_used_with_the_keyboard(shown: Shown) -> None:
    """Skip link, filter, map and files are reached by Tab; Enter on a file opens its counts."""
    shown.open()

    shown.press(Keys.TAB)
    assert shown.focused == "Skip to the map"
    shown.press(Keys.TAB)
    assert shown.focused == "filter"
    shown.press("checkout")
    rows = "[...document.querySelectorAll('tr[data-file]')].filter(e => e.checkVisibility()).length"
    assert shown.run(rows) == 1
    assert shown.run("document.getElementById('shown').textContent") == "1 shown"
    shown.press(Keys.TAB, Keys.TAB)
    assert shown.run("document.activeElement.className") == "scroll"
    shown.press(Keys.TAB)
    assert shown.focused == "web/en/checkout.json"
    assert shown.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    shown.press(Keys.ENTER)
    assert shown.run("document.querySelector('details[open] code').textContent") == "web/en/checkout.json"
    assert shown.run("document.querySelector('details[open] tbody').rows.length") == 3


def test_what_is_not_complete_can_be_singled_out(shown: Shown) -> None:
    """The box hides finished files, and a group of which nothing is left."""
    shown.open()

    shown.run("document.getElementById('open-only').click()")

    rows = "[...document.querySelectorAll('.map tbody th')].filter(e => e.checkVisibility())"
    names = [each.split()[0] for each in shown.run(f"{rows}.map(e => e.innerText)")]
    assert "docs/guide.md" not in names
    assert "docs" not in names
    assert "web/en/checkout.json" in names


def test_the_page_works_without_scripts(shown: Shown) -> None:
    """Everything is there, the tools that need a script are not, and a link still opens its file."""
    shown.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        shown.open()
        shown.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)  # skip link, map, first file
    finally:
        shown.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    assert shown.run("document.querySelector('.tools').checkVisibility()") is False
    assert shown.run("document.querySelectorAll('.map td.c').length") > 10
    assert shown.run("document.querySelector('details[open] code')?.textContent") == "docs/guide.md"


def test_the_page_prints_well(shown: Shown) -> None:
    """Paper is white, colours stay, no scrolling box cuts anything off, and tools are left out."""
    shown.open(scheme="dark", media="print", width=1050)

    assert shown.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        shown.run("getComputedStyle(document.querySelector('.map .s5')).backgroundColor")
        == "rgb(15, 118, 110)"
    )
    assert shown.run("getComputedStyle(document.querySelector('.scroll')).overflow") == "visible"
    tools = "['.tools', '.skip', '.files'].some(e => document.querySelector(e).checkVisibility())"
    assert shown.run(tools) is False
    assert faint(shown.chrome) == []
    keep(shown.chrome, "status-print.png")
    keep(shown.chrome, "status.pdf")


def test_the_page_fits_a_narrow_window(shown: Shown) -> None:
    """Only the map scrolls sideways, and its names stay in view."""
    shown.open(width=420)

    assert shown.run("document.documentElement.scrollWidth <= innerWidth")
    shown.run("document.querySelector('.scroll').scrollLeft = 400")
    assert shown.run("document.querySelector('.map tbody th').getBoundingClientRect().left >= 0")
    keep(shown.chrome, "status-narrow.png")
