"""Every page of the site, for every reader."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import PAGES, OpenPage

every_page = pytest.mark.parametrize("name", PAGES)


@every_page
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
)
def test_accessible(open_page: OpenPage, name: str, scheme: str, width: int) -> None:
    """Axe finds nothing, in either theme, on a wide screen and on a phone."""
    page = open_page(name, width=width, color_scheme=scheme, reduced_motion="reduce")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@every_page
def test_narrow(open_page: OpenPage, name: str) -> None:
    """Nothing makes a page wider than a screen of 320 pixels."""
    page = open_page(name, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@every_page
def test_pictures(open_page: OpenPage, name: str) -> None:
    """Every picture says what is to be seen, and keeps its place while it loads."""
    page = open_page(name)
    for image in page.locator("img").all():
        assert image.get_attribute("alt"), image.get_attribute("src")
        assert image.get_attribute("width"), image.get_attribute("src")
        assert image.get_attribute("height"), image.get_attribute("src")


@every_page
def test_formulas(open_page: OpenPage, name: str) -> None:
    """No formula is left as TeX."""
    page = open_page(name)
    prose = page.evaluate(
        "[...document.querySelectorAll('pre, code')].forEach(code => code.remove()),"
        "document.body.innerText"
    )
    assert not re.search(r"\\[a-zA-Z]+|\$|[_^]\{", prose)


@every_page
def test_light(open_page: OpenPage, address: str, site: Path, name: str) -> None:
    """A page transfers at most 300 kB before its animations are asked for."""
    page = open_page("about:blank", height=844, width=390)
    loaded = set()
    page.on("request", lambda request: loaded.add(urlsplit(request.url)))
    page.goto(address + name, wait_until="networkidle")
    # Every host compresses text on its way.
    sizes = {
        url.path: len(gzip.compress((site / unquote(url.path[1:])).read_bytes()))
        for url in loaded
        if url.scheme == "http"
    }
    assert sum(sizes.values()) < 300_000, sizes


def test_dark_figures(open_page: OpenPage) -> None:
    """The figures follow the button that changes the theme."""
    page = open_page("gallery/article/architecture.html", color_scheme="light")
    images = page.locator("article .picture img")
    assert images.nth(0).is_visible()
    assert not images.nth(1).is_visible()
    page.locator(".theme-toggle-content button").click()
    assert page.locator("body").get_attribute("data-theme") == "dark"
    assert not images.nth(0).is_visible()
    assert images.nth(1).is_visible()


def test_search(open_page: OpenPage) -> None:
    """The search finds saddle points."""
    page = open_page("search.html?q=saddle+point")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() > 2


def test_copy(open_page: OpenPage) -> None:
    """The citation is copied with one click."""
    page = open_page("references.html", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".highlight-bibtex")
    block.hover()
    block.locator("button").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@software{")
