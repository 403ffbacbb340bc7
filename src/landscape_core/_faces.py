"""A surface in three dimensions for pictures that turn: all its faces are one array."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import Collection
from matplotlib.colors import Colormap
from matplotlib.transforms import IdentityTransform
from mpl_toolkits.mplot3d import Axes3D
from mpl_toolkits.mplot3d.proj3d import proj_transform

from landscape_core.landscape import Landscape


class Faces(Collection):
    """What ``plot_surface`` draws, without an object for each face and each frame.

    Faces need no sorting: over a grid, near hills hide far ones if the farthest line of faces is
    drawn first, and in each line the farthest face.
    """

    axes: Axes3D

    def __init__(self, landscape: Landscape, cmap: Colormap) -> None:
        super().__init__()
        landscape = landscape._ascending()
        a, b = np.meshgrid(landscape.a, landscape.b)
        self.corners = np.stack([a, b, landscape.cost], axis=-1)
        lines = landscape.cost[:-1] + landscape.cost[1:]
        heights = lines[:, :-1] + lines[:, 1:]
        self.colours = cmap((heights - heights.min()) / (np.ptp(heights) or 1.0))

    def do_3d_projection(self) -> float:
        """Project the surface from the point of view of its axes."""
        projected = proj_transform(*self.corners.reshape(-1, 3).T, self.axes.M)
        self.projected = np.stack(projected[:2], axis=-1).reshape(*self.corners.shape[:2], 2)
        return float(projected[2].min())

    def draw(self, renderer: Any) -> None:
        """Draw the faces, from the farthest to the nearest."""
        # Which way is far: seen at three corners of the grid, all at one height.
        corners = self.corners[[0, 0, -1], [0, -1, 0]]
        corners[:, 2] = corners[:, 2].min()
        depth = proj_transform(*corners.T, self.axes.M)[2]
        along_a, along_b = depth[1:] - depth[0]
        points, colours = self.projected, self.colours
        if along_a > 0:
            points, colours = points[:, ::-1], colours[:, ::-1]
        if along_b > 0:
            points, colours = points[::-1], colours[::-1]
        if abs(along_a) > abs(along_b):
            points, colours = points.swapaxes(0, 1), colours.swapaxes(0, 1)
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.get_clip_box())
        rows, columns = colours.shape[:2]
        renderer.draw_quad_mesh(
            gc,
            self.get_transform().frozen(),
            columns,
            rows,
            np.ascontiguousarray(points),
            np.zeros((1, 2)),
            IdentityTransform(),
            colours.reshape(-1, 4),
            False,
            np.empty((0, 4)),
        )
        gc.restore()
