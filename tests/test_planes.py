"""Planes: the cost, its derivatives and its grids against the whole network."""

import re
import tracemalloc

import numpy as np
import pytest
from numpy.polynomial.chebyshev import chebval
from scipy.special import expit

from landscape_core import DirectionPlane, Network, WeightPlane, load_mnist
from landscape_core._kernels import bounds

PAIRS = {
    "one output unit": ((2, 5, 250), (2, 5, 251)),
    "two output units, one input": ((2, 5, 250), (2, 6, 250)),
    "two output units, two inputs": ((2, 0, 3), (2, 9, 251)),
    "one hidden unit": ((1, 200, 30), (1, 200, 31)),
    "two hidden units, one input": ((1, 200, 30), (1, 201, 30)),
    "two hidden units, two inputs": ((1, 5, 5), (1, 499, 6)),
    "one unit of the first layer": ((0, 7, 406), (0, 7, 407)),
    "two units of the first layer": ((0, 7, 406), (0, 8, 434)),
    "last two layers, in line": ((1, 200, 30), (2, 5, 200)),
    "last two layers, apart": ((1, 200, 30), (2, 5, 201)),
    "last two layers, the later first": ((2, 5, 200), (1, 200, 30)),
    "first two layers, in line": ((0, 30, 406), (1, 200, 30)),
    "first two layers, apart": ((0, 30, 406), (1, 200, 31)),
    "first two layers, the later first": ((1, 200, 30), (0, 30, 406)),
    "first and last layer": ((0, 30, 406), (2, 5, 250)),
}
EXACT = {"rtol": 0, "atol": 1e-12}

every_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())


def moved(network, pair, values):
    """Return the network's weights with two of them replaced, real or complex."""
    weights = [w.astype(np.result_type(w, *values)) for w in network.weights]
    for (layer, unit, source), value in zip(pair, values, strict=True):
        weights[layer][unit, source] = value
    return weights


def complex_cost(weights, digits):
    """Return the cost for weights that may be complex: an analytic function of each."""
    h = digits.images.astype(np.float64)
    for w in weights:
        h = 1 / (1 + np.exp(-(h @ w.T)))
    return ((digits.targets - h) ** 2).sum(axis=1).mean()


def complex_step(cost_at):
    """Return the gradient of an analytic function of two numbers, exact to rounding."""
    tiny = 1e-30
    return lambda a, b: (
        np.array([cost_at(a + tiny * 1j, b).imag, cost_at(a, b + tiny * 1j).imag]) / tiny
    )


def differences(gradient_at, a, b, step=1e-4):
    """Return central differences of a gradient: rows are by which coordinate."""
    by_a = (gradient_at(a + step, b) - gradient_at(a - step, b)) / (2 * step)
    by_b = (gradient_at(a, b + step) - gradient_at(a, b - step)) / (2 * step)
    return np.array([by_a, by_b])


@pytest.fixture(scope="module")
def network():
    """Draw the article's network."""
    return Network.random(135)


@pytest.fixture(scope="module")
def parts():
    """Give digits, two directions and a centre that is not the network."""
    return load_mnist(40), *(Network.random(seed).weights for seed in (1, 2, 3))


@every_pair
@pytest.mark.parametrize("n", [1, 20])
def test_surface_is_the_definition(network, direct_cost, pair, n):
    """A grid that is not square, out to weights of ±900, equals the whole network's cost."""
    digits = load_mnist(n)
    a, b = np.array([-900.0, -15, -1.5, 0, 2, 17, 900]), np.array([-900.0, -3, 0.5, 18, 900])
    surface = WeightPlane(network, digits, *pair).landscape(a, b)
    expected = [[direct_cost(moved(network, pair, (x, y)), digits) for x in a] for y in b]
    np.testing.assert_array_equal(surface.a, a)
    np.testing.assert_array_equal(surface.b, b)
    np.testing.assert_allclose(surface.cost, expected, **EXACT)


