"""Faces that turn quickly: the same picture as Matplotlib's own surface, from every side."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from landscape_core import Landscape
from landscape_core._faces import Faces

A, B = np.linspace(-15, 17, 30), np.linspace(-3, 3, 22)
HILLS = Landscape(A, B, np.sin(A / 3) * np.cos(B[:, None] * 2) + A / 20)
FLAT = Landscape(A, B, np.ones((22, 30)))


def pixels(landscape, azimuth, quick):
    """Draw a landscape from one side, as faces or as Matplotlib does."""
    figure = plt.figure(figsize=(3, 3))
    axes = figure.add_subplot(projection="3d", elev=35, azim=azimuth, computed_zorder=False)
    a, b = np.meshgrid(landscape.a, landscape.b)
    look = {"cmap": "viridis", "rstride": 1, "cstride": 1, "linewidth": 0, "antialiased": False}
    surface = axes.plot_surface(a, b, landscape.cost, **look)
    if quick:
        surface.remove()
        axes.add_collection(Faces(landscape, plt.get_cmap("viridis")), autolim=False)
    axes.set_axis_off()
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    plt.close(figure)
    return drawn


@pytest.mark.parametrize("azimuth", range(0, 360, 24))
def test_faces_look_like_a_surface(azimuth):
    """Near hills hide far ones; only pixels along the faces' edges may differ."""
    quick, usual = (pixels(HILLS, azimuth, quick) for quick in (True, False))
    drawn = (usual != 255).any(-1)
    far_off = abs(quick - usual).max(-1) > 60
    assert drawn.mean() > 0.05
    assert far_off[drawn].mean() < 0.02


def test_a_level_surface_has_one_colour():
    """Where all heights are equal nothing is divided by zero."""
    quick = pixels(FLAT, 30, True)
    assert len(np.unique(quick.reshape(-1, 3), axis=0)) == 2
