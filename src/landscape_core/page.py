"""A plane's exact surface as one page: with balls to drop and roll, in any browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path
from string import Template
from typing import Any, get_args

import matplotlib
import numpy as np
from matplotlib.colors import to_hex
from numpy.typing import ArrayLike

from landscape_core import _checks, critical
from landscape_core._files import AnyPath, write_whole
from landscape_core._typing import Array
from landscape_core.export import export_plane
from landscape_core.network import Weight
from landscape_core.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
)
from landscape_core.planes import WeightPlane

__all__ = ["write_page"]

EXPLORER = Path(__file__).parent / "explorer"
#: The explorer's scripts in the order in which they build on each other; "app" starts it.
SCRIPTS = (
    "namespace", "random", "model", "optimizers", "verdict", "settings", "ball", "walkers",
    "surveyor", "steepest", "basins", "colouring", "link", "surface", "screen", "looks", "names",
    "edge", "map", "starts", "relief", "curve", "messages", "texts", "card", "cards", "motion",
    "pointing", "more", "gif", "pictures", "job", "share", "embed", "appearance", "app",
)  # fmt: skip
LEVELS = 21  # contour lines, as in the article
GRID = 97  # points along each side of the map, whose contours are then smooth to the eye
STEPS = 65535  # between the lowest and the highest cost, as many as two bytes can tell
COARSE = 25  # points along each side of the grid on which the largest curvature is looked for

# What the explorer lets its readers type.
MOST_BALLS, MOST_EPOCHS, FARTHEST, HIGHEST_RATE = 6, 10_000, 1_000.0, 1e6
FIRST_STARTS = (0.2, 0.9), (0.85, 0.85), (0.65, 0.2)  # as shares of the window
HALF_WINDOW = 10.0

PageOptimizer = GradientDescent | Momentum | Nesterov | AdaGrad | RMSProp | Adam


def write_page(
    plane: WeightPlane,
    path: AnyPath,
    *,
    title: str = "A loss surface",
    text: str = "",
    a_range: tuple[float, float] | None = None,
    b_range: tuple[float, float] | None = None,
    starts: ArrayLike | None = None,
    optimizer: PageOptimizer | None = None,
    epochs: int = 1_000,
) -> None:
    """Write one HTML file in which anybody can drop balls on a plane's exact surface.

    The file holds all that it needs, loads nothing, and opens from a disk, from a mail or in a
    frame. The browser computes the true cost and gradient of every step itself.

    Parameters
    ----------
    plane : WeightPlane
        A plane whose constants can be exported: see `landscape_core.export.export_plane`.
    path : str or path
        Where the file goes. It is written whole or not at all.
    title, text : str
        What stands above the surface. An empty line in the text begins a new paragraph.
    a_range, b_range : tuple of float, optional
        The ends of the window along each axis, within ±1,000; by default 10 to each side of the
        network's own weights.
    starts : array_like, shape (balls, 2), optional
        Where the balls start: one to six pairs (a, b), within ±1,000; by default three.
    optimizer : optional
        One of the six optimizers of the package, with which the balls begin; by default
        `GradientDescent` with a learning rate that suits the largest curvature in the window.
    epochs : int
        For how long they roll, 10,000 at most.

    Raises
    ------
    ValueError
        If the plane's constants cannot be exported, its cost is the same all over the window or
        too large for a number, its own weights are too large for a default window, or an argument
        is out of range.

    Examples
    --------
    >>> from landscape_core import Adam, Network, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> write_page(plane, "my_slice.html", title="My slice", optimizer=Adam(0.05))  # doctest: +SKIP
    """
    title, text = _text("title", title), _text("text", text)
    a_range, b_range = (
        _window(name, given, plane, weight)
        for name, given, weight in (("a_range", a_range, plane.a), ("b_range", b_range, plane.b))
    )
    if starts is None:
        sides = zip((a_range, b_range), np.transpose(FIRST_STARTS), strict=True)
        starts = np.transpose([_round(*window, shares) for window, shares in sides])
    epochs = _checks.whole("epochs", epochs, 0, MOST_EPOCHS)
    entry = {
        "name": "plane",
        "group": title,
        "title": title,
        "rate": _rate(plane, a_range, b_range),
        "epochs": epochs,
        "starts": _starts(starts).tolist(),
        **_first_optimizer(optimizer),
    }
    place = f"a={tuple(plane.a)}, b={tuple(plane.b)}"
    code = f"plane = WeightPlane(network, samples, {place})  # those of this page"
    surface = surface_file(plane, a_range, b_range, code, ["WeightPlane"])
    *scripts, app = (_read(f"{script}.js") for script in SCRIPTS)
    data = call("register", "plane", surface) + catalogue([entry])
    script, style = "\n".join([*scripts, data, app]), _read("page.css") + _read("ball.css")
    paragraphs = re.split(r"\s*\n\s*\n", text.strip())
    policy = {
        "default-src": "'none'",
        "script-src": f"'{_digest(script)}'",
        "style-src": f"'{_digest(style)}'",
        "worker-src": "blob:",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    page = Template(_read("page.html")).substitute(
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        title=escape(title),
        text="\n".join(f"<p>{escape(part)}</p>" for part in paragraphs if part),
        style=style,
        frame=_read("frame.html"),
        script=script,
    )
    write_whole(path, page.encode())


def surface_file(
    plane: WeightPlane,
    a_range: tuple[float, float],
    b_range: tuple[float, float],
    code: str,
    imports: list[str],
) -> dict[str, Any]:
    """Return what the explorer needs of one surface, ready for JSON."""
    cost = plane.landscape(np.linspace(*a_range, GRID), np.linspace(*b_range, GRID)).cost
    low, high = float(cost.min()), float(cost.max())
    if not np.isfinite([low, high]).all():
        raise ValueError("the cost in this window is too large for a number: choose smaller ranges")
    if low == high:
        raise ValueError(
            f"the cost is {low:g} all over this window: choose other weights or larger ranges"
        )
    points = critical.find_critical_points(plane, a_range, b_range)
    told = ("a", "b", "cost", "kind")
    return {
        "plane": export_plane(plane),
        "names": [f"a, {_name(plane, plane.a)}", f"b, {_name(plane, plane.b)}"],
        "code": code,
        "imports": imports,
        "window": [*a_range, *b_range],
        "range": [low, high],
        "levels": base64_of(np.rint((cost - low) / (high - low) * STEPS).astype("<u2").tobytes()),
        "critical": [{name: getattr(point, name) for name in told} for point in points],
        "proven": points.proven,
    }


def catalogue(entries: list[dict[str, Any]]) -> str:
    """Return the script that names the surfaces to choose from, and their colours."""
    # A colour for each band between two levels, from low to high.
    middles = (np.arange(LEVELS - 1) + 0.5) / (LEVELS - 1)
    colours = [to_hex(colour) for colour in matplotlib.colormaps["cividis"](middles)]
    return (
        f"DropABall.colours = {script_json(colours)};\n"
        f"DropABall.catalogue = {script_json(entries)};\n"
    )


def call(function: str, *arguments: Any) -> str:
    """Return the script that calls a function of the explorer."""
    return f"DropABall.{function}({', '.join(map(script_json, arguments))});\n"


def script_json(value: Any) -> str:
    """Return JSON that may stand in a script of a page: nothing in it ends the script."""
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def base64_of(content: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(content).decode("ascii")


def _name(plane: WeightPlane, weight: Weight) -> str:
    """Name a weight as the package counts it; a bias has no input to be named by."""
    if plane.network.biases and weight.input == plane.network.sizes[weight.layer]:
        return f"bias ({weight.layer}, {weight.unit})"
    return f"weight {tuple(weight)}"


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}: give a text, which may be empty")
    half = re.search("[\ud800-\udfff]", value)
    if half:
        raise ValueError(
            f"{name} holds {half[0]!r}, half a character: give all of it, or leave it out"
        )
    return value


def _window(
    name: str, given: tuple[float, float] | None, plane: WeightPlane, weight: Weight
) -> tuple[float, float]:
    if given is None:
        own = float(plane.network.weights[weight.layer][weight.unit, weight.input])
        given = (round(own) - HALF_WINDOW, round(own) + HALF_WINDOW)
        if abs(own) > FARTHEST - HALF_WINDOW:
            raise ValueError(
                f"the network's own {_name(plane, weight)} is {own:g}, and a page shows −1,000 to "
                f"1,000: give {name} within these"
            )
    low, high = _checks.interval(name, given)
    if max(abs(low), abs(high)) > FARTHEST:
        raise ValueError(f"{name} is {given}: give two numbers from −1,000 to 1,000")
    return low, high


def _round(low: float, high: float, shares: Array) -> Array:
    """Return round numbers at some shares of a range: hundredths where it is 10 to 100 wide."""
    return np.round(low + shares * (high - low), int(np.ceil(3 - np.log10(high - low))))


def _starts(starts: ArrayLike) -> Array:
    points = _checks.finite("starts", starts)
    if points.ndim != 2 or points.shape[1] != 2 or not 0 < len(points) <= MOST_BALLS:
        raise ValueError(f"starts has shape {points.shape}: give 1 to {MOST_BALLS} pairs (a, b)")
    if abs(points).max() > FARTHEST:
        farthest = points.flat[abs(points).argmax()]
        raise ValueError(f"starts holds {farthest:g}: give numbers from −1,000 to 1,000")
    return points


def _rate(plane: WeightPlane, a_range: tuple[float, float], b_range: tuple[float, float]) -> float:
    """Return a learning rate for gradient descent: half of what is stable where it bends most."""
    axes = np.linspace(*a_range, COARSE), np.linspace(*b_range, COARSE)
    bends = np.linalg.eigvalsh(plane.hessian(*np.meshgrid(*axes)))
    most = float(abs(bends).max())
    return float(f"{min(1 / most, HIGHEST_RATE):.2g}") if most else 1.0


def _first_optimizer(optimizer: PageOptimizer | None) -> dict[str, Any]:
    if optimizer is None:
        return {}
    kind = type(optimizer)
    known = get_args(PageOptimizer)
    if kind not in known:
        names = ", ".join(one.__name__ for one in known)
        raise ValueError(f"optimizer is {optimizer!r}: give one of {names}")
    if optimizer.learning_rate > HIGHEST_RATE:
        raise ValueError(f"the learning rate is {optimizer.learning_rate}: give a million at most")
    usual = kind()
    knobs = {name: value for name, value in vars(optimizer).items() if value != vars(usual)[name]}
    rate = knobs.pop("learning_rate", usual.learning_rate)
    if "epsilon" in knobs:
        raise ValueError(f"epsilon is {knobs['epsilon']}: on a page it is {vars(usual)['epsilon']}")
    first = {"optimizer": kind.__name__, "rates": {kind.__name__: rate}}
    return first | ({"knobs": knobs} if knobs else {})


def _read(name: str) -> str:
    return (EXPLORER / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return f"sha256-{base64_of(hashlib.sha256(content.encode()).digest())}"