@every_pair
def test_points_are_the_definition(network, direct_cost, pair):
    """Single points, and arrays that broadcast, equal the whole network's cost."""
    digits = load_mnist(37)
    plane = WeightPlane(network, digits, *pair)
    a, b = np.array([[-900.0], [-4.0], [3.0]]), np.array([-2.0, 900.0])
    expected = [[direct_cost(moved(network, pair, (x, y)), digits) for y in b] for x in a[:, 0]]
    np.testing.assert_allclose(plane.cost(a, b), expected, **EXACT)
    assert plane.cost(3, -2.0).shape == ()
    np.testing.assert_allclose(plane.cost(3, -2.0), expected[2][0], **EXACT)


@every_pair
def test_gradient_by_complex_steps(network, pair):
    """The gradient equals that of the whole network, by complex steps."""
    digits = load_mnist(20)
    plane = WeightPlane(network, digits, *pair)
    expected = complex_step(lambda a, b: complex_cost(moved(network, pair, (a, b)), digits))
    for a, b in [(0.0, 0.0), (-7.0, 3.0), (12.0, -9.0)]:
        np.testing.assert_allclose(plane.gradient(a, b), expected(a, b), **EXACT)


@every_pair
def test_hessian_by_differences(network, pair):
    """The second derivatives equal central differences of the whole network's gradient."""
    digits = load_mnist(10)
    plane = WeightPlane(network, digits, *pair)
    gradient = complex_step(lambda a, b: complex_cost(moved(network, pair, (a, b)), digits))
    for a, b in [(0.0, 0.0), (-1.5, 0.7)]:
        expected = differences(gradient, a, b)
        np.testing.assert_allclose(plane.hessian(a, b), expected, rtol=1e-6, atol=1e-9)


@every_pair
def test_many_points_are_each_alone(network, pair):
    """A batch larger than a block gives what its points give one by one."""
    plane = WeightPlane(network, load_mnist(20), *pair)
    a, b = np.random.default_rng(1).normal(0, 5, (2, 130))
    for answer in (plane.cost, plane.gradient, plane.hessian):
        alone = np.array([answer(*point) for point in zip(a, b, strict=True)])
        np.testing.assert_allclose(answer(a, b), alone, rtol=1e-12, atol=1e-15)


def test_no_points_give_empty_results(network):
    """An empty array of coordinates is a result of its own shape, not an error."""
    plane = WeightPlane(network, load_mnist(5), (2, 5, 250), (2, 5, 251))
    assert plane.cost([], []).shape == (0,)
    assert plane.gradient(np.empty((0, 3)), 1.0).shape == (0, 3, 2)
    assert plane.hessian([], 1.0).shape == (0, 2, 2)


@every_pair
def test_slope_is_the_gradient(network, pair):
    """The function that a descent calls gives the plane's gradient, call after call."""
    plane = WeightPlane(network, load_mnist(60), *pair)
    slope = plane._gradient_function(3)
    for shift in (0.0, 1.0):
        weights = np.array([[-9.0, 15], [0.0, 0.0], [3.0, -4.0]]) + shift
        np.testing.assert_allclose(slope(weights), plane.gradient(*weights.T), **EXACT)


@every_pair
def test_exchanged_weights_give_the_transposed_surface(network, pair):
    """Which weight is called a makes no difference."""
    digits = load_mnist(30)
    a, b = np.linspace(-5, 5, 4), np.linspace(-2, 8, 3)
    one = WeightPlane(network, digits, *pair)
    other = WeightPlane(network, digits, *pair[::-1])
    np.testing.assert_allclose(one.landscape(a, b).cost, other.landscape(b, a).cost.T, **EXACT)
    np.testing.assert_allclose(one.gradient(a, 1), other.gradient(1, a)[:, ::-1], **EXACT)
    np.testing.assert_allclose(one.hessian(a, 1), other.hessian(1, a)[:, ::-1, ::-1], **EXACT)


