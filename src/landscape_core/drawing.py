"""What the figures share: their look, surfaces, contours, and descents on a still scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from mpl_toolkits.mplot3d import Axes3D
from numpy.typing import ArrayLike, NDArray

from landscape_core._block import Block, to_draw
from landscape_core.critical import CriticalPoint
from landscape_core.landscape import Landscape

__all__ = [
    "ACCENTS", "LINES", "MARKERS", "OUTLINE", "STYLES", "caption", "contour", "contours", "freeze",
    "in_pixels", "mark", "surface", "trail", "turntable", "use_style",
]  # fmt: skip

ACCENTS = ("#D55E00", "#0072B2", "#CC79A7", "#009E73", "#E69F00", "#56B4E9")
"""Colours after Okabe and Ito that readers with colour blindness can tell apart."""

# Without the whitest tenth, in which a summit on white paper would be a hole.
TERRAIN = ListedColormap(plt.get_cmap("terrain")(np.linspace(0, 0.9, 256)), "terrain")

BANDS = 20  # of colour, from the lowest cost to the highest

OUTLINE = "#FFFFFF"
"""The colour around marks that lie on top of a coloured surface."""

STYLES: tuple[dict[str, Any], ...] = tuple(
    {"color": color, "linestyle": line, "marker": marker}
    for color, line, marker in zip(
        ACCENTS,
        ("-", "-.", ":", "--", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3))),
        ("o", "D", "s", "^", "v", "P"),
        strict=True,
    )
)
"""One look for each descent; line and marker tell them apart where colour cannot.

