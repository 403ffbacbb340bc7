"""Run a figure again when anything that it rests on has changed, and only then.

sphinx-gallery looks at a script's own text alone, and writes its ``.md5`` before the script's page
is complete. Here a fingerprint is taken of the package with its data, of the libraries and of
these extensions; where it differs from the one of the last complete run, or where there was no
complete run, the ``.md5`` files are dropped and all figures run.
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import landscape_core

from .picture_files import gifs_of

PACKAGE = Path(landscape_core.__file__).parent
EXTENSIONS = Path(__file__).parent
UNSEEN = {"__pycache__", "explorer"}  # no figure shows what is in these folders


@cache
def package_fingerprint() -> str:
    """Return a digest of everything but the scripts that the figures' numbers depend on."""
    wanted = sorted(distribution("landscape-core").requires or [])
    libraries = ["landscape-core", *(Requirement(line).name for line in wanted)]
    versions = [f"{name} {distribution(name).version}" for name in libraries]
    return _digest(PACKAGE, platform.python_version(), *versions)


@cache
def fingerprint() -> str:
    """Return a digest of everything but the scripts that the figures' looks depend on."""
    libraries = ("celluloid", "scikit-learn", "sphinx-gallery")
    versions = [f"{name} {distribution(name).version}" for name in libraries]
    return _digest(EXTENSIONS, package_fingerprint(), *versions)


def _digest(folder: Path, *lines: str) -> str:
    digest = hashlib.sha256("\n".join(lines).encode())
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not UNSEEN & set(name.parts):
            digest.update(f"\n{name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp(app: Sphinx) -> Path:
    return Path(app.srcdir, "gallery", "fingerprint")


def forget_stale_figures(app: Sphinx) -> None:
    """Let sphinx-gallery run all figures unless the last run was complete and is current."""
    stamp = _stamp(app)
    if not stamp.exists() or stamp.read_text() != fingerprint():
        for path in stamp.parent.rglob("*.md5"):
            path.unlink()
    stamp.unlink(missing_ok=True)
    for folder in app.config.sphinx_gallery_conf["examples_dirs"]:  # of a run that was cut short
        for script in Path(app.srcdir, folder).glob("*.py"):
            for gif in gifs_of(script.parent, script.stem):
                gif.unlink()


def forget_gone_scripts(app: Sphinx) -> None:
    """Remove what former builds have made of scripts that are there no more."""
    gallery = app.config.sphinx_gallery_conf
    for scripts, pages in zip(gallery["examples_dirs"], gallery["gallery_dirs"], strict=True):
        for page in Path(app.srcdir, pages).glob("*.rst"):
            script = Path(app.srcdir, scripts, f"{page.stem}.py")
            if page.stem != "index" and not script.exists():
                for file in page.parent.glob(f"{page.stem}.*"):
                    file.unlink()
                Path(app.outdir, pages, f"{page.stem}.html").unlink(missing_ok=True)


def record_figures(app: Sphinx) -> None:
    """Note that every figure with an ``.md5`` is complete."""
    _stamp(app).parent.mkdir(exist_ok=True)
    _stamp(app).write_text(fingerprint())


def forget_words(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Begin the search's index anew when all pages are read: Sphinx keeps words that are gone."""
    if env.found_docs <= set(pages):
        Path(app.outdir, "searchindex.js").unlink(missing_ok=True)


def remove_build_info(app: Sphinx, exception: Exception | None) -> None:
    """Keep Sphinx's own notes out of the site: they depend on where libraries are installed."""
    for name in (".buildinfo", ".buildinfo.bak"):
        Path(app.outdir, name).unlink(missing_ok=True)
