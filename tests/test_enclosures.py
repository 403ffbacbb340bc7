"""Enclosures against the same functions in extended precision, from the weights and inputs on."""

import itertools

import numpy as np
import pytest

from landscape_core import (
    DirectionPlane,
    Network,
    Samples,
    WeightPlane,
    activations,
    load_mnist,
)
from landscape_core.enclosures import ULPS, Enclosure
from tests.reference import jet, of_pair

REAL = np.longdouble


def bounds_of(plane, middles, half, parts=1):
    """Return the least and the largest J, Jₐ, …, J_bb of cells, each cut into parts a side."""
    half = np.asarray(half) / parts
    d = half * np.stack(np.meshgrid(*2 * [np.arange(1 - parts, parts, 2)]), axis=-1)
    cells = (middles[:, None] + d.reshape(-1, 2)).reshape(-1, 2)
    half = half * (1 + 1e-9) + 4 * np.spacing(abs(cells).max(axis=0))
    ends = Enclosure.of(plane).around(cells, half).bounds()
    a, b = half
    low, high = (end.reshape(-1, parts**2, 6) / [1, a, b, a * a, a * b, b * b] for end in ends)
    return low.min(axis=1), high.max(axis=1)


def outside(plane, rng, half, reach, cells=8, points=10):
    """Count the values, at points of random cells, that are not between the cells' bounds."""
    middles = rng.uniform(-reach, reach, (cells, 2))
    low, high = bounds_of(plane, middles, half)
    # Many of the points are on the borders of their cells, or in the corners.
    d = np.clip(rng.uniform(-1.5, 1.5, (cells, points, 2)), -1, 1) * (1 - 1e-12)
    places = (middles[:, None] + half * d).reshape(-1, 2)
    of = plane.network, plane.samples, *of_pair(plane.network, (plane.a, plane.b))
    values = np.reshape([jet(*of, *place) for place in places], (cells, points, 6))
    return int(((values < low[:, None]) | (values > high[:, None])).sum())


def random_plane(rng, hidden, output, above):
    """Return a small network's plane, so many layers above the last, of weights 1e-6 to 1e5."""
    sizes = [*rng.integers(2, 30, 3), 10][int(rng.integers(2)) * (above < 2) :]
    biases = bool(rng.integers(2))
    weights = [
        10.0 ** (rng.uniform(-6, 5) * rng.integers(2))
        * rng.standard_normal((rows, columns + biases))
        for columns, rows in itertools.pairwise(sizes)
    ]
    network = Network(weights, hidden, output=output, biases=biases)
    digits = load_mnist(300)
    pixels = rng.permutation(np.flatnonzero(digits.inputs.any(0)))[: sizes[0]]
    some = rng.permutation(300)[: rng.integers(1, 30)]
    samples = Samples(digits.inputs[np.ix_(some, pixels)], digits.targets[some])
    layer = len(weights) - 1 - above
    unit = rng.integers(sizes[layer + 1])
    i, j = rng.choice(sizes[layer] + biases, 2, replace=False)
    return WeightPlane(network, samples, a=(layer, unit, i), b=(layer, unit, j))


OUTPUTS = ["squared", "logistic", "softmax", "linear"]
KINDS = [
    *itertools.product(activations.ACTIVATIONS, OUTPUTS, [0]),
    *itertools.product(["sigmoid", "tanh"], OUTPUTS, [1, 2]),
]


@pytest.mark.parametrize(("hidden", "output", "above"), KINDS)
def test_no_value_lies_outside(hidden, output, above):
    """Cost, gradient and Hessian in random cells, tiny and huge, lie between the bounds, always."""
    rng = np.random.default_rng(sum(map(ord, hidden + output)) + above)
    planes = iter(lambda: random_plane(rng, hidden, output, above), None)
    for plane in itertools.islice(filter(Enclosure.of, planes), 3):
        half, reach = 10.0 ** rng.uniform(-9, 1, 2), 10.0 ** rng.uniform(-2, 3)
        assert outside(plane, rng, half, reach) == 0


