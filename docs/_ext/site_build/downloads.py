"""Make the downloads: scripts, notebooks, and one archive that runs wherever Python does.

Archives hold no times, so that two builds give the same bytes.
"""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import sphinx_gallery.gen_gallery
from hatchling.build import build_wheel
from sphinx.application import Sphinx

ARCHIVE = "landscape-core-figures.zip"
README = """\
Loss landscapes: every figure as a script and as a notebook
===========================================================

These are the figures of the site "Loss landscapes"{where}. It computes anew the surfaces
of Tobias Roeschl's article "Animations of Gradient Descent and Loss Landscapes of Neural
Networks in Python" (Towards Data Science, 2020), tests what the article says about them,
and looks further. The scripts use the package landscape-core {version}, which lies beside them.

Run a script
------------
You need Python 3.11 or newer. In a new environment:

    python -m pip install -r requirements.txt
    python article/descent_3d.py

A script prints its numbers, shows its still figures in windows, and leaves its animation
as a GIF in the folder that it is run in. No digit is downloaded: they are in the package.

Read a notebook
---------------
The notebooks hold the texts of the pages, and run where Jupyter is installed:

    python -m pip install -r requirements-notebooks.txt
    jupyter notebook

Licences
--------
The code is under the MIT licence (LICENSE.txt), texts and figures are under CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/). The digits inside the package are the first
10,000 of MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, under CC BY-SA 3.0
(https://creativecommons.org/licenses/by-sa/3.0/).
"""
LINK = f"""
.. container:: sphx-glr-footer

   :download:`All figures, scripts and notebooks: {ARCHIVE} </gallery/{ARCHIVE}>`

"""


def write_archive(path: Path, files: dict[str, bytes]) -> None:
    """Write files into an archive."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # of 1 January 1980
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    path.write_bytes(content.getvalue())


def _wheel(root: Path) -> tuple[str, bytes]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(root):
        name = build_wheel(folder)
        return name, Path(folder, name).read_bytes()


def make_downloads(app: Sphinx) -> None:
    """Collect scripts, notebooks and the package."""
    root = Path(app.srcdir).parent
    wheel, wheel_content = _wheel(root)
    where = f",\n{app.config.html_baseurl}" if app.config.html_baseurl else ""
    readme = README.format(where=where, version=app.config.version)
    everything = {
        "README.txt": readme.encode(),
        "LICENSE.txt": (root / "LICENSE").read_bytes(),
        "requirements.txt": f"./{wheel}\ncelluloid\nscikit-learn\n".encode(),
        "requirements-notebooks.txt": b"-r requirements.txt\nnotebook\n",
        wheel: wheel_content,
    }
    for folder in app.config.sphinx_gallery_conf["gallery_dirs"]:
        for script in sorted(Path(app.srcdir, folder).glob("*.py")):
            both = {file.name: file.read_bytes() for file in (script, script.with_suffix(".ipynb"))}
            write_archive(script.with_suffix(".zip"), both)
            everything |= {f"{script.parent.name}/{name}": both[name] for name in both}
    write_archive(Path(app.srcdir, "gallery", ARCHIVE), everything)


def replace_archives() -> None:
    """Let one archive take the place of sphinx-gallery's."""
    sphinx_gallery.gen_gallery.generate_zipfiles = lambda *_: LINK
