"""Maps against the plane's own point-by-point answers."""

from types import SimpleNamespace

import numpy as np
import pytest

from landscape_core import (
    Network,
    WeightPlane,
    curvature_map,
    gradient_norm_map,
    load_mnist,
    roughness,
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


def test_the_roughness_is_that_of_the_hessians(plane):
    """Half the mean of the Hessians' squared Frobenius norms is the mean square curvature."""
    hessians = [plane.hessian(a, b) for a in A for b in B]
    squares = np.mean([(hessian**2).sum() for hessian in hessians]) / 2
    np.testing.assert_allclose(roughness(plane, A, B), np.sqrt(squares), rtol=1e-12)
    flat = SimpleNamespace(hessian=lambda a, b: 1e-200 * plane.hessian(a, b))
    np.testing.assert_allclose(roughness(flat, A, B), 1e-200 * np.sqrt(squares), rtol=1e-12)


@pytest.mark.parametrize("compute", [gradient_norm_map, curvature_map, roughness])
@pytest.mark.parametrize("axis", [np.ones((2, 2)), [], 1.0, [np.nan]])
def test_axes_that_are_none(plane, compute, axis):
    """What a landscape refuses as an axis, a map refuses too."""
    with pytest.raises(ValueError, match="b_axis"):
        compute(plane, A, axis)
