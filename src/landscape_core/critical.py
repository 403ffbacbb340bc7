"""Critical points: where the gradient of a plane vanishes, found, classified and counted."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core import _checks
from landscape_core._typing import Array
from landscape_core.surface import Surface

__all__ = ["CriticalPoint", "find_critical_points", "winding_number"]

Kind = Literal["minimum", "saddle", "maximum", "degenerate"]

# Lengths below are in units of the window: each of its sides is 1.
CELLS = (32, 64, 128)  # cells along a side: more only where the count of points is not proven
HALVINGS = 3  # how often a cell that may hold a critical point is cut into four
REACH = 4.0  # a cell is kept while Newton's step is shorter than so many of its half-diagonals
ITERATIONS = 60
CONVERGED = 1e-9  # the longest last step of Newton's method
RESOLUTION = 1e-5  # points closer to each other than this are one
NEIGHBOURHOOD = 1e-3  # the gradient around a critical point is looked at so far from it
ROUNDING = 64 * np.finfo(np.float64).eps  # of the largest gradient: less is taken for none
TURN = np.pi / 4  # the most by which the gradient may turn from one border point to the next
SHORTEST = 1e-12  # of the border: on such a piece the gradient turns at a point


@dataclass(frozen=True)
class CriticalPoint:
    """A point at which the gradient vanishes.

    Parameters
    ----------
    a, b : float
        Where it is.
    cost : float
        The cost there.
    kind : {"minimum", "saddle", "maximum", "degenerate"}
        By the signs of the Hessian's eigenvalues; degenerate where one of them cannot be told
        from 0.
    eigenvalues : tuple of float
        The two eigenvalues of the Hessian, the smaller one first.
    """

    a: float
    b: float
    cost: float
    kind: Kind
    eigenvalues: tuple[float, float]


def find_critical_points(
    plane: Surface, a_range: ArrayLike, b_range: ArrayLike
) -> list[CriticalPoint]:
    """Find every point of a window at which the gradient vanishes.

    Newton's method starts from every part of the window that may hold such a point. The count is
    then proven: along the border the gradient turns as often as there are minima and maxima
    inside, less the saddles. If the two numbers differ the search is repeated on a finer grid.

    Parameters
    ----------
    plane : Plane
        The surface, with its exact derivatives.
    a_range, b_range : tuple of float
        The lower and upper end of the window along each axis.

    Returns
    -------
    list of CriticalPoint
        From the lowest cost to the highest.

    Raises
    ------
    ValueError
        If a range is not two finite numbers, the lower one first.

    Warns
    -----
    RuntimeWarning
        If the count is not proven: the numbers differ to the last, or the gradient vanishes on
        the border itself.

    See Also
    --------
    winding_number : The proof.

    Notes
    -----
    At a distance from a critical point that is small against the scale on which the surface
    varies, Newton's step is as long as that distance, however flat the surface. A cell can
    therefore be put aside when the step from its middle is several times longer than the cell;
    the others are cut into four, again and again.

    With each side of the window as the unit, a point counts as found when the last step is below
    1e-9, and as degenerate when the curvature in one direction changes its sign, or may do so,
    within 1e-5 of it. Two points closer than 1e-5 are one. A gradient smaller than about 1e-14
    of the window's largest is rounding error: no point is looked for where nothing else is left.
    The proof cannot see a minimum and a saddle that are missed together.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> [point] = find_critical_points(plane, (-15, 17), (-15, 18))
    >>> point.kind, round(point.a, 3), round(point.b, 3)
    ('saddle', 0.47, 3.198)
    """
    window = _Window(plane, a_range, b_range)
    for cells in CELLS:
        points = window.search(cells)
        try:
            turns = window.turns()
        except ArithmeticError as error:
            reason = str(error)
            break
        count = sum(window.index(point) for point in points)
        if count == turns:
            return points
        reason = f"the points found make {count}, the border says {turns}"
    warnings.warn(
        f"the count of critical points is not proven: {reason}", RuntimeWarning, stacklevel=2
    )
    return points


def winding_number(plane: Surface, a_range: ArrayLike, b_range: ArrayLike) -> int:
    """Count how often the gradient turns, counter-clockwise, along the border of a window.

    By the index theorem of Poincaré and Hopf this is the number of minima and maxima inside less
    the number of saddles, if none of them is degenerate.

    Parameters
    ----------
    plane : Plane
        The surface, with its exact derivatives.
    a_range, b_range : tuple of float
        The lower and upper end of the window along each axis.

    Returns
    -------
    int
        The number of turns.

    Raises
    ------
    ValueError
        If a range is not two finite numbers, the lower one first.
    ArithmeticError
        If the gradient vanishes on the border, or is lost in rounding error there.

    Notes
    -----
    The border is cut into pieces until on none the gradient turns by more than 45 degrees, by its
    two ends and by the exact rate of turning at both.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> winding_number(plane, (-15, 17), (-15, 18))
    -1
    """
    return _Window(plane, a_range, b_range).turns()


class _Window:
    """A part of a plane, seen with each of its sides as the unit of length."""

    def __init__(self, plane: Surface, a_range: ArrayLike, b_range: ArrayLike) -> None:
        self.plane = plane
        low_high = np.array(
            [_checks.interval("a_range", a_range), _checks.interval("b_range", b_range)]
        )
        self.low, self.sides = low_high[:, 0], low_high[:, 1] - low_high[:, 0]
        #: Gradients below this are rounding error. Unknown before any has been computed.
        self.noise = 0.0

    def derivatives(self, points: Array) -> tuple[Array, Array]:
        """Return gradients (m, 2) and Hessians (m, 2, 2) at points (m, 2)."""
        if not len(points):
            return np.empty((0, 2)), np.empty((0, 2, 2))
        a, b = (self.low + self.sides * points).T
        gradient = self.plane.gradient(a, b) * self.sides
        hessian = self.plane.hessian(a, b) * np.multiply.outer(self.sides, self.sides)
        self.noise = max(self.noise, ROUNDING * float(np.linalg.norm(gradient, axis=1).max()))
        return gradient, hessian

    def search(self, cells: int) -> list[CriticalPoint]:
        """Find the critical points, starting from so many cells along each side."""
        middles = (np.arange(cells) + 0.5) / cells
        points = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        half = 0.5 / cells
        for _ in range(HALVINGS):
            points = points[self._within_reach(points, REACH * np.sqrt(2) * half)]
            half /= 2
            quarters = half * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
            points = (points[:, None] + quarters).reshape(-1, 2)
        points = points[self._within_reach(points, REACH * np.sqrt(2) * half)]
        found = _distinct(self._newton(points, longest=1 / cells))
        return sorted((self._classify(point) for point in found), key=lambda point: point.cost)

    def _within_reach(self, points: Array, reach: float) -> NDArray[np.bool_]:
        """Tell from which points Newton's step is shorter than a length."""
        gradient, hessian = self.derivatives(points)
        step = np.linalg.norm(_newton_step(gradient, hessian), axis=1)
        within: NDArray[np.bool_] = (step < reach) & (np.linalg.norm(gradient, axis=1) > self.noise)
        return within

    def _newton(self, points: Array, longest: float) -> Array:
        """Follow Newton's method from many points; return where it converged inside."""
        ends = []
        for _ in range(ITERATIONS):
            step = _newton_step(*self.derivatives(points))
            length = np.linalg.norm(step, axis=1)
            near = length < CONVERGED
            ends.append(points[near] + step[near])
            far = length > longest
            step[far] *= longest / length[far, None]
            points = points[~near] + np.nan_to_num(step[~near])
            points = points[(abs(points - 0.5) < 1).all(1)]
        gradient, _ = self.derivatives(points)
        flat = np.linalg.norm(gradient, axis=1) < self.noise  # nothing is left to follow
        found = np.concatenate([*ends, points[flat]])
        return found[((found >= 0) & (found <= 1)).all(1) & self._stands_out(found)]

    def _stands_out(self, points: Array) -> NDArray[np.bool_]:
        """Tell which points lie among gradients that are more than rounding error."""
        around = points[:, None] + NEIGHBOURHOOD * np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])
        gradient, _ = self.derivatives(around.reshape(-1, 2))
        steepest: Array = np.linalg.norm(gradient, axis=1).reshape(-1, 4).max(axis=1)
        return np.greater(steepest, self.noise)

    def _classify(self, point: Array) -> CriticalPoint:
        a, b = (float(x) for x in self.low + self.sides * point)
        low, high = (float(x) for x in np.linalg.eigvalsh(self.plane.hessian(a, b)))
        _, hessian = self.derivatives(point[None])
        curvatures, directions = np.linalg.eigh(hessian[0])
        kind: Kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
        for curvature, direction in zip(curvatures, directions.T, strict=True):
            _, near = self.derivatives(point + RESOLUTION * np.array([direction, -direction]))
            change = abs(direction @ (near - hessian) @ direction).max()
            if abs(curvature) <= change + self.noise:
                kind = "degenerate"
        return CriticalPoint(a, b, float(self.plane.cost(a, b)), kind, (low, high))

    def index(self, point: CriticalPoint) -> int:
        """Return how often the gradient turns around a critical point."""
        if point.kind == "degenerate":
            (a0, a1), (b0, b1) = (
                (x - NEIGHBOURHOOD * side, x + NEIGHBOURHOOD * side)
                for x, side in zip((point.a, point.b), self.sides, strict=True)
            )
            return winding_number(self.plane, (a0, a1), (b0, b1))
        return -1 if point.kind == "saddle" else 1

    def turns(self) -> int:
        """Return how often the gradient turns along the border."""
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
        places, new = np.empty(0), np.linspace(0, 4, 4 * CELLS[0] + 1)
        angles, rates = np.empty(0), np.empty(0)
        while True:
            points = np.stack([np.interp(new, range(5), side) for side in corners.T], axis=-1)
            gradient, hessian = self.derivatives(points)
            size = np.linalg.norm(gradient, axis=1)
            if (size <= self.noise).any():
                a, b = self.low + self.sides * points[size.argmin()]
                raise ArithmeticError(f"on the border, at ({a:.6g}, {b:.6g}), there is no gradient")
            across = gradient[:, ::-1] * (-1, 1)
            rate = np.linalg.norm((hessian @ across[..., None])[..., 0], axis=1) / size**2
            order = np.argsort(np.append(places, new), kind="stable")
            places = np.append(places, new)[order]
            angles = np.append(angles, np.arctan2(gradient[:, 1], gradient[:, 0]))[order]
            rates = np.append(rates, rate)[order]
            turns = (np.diff(angles) + np.pi) % (2 * np.pi) - np.pi
            lengths = np.diff(places)
            wide = np.maximum(abs(turns), np.maximum(rates[1:], rates[:-1]) * lengths) > TURN
            if not wide.any():
                return round(float(turns.sum()) / (2 * np.pi))
            if lengths[wide].min() < SHORTEST:
                a, b = self.low + self.sides * points[size.argmin()]
                raise ArithmeticError(
                    f"the gradient vanishes on the border, near ({a:.6g}, {b:.6g})"
                )
            new = (places[:-1] + lengths / 2)[wide]


def _newton_step(gradient: Array, hessian: Array) -> Array:
    """Return Newton's steps −H⁻¹∇J, NaN where H, to rounding error, has no inverse."""
    (aa, ab), (_, bb) = np.moveaxis(hessian, 0, -1)
    a, b = gradient.T
    determinant = aa * bb - ab * ab
    determinant[abs(determinant) <= ROUNDING * (abs(aa * bb) + ab * ab)] = np.nan
    step: Array = np.stack([ab * b - bb * a, ab * a - aa * b], axis=-1) / determinant[:, None]
    step[(a == 0) & (b == 0)] = 0
    return step


def _distinct(points: Array) -> Array:
    """Keep one point of those that are closer than the resolution."""
    kept = points[:0]
    for point in points:
        if not (np.linalg.norm(kept - point, axis=1) <= RESOLUTION).any():
            kept = np.append(kept, point[None], axis=0)
    return kept
