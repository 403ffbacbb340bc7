"""What the figures share, checked on the pictures they make."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from celluloid import Camera
from matplotlib.backends.backend_agg import FigureCanvasAgg
from mpl_toolkits.mplot3d import proj3d
from scipy.ndimage import binary_dilation

from landscape_core import CriticalPoint, Landscape, drawing

HILLS = Landscape(
    np.linspace(-3, 3, 12), np.linspace(-2, 2, 10), np.random.default_rng(0).random((10, 12))
)


@pytest.fixture(autouse=True)
def _own_style():
    """Give every test the default style, and close its figures."""
    with plt.rc_context():
        plt.rcdefaults()
        yield
        plt.close("all")


def pixels_of(figure):
    """Draw a figure, rows from the top."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]


def pixels_inside(axes):
    """Draw a figure, and return the pixels inside some axes, but for a frame of three."""
    pixels = pixels_of(axes.figure)[::-1]
    left, bottom, right, top = axes.bbox.extents.astype(int)
    return pixels[bottom + 4 : top - 3, left + 4 : right - 3]


def surface_axes():
    """Draw the hills as a surface."""
    axes = plt.figure(figsize=(4, 4)).add_subplot(projection="3d")
    drawing.surface(axes, HILLS)
    return axes


@pytest.mark.parametrize("dark", [False, True])
def test_style_leaves_ink_and_paper(dark):
    """A light or dark style that the reader has chosen stays."""
    if dark:
        plt.style.use("dark_background")
    inks = {name: plt.rcParams[name] for name in plt.rcParams if name.endswith("color")}
    inks |= {name: plt.rcParams[name] for name in ("figure.facecolor", "axes.facecolor")}
    drawing.use_style()
    changed = {name for name, color in inks.items() if plt.rcParams[name] != color}
    assert changed == {"grid.color", *(f"axes3d.{axis}axis.panecolor" for axis in "xyz")}
    assert plt.rcParams["font.size"] == 13


def test_no_white_slab_in_the_dark():
    """On dark paper the walls around a surface are dark."""
    plt.style.use("dark_background")
    drawing.use_style()
    axes = plt.figure(figsize=(4, 4)).add_subplot(projection="3d")
    axes.tick_params(labelcolor="black")
    assert np.median(pixels_of(axes.figure)) < 40
    assert (pixels_of(axes.figure) > 150).mean() < 0.01


def test_accents_are_the_cycle():
    """Lines without a colour of their own take the accents in order."""
    drawing.use_style()
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert ["#" + color.lstrip("#") for color in cycle] == list(drawing.ACCENTS)


def test_styles_differ_in_line_and_marker():
    """Colour is never all that tells two descents apart."""
    for part in ("color", "linestyle", "marker"):
        assert len({style[part] for style in drawing.STYLES}) == len(drawing.STYLES)


def test_surface_names_its_axes():
    """All three axes are labelled, and the heights are the costs."""
    axes = surface_axes()
    assert [axes.get_xlabel(), axes.get_ylabel()] == ["$w_a$", "$w_b$"]
    assert axes.get_zlabel() == "cost $J$"
    np.testing.assert_allclose(axes.xy_dataLim.extents, [-3, -2, 3, 2])


def test_bands_of_a_surface_are_those_of_its_map():
    """A surface has the colours of the filled contours, and can share a scale with another."""
    axes = plt.figure().add_subplot(projection="3d")
    block = drawing.surface(axes, HILLS, "cividis")
    levels = np.linspace(HILLS.cost.min(), HILLS.cost.max(), 21)
    middles = (levels[1:] + levels[:-1]) / 2
    map_axes = plt.figure().add_subplot()
    filled = drawing.contour(map_axes, HILLS, cmap="cividis")
    plt.figure().canvas.draw()
    np.testing.assert_allclose(block.to_rgba(middles), filled.to_rgba(middles), atol=0.01)
    block.set_clim(0, 2)
    assert block.get_clim() == (0, 2)


