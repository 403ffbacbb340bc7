"""Enclosures: bounds between which a plane's cost, gradient and Hessian lie on a whole cell."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from landscape_core._kernels import Ridge
from landscape_core._kernels.profiles import (
    Profile,
    Series,
    Softplus,
    Square,
    SquaredSigmoid,
)
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES, Softmax
from landscape_core.network import Network
from landscape_core.planes import WeightPlane
from landscape_core.surface import Surface

ORDER = 7  # of the derivative that bounds what Taylor's formula leaves out
UNIT = 2.0**-53  # the largest relative rounding error of one operation
ULPS = 16 * UNIT  # how exactly functions are assumed to be computed; NumPy's are within 8 UNIT
FARTHEST = 690.0  # exp(±690) is neither 0 nor infinite
TINY = 1e-280  # stands for what underflows
SLACK = 1 + 1e-6  # covers the rounding of the bounds themselves
PARTS = ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2))  # order of a derivative, how often by b
#: Bounds of the first, second and third derivatives of activations and of losses.
ACTIVATION_SLOPES = {
    "sigmoid": (0.25, 0.1, 0.125),
    "tanh": (1.0, 0.8, 2.0),
    "softplus": (1.0, 0.25, 0.1),
    "relu": (1.0, np.inf, np.inf),
    "identity": (1.0, 0.0, 0.0),
}
LOSS_SLOPES = {
    "squared": (0.3, 0.16, 0.21),
    "logistic": (1.0, 0.25, 0.1),
    "softmax": (1.0, 2.0, 8.0),  # by the largest change of any sum
}


@dataclass(frozen=True)
class Taylor:
    """J(m + d r) around the middles m of cells with half-sides r, for |dₐ|, |d_b| ≤ 1.

    Parameters
    ----------
    terms : list of ndarray, shapes (cells, 1), (cells, 2), (cells, 3), …
        ``terms[q][:, i]`` is the derivative by a, q − i times, and by b, i times, in units of r.
    left : ndarray, shape (cells, 6)
        By how much J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb may differ from these terms, anywhere on the cell.
    rounding : ndarray, shape (cells, 2)
        By how much Jₐ and J_b may differ from ``terms[1]`` in the middle.
    """

    terms: list[Array]
    left: Array
    rounding: Array

    def variation(self, part: int, start: int) -> Array:
        """Bound what the terms from an order on, and what is left, add to a part of J."""
        k, j = PARTS[part]
        derivatives = [self.terms[q][:, j : j + q - k + 1] for q in range(start, ORDER)]
        return self.left[:, part] + spread(derivatives)

    def bounds(self) -> tuple[Array, Array]:
        """Return the least and the largest J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb, shapes (cells, 6)."""
        middle = np.concatenate(self.terms[:3], axis=1)
        radius = np.stack([self.variation(p, PARTS[p][0] + 1) for p in range(6)], axis=1)
        radius = np.nan_to_num(radius, nan=np.inf)
        return middle - radius, middle + radius

    def newton(self) -> tuple[Array, list[Array], Array]:
        """Enclose N = Y∇J, with Y the inverse of the Hessian in the middle of each cell.

        On the floor of a valley the derivatives of N are much smaller than those of J.

        Returns
        -------
        inverse : ndarray, shape (cells, 2, 2)
            Y, in units of r. Where it does not exist all is NaN, from which nothing follows.
        terms : list of ndarray, shapes (cells, 2, 1), (cells, 2, 2), (cells, 2, 3), …
            The derivatives of N in the middle, as far as they are known.
        defect : ndarray, shape (cells, 2)
            Bounds of the row sums of |I − Y H|, for all Hessians H on the cell. Where both are
            below 1 none of these is singular, and all have eigenvalues of the same signs.
        """
        aa, ab, bb = self.terms[2].T
        bend = np.stack([self.variation(part, 3) for part in (3, 4, 4, 5)], axis=1)
        with np.errstate(all="ignore"):
            inverse = (np.stack([bb, -ab, -ab, aa]) / (aa * bb - ab * ab)).T.reshape(-1, 2, 2)
            terms = [inverse @ np.stack([x[:, :-1], x[:, 1:]], axis=1) for x in self.terms[1:]]
            lost = self.left[:, [3, 4, 4, 5]] + 8 * UNIT * (
                bend + abs(self.terms[2][:, [0, 1, 1, 2]])
            )
            defect = abs(np.eye(2) - terms[1]) + abs(inverse) @ lost.reshape(-1, 2, 2)
            for j in (0, 1):
                defect[..., j] += spread([x[..., j : j + x.shape[2] - 1] for x in terms[2:]])
        return inverse, terms, SLACK * defect.sum(axis=2) + 16 * UNIT

    def kinds(self) -> NDArray[np.str_]:
        """Name the critical points of each cell by the Hessian in its middle."""
        aa, ab, bb = self.terms[2].T
        return np.where(aa * bb < ab * ab, "saddle", np.where(aa > 0, "minimum", "maximum"))


def spread(derivatives: list[Array]) -> Array:
    """Bound Taylor's sum for |dₐ|, |d_b| ≤ 1 of derivatives (…, q + 1), each of its order q."""
    total = np.zeros(1)
    for x in derivatives:
        q = x.shape[-1] - 1
        total = total + abs(x) @ [1 / (factorial(i) * factorial(q - i)) for i in range(q + 1)]
    return total


