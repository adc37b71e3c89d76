"""A real browser without a window: the chromium and chromedriver of the system, never a download."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--window-size=1280,900"),
)

CONTRAST = 4.5
"""What WCAG 2 asks for at level AA."""
ARTIFACTS = Path(__file__).parents[1] / ".artifacts"
"""What tests keep to be looked at; never committed."""


@pytest.fixture(scope="module")
def chrome() -> Iterator[webdriver.Chrome]:
    """Give a browser that keeps the log of its console and of its network."""
    program = next((found for each in _BROWSERS if (found := shutil.which(each))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("needs tool: browser (chromium and chromedriver)")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in _FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.implicitly_wait(10)
    try:
        yield browser
    finally:
        browser.quit()


def asked_for(chrome: webdriver.Chrome) -> list[str]:
    """Return the addresses that pages have asked for since the last call."""
    log: list[dict[str, str]] = chrome.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def complaints(chrome: webdriver.Chrome) -> list[str]:
    """Return what the console has complained of since the last call."""
    log: list[dict[str, str]] = chrome.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in log if entry["level"] == "SEVERE"]


def dress(
    chrome: webdriver.Chrome, *, width: int = 1280, scheme: str = "light", media: str = "screen"
) -> None:
    """Choose the width of the window, the colour scheme of the system, and screen or print."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})


def keep(chrome: webdriver.Chrome, name: str) -> None:
    """Keep a picture of the whole page among the artifacts; as PDF, what a printer gets."""
    ARTIFACTS.mkdir(exist_ok=True)
    if name.endswith(".pdf"):
        found = chrome.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True}
        )
    else:
        found = chrome.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    (ARTIFACTS / name).write_bytes(b64decode(found["data"]))


def faint(chrome: webdriver.Chrome) -> list[str]:
    """Return the elements whose text has too little contrast with what is behind it."""
    found: list[str] = chrome.execute_script(_FAINT, CONTRAST)
    return found


_FAINT = """
const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const numbers = text => text.match(/[\\d.]+/g).map(Number);
const ground = each => {
  for (; each; each = each.parentElement) {
    const found = numbers(getComputedStyle(each).backgroundColor);
    if (found.length < 4 || found[3] > 0) return found;
  }
  return [255, 255, 255];
};
const faint = [];
for (const each of document.querySelectorAll('body *')) {
  const own = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  if (!own || !each.checkVisibility()) continue;
  const pair = [light(numbers(getComputedStyle(each).color)), light(ground(each))];
  const [one, other] = pair.sort((a, b) => b - a);
  const contrast = (one + 0.05) / (other + 0.05);
  if (contrast < arguments[0]) faint.push(each.outerHTML.slice(0, 80) + ' ' + contrast.toFixed(2));
}
return faint;
"""
