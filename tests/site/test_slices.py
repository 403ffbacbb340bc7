"""Slices of the reader's own on "Drop a ball": drawn and computed in the page as in the core."""

import base64

import numpy as np
import pytest

import landscape_core
from landscape_core import Network, WeightPlane, descend, find_critical_points, load_mnist

from .conftest import OpenPage

PAGE = "drop_a_ball.html"
RATES = {"GradientDescent": 5, "Momentum": 1, "Nesterov": 1, "AdaGrad": 0.5, "Adam": 0.05}
MOST_DIGITS = 1000
SLICES = 200


def random_slice(rng: np.random.Generator, layer: int) -> dict[str, object]:
    """Return a slice into any unit of a layer."""
    inked = np.arange(784).reshape(28, 28)[8:20, 8:20].ravel()  # elsewhere a pixel may be idle
    unit = int(rng.integers((50, 500, 10)[layer]))
    a, b = map(int, rng.choice((inked, np.arange(50), np.arange(500))[layer], 2, replace=False))
    return {
        "seed": int(rng.integers(2**32)),
        "digits": min(int(3 / (1 - rng.random())), MOST_DIGITS),  # half of them 6 at most
        "a": [layer, unit, a],
        "b": [layer, unit, b],
    }


def test_weights(open_page: OpenPage) -> None:
    """The weights of a hundred seeds are NumPy's, nine of ten to the last bit."""
    seeds = [0, 1, 135, 2**31, 2**32 - 1, *np.random.default_rng(2).integers(2**32, size=95)]
    page = open_page(PAGE)
    for seed in map(int, seeds):
        text = page.evaluate(
            """async (seed) => {
              const file = new FileReader();
              file.readAsDataURL(new Blob(DropABall.drawWeights(seed)));
              await new Promise((resolve) => (file.onload = resolve));
              return file.result.split(",")[1];
            }""",
            seed,
        )
        drawn = np.frombuffer(base64.b64decode(text), "<f8")
        expected = np.concatenate([w.ravel() for w in Network.random(seed).weights])
        np.testing.assert_allclose(drawn, expected, rtol=1e-15, atol=0)
        assert (drawn == expected).mean() > 0.9


def test_slices(open_page: OpenPage) -> None:
    """Any slice has the core's cost and derivatives, and, one in forty, its paths."""
    rng = np.random.default_rng(1)
    layers = [0, 1, 2, 1, 2]  # those of the first hidden layer take the core longest
    slices = [random_slice(rng, layers[i % 5]) for i in range(SLICES)]
    for one in slices[3:5]:
        one["digits"] = MOST_DIGITS
    points = rng.uniform(-20, 20, (100, 2))
    results = open_page(PAGE).evaluate(
        """async ([slices, points, rates, most]) => {
          const file = await DropABall.loadDigits(most);
          const digits = await DropABall.unpackDigits(file, most, 0, most);
          return slices.map((slice, i) => {
            const images = digits.images.subarray(0, slice.digits * 784);
            const labels = digits.labels.subarray(0, slice.digits);
            const weights = DropABall.drawWeights(slice.seed);
            const plane = DropABall.makePlane(weights, images, labels, slice, () => {});
            const model = new DropABall.Model(plane);
            const values = points.map(([a, b]) => Object.values(model.taylor(a, b)));
            const ends = Object.entries(i % 41 ? {} : rates).map(([optimizer, rate]) => {
              const settings = { start: [-9, 15], optimizer, rate, epochs: 1000 };
              return [...new DropABall.Walk(settings, model).advance(Infinity).slice(-3)];
            });
            return [values, ends];
          });
        }""",
        [slices, points.tolist(), RATES, MOST_DIGITS],
    )
    a, b = points.T
    for one, (values, ends) in zip(slices, results, strict=True):
        digits = load_mnist(one["digits"])
        plane = WeightPlane(
            Network.random(one["seed"]), digits, a=tuple(one["a"]), b=tuple(one["b"])
        )
        cost, *derivatives = np.array(values).T
        hessian = plane.hessian(a, b)
        expected = [*plane.gradient(a, b).T, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]]
        np.testing.assert_allclose(cost, plane.cost(a, b), rtol=0, atol=1e-12, err_msg=str(one))
        np.testing.assert_allclose(derivatives, expected, rtol=0, atol=1e-11, err_msg=str(one))
        for (name, rate), end in zip(RATES.items(), ends, strict=False):
            descent = descend(plane, [(-9, 15)], getattr(landscape_core, name)(rate), 1000)
            last = [*descent.weights[-1, 0], descent.cost[-1, 0]]
            np.testing.assert_allclose(end, last, rtol=0, atol=1e-9, err_msg=f"{one} {name}")


