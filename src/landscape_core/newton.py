"""Newton's method from all parts of a window: finds critical points, and proves nothing."""

from __future__ import annotations

import math

import numpy as np

from landscape_core._parallel import slices
from landscape_core._progress import Progress
from landscape_core._typing import Array
from landscape_core.enclosures import TINY, TOGETHER
from landscape_core.surface import Surface

# Lengths are in units of the window: each of its sides is 1.
STARTS = 32  # cells along a side
CUTS = 3  # how often those that may hold a critical point are cut into four
REACH = 4.0  # a cell is kept while Newton's step is shorter than so many of its half-diagonals
ITERATIONS = 60
CONVERGED = 1e-9  # the longest last step
RESOLUTION = 1e-5  # points closer to each other than this are one
NEIGHBOURHOOD = 1e-3  # so far from a point there must be a slope
CHECKS = 10  # of a point that is found: 4 for slopes around it, 6 for its kind and eigenvalues
NOISE = 64 * np.finfo(np.float64).eps  # of the second steepest start: less is rounding error


class Search:
    """The search of one window, which evaluates no more than `budget` points."""

    def __init__(self, surface: Surface, low: Array, sides: Array, budget: int) -> None:
        self.surface, self.low, self.sides, self.budget = surface, low, sides, budget
        self.left, self.stopped = budget, False
        self.found = np.empty((0, 2))
        spacing = np.spacing(np.maximum(abs(low), abs(low + sides))) / sides
        self.converged = max(CONVERGED, 4 * float(spacing.max()))
        self.narrow = self.converged > RESOLUTION

    def run(self) -> list[tuple[Array, str]]:
        """Return the places (2,) and kinds of the critical points that were found."""
        if self.narrow:
            return []
        with Progress(self.budget, "point") as self.bar:
            self._newton(*self._promising())
            return [(self.low + self.sides * x, self._kind(x)) for x in self._on_slopes(self.found)]

    def _derivatives(self, points: Array) -> tuple[Array, Array]:
        """Return gradients (m, 2) and Hessians (m, 2, 2) at points (m, 2)."""
        gradient, hessian = np.empty((len(points), 2)), np.empty((len(points), 2, 2))
        for part in slices(len(points), TOGETHER):
            a, b = (self.low + self.sides * points[part]).T
            for name, result in (("gradient", gradient[part]), ("hessian", hessian[part])):
                values = np.asarray(getattr(self.surface, name)(a, b))
                if values.shape != result.shape:
                    raise ValueError(
                        f"{type(self.surface).__name__}.{name} returns the shape {values.shape} "
                        f"for {len(a)} points: let it return {result.shape}"
                    )
                result[:] = values
            self.bar.update(len(a))
        self.left -= len(points)
        return gradient * self.sides, hessian * np.outer(self.sides, self.sides)

    def _affordable(self, points: Array, share: int) -> Array:
        """Keep no more of the points than a share of what is left when all found are checked."""
        most = max(0, (self.left - CHECKS * len(self.found)) // share)
        self.stopped |= len(points) > most
        return points[:most]

    def _promising(self) -> tuple[Array, float]:
        """Return where to start, the most promising first, and how long a step may be.

        At a distance from a critical point that is small against the scale on which the surface
        varies, Newton's step is as long as that distance, however flat the surface: a cell is put
        aside when the step from its middle is several times longer than the cell.
        """
        side = min(STARTS, math.isqrt(self.budget // 4) + 1)
        middles, half = (np.arange(side) + 0.5) / side, 0.5 / side
        points = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        for cut in range(CUTS + 1):
            gradient, hessian = self._derivatives(points)
            slopes = np.hypot(*gradient.T)
            if not cut:
                steep = np.sort(slopes[np.isfinite(slopes)])[-2:]  # one may stand on a pole
                self.noise = NOISE * float(steep.min(initial=np.inf))
            steps = np.hypot(*newton_steps(gradient, hessian).T)
            near = (steps < REACH * math.sqrt(2) * half) & (slopes > self.noise)
            points = self._affordable(points[near][steps[near].argsort()], 16)
            if cut < CUTS:
                half /= 2
                quarters = half * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
                points = (points[:, None] + quarters).reshape(-1, 2)
        return points, 1 / side

    def _newton(self, points: Array, longest: float) -> None:
        """Follow Newton's method from many points, and collect where it converges inside."""
        for _ in range(ITERATIONS):
            points = self._affordable(points, 4)
            steps = newton_steps(*self._derivatives(points))
            length = np.hypot(*steps.T)
            near = length < self.converged
            for end in (points + steps)[near]:
                known = np.linalg.norm(self.found - end, axis=1) <= RESOLUTION
                if (abs(end - 0.5) <= 0.5).all() and not known.any():
                    self.found = np.append(self.found, self._affordable(end[None], CHECKS), axis=0)
            far = length > longest
            steps[far] *= longest / length[far, None]
            points = (points + steps)[~near & np.isfinite(length)]
            points = points[(abs(points - 0.5) < 1).all(axis=1)]

    def _on_slopes(self, points: Array) -> Array:
        """Keep points that have slopes on all sides: others are on flat ground, or on its edge."""
        around = points[:, None] + NEIGHBOURHOOD * np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])
        gradient, _ = self._derivatives(around.reshape(-1, 2))
        slopes = np.hypot(*gradient.T).reshape(-1, 4)
        return np.asarray(points[(slopes.max(axis=1) > self.noise) & slopes.all(axis=1)])

    def _kind(self, point: Array) -> str:
        """Name a critical point; it is degenerate where a curvature nearly changes its sign."""
        _, [hessian] = self._derivatives(point[None])
        curvatures, directions = np.linalg.eigh(hessian)
        for curvature, direction in zip(curvatures, directions.T, strict=True):
            _, near = self._derivatives(point + RESOLUTION * np.array([direction, -direction]))
            change = abs(direction @ (near - hessian) @ direction).max()
            if abs(curvature) <= change + self.noise:
                return "degenerate"
        low, high = curvatures
        return "minimum" if low > 0 else "maximum" if high < 0 else "saddle"


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def newton_steps(gradient: Array, hessian: Array) -> Array:
    """Return the steps −H⁻¹∇J, NaN where H, to rounding error, has no inverse."""
    unit = abs(hessian).max(axis=(1, 2))  # its square may be beyond all numbers
    (aa, ab), (_, bb) = np.moveaxis(hessian, 0, -1) / unit
    a, b = gradient.T / unit
    determinant = aa * bb - ab * ab
    determinant[abs(determinant) <= NOISE * (abs(aa * bb) + ab * ab) + TINY] = np.nan
    steps: Array = np.stack([ab * b - bb * a, ab * a - aa * b], axis=-1) / determinant[:, None]
    steps[np.isinf(np.hypot(*steps.T))] = np.nan
    steps[~gradient.any(axis=1)] = 0
    return steps
