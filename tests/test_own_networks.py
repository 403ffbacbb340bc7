"""Every activation, loss, bias and kind of plane against the definition in extended precision."""

import pickle
from collections import UserList
from itertools import pairwise

import numpy as np
import pytest

from landscape_core import (
    DirectionPlane,
    Network,
    Samples,
    WeightPlane,
    filter_normalized,
    gradient,
    hessian_product,
    random_direction,
)
from tests.reference import answers, jet, of_pair, targets

SIZES = (5, 4, 6, 4, 3)
PAIRS = {
    "one output": ((3, 1, 0), (3, 1, 2)),
    "two outputs": ((3, 1, 0), (3, 2, 2)),
    "one unit of the last hidden layer": ((2, 3, 1), (2, 3, 5)),
    "two units of the last hidden layer": ((2, 0, 1), (2, 3, 5)),
    "one unit of the first layer": ((0, 2, 0), (0, 2, 4)),
    "two units of the first layer": ((0, 2, 4), (0, 3, 4)),
    "in line": ((2, 2, 1), (3, 0, 2)),
    "first and last layer": ((0, 0, 1), (3, 2, 3)),
    "two layers, the later first": ((2, 1, 0), (1, 5, 3)),
    # And where there are biases, which are the last column:
    "output and its bias": ((3, 1, 4), (3, 1, 2)),
    "hidden unit and its bias": ((2, 3, 6), (2, 3, 0)),
    "biases of two layers": ((1, 5, 4), (2, 0, 6)),
    "biases two layers apart": ((0, 0, 5), (2, 0, 6)),
}
OUTPUTS = ["squared", "logistic", "softmax", "linear"]
every_hidden = pytest.mark.parametrize(
    "hidden", ["sigmoid", "tanh", "relu", "softplus", "gelu", "identity"]
)
every_output = pytest.mark.parametrize("output", OUTPUTS)
with_biases = pytest.mark.parametrize("biases", [False, True], ids=["", "biases"])


def make(hidden, output, biases, scale=1.0, seed=5, shortcuts=False):
    """Draw a network and samples for it."""
    generator = np.random.default_rng(seed)
    weights = [
        scale * generator.standard_normal((units, inputs + biases))
        for inputs, units in pairwise(SIZES)
    ]
    network = Network(weights, hidden, shortcuts, output, biases)
    inputs = generator.standard_normal((7, SIZES[0]))
    return network, Samples(inputs, targets(output, (7, SIZES[-1]), generator))


def agree(plane, centre, directions, a, b):
    """Compare a plane with the definition: relatively, where a number is above 1."""
    case = (plane.network, plane.samples, centre, directions)
    expected = np.array([jet(*case, x, y) for x, y in zip(a, b, strict=True)], float)
    bound = 1e-12 * np.maximum(1, abs(expected))
    assert (abs(answers(plane, a, b) - expected) <= bound).all()
    crossed = np.diag(plane.landscape(a, b).cost)
    assert (abs(crossed - expected[:, 0]) <= bound[:, 0]).all()


@every_hidden
@every_output
@with_biases
def test_weight_planes_are_the_definition(hidden, output, biases):
    """Cost, grid, gradient and second derivatives of every kind of pair are the definition's."""
    network, samples = make(hidden, output, biases)
    a, b = np.array([0.3, -2.0, 40.0]), np.array([1.1, 0.0, -3.0])
    for pair in PAIRS.values():
        if all(source < network.weights[layer].shape[1] for layer, _, source in pair):
            agree(WeightPlane(network, samples, *pair), *of_pair(network, pair), a, b)


@every_hidden
@every_output
@with_biases
@pytest.mark.parametrize("shortcuts", [False, True], ids=["", "shortcuts"])
def test_direction_planes_are_the_definition(hidden, output, biases, shortcuts):
    """Cost, grid, gradient and second derivatives along two directions are the definition's."""
    network, samples = make(hidden, output, biases, 0.5, shortcuts=shortcuts)
    a, b = ([0.3 * w for w in make(hidden, output, biases, seed=s)[0].weights] for s in (1, 2))
    plane = DirectionPlane(network, samples, a, b)
    agree(plane, network.weights, (a, b), np.array([0.0, 0.4, -1.0]), np.array([0.0, -0.7, 0.5]))


