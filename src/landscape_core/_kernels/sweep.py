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
        self.widest = max(len(c) for c, _, _ in layers[self.first :]) + network.biases
        #: Of so many samples, the widest layer's activations stay in cache.
        self.samples = max(8, BLOCK // self.widest // 8 * 8)
        still = replace(network, weights=tuple(centre))
        moved = np.concatenate(layers[self.first])
        start = np.empty((3, len(moved) // 3, self.count))

        def fill(part: slice) -> None:
            h = still.activations(samples.inputs[part], self.first)
            start[..., part] = (moved @ h.T).reshape(3, -1, len(h))

        run(fill, slices(self.count, 512))
        #: The sums that enter the first layer, then the later weights: at 0, by a and by b.
        self.parts = [(start[0], start[1], start[2]), *layers[self.first + 1 :]]
        #: What a sigmoid takes is computed negated.
        self.signs = [-1.0 if network.hidden == "sigmoid" else 1.0] * (len(self.parts) - 1) + [1.0]

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), N_DERIVATIVES[order]))

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            room = np.empty((2, self.widest * min(self.samples, self.count)))
            for i in range(part.start, part.stop):
                if order:
                    result[i] = self._jet(a[i], b[i], order)
                    continue
                if i == part.start or b[i] != b[i - 1]:  # once for a row of a grid
                    signed = zip(self.signs, self.parts, strict=True)
                    row = [sign * (c + b[i] * db) for sign, (c, _, db) in signed]
                result[i] = self._cost(a[i], row, room)

        run(fill, slices(len(a), min(16, len(a) // 16)))
        return result / self.count

    def grid(self, a: Array, b: Array) -> Array:
        across, along = np.meshgrid(a, b)
        return self.points(across.ravel(), along.ravel(), 0)[:, 0].reshape(across.shape)

    def _cost(self, a: float, row: list[Array], room: Array) -> float:
        """Sum what the samples cost, in place, from the signed parts at (0, b)."""
        steps = [sign * a for sign in self.signs]
        (_, across, _), *parts = self.parts
        weights = [c + x * da for c, x, (_, da, _) in zip(row[1:], steps[1:], parts, strict=True)]
        total = 0.0
        for n in slices(self.count, self.samples):
            checkpoint()
            samples = n.stop - n.start
            h, z = self._layer(room, 0, len(across), samples)
            np.multiply(across[:, n], steps[0], out=z)
            z += row[0][:, n]
            before = h
            for layer, w in enumerate(weights):
                if self.network.hidden == "sigmoid":
                    sigmoid_of_minus(z)
                elif self.network.hidden == "relu":
                    np.maximum(z, 0.0, out=z)
                else:
                    z[:] = self.activation.value(z)
                if self.shortcuts[layer]:
                    z += before[: len(z)]
                before = h
                h, z = self._layer(room, layer + 1, len(w), samples)
                np.matmul(w, before, out=z)
            total += self._loss(z, n)
        return total

    def _layer(self, room: Array, layer: int, units: int, samples: int) -> tuple[Array, Array]:
        """Return room for what a layer puts out, (units and a row of ones for biases, samples)."""
        ones = self.network.biases and layer < len(self.parts) - 1
        h = room[layer % 2, : (units + ones) * samples].reshape(-1, samples)
        h[units:] = 1
        return h, h[:units]

    def _loss(self, z: Array, n: slice) -> float:
        """Sum what the samples n cost, and may overwrite their sums (outputs, n)."""
        if isinstance(self.loss, SquaredError):
            z *= self.towards[:, n]
            sigmoid_of_minus(z)
            return float(np.vdot(z, z))
        return float(self.loss.value(z.T, self.targets[:, n].T).sum())

    def _jet(self, a: float, b: float, order: int) -> Array:
        """Sum what the samples cost, and its derivatives."""
        total = np.zeros((N_DERIVATIVES[order], 1))
        start, *parts = self.parts
        weights = [(c + a * da + b * db, da, db) for c, da, db in parts]
        for n in slices(self.count, self.samples):
            checkpoint()
            c, da, db = (x[:, n] for x in start)
            z: jets.Jet = {"": c + a * da + b * db, "a": da, "b": db}
            h: jets.Jet = {}
            for layer, (w, da, db) in enumerate(weights):
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
