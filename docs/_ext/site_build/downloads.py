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
Every figure of the site, as a script and as a notebook, with the package that they use.
Install them in a new environment: python -m pip install -r requirements.txt
Then run any of them: python article/descent_3d.py, or open a notebook with jupyter notebook
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
    wheel, wheel_content = _wheel(Path(app.srcdir).parent)
    everything = {
        "README.txt": README.encode(),
        "requirements.txt": f"./{wheel}\ncelluloid\nnotebook\nscikit-learn\n".encode(),
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