def cancelling(rng):
    """Return planes on which rounding errors of sums that nearly cancel are all that is unknown.

    A linear output fits its target exactly in the middle; a softmax's pair enters the one unit that
    rules with the weights it has, and not in the middle of the cell.
    """
    x, big = rng.uniform(0.5, 1, 2), rng.uniform(1e5, 2e5, (2, 1))
    rows = big * [1, -x[0] / x[1]] * (1 + 1e-6 * rng.standard_normal((2, 2)))
    linear = Network([rows, np.ones((1, 2))], "tanh", output="linear")
    yield WeightPlane(linear, Samples(x[None], [[0.0]]), (1, 0, 0), (1, 0, 1)), 0.0, 10.0
    row = [10 * big[0, 0], -10 * big[0, 0] * x[0] / x[1]]
    softmax = Network([[[1e3, 1e3], [0.1, 0.2], row]], output="softmax")
    yield WeightPlane(softmax, Samples(x[None], [[0, 1, 0]]), (0, 0, 0), (0, 0, 1)), -200.0, 1e-3


def underflowing(rng):
    """Return planes on which inputs lose digits where they underflow, and are large afterwards."""
    for hidden, output, w in (("identity", "linear", 1e54), ("tanh", "squared", 1e65)):
        tiny, large = (np.diag([size, size, 1]) for size in (1e-160, w))
        first, second, last = (rng.uniform(0.5, 1.5, (k, 3)) for k in (3, 3, 1))
        network = Network([tiny * first, large * second, last], hidden, output=output)
        inputs = rng.uniform(0.5, 1.5, (2, 3)) @ tiny
        yield WeightPlane(network, Samples(inputs, [[0.0], [1.0]]), (2, 0, 0), (2, 0, 1)), 0.0, 1.0


@pytest.mark.parametrize("seed", range(8))
def test_rounding_errors_of_all_sums_are_enclosed(seed):
    """In the corners and in the middle, where nothing but the errors leaves room."""
    rng = np.random.default_rng(seed)
    for plane, middle, half in itertools.chain(cancelling(rng), underflowing(rng)):
        places = middle + half * np.array([[0, 0], [1, 1], [-1, 1], [1, -1], [-1, -1]])
        low, high = Enclosure.of(plane).around(places[:1], np.full(2, half)).bounds()
        of = plane.network, plane.samples, *of_pair(plane.network, (plane.a, plane.b))
        values = [jet(*of, *place) * half ** np.array([0, 1, 1, 2, 2, 2]) for place in places]
        assert (low <= values).all()
        assert (values <= high).all()


@pytest.mark.parametrize(("size", "output"), [(1e15, "softmax"), (1e100, "linear")])
def test_sums_beyond_all_digits_are_enclosed_in_silence(size, output):
    """Where rounding errors are larger than any exponent, or costs than all numbers: ±∞."""
    weights = [np.full((3, 3), size) + size / 10 * np.eye(3)] * 2
    network = Network(weights, "identity", output=output)
    plane = WeightPlane(network, Samples(np.eye(3), np.eye(3)), (1, 0, 0), (1, 0, 1))
    low, high = bounds_of(plane, np.zeros((1, 2)), np.ones(2))
    assert low[0, 0] == -np.inf
    assert high[0, 0] == np.inf


def ratios(plane, window, seed, cells=40, parts=64):
    """Return how many times wider than the true range the bounds are, on random small cells.

    What varies by less than 1e-12 of itself is left out. Where all samples of a softmax are sure,
    right or wrong, its gradient is as good as constant: it varies by less than is lost in rounding.
    """
    low, high = np.array(window).T
    half = (high - low) / parts / 2
    middles = low + half * (2 * np.random.default_rng(seed).integers(0, parts, (cells, 2)) + 1)
    least, most = bounds_of(plane, middles, half, parts=4)
    d = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 9)]), axis=-1).reshape(-1, 2)
    places = np.moveaxis(middles[:, None] + d * half, -1, 0)
    values = [plane.cost(*places)[..., None], plane.gradient(*places)]
    values.append(plane.hessian(*places).reshape(cells, -1, 4)[..., [0, 1, 3]])
    values = np.concatenate(values, axis=-1)
    true = np.ptp(values, axis=1)
    return ((most - least) / true)[true > 1e-12 * abs(values).max(axis=1)]


