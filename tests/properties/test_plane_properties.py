"""Properties of every kind of plane, on small networks of any shape, found by Hypothesis."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_core import (
    Digits,
    DirectionPlane,
    GradientDescent,
    Network,
    WeightPlane,
    descend,
)

EPS = np.finfo(float).eps
TINY = 1e-40  # a complex step: no difference is taken, so that no digit is lost


def output_unit(draw, sizes):
    """Choose two weights into one output unit."""
    unit, *inputs = draw(distinct(sizes[-1], 1)), *draw(distinct(sizes[-2], 2))
    return [(len(sizes) - 2, unit[0], i) for i in inputs]


def output_units(draw, sizes):
    """Choose weights into two output units."""
    units = draw(distinct(sizes[-1], 2))
    return [(len(sizes) - 2, u, draw(below(sizes[-2]))) for u in units]


def hidden_unit(draw, sizes):
    """Choose two weights into one hidden unit."""
    layer = draw(below(len(sizes) - 2))
    unit = draw(below(sizes[layer + 1]))
    return [(layer, unit, i) for i in draw(distinct(sizes[layer], 2))]


def hidden_units(draw, sizes):
    """Choose weights into two hidden units of one layer."""
    layer = draw(below(len(sizes) - 2))
    units = draw(distinct(sizes[layer + 1], 2))
    return [(layer, u, draw(below(sizes[layer]))) for u in units]


def in_line(draw, sizes):
    """Choose a weight into a hidden unit and one that leads out of it."""
    layer = draw(below(len(sizes) - 2))
    unit = draw(below(sizes[layer + 1]))
    return [
        (layer, unit, draw(below(sizes[layer]))),
        (layer + 1, draw(below(sizes[layer + 2])), unit),
    ]


def beside(draw, sizes):
    """Choose weights in neighbouring layers that do not meet in a unit."""
    layer = draw(below(len(sizes) - 2))
    into, out_of = draw(distinct(sizes[layer + 1], 2))
    return [
        (layer, into, draw(below(sizes[layer]))),
        (layer + 1, draw(below(sizes[layer + 2])), out_of),
    ]


def far_apart(draw, sizes):
    """Choose weights with at least one layer between them."""
    first = draw(below(len(sizes) - 3))
    second = first + 2 + draw(below(len(sizes) - 3 - first))
    return [(k, draw(below(sizes[k + 1])), draw(below(sizes[k]))) for k in (first, second)]


#: Each kind, with the least number of layers that it needs.
KINDS = {
    "one output unit": (output_unit, 1),
    "two output units": (output_units, 1),
    "one hidden unit": (hidden_unit, 2),
    "two hidden units": (hidden_units, 2),
    "in line": (in_line, 2),
    "beside each other": (beside, 2),
    "far apart": (far_apart, 3),
    "directions": (None, 1),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def below(n):
    """Give whole numbers from 0 to n − 1."""
    return st.integers(0, n - 1)


def distinct(n, count):
    """Give lists of different whole numbers from 0 to n − 1."""
    return st.lists(below(n), min_size=count, max_size=count, unique=True)


@dataclass(frozen=True)
class Case:
    """A plane, and the weights and directions of the whole network that it stands for."""

    plane: WeightPlane | DirectionPlane
    exchanged: WeightPlane | DirectionPlane
    centre: list[np.ndarray]
    directions: tuple[list[np.ndarray], list[np.ndarray]]

    def weights(self, a, b):
        """Return the network's weights at (a, b), real or complex."""
        return [c + a * x + b * y for c, x, y in zip(self.centre, *self.directions, strict=True)]


