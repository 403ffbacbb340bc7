"""Write what the page "Drop a ball" shows: one file for each surface, loaded when it is chosen.

A surface is defined by the Python code that the page offers to its readers, so that the two cannot
differ. Its grid of costs and its critical points come from the core, and so do the constants with
which the browser computes the exact cost itself.
"""

from __future__ import annotations

import gzip
import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sphinx.application import Sphinx
from sphinx.config import Config

import landscape_core
from landscape_core import WeightPlane, load_mnist
from landscape_core.page import EXPLORER, SCRIPTS, base64_of, call, catalogue, surface_file

from .kept_results import keep_results

PAGE = "drop_a_ball"
*BEFORE_APP, APP = SCRIPTS
# Scripts for a page of many surfaces:
CHOICE = "network", "slice", "below", "own", "chooser", "atlas", "choice"
DIGITS = (100, 1_000, 10_000)  # for slices of the reader's own: as few as will do are loaded

WINDOW = (-15.0, 17.0, -15.0, 18.0)  # the article's: from a, to a, from b, to b
STARTS = ((-9.0, 15.0), (12.0, 12.0), (6.0, -9.0))


@dataclass(frozen=True)
class Surface:
    """A surface to choose: the code that makes its plane, and with what the page begins."""

    name: str
    group: str
    title: str
    code: str
    rate: float
    epochs: int
    window: tuple[float, float, float, float] = WINDOW
    starts: tuple[tuple[float, float], ...] = STARTS

    @property
    def imports(self) -> list[str]:
        """The names of the package that the code uses."""
        return sorted(set(re.findall(r"\w+", self.code)) & set(landscape_core.__all__))

    def plane(self) -> WeightPlane:
        """Run the code."""
        names = {name: getattr(landscape_core, name) for name in self.imports}
        exec(self.code, names)
        plane: WeightPlane = names["plane"]
        return plane


def _random(seed: int, digits: int, a: tuple[int, int, int], b: tuple[int, int, int]) -> str:
    network = f"Network.random(seed={seed})"
    return f"plane = WeightPlane({network}, load_mnist({digits}), a={a}, b={b})"


OUTPUT = (2, 5, 250), (2, 5, 251)
ARTICLE_STARTS = ((-9.0, 15.0), (-10.1, 15.0), (-11.0, 15.0))
TRAINED = """\
training = train(Network.random(seed=135), load_mnist(1000), Adam(0.001), epochs=100, batch=50)
network = training.networks[-1]
plane = WeightPlane(network, load_mnist(1000), a=(2, 5, 250), b=(2, 5, 251))"""

SURFACES = (
    Surface(
        "n100", "The article’s network", "100 digits", _random(135, 100, *OUTPUT),
        rate=5.0, epochs=10_000, starts=ARTICLE_STARTS,
    ),
    Surface(
        "n100-wide", "The article’s network", "100 digits, from further away",
        _random(135, 100, *OUTPUT),
        rate=50.0, epochs=5_000, window=(-20.0, 60.0, -20.0, 25.0), starts=ARTICLE_STARTS,
    ),
    Surface(
        "n10000", "The article’s network", "10,000 digits", _random(135, 10_000, *OUTPUT),
        rate=50.0, epochs=1_000,
    ),
    *(
        Surface(
            f"seed{seed}-n500", "Other seeds, 500 digits", f"seed {seed}",
            _random(seed, 500, (1, 200, 30), (1, 200, 31)),
            rate=200.0, epochs=1_000,
        )
        for seed in (3, 16, 60, 140)
    ),
    *(
        Surface(
            f"seed{seed}-n1000", "Other seeds, 1,000 digits", title,
            _random(seed, 1000, (1, 5, 5), (1, 5, 6)),
            rate=100.0, epochs=1_000,
        )
        for seed, title in (
            (158, "seed 158"), (20, "seed 20"), (41, "seed 41"),
            (140, "seed 140, which the article calls 106"),
        )
    ),
    Surface(
        "trained", "A trained network", "1,000 digits", TRAINED, rate=5.0, epochs=1_000,
    ),
)  # fmt: skip


def _digits(count: int) -> str:
    """Pack the first digits, all pixels and then all labels."""
    digits = load_mnist(count)
    content = np.rint(digits.images * 255).astype(np.uint8).tobytes()
    content += digits.labels.astype(np.uint8).tobytes()
    return call("takeDigits", count, base64_of(gzip.compress(content, mtime=0)))


def _folder(app: Sphinx) -> Path:
    return Path(app.srcdir, "gallery", "static")


def add_static_path(app: Sphinx, config: Config) -> None:
    """Let Sphinx copy the explorer and its surfaces with the other static files."""
    shutil.rmtree(_folder(app) / "ball", ignore_errors=True)
    shutil.copytree(EXPLORER, _folder(app) / "ball", ignore=shutil.ignore_patterns("*.html"))
    config.html_static_path.append(_folder(app).relative_to(app.srcdir).as_posix())


def write_surfaces(app: Sphinx) -> None:
    """Write all files; what is costly in them is kept from one build to the next."""
    folder = _folder(app) / "surfaces"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    gallery = app.config.sphinx_gallery_conf
    files = Parallel(n_jobs=2)(delayed(_kept_file)(surface, gallery) for surface in SURFACES)
    entries = []
    for surface, file in zip(SURFACES, files, strict=True):
        text = call("register", surface.name, file)
        (folder / f"{surface.name}.js").write_text(text, encoding="ascii")
        # The address of a file changes with what it holds.
        entry = {"file": f"{surface.name}.js?v={zlib.crc32(text.encode()):08x}"}
        shown = ("name", "group", "title", "rate", "epochs", "starts")
        entries.append(entry | {field: getattr(surface, field) for field in shown})
    for count in DIGITS:
        (folder / f"digits{count}.js").write_text(_digits(count), encoding="ascii")
    (folder / "catalogue.js").write_text(catalogue(entries), encoding="ascii")


def _kept_file(surface: Surface, gallery: dict[str, Any]) -> dict[str, Any]:
    keep_results(gallery)
    a0, a1, b0, b1 = surface.window
    return surface_file(surface.plane(), (a0, a1), (b0, b1), surface.code, surface.imports)


def add_scripts(app: Sphinx, page: str, *_: Any) -> None:
    """Load the scripts and styles on their one page only."""
    if page == PAGE:
        app.add_css_file("ball/ball.css")
        ball = (f"ball/{script}.js" for script in (*BEFORE_APP, *CHOICE))
        for script in (*ball, "surfaces/catalogue.js", f"ball/{APP}.js"):
            app.add_js_file(script, loading_method="defer")
