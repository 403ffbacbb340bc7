"""The few numbers that a plane rests on, for programs that compute its cost elsewhere."""

from __future__ import annotations

import base64
from typing import TypedDict

import numpy as np

from landscape_core._kernels import Ridge
from landscape_core._kernels.profiles import Series, Softplus, Square, SquaredSigmoid
from landscape_core.planes import Plane

__all__ = ["PlaneConstants", "export_plane"]

FUNCTIONS: dict[type, str] = {
    SquaredSigmoid: "squared sigmoid",
    Softplus: "softplus",
    Square: "square",
    Series: "series",
}


class PlaneConstants(TypedDict):
    """All that is needed to compute the cost of a plane exactly, ready for JSON.

    With N samples and x = c + a h + b g for each, the cost is ``base`` + mean of F(x).

    Parameters
    ----------
    function : {"squared sigmoid", "softplus", "square", "series"}
        F(x): the square of e = 1 / (1 + exp(x)), the logarithm of 1 + exp(−x), the square of x, or
        the sample's Chebyshev series in 2e − 1.
    samples : int
        How many samples, N in the formula above.
    base : float
        The share of the cost that a and b do not reach.
    terms : int
        The number of terms of each sample's series, or 0 for the other functions.
    constants : str
        c, h and g of all samples one after the other, then the series sample by sample, as
        little-endian float64 in base 64.
    """

    function: str
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
        If the cost of the plane does not come down to a few numbers for each sample.

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
            "are not exported: choose two weights into one output, or, before sigmoid or softmax "
            "outputs, into one sigmoid or tanh unit"
        )
    parts = list(kernel.rows[[2, 0, 1]])
    if kernel.series is not None:
        parts.append(kernel.series.T.ravel())
    return {
        "function": FUNCTIONS[type(profile)],
        "samples": kernel.count,
        "base": kernel.base,
        "terms": 0 if kernel.series is None else len(kernel.series),
        "constants": base64.b64encode(np.concatenate(parts).astype("<f8").tobytes()).decode(),
    }
