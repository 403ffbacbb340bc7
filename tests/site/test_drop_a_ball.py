"""The page "Drop a ball": exact, told in words, and at hand for every reader."""

import gzip
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageSequence
from playwright.sync_api import Browser, Error, Page, expect

import landscape_core
from landscape_core import (
    Adam,
    GradientDescent,
    Momentum,
    Network,
    WeightPlane,
    descend,
    find_basins,
    find_critical_points,
    load_mnist,
)
from landscape_core.export import export_plane

from .conftest import TWO_FRAMES, OpenPage, reading
from .firefox import Firefox
from .webkit import WebKit

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
from site_build.surfaces import SURFACES, Surface

PAGE = "drop_a_ball.html"
EPOCHS = 1000
# At a higher rate RMSProp bounces between the walls of a valley, which magnifies rounding errors.
RATES = {"AdaGrad": 0.5, "RMSProp": 0.0005, "Adam": 0.05}

every_surface = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


@cache
def plane_of(surface: Surface) -> WeightPlane:
    """Make the plane of a surface once."""
    return surface.plane()


def ends(page: Page, balls: int) -> np.ndarray:
    """Wait until all balls are computed and return their a, b and cost."""
    page.wait_for_function(
        "balls => document.querySelectorAll('output[data-cost]').length === balls", arg=balls
    )
    return np.array(
        page.eval_on_selector_all(
            "output", "all => all.map(({dataset: {a, b, cost}}) => [a, b, cost].map(Number))"
        )
    )


@pytest.fixture(scope="module")
def scripts(browser: Browser, address: str) -> Iterator[Page]:
    """Open the page once, for all tests that do no more than call its functions."""
    with reading(browser, address) as open_:
        yield open_(PAGE)


@every_surface
def test_paths(scripts: Page, surface: Surface) -> None:
    """Each optimizer leads where it leads in Python, to a billionth after 1,000 epochs.

    All six do so on the first surface, and gradient descent on every one.
    """
    rates = {"GradientDescent": surface.rate}
    if surface is SURFACES[0]:
        rates |= {"Momentum": surface.rate / 10, "Nesterov": surface.rate / 10, **RATES}
    found = scripts.evaluate(
        """async ([name, starts, rates, epochs]) => {
          const { model } = await DropABall.load(name);
          const end = (start, optimizer, rate) => {
            const walk = new DropABall.Walk({ start, optimizer, rate, epochs }, model);
            return [...walk.advance(Infinity).slice(-3)];
          };
          return Object.entries(rates).map(([optimizer, rate]) =>
            starts.map((start) => end(start, optimizer, rate)));
        }""",
        [surface.name, surface.starts, rates, EPOCHS],
    )
    for (name, rate), balls in zip(rates.items(), found, strict=True):
        optimizer = getattr(landscape_core, name)(rate)
        descent = descend(plane_of(surface), surface.starts, optimizer, EPOCHS)
        expected = np.column_stack([descent.weights[-1], descent.cost[-1]])
        assert np.array(balls) == pytest.approx(expected, rel=0, abs=1e-9), name


@every_surface
def test_derivatives(scripts: Page, surface: Surface) -> None:
    """Cost, gradient and eigenvalues are the core's."""
    points = np.random.default_rng(0).uniform(-20, 20, (40, 2))
    found = np.array(
        scripts.evaluate(
            """async ([name, points]) => {
              const surface = await DropABall.load(name);
              return points.map(([a, b]) => {
                const here = surface.model.taylor(a, b);
                const { eigenvalues } = DropABall.judge(surface.model, a, b, surface);
                return [here.cost, here.a, here.b, ...eigenvalues];
              });
            }""",
            [surface.name, points.tolist()],
        )
    )
    a, b = points.T
    plane = plane_of(surface)
    expected = np.column_stack(
        [plane.cost(a, b), plane.gradient(a, b), np.linalg.eigvalsh(plane.hessian(a, b))]
    )
    assert found == pytest.approx(expected, rel=0, abs=1e-9)


def test_plateau(scripts: Page) -> None:
    """Where all errors are nearly 1, slopes are right to their own last digits."""
    plane = WeightPlane(Network.random(656922006), load_mnist(10), a=(2, 9, 48), b=(2, 9, 214))
    start = (10.21, -10.78)
    found = scripts.evaluate(
        """([plane, [a, b]]) => {
          const constants = new Float64Array(DropABall.decode(plane.constants));
          const model = new DropABall.Model({ ...plane, constants });
          const slope = new Float64Array(3);
          model.slope(a, b, slope);
          const here = model.taylor(a, b);
          return [slope[1], slope[2], here.a, here.b];
        }""",
        [export_plane(plane), start],
    )
    assert found == pytest.approx([*plane.gradient(*start)] * 2, rel=1e-9, abs=0)


def test_link(open_page: OpenPage) -> None:
    """A link brings each ball with its own settings, and the end of each as number and text."""
    page = open_page(
        f"{PAGE}#surface=n100&start=-9,15&start=5,-5&optimizer=Adam&optimizer=Momentum"
        "&lr=0.05&lr=2&epochs=300&epochs=200"
    )
    (a, b, cost), other = ends(page, 2)
    plane = plane_of(SURFACES[0])
    for start, found, optimizer, epochs in [
        ((-9, 15), (a, b, cost), Adam(0.05), 300),
        ((5, -5), other, Momentum(2), 200),
    ]:
        descent = descend(plane, [start], optimizer, epochs)
        expected = [*descent.weights[-1, 0], descent.cost[-1, 0]]
        assert found == pytest.approx(expected, rel=0, abs=1e-9)
    text = page.locator("output").first.inner_text().replace("−", "-")
    assert re.findall(r"-?\d+\.?\d*", text)[1:] == [f"{a:.9g}", f"{b:.9g}", f"{cost:.12g}"]
    assert page.locator("output").nth(1).get_attribute("data-epoch") == "200"
    assert [box.input_value() for box in page.locator("fieldset select").all()] == [
        "Adam",
        "Momentum",
    ]


@pytest.mark.parametrize(
    "link",
    [
        "surface=nowhere&start=1,2",
        "surface=n100&start=one,2",
        "surface=n100&start=1",
        "surface=n100&start=Infinity,2",
        "surface=n100&start=1e999,2",
        "surface=n100&start=1,2&optimizer=Sorcery",
        "surface=n100&start=1,2&lr=0",
        "surface=n100&start=1,2&lr=fast",
        "surface=n100&start=1,2&epochs=1000000",
        "surface=n100&start=1,2&epochs=2.5",
        "surface=n100&start=1,2&optimizer=Momentum&momentum=1",
        "surface=n100&start=1,2&batch=0",
        "surface=n100&start=1,2&colours=rainbow",
        "surface=n100" + "&start=1,2" * 7,
        "surface=n100&start=none&start=1,2",
        "surface=n100&amp;start=1,2",
        "seed=135&a=2,5,250",
        "seed=135&a=2,5,250&b=2,5",
        "seed=135&a=2,5,250&b=2,6,251",
        "seed=135&a=2,5,250&b=2,5,500",
        "seed=4294967296&a=2,5,250&b=2,5,251",
        "seed=-1&a=2,5,250&b=2,5,251",
        "n=0&a=2,5,250&b=2,5,251",
        "n=10001&a=2,5,250&b=2,5,251",
        "seed=1&surface=n100&a=2,5,250&b=2,5,251",
        "surface=n100&surface=n100-wide&start=1,2",
        "seed=1&seed=2&a=2,5,250&b=2,5,251",
        "surface=n100&start=1,2&colours=ends&like=2",
    ],
)
def test_bad_link(scripts: Page, link: str) -> None:
    """A link that makes no sense is refused in plain words."""
    with pytest.raises(
        Error,
        match=r"does not work: give|choose one of|at most|: give two weights|times: give it once",
    ):
        scripts.evaluate("link => void DropABall.readLink(link, DropABall.catalogue)", link)


