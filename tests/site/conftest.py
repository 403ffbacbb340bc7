"""The built site, served on this machine, and a browser to read it with."""

import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from . import firefox as firefox_driver
from . import webkit as webkit_driver
from .firefox import PATIENCE, Firefox
from .webkit import WebKit

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
# Without a site the first page stands for all, so that its tests fail instead of vanishing.
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html")) or ["index.html"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

OpenPage = Callable[..., Page]


class Handler(SimpleHTTPRequestHandler):
    """Serve files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.fail(f"There is no site in {SITE}: build it first, nox -s docs")
    return SITE


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site on a free port of this machine and return its address."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=os.fspath(site))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; where there is none, skip, except in continuous integration."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        reason = "Chromium is not installed: install Debian's package chromium, or its like"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def started_firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start Firefox; where there is none, skip, except in continuous integration."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        reason = "Firefox is not installed: install Debian's package firefox-esr, or its like"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with firefox_driver.running(program, tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture
def firefox(started_firefox: Firefox) -> Iterator[Firefox]:
    """Return a tab of Firefox; errors on its pages fail the test."""
    started_firefox.troubles.clear()
    yield started_firefox
    assert not started_firefox.troubles


@pytest.fixture(scope="session")
def webkit() -> Iterator[WebKit]:
    """Start WebKitGTK; where there is none, skip, except in continuous integration."""
    programs = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not (programs and shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
        reason = "WebKitGTK is not installed: install Debian's webkit2gtk-driver and xvfb"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with webkit_driver.running(programs[-1]) as webkit:
        yield webkit


@contextmanager
def reading(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Give a function that opens pages of the site; in the end their troubles are an error."""
    troubles = []
    contexts = []

    def open_(name: str, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(1000 * PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: message.type == "error" and troubles.append(message.text),
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "response",
            lambda response: response.status >= 400 and troubles.append(f"failed: {response.url}"),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith((address, "data:", "blob:"))
                or troubles.append(f"elsewhere: {request.url}")
            ),
        )
        page.goto(name if ":" in name else address + name)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not troubles


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Return a function that opens a page of the site; its troubles fail the test."""
    with reading(browser, address) as open_:
        yield open_
