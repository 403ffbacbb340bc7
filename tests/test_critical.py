"""Critical points against formulas and against a dense search that shares nothing with them."""

import itertools
import math
import re

import numpy as np
import pytest
from contourpy import contour_generator
from scipy.optimize import root

from landscape_core import (
    CriticalPoint,
    Digits,
    DirectionPlane,
    Network,
    WeightPlane,
    find_critical_points,
    load_mnist,
)
from landscape_core.newton import newton_steps


class Formula:
    """A surface written out, with its derivatives."""

    def __init__(self, cost, gradient, hessian):
        self.formulas = cost, gradient, hessian

    def _at(self, which, a, b):
        a, b = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (a, b)))
        return a, self.formulas[which](a, b)

    def cost(self, a, b):
        """Return J."""
        return self._at(0, a, b)[1]

    def gradient(self, a, b):
        """Return (Jₐ, J_b)."""
        a, parts = self._at(1, a, b)
        return np.stack([np.broadcast_to(part, a.shape) for part in parts], axis=-1)

    def hessian(self, a, b):
        """Return the second derivatives from (Jₐₐ, Jₐ_b, J_bb)."""
        a, parts = self._at(2, a, b)
        stacked = np.stack([np.broadcast_to(part, a.shape) for part in parts], axis=-1)
        return stacked[..., [[0, 1], [1, 2]]]


CUBIC = Formula(
    lambda a, b: a**3 / 3 - a + b**3 / 3 - b,
    lambda a, b: (a**2 - 1, b**2 - 1),
    lambda a, b: (2 * a, 0.0, 2 * b),
)
WAVES = Formula(
    lambda a, b: np.sin(a) * np.sin(b),
    lambda a, b: (np.cos(a) * np.sin(b), np.sin(a) * np.cos(b)),
    lambda a, b: (-np.sin(a) * np.sin(b), np.cos(a) * np.cos(b), -np.sin(a) * np.sin(b)),
)
SLOPE = Formula(
    lambda a, b: np.exp(a) + b,
    lambda a, b: (np.exp(a), 1.0),
    lambda a, b: (np.exp(a), 0.0, 0.0),
)


def power(p, q, sign=1):
    """Return the surface aᵖ ± b^q."""
    return Formula(
        lambda a, b: a**p + sign * b**q,
        lambda a, b: (p * a ** (p - 1), sign * q * b ** (q - 1)),
        lambda a, b: (p * (p - 1) * a ** (p - 2), 0.0, sign * q * (q - 1) * b ** (q - 2)),
    )


def places(points, kind=None):
    """Return the sorted positions of the points of one kind, or of all."""
    return sorted((p.a, p.b) for p in points if kind in (None, p.kind))


def test_every_kind_is_found_and_named():
    """A cubic has one minimum, one maximum and two saddles, at (±1, ±1)."""
    points = find_critical_points(CUBIC, (-2.1, 1.9), (-1.7, 2.3))
    assert [p.kind for p in points] == ["minimum", "saddle", "saddle", "maximum"]
    np.testing.assert_allclose(places(points, "minimum"), [(1, 1)], atol=1e-12)
    np.testing.assert_allclose(places(points, "maximum"), [(-1, -1)], atol=1e-12)
    np.testing.assert_allclose(places(points, "saddle"), [(-1, 1), (1, -1)], atol=1e-12)
    np.testing.assert_allclose([p.cost for p in points], [-4 / 3, 0, 0, 4 / 3], atol=1e-12)
    for p in points:
        np.testing.assert_allclose(p.eigenvalues, sorted((2 * p.a, 2 * p.b)), atol=1e-9)


def test_only_the_window_counts():
    """Points outside the window are left out, however near."""
    points = find_critical_points(CUBIC, (0.9, 1.1), (-0.999, 0.999))
    assert points == []
    assert len(find_critical_points(CUBIC, (0.9, 1.1), (-1.001, 0.999))) == 1


