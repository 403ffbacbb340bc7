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

REAL = np.longdouble
ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softplus": lambda z: np.logaddexp(z, 0),
    "identity": lambda z: z,
    "gelu": lambda z: z * normal(z),
}


def normal(z):
    """Return the normal distribution's share below z by its power series around 0."""
    z = np.clip(z, -12, 12)  # beyond, it is 0 or 1 to 32 digits
    odd = np.arange(3, 801, 2).astype(REAL)
    terms = z * np.cumprod(z[..., None] ** 2 / odd, axis=-1).sum(-1) + z
    return 0.5 + terms * np.exp(-z * z / 2) / np.sqrt(8 * np.arctan(REAL(1)))


def softmax(z):
    """Return exp(z) over its sum."""
    p = np.exp(z - z.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


def loss(output, z, t):
    """Return the cost of sums z (…, n, outputs) and its first and second derivatives by z.

    The second ones are a matrix for each sample, (…, n, outputs, outputs).
    """
    s = 1 - 2 * t
    if output == "squared":
        e, f = 1 / (1 + np.exp(-s * z)), 1 / (1 + np.exp(s * z))
        value, first, second = e * e, 2 * s * e * e * f, 2 * e * e * f * (2 * f - e)
    elif output == "logistic":
        e, f = 1 / (1 + np.exp(-s * z)), 1 / (1 + np.exp(s * z))
        value, first, second = np.logaddexp(s * z, 0), s * e, e * f
    elif output == "linear":
        value, first, second = (z - t) ** 2, 2 * (z - t), 0 * z + 2
    else:
        p = softmax(z)
        value = np.logaddexp.reduce(z, axis=-1, keepdims=True) - (t * z).sum(-1, keepdims=True)
        q = ((1 - t) * p).sum(-1, keepdims=True)  # 1 − p of the target, with all its digits
        first = (1 - t) * p - t * q
        eye = np.eye(z.shape[-1])
        rest = p @ (1 - eye)  # 1 − p, likewise
        second = eye * (p * rest)[..., None] - (1 - eye) * p[..., None] * p[..., None, :]
        return value.sum(-1), first, second
    return value.sum(-1), first, second[..., None] * np.eye(z.shape[-1])


@np.errstate(over="ignore", under="ignore")
def exact(plane, a, b):
    """Return J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb at points (m,), shape (m, 6), in extended precision.

    The unit lies in the last layer or in the one before. Derivatives follow z = z₀ + a h + b g.
    """
    network, (layer, unit, i), j = plane.network, plane.a, plane.b.input
    weights = [w.astype(REAL) for w in network.weights]
    act, ones = (
        ACTIVATIONS[network.hidden],
        np.ones((len(plane.samples), int(network.biases)), REAL),
    )
    h = np.hstack([plane.samples.inputs.astype(REAL), ones])
    for w in weights[:layer]:
        h = np.hstack([act(h @ w.T), ones])
    row = weights[layer][unit].copy()
    row[[i, j]] = 0
    by = np.stack([h[:, i], h[:, j]])
    place = np.stack([a, b]).astype(REAL)
    z = h @ weights[layer].T + np.zeros((len(a), 1, 1), REAL)
    z[..., unit] = h @ row + place.T @ by
    t = plane.samples.targets.astype(REAL)
    if layer == len(weights) - 1:
        value, first, second = loss(network.output, z, t)
        first, second = first[..., unit], second[..., unit, unit]
    else:
        u = z[..., unit]
        if network.hidden == "sigmoid":
            slope = 1 / (1 + np.exp(-u)) / (1 + np.exp(u))
            bend = slope * (1 / (1 + np.exp(u)) - 1 / (1 + np.exp(-u)))
        else:
            slope = 1 / np.cosh(u) ** 2
            bend = -2 * np.tanh(u) * slope
        after = weights[-1][:, unit]
        ones = np.broadcast_to(ones, (len(a), *ones.shape))
        value, first, second = loss(
            network.output, np.concatenate([act(z), ones], axis=-1) @ weights[-1].T, t
        )
        along = first @ after
        first, second = along * slope, (second @ after) @ after * slope**2 + along * bend
    parts = [value, first * by[0], first * by[1]]
    parts += [second * by[0] ** 2, second * by[0] * by[1], second * by[1] ** 2]
    return np.stack([part.mean(-1) for part in parts], axis=-1)


def outside(plane, rng, half, reach, cells=10, points=40):
    """Count the values, at points of random cells, that are not between the cells' bounds."""
    middles = rng.uniform(-reach, reach, (cells, 2))
    low, high = Enclosure.of(plane).bounds(middles, half)
    # Many of the points are on the borders of their cells, or in the corners.
    d = np.clip(rng.uniform(-1.5, 1.5, (cells, points, 2)), -1, 1) * (1 - 1e-12)
    values = exact(plane, *(middles[:, None] + half * d).reshape(-1, 2).T)
    values = values.reshape(cells, points, 6)
    return int(((values < low[:, None]) | (values > high[:, None])).sum())


def random_plane(rng, hidden, output, inner):
    """Return a small network's plane; one layer's weights are between 1e-6 and 1e5 in size."""
    sizes = [*rng.integers(2, 30, 3), 10][int(rng.integers(2)) :]
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
    layer = len(weights) - 1 - inner
    unit = rng.integers(sizes[layer + 1])
    i, j = rng.choice(sizes[layer] + biases, 2, replace=False)
    return WeightPlane(network, samples, a=(layer, unit, i), b=(layer, unit, j))


KINDS = [
    *itertools.product(ACTIVATIONS, ["squared", "logistic", "softmax", "linear"], [False]),
    *itertools.product(["sigmoid", "tanh"], ["squared", "logistic", "softmax", "linear"], [True]),
]


@pytest.mark.parametrize(("hidden", "output", "inner"), KINDS)
def test_no_value_lies_outside(hidden, output, inner):
    """Cost, gradient and Hessian in random cells, tiny and huge, lie between the bounds, always."""
    rng = np.random.default_rng(sum(map(ord, hidden + output)) + inner)
    enclosed = 0
    for _ in range(4):
        plane = random_plane(rng, hidden, output, inner)
        if Enclosure.of(plane) is not None:
            enclosed += 1
            half, reach = 10.0 ** rng.uniform(-9, 1, 2), 10.0 ** rng.uniform(-2, 3)
            assert outside(plane, rng, half, reach) == 0
    assert enclosed


def ratios(plane, window, seed, cells=40, parts=64):
    """Return how many times wider than the true range the bounds are, on random small cells."""
    low, high = np.array(window).T
    half = (high - low) / parts / 2
    middles = low + half * (2 * np.random.default_rng(seed).integers(0, parts, (cells, 2)) + 1)
    bounds = Enclosure.of(plane).bounds(middles, half)
    d = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 9)]), axis=-1).reshape(-1, 2)
    places = np.moveaxis(middles[:, None] + d * half, -1, 0)
    values = [plane.cost(*places)[..., None], plane.gradient(*places)]
    values.append(plane.hessian(*places).reshape(cells, -1, 4)[..., [0, 1, 3]])
    return (bounds[1] - bounds[0]) / np.ptp(np.concatenate(values, axis=-1), axis=1)


