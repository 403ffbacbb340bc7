"""The block that a landscape is drawn as: what is seen of it, how light it is, and its outline."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import ListedColormap, hsv_to_rgb, rgb_to_hsv, to_rgb
from mpl_toolkits.mplot3d.proj3d import proj_transform
from scipy.ndimage import binary_dilation

from landscape_core import Landscape
from landscape_core._block import ROCK, Block

A, B = np.linspace(-15, 17, 60), np.linspace(-3, 3, 44)
HILLS = Landscape(A, B, np.sin(A / 3) * np.cos(B[:, None] * 2) + A / 20)
FLAT = Landscape(A, B, np.ones((44, 60)))
RAINBOW = ListedColormap(hsv_to_rgb([(hue, 1, 1) for hue in np.linspace(0, 0.7, 256)]))
WHITE = ListedColormap(["white"])


def axes_of(azimuth, elevation=35, **view):
    """Make bare axes with room below the hills."""
    figure = plt.figure(figsize=(3, 3))
    axes = figure.add_axes((0, 0, 1, 1), projection="3d")
    axes.view_init(elevation, azimuth, **view)
    axes.computed_zorder = False
    axes.set(xlim=(-15, 17), ylim=(-3, 3), zlim=(-3, 2))
    axes.set_axis_off()
    return axes


def drawn(axes):
    """Return the pixels of a figure, from 0 to 1, rows from the top, and close it."""
    axes.figure.canvas.draw()
    pixels = np.array(axes.figure.canvas.buffer_rgba())[..., :3] / 255
    plt.close(axes.figure)
    return pixels


def block(landscape, cmap, azimuth, elevation=35, **view):
    """Draw a block from one side."""
    axes = axes_of(azimuth, elevation, **view)
    axes.add_collection(Block(landscape, cmap), autolim=False)
    return drawn(axes)


@pytest.mark.parametrize(
    "view",
    [
        *({"azimuth": azimuth} for azimuth in range(10, 360, 50)),
        {"azimuth": 40, "roll": 30},
        {"azimuth": -30, "roll": 200},
        {"azimuth": 40, "elevation": 88},
        {"azimuth": 20, "vertical_axis": "y"},
    ],
    ids=str,
)
def test_the_top_is_the_surface(view):
    """From every side what is seen of the top has the place and hue of Matplotlib's surface."""
    axes = axes_of(**view)
    look = {"rstride": 1, "cstride": 1, "linewidth": 0, "antialiased": False, "shade": False}
    axes.plot_surface(*np.meshgrid(A, B), HILLS.cost, cmap=RAINBOW, **look)
    surface, top = rgb_to_hsv(drawn(axes)), rgb_to_hsv(block(HILLS, RAINBOW, **view))
    seen = (top[..., 1] > 0.9) & (top[..., 2] > 0.3)
    assert seen.sum() > 0.5 * (surface[..., 1] > 0.9).sum()
    # Along the edges of hills Matplotlib's faces reach a third of a pixel too far.
    assert (abs(top[..., 0] - surface[..., 0])[seen] > 0.05).mean() < 0.03
    assert (surface[..., 1][seen] < 0.9).mean() < 0.005


@pytest.mark.parametrize(("elevation", "visible"), [(20, 2), (90, 0)])
def test_near_sides(elevation, visible):
    """Two sides are rock from aslant, in two shades, and none from straight above."""
    rock = (rgb_to_hsv(block(FLAT, RAINBOW, -50, elevation)) - rgb_to_hsv(to_rgb(ROCK)))[..., :2]
    pixels = block(FLAT, RAINBOW, -50, elevation)[(abs(rock) < 0.02).all(axis=-1)]
    shades, counts = np.unique(pixels.round(2), axis=0, return_counts=True)
    assert (counts > 500).sum() == visible, shades


def test_the_block_reaches_the_ground():
    """The lowest pixel is where the nearest corner stands on the lower limit of the axes."""
    axes = axes_of(-40)
    axes.add_collection(Block(HILLS, WHITE), autolim=False)
    corner = proj_transform(17, -3, -3, axes.get_proj())[:2]
    below = axes.transData.transform(corner)[1]
    rows = np.flatnonzero((drawn(axes) < 0.99).any(axis=(1, 2)))
    assert 300 - rows[-1] == pytest.approx(below, abs=2)


