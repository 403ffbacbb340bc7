"""Random networks of every kind against the definition in extended precision."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_core import DirectionPlane, Network, Samples, WeightPlane
from tests.reference import answers, jet, of_pair, targets

HIDDEN = ["sigmoid", "tanh", "relu", "softplus", "gelu", "identity"]
TINY = 1e-240  # exponents are cut off at ±690: 1e-300 for 0, times what large weights make of it


def draw_network(generator, output):
    """Draw one to four layers of 1 to 40 units, weights scaled by 1e-6 to 1e5, and samples."""
    sizes = generator.integers(1, 41, generator.integers(2, 6))
    sizes[-1] = max(sizes[-1], 2)
    biases, scale = bool(generator.integers(2)), 10 ** generator.uniform(-6, 5)
    weights = [
        scale * generator.standard_normal((units, inputs + biases))
        for inputs, units in pairwise(sizes)
    ]
    network = Network(weights, str(generator.choice(HIDDEN)), output=output, biases=biases)
    n = int(generator.choice([1, 2, 5, 30]))
    inputs = generator.standard_normal((n, sizes[0]))
    return network, Samples(inputs, targets(output, (n, sizes[-1]), generator)), scale


def draw_pair(generator, weights):
    """Draw two weights: anywhere, into one unit, or the one behind the other."""
    while True:
        first, second = np.sort(generator.integers(0, len(weights), 2))
        a, b = ((k, *generator.integers(0, weights[k].shape)) for k in (first, second))
        if first == second and generator.random() < 0.6:
            b = (second, a[1], b[2])
        elif second == first + 1 and generator.random() < 0.5:
            b = (second, b[1], a[1])
        pair = [tuple(map(int, index)) for index in (a, b)]
        if pair[0] != pair[1]:
            return pair if generator.random() < 0.5 else pair[::-1]


def compare(plane, centre, directions, a, b):
    """Compare costs relatively where they are small, derivatives with the largest on the plane.

    Nothing is asked for that float64 cannot give: where the definition in float64 is farther from
    the one in extended precision, ten times its distance is allowed.
    """
    case = (plane.network, plane.samples, centre, directions)
    points = list(zip(a, b, strict=True))
    exact = np.array([jet(*case, x, y) for x, y in points])
    plain = np.array([jet(*case, x, y, dtype=np.float64) for x, y in points])
    if not (abs(exact) < 1e300).all():
        return
    rounding = 10 * abs(plain - exact)
    allowed = np.empty_like(exact)
    cost = exact[:, 0]
    allowed[:, 0] = 1e-12 * np.where(cost < 1e-6, cost, np.maximum(cost, 1)) + rounding[:, 0]
    found = answers(plane, a, b)
    parts = np.union1d(np.linspace(-1, 1, 21), [-0.01, 0.01])  # a cliff is narrow
    around = parts * (abs(a).max() + abs(b).max())
    elsewhere = answers(plane, *(x.ravel() for x in np.meshgrid(around, around)))
    for part in (slice(1, 3), slice(3, 6)):
        largest = max(abs(exact[:, part]).max(), abs(elsewhere[:, part]).max())
        allowed[:, part] = 1e-10 * largest + rounding[:, part].max()
    assert (abs(found - exact) <= allowed + TINY).all()
    assert (found[:, 0] >= 0).all()
    crossed = np.diag(plane.landscape(a, b).cost)
    assert (abs(crossed - cost) <= allowed[:, 0] + TINY).all()


@pytest.mark.parametrize("output", ["squared", "logistic", "softmax", "linear"])
@given(seed=st.integers(0, 2**32 - 1))
def test_networks_of_every_size_and_scale(output, seed):
    """Two weights, or two directions, of any network have the definition's cost and derivatives."""
    generator = np.random.default_rng(seed)
    network, samples, scale = draw_network(generator, output)
    if sum(w.size for w in network.weights) > 1:
        pair = draw_pair(generator, network.weights)
        here = [network.weights[layer][unit, source] for layer, unit, source in pair]
        a, b = np.column_stack([here, scale * generator.standard_normal((2, 3))])
        compare(WeightPlane(network, samples, *pair), *of_pair(network, pair), a, b)
    directions = [[scale * generator.standard_normal(w.shape) for w in network.weights]
                  for _ in "ab"]  # fmt: skip
    a, b = np.column_stack([[0, 0], generator.standard_normal((2, 2))])
    compare(DirectionPlane(network, samples, *directions), network.weights, directions, a, b)
