"""The documentation as a site: built without a warning, whole, searchable, and asking nobody else."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests import site
from tests.browser import asked_for, chrome, complaints

__all__ = ["chrome"]
pytestmark = [
    pytest.mark.judges,
    pytest.mark.skipif(
        not find_spec("zensical"), reason="needs tool: zensical (`make docs-site` installs it)"
    ),
]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name there
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Build the site, and serve it."""
    command = [sys.executable, "-m", "tests.site"]
    done = subprocess.run(command, cwd=site.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site.SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_every_page_is_there(address: str) -> None:
    """Each page of the documentation is one of the site; its links are checked while it is built."""
    built = {path.relative_to(site.SITE).with_suffix("").as_posix() for path in site.SITE.rglob("*.html")}
    wanted = {page.removesuffix(".md").replace("ci/README", "ci/index") for page in site.pages()}
    assert wanted - built == set()


RESULTS = "return [...document.querySelectorAll('*')].map(e => e.shadowRoot?.textContent ?? '').join(' ')"
"""The search lies in a tree of its own."""


def test_a_reader_finds_a_page_and_no_other_host_is_asked(address: str, chrome: webdriver.Chrome) -> None:
    """Search finds what is looked for; page, styles, scripts and search come from the site itself."""
    asked_for(chrome)
    chrome.get(f"{address}/index.html")
    WebDriverWait(chrome, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".md-search__button"))
    chrome.execute_script("document.querySelector('label[for=__search]').click()")
    ActionChains(chrome).send_keys("accept-collision").perform()
    WebDriverWait(chrome, 20).until(lambda page: "Troubleshooting" in page.execute_script(RESULTS))
    hosts = {urlsplit(url).hostname for url in asked_for(chrome) if url.startswith("http")}
    assert hosts == {"127.0.0.1"}
    assert complaints(chrome) == []


def test_a_dark_system_gets_dark_pages(address: str, chrome: webdriver.Chrome) -> None:
    """A reader who has chosen nothing gets the colours of their system."""
    colours = {}
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        chrome.get(f"{address}/start.html")
        chrome.execute_script("localStorage.clear()")
        chrome.get(f"{address}/start.html")
        colours[scheme] = chrome.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
    assert colours["light"] != colours["dark"]
