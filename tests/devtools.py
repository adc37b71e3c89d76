"""A real browser without a window, driven over its debugging pipe; nothing beyond the standard library."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
)
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "ArrowRight": 39, "ArrowDown": 40}
_PATIENCE = 60.0
ARTIFACTS = Path(__file__).parents[1] / ".artifacts"
"""What tests keep to be looked at; never committed."""


class Browser:
    """One tab; `open` first."""

    def __init__(self, process: subprocess.Popen[bytes], reading: int, writing: int) -> None:
        self._process, self._reading, self._writing = process, reading, writing
        self._pending = b""
        self._number = 0
        self.addresses: list[str] = []
        """Every address that the page asked for, its own included."""
        self.complaints: list[str] = []
        """Errors of scripts, and what the page's policy refused."""
        self._loaded = False
        target = self._send("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self._send("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session: str = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the DevTools protocol on the tab."""
        return self._send(method, parameters, self._session)

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._loaded = False
        self.addresses.clear()
        self.complaints.clear()
        self.call("Page.navigate", url=url)
        while not self._loaded:
            self._note(self._receive())

    def run(self, script: str) -> Any:
        """Return the value of an expression; a promise is awaited."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: names such as `Tab`, or characters."""
        for key in keys:
            code = _KEYS.get(key, 0)
            text = {"text": "\r"} if key == "Enter" else {"text": " "} if key == "Space" else {}
            if not code:
                self.call("Input.insertText", text=key)
                continue
            event = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": code}
            self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **event, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def look(
        self, *, scheme: str = "light", media: str = "screen", width: int = 1400, height: int = 900
    ) -> None:
        """Show the page as a light or dark screen of a size, or as print."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the whole page under the artifacts."""
        ARTIFACTS.mkdir(exist_ok=True)
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path = ARTIFACTS / name
        path.write_bytes(b64decode(shot["data"]))
        return path

    def pdf(self, name: str) -> Path:
        """Keep the page as it is printed."""
        ARTIFACTS.mkdir(exist_ok=True)
        printed = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        path = ARTIFACTS / name
        path.write_bytes(b64decode(printed["data"]))
        return path

    # --- the pipe ---

    def _send(self, method: str, parameters: dict[str, Any], session: str = "") -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            assert select([self._reading], [], [], _PATIENCE)[0], "the browser does not answer"
            more = os.read(self._reading, 1 << 16)
            assert more, f"the browser has gone: {self._process.wait(5)}"
            self._pending += more
        line, _, self._pending = self._pending.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                self.addresses.append(told["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(told["exceptionDetails"].get("text", "exception"))
            case "Log.entryAdded" if told["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(told["entry"]["text"])


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Start a browser with its profile below FOLDER; skip the test where there is none."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("needs tool: chromium")
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    high_in, high_out = (fcntl.fcntl(each, fcntl.F_DUPFD, 50) for each in (theirs_in, theirs_out))
    # The browser reads from descriptor 3 and writes to 4.
    start = ["bash", "-c", f'exec "$@" 3<&{high_in} 4>&{high_out} {high_in}<&- {high_out}>&-', "bash"]
    options = (f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe", *_QUIET)
    process = subprocess.Popen(
        [*start, program, *options],
        pass_fds=(high_in, high_out),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for each in (theirs_in, theirs_out, high_in, high_out):
        os.close(each)
    try:
        yield Browser(process, ours_in, ours_out)
    finally:
        os.close(ours_out)  # the browser ends when its pipe is closed
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(ours_in)
