"""A landscape as a solid block in three dimensions: lit, smooth, and quick enough to turn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import Colormap, to_rgba
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.proj3d import proj_transform
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import RectBivariateSpline

from landscape_core.landscape import Landscape

BOX = 4, 4, 3  # the lengths of its edges, as Matplotlib draws it
SUN = -0.45, -0.35, 0.82  # where light comes from, along the edges of the box
ROCK = "#8a8f98"
WALLS = 0.70, 0.92, 0.81, 0.59  # how light the sides are: at low b, high a, high b and low a
SHADES = 10  # of light: with more, the few colours of a GIF or a small PNG show as blots
FINER = 2  # pixels drawn for each pixel shown, along both sides, so that edges are smooth
ALIKE = 40  # colours that differ by less, of 255, are shown by one of them: files are smaller

Floats = NDArray[np.float64]
Faces = tuple[Floats, Floats]  # corners, shape (rows + 1, columns + 1, 3), colours, (…, …, 4)


class Block(Collection):
    """What is left of a block when all above a landscape is taken away.

    Faces need no sorting: over a grid, near hills hide far ones if the farthest line of faces is
    drawn first, and in each line the farthest face. They are about as small as a pixel, so that
    bands of colour meet along smooth contour lines.
    """

    axes: Axes3D

    def __init__(self, landscape: Landscape, cmap: Colormap) -> None:
        super().__init__(cmap=cmap)
        self.landscape = landscape._ascending()
        self.set_array(self.landscape.cost)
        a, b = np.meshgrid(self.landscape.a, self.landscape.b)
        self.corners = np.stack([a, b, self.landscape.cost], axis=-1)
        self._fine: tuple[tuple[int, tuple[float, ...]], Floats] | None = None  # see _refined

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """Return the part of the figure that the block may take up."""
        return Bbox(self.axes.bbox.get_points())

    def do_3d_projection(self) -> float:
        """Return how far away the block is; it is projected when it is drawn."""
        return float(self._depth(self.corners).min())

    def draw(self, renderer: Any) -> None:
        """Draw the top, then the near sides, on a canvas of finer pixels; and show it smaller."""
        ground = self.corners * (1, 1, 0) + (0, 0, self._bottom())
        seen = self._seen(np.concatenate([self.corners, ground])).reshape(-1, 2)
        low = np.floor(seen.min(axis=0)).clip(0) - 1
        high = np.ceil(seen.max(axis=0)).clip(None, renderer.get_canvas_width_height()) + 1
        scale = FINER * renderer.get_image_magnification()
        size = FINER * np.ceil((high - low) * scale / FINER).astype(int)
        if size.min() <= 0:
            return  # out of sight
        canvas: Any = RendererAgg(*size, 72)  # type: ignore[call-arg, no-untyped-call]
        to_canvas = Affine2D().translate(*-low).scale(scale)
        times = max(1, round(size.max() / min(ground.shape[:2]) / 3))  # pixels a face
        fine = self._refined(times)
        for corners, colours in (self._top(fine), *self._near_sides(fine[..., :3])):
            rows, columns = colours.shape[:2]
            canvas.draw_quad_mesh(
                canvas.new_gc(),
                to_canvas,
                columns,
                rows,
                self._seen(corners),
                np.zeros((1, 2)),
                IdentityTransform(),
                colours.reshape(-1, 4),
                False,
                np.empty((0, 4)),
            )
        pixels = np.flipud(canvas.buffer_rgba()).copy()  # an image begins at the bottom
        _outline(pixels, width=round(scale * renderer.points_to_pixels(0.7)))
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.get_clip_box())
        renderer.draw_image(gc, *low, _smaller(pixels))
        gc.restore()

    def _seen(self, points: Floats) -> Floats:
        """Return where points are seen, in pixels."""
        x, y, _ = proj_transform(*points.reshape(-1, 3).T, self.axes.M)
        seen = self.axes.transData.transform(np.column_stack([x, y]))
        return np.reshape(seen, (*points.shape[:-1], 2))

    def _depth(self, points: Floats) -> Floats:
        """Return how far away points are."""
        depth: Floats = proj_transform(*points.reshape(-1, 3).T, self.axes.M)[2]
        return depth

    def _bottom(self) -> float:
        """Return the height of the ground."""
        return float(min(self.axes.get_w_lims()[4], self.landscape.cost.min()))

    def _top(self, grid: Floats) -> Faces:
        """Return the faces of the surface, the farthest first; as `_refined` cuts it."""
        # Which way is far: seen at three corners of the grid, all at one height.
        three = self.corners[[0, 0, -1], [0, -1, 0]] * (1, 1, 0) + (0, 0, self._bottom())
        depth = self._depth(three)
        along_a, along_b = depth[1:] - depth[0]
        if along_a > 0:
            grid = grid[:, ::-1]
        if along_b > 0:
            grid = grid[::-1]
        if abs(along_a) > abs(along_b):
            grid = grid.swapaxes(0, 1)
        cost, light = np.moveaxis(grid[1:, 1:, 2:] + grid[:-1, :-1, 2:], -1, 0) / 2
        light = np.round(light * SHADES) / SHADES
        colours = self.to_rgba(cost)
        colours[..., :3] *= light[..., np.newaxis]
        return grid[..., :3], colours

    def _refined(self, times: int) -> Floats:
        """Return places on the surface and how light they are, each cell cut so many times.

        Between the points of the landscape runs a cubic spline, without new heights or depths.
        Light follows Lambert's law, with some all over. A turning block is refined only once.
        """
        limits = self.axes.get_w_lims()
        if self._fine is None or self._fine[0] != (times, limits):
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
            self._fine = (times, limits), np.stack([*np.meshgrid(a, b), height, light], axis=-1)
        return self._fine[1]

    def _near_sides(self, grid: Floats) -> Iterator[Faces]:
        """Yield the sides that face the reader."""
        limits = np.reshape(self.axes.get_w_lims(), (3, 2))
        up = np.array([0, 0, limits[2, 1] - limits[2, 0]])
        # Around the block, so that each side runs from left to right for who stands before it.
        sides = grid[0], grid[:, -1], grid[-1, ::-1], grid[::-1, 0]
        for side, light in zip(sides, WALLS, strict=True):
            foot = side * (1, 1, 0) + (0, 0, self._bottom())
            start, end, above = self._seen(np.stack([foot[0], foot[-1], foot[0] + up]))
            if np.linalg.det([end - start, above - start]) > 0:
                colour = np.multiply(to_rgba(ROCK), (light, light, light, 1))
                yield np.stack([foot, side]), np.tile(colour, (1, len(side) - 1, 1))


def _outline(pixels: NDArray[np.uint8], width: int) -> None:
    """Draw a line around what is opaque, on its inner side."""
    solid = pixels[..., 3] > 0
    inside = solid.copy()
    for axis in (0, 1):
        for step in (-width, width):
            inside &= np.roll(solid, step, axis)
    ink = to_rgba(plt.rcParams["axes.edgecolor"])
    pixels[solid & ~inside] = np.round(np.multiply(255, ink))


def _smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image of fewer pixels, each the mean of those that were drawn for it."""
    weighted = Image.fromarray(pixels).convert("RGBa")  # by opacity
    image = np.array(weighted.reduce(FINER).convert("RGBA"))
    drawn = [pixels[row::FINER, column::FINER] for row in range(FINER) for column in range(FINER)]
    spread = reduce(np.maximum, drawn) - reduce(np.minimum, drawn)
    alike = (spread < ALIKE).view(np.uint32) == 0x01010101  # in all four channels
    np.copyto(image, drawn[0], where=alike)
    return image
