"""The gallery's picture files: their names, and how they are written and read.

A picture is a file in a light and one in a dark variant. It carries its own text alternative: a PNG
in its ``Description``, a GIF in the first line of its comment, whose further lines name the frames.
"""

from __future__ import annotations

from io import BytesIO
from itertools import count, takewhile
from pathlib import Path

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin
from scipy.spatial import KDTree

from landscape_core.drawing import ACCENTS

HEAVY = 150_000  # bytes
FEWEST = 64  # colours
DENSITY = 2  # pixels of a still picture per pixel of the page
DETAIL, DETAIL_DPI = (3.2, 2.24), 125  # inches, in which lines of the usual width are strong


def write_png(image: Image.Image, path: Path, alt: str, colours: int = 256) -> None:
    """Write a picture with its text alternative, in as many colours as keep the page light.

    Lines, and what covers most of the picture, keep their colours exactly.
    """
    channels = np.asarray(image.convert("RGB"), np.uint32)
    pixels = channels @ np.array([1 << 16, 1 << 8, 1], np.uint32)  # a colour is one number
    drawn, place, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    palette = _channels(drawn)
    if len(drawn) > colours:
        lines = np.isin(drawn, [int(accent[1:], 16) for accent in ACCENTS])
        most = np.argsort(-counts, kind="stable")[: 3 * colours // 4]
        kept = np.union1d(drawn[lines], drawn[most])
        # Square roots, so that small marks have a say beside wide areas.
        says = np.where(np.isin(drawn, kept), 0, np.ceil(np.sqrt(counts))).astype(int)
        sample = np.repeat(palette, says, axis=0)
        found = Image.fromarray(sample[np.newaxis]).quantize(colours - len(kept))
        others = np.reshape(found.getpalette() or [], (-1, 3)).astype(np.uint8)
        palette = np.concatenate([_channels(kept), others])
    index = KDTree(palette).query(_channels(drawn))[1]
    reduced = Image.fromarray(index[place].reshape(pixels.shape).astype(np.uint8))
    reduced.putpalette(palette.tobytes())
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Description", alt)
    reduced.save(path, pnginfo=info, optimize=True)
    if path.stat().st_size > HEAVY and colours > FEWEST:
        write_png(image, path, alt, colours // 2)


def _channels(colours: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Split colours of one number each into red, green and blue."""
    return (colours[:, np.newaxis] >> np.array([16, 8, 0], np.uint32)).astype(np.uint8)


def write_figure(figure: Figure, path: Path) -> None:
    """Write a Matplotlib figure, sharp on a dense screen."""
    content = BytesIO()
    figure.savefig(content, dpi=DENSITY * figure.dpi)
    check_colour_bars(figure)
    write_png(Image.open(content), path, alternative(figure))


def check_colour_bars(figure: Figure) -> None:
    """Raise an error where a number beside a colour bar is not that of its tick."""
    mappables = (artist for artist in figure.findobj() if isinstance(artist, ScalarMappable))
    for bar in filter(None, (mappable.colorbar for mappable in mappables)):
        axis = bar.ax.yaxis if bar.orientation == "vertical" else bar.ax.xaxis
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True):
            text = label.get_text()
            try:
                error = abs(float(text.replace("−", "-").replace(",", "")) - place)
            except ValueError:
                continue  # a word, or nothing
            if error > np.ptp(axis.get_view_interval()) / 100:
                raise ValueError(
                    f"beside a colour bar {text!r} stands at {place:g}: "
                    "give round ticks, or a format with more digits"
                )


def write_detail(figure: Figure, path: Path) -> None:
    """Write a figure's first axes alone and without words, to be seen small.

    The figure is of no use afterwards.
    """
    if not figure.axes:
        raise ValueError(
            f"A figure has no axes for its thumbnail to show ({alternative(figure)!r}): "
            "draw into axes, figure.add_axes((0, 0, 1, 1))."
        )
    axes, *others = figure.axes
    legends = axes.findobj(Legend, include_self=False)
    for artist in (*others, *figure.legends, *figure.texts, *axes.texts, axes.title, *legends):
        artist.set_visible(False)
    framed = axes.axison  # a map, not a drawing on paper
    axes.set_axis_off()
    figure.set_layout_engine("none")
    figure.set_size_inches(DETAIL)
    width, height = 1.0, 1.0
    if axes.name == "3d":
        width = height = 1.1  # where no axes are, there is room for the block
    elif framed and isinstance(shape := axes.get_aspect(), float):  # no paper is to be seen
        height = shape * axes.get_data_ratio() * DETAIL[0] / DETAIL[1]
        width, height = max(1, 1 / height), max(1, height)
    axes.set_position(((1 - width) / 2, (1 - height) / 2, width, height))
    content = BytesIO()
    figure.savefig(content, dpi=DENSITY * DETAIL_DPI)
    smooth = Image.open(content).convert("RGB").reduce(DENSITY)
    write_png(smooth, path, f"Detail of a figure. {alternative(figure)}", colours=128)


def write_poster(gif: Path, path: Path) -> None:
    """Write the last frame of an animation, and the same smaller as its detail."""
    with Image.open(gif) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        write_png(image, path, description(gif))
        small = image.convert("RGB")
    small.thumbnail((DETAIL_DPI * DETAIL[0], DETAIL_DPI * DETAIL[1]), Image.Resampling.LANCZOS)
    write_png(small, detail(path), description(gif), colours=128)


def alternative(figure: Figure) -> str:
    """Return a figure's label, in one line."""
    label = " ".join(str(figure.get_label()).split())
    if not label:
        raise ValueError(
            "A figure has no text alternative: say what is to be seen in it, "
            "figure.set_label('...'), before the end of its block."
        )
    return label


def comment(gif: Path) -> list[str]:
    """Return the lines of a GIF's comment: the text alternative, then the names of its frames."""
    with Image.open(gif) as image:
        lines = bytes(image.info.get("comment", b"")).decode().splitlines()
    if not lines or not lines[0].strip():
        raise ValueError(
            f"{gif.name} has no text alternative: say what is to be seen in it, "
            "figure.set_label('...'), before the animation is saved."
        )
    return lines


def description(path: Path) -> str:
    """Return the text alternative that a picture file carries."""
    if path.suffix == ".gif":
        return comment(path)[0]
    with Image.open(path) as image:
        return str(image.info.get("Description", ""))  # a script that failed has no picture


def dark(path: Path) -> Path:
    """Return the name of a picture's dark variant."""
    return path.with_stem(f"{path.stem}_dark")


def detail(path: Path) -> Path:
    """Return the name of a picture's detail."""
    return path.with_stem(f"{path.stem}_detail")


def picture_file(images: Path, script: str, number: int) -> Path:
    """Return where the light variant of a script's picture lies, as sphinx-gallery counts them."""
    return images / f"sphx_glr_{script}_{number:03}.png"


def thumbnail_file(images: Path, script: str) -> Path:
    """Return where the light variant of a script's thumbnail lies."""
    return images / "thumb" / f"sphx_glr_{script}_thumb.png"


def pictures_of(images: Path, script: str) -> list[Path]:
    """Return the light pictures of a script, in the order of the page."""
    return list(takewhile(Path.exists, (picture_file(images, script, n) for n in count(1))))


def gifs_of(folder: Path, script: str) -> list[Path]:
    """Return the GIFs in a folder that bear a script's name, as in ``script-slow.gif``."""
    return sorted([*folder.glob(f"{script}.gif"), *folder.glob(f"{script}-*.gif")])


def frames(gif: Path) -> list[str]:
    """Return the names of a GIF's frames."""
    names = comment(gif)[1:]
    with Image.open(gif) as image:
        count = getattr(image, "n_frames", 1)
    if names and len(names) != count:
        raise ValueError(f"{gif.name} has {count} frames and {len(names)} names: give one for each")
    return names or [f"frame {frame + 1} of {count}" for frame in range(count)]
