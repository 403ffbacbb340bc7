"""Any two weights: follow what they reach, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from landscape_core._kernels import jets
from landscape_core._kernels.kernel import N_DERIVATIVES, Kernel
from landscape_core._parallel import BLOCK, checkpoint, run, slices
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES, Softmax
from landscape_core.network import Network, Weight, weighted_sums
from landscape_core.samples import Samples

TILE_OUTER, TILE_INNER = 16, 128  # positions of the earlier and of the later weight, taken together


class Nested(Kernel):
    """Run the layers from the first varied weight on, and keep apart what only one weight reaches.

    The activations of a layer are one dense array and, beside it, the few touched units into which
    a varied weight leads. Along a grid the dense part depends on the earlier weight alone for as
    long as the later one has not come in, and NumPy's broadcasting then computes it once per
    position of the earlier weight, not once per crossing.
    """

    def __init__(self, network: Network, samples: Samples, a: Weight, b: Weight) -> None:
        self.activation, self.loss = ACTIVATIONS[network.hidden], LOSSES[network.output]
        self.first, self.last = min(a.layer, b.layer), len(network.weights) - 1
        weights = [w.copy() for w in network.weights]
        for place in (a, b):
            weights[place.layer][place.unit, place.input] = 0
        # Touched outputs go last: all others are then a view.
        touched = sorted({place.unit for place in (a, b) if place.layer == self.last})
        order = [u for u in range(len(weights[-1])) if u not in touched] + touched
        weights[-1], self.targets = weights[-1][order], samples.targets[:, order]
        self.untouched = len(order) - len(touched)
        self.weights, self.places = weights, {"a": a, "b": b}
        for name, place in self.places.items():
            if place.layer == self.last:
                self.places[name] = place._replace(unit=order.index(place.unit))
        self._begin(network.activations(samples.inputs, self.first))
        #: The widest layer that both weights may reach.
        self.breadth = max((len(w) for w in weights[self.first + 1 :]), default=1)

    def _begin(self, inputs: Array) -> None:
        """Pass the first varied layer, of which all units but one or two are constant."""
        here = {name: p for name, p in self.places.items() if p.layer == self.first}
        self.columns = {name: inputs[:, p.input] for name, p in here.items()}
        units = {p.unit for p in here.values()}
        w = self.weights[self.first]
        self.sums = {u: inputs @ w[u] for u in units}
        z, self.base = inputs @ w.T, 0.0
        if self.first < self.last:
            h = self.activation.value(z)
            h[:, list(units)] = 0
            for name, place in self.places.items():
                if place.layer == self.first + 1:
                    self.columns[name] = _column(h, place.input)
            self.passed = weighted_sums(h, self.weights[self.first + 1])
            return
        # Before the outputs nothing else changes: they are summed up now.
        rest, t = z[:, : self.untouched], self.targets[:, : self.untouched]
        touched = self.targets[:, self.untouched :]
        self.passed, self.untouched = np.empty((len(z), 0)), 0
        if not rest.shape[1]:
            return
        if isinstance(self.loss, Softmax):
            cost, together = self.loss.without(rest, t)
            self.passed, self.untouched = together[:, None], 1
            self.targets = np.hstack([t.sum(1, keepdims=True), touched])
        else:
            cost, self.targets = self.loss.value(rest, t), touched
        self.base = float(cost.mean())

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.empty((len(a), N_DERIVATIVES[order]))

        def fill(part: slice) -> None:
            result[part] = self._cost({"a": a[part, None], "b": b[part, None]}, order)[..., 0].T

        run(fill, slices(len(a), BLOCK // self.breadth // 16))
        return result

    def grid(self, a: Array, b: Array) -> Array:
        result = np.empty((len(b), len(a)))
        a_first = self.places["a"].layer <= self.places["b"].layer
        target, outer, inner = (result, a, b) if a_first else (result.T, b, a)
        rows = list(slices(len(inner), TILE_INNER))
        columns = slices(len(outer), min(TILE_OUTER, BLOCK // len(inner[rows[0]]) // self.breadth))

        def fill(part: tuple[slice, slice]) -> None:
            row, column = part
            earlier, later = outer[None, column], inner[row, None]
            at = {"a": earlier, "b": later} if a_first else {"a": later, "b": earlier}
            target[part] = self._cost(at, 0)[0]

        run(fill, [(row, column) for column in columns for row in rows])
        return result

    def _cost(self, at: Mapping[str, Array], order: int) -> Array:
        """Return the cost and its derivatives, for coordinates that broadcast to (p, q)."""
        shape = np.broadcast_shapes(*(x.shape for x in at.values()))
        total = np.zeros((N_DERIVATIVES[order], *shape))
        samples = len(self.targets)
        step = BLOCK // (shape[0] * shape[1] * self.breadth)
        for n in slices(samples, min(512, max(16, step))):
            checkpoint()
            self._add_samples(at, n, order, total)
        total /= samples
        total[0] += self.base
        return total

    def _add_samples(self, at: Mapping[str, Array], n: slice, order: int, total: Array) -> None:
        """Add what the samples n cost, and its derivatives, to the total."""
        dense: jets.Jet = {}  # what the layer's units hold, shapes (…, n, units)
        touched: dict[int, jets.Jet] = {}  # and apart from it the units into which a weight leads
        for layer in range(self.first, self.last + 1):
            z = self._sums(layer, n, dense, touched)
            into: dict[int, jets.Jet] = {}
            for name, place in self.places.items():
                if place.layer == layer:
                    start = into.get(place.unit) or self._untouched_sum(place, n, z)
                    entering = self._entering(name, n, dense, touched)
                    product = jets.times(name, at[name][..., None], entering, order)
                    into[place.unit] = jets.add(start, product)
            if layer == self.last:
                self._add_cost(z, into, n, order, total)
                return
            dense = jets.activate(self.activation, z, order) if z else {}
            for x in dense.values():
                x[..., list(into)] = 0
            touched = {u: jets.activate(self.activation, x, order) for u, x in into.items()}

    def _sums(
        self, layer: int, n: slice, dense: jets.Jet, touched: dict[int, jets.Jet]
    ) -> jets.Jet:
        """Return the weighted sums that enter a layer, without the two weights in it."""
        if layer == self.first:
            return {}
        w = self.weights[layer]
        z = {"": self.passed[n]} if layer == self.first + 1 else jets.linear(dense, w)
        for u, h in touched.items():
            z = jets.add(z, {part: x[..., None] * w[:, u] for part, x in h.items()})
        return z

    def _untouched_sum(self, place: Weight, n: slice, z: jets.Jet) -> jets.Jet:
        """Return what enters a weight's unit without it, shapes (…, n)."""
        if place.layer == self.first:
            return {"": self.sums[place.unit][n]}
        return {part: x[..., place.unit] for part, x in z.items()}

    def _entering(
        self, name: str, n: slice, dense: jets.Jet, touched: dict[int, jets.Jet]
    ) -> jets.Jet:
        """Return what a weight is multiplied by, shapes (…, n)."""
        source = self.places[name].input
        if source in touched:
            return touched[source]
        if name in self.columns:
            return {"": self.columns[name][n]}
        if source == dense[""].shape[-1]:  # a bias
            return {"": np.ones(dense[""].shape[:-1])}
        return {part: x[..., source] for part, x in dense.items()}

    def _add_cost(
        self, z: jets.Jet, into: dict[int, jets.Jet], n: slice, order: int, total: Array
    ) -> None:
        """Add the cost of the outputs: the untouched ones together, each of the others alone."""
        if self.first == self.last:
            z = {"": self.passed[n]}
        t = self.targets[n]
        rest = {part: x[..., : self.untouched] for part, x in z.items()}
        others = [(u - len(self.weights[-1]), x) for u, x in into.items()]
        if self.loss.separable:
            if self.untouched:
                jets.add_cost(total, self.loss, rest, t[:, : self.untouched], order)
            for u, x in others:
                apart = {part: y[..., None] for part, y in x.items()}
                jets.add_cost(total, self.loss, apart, t[:, u, None], order)
            return
        jets.add_cost(total, self.loss, jets.join(rest, dict(sorted(others)).values()), t, order)


def _column(h: Array, unit: int) -> Array:
    """Return a unit's activations, or the ones before a layer's biases."""
    return h[:, unit] if unit < h.shape[1] else np.ones(len(h))