def test_a_surface_hides_no_neighbour():
    """What lies beneath the empty corners of a surface's axes can be seen."""
    figure = plt.figure(figsize=(3, 3), facecolor="red")
    drawing.surface(figure.add_axes((0, 0, 1, 1), projection="3d"), HILLS)
    assert pixels_of(figure)[3, 3].tolist() == [255, 0, 0]


def test_marks_lie_in_front_of_the_surface():
    """A point behind a hill, as one below it, can still be seen."""
    axes = surface_axes()
    drawing.trail(axes, [0.0], [0.0], [HILLS.cost.min() - 1], color="#FF00FF", marker="o")
    assert (pixels_of(axes.figure) == [255, 0, 255]).all(-1).sum() > 20


def test_contour_lines():
    """The map has the asked lines, dashed, over filled levels, with named axes."""
    axes = plt.figure().add_subplot()
    filled = drawing.contour(axes, HILLS, levels=np.int64(7))
    _, lines = axes.collections
    np.testing.assert_allclose(lines.levels, np.linspace(HILLS.cost.min(), HILLS.cost.max(), 7))
    assert len(filled.levels) == 7
    assert lines.get_linestyle()[0][1] is not None
    assert [axes.get_xlabel(), axes.get_ylabel()] == ["$w_a$", "$w_b$"]
    heights = [-1.0, 0.0, 3.0]  # of another map
    assert drawing.contour(axes, HILLS, heights).levels.tolist() == heights


@pytest.mark.parametrize("height", [0.0, 5.0, 1e17])
def test_map_of_level_ground(height):
    """A cost that two weights do not change is one band, and its scale says how high it is."""
    level = Landscape(HILLS.a, HILLS.b, np.full((10, 12), height))
    axes, bar = drawing.contours({"level": level}).axes[::2]
    assert len(np.unique(pixels_inside(axes).reshape(-1, 3), axis=0)) == 1
    assert min(abs(bar.get_yticks() - height)) < 1e-9


def test_a_line_is_no_map():
    """A landscape with one position along an axis is refused, and the error says why."""
    line = Landscape(HILLS.a, [1.0], HILLS.cost[:1])
    with pytest.raises(ValueError, match=r"12 different positions along a and 1 along b: .* two"):
        drawing.contour(plt.figure().add_subplot(), line)


def test_freeze_changes_no_pixel():
    """A frozen scene looks as it did before, with nothing left to draw."""
    figure, axes = plt.subplots(layout="constrained")
    axes.plot([0, 1, 3])
    figure.suptitle("Title")
    figure.legend(["line"])
    before = pixels_of(figure)
    stage = drawing.freeze(figure)
    np.testing.assert_array_equal(pixels_of(figure), before)
    assert figure.axes == [stage]


def test_camera_does_not_record_the_background():
    """What is frozen stands under every frame and belongs to none."""
    figure, _ = plt.subplots()
    stage = drawing.freeze(figure)
    camera = Camera(figure)
    moving = stage.plot([0, 1], [0, 1])
    assert camera.snap() == moving


@pytest.mark.parametrize("flat", [True, False])
def test_in_pixels_is_where_axes_would_draw(flat):
    """Marks on the stage land where the frozen axes would have put them."""
    points = [1.0], [-1.0], [0.5]
    axes = plt.figure().add_subplot() if flat else surface_axes()
    axes.set(xlim=(-3, 3), ylim=(-2, 2))
    place = points[:2] if flat else points
    marker = axes.plot(*place, "o", color="#FF00FF", markersize=9, zorder=9)[0]
    expected = np.argwhere((pixels_of(axes.figure) == [255, 0, 255]).all(-1)).mean(0)
    marker.remove()
    stage = drawing.freeze(axes.figure)
    stage.plot(*drawing.in_pixels(axes, *place), "o", color="#FF00FF", markersize=9)
    found = np.argwhere((pixels_of(stage.figure) == [255, 0, 255]).all(-1)).mean(0)
    np.testing.assert_allclose(found, expected, atol=1)


