"""The exported constants hold the whole cost."""

import base64
import json

import numpy as np
import pytest
from numpy.polynomial import chebyshev

from landscape_core import Digits, Network, WeightPlane
from landscape_core.export import PlaneConstants, export_plane


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
    if output == "linear" and a[0] == 1:
        with pytest.raises(ValueError, match="Parabola, whose constants are not exported"):
            export_plane(plane)
        return
    constants = json.loads(json.dumps(export_plane(plane)))
    for point in [(0.0, 0.0), (-9.0, 15.0), (40.0, -3.0)]:
        assert cost(constants, *point) == pytest.approx(plane.cost(*point), rel=1e-13, abs=1e-13)


def test_other_planes(hundred: Digits) -> None:
    """A plane that needs more than a few numbers for each digit says so."""
    plane = WeightPlane(Network.random(135), hundred, a=(2, 5, 250), b=(2, 6, 250))
    with pytest.raises(ValueError, match="Nested, whose constants are not exported"):
        export_plane(plane)
