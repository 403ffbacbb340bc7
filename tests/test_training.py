"""Training of all the weights."""

import numpy as np
import pytest
from scipy.special import expit

from landscape_core import Adam, Digits, GradientDescent, Momentum, Network, he_network, train
from landscape_core.network import flatten


def start():
    """Return a small network whose sigmoids are not saturated."""
    return Network([0.1 * w for w in Network.random(1, sizes=(784, 6, 10)).weights])


def test_steps_by_hand(hundred):
    """Full-batch gradient descent follows the textbook's backpropagation, step by step."""
    training = train(start(), hundred, GradientDescent(0.5), epochs=3)
    first, second = (w.copy() for w in start().weights)
    x, t = hundred.images.astype(np.float64), hundred.targets
    for epoch in range(4):
        h = expit(x @ first.T)
        p = expit(h @ second.T)
        network = training.networks[epoch]
        np.testing.assert_allclose(network.weights[0], first, rtol=0, atol=1e-13)
        np.testing.assert_allclose(network.weights[1], second, rtol=0, atol=1e-13)
        assert training.cost[epoch] == pytest.approx(((p - t) ** 2).sum(1).mean(), abs=1e-13)
        out = 2 * (p - t) * p * (1 - p) / 100
        hidden = (out @ second) * h * (1 - h)
        first -= 0.5 * hidden.T @ x
        second -= 0.5 * out.T @ h


@pytest.mark.parametrize("optimizer", [GradientDescent(0.5), Momentum(0.1), Adam(0.05)])
def test_cost_goes_down(hundred, optimizer):
    """Any optimizer can train."""
    training = train(start(), hundred, optimizer, epochs=30, every=30)
    assert training.cost[-1] < 0.9 * training.cost[0]


def test_snapshots(hundred):
    """Every k-th epoch is kept, and the last in any case; they are those of the full path."""
    full = train(start(), hundred, Adam(), epochs=5)
    some = train(start(), hundred, Adam(), epochs=5, every=2)
    np.testing.assert_array_equal(full.epochs, [0, 1, 2, 3, 4, 5])
    np.testing.assert_array_equal(some.epochs, [0, 2, 4, 5])
    np.testing.assert_array_equal(some.cost, full.cost[[0, 2, 4, 5]])
    for network, epoch in zip(some.networks, some.epochs, strict=True):
        expected = flatten(full.networks[epoch].weights)
        np.testing.assert_array_equal(flatten(network.weights), expected)


def test_start_stays_as_it_is(hundred):
    """Training returns new networks and leaves the first as it was."""
    network = start()
    training = train(network, hundred, Adam(), epochs=2)
    np.testing.assert_array_equal(flatten(network.weights), flatten(start().weights))
    np.testing.assert_array_equal(flatten(training.networks[0].weights), flatten(network.weights))


def test_batches_by_hand(hundred):
    """Each step of an epoch sees its own digits, in the order drawn from the seed."""
    training = train(start(), hundred, GradientDescent(0.5), epochs=2, batch=30, seed=4)
    network, order, generator = start(), np.arange(100), np.random.default_rng(4)
    for _ in range(2):
        generator.shuffle(order)
        for begin in (0, 30, 60, 90):
            chosen = order[begin : begin + 30]
            digits = Digits(hundred.images[chosen], hundred.labels[chosen])
            network = train(network, digits, GradientDescent(0.5), epochs=1).networks[-1]
    np.testing.assert_allclose(
        flatten(training.networks[-1].weights), flatten(network.weights), rtol=0, atol=1e-15
    )


def test_seed_decides_on_the_order(hundred):
    """The same seed gives the same bits, and another one another path."""
    ends = [
        flatten(train(start(), hundred, Adam(), epochs=2, batch=25, seed=seed).networks[-1].weights)
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])