@pytest.mark.parametrize(
    ("slice_", "count"),
    [
        ((15, 1, (2, 5, 250), (2, 5, 251)), 0),
        ((2**32 - 1, 101, (0, 33, 262), (0, 33, 463)), 5),
        ((1650673025, 22, (1, 320, 20), (1, 320, 48)), 10),
        ((1982270609, 22, (0, 5, 320), (0, 5, 428)), 7),
    ],
    ids=["one digit", "at the edge", "close together", "in the corner"],
)
def test_critical_points(open_page: OpenPage, slice_: tuple, count: int) -> None:
    """The critical points of a slice are the core's, wherever they lie."""
    seed, digits, a, b = slice_
    page = open_page(PAGE)
    found = page.evaluate(
        """async (slice) => {
          const { signal } = new AbortController();
          const { critical } = await DropABall.compute(slice, () => {}, signal);
          return critical.map(({ a, b, kind }) => [a, b, kind]);
        }""",
        {"seed": seed, "digits": digits, "a": a, "b": b},
    )
    plane = WeightPlane(Network.random(seed), load_mnist(digits), a=a, b=b)
    expected = [
        (point.a, point.b, point.kind)
        for point in find_critical_points(plane, (-15, 17), (-15, 18))
    ]
    assert len(found) == len(expected) == count
    for one, other in zip(sorted(found), sorted(expected), strict=True):
        assert one[:2] == pytest.approx(other[:2], rel=0, abs=1e-6)
        assert one[2] == other[2]


def test_in_turn(open_page: OpenPage) -> None:
    """The views of a new surface are drawn in two frames, and the page answers between them."""
    page = open_page(PAGE)
    page.wait_for_function("() => DropABall.app.surface")
    page.evaluate(
        """() => {
          window.drawn = [];
          for (const view of [DropABall.app.map, DropABall.app.relief]) {
            const { drawGround } = view;
            view.drawGround = () => {
              drawGround.call(view);
              window.drawn.push(document.timeline.currentTime);
            };
          }
        }"""
    )
    page.locator("#ball-surface").select_option("seed3-n500")
    page.wait_for_function("() => window.drawn.length >= 2")
    first, second = page.evaluate("window.drawn.slice(0, 2)")
    assert first < second


def test_atlas(open_page: OpenPage) -> None:
    """Neighbouring seeds are pictures of the core's surfaces, to walk through by keys."""
    page = open_page(f"{PAGE}#seed=1&n=20&a=2,5,250&b=2,5,251&start=none")
    page.locator("#ball-atlas summary").click()
    tiles = page.locator(".ball-tiles button")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.ball-tiles span')].every((span) => span.textContent)"
    )
    names = [tile.inner_text().split("\n") for tile in tiles.all()]
    assert [name for name, _ in names] == [f"seed {seed}" for seed in range(12)]
    axes = np.linspace(-15, 17, 65), np.linspace(-15, 18, 65)
    for seed, (_, told) in enumerate(names):
        plane = WeightPlane(Network.random(seed), load_mnist(20), a=(2, 5, 250), b=(2, 5, 251))
        cost = plane.landscape(*axes).cost
        ends = [float(end) for end in told.removeprefix("cost ").split(" to ")]
        assert ends == pytest.approx([cost.min(), cost.max()], rel=0, abs=np.ptp(cost) / 100)
    tiles.nth(1).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => DropABall.app.entry.slice.seed === 2")
    assert tiles.nth(2).get_attribute("aria-current") == "true"
    assert page.evaluate("document.activeElement.textContent").startswith("seed 2")
    assert "#seed=2&n=20&a=2,5,250&b=2,5,251" in page.url
    page.get_by_role("button", name="Later seeds").click()
    assert tiles.first.inner_text().startswith("seed 12")


def test_hasty_atlas(open_page: OpenPage) -> None:
    """Who walks on while the digits are still loading gets no picture of other seeds."""
    page = open_page(PAGE)
    page.wait_for_function("() => DropABall.app.surface")
    page.evaluate(
        """() => {
          const { loadDigits, ask } = DropABall;
          window.asked = [];
          const walkedOn = new Promise((resolve) => (window.walkOn = resolve));
          DropABall.loadDigits = async (count) => {
            await walkedOn;
            return loadDigits(count);
          };
          DropABall.ask = (worker, order, ...rest) => {
            window.asked.push(order.share.slice.seed);
            return ask(worker, order, ...rest);
          };
        }"""
    )
    page.locator("#ball-atlas summary").click()
    page.get_by_role("button", name="Later seeds").click()
    page.evaluate("window.walkOn()")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.ball-tiles span')].every((span) => span.textContent)"
    )
    assert sorted(page.evaluate("window.asked")) == list(range(141, 153))
