"""A surface of one's own, with three methods and nothing else, wherever a plane is taken."""

import numpy as np

from landscape_core import (
    GradientDescent,
    curvature_map,
    descend,
    find_basins,
    find_critical_points,
    gradient_norm_map,
)


class DoubleWell:
    """Two minima of (a² − 1)² + 2b², at (±1, 0), and a saddle between them."""

    def cost(self, a, b):
        """Return the value."""
        return np.asarray((np.square(a) - 1) ** 2 + 2 * np.square(b))

    def gradient(self, a, b):
        """Return the slopes."""
        a, b = np.broadcast_arrays(a, b)
        return np.stack([4 * a * (a**2 - 1), 4 * b], axis=-1)

    def hessian(self, a, b):
        """Return the second derivatives."""
        a, b = np.broadcast_arrays(a, b)
        rows = [[12.0 * a**2 - 4, 0.0 * b], [0.0 * b, 4 + 0.0 * b]]
        return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


A, B = np.linspace(-1.5, 1.4, 8), np.linspace(-0.7, 0.9, 5)


def test_descents_and_basins_lead_to_the_well_on_the_same_side():
    """Along a the sign never changes at small steps; along b every step takes the same share."""
    rule = GradientDescent(0.05)
    descent = descend(DoubleWell(), [(0.3, 0.8), (-0.3, 0.8)], rule, epochs=60)
    np.testing.assert_allclose(descent.weights[:, 0, 1], 0.8 * 0.8 ** np.arange(61), rtol=1e-12)
    np.testing.assert_array_equal(descent.weights[:, 0, 0], -descent.weights[:, 1, 0])
    basins = find_basins(DoubleWell(), A, B, rule, epochs=500)
    expected = np.broadcast_to(np.sign(A), (len(B), len(A)))
    np.testing.assert_allclose(basins.ends[..., 0], expected, rtol=1e-12)
    assert basins.cost.max() < 1e-24


def test_maps_are_the_formulas():
    """Slopes and curvatures at every point of a grid, rows along b."""
    steep, curved = (compute(DoubleWell(), A, B) for compute in (gradient_norm_map, curvature_map))
    for j, b in enumerate(B):
        for i, a in enumerate(A):
            np.testing.assert_allclose(steep[j, i], np.hypot(4 * a**3 - 4 * a, 4 * b), rtol=1e-12)
            np.testing.assert_allclose(curved[j, i], sorted([12 * a**2 - 4, 4]), rtol=1e-12)


def test_critical_points_are_found_and_not_called_proven():
    """Both minima and the saddle, and no claim that there are no others."""
    points = find_critical_points(DoubleWell(), (-1.7, 1.9), (-1.1, 1.3))
    found = sorted((point.a, point.b, point.kind) for point in points)
    assert [kind for *_, kind in found] == ["minimum", "saddle", "minimum"]
    np.testing.assert_allclose([place for *place, _ in found], [(-1, 0), (0, 0), (1, 0)], atol=1e-9)
    assert not points.proven
