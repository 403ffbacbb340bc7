"""Directions of weight space and what a plane keeps of a path."""

import numpy as np
import pytest

from landscape_core import (
    DirectionPlane,
    Network,
    WeightPlane,
    filter_normalized,
    load_mnist,
    principal_directions,
    project,
    random_direction,
    weight_direction,
)
from landscape_core.network import flatten, unflatten


def zigzag(steps, corner):
    """Return a path of networks: the corner plus given steps."""
    like = [np.empty((2, 3)), np.empty((10, 2))]
    return [Network(unflatten(corner + step, like)) for step in steps]


def test_random_directions_by_seed():
    """A seed gives its direction again; another seed gives one nearly at right angles."""
    network = Network.random(1)
    first, again, other = (flatten(random_direction(network, seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    cosine = first @ other / np.linalg.norm(first) / np.linalg.norm(other)
    assert abs(cosine) < 0.02
    assert first.std() == pytest.approx(1, abs=0.01)


def test_filter_normalisation_is_per_unit():
    """Each row, and not merely each matrix, gets the length of the network's row."""
    network = Network.random(1)
    raw = random_direction(network, 0)
    for d, r, w in zip(filter_normalized(raw, network), raw, network.weights, strict=True):
        np.testing.assert_allclose(np.linalg.norm(d, axis=1), np.linalg.norm(w, axis=1))
        cosines = (d * r).sum(1) / np.linalg.norm(d, axis=1) / np.linalg.norm(r, axis=1)
        np.testing.assert_allclose(cosines, 1)


@pytest.mark.parametrize("size", [5e-324, 1e-170, 1e200, 1.7e308])
def test_filter_normalisation_of_any_size(size):
    """Rows whose squares are no numbers get the length of the network's row as well."""
    network = Network([[[3.0, 4.0], [0.5, 0.0]], [[1e-170, 0.0], [1e200, 0.0]]])
    scaled = filter_normalized([np.full((2, 2), size), np.full((2, 2), size)], network)
    expected = np.array([5.0, 0.5, 1e-170, 1e200])[:, np.newaxis] / np.sqrt([[2.0, 2.0]])
    np.testing.assert_allclose(np.concatenate(scaled), expected, rtol=1e-15)


def test_filter_normalisation_leaves_rows_of_zeros():
    """A unit that a direction does not move, or that has no weights, gives no NaN."""
    network = Network([[[3.0, 4.0], [0.0, 0.0]]])
    (scaled,) = filter_normalized([np.array([[0.0, 0.0], [1.0, 1.0]])], network)
    np.testing.assert_array_equal(scaled, 0)


def landscape(network, digits, directions):
    """Return the cost on a small grid along two directions."""
    axis = np.linspace(-1, 1, 5)
    return DirectionPlane(network, digits, *directions).landscape(axis, axis).cost


def test_rescaled_relu_layer():
    """A ReLU layer scaled up, and the next one down, gives the same filter-normalised landscape."""
    digits = load_mnist(50)
    plain = [0.1 * w for w in Network.random(2, sizes=(784, 8, 8, 10)).weights]
    one, other = (
        Network(weights, hidden="relu")
        for weights in (plain, [plain[0], 40 * plain[1], plain[2] / 40])
    )
    raw = [random_direction(one, seed) for seed in (1, 2)]
    before, after = (
        landscape(network, digits, [filter_normalized(d, network) for d in raw])
        for network in (one, other)
    )
    np.testing.assert_allclose(before, after, rtol=0, atol=1e-12)
    assert abs(landscape(one, digits, raw) - landscape(other, digits, raw)).max() > 0.1


def test_rescaled_relu_unit():
    """A ReLU unit scaled up, and its outgoing weights down, moves as much as it did."""
    digits = load_mnist(50)
    plain = [0.1 * w for w in Network.random(2, sizes=(784, 8, 8, 10)).weights]
    scaled = [w.copy() for w in plain]
    scaled[1][3] *= 40
    scaled[2][:, 3] /= 40
    one, other = Network(plain, hidden="relu"), Network(scaled, hidden="relu")
    raw = [random_direction(one, seed) for seed in (1, 2)]
    for direction in raw:  # the next layer's rows mix all units: it stays where it is
        direction[2][:] = 0
    before, after = (
        landscape(network, digits, [filter_normalized(d, network) for d in raw])
        for network in (one, other)
    )
    np.testing.assert_allclose(before, after, rtol=0, atol=1e-12)
    assert abs(landscape(one, digits, raw) - landscape(other, digits, raw)).max() > 1e-3


def test_directions_of_two_weights(hundred):
    """Directions that are 1 at one weight each span that pair's weight plane."""
    network = Network.random(135)
    index = (2, 5, 250), (1, 200, 30)
    directions = [weight_direction(network, weight) for weight in index]
    place = [network.weights[layer][unit, source] for layer, unit, source in index]
    weight_plane = WeightPlane(network, hundred, *index)
    direction_plane = DirectionPlane(network, hundred, *directions)
    a, b = np.random.default_rng(0).uniform(-5, 5, (2, 6))
    for question in ("cost", "gradient", "hessian"):
        expected = getattr(weight_plane, question)(place[0] + a, place[1] + b)
        found = getattr(direction_plane, question)(a, b)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_principal_directions_of_a_flat_path():
    """A path that bends in a plane is kept whole, and its longer extent comes first."""
    corner, x, y = np.linalg.qr(np.random.default_rng(3).standard_normal((26, 3)))[0].T
    path = zigzag([4 * x, 3 * x + 0.5 * y, 2 * x, x + 0.2 * y, 0 * x], corner)
    first, second = principal_directions(path)
    assert flatten(first) @ flatten(second) == pytest.approx(0, abs=1e-14)
    assert np.linalg.norm(flatten(first)) == pytest.approx(1)
    assert flatten(first) @ x > 0.99
    seen = project(path, first, second)
    assert seen.share == pytest.approx(1, abs=1e-14)
    assert (seen.coordinates[0] > 0).all()
    np.testing.assert_allclose(seen.coordinates[-1], 0, atol=1e-14)
    for network, (a, b) in zip(path, seen.coordinates, strict=True):
        there = corner + a * flatten(first) + b * flatten(second)
        np.testing.assert_allclose(there, flatten(network.weights), atol=1e-13)


def test_principal_directions_keep_the_most():
    """No other plane keeps more of a path, and what it keeps is its two largest components."""
    steps = np.random.default_rng(0).standard_normal((9, 26)).cumsum(0)
    path = zigzag(steps, 0)
    share = project(path, *principal_directions(path)).share
    values = np.linalg.svd(steps - steps[-1], compute_uv=False) ** 2
    assert share == pytest.approx(values[:2].sum() / values.sum())
    for seed in range(5):
        raw = (random_direction(path[-1], 2 * seed + k) for k in (0, 1))
        assert project(path, *raw).share < share


def test_projection_onto_slanted_directions():
    """Coordinates count along the directions given, at whatever angle and of whatever length."""
    x, y = np.eye(26)[:2]
    path = zigzag([3 * x + 2 * y, 0 * x], np.zeros(26))
    like = path[0].weights
    seen = project(path, unflatten(x, like), unflatten(2 * (x + y), like))
    np.testing.assert_allclose(seen.coordinates, [[1, 1], [0, 0]], atol=1e-14)
    assert seen.share == pytest.approx(1)


@pytest.mark.parametrize("lengths", [(1, 1e-14), (1e200, 1e-200), (1e-170, 1e308)])
def test_projection_onto_directions_of_any_length(lengths):
    """However long and short two directions are, they span the plane that their angles span."""
    path = [Network([[[x, 1.0, x]]]) for x in (3.0, 2.0, 1.0)]
    a, b = np.array([[lengths[0], 0, 0]]), np.array([[0, lengths[1], lengths[1]]])
    seen = project(path, [a], [b])
    expected = np.array([[2, 1], [1, 0.5], [0, 0]]) / lengths
    np.testing.assert_allclose(seen.coordinates, expected, rtol=1e-14)
    assert seen.share == pytest.approx(0.75, abs=1e-14)
    assert repr(seen) == "Projection(3 points, 75.000% of the path kept)"


def test_projection_onto_a_vanishing_direction():
    """Where a coordinate would be too large for a number, that is said."""
    path = [Network([[[x, x]]]) for x in (3.0, 2.0, 1.0)]
    with pytest.raises(ValueError, match="leave the range of numbers: make it longer"):
        project(path, [np.array([[1e-320, 0]])], [np.array([[0, 1.0]])])


def test_directions_that_span_no_plane():
    """Two parallel directions are refused."""
    path = zigzag(np.eye(26)[:3], np.zeros(26))
    with pytest.raises(ValueError, match="span no plane"):
        project(path, path[0].weights, path[0].weights)


@pytest.mark.parametrize("seed", [1.5, "1", None, -1])
def test_seed_out_of_range(seed):
    """A seed that is none is refused: None would draw another direction each time."""
    with pytest.raises(ValueError, match=f"seed is {seed!r}: give a whole number, 0 or more"):
        random_direction(Network.random(1, (3, 2)), seed)


@pytest.mark.parametrize(
    "path",
    [[], [Network.random(1, (2, 3)), Network.random(1, (3, 2)), Network.random(2, (2, 3))]],
)
def test_paths_of_no_or_different_networks(path):
    """Networks with as many weights in other shapes do not lie in one space."""
    with pytest.raises(ValueError, match=f"the path has {len(path)} networks of .* same shape"):
        principal_directions(path, 1)
    with pytest.raises((ValueError, IndexError)):
        project(path, Network.random(1, (2, 3)).weights, Network.random(2, (2, 3)).weights)


@pytest.mark.parametrize(("networks", "count"), [(3, 3), (1, 1)])
def test_too_many_principal_directions(networks, count):
    """A path of k networks has k − 1 principal directions, and that is said."""
    path = zigzag(np.eye(26)[:networks], np.zeros(26))
    with pytest.raises(ValueError, match=f"count is {count}: .* of {networks} networks"):
        principal_directions(path, count)
    for none in (0, 1.5):
        with pytest.raises(ValueError, match=f"count is {none}: give a whole number, 1 or more"):
            principal_directions(path, none)


def test_straight_path_has_one_principal_direction():
    """A path along a line has no second direction, rather than one made of rounding errors."""
    x = np.eye(26)[0]
    path = zigzag([2 * x, x, 0 * x], np.zeros(26))
    with pytest.raises(ValueError, match="the path spreads in fewer directions"):
        principal_directions(path, 2)


@pytest.mark.parametrize("bad", [[np.ones((3, 3))], [np.full((2, 3), np.inf), np.ones((10, 2))]])
def test_directions_that_do_not_fit(bad):
    """A direction of another shape, or not finite, is refused by name."""
    network = zigzag(np.zeros((1, 26)), np.ones(26))[0]
    with pytest.raises(ValueError, match="direction h"):
        filter_normalized(bad, network)
    with pytest.raises(ValueError, match="b h"):
        project([network], network.weights, bad)


def test_direction_of_a_weight_that_is_none():
    """An index that the network does not have is refused."""
    with pytest.raises(ValueError, match="its input must be from 0 to 2"):
        weight_direction(Network.random(1, sizes=(3, 2)), (0, 1, 3))