def test_many_points_are_all_found():
    """Waves over a wide window: one point every quarter of a period, none twice."""
    window = (-0.5, 40.3), (-7.7, 20.9)
    points = find_critical_points(WAVES, *window)
    inside = [[k for k in range(-20, 40) if low < k * math.pi / 2 < high] for low, high in window]
    expected = sorted(
        (i * math.pi / 2, j * math.pi / 2)
        for i in inside[0] for j in inside[1] if (i - j) % 2 == 0
    )  # fmt: skip
    near = sorted((round(a, 6), round(b, 6)) for a, b in places(points))
    np.testing.assert_allclose(near, expected, atol=1e-6)
    for p in points:
        assert (p.kind == "saddle") == (abs(math.sin(p.a)) < 0.5)


def test_a_slope_has_none():
    """Where the gradient never vanishes nothing is invented."""
    assert find_critical_points(SLOPE, (-30, 3), (-1, 1)) == []


@pytest.mark.parametrize("factor", [1e-290, 1e-12, 1e12, 1e280])
def test_heights_and_widths_have_no_unit(factor):
    """A surface many times flatter or steeper, or a stretched window, has the same points."""
    scaled = Formula(
        lambda a, b: factor * CUBIC.cost(a, 1e6 * b),
        lambda a, b: (factor * (a**2 - 1), factor * 1e6 * ((1e6 * b) ** 2 - 1)),
        lambda a, b: (factor * 2 * a, 0.0, factor * 1e12 * 2e6 * b),
    )
    points = find_critical_points(scaled, (-2.1, 1.9), (-1.7e-6, 2.3e-6))
    assert [p.kind for p in points] == ["minimum", "saddle", "saddle", "maximum"]
    np.testing.assert_allclose(places(points, "minimum"), [(1, 1e-6)], rtol=1e-9)


@pytest.mark.parametrize("distance", [1e-1, 1e-2, 1e-3])
def test_neighbours_are_told_apart(distance):
    """A minimum and a saddle that almost meet are two points, not one and not none."""
    e = distance / 2
    fold = Formula(
        lambda a, b: a**3 / 3 - e**2 * a + b**2,
        lambda a, b: (a**2 - e**2, 2 * b),
        lambda a, b: (2 * a, 0.0, 2.0),
    )
    saddle, minimum = places(find_critical_points(fold, (-2.3, 1.9), (-1.1, 1.4)))
    np.testing.assert_allclose([saddle, minimum], [(-e, 0), (e, 0)], atol=1e-9)


MONKEY = Formula(
    lambda a, b: a**3 - 3 * a * b**2,
    lambda a, b: (3 * a**2 - 3 * b**2, -6 * a * b),
    lambda a, b: (6 * a, -6 * b, -6 * a),
)


@pytest.mark.parametrize("surface", [power(4, 2), power(4, 4), power(4, 2, -1), MONKEY])
def test_degenerate_points_are_called_so(surface):
    """Where a curvature is 0 no kind is claimed."""
    [point] = find_critical_points(surface, (-1.1, 1.3), (-0.9, 1.2))
    assert point.kind == "degenerate"
    np.testing.assert_allclose((point.a, point.b), 0, atol=1e-6)


def test_newton_steps():
    """A step solves H s = −∇J; there is none where H has no inverse, and no need at ∇J = 0."""
    hessian = np.array([[[2.0, 1.0], [1.0, -3.0]], [[1.0, 2.0], [2.0, 4.0]], [[0.0, 0.0]] * 2])
    gradient = np.array([[5.0, -1.0], [1.0, 0.0], [0.0, 0.0]])
    steps = newton_steps(gradient, hessian)
    np.testing.assert_allclose(steps[0], np.linalg.solve(hessian[0], -gradient[0]), rtol=1e-14)
    assert np.isnan(steps[1]).all()
    assert (steps[2] == 0).all()
    flat = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert np.isnan(newton_steps(flat, hessian[[2, 2]])).all()


