"""The page in a real browser: the way from a push to a pull, with the mouse and with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import asked_for, chrome, complaints, dress, faint
from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import RestClient
from tests.test_glossary import keep as keep_glossary

__all__ = ["chrome"]

MANIFEST = small_manifest("locales", name="web")
SHOP = json.dumps({"title": "Shop", "greeting": "Hello {name}"}, indent=2) + "\n"
PATIENCE = 30
"""Seconds; while one page gives way to the next the driver fails in several ways."""


@dataclass
class Person:
    """Somebody at the screen."""

    chrome: Chrome
    base: str

    def open(self, path: str) -> None:
        """Open a page of the sandbox."""
        self.chrome.get(self.base + path)

    def see(self, text: str) -> None:
        """Wait until the page says so."""
        wait = WebDriverWait(self.chrome, PATIENCE, ignored_exceptions=(WebDriverException,))
        wait.until(lambda _: text in self.main.text, text)

    @property
    def main(self) -> WebElement:
        """The content of the page."""
        return self.chrome.find_element(By.TAG_NAME, "main")

    def click(self, text: str) -> None:
        """Click the link with that text."""
        self.chrome.find_element(By.LINK_TEXT, text).click()

    def press(self, text: str) -> None:
        """Press the first button with that text."""
        self.chrome.find_element(By.XPATH, f"//main//button[normalize-space()='{text}']").click()

    def field(self, label: str) -> WebElement:
        """Find a field by its label, as a screen reader does."""
        found = self.chrome.find_element(By.XPATH, f"//label[normalize-space()='{label}']")
        return self.chrome.find_element(By.ID, str(found.get_dom_attribute("for")))

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list."""
        Select(self.field(label)).select_by_visible_text(option)

    def keys(self, *keys: str) -> None:
        """Type, wherever the focus is."""
        for each in keys:
            self.chrome.switch_to.active_element.send_keys(each)

    def walk_to(self, text: str) -> None:
        """Press Tab until the focus is on what bears that text or name."""
        for _ in range(60):
            self.keys(Keys.TAB)
            focused = self.chrome.switch_to.active_element
            if text in {focused.text, focused.accessible_name}:
                return
        pytest.fail(f"{text} cannot be reached by keyboard")


@pytest.fixture
def person(chrome: Chrome, runner: Runner) -> Iterator[Person]:
    """Give a person; nothing that was opened asked for anything elsewhere, or was refused by the browser."""
    dress(chrome)
    asked_for(chrome)
    complaints(chrome)
    yield Person(chrome, f"{runner.server.url}/sandbox/projects/{runner.ident}/")
    foreign = [each for each in asked_for(chrome) if not each.startswith((runner.server.url, "data:"))]
    assert foreign == []
    assert complaints(chrome) == []


def pushed(runner: Runner, repo: Repo) -> None:
    """Push a repository with one file."""
    repo.commit({".l10n.yml": MANIFEST, "locales/en/shop.json": SHOP})
    runner.run(repo, "push", "--job", "Spring")


def test_a_job_is_authorized_translated_and_pulled(person: Person, runner: Runner, repo: Repo) -> None:
    """Authorize with a workflow, translate, publish; then a pull brings exactly what was typed."""
    person.open("jobs")
    person.see("No jobs yet")
    pushed(runner, repo)
    person.open("jobs")
    person.see("awaits authorization")
    person.click("Spring")
    person.choose("French (France) [fr-FR]", "Translation and review")
    person.press("Authorize")
    person.see("The job is authorized")
    person.click("German (Germany) [de-DE]")
    person.field("Translation of title").send_keys("Laden")
    person.field("Translation of greeting").send_keys("Hallo {name}")
    person.press("Save and publish all")
    person.see("2 translations published.")
    person.choose("Locale", "French (France) [fr-FR]")
    person.press("Show")
    person.see("in French (France) [fr-FR]")
    person.field("Translation of title").send_keys("Boutique")
    person.field("Translation of greeting").send_keys("Bonjour {name}")
    person.press("Save and submit all")
    person.see("2 translations moved to the next step.")
    runner.run(repo, "pull")
    assert json.loads(repo.read("locales/de/shop.json")) == {"title": "Laden", "greeting": "Hallo {name}"}
    assert not (repo.root / "locales/fr/shop.json").exists()
    person.press("Save and publish all")
    person.see("2 translations published.")
    runner.run(repo, "pull")
    assert json.loads(repo.read("locales/fr/shop.json")) == {
        "title": "Boutique",
        "greeting": "Bonjour {name}",
    }
    person.open("jobs")
    person.see("completed")


def test_everything_can_be_done_by_keyboard(person: Person, runner: Runner, repo: Repo) -> None:
    """Tab leads to each link, field and button in turn, and the focus is always to be seen."""
    pushed(runner, repo)
    person.open("jobs")
    person.keys(Keys.TAB)
    assert person.chrome.switch_to.active_element.text == "Skip to content"
    person.keys(Keys.ENTER)
    person.walk_to("Spring")
    assert outlined(person)
    person.keys(Keys.ENTER)
    person.see("Authorization starts the work")
    person.walk_to("German (Germany) [de-DE]")
    person.keys("M")
    person.walk_to("Authorize")
    assert outlined(person)
    person.keys(Keys.ENTER)
    person.see("The job is authorized")
    person.walk_to("French (France) [fr-FR]")
    person.keys(Keys.ENTER)
    person.see("in French (France) [fr-FR]")
    person.walk_to("Translation of title")
    person.keys("Boutique")
    person.walk_to("Publish")
    person.keys(Keys.ENTER)
    person.see("1 translation published.")
    assert b"Boutique" in translation(runner, "fr-FR")
    assert b"(de-DE)" in translation(runner, "de-DE")