def test_bad_link_is_answered(open_page: OpenPage) -> None:
    """To a bad link the page answers with what is wrong with it, and its first state."""
    page = open_page(f"{PAGE}#surface=nowhere&start=1,2")
    assert ends(page, 3)[:, :2].tolist() == [list(start) for start in SURFACES[0].starts]
    message = page.get_by_role("alert").inner_text()
    assert message.startswith("There is no surface “nowhere”: choose one of n100,")
    assert message.endswith("Here is the page as it begins.")


@pytest.mark.parametrize(
    ("surface", "points"),
    [
        ("n100", {"0.46998,3.19784": "saddle", "-11.59,-1.26": "flat", "-9,15": "descending"}),
        ("n100-wide", {"36.5212,4.9047": "minimum", "19.32,-1.06": "maximum"}),
    ],
)
def test_verdict(open_page: OpenPage, surface: str, points: dict[str, str]) -> None:
    """What a ball stands on is said in one word."""
    starts = "".join(f"&start={point}" for point in points)
    page = open_page(f"{PAGE}#surface={surface}{starts}&epochs=0")
    ends(page, len(points))
    assert page.locator(".ball-standing strong").all_inner_texts() == list(points.values())


def test_click(open_page: OpenPage) -> None:
    """A click drops a ball where it is, which rolls; the address then holds the state."""
    page = open_page(PAGE)
    ends(page, 3)
    page.get_by_label("Seconds that playing takes").select_option("60")
    page.locator("#ball-map").click(position={"x": 120, "y": 100})
    page.wait_for_function("() => document.getElementById('ball-epoch').textContent !== 'epoch 0'")
    page.get_by_role("button", name="Pause").click()
    assert page.locator("fieldset").count() == 4
    assert page.url.count("start=") == 4
    start = page.evaluate("DropABall.app.cards.settings[3].start")
    reading = page.locator("#ball-probe").inner_text().replace("−", "-")
    assert reading.startswith(f"a = {start[0]:g}, b = {start[1]:g}, cost")
    assert page.evaluate("DropABall.app.map.cross") is None  # it is for the keyboard
    page.get_by_role("button", name="Rewind").click()
    page.get_by_role("button", name="Step").click()
    page.wait_for_function("() => document.getElementById('ball-epoch').textContent === 'epoch 1'")


def test_no_click(open_page: OpenPage) -> None:
    """A click beside the map drops no ball, and neither does a drag across it."""
    page = open_page(PAGE)
    ends(page, 3)
    box = page.locator("#ball-map").bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.up()
    assert page.locator("fieldset").count() == 3


@pytest.mark.parametrize("epochs", [10_000, 100, 5])
def test_slider_keys(open_page: OpenPage, epochs: int) -> None:
    """The arrow keys move the slider from every epoch to a later or an earlier one."""
    page = open_page(f"{PAGE}#start=-9,15&epochs={epochs}")
    ends(page, 1)
    page.get_by_role("button", name="Rewind").click()
    page.get_by_role("slider", name="Epoch").focus()
    seen = [0]
    for key in ["ArrowRight"] * 30 + ["ArrowLeft"] * 30:
        page.keyboard.press(key)
        seen.append(page.evaluate("DropABall.app.motion.epoch"))
    up, down = seen[:31], seen[30:]
    assert all(later > one or one == epochs for one, later in pairwise(up))
    assert all(later < one or one == 0 for one, later in pairwise(down))
    assert 0 <= min(seen) <= max(seen) <= epochs


@pytest.mark.parametrize("body", [None, "", "<html>Please sign in</html>"])
def test_missing_surface(browser: Browser, address: str, body: str | None) -> None:
    """Where a surface does not come, the page says so, keeps quiet, and shows another."""
    page = browser.new_page()
    page.route(
        "**/n100.js*",
        lambda route: route.fulfill(status=200 if body is not None else 404, body=body or ""),
    )
    page.goto(address + PAGE)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("could not be loaded")
    assert page.locator("#ball-stage").get_attribute("inert") is not None
    page.locator("#ball-surface").select_option("n100-wide")
    ends(page, 3)
    page.locator("#ball-surface").select_option("n100")
    expect(alert).to_contain_text("could not be loaded")
    assert page.locator("#ball-surface").input_value() == "n100-wide"
    assert page.locator("fieldset").count() == 3
    page.close()


def test_meanwhile(open_page: OpenPage) -> None:
    """What the reader does while another surface is on its way is kept when it comes."""
    page = open_page(PAGE)
    ends(page, 3)
    page.evaluate(
        """() => {
          const { load } = DropABall;
          const asked = new Promise((resolve) => (window.come = resolve));
          DropABall.load = (name) => asked.then(() => load(name));
        }"""
    )
    page.locator("#ball-surface").select_option("seed3-n500")
    page.get_by_role("button", name="Add a ball").click()
    page.locator("#ball-more summary").click()
    page.get_by_label("colours show").select_option("slope")
    page.evaluate("window.come()")
    page.wait_for_function("() => DropABall.app.entry.name === 'seed3-n500'")
    assert page.locator("fieldset").count() == 4
    assert page.get_by_label("colours show").input_value() == "slope"
    assert page.url.count("start=") == 4
    assert page.url.endswith("&colours=slope")
    # A link is followed all the same, and then it is what the address holds.
    page.evaluate(
        """() => {
          DropABall.load = () => new Promise((resolve) => (window.come = resolve));
          location.hash = "#surface=n100&start=1,2";
        }"""
    )
    page.wait_for_function("() => DropABall.app.job.busy")
    page.get_by_role("button", name="Remove all").click()
    assert page.url.endswith("#surface=seed3-n500&start=none&colours=slope")
    page.evaluate("() => window.come(DropABall.app.surface)")
    page.wait_for_function("() => !DropABall.app.job.busy")
    assert "#surface=n100&start=1,2&optimizer=" in page.url


