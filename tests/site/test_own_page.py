"""Pages that `write_page` makes: as exact as the package, closed to all else, in every engine."""

import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor

import landscape_core
from landscape_core import (
    Adam,
    GradientDescent,
    Network,
    Samples,
    WeightPlane,
    descend,
    load_mnist,
    write_page,
)
from landscape_core.activations import ACTIVATIONS
from landscape_core.export import export_plane

from .firefox import Firefox
from .webkit import WebKit

MARKUP = '</title><script>document.title = "run"</script><img src=x onerror=alert(1)> & co.'
KINDS = ["article", "classifier", "hidden unit", "regressor"]  # and a unit before linear outputs:
LINEAR = "ReLU unit"
BALLS = "document.querySelectorAll('output[data-cost]').length"


def make_plane(kind: str) -> WeightPlane:
    """Return a plane of the article's network, or of a model trained by scikit-learn."""
    if kind == "article":
        return WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    x, y = load_digits(return_X_y=True)
    x, y = x[:300] / 16, y[:300]
    if kind in ("regressor", LINEAR):
        regressor = MLPRegressor(hidden_layer_sizes=(8,), random_state=0)
        for _ in range(20):
            regressor.partial_fit(x[:, :20], y / 10)
        a, b = ((1, 0, 3), (1, 0, 8)) if kind == "regressor" else ((0, 3, 4), (0, 3, 20))
        return WeightPlane(Network.from_sklearn(regressor), Samples(x[:, :20], y / 10), a=a, b=b)
    classifier = MLPClassifier((16,), activation="tanh", random_state=0)
    for _ in range(20):
        classifier.partial_fit(x, y, classes=np.arange(10))
    a, b = ((1, 8, 3), (1, 8, 7)) if kind == "classifier" else ((0, 8, 30), (0, 8, 64))
    return WeightPlane(Network.from_sklearn(classifier), Samples.labelled(x, y), a=a, b=b)


@pytest.fixture(scope="module")
def planes() -> dict[str, WeightPlane]:
    """Return one plane of each kind."""
    return {kind: make_plane(kind) for kind in (*KINDS, LINEAR)}


