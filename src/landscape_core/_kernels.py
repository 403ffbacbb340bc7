"""How a plane computes its cost: recompute only what the two coordinates reach.

Three kernels serve all planes. `Ridge` is for two weights into one unit, `Nested` for any other two
weights, `Sweep` for two directions of the whole weight space. Everywhere an output's error
p − t is written as ±σ(s z) with s = 1 − 2t, since 1 − σ(z) = σ(−z): no difference of nearly equal
numbers is ever taken, so that even a cost of 1e-30 is exact.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.polynomial import chebyshev
from scipy.fft import dct

from landscape_core._blocks import BLOCK, Array, run, slices
from landscape_core.mnist import Digits
from landscape_core.network import Network, sigmoid

PARTS = ("", "a", "b", "aa", "ab", "bb")  # the value and its derivatives
COUNT = (1, 3, 6)  # how many of them there are up to order 0, 1 and 2
Jet = dict[str, Array]  # a quantity's parts; a missing part is zero


class Kernel(ABC):
    """What every kernel computes, for flat arrays that are known to be finite."""

    @abstractmethod
    def points(self, a: Array, b: Array, order: int) -> Array:
        """Return the parts of the cost at M points, shape (M, COUNT[order])."""

    @abstractmethod
    def grid(self, a: Array, b: Array) -> Array:
        """Return the cost at every crossing of two axes, shape (len(b), len(a))."""

    def slope(self, count: int) -> Callable[[Array], Array]:
        """Return a function from weights (count, 2) to gradients (count, 2)."""
        return lambda weights: self.points(weights[:, 0], weights[:, 1], 1)[:, 1:]


def _signs(digits: Digits) -> Array:
    """Return s = 1 − 2t, shape (n, 10): −1 for the output that should be 1."""
    return 1 - 2 * digits.targets


# --- two weights into one unit ------------------------------------------------------------------

SAFE_EXPONENT = 700.0  # exp(±700) is neither 0 nor infinite
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
            s = _signs(digits)
            errors = sigmoid(s * (inputs @ network.weights[layer].T)) ** 2
            errors[:, unit] = 0
            s = s[:, unit]
            return cls(s * c, s * h, s * g, float(errors.sum(1).mean()), None)
        series = _series(network, digits, layer, unit, inputs)
        return None if series is None else cls(c, h, g, 0.0, series)

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), COUNT[order]))

        def fill(part: slice) -> None:
            for n in slices(len(self.c), 1024):
                h, g = self.h[n], self.g[n]
                e = np.multiply.outer(a[part], h)
                e += np.multiply.outer(b[part], g)
                e += self.c[n]
                _error(e)
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

        run(fill, slices(len(a), 64))
        result /= len(self.c)
        result[:, 0] += self.base
        return result

    def grid(self, a: Array, b: Array) -> Array:
        result = np.zeros((len(b), len(a)))
        width = min(len(self.c), 512)
        rows = max(1, BLOCK // (len(a) * width))

        @np.errstate(over="ignore")
        def fill(part: slice) -> None:
            buffer = np.empty((rows, len(a), width))
            for n in slices(len(self.c), width):
                u = np.multiply.outer(a, self.h[n])
                u += self.c[n]
                v = np.multiply.outer(b[part], self.g[n])
                # exp(u + v) = exp(u) exp(v) saves nearly all exponentials, where neither overflows.
                apart = max(abs(u).max(), abs(v).max()) < SAFE_EXPONENT
                if apart:
                    np.exp(u, out=u)
                    np.exp(v, out=v)
                combine = np.multiply if apart else np.add
                for r in slices(len(v), rows):
                    e = buffer[: len(v[r]), :, : u.shape[1]]
                    combine(u, v[r, None], out=e)
                    if apart:
                        e += 1
                        np.divide(1.0, e, out=e)
                    else:
                        _error(e)
                    sums = np.vecdot(e, e) if self.series is None else self._value(e, n).sum(-1)
                    result[part][r] += sums

        run(fill, slices(len(b), 20))
        result /= len(self.c)
        result += self.base
        return result

    def slope(self, count: int) -> Callable[[Array], Array]:
        if self.series is not None or len(self.c) * count > FEW_SAMPLES:
            return super().slope(count)
        # One epoch of a small descent is a handful of calls on arrays that already exist.
        rows = np.stack([self.h, self.g, self.c])
        back = np.stack([self.h, self.g], axis=1) * (-2 / len(self.c))
        weights3 = np.ones((count, 3))
        e, q = np.empty((2, count, len(self.c)))
        gradient = np.empty((count, 2))

        def slope(weights: Array) -> Array:
            weights3[:, :2] = weights
            np.matmul(weights3, rows, out=e)
            np.exp(e, out=e)
            np.add(e, 1.0, out=e)
            np.divide(1.0, e, out=e)
            np.multiply(e, e, out=q)
            np.subtract(1.0, e, out=e)
            np.multiply(q, e, out=q)
            return np.matmul(q, back, out=gradient)

        return slope

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
        once: Array = chebyshev.chebder(self.series[:, n], 1, scl=2, axis=0)
        first = _evaluate(once, t)
        if order == 1:
            return first * de, first
        twice: Array = chebyshev.chebder(once, 1, scl=2, axis=0)
        second = _evaluate(twice, t)
        return first * de, second * de * de + first * de * t


def _evaluate(series: Array, t: Array) -> Array:
    """Sum Chebyshev series (terms, n) at t (…, n)."""
    sums: Array = chebyshev.chebval(t, series, tensor=False)
    return sums


def _error(x: Array) -> None:
    """Replace x by 1 / (1 + exp(x)), in place."""
    with np.errstate(over="ignore"):
        np.exp(x, out=x)
    x += 1
    np.divide(1.0, x, out=x)


def _series(network: Network, digits: Digits, layer: int, unit: int, inputs: Array) -> Array | None:
    """Expand the summed squared error as a function of one hidden unit's output, per sample."""
    signs = _signs(digits)
    after = network.weights[layer + 1]
    others = sigmoid(inputs @ network.weights[layer].T)
    others[:, unit] = 0
    fixed = others @ after.T
    for degree in DEGREES:
        nodes = np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1))
        values = np.empty((degree + 1, len(signs)))

        def fill(part: slice, nodes: Array = nodes, values: Array = values) -> None:
            for node, row in zip(nodes, values, strict=True):
                z = fixed[part] + (node + 1) / 2 * after[:, unit]
                for w in network.weights[layer + 2 :]:
                    z = sigmoid(z) @ w.T
                row[part] = (sigmoid(signs[part] * z) ** 2).sum(1)

        run(fill, slices(len(signs), 128))
        series: Array = dct(values, axis=0) / (degree + 1)
        series[0] /= 2
        # The terms fall geometrically, so the last ones bound what is cut off.
        if abs(series[-4:]).max() < NEGLIGIBLE:
            return series
    return None


