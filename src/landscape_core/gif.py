"""Small, sharp GIF files from Matplotlib animations, each frame drawn once."""

from __future__ import annotations

import io
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.animation import AbstractMovieWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree

__all__ = ["GifWriter"]

COLOURS = 255  # of 256: the last palette entry says "as in the frame before"
INKS = ("text.color", "axes.facecolor", "axes.edgecolor", "axes.labelcolor", "xtick.color")


class GifWriter(AbstractMovieWriter):
    """Write an animation as a GIF file that loops and rests on its last frame.

    Every frame is drawn once. All share one palette without dithering, so that what stands
    still costs no bytes; paper, inks and the colours of the property cycle are kept exactly.
    The figure's label and the names of the frames, one a line, become the file's comment.
    The file appears when it is complete: an animation that fails leaves none behind.

    Parameters
    ----------
    fps : float
        Frames per second, above 0 and at most 50: viewers slow down what asks for more.
        The format counts in hundredths of a second.
    rest : float
        Seconds, up to 600, for which the last frame stands before the first comes again.
    frame_names : sequence of str, optional
        What each frame shows, such as ``"epoch 200"``.

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

    def __init__(self, fps: float, rest: float, frame_names: Sequence[str] | None = None) -> None:
        if not 0 < fps <= 50:
            raise ValueError(f"fps is {fps!r}: choose more than 0 and at most 50")
        if not 0 <= rest <= 600:
            raise ValueError(f"rest is {rest!r}: choose from 0 to 600 seconds")
        super().__init__()
        self.fps = fps
        self.rest = rest
        self.frame_names = frame_names

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
        self._changes: list[tuple[NDArray[np.intp], NDArray[np.uint32]]] = []
        self._counts: list[tuple[NDArray[np.uint32], NDArray[np.intp]]] = []
        self._pixels = np.zeros(0, np.uint32)
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
        """Draw the figure as it is now and keep it as the next frame."""
        self._canvas.draw()  # type: ignore[no-untyped-call]
        rgba = np.asarray(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        pixels = rgba.view("<u4").ravel() & np.uint32(0xFFFFFF)  # a colour is one number
        changed = np.flatnonzero(pixels != self._pixels if self._changes else pixels >= 0)
        self._shape, self._pixels = rgba.shape[:2], pixels
        self._changes.append((changed, pixels[changed]))
        self._counts.append(np.unique(pixels[changed], return_counts=True))

    def finish(self) -> None:
        """Write the file."""
        self._release()
        if not self._changes:
            raise ValueError(f"no frame to write to {self.outfile}: grab one or more first")
        palette, index = self._palette()
        frame_time = round(100 / self.fps) * 10
        images: list[Image.Image] = []
        names: list[str] = []
        times: list[int] = []
        shown = np.zeros(len(self._pixels), np.uint8)
        for (changed, colours), name in zip(self._changes, self._names(), strict=True):
            before, shown = shown, shown.copy()
            shown[changed] = index[colours]
            if images and np.array_equal(shown, before):  # the format knows no twins
                names[-1] = name
                times[-1] += frame_time
            else:
                images.append(Image.fromarray(shown.reshape(self._shape)))
                images[-1].putpalette(palette)
                names.append(name)
                times.append(frame_time)
        times[-1] = max(round(self.rest * 100) * 10, frame_time)
        comment = [" ".join(str(self.fig.get_label()).split()), *filter(None, names)]

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
                comment="\n".join(comment),
            )
            return content.getvalue()

        # Where little moves the changes are smaller, where all moves the whole frames.
        _write(Path(self.outfile), min(encoded(True), encoded(False), key=len))

    def _release(self) -> None:
        """Give the figure back the canvas and the resolution it came with."""
        canvas, self.fig.dpi = self._usual
        self.fig.set_canvas(canvas)

    def _names(self) -> Sequence[str]:
        """Return one name for each frame, empty names if none were given."""
        frames = len(self._changes)
        names = [""] * frames if self.frame_names is None else self.frame_names
        if len(names) != frames:
            raise ValueError(f"{len(names)} frame_names for {frames} frames: give one for each")
        return names

    def _palette(self) -> tuple[bytes, NDArray[np.uint8]]:
        """Choose the palette, and the place in it of every colour that was drawn."""
        drawn, place = np.unique(np.concatenate([c for c, _ in self._counts]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([n for _, n in self._counts]))
        palette = _channels(drawn)
        if len(drawn) > COLOURS:
            kept = _channels(np.intersect1d(drawn, self._kept()))
            # Square roots, so that small marks have a say beside wide areas.
            sample = np.repeat(palette, np.ceil(np.sqrt(counts)).astype(int), axis=0)
            reduced = Image.fromarray(sample[np.newaxis]).quantize(COLOURS - len(kept))
            others = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)
            palette = np.unique(np.concatenate([kept, others]), axis=0)
        index = np.zeros(1 << 24, np.uint8)
        index[drawn] = KDTree(palette).query(_channels(drawn))[1]
        return palette.tobytes(), index

    def _kept(self) -> NDArray[np.uint32]:
        """Return the colours that the palette holds exactly, where they occur."""
        style = cast("dict[str, Any]", mpl.rcParams)
        colours = [self.fig.get_facecolor(), *(style[ink] for ink in INKS)]
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


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
