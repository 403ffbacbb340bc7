"""Draw every figure that has just run once more in dark colours, and make the thumbnails."""

from __future__ import annotations

import contextlib
import os
import runpy
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
from joblib import Parallel, delayed
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx_gallery.py_source_parser import extract_file_config

from .picture_directive import (
    alternative,
    dark,
    description,
    pictures_of,
    write_figure,
    write_png,
    write_poster,
)
from .scraper import gifs_of

DARK_STYLE = Path(__file__).with_name("dark.mplstyle")
THUMBNAIL = (400, 280)

logger = logging.getLogger(__name__)


def draw_dark(script: Path, images: Path) -> None:
    """Run a script with the dark style and store its pictures beside the light ones."""
    light = {description(path): path for path in pictures_of(images, script.stem)}
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        plt.rcdefaults()
        plt.style.use(DARK_STYLE)
        try:
            runpy.run_path(str(script), run_name="__main__")
            found = set()
            for gif in gifs_of(Path(folder), script.stem):
                place = dark(light[description(gif)])
                found.add(description(gif))
                gif.replace(place.with_suffix(".gif"))
                write_poster(place.with_suffix(".gif"), place)
            for number in plt.get_fignums():
                figure = plt.figure(number)
                if alternative(figure) not in found:
                    found.add(alternative(figure))
                    write_figure(figure, dark(light[alternative(figure)]))
        finally:
            plt.close("all")
    if missing := light.keys() - found:
        raise ValueError(f"drawn in light colours and not in dark ones: {sorted(missing)}")
    _make_thumbnails(script, images)


def _make_thumbnails(script: Path, images: Path) -> None:
    """Shrink the first picture, or the one that the script chooses, in both variants."""
    settings = extract_file_config(script.read_text(encoding="utf-8"))
    pictures = pictures_of(images, script.stem)
    number = settings.get("thumbnail_number", 1)
    chosen = pictures[number - 1 if number > 0 else number]
    thumbnail = images / "thumb" / f"sphx_glr_{script.stem}_thumb.png"
    for source, target in ((chosen, thumbnail), (dark(chosen), dark(thumbnail))):
        with Image.open(source) as image:
            small = image.convert("RGB")
            small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
            write_png(small, target, description(source), colours=64)


def draw_variants(app: Sphinx) -> None:
    """Draw the dark variants of the scripts that sphinx-gallery has just run."""
    gallery = app.config.sphinx_gallery_conf
    folders = dict(zip(gallery["examples_dirs"], gallery["gallery_dirs"], strict=True))
    jobs = []
    for source, target in folders.items():
        for name in gallery["passing_examples"]:
            script = Path(name)
            if script.parent == Path(app.srcdir, source).resolve():
                jobs.append((script, Path(app.srcdir, target)))
    outcomes = Parallel(n_jobs=2)(delayed(_attempt)(*job) for job in jobs)
    for (script, target), failure in zip(jobs, outcomes, strict=True):
        if failure:
            Path(target, f"{script.name}.md5").unlink()  # run it again next time
            logger.warning("%s: %s", script.name, failure)


def _attempt(script: Path, target: Path) -> str:
    try:
        draw_dark(script, target / "images")
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"
    return ""