def test_a_plain_is_not_searched_for_points():
    """Where all gradients are rounding error, no point is invented."""
    plain = Formula(
        lambda a, b: np.exp(-4 * (a + b)),
        lambda a, b: (-4 * np.exp(-4 * (a + b)), 1e-16 * np.sin(9 * a)),
        lambda a, b: (16 * np.exp(-4 * (a + b)), 0.0, 1e-16 * np.cos(9 * b)),
    )
    assert find_critical_points(plain, (0, 10), (0, 10)) == []


def test_one_steep_place_hides_nothing():
    """A peak of 1e300, on which one start lies, leaves the flat points of the rest to be found."""
    a0, b0 = -2.1 + 4 * 16.5 / 32 + 1e-3, -1.7 + 4 * 16.5 / 32

    def peak(a, b):
        return np.exp(690 - 1e6 * ((a - a0) ** 2 + (b - b0) ** 2))

    surface = Formula(
        lambda a, b: CUBIC.cost(a, b) + peak(a, b),
        lambda a, b: (
            a**2 - 1 - 2e6 * (a - a0) * peak(a, b),
            b**2 - 1 - 2e6 * (b - b0) * peak(a, b),
        ),
        lambda a, b: (
            2 * a + (4e12 * (a - a0) ** 2 - 2e6) * peak(a, b),
            4e12 * (a - a0) * (b - b0) * peak(a, b),
            2 * b + (4e12 * (b - b0) ** 2 - 2e6) * peak(a, b),
        ),
    )
    points = places(find_critical_points(surface, (-2.1, 1.9), (-1.7, 2.3)))
    for corner in itertools.product((-1, 1), repeat=2):
        assert min(math.dist(corner, place) for place in points) < 1e-9


@pytest.mark.parametrize(
    ("width", "place", "window", "found"),
    [
        (0.005, (0.1, 0.1), [(0.05, 0.4), (0.02, 0.35)], ["maximum"]),
        (0.05, (0.11, 0.2), [(-50, 61), (-47, 53)], []),
    ],
)
def test_the_ground_around_a_peak_hides_and_adds_nothing(width, place, window, found):
    """Where exp(−r²) falls to 0, steps are short and digits few: only the peak itself counts."""

    def peak(a, b, factor):
        x, y = (a - place[0]) / width, (b - place[1]) / width
        return factor(x, y) * np.exp(-(x * x + y * y) / 2)

    surface = Formula(
        lambda a, b: peak(a, b, lambda x, y: 1.0),
        lambda a, b: [peak(a, b, f) for f in (lambda x, y: -x / width, lambda x, y: -y / width)],
        lambda a, b: [
            peak(a, b, lambda x, y: (x * x - 1) / width**2),
            peak(a, b, lambda x, y: x * y / width**2),
            peak(a, b, lambda x, y: (y * y - 1) / width**2),
        ],
    )
    points = find_critical_points(surface, *window)
    assert [point.kind for point in points] == found
    assert all(math.dist((point.a, point.b), place) < 1e-9 for point in points)


def bump(width, a=0.51, b=0.47):
    """Return a slope with a small bump on it: a maximum and a saddle, whatever its width."""

    def lump(x, y):
        return 3 * width * np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * width**2))

    return Formula(
        lambda x, y: x + lump(x, y),
        lambda x, y: (1 - (x - a) / width**2 * lump(x, y), -(y - b) / width**2 * lump(x, y)),
        lambda x, y: (
            ((x - a) ** 2 / width**4 - 1 / width**2) * lump(x, y),
            (x - a) * (y - b) / width**4 * lump(x, y),
            ((y - b) ** 2 / width**4 - 1 / width**2) * lump(x, y),
        ),
    )


