"""What lies below a hidden unit, as a Chebyshev series in the unit's output, with its error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.polynomial import chebyshev
from scipy.fft import dct

from landscape_core._kernels import bounds
from landscape_core._parallel import BLOCK, run, slices
from landscape_core._typing import Array
from landscape_core.activations import ACTIVATIONS
from landscape_core.losses import LOSSES
from landscape_core.network import Network, weighted_sums
from landscape_core.samples import Samples

#: The middle and half the range of an activation's outputs.
RANGES = {"sigmoid": (0.5, 0.5), "tanh": (0.0, 1.0)}
ELLIPSES = (1e8, 1e4, 1e2, 10.0, 6.0, 4.0, 3.0, 2.0, 1.6, 1.4, 1.3, 1.2, 1.15, 1.1)
LEAST_NODES, MOST_NODES = 4, 512
NOTHING = 1e-300  # a slope whose parts are below the smallest numbers
CUT_OFF = 1e-15  # how much a cut may change the slope, against the most that it can be
NEGLIGIBLE = 3e-14  # how much more may go, against the most that it is
NEGLIGIBLE_BEND = 1e-10  # and of the second derivative
LINEAR = 1e-4  # F′ that varies by less, against its mean, is no case for a series


class Below:
    """All that lies below one hidden unit: Fₙ(t), for an output of the unit from t = −1 to 1.

    The slope F′ is interpolated at Chebyshev points and F is its integral, so that derivatives are
    right to their own last digits, not to those of F. How many points it takes is known before: F′
    is analytic around [−1, 1], and on Bernstein's ellipse, whose half-axes add up to ρ, it is at
    most some M. Its Chebyshev coefficients are then at most 2 M ρ⁻ᵏ.

    References
    ----------
    L. N. Trefethen, Approximation Theory and Approximation Practice, SIAM 2013, chapters 4 and 8.
    """

    def __init__(
        self, network: Network, targets: Array, layer: int, unit: int, others: Array
    ) -> None:
        """Prepare; `others` (n, inputs) enter the next layer where this unit's output is 0."""
        self.hidden, self.scale = ACTIVATIONS[network.hidden], bounds.SCALES[network.hidden]
        self.output, self.loss = network.output, LOSSES[network.output]
        self.targets = targets
        middle, half = RANGES[network.hidden]
        after, *self.deeper = network.weights[layer + 1 :]
        self.slope = half * after[:, unit]
        self.middle = weighted_sums(others, after) + middle * after[:, unit]
        self.rounding = [_rounding(w.shape[1]) * abs(w).sum(axis=1) for w in self.deeper]
        # In the middle of the interval: each layer's sums z, its φ′, and the next layer's dz/dt.
        self.sums, self.slopes, self.speeds = [self.middle], [], []
        speed = self.slope[None]
        for w in self.deeper:
            h, slope, _ = self.hidden.derivatives(self.sums[-1])
            speed = (slope * speed) @ w[:, : h.shape[1]].T
            self.sums.append(weighted_sums(h, w))
            self.slopes.append(slope)
            self.speeds.append(speed)

    def at(self, t: Array, part: slice) -> tuple[Array, Array]:
        """Return F and F′ of some samples at every t, shapes (len(t), n)."""
        z = self.middle[part] + t[:, None, None] * self.slope
        dz = np.broadcast_to(self.slope, z.shape)
        for w in self.deeper:
            h, slope, _ = self.hidden.derivatives(z)
            z = weighted_sums(h, w)
            dz = (slope * dz) @ w[:, : h.shape[-1]].T
        value, gradient, _ = self.loss.derivatives(z, self.targets[part])
        return value, np.vecdot(gradient, dz)

    @np.errstate(all="ignore")
    def bound(self, rho: float, errors: Sequence[Array] = ()) -> Array:
        """Bound three things of each sample on an ellipse, on the interval itself for ρ = 1.

        They are |F′|, how F changes, and the rounding error of F′, shape (3, n), where errors
        change each layer's sums, in complex directions, too. By default these are of rounding.
        """
        length, height = (rho + 1 / rho) / 2, (rho - 1 / rho) / 2
        off, *errors = errors or [np.zeros(1), *self.rounding]
        # With |dz/dt| at most d, z is within d |t| of its value in the middle, and its imaginary
        # part, 0 on the real axis, within d |Im t|. The next layer's dz/dt is bounded by that of
        # its terms, and by its value in the middle and how much φ′, within max |φ″| d |t| of its
        # own, and this layer's dz/dt can change it. All of it is off by the errors, too.
        d, change, lost, k = abs(self.slope[None]), np.zeros(1), np.zeros(1), self.scale
        layers = zip(self.sums, self.slopes, self.speeds, self.deeper, errors, strict=False)
        for z, slope, speed, w, error in layers:
            sizes, radius = abs(w[:, : z.shape[1]].T), d * length + off
            near = k * z, k * radius, k * (d * height + off)
            if not (near[2] < np.pi).all():
                return np.full((3, len(z)), np.inf)
            steepest = k**2 * bounds.sigmoid_slope(*near)
            steeper = np.minimum(k**3 * bounds.sigmoid_bend(*near) * radius, steepest + slope)
            change = (steeper * d + slope * change) @ sizes
            lost = (steepest * (lost + _rounding(len(sizes)) * d)) @ sizes
            off = (steepest * off) @ sizes + error
            d = np.minimum(abs(speed) + lost + change, (steepest * d) @ sizes)
        off = off.max(-1, keepdims=True)  # a softmax compares its sums
        near = self.sums[-1], d * length + off, d * height + off
        most = bounds.loss_slope(self.output, *near, self.targets)
        lost = lost + _rounding(most.shape[1]) * d
        bound = np.stack([(most * x).sum(-1) for x in (d, off, lost)])
        return np.asarray(np.nan_to_num(bound, nan=np.inf, posinf=np.inf))


