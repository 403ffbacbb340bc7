"""Enclosures: bounds between which a plane's cost, gradient and Hessian lie on a whole cell."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Self

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from landscape_core._kernels import Ridge, bounds
from landscape_core._kernels.profiles import Parabola, Profile, Series, Square, SquaredSigmoid
from landscape_core._kernels.series import RANGES, Below
from landscape_core._kernels.series import series as expand
from landscape_core._parallel import run, slices
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
TINY = 1e-280  # stands for 0 where a bound is multiplied
LOST = 1e-300  # more than a sum loses where its products underflow
LEAST = 1e-100  # half-side of a cell: its square is not 0
SLACK = 1 + 1e-6  # covers the rounding of the bounds themselves
TOGETHER = 1024  # cells that are bounded in one go
PARTS = ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2))  # order of a derivative, how often by b


@dataclass(frozen=True)
class Taylor:
    """J(m + d r) around the middles m of cells with half-sides r, for |dₐ|, |d_b| ≤ 1.

    Parameters
    ----------
    terms : list of ndarray, shapes (cells, 1), (cells, 2), (cells, 3), …
        ``terms[q][:, i]`` is the derivative by a, q − i times, and by b, i times, in units of r.
    beyond : ndarray, shape (cells, 6)
        By how much J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb change on the cell with the terms of higher order.
    left : ndarray, shape (cells, 6)
        By how much more they may, anywhere on the cell, rounding included.
    rounding : ndarray, shape (cells, 2)
        By how much Jₐ and J_b may differ from ``terms[1]`` in the middle.
    """

    terms: list[Array]
    beyond: Array
    left: Array
    rounding: Array

    @np.errstate(invalid="ignore")
    def bounds(self) -> tuple[Array, Array]:
        """Return the least and the largest J, Jₐ, …, J_bb, in units of r, shapes (cells, 6)."""
        middle, radius = np.concatenate(self.terms[:3], axis=1), self.beyond + self.left
        known = np.isfinite(middle) & np.isfinite(radius)
        return np.where(known, middle - radius, -np.inf), np.where(known, middle + radius, np.inf)

    def newton(self) -> tuple[list[Array], Array, Array]:
        """Enclose N = Y∇J, with Y the inverse of the Hessian in the middle of each cell.

        On the floor of a valley the derivatives of N are much smaller than those of J. Where there
        is no inverse all is NaN, from which nothing follows.

        Returns
        -------
        terms : list of ndarray, shapes (cells, 2, 1), (cells, 2, 2), (cells, 2, 3), …
            The derivatives of N in the middle, as far as they are known.
        lost : ndarray, shape (cells, 2, 2)
            By how much N may differ from them, anywhere on the cell and in its middle.
        defect : ndarray, shape (cells, 2)
            Bounds of the row sums of |I − Y H|, for all Hessians H on the cell. Where both are
            below 1 none of these is singular, and all have eigenvalues of the same signs.
        """
        aa, ab, bb = self.terms[2].T
        left = np.stack([self.left[:, 1:3], self.rounding], axis=2)
        left_of_hessian = self.left[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
        with np.errstate(all="ignore"):
            inverse = (np.stack([bb, -ab, -ab, aa]) / (aa * bb - ab * ab)).T.reshape(-1, 2, 2)
            terms = [inverse @ np.stack([x[:, :-1], x[:, 1:]], axis=1) for x in self.terms[1:]]
            defect = abs(np.eye(2) - terms[1]) + abs(inverse) @ left_of_hessian
            for j in (0, 1):
                defect[..., j] += spread([x[..., j : j + x.shape[2] - 1] for x in terms[2:]])
            return terms, abs(inverse) @ left, SLACK * defect.sum(axis=2) + 16 * UNIT

    @np.errstate(over="ignore", invalid="ignore")
    def kinds(self) -> NDArray[np.str_]:
        """Name the critical points of each cell by the Hessian in its middle."""
        aa, ab, bb = self.terms[2].T
        return np.where(aa * bb < ab * ab, "saddle", np.where(aa > 0, "minimum", "maximum"))


def quarters(grid: Array) -> Array:
    """Cut the cells of a grid, by their places (cells, 2) along the axes, into four each."""
    return np.asarray((2 * grid[:, None] + [[0, 0], [0, 1], [1, 0], [1, 1]]).reshape(-1, 2))


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

    @np.errstate(over="ignore")
    def __init__(self, plane: WeightPlane, profile: Profile, base: float) -> None:
        self.profile, self.base, self.power = profile, base, 1
        value, series, error = np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1)
        first = 1  # of the derivatives that are series times w
        if isinstance(profile, SquaredSigmoid):
            self.power, value, series = 2, np.array([[3.0], [4.0], [1.0]]) / 8, -2 * series
        elif isinstance(profile, Series):
            value, series = profile.coefficients, -2 * profile.slopes
            error = 4 * UNIT * len(value) * (np.arange(len(value)) ** 2 @ abs(value))
        else:
            first = 2
            if isinstance(profile, Square):
                self.power, series = 0, 2 * series
        self.direct = first == 2
        rows = max(len(value), len(series) + ORDER - 1 - first)
        #: The coefficients of F and its derivatives, bounds of them, and of what is not known.
        self.series = np.zeros((series.shape[1], ORDER, rows))
        self.series[:, 0, : len(value)] = value.T
        self.count = UNIT * (len(plane.samples) + 100 + 24 * (rows + 2) ** 2)
        self.sizes, self.unknown = [np.zeros(1)] * first, [np.zeros(1)] * first
        for q in range(first, ORDER + 1):
            size = abs(series).sum(axis=0)
            self.sizes.append(size + error)
            if q < ORDER:
                self.series[:, q, : len(series)] = series.T
                self.unknown.append(self.count * self.sizes[q] + error)
                series = _derivative(series, self.power)
                if self.power:  # else all that follow are 0
                    error = (rows / 2 + 3) * (error + 10 * UNIT * size)
        self.unknown.append(self.sizes[ORDER])
        self.inputs, self.input_errors, (lost, *errors) = _inputs(plane, profile)
        self.lost = float((lost + self.count * abs(value).sum(axis=0)).mean())
        self.errors = [0.0, *errors]
        # What underflows is multiplied on its way to J by the layers above, and in J's derivatives
        # by theirs: each time by no more than the product of all layers' largest row sums.
        layers = [abs(w).sum(axis=1).max() for w in plane.network.weights]
        ends = abs(plane.samples.inputs).max(), abs(plane.samples.targets).max()
        self.tiny = TINY + LOST * np.prod(np.maximum([*layers, *ends], 1.0)) ** 2
        self.input_errors += self.tiny

    @classmethod
    def of(cls, surface: Surface) -> Self | None:
        """Prepare the enclosures of a plane of two weights into one unit; others have none."""
        if not isinstance(surface, WeightPlane) or not isinstance(surface._kernel, Ridge):
            return None
        profile: Profile | None = surface._kernel.profile
        if isinstance(profile, Parabola):
            profile = _parabola(surface)
        return cls(surface, profile, surface._kernel.base) if profile else None

    @np.errstate(over="ignore", invalid="ignore")
    def around(self, middles: Array, half: Array) -> Taylor:
        """Expand around the middles (cells, 2) of cells with the same half-sides (2,)."""
        samples = self.inputs.shape[1]
        farthest = np.array([1.0, *abs(middles).max(axis=0) + half])
        shift = farthest @ (4 * UNIT * abs(self.inputs) + self.input_errors)
        h, g = half[:, None] * self.inputs[1:]
        wide = abs(h) + abs(g)
        parts = [*((k, j, wide) for k, j in PARTS), (1, 0, 0 * wide), (1, 1, 0 * wide)]
        steady = np.stack([self._left(k, j, half, far, shift) for k, j, far in parts])
        reach = np.stack([far for *_, far in parts]) + shift
        growing = steady * np.expm1(self.power * reach) / max(self.power, 1)
        slips = half[:, None] * (self.count * abs(self.inputs[1:]) + self.input_errors[1:])
        direct = np.stack([shift + self.count * wide, *slips, *slips])
        by_a, by_b = (np.vander(x, ORDER, increasing=True).T for x in (h, g))
        powers = [by_a[q::-1] * by_b[: q + 1] for q in range(ORDER)]
        terms = [np.zeros((q + 1, len(middles))) for q in range(ORDER)]
        left = np.zeros((len(steady), len(middles)))

        @np.errstate(over="ignore", invalid="ignore")  # threads do not inherit it
        def fill(part: slice) -> None:
            for n in slices(samples, 128):
                x = self.inputs[1:, n].T @ middles[part].T + self.inputs[0, n, None]
                if self.direct:
                    value, slope, _ = self.profile.derivatives(x, n)
                    terms[0][:, part] += value.sum(axis=0)
                    terms[1][:, part] += powers[1][:, n] @ slope
                    left[0, part] += self.count * value.sum(axis=0)
                    left[[0, 1, 2, 6, 7], part] += direct[:, n] @ abs(slope)
                np.exp(np.clip(x, -FARTHEST, FARTHEST, out=x), out=x)
                e = 1 / (1 + x)
                f = x * e  # 1 − e, with all its digits
                w = e**self.power * f if self.power else np.ones_like(e)
                series = self.series if len(self.series) == 1 else self.series[n]
                t = chebyshev.chebvander(e - f, series.shape[2] - 1).swapaxes(1, 2)
                derivatives = (series @ t).swapaxes(0, 1)
                derivatives[1:] *= w
                for term, power, derivative in zip(terms, powers, derivatives, strict=True):
                    term[:, part] += power[:, n] @ derivative
                w += TINY
                left[:, part] += steady[:, n] @ w + growing[:, n] @ (w * abs(e - self.power * f))

        run(fill, slices(len(middles), 64))
        for total in (*terms, left):
            total /= samples
        terms[0] += self.base
        left[0] += self.lost
        terms, left = [term.T for term in terms], SLACK * left.T + self.tiny
        beyond = np.stack(
            [spread([x[:, j : x.shape[1] + j - k] for x in terms[k + 1 :]]) for k, j in PARTS], 1
        )
        size = abs(np.concatenate(terms[:3], axis=1))
        left[:, :6] += 8 * UNIT * (size + beyond)  # what is made of the terms is rounded, too
        left[:, 6:] += 8 * UNIT * size[:, 1:3]
        return Taylor(terms, beyond, left[:, :6], left[:, 6:])

    def _left(self, k: int, j: int, half: Array, wide: Array, shift: Array) -> Array:
        """Bound what Taylor's formula leaves out of a derivative of each sample, by w, (n,)."""
        size, error = half[:, None] * abs(self.inputs[1:]), half[:, None] * self.input_errors[1:]
        factor = size[0] ** (k - j) * size[1] ** j
        changed = (size[0] + error[0]) ** (k - j) * (size[1] + error[1]) ** j
        sizes: list[Array] = list(self.sizes)
        if self.direct:  # F′ is taken as it is in the middle: here its change from there is bounded
            sizes[1] = sizes[2] * (wide + shift)
        rest = self.errors[k] + sizes[k + 1] * shift
        for q in range(k, ORDER + 1):
            rest = rest + self.unknown[q] * wide ** (q - k) / factorial(q - k)
        lost = changed - factor + 4 * UNIT * changed
        return np.asarray(rest * factor + (sizes[k] + self.errors[k]) * lost)


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


