"""Take the figures and animations that a block of a gallery script has made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from .picture_directive import alternative, description, pictures_of, write_figure, write_poster


def scrape(block: Any, variables: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Store what a block has drawn, and return the directives that show it.

    A GIF belongs to the script whose name it bears, ``descent_3d.gif`` or
    ``descent_3d-slow.gif`` to ``descent_3d.py``: another script may run at the same time in the
    same folder. The figure that was animated is not shown a second time.
    """
    script = Path(variables["src_file"])
    places = variables["image_path_iterator"]
    images = Path(variables["target_file"]).parent / "images"
    if len(places) == 0:
        _forget_former_run(images, script.stem)
    try:
        rst = ""
        animated = set()
        for gif in gifs_of(script.parent, script.stem):
            place = Path(places.next())
            gif = gif.rename(place.with_suffix(".gif"))
            write_poster(gif, place)
            animated.add(description(gif))
            rst += _directive("animation", script, len(places))
        for number in plt.get_fignums():
            figure = plt.figure(number)
            if alternative(figure) not in animated:
                write_figure(figure, Path(places.next()))
                rst += _directive("picture", script, len(places))
        return rst
    finally:
        plt.close("all")


def gifs_of(folder: Path, script: str) -> list[Path]:
    """Return the GIFs in a folder that bear a script's name."""
    return sorted([*folder.glob(f"{script}.gif"), *folder.glob(f"{script}-*.gif")])


def _forget_former_run(images: Path, script: str) -> None:
    for light in pictures_of(images, script):
        for former in images.glob(f"{light.stem}*"):
            former.unlink()


def _directive(name: str, script: Path, number: int) -> str:
    return f"\n.. {name}:: {script.parent.name}/{script.stem}\n   :number: {number}\n\n"
