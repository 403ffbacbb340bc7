"""Run every script that has just run once more: in dark colours, and for its notebook.

The second run goes through the same blocks in the same folder, so that the n-th picture in dark
colours is the n-th in light ones, and each block's output belongs to one cell of the notebook.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
from joblib import Parallel, delayed
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from .cards import make_thumbnail
from .kept_results import keep_results
from .picture_files import dark, gifs_of, picture_file, pictures_of
from .scraper import drawings, store

LINK = re.compile(r":doc:`([^<`]+?)\s*<([^>]+)>`")
STATE = re.compile(r"\[([^\]]+)\]\(\.\./\.\./([^)]+)\)_?")  # of the explorer
DARK_STYLE = Path(__file__).with_name("dark.mplstyle")

logger = logging.getLogger(__name__)


def run_again(app: Sphinx) -> None:
    """Finish what sphinx-gallery has just begun: dark pictures, notebooks, thumbnails."""
    gallery = app.config.sphinx_gallery_conf
    scripts = [Path(name) for name in gallery["passing_examples"]]
    copies = [Path(app.srcdir, "gallery", *script.parts[-2:]) for script in scripts]
    with warnings.catch_warnings():
        # A process that has run several scripts is larger by some 300 MB, digits and libraries
        # among them. joblib takes that for a leak, starts another in its place, and goes on.
        warnings.filterwarnings("ignore", "A worker stopped")
        outcomes = Parallel(n_jobs=2)(
            delayed(_attempt)(*both, gallery, app.config.html_baseurl)
            for both in zip(scripts, copies, strict=True)
        )
    for copy, failure in zip(copies, outcomes, strict=True):
        if failure:
            copy.with_suffix(".py.md5").unlink()  # run it again next time
            logger.warning("%s: %s", copy.name, failure)


def _attempt(script: Path, copy: Path, gallery: dict[str, Any], address: str) -> str:
    try:
        keep_results(gallery)
        _, blocks = split_code_and_text_blocks(os.fspath(script))
        outputs = run_in_dark(script, blocks, copy.parent / "images")
        _fill(copy.with_suffix(".ipynb"), outputs, address)
        make_thumbnail(copy.parent / "images", script.stem)
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"
    return ""


class Output(NamedTuple):
    """What a block prints, and the light pictures of what it draws: first those of its GIFs."""

    printed: str
    pictures: list[Path]
    gifs: list[str]


def run_in_dark(script: Path, blocks: list[Any], images: Path) -> list[Output]:
    """Run a script's blocks, store their pictures beside the light ones, and return the outputs."""
    light = pictures_of(images, script.stem)
    main = ModuleType("__main__")
    usual = sys.modules["__main__"]
    outputs = []
    count = 0
    plt.rcdefaults()
    plt.style.use(DARK_STYLE)
    sys.modules["__main__"] = main
    sys.path.append(os.fspath(script.parent))
    try:
        with chdir(script.parent):
            for block in blocks:
                if block.type != "code":
                    continue
                printed = StringIO()
                with redirect_stdout(printed), redirect_stderr(printed):
                    code = "\n" * (block.lineno - 1) + block.content
                    exec(compile(code, script, "exec"), main.__dict__)
                first = count
                gifs = []
                for drawn in drawings(script):
                    count += 1
                    if isinstance(drawn, Path):
                        gifs.append(drawn.name)
                    store(drawn, dark(picture_file(images, script.stem, count)))
                outputs.append(Output(printed.getvalue(), light[first:count], gifs))
    finally:
        sys.modules["__main__"] = usual
        sys.path.remove(os.fspath(script.parent))
        plt.close("all")
        for gif in gifs_of(script.parent, script.stem):
            gif.unlink()
    if count != len(light):
        raise ValueError(f"draws {len(light)} pictures in light colours and {count} in dark ones")
    return outputs


def _fill(notebook: Path, outputs: list[Output], address: str) -> None:
    """Give each code cell of a notebook the output of its block, and finish its texts."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = [to_markdown("".join(cell["source"]), address)]
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    for number, (cell, output) in enumerate(zip(cells, outputs, strict=True), start=1):
        cell["execution_count"] = number
        if output.printed:
            printed = {"output_type": "stream", "name": "stdout", "text": output.printed}
            cell["outputs"].append(printed)
        if output.gifs:
            cell["source"].append("\n\nfrom IPython.display import Image, display\n")
            cell["source"] += [f'\ndisplay(Image("{gif}"))' for gif in output.gifs]
        for place, picture in enumerate(output.pictures):
            kind = "gif" if place < len(output.gifs) else "png"
            file = picture.with_suffix(f".{kind}").read_bytes()
            data = {f"image/{kind}": base64.b64encode(file).decode()}
            cell["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def to_markdown(text: str, address: str) -> str:
    """Write the links that sphinx-gallery leaves in a notebook's text as Markdown.

    Where the site has no address, a link is its text alone.
    """

    def link(match: re.Match[str]) -> str:
        words, page = " ".join(match[1].split()), match[2].lstrip("/")
        return f"[{words}]({address}{page}.html)" if address else f"*{words}*"

    def state(match: re.Match[str]) -> str:
        return f"[{match[1]}]({address}{match[2]})" if address else f"*{match[1]}*"

    return LINK.sub(link, STATE.sub(state, text))