The first is solid: one path alone is a line without gaps. The others have gaps, through which a
path shows that lies below."""

LINES = tuple({key: style[key] for key in ("color", "linestyle")} for style in STYLES)
"""The same looks for lines without markers."""

MARKERS = {"minimum": "o", "saddle": "X", "maximum": "^", "degenerate": "*"}
"""The shape that stands for each kind of critical point, on all pages."""


def use_style() -> None:
    """Give the figures that follow their common look.

    Sizes, fonts and line colours are set. Ink and paper remain those of the style in use, so
    that ``plt.style.use("dark_background")`` beforehand makes every figure dark.

    Examples
    --------
    >>> with plt.rc_context():
    ...     use_style()
    ...     plt.rcParams["font.size"]
    13.0
    """
    with resources.as_file(resources.files(__package__) / "figures.mplstyle") as path:
        plt.style.use(path)


def surface(axes: Axes3D, landscape: Landscape, cmap: str | Colormap = TERRAIN) -> Collection:
    """Draw a landscape as a block in three dimensions, lit from the left, with its axes named.

    It is made to be looked at from above. From one band of colour to the next it is as far as
    between two lines of `contour`. Lines and markers drawn later lie in front of the block,
    whatever the point of view.

    Parameters
    ----------
    axes : Axes3D
        Axes made with ``projection="3d"``. The block reaches down to their lower limit.
    landscape : Landscape
        The surface.
    cmap : str or Colormap
        The colours, from low to high; ``terrain``, without its whitest end, unless given.

    Returns
    -------
    Collection
        The block, for a colour bar, or to stretch the colours over other costs by ``set_clim``.

    Raises
    ------
    ValueError
        If the landscape has fewer than two different positions along an axis.

    Examples
    --------
    >>> axes = plt.figure().add_subplot(projection="3d")
    >>> slope = Landscape(np.arange(3.0), np.arange(2.0), np.arange(6.0).reshape(2, 3))
    >>> surface(axes, slope).get_clim()
    (0.0, 5.0)
    """
    axes.set(xlabel="$w_a$", ylabel="$w_b$")
    axes.set_zlabel("cost $J$", rotation=90)
    for axis, bins in ((axes.xaxis, 4), (axes.yaxis, 4), (axes.zaxis, 5)):
        axis.set_rotate_label(False)
        axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 5, 10]))
    axes.patch.set_visible(False)  # it would cover the labels of a neighbour
    axes.tick_params(axis="z", pad=7)
    axes.zaxis.labelpad = 12
    return _add_block(axes, landscape, cmap)


def contour(
    axes: Axes, landscape: Landscape, levels: int | ArrayLike = BANDS + 1, **options: Any
) -> QuadContourSet:
    """Draw a landscape as a map, filled and with dashed contour lines, its axes named.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    landscape : Landscape
        The surface.
    levels : int or array_like
        The number of contour lines, or their heights in ascending order, for maps that share them.
    **options
        Passed on to :meth:`~matplotlib.axes.Axes.contourf`; the colour map is ``terrain``,
        without its whitest end, unless given.

    Returns
    -------
    QuadContourSet
        The filled contours, for a colour bar for instance.

    Raises
    ------
    ValueError
        If the landscape has fewer than two different positions along an axis.

    Examples
    --------
    >>> plane = Landscape(np.arange(3.0), np.arange(2.0), np.arange(6.0).reshape(2, 3))
    >>> len(contour(plt.figure().add_subplot(), plane).levels)
    21
    """
    landscape = to_draw(landscape)
    low, high = landscape.cost.min(), landscape.cost.max()
    if high - low <= 1e-13 * abs(high):  # level ground still needs lines that differ
        apart = max(1.0, 1e-3 * abs(high))
        low, high = low - apart, high + apart
    if isinstance(levels, int | np.integer):
        levels = np.linspace(low, high, levels)
    heights = np.asarray(levels)
    grid = (landscape.a, landscape.b, landscape.cost)
    filled = axes.contourf(*grid, heights, **{"cmap": TERRAIN, **options})
    axes.contour(*grid, heights, colors="#404040", linestyles="dashed", linewidths=0.7)
    axes.set(xlabel="$w_a$", ylabel="$w_b$")
    return filled


def contours(landscapes: Mapping[str, Landscape]) -> Figure:
    """Draw maps side by side, two in a row, each with its title and a scale of its own.

    Parameters
    ----------
    landscapes : mapping of str to Landscape
        The surfaces by their titles.

    Returns
    -------
    Figure
        With one panel for each surface.

    Raises
    ------
    ValueError
        If a landscape has fewer than two different positions along an axis.

    Examples
    --------
    >>> slope = Landscape(np.arange(3.0), np.arange(2.0), np.arange(6.0).reshape(2, 3))
    >>> [axes.get_title() for axes in contours({"one": slope, "two": slope}).axes[:2]]
    ['one', 'two']
    """
    rows = -(-len(landscapes) // 2)
    figure, panels = plt.subplots(
        rows, 2, figsize=(7.3, 3.2 * rows), sharex=True, sharey=True, layout="constrained"
    )
    for panel, (title, landscape) in zip(panels.flat, landscapes.items(), strict=False):
        filled = contour(panel, landscape)
        _colour_bar(figure, filled).set_title("$J$", size=12)
        panel.set_title(title)
        panel.label_outer()
    return figure


def turntable(
    landscapes: Mapping[str, Landscape], elevation: float
) -> tuple[Figure, Callable[[float], None]]:
    """Stand surfaces side by side on a bare ground, ready to be turned together.

    Every pixel changes from frame to frame. The bare ground and few shades keep a file small.

    Parameters
    ----------
    landscapes : mapping of str to Landscape
        The surfaces by their titles, two in a row.
    elevation : float
        The height of the point of view, in degrees.

    Returns
    -------
    Figure, callable
        The figure, and the function that turns it to an azimuth in degrees, for a
        :class:`~matplotlib.animation.FuncAnimation`.

    Raises
    ------
    ValueError
        If a landscape has fewer than two different positions along an axis.

    Examples
    --------
    >>> slope = Landscape(np.arange(3.0), np.arange(2.0), np.arange(6.0).reshape(2, 3))
    >>> figure, turn = turntable({"slope": slope}, elevation=50)
    >>> turn(90)
    >>> figure.axes[0].azim
    90
    """
    rows = -(-len(landscapes) // 2)
    panels: dict[Axes3D, Landscape] = {}
    scales: list[Axes] = []
    figure = plt.figure(figsize=(5.6, 2.5 * rows))
    for place, (title, landscape) in enumerate(landscapes.items()):
        left, bottom = place % 2 / 2, 1 - (place // 2 + 1) / rows
        panel: Axes3D = figure.add_axes(
            (left - 0.009, bottom + 0.04 / rows, 0.4, 0.85 / rows), projection="3d"
        )
        panel.set_title(title, y=1.04, size=12)
        panel.set_box_aspect(None, zoom=0.94)
        panel.set_axis_off()
        panel.patch.set_visible(False)
        block = _add_block(panel, landscape, TERRAIN)
        scale = figure.add_axes((left + 0.4, bottom + 0.25 / rows, 0.012, 0.45 / rows))
        _colour_bar(figure, block, cax=scale).set_title("cost $J$", size=9)
        scale.tick_params(labelsize=9)
        scale.set_animated(True)  # not drawn by the figure
        scales.append(scale)
        panels[panel] = landscape
    figure.add_artist(_Still(scales))

    def turn(azimuth: float) -> None:
        for panel, landscape in panels.items():
            panel.view_init(elev=elevation, azim=azimuth)
            _name_near_edges(panel, landscape)

    turn(-60)
    return figure, turn


def trail(axes: Axes, *points: ArrayLike, **style: Any) -> None:
    """Draw a path with its last point marked, visible on any ground.

    Parameters
    ----------
    axes : Axes
        Flat axes or axes in three dimensions.
    *points : array_like
        The coordinates of the path: two arrays, or three.
    **style
        ``color``, ``linestyle`` and ``marker``, as in ``STYLES``.

    Examples
    --------
    >>> axes = plt.figure().add_subplot()
    >>> trail(axes, [0, 1, 2], [2, 1, 1], **STYLES[0])
    >>> len(axes.lines)
    2
    """
    line = {key: value for key, value in style.items() if key != "marker"}
    end = [np.asarray(coordinate)[-1:] for coordinate in points]
    edge: dict[str, Any] = {"markeredgecolor": OUTLINE, "markeredgewidth": 1.5}
    above: dict[str, Any] = {"zorder": 5}  # a surface in three dimensions is drawn at 1
    casing = [withStroke(linewidth=4.5, foreground=OUTLINE)]  # of the dashes, not of the gaps
    axes.plot(*points, linewidth=3, path_effects=casing, **line, **above)
    axes.plot(*end, markersize=11, **edge, **style, **above)


def mark(axes: Axes, points: Iterable[CriticalPoint], size: float = 12) -> None:
    """Mark critical points on a map: a circle is a minimum, a cross a saddle, a triangle a maximum.

    Parameters
    ----------
    axes : Axes
        A map of the plane.
    points : iterable of CriticalPoint
        What `find_critical_points` returned. The first of each kind bears its name in a legend.
    size : float
        Of the marks, in points.

    Examples
    --------
    >>> axes = plt.figure().add_subplot()
    >>> mark(axes, [CriticalPoint(0.5, 3.2, 4.8, "saddle", (-1e-3, 2e-4))])
    >>> axes.lines[0].get_marker(), axes.lines[0].get_label()
    ('X', 'saddle')
    """
    look: dict[str, Any] = {"color": OUTLINE, "markeredgecolor": "black", "markersize": size}
    named = set[str]()
    for point in points:
        label = None if point.kind in named else point.kind
        axes.plot(point.a, point.b, MARKERS[point.kind], label=label, **look)
        named.add(point.kind)


def freeze(figure: Figure) -> Axes:
    """Turn what a figure shows into its background, and return axes in pixels above it.

    An animation then draws only what moves, at places that `in_pixels` gives, and nothing of
    it is hidden behind a surface.

    Parameters
    ----------
    figure : Figure
        The still scene, complete. Its resolution must not change any more.

    Returns
    -------
    Axes
        Invisible axes all over the figure, (0, 0) at the lower left.

    Examples
    --------
    >>> figure, axes = plt.subplots()
    >>> stage = freeze(figure)
    >>> stage.plot(*in_pixels(axes, [0, 1], [0, 1]))
    [<matplotlib.lines.Line2D object at ...>]
    """
    canvas = figure.canvas
    agg = FigureCanvasAgg(figure)
    agg.draw()  # type: ignore[no-untyped-call]
    pixels = np.array(agg.buffer_rgba())  # type: ignore[no-untyped-call]
    figure.set_canvas(canvas)
    for axes in figure.axes:
        figure.delaxes(axes)  # unlike clear, this leaves limits and views as they are
    figure.clear()
    figure.set_layout_engine("none")
    figure.add_artist(_Background(pixels))
    height, width = pixels.shape[:2]
    stage = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    stage.set_axis_off()
    return stage


class _Background(Artist):
    """Pixels drawn as they are, which is many times faster than as an image with a scale."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        super().__init__()
        self._pixels = np.ascontiguousarray(pixels[::-1])  # the renderer begins at the bottom
        self.set_zorder(-1)

    def draw(self, renderer: Any) -> None:
        gc = renderer.new_gc()
        renderer.draw_image(gc, 0, 0, self._pixels)
        gc.restore()