def test_weights_far_from_smooth(direct_cost):
    """Large weights below a hidden unit, where no short series holds, are exact all the same."""
    draw = np.random.default_rng(3)
    network = Network([draw.normal(size=(6, 784)), 60 * draw.normal(size=(5, 6)),
                       60 * draw.normal(size=(10, 5))])  # fmt: skip
    digits, pair = load_mnist(50), ((0, 2, 406), (0, 2, 407))
    a, b = np.linspace(-40, 40, 6), np.linspace(-30, 50, 5)
    expected = [[direct_cost(moved(network, pair, (x, y)), digits) for x in a] for y in b]
    surface = WeightPlane(network, digits, *pair).landscape(a, b)
    np.testing.assert_allclose(surface.cost, expected, **EXACT)


@pytest.mark.parametrize("pair", [PAIRS["one hidden unit"], PAIRS["one unit of the first layer"]])
def test_a_short_series_stands_for_what_lies_below_a_hidden_unit(network, pair):
    """The article's network needs no more than 60 terms, and they are worth the direct sum."""
    digits, (layer, unit, _) = load_mnist(60), pair[0]
    series = WeightPlane(network, digits, *pair)._kernel.series
    assert len(series) <= 60
    weights = network.weights
    others = expit(network.activations(digits.images, layer) @ weights[layer].T)
    for output in (0.0, 0.3, 1.0):
        others[:, unit] = output
        h = others
        for w in weights[layer + 1 :]:
            h = expit(h @ w.T)
        direct = ((digits.targets - h) ** 2).sum(axis=1)
        np.testing.assert_allclose(chebval(2 * output - 1, series), direct, **EXACT)


@pytest.mark.parametrize("pair", [PAIRS["one output unit"], PAIRS["one hidden unit"]])
def test_samples_and_grid_beyond_one_block(network, direct_cost, pair):
    """More digits, columns and rows than one block holds leave no seam."""
    digits = load_mnist(1100)
    a, b = np.linspace(-15, 17, 70), np.linspace(-15, 18, 135)
    surface = WeightPlane(network, digits, *pair).landscape(a, b)
    assert surface.cost.shape == (135, 70)
    for j, i in [(0, 0), (19, 69), (20, 0), (127, 33), (128, 34), (134, 69)]:
        expected = direct_cost(moved(network, pair, (a[i], b[j])), digits)
        np.testing.assert_allclose(surface.cost[j, i], expected, **EXACT)


@pytest.mark.parametrize(
    "pair",
    [PAIRS["one output unit"], PAIRS["one hidden unit"], PAIRS["two hidden units, one input"]],
)
def test_memory_stays_small(network, pair):
    """A surface takes no more than 64 MiB, though its points times its digits would fill more."""
    plane, axis = WeightPlane(network, load_mnist(1000), *pair), np.linspace(-15, 17, 120)
    tracemalloc.start()
    plane.landscape(axis, axis)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20 < 120 * 120 * 1000 * 8


@pytest.mark.parametrize("shape", [(2, 8000), (8000, 2)])
@pytest.mark.parametrize("pair", [((2, 5, 25), (2, 5, 26)), ((0, 7, 6), (0, 3, 406))])
def test_memory_does_not_grow_with_one_axis(pair, shape):
    """A grid that is long one way takes no more than 64 MiB."""
    network, digits = Network.random(1, sizes=(784, 8, 300, 10)), load_mnist(40)
    plane, axes = WeightPlane(network, digits, *pair), [np.linspace(-15, 17, n) for n in shape]
    tracemalloc.start()
    plane.landscape(*axes)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


@every_pair
def test_order_of_an_axis_does_not_matter(network, pair):
    """An axis may run backwards or jump; rows and columns follow it."""
    plane = WeightPlane(network, load_mnist(10), *pair)
    a, b = np.array([3.0, -1.0, 8.0]), np.array([5.0, 5.0, -9.0, 0.0])
    surface = plane.landscape(a, b).cost
    np.testing.assert_allclose(surface, plane.cost(a, b[:, None]), **EXACT)
    np.testing.assert_allclose(plane.landscape(a[::-1], b).cost, surface[:, ::-1], **EXACT)


