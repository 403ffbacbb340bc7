"""Pictures, formulas and archives are right, or stop the build."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from PIL import Image, ImageColor
from site_build.downloads import write_archive
from site_build.mathml import to_mathml
from site_build.picture_files import (
    alternative,
    check_colour_bars,
    description,
    write_detail,
    write_figure,
    write_png,
)
from site_build.scraper import drawings
from site_build.second_run import to_markdown
from site_build.templates import exchange

from landscape_core.drawing import ACCENTS
from landscape_core.gif import GifWriter


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{1", "braces"),
        (r"\unknown{x}", "unknown"),
        ("a_", "Missing"),
        ("a & b", "misplaced"),
    ],
)
def test_invalid_tex(tex: str, reason: str) -> None:
    """What is not TeX is not passed on to the reader."""
    with pytest.raises(ValueError, match=reason):
        to_mathml(tex, "inline")


def test_signs() -> None:
    """A minus that opens a term takes no space, as the one of a difference does."""
    assert [to_mathml(tex, "inline").count("prefix") for tex in ("f(-z) = -1", "a - b")] == [2, 0]


def test_no_alternative() -> None:
    """A figure that does not say what is to be seen is refused, with the remedy."""
    with pytest.raises(ValueError, match="set_label"):
        alternative(Figure())


def test_alternative_travels(tmp_path: Path) -> None:
    """A picture file carries its text alternative, and its paper keeps its colour."""
    figure = Figure(label="Nothing but\n paper.", facecolor="#131416")
    write_figure(figure, tmp_path / "paper.png")
    assert description(tmp_path / "paper.png") == "Nothing but paper."
    with Image.open(tmp_path / "paper.png") as image:
        assert image.convert("RGB").getpixel((0, 0)) == (0x13, 0x14, 0x16)
        assert image.size == tuple(2 * figure.get_size_inches() * figure.dpi)


def test_colours_of_lines(tmp_path: Path) -> None:
    """A picture of many colours, reduced to few, shows paper and lines in their own colours."""
    figure = Figure(figsize=(3, 3), label="Noise and six lines.")
    noise = np.random.default_rng(0).random((300, 300, 3))
    axes = figure.add_axes((0, 0.1, 1, 0.9))
    axes.imshow(noise, extent=(0, 6, 0, 6), aspect="auto")
    for height, colour in enumerate(ACCENTS):
        axes.axhspan(height + 0.3, height + 0.7, color=colour)
    write_figure(figure, tmp_path / "lines.png")
    with Image.open(tmp_path / "lines.png") as image:
        assert len(image.getcolors()) <= 128
        shown = {colour for _, colour in image.convert("RGB").getcolors()}
    assert {ImageColor.getrgb(colour) for colour in (*ACCENTS, "white")} <= shown


def test_colours_of_bands(tmp_path: Path) -> None:
    """Beside noise and words, each of forty bands of colour stays as it is, among few colours."""
    bands = np.random.default_rng(1).integers(0, 256, (40, 3), np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    pixels = np.concatenate(
        [noise, np.tile(bands.repeat(10, axis=0)[:, np.newaxis], (1, 80, 1))], 1
    )
    write_png(Image.fromarray(pixels), tmp_path / "bands.png", "Bands.", colours=64)
    with Image.open(tmp_path / "bands.png") as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB"))[:, 400:], pixels[:, 400:])


def test_numbers_of_colour_bars() -> None:
    """A colour bar whose label is rounded away from its tick stops the build; a word may stand."""
    figure, axes = plt.subplots()
    image = axes.pcolormesh([[4.7513, 4.76], [4.78, 4.7574]])
    bar = figure.colorbar(image, ticks=[4.76, 4.77])
    check_colour_bars(figure)
    bar.set_ticks([4.7574, 4.77], labels=["low", "4.77"])
    check_colour_bars(figure)
    bar.set_ticks([4.7574, 4.77], labels=["4.76", "4.77"])
    with pytest.raises(ValueError, match=r"'4\.76' stands at 4\.7574"):
        check_colour_bars(figure)
    plt.close(figure)


def test_detail(tmp_path: Path) -> None:
    """A thumbnail shows the first axes of a figure, all over and without a word."""
    figure, (left, right) = plt.subplots(1, 2, label="Red and blue.")
    left.pcolormesh([[0, 0], [0, 0]], cmap=ListedColormap(["#ff0000"]))
    right.pcolormesh([[0, 0], [0, 0]], cmap=ListedColormap(["#0000ff"]))
    left.set(title="title", xlabel="label")
    left.text(0.5, 0.5, "text")
    left.plot([], [], label="line")
    left.legend()
    figure.legend()
    figure.suptitle("above")
    write_detail(figure, tmp_path / "detail.png")
    plt.close(figure)
    assert description(tmp_path / "detail.png") == "Detail of a figure. Red and blue."
    with Image.open(tmp_path / "detail.png") as image:
        assert image.size == (400, 280)
        assert image.convert("RGB").getcolors() == [(400 * 280, (255, 0, 0))]


@pytest.mark.parametrize("ends", [(0, 1, 0, 1), (0, 5, 0, 1), (0, 1, 0, 5)])
def test_detail_is_full(tmp_path: Path, ends: tuple[float, ...]) -> None:
    """Axes whose units are equal fill a thumbnail, whatever their shape."""
    figure, axes = plt.subplots(label="Red.", layout="constrained")
    axes.imshow([[0.0]], cmap=ListedColormap(["#ff0000"]), extent=ends, aspect="equal")
    write_detail(figure, tmp_path / "detail.png")
    plt.close(figure)
    with Image.open(tmp_path / "detail.png") as image:
        assert image.convert("RGB").getcolors() == [(400 * 280, (255, 0, 0))]


def test_detail_of_a_drawing(tmp_path: Path) -> None:
    """A drawing on bare paper is seen whole in a thumbnail."""
    figure, axes = plt.subplots(label="A square.")
    axes.set(aspect="equal", xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    axes.fill([0, 1, 1, 0], [0, 0, 1, 1], color="black")
    write_detail(figure, tmp_path / "detail.png")
    plt.close(figure)
    with Image.open(tmp_path / "detail.png") as image:
        columns = np.flatnonzero(np.asarray(image.convert("L"))[140] < 50)
    assert (columns[0], columns[-1]) == pytest.approx((60, 339), abs=2)


def test_detail_of_nothing(tmp_path: Path) -> None:
    """A figure without axes has no thumbnail, and the error says which figure it is and why."""
    with pytest.raises(ValueError, match=r"no axes .*'Words\.'.*: draw into axes"):
        write_detail(Figure(label="Words."), tmp_path / "detail.png")


def test_texts_of_notebooks() -> None:
    """Links of a script's text are Markdown in its notebook."""
    text = "See :doc:`the\n   map </gallery/x/y>`."
    assert to_markdown(text, "") == "See *the map*."
    link = "[the map](https://a.b/gallery/x/y.html)"
    assert to_markdown(text, "https://a.b/") == f"See {link}."
    state = "Try [a ball](../../drop_a_ball.html#surface=n100)_."
    assert to_markdown(state, "") == "Try *a ball*."
    link = "[a ball](https://a.b/drop_a_ball.html#surface=n100)"
    assert to_markdown(state, "https://a.b/") == f"Try {link}."


