"""Critical points: every point of a window at which the gradient vanishes, and what is proven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import label

from landscape_core import _checks
from landscape_core._parallel import slices
from landscape_core._progress import Progress
from landscape_core._typing import Array
from landscape_core.enclosures import SLACK, TOGETHER, UNIT, Enclosure, Taylor, quarters, spread
from landscape_core.newton import Search
from landscape_core.surface import Surface

__all__ = ["CriticalPoint", "CriticalPoints", "Undecided", "find_critical_points"]

Mask = NDArray[np.bool_]
Kind = Literal["minimum", "saddle", "maximum", "degenerate"]

OVERLAP = 1 + 1 / 16  # of cells with their neighbours: a point on a border is inside one of them
HALVINGS = 30  # the smallest cell is so many halvings away from the window
FLAT = 16.0  # a cell is flat where no gradient is larger than so many times its rounding error
RASTER = 64  # undecided cells are put together where they meet on so many squares a side


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
    box : tuple of two tuples of float, optional
        The ends, along a and along b, of a box in which exactly one critical point is proven to
        lie, of this kind. None where nothing is proven.
    """

    a: float
    b: float
    cost: float
    kind: Kind
    eigenvalues: tuple[float, float]
    box: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class Undecided:
    """A part of the window of which it is not known how many critical points it holds.

    Parameters
    ----------
    a_range, b_range : tuple of float
        Where it is, and how large.
    reason : str
        Why.
    """

    a_range: tuple[float, float]
    b_range: tuple[float, float]
    reason: str


class CriticalPoints(list[CriticalPoint]):
    """Critical points from the lowest cost to the highest, and how complete their list is.

    Parameters
    ----------
    points : iterable of CriticalPoint
        In any order.
    undecided : list of Undecided
        The parts of the window in which there may be more.
    cells : dict of str to ndarray, shapes (cells, 2, 2)
        The cells that were "cut", those in which no point lies, "empty", and those in which exactly
        one does, "one": ``[:, 0]`` holds their ends along a, ``[:, 1]`` those along b. Both hold
        with a margin of 1/32 of a cell's sides: a point near a border may lie in several.
    """

    def __init__(
        self, points: Iterable[CriticalPoint], undecided: list[Undecided], cells: dict[str, Array]
    ) -> None:
        super().__init__(sorted(points, key=lambda point: point.cost))
        self.undecided = undecided
        self.cells = cells

    @property
    def proven(self) -> bool:
        """Whether it is proven that there are these points in the window and no others."""
        return not self.undecided

    @property
    def standing(self) -> str:
        """What is known of the list, in words, as by how many cells it is proven, or why not."""
        if self.proven:
            return f"proven complete by {_counted(sum(map(len, self.cells.values())), 'cell')}"
        return "; ".join(dict.fromkeys(part.reason for part in self.undecided))