# --- any other two weights ----------------------------------------------------------------------


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
        self.signs = _signs(digits)
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
        dense: Jet = {}  # what the layer's units hold, shapes (…, n, units)
        single: dict[int, Jet] = {}  # and apart from it the units into which a weight leads
        for layer in range(self.first, self.last + 1):
            if layer == self.first:
                z: Jet = {}
            else:
                w = self.weights[layer]
                z = {"": self.passed[n]} if layer == self.first + 1 else _linear(dense, w)
                for u, h in single.items():
                    z = _add(z, {part: x[..., None] * w[:, u] for part, x in h.items()})
            varied: dict[int, Jet] = {}
            for v in (v for v in self.variables if v.layer == layer):
                if layer == self.first:
                    start: Jet = {"": self.sums[v.unit][n]}
                else:
                    start = {part: x[..., v.unit] for part, x in z.items()}
                if v.input in single:
                    h = single[v.input]
                elif v in self.columns:
                    h = {"": self.columns[v][n]}
                else:
                    h = {part: x[..., v.input] for part, x in dense.items()}
                product = _times(v.name, at[v.name][..., None], h, order)
                varied[v.unit] = _add(varied.get(v.unit, start), product)
            if layer == self.last:
                z = {part: signs * x for part, x in z.items()}
                varied = {u: {p: signs[:, u] * x for p, x in h.items()} for u, h in varied.items()}
            dense = _sigmoid(z, order) if z else {}
            for x in dense.values():
                x[..., list(varied)] = 0
            single = {u: _sigmoid(x, order) for u, x in varied.items()}
        # The signs have turned the outputs into the sizes of their errors.
        for e in single.values():
            _collect(total, _square(e, order), axes=(-1,))
        if dense:
            _collect(total, _square(dense, order), axes=(-2, -1))


def _add(x: Jet, y: Jet) -> Jet:
    return {part: x[part] + y[part] if part in x and part in y else (x | y)[part] for part in x | y}


def _times(name: str, value: Array, h: Jet, order: int) -> Jet:
    """Multiply by the coordinate `name`: the product rule, for a factor that is linear in it."""
    product = {part: value * x for part, x in h.items()}
    if order:
        product = _add(product, {name: np.broadcast_to(h[""], np.shape(product[""]))})
    if order == 2:
        other = "b" if name == "a" else "a"
        if name in h:
            product = _add(product, {name + name: 2 * h[name]})
        if other in h:
            product = _add(product, {"ab": h[other]})
    return product


