"""Every page of the site, for every reader."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import PAGES, TWO_FRAMES, OpenPage, reading

# Axe takes long for a word of code, and thousands look alike: their classes say how. One of each
# stays; of the others the text does.
ONE_OF_EACH = """() => {
  const seen = new Set();
  for (const word of [...document.querySelectorAll("article :is(span, em, strong)")].reverse()) {
    let kind = "";
    for (let around = word; around.tagName !== "ARTICLE"; around = around.parentElement)
      kind += `${around.tagName} ${around.className}, `;
    const plain = word.getAttributeNames().every((name) => name === "class");
    if (plain && seen.has(kind) && !word.childElementCount) word.replaceWith(...word.childNodes);
    seen.add(kind);
  }
}"""


SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shifted += entry.value)))
  .observe({ type: "layout-shift", buffered: true });"""


class Opened(NamedTuple):
    """A page on a phone, and the addresses of what it loaded before anything was asked of it."""

    page: Page
    loaded: set[str]


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Opened]:
    """Open each page once, for all the tests that ask something of every page."""
    with reading(browser, address) as open_:
        page = open_("about:blank", width=390, height=844, reduced_motion="reduce")
        loaded: set[str] = set()
        page.on("request", lambda request: loaded.add(request.url))
        page.add_init_script(SHIFTS)
        page.goto(address + request.param, wait_until="networkidle")
        yield Opened(page, loaded.copy())


def test_light(opened: Opened, site: Path) -> None:
    """A page transfers at most 300 kB before its animations are asked for."""
    # Every host compresses text on its way.
    sizes = {
        url.path: len(gzip.compress((site / unquote(url.path[1:])).read_bytes()))
        for url in map(urlsplit, opened.loaded)
        if url.scheme == "http"
    }
    assert sizes
    assert sum(sizes.values()) < 300_000, sizes


def test_steady(opened: Opened) -> None:
    """Nothing moves while a page loads: every picture has its place, and formulas their font."""
    assert opened.page.evaluate("shifted") < 0.05


def test_narrow(opened: Opened) -> None:
    """Nothing makes a page wider than a screen of 320 pixels."""
    opened.page.set_viewport_size({"width": 320, "height": 900})
    # Furo's pages do not scroll sideways as a whole, but what is in them does.
    wider = "all => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.outerHTML)"
    assert opened.page.eval_on_selector_all("html, .content", wider) == []


def test_pictures(opened: Opened) -> None:
    """Every picture says what is to be seen, and keeps its place while it loads."""
    incomplete = opened.page.eval_on_selector_all(
        "img",
        """all => all.filter((image) =>
          !["alt", "width", "height"].every((name) => image.getAttribute(name))
        ).map((image) => image.outerHTML)""",
    )
    assert incomplete == []


def test_formulas(opened: Opened) -> None:
    """No formula is left as TeX."""
    prose = opened.page.evaluate(
        """() => {
          const code = [...document.querySelectorAll("pre, code")];
          code.forEach((element) => (element.style.display = "none"));
          const prose = document.body.innerText;
          code.forEach((element) => element.style.removeProperty("display"));
          return prose;
        }"""
    )
    assert not re.search(r"\\[a-zA-Z]+|\$|[_^]\{", prose)


def test_font(opened: Opened) -> None:
    """Every formula is drawn in the font that comes with the site, all signs of it."""
    page = opened.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    formulas = devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "math"})
    fonts = [
        devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        for node in formulas["nodeIds"]
    ]
    assert all(font["isCustomFont"] for drawn in fonts for font in drawn), fonts


# No colour depends on the width, and no place on the theme: two views see all of both.
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_accessible(opened: Opened, scheme: str, width: int) -> None:
    """Axe finds nothing in either theme, on a phone or a wide screen, or in folded code."""
    page = opened.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details.code').forEach((fold) => (fold.open = true))")
    page.evaluate(TWO_FRAMES)  # what follows the size of the window has then done so
    page.evaluate(ONE_OF_EACH)
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()


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


def test_folded_code(open_page: OpenPage) -> None:
    """Code is folded until it is asked for, by a click or a link, and is printed all the same."""
    page = open_page("gallery/article/sample_sizes.html#code-2")
    first, second = page.locator("details.code").all()
    assert second.locator("pre").is_visible()
    assert not first.locator("pre").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert first.locator("pre").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not first.locator("pre").is_visible()
    first.locator("summary").click()
    first.locator("pre").hover()
    assert first.locator("button.copybtn").is_visible()


def test_turn(open_page: OpenPage) -> None:
    """The surface that a chapter speaks of opens on the page, and is loaded only then."""
    page = open_page("gallery/article/seeds_500.html")
    folds = page.locator("details.turn")
    assert [text.partition(": ")[2] for text in folds.all_inner_texts()] == [
        *("seed 3", "seed 16", "seed 60", "seed 140")
    ]
    assert page.locator("iframe").count() == 0
    folds.nth(1).locator("summary").click()
    page.wait_for_selector("iframe")
    (frame,) = page.frames[1:]
    frame.wait_for_selector("#ball-map")
    assert frame.url.endswith("drop_a_ball.html?embed#surface=seed16-n500")


def test_wide_enough(opened: Opened) -> None:
    """On a wide screen no code and no output has to be scrolled sideways."""
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    opened.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    wider = "all => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
    assert opened.page.eval_on_selector_all("pre", wider) == []


def test_drawers(open_page: OpenPage) -> None:
    """On a narrow screen the keyboard opens the drawer that it goes into, and no other."""
    page = open_page("index.html", width=390)
    brand, contents = page.locator(".sidebar-brand"), page.locator(".toc-tree a").last
    page.locator(".theme-toggle:visible").focus()
    expect(brand).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(brand).to_be_focused()
    expect(brand).to_be_in_viewport()
    expect(contents).not_to_be_in_viewport()
    contents.focus()
    expect(contents).to_be_in_viewport()
    expect(brand).not_to_be_in_viewport()


def test_search(open_page: OpenPage) -> None:
    """The search finds saddle points."""
    page = open_page("search.html?q=saddle+point")
    page.locator("#search-results li a").nth(2).wait_for()  # they come one by one


def test_copy(open_page: OpenPage) -> None:
    """The citation is copied with one click."""
    page = open_page("references.html", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".highlight-bibtex")
    block.hover()
    block.locator("button").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@software{")
