"""Results are values: the same bits however many threads, and nothing else read or changed."""

import random

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from landscape_core import (
    DirectionPlane,
    GradientDescent,
    Network,
    WeightPlane,
    _parallel,
    descend,
    extreme_eigenpairs,
    find_critical_points,
    gradient,
    hessian_product,
    load_mnist,
    random_direction,
    train,
)


def test_same_bits_on_any_number_of_cores(monkeypatch):
    """One core, two or three, BLAS with one thread or two: every number is the same to the bit."""
    network, directions = Network.random(135), [Network.random(seed).weights for seed in (1, 2)]
    few, many = load_mnist(600), load_mnist(1300)  # more than one part for every kind of plane
    a, b = np.linspace(-15, 17, 36), np.linspace(-15, 18, 140)

    def everything():
        planes = [
            (WeightPlane(network, many, (2, 5, 250), (2, 5, 251)), (9, 140, 36)),
            (WeightPlane(network, many, (1, 200, 30), (1, 200, 31)), (9, 140, 36)),
            (WeightPlane(network, few, (2, 5, 250), (2, 6, 1)), (9, 30, 36)),
            (WeightPlane(network, few, (1, 200, 30), (2, 5, 200)), (9, 30, 36)),
            (WeightPlane(network, few, (0, 3, 400), (2, 1, 77)), (6, 6, 9)),
            (DirectionPlane(network, few, *directions), (6, 6, 9)),
        ]
        for plane, (columns, rows, count) in planes:
            points = a[:count], b[:count]
            yield plane.landscape(a[:columns], b[:rows]).cost
            yield plane.gradient(*points)
            yield plane.hessian(*points)
            yield descend(plane, np.stack(points, axis=1), GradientDescent(), 2).weights
        yield network.predict(many.images)
        yield from gradient(network, many)
        yield from hessian_product(network, many, network.weights)

    results = []
    for cores, threads in [(1, 1), (2, 1), (3, 2)]:
        monkeypatch.setattr(_parallel, "cores", lambda cores=cores: cores)
        _parallel._pool.cache_clear()
        with threadpool_limits(threads):
            results.append(list(everything()))
    _parallel._pool.cache_clear()
    for others in results[1:]:
        for one, other in zip(results[0], others, strict=True):
            np.testing.assert_array_equal(one, other)


def test_global_random_state_is_neither_read_nor_changed():
    """NumPy's and Python's own generators are left alone, and do not matter."""

    def everything():
        network, digits = Network.random(3), load_mnist(20)
        plane = WeightPlane(network, digits, (2, 5, 250), (2, 5, 251))
        other = DirectionPlane(network, digits, network.weights, random_direction(network, 4))
        return [
            plane.landscape([0.0, 1.0], [2.0]).cost,
            descend(plane, (1, 2), GradientDescent(), 3).weights,
            other.gradient(0.1, 0.2),
            np.array([p.a for p in find_critical_points(plane, (-15, 17), (-15, 18))]),
            train(network, digits, GradientDescent(0.1), epochs=1, batch=7).cost,
            extreme_eigenpairs(Network.random(3, (784, 3, 10)), digits, 1, 1)[0].value,
        ]

    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    before, plain = np.random.get_state(), random.getstate()  # noqa: NPY002
    first = everything()
    for x, y in zip(before, np.random.get_state(), strict=True):  # noqa: NPY002
        np.testing.assert_array_equal(x, y)
    assert random.getstate() == plain
    np.random.seed(2)  # noqa: NPY002
    random.seed(2)
    for x, y in zip(first, everything(), strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("pair", [((2, 5, 250), (2, 5, 251)), ((1, 200, 30), (2, 5, 200))])
def test_answers_share_no_memory(pair):
    """What a plane has answered does not change with its next answer."""
    plane = WeightPlane(Network.random(135), load_mnist(50), *pair)
    answers = [plane.cost([1.0, 2.0], 3.0), plane.gradient(1.0, 2.0), plane.hessian(1.0, 2.0)]
    copies = [answer.copy() for answer in answers]
    plane.cost([5.0, 6.0], 7.0), plane.gradient(5.0, 6.0), plane.hessian(5.0, 6.0)
    plane._gradient_function(1)(np.zeros((1, 2)))
    for answer, copy in zip(answers, copies, strict=True):
        np.testing.assert_array_equal(answer, copy)


@pytest.mark.parametrize(
    "pair",
    [
        ((2, 5, 250), (2, 5, 251)),
        ((2, 5, 250), (2, 6, 250)),
        ((1, 200, 30), (1, 200, 31)),
        ((1, 200, 30), (1, 201, 30)),
        ((0, 7, 406), (1, 200, 7)),
    ],
)
def test_one_saturated_digit(pair, direct_cost):
    """With one digit and weights of ±10⁴ all is finite and exact, without a warning."""
    network, digits = Network([50 * w for w in Network.random(5).weights]), load_mnist(1)
    plane = WeightPlane(network, digits, *pair)
    axis = np.array([-1e4, -1.0, 0.0, 1e4])
    surface = plane.landscape(axis, axis).cost
    for j, y in enumerate(axis):
        for i, x in enumerate(axis):
            weights = [w.copy() for w in network.weights]
            for (layer, unit, source), value in zip(pair, (x, y), strict=True):
                weights[layer][unit, source] = value
            assert abs(surface[j, i] - direct_cost(weights, digits)) <= 1e-12
    assert np.isfinite(plane.gradient(axis, axis[:, None])).all()
    assert np.isfinite(plane.hessian(axis, axis[:, None])).all()
    assert np.isfinite(descend(plane, (1e4, -1e4), GradientDescent(), 5).weights).all()
