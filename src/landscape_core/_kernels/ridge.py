"""Two weights into one unit: below it everything is a function of one number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape_core._kernels.bounds import SCALES
from landscape_core._kernels.grids import SAFE_EXPONENT, add_logarithms, sum_over_samples
from landscape_core._kernels.kernel import N_DERIVATIVES, Kernel
from landscape_core._kernels.nested import Nested
from landscape_core._kernels.profiles import (
    OfSigmoid,
    Parabola,
    Profile,
    Series,
    Softplus,
    Square,
    SquaredSigmoid,
)
from landscape_core._kernels.series import RANGES, series
from landscape_core._parallel import BLOCK, checkpoint, run, slices
from landscape_core._typing import Array, GradientFunction
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES, Softmax
from landscape_core.network import Network, Weight, weighted_sums
from landscape_core.samples import Samples

MAX_BUFFER = 1 << 18  # numbers a call: threads that often ask for the interpreter get it late
FEW_SAMPLES = 1 << 15  # up to here a descent's arrays stay in cache as they are
SMALL_COST = 1e-5  # below it a series of costs around 1 is right to too few digits
SMALL_SHARE = 1e-2  # of the most that a series can be, and below it where that is large


@dataclass(frozen=True, eq=False)
class Ridge(Kernel):
    """J(a, b) = base + mean over n of Fₙ(xₙ), with xₙ = a hₙ + b gₙ + cₙ.

    The profile F is a loss where the two weights enter an output unit. For a hidden unit it is all
    that lies below: a Chebyshev series, which counts digits from the largest cost on, so that
    points of small cost are computed again in the direct way.
    """

    rows: Array  # h, g and c, shape (3, n)
    base: float
    profile: Profile
    source: tuple[Network, Samples, Weight, Weight] | None = None  # of a series

    @classmethod
    def make(cls, network: Network, samples: Samples, a: Weight, b: Weight) -> Self | None:
        """Prepare the plane of two weights into one unit, if a profile is known for it."""
        layer, unit, _ = a
        inputs = network.activations(samples.inputs, layer)
        row = network.weights[layer][unit].copy()
        row[[a.input, b.input]] = 0
        # With the minus, e = 1 / (1 + exp(x)) is the unit's sigmoid.
        rows = -np.stack([inputs[:, a.input], inputs[:, b.input], inputs @ row])
        if layer == len(network.weights) - 1:
            return cls._of_output(network, samples, inputs, unit, rows)
        others = ACTIVATIONS[network.hidden].value(inputs @ network.weights[layer].T)
        others[:, unit] = 0
        after = network.weights[layer + 1]
        if layer == len(network.weights) - 2 and network.output == "linear":
            return cls(rows, 0.0, _parabola(network, samples, others, after, unit))
        if network.hidden not in RANGES:
            return None
        expanded = series(network, samples, layer, unit, others)
        if expanded is None:
            return None
        rows *= SCALES[network.hidden]
        return cls(rows, 0.0, Series(*expanded), (network, samples, a, b))

    @classmethod
    def _of_output(
        cls, network: Network, samples: Samples, inputs: Array, unit: int, rows: Array
    ) -> Self:
        loss, t = LOSSES[network.output], samples.targets
        z = inputs @ network.weights[-1].T
        rest, aims = np.delete(z, unit, axis=1), np.delete(t, unit, axis=1)
        t = t[:, unit]
        if network.output == "linear":
            # Rotated, N samples are three: Σ x² is the squared length of R (a, b, 1).
            rows[2] += t
            r = np.linalg.qr(rows.T, mode="r")
            r = np.vstack([r, np.zeros((3, 3))])[:3] * np.sqrt(3 / len(t))
            return cls(r.T.copy(), float(loss.value(rest, aims).mean()), Square())
        if isinstance(loss, Softmax):
            base, together = loss.without(rest, aims)
            rows[2] += together
        else:
            base = loss.value(rest, aims)
        rows *= 1 - 2 * t
        profile = SquaredSigmoid() if network.output == "squared" else Softplus()
        return cls(rows, float(base.mean()), profile)

    @property
    def count(self) -> int:
        """The number of samples, or of what stands for them."""
        return len(self.rows[0])

    @cached_property
    def direct(self) -> Nested:
        """What computes points of small cost, beside a series."""
        assert self.source
        return Nested(*self.source)

    @cached_property
    def small(self) -> float:
        """The cost below which a series, right to 1e-14 of the most, has too few digits."""
        if self.series is None:
            return 0.0
        most = float(abs(self.series).sum(axis=0).mean())
        return max(SMALL_COST, SMALL_SHARE * most * (most > 100))

    @property
    def series(self) -> Array | None:
        """The Chebyshev coefficients of a hidden unit's profile, shape (degree + 1, n)."""
        return self.profile.coefficients if isinstance(self.profile, Series) else None

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), N_DERIVATIVES[order]))
        place = np.ones((len(a), 3))
        place[:, 0], place[:, 1] = a, b

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            for n in slices(self.count, 1024):
                x = place[part] @ self.rows[:, n]
                if order == 0:
                    result[part, 0] += self.profile.total(x, n)
                    continue
                h, g, _ = self.rows[:, n]
                value, slope, bend_of = self.profile.derivatives(x, n)
                result[part, 0] += value.sum(1)
                result[part, 1] += slope @ h
                result[part, 2] += slope @ g
                if order == 2:
                    bend = bend_of()
                    result[part, 3] += bend @ (h * h)
                    result[part, 4] += bend @ (h * g)
                    result[part, 5] += bend @ (g * g)

        run(fill, slices(len(a), BLOCK // min(self.count, 1024)))
        result /= self.count
        result[:, 0] += self.base
        if self.source and (small := result[:, 0] < self.small).any():
            result[small] = self.direct.points(a[small], b[small], order)
        return result

    def grid(self, a: Array, b: Array) -> Array:
        cost = sum_over_samples(self._add_samples, a, b, self.count) / self.count
        cost += self.base
        if self.source and (small := cost < self.small).any():
            j, i = small.nonzero()
            cost[small] = self.direct.points(a[i], b[j], 0)[:, 0]
        return cost

    @np.errstate(over="ignore")
    def _add_samples(self, a: Array, b: Array, n: slice, total: Array) -> None:
        """Add the values of the samples n to the total, shape (len(b), len(a))."""
        h, g, c = self.rows[:, n]
        u = np.multiply.outer(a, h)
        u += c
        v = np.multiply.outer(b, g)
        # A function of exp(u + v) takes one exponential for each row and each column, where none
        # overflows: 1 / (1 + exp(u + v)) = exp(−u) / (exp(−u) + exp(v)).
        apart = max(abs(u).max(), abs(v).max()) < SAFE_EXPONENT
        product = apart and isinstance(self.profile, Softplus)
        if product and (u.min(axis=0) + v.min(axis=0)).min() > -SAFE_EXPONENT:
            add_logarithms(np.exp(-u.T), np.exp(-v.T), np.multiply, total)
            return
        separate = self.profile if apart and isinstance(self.profile, OfSigmoid) else None
        if separate:
            np.exp(np.negative(u, out=u), out=u)
            np.exp(v, out=v)
        rows = max(1, min(len(b), MAX_BUFFER // u.size))
        buffer = np.empty((rows, *u.shape))
        for r in slices(len(b), rows):
            checkpoint()
            e = buffer[: len(b[r])]
            np.add(u, v[r, None], out=e)
            if separate:
                total[r] += separate.of_sigmoid(np.divide(u, e, out=e), n)
            else:
                total[r] += self.profile.total(e, n)

    def gradient_function(self, points: int) -> GradientFunction:
        few = self.count * points <= FEW_SAMPLES
        if not (few and isinstance(self.profile, SquaredSigmoid)):
            return super().gradient_function(points)
        # One epoch of a small descent is a handful of calls on arrays that already exist; even
        # the ones are an array, since the conversion of a number costs as much as the sum. With
        # v = exp(x), 1 − e is v e, in all its digits where e is nearly 1.
        rows = self.rows
        back = rows[:2].T * (-2 / self.count)
        place = np.ones((points, 3))
        e, v = np.empty((2, points, self.count))
        one = np.ones_like(e)
        most = np.full_like(e, 700.0)  # beyond it, the slope is 0 whatever v is
        result = np.empty((points, 2))

        def gradient_at(weights: Array) -> Array:
            place[:, :2] = weights
            np.matmul(place, rows, v)
            np.minimum(v, most, out=v)
            np.exp(v, v)
            np.add(v, one, e)
            np.divide(one, e, e)
            np.multiply(v, e, v)
            np.multiply(e, e, e)
            np.multiply(v, e, v)
            return np.matmul(v, back, result)

        return gradient_at

    def batch_gradient(self, weights: Array, n: NDArray[np.intp]) -> Array:
        """Return the gradient at weights (points, 2) of the mean over the samples n alone."""
        h, g, c = self.rows[:, n]
        x = c + np.multiply.outer(weights[:, 0], h) + np.multiply.outer(weights[:, 1], g)
        slope = self.profile.derivatives(x, n)[1]
        return np.stack([slope @ h, slope @ g], axis=1) / len(n)


def _parabola(
    network: Network, samples: Samples, others: Array, after: Array, unit: int
) -> Parabola:
    """Complete the square of |r + u w|², in the unit's output u."""
    r, w = weighted_sums(others, after) - samples.targets, after[:, unit]
    length = w @ w
    along = r @ w / length if length else np.zeros(len(r))
    away = r - np.multiply.outer(along, w)
    return Parabola(ACTIVATIONS[network.hidden], length, along, np.vecdot(away, away))