class Enclosure:
    """Encloses J(a, b) = base + mean of Fₙ(xₙ), with xₙ = cₙ + a hₙ + b gₙ.

    With e = 1 / (1 + exp(x)), the derivatives of F by x are w(e) s(t): a weight w = eᵖ (1 − e), or
    1 for linear outputs, and Chebyshev series s in t = 2e − 1. Since log w is concave, with the
    slope l = e − p (1 − e), w is at most w(x) exp(|l| ρ) within a distance ρ of x: no cell, however
    flat, is bounded from afar.
    """

    def __init__(self, plane: WeightPlane, kernel: Ridge) -> None:
        self.profile, self.base, self.power, first = kernel.profile, kernel.base, 1, 1
        value, series = np.zeros((1, 1)), np.ones((1, 1))
        steepest = np.array([2.0])  # bounds the series, if they are summed without cancellation
        if isinstance(self.profile, SquaredSigmoid):
            self.power, value, series = 2, np.array([[3.0], [4.0], [1.0]]) / 8, -2 * series
        elif isinstance(self.profile, Series):
            value, series = self.profile.coefficients, -2 * self.profile.slopes
            steepest = 2 * np.arange(len(value)) ** 2 @ abs(value)
        else:  # only the second derivative is a series
            first = 2
            if isinstance(self.profile, Square):
                self.power, series = 0, 2 * series
        self.direct = first == 2
        rows = max(len(value), len(series) + ORDER - 1 - first)
        #: The coefficients of F and its derivatives, and bounds of them and of their rounding.
        self.series = np.zeros((ORDER, rows, series.shape[1]))
        self.series[0, : len(value)] = value
        self.count = UNIT * (len(plane.samples) + 24 * (rows + 6) ** 2)
        self.sizes = [abs(value).sum(axis=0), np.zeros(1)][:first]
        self.rounding = [self.count * size for size in self.sizes]
        for q in range(first, ORDER + 1):
            error = UNIT * (10 * q + rows) * (rows / 2 + 3) ** (q - first) * steepest
            self.sizes.append(abs(series).sum(axis=0) + error)
            self.rounding.append(self.count * self.sizes[q] + error)
            if q < ORDER:
                self.series[q, : len(series)] = series
                series = _derivative(series, self.power)
        self.inputs, self.input_errors, self.errors = _inputs(plane, self.profile)
        self.errors[0] += float(self.rounding[0].mean())

    @classmethod
    def of(cls, surface: Surface) -> Self | None:
        """Prepare the enclosures of a plane of two weights into one unit; others have none."""
        if not isinstance(surface, WeightPlane) or not isinstance(surface._kernel, Ridge):
            return None
        network, profile = surface.network, surface._kernel.profile
        below_known = not isinstance(profile, Series) or network.output in LOSS_SLOPES
        known = isinstance(profile, Series | Softplus | Square | SquaredSigmoid) and below_known
        known = known and network.hidden in ACTIVATION_SLOPES
        return cls(surface, surface._kernel) if known else None

    @np.errstate(over="ignore", invalid="ignore")
    def around(self, middles: Array, half: Array) -> Taylor:
        """Expand around the middles (cells, 2) of cells with the same half-sides (2,)."""
        samples = self.inputs.shape[1]
        reach = np.array([1.0, *abs(middles).max(axis=0) + half])
        shift = reach @ (4 * UNIT * abs(self.inputs) + self.input_errors)
        h, g = half[:, None] * self.inputs[1:]
        wide = abs(h) + abs(g)
        columns = [self._left(k, j, half, wide, shift) for k, j in PARTS]
        columns += [self._left(1, j, half, 0 * wide, shift) for j in (0, 1)]
        steady = np.stack(columns, axis=1)
        growth = np.expm1(self.power * (wide + shift)) / max(self.power, 1)
        growing = steady * growth[:, None]
        orders = np.repeat(range(ORDER), range(1, ORDER + 1))
        times = np.concatenate([range(q + 1) for q in range(ORDER)])  # by b
        powers = np.vander(h, ORDER, increasing=True)[:, orders - times]
        powers *= np.vander(g, ORDER, increasing=True)[:, times]
        terms = np.zeros((len(middles), len(orders)))
        left = np.zeros((len(middles), len(columns)))

        for n in slices(samples, 512):
            series = self.series if self.series.shape[2] == 1 else self.series[:, :, n]
            values = np.broadcast_to(series[0], (series.shape[1], len(h[n])))
            columns = np.moveaxis(series[orders[1:]], 0, -1) * powers[n, 1:]

            def fill(
                part: slice, n: slice = n, values: Array = values, columns: Array = columns
            ) -> None:
                x = middles[part] @ self.inputs[1:, n] + self.inputs[0, n]
                if self.direct:
                    value, slope, _ = self.profile.derivatives(x, n)
                    terms[part, 0] += value.sum(axis=1)
                    terms[part, 1:3] += slope @ powers[n, 1:3]
                np.exp(np.clip(x, -FARTHEST, FARTHEST, out=x), out=x)
                e = 1 / (1 + x)
                f = x * e  # 1 − e, with all its digits
                w = e**self.power * f if self.power else np.ones_like(e)
                last, polynomial, double = e - f, np.ones_like(e), 2 * (e - f)
                for value, derivatives in zip(values, columns, strict=True):
                    terms[part, 0] += polynomial @ value
                    terms[part, 1:] += (w * polynomial) @ derivatives
                    last, polynomial = polynomial, double * polynomial - last
                w += TINY
                left[part] += w @ steady[n] + (w * abs(e - self.power * f)) @ growing[n]

            run(fill, slices(len(middles), BLOCK // 8 // 512))
        if self.direct:
            self._add_direct(left, half, wide, shift, reach @ abs(self.inputs))
        for total in (terms, left):
            total /= samples
        terms[:, 0] += self.base
        left[:, 0] += self.errors[0]
        split = np.split(terms, np.cumsum(range(1, ORDER)), axis=1)
        return Taylor(split, SLACK * left[:, :6], SLACK * left[:, 6:])

    def _left(self, k: int, j: int, half: Array, wide: Array, shift: Array) -> Array:
        """Bound what Taylor's formula leaves out of a derivative of each sample, by w, (n,)."""
        size, error = half[:, None] * abs(self.inputs[1:]), half[:, None] * self.input_errors[1:]
        factor = size[0] ** (k - j) * size[1] ** j
        changed = (size[0] + error[0]) ** (k - j) * (size[1] + error[1]) ** j
        rest = self.sizes[ORDER] * wide ** (ORDER - k) / factorial(ORDER - k)
        rest = rest + self.sizes[k + 1] * shift
        for q in range(max(k, 1), ORDER):
            rest = rest + self.rounding[q] * wide ** (q - k) / factorial(q - k)
        if k == 0:
            return np.asarray(rest)
        rest = (rest + self.errors[k]) * factor
        return np.asarray(rest + self.sizes[k] * (changed - factor + 4 * UNIT * changed))

    def _add_direct(
        self, left: Array, half: Array, wide: Array, shift: Array, farthest: Array
    ) -> None:
        """Add the errors of F and F′ where they are no series: w does not bound these."""
        square = isinstance(self.profile, Square)
        value, slope = (farthest**2, 2 * farthest) if square else (farthest + 1, np.ones(1))
        left[:, 0] += (self.count * value + slope * (shift + self.count * wide)).sum()
        error = half[:, None] * (self.count * abs(self.inputs[1:]) + self.input_errors[1:])
        left[:, [1, 2, 6, 7]] += np.tile((slope * error).sum(axis=1), 2)


def _derivative(series: Array, power: int) -> Array:
    """Return the series s of (d/dx)(w sₙ) = w s, that is s = l sₙ − (1 − t²)/2 dsₙ/dt."""
    if not power:
        return 0 * series
    k = np.arange(len(series))[:, None]
    result = np.zeros((len(series) + 1, series.shape[1]))
    result[:-1] = (1 - power) / 2 * series
    result[1:] += (power + 1 + k) / 4 * series
    down = (power + 1 - k) / 4 * series
    result[:-2] += down[1:]
    result[1] += down[0]
    return result


def _inputs(plane: WeightPlane, profile: Profile) -> tuple[Array, Array, list[Any]]:
    """Return c, h, g and bounds of their errors, both (3, n), and of what J, F′ and F″ miss."""
    network, targets = plane.network, plane.samples.targets
    (layer, unit, i), j, loss = plane.a, plane.b.input, LOSSES[network.output]
    row = network.weights[layer][unit].copy()
    row[[i, j]] = 0
    inputs, errors = np.empty((2, 3, len(targets)))
    missed = np.zeros((3, len(targets)))
    for n in slices(len(targets), 512):
        h, h_error = _activations(network, plane.samples.inputs[n], layer)
        z, z_error = _sums(h, h_error, network.weights[layer])
        x = -np.stack([h @ row, h[:, i], h[:, j]])
        x_error = np.stack([z_error[:, unit], h_error[:, i], h_error[:, j]])
        if isinstance(profile, Series):
            double = 2 if network.hidden == "tanh" else 1  # tanh z = 2 σ(2z) − 1
            x, x_error = double * x, double * x_error
            missed[:, n] = _series_errors(plane, profile, *_activate(network, z, z_error), n)
        else:
            t = targets[n]
            value, gradient, _ = loss.derivatives(z, t)
            if isinstance(loss, Softmax):
                gradient = np.ones_like(z)
                x[0] += loss.without(np.delete(z, unit, axis=1), np.delete(t, unit, axis=1))[1]
                x_error[0] += z_error.max(axis=1) + ULPS * (abs(z).max(axis=1) + z.shape[1])
            if network.output == "linear":
                x[0] += t[:, unit]
            else:
                x *= 1 - 2 * t[:, unit]
            missed[0, n] = ((abs(gradient) + 2 * z_error) * z_error).sum(axis=1)
            missed[0, n] += (ULPS + UNIT * len(targets)) * value
        inputs[:, n], errors[:, n] = x, x_error
    return inputs, errors, [float(missed[0].mean()), missed[1], missed[2]]


def _activations(network: Network, inputs: NDArray[np.floating], layer: int) -> tuple[Array, Array]:
    """Return what enters a layer, and bounds of its rounding errors, both (n, inputs)."""
    h = inputs.astype(np.float64)
    h = np.hstack([h, np.ones((len(h), int(network.biases)))])
    error = np.zeros_like(h)
    for w in network.weights[:layer]:
        h, error = _activate(network, *_sums(h, error, w))
    return h, error


def _activate(network: Network, z: Array, error: Array) -> tuple[Array, Array]:
    """Pass sums and bounds of their errors through a hidden layer's activation."""
    activation = ACTIVATIONS[network.hidden]
    steepest, change, _ = ACTIVATION_SLOPES[network.hidden]
    h, slope, _ = activation.derivatives(z)
    with np.errstate(invalid="ignore"):  # 0 · inf, where nothing but the largest slope is known
        error = np.fmin(abs(slope) + change * error, steepest) * error + ULPS * abs(h)
    ones = np.ones((len(h), int(network.biases)))
    return np.hstack([h, ones]), np.hstack([error, 0 * ones])


def _sums(h: Array, error: Array, w: Array) -> tuple[Array, Array]:
    """Return h Wᵀ and a bound of its error, in whatever order it is summed; zeros add none."""
    count = UNIT * (np.count_nonzero(h, axis=1)[:, None] + 2)
    return h @ w.T, (count * abs(h) + error) @ abs(w).T


def _series_errors(
    plane: WeightPlane, profile: Series, h: Array, error: Array, n: slice
) -> tuple[Array, Array, Array]:
    """Bound what a hidden unit's series misses of F, and of F′ and F″ by w, for the samples n.

    Rounding in the layers up to the unit's gives another smooth F. Rounding below it may change a
    coefficient of F′ by twice as much as it changes F′ where that was evaluated.
    """
    after = abs(plane.network.weights[plane.a.layer + 1])
    h[:, plane.a.unit], error[:, plane.a.unit] = 1, UNIT
    first, second = _change_below(plane, _sums(h, error, after)[1], 0.0)
    node, _ = _change_below(plane, 3 * UNIT * h @ after.T, UNIT)
    node += 64 * UNIT * abs(profile.slopes[:, n]).sum(axis=0)
    lost = profile.remainders[:, n]
    first += lost[1] + 2 * profile.nodes * node
    second += lost[2] + profile.nodes**3 * node
    start = LOSS_SLOPES[plane.network.output][0] * _sums(h, error, after)[1].sum(axis=1)
    return lost[0] + start + first, 2 * first, second + 2 * first


def _change_below(plane: WeightPlane, change: Array, unit: float) -> tuple[Array, Array]:
    """Bound how F′ and F″ change with the sums of the layer below a hidden unit, shapes (n,).

    Every sum below changes by `change`, its derivatives by t, at most d and c, by dd and dc. With a
    rounding unit, the rounding of all that follows is added; then the second bound means nothing.
    """
    network, (layer, u, _) = plane.network, plane.a
    after, *deeper = (abs(w) for w in network.weights[layer + 1 :])
    slope, bend, third = ACTIVATION_SLOPES[network.hidden]
    d, c = after[:, u], 0 * after[:, u]
    dd, dc = unit * d, c
    for w in deeper:
        v, units = w[:, : len(d)], w.shape[1]
        dc = third * change * d * d + 2 * bend * d * dd + bend * change * c + slope * dc
        dd = bend * change * d + slope * dd + unit * (units + 32) * slope * d
        dc, dd = dc @ v.T, dd @ v.T
        c, d = (bend * d * d + slope * c) @ v.T, slope * d @ v.T
        change = (slope * change + 16 * unit) @ v.T + unit * (units + 2) * w.sum(axis=1)
    slope, bend, third = LOSS_SLOPES[network.output]
    change = change.max(axis=1, keepdims=True)
    first = bend * change * d + slope * dd + unit * (len(d) + 32) * slope * d
    second = third * change * d * d + 2 * bend * d * dd + bend * change * c + slope * dc
    return first.sum(axis=1), second.sum(axis=1)