@every_hidden
@every_output
@with_biases
@pytest.mark.parametrize("still", [2, 3])
def test_directions_leave_the_first_layers_alone(hidden, output, biases, still):
    """Planes that begin at a later layer, or at the last, are the definition's too."""
    network, samples = make(hidden, output, biases, 0.5)
    a, b = ([0.3 * w for w in make(hidden, output, biases, seed=s)[0].weights] for s in (1, 2))
    for layer in range(still):
        a[layer][:] = b[layer][:] = 0
    plane = DirectionPlane(network, samples, a, b)
    agree(plane, network.weights, (a, b), np.array([0.0, 0.4, -1.0]), np.array([0.0, -0.7, 0.5]))


@every_hidden
@every_output
@with_biases
@pytest.mark.parametrize("shortcuts", [False, True], ids=["", "shortcuts"])
def test_all_weights_at_once(hidden, output, biases, shortcuts):
    """The gradient and the Hessian over all weights, seen along two directions, are the jet's."""
    network, samples = make(hidden, output, biases, shortcuts=shortcuts)
    a, b = (make(hidden, output, biases, seed=s)[0].weights for s in (1, 2))
    product = hessian_product(network, samples, a)
    along = [
        sum((x * y).sum() for x, y in zip(*pair, strict=True))
        for pair in ((gradient(network, samples), a), (product, a), (product, b))
    ]
    expected = jet(network, samples, network.weights, (a, b), 0, 0)
    np.testing.assert_allclose(network.cost(samples), float(expected[0]), rtol=1e-13)
    np.testing.assert_allclose(along, expected[[1, 3, 4]].astype(float), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("output", ["squared", "logistic", "softmax"])
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_tiny_costs_keep_their_digits(hidden, output):
    """A cost down to 1e-28 is right relatively, on planes and grids of every kind."""
    generator = np.random.default_rng(3)
    hidden_weights = generator.standard_normal((4, 5))
    hidden_weights[3] = [0, 0, 0, 0, 40]  # a unit that is always on
    last = 1.5 * generator.standard_normal((3, 4))
    inputs = np.hstack([generator.random((20, 4)), np.ones((20, 1))])
    samples = Samples(inputs, np.tile([1.0, 0, 0], (20, 1)))
    for margin in (8, 17, 34):
        last[:, 3] = margin, -margin, -margin
        network = Network([hidden_weights, last], hidden, output=output)
        for pair in (((1, 0, 0), (1, 0, 1)), ((1, 0, 0), (1, 1, 1)), ((0, 0, 0), (0, 0, 1)),
                     ((0, 0, 0), (0, 1, 1)), ((0, 0, 0), (1, 0, 0))):  # fmt: skip
            plane, a, b = WeightPlane(network, samples, *pair), np.array([0.7, -2]), [-1.1, 3]
            case = (network, samples, *of_pair(network, pair))
            exact = np.array([jet(*case, x, y) for x, y in zip(a, b, strict=True)], float)
            assert margin < 34 or exact[:, 0].max() < 1e-11
            np.testing.assert_allclose(answers(plane, a, b)[:, :3], exact[:, :3], rtol=1e-11)
            np.testing.assert_allclose(np.diag(plane.landscape(a, b).cost), exact[:, 0], rtol=1e-12)
        exact = jet(network, samples, *of_pair(network, pair), hidden_weights[0, 0], last[0, 0])
        np.testing.assert_allclose(network.cost(samples), float(exact[0]), rtol=1e-12)


@pytest.mark.parametrize(
    ("output", "outputs", "second"),
    [("logistic", 3, 1), ("softmax", 3, 1), ("softmax", 3, 0), ("softmax", 2, 0)],
)
@pytest.mark.parametrize("far", [3.0, 100.0, 690.0, 1e4])
def test_a_grid_takes_logarithms_of_products(output, outputs, second, far):
    """However large or small losses are that a grid multiplies, it is the definition."""
    generator = np.random.default_rng(8)
    network = Network([generator.standard_normal((outputs, 2))], output=output)
    inputs = np.repeat(generator.standard_normal((45, 1)), 2, axis=1)  # a = −b cancels
    samples = Samples(inputs, targets(output, (45, outputs), generator))
    pair = ((0, 1, 0), (0, second, 1))
    plane, axis = WeightPlane(network, samples, *pair), np.array([-far, 0.1, far])
    case = (network, samples, *of_pair(network, pair))
    expected = np.array([[jet(*case, x, y)[0] for x in axis] for y in axis], float)
    np.testing.assert_allclose(plane.landscape(axis, axis).cost, expected, rtol=1e-12)
    alone = [[plane.landscape([x], [y]).cost.item() for x in axis] for y in axis]
    np.testing.assert_allclose(alone, expected, rtol=1e-12)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_a_good_fit_of_large_numbers_keeps_its_digits(hidden):
    """Where elsewhere on a plane the cost is 1e6 times as large, that of a good fit is right."""
    generator = np.random.default_rng(4)
    weights = list(make(hidden, "linear", False)[0].weights)
    weights[-1] = 1e4 * weights[-1]
    network, inputs = Network(weights, hidden, output="linear"), generator.random((8, 5))
    outputs = network.predict(inputs)
    for noise in (1e-4, 1e-2, 1):
        samples = Samples(inputs, outputs + noise * generator.standard_normal(outputs.shape))
        pair = PAIRS["one unit of the first layer"]
        plane, case = WeightPlane(network, samples, *pair), of_pair(network, pair)
        assert plane._kernel.series is not None
        a, b = np.array([weights[0][2, 0] + 1e-5, 20]), np.array([weights[0][2, 4], 20])
        exact = np.array([jet(network, samples, *case, x, y)[0] for x, y in zip(a, b, strict=True)])
        # The outputs' last digits are lost in any case, when the targets are taken off.
        bound = 1e-13 * exact + 20 * np.spacing(abs(outputs)).max() * np.sqrt(exact)
        for cost in (plane.cost(a, b), np.diag(plane.landscape(a, b).cost)):
            assert (abs(cost - exact) <= bound).all()
    assert exact[1] > 1e6 * exact[0]


def test_a_confident_network_has_no_negative_cost():
    """Where costs are below a series' last digit, no point of the plane is below 0."""
    generator = np.random.default_rng(10)
    inputs = np.hstack([generator.random((20, 3)), np.ones((20, 1))])
    hidden = 2 * generator.standard_normal((4, 4))
    hidden[3] = [0, 0, 0, 40]
    last = 6 * generator.standard_normal((10, 4))
    last[:, 3] = [24, *[-24] * 9]
    samples = Samples(inputs, np.tile(np.eye(10)[0], (20, 1)))
    plane = WeightPlane(Network([hidden, last]), samples, (0, 0, 0), (0, 0, 1))
    assert plane._kernel.series is not None
    axis = np.linspace(-8, 8, 33)
    cost = plane.landscape(axis, axis).cost
    assert 0 < cost.min() < 1e-18
    np.testing.assert_allclose(cost, plane.cost(axis, axis[:, None]), rtol=1e-12)


def test_slopes_among_the_smallest_numbers():
    """Where a slope of 1e-308 is all that a hidden unit makes, its plane is made all the same."""
    samples = Samples(np.eye(2), [0, 0])
    for bias in np.arange(-340.0, -390.0, -0.5):
        network = Network([np.array([[1, 1, 0.0]]), np.array([[30, bias]])], biases=True)
        plane = WeightPlane(network, samples, (0, 0, 0), (0, 0, 1))
        assert plane.cost(1, 1) == pytest.approx(network.cost(samples), rel=1e-12)


def test_a_dip_between_the_nodes_is_seen():
    """Outgoing weights of ±700 make a dip that no short series has: its depth is right."""
    weights = np.zeros((10, 2))
    weights[0] = 700, -700 * 0.454
    weights[1] = -700, 700 * 0.454
    first = np.array([[np.log(0.454 / 0.546), 0, 0], [0, 0, 40.0]])
    network, samples = Network([first, weights]), Samples(np.ones((1, 3)), np.eye(10)[[5]])
    plane = WeightPlane(network, samples, (0, 0, 0), (0, 0, 1))
    assert plane.cost(first[0, 0], 0.0) == pytest.approx(network.cost(samples), rel=1e-12)


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
@every_output
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_remainders_bound_what_a_series_lacks(monkeypatch, hidden, output, scale):
    """A short series and its derivatives miss the definition by no more than its bounds say."""
    for share in ("CUT_OFF", "NEGLIGIBLE", "NEGLIGIBLE_BEND"):
        monkeypatch.setattr(f"landscape_core._kernels.series.{share}", 1e-3)
    network, samples = make(hidden, output, True, scale)
    layer = 1 if output == "linear" else 2  # before linear outputs it is a parabola
    plane = WeightPlane(network, samples, (layer, 2, 0), (layer, 2, 1))
    series, remainders = plane._kernel.series, plane._kernel.profile.remainders
    t = np.linspace(-1, 1, 41)[1:-1]
    u = np.arctanh(t) * (2 if hidden == "sigmoid" else 1)  # the weighted sum that gives t
    # The bias alone moves the unit, one sample at a time.
    centre = [w.copy() for w in network.weights]
    centre[layer][2] = 0
    moved = [np.zeros_like(w) for w in centre]
    moved[layer][2, -1] = 1
    error = 0.0
    for n in range(len(samples)):
        one = Samples(samples.inputs[[n]], samples.targets[[n]])
        exact = np.array([jet(network, one, centre, (moved, moved), x, 0) for x in u])
        dt = (1 - t**2) / (2 if hidden == "sigmoid" else 1)
        bend = -2 * t * dt / (2 if hidden == "sigmoid" else 1)
        first = exact[:, 1] / dt
        expected = (exact[:, 0], first, (exact[:, 3] - first * bend) / dt**2)
        for order, what in enumerate(expected):
            terms = np.polynomial.chebyshev.chebder(series[:, n], order)
            missed = abs(np.polynomial.chebyshev.chebval(t, terms) - what)
            assert (missed <= remainders[order, n] + 1e-12 * abs(what).max()).all()
            error = max(error, missed.max())
    assert error > 1e-7  # there was something to bound


@every_hidden
@every_output
def test_planes_can_be_pickled(hidden, output):
    """A plane that went to another process has the same numbers, to the bit."""
    network, samples = make(hidden, output, True)
    planes = [WeightPlane(network, samples, *PAIRS[kind]) for kind in list(PAIRS)[:4]]
    for plane in [*planes, DirectionPlane(network, samples, network.weights, network.weights)]:
        other = pickle.loads(pickle.dumps(plane))
        np.testing.assert_array_equal(other.hessian(0.3, 1.1), plane.hessian(0.3, 1.1))


@every_output
def test_outputs_are_what_they_are_called(output):
    """A prediction is a sigmoid, probabilities that add up to 1, or the sums themselves."""
    network, samples = make("tanh", output, True)
    z, found = network.sums(samples.inputs), network.predict(samples.inputs)
    softmax = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    expected = {"softmax": softmax, "linear": z}.get(output, 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_one_output_of_a_softmax_is_convex():
    """Two weights into one output of a softmax span a surface without a negative curvature."""
    network, samples = make("tanh", "softmax", True)
    plane = WeightPlane(network, samples, (3, 1, 0), (3, 1, 2))
    axis = np.linspace(-20, 20, 15)
    assert np.linalg.eigvalsh(plane.hessian(axis, axis[:, None])).min() > -1e-14


def test_random_and_filter_normalised_directions_leave_biases_alone():
    """Directions are 0 for biases, and lengths are those of the weights without them."""
    network, _ = make("relu", "softmax", True)
    direction = random_direction(network, 3)
    scaled = filter_normalized([np.ones_like(w) for w in network.weights], network)
    for d, s, w in zip(direction, scaled, network.weights, strict=True):
        assert not d[:, -1].any()
        assert not s[:, -1].any()
        np.testing.assert_allclose(np.linalg.norm(s, axis=1), np.linalg.norm(w[:, :-1], axis=1))


def state(network):
    """Return a network's parameters as PyTorch names them."""
    names = {}
    for i, w in enumerate(network.weights):
        names |= {f"{2 * i}.weight": w[:, :-1], f"{2 * i}.bias": w[:, -1]}
    return names


class TestFromOtherLibraries:
    """Networks made of arrays."""

    def test_layers_and_state_dict(self):
        """Layers as pairs, as matrices, or by name, in rows or as Keras' kernels, are the same."""
        network, samples = make("relu", "softmax", True)
        pairs = [(w[:, :-1], w[:, -1]) for w in network.weights]
        keras = {f"dense_{i}/kernel": w.T for i, (w, _) in enumerate(pairs)}
        keras |= {f"dense_{i}/bias": b for i, (_, b) in enumerate(pairs)}
        for made in (
            Network.from_layers(pairs, "relu", "softmax"),
            Network.from_layers([UserList(pair) for pair in pairs], "relu", "softmax"),
            Network.from_layers(  # as np.load returns them
                [np.array([*pair, None], dtype=object)[:2] for pair in pairs], "relu", "softmax"
            ),
            Network.from_state_dict(state(network), "relu", "softmax"),
            Network.from_state_dict(keras, "relu", "softmax"),
        ):
            assert made.cost(samples) == network.cost(samples)
        bare, samples = make("tanh", "linear", False)
        assert Network.from_layers(bare.weights, "tanh", "linear").cost(samples) == bare.cost(
            samples
        )

    @pytest.mark.parametrize("activation", ["logistic", "tanh", "relu", "identity"])
    @pytest.mark.parametrize("classes", [0, 2, 10])
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    def test_scikit_learn(self, activation, classes):
        """Outputs and loss equal scikit-learn's, for regressors and classifiers."""
        sklearn = pytest.importorskip("sklearn")
        from sklearn.datasets import load_digits
        from sklearn.metrics import log_loss, mean_squared_error
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        x, y = load_digits(n_class=max(classes, 2), return_X_y=True)
        x, y = x[:300] / 16, y[:300]
        kind = MLPClassifier if classes else MLPRegressor
        options = {"hidden_layer_sizes": (6, 5), "max_iter": 20, "random_state": 0}
        model = sklearn.base.clone(kind(activation=activation, **options)).fit(x, y)
        network = Network.from_sklearn(model)
        samples = Samples.labelled(x, y) if classes == 10 else Samples(x, y)
        outputs = model.predict_proba(x) if classes else model.predict(x)[:, None]
        expected = log_loss(y, outputs) if classes else mean_squared_error(y, outputs[:, 0])
        outputs = outputs[:, 1:] if classes == 2 else outputs
        np.testing.assert_allclose(network.predict(x), outputs, rtol=0, atol=1e-12)
        assert network.cost(samples) == pytest.approx(expected, rel=1e-12)

    def test_the_trained_model_is_the_lowest_point(self):
        """On a filter-normalised plane around a trained network its own cost is the least."""
        pytest.importorskip("sklearn")
        from sklearn.datasets import load_iris
        from sklearn.neural_network import MLPClassifier

        x, y = load_iris(return_X_y=True)
        model = MLPClassifier((8,), alpha=0, solver="lbfgs", max_iter=400, random_state=1)
        network, samples = Network.from_sklearn(model.fit(x, y)), Samples.labelled(x, y)
        a, b = (filter_normalized(random_direction(network, s), network) for s in (1, 2))
        axis = np.linspace(-1, 1, 21)
        cost = DirectionPlane(network, samples, a, b).landscape(axis, axis).cost
        assert cost.argmin() == 10 * 21 + 10
        assert cost[10, 10] == pytest.approx(network.cost(samples), rel=1e-12)

    def test_check(self):
        """With an example of inputs and outputs, logits too, a confusion is an error."""
        generator = np.random.default_rng(0)
        weights = [generator.standard_normal((4, 4)) for _ in range(2)]
        network, inputs = Network(weights, "tanh", output="softmax"), generator.random((3, 4))
        for outputs in (network.predict(inputs), network.sums(inputs)):
            check = (inputs, outputs)
            Network.from_layers(weights, "tanh", "softmax", check)
            with pytest.raises(ValueError, match=r"reproduce .*: transpose the square matrices"):
                Network.from_layers([w.T for w in weights], "tanh", "softmax", check)
            with pytest.raises(ValueError, match="check the activation, the output and the order"):
                Network.from_layers(weights, "relu", "softmax", check)
        for check in ((inputs, outputs[:2]), (inputs[:0], outputs[:0]), (inputs[0], outputs[0])):
            with pytest.raises(ValueError, match="give one row of each for one sample or more"):
                Network.from_layers(weights, "tanh", "softmax", check)
        with pytest.raises(ValueError, match="outputs to check holds inf"):
            Network.from_layers(weights, "tanh", "softmax", (inputs, outputs + np.inf))
        with pytest.raises(ValueError, match=r"check has 3 parts: give two, \(inputs, outputs\)"):
            Network.from_layers(weights, "tanh", "softmax", inputs)

    def test_check_of_small_outputs(self):
        """The unit of a regression does not matter: outputs of 1e-6 are checked as any others."""
        generator = np.random.default_rng(0)
        weights, inputs = [1e-6 * generator.standard_normal((4, 4))], generator.random((3, 4))
        check = inputs, Network(weights, output="linear").predict(inputs)
        Network.from_layers(weights, output="linear", check=check)
        with pytest.raises(ValueError, match="transpose the square matrices"):
            Network.from_layers([weights[0].T], output="linear", check=check)

    @pytest.mark.parametrize(
        ("layers", "message"),
        [
            ([], "at least one weight matrix"),
            ([np.ones((5, 3)), np.ones((3, 2))], "give their transposes, W.T"),
            ([np.ones((2, 3)), np.ones((3, 5))], "the other way round"),
            ([np.ones((2, 3)), np.ones((4, 7))], "all layers, in the order"),
            ([np.ones(3)], r"shape \(3,\): give W or \(W, b\)"),
            ([None], "weights of layer 0 cannot be read as an array"),
            ([np.ones((3, 2, 1))], r"shape \(3, 2, 1\): give W or \(W, b\)"),
            ([(np.ones((2, 3)), np.ones(3))], r"2 rows .* biases .*3,.* \(transpose W\)"),
            ([(np.ones((4, 3)), np.ones((2, 2)))], r"biases of shape \(2, 2\)"),
            ([(np.ones((2, 3)), np.ma.ones(2))], "biases of layer 0 .* masked array"),
            ([np.ones((2, 3)) + 1j], "weights of layer 0 .* complex128 values"),
            ([(np.ones((2, 3)), np.ones(2)), np.ones((1, 2))], "layer 1 has no biases, but"),
            ([(np.ones((2, 3)), [1, np.nan])], "finite"),
            ([[["a", "b"]]], "cannot be read as an array"),
        ],
    )
    def test_layers_that_do_not_fit(self, layers, message):
        """Layers that make no network are refused with the remedy."""
        with pytest.raises(ValueError, match=message):
            Network.from_layers(layers)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"1.running_mean": np.ones(3)}, "'1.running_mean' .* no fully connected layer"),
            ({"1.weight": np.ones(3)}, "'1.weight' of shape .* no fully connected layer"),
            ({"9.weight": np.ones((8, 1, 3, 3))}, "no fully connected layer.* surface of your own"),
            ({"0.kernel": np.ones((5, 3))}, "'0.kernel' is a second kernel of its layer"),
            ({"9.bias": np.ones(2)}, "'9' has biases but no weights"),
            ({"9.weight": np.ones((2, 3))}, "layer 4 has no biases"),
            ({"9.weight": object()}, r"9.weight cannot be read .*detach\(\)"),
        ],
    )
    def test_parameters_of_other_layers(self, change, message):
        """What a fully connected network has not is refused by name."""
        with pytest.raises(ValueError, match=message):
            Network.from_state_dict(
                state(make("relu", "linear", True)[0]) | change, "relu", "linear"
            )

    @pytest.mark.parametrize("names", ["0, 10, 2", "fc2, fc1, out"])
    def test_order_by_name(self, names):
        """Layers in alphabetical order, as some files keep them, are refused with their order."""
        parameters = {f"{name}.weight": np.eye(3) for name in names.split(", ")}
        with pytest.raises(ValueError, match=f"in the order {names}: give a dictionary"):
            Network.from_state_dict(parameters, "relu", "linear")

    def test_numbers_that_begin_anew(self):
        """Parts of a model, each of which counts its own layers, are in order."""
        names = ("encoder.0", "encoder.2", "decoder.0", "decoder.2")
        parameters = {f"{name}.weight": i * np.eye(3) for i, name in enumerate(names)}
        network = Network.from_state_dict(parameters, "relu", "linear")
        assert [w[0, 0] for w in network.weights] == [0, 1, 2, 3]

    def test_parameters_without_names(self):
        """A list of arrays, which PyTorch's parameters() make, is no mapping."""
        with pytest.raises(ValueError, match=r"are a list: give a mapping .*state_dict\(\)"):
            Network.from_state_dict([np.eye(3)], "relu", "linear")

    def test_models_of_another_kind(self):
        """A model that has not been fitted, or has another loss, is refused."""

        class Poisson:
            coefs_, out_activation_, loss = [], "exp", "poisson"

        with pytest.raises(ValueError, match=r"object has no weights: .* been fitted"):
            Network.from_sklearn(object())
        with pytest.raises(ValueError, match=r"loss is 'poisson': .* loss='squared_error'"):
            Network.from_sklearn(Poisson())