def _parabola(plane: WeightPlane) -> Series | None:
    """Return the series of a hidden unit before linear outputs, None if it has none."""
    network, (layer, unit, _) = plane.network, plane.a
    if network.hidden not in RANGES:
        return None
    others = network.activations(plane.samples.inputs, layer + 1)[:, : len(network.weights[layer])]
    others[:, unit] = 0
    found = expand(network, plane.samples, layer, unit, others)
    return Series(*found) if found else None


def _inputs(plane: WeightPlane, profile: Profile) -> tuple[Array, Array, Array]:
    """Return c, h, g and bounds of their errors, both (3, n), and of what J, F′ and F″ miss."""
    network, targets = plane.network, plane.samples.targets
    (layer, unit, i), j, loss = plane.a, plane.b.input, LOSSES[network.output]
    row = network.weights[layer][unit].copy()
    row[[i, j]] = 0
    inputs, errors = np.empty((2, 3, len(targets)))
    missed = np.zeros((3, len(targets)))

    @np.errstate(over="ignore", invalid="ignore")
    def fill(n: slice) -> None:
        h, h_error = _activations(network, plane.samples.inputs[n], layer)
        z, z_error = _sums(h, h_error, network.weights[layer])
        x = -np.stack([h @ row, h[:, i], h[:, j]])
        x_error = np.stack([z_error[:, unit], h_error[:, i], h_error[:, j]])
        if isinstance(profile, Series):
            double = 2 if network.hidden == "tanh" else 1  # tanh z = 2 σ(2z) − 1
            x, x_error = double * x, double * x_error
            missed[:, n] = _series_errors(plane, profile, *_activate(network, z, z_error), n)
        else:
            rest, off, aims = (np.delete(y, unit, axis=1) for y in (z, z_error, targets[n]))
            if isinstance(loss, Softmax):
                base, together = loss.without(rest, aims)
                x[0] += together
                x_error[0] += off.max(axis=1) + ULPS * (abs(rest).max(axis=1) + z.shape[1])
            else:
                base = loss.value(rest, aims)
            if network.output == "linear":
                x[0] += targets[n, unit]
            else:
                x *= 1 - 2 * targets[n, unit]
            missed[0, n] = (3 * ULPS + UNIT * (z.shape[1] + len(targets))) * base
            steepest = bounds.loss_slope(network.output, rest, 2 * off, 0 * off, aims)
            missed[0, n] += np.vecdot(steepest, off)
        inputs[:, n], errors[:, n] = x, x_error

    run(fill, slices(len(targets), 256))
    return inputs, errors, missed