def test_no_size(browser: Browser, address: str) -> None:
    """A page that is shown only later is complete then."""
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    frame = f'<iframe hidden src="{PAGE}" width="900" height="700"></iframe>'
    page.route("**/frame.html", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(address + "frame.html")
    inside = page.frames[1]
    inside.wait_for_function("() => DropABall.app.surface", polling=100)  # it has no frames yet
    page.evaluate("document.querySelector('iframe').hidden = false")
    inside.wait_for_function("() => document.querySelectorAll('output[data-cost]').length === 3")
    inside.wait_for_function("() => DropABall.app.map.ground.width > 0")
    assert inside.evaluate("DropABall.app.relief.pixels.width") > 0
    assert not troubles
    page.close()


def test_idle(open_page: OpenPage) -> None:
    """No frame is asked for while nothing changes; a frame that comes late moves balls a little.

    `test_engines` asks the same of other engines, and of a page out of sight.
    """
    page = open_page(f"{PAGE}#surface=n100&start=-9,15")
    ends(page, 1)
    page.wait_for_function("() => DropABall.app.cards.balls.every((ball) => ball.complete)")
    page.evaluate(TWO_FRAMES)  # the last that it has asked for are drawn then
    frames = page.evaluate(
        """() => new Promise((resolve) => {
          let frames = 0;
          window.requestAnimationFrame = () => (frames += 1);
          setTimeout(() => resolve(frames), 1000);
        })"""
    )
    assert frames == 0
    page.reload()
    ends(page, 1)
    epoch = page.evaluate(
        """() => {
          const { app } = DropABall;
          app.motion.go(0);
          app.motion.play();
          app.motion.roll(performance.now() + 6000);
          return app.motion.epoch;
        }"""
    )
    assert epoch < 10


def test_memory(open_page: OpenPage) -> None:
    """Fifty surfaces later the page holds no more memory, nodes or listeners than after ten."""
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&epochs=100")
    ends(page, 1)
    inspector = page.context.new_cdp_session(page)
    inspector.send("Performance.enable")
    page.evaluate("DropABall.app.more.controls.colours.value = 'slope'")

    def after(surfaces: range) -> dict[str, float]:
        page.evaluate(
            """async (seeds) => {
              for (const seed of seeds) {
                const slice = DropABall.readSlice(String(seed), "5", "2,5,250", "2,5,251");
                const entry = seed % 2 ? DropABall.entryOf(slice) : DropABall.catalogue[0];
                await DropABall.app.choose(entry);
              }
            }""",
            list(surfaces),
        )
        page.wait_for_function("() => DropABall.app.more.measured")
        inspector.send("HeapProfiler.collectGarbage")
        metrics = inspector.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}

    before, then = after(range(10)), after(range(10, 60))
    assert then["JSHeapUsedSize"] < before["JSHeapUsedSize"] + 500_000
    assert then["Nodes"] < before["Nodes"] + 50
    assert then["JSEventListeners"] < before["JSEventListeners"] + 20


def test_hidden(open_page: OpenPage) -> None:
    """The block hides the balls behind it."""
    page = open_page(f"{PAGE}#surface=n100&start=-14,1&epochs=0")
    ends(page, 1)
    drawn = page.evaluate(
        """() => {
          const { relief, cards: { balls } } = DropABall.app;
          return [0, 90].map((azimuth) => {
            Object.assign(relief, { azimuth, elevation: 20 });
            relief.drawGround();
            relief.drawMoving(balls, 0);
            const { width, height } = relief.moving.canvas;
            return relief.moving.context.getImageData(0, 0, width, height).data.some(Boolean);
          });
        }"""
    )
    assert drawn == [True, False]


def test_race(open_page: OpenPage) -> None:
    """The balls of a race are named beside the map, and who has left it."""
    page = open_page(PAGE, reduced_motion="reduce")
    ends(page, 3)
    page.get_by_role("button", name="Race all six optimizers").click()
    ends(page, 6)
    lines = page.locator("#ball-legend li").all_inner_texts()
    assert [line.split(",")[0].strip() for line in lines] == [
        "1 gradient descent",
        "2 momentum",
        "3 Nesterov",
        "4 AdaGrad",
        "5 RMSProp",
        "6 Adam",
    ]
    page.wait_for_function("() => DropABall.app.motion.unsaid === false")
    assert all(
        "out of the window" in line for line in page.locator("#ball-legend li").all_inner_texts()
    )


def test_names(open_page: OpenPage) -> None:
    """Names on the map cover neither one another nor a ball, however close the balls."""
    page = open_page(PAGE)
    ends(page, 3)
    drawn = page.evaluate(
        """() => {
          const context = document.createElement("canvas").getContext("2d");
          const text = "1 Nesterov";
          const marks = [0, 1, 2, 3, 4, 5].map((i) => ({ x: 150 + 3 * i, y: 100, text }));
          const seen = [];
          context.fillText = (text, left, middle) =>
            seen.push([left, middle - 7, context.measureText(text).width, 14]);
          new DropABall.Names().draw(context, { left: 0, top: 0, width: 300, height: 200 }, marks);
          return [...seen, ...marks.map(({ x, y }) => [x - 8, y - 8, 16, 16])];
        }"""
    )
    names = drawn[:-6]
    assert len(names) == 6
    for i, (left, top, width, height) in enumerate(names):
        assert 0 <= left <= left + width <= 300
        for x, y, w, h in drawn[i + 1 :]:
            assert x >= left + width or left >= x + w or y >= top + height or top >= y + h


def test_gone(scripts: Page) -> None:
    """Balls that have left the map stand side by side at its edge, around where they left it."""
    marks = [
        {"x": x, "y": y, "text": "", "gone": gone}
        for x, y, gone in [
            *((300, y, True) for y in (50, 54, 52, 120, 195)),
            *((x, 0, True) for x in (0, 3)),
            *((x, 80, False) for x in (0, 150, 151)),
        ]
    ]
    found = scripts.evaluate(
        """(marks) => {
          DropABall.spreadGone({ left: 0, top: 0, width: 300, height: 200 }, marks);
          return marks.map(({ x, y }) => [x, y]);
        }""",
        marks,
    )
    assert [list(map(float, place)) for place in found] == [
        *([300, y] for y in (35, 69, 52, 120, 195)),
        *([x, 0] for x in (0, 17)),
        *([mark["x"], mark["y"]] for mark in marks[7:]),
    ]


def test_embed(open_page: OpenPage) -> None:
    """Inside another page there are views and motion alone, and a link to the whole state."""
    page = open_page(f"{PAGE}?embed#surface=n100&start=-9,15&epochs=50")
    ends(page, 1)
    for width, height in [(320, 700), (320, 320), (720, 400)]:
        page.set_viewport_size({"width": width, "height": height})
        root = "document.documentElement"
        assert page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]") == [width, height]
    shown = page.locator("a:visible, button:visible, select:visible, input:visible, h1:visible")
    assert shown.evaluate_all("all => all.map((one) => one.id)") == [
        "ball-play",
        "ball-rewind",
        "ball-slider",
        "ball-whole",
    ]
    page.locator("#ball-map").click(position={"x": 120, "y": 100})
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open the whole page").click()
    assert "embed" not in popup.value.url
    assert popup.value.url.count("start=") == 2


