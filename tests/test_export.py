"""The exported constants hold the whole cost."""

import base64
import json

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from scipy.special import expit
from scipy.stats import norm

from landscape_core import Digits, Network, WeightPlane
from landscape_core.export import PlaneConstants, export_plane

PHI = {
    "sigmoid": expit,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0),
    "softplus": lambda z: np.logaddexp(0, z),
    "gelu": lambda z: z * norm.cdf(z),
    "identity": lambda z: z,
}


def cost(constants: PlaneConstants, a: float, b: float) -> float:
    """Compute the cost as the docstring of the constants says."""
    n, terms = constants["samples"], constants["terms"]
    numbers = np.frombuffer(base64.b64decode(constants["constants"]), "<f8")
    c, h, g = numbers[: 3 * n].reshape(3, n)
    x = c + a * h + b * g
    e = 1 / (1 + np.exp(x))
    if constants["function"] == "series":
        series = numbers[3 * n :].reshape(n, terms)
        values = chebyshev.chebval(2 * e - 1, series.T, tensor=False)
    elif constants["function"] == "parabola":
        p, q = numbers[3 * n :].reshape(n, terms).T
        values = q * (PHI[constants["activation"]](-x) + p) ** 2
    else:
        assert terms == 0
        functions = {"squared sigmoid": e**2, "softplus": np.log1p(np.exp(-x)), "square": x**2}
        values = functions[constants["function"]]
    return float(constants["base"] + values.mean())


@pytest.mark.parametrize("output", ["squared", "logistic", "softmax", "linear"])
@pytest.mark.parametrize(
    ("a", "b"), [((2, 5, 250), (2, 5, 251)), ((1, 200, 30), (1, 200, 31))], ids=["output", "hidden"]
)
def test_constants(
    hundred: Digits, a: tuple[int, int, int], b: tuple[int, int, int], output: str
) -> None:
    """The cost computed from them is the plane's, after a passage through JSON as well."""
    network = Network(Network.random(135).weights, output=output)
    plane = WeightPlane(network, hundred, a=a, b=b)
    constants = json.loads(json.dumps(export_plane(plane)))
    for point in [(0.0, 0.0), (-9.0, 15.0), (40.0, -3.0)]:
        assert cost(constants, *point) == pytest.approx(plane.cost(*point), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("hidden", PHI)
def test_before_linear_outputs(hundred: Digits, hidden: str) -> None:
    """A unit before linear outputs is exported whatever its activation is."""
    random = Network.random(135)
    weights = [w / np.sqrt(w.shape[1]) for w in random.weights]
    network = Network(weights, hidden=hidden, output="linear")
    plane = WeightPlane(network, hundred, a=(1, 200, 30), b=(1, 200, 31))
    constants = export_plane(plane)
    for point in [(0.0, 0.0), (-9.0, 15.0), (40.0, -3.0)]:
        whole = plane.network_at(*point).cost(hundred)
        assert cost(constants, *point) == pytest.approx(whole, rel=1e-13)


@pytest.mark.parametrize(
    ("hidden", "output", "a", "b"),
    [
        ("sigmoid", "squared", (2, 5, 250), (2, 6, 250)),
        ("relu", "softmax", (1, 200, 30), (1, 200, 31)),
    ],
    ids=["two units", "a piecewise unit"],
)
def test_other_planes(
    hundred: Digits, hidden: str, output: str, a: tuple[int, int, int], b: tuple[int, int, int]
) -> None:
    """A plane that needs more than a few numbers for each digit says so, and what does not."""
    network = Network(Network.random(135).weights, hidden=hidden, output=output)
    plane = WeightPlane(network, hundred, a=a, b=b)
    with pytest.raises(ValueError, match="Nested, whose constants are not exported: choose two"):
        export_plane(plane)
