"""Two weights into different units: follow what they reach, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape_core._kernels import jets
from landscape_core._kernels.kernel import COUNT, Kernel, signs
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array
from landscape_core.mnist import Digits
from landscape_core.network import Network, sigmoid


@dataclass(frozen=True)
class Variable:
    """One of the two weights: its name, "a" or "b", and its place."""

    name: str
    layer: int
    unit: int
    input: int


class Nested(Kernel):
    """Run the layers from the first varied weight on, and keep apart what only one weight reaches.

    The activations of a layer are one dense array and, beside it, the few units into which a varied
    weight leads. Along a grid the dense part depends on the earlier weight alone for as long as the
    later one has not come in, and NumPy's broadcasting then computes it once per position of the
    earlier weight, not once per crossing.
    """

    def __init__(self, network: Network, digits: Digits, a: Variable, b: Variable) -> None:
        self.signs = signs(digits)
        self.variables = (a, b)
        self.first = first = min(a.layer, b.layer)
        self.last = len(network.weights) - 1
        self.weights = [w.copy() for w in network.weights]
        for v in self.variables:
            self.weights[v.layer][v.unit, v.input] = 0
        # In the first varied layer all units but one or two are constant, and so is what they
        # pass on: only these sums are kept.
        inputs = network.activations(digits.images, first)
        self.columns = {v: inputs[:, v.input] for v in self.variables if v.layer == first}
        units = {v.unit for v in self.columns}
        self.sums = {u: inputs @ self.weights[first][u] for u in units}
        z = inputs @ self.weights[first].T
        rest = sigmoid(self.signs * z) if first == self.last else sigmoid(z)
        rest[:, list(units)] = 0
        if first == self.last:
            self.base = float((rest * rest).sum(1).mean())
        else:
            self.base = 0.0
            self.columns |= {v: rest[:, v.input] for v in self.variables if v.layer == first + 1}
            self.passed = rest @ self.weights[first + 1].T
        #: The widest layer that both weights may reach.
        self.breadth = max((len(w) for w in self.weights[first + 1 :]), default=1)

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.empty((len(a), COUNT[order]))

        def fill(part: slice) -> None:
            result[part] = self._cost({"a": a[part, None], "b": b[part, None]}, order)[..., 0].T

        run(fill, slices(len(a), BLOCK // self.breadth // 16))
        return result

    def grid(self, a: Array, b: Array) -> Array:
        result = np.empty((len(b), len(a)))
        a_first = self.variables[0].layer <= self.variables[1].layer
        target, outer, inner = (result, a, b) if a_first else (result.T, b, a)

        def fill(part: slice) -> None:
            earlier, later = outer[None, part], inner[:, None]
            at = {"a": earlier, "b": later} if a_first else {"a": later, "b": earlier}
            target[:, part] = self._cost(at, 0)[0]

        run(fill, slices(len(outer), min(16, BLOCK // len(inner) // self.breadth)))
        return result

    def _cost(self, at: dict[str, Array], order: int) -> Array:
        """Return the parts of the cost, shape (COUNT[order], p, q) for coordinates (p, q)."""
        shape = np.broadcast_shapes(*(x.shape for x in at.values()))
        total = np.zeros((COUNT[order], *shape))
        step = BLOCK // (shape[0] * shape[1] * self.breadth)
        for n in slices(len(self.signs), min(512, max(16, step))):
            self._add_samples(at, n, order, total)
        total /= len(self.signs)
        total[0] += self.base
        return total

    def _add_samples(self, at: dict[str, Array], n: slice, order: int, total: Array) -> None:
        """Add the squared errors of the samples n and their derivatives to the total."""
        signs = self.signs[n]
        dense: jets.Jet = {}  # what the layer's units hold, shapes (…, n, units)
        single: dict[int, jets.Jet] = {}  # and apart from it the units into which a weight leads
        for layer in range(self.first, self.last + 1):
            if layer == self.first:
                z: jets.Jet = {}
            else:
                w = self.weights[layer]
                z = {"": self.passed[n]} if layer == self.first + 1 else jets.linear(dense, w)
                for u, h in single.items():
                    z = jets.add(z, {part: x[..., None] * w[:, u] for part, x in h.items()})
            varied: dict[int, jets.Jet] = {}
            for v in (v for v in self.variables if v.layer == layer):
                if layer == self.first:
                    start: jets.Jet = {"": self.sums[v.unit][n]}
                else:
                    start = {part: x[..., v.unit] for part, x in z.items()}
                if v.input in single:
                    h = single[v.input]
                elif v in self.columns:
                    h = {"": self.columns[v][n]}
                else:
                    h = {part: x[..., v.input] for part, x in dense.items()}
                product = jets.times(v.name, at[v.name][..., None], h, order)
                varied[v.unit] = jets.add(varied.get(v.unit, start), product)
            if layer == self.last:
                z = {part: signs * x for part, x in z.items()}
                varied = {u: {p: signs[:, u] * x for p, x in h.items()} for u, h in varied.items()}
            dense = jets.sigmoid(z, order) if z else {}
            for x in dense.values():
                x[..., list(varied)] = 0
            single = {u: jets.sigmoid(x, order) for u, x in varied.items()}
        # The signs have turned the outputs into the sizes of their errors.
        for e in single.values():
            jets.collect(total, jets.square(e, order), axes=(-1,))
        if dense:
            jets.collect(total, jets.square(dense, order), axes=(-2, -1))