def test_code_for_another_page(browser: Browser, open_page: OpenPage) -> None:
    """The code that is copied for another page shows there what is shown here."""
    permissions = ["clipboard-read", "clipboard-write"]
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&start=2,3&lr=7", permissions=permissions)
    ends(page, 2)
    page.get_by_role("button", name="Copy the code for another page").click()
    expect(page.locator("#ball-told")).to_have_text("Code copied.")
    other = browser.new_page()
    other.set_content(page.evaluate("navigator.clipboard.readText()"))
    frame = other.frames[1]
    frame.wait_for_function("() => document.querySelectorAll('output[data-cost]').length === 2")
    assert frame.url == page.url.replace("#", "?embed#")
    assert frame.locator("h1").is_hidden()
    other.close()


def test_dragged_start(open_page: OpenPage) -> None:
    """A start is dragged, by mouse or finger, or brought by a key; the page does not scroll."""
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&start=5,-5&epochs=300", has_touch=True)
    ends(page, 2)
    box = page.locator("#ball-map").bounding_box()
    assert box
    x, y = page.evaluate("DropABall.app.map.place(5, -5)")
    page.mouse.move(box["x"] + x + 2, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    assert (
        page.evaluate("DropABall.app.cards.balls[1].known") > 0
    )  # the path is seen before the release
    page.mouse.move(box["x"] + 120, box["y"] + 80)
    page.mouse.up()
    start = page.evaluate(
        "([clientX, clientY]) => DropABall.app.map.nearest({ clientX, clientY })",
        [box["x"] + 120, box["y"] + 80],
    )
    assert f"&start={start[0]:g},{start[1]:g}&" in page.url
    page.wait_for_function(
        "() => DropABall.app.cards.balls[1].complete && !DropABall.app.motion.unsaid"
    )
    descent = descend(plane_of(SURFACES[0]), start, GradientDescent(5.0), 300)
    assert ends(page, 2)[1, :2] == pytest.approx(descent.weights[-1, 0], rel=0, abs=1e-9)
    prevented = page.evaluate(
        """([a, b]) => {
          const { element } = DropABall.app.map;
          const box = element.getBoundingClientRect();
          return [[a, b], [0, -12]].map((place) => {
            const [x, y] = DropABall.app.map.place(...place);
            const [clientX, clientY] = [box.left + x, box.top + y];
            const touch = new Touch({ identifier: 0, target: element, clientX, clientY });
            const event = new TouchEvent("touchstart", { touches: [touch], cancelable: true });
            return !element.dispatchEvent(event);
          });
        }""",
        start,
    )
    assert prevented == [True, False]
    page.locator("#ball-map").focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("1")
    assert "#surface=n100&start=1,7&" in page.url
    assert page.locator("fieldset").count() == 2
    assert page.evaluate("DropABall.app.motion.epoch") == 300
    # A start that is held while its ball is removed.
    x, y = page.evaluate("DropABall.app.map.place(...DropABall.app.cards.settings[1].start)")
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.get_by_role("button", name="Remove all").press("Enter")
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.up()


def test_pointing(open_page: OpenPage) -> None:
    """Who points at one view sees the place in both, and the way down from there if wanted."""
    page = open_page(f"{PAGE}#surface=n100&start=none")
    page.wait_for_function("() => DropABall.app.surface")
    page.locator("#ball-more summary").click()
    page.get_by_label("the path of steepest descent").check()
    a, b, cost = page.evaluate("[4, 3, DropABall.app.surface.model.taylor(4, 3).cost]")
    x, y, _ = page.evaluate("place => DropABall.app.relief.place(...place)", [a, b, cost])
    page.locator("#ball-relief").hover(position={"x": x, "y": y})
    pointed = page.evaluate("DropABall.app.map.pointed")
    assert pointed[:2] == pytest.approx([a, b], abs=0.3)
    assert page.locator("#ball-probe").inner_text().startswith(f"a = {pointed[0]:g}")
    page.wait_for_function("() => DropABall.app.map.steepest")
    path = page.evaluate("Array.from(DropABall.app.map.steepest)")
    path = np.array(path).reshape(-1, 3)
    assert (np.diff(path[:, 2]) < 0).all()
    plane = plane_of(SURFACES[0])
    steps, middles = np.diff(path[:, :2], axis=0), (path[1:, :2] + path[:-1, :2]) / 2
    slopes = plane.gradient(*middles.T)
    along = (
        np.vecdot(steps, slopes) / np.linalg.norm(steps, axis=1) / np.linalg.norm(slopes, axis=1)
    )
    assert along[: len(along) // 2].max() < -0.99
    judged = page.evaluate(
        """([a, b]) => {
          const { surface } = DropABall.app;
          return DropABall.judge(surface.model, a, b, surface).word;
        }""",
        path[-1, :2].tolist(),
    )
    told = page.locator("#ball-downhill").inner_text().replace("−", "-")
    assert told == f"It ends at a = {path[-1, 0]:.6g}, b = {path[-1, 1]:.6g}, " + (
        f"cost {path[-1, 2]:.7g}: {judged}."
    )
    live = page.locator("#ball-live")
    expect(live).not_to_contain_text("It ends")  # who points with a mouse sees it
    page.mouse.move(5, 5)
    page.wait_for_function("() => !DropABall.app.relief.pointed && !DropABall.app.map.steepest")
    expect(page.locator("#ball-downhill")).to_be_empty()
    page.locator("#ball-map").press("ArrowRight")
    expect(live).to_contain_text("The path of steepest descent: It ends at")


def test_touch(open_page: OpenPage) -> None:
    """A finger scrolls the page past both views, and a tap shows the way down from there."""
    page = open_page(f"{PAGE}#surface=n100&start=none", width=390, height=700, has_touch=True)
    page.wait_for_function("() => DropABall.app.surface")
    inspector = page.context.new_cdp_session(page)
    for view in ("map", "relief"):
        place = page.locator(f"#ball-{view}")
        place.evaluate("place => place.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box, before = place.bounding_box(), page.evaluate("scrollY")
        assert box
        angles = "[DropABall.app.relief.azimuth, DropABall.app.relief.elevation]"
        turned = page.evaluate(angles)
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind, points in [
            ("touchStart", [at]),
            *(("touchMove", [{**at, "y": at["y"] - 10 * i}]) for i in range(1, 16)),
            ("touchEnd", []),
        ]:
            inspector.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_function("before => scrollY > before + 100", arg=before)
        assert page.evaluate(angles) == turned
    assert page.locator("fieldset").count() == 0
    page.locator("#ball-more summary").tap()
    page.get_by_label("the path of steepest descent").tap()
    page.locator("#ball-map").tap(position={"x": 150, "y": 100})
    expect(page.locator("#ball-downhill")).to_contain_text("It ends at")
    assert page.locator("fieldset").count() == 1


def test_finger(firefox: Firefox, address: str) -> None:
    """In Firefox, too, a finger drops a ball, drags a start, and turns the block sideways."""
    firefox.open(f"{address}{PAGE}#surface=n100&start=6,-9&epochs=10", width=390, height=800)
    firefox.wait_for("document.querySelectorAll('output[data-cost]').length === 1")
    x, y = firefox.evaluate("DropABall.app.map.place(6, -9)")
    firefox.touch("#ball-map", (x, y), (x - 20, y - 30), (x - 60, y - 60))
    firefox.touch("#ball-map", (200, 100))
    turned = "[DropABall.app.relief.azimuth, DropABall.app.relief.elevation]"
    azimuth, elevation = firefox.evaluate(turned)
    firefox.touch("#ball-relief", (100, 120), (120, 120), (160, 120))
    starts = firefox.evaluate("DropABall.app.cards.settings.map(({ start }) => start)")
    places = firefox.evaluate(f"{starts}.map((start) => DropABall.app.map.place(...start))")
    assert np.array(places) == pytest.approx(np.array([[x - 60, y - 60], [200, 100]]), abs=1)
    assert firefox.evaluate(turned) == [azimuth - 30, elevation]


def test_paper(open_page: OpenPage) -> None:
    """On paper there are the views, their keys, the settings and the results, and no controls."""
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&epochs=50&lr=7&batch=30")
    ends(page, 1)
    page.emulate_media(media="print")
    for seen in ("#ball-map", "#ball-relief", "#ball-scale", "#ball-curve", "#ball-critical"):
        assert page.locator(seen).is_visible()
    values = page.locator(".ball-cards input:visible").evaluate_all(
        "all => all.map((one) => one.value)"
    )
    assert values == ["-9", "15", "7", "50", "30", "0"]
    assert page.locator(".ball-standing").is_visible()
    controls = ".ball-app :is(button, summary, form, input[type=range], input[type=checkbox])"
    shown = page.locator(controls).locator("visible=true").all_inner_texts()
    assert shown == ["More settings"]  # those that follow are not the usual ones
    drawn = page.locator(".ball-view canvas, #ball-curve").evaluate_all(
        """all => {
          window.requestAnimationFrame = () => 0; // as while a browser prints
          all.forEach((canvas) => (canvas.width = 1)); // the paper has another size
          DropABall.app.redraw();
          return all.map((canvas) => {
            const { width, height } = canvas;
            return canvas.getContext("2d").getImageData(0, 0, width, height).data.some(Boolean);
          });
        }"""
    )
    assert drawn == [True] * 5


def test_small_and_forced(open_page: OpenPage) -> None:
    """At 400 % and with colours forced, all that unfolds is in reach, named, and nothing is cut."""
    page = open_page(PAGE, width=320, height=225, forced_colors="active", has_touch=True)
    ends(page, 3)
    page.evaluate(
        "document.querySelectorAll('.ball-app details').forEach((one) => (one.open = true))"
    )
    page.get_by_label("colours show").select_option("where balls from there end")
    page.wait_for_function("() => DropABall.app.map.basins")
    assert Axe().run(page, ".ball-app").violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".ball-app :is(button, input, select, summary)")]
          .filter((one) => one.checkVisibility())
          .map((one) => ({ one, box: one.getBoundingClientRect() }))
          .filter(({ box }) => box.left < 0 || box.right > 320 || box.width < 24 || box.height < 24)
          .map(({ one, box }) => [one.outerHTML, box.width, box.height])"""
    )
    assert cut == []
    # What has the focus is seen, also on the way back: the header of the site does not cover it.
    page.emulate_media(reduced_motion="reduce")  # it is there at once
    page.locator("#ball-relief").focus()
    for _ in range(7):
        page.keyboard.press("Shift+Tab")
        page.evaluate(TWO_FRAMES)
        bottoms = page.evaluate(
            """() => [document.activeElement, document.querySelector(".mobile-header")]
              .map((one) => one.getBoundingClientRect().bottom)"""
        )
        assert bottoms[0] > bottoms[1] + 20


def test_colours(open_page: OpenPage) -> None:
    """Colours show the core's gradient or curvature, and the block rises as it is told."""
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&epochs=10")
    ends(page, 1)
    page.locator("#ball-more summary").click()
    a0, a1, b0, b1 = SURFACES[0].window
    a, b = np.meshgrid(np.linspace(a0, a1, 97), np.linspace(b0, b1, 97))
    plane = plane_of(SURFACES[0])
    for what, values in [
        ("the length of the gradient", np.linalg.norm(plane.gradient(a, b), axis=-1)),
        ("the smallest curvature", np.linalg.eigvalsh(plane.hessian(a, b))[..., 0]),
    ]:
        page.get_by_label("colours show").select_option(what)
        page.wait_for_function("() => DropABall.app.map.colouring.title !== 'cost'")
        levels = np.array(page.evaluate("Array.from(DropABall.app.map.colouring.levels)"))
        if "curvature" in what:
            assert ((levels > 0.5) == (values.ravel() > 0)).all()
        order = np.argsort(values.ravel())
        assert (np.diff(levels[order]) > -1e-6).all()
        page.get_by_label("colours show").select_option("the cost")
    heights = page.evaluate(
        """() => Object.values(DropABall.heights).map((heightOf) =>
             [0, 0.5, 1].map((level) => heightOf(level, { low: 3, high: 4 })))"""
    )
    assert np.array(heights) == pytest.approx(
        np.array([[0, 0.5, 1], [0, np.log(500.5) / np.log(1000), 1], [0.75, 0.875, 1]])
    )
    before = page.evaluate("DropABall.app.relief.place(-9, 15, 4.76)[1]")
    page.get_by_label("the block rises").select_option("from cost 0")
    assert page.url.endswith("&epochs=10&height=full")
    assert page.evaluate("DropABall.app.relief.place(-9, 15, 4.76)[1]") < before


def test_whose_basins(open_page: OpenPage) -> None:
    """The basins are still those of the same ball when one before it is gone."""
    balls = "start=1,1&start=2,2&start=3,3&lr=1&lr=2&lr=3&epochs=1"
    page = open_page(f"{PAGE}#{balls}&colours=ends&like=2")
    ends(page, 3)
    page.locator("fieldset").first.get_by_role("button", name="Remove").click()
    assert page.evaluate("DropABall.app.more.settings[DropABall.app.more.like].rate") == 2


def test_basins(open_page: OpenPage) -> None:
    """Where balls from everywhere end is painted in the core's basins, until it is stopped."""
    page = open_page(PAGE)
    page.evaluate(
        """() => {
          const { prototype } = DropABall.Surveyor;
          const { ask } = prototype;
          prototype.ask = function (plane, task, order, report) {
            const held = new Promise(() => {});
            return order.size > 16 ? held : ask.call(this, plane, task, order, report);
          };
          const balls = "start=1,1&start=-9,15&lr=5&lr=200&epochs=500";
          location.hash = `#surface=n100-wide&${balls}&colours=ends&like=2`;
        }"""
    )
    page.wait_for_function("() => DropABall.app.map.basins?.size === 16")
    page.locator("#ball-more summary").click()
    assert page.get_by_label("colours show").input_value() == "ends"
    assert page.get_by_label("balls like").input_value() == "2 gradient descent"
    page.evaluate("DropABall.app.writeLink()")
    assert page.url.endswith("&colours=ends&like=2")
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.get_by_label("colours show")).to_be_focused()
    owners, basins = page.evaluate(
        "[Array.from(DropABall.app.map.basins.owners), DropABall.app.map.basins.basins]"
    )
    a0, a1, b0, b1 = next(surface for surface in SURFACES if surface.name == "n100-wide").window
    middles = (np.arange(16) + 0.5) / 16
    a, b = a0 + (a1 - a0) * middles, b0 + (b1 - b0) * middles
    found = find_basins(plane_of(SURFACES[0]), a, b, GradientDescent(200.0), 500)
    at_minimum = np.hypot(*(found.ends - [36.52, 4.905]).T).T < 0.4
    letter = next(i for i, basin in enumerate(basins) if basin["name"].startswith("minimum"))
    assert ((np.array(owners) == letter).reshape(16, 16) == at_minimum).mean() > 0.99
    assert "minimum at (36.5, 4.9" in page.get_by_role("list", name="Where balls end").inner_text()
    assert sum(basin["share"] for basin in basins) == pytest.approx(1)


