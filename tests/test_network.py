"""The network: its weights, its outputs, its cost."""

import copy
import pickle

import numpy as np
import pytest
from scipy.special import expit

from landscape_core import (
    DirectionPlane,
    GradientDescent,
    Network,
    Samples,
    WeightPlane,
    extreme_eigenpairs,
    gradient,
    hessian_product,
    load_mnist,
    train,
)
from landscape_core.activations import sigmoid


def test_article_weights_to_the_bit():
    """The default network is drawn from the legacy generator, layer after layer, row by row."""
    np.random.seed(135)  # noqa: NPY002 (the article's way)
    expected = [np.random.normal(size=s) for s in [(50, 784), (500, 50), (10, 500)]]  # noqa: NPY002
    for w, e in zip(Network.random(seed=135).weights, expected, strict=True):
        assert w.dtype == np.float64
        np.testing.assert_array_equal(w, e)


def test_seeds_differ():
    """Another seed is another network."""
    assert not np.array_equal(Network.random(0).weights[2], Network.random(1).weights[2])


def test_outputs_layer_by_layer(hundred):
    """What enters each layer is the sigmoid of the weighted sums of the layer before."""
    network = Network.random(135)
    h = hundred.images.astype(np.float64)
    for layer, w in enumerate(network.weights):
        np.testing.assert_allclose(network.activations(hundred.images, layer), h, atol=1e-14)
        h = expit(h @ w.T)
    np.testing.assert_allclose(network.predict(hundred.images), h, rtol=0, atol=1e-14)


def test_cost_is_the_definition(hundred, direct_cost):
    """The cost is the mean over the digits of the summed squared errors."""
    network = Network.random(16)
    assert network.cost(hundred) == pytest.approx(direct_cost(network.weights, hundred), abs=1e-12)


def test_more_digits_than_one_block(direct_cost):
    """A sample that does not fit one block is cut without a seam."""
    network, digits = Network.random(1), load_mnist(1300)
    assert network.cost(digits) == pytest.approx(direct_cost(network.weights, digits), abs=1e-12)


def test_weights_are_a_copy_and_read_only():
    """A network keeps its own weights: the caller's array may change, the network's may not."""
    mine = np.ones((2, 3))
    network = Network([mine])
    mine[:] = 7
    np.testing.assert_array_equal(network.weights[0], np.ones((2, 3)))
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 5


def test_images_are_not_written_to(hundred):
    """A prediction leaves its images as they were."""
    images = hundred.images.copy()
    Network.random(135).predict(images)
    np.testing.assert_array_equal(images, hundred.images)


def test_sigmoid_is_silent_and_exact_far_out():
    """The sigmoid neither overflows nor loses the small side."""
    z = np.array([-1e308, -1e4, -700.0, -1.0, 0.0, 1.0, 700.0, 1e4, 1e308])
    np.testing.assert_allclose(sigmoid(z), expit(z), rtol=1e-15)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([], "at least one weight matrix, 0 were given"),
        ([np.ones(3)], r"layer 0 have shape \(3,\)"),
        ([np.ones((2, 3, 4))], r"layer 0 have shape \(2, 3, 4\)"),
        ([np.ones((0, 3))], r"layer 0 have shape \(0, 3\)"),
        ([np.full((2, 3), np.nan)], r"weights\[0\] holds nan"),
        ([np.ma.ones((2, 3))], r"weights\[0\] is a masked array"),
        ([[[1.0, 2.0], [3.0]]], r"weights\[0\] has rows of different lengths"),
        ([np.ones((2, 3)), np.ones((1, 2)) + 1j], r"weights\[1\] holds complex128 values"),
        ([[["1.0"]]], r"weights\[0\] holds .* give real numbers"),
        ([np.ones((2, 3)), np.full((1, 2), np.inf)], r"weights\[1\] holds inf"),
        ([np.ones((2, 3)), np.ones((4, 3))], "layer 1 takes 3 inputs, but layer 0 has 2 units"),
    ],
)
def test_weights_that_make_no_network(weights, message):
    """Matrices that are no network are refused with the layer and its shape."""
    with pytest.raises(ValueError, match=message):
        Network(weights)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", None, True])
def test_seed_out_of_range(seed):
    """A seed that the legacy generator cannot take is refused with the range."""
    with pytest.raises(ValueError, match=f"seed is {seed!r}: .* from 0 to 4,294,967,295"):
        Network.random(seed)


@pytest.mark.parametrize("sizes", [(), (784,), (784, 0, 10), (784, -5), (784, 2.5), (784, None)])
def test_sizes_out_of_range(sizes):
    """A network needs at least two sizes, each a whole number and at least 1."""
    with pytest.raises(ValueError, match=r"sizes are .*two or more|a size is .*number, 1 or more"):
        Network.random(0, sizes=sizes)


@pytest.mark.parametrize("shape", [(784,), (5, 783), (1, 28, 28)])
def test_images_of_another_shape(shape):
    """Images that do not fit the first layer are refused with both shapes."""
    with pytest.raises(ValueError, match=r"inputs have shape .*takes \(n, 784\)"):
        Network.random(0).predict(np.zeros(shape, dtype=np.float32))


def test_inputs_that_are_lists_or_no_numbers():
    """Lists are inputs too; what is masked, complex or text is refused, not cut to size."""
    network, rows = Network.random(0, (3, 2)), np.eye(3)
    np.testing.assert_array_equal(network.predict(rows.tolist()), network.predict(rows))
    for bad in (np.ma.array(rows, mask=rows > 0), rows + 1j, rows.astype(str)):
        with pytest.raises(ValueError, match=r"inputs (is a masked|holds .* give real numbers)"):
            network.predict(bad)


