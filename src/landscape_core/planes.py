"""Two-dimensional slices of weight space, on which the cost is a function of (a, b)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from landscape_core import _checks
from landscape_core._kernels import Kernel, Nested, Ridge, SoftmaxPair, Sweep
from landscape_core._parallel import single_blas
from landscape_core._provenance import provenance
from landscape_core._typing import Array, GradientFunction
from landscape_core.landscape import Landscape
from landscape_core.network import Network, Weight, check_direction, check_samples, check_weight
from landscape_core.samples import Samples, checksum_of

__all__ = ["DirectionPlane", "Plane", "WeightPlane"]


class Plane(ABC):
    """A plane in weight space: the cost, its exact derivatives, and a grid of it.

    Every method takes a and b as broadcastable arrays of finite numbers, and raises a ValueError
    for others. The results are float64.
    """

    network: Network
    samples: Samples
    _kernel: Kernel

    @property
    @abstractmethod
    def _provenance(self) -> dict[str, Any]:
        """What the plane's landscapes say that they were computed from."""

    def cost(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the cost at (a, b), with the broadcast shape of a and b."""
        return self._taylor(a, b, order=0)[..., 0]

    def gradient(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return (∂J/∂a, ∂J/∂b) at (a, b), with one trailing axis of length 2."""
        return self._taylor(a, b, order=1)[..., 1:3]

    def hessian(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the second derivatives at (a, b), with two trailing axes of length 2."""
        second = self._taylor(a, b, order=2)[..., 3:]
        return second[..., [[0, 1], [1, 2]]]

    def landscape(self, a_axis: ArrayLike, b_axis: ArrayLike) -> Landscape:
        """Compute the cost on the grid of two axes.

        Parameters
        ----------
        a_axis, b_axis : array_like, shapes (n,) and (m,)
            Positions along the two axes of the plane, finite and in any order.

        Returns
        -------
        Landscape
            With ``cost[j, i]`` at ``(a_axis[i], b_axis[j])``.

        Raises
        ------
        ValueError
            If an axis is empty, not one-dimensional or not finite.
        """
        a, b = _checks.axis("a_axis", a_axis), _checks.axis("b_axis", b_axis)
        return Landscape(a, b, self._kernel.grid(a, b), self._provenance)

    def _gradient_function(self, points: int) -> GradientFunction:
        """Return the fastest gradient for many calls with so many points each.

        It takes weights (points, 2) and returns gradients (points, 2); each call overwrites what
        the one before has returned.
        """
        return self._kernel.gradient_function(points)

    def _taylor(self, a: ArrayLike, b: ArrayLike, order: int) -> Array:
        """Return J, then Jₐ, J_b, then Jₐₐ, Jₐ_b, J_bb along a new last axis."""
        a, b = np.broadcast_arrays(_checks.finite("a", a), _checks.finite("b", b))
        parts = self._kernel.points(a.ravel(), b.ravel(), order)
        return parts.reshape(*a.shape, parts.shape[1])


class WeightPlane(Plane):
    r"""The plane on which two weights of a network vary and all others keep their values.

    The coordinates (a, b) are the values of the two weights themselves.

    Parameters
    ----------
    network : Network
        Where all other weights come from.
    samples : Samples
        What the cost is a mean over; `Digits` are samples.
    a, b : tuple of int
        Two different weights, each as (layer, unit, input), counted from 0.

    Raises
    ------
    ValueError
        If an index is out of range, both weights are the same, the network has shortcuts, or the
        samples do not fit the network's inputs, outputs and loss.

    Notes
    -----
    The cost is the mean over the samples of the network's loss, for the article's network
    :math:`J = \frac1N \sum_n \sum_k (p_{nk} - t_{nk})^2`. What the two weights do not reach is
    computed once, when the plane is made. A layer's biases are weights like any other: with
    `network.biases` unit u's is (layer, u, number of inputs).

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> plane.cost(a=[-9.0, -10.1, -11.0], b=15.0).round(6)
    array([4.800724, 4.80183 , 4.802237])
    >>> plane
    WeightPlane(Network(784-50-500-10, hidden='sigmoid', output='squared', seed=135),
                Digits(100 samples of 784 inputs, 10 targets), a=(2, 5, 250), b=(2, 5, 251))
    >>> plane.gradient(0.0, 0.0).shape, plane.hessian(0.0, 0.0).shape
    ((2,), (2, 2))
    """

    def __init__(
        self,
        network: Network,
        samples: Samples,
        a: tuple[int, int, int],
        b: tuple[int, int, int],
    ) -> None:
        check_samples(network, samples)
        if network.shortcuts:
            raise ValueError(
                "the network has shortcuts, which a WeightPlane does not follow: use a "
                "DirectionPlane whose directions are 1 at the two weights and 0 elsewhere"
            )
        self.network, self.samples = network, samples
        self.a, self.b = check_weight("a", a, network), check_weight("b", b, network)
        if self.a == self.b:
            raise ValueError(
                f"a and b are both the weight {tuple(self.a)}: choose two different weights"
            )
        with single_blas:  # for the same bits on any number of cores
            self._kernel = _kernel(network, samples, self.a, self.b)

    @cached_property
    def _provenance(self) -> dict[str, Any]:
        return provenance(self.network, self.samples, a=list(self.a), b=list(self.b))

    def __repr__(self) -> str:
        place = f"a={tuple(self.a)}, b={tuple(self.b)}"
        return f"WeightPlane({self.network}, {self.samples}, {place})"

    def network_at(self, a: float, b: float) -> Network:
        """Return the network in which the two weights have the values a and b.

        Raises
        ------
        ValueError
            If a or b is no finite number.

        Examples
        --------
        >>> from landscape_core import load_mnist
        >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
        >>> plane.network_at(1.0, 2.0).weights[2][5, 250:252]
        array([1., 2.])
        """
        weights = [w.copy() for w in self.network.weights]
        for name, weight, value in (("a", self.a, a), ("b", self.b, b)):
            weights[weight.layer][weight.unit, weight.input] = _checks.number(name, value)
        return replace(self.network, weights=tuple(weights))


class DirectionPlane(Plane):
    """The plane through a centre along two directions of the whole weight space.

    The weights at (a, b) are centre + a · direction a + b · direction b.

    Parameters
    ----------
    network : Network
        The architecture, and the centre where none is given.
    samples : Samples
        What the cost is a mean over; `Digits` are samples.
    a, b : sequence of ndarray
        Two directions: one array a layer, each shaped like that layer's weights.
    centre : sequence of ndarray, optional
        The weights at (0, 0), shaped like a direction; the network's own by default.

    Raises
    ------
    ValueError
        If a direction or the centre does not have the shapes of the weights or is not finite.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> network = Network.random(135)
    >>> plane = DirectionPlane(network, load_mnist(100), a=network.weights,
    ...                        b=Network.random(1).weights)
    >>> bool(abs(plane.cost(0, 0) - network.cost(load_mnist(100))) < 1e-12)
    True
    """

    def __init__(
        self,
        network: Network,
        samples: Samples,
        a: Sequence[Array],
        b: Sequence[Array],
        centre: Sequence[Array] | None = None,
    ) -> None:
        check_samples(network, samples)
        self.network, self.samples = network, samples
        self.a, self.b = check_direction("a", a, network), check_direction("b", b, network)
        self.centre = check_direction(
            "centre", network.weights if centre is None else centre, network
        )
        self._kernel = Sweep(network, self.centre, self.a, self.b, samples)

    @cached_property
    def _provenance(self) -> dict[str, Any]:
        directions = {"a": self.a, "b": self.b, "centre": self.centre}
        sums = {name: checksum_of(*arrays) for name, arrays in directions.items()}
        return provenance(self.network, self.samples, **sums)

    def __repr__(self) -> str:
        return f"DirectionPlane({self.network}, {self.samples})"

    def network_at(self, a: float, b: float) -> Network:
        """Return the network whose weights are centre + a · direction a + b · direction b.

        Raises
        ------
        ValueError
            If a or b is no finite number.
        """
        a, b = _checks.number("a", a), _checks.number("b", b)
        layers = zip(self.centre, self.a, self.b, strict=True)
        return replace(self.network, weights=tuple(c + a * da + b * db for c, da, db in layers))


def _kernel(network: Network, samples: Samples, a: Weight, b: Weight) -> Kernel:
    """Choose what computes the plane of two weights."""
    if a[:2] == b[:2] and (ridge := Ridge.make(network, samples, a, b)):
        return ridge
    outputs = a.layer == b.layer == len(network.weights) - 1
    kernel = SoftmaxPair if outputs and network.output == "softmax" else Nested
    return kernel(network, samples, a, b)