@pytest.mark.parametrize(
    ("seed", "n", "hidden", "output", "a", "b"),
    [
        (135, 1000, "sigmoid", "squared", (2, 5, 250), (2, 5, 251)),
        (3, 100, "sigmoid", "squared", (2, 5, 250), (2, 5, 251)),
        (135, 100, "sigmoid", "logistic", (2, 5, 250), (2, 5, 251)),
        (135, 1000, "sigmoid", "softmax", (2, 5, 250), (2, 5, 251)),
        (158, 200, "sigmoid", "squared", (1, 5, 5), (1, 5, 6)),
        (0, 100, "tanh", "squared", (1, 5, 5), (1, 5, 6)),
        (0, 100, "tanh", "linear", (1, 5, 5), (1, 5, 6)),
        (0, 100, "sigmoid", "squared", (0, 5, 350), (0, 5, 351)),
        (0, 100, "sigmoid", "softmax", (0, 5, 350), (0, 5, 351)),
    ],
)
def test_the_bounds_are_tight(seed, n, hidden, output, a, b):
    """On cells of 1/64 of the window they are hardly wider than what lies between them."""
    network = Network(Network.random(seed).weights, hidden, output=output)
    plane = WeightPlane(network, load_mnist(n), a=a, b=b)
    found = ratios(plane, [(-15, 17), (-15, 18)], seed)
    assert np.median(found) < 1.5
    assert np.quantile(found, 0.95) < 3
    assert found.min() >= 1


@pytest.mark.parametrize(
    ("computed", "function", "low", "high"),
    [
        (np.exp, np.exp, -700, 700),
        (activations.sigmoid, lambda z: 1 / (1 + np.exp(-z)), -700, 40),
        (np.tanh, np.tanh, -20, 20),
        (activations.softplus, lambda z: np.logaddexp(z, 0), -700, 700),
    ],
)
def test_functions_are_as_exact_as_assumed(computed, function, low, high):
    """The one assumption besides IEEE 754: elementary functions are right within 16 half-ulps."""
    z = np.random.default_rng(0).uniform(low, high, 200_000)
    z[::2] /= 50
    true = function(z.astype(REAL))
    assert (abs(computed(z) - true) <= ULPS * abs(true)).all()


def test_gelu_is_as_exact_as_assumed():
    """It loses digits in its tail, and is right within 16 half-ulps of its argument."""
    z = np.random.default_rng(0).uniform(-9, 9, 2000)
    x = z.astype(REAL)
    series = np.cumprod(x[:, None] ** 2 / np.arange(3, 601, 2), axis=1).sum(1) + 1
    share = 0.5 + x * series * np.exp(-x * x / 2) / np.sqrt(8 * np.arctan(REAL(1)))
    assert (abs(activations.ACTIVATIONS["gelu"].value(z) - x * share) <= ULPS * abs(z)).all()


def test_other_planes_have_no_enclosures():
    """Weights into two units, directions, an activation that is not smooth below: None."""
    network = Network.random(4, (784, 6, 10))
    digits = load_mnist(10)
    relu = Network(network.weights, "relu")
    for plane in (
        WeightPlane(network, digits, (1, 2, 3), (1, 3, 3)),
        DirectionPlane(network, digits, network.weights, network.weights),
        WeightPlane(relu, digits, (0, 2, 300), (0, 2, 301)),
    ):
        assert Enclosure.of(plane) is None
