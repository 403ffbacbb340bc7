"""Two weights into two outputs of a softmax."""

from __future__ import annotations

import numpy as np

from landscape_core._kernels.grids import SAFE_EXPONENT, add_logarithms, sum_over_samples
from landscape_core._kernels.nested import Nested
from landscape_core._typing import Array
from landscape_core.network import Network, Weight
from landscape_core.samples import Samples


class SoftmaxPair(Nested):
    """On a grid take one exponential for each row and each column, and products of many samples.

    With U = exp(z − r) of the one output, V of the other, and r = log Σ exp(z) of all the rest, a
    sample costs log(1 + U + V) beyond the base, or log(1 + (1 + V) / U) where the one output is its
    target. Without a rest r is 0, and so is the 1 in the brackets.
    """

    def __init__(self, network: Network, samples: Samples, a: Weight, b: Weight) -> None:
        super().__init__(network, samples, a, b)
        rest = self.passed[:, 0] if self.untouched else np.zeros(len(self.targets))
        units = [self.places[name].unit for name in "ab"]
        self.starts = np.stack([self.sums[unit] - rest for unit in units])
        self.steps = np.stack([self.columns[name] for name in "ab"])
        #: Whose target is the first, the second, or none of both.
        hits = self.targets[:, np.subtract(units, len(self.weights[-1]))].T > 0
        self.groups = *hits, ~hits.any(axis=0)

    def grid(self, a: Array, b: Array) -> Array:
        farthest = np.array([abs(a).max(), abs(b).max()]) @ abs(self.steps)
        if (abs(self.starts).sum(axis=0) + farthest).max() > SAFE_EXPONENT:
            return super().grid(a, b)
        samples = len(self.targets)
        return sum_over_samples(self._add_logarithms, a, b, samples) / samples + self.base

    def _add_logarithms(self, a: Array, b: Array, n: slice, total: Array) -> None:
        """Add the cost of the samples n to the total, shape (len(b), len(a))."""
        u, v = (
            np.exp(start[n, None] + np.multiply.outer(step[n], x))
            for start, step, x in zip(self.starts, self.steps, (a, b), strict=True)
        )
        one = float(self.untouched)
        first, second, neither = (group[n] for group in self.groups)
        add_logarithms(1 / u[first], one + v[first], np.multiply, total)
        add_logarithms(one + u[second], 1 / v[second], np.multiply, total)
        add_logarithms(u[neither], v[neither], np.add, total)
