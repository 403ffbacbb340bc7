"""Descents: the article's rule, the states that are kept, the starts that are refused."""

import base64

import numpy as np
import pytest
from scipy.special import expit

from landscape_core import (
    GradientDescent,
    Network,
    Samples,
    WeightPlane,
    descend,
    find_basins,
    load_mnist,
)
from landscape_core.export import export_plane

STARTS = [(-9, 15), (-10.1, 15), (-11, 15)]
PAIR = {"a": (2, 5, 250), "b": (2, 5, 251)}


@pytest.fixture(scope="module")
def network():
    """Draw the article's network."""
    return Network.random(135)


@pytest.fixture(scope="module")
def plane(network, hundred):
    """Make the article's plane."""
    return WeightPlane(network, hundred, **PAIR)


def test_a_plateau():
    """A step from where all errors are nearly 1 is right to its own last digits."""
    plane = WeightPlane(Network.random(656922006), load_mnist(10), a=(2, 9, 48), b=(2, 9, 214))
    start = np.array([10.21, -10.78])
    numbers = base64.b64decode(export_plane(plane)["constants"])
    c, h, g = np.frombuffer(numbers).astype(np.longdouble).reshape(3, 10)
    v = np.exp(c + start[0] * h + start[1] * g)
    slope = -2 * v / (1 + v) ** 3  # of the square of 1 / (1 + v)
    step = -1e13 * np.array([(slope * h).mean(), (slope * g).mean()], float)
    moved = descend(plane, [start], GradientDescent(1e13), epochs=1).weights[-1, 0] - start
    assert moved == pytest.approx(step, rel=1e-9, abs=0)