def _rounding(terms: int) -> float:
    """Bound the error of a sum of products with what an activation returns, against its terms."""
    return float((terms + 48) * np.finfo(np.float64).eps / 2)


def series(
    network: Network, samples: Samples, layer: int, unit: int, others: Array
) -> tuple[Array, Array, int] | None:
    """Expand the cost below a hidden unit by t, its output scaled to [−1, 1].

    Returns
    -------
    series : ndarray, shape (degree + 1, n)
        The Chebyshev coefficients of each sample's cost.
    remainders : ndarray, shape (3, n)
        Bounds on what is cut off of it, of its first and of its second derivative, on [−1, 1].
    nodes : int
        At how many points the slopes were evaluated, each with its rounding error.

    Or None, where no affordable degree is known to suffice.
    """
    below = Below(network, samples.targets, layer, unit, others)
    nodes, remainder, bend = _nodes(below)
    if nodes > MOST_NODES:
        return None
    places = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)
    slopes = np.empty((nodes, len(samples)))
    start = np.empty(len(samples))

    def fill(part: slice) -> None:
        start[part] = below.at(np.zeros(1), part)[0][0]
        for k in slices(nodes, BLOCK // (widest * (part.stop - part.start))):
            slopes[k, part] = below.at(places[k], part)[1]

    widest = max(len(w) for w in network.weights[layer + 1 :])
    run(fill, slices(len(samples), max(32, BLOCK // widest // 16)))
    slopes = dct(slopes, axis=0) / nodes
    slopes[0] /= 2
    sizes = abs(slopes)
    if sizes[1:].sum(0).max() < LINEAR * sizes[0].max():
        return None  # F is so nearly linear that F″ drowns in the rounding of F′
    squares = np.arange(nodes)[:, None] ** 2
    kept = LEAST_NODES
    for x, share in ((sizes, NEGLIGIBLE), (squares * sizes, NEGLIGIBLE_BEND)):
        # What is lost if all from here on go: squares, since most are but rounding errors.
        tails = np.sqrt((x[::-1] ** 2).cumsum(0).max(1)[::-1])
        kept = max(kept, int((tails > share * tails[0]).sum()))
    first = remainder + sizes[kept:].sum(0)
    second = bend + (squares * sizes)[kept:].sum(0)
    result = chebyshev.chebint(slopes[:kept], axis=0)
    result[0] += start - chebyshev.chebval(0.0, result)
    return result, np.stack([first, first, second]), nodes


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def _nodes(below: Below) -> tuple[int, float, float]:
    """Return the number of nodes, and how far from F′ and F″ the interpolation can then be.

    A polynomial through m nodes is the series with each coefficient k ≥ m, at most 2 M ρ⁻ᵏ, added
    to an earlier one: it counts twice, and in the derivative twice at most k² times.
    """
    steepest = float(below.bound(1.0)[0].max())
    if steepest < NOTHING:
        return LEAST_NODES, 0.0, 0.0
    allowed = CUT_OFF * min(steepest, 1)
    best, least = (MOST_NODES + 1, np.inf, np.inf), np.inf
    for rho in ELLIPSES:
        most = float(below.bound(rho)[0].max())
        needed = np.log(4 * most / (allowed * (1 - 1 / rho))) / np.log(rho)
        if needed > least:
            break
        if needed <= MOST_NODES:
            least, m = needed, max(LEAST_NODES, int(np.ceil(needed)) + 1)  # one for F″
            tail = 4 * most * rho ** -float(m)
            # k² is at most m² exp(2 (k − m) / m), so that this sum, too, is geometric.
            best = m, tail / (1 - 1 / rho), tail * m**2 / (1 - np.exp(2 / m) / rho)
    return best