def fold(offset):
    """Return a surface far from the origin that has a minimum and a saddle."""
    c = math.sqrt(0.5)
    return Formula(
        lambda a, b: (a - offset) ** 3 / 3 - c * (a - offset) + (b - offset) ** 2,
        lambda a, b: ((a - offset) ** 2 - c, 2 * (b - offset)),
        lambda a, b: (2 * (a - offset), 0.0, 2.0),
    )


RING = Formula(
    lambda a, b: (a * a + b * b - 1) ** 2,
    lambda a, b: (4 * a * (a * a + b * b - 1), 4 * b * (a * a + b * b - 1)),
    lambda a, b: (12 * a * a + 4 * b * b - 4, 8 * a * b, 4 * a * a + 12 * b * b - 4),
)
ROUGH = Formula(  # noise where the derivatives should be smooth
    lambda a, b: np.exp(-a) + np.exp(-b),
    lambda a, b: (-np.exp(-a) + 1e-6 * np.sin(1e9 * a), -np.exp(-b) + 1e-6 * np.sin(1e9 * b)),
    lambda a, b: (np.exp(-a), 0.0, np.exp(-b)),
)
BROKEN = Formula(  # no numbers on one half
    lambda a, b: np.sqrt(a) + b * b,
    lambda a, b: (0.5 / np.sqrt(a), 2 * b),
    lambda a, b: (-0.25 * a**-1.5, 0.0, 2.0),
)
STEEP = Formula(  # one curvature is beyond all digits of the other
    lambda a, b: np.exp(a) + np.exp(b),
    lambda a, b: (np.exp(a), np.exp(b)),
    lambda a, b: (np.exp(a), 0.0, np.exp(b)),
)
POLE = Formula(  # a slope without end, on a line on which the search starts
    lambda a, b: (a - 0.3) ** 2 + (b - 0.4) ** 2 - 1e-9 * np.log(abs(a - 0.515625)),
    lambda a, b: (2 * (a - 0.3) - 1e-9 / (a - 0.515625), 2 * (b - 0.4)),
    lambda a, b: (2 + 1e-9 / (a - 0.515625) ** 2, 0.0, 2.0),
)
UNIT = ((0, 1), (0, 1))
HARD = [
    *((bump(width), UNIT, 2) for width in (0.1, 0.03, 0.01)),
    *((bump(width), UNIT, None) for width in (1 / 200, 1 / 500, 1e-4)),
    *((fold(x), ((x - 2.1, x + 1.9), (x - 1.7, x + 2.3)), 2) for x in (0, 1e4, 1e6, 1e8)),
    (RING, ((-1.7, 1.9), (-1.6, 2.0)), None),
    (ROUGH, ((0, 12), (0, 12)), None),
    (BROKEN, ((-1, 1), (-1, 1)), 0),
    (POLE, UNIT, 1),
    (STEEP, ((-650, 650), (-650, 650)), 0),
    (power(2, 2, 0), ((-1.1, 1.3), (-0.9, 1.2)), None),  # a valley of equal minima
    (power(0, 0), ((-1.1, 1.3), (-0.9, 1.2)), 0),  # a plain
    (power(8, 8), ((-1.1, 1.3), (-0.9, 1.2)), None),
    (power(6, 3, -1), ((-1.1, 1.3), (-0.9, 1.2)), None),
    (WAVES, ((-90, 110), (-95, 105)), None),  # thousands of points
    (CUBIC, ((-1e6, 1e6), (-1e6, 1e6)), None),
    (CUBIC, ((1 - 1e-7, 1 + 2e-7), (1 - 1e-7, 1 + 2e-7)), 1),
    (SLOPE, ((-700, -600), (0, 1)), 0),
]


@pytest.mark.filterwarnings("ignore:.*encountered in")  # what their own formulas say
@pytest.mark.parametrize(("surface", "window", "count"), HARD)
def test_hard_surfaces_come_to_an_end(surface, window, count):
    """Whatever the surface, the search ends and claims no more than it knows."""
    points = find_critical_points(surface, *window, cells=200_000)
    assert not points.proven
    assert points.standing.startswith("searched, not proven")
    assert count in (None, len(points))
    for p in points:
        if p.kind != "degenerate":
            np.testing.assert_allclose(np.ravel(surface.gradient(p.a, p.b)), 0, atol=1e-6)