@pytest.mark.parametrize("layer", [-1, 3, 1.5, None])
def test_activations_of_no_layer(layer):
    """There are as many layers to look into as the network has, and its outputs."""
    with pytest.raises(ValueError, match=f"layer is {layer}: give a whole number, from 0 to 2"):
        Network.random(0, (3, 2, 2)).activations(np.eye(3), layer)


@pytest.mark.parametrize("shortcuts", [False, True])
@pytest.mark.parametrize("hidden", ["sigmoid", "relu"])
def test_hidden_layers_of_every_kind(hundred, hidden, shortcuts):
    """Shortcuts lead around square hidden layers only, and the outputs stay sigmoids."""
    sizes = (784, 784, 6, 6, 6, 10, 10)
    weights = [0.1 * w for w in Network.random(3, sizes).weights]
    h = hundred.images.astype(np.float64)
    for layer, w in enumerate(weights[:-1]):
        activation = expit(h @ w.T) if hidden == "sigmoid" else np.maximum(h @ w.T, 0)
        h = activation + h if shortcuts and layer in (2, 3) else activation
    expected = expit(h @ weights[-1].T)
    found = Network(weights, hidden, shortcuts).predict(hundred.images)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_unknown_activation():
    """An activation that does not exist is refused with those that do."""
    with pytest.raises(ValueError, match=r"hidden is 'sine': choose 'sigmoid', .* or 'identity'"):
        Network([np.ones((2, 3))], hidden="sine")


def test_copies_are_read_only_too():
    """A network that was pickled or copied cannot be changed either, and keeps its seed."""
    network = Network.random(4, sizes=(3, 2))
    for other in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert (other.seed, other.weights[0].flags.writeable) == (4, False)
        np.testing.assert_array_equal(other.weights[0], network.weights[0])


def test_one_line_says_what_it_is():
    """A network is shown in one line, whatever its size."""
    assert repr(Network.random(135)) == (
        "Network(784-50-500-10, hidden='sigmoid', output='squared', seed=135)"
    )
    network = Network([np.ones((2, 4)), np.ones((2, 3))], "relu", True, "softmax", True)
    assert repr(network) == (
        "Network(3-2-2, hidden='relu', output='softmax', shortcuts=True, biases=True)"
    )


ASKS = {
    "cost": lambda network, samples: network.cost(samples),
    "gradient": gradient,
    "Hessian": lambda network, samples: hessian_product(network, samples, network.weights),
    "eigenpairs": extreme_eigenpairs,
    "training": lambda network, samples: train(network, samples, GradientDescent(), 1),
    "two weights": lambda n, samples: WeightPlane(n, samples, (0, 0, 0), (0, 0, 1)),
    "directions": lambda n, samples: DirectionPlane(n, samples, n.weights, n.weights),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
@pytest.mark.parametrize(
    ("inputs", "targets", "output", "message"),
    [
        (
            (3, 2),
            np.ones((3, 10)),
            "squared",
            "number of targets is 10 in the samples, of outputs 4 in",
        ),
        ((3, 2), np.ones(3), "linear", "number of targets is 1 in the samples, of outputs 4 in"),
        (
            (3, 5),
            np.ones((3, 4)),
            "squared",
            "number of inputs is 5 in the samples, of inputs 2 in",
        ),
        ((3, 2), np.full((3, 4), 0.5), "squared", "'squared' takes targets that are 0 or 1"),
        ((3, 2), np.full((3, 4), -1), "logistic", "'logistic' takes targets that are 0 or 1"),
        ((3, 2), np.ones((3, 4)), "softmax", "a single 1 among 0s in each row"),
    ],
)
def test_samples_for_another_network(ask, inputs, targets, output, message):
    """Whoever is asked refuses samples that do not fit, with both numbers or the allowed ones."""
    network = Network(Network.random(0, (2, 4)).weights, output=output)
    with pytest.raises(ValueError, match=message):
        ask(network, Samples(np.ones(inputs), targets))


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
def test_no_samples(ask):
    """Whoever is asked refuses plain arrays, and says how samples are made of them."""
    given = np.ones((3, 2)), np.ones((3, 4))
    with pytest.raises(ValueError, match=r"samples are a tuple: .* Samples\(inputs, targets\)"):
        ask(Network.random(0, (2, 4)), given)


@pytest.mark.parametrize("output", ["hinge", None, ["linear"]])
def test_unknown_output(output):
    """An output that does not exist is refused with those that do."""
    with pytest.raises(ValueError, match=r"choose 'squared', 'logistic', 'softmax' or 'linear'"):
        Network([np.ones((2, 3))], output=output)


def test_softmax_of_one_output():
    """A softmax of one output has nothing to choose from."""
    with pytest.raises(ValueError, match=r"one output is always 1: choose output='logistic'"):
        Network([np.ones((1, 3))], output="softmax")


def test_checksum_tells_networks_apart():
    """All that makes a network's outputs counts, and nothing else, such as the seed."""
    w = [np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2))]
    others = [
        Network(w),
        Network([*w[:2], 2 * w[2]]),
        Network(w, "tanh"),
        Network(w, shortcuts=True),
        Network(w, output="linear"),
        Network([np.ones((4, 2)), np.ones((1, 4))]),
        Network([np.ones((2, 4)), np.ones((2, 2))]),
        Network([np.ones((2, 4)), np.ones((1, 2)), np.ones((2, 1))]),
        Network([np.ones((3, 2)), np.ones((1, 4))], biases=True),
    ]
    assert len({network.checksum for network in others}) == len(others)
    assert Network.random(3).checksum == Network(Network.random(3).weights).checksum
