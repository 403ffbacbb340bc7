"""The full gradient, products with the Hessian, and the ends of its spectrum."""

import numpy as np
import pytest

from landscape_core import (
    Digits,
    DirectionPlane,
    Network,
    WeightPlane,
    extreme_eigenpairs,
    gradient,
    hessian_product,
    load_mnist,
)
from landscape_core.network import flatten, unflatten

KINDS = [("sigmoid", False), ("sigmoid", True), ("relu", False), ("relu", True)]


@pytest.fixture(scope="module")
def few() -> Digits:
    """Draw thirty small "images" of five pixels, so that a dense Hessian is small."""
    generator = np.random.default_rng(1)
    images = generator.random((30, 5), dtype=np.float32)
    return Digits(images, generator.integers(0, 10, 30))


def small(hidden="sigmoid", shortcuts=False):
    """Return a network of 162 weights with two square hidden layers."""
    weights = Network.random(3, sizes=(5, 6, 6, 6, 10)).weights
    return Network(weights, hidden, shortcuts)


def moved(network, vector):
    """Return the network with other weights."""
    weights = unflatten(vector, network.weights)
    return Network(weights, network.hidden, network.shortcuts)


def cost(network, vector, digits):
    """Compute the cost by its definition, for complex weights as well."""
    h = digits.images.astype(np.float64)
    for layer, w in enumerate(unflatten(vector, network.weights)):
        z = h @ w.T
        if layer == len(network.weights) - 1 or network.hidden == "sigmoid":
            activation = 1 / (1 + np.exp(-z))
        else:
            activation = z * (z.real > 0)
        h = activation + h if network.shortcuts and layer in (1, 2) else activation
    return ((h - digits.targets) ** 2).sum(1).mean()


def dense_hessian(network, digits):
    """Return the Hessian, one product for each unit vector."""
    size = sum(w.size for w in network.weights)
    return np.stack(
        [
            flatten(hessian_product(network, digits, unflatten(unit, network.weights)))
            for unit in np.eye(size)
        ]
    )


@pytest.mark.parametrize(("hidden", "shortcuts"), KINDS)
def test_gradient_by_complex_steps(few, hidden, shortcuts):
    """Every component of the gradient is the derivative of the cost's definition."""
    network = small(hidden, shortcuts)
    w = flatten(network.weights)
    steps = 1e-30j * np.eye(len(w))
    expected = [cost(network, w + step, few).imag / 1e-30 for step in steps]
    np.testing.assert_allclose(flatten(gradient(network, few)), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("hidden", "shortcuts"), KINDS)
def test_hessian_product_by_differences_of_the_gradient(few, hidden, shortcuts):
    """Along any direction the product is the gradient's derivative."""
    network = small(hidden, shortcuts)
    w = flatten(network.weights)
    for seed in range(5):
        v = np.random.default_rng(seed).standard_normal(len(w))
        ahead, behind = (
            flatten(gradient(moved(network, w + step * v), few)) for step in (1e-6, -1e-6)
        )
        product = flatten(hessian_product(network, few, unflatten(v, network.weights)))
        np.testing.assert_allclose(product, (ahead - behind) / 2e-6, rtol=0, atol=1e-8)


def test_hessian_product_of_the_articles_network(hundred):
    """At full size, too, the product is the gradient's derivative."""
    network = Network.random(135)
    w = flatten(network.weights)
    v = np.random.default_rng(0).standard_normal(len(w))
    v /= np.linalg.norm(v)
    ahead, behind = (
        flatten(gradient(moved(network, w + step * v), hundred)) for step in (1e-5, -1e-5)
    )
    product = flatten(hessian_product(network, hundred, unflatten(v, network.weights)))
    np.testing.assert_allclose(product, (ahead - behind) / 2e-5, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("hidden", "shortcuts"), KINDS)
def test_hessian_is_symmetric(few, hidden, shortcuts):
    """The products with all unit vectors form a symmetric matrix."""
    hessian = dense_hessian(small(hidden, shortcuts), few)
    assert abs(hessian).max() > 0.01
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-15)


@pytest.mark.parametrize("sizes", [(5, 6, 6, 6, 10), (5, 12, 12, 10)])
def test_eigenpairs_of_the_dense_hessian(few, sizes):
    """Both ways, formed or by Lanczos, lead to both ends of the spectrum, with eigenvectors."""
    network = Network(Network.random(3, sizes).weights, shortcuts=True)
    hessian = dense_hessian(network, few)
    expected = np.linalg.eigvalsh(hessian)
    pairs = extreme_eigenpairs(network, few, smallest=2, largest=3, tolerance=1e-10)
    np.testing.assert_allclose(
        [pair.value for pair in pairs], [*expected[:2], *expected[-3:]], rtol=0, atol=1e-10
    )
    for pair in pairs:
        v = flatten(pair.direction)
        assert np.linalg.norm(v) == pytest.approx(1)
        assert v[abs(v).argmax()] > 0
        assert np.linalg.norm(hessian @ v - pair.value * v) == pytest.approx(
            pair.residual, abs=1e-12
        )
        assert pair.residual < 1e-8


def test_eigenvalues_that_occur_several_times():
    """Equal units make equal eigenvalues; a small network has each as often as it occurs."""
    digits = Digits(np.ones((2, 4), np.float32), np.array([1, 1]))
    network = Network([np.full((3, 4), 0.5), np.full((10, 3), 0.5)])
    expected = np.linalg.eigvalsh(dense_hessian(network, digits))
    assert np.ptp(expected[:2]) < 1e-12  # the lowest one is double
    found = [pair.value for pair in extreme_eigenpairs(network, digits, smallest=3, largest=3)]
    np.testing.assert_allclose(found, expected[[0, 1, 2, -3, -2, -1]], rtol=0, atol=1e-14)