@pytest.mark.parametrize("width", [0.02, 0.01])
def test_steps_of_any_length_are_taken_in_silence(width):
    """Where the surface is almost a plane Newton's step has no length, and nobody is warned."""
    assert len(find_critical_points(bump(width), *UNIT)) == 2


def test_a_window_of_few_numbers_is_not_searched():
    """Where a window is a few steps of float64 wide no point is listed once for each of them."""
    points = find_critical_points(fold(1e15), (1e15 - 0.5, 1e15 + 1), (1e15 - 1, 1e15 + 1))
    assert points == []
    assert points.standing.startswith("not searched: float64 has too few numbers")


@pytest.mark.parametrize(("method", "value"), [("gradient", np.zeros((2, 9))), ("hessian", 0.0)])
def test_derivatives_of_a_wrong_shape_are_refused(method, value):
    """The error says which method of which surface returned what, and what it should."""
    surface = Formula(*CUBIC.formulas)
    setattr(surface, method, lambda a, b: value)
    shape = "(1024, 2)" if method == "gradient" else "(1024, 2, 2)"
    returned = f"Formula.{method} returns the shape {np.shape(value)} for 1024 points: let it "
    with pytest.raises(ValueError, match=re.escape(f"{returned}return {shape}")):
        find_critical_points(surface, (-2, 2), (-2, 2))


@pytest.mark.parametrize("budget", [1, 60, 300, 1160, 1200, 1240, 1280])
def test_the_budget_is_kept_and_said(budget):
    """No method is asked for more points, and the search says after how many it had to stop."""
    counts = dict.fromkeys(("cost", "gradient", "hessian"), 0)

    class Counting:
        def __getattr__(self, name):
            def method(a, b):
                counts[name] += np.broadcast(a, b).size
                return getattr(WAVES, name)(a, b)

            return method

    points = find_critical_points(Counting(), (-90, 110), (-95, 105), cells=10 * budget)
    assert max(counts.values()) <= budget
    said = re.fullmatch("searched, not proven, and stopped after (.*) points?", points.standing)
    assert int(said[1].replace(",", "")) == counts["gradient"]