def _activations(network: Network, inputs: NDArray[np.floating], layer: int) -> tuple[Array, Array]:
    """Return what enters a layer, and bounds of its rounding errors, both (n, inputs)."""
    h = np.hstack([inputs, np.ones((len(inputs), int(network.biases)))])
    error = np.broadcast_to(0.0, h.shape)
    for w in network.weights[:layer]:
        h, error = _activate(network, *_sums(h, error, w))
    return h, error


def _activate(network: Network, z: Array, error: Array) -> tuple[Array, Array]:
    """Pass sums and bounds of their errors through a hidden layer's activation."""
    h, k = ACTIVATIONS[network.hidden].value(z), bounds.SCALES.get(network.hidden)
    slope = k**2 * bounds.sigmoid_slope(k * z, k * error, 0 * z) if k else 1.13  # gelu's is 1.129
    lost = ULPS * abs(z if network.hidden == "gelu" else h)  # of gelu's tail digits are lost
    error = slope * error + lost
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

    Errors of the sums give another analytic F; what differs from node to node is interpolated. By w
    the derivative of what is at most E on an ellipse of half-axis b is at most E / b, and that of a
    polynomial through m nodes at most m E (Bernstein).
    """
    network, (layer, unit, _), nodes = plane.network, plane.a, profile.nodes
    h[:, unit], error[:, unit] = 0, UNIT
    others = h[:, : len(network.weights[layer])]
    below = Below(network, plane.samples.targets[n], layer, unit, others)
    h[:, unit] = 1
    # Twice, since the series was made of sums that were rounded in another order.
    errors = [2 * _sums(h, error, network.weights[layer + 1])[1], *below.rounding]
    rho = 1 + 4 / nodes
    smooth = _change(below, rho, errors)
    rounding = [8 * UNIT * (abs(below.middle) + abs(below.slope)), *below.rounding]
    node = _change(below, 1.0, rounding)
    each = 64 * UNIT * abs(profile.slopes[:, n]).sum(axis=0)  # of the coefficients
    _, change, lost = below.bound(1.0, errors)
    node = (2 / np.pi * np.log(nodes) + 1) * (node + lost) + nodes * each  # Lebesgue's constant
    cut = profile.remainders[:, n]
    first = cut[1] + smooth + node
    second = cut[2] + smooth / ((rho - 1 / rho) / 2) + nodes * node
    return cut[0] + change + first, 2 * first, second + 2 * first


def _change(below: Below, rho: float, errors: list[Array]) -> Array:
    """Bound how errors of each layer's sums change F′ on an ellipse, shape (n,).

    Where errors T times as large leave F′ below M, its change is at most 2 M / T: Schwarz' lemma.
    """
    largest = max(error.max() for error in errors) + TINY
    for t in np.maximum(10.0 ** -np.arange(4) / largest, 1):
        change: Array = 2 * below.bound(rho, [t * error for error in errors])[0] / t
        if np.isfinite(change).all():
            break
    return change