@st.composite
def cases(draw, kind, steepest=4.0):
    """Give a plane of a kind through a network whose weights are up to so steep."""
    choose, layers = KINDS[kind]
    layers = draw(st.integers(layers, 4))
    sizes = [draw(st.integers(2, 7)) for _ in range(layers)] + [10]
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = draw(st.floats(0.1, steepest))
    weights = [
        scale * generator.standard_normal((rows, columns)) for columns, rows in pairwise(sizes)
    ]
    n = draw(st.sampled_from([1, 2, 3, 5, 9, 30, 600]))
    images = generator.random((n, sizes[0]), dtype=np.float32)
    digits = Digits(images, generator.integers(0, 10, n))
    if choose is None:
        hidden = draw(st.sampled_from(["sigmoid", "relu"]))
        network = Network(weights, hidden=hidden, shortcuts=draw(st.booleans()))
        a, b = ([generator.standard_normal(w.shape) for w in weights] for _ in "ab")
        planes = (DirectionPlane(network, digits, x, y) for x, y in [(a, b), (b, a)])
        return Case(*planes, weights, (a, b))
    pair = choose(draw, sizes)
    if draw(st.booleans()):
        pair = pair[::-1]
    network = Network(weights)
    centre = [w.copy() for w in weights]
    directions = tuple([np.zeros_like(w) for w in weights] for _ in "ab")
    for direction, (layer, unit, source) in zip(directions, pair, strict=True):
        centre[layer][unit, source] = 0
        direction[layer][unit, source] = 1
    planes = (WeightPlane(network, digits, *two) for two in (pair, pair[::-1]))
    return Case(*planes, centre, directions)


def moderate(count):
    """Give coordinates near enough for derivatives to be compared."""
    return st.lists(st.floats(-20, 20), min_size=count, max_size=count).map(np.array)


def extreme(count):
    """Give coordinates up to ±10⁴, the awkward ones often."""
    corners = st.sampled_from([0.0, -0.0, 1e-300, 1.0, -1.0, 36.8, -745.2, 709.8, 1e4, -1e4])
    return st.lists(corners | st.floats(-1e4, 1e4), min_size=count, max_size=count).map(np.array)


def logistic(z):
    """Return the logistic function of real or complex numbers, finite everywhere."""
    small = np.exp(np.where(z.real > 0, -z, z))
    return np.where(z.real > 0, 1, small) / (1 + small)


def layer(network, k, h, w):
    """Return a layer's activations and their derivative by the weighted sum, for any network."""
    z = h @ w.T
    if network.hidden == "relu" and k < len(network.weights) - 1:
        return z * (z.real > 0), 1.0 * (z.real > 0)
    s = logistic(z)
    return s, s * logistic(-z)


def definition(case, a, b):
    """Return the cost of the whole network at (a, b), and a bound on its rounding error."""
    plane, h = case.plane, case.plane.samples.inputs.astype(float)
    error = np.zeros_like(h)
    for k, w in enumerate(case.weights(a, b)):
        # Twice: for this computation's rounding, and for that of the package.
        w_error = EPS * sum(abs(x) for x in (case.centre[k], a * case.directions[0][k],
                                             b * case.directions[1][k]))  # fmt: skip
        error = 2 * (len(w.T) * EPS * abs(h) @ abs(w).T + abs(h) @ w_error.T) + error @ abs(w).T
        before, (h, _) = h, layer(plane.network, k, h, w)
        if plane.network.hidden == "sigmoid" or k == len(case.centre) - 1:
            error = np.minimum(error / 4, 1) + EPS
        if plane.network.has_shortcut(k):
            h = h + before
    t = plane.samples.targets
    return ((h - t) ** 2).sum(1).mean(), (2 * abs(h - t) * error + error**2).sum(1).mean()


def directional(case, weights, direction):
    """Return the derivative of the cost along a direction: analytic in the weights."""
    plane, h = case.plane, case.plane.samples.inputs.astype(float)
    dh = np.zeros_like(h)
    for k, (w, dw) in enumerate(zip(weights, direction, strict=True)):
        (s, slope), dz = layer(plane.network, k, h, w), dh @ w.T + h @ dw.T
        shortcut = plane.network.has_shortcut(k)
        h, dh = (s + h, slope * dz + dh) if shortcut else (s, slope * dz)
    return (2 * (h - plane.samples.targets) * dh).sum(1).mean()


def derivatives(case, a, b):
    """Return the gradient and the second derivatives of the whole network's cost."""
    steps = case.weights(a + TINY * 1j, b), case.weights(a, b + TINY * 1j)
    gradient = [directional(case, case.weights(a, b), d) for d in case.directions]
    hessian = [[directional(case, w, d).imag / TINY for d in case.directions] for w in steps]
    return np.array(gradient), np.array(hessian)


