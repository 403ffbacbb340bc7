"""Motion is under the reader's control."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import SITE, TWO_FRAMES, OpenPage
from .firefox import Firefox
from .webkit import WebKit

CHAPTER = "gallery/article/descent_3d.html"
MOTION = """() => {
  const pixels = (canvas) => canvas ? canvas.toDataURL() : "still";
  return pixels(document.querySelector(".animation canvas"));
}"""

# An animation then goes on to the next frame when the test says so, and not with time.
HOLD = "() => void (window.setTimeout = (next) => (window.next = next))"


def frame(page: Page) -> str:
    """Return the name of the frame that is shown."""
    return page.get_by_role("slider").get_attribute("aria-valuetext") or ""


def wait_until_shown(page: Page) -> None:
    """Wait until the picture is that of the slider's frame."""
    expect(page.locator(".animation .name")).to_have_text(frame(page))


def test_still(open_page: OpenPage) -> None:
    """No animation is loaded or moves before it is asked for, with or without reduced motion."""
    for motion in ("reduce", "no-preference"):
        page = open_page(CHAPTER, reduced_motion=motion)
        requests: list[str] = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        page.locator(".animation").scroll_into_view_if_needed()
        page.evaluate(TWO_FRAMES)
        assert not [url for url in requests if url.endswith((".gif", ".gif.js"))]
        assert page.locator(".animation canvas").count() == 0
        assert page.evaluate("document.getAnimations().length") == 0


def test_keyboard(open_page: OpenPage) -> None:
    """The keyboard plays, pauses and steps, and what it acts on is seen to have the focus."""
    page = open_page(CHAPTER)
    page.evaluate(HOLD)
    button = page.get_by_role("button", name="Play")
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert button.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    last = frame(page)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    expect(page.locator(".animation canvas")).to_have_count(1)
    before = page.evaluate(MOTION)
    page.wait_for_function(f"before => (next(), ({MOTION})() !== before)", arg=before)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Play")).to_be_focused()
    before = page.evaluate(MOTION)
    paused = frame(page)
    assert paused != last
    page.evaluate("async () => next()")
    assert page.evaluate(MOTION) == before
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert frame(page) != paused
    wait_until_shown(page)
    assert page.evaluate(MOTION) != before
    page.keyboard.press("End")
    assert frame(page) == last
    wait_until_shown(page)


def test_one_play(open_page: OpenPage) -> None:
    """An animation plays once, rests on its last frame and can be played again."""
    page = open_page(CHAPTER)
    page.evaluate(HOLD)
    last = frame(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_until_shown(page)
    button = page.get_by_role("button", name="Play").element_handle()
    button.click()
    page.wait_for_function("button => (next(), button.textContent === 'Play')", arg=button)
    assert frame(page) == last
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_same_place(open_page: OpenPage) -> None:
    """Playing moves nothing else on the page."""
    page = open_page(CHAPTER)
    page.get_by_role("button", name="Play").scroll_into_view_if_needed()
    before = page.locator(".animation").bounding_box()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".animation canvas")).to_have_count(1)
    assert page.locator(".animation").bounding_box() == before


def test_theme(open_page: OpenPage) -> None:
    """A change of theme shows the other variant, still."""
    page = open_page(CHAPTER, color_scheme="light")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".animation canvas")).to_have_count(1)
    page.locator(".theme-toggle-content button").click()
    expect(page.locator(".animation canvas")).to_have_count(0)
    assert page.locator(".animation img.only-dark").is_visible()


def test_without_javascript(open_page: OpenPage) -> None:
    """Without JavaScript there is a picture and a link to the GIF."""
    page = open_page(CHAPTER, java_script_enabled=False)
    assert page.locator(".animation img.only-light").is_visible()
    link = page.locator(".animation a.only-light")
    assert link.is_visible()
    assert (link.get_attribute("href") or "").endswith(".gif")
    assert page.get_by_role("button", name="Play").count() == 0


def test_from_disk(open_page: OpenPage, site: Path) -> None:
    """Read from disk, an animation plays, pauses and goes to any frame, as it does elsewhere."""
    page = open_page("404.html").context.browser.new_page()
    page.goto((site / CHAPTER).as_uri())
    page.evaluate(HOLD)
    last = frame(page)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    seen = []
    for key in ("Home", "End"):
        page.get_by_role("slider").press(key)
        wait_until_shown(page)
        seen.append((frame(page), page.evaluate(MOTION)))
    assert seen[0][0] != last == seen[1][0]
    assert seen[0][1] != seen[1][1] != "still"
    page.close()


@pytest.mark.parametrize("gif", sorted(SITE.rglob("_images/*.gif")), ids=lambda gif: gif.stem)
def test_frames(open_page: OpenPage, gif: Path) -> None:
    """Every frame of every animation is the one that Pillow reads, and is shown for as long."""
    page = open_page(CHAPTER)
    found = page.evaluate(
        """async (url) => {
          const gif = new Gif(await readGif(url));
          const last = gif.patches.length - 1;
          const found = [];
          const hex = (byte) => byte.toString(16).padStart(2, "0");
          for (const frame of [last, last - 1, ...gif.patches.keys()]) {
            const digest = await crypto.subtle.digest("SHA-256", gif.show(frame).data);
            const text = Array.from(new Uint8Array(digest), hex).join("");
            found.push([frame, gif.patches[frame].milliseconds, text]);
          }
          return found;
        }""",
        f"/_images/{gif.name}",
    )
    with Image.open(gif) as image:
        assert len(found) == image.n_frames + 2
        for frame, milliseconds, digest in found:
            image.seek(frame)
            assert milliseconds == image.info["duration"]
            assert digest == hashlib.sha256(image.convert("RGBA").tobytes()).hexdigest()


@pytest.mark.parametrize("place", ["served", "disk"])
@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_engines(
    request: pytest.FixtureRequest, site: Path, address: str, engine: str, place: str
) -> None:
    """In other engines an animation plays twice, and its slider goes to frames seen before."""
    browser: Firefox | WebKit = request.getfixturevalue(engine)
    browser.open(address + CHAPTER if place == "served" else (site / CHAPTER).as_uri())
    slider = "document.querySelector('.controls input')"
    shown = "document.querySelector('.controls .name').textContent"
    last = int(browser.evaluate(f"{slider}.max"))
    for _ in range(2):
        browser.evaluate(f"{slider}.value = {last - 3}")
        browser.evaluate(f"{slider}.dispatchEvent(new Event('input'))")
        browser.wait_for(f"{shown} === {slider}.getAttribute('aria-valuetext')")
        before = browser.evaluate(f"({MOTION})()")
        browser.click(".controls button")
        browser.wait_for("document.querySelector('.controls button').textContent === 'Play'")
        assert browser.evaluate(f"{slider}.value") == str(last)
        assert browser.evaluate(f"({MOTION})()") != before


def test_missing(open_page: OpenPage) -> None:
    """An animation that cannot be loaded says so, and can be tried again."""
    page = open_page("404.html").context.browser.new_page()  # whose errors are expected
    page.goto(open_page(CHAPTER).url)
    for answer in ({"status": 500}, {"body": "<html>Please sign in</html>"}):
        page.route("**/*.gif.js", lambda route, _, answer=answer: route.fulfill(**answer))
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_text("The animation cannot be shown")).to_be_visible()
        page.unroute("**/*.gif.js")
        page.get_by_role("button", name="Play").click()
        expect(page.locator(".animation canvas")).to_have_count(1)
        page.reload()
    page.close()