def test_network_of_one_layer(direct_cost):
    """A network without hidden layers has planes as well."""
    network, digits = Network.random(4, sizes=(784, 10)), load_mnist(30)
    for pair in [((0, 3, 406), (0, 3, 407)), ((0, 3, 406), (0, 4, 406))]:
        plane = WeightPlane(network, digits, *pair)
        expected = direct_cost(moved(network, pair, (2.0, -1.0)), digits)
        np.testing.assert_allclose(plane.cost(2.0, -1.0), expected, **EXACT)


class TestDirections:
    """The plane along two directions of the whole weight space."""

    A, B = np.linspace(-1, 1.5, 4), np.array([-20.0, 0.5, 900.0])

    def along(self, parts, a, b):
        """Return the weights at (a, b), real or complex."""
        _, da, db, centre = parts
        return [c + a * x + b * y for c, x, y in zip(centre, da, db, strict=True)]

    def test_surface_is_the_definition(self, network, parts, direct_cost):
        """Every crossing equals the whole network's cost at centre + a·direction + b·direction."""
        digits, da, db, centre = parts
        surface = DirectionPlane(network, digits, da, db, centre).landscape(self.A, self.B)
        expected = [[direct_cost(self.along(parts, a, b), digits) for a in self.A] for b in self.B]
        np.testing.assert_allclose(surface.cost, expected, **EXACT)

    def test_centre_is_the_network_by_default(self, network, parts):
        """Without a centre the plane passes through the network itself."""
        digits, da, db, _ = parts
        plane = DirectionPlane(network, digits, da, db)
        np.testing.assert_allclose(plane.cost(0, 0), network.cost(digits), **EXACT)

    def test_derivatives(self, network, parts):
        """Gradient and second derivatives equal complex steps and their differences."""
        digits, da, db, centre = parts
        plane = DirectionPlane(network, digits, da, db, centre)
        gradient = complex_step(lambda a, b: complex_cost(self.along(parts, a, b), digits))
        for a, b in [(0.0, 0.0), (0.3, -0.7)]:
            np.testing.assert_allclose(plane.gradient(a, b), gradient(a, b), rtol=1e-11, atol=1e-12)
            expected = differences(gradient, a, b, step=1e-5)
            np.testing.assert_allclose(plane.hessian(a, b), expected, rtol=1e-5, atol=1e-6)

    def test_two_weights_as_directions(self, network):
        """Two unit directions give the plane of the two weights they stand for."""
        pair, digits = PAIRS["last two layers, in line"], load_mnist(40)
        zero = [np.zeros_like(w) for w in network.weights]
        centre = moved(network, pair, (0.0, 0.0))
        da, db = ([w.copy() for w in zero] for _ in "ab")
        for direction, (layer, unit, source) in zip((da, db), pair, strict=True):
            direction[layer][unit, source] = 1
        one = DirectionPlane(network, digits, da, db, centre)
        other = WeightPlane(network, digits, *pair)
        a, b = np.array([-3.0, 2.0]), np.array([5.0, -1.0])
        np.testing.assert_allclose(one.cost(a, b), other.cost(a, b), **EXACT)
        np.testing.assert_allclose(one.gradient(a, b), other.gradient(a, b), **EXACT)
        np.testing.assert_allclose(one.hessian(a, b), other.hessian(a, b), **EXACT)

    def test_directions_are_copied(self, network, parts):
        """A direction may change after the plane was made: the plane does not."""
        digits, da, db, _ = parts
        mine = [w.copy() for w in da]
        plane = DirectionPlane(network, digits, mine, db)
        before = plane.cost(0.5, 0.5)
        for w in mine:
            w[:] = 0
        assert plane.cost(0.5, 0.5) == before

    def test_directions_are_held_in_float64(self, network, parts):
        """Directions in float32 are read once, and nothing later is rounded to float32."""
        digits, da, db, _ = parts
        rough = [w.astype(np.float32) for w in da]
        plane = DirectionPlane(network, digits, rough, db)
        assert {w.dtype for w in plane.a} == {np.dtype(np.float64)}
        exact = DirectionPlane(network, digits, [w.astype(np.float64) for w in rough], db)
        assert plane.cost(0.3, -0.7) == exact.cost(0.3, -0.7)

    @pytest.mark.parametrize("name", ["a", "b", "centre"])
    def test_shapes_that_do_not_fit(self, network, parts, name):
        """A direction with other shapes is refused with both."""
        digits, da, db, _ = parts
        given = {"a": da, "b": db} | {name: [w.T for w in da]}
        with pytest.raises(ValueError, match=rf"{name} has shapes .*the weights have"):
            DirectionPlane(network, digits, **given)

    @pytest.mark.parametrize("name", ["a", "b", "centre"])
    def test_numbers_that_are_not_finite(self, network, parts, name):
        """A direction with a NaN is refused."""
        digits, da, db, _ = parts
        broken = [w.copy() for w in da]
        broken[1][3, 4] = np.nan
        with pytest.raises(ValueError, match=rf"{name} holds .*must be finite"):
            DirectionPlane(network, digits, **{"a": da, "b": db, name: broken})


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ((3, 0, 0), "its layer must be from 0 to 2"),
        ((-1, 0, 0), "its layer must be from 0 to 2"),
        ((2, 10, 0), "its unit must be from 0 to 9"),
        ((2, -1, 0), "its unit must be from 0 to 9"),
        ((2, 5, 500), "its input must be from 0 to 499"),
        ((0, 5, -1), "its input must be from 0 to 783"),
        ((2, 5), "three whole numbers"),
        ((2, 5, 3, 1), "three whole numbers"),
        ((2, 5, 1.5), "three whole numbers"),
        ((2, 5, np.nan), "three whole numbers"),
        ("abc", "three whole numbers"),
        (7, "three whole numbers"),
        (None, "three whole numbers"),
    ],
)
@pytest.mark.parametrize("name", ["a", "b"])
def test_weights_that_do_not_exist(network, hundred, index, message, name):
    """A wrong index is refused with its name, its value and the range."""
    pair = {"a": (2, 5, 250), "b": (2, 5, 251)} | {name: index}
    with pytest.raises(ValueError, match=f"{name} is {re.escape(repr(index))}: .*{message}"):
        WeightPlane(network, hundred, **pair)


