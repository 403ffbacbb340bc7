"""The few numbers that a plane rests on, for programs that compute its cost elsewhere."""

from __future__ import annotations

import base64
from typing import TypedDict

import numpy as np

from landscape_core._kernels import Ridge
from landscape_core._kernels.profiles import (
    Parabola,
    Profile,
    Series,
    Softplus,
    Square,
    SquaredSigmoid,
)
from landscape_core._typing import Array
from landscape_core.planes import Plane

__all__ = ["PlaneConstants", "export_plane"]

FUNCTIONS: dict[type, str] = {
    SquaredSigmoid: "squared sigmoid",
    Softplus: "softplus",
    Square: "square",
    Series: "series",
    Parabola: "parabola",
}


class PlaneConstants(TypedDict):
    """All that is needed to compute the cost of a plane exactly, ready for JSON.

    With N samples and x = c + a h + b g for each, the cost is ``base`` + mean of F(x).

    Parameters
    ----------
    function : {"squared sigmoid", "softplus", "square", "series", "parabola"}
        F(x): the square of e = 1 / (1 + exp(x)), the logarithm of 1 + exp(−x), the square of x,
        the sample's Chebyshev series in 2e − 1, or its parabola q (φ(−x) + p)².
    activation : str
        φ, by the name that `Network` has for it, or "" for the other functions.
    samples : int
        How many samples, N in the formula above.
    base : float
        The share of the cost that a and b do not reach.
    terms : int
        How many numbers each sample has beside c, h and g: the terms of its series, 2 for p and q
        of its parabola, or 0.
    constants : str
        c, h and g of all samples one after the other, then the terms sample by sample, as
        little-endian float64 in base 64.
    """

    function: str
    activation: str
    samples: int
    base: float
    terms: int
    constants: str


def export_plane(plane: Plane) -> PlaneConstants:
    """Return the constants with which another program can compute a plane's cost.

    Parameters
    ----------
    plane : Plane
        The plane of two weights into one unit.

    Returns
    -------
    PlaneConstants
        The numbers that the plane itself computes with, to the bit.

    Raises
    ------
    ValueError
        If the cost of the plane does not come down to a few numbers for each sample: for weights
        into two units, for directions, and for other hidden units than sigmoid and tanh before
        anything but linear outputs.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> constants = export_plane(plane)
    >>> constants["function"], constants["samples"], len(constants["constants"])
    ('squared sigmoid', 100, 3200)
    """
    kernel = plane._kernel
    profile = kernel.profile if isinstance(kernel, Ridge) else None
    if not isinstance(kernel, Ridge) or type(profile) not in FUNCTIONS:
        raise ValueError(
            f"the plane computes its cost with {type(profile or kernel).__name__}, whose constants "
            "are not exported: choose two weights into one output, into one unit of the last "
            "hidden layer before linear outputs, or into one sigmoid or tanh unit"
        )
    terms, base = _terms(kernel.profile)
    numbers = np.concatenate([*kernel.rows[[2, 0, 1]], terms.ravel()])
    return {
        "function": FUNCTIONS[type(profile)],
        "activation": plane.network.hidden if isinstance(profile, Parabola) else "",
        "samples": kernel.count,
        "base": kernel.base + base,
        "terms": terms.shape[1],
        "constants": base64.b64encode(numbers.astype("<f8").tobytes()).decode(),
    }


def _terms(profile: Profile) -> tuple[Array, float]:
    """Return what each sample has of its own, shape (samples, terms), and a share of the base."""
    if isinstance(profile, Series):
        return profile.coefficients.T, 0.0
    if isinstance(profile, Parabola):
        along = profile.along
        terms = np.stack([along, np.full_like(along, profile.length)], axis=1)
        return terms, float(profile.apart.mean())
    return np.empty((0, 0)), 0.0