@pytest.mark.parametrize("inputs", [3, 30])
def test_no_curvature_at_all(inputs):
    """Where every output is saturated the eigenvalues are 0, with orthogonal directions."""
    digits = Digits(np.ones((2, inputs), np.float32), np.array([1, 2]))
    pairs = extreme_eigenpairs(Network([np.full((10, inputs), 1e4)]), digits, 1, 2)
    assert [(pair.value, pair.residual) for pair in pairs] == [(0, 0)] * 3
    vectors = np.stack([flatten(pair.direction) for pair in pairs])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(3), rtol=0, atol=1e-14)


def test_an_eigenpair_in_one_line(few):
    """A list of eigenpairs can be read in a notebook."""
    assert repr(extreme_eigenpairs(small(), few)[0]).startswith("Eigenpair(curvature -0.")


@pytest.mark.parametrize(("smallest", "largest"), [(0, 2), (2, 0)])
def test_one_end_alone(few, smallest, largest):
    """One end of the spectrum can be asked for without the other."""
    network = Network.random(3, sizes=(5, 12, 12, 10))
    expected = np.linalg.eigvalsh(dense_hessian(network, few))
    found = [pair.value for pair in extreme_eigenpairs(network, few, smallest, largest)]
    np.testing.assert_allclose(found, expected[-2:] if largest else expected[:2], atol=1e-6)


def test_slice_hessian_is_a_principal_submatrix(hundred):
    """The Hessian of a slice over two weights is four entries of the full one."""
    network = Network.random(135)
    plane = WeightPlane(network, hundred, a=(2, 5, 250), b=(1, 200, 30))
    rows = []
    for layer, unit, source in (plane.a, plane.b):
        direction = [np.zeros(w.shape) for w in network.weights]
        direction[layer][unit, source] = 1
        product = hessian_product(network, hundred, direction)
        rows.append([product[layer][unit, source] for layer, unit, source in (plane.a, plane.b)])
    place = network.weights[2][5, 250], network.weights[1][200, 30]
    np.testing.assert_allclose(plane.hessian(*place), rows, rtol=0, atol=1e-13)
    partial = gradient(network, hundred)
    np.testing.assert_allclose(
        plane.gradient(*place), [partial[2][5, 250], partial[1][200, 30]], rtol=0, atol=1e-14
    )


@pytest.mark.parametrize(("hidden", "shortcuts"), KINDS)
def test_plane_of_directions_agrees(few, hidden, shortcuts):
    """A plane's slope and bend are the full gradient and Hessian seen along its directions."""
    network = small(hidden, shortcuts)
    size = sum(w.size for w in network.weights)
    a, b = np.random.default_rng(5).standard_normal((2, size))
    plane = DirectionPlane(network, few, *(unflatten(v, network.weights) for v in (a, b)))
    full = flatten(gradient(network, few))
    np.testing.assert_allclose(plane.gradient(0, 0), [full @ a, full @ b], rtol=0, atol=1e-13)
    hessian = dense_hessian(network, few)
    expected = [[a @ hessian @ a, a @ hessian @ b], [b @ hessian @ a, b @ hessian @ b]]
    np.testing.assert_allclose(plane.hessian(0, 0), expected, rtol=0, atol=1e-12)


def test_digits_are_cut_without_a_seam():
    """More digits than one block give the mean of what the parts give."""
    network, digits = Network.random(1, sizes=(784, 5, 10)), load_mnist(2500)
    parts = [
        Digits(digits.images[part], digits.labels[part])
        for part in (slice(0, 1000), slice(1000, 2500))
    ]
    first, second = (flatten(gradient(network, part)) for part in parts)
    np.testing.assert_allclose(
        flatten(gradient(network, digits)), 0.4 * first + 0.6 * second, rtol=0, atol=1e-15
    )


def test_not_converged_is_said(few):
    """An iteration that is cut short says so, and what to do."""
    network = Network.random(3, sizes=(5, 12, 12, 10))
    with pytest.raises(RuntimeError, match=r"not converged: after 1 restarts .* within 1e-15"):
        extreme_eigenpairs(network, few, 3, 3, tolerance=1e-15, iterations=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"smallest": -1}, "smallest is -1: give a whole number, 0 or more"),
        ({"largest": 1.5}, "largest is 1.5: give a whole number"),
        ({"tolerance": float("nan")}, "tolerance is nan: it must be a finite number above 0"),
        ({"iterations": 0}, "iterations is 0: give a whole number, 1 or more"),
    ],
)
def test_settings_out_of_range(few, arguments, message):
    """Settings that make no sense are refused with the range."""
    with pytest.raises(ValueError, match=message):
        extreme_eigenpairs(small(), few, **arguments)


@pytest.mark.parametrize(("smallest", "largest"), [(0, 0), (82, 0), (41, 41)])
def test_counts_out_of_range(few, smallest, largest):
    """As many eigenvalues as make no sense are refused with the range."""
    with pytest.raises(
        ValueError, match=rf"smallest={smallest} and .* from 1 to 81 .* 162 weights"
    ):
        extreme_eigenpairs(small(), few, smallest, largest)


def test_direction_of_another_shape(few):
    """A direction that does not fit the network is refused."""
    with pytest.raises(ValueError, match="direction has shapes"):
        hessian_product(small(), few, [np.ones((2, 2))])
