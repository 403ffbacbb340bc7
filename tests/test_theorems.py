"""What is proven of whole windows, against dense samples and what is known beforehand."""

import re

import numpy as np
import pytest

from landscape_core import (
    CriticalPoint,
    DirectionPlane,
    Network,
    WeightPlane,
    bound_cost,
    find_critical_points,
    is_convex,
    is_drawn_to,
    load_mnist,
)
from landscape_core._progress import Progress

WINDOW = (-15, 17), (-15, 18)


def plane_of(output="squared", seed=135, n=100):
    """Return the plane of the article's two weights."""
    network = Network(Network.random(seed).weights, output=output)
    return WeightPlane(network, load_mnist(n), a=(2, 5, 250), b=(2, 5, 251))


@pytest.mark.parametrize("seed", [135, 3, 42])
def test_the_cost_lies_between_the_bounds(seed):
    """They hold all of a dense grid, and hardly more."""
    low, high = bound_cost(plane_of(seed=seed), *WINDOW)
    cost = plane_of(seed=seed).landscape(*(np.linspace(*side, 500) for side in WINDOW)).cost
    assert low <= cost.min() < cost.max() <= high
    assert high - low < 1.05 * np.ptp(cost)


@pytest.mark.parametrize("output", ["logistic", "softmax", "linear"])
def test_losses_without_a_sigmoid_are_convex(output):
    """Two weights into an output make a convex surface, but for squared errors of a sigmoid."""
    assert is_convex(plane_of(output), *WINDOW) is True


def test_convexity_is_told_apart():
    """Around a minimum the surface is convex; a window with ground of another kind is not."""
    plane = plane_of()
    assert is_convex(plane, *WINDOW) is False
    assert is_convex(plane, (36, 37), (4.5, 5.5)) is True
    # A line on which one curvature vanishes is neither proven nor refuted on one of its sides.
    dead = WeightPlane(Network.random(1), load_mnist(10), a=(0, 3, 0), b=(0, 3, 1))
    assert is_convex(dead, (-1, 1), (-1, 1)) is None


def test_long_work_shows_its_progress(monkeypatch):
    """Bounds count their cells, the proof of convexity how much of the window it covers."""
    done, update = {}, Progress.update

    def counting(self, count=1):
        update(self, count)
        done[self.unit] = self.done

    monkeypatch.setattr(Progress, "update", counting)
    bound_cost(plane_of(), *WINDOW)
    assert done["cell"] == 64 * 64
    assert is_convex(plane_of(), (36, 37), (4.5, 5.5))
    assert done["% of the window"] == 100


def test_starts_near_a_minimum_are_drawn_to_it():
    """What is claimed agrees with where steps along the gradient lead; nothing far is claimed."""
    plane = plane_of()
    [minimum] = [p for p in find_critical_points(plane, (30, 45), (0, 10)) if p.kind == "minimum"]
    starts = np.array([minimum.a, minimum.b]) + np.random.default_rng(0).normal(0, 1.5, (40, 2))
    drawn = np.array([is_drawn_to(plane, minimum, a, b) for a, b in starts])
    assert 5 < drawn.sum() < 35
    places = starts[drawn]
    for _ in range(4000):
        places = places - 50 * plane.gradient(*places.T)
    np.testing.assert_allclose(places, [(minimum.a, minimum.b)] * len(places), atol=1e-6)
    assert not is_drawn_to(plane, minimum, -9.0, 15.0)


def test_the_end_of_a_descent_is_drawn():
    """However near a ball has come to the minimum, it is drawn there, rounding or not."""
    plane = plane_of()
    [minimum] = [p for p in find_critical_points(plane, (30, 45), (0, 10)) if p.kind == "minimum"]
    for distance in (1e-2, 1e-4, 1e-6, 1e-9, 0.0):
        for a, b in ((1, 0), (0, 1), (-0.7, 0.7)):
            assert is_drawn_to(plane, minimum, minimum.a + distance * a, minimum.b + distance * b)


def test_windows_and_starts_of_any_size():
    """Where numbers end, or around 0, nothing warns and nothing false is said."""
    plane = plane_of()
    [minimum] = [p for p in find_critical_points(plane, (30, 45), (0, 10)) if p.kind == "minimum"]
    for most in (1e6, 1e100, 1e300):
        assert bound_cost(plane, (-most, most), (-most, most)) == (-np.inf, np.inf)
        assert not find_critical_points(plane, (-most, most), (-most, most), cells=100).proven
    for output in ("linear", "logistic"):
        assert bound_cost(plane_of(output), (-1e200, 1e200), (-1e200, 1e200)) == (-np.inf, np.inf)
    low, high = bound_cost(plane, (0, 5e-324), (0, 5e-324))
    assert low <= plane.cost(0, 0) <= high < low + 1e-9
    for start in ((0, 0), (1e200, 0)):
        assert not is_drawn_to(plane, minimum, *start)
    with pytest.raises(ValueError, match=r"a is \[1, 2\]: give a finite number"):
        is_drawn_to(plane, minimum, [1, 2], 0)


def test_only_a_proven_minimum_draws():
    """Another kind of point, or one without a box, is refused with its kind."""
    plane = plane_of()
    [saddle] = find_critical_points(plane, *WINDOW)
    for point in (saddle, CriticalPoint(0.0, 0.0, 1.0, "minimum", (1.0, 1.0))):
        with pytest.raises(ValueError, match=f"the {point.kind} has no proof"):
            is_drawn_to(plane, point, 0.0, 0.0)


def test_planes_without_enclosures_are_refused():
    """The error says which planes have them."""
    network = Network.random(4, (784, 3, 10))
    plane = DirectionPlane(network, load_mnist(5), network.weights, network.weights)
    for theorem in (bound_cost, is_convex):
        with pytest.raises(ValueError, match=re.escape("give a WeightPlane of two weights into")):
            theorem(plane, *WINDOW)
        with pytest.raises(ValueError, match=r"a_range is .*two finite numbers"):
            theorem(plane_of(), (1, 0), (0, 1))