def test_two_minima(scripts: Page) -> None:
    """Balls that end at two minima are not said to end at one, though nothing lies between."""
    names = scripts.evaluate(
        """async () => {
          const surface = await DropABall.load("n100");
          const ends = [[-6.65, 9.86], [-6.55, 9.86], [-1.2, 7.82], [-1.2, 7.81]].map(([a, b]) => {
            return { a, b, word: "minimum" };
          });
          return DropABall.groupEnds(surface, 2, ends).basins.map(({ name }) => name);
        }"""
    )
    assert names == ["minimum at (−6.55, 9.86)", "minimum at (−1.2, 7.82)"]


def test_no_ball(open_page: OpenPage) -> None:
    """No balls at all are a state like others, which the address holds."""
    page = open_page(f"{PAGE}#surface=n100&start=1,2&start=3,4")
    ends(page, 2)
    page.get_by_role("button", name="Remove all").click()
    assert page.url.endswith("#surface=n100&start=none")
    page.reload()
    page.wait_for_function("() => DropABall.app.surface")
    assert page.locator("fieldset").count() == 0
    page.get_by_role("button", name="Play").click()
    assert "There is no ball" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Start over").click()
    ends(page, 3)
    assert page.get_by_role("alert").count() == 0
    assert page.url.count("start=") == 3