def test_activation_is_kept(hundred):
    """What is trained stays the kind of network that it was."""
    network = Network(start().weights, hidden="relu", shortcuts=True)
    end = train(network, hundred, GradientDescent(0.01), epochs=1).networks[-1]
    assert (end.hidden, end.shortcuts) == ("relu", True)


def test_no_epochs(hundred):
    """No epoch at all leaves one network: the start."""
    training = train(start(), hundred, Adam(), epochs=0)
    assert len(training.networks) == len(training.cost) == 1
    assert training.cost[0] == start().cost(hundred)


def test_training_that_blows_up(hundred):
    """Weights that leave the range of floats are noticed, and the remedy is named."""

    class Leap:
        def stepper(self, slope):
            return lambda weights: weights * 1e308 * 10

    with pytest.raises(FloatingPointError, match=r"in epoch 1 .* smaller learning rate"):
        train(start(), hundred, Leap(), epochs=9)


def test_a_cost_that_is_no_number(hundred):
    """Weights so large that the cost cannot be computed are noticed, and nothing warns."""
    network = Network([np.ones((3, 784)), np.ones((3, 3)), np.ones((10, 3))], hidden="relu")

    class Leap:
        def stepper(self, gradient):
            signs = np.append(np.ones(3 * 784 + 9), np.resize([1.0, 1.0, -1.0], 30))
            return lambda weights: 1e300 * signs

    with pytest.raises(FloatingPointError, match=r"after epoch 1 the cost .* smaller learning"):
        train(network, hundred, Leap(), epochs=1)


def test_training_in_one_line(hundred):
    """A training can be read in a notebook."""
    training = train(start(), hundred, Adam(), epochs=4, every=2)
    assert repr(training).startswith("Training(3 networks over 4 epochs, cost 2.709")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": -1}, "epochs is -1: give a whole number, 0 or more"),
        ({"epochs": 1.5}, "epochs is 1.5"),
        ({"epochs": None}, "epochs is None: give a whole number, 0 or more"),
        ({"epochs": np.inf}, "epochs is inf: give a whole number, 0 or more"),
        ({"epochs": 1, "every": 0}, "every is 0: give a whole number, 1 or more"),
        ({"epochs": 1, "batch": 0}, "batch is 0: give a whole number, 1 or more"),
        ({"epochs": 1, "seed": -1}, "seed is -1: give a whole number, 0 or more"),
        ({"epochs": 1, "seed": None}, "seed is None: give a whole number, 0 or more"),
    ],
)
def test_arguments_out_of_range(hundred, arguments, message):
    """Numbers out of range are refused with the range."""
    with pytest.raises(ValueError, match=message):
        train(start(), hundred, Adam(), **arguments)


@pytest.mark.parametrize("shortcuts", [False, True])
def test_he_network_begins_neither_dead_nor_blind(hundred, shortcuts):
    """All layers share one gain over He's rule, for which the outputs' inputs have size 1."""
    network = he_network(3, (784, *[24] * 15, 10), hundred, shortcuts)
    drawn = Network.random(3, (784, *[24] * 15, 10)).weights
    gains = [
        w / (np.sqrt(2 / w.shape[1]) * start)
        for w, start in zip(network.weights, drawn, strict=True)
    ]
    np.testing.assert_allclose(np.concatenate(gains, axis=None), gains[0][0, 0], rtol=1e-14)
    h = hundred.images.astype(np.float64)
    for layer, w in enumerate(network.weights[:-1]):
        h = np.maximum(h @ w.T, 0) + (h if shortcuts and layer else 0)
    z = h @ network.weights[-1].T
    assert (z**2).mean() == pytest.approx(1, abs=1e-9)


def test_he_network_that_is_none():
    """Where no gain will do, as on black images, that is said."""
    digits = Digits(np.zeros((2, 4), np.float32), np.array([1, 2]))
    with pytest.raises(ValueError, match=r"with no g from .* scale the inputs"):
        he_network(1, (4, 3, 10), digits)
