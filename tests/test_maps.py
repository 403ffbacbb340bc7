"""Maps against the plane's own point-by-point answers."""

import numpy as np
import pytest

from landscape_core import (
    GradientDescent,
    Network,
    WeightPlane,
    curvature_map,
    descend,
    find_basins,
    gradient_norm_map,
    load_mnist,
)

A, B = np.linspace(-9, 7, 4), np.linspace(-5, 15, 3)


@pytest.fixture(scope="module")
def plane():
    """Return a plane whose two weights are not interchangeable."""
    return WeightPlane(Network.random(3), load_mnist(30), a=(2, 5, 250), b=(2, 5, 251))


def test_the_gradient_norm_is_that_of_each_point(plane):
    """Rows follow b, columns follow a."""
    norms = gradient_norm_map(plane, A, B)
    assert norms.shape == (3, 4)
    for j, b in enumerate(B):
        for i, a in enumerate(A):
            np.testing.assert_allclose(norms[j, i], np.hypot(*plane.gradient(a, b)), rtol=1e-12)


def test_the_curvatures_are_the_eigenvalues(plane):
    """Their sum is the trace and their product the determinant of the Hessian, smaller first."""
    curvature = curvature_map(plane, A, B)
    assert curvature.shape == (3, 4, 2)
    assert (curvature[..., 0] <= curvature[..., 1]).all()
    for j, b in enumerate(B):
        for i, a in enumerate(A):
            (aa, ab), (_, bb) = plane.hessian(a, b)
            np.testing.assert_allclose(curvature[j, i].sum(), aa + bb, atol=1e-15)
            np.testing.assert_allclose(curvature[j, i].prod(), aa * bb - ab**2, atol=1e-15)


def test_a_basin_holds_the_end_of_its_own_start(plane):
    """Each end is that of a descent made alone, with the cost of the very same point."""
    basins = find_basins(plane, A, B, GradientDescent(3.0), epochs=40)
    assert basins.ends.shape == (3, 4, 2)
    for j, b in enumerate(B):
        for i, a in enumerate(A):
            alone = descend(plane, (a, b), GradientDescent(3.0), 40)
            np.testing.assert_allclose(basins.ends[j, i], alone.weights[-1, 0], atol=1e-12)
            np.testing.assert_allclose(basins.cost[j, i], alone.cost[-1, 0], rtol=1e-12)
            assert np.hypot(*(basins.ends[j, i] - (a, b))) > 0


def test_without_epochs_each_start_is_its_end(plane):
    """No update leaves the grid as it is."""
    basins = find_basins(plane, A, B, GradientDescent(), epochs=0)
    np.testing.assert_array_equal(basins.ends, np.stack(np.meshgrid(A, B), axis=-1))
    np.testing.assert_allclose(basins.cost, plane.landscape(A, B).cost, rtol=1e-12)