def find_critical_points(
    plane: Surface, a_range: ArrayLike, b_range: ArrayLike, *, cells: int = 300_000
) -> CriticalPoints:
    """Find every point of a window at which the gradient vanishes, and prove it where possible.

    On a plane of two weights into one unit, cost, gradient and Hessian are enclosed on whole cells.
    The window is cut into four, again and again, until in each cell either no point lies or exactly
    one. Other surfaces are searched by Newton's method, which proves nothing.

    Parameters
    ----------
    plane : Surface
        A plane, or anything else with a cost and its exact derivatives.
    a_range, b_range : tuple of float
        The lower and upper end of the window along each axis.
    cells : int
        After how many cells to stop; a search without proof stops after a tenth as many points.

    Returns
    -------
    CriticalPoints
        A list, from the lowest cost to the highest. ``proven`` tells whether it is proven to be
        complete; ``undecided`` lists the parts of the window that are left, and why.

    Raises
    ------
    ValueError
        If a range is not two finite numbers, the lower one first, or `cells` is not a whole number
        above 0.

    Notes
    -----
    What is proven is a theorem on the function of real numbers that these float64 weights and
    inputs define, under two assumptions: that sums and products are rounded as IEEE 754 says, in
    whatever order they are added, and that exponentials, logarithms and tanh are right within 8
    units in the last place, the normal distribution of gelu within 8 of those of 1.

    On a cell X around m with half-sides r, Taylor's formula with derivatives up to the sixth, and a
    bound on the seventh, encloses the gradient. Where 0 is not in it, or where −Y∇J, with Y the
    inverse of the Hessian in m, nowhere is short enough to stay in the cell, no point lies in X.
    Where Krawczyk's operator m − Y∇J(m) + (I − Y H(X)) (X − m) maps X into itself exactly one does,
    and the eigenvalues of all Hessians on X have the same signs. Other cells are cut into four.
    Neighbours overlap, so that a point on a border is inside one of them, and counted once.

    The numerical search counts a point as found when Newton's last step is below 1e-9 of the
    window, and as degenerate when the curvature in one direction may change its sign within 1e-5.
    Points closer than that are one. What is narrower than 1/200 may be missed, and what lies where
    no slope is above 1e-14 of the steepest but one on a grid of 32 × 32 places. A window less than
    400,000 float64 numbers wide is not searched.

    References
    ----------
    R. Krawczyk, Computing 4 (1969) 187–201. R. E. Moore, R. B. Kearfott, M. J. Cloud, Introduction
    to Interval Analysis, SIAM 2009, chapter 8.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> points = find_critical_points(plane, (-15, 17), (-15, 18))
    >>> [(point.kind, round(point.a, 3), round(point.b, 3)) for point in points]
    [('saddle', 0.47, 3.198)]
    >>> points.proven
    True
    """
    window = np.array([_checks.interval("a_range", a_range), _checks.interval("b_range", b_range)])
    cells = _checks.whole("cells", cells, least=1)
    enclosure = Enclosure.of(plane)
    if enclosure is not None:
        return _prove(plane, enclosure, window, cells)
    search = Search(plane, window[:, 0], np.ptp(window, axis=1), max(1, cells // 10))
    points = [_point(plane, place, kind) for place, kind in search.run()]
    reason = "searched, not proven"
    if search.narrow:
        reason = "not searched: float64 has too few numbers in this window to tell points apart"
    elif search.stopped:
        reason += f", and stopped after {_counted(search.budget - search.left, 'point')}"
    return CriticalPoints(points, [Undecided(*_ends(window), reason)], {})


def _prove(plane: Surface, enclosure: Enclosure, window: Array, budget: int) -> CriticalPoints:
    """Cut the window until each cell is known to hold one critical point or none."""
    low, sides = window[:, 0], np.ptp(window, axis=1)
    cells: dict[str, list[Array]] = {"cut": [], "empty": [], "one": []}
    unclear: defaultdict[str, list[Array]] = defaultdict(list)
    found: list[tuple[Array, Array, NDArray[np.str_]]] = []  # boxes, cells around them, kinds
    grid, decided, stopped = np.zeros((1, 2)), 0.0, f"not decided by {_counted(budget, 'cell')}"
    finest = 64 * np.spacing(abs(window).max(axis=1))  # middles are rounded, too
    with Progress(100, "% of the window") as bar:
        for level in range(HALVINGS + 1):
            half, cut = sides / 2 ** (level + 1), [grid[:0]]
            grid, rest = np.split(grid, [budget])
            budget -= len(grid)
            unclear[stopped].append(_boxes(low + (2 * rest + 1) * half, half))
            for part in slices(len(grid), TOGETHER):
                middles = low + (2 * grid[part] + 1) * half
                boxes, around = _boxes(middles, half), _boxes(middles, OVERLAP * half)
                taylor = enclosure.around(middles, OVERLAP * half)
                empty, one, flat, inside = _krawczyk(taylor, middles, OVERLAP * half)
                left = ~(empty | one | flat)
                for name, which in (("cut", left), ("empty", empty), ("one", one)):
                    cells[name].append(boxes[which])
                found.append((inside[one], around[one], taylor.kinds()[one]))
                unclear["the gradient is lost in rounding"].append(boxes[flat])
                decided += float(np.sum(~left)) / 4**level
                bar.update(int(100 * decided) - bar.done)
                if (half < finest).any():
                    unclear["float64 has too few numbers to cut it"].append(boxes[left])
                elif level == HALVINGS:
                    unclear["degenerate, or nearly so"].append(boxes[left])
                else:
                    cut.append(grid[part][left])
            grid = quarters(np.concatenate(cut))
    inside, around, kinds = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    inside = _tighten(enclosure, inside, around, sides)
    points, kept = [], np.zeros(len(inside), dtype=bool)
    for i, (box, kind) in enumerate(zip(inside, kinds, strict=True)):
        same = kept & _meet(inside, box)
        if (same & _hold(around, box)).any():
            continue  # a neighbouring cell, which overlaps with this one, has found the same point
        kept[i] = True
        if same.any():
            unclear["one critical point or two"].append(box[None])
        elif _hold(window, box):
            points.append(_point(plane, box.mean(axis=1), kind.item(), box))
        elif _meet(window, box):
            unclear["a critical point on the border of the window"].append(box[None])
    undecided = [
        part
        for reason, boxes in unclear.items()
        for part in _merge(np.concatenate(boxes), low, sides, reason)
    ]
    return CriticalPoints(points, undecided, {n: np.concatenate(b) for n, b in cells.items()})


def _krawczyk(taylor: Taylor, middles: Array, half: Array) -> tuple[Mask, Mask, Mask, Array]:
    """Tell which cells hold no critical point and which exactly one, and in which box.

    Of the others tell which are flat: cutting cannot help where no gradient stands out of rounding.
    """
    gradient, change = abs(taylor.terms[1]), (taylor.beyond + taylor.left)[:, 1:3]
    terms, lost, defect = taylor.newton()
    with np.errstate(all="ignore"):
        step, farthest = -terms[0][..., 0], spread(terms[1:]) + lost[..., 0]
        away = np.isfinite(gradient) & (gradient > SLACK * change)
        empty = np.asarray((away | (abs(step) > SLACK * farthest)).any(axis=1))
        radius = defect + SLACK * lost[..., 1]
        one = ~empty & (abs(step) + radius < 1).all(axis=1)
        inside = _boxes(middles + half * step, half * radius + 8 * UNIT * abs(middles))
        known = np.isfinite(taylor.rounding)  # else the cell is too far away, not flat
        flat = (known & (gradient + change <= FLAT * taylor.rounding)).all(axis=1)
    return empty, one, flat & ~(empty | one), inside


def _tighten(enclosure: Enclosure, inside: Array, around: Array, sides: Array) -> Array:
    """Shrink boxes that hold one critical point each, as far as rounding allows."""
    places = inside.mean(axis=2)
    for size in 10.0 ** -np.arange(2, 13, 2) if len(inside) else ():
        half = size * sides
        _, one, _, boxes = _krawczyk(enclosure.around(places, half), places, half)
        places = np.clip(np.nan_to_num(boxes.mean(axis=2)), around[..., 0], around[..., 1])
        better = one & _hold(around, boxes)
        inside = np.where(better[:, None, None], boxes, inside)
    return inside


def _boxes(middles: Array, half: Array) -> Array:
    """Return the ends of boxes along each axis, shape (m, 2, 2)."""
    return np.stack([middles - half, middles + half], axis=-1)


def _meet(boxes: Array, box: Array) -> Mask:
    """Tell which boxes have a point in common with another."""
    meet = (boxes[..., 0] <= box[..., 1]) & (boxes[..., 1] >= box[..., 0])
    return np.asarray(meet.all(axis=-1))


def _hold(boxes: Array, box: Array) -> Mask:
    """Tell which boxes hold all of another."""
    hold = (boxes[..., 0] <= box[..., 0]) & (boxes[..., 1] >= box[..., 1])
    return np.asarray(hold.all(axis=-1))


def _merge(boxes: Array, low: Array, sides: Array, reason: str) -> list[Undecided]:
    """Put boxes (m, 2, 2) together that are neighbours on a raster."""
    places = np.clip((boxes - low[:, None]) / sides[:, None] * RASTER, 0, RASTER - 1).astype(int)
    raster = np.zeros((RASTER, RASTER))
    for (i, k), (j, m) in places:
        raster[i : k + 1, j : m + 1] = 1
    groups = label(raster, np.ones((3, 3)))[0][tuple(places[..., 0].T)]
    merged = [boxes[groups == group] for group in np.unique(groups)]
    hulls = [np.stack([x[..., 0].min(axis=0), x[..., 1].max(axis=0)], axis=1) for x in merged]
    return [Undecided(*_ends(hull), reason) for hull in hulls]


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'s' * (number != 1)}"


def _ends(box: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    (a_low, a_high), (b_low, b_high) = box.tolist()
    return (a_low, a_high), (b_low, b_high)


def _point(surface: Surface, place: Array, kind: Any, box: Array | None = None) -> CriticalPoint:
    a, b = place.tolist()
    low, high = np.linalg.eigvalsh(surface.hessian(a, b)).tolist()
    ends = None if box is None else _ends(box)
    return CriticalPoint(a, b, float(surface.cost(a, b)), kind, (low, high), ends)