@pytest.mark.parametrize("ink", ["#000000", "#ff00ff"])
def test_a_white_summit_has_an_outline(ink):
    """On paper of its own colour the block ends in a line of the colour that axes have."""
    with plt.rc_context({"axes.edgecolor": ink}):
        pixels = block(FLAT, WHITE, -60)
    columns = pixels.swapaxes(0, 1)
    columns = columns[(columns < 0.97).any(axis=(1, 2))][1:-1]  # but for the tips of corners
    first = (columns < 0.97).any(axis=2).argmax(axis=1)
    edge = columns[np.arange(len(columns))[:, np.newaxis], first[:, np.newaxis] + range(3)]
    assert len(columns) > 200
    assert abs(edge - to_rgb(ink)).max(axis=2).min(axis=1).max() < 0.5


def test_light_falls_from_the_left():
    """A slope towards low w_a is lighter than level ground, which is lighter than its far side."""
    roof = Landscape(A, B, -0.2 * abs(np.tile(A, (44, 1))).clip(3))
    values = block(roof, ListedColormap(["red"]), -90, 90).max(axis=-1)[150]
    left, ridge, right = values[[80, 143, 210]]
    assert left >= ridge > right + 0.1


def test_edges_are_smooth():
    """Along the silhouette there are tones between paper and line."""
    pixels = block(FLAT, WHITE, -60)[..., 0]
    between = (pixels[:100] > 0.05) & (pixels[:100] < 0.95)
    assert between.sum() > 100


def test_a_level_surface_has_one_colour():
    """Where all heights are equal nothing is divided by zero."""
    pixels = block(FLAT, RAINBOW, 30, 90)
    assert len(np.unique(pixels[140:160, 140:160].reshape(-1, 3), axis=0)) == 1


def test_few_points_show_no_corners():
    """A smooth surface looks as smooth from 14 points a side as from 131."""
    shown = []
    for points in (14, 131):
        a = np.linspace(-3, 3, points)
        hills = Landscape(a * 5, a, np.sin(a) * np.cos(a[:, np.newaxis]) - 0.5)
        shown.append(rgb_to_hsv(block(hills, RAINBOW, 40, 60))[..., 0])
    assert np.mean(abs(shown[0] - shown[1]) > 0.02) < 0.01


@pytest.mark.parametrize(("a", "b"), [([3.0], B), (A, [1.0]), ([2.0, 2.0], B)])
def test_a_line_is_no_surface(a, b):
    """Along an axis with one position there is nothing to draw, and the error says so."""
    line = Landscape(a, b, np.ones((len(b), len(a))))
    with pytest.raises(ValueError, match="two or more along each axis"):
        Block(line, RAINBOW)


@pytest.mark.parametrize("a", [[-15, 17], [-15, 0, 17], [-15, 0, 0, 2, 17]])
def test_grids_of_few_points(a):
    """A slope is the same picture from few points as from many, uneven or twice the same."""
    few = Landscape(np.array(a, float), np.array([-3.0, 3.0]), np.tile(np.array(a) / 20, (2, 1)))
    many = Landscape(A, B, np.tile(A / 20, (44, 1)))
    difference = abs(block(few, RAINBOW, -50) - block(many, RAINBOW, -50)).max(axis=-1)
    assert (difference > 0.2).mean() < 0.02


@pytest.mark.parametrize("azimuth", [0, 3, 93])
def test_a_side_from_along_it(azimuth):
    """Nothing of the block is cut away where a side is seen from nearly along it."""
    peaks = Landscape(A, B, 2 * np.exp(-((B[:, None] - 1) ** 2) - (A / 9) ** 2) - 1)
    axes = axes_of(azimuth, 50)
    axes.add_collection(Block(peaks, WHITE), autolim=False)
    tops = np.stack([*np.meshgrid(A, B), peaks.cost], axis=-1).reshape(-1, 3)
    points = np.concatenate([tops, tops * (1, 1, 0) + (0, 0, -3)])
    seen = proj_transform(*points.T, axes.get_proj())[:2]
    column, height = np.rint(axes.transData.transform(np.transpose(seen))).astype(int).T
    axes.figure.set_facecolor("none")
    axes.patch.set_visible(False)
    axes.figure.canvas.draw()
    solid = np.array(axes.figure.canvas.buffer_rgba())[::-1, :, 3] > 100
    plt.close(axes.figure)
    near = binary_dilation(solid, iterations=2)
    assert near[height, column].all()
