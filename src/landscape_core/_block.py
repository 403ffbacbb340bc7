"""A landscape as a solid block in three dimensions: lit, smooth, and quick enough to turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import Collection
from matplotlib.colors import Colormap, to_rgba
from matplotlib.transforms import Affine2D, Bbox
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.proj3d import proj_transform
from numpy.typing import NDArray
from PIL import Image, ImageChops
from scipy.interpolate import RectBivariateSpline

from landscape_core.landscape import Landscape

BOX = 4, 4, 3  # the lengths of its edges, as Matplotlib draws it
SUN = -0.45, -0.35, 0.82  # where light comes from, along the edges of the box
ROCK = "#8a8f98"
WALLS = (0.59, 0.92), (0.70, 0.81)  # how light the sides are: at low and high a, low and high b
LEVELS = 16  # curves on the sides, from the ground to the top
SHADES = 10  # of light: with more, the few colours of a GIF or a small PNG show as blots
FINER = 2  # pixels drawn for each pixel shown, along both sides, so that edges are smooth
ALIKE = 20  # of 255: the difference that a colour may have from a mean in whose place it is shown

Floats = NDArray[np.float64]
Colours = NDArray[np.uint32]  # red, green, blue and opacity in one number


def to_draw(landscape: Landscape) -> Landscape:
    """Return a landscape with its axes in ascending order; refuse a line or a point."""
    a, b = (len(np.unique(axis)) for axis in (landscape.a, landscape.b))
    if min(a, b) < 2:
        raise ValueError(
            f"the landscape has {a} different positions along a and {b} along b: "
            "to be drawn it takes two or more along each axis"
        )
    return landscape._ascending()


class Block(Collection):
    """What is left of a block when all above a landscape is taken away.

    It is drawn as curves, the nearest first: its near edge, from the ground up, and behind it one
    line of the grid after the other. Of each is seen what is higher on the page than all before.
    """

    axes: Axes3D

    def __init__(self, landscape: Landscape, cmap: Colormap) -> None:
        super().__init__(cmap=cmap)
        self.landscape = to_draw(landscape)
        self.set_array(self.landscape.cost)
        a, b = np.meshgrid(self.landscape.a, self.landscape.b)
        self.corners = np.stack([a, b, self.landscape.cost], axis=-1)
        self._fine: tuple[object, Floats, Colours] | None = None  # see _refined

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """Return the part of the figure that the block may take up."""
        return Bbox(self.axes.bbox.get_points())

    def do_3d_projection(self) -> float:
        """Return how far away the block is; it is projected when it is drawn."""
        return float(self._depth(self.corners).min())

    def draw(self, renderer: Any) -> None:
        """Draw the block upright on a canvas of finer pixels; show it smaller, leaning as it is."""
        if not self.get_visible():
            return
        lean = self._lean()
        upright = Affine2D().rotate_deg(lean)
        page = Bbox.from_bounds(0, 0, *renderer.get_canvas_width_height()).corners()
        inside = upright.transform(page)
        outer = self._seen(np.stack([self.corners, self._ground(self.corners)]), upright)
        low = np.floor(outer.min(axis=(0, 1, 2))).clip(inside.min(axis=0)) - 1
        high = np.ceil(outer.max(axis=(0, 1, 2))).clip(None, inside.max(axis=0)) + 1
        scale = FINER * renderer.get_image_magnification()
        size = FINER * np.ceil((high - low) * scale / FINER).astype(int)
        if size.min() <= 0:
            return  # out of sight
        upright.translate(*-low).scale(scale)
        times = max(1, round(size.max() / min(self.landscape.cost.shape) / 3))  # pixels a face
        pixels = _horizon(self._curves(*self._refined(times), upright), *size)
        _outline(pixels, width=round(scale * renderer.points_to_pixels(0.7)))
        image = _smaller(pixels).rotate(lean, Image.Resampling.BICUBIC, expand=True)
        middle = upright.inverted().transform(size / 2)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.get_clip_box())
        corner = middle - np.multiply(image.size, FINER / scale / 2)
        renderer.draw_image(gc, *corner, np.array(image))
        gc.restore()

    def _seen(self, points: Floats, upright: Affine2D) -> Floats:
        """Return where points are seen, in pixels, when the block is turned upright."""
        x, y, _ = proj_transform(*points.reshape(-1, 3).T, self.axes.M)
        seen = (self.axes.transData + upright).transform(np.column_stack([x, y]))
        return np.reshape(seen, (*points.shape[:-1], 2))

    def _depth(self, points: Floats) -> Floats:
        """Return how far away points are."""
        depth: Floats = proj_transform(*points.reshape(-1, 3).T, self.axes.M)[2]
        return depth

    def _ground(self, points: Floats) -> Floats:
        """Return the points on the ground below points."""
        bottom = min(self.axes.get_w_lims()[4], self.landscape.cost.min())
        return points * (1, 1, 0) + (0, 0, bottom)

    def _lean(self) -> float:
        """Return by how many degrees the block leans to the right."""
        low, high = np.reshape(self.axes.get_w_lims(), (3, 2)).T
        mast = np.tile((low + high) / 2, (2, 1))
        mast[:, 2] = low[2], high[2]
        right, up = np.diff(self._seen(mast, Affine2D()), axis=0)[0]
        return round(np.rad2deg(np.arctan2(right, up)), 6) if np.hypot(right, up) > 0.01 else 0.0

    def _curves(
        self, points: Floats, colours: Colours, upright: Affine2D
    ) -> Iterator[tuple[Floats, Colours]]:
        """Yield curves from left to right as they are seen, the nearest first, in two parts.

        A part has the curves, shape (curves, points, 2), and the colours right below them,
        (curves, points - 1).
        """
        points, colours, walls = self._from_nearest(points, colours, upright)
        lines = self._seen(points, upright)

        # The near edge: the first line, and the ends of the others on a side that is seen, which
        # leads away from the mast at its nearest corner.
        ground = self._ground(points[[0, 0, -1, -1], [0, -1, 0, -1]])
        sky = ground * (1, 1, 0) + (0, 0, self.axes.get_w_lims()[5])
        feet, heads = self._seen(np.stack([ground, sky]), upright)
        mast, way = (heads - feet)[:2], feet[2:] - feet[:2]
        turn = mast[:, 0] * way[:, 1] - mast[:, 1] * way[:, 0]
        left = points[:0:-1, 0] if turn[0] > 0 else points[:0, 0]
        right = points[1:, -1] if turn[1] < 0 else points[:0, -1]
        edge = np.concatenate([left, points[0], right])
        top, foot = self._seen(np.stack([edge, self._ground(edge)]), upright)
        foot = np.where(foot[:, 1:] < top[:, 1:], foot, top)  # else it is out of sight
        part = np.linspace(0, 1, LEVELS)[:, np.newaxis, np.newaxis]
        (at_left, at_right), (near, _) = walls
        faces = len(left), len(lines[0]) - 1, len(right)
        rock = np.multiply.outer(np.repeat([at_left, near, at_right], faces), to_rgba(ROCK))
        rock[:, 3] = 1
        yield foot + part * (top - foot), np.tile(_as_numbers(rock), (LEVELS, 1))

        # Each line behind goes on to the ends of the one before it, as the outline does.
        before, lines = lines[:-1], lines[1:]
        start = np.where(before[:, :1, :1] < lines[:, :1, :1], before[:, :1], lines[:, :1])
        end = np.where(before[:, -1:, :1] > lines[:, -1:, :1], before[:, -1:], lines[:, -1:])
        yield np.concatenate([start, lines, end], axis=1), np.pad(colours, ((0, 0), (1, 1)), "edge")

    def _from_nearest(
        self, points: Floats, colours: Colours, upright: Affine2D
    ) -> tuple[Floats, Colours, Floats]:
        """Return a grid, and how light its sides are, as seen: from left to right, nearest first.

        From straight above all is equally far; then what is lower on the page comes first.
        """
        walls = np.array(WALLS)
        three = self._ground(points[[0, 0, -1], [0, -1, 0]])  # a corner, and the next along a and b
        place = self._seen(three, upright)
        right, far = place[:, 0], self._depth(three) + 1e-6 * place[:, 1]
        if abs(right[1] - right[0]) < abs(right[2] - right[0]):
            points, colours, walls = points.swapaxes(0, 1), colours.T, walls[::-1]
            right, far = right[[0, 2, 1]], far[[0, 2, 1]]
        if right[1] < right[0]:
            points, colours, walls[0] = points[:, ::-1], colours[:, ::-1], walls[0, ::-1]
        if far[2] < far[0]:
            points, colours, walls[1] = points[::-1], colours[::-1], walls[1, ::-1]
        return points, colours, walls

    def _refined(self, times: int) -> tuple[Floats, Colours]:
        """Return places on the surface, each cell cut so many times, and the colours of the faces.

        Between the points of the landscape runs a cubic spline, without new heights or depths.
        Light follows Lambert's law, with some all over. A turning block is refined only once.
        """
        limits = self.axes.get_w_lims()
        key = times, limits, self.get_clim(), self.get_cmap()
        if self._fine is None or self._fine[0] != key:
            (a, i), (b, j) = (
                np.unique(axis, return_index=True) for axis in (self.landscape.a, self.landscape.b)
            )
            cost = self.landscape.cost[np.ix_(j, i)]
            kx, ky = np.minimum(3, np.subtract(cost.shape, 1))
            spline = RectBivariateSpline(b, a, cost, kx=kx, ky=ky, s=0)
            a, b = (
                np.interp(np.arange((len(axis) - 1) * times + 1) / times, range(len(axis)), axis)
                for axis in (a, b)
            )
            height = np.clip(spline(b, a), cost.min(), cost.max())
            along_b, along_a = np.gradient(height, b, a)
            edges = np.ptp(np.reshape(limits, (3, 2)), axis=1) / BOX
            normal = np.stack([-along_a, -along_b, np.ones_like(height)], axis=-1) * edges
            lambert = normal @ SUN / np.linalg.norm(normal, axis=-1)
            light = np.clip(0.45 + 0.65 * lambert, 0.4, 1.0)
            cost, light = ((grid[1:, 1:] + grid[:-1, :-1]) / 2 for grid in (height, light))
            colours = self.to_rgba(cost)
            colours[..., :3] *= (np.round(light * SHADES) / SHADES)[..., np.newaxis]
            points = np.stack([*np.meshgrid(a, b), height], axis=-1)
            self._fine = key, points, _as_numbers(colours)
        return self._fine[1:]


def _as_numbers(colours: Floats) -> Colours:
    """Return colours of four channels, from 0 to 1, as one number each."""
    return np.round(255 * colours).astype(np.uint8).view(np.uint32)[..., 0]


def _horizon(
    curves: Iterable[tuple[Floats, Colours]], width: int, height: int
) -> NDArray[np.uint8]:
    """Draw curves, the nearest first, each with its colour down to those before it."""
    parts = [_over(width, *some) for some in curves]
    level = np.fmax.accumulate(np.concatenate([heights for heights, _ in parts]), axis=0)
    colours = np.concatenate([colours for _, colours in parts])
    colours[1:][np.isnan(level[:-1])] = 0  # nothing stands there
    colours[0] = 0
    # In a column of pixels each colour comes as often as there are pixels up to its curve.
    ends = np.nan_to_num(np.rint(level)).clip(0, height).astype(int)
    times = np.diff(ends, axis=0, prepend=0, append=height)
    columns = np.repeat(np.pad(colours, ((0, 1), (0, 0))).T, times.T.ravel())
    return columns.reshape(width, height).T.copy().view(np.uint8).reshape(height, width, 4)


def _over(width: int, curves: Floats, colours: Colours) -> tuple[Floats, Colours]:
    """Return the heights of curves over columns of pixels, nan beside their ends, and colours."""
    x, y = np.maximum.accumulate(curves[..., 0], axis=1), curves[..., 1]
    count, middles = np.arange(x.shape[1]), np.arange(width) + 0.5
    place = np.stack([np.interp(middles, line, count, np.nan, np.nan) for line in x])
    before = np.nan_to_num(place).astype(int).clip(max=len(count) - 2)
    part = place - before
    line = np.arange(len(x))[:, np.newaxis]
    before, colour = before + len(count) * line, before + (len(count) - 1) * line
    start, end = y.take(before), y.take(before + 1)
    return start + part * (end - start), colours.take(colour)


def _outline(pixels: NDArray[np.uint8], width: int) -> None:
    """Draw a line around what is opaque, on its inner side."""
    solid = pixels[..., 3] > 0
    inside = solid.copy()
    for axis in (0, 1):
        for step in (-width, width):
            inside &= np.roll(solid, step, axis)
    ink = to_rgba(plt.rcParams["axes.edgecolor"])
    pixels[solid & ~inside] = np.round(np.multiply(255, ink))


def _smaller(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return an image of fewer pixels, each the mean of those that were drawn for it.

    Where the mean is nearly the first of them, that one is taken: files of few colours are smaller.
    """
    weighted = Image.fromarray(pixels).convert("RGBa")  # by opacity
    mean = weighted.reduce(FINER).convert("RGBA")
    first = pixels[::FINER, ::FINER]
    near = np.array(ImageChops.difference(mean, Image.fromarray(first))) < ALIKE
    near = near.view(np.uint32) == 0x01010101  # in all four channels
    return Image.fromarray(np.where(near, first, np.array(mean)))