def test_the_articles_three_descents(network, hundred, plane):
    """Rate 5 on the true gradient walks the article's paths, which has rate 10 on half of it."""
    h = hundred.images.astype(np.float64)
    for w in network.weights[:2]:
        h = expit(h @ w.T)
    t = hundred.targets[:, 5]
    paths = []
    for start in STARTS:
        row = network.weights[2][5].copy()
        row[250], row[251] = start
        path = [row[250:252].copy()]
        for _ in range(1500):
            p = expit(h @ row)
            for j in (250, 251):
                row[j] -= 10 * np.mean((p - t) * p * (1 - p) * h[:, j])
            path.append(row[250:252].copy())
        paths.append(path)
    descent = descend(plane, STARTS, GradientDescent(5.0), epochs=1500)
    expected = np.array(paths).swapaxes(0, 1)
    assert descent.weights.shape == (1501, 3, 2)
    np.testing.assert_allclose(descent.weights, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    "pair", [PAIR, {"a": (1, 5, 5), "b": (1, 5, 6)}], ids=["output unit", "hidden unit"]
)
def test_batches(network, pair):
    """Each update follows the gradient of its batch alone, as a plane of these samples has it."""
    samples = load_mnist(30)
    plane = WeightPlane(network, samples, **pair)
    descent = descend(plane, STARTS, GradientDescent(5.0), epochs=3, batch=12, seed=7)
    order, w = np.arange(30), np.array(STARTS, dtype=float)
    generator = np.random.RandomState(7)
    for epoch in range(1, 4):
        generator.shuffle(order)
        for part in (order[:12], order[12:24], order[24:]):
            some = Samples(samples.inputs[part], samples.targets[part])
            w -= 5.0 * WeightPlane(network, some, **pair).gradient(*w.T)
        np.testing.assert_allclose(descent.weights[epoch], w, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(descent.cost, plane.cost(*np.moveaxis(descent.weights, -1, 0)))


def test_batches_of_all(plane):
    """A batch of all samples is no batch, and a surface without samples has none."""
    all_of_them = descend(plane, STARTS, GradientDescent(5.0), epochs=20, batch=100)
    usual = descend(plane, STARTS, GradientDescent(5.0), epochs=20)
    np.testing.assert_allclose(all_of_them.weights, usual.weights, rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="does not keep a number for each sample: give batch=None"):
        descend(Cliff(), (1.0, 2.0), GradientDescent(), epochs=1, batch=5)
    relu = Network(Network.random(1, (784, 4, 10)).weights, "relu")
    unit = WeightPlane(relu, plane.samples, (0, 1, 300), (0, 1, 301))  # one, but of no such kind
    with pytest.raises(ValueError, match="or into one sigmoid or tanh unit"):
        descend(unit, (1.0, 2.0), GradientDescent(), epochs=1, batch=5)


def test_every_state_lies_on_the_surface(network, hundred, plane, direct_cost):
    """Weights and cost of one row belong to the same point of the whole network's surface."""
    descent = descend(plane, STARTS, GradientDescent(5.0), epochs=40)
    np.testing.assert_array_equal(descent.epochs, np.arange(41))
    np.testing.assert_array_equal(descent.weights[0], STARTS)
    for states, costs in zip(descent.weights, descent.cost, strict=True):
        for state, cost in zip(states, costs, strict=True):
            weights = [w.copy() for w in network.weights]
            weights[2][5, 250:252] = state
            assert cost == pytest.approx(direct_cost(weights, hundred), abs=1e-12)


def test_one_step_is_the_gradient(plane):
    """The first update is minus the learning rate times the gradient at the start."""
    descent = descend(plane, STARTS, GradientDescent(2.5), epochs=1)
    starts = np.array(STARTS, dtype=float)
    step = -2.5 * plane.gradient(*starts.T)
    np.testing.assert_allclose(descent.weights[1] - starts, step, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("epochs", "every", "kept"),
    [
        (7, 3, [0, 3, 6, 7]),
        (6, 3, [0, 3, 6]),
        (2, 5, [0, 2]),
        (1, 1, [0, 1]),
        (0, 4, [0]),
    ],
)
def test_kept_epochs(plane, epochs, every, kept):
    """Every so many updates, and the last, are kept, equal to the rows of the full record."""
    descent = descend(plane, STARTS, GradientDescent(), epochs, every)
    full = descend(plane, STARTS, GradientDescent(), epochs)
    np.testing.assert_array_equal(descent.epochs, kept)
    np.testing.assert_array_equal(descent.weights, full.weights[kept])
    np.testing.assert_array_equal(descent.cost, full.cost[kept])


def test_one_start_without_brackets(plane):
    """A single pair is one start."""
    descent = descend(plane, (-9, 15), GradientDescent(), epochs=3)
    assert descent.weights.shape == (4, 1, 2)
    assert descent.cost.shape == (4, 1)


@pytest.mark.parametrize("n", [1, 100, 600])
def test_starts_do_not_disturb_each_other(network, n):
    """More starts than one block holds walk as each would alone."""
    plane = WeightPlane(network, load_mnist(n), **PAIR)
    starts = np.random.default_rng(5).uniform(-15, 15, (70, 2))
    together = descend(plane, starts, GradientDescent(), epochs=6)
    for k in (0, 31, 32, 69):
        alone = descend(plane, starts[k], GradientDescent(), epochs=6)
        np.testing.assert_allclose(together.weights[:, k], alone.weights[:, 0], rtol=1e-12)
        np.testing.assert_allclose(together.cost[:, k], alone.cost[:, 0], rtol=1e-12)


@pytest.mark.parametrize("pair", [((1, 200, 30), (1, 200, 31)), ((1, 5, 5), (2, 5, 5))])
def test_any_plane(network, hundred, pair):
    """A descent on any plane follows that plane's gradient."""
    plane = WeightPlane(network, hundred, *pair)
    descent = descend(plane, [(-3.0, 2.0), (1.0, 4.0)], GradientDescent(5.0), epochs=5)
    w = descent.weights[0]
    for row in descent.weights[1:]:
        w = w - 5.0 * plane.gradient(*w.T)
        np.testing.assert_allclose(row, w, rtol=1e-12)


def test_starts_are_not_written_to(plane):
    """The caller's starts stay as they were."""
    starts = np.array(STARTS, dtype=float)
    descend(plane, starts, GradientDescent(), epochs=5)
    np.testing.assert_array_equal(starts, STARTS)


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        ([], "give pairs"),
        ([[]], "give pairs"),
        ([1.0, 2.0, 3.0], r"have shape \(1, 3\): give pairs \(a, b\), at least one"),
        (4.0, r"have shape \(1, 1\)"),
        ([[[1.0, 2.0]]], r"have shape \(1, 1, 2\)"),
        (np.empty((0, 2)), r"have shape \(0, 2\)"),
        ([(0.0, 1.0), (2.0, np.nan)], r"start \(2.0, nan\) is not finite"),
        ([("1", "2")], "starts holds <U1 values: give real numbers"),
        ([(1j, 2.0)], "starts holds complex128 values"),
        (np.ma.masked_equal([(1.0, 2.0)], 2.0), "starts is a masked array"),
        ([(0.0, 1.0), (2.0,)], "starts has rows of different lengths: give each the same"),
        ([(np.inf, 1.0)], r"start \(inf, 1.0\) is not finite"),
    ],
)
def test_starts_that_are_none(plane, starts, message):
    """Starts that are not finite pairs are refused with what was found."""
    with pytest.raises(ValueError, match=message):
        descend(plane, starts, GradientDescent(), epochs=1)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("epochs", -1, "epochs is -1: give a whole number, 0 or more"),
        ("epochs", 1.5, "epochs is 1.5: give a whole number, 0 or more"),
        ("epochs", None, "epochs is None: give a whole number, 0 or more"),
        ("epochs", np.inf, "epochs is inf: give a whole number, 0 or more"),
        ("every", 0, "every is 0: give a whole number, 1 or more"),
        ("every", 0.5, "every is 0.5"),
        ("batch", 0, "batch is 0: give a whole number, 1 or more"),
        ("seed", -1, "seed is -1: give a whole number, from 0 to 4,294,967,295"),
    ],
)
def test_counts_out_of_range(plane, name, value, message):
    """A count that is not whole or too small is refused with its range."""
    with pytest.raises(ValueError, match=message):
        descend(plane, STARTS, GradientDescent(), **{"epochs": 3, name: value})


