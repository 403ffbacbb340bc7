"""Small, sharp GIF files from Matplotlib animations, each frame drawn once."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from numbers import Real
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.animation import AbstractMovieWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree

from landscape_core._files import write_whole

__all__ = ["GifWriter"]

LONGEST = 65_535  # hundredths of a second for which a frame can stand: the format's last number
COLOURS = 255  # of 256: the last palette entry says "as in the frame before"
INKS = ("text.color", "axes.facecolor", "axes.edgecolor", "axes.labelcolor", "xtick.color")


class GifWriter(AbstractMovieWriter):
    """Write an animation as a GIF file that loops and rests on its last frame.

    Every frame is drawn once. All share one palette without dithering, so that what stands
    still costs no bytes; paper, inks and the colours of the property cycle are kept exactly.
    The file appears when it is complete: an animation that fails leaves none behind.

    The figure's label is the first line of the file's comment, and the names of its frames are
    the others. Frames in a row that look alike are one frame in the file, which stands as long
    as all of them, by the name "first – last".

    Parameters
    ----------
    fps : float
        Frames per second, from 0.01 to 50: viewers slow down what asks for more. The format
        counts in hundredths of a second; where a frame's time is no whole number of them,
        frames differ by one, and their mean is right.
    rest : float
        Seconds, up to 600, for which the last frame stands before the first comes again.
    frame_names : iterable of str, optional
        What each frame shows, such as ``"epoch 200"``. One that is empty becomes its number,
        as in ``"frame 3"``.

    Raises
    ------
    ValueError
        If fps or rest is out of its range; while saving, if there is no frame, not one name for
        each, a frame of another size, or one that stands for more than 655.35 seconds.
    TypeError
        While saving, if ``savefig_kwargs`` ask for more than a facecolor.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matplotlib.animation import FuncAnimation
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(label="A dot moves from left to right.")
    >>> dot = figure.text(0, 0.5, "●")
    >>> animation = FuncAnimation(figure, lambda frame: dot.set_x(frame / 20), frames=20)
    >>> with TemporaryDirectory() as folder:
    ...     animation.save(f"{folder}/dot.gif", writer=GifWriter(fps=10, rest=3))
    """

    fps: float  # type: ignore[assignment]

    def __init__(self, fps: float, rest: float, frame_names: Iterable[str] | None = None) -> None:
        for name, value, least, most in (("fps", fps, 0.01, 50), ("rest", rest, 0, 600)):
            if not isinstance(value, Real) or not least <= value <= most:
                raise ValueError(f"{name} is {value!r}: choose from {least} to {most}")
        super().__init__()
        self.fps = fps
        self.rest = rest
        self.frame_names = None if frame_names is None else list(frame_names)
        # Of each frame: where it differs from the one before, shape (n,), and the colours there.
        self._changes: list[tuple[NDArray[np.intp], NDArray[np.uint32]]] = []
        self._last = np.zeros((0, 0), np.uint32)  # the last frame's colours, (height, width)
        self._paper = (1.0, 1.0, 1.0)  # what is behind the last frame, opaque

    def setup(self, fig: Figure, outfile: str | Path, dpi: float | None = None) -> None:
        """Make ready for the frames of a figure.

        Parameters
        ----------
        fig : Figure
            The figure that is animated.
        outfile : path-like
            The file to write, in a folder that exists.
        dpi : float, optional
            Pixels per inch; the figure's own if not given.
        """
        super().setup(fig, outfile, dpi)
        self._changes.clear()
        self._usual = fig.canvas, fig.dpi
        self._canvas = _Canvas(fig)
        fig.dpi = self.dpi

    @contextmanager
    def saving(
        self, fig: Figure, outfile: str | Path, dpi: float | None, *args: Any, **kwargs: Any
    ) -> Generator[GifWriter, None, None]:
        """Record the frames grabbed inside the block; write the file if all went well."""
        self.setup(fig, outfile, dpi, *args, **kwargs)
        try:
            yield self
        except BaseException:
            self._release()
            raise
        self.finish()

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Draw the figure as it is now and keep it as the next frame.

        Parameters
        ----------
        **savefig_kwargs
            Of the options of ``savefig`` a facecolor, which takes the place of the figure's own.
        """
        paper = savefig_kwargs.pop("facecolor", self.fig.get_facecolor())
        transparent = savefig_kwargs.pop("transparent", False)
        if savefig_kwargs or transparent:
            asked = ", ".join(sorted(savefig_kwargs)) or "transparent"
            raise TypeError(f"savefig_kwargs hold {asked}: a GIF's frames take facecolor alone")
        red, green, blue, alpha = to_rgba(paper)
        white = 1 - alpha
        self._paper = (white + alpha * red, white + alpha * green, white + alpha * blue)
        usual = self.fig.get_facecolor()
        self.fig.set_facecolor(self._paper)
        try:
            self._canvas.draw()  # type: ignore[no-untyped-call]
        finally:
            self.fig.set_facecolor(usual)
        rgba = np.asarray(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        frame = rgba.view("<u4")[..., 0] & np.uint32(0xFFFFFF)  # a colour is one number
        if not self._changes:
            changed = np.arange(frame.size)
        elif frame.shape == self._last.shape:
            changed = np.flatnonzero(frame != self._last)
        else:
            raise ValueError(
                f"frame {len(self._changes) + 1} has {frame.shape[1]} × {frame.shape[0]} pixels "
                f"after {self._last.shape[1]} × {self._last.shape[0]}: keep the figure's size"
            )
        self._last = frame
        self._changes.append((changed, frame.ravel()[changed]))

    def finish(self) -> None:
        """Write the file."""
        self._release()
        if not self._changes:
            raise ValueError(f"no frame to write to {self.outfile}: grab one or more first")
        palette, index = self._palette()
        images: list[Image.Image] = []
        firsts: list[int] = []  # which frame each image shows first
        shown = np.zeros(self._last.size, np.uint8)
        for number, (changed, colours) in enumerate(self._changes):
            before, shown = shown, shown.copy()
            shown[changed] = index[colours]
            if not images or not np.array_equal(shown, before):
                images.append(Image.fromarray(shown.reshape(self._last.shape)))
                images[-1].putpalette(palette)
                firsts.append(number)
        comment = "\n".join([_one_line(self.fig.get_label()), *self._names(firsts)])
        times = self._times(firsts)

        def encoded(only_changes: bool) -> bytes:
            content = io.BytesIO()
            images[0].save(
                content,
                "GIF",
                save_all=True,
                append_images=images[1:],
                palette=palette,
                transparency=len(palette) // 3,
                optimize=only_changes,
                duration=times,
                loop=0,
                comment=comment,
            )
            return content.getvalue()

        # Where little moves the changes are smaller, where all moves the whole frames.
        write_whole(self.outfile, min(encoded(True), encoded(False), key=len))

    def _release(self) -> None:
        """Give the figure back the canvas and the resolution it came with."""
        canvas, self.fig.dpi = self._usual
        self.fig.set_canvas(canvas)

    def _times(self, firsts: list[int]) -> list[int]:
        """Return the milliseconds for which each image stands."""
        ends = np.floor(np.arange(len(self._changes) + 1) * (100 / self.fps) + 0.5)
        hundredths = np.diff(ends)
        hundredths[-1] = max(hundredths[-1], round(100 * self.rest))
        hundredths = np.add.reduceat(hundredths, firsts)
        if hundredths.max() > LONGEST:
            raise ValueError(
                f"nothing moves for {hundredths.max() / 100:,.2f} seconds: a GIF's longest time is "
                f"{LONGEST / 100}; choose a higher fps, a shorter rest or fewer frames"
            )
        return [int(10 * time) for time in hundredths]

    def _names(self, firsts: list[int]) -> list[str]:
        """Return a name of one line for each image, or nothing if no frame has a name."""
        if self.frame_names is None:
            return []
        if len(self.frame_names) != len(self._changes):
            raise ValueError(
                f"{len(self.frame_names)} frame_names for {len(self._changes)} frames: "
                "give one for each"
            )
        names = [_one_line(name) or f"frame {k}" for k, name in enumerate(self.frame_names, 1)]
        ends = [*firsts[1:], len(names)]
        pairs = [(names[first], names[end - 1]) for first, end in zip(firsts, ends, strict=True)]
        return [start if start == end else f"{start} – {end}" for start, end in pairs]

    def _palette(self) -> tuple[bytes, NDArray[np.uint8]]:
        """Choose the palette, and the place in it of every colour that was drawn."""
        counted = [np.unique(colours, return_counts=True) for _, colours in self._changes]
        drawn, place = np.unique(np.concatenate([c for c, _ in counted]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([n for _, n in counted]))
        palette = _channels(drawn)
        if len(drawn) > COLOURS:
            style = np.isin(drawn, self._kept())
            most = np.isin(
                np.arange(len(drawn)), np.argsort(-counts, kind="stable")[: COLOURS // 2]
            )
            kept = palette[style | most]
            # Square roots, so that small marks have a say beside wide areas.
            says = np.where(style | most, 0, np.ceil(np.sqrt(counts))).astype(int)
            sample = np.repeat(palette, says, axis=0)
            reduced = Image.fromarray(sample[np.newaxis]).quantize(COLOURS - len(kept))
            others = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)
            palette = np.unique(np.concatenate([kept, others]), axis=0)
        index = np.zeros(1 << 24, np.uint8)
        index[drawn] = KDTree(palette).query(_channels(drawn))[1]
        return palette.tobytes(), index

    def _kept(self) -> NDArray[np.uint32]:
        """Return the colours that the palette holds exactly, where they occur."""
        style = cast("dict[str, Any]", mpl.rcParams)
        colours = [self._paper, *(style[ink] for ink in INKS)]
        colours += style["axes.prop_cycle"].by_key().get("color", [])
        channels = np.round(255 * np.array([to_rgb(colour) for colour in colours]))
        return channels.astype(np.uint32) @ np.array([1, 1 << 8, 1 << 16], np.uint32)


class _Canvas(FigureCanvasAgg):
    """A canvas that is drawn when a frame is grabbed, not each time an artist changes."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        pass


def _channels(colours: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Split colours of one number each into red, green and blue."""
    return colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]


def _one_line(text: object) -> str:
    """Return a text without line ends and other wide spaces."""
    return " ".join(str(text).split())