def test_in_pixels_keeps_the_shape():
    """Many paths at once are projected like one point at a time."""
    axes = surface_axes()
    drawing.freeze(axes.figure)
    rng = np.random.default_rng(1)
    a, b, cost = rng.random((3, 4, 5))
    pixels = drawing.in_pixels(axes, a, b, cost)
    x, y, _ = proj3d.proj_transform(a[2, 3], b[2, 3], cost[2, 3], axes.get_proj())
    assert pixels.shape == (2, 4, 5)
    np.testing.assert_allclose(pixels[:, 2, 3], axes.transData.transform((x, y)))


def test_trail_marks_its_end():
    """The marker stands on the last point, and no part of the path is named in a legend."""
    axes = plt.figure().add_subplot()
    drawing.trail(axes, [0, 1, 2], [5, 4, 3], **drawing.STYLES[1])
    assert axes.lines[-1].get_marker() == "D"
    assert axes.lines[-1].get_xydata().tolist() == [[2, 3]]
    assert not axes.get_legend_handles_labels()[1]


def test_marks_of_critical_points():
    """Each kind has its own shape at the point's place, and its name in the legend once."""
    axes = plt.figure().add_subplot()
    kinds = ["saddle", "minimum", "saddle", "maximum", "degenerate"]
    drawing.mark(axes, [CriticalPoint(k, -k, 1.0, kind, (0, 0)) for k, kind in enumerate(kinds)])
    assert [line.get_marker() for line in axes.lines] == ["X", "o", "X", "^", "*"]
    assert [line.get_xydata().tolist() for line in axes.lines] == [[[k, -k]] for k in range(5)]
    assert axes.get_legend_handles_labels()[1] == ["saddle", "minimum", "maximum", "degenerate"]


def test_caption_can_be_moved():
    """The text stands at the given fraction of the figure."""
    stage = drawing.freeze(plt.figure(figsize=(4, 2), dpi=100))
    text = drawing.caption(stage, "epoch 200", place=(0.5, 0.25))
    np.testing.assert_allclose(text.get_transform().transform(text.get_position()), [200, 50])


def test_contours_have_a_panel_and_a_scale_each():
    """Three surfaces stand in two rows, each with its title and a colour bar of its own range."""
    higher = Landscape(HILLS.a, HILLS.b, HILLS.cost + 7)
    figure = drawing.contours({"low": HILLS, "high": higher, "low again": HILLS})
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["low", "high", "low again", *["$J$"] * 3]
    ends = [axes.get_ylim()[0] for axes in figure.axes[4:]]
    assert ends[1] - ends[0] == pytest.approx(7, abs=0.1)


@pytest.mark.parametrize("relief", [1e-4, 0.0058, 2.0, 300.0])
@pytest.mark.parametrize("turning", [False, True])
def test_numbers_of_colour_bars(relief, turning):
    """Beside a colour bar stand two or more numbers, each exactly that of its tick."""
    ripples = Landscape(HILLS.a, HILLS.b, 5.3774 + relief * HILLS.cost)
    figure = drawing.contours({"": ripples})
    if turning:
        figure, _ = drawing.turntable({"": ripples}, elevation=50)
    figure.draw_without_rendering()
    axis = figure.axes[-1].yaxis
    low, high = axis.get_view_interval()
    shown = [
        (place, label.get_text().replace("−", "-"))
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        if low <= place <= high
    ]
    assert len(shown) >= 2
    assert [float(text) for _, text in shown] == pytest.approx([place for place, _ in shown])


def test_axes_in_any_order():
    """A grid whose positions come in another order is the same picture."""
    i, j = np.random.default_rng(1).permutation(12), np.arange(10)[::-1]
    mixed = Landscape(HILLS.a[i], HILLS.b[j], HILLS.cost[j][:, i])

    def solid(landscape):
        axes = plt.figure(figsize=(4, 4)).add_subplot(projection="3d")
        drawing.surface(axes, landscape)
        return axes.figure

    for draw in (
        solid,
        lambda landscape: drawing.contours({"a map": landscape}),
        lambda landscape: drawing.turntable({"turning": landscape}, elevation=50)[0],
    ):
        np.testing.assert_array_equal(pixels_of(draw(mixed)), pixels_of(draw(HILLS)))