def test_the_same_weight_twice(network, hundred):
    """One weight is no plane."""
    with pytest.raises(ValueError, match=r"both the weight \(2, 5, 250\): choose two different"):
        WeightPlane(network, hundred, (2, 5, 250), (2, 5, 250))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("method", ["cost", "gradient", "hessian"])
def test_coordinates_that_are_not_finite(network, hundred, method, bad):
    """A coordinate that is not finite is refused with its name and value."""
    answer = getattr(WeightPlane(network, hundred, *PAIRS["one output unit"]), method)
    with pytest.raises(ValueError, match=f"b holds {bad}: every number must be finite"):
        answer([0.0, 1.0], [0.0, bad])
    with pytest.raises(ValueError, match=f"a holds {bad}"):
        answer(bad, 0.0)


@pytest.mark.parametrize(
    ("axis", "message"),
    [
        ([], r"has shape \(0,\): give one dimension and at least one position"),
        (3.0, r"has shape \(\)"),
        ([[1.0, 2.0]], r"has shape \(1, 2\)"),
        ([0.0, np.nan], "holds nan"),
        ([np.inf], "holds inf"),
    ],
)
@pytest.mark.parametrize("name", ["a_axis", "b_axis"])
def test_axes_that_make_no_grid(network, hundred, axis, message, name):
    """An axis that is empty, not one-dimensional or not finite is refused by name."""
    plane = WeightPlane(network, hundred, *PAIRS["one output unit"])
    with pytest.raises(ValueError, match=f"{name} {message}"):
        plane.landscape(**{"a_axis": [0.0], "b_axis": [0.0], name: axis})