def test_a_gradient_of_another_shape():
    """A surface of one's own whose gradient is no pair is refused, not stretched to one."""

    class Lopsided:
        cost = hessian = None

        def gradient(self, a, b):
            return a + b

    with pytest.raises(ValueError, match=r"gradient has shape \(1,\) at 1 points: .* \(1, 2\)"):
        descend(Lopsided(), (1.0, 2.0), GradientDescent(), epochs=1)


class Cliff:
    """A surface from which every step leads farther: J = exp(a² + b²), roughly."""

    def cost(self, a, b):
        """Return J."""
        return np.exp(a * a + b * b)

    def gradient(self, a, b):
        """Return a gradient that points inwards, so that a descent flees."""
        return np.stack([-(a**3), -(b**3)], axis=-1)


def test_a_descent_that_runs_away():
    """The start, the epoch and the remedy are named, and nothing warns."""
    message = r"from \(2.0, -3.0\) has left the range of numbers by epoch \d+: take a smaller"
    with pytest.raises(FloatingPointError, match=message):
        descend(Cliff(), [(0, 0), (2, -3)], GradientDescent(10.0), epochs=50)


def test_results_in_one_line(plane):
    """Descents and basins can be read in a notebook."""
    descent = descend(plane, STARTS, GradientDescent(), epochs=2000, every=2000)
    assert repr(descent).startswith("Descent(3 starts, 2,000 epochs, cost 4.7")
    basins = find_basins(plane, [-9.0, 0.0], [1.0, 2.0, 3.0], GradientDescent(), epochs=1)
    assert repr(basins).startswith("Basins(2 × 3 starts, cost 4.7")


# Basins.

A, B = np.linspace(-9, 7, 4), np.linspace(-5, 15, 3)


@pytest.fixture(scope="module")
def skew():
    """Return a plane whose two weights are not interchangeable."""
    return WeightPlane(Network.random(3), load_mnist(30), a=(2, 5, 250), b=(2, 5, 251))


def test_a_basin_holds_the_end_of_its_own_start(skew):
    """Each end is that of a descent made alone, with the cost of the very same point."""
    basins = find_basins(skew, A, B, GradientDescent(3.0), epochs=40)
    assert basins.ends.shape == (3, 4, 2)
    for j, b in enumerate(B):
        for i, a in enumerate(A):
            alone = descend(skew, (a, b), GradientDescent(3.0), 40)
            np.testing.assert_allclose(basins.ends[j, i], alone.weights[-1, 0], atol=1e-12)
            np.testing.assert_allclose(basins.cost[j, i], alone.cost[-1, 0], rtol=1e-12)
            assert np.hypot(*(basins.ends[j, i] - (a, b))) > 0


def test_without_epochs_each_start_is_its_end(skew):
    """No update leaves the grid as it is."""
    basins = find_basins(skew, A, B, GradientDescent(), epochs=0)
    np.testing.assert_array_equal(basins.ends, np.stack(np.meshgrid(A, B), axis=-1))
    np.testing.assert_allclose(basins.cost, skew.landscape(A, B).cost, rtol=1e-12)


@pytest.mark.parametrize("epochs", [-1, None])
def test_epochs_that_are_none(skew, epochs):
    """What a descent refuses as a number of epochs, basins refuse too."""
    with pytest.raises(ValueError, match=f"epochs is {epochs}: give a whole number, 0 or more"):
        find_basins(skew, A, B, GradientDescent(), epochs)


@pytest.mark.parametrize("axis", [np.ones((2, 2)), [], 1.0, [np.nan]])
def test_axes_that_are_none(skew, axis):
    """What a landscape refuses as an axis, basins refuse too."""
    with pytest.raises(ValueError, match="b_axis"):
        find_basins(skew, A, axis, GradientDescent(), epochs=1)