def test_a_translator_asks_and_both_sides_close(person: Person, runner: Runner, repo: Repo) -> None:
    """A question of the page is shown at its line, an answer of the command line on the page, and back."""
    pushed(runner, repo)
    person.open("strings?locale=de-DE")
    person.chrome.find_element(By.CSS_SELECTOR, "[aria-label='Ask about title']").click()
    person.see("Ask about a string")
    person.field("Question").send_keys("A shop, or to shop? <b>&")
    person.press("Ask")
    person.see("The question is asked.")
    person.see("A shop, or to shop? <b>&")
    shown = json.loads(runner.run(repo, "questions", "list", "--format", "json").out)["questions"]
    assert [(asked["path"], asked["line"], asked["text"]) for asked in shown] == [
        ("locales/en/shop.json", 2, "A shop, or to shop? <b>&")
    ]

    number = shown[0]["number"]
    runner.run(repo, "questions", "answer", number, "A noun.")
    person.open("questions")
    person.see("A noun.")
    person.see(f"#{number} answered")
    person.field(f"Answer to #{number}").send_keys("It is on the sign.")
    person.press("Answer")
    person.see("It is on the sign.")
    person.press("Close")
    person.see("The question is closed.")
    assert runner.run(repo, "questions").out.startswith("No questions")
    person.press("Reopen")
    person.see("The question is open again.")
    assert "comment: It is on the sign." in runner.run(repo, "questions", "show", number).out


def test_the_glossaries_of_the_account_are_shown(person: Person, in_process: InProcess) -> None:
    """Each with its terms, and how a repository takes it."""
    keep_glossary(in_process)
    person.chrome.get(f"{in_process.server.url}/sandbox/projects/{in_process.ident}/glossaries")
    text = person.chrome.find_element(By.TAG_NAME, "main").text
    assert f"Shop {in_process.ident}" in text
    assert "shopping cart Warenkorb panier" in text
    assert "l10nsync glossary pull" in text


def test_the_estimates_of_a_job_are_shown(person: Person, runner: Runner, repo: Repo) -> None:
    """The price that `job show --cost` says, and what of its words is new, fuzzy and repeated."""
    person.open("estimates")
    person.see("No estimates yet")
    repo.commit({".l10n.yml": MANIFEST, "locales/en/old.json": '{"old": "Four words are here"}'})
    runner.run(repo, "push", "--authorize", "--job", "Winter")
    runner.translate({"de-DE": 100, "fr-FR": 100})
    again = {"a": "Four words are there", "b": "Something else", "c": "Something else"}
    repo.commit({"locales/en/new.json": json.dumps(again)})
    runner.run(repo, "push", "--no-authorize", "--job", "Spring")
    said = runner.run(repo, "job", "show", "--cost", "Spring").out
    assert "16 words: 4 new, 8 fuzzy, 4 repeated, weighted 11" in said
    person.open("estimates")
    person.see("to 1.92 USD for 16 words, weighted 11.")
    assert "1.92 USD" in said
    person.see("Repetition")
    person.see("75-84%")
    person.click("Spring")
    person.see("Authorization starts the work")


def translation(runner: Runner, locale: str) -> bytes:
    """Return what a download gives."""
    client = RestClient(runner.server.url, runner.ident, runner.control)
    return client.translation("locales/en/shop.json", locale).body


def outlined(person: Person) -> bool:
    """Whether the focused element has a visible outline."""
    focused = person.chrome.switch_to.active_element
    style = focused.value_of_css_property("outline-style")
    return style == "solid" and focused.value_of_css_property("outline-width") == "3px"


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_can_be_read(person: Person, runner: Runner, repo: Repo, width: int) -> None:
    """No page is wider than the screen, and every text has enough contrast, in light and in dark."""
    pushed(runner, repo)
    runner.translate({"de-DE": 50})
    runner.translate({"fr-FR": 100}, state="prepublished")
    person.open("jobs")
    job = str(person.chrome.find_element(By.LINK_TEXT, "Spring").get_attribute("href"))
    paths = ("jobs", "files", "file?uri=locales/en/shop.json", "strings?locale=de-DE", "strings?locale=fr-FR")
    pages = [job, *(person.base + each for each in (*paths, "glossaries", "estimates", "workflows"))]
    pages += [f"{runner.server.url}/sandbox/{each}" for each in ("", "requests", "messages")]
    for page in pages:
        person.chrome.get(page)
        for scheme in ("light", "dark"):
            dress(person.chrome, width=width, scheme=scheme)
            assert person.chrome.execute_script("return document.documentElement.scrollWidth") <= width, page
            assert faint(person.chrome) == [], (page, scheme)