def test_weight_plane_of_a_network_with_shortcuts(hundred):
    """A weight plane follows no shortcuts, and says what does."""
    network = Network(Network.random(1).weights, shortcuts=True)
    with pytest.raises(ValueError, match=r"has shortcuts.* use a DirectionPlane"):
        WeightPlane(network, hundred, a=(2, 5, 250), b=(2, 5, 251))


@pytest.mark.parametrize("shortcuts", [False, True])
def test_relu_directions_by_complex_steps(hundred, shortcuts):
    """A direction plane of a ReLU network has that network's cost and exact derivatives."""
    start = [0.1 * w for w in Network.random(3, sizes=(784, 6, 6, 6, 10)).weights]
    a, b = ([0.1 * w for w in Network.random(seed, (784, 6, 6, 6, 10)).weights] for seed in (4, 5))
    network = Network(start, "relu", shortcuts)
    plane = DirectionPlane(network, hundred, a, b)

    def cost(x, y):
        h = hundred.images.astype(np.float64)
        for layer, w in enumerate(
            w + x * da + y * db for w, da, db in zip(start, a, b, strict=True)
        ):
            z = h @ w.T
            activation = z * (z.real > 0) if layer < 3 else 1 / (1 + np.exp(-z))
            h = activation + h if shortcuts and layer in (1, 2) else activation
        return ((h - hundred.targets) ** 2).sum(1).mean()

    for x, y in np.random.default_rng(0).uniform(-1, 1, (5, 2)):
        assert plane.cost(x, y) == pytest.approx(cost(x, y), abs=1e-13)
        gradient = [cost(x + 1e-30j, y).imag / 1e-30, cost(x, y + 1e-30j).imag / 1e-30]
        np.testing.assert_allclose(plane.gradient(x, y), gradient, rtol=0, atol=1e-13)
        step = 1e-7  # so short that no unit passes its kink
        differences = [
            (
                plane.gradient(x + step * i, y + step * j)
                - plane.gradient(x - step * i, y - step * j)
            )
            / (2 * step)
            for i, j in ((1, 0), (0, 1))
        ]
        np.testing.assert_allclose(plane.hessian(x, y), differences, rtol=0, atol=1e-6)


def test_the_network_at_a_point(hundred):
    """The cost of the network that a plane hands out is the plane's cost there."""
    network = Network.random(135)
    weights = WeightPlane(network, hundred, (2, 5, 250), (1, 7, 3))
    directions = DirectionPlane(network, hundred, Network.random(1).weights, network.weights)
    for plane in (weights, directions):
        found = plane.network_at(-0.3, 0.7)
        assert found.cost(hundred) == pytest.approx(plane.cost(-0.3, 0.7), abs=1e-12)
    relu = Network(network.weights, hidden="relu", shortcuts=True)
    directions = DirectionPlane(relu, hundred, relu.weights, relu.weights)
    for place in (plane, directions):
        for bad in ("1", 1j, np.nan, None, [1, 2]):
            with pytest.raises(ValueError, match=r"b is .*: give a finite number"):
                place.network_at(0, bad)
    found = directions.network_at(1, 2)
    assert (found.hidden, found.shortcuts) == ("relu", True)


@pytest.mark.parametrize("height", [0.0, 0.4, 1.2, 2.0, 2.4])
def test_bounds_of_the_sigmoid_hold_and_are_nearly_reached(height):
    """Over rectangles of complex numbers |σ|, |σ′| and |σ″| stay below their bounds, closely."""
    z, radius = np.linspace(-6, 6, 41)[:, None, None], 0.7
    x, y = np.meshgrid(np.linspace(-radius, radius, 81), np.linspace(-height, height, 41))
    s = 1 / (1 + np.exp(-(z + x) - 1j * y))
    for bound, values in (
        (bounds.sigmoid, s),
        (bounds.sigmoid_slope, s * (1 - s)),
        (bounds.sigmoid_bend, s * (1 - s) * (1 - 2 * s)),
    ):
        most = bound(z[:, 0, 0], radius, np.full(len(z), height))
        largest = abs(values).max(axis=(1, 2))
        assert (largest <= most * (1 + 1e-9)).all()
        assert (largest >= 0.5 * most).all()