@pytest.fixture(scope="module")
def folder(planes: dict[str, WeightPlane], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a page for each plane."""
    folder = tmp_path_factory.mktemp("pages")
    for kind, plane in planes.items():
        text = f"One.\n\nTwo: {MARKUP}"
        write_page(
            plane, folder / f"{kind}.html", title=MARKUP, text=text, optimizer=Adam(0.1, beta1=0.8)
        )
    return folder


def check_parity(page: Page, plane: WeightPlane, model: str, constants: object = None) -> None:
    """Compare a model of the page, given as JavaScript, with the plane that it is made from."""
    points = np.random.default_rng(0).uniform(-12, 12, (100, 2))
    optimizers = [
        GradientDescent(0.2),
        *(
            getattr(landscape_core, name)(0.1)
            for name in ("Momentum", "Nesterov", "AdaGrad", "Adam")
        ),
    ]
    values, ends = page.evaluate(
        f"""async ([points, optimizers, constants]) => {{
          const model = {model};
          const end = ([optimizer, rate]) => {{
            const settings = {{ start: [-7, 8], optimizer, rate, epochs: 1000 }};
            return [...new DropABall.Walk(settings, model).advance(Infinity).slice(-3)];
          }};
          return [points.map(([a, b]) => Object.values(model.taylor(a, b))), optimizers.map(end)];
        }}""",
        [
            points.tolist(),
            [(type(one).__name__, one.learning_rate) for one in optimizers],
            constants,
        ],
    )
    a, b = points.T
    cost, *derivatives = np.array(values).T
    hessian = plane.hessian(a, b)
    expected = [*plane.gradient(a, b).T, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]]
    np.testing.assert_allclose(cost, plane.cost(a, b), rtol=0, atol=1e-12)
    np.testing.assert_allclose(derivatives, expected, rtol=0, atol=1e-11)
    for optimizer, end in zip(optimizers, ends, strict=True):
        descent = descend(plane, [(-7, 8)], optimizer, 1000)
        last = [*descent.weights[-1, 0], descent.cost[-1, 0]]
        np.testing.assert_allclose(end, last, rtol=0, atol=1e-9, err_msg=repr(optimizer))


@pytest.mark.parametrize("kind", [*KINDS, LINEAR])
def test_parity(browser: Browser, folder: Path, planes: dict[str, WeightPlane], kind: str) -> None:
    """Costs, derivatives and paths are the package's."""
    page = browser.new_page()
    page.goto((folder / f"{kind}.html").as_uri())
    check_parity(page, planes[kind], '(await DropABall.load("plane")).model')
    page.close()


def test_activations(browser: Browser, folder: Path) -> None:
    """So are they for a unit before linear outputs, whatever its activation is."""
    page = browser.new_page()
    page.goto((folder / "article.html").as_uri())
    rng = np.random.default_rng(3)
    samples = Samples(rng.uniform(-1, 1, (40, 6)), rng.normal(size=(40, 3)))
    weights = [rng.normal(size=(5, 6)) / 2, rng.normal(size=(3, 5)) / 2]
    for hidden in ACTIVATIONS:
        plane = WeightPlane(
            Network(weights, hidden=hidden, output="linear"), samples, a=(0, 2, 1), b=(0, 2, 4)
        )
        decoded = "new Float64Array(DropABall.decode(constants.constants))"
        model = f"new DropABall.Model({{ ...constants, constants: {decoded} }})"
        check_parity(page, plane, model, export_plane(plane))
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_closed(browser: Browser, folder: Path, kind: str) -> None:
    """A page asks nobody for anything, runs nothing but its own, shows markup as it is typed."""
    page = browser.new_page(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    address = (folder / f"{kind}.html").as_uri()
    page.goto(address)
    page.wait_for_function(f"() => {BALLS} === 3")
    assert not troubles
    assert {url for url in asked if not url.startswith(("blob:", "data:"))} == {address}
    assert page.title() == page.locator("h1").inner_text() == MARKUP
    assert page.locator("main p").nth(1).inner_text() == f"Two: {MARKUP}"
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert not page.locator("select#ball-surface, form").count()
    assert not Axe().run(page).response["violations"]
    page.evaluate(
        """async () => {
          window.blocked = [];
          const note = ({ effectiveDirective }) => blocked.push(effectiveDirective);
          addEventListener("securitypolicyviolation", note);
          const script = document.createElement("script");
          script.textContent = "document.title = 'run'";
          const image = new Image();
          image.src = "https://example.org/x.png";
          document.body.append(script, image);
          await fetch("https://example.org/").catch(() => {});
        }"""
    )
    page.wait_for_function("() => blocked.length === 3")
    assert page.evaluate("blocked.sort()") == ["connect-src", "img-src", "script-src-elem"]
    assert page.title() == MARKUP
    page.close()


def test_link_and_python(
    browser: Browser,
    folder: Path,
    planes: dict[str, WeightPlane],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The link of a page brings its balls back; its Python prints what it shows."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto((folder / "hidden unit.html").as_uri())
    page.wait_for_function(f"() => {BALLS} === 3")
    page.get_by_label("learning rate").first.fill("0.2")
    page.get_by_label("batch size").first.fill("50")
    page.keyboard.press("Tab")
    address = page.url
    assert "&optimizer=Adam&lr=0.2&lr=0.1&lr=0.1&epochs=1000" in address
    assert "&beta1=0.8" in address
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("() => document.querySelector('output')?.dataset.epoch === '1000'")
    found = page.eval_on_selector_all(
        "output", "all => all.map(({dataset: {a, b, cost}}) => [a, b, cost].map(Number))"
    )
    plane = planes["hidden unit"]
    exec(page.locator("pre").inner_text(), {"network": plane.network, "samples": plane.samples})
    printed = np.array(re.findall(r"-?\d+\.\d+(?:e-?\d+)?", capsys.readouterr().out), dtype=float)
    np.testing.assert_allclose(printed.reshape(3, 3), found, rtol=0, atol=1e-7)
    page.goto(address.split("#")[0] + "#seed=1&n=100&a=2,5,250&b=2,5,251")
    assert "This page shows one surface" in page.get_by_role("alert").inner_text()
    page.close()


def test_small_window(browser: Browser, planes: dict[str, WeightPlane], tmp_path: Path) -> None:
    """However small the window is, its ticks are whole, and places where the reader points."""
    path = tmp_path / "small.html"
    write_page(
        planes["article"],
        path,
        a_range=(0.1, 0.13),
        b_range=(0.6, 0.9),
        epochs=0,
        optimizer=GradientDescent(2.3),
    )
    page = browser.new_page(reduced_motion="reduce")
    page.goto(path.as_uri())
    page.wait_for_function(f"() => {BALLS} === 3")
    assert page.locator("#ball-cards details[open]").count() == 0  # all settings are as usual
    assert page.evaluate("DropABall.suggestedRate({ rate: 2.3 }, 'Momentum')") == 0.23
    ticks = "DropABall.ticks(2, 2 + 1e-11).map(DropABall.printTick)"
    assert page.evaluate(ticks) == ["2", "2.000000000005", "2.00000000001"]
    page.locator("#ball-relief").hover()
    pointed = np.array(page.evaluate("DropABall.app.pointing.place.slice(0, 2)"))
    assert (abs((pointed - [0.1, 0.6]) / [0.03, 0.3] - 0.5) < 0.4).all()  # near the middle
    assert len(set(pointed.tolist()) & {0.1, 0.11, 0.12, 0.13}) == 0
    frame = page.evaluate("DropABall.app.map.frame")
    x, y = round(frame["left"] + 0.4 * frame["width"]), round(frame["top"] + 0.3 * frame["height"])
    page.locator("#ball-map").click(position={"x": x, "y": y})
    page.get_by_role("button", name="Add a ball").click()
    page.locator("#ball-map").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    written = page.evaluate(
        """() => {
          const { map } = DropABall.app;
          const { context, width } = map.ground;
          const written = [];
          context.fillText = (text, x) => {
            const share = { center: 0.5, right: 1, left: 0 }[context.textAlign];
            const left = x - share * context.measureText(text).width;
            const whole = left >= 0 && left + context.measureText(text).width <= width;
            written.push([Number(text), whole]);
          };
          map.drawGround();
          delete context.fillText;
          return written.filter(([number]) => !Number.isNaN(number));
        }"""
    )
    starts = np.array(page.evaluate("DropABall.app.cards.settings.map(({ start }) => start)"))
    place = "relief.place(0.112, 0.7, surface.model.taylor(0.112, 0.7).cost)"
    left, top, _ = page.evaluate(f"(({{ relief, surface }}) => {place})(DropABall.app)")
    page.locator("#ball-relief").hover(position={"x": left, "y": top})
    pointed = np.array(page.evaluate("DropABall.app.map.pointed.slice(0, 2)"))
    # Far from 0 and a ten-millionth wide, a window's places and costs differ in later digits.
    points = np.array([36.5, 40]) + 1e-7 * np.arange(4)[:, np.newaxis]
    ends, places = points[::3], points[1:3]
    write_page(planes["article"], path, a_range=ends[:, 0], b_range=ends[:, 1], starts=places)
    page.goto("about:blank")
    page.goto(path.as_uri())
    page.wait_for_function(f"() => {BALLS} === 2")
    told = page.locator("output").all_inner_texts()
    scale = [page.locator(f"#ball-{end}").inner_text().split()[-1] for end in ("low", "high")]
    page.close()
    numbers = [re.findall(r"\d+\.\d+", text) for text in told]
    assert [len(set(pair)) for pair in zip(*numbers, strict=True)] == [2, 2, 2]
    np.testing.assert_allclose(np.array(numbers, float)[:, :2], places, rtol=0, atol=1e-10)
    costs = planes["article"].cost(*np.meshgrid(*ends.T))
    np.testing.assert_allclose(
        np.array(scale, float), [costs.min(), costs.max()], rtol=0, atol=np.ptp(costs) / 100
    )
    ticks = [0.1, 0.11, 0.12, 0.13, 0.6, 0.7, 0.8, 0.9]
    assert written == [[number, True] for number in ticks]
    shares = (np.vstack([starts, pointed]) - [0.1, 0.6]) / [0.03, 0.3]
    clicked = (x - frame["left"]) / frame["width"], 1 - (y - frame["top"]) / frame["height"]
    expected = [(0.2, 0.9), (0.85, 0.85), (0.65, 0.2), clicked, (0.5, 0.5), (1 / 3, 0.5)]
    np.testing.assert_allclose(shares, [*expected, (0.4, 1 / 3)], rtol=0, atol=0.02)


def test_kink(browser: Browser, tmp_path: Path, folder: Path) -> None:
    """A ball that rests where the slope of a ReLU jumps is not said to be at a minimum.

    Nor at a kink where a smooth surface, seen from far away, turns within Newton's step.
    """
    network = Network([[[0.0, 0.0, 1.0]], [[1.0]]], hidden="relu", output="linear")
    samples = Samples([[1, 0, 0], [1, 0, 5], [0, 1, 5]], [[-0.1], [5.05], [5]])
    plane = WeightPlane(network, samples, a=(0, 0, 0), b=(0, 0, 1))
    (left, right), (level, _) = plane.gradient([-1e-9, 1e-9], 0).T
    assert left < -0.03 < 0.03 < right
    assert level == 0
    write_page(plane, tmp_path / "kink.html", starts=[(3, 2)], optimizer=GradientDescent(0.3))
    page = browser.new_page()
    page.goto((tmp_path / "kink.html").as_uri())
    page.get_by_role("button", name="To the end").click()
    page.locator("output[data-epoch='1000']").wait_for()
    a, b = (float(page.locator("output").get_attribute(f"data-{name}") or "") for name in "ab")
    assert abs(a) < 0.02
    assert abs(b) < 1e-6
    assert page.locator(".ball-standing strong").inner_text() == "kink"
    page.goto((folder / "article.html").as_uri())
    wide = {"side": 1280, "low": 4.7462, "high": 5.3524}
    smooth = page.evaluate(
        "wide => DropABall.judge(DropABall.app.surface.model, 23.55, 30.51, wide).word", wide
    )
    assert smooth == "descending"
    page.close()


def test_many_samples(browser: Browser, folder: Path) -> None:
    """Batches of more samples than two bytes can number are those that NumPy draws."""
    page = browser.new_page()
    page.goto((folder / "article.html").as_uri())
    found = page.evaluate(
        """() => {
          const [batches, model] = [[], { samples: 70000, slope() {} }];
          model.take = (some) => (batches.push([...some]), model);
          const settings = { start: [1, 2], optimizer: "GradientDescent", rate: 1, epochs: 1 };
          new DropABall.Walk({ ...settings, batch: 40000, seed: 3 }, model).advance(Infinity);
          return batches.flat();
        }"""
    )
    page.close()
    order = np.arange(70_000)
    np.random.RandomState(3).shuffle(order)
    np.testing.assert_array_equal(found, order)


def test_running_away(browser: Browser, folder: Path) -> None:
    """A ball that leaves the range of numbers is said to do so, and spoils no other's curve."""
    page = browser.new_page()
    link = "#start=5,5&start=1,1&optimizer=GradientDescent&lr=1000&lr=0.1&epochs=1000"
    page.goto((folder / "regressor.html").as_uri() + link)
    page.locator("output[data-epoch='1000']").nth(1).wait_for()
    told = page.locator(".ball-standing").all_inner_texts()
    assert told[0].startswith("out of the range of numbers: take a smaller learning rate")
    assert "out of the range" not in told[1]
    assert np.isfinite(page.evaluate("DropABall.app.curve.range(DropABall.app.cards.balls)")).all()
    page.close()


def test_in_a_frame(browser: Browser, folder: Path) -> None:
    """In a frame that trusts it with nothing but scripts a page works, and shrinks if told to."""
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.set_content('<iframe sandbox="allow-scripts" width="900" height="700"></iframe>')
    content = (folder / "article.html").read_text(encoding="utf-8")
    page.eval_on_selector("iframe", "(frame, content) => (frame.srcdoc = content)", content)
    frame = page.frame_locator("iframe")
    frame.locator("output[data-cost]").nth(2).wait_for()
    frame.get_by_role("button", name="Add a ball").click()
    frame.locator("output[data-cost]").nth(3).wait_for()
    assert not troubles
    page.goto((folder / "article.html").as_uri() + "?embed")  # views and motion alone
    page.locator("output[data-cost]").nth(2).wait_for(state="attached")
    shown = page.locator("a:visible, button:visible, input:visible, h1:visible, pre:visible")
    ids = shown.evaluate_all("all => all.map((one) => one.id)")
    assert ids == ["ball-play", "ball-rewind", "ball-slider", "ball-whole"]
    page.close()


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_engines(
    request: pytest.FixtureRequest, folder: Path, planes: dict[str, WeightPlane], engine: str
) -> None:
    """Other engines open the pages from a disk, and find the same paths."""
    browser: Firefox | WebKit = request.getfixturevalue(engine)
    for kind, plane in planes.items():
        address = (folder / f"{kind}.html").as_uri()
        browser.open(f"{address}#start=-7,8&optimizer=Adam&lr=0.05&epochs=300")
        browser.wait_for(f"{BALLS} === 1")
        found = browser.evaluate(
            "['a', 'b', 'cost'].map((key) => Number(document.querySelector('output').dataset[key]))"
        )
        descent = descend(plane, [(-7, 8)], Adam(0.05), 300)
        expected = [*descent.weights[-1, 0], descent.cost[-1, 0]]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
