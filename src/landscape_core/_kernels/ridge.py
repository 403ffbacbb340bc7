"""Two weights into one unit: below it everything is a function of one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.polynomial import chebyshev
from scipy.fft import dct

from landscape_core._kernels.kernel import COUNT, Kernel, error, signs
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array, GradientFunction
from landscape_core.mnist import Digits
from landscape_core.network import Network, sigmoid

SAFE_EXPONENT = 700.0  # exp(±700) is neither 0 nor infinite
WIDE, TALL = 500, 128  # samples and rows of a grid that are taken together
LONG = 1 << 18  # numbers a call: threads that often ask for the interpreter wait for each other
ROOM = 1 << 21  # numbers in all the sums of groups of samples
WORTH_A_CORE = 1 << 18  # points times samples: less is done sooner than handed over
FEW_SAMPLES = 4096  # up to here a descent's arrays stay in cache as they are
DEGREES = (16, 24, 32, 48, 64)  # tried in this order for the function of one unit's output
NEGLIGIBLE = 1e-14  # against a sample's cost, which is at most the number of outputs


@dataclass(frozen=True, eq=False)
class Ridge(Kernel):
    """J(a, b) = base + mean over n of Fₙ(eₙ), with eₙ = 1 / (1 + exp(cₙ + a hₙ + b gₙ)).

    For an output unit, e is the size of the error and F(e) = e². For a hidden unit, e is the
    unit's own output, and all that lies below it is a smooth function Fₙ of that one number,
    held as a Chebyshev series in 2e − 1 whose last terms are below rounding error.
    """

    c: Array
    h: Array
    g: Array
    base: float
    series: Array | None  # (degree + 1, n), or None for F(e) = e²

    @classmethod
    def make(
        cls, network: Network, digits: Digits, layer: int, unit: int, i: int, j: int
    ) -> Self | None:
        """Prepare the plane of weights (layer, unit, i) and (layer, unit, j), if it is smooth."""
        inputs = network.activations(digits.images, layer)
        row = network.weights[layer][unit].copy()
        row[[i, j]] = 0
        c, h, g = -(inputs @ row), -inputs[:, i], -inputs[:, j]
        if layer == len(network.weights) - 1:
            s = signs(digits)
            errors = sigmoid(s * (inputs @ network.weights[layer].T)) ** 2
            errors[:, unit] = 0
            s = s[:, unit]
            return cls(s * c, s * h, s * g, float(errors.sum(1).mean()), None)
        series = _series(network, digits, layer, unit, inputs)
        return None if series is None else cls(c, h, g, 0.0, series)

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), COUNT[order]))

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            for n in slices(len(self.c), 1024):
                h, g = self.h[n], self.g[n]
                e = np.multiply.outer(a[part], h)
                e += np.multiply.outer(b[part], g)
                e += self.c[n]
                error(e)
                result[part, 0] += self._value(e, n).sum(1)
                if order == 0:
                    continue
                first, second = self._derivatives(e, n, order)
                result[part, 1] += first @ h
                result[part, 2] += first @ g
                if order == 2:
                    result[part, 3] += second @ (h * h)
                    result[part, 4] += second @ (h * g)
                    result[part, 5] += second @ (g * g)

        run(fill, slices(len(a), BLOCK // min(len(self.c), 1024)))
        result /= len(self.c)
        result[:, 0] += self.base
        return result

    def grid(self, a: Array, b: Array) -> Array:
        samples, rows = len(self.c), list(slices(len(b), TALL))
        groups = max(1, min(samples // WIDE, ROOM // (len(a) * len(b))))
        if groups * len(rows) == 1 and len(a) * len(b) * samples > WORTH_A_CORE:
            groups = 2
        parts = list(slices(samples, -(-samples // groups)))
        sums = np.zeros((len(parts), len(b), len(a)))

        def fill(part: tuple[slice, slice, Array]) -> None:
            group, row, total = part
            for start in range(group.start, group.stop, WIDE):
                n = slice(start, min(start + WIDE, group.stop))
                self._add_samples(a, b[row], n, total[row])

        work = zip(parts, sums, strict=True)
        run(fill, ((group, row, total) for group, total in work for row in rows))
        cost: Array = sums.sum(axis=0) / samples + self.base
        return cost

    @np.errstate(over="ignore")
    def _add_samples(self, a: Array, b: Array, n: slice, total: Array) -> None:
        """Add the values of the samples n to the total, shape (len(b), len(a))."""
        u = np.multiply.outer(a, self.h[n])
        u += self.c[n]
        v = np.multiply.outer(b, self.g[n])
        # 1 / (1 + exp(u + v)) = exp(−u) / (exp(−u) + exp(v)) takes one exponential for each row
        # and each column, a sum and a quotient, where no exponential overflows.
        apart = max(abs(u).max(), abs(v).max()) < SAFE_EXPONENT
        if apart:
            np.exp(np.negative(u, out=u), out=u)
            np.exp(v, out=v)
        rows = max(1, min(len(b), LONG // u.size))
        buffer = np.empty((rows, *u.shape))
        for r in slices(len(b), rows):
            e = buffer[: len(b[r])]
            np.add(u, v[r, None], out=e)
            if apart:
                np.divide(u, e, out=e)
            else:
                error(e)
            total[r] += np.vecdot(e, e) if self.series is None else self._value(e, n).sum(-1)

    def gradient_function(self, points: int) -> GradientFunction:
        if self.series is not None or len(self.c) * points > FEW_SAMPLES:
            return super().gradient_function(points)
        # One epoch of a small descent is a handful of calls on arrays that already exist; even
        # the ones are an array, since the conversion of a number costs as much as the sum.
        rows = np.stack([self.h, self.g, self.c])
        back = np.stack([self.h, self.g], axis=1) * (-2 / len(self.c))
        place = np.ones((points, 3))
        e, q = np.empty((2, points, len(self.c)))
        one = np.ones_like(e)
        result = np.empty((points, 2))

        def gradient_at(weights: Array) -> Array:
            place[:, :2] = weights
            np.matmul(place, rows, e)
            np.exp(e, e)
            np.add(e, one, e)
            np.divide(one, e, e)
            np.multiply(e, e, q)
            np.subtract(one, e, e)
            np.multiply(q, e, q)
            return np.matmul(q, back, result)

        return gradient_at

    def _value(self, e: Array, n: slice) -> Array:
        if self.series is None:
            return e * e
        return _evaluate(self.series[:, n], 2 * e - 1)

    def _derivatives(self, e: Array, n: slice, order: int) -> tuple[Array, Array]:
        """Return dF/dx and d²F/dx² by the exponent x, of which e = 1 / (1 + exp(x))."""
        de = e * (e - 1)
        if self.series is None:
            return 2 * e * de, 2 * e * de * (3 * e - 2)
        t = 2 * e - 1
        once = _differentiate(self.series[:, n])
        first = _evaluate(once, t)
        if order == 1:
            return first * de, first
        second = _evaluate(_differentiate(once), t)
        return first * de, second * de * de + first * de * t


def _evaluate(series: Array, t: Array) -> Array:
    """Sum Chebyshev series (terms, n) at t (…, n)."""
    return np.asarray(chebyshev.chebval(t, series, tensor=False), np.float64)


def _differentiate(series: Array) -> Array:
    """Differentiate Chebyshev series in 2e − 1 by e."""
    return np.asarray(chebyshev.chebder(series, scl=2, axis=0), np.float64)


def _series(network: Network, digits: Digits, layer: int, unit: int, inputs: Array) -> Array | None:
    """Expand the summed squared error as a function of one hidden unit's output, per sample."""
    turn = signs(digits)
    after = network.weights[layer + 1]
    others = sigmoid(inputs @ network.weights[layer].T)
    others[:, unit] = 0
    fixed = others @ after.T
    for degree in DEGREES:
        nodes = np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1))
        values = np.empty((degree + 1, len(turn)))

        def fill(part: slice, nodes: Array = nodes, values: Array = values) -> None:
            for node, row in zip(nodes, values, strict=True):
                z = fixed[part] + (node + 1) / 2 * after[:, unit]
                for w in network.weights[layer + 2 :]:
                    z = sigmoid(z) @ w.T
                row[part] = (sigmoid(turn[part] * z) ** 2).sum(1)

        run(fill, slices(len(turn), 128))
        series: Array = dct(values, axis=0) / (degree + 1)
        series[0] /= 2
        # The terms fall geometrically, so the last ones bound what is cut off.
        if abs(series[-4:]).max() < NEGLIGIBLE:
            return series
    return None
