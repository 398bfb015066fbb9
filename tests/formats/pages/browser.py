"""A headless Chromium that a test looks at pages with, by the WebDriver protocol."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--hide-scrollbars",
]


class Browser:
    """One window of a running browser."""

    def __init__(self, address: str, profile: Path) -> None:
        self._address = address
        wanted = {"binary": CHROMIUM, "args": [*QUIET, f"--user-data-dir={profile}"]}
        asked = {"browserName": "chrome", "goog:chromeOptions": wanted}
        session = self._ask("/session", {"capabilities": {"alwaysMatch": asked}})["sessionId"]
        self._address += f"/session/{session}"

    def _ask(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(self._address + path, json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, page: Path, query: str = "") -> None:
        self._ask("/url", {"url": page.as_uri() + query})

    def run(self, script: str) -> Any:
        """What a function of that body returns."""
        return self._ask("/execute/sync", {"script": script, "args": []})

    def show(self, width: int, height: int, scheme: str = "light") -> None:
        """The size of the window, and the reader's preference."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        for command, params in (
            ("Emulation.setDeviceMetricsOverride", size),
            ("Emulation.setEmulatedMedia", media),
        ):
            self._ask("/goog/cdp/execute", {"cmd": command, "params": params})

    def screenshot(self) -> bytes:
        with urllib.request.urlopen(f"{self._address}/screenshot", timeout=60) as answer:
            return b64decode(json.load(answer)["value"])

    def close(self) -> None:
        with suppress(urllib.error.URLError):
            urllib.request.urlopen(
                urllib.request.Request(self._address, method="DELETE"), timeout=20
            ).close()


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile."""
    assert DRIVER is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        [DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        window = Browser(f"http://127.0.0.1:{port}", profile)
        try:
            yield window
        finally:
            window.close()
    finally:
        driver.terminate()
        driver.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("chromedriver does not answer")