def _linear(h: Jet, w: Array) -> Jet:
    """Pass a layer's activations (…, n, inputs) through its weights (units, inputs)."""
    return {p: (x.reshape(-1, x.shape[-1]) @ w.T).reshape(*x.shape[:-1], -1) for p, x in h.items()}


def _sigmoid(z: Jet, order: int) -> Jet:
    s = sigmoid(z[""])
    result = {"": s}
    if order:
        slope = s * (1 - s)
        result |= {part: slope * z[part] for part in PARTS[1 : COUNT[order]] if part in z}
    if order == 2:
        bend = slope * (1 - 2 * s)
        for part in PARTS[3:]:
            if part[0] in z and part[1] in z:
                result = _add(result, {part: bend * z[part[0]] * z[part[1]]})
    return result


def _square(e: Jet, order: int) -> Jet:
    result = {part: 2 * e[""] * x for part, x in e.items()}
    result[""] = e[""] * e[""]
    if order == 2:
        for part in PARTS[3:]:
            if part[0] in e and part[1] in e:
                result = _add(result, {part: 2 * e[part[0]] * e[part[1]]})
    return result


def _collect(total: Array, jet: Jet, axes: tuple[int, ...]) -> None:
    for part, x in jet.items():
        total[PARTS.index(part)] += x.sum(axes)


# --- two directions of the whole weight space ---------------------------------------------------

SAMPLES = 128  # a layer's activations for these stay in cache


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
        self.signs = np.ascontiguousarray(_signs(digits).T)
        self.layers = list(zip(centre, a, b, strict=True))
        first = np.concatenate([centre[0], a[0], b[0]])
        self.start = np.empty((3, len(centre[0]), len(digits)))

        def fill(part: slice) -> None:
            z = first @ digits.images[part].T.astype(np.float64)
            self.start[..., part] = z.reshape(3, -1, z.shape[1])

        run(fill, slices(len(digits), 512))

    def points(self, a: Array, b: Array, order: int) -> Array:
        result = np.zeros((len(a), COUNT[order]))

        def fill(part: slice) -> None:
            room = np.empty((2, SAMPLES * max(len(layer[0]) for layer in self.layers)))
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
        turned = [w if relu and i < last else -w for i, w in enumerate(weights)]
        total = 0.0
        for n in slices(self.count, SAMPLES):
            c, da, db = self.start[..., n]
            z = c + a * da + b * db
            if not (relu and weights):
                np.negative(z, out=z)
            inputs = z
            for layer, w in enumerate(turned):
                if relu:
                    np.maximum(z, 0.0, out=z)
                else:
                    _error(z)
                if self.network.has_shortcut(layer):
                    np.add(z, inputs, out=z)
                inputs = z
                here = room[layer % 2, : len(w) * z.shape[1]].reshape(len(w), -1)
                z = np.matmul(w, inputs, out=here)
            np.multiply(z, self.signs[:, n], out=z)
            _error(z)
            total += float(np.vdot(z, z))
        return total

    def _jet(self, a: float, b: float, weights: list[Array], order: int) -> Array:
        """Sum the squared errors and their derivatives."""
        activate = _relu if self.network.hidden == "relu" else _sigmoid
        total = np.zeros((COUNT[order], 1))
        for n in slices(self.count, SAMPLES):
            c, da, db = self.start[..., n]
            z: Jet = {"": c + a * da + b * db, "a": da, "b": db}
            h: Jet = {}
            for layer, (w, (_, da, db)) in enumerate(zip(weights, self.layers[1:], strict=True)):
                shortcut = h if self.network.has_shortcut(layer) else {}
                h = _add(activate(z, order), shortcut)
                z = _bilinear(h, w, da, db, order)
            z = {part: self.signs[:, n] * x for part, x in z.items()}
            _collect(total, _square(_sigmoid(z, order), order), axes=(-2, -1))
        return total[:, 0]


def _relu(z: Jet, order: int) -> Jet:
    """Keep what is positive; a kink has no second derivative, and counts as flat."""
    active = z[""] > 0
    return {part: active * z[part] for part in PARTS[: COUNT[order]] if part in z}


def _bilinear(h: Jet, w: Array, da: Array, db: Array, order: int) -> Jet:
    """Pass activations through weights that move along a and b: the product rule."""
    z = {part: w @ x for part, x in h.items()}
    z = _add(z, {"a": da @ h[""], "b": db @ h[""]})
    if order == 2:
        z = _add(z, {"aa": 2 * da @ h["a"], "bb": 2 * db @ h["b"]})
        z = _add(z, {"ab": db @ h["a"] + da @ h["b"]})
    return z
