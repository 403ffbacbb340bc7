"""Enclosures: bounds between which a plane's cost, gradient and Hessian lie on a whole cell."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial
from typing import Self

import numpy as np
from numpy.polynomial import chebyshev

from landscape_core._kernels import Ridge
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array
from landscape_core.network import Network, sigmoid
from landscape_core.planes import WeightPlane
from landscape_core.surface import Surface

ORDER = 8  # of the derivative that bounds what Taylor's formula leaves out
UNIT = 2.0**-53  # the largest relative rounding error of one operation
ULPS = 8  # an exponential is assumed to be within so many of them; NumPy's are within 4
FARTHEST = 690.0  # exp(±690) is neither 0 nor infinite
TINY = 1e-280  # stands for what underflows
SLACK = 1 + 1e-6  # covers the rounding of the bounds themselves
PARTS = ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2))  # order of a derivative, how often by b


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
        return self.left[:, part] + sum(
            comb(q - k, i) / factorial(q - k) * abs(self.terms[q][:, i + j])
            for q in range(start, ORDER)
            for i in range(q - k + 1)
        )

    def bounds(self) -> tuple[Array, Array]:
        """Return the least and the largest J, Jₐ, J_b, Jₐₐ, Jₐ_b, J_bb, shapes (cells, 6)."""
        middle = np.concatenate(self.terms[:3], axis=1)
        radius = np.stack([self.variation(p, PARTS[p][0] + 1) for p in range(6)], axis=1)
        radius = np.nan_to_num(radius, nan=np.inf)
        return middle - radius, middle + radius


class Enclosure:
    """Encloses J(a, b) = base + mean of Fₙ(xₙ), with xₙ = cₙ + a hₙ + b gₙ, and e = 1 / (1 + exp x).

    The derivatives of F by x are w(e) sq(t) with a weight w = eᵖ (1 − e) and Chebyshev series sq in
    t = 2e − 1. Since log w is concave, with the slope l = (p + 1) e − p, w is at most
    w(x) exp(|l| ρ) within a distance ρ of x: no cell, however flat, is bounded from afar.
    """

    def __init__(self, plane: WeightPlane, kernel: Ridge) -> None:
        self.inputs, self.base = np.stack([kernel.c, kernel.h, kernel.g]), kernel.base
        if kernel.series is None:
            self.power, value = 2, np.array([[3 / 8], [1 / 2], [1 / 8]])  # e², by t
            series, steepest = np.array([[-2.0]]), np.array([2.0])
        else:
            self.power, value = 1, kernel.series
            series = -2 * chebyshev.chebder(value)
            steepest = 2 * np.arange(len(value)) ** 2 @ abs(value)
        #: The coefficients of F and its derivatives, bounds of them on [−1, 1], and of their rounding.
        rows = max(len(value), len(series) + ORDER - 2)
        self.series = np.zeros((ORDER, rows, series.shape[1]))
        self.series[0, : len(value)] = value
        self.sizes = [abs(value).sum(0)]
        self.rounding = [UNIT * (len(kernel.c) + 8 * len(value) ** 2 + 50) * self.sizes[0]]
        for q in range(1, ORDER + 1):
            degree = len(series) + 6
            error = 10 * q * (degree / 2) ** (q - 1) * UNIT * steepest  # of the coefficients
            self.sizes.append(abs(series).sum(0) + error)
            self.rounding.append(UNIT * (len(kernel.c) + 8 * degree**2) * self.sizes[q] + error)
            if q < ORDER:
                self.series[q, : len(series)] = series
                series = _derivative(series, self.power)
        self.input_errors, base = _errors(plane)
        self.errors = [base + float(self.rounding[0].mean()), 0.0, 0.0]

    @classmethod
    def of(cls, surface: Surface) -> Self | None:
        """Prepare the enclosures of a plane of two weights into one unit; others have none."""
        kernel = surface._kernel if isinstance(surface, WeightPlane) else None
        return cls(surface, kernel) if isinstance(kernel, Ridge) else None

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
        growing = steady * (np.expm1(self.power * (wide + shift)) / self.power)[:, None]
        orders = np.repeat(range(ORDER), range(1, ORDER + 1))
        times = np.concatenate([range(q + 1) for q in range(ORDER)])  # by b
        powers = np.vander(h, ORDER, increasing=True)[:, orders - times]
        powers *= np.vander(g, ORDER, increasing=True)[:, times]
        terms = np.zeros((len(middles), len(orders)))
        left = np.zeros((len(middles), len(columns)))

        def fill(part: slice) -> None:
            x = middles[part] @ self.inputs[1:, n] + self.inputs[0, n]
            np.exp(np.clip(x, -FARTHEST, FARTHEST, out=x), out=x)
            e = 1 / (1 + x)
            f = x * e  # 1 − e, with all its digits
            w = e**self.power * f
            last, polynomial, double = e - f, np.ones_like(e), 2 * (e - f)
            for value, derivatives in zip(values, columns, strict=True):
                terms[part, 0] += polynomial @ value
                terms[part, 1:] += (w * polynomial) @ derivatives
                last, polynomial = polynomial, double * polynomial - last
            w += TINY
            left[part] += w @ steady[n] + (w * abs(e - self.power * f)) @ growing[n]

        for n in slices(samples, 512):
            series = self.series if self.series.shape[2] == 1 else self.series[:, :, n]
            values = np.broadcast_to(series[0], (series.shape[1], len(h[n])))
            columns = np.moveaxis(series[orders[1:]], 0, -1) * powers[n, 1:]
            run(fill, slices(len(middles), 16))
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
        if not k:
            return rest
        return (rest + self.errors[k]) * factor + self.sizes[k] * (
            changed - factor + 4 * UNIT * changed
        )


def _derivative(series: Array, power: int) -> Array:
    """Return the series s of (d/dx)(w sₙ) = w s, that is s = l sₙ − (1 − t²)/2 dsₙ/dt."""
    k = np.arange(len(series))[:, None]
    result = np.zeros((len(series) + 1, series.shape[1]))
    result[:-1] = (1 - power) / 2 * series
    result[1:] += (power + 1 + k) / 4 * series
    down = (power + 1 - k) / 4 * series
    result[:-2] += down[1:]
    result[1] += down[0]
    return result


def _errors(plane: WeightPlane) -> tuple[Array, float]:
    """Bound the rounding errors of c, h and g, shape (3, n), and of the other outputs' cost."""
    network, (layer, unit, i), j = plane.network, plane.a, plane.b.input
    inputs, base = np.empty((3, len(plane.digits))), 0.0
    for part in slices(len(plane.digits), 512):
        h = plane.digits.images[part].astype(np.float64)
        error = np.zeros_like(h)
        for w in network.weights[:layer]:
            z, z_error = _sums(h, error, w)
            h = sigmoid(z)
            error = np.minimum(h * (1 - h) + z_error, 0.25) * z_error + ULPS * UNIT * h
        z, z_error = _sums(h, error, network.weights[layer])
        inputs[:, part] = z_error[:, unit], error[:, i], error[:, j]
        e = sigmoid((1 - 2 * plane.digits.targets[part]) * z)
        base += (2 * e * e * (z_error + UNIT * (inputs.shape[1] + 2 * ULPS))).sum()
    return inputs, base / inputs.shape[1]


def _sums(h: Array, error: Array, w: Array) -> tuple[Array, Array]:
    """Return h Wᵀ and a bound of its error, in whatever order it is summed; zeros add none."""
    count = UNIT * (np.count_nonzero(h, axis=1)[:, None] + 2)
    return h @ w.T, (count * abs(h) + error) @ abs(w).T