def test_keyboard(open_page: OpenPage) -> None:
    """Keys choose a start, drop a ball and turn the view, and a live region says what happened."""
    page = open_page(PAGE, reduced_motion="reduce")
    ends(page, 3)
    page.locator("#ball-map").focus()
    page.keyboard.press("ArrowRight")
    live = page.locator("#ball-live")
    assert "cost" in live.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.getElementById('ball-live').textContent.includes('Ball 4: epoch 10,000')"
    )
    view = "DropABall.app.relief.azimuth"
    before = page.evaluate(view)
    page.locator("#ball-relief").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(view) != before
    # Keys with Alt are the browser's own: back, or another tab.
    page.evaluate("addEventListener('keydown', (event) => (window.taken = event.defaultPrevented))")
    for part, key in [("map", "1"), ("map", "ArrowUp"), ("relief", "Home"), ("slider", "ArrowUp")]:
        page.locator(f"#ball-{part}").focus()
        page.keyboard.press(f"Alt+{key}")
        assert not page.evaluate("window.taken"), (part, key)


def test_reduced_motion(open_page: OpenPage) -> None:
    """Readers who ask for less motion get the result at once, also while balls are rolling."""
    page = open_page(PAGE)
    ends(page, 3)
    page.evaluate("DropABall.app.motion.roll = () => {}")  # no time gets them there
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        page.get_by_role("button", name="Rewind").click()
        page.get_by_role("button", name="Play").click()
        page.emulate_media(reduced_motion="reduce")
        page.wait_for_function("() => document.querySelector('output').dataset.epoch === '10000'")
        assert not page.evaluate("DropABall.app.motion.playing")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_typed_start(open_page: OpenPage) -> None:
    """A start can be typed, also as the page prints it; what makes no sense is named beside it."""
    page = open_page(PAGE, reduced_motion="reduce")
    ends(page, 3)
    starts = page.get_by_label("start a")
    rates = page.get_by_label("learning rate")
    starts.first.fill("−3.5")
    page.keyboard.press("Tab")
    assert "start=-3.5,15" in page.url
    rates.nth(2).fill("fast")
    page.keyboard.press("Tab")
    alert = page.locator("fieldset").nth(2).get_by_role("alert")
    assert "fast" in alert.inner_text()
    assert rates.nth(2).get_attribute("aria-invalid") == "true"
    expect(rates.nth(2)).to_have_accessible_description(alert.inner_text())
    expect(starts.nth(2)).to_have_accessible_description("")
    # It stays as it was typed, and the other fields work on.
    starts.first.fill("2")
    starts.nth(2).fill("4")
    page.keyboard.press("Tab")
    assert "start=2,15" in page.url
    assert "start=4,15" in page.url
    assert rates.nth(2).input_value() == "fast"
    rates.nth(2).fill("3")
    page.keyboard.press("Tab")
    assert alert.count() == 0
    assert "lr=5&lr=5&lr=3" in page.url