def in_pixels(axes: Axes, *points: ArrayLike) -> NDArray[np.float64]:
    """Tell where points of frozen axes lie on the stage.

    Parameters
    ----------
    axes : Axes
        Axes of a figure that has been frozen, flat or in three dimensions.
    *points : array_like
        The coordinates of the points: two arrays, or three.

    Returns
    -------
    ndarray, shape (2, …)
        The pixels from the left and from below.

    Examples
    --------
    >>> figure, axes = plt.subplots(figsize=(1, 1), dpi=100)
    >>> axes.set(position=(0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    [...]
    >>> stage = freeze(figure)
    >>> in_pixels(axes, [0, 1], [0.5, 0.5])
    array([[  0., 100.],
           [ 50.,  50.]])
    """
    places = np.stack(np.broadcast_arrays(*points), axis=-1).astype(float)
    if isinstance(axes, Axes3D):
        seen = np.insert(places, 3, 1.0, axis=-1) @ axes.get_proj().T
        places = seen[..., :2] / seen[..., 3:]
    return np.moveaxis(axes.transData.transform(places.reshape(-1, 2)).reshape(places.shape), -1, 0)


def caption(stage: Axes, text: str, place: tuple[float, float] = (0.03, 0.94)) -> Text:
    """Write a line of text at a corner of the stage.

    Parameters
    ----------
    stage : Axes
        What `freeze` returned.
    text : str
        For instance ``"epoch 200"``.
    place : tuple of float
        Where the text begins, as fractions of the figure, at the upper left unless given.

    Returns
    -------
    Text
        The text.

    Examples
    --------
    >>> caption(freeze(plt.figure()), "epoch 200")
    Text(0.03, 0.94, 'epoch 200')
    """
    return stage.text(*place, text, transform=stage.transAxes, size="large")