@pytest.mark.parametrize(
    ("seed", "n", "hidden", "output", "a", "b"),
    [
        (135, 1000, "sigmoid", "squared", (2, 5, 250), (2, 5, 251)),
        (3, 100, "sigmoid", "squared", (2, 5, 250), (2, 5, 251)),
        (135, 100, "sigmoid", "logistic", (2, 5, 250), (2, 5, 251)),
        (158, 200, "sigmoid", "squared", (1, 5, 5), (1, 5, 6)),
        (0, 100, "tanh", "squared", (1, 5, 5), (1, 5, 6)),
        (0, 100, "tanh", "linear", (1, 5, 5), (1, 5, 6)),
        (0, 100, "sigmoid", "squared", (0, 5, 350), (0, 5, 351)),
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
        (activations.sigmoid, ACTIVATIONS["sigmoid"], -700, 40),
        (np.tanh, np.tanh, -20, 20),
        (activations.softplus, ACTIVATIONS["softplus"], -700, 700),
    ],
)
def test_functions_are_as_exact_as_assumed(computed, function, low, high):
    """The one assumption besides IEEE 754: elementary functions are right within 16 half-ulps."""
    z = np.random.default_rng(0).uniform(low, high, 200_000)
    z[::2] /= 50
    true = function(z.astype(REAL))
    assert (abs(computed(z) - true) <= ULPS * abs(true)).all()


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