def test_which_is_animated(tmp_path: Path) -> None:
    """The figure of an animation is not shown again; where two could be it, the build stops."""
    plt.close("all")  # of other tests

    def draw(*labels: str) -> list[object]:
        figures = [plt.figure(figsize=(1, 1), label=label) for label in labels]
        writer = GifWriter(fps=2, rest=1)
        with writer.saving(figures[0], tmp_path / "script.gif", dpi=50):
            writer.grab_frame()
        return list(drawings(tmp_path / "script.py"))

    gif, still = draw("moves", "rests")
    assert gif == tmp_path / "script.gif"
    assert alternative(still) == "rests"
    with pytest.raises(ValueError, match=r"2 figures have the label of script\.gif, 'moves'"):
        draw("moves", "moves")
    assert not plt.get_fignums()


def test_archive(tmp_path: Path) -> None:
    """An archive has the same bytes whenever and in whatever order it is written."""
    write_archive(tmp_path / "one.zip", {"a": b"1", "b": b"2"})
    write_archive(tmp_path / "two.zip", {"b": b"2", "a": b"1"})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_theme_has_changed() -> None:
    """A part of the theme's HTML that is to be replaced has to be there."""
    assert exchange("<i><b>", "<b>", "<u>") == "<i><u>"
    with pytest.raises(ValueError, match="no longer holds '<b>'"):
        exchange("<i>", "<b>", "<u>")
