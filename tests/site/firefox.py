"""Firefox, driven by WebDriver BiDi: what it speaks by itself, without a driver beside it."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

# Seconds after which something is given up: no result depends on how quick the machine is.
PATIENCE = 180
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Left": "\ue012", "Right": "\ue014", "End": "\ue010"}


class Firefox:
    """One tab of a browser without a window."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = count()
        self.troubles: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self._tab = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **params: Any) -> Any:
        """Give a command and return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.troubles.append(answer["params"]["text"])
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['message']}")
                return answer["result"]

    def open(self, url: str, width: int = 1280, height: int = 900) -> None:
        """Open a page and wait until it is loaded."""
        size = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self._tab, viewport=size)
        self.send("browsingContext.navigate", context=self._tab, url="about:blank", wait="complete")
        self.send("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, script: str) -> Any:
        """Return what an expression of JavaScript comes to, once it is settled."""
        answer = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({script})) ?? null))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for(self, script: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(script):
            if time.monotonic() > end:
                raise TimeoutError(f"not true after {PATIENCE} s: {script}")
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        left, top, width, height = self._box(selector)
        steps = [
            {"type": "pointerMove", "x": round(left + width / 2), "y": round(top + height / 2)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})

    def touch(self, selector: str, *points: tuple[float, float]) -> None:
        """Draw a finger through points of an element, counted from its upper left corner.

        The page hears of it, but the driver itself neither scrolls nor enlarges by touch.
        """
        left, top, _, _ = self._box(selector)
        first, *moves = [
            {"type": "pointerMove", "x": round(left + x), "y": round(top + y)} for x, y in points
        ]
        down, up = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        finger = {"id": "finger", "parameters": {"pointerType": "touch"}}
        self._act({"type": "pointer", **finger, "actions": [first, down, *moves, up]})

    def _box(self, selector: str) -> list[float]:
        box: list[float] = self.evaluate(
            f"""(() => {{
              const element = document.querySelector({json.dumps(selector)});
              element.scrollIntoView({{ block: "center", behavior: "instant" }});
              const box = element.getBoundingClientRect();
              return [box.left, box.top, box.width, box.height];
            }})()"""
        )
        return box

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a name of `KEYS`, or a character."""
        steps = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self._act({"type": "key", "id": "keys", "actions": steps})

    def _act(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self._tab, actions=[source])


@contextmanager
def running(program: str, profile: Path) -> Iterator[Firefox]:
    """Start Firefox with a profile of its own, and end it."""
    # Nothing is loaded that nobody asked for: neither settings of the maker's, nor the next page.
    (profile / "user.js").write_text(
        'user_pref("services.settings.server", "data:,");\n'
        'user_pref("network.prefetch-next", false);\n'
    )
    command = [program, "--headless", "--no-remote", "--remote-debugging-port", "0"]
    note = profile / "WebDriverBiDiServer.json"  # says where it listens
    process = subprocess.Popen([*command, "--profile", profile], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while not (note.exists() and note.read_text().endswith("}")):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{program} does not start")
            time.sleep(0.1)
        server = json.loads(note.read_text())
        url = f"ws://{server['ws_host']}:{server['ws_port']}/session"
        # A browser that is busy for long answers late, and is no less there.
        with connect(url, max_size=None, open_timeout=PATIENCE, ping_interval=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait()