@every_kind
@given(data=st.data())
def test_cost_is_the_definition(kind, data):
    """The cost equals the whole network's within 1e-12, or what its own rounding allows."""
    case = data.draw(cases(kind))
    a, b = data.draw(moderate(3)), data.draw(moderate(3))
    for x, y, cost in zip(a, b, case.plane.cost(a, b), strict=True):
        expected, rounding = definition(case, x, y)
        assert abs(cost - expected) <= 1e-12 + rounding


@every_kind
@given(data=st.data())
def test_derivatives_are_exact(kind, data):
    """Gradient and second derivatives equal complex steps through the whole network."""
    case = data.draw(cases(kind))
    a, b = data.draw(moderate(2)) / 5, data.draw(moderate(2)) / 5
    gradients, hessians = case.plane.gradient(a, b), case.plane.hessian(a, b)
    for x, y, gradient, hessian in zip(a, b, gradients, hessians, strict=True):
        expected = derivatives(case, x, y)
        np.testing.assert_allclose(gradient, expected[0], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(hessian, expected[1], rtol=1e-8, atol=1e-9)
        assert hessian[0, 1] == hessian[1, 0]


@every_kind
@given(data=st.data())
def test_one_surface_whoever_asks(kind, data):
    """Grids, batches, single points and exchanged weights agree, and leave their inputs alone."""
    case = data.draw(cases(kind))
    a, b = data.draw(moderate(4)), data.draw(moderate(3))
    given_a, given_b = a.copy(), b.copy()
    plane, exchanged = case.plane, case.exchanged
    surface = plane.landscape(a, b).cost
    rounding = max(definition(case, x, y)[1] for x in a for y in b)
    near = {"rtol": 0, "atol": 1e-13 + 2 * rounding}
    np.testing.assert_allclose(plane.cost(a, b[:, None]), surface, **near)
    np.testing.assert_allclose([[plane.cost(x, y) for x in a] for y in b], surface, **near)
    np.testing.assert_allclose(exchanged.landscape(b, a).cost.T, surface, **near)
    np.testing.assert_allclose(
        exchanged.gradient(b[0], a / 5), plane.gradient(a / 5, b[0])[:, ::-1], rtol=1e-9, atol=1e-11
    )
    np.testing.assert_array_equal(a, given_a)
    np.testing.assert_array_equal(b, given_b)


@every_kind
@given(data=st.data())
def test_paths_lie_on_their_surface(kind, data):
    """Every state of a descent has the cost of its own point, and follows the gradient there."""
    case = data.draw(cases(kind, steepest=2.0))
    starts = np.stack([data.draw(moderate(3)) / 5, data.draw(moderate(3)) / 5], axis=1)
    descent = descend(case.plane, starts, GradientDescent(0.5), epochs=3)
    np.testing.assert_array_equal(descent.weights[0], starts)
    for states, costs in zip(descent.weights, descent.cost, strict=True):
        for state, cost in zip(states, costs, strict=True):
            expected, rounding = definition(case, *state)
            assert abs(cost - expected) <= 1e-12 + rounding
    steps = np.diff(descent.weights, axis=0)
    expected = -0.5 * case.plane.gradient(*np.moveaxis(descent.weights[:-1], -1, 0))
    np.testing.assert_allclose(steps, expected, rtol=1e-7, atol=1e-11)


@every_kind
@given(data=st.data())
def test_far_out_everything_is_finite(kind, data):
    """With saturated units and weights of ±10⁴ all is finite and exact, without a warning."""
    case = data.draw(cases(kind, steepest=300.0))
    a, b = data.draw(extreme(3)), data.draw(extreme(2))
    surface = case.plane.landscape(a, b).cost
    for j, y in enumerate(b):
        for i, x in enumerate(a):
            expected, rounding = definition(case, x, y)
            assert abs(surface[j, i] - expected) <= 1e-12 + rounding
    assert np.isfinite(case.plane.gradient(a, b[:, None])).all()
    assert np.isfinite(case.plane.hessian(a, b[:, None])).all()
    descent = descend(case.plane, np.stack([a[:2], b], axis=1), GradientDescent(), epochs=2)
    assert np.isfinite(descent.weights).all()
