"""Take the figures and animations that a block of a gallery script has made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .picture_files import (
    alternative,
    dark,
    description,
    detail,
    gifs_of,
    pictures_of,
    write_detail,
    write_figure,
    write_poster,
)


def scrape(block: Any, variables: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Store what a block has drawn, and return the directives that show it; for sphinx-gallery."""
    script = Path(variables["src_file"])
    places = variables["image_path_iterator"]
    if len(places) == 0:
        _forget_former_run(Path(variables["target_file"]).parent / "images", script.stem)
    rst = ""
    for drawn in drawings(script):
        store(drawn, Path(places.next()))
        name = "picture" if isinstance(drawn, Figure) else "animation"
        page = f"{script.parent.name}/{script.stem}"
        rst += f"\n.. {name}:: {page}\n   :number: {len(places)}\n\n"
    return rst


def drawings(script: Path) -> Iterator[Path | Figure]:
    """Yield what a block has drawn: its GIFs, then its figures but for those that are animated.

    A GIF belongs to the script whose name it bears, ``descent_3d.gif`` or
    ``descent_3d-slow.gif`` to ``descent_3d.py``: another script may run at the same time in the
    same folder.
    """
    try:
        figures = [plt.figure(number) for number in plt.get_fignums()]
        for gif in gifs_of(script.parent, script.stem):
            animated = [figure for figure in figures if alternative(figure) == description(gif)]
            if len(animated) > 1:
                raise ValueError(
                    f"{len(animated)} figures have the label of {gif.name}, {description(gif)!r}: "
                    "give each its own, so that the animated one is known"
                )
            figures = [figure for figure in figures if figure not in animated]
            yield gif
        yield from figures
    finally:
        plt.close("all")


def store(drawn: Path | Figure, place: Path) -> None:
    """Store a GIF with its poster, or a figure, as a picture of the gallery."""
    if isinstance(drawn, Figure):
        write_figure(drawn, place)
        write_detail(drawn, detail(place))
    else:
        write_poster(drawn.replace(place.with_suffix(".gif")), place)


def _forget_former_run(images: Path, script: str) -> None:
    for light in reversed(pictures_of(images, script)):  # at every moment there is no gap
        for former in (dark(light), light):
            for file in (former.with_suffix(".gif"), detail(former), former):
                file.unlink(missing_ok=True)
