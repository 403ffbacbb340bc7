"""WebKitGTK, driven by its own WebDriver on a screen that nobody sees."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .firefox import KEYS, PATIENCE


class WebKit:
    """One window, with the words that `Firefox` has."""

    def __init__(self, server: str, program: str) -> None:
        self._address = f"{server}/session"
        options = {"binary": program, "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._send("POST", "", capabilities=capabilities)["sessionId"]
        self._address += f"/{session}"

    def _send(self, method: str, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self._address + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def open(self, url: str, width: int = 1280, height: int = 900) -> None:
        """Open a page and wait until it is loaded."""
        self._send("POST", "/window/rect", width=width, height=height)
        self._send("POST", "/url", url="about:blank")
        self._send("POST", "/url", url=url)

    def evaluate(self, script: str) -> Any:
        """Return what an expression of JavaScript comes to."""
        text = f"return JSON.stringify(({script}) ?? null)"
        return json.loads(self._send("POST", "/execute/sync", script=text, args=[]))

    def wait_for(self, script: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(script):
            if time.monotonic() > end:
                raise TimeoutError(f"not true after {PATIENCE} s: {script}")
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{element}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
        found = self._send("POST", "/element", using="css selector", value=selector)
        self._send("POST", f"/element/{next(iter(found.values()))}/click")

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a name of `KEYS`, or a character."""
        steps = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self._send("POST", "/actions", actions=[{"type": "key", "id": "keys", "actions": steps}])

    def close(self) -> None:
        """Close the window."""
        self._send("DELETE", "")


@contextmanager
def running(program: Path) -> Iterator[WebKit]:
    """Start a screen, the driver and the browser, and end them."""
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading) as number:
        display = f":{number.readline().strip()}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        ["WebKitWebDriver", f"--port={port}"],
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if driver.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
        browser = WebKit(f"http://127.0.0.1:{port}", os.fspath(program))
        yield browser
        browser.close()
    finally:
        for process in (driver, screen):
            process.terminate()
            process.wait()