def test_one_is_not_many():
    """One cell is a cell, and one point a point."""
    network = Network(Network.random(135).weights, output="linear")
    linear = WeightPlane(network, load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    for surface, said in (
        (linear, "proven complete by 1 cell"),
        (article_plane(), "not decided by 1 cell"),
        (CUBIC, "searched, not proven, and stopped after 1 point"),
    ):
        assert find_critical_points(surface, (-15, 17), (-15, 18), cells=1).standing == said


@pytest.mark.parametrize("name", ["a_range", "b_range"])
@pytest.mark.parametrize(
    "bad",
    [(1, 1), (2, -2), (-1e308, 1e308), (0, math.inf), (math.nan, 1), (1,), (1, 2, 3), 5, "ab"],
)
def test_bad_ranges_are_refused(name, bad):
    """The error names the range, its value and the remedy."""
    window = {"a_range": (-1, 1), "b_range": (-1, 1), name: bad}
    with pytest.raises(ValueError, match=f"^{name} is .*two finite numbers"):
        find_critical_points(CUBIC, **window)


def dense_search(plane, a_range, b_range, size):
    """Cross the lines on which one component of the gradient vanishes with the sign of the other.

    Lines come from marching squares on a dense lattice, points are polished by MINPACK with
    differences of the gradient: no Hessian is used.
    """
    a, b = np.linspace(*a_range, size), np.linspace(*b_range, size)
    gradient = plane.gradient(a, b[:, None])
    shape = gradient / np.linalg.norm(gradient, axis=-1, keepdims=True)
    found = []
    for component in (0, 1):
        for line in contour_generator(a, b, shape[..., component]).lines(0.0):
            other = plane.gradient(*line.T)[:, 1 - component]
            for i in np.flatnonzero(np.sign(other[:-1]) != np.sign(other[1:])):
                near = line[i]
                unit = np.linalg.norm(plane.gradient(*(near + 0.5)))
                end = root(lambda w, unit=unit: plane.gradient(*w) / unit, near, tol=1e-13).x
                left = np.linalg.norm(plane.gradient(*end)) / unit
                if left < 1e-7:
                    found.append(end)
    inside = [w for w in found if a_range[0] < w[0] < a_range[1] and b_range[0] < w[1] < b_range[1]]
    distinct = []
    for w in inside:
        if all(np.linalg.norm(w - other) > 1e-4 for other in distinct):
            distinct.append(w)
    return sorted((float(x), float(y)) for x, y in distinct)


PLANES = [
    (135, 100, (2, 5, 250), (2, 5, 251)),
    (135, 500, (2, 5, 250), (2, 5, 251)),
    (135, 1000, (2, 5, 250), (2, 5, 251)),
    (7, 60, (2, 0, 3), (2, 0, 499)),
    (42, 200, (2, 9, 17), (2, 9, 18)),
    (3, 100, (2, 5, 250), (2, 5, 251)),
    (158, 100, (1, 5, 5), (1, 5, 6)),
    (20, 150, (1, 5, 5), (1, 5, 6)),
    (16, 50, (1, 200, 30), (1, 200, 31)),
    (11, 40, (2, 1, 20), (2, 4, 33)),
    (12, 30, (1, 17, 4), (2, 5, 17)),
]


@pytest.mark.parametrize(("seed", "n", "a", "b"), PLANES)
def test_none_missed_and_none_invented(seed, n, a, b):
    """The points are those of the dense search; of two weights into one unit that is proven."""
    plane = WeightPlane(Network.random(seed), load_mnist(n), a=a, b=b)
    window = (-15, 17), (-15, 18)
    points = find_critical_points(plane, *window)
    np.testing.assert_allclose(places(points), dense_search(plane, *window, 150), atol=1e-4)
    assert points.proven == (a[:2] == b[:2])
    for p in points:
        np.testing.assert_allclose(p.cost, plane.cost(p.a, p.b), rtol=1e-14)
        np.testing.assert_allclose(p.eigenvalues, np.linalg.eigvalsh(plane.hessian(p.a, p.b)))


# Windows in which the turns of the gradient, from one sample of the border to the next, are missed.
SEED_3 = (3, 100, (2, 5, 250), (2, 5, 251))
WINDOWS = [
    (SEED_3, (-38.59, 29.03), (-25.64, 31.77)),
    (SEED_3, (-56.48216852650134, 60.99162274435449), (-56.449387760874096, 38.95059877799005)),
    (SEED_3, (-63.588167705350855, 27.623721916467876), (-11.534669093757461, 50.15056614099658)),
    (SEED_3, (-20.21899142289086, 63.534970435827795), (-64.37772463424793, 30.476333145922247)),
    (
        (643, 50, (2, 2, 402), (2, 2, 358)),
        (-64.26352524977976, 37.779533255172865),
        (-29.288949908975653, 137.37604298547882),
    ),
    (
        (1903, 50, (2, 5, 304), (2, 5, 210)),
        (-66.07869472786967, 112.6925861748822),
        (-37.70929453532297, 103.43232426470377),
    ),
]


@pytest.mark.parametrize(("of", "a_range", "b_range"), WINDOWS)
def test_wide_windows_are_proven(of, a_range, b_range):
    """A minimum beside a ridge and a valley is not overlooked, however fine they are."""
    seed, n, a, b = of
    plane = WeightPlane(Network.random(seed), load_mnist(n), a=a, b=b)
    points = find_critical_points(plane, a_range, b_range)
    assert points.proven
    np.testing.assert_allclose(
        places(points), dense_search(plane, a_range, b_range, 500), atol=1e-3
    )


def article_plane(n=100, seed=135):
    """Return the article's plane."""
    return WeightPlane(Network.random(seed), load_mnist(n), a=(2, 5, 250), b=(2, 5, 251))


@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("seed", [8, 33, 61])
def test_larger_windows_are_proven_too(seed, factor):
    """All is proven up to four times the article's window; a dense search has no other point."""
    plane = article_plane(seed=seed)
    window = (1 - 16 * factor, 1 + 16 * factor), (1.5 - 16.5 * factor, 1.5 + 16.5 * factor)
    points = find_critical_points(plane, *window)
    assert points.proven
    for place in dense_search(plane, *window, 250):
        distances = [math.dist(place, (p.a, p.b)) for p in points]
        assert min(distances) < 1e-3


def test_a_window_of_any_width_is_cut():
    """However far the window reaches, what is not flat in it is found: here the one minimum."""
    network = Network(Network.random(135).weights, output="softmax")
    plane = WeightPlane(network, load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    points = find_critical_points(plane, (-1000, 1010), (-1000, 1010))
    assert points.proven
    assert [point.kind for point in points] == ["minimum"]


def test_each_point_is_alone_in_its_box():
    """Each point lies in a small box, within the window, where the gradient changes its sign."""
    plane, window = article_plane(1000), np.array([(-15, 17), (-15, 18)])
    points = find_critical_points(plane, *window)
    assert [p.kind for p in points] == ["minimum", "minimum", "saddle", "maximum"]
    for p in points:
        low, high = np.array(p.box).T
        assert (window[:, 0] < low).all()
        assert (low < (p.a, p.b)).all()
        assert ((p.a, p.b) < high).all()
        assert (high < window[:, 1]).all()
        assert (high - low).max() < 1e-6
        # Newton's map has one fixed point in the box: its corners are drawn to the middle.
        corners = np.array([(x, y) for x in p.box[0] for y in p.box[1]])
        steps = newton_steps(plane.gradient(*corners.T), plane.hessian(*corners.T))
        np.testing.assert_allclose(corners + steps, [(p.a, p.b)] * 4, atol=1e-11)


@pytest.mark.parametrize("shift", [(0, 0), (1e-9, 0), (0, -1e-9), (3e-9, 3e-9)])
def test_a_point_on_the_border_of_cells_is_counted_once(shift):
    """A window around the saddle, cut through the saddle again and again, has one point."""
    [saddle] = find_critical_points(article_plane(), (-15, 17), (-15, 18))
    a, b = saddle.a + shift[0], saddle.b + shift[1]
    points = find_critical_points(article_plane(), (a - 8, a + 8), (b - 4, b + 4))
    assert points.proven
    assert len(points) == 1


def test_a_point_on_the_border_of_the_window_is_said():
    """It is neither counted nor left out: the part of the window is named."""
    [saddle] = find_critical_points(article_plane(), (-15, 17), (-15, 18))
    points = find_critical_points(article_plane(), (saddle.a, saddle.a + 5), (-15, 18))
    assert points == []
    assert not points.proven
    [part] = points.undecided
    assert "border of the window" in part.reason
    assert part.a_range[0] < saddle.a < part.a_range[1]
    assert part.b_range[0] < saddle.b < part.b_range[1]
    assert part.b_range[1] - part.b_range[0] < 1e-6


def test_the_cells_cover_the_window():
    """What is empty and what holds one point add up to the window; what was cut is more."""
    points = find_critical_points(article_plane(), (-15, 17), (-15, 18))
    areas = {name: np.ptp(cells, axis=2).prod(axis=1).sum() for name, cells in points.cells.items()}
    np.testing.assert_allclose(areas["empty"] + areas["one"], 32 * 33, rtol=1e-12)
    assert areas["cut"] > areas["one"] > 0


def test_a_dead_pixel_leaves_a_flat_plane_undecided():
    """Two weights from pixels that are 0 in all images: flat everywhere, and called so."""
    plane = WeightPlane(Network.random(1), load_mnist(10), a=(0, 3, 0), b=(0, 3, 1))
    points = find_critical_points(plane, (-5, 5), (-5, 5))
    assert points == []
    [part] = points.undecided
    assert (part.a_range, part.b_range) == ((-5, 5), (-5, 5))
    assert "rounding" in part.reason


def test_a_window_of_few_numbers_is_not_called_degenerate():
    """Where cells cannot be cut because float64 has no numbers between, that is the reason."""
    points = find_critical_points(article_plane(), (1e15, 1e15 + 1), (-15, 18))
    assert points.standing == "float64 has too few numbers to cut it"


def test_equal_inputs_leave_a_line_undecided():
    """Two inputs that are the same make a valley of equal minima: the budget of cells ends it."""
    network, digits = Network.random(4, (3, 10)), load_mnist(30)
    images = digits.images[:, [400, 400, 300]]
    plane = WeightPlane(network, Digits(images, digits.labels), a=(0, 2, 0), b=(0, 2, 1))
    points = find_critical_points(plane, (-40, 41), (-40, 42), cells=3000)
    assert points == []
    assert points.standing == "not decided by 3,000 cells"
    assert sum(map(len, points.cells.values())) <= 3000


def test_one_sample_alone_makes_no_point():
    """Far out, where one sample rules and the Hessian has no inverse, it is proven that none is."""
    plane = WeightPlane(Network.random(971), load_mnist(50), a=(2, 6, 420), b=(2, 6, 89))
    points = find_critical_points(plane, (-54.2, 25.8), (-42.7, 37.3))
    assert points == []
    assert points.proven


def test_the_two_weights_may_be_exchanged():
    """The plane of the same weights in the other order has the same points, mirrored."""
    network, digits = Network.random(135), load_mnist(500)
    plane = WeightPlane(network, digits, a=(2, 5, 250), b=(2, 5, 251))
    mirror = WeightPlane(network, digits, a=(2, 5, 251), b=(2, 5, 250))
    points = find_critical_points(plane, (-15, 17), (-15, 18))
    mirrored = find_critical_points(mirror, (-15, 18), (-15, 17))
    assert len(points) == 5
    assert [p.kind for p in points] == [p.kind for p in mirrored]
    np.testing.assert_allclose(
        [(p.a, p.b) for p in points], [(p.b, p.a) for p in mirrored], atol=1e-9
    )


def test_planes_of_directions_are_searched_too():
    """A plane along two random directions agrees with the dense search, and claims no proof."""
    sizes = (784, 6, 10)
    network = Network.random(4, sizes)
    directions = (Network.random(seed, sizes).weights for seed in (5, 6))
    plane = DirectionPlane(network, load_mnist(20), *directions)
    window = (-2.05, 2.0), (-2.0, 2.1)
    points = find_critical_points(plane, *window)
    assert points
    np.testing.assert_allclose(places(points), dense_search(plane, *window, 100), atol=1e-4)
    assert points.standing == "searched, not proven"
    assert [(part.a_range, part.b_range) for part in points.undecided] == [window]


def test_the_result_is_a_plain_value():
    """A search is repeatable to the bit, and its points are comparable and plain numbers."""
    first, second = (find_critical_points(article_plane(), (-15, 17), (-15, 18)) for _ in range(2))
    assert first == second
    [point] = first
    assert isinstance(point, CriticalPoint)
    numbers = (point.a, point.b, point.cost, *point.eigenvalues, *point.box[0], *point.box[1])
    assert all(type(x) is float for x in numbers)
    assert type(point.kind) is str
    assert first.standing == "proven complete by 1,845 cells"