def test_turntable_turns_every_surface():
    """All panels look from the azimuth asked for, from the same height."""
    figure, turn = drawing.turntable({"one": HILLS, "two": HILLS, "three": HILLS}, elevation=50)
    before = pixels_of(figure)
    turn(120)
    assert [(axes.elev, axes.azim) for axes in figure.axes[::2]] == [(50, 120)] * 3
    assert (pixels_of(figure) != before).any()


def test_turntable_draws_its_scales_once(monkeypatch):
    """The scale stands still while the surface turns, and is drawn anew for another resolution."""
    figure, turn = drawing.turntable({"one": HILLS}, elevation=50)
    scale, draws = figure.axes[1], []
    monkeypatch.setattr(scale, "draw", lambda canvas: draws.append(type(scale).draw(scale, canvas)))
    frames = [(turn(azimuth), pixels_of(figure))[1] for azimuth in (0, 90)]
    left, bottom, right, top = map(int, scale.bbox.extents)
    bars = [frame[::-1][bottom:top, left:right] for frame in frames]
    np.testing.assert_array_equal(*bars)
    assert len(np.unique(bars[0].reshape(-1, 3), axis=0)) >= drawing.BANDS
    assert len(draws) == 1
    figure.set_dpi(2 * figure.dpi)
    assert len(np.unique(pixels_of(figure)[:, 2 * left : 2 * right].reshape(-1, 3), axis=0)) > 20
    assert len(draws) == 2


@pytest.mark.parametrize("azimuth", [-54, 20, 100, 200])
def test_turntable_names_what_is_near(azimuth):
    """Both weights and their ends stand below the block, where nothing hides them."""
    figure, turn = drawing.turntable({"one": HILLS}, elevation=50)
    turn(azimuth)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["−3", "$w_a$", "3", "−2", "$w_b$", "2"]
    depth = [
        proj3d.proj_transform(*text.get_position_3d(), axes.get_proj())[2] for text in axes.texts
    ]
    middle = proj3d.proj_transform(0, 0, axes.get_zlim()[0], axes.get_proj())[2]
    assert depth[1] < middle
    assert depth[4] < middle


def test_turntable_labels_keep_clear():
    """From no side do the names of the weights run into the scale, or out of the figure."""
    drawing.use_style()
    wide = Landscape(np.linspace(-15, 17, 12), np.linspace(-15, 18, 10), HILLS.cost)
    figure, turn = drawing.turntable(dict.fromkeys("abcd", wide), elevation=50)
    left, scale = figure.axes[:2]
    for azimuth in range(0, 360, 6):
        turn(azimuth)
        for text in left.texts:
            x, y, _ = proj3d.proj_transform(*text.get_position_3d(), left.get_proj())
            middle, box = left.transData.transform((x, y)), text.get_window_extent()
            ends = middle[0] - box.width / 2, middle[0] + box.width / 2
            assert ends[0] > 0
            assert ends[1] < scale.bbox.x0 - 4


@pytest.mark.parametrize("azimuth", [-42, 0, 90, 180, 270])
def test_turntable_labels_stand_beside_the_block(azimuth):
    """No ink of a weight's name or end comes within two pixels of the block."""
    drawing.use_style()
    wide = Landscape(np.linspace(-15, 17, 12), np.linspace(-15, 18, 10), HILLS.cost)
    figure, turn = drawing.turntable({"": wide}, elevation=50)
    turn(azimuth)
    axes = figure.axes[0]
    drawn = []
    for visible in ((), axes.texts, axes.collections):
        for artist in (*axes.texts, *axes.collections):
            artist.set_visible(artist in visible)
        drawn.append(pixels_of(figure).astype(int))
    bare, *both = drawn
    names, block = (abs(pixels - bare).max(axis=2) > 60 for pixels in both)
    assert names.sum() > 200
    assert block.sum() > 10_000
    assert not (names & binary_dilation(block, iterations=2)).any()
