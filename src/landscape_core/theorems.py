"""Theorems: what is proven of a plane on a whole window, for the real numbers that define it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from landscape_core import _checks
from landscape_core._parallel import slices
from landscape_core._progress import Progress
from landscape_core._typing import Array
from landscape_core.critical import CriticalPoint
from landscape_core.enclosures import LEAST, TOGETHER, Enclosure, quarters
from landscape_core.surface import Surface

__all__ = ["bound_cost", "is_convex", "is_drawn_to"]

PARTS = 64  # along each side of a window whose cost is bounded
SIDE = 32  # cells along a side of a box around a minimum
MOST = 30_000  # cells to look at before giving up
OVERLAP = 1 + 1e-9  # of cells with their neighbours


def bound_cost(plane: Surface, a_range: ArrayLike, b_range: ArrayLike) -> tuple[float, float]:
    """Return two numbers between which the cost is proven to lie on a whole window.

    Parameters
    ----------
    plane : WeightPlane
        A plane of two weights into one unit.
    a_range, b_range : tuple of float
        The lower and upper end of the window along each axis.

    Raises
    ------
    ValueError
        If a range is not two finite numbers, the lower one first, or the plane has no enclosures.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> low, high = bound_cost(plane, (-15, 17), (-15, 18))
    >>> round(low, 3), round(high, 3)
    (4.751, 4.812)
    """
    enclosure, low, sides = _window(plane, a_range, b_range)
    middles, half = _cells(low + sides / 2, sides / 2, PARTS)
    least, most = np.inf, -np.inf
    with Progress(len(middles), "cell") as bar:
        for part in slices(len(middles), TOGETHER):
            lower, upper = enclosure.around(middles[part], half).bounds()
            least, most = min(least, lower[:, 0].min()), max(most, upper[:, 0].max())
            bar.update(len(lower))
    return float(least), float(most)


def is_convex(plane: Surface, a_range: ArrayLike, b_range: ArrayLike) -> bool | None:
    """Tell whether the cost is convex on a window, None where neither could be proven.

    Plane, window and errors are those of `bound_cost`.

    Notes
    -----
    The window is cut into cells until on each the Hessian is proven to have eigenvalues of the same
    signs everywhere. One cell with a negative one is enough for a no.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> network, digits = Network.random(135), load_mnist(100)
    >>> is_convex(WeightPlane(network, digits, (2, 5, 250), (2, 5, 251)), (-15, 17), (-15, 18))
    False
    >>> softmax = Network(network.weights, output="softmax")
    >>> is_convex(WeightPlane(softmax, digits, (2, 5, 250), (2, 5, 251)), (-15, 17), (-15, 18))
    True
    """
    enclosure, low, sides = _window(plane, a_range, b_range)
    grid, half, examined, convex = np.zeros((1, 2)), sides / 2, 0, 0.0
    rounded = 4 * np.spacing(abs(low) + sides)
    with Progress(100, "% of the window") as bar:
        while len(grid):
            examined += len(grid)
            if examined > MOST:
                return None
            cut = []
            for part in slices(len(grid), TOGETHER):
                middles = low + (2 * grid[part] + 1) * half
                taylor = enclosure.around(middles, OVERLAP * half + rounded)
                regular = (taylor.newton()[2] < 1).all(axis=1)
                if (taylor.kinds()[regular] != "minimum").any():
                    return False
                cut.append(grid[part][~regular])
                convex += regular.sum() * (half / sides * 2).prod()
                bar.update(int(100 * convex) - bar.done)
            grid, half = quarters(np.concatenate(cut)), half / 2
    return True


def is_drawn_to(plane: Surface, minimum: CriticalPoint, a: float, b: float) -> bool:
    """Tell whether it is proven that gradient flow from (a, b) ends in a minimum.

    Parameters
    ----------
    plane : WeightPlane
        A plane of two weights into one unit.
    minimum : CriticalPoint
        A minimum of it, with its box.
    a, b : float
        Where the flow begins, such as the end of a descent.

    Returns
    -------
    bool
        False says only that there is no proof: the proof reaches no farther than the surface around
        the minimum is convex.

    Raises
    ------
    ValueError
        If the point is no minimum that was proven, or the plane has no enclosures.

    Notes
    -----
    On a box around the minimum the surface is proven to be strictly convex, and along its border to
    be higher than in (a, b). Downhill no way leads out of the box, nor to another resting point.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, find_critical_points, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> minimum = find_critical_points(plane, (30, 45), (0, 10))[0]
    >>> is_drawn_to(plane, minimum, 37.0, 5.0), is_drawn_to(plane, minimum, -9.0, 15.0)
    (True, False)
    """
    if minimum.kind != "minimum" or minimum.box is None:
        raise ValueError(f"the {minimum.kind} has no proof as a minimum: give one that has a box")
    start = np.array([_checks.number("a", a), _checks.number("b", b)])
    enclosure, place = _enclosure(plane), np.array([minimum.a, minimum.b])
    here = enclosure.around(*_cells(start, np.zeros(2), 1))
    depth, height = (end[0, 0] for end in here.bounds())
    # On a paraboloid the surface would be twice as high on the border of this box as in (a, b), and
    # higher by more than what rounding leaves unknown of both: a ball often ends in the minimum.
    above = max(height - minimum.cost, 0.0) + 2 * (height - depth)
    rise = 4 * above * np.linalg.inv(plane.hessian(*place)).diagonal()
    half = np.maximum(np.sqrt(rise), 2 * np.ptp(minimum.box, axis=1))
    middles, small = _cells(place, half, SIDE)
    taylor = enclosure.around(middles, small)
    convex = (taylor.newton()[2] < 1).all() and (taylor.kinds() == "minimum").all()
    border = (abs(middles - place) > half - 2 * small).any(axis=1)
    higher = (taylor.bounds()[0][border, 0] > height).all()
    return bool(convex and higher and (abs(start - place) < half).all())


def _window(
    plane: Surface, a_range: ArrayLike, b_range: ArrayLike
) -> tuple[Enclosure, Array, Array]:
    """Return the enclosure of a plane, and a window's lower corner and sides."""
    ends = np.array([_checks.interval("a_range", a_range), _checks.interval("b_range", b_range)])
    return _enclosure(plane), ends[:, 0], ends[:, 1] - ends[:, 0]


def _enclosure(plane: Surface) -> Enclosure:
    enclosure = Enclosure.of(plane)
    if enclosure is None:
        raise ValueError(
            f"nothing can be proven of this {type(plane).__name__}: give a WeightPlane of two "
            "weights into one output, or into one sigmoid or tanh unit on which the cost depends "
            "neither too steeply nor all but linearly"
        )
    return enclosure


def _cells(middle: Array, half: Array, side: int) -> tuple[Array, Array]:
    """Cut a box into so many cells a side, which overlap: return their middles and half-sides."""
    grid = np.stack(np.meshgrid(*2 * [np.arange(1 - side, side, 2)]), axis=-1).reshape(-1, 2)
    rounded = 4 * np.spacing(abs(middle) + half)
    return middle + grid / side * half, np.maximum(OVERLAP * half / side + rounded, LEAST)
