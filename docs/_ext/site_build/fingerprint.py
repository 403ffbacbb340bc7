"""Run a figure again when anything that it rests on has changed, and only then.

sphinx-gallery looks at a script's own text alone, and writes its ``.md5`` before the script's page
is complete. Here a fingerprint is taken of the package with its data, of the libraries and of
these extensions; where it differs from the one of the last complete run, or where there was no
complete run, the ``.md5`` files are dropped and all figures run.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.config import Config

import landscape_core

EXTENSIONS = Path(__file__).parent


def fingerprint() -> str:
    """Return a digest of everything but the scripts that the figures depend on."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in ("landscape-core", *_requirements(), "sphinx-gallery"):
        digest.update(f"{library} {distribution(library).version}\n".encode())
    for path in _files():
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _requirements() -> Iterator[str]:
    for requirement in sorted(distribution("landscape-core").requires or []):
        yield Requirement(requirement).name


def _files() -> Iterator[Path]:
    for folder in (Path(landscape_core.__file__).parent, EXTENSIONS):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _stamp(app: Sphinx) -> Path:
    return Path(app.srcdir, "gallery", "fingerprint")


def forget_stale_figures(app: Sphinx) -> None:
    """Let sphinx-gallery run all figures unless the last run was complete and is current."""
    stamp = _stamp(app)
    if not stamp.exists() or stamp.read_text() != fingerprint():
        for path in stamp.parent.rglob("*.md5"):
            path.unlink()
    stamp.unlink(missing_ok=True)


def record_figures(app: Sphinx) -> None:
    """Note that every figure with an ``.md5`` is complete."""
    _stamp(app).parent.mkdir(exist_ok=True)
    _stamp(app).write_text(fingerprint())


def forget_unfinished_pages(app: Sphinx, config: Config) -> None:
    """Read and write every page again when the last build was killed or had warnings."""
    unfinished = _unfinished(app)
    if unfinished.exists():
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()


def record_pages(app: Sphinx, exception: Exception | None) -> None:
    """Note that the pages are complete."""
    if exception is None and app._warncount == 0:
        _unfinished(app).unlink()


def _unfinished(app: Sphinx) -> Path:
    return Path(app.doctreedir, "unfinished")


def bring_build_info(app: Sphinx) -> None:
    """Give Sphinx its notes on the last build, from which it sees whether settings changed."""
    inside, outside = _build_info(app)
    if outside.exists():
        outside.replace(inside)


def put_away_build_info(app: Sphinx, exception: Exception | None) -> None:
    """Keep those notes out of the site: they depend on where libraries are installed."""
    inside, outside = _build_info(app)
    if inside.exists():
        inside.replace(outside)
    inside.with_name(".buildinfo.bak").unlink(missing_ok=True)  # left where settings changed


def _build_info(app: Sphinx) -> tuple[Path, Path]:
    return Path(app.outdir, ".buildinfo"), Path(app.doctreedir, "buildinfo")