def test_python(open_page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python on the page runs, and prints what the page says."""
    page = open_page(
        f"{PAGE}#surface=seed3-n500&start=-9,15&start=6,-9&optimizer=Adam&optimizer=AdaGrad"
        "&lr=0.05&lr=0.5&epochs=200"
    )
    found = ends(page, 2)
    exec(page.locator("#ball-python pre").inner_text(), {})
    printed = np.array(re.findall(r"-?\d+\.\d+", capsys.readouterr().out), dtype=float)
    assert printed.reshape(2, 3) == pytest.approx(found, rel=0, abs=1e-7)


def test_settings(open_page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    """Momentum, decay and batches are set in link and card, and Python walks the same paths."""
    page = open_page(
        f"{PAGE}#surface=seed3-n500&start=-9,15&start=6,-9&optimizer=Momentum&optimizer=Adam"
        "&lr=20&lr=0.05&epochs=60&momentum=0.5&beta1=0.8&batch=all&batch=120&batchseed=5",
        reduced_motion="reduce",
    )
    ends(page, 2)
    page.get_by_label("β₂").fill("0.99")
    page.keyboard.press("Tab")
    assert page.url.endswith(
        "&epochs=60&momentum=0.5&momentum=0&beta1=0&beta1=0.8&beta2=0&beta2=0.99"
        "&batch=all&batch=120&batchseed=0&batchseed=5"
    )
    page.reload()
    found = ends(page, 2)
    exec(page.locator("#ball-python pre").inner_text(), {})
    printed = np.array(re.findall(r"-?\d+\.\d+", capsys.readouterr().out), dtype=float)
    assert printed.reshape(2, 3) == pytest.approx(found, rel=0, abs=1e-7)
    plane = plane_of(next(surface for surface in SURFACES if surface.name == "seed3-n500"))
    for ball, start, optimizer, batch in [
        (0, (-9, 15), Momentum(20, momentum=0.5), None),
        (1, (6, -9), Adam(0.05, beta1=0.8, beta2=0.99), 120),
    ]:
        descent = descend(plane, start, optimizer, 60, batch=batch, seed=5)
        assert found[ball, :2] == pytest.approx(descent.weights[-1, 0], rel=0, abs=1e-9)
    page.get_by_label("batch size").first.fill("half")
    page.keyboard.press("Tab")
    told = page.locator("fieldset").first.get_by_role("alert").inner_text()
    assert told == (
        "The batch size “half” does not work: give a whole number from 1 to 10000, or “all”."
    )


def test_first_python(open_page: OpenPage) -> None:
    """Without JavaScript the page shows the Python of the balls with which it begins."""
    still = open_page(PAGE, java_script_enabled=False)
    page = open_page(PAGE)
    ends(page, 3)
    code = "#ball-python pre"
    assert still.locator(code).inner_text().strip() == page.locator(code).inner_text().strip()
    assert still.locator("noscript img").first.get_attribute("alt")
    assert not still.locator("#ball-play").is_visible()


def test_table(open_page: OpenPage) -> None:
    """The paths can be taken along as a table."""
    page = open_page(
        f"{PAGE}#surface=n100&start=-9,15&start=1,2&epochs=20"
        "&optimizer=Momentum&optimizer=Adam&lr=0.5&beta1=0.8&batch=all&batch=30&batchseed=5"
    )
    found = ends(page, 2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the paths (CSV)").click()
    rows = Path(download.value.path()).read_text().splitlines()
    settings = "ball,optimizer,learning_rate,momentum,decay,beta1,beta2,batch,batch_seed"
    assert rows[0] == f"{settings},epoch,a,b,cost"
    assert len(rows) == 1 + 2 * 21
    assert [row.split(",")[:10] for row in (rows[21], rows[42])] == [
        ["1", "Momentum", "0.5", "0.9", "", "", "", "all", "", "20"],
        ["2", "Adam", "0.5", "", "", "0.8", "0.999", "30", "5", "20"],
    ]
    assert [
        [float(number) for number in rows[i].split(",")[10:]] for i in (21, 42)
    ] == found.tolist()
    # Who takes a ball away meanwhile gets no table, and is not told to wait for one.
    page.evaluate("DropABall.app.cards.walkers.start = () => {}")
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Download the paths (CSV)").click()
    page.get_by_role("button", name="Remove ball 1").click()
    expect(page.locator("#ball-told")).to_be_empty()


def test_pictures(open_page: OpenPage, tmp_path: Path) -> None:
    """What is shown can be taken along as a picture, and as an animation that ends with it."""
    page = open_page(f"{PAGE}#surface=n100&start=-9,15&start=5,-5&epochs=400", width=700)
    ends(page, 2)
    page.wait_for_function("() => !DropABall.app.motion.unsaid")
    for button, name in [("a picture (PNG)", "ball.png"), ("an animation (GIF)", "ball.gif")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {button}").click()
        download.value.save_as(tmp_path / name)
    with Image.open(tmp_path / "ball.png") as picture:
        still = np.array(picture.convert("RGB"), int)
    with Image.open(tmp_path / "ball.gif") as animation:
        frames = [
            np.array(frame.convert("RGB"), int) for frame in ImageSequence.Iterator(animation)
        ]
        assert animation.info["duration"] == 3000
    assert len(frames) == 61
    assert frames[0].shape == still.shape
    assert not np.array_equal(frames[0], frames[30])
    assert np.percentile(abs(frames[-1] - still).max(axis=-1), 99) <= 12
    assert (tmp_path / "ball.gif").stat().st_size < 1_000_000
    # From here on its frames, but for the one with all colours, are done when the test says so.
    page.evaluate(
        """() => {
          window.goOn = () => worker.onmessage({ data: null });
          const postMessage = ({ delay }) => delay || queueMicrotask(goOn);
          const worker = { postMessage, terminate() {} };
          DropABall.hire = () => worker;
        }"""
    )
    page.get_by_role("button", name="Save as an animation (GIF)").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Cancel")).not_to_be_visible()
    # All frames have one size: another one would be torn.
    page.get_by_role("button", name="Save as an animation (GIF)").click()
    width = page.evaluate("DropABall.app.map.ground.width")
    page.set_viewport_size({"width": 600, "height": 900})
    page.wait_for_function("width => DropABall.app.map.ground.width !== width", arg=width)
    page.evaluate("goOn()")
    expect(page.get_by_role("alert")).to_contain_text("changed their size")


def test_from_disk(browser: Browser, site: Path) -> None:
    """All of it works from a copy on a disk, other surfaces included."""
    page = browser.new_page()
    page.goto((site / PAGE).as_uri() + "#surface=seed60-n500&start=1,1&epochs=10")
    ends(page, 1)
    page.locator("#ball-surface").select_option("n10000")
    page.wait_for_function(
        "() => document.getElementById('ball-critical').textContent.includes('5.969')"
    )
    page.close()


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
@pytest.mark.parametrize("disk", [False, True], ids=["server", "disk"])
def test_engines(
    request: pytest.FixtureRequest, address: str, site: Path, engine: str, disk: bool
) -> None:
    """Other engines find the core's paths, on surfaces of the list and the reader's own."""
    browser: Firefox | WebKit = request.getfixturevalue(engine)
    page = (site.as_uri() + "/" if disk else address) + PAGE
    balls = "document.querySelectorAll('output[data-cost]').length"
    descent = descend(plane_of(SURFACES[0]), [(-9, 15)], Adam(0.05), 500)
    expected = [*descent.weights[-1, 0], descent.cost[-1, 0]]
    for surface in ("surface=n100", "seed=135&n=100&a=2,5,250&b=2,5,251"):
        browser.open(f"{page}#{surface}&start=-9,15&optimizer=Adam&lr=0.05&epochs=500")
        browser.wait_for(f"{balls} === 1")
        found = browser.evaluate(
            "['a', 'b', 'cost'].map((key) => Number(document.querySelector('output').dataset[key]))"
        )
        assert found == pytest.approx(expected, rel=0, abs=1e-9)
        assert "1 saddle" in browser.evaluate("document.getElementById('ball-critical').innerText")
    browser.click("#ball-map")
    browser.wait_for(f"{balls} === 2 && DropABall.app.motion.epoch > 0")
    assert browser.evaluate("DropABall.app.map.cross") is None
    browser.click("#ball-rewind")
    browser.evaluate("document.getElementById('ball-slider').focus()")
    browser.press("Right", "Right", "Right", "Left")
    assert browser.evaluate("DropABall.app.motion.epoch") == 2
    known = "DropABall.app.cards.balls.every((ball) => ball.complete)"
    browser.wait_for(f"{known} && !DropABall.app.awake")
    # Neither at rest nor out of sight does it draw.
    browser.evaluate(
        """(() => {
          const { app } = DropABall;
          window.drawn = window.passed = 0;
          const pass = () => {
            window.passed += 1;
            requestAnimationFrame(pass);
          };
          pass();
          app.frame = (now) => {
            window.drawn += 1;
            DropABall.App.prototype.frame.call(app, now);
          };
        })()"""
    )
    browser.wait_for("passed > 3")
    hide = "Object.defineProperty(document, 'hidden', { configurable: true, value: true })"
    browser.evaluate(f"({hide}, DropABall.app.motion.play(), window.passed = 0)")
    browser.wait_for("passed > 3")
    assert browser.evaluate("window.drawn") == 0
    browser.evaluate("(delete document.hidden, DropABall.app.wake(), null)")
    browser.wait_for("window.drawn > 1")


def test_sizes(open_page: OpenPage, site: Path) -> None:
    """The first view takes 150 kB at most on its way, and no surface weighs more than 400 kB."""
    page = open_page(PAGE)
    ends(page, 3)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    files = {unquote(urlsplit(url).path[1:]) for url in [page.url, *loaded] if url[:4] == "http"}
    assert f"_static/surfaces/{SURFACES[0].name}.js" in files
    sizes = {file: len(gzip.compress((site / file).read_bytes())) for file in files}
    assert sum(sizes.values()) <= 150_000, sizes
    folder = site / "_static" / "surfaces"
    assert max((folder / f"{surface.name}.js").stat().st_size for surface in SURFACES) <= 400_000


def test_own_slice(open_page: OpenPage, capsys: pytest.CaptureFixture[str]) -> None:
    """A slice is chosen in a form; its link, its Python and its points are right."""
    page = open_page(PAGE, reduced_motion="reduce")
    ends(page, 3)
    page.locator("summary", has_text="Choose a slice of your own").click()
    page.get_by_label("two weights into").select_option("1")
    for label, text in [("seed", "3"), ("digits", "500"), ("unit", "200")]:
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("a from input").fill("30")
    page.get_by_label("b from input").fill("31")
    page.get_by_role("button", name="Show this slice").click()
    page.wait_for_function("() => DropABall.app.entry.slice")
    assert page.url.endswith(
        "#seed=3&n=500&a=1,200,30&b=1,200,31&start=-9,15&start=-10.1,15&start=-11,15"
        "&optimizer=GradientDescent&lr=100&epochs=1000"
    )
    marked = page.evaluate("DropABall.app.surface.critical")
    seed3 = next(surface for surface in SURFACES if surface.name == "seed3-n500")
    plane = plane_of(seed3)
    expected = find_critical_points(plane, (-15, 17), (-15, 18))
    assert sorted((round(p["a"], 6), p["kind"]) for p in marked) == sorted(
        (round(p.a, 6), p.kind) for p in expected
    )
    assert "searched, not proven" in page.locator("#ball-critical").inner_text()
    again = open_page(page.url.rpartition("/")[2])
    found = ends(again, 3)
    exec(again.locator("#ball-python pre").inner_text(), {})
    printed = np.array(re.findall(r"-?\d+\.\d+", capsys.readouterr().out), dtype=float)
    assert printed.reshape(3, 3) == pytest.approx(found, rel=0, abs=1e-7)


def test_impossible_slice(open_page: OpenPage) -> None:
    """A slice that is none is refused beside the form, and the surface stays."""
    page = open_page(PAGE)
    ends(page, 3)
    page.locator("summary", has_text="Choose a slice of your own").click()
    for name, text, reason in [
        ("seed", "-1", "The seed “-1” does not work: give"),
        ("digits", "10001", "“10001” does not work: give"),
        ("unit", "10", "“10” does not work: give"),
        ("a from input", "<img src=x onerror=alert(1)>", "“<img src=x onerror=alert(1)>” does not"),
        ("b from input", "250", "give two with different inputs"),
    ]:
        field = page.get_by_label(name, exact=True)
        usual = field.input_value()
        field.fill(text)
        page.get_by_role("button", name="Show this slice").click()
        assert reason in page.locator("#ball-slice").get_by_role("alert").inner_text()
        field.fill(usual)
    assert page.evaluate("DropABall.app.entry.name") == "n100"


def test_idle_weights(open_page: OpenPage) -> None:
    """Two weights from pixels without ink are refused, since they change nothing."""
    page = open_page(f"{PAGE}#seed=1&n=10&a=0,5,0&b=0,5,1")
    ends(page, 3)
    assert "change nothing" in page.get_by_role("alert").inner_text()


def test_cancel(open_page: OpenPage, address: str) -> None:
    """A slice that takes long can be given up; all is as before then, or as the page begins."""
    page = open_page(PAGE)
    ends(page, 3)
    page.route("**/digits*.js", lambda route: None)  # never answered
    page.locator("summary", has_text="Choose a slice of your own").click()
    page.get_by_label("two weights into").select_option("0")
    page.get_by_label("digits", exact=True).fill("1000")
    page.get_by_role("button", name="Show this slice").press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("button", name="Cancel")).not_to_be_visible()
    expect(page.get_by_role("button", name="Show this slice")).to_be_focused()
    expect(page.locator("#ball-live")).to_have_text("Cancelled.")
    assert page.locator("#ball-surface").input_value() == "n100"
    assert page.evaluate("DropABall.app.entry.name") == "n100"
    assert page.get_by_role("alert").count() == 0
    # The same holds for a slice that a link asks for, also where nothing else is shown yet.
    for before in ([], ["about:blank"]):
        for url in [*before, f"{address}{PAGE}#seed=1&n=10000&a=0,5,400&b=0,5,401"]:
            page.goto(url, wait_until="commit")
        page.get_by_role("button", name="Cancel").click()
        ends(page, 3)
        assert page.locator("#ball-surface").input_value() == "n100"
        page.wait_for_function("() => location.hash.startsWith('#surface=n100&')")


def test_drawing(open_page: OpenPage) -> None:
    """Inputs and unit can be picked on a drawing of the layer."""
    page = open_page(PAGE)
    ends(page, 3)
    page.locator("summary", has_text="Choose a slice of your own").click()
    page.get_by_label("two weights into").select_option("0")
    page.wait_for_function("() => DropABall.app.choice.chooser.ink?.some(Boolean)")
    inputs, units = page.evaluate("DropABall.app.choice.chooser.cells")
    drawing = page.locator("#ball-slice canvas")
    for cells, column, row in [(inputs, 10, 14), (inputs, 12, 20), (units, 7, 3)]:
        at = (
            cells["left"] + (column + 0.5) * cells["size"],
            cells["top"] + (row + 0.5) * cells["size"],
        )
        drawing.click(position={"x": at[0], "y": at[1]})
    fields = [page.get_by_label(name).input_value() for name in ("a from input", "b from input")]
    assert fields == ["402", "572"]
    assert page.get_by_label("unit", exact=True).input_value() == "37"


def test_no_worker(browser: Browser, address: str) -> None:
    """Where no worker runs, the page says so."""
    page = browser.new_page()
    page.add_init_script(
        """window.Worker = class extends EventTarget {
          postMessage() {
            this.dispatchEvent(new ErrorEvent("error", { message: "Blocked." }));
          }
        };"""
    )
    page.goto(address + PAGE)
    expect(page.get_by_role("alert")).to_contain_text("a worker does not run. Blocked.")
    page.close()