class _Still(Artist):
    """Axes that stay as they are from frame to frame, drawn once for each resolution."""

    def __init__(self, axes: list[Axes]) -> None:
        super().__init__()
        self._axes = axes
        self._drawn: tuple[object, NDArray[np.uint8]] | None = None

    def draw(self, renderer: Any) -> None:
        size = (*renderer.get_canvas_width_height(), renderer.dpi)
        if self._drawn is None or self._drawn[0] != size:
            width, height, dpi = size
            canvas: Any = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]
            for axes in self._axes:
                axes.draw(canvas)
            self._drawn = size, np.flipud(canvas.buffer_rgba()).copy()
        gc = renderer.new_gc()
        renderer.draw_image(gc, 0, 0, self._drawn[1])
        gc.restore()


def _colour_bar(figure: Figure, mappable: ScalarMappable, **options: Any) -> Axes:
    """Add a colour bar with a few round numbers, each written out, and return its axes."""
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10])
    bar = figure.colorbar(mappable, ticks=ticks, format=ScalarFormatter(useOffset=False), **options)
    bar.minorticks_off()
    return bar.ax


def _add_block(axes: Axes3D, landscape: Landscape, cmap: str | Colormap) -> Block:
    """Stand a landscape, in bands of colour, on a base of a tenth of its height."""
    axes.computed_zorder = False
    bands = ListedColormap(plt.get_cmap(cmap)((np.arange(BANDS) + 0.5) / BANDS))
    block = Block(landscape, bands)
    a, b, cost = landscape.a, landscape.b, landscape.cost
    base = cost.min() - np.ptp(cost) / 10
    axes.auto_scale_xyz([a.min(), a.max()], [b.min(), b.max()], [base, cost.max()])
    axes.add_collection(block, autolim=False)
    block.autoscale_None()
    return block


def _name_near_edges(axes: Axes3D, landscape: Landscape) -> None:
    """Write the two weights and their ends beside the edges of the ground that are in front."""
    for text in list(axes.texts):
        text.remove()
    low = np.array([landscape.a.min(), landscape.b.min()])
    high = np.array([landscape.a.max(), landscape.b.max()])
    azimuth = np.deg2rad(axes.azim)
    near = 0.5 + np.copysign(0.7, [np.cos(azimuth), np.sin(azimuth)])  # in parts of the ground
    for weight, name in enumerate(("$w_a$", "$w_b$")):
        ends = f"{low[weight]:.3g}", f"{high[weight]:.3g}"
        for along, text in ((0.06, ends[0]), (0.5, name), (0.94, ends[1])):
            place = near.copy()
            place[weight] = along
            a, b = low + place * (high - low)
            words = text.replace("-", "−")
            axes.text(a, b, axes.get_zlim()[0], words, ha="center", va="center", size=10)
