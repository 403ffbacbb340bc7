"""Optimizers against sequences written out by hand, and against PyTorch where it is installed."""

import math

import numpy as np
import pytest

from landscape_core import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    WeightPlane,
    descend,
    load_mnist,
)

STEPS = 100
STARTS = [(1.5, -2.0), (-0.3, 0.7)]
OPTIMIZERS = [
    GradientDescent(0.02),
    Momentum(0.02, 0.8),
    Nesterov(0.02, 0.8),
    AdaGrad(0.3, 1e-3),
    RMSProp(0.05, 0.85, 1e-3),
    Adam(0.1, 0.8, 0.95, 1e-3),
]


class Bowl:
    """A plane whose derivatives are short: J = a⁴/4 + (a + 2b)²/2 − b."""

    def cost(self, a, b):
        """Return J."""
        return a**4 / 4 + (a + 2 * b) ** 2 / 2 - b

    def gradient(self, a, b):
        """Return a gradient that the next call overwrites, as the planes' own do."""
        self.result = getattr(self, "result", np.empty((len(a), 2)))
        self.result[:] = np.stack(gradient(a, b), axis=-1)
        return self.result


def gradient(a, b):
    """Return the bowl's gradient, in plain numbers."""
    return a**3 + (a + 2 * b), 2 * (a + 2 * b) - 1


def reference(optimizer, start):
    """Walk one coordinate after the other in plain Python, straight from the papers' formulas."""
    name, p = type(optimizer).__name__, optimizer
    w, path = list(start), [start]
    v, m, s = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for t in range(1, STEPS + 1):
        at = [w[i] + p.momentum * v[i] for i in (0, 1)] if name == "Nesterov" else w
        g = gradient(*at)
        for i in (0, 1):
            if name == "GradientDescent":
                w[i] -= p.learning_rate * g[i]
            elif name in ("Momentum", "Nesterov"):
                v[i] = p.momentum * v[i] - p.learning_rate * g[i]
                w[i] += v[i]
            elif name == "AdaGrad":
                s[i] += g[i] ** 2
                w[i] -= p.learning_rate / (math.sqrt(s[i]) + p.epsilon) * g[i]
            elif name == "RMSProp":
                s[i] = p.decay * s[i] + (1 - p.decay) * g[i] ** 2
                w[i] -= p.learning_rate / (math.sqrt(s[i]) + p.epsilon) * g[i]
            else:
                m[i] = p.beta1 * m[i] + (1 - p.beta1) * g[i]
                s[i] = p.beta2 * s[i] + (1 - p.beta2) * g[i] ** 2
                mean, squares = m[i] / (1 - p.beta1**t), s[i] / (1 - p.beta2**t)
                w[i] -= p.learning_rate * mean / (math.sqrt(squares) + p.epsilon)
        path.append(tuple(w))
    return np.array(path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: type(o).__name__)
def test_paths_follow_the_formulas(optimizer):
    """Each of 100 steps, from two starts at once, agrees with the formula within 1e-12."""
    descent = descend(Bowl(), STARTS, optimizer, STEPS)
    for k, start in enumerate(STARTS):
        path = reference(optimizer, start)
        np.testing.assert_allclose(descent.weights[:, k], path, rtol=0, atol=1e-12)
        assert abs(path[-1] - path[0]).max() > 0.1


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: type(o).__name__)
def test_paths_equal_pytorch(optimizer):
    """PyTorch's optimizers, in float64, take the same 100 steps within 1e-12."""
    torch = pytest.importorskip("torch")
    p = optimizer
    make = {
        "GradientDescent": lambda w: torch.optim.SGD(w, p.learning_rate),
        "Momentum": lambda w: torch.optim.SGD(w, p.learning_rate, p.momentum),
        "Nesterov": lambda w: torch.optim.SGD(w, p.learning_rate, p.momentum, nesterov=True),
        "AdaGrad": lambda w: torch.optim.Adagrad(w, p.learning_rate, eps=p.epsilon),
        "RMSProp": lambda w: torch.optim.RMSprop(w, p.learning_rate, p.decay, p.epsilon),
        "Adam": lambda w: torch.optim.Adam(w, p.learning_rate, (p.beta1, p.beta2), p.epsilon),
    }[type(p).__name__]
    w = torch.tensor(STARTS[0], dtype=torch.float64, requires_grad=True)
    theirs, path = make([w]), [w.detach().numpy().copy()]
    for _ in range(STEPS):
        theirs.zero_grad()
        Bowl().cost(w[0], w[1]).backward()
        theirs.step()
        path.append(w.detach().numpy().copy())
    ours = descend(Bowl(), STARTS[0], optimizer, STEPS).weights[:, 0]
    if isinstance(p, Nesterov):  # PyTorch keeps the point at which the gradient is taken
        ahead = ours[1:] + p.momentum * np.diff(ours, axis=0)
        ours = np.concatenate([ours[:1], ahead])
    np.testing.assert_allclose(ours, path, rtol=0, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: type(o).__name__)
def test_starts_do_not_touch_each_other(optimizer):
    """A start among many, in whichever block, takes the very path that it takes alone."""
    plane = WeightPlane(Network.random(3), load_mnist(20), a=(2, 5, 250), b=(2, 5, 251))
    starts = np.random.default_rng(0).uniform(-9, 9, (70, 2))
    together = descend(plane, starts, optimizer, 30).weights
    for k in (0, 40, 69):
        alone = descend(plane, starts[k], optimizer, 30).weights[:, 0]
        np.testing.assert_allclose(together[:, k], alone, rtol=0, atol=1e-12)


def test_an_optimizer_can_be_used_again():
    """Two descents with the same optimizer are equal: the velocity belongs to the descent."""
    first, second = (descend(Bowl(), STARTS, OPTIMIZERS[5], 20).weights for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("optimizer", [AdaGrad(), RMSProp(), Adam()])
def test_without_gradient_nothing_moves(optimizer):
    """Where the gradient is exactly 0 an adaptive method stands still, without a warning."""
    step = optimizer.stepper(np.zeros_like)
    assert all((step(np.ones((3, 2))) == 0).all() for _ in range(3))


def test_defaults_are_those_of_the_papers():
    """The numbers that the papers name, and where they name none the documented ones."""
    assert Adam() == Adam(learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8)
    assert RMSProp() == RMSProp(learning_rate=0.001, decay=0.9, epsilon=1e-8)
    assert AdaGrad() == AdaGrad(learning_rate=0.01, epsilon=1e-10)
    assert Momentum() == Momentum(learning_rate=0.5, momentum=0.9)
    assert Nesterov() == Nesterov(learning_rate=0.5, momentum=0.9)


BAD = [
    (make, {"learning_rate": value})
    for make in (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
    for value in (0, -1.0, math.inf, math.nan)
]
BAD += [
    (make, {"momentum": value}) for make in (Momentum, Nesterov) for value in (-0.1, 1, math.nan)
]
BAD += [(make, {"epsilon": value}) for make in (AdaGrad, RMSProp, Adam) for value in (0, math.inf)]
BAD += [(RMSProp, {"decay": 1}), (RMSProp, {"decay": -0.1})]
BAD += [(Adam, {"beta1": 1}), (Adam, {"beta2": 1.5}), (Adam, {"beta2": -1})]


@pytest.mark.parametrize(("make", "parameter"), BAD)
def test_bad_parameters_are_refused(make, parameter):
    """The error names the parameter, its value and what it must be."""
    ((name, value),) = parameter.items()
    with pytest.raises(ValueError, match=rf"^{name} is {value!r}: it must be"):
        make(**parameter)
