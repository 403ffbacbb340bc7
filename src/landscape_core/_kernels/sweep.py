"""Two directions of the whole weight space: every weight moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landscape_core._kernels import jets
from landscape_core._kernels.kernel import COUNT, Kernel, error, signs
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array
from landscape_core.mnist import Digits
from landscape_core.network import Network


class Sweep(Kernel):
    """Run the whole network for every point; its first layer is linear in a and b, and so free.

    Activations lie as (units, samples): a product with the few outputs is quicker that way.
    """

    def __init__(
        self,
        network: Network,
        centre: Sequence[Array],
        a: Sequence[Array],
        b: Sequence[Array],
        digits: Digits,
    ) -> None:
        self.network, self.count = network, len(digits)
        self.signs = np.ascontiguousarray(signs(digits).T)
        self.layers = list(zip(centre, a, b, strict=True))
        self.widest = max(len(c) for c in centre)
        #: Of so many samples, the widest layer's activations stay in cache.
        self.samples = max(8, BLOCK // self.widest // 8 * 8)
        first = np.concatenate([centre[0], a[0], b[0]])
        self.start = np.empty((3, len(centre[0]), len(digits)))

        def fill(part: slice) -> None:
            z = first @ digits.images[part].T.astype(np.float64)
            self.start[..., part] = z.reshape(3, -1, z.shape[1])

        run(fill, slices(len(digits), 512))

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), COUNT[order]))

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            room = np.empty((2, self.widest * min(self.samples, self.count)))
            for i in range(part.start, part.stop):
                weights = [c + a[i] * da + b[i] * db for c, da, db in self.layers[1:]]
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
        """Sum the squared errors, in place; weights that feed a sigmoid are negated for it."""
        relu = self.network.hidden == "relu"
        last = len(weights) - 1
        sign = 1.0 if relu and weights else -1.0
        turned = [w if relu and i < last else -w for i, w in enumerate(weights)]
        total = 0.0
        for n in slices(self.count, self.samples):
            c, da, db = self.start[..., n]
            z = sign * c
            z += (sign * a) * da
            z += (sign * b) * db
            inputs = z
            for layer, w in enumerate(turned):
                if relu:
                    np.maximum(z, 0.0, out=z)
                else:
                    error(z)
                if self.network.has_shortcut(layer):
                    np.add(z, inputs, out=z)
                inputs = z
                here = room[layer % 2, : len(w) * z.shape[1]].reshape(len(w), -1)
                z = np.matmul(w, inputs, out=here)
            np.multiply(z, self.signs[:, n], out=z)
            error(z)
            total += float(np.vdot(z, z))
        return total

    def _jet(self, a: float, b: float, weights: list[Array], order: int) -> Array:
        """Sum the squared errors and their derivatives."""
        activate = jets.relu if self.network.hidden == "relu" else jets.sigmoid
        total = np.zeros((COUNT[order], 1))
        for n in slices(self.count, self.samples):
            c, da, db = self.start[..., n]
            z: jets.Jet = {"": c + a * da + b * db, "a": da, "b": db}
            h: jets.Jet = {}
            for layer, (w, (_, da, db)) in enumerate(zip(weights, self.layers[1:], strict=True)):
                shortcut = h if self.network.has_shortcut(layer) else {}
                h = jets.add(activate(z, order), shortcut)
                z = _bilinear(h, w, da, db, order)
            z = {part: self.signs[:, n] * x for part, x in z.items()}
            jets.collect(total, jets.square(jets.sigmoid(z, order), order), axes=(-2, -1))
        return total[:, 0]


def _bilinear(h: jets.Jet, w: Array, da: Array, db: Array, order: int) -> jets.Jet:
    """Pass activations through weights that move along a and b: the product rule."""
    z = {part: w @ x for part, x in h.items()}
    z = jets.add(z, {"a": da @ h[""], "b": db @ h[""]})
    if order == 2:
        z = jets.add(z, {"aa": 2 * da @ h["a"], "bb": 2 * db @ h["b"]})
        z = jets.add(z, {"ab": db @ h["a"] + da @ h["b"]})
    return z
