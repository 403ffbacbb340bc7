"""Enclosures against the same functions in extended precision, from the weights and inputs on."""

import numpy as np
import pytest

from landscape_core import Network, WeightPlane, load_mnist
from landscape_core.enclosures import PARTS, Enclosure

REAL = np.longdouble


@np.errstate(over="ignore")
def exact(plane, a, b):
    """Return J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb at points (m,), shape (m, 6), in extended precision.

    For weights into one output unit, or into a unit of the last hidden layer.
    """
    weights = [w.astype(REAL) for w in plane.network.weights]
    layer, unit = plane.a[:2]
    h = plane.samples.inputs.astype(REAL)
    for w in weights[:layer]:
        h = 1 / (1 + np.exp(-h @ w.T))
    row = weights[layer][unit].copy()
    row[[plane.a.input, plane.b.input]] = 0
    by_a, by_b = h[:, plane.a.input], h[:, plane.b.input]
    z = h @ row + np.multiply.outer(a.astype(REAL), by_a) + np.multiply.outer(b.astype(REAL), by_b)
    others = h @ weights[layer].T
    signs = (1 - 2 * plane.samples.targets).astype(REAL)
    if layer == len(weights) - 1:
        others = 1 / (1 + np.exp(-signs * others))
        others[:, unit] = 0
        base, s = (others**2).sum(1).mean(), signs[:, unit]
        e, f = 1 / (1 + np.exp(-s * z)), 1 / (1 + np.exp(s * z))
        value, first, second = e * e, 2 * s * e * e * f, 2 * e * e * f * (2 * f - e)
    else:
        others = 1 / (1 + np.exp(-others))
        others[:, unit] = 0
        u, v = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
        after = weights[-1][:, unit]
        x = signs * (others @ weights[-1].T + u[..., None] * after)
        e, f = 1 / (1 + np.exp(-x)), 1 / (1 + np.exp(x))
        base, value = 0, (e * e).sum(-1)
        by_u = (2 * signs * e * e * f * after).sum(-1)
        by_uu = (2 * e * e * f * (2 * f - e) * after**2).sum(-1)
        first, second = by_u * u * v, by_uu * (u * v) ** 2 + by_u * u * v * (v - u)
    columns = [value + base, first * by_a, first * by_b]
    columns += [second * by_a * by_a, second * by_a * by_b, second * by_b * by_b]
    return np.stack([column.mean(-1) for column in columns], axis=-1)


def outside(plane, rng, half, reach, cells=20, points=40):
    """Count the values, at points of random cells, that are not between the cells' bounds."""
    middles = rng.uniform(-reach, reach, (cells, 2))
    low, high = Enclosure.of(plane).around(middles, half).bounds()
    # Many of the points are on the borders of their cells, or in the corners.
    d = np.clip(rng.uniform(-1.5, 1.5, (cells, points, 2)), -1, 1) * (1 - 1e-12)
    values = exact(plane, *(middles[:, None] + half * d).reshape(-1, 2).T)
    values = values.reshape(cells, points, 6) * [
        half[0] ** (k - j) * half[1] ** j for k, j in PARTS
    ]
    return int(((values < low[:, None]) | (values > high[:, None])).sum())


def random_plane(rng, hidden):
    """Return a small network's plane, its weights between 1e-6 and 1e5 in size, and a scale."""
    sizes = [*rng.integers(2, 30, rng.integers(2, 4)), 10]
    scale = 10.0 ** rng.uniform(-6, 5)
    network = Network.random(int(rng.integers(1000)), sizes)
    network = Network(
        [scale ** (layer == rng.integers(3)) * w for layer, w in enumerate(network.weights)]
    )
    digits = load_mnist(300)
    pixels = rng.permutation(np.flatnonzero(digits.images.any(0)))[: sizes[0]]
    some = rng.permutation(300)[: rng.integers(1, 30)]
    digits = type(digits)(digits.images[np.ix_(some, pixels)], digits.labels[some])
    layer = len(sizes) - (3 if hidden else 2)
    unit, (i, j) = rng.integers(sizes[layer + 1]), rng.choice(sizes[layer], 2, replace=False)
    return WeightPlane(network, digits, a=(layer, unit, i), b=(layer, unit, j))


@pytest.mark.parametrize("hidden", [False])
@pytest.mark.parametrize("seed", range(12))
def test_no_value_lies_outside(hidden, seed):
    """Cost, gradient and Hessian in random cells, tiny and huge, lie between the bounds, always."""
    rng = np.random.default_rng(seed)
    plane = random_plane(rng, hidden)
    for _ in range(6):
        assert outside(plane, rng, 10.0 ** rng.uniform(-9, 1, 2), 10.0 ** rng.uniform(-2, 3)) == 0


def ratios(plane, window, seed, cells=60, parts=64):
    """Return how many times wider than the true range the bounds are, on random small cells."""
    low, high = np.array(window).T
    half = (high - low) / parts / 2
    middles = low + half * (2 * np.random.default_rng(seed).integers(0, parts, (cells, 2)) + 1)
    bounds = Enclosure.of(plane).around(middles, half).bounds()
    d = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 13)]), axis=-1).reshape(-1, 2)
    places = np.moveaxis(middles[:, None] + d * half, -1, 0)
    values = [plane.cost(*places)[..., None], plane.gradient(*places)]
    values.append(plane.hessian(*places).reshape(cells, -1, 4)[..., [0, 1, 3]])
    values = np.concatenate(values, axis=-1) * [half[0] ** (k - j) * half[1] ** j for k, j in PARTS]
    return (bounds[1] - bounds[0]) / np.ptp(values, axis=1)


@pytest.mark.parametrize(
    ("seed", "n", "a", "b"),
    [
        (135, 100, (2, 5, 250), (2, 5, 251)),
        (135, 1000, (2, 5, 250), (2, 5, 251)),
        (3, 100, (2, 5, 250), (2, 5, 251)),
        (42, 200, (2, 9, 17), (2, 9, 18)),
    ],
)
def test_the_bounds_are_tight(seed, n, a, b):
    """On cells of 1/64 of the window they are hardly wider than what lies between them."""
    plane = WeightPlane(Network.random(seed), load_mnist(n), a=a, b=b)
    found = ratios(plane, [(-15, 17), (-15, 18)], seed)
    assert np.median(found) < 1.5
    assert np.quantile(found, 0.95) < 3
