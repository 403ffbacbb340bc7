"""Two directions of the whole weight space: every weight moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landscape_core._kernels import jets
from landscape_core._kernels.kernel import N_DERIVATIVES, Kernel, sigmoid_of_minus
from landscape_core._parallel import BLOCK, checkpoint, run, slices
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES, SquaredError
from landscape_core.network import Network
from landscape_core.samples import Samples


class Sweep(Kernel):
    """Run the network for every point, from the first layer that moves on, linear in a and b.

    Activations lie as (units, samples): a product with the few outputs is quicker that way. With
    biases a last row of ones goes with them.
    """

    def __init__(
        self,
        network: Network,
        centre: Sequence[Array],
        a: Sequence[Array],
        b: Sequence[Array],
        samples: Samples,
    ) -> None:
        self.network, self.count = network, len(samples)
        self.activation, self.loss = ACTIVATIONS[network.hidden], LOSSES[network.output]
        # As rows, of which the transpose is a view with the samples first.
        self.targets = np.ascontiguousarray(samples.targets.T)
        self.towards = 2 * self.targets - 1  # −s of a squared error's sigmoid
        self.shortcuts = [network.has_shortcut(layer) for layer in range(len(network.weights))]
        layers = list(zip(centre, a, b, strict=True))
        moving = (i for i, (_, da, db) in enumerate(layers) if da.any() or db.any())
        #: What lies before this layer stays as it is.
        self.first = 0 if network.shortcuts else next(moving, len(layers) - 1)
        self.deeper = layers[self.first + 1 :]
        self.widest = max(len(c) for c, _, _ in layers[self.first :]) + network.biases
        #: Of so many samples, the widest layer's activations stay in cache.
        self.samples = max(8, BLOCK // self.widest // 8 * 8)
        still = replace(network, weights=tuple(centre))
        moved = np.concatenate(layers[self.first])
        self.start = np.empty((3, len(moved) // 3, self.count))

        def fill(part: slice) -> None:
            h = still.activations(samples.inputs[part], self.first)
            self.start[..., part] = (moved @ h.T).reshape(3, -1, len(h))

        run(fill, slices(self.count, 512))

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), N_DERIVATIVES[order]))

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            room = np.empty((2, self.widest * min(self.samples, self.count)))
            for i in range(part.start, part.stop):
                weights = [c + a[i] * da + b[i] * db for c, da, db in self.deeper]
                if order:
                    result[i] = self._jet(a[i], b[i], weights, order)
                else:
                    result[i] = self._cost(a[i], b[i], weights, room)

        run(fill, slices(len(a), min(16, len(a) // 16)))
        return result / self.count

    def grid(self, a: Array, b: Array) -> Array:
        across, along = np.meshgrid(a, b)
        return self.points(across.ravel(), along.ravel(), 0)[:, 0].reshape(across.shape)

    def _cost(self, a: float, b: float, weights: list[Array], room: Array) -> float:
        """Sum what the samples cost, in place; weights that feed a sigmoid are negated for it."""
        hidden, biases = self.network.hidden, self.network.biases
        last = len(weights) - 1
        negated = hidden == "sigmoid" and last >= 0
        if negated:
            weights = [*(-w for w in weights[:-1]), weights[-1]]
        sign = -1.0 if negated else 1.0
        total = 0.0
        for n in slices(self.count, self.samples):
            checkpoint()
            c, da, db = self.start[..., n]
            h = np.empty((len(c) + biases, c.shape[1]))
            z = np.multiply(c, sign, out=h[: len(c)])
            z += (sign * a) * da
            z += (sign * b) * db
            before = h
            for layer, w in enumerate(weights):
                if negated:
                    sigmoid_of_minus(z)
                elif hidden == "relu":
                    np.maximum(z, 0.0, out=z)
                else:
                    z[:] = self.activation.value(z)
                if self.shortcuts[layer]:
                    z += before[: len(z)]
                if biases:
                    h[-1] = 1
                before, units = h, len(w)
                rows = units + (biases and layer < last)
                h = room[layer % 2, : rows * z.shape[1]].reshape(rows, -1)
                z = np.matmul(w, before, out=h[:units])
            total += self._loss(z, n)
        return total

    def _loss(self, z: Array, n: slice) -> float:
        """Sum what the samples n cost, and may overwrite their sums (outputs, n)."""
        if isinstance(self.loss, SquaredError):
            z *= self.towards[:, n]
            sigmoid_of_minus(z)
            return float(np.vdot(z, z))
        return float(self.loss.value(z.T, self.targets[:, n].T).sum())

    def _jet(self, a: float, b: float, weights: list[Array], order: int) -> Array:
        """Sum what the samples cost, and its derivatives."""
        total = np.zeros((N_DERIVATIVES[order], 1))
        for n in slices(self.count, self.samples):
            checkpoint()
            c, da, db = self.start[..., n]
            z: jets.Jet = {"": c + a * da + b * db, "a": da, "b": db}
            h: jets.Jet = {}
            for layer, (w, (_, da, db)) in enumerate(zip(weights, self.deeper, strict=True)):
                shortcut = h if self.shortcuts[layer] else {}
                h = jets.add(jets.activate(self.activation, z, order), shortcut)
                z = _bilinear(h, w, da, db, order)
            z = {part: x.T for part, x in z.items()}
            jets.add_cost(total, self.loss, z, self.targets[:, n].T, order)
        return total[:, 0]


def _bilinear(h: jets.Jet, w: Array, da: Array, db: Array, order: int) -> jets.Jet:
    """Pass activations through weights that move along a and b: the product rule."""
    units = len(h[""])
    biases = w.shape[1] > units
    z = {part: w[:, :units] @ x for part, x in h.items()}
    z = jets.add(z, {"a": da[:, :units] @ h[""], "b": db[:, :units] @ h[""]})
    if biases:
        for part, x in (("", w), ("a", da), ("b", db)):
            z[part] += x[:, units:]
    if order == 2:
        da, db = da[:, :units], db[:, :units]
        z = jets.add(z, {"aa": 2 * da @ h["a"], "bb": 2 * db @ h["b"]})
        z = jets.add(z, {"ab": db @ h["a"] + da @ h["b"]})
    return z
