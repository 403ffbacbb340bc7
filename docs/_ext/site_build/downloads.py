"""Make the downloads: executed notebooks, and one archive that runs wherever Python does.

The notebooks' outputs are what the scripts printed and drew while the site was built. Archives hold
no times, so that two builds give the same bytes.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import tempfile
import textwrap
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

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
BLOCK = re.compile(r"^\.\. GENERATED FROM PYTHON SOURCE LINES .*$", re.MULTILINE)
PRINTED = re.compile(
    r"^\.\. rst-class:: sphx-glr-script-out\n\n \.\. code-block:: none\n\n((?:    .*\n|\n)+)",
    re.MULTILINE,
)
DRAWN = re.compile(r"^\.\. (?:picture|animation):: \w+/(\w+)\n   :number: (\d+)$", re.MULTILINE)


def execute(notebook: Path) -> None:
    """Fill a notebook with the outputs on the page of the same script."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    page = notebook.with_suffix(".rst").read_text(encoding="utf-8")
    count = 0
    for cell, block in zip(content["cells"], BLOCK.split(page), strict=True):
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = _outputs(block, notebook.parent / "images")
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def _outputs(block: str, images: Path) -> list[dict[str, Any]]:
    outputs: list[dict[str, Any]] = []
    if printed := PRINTED.search(block):
        text = textwrap.dedent(printed[1]).strip("\n") + "\n"
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    for script, number in DRAWN.findall(block):
        image = images / f"sphx_glr_{script}_{int(number):03}.png"
        data = {"image/png": base64.b64encode(image.read_bytes()).decode()}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    return outputs


def write_archive(path: Path, files: dict[str, bytes]) -> None:
    """Write files into an archive, unless it holds them already."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # of 1 January 1980
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    if not path.exists() or path.read_bytes() != content.getvalue():
        path.write_bytes(content.getvalue())


def _wheel(root: Path) -> tuple[str, bytes]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(root):
        name = build_wheel(folder)
        return name, Path(folder, name).read_bytes()


def make_downloads(app: Sphinx) -> None:
    """Fill the notebooks of the scripts that have just run, and collect everything."""
    gallery = app.config.sphinx_gallery_conf
    ran = {Path(name).parts[-2:] for name in gallery["passing_examples"]}
    wheel, wheel_content = _wheel(Path(app.srcdir).parent)
    everything = {
        "README.txt": README.encode(),
        "requirements.txt": f"./{wheel}\ncelluloid\nnotebook\n".encode(),
        wheel: wheel_content,
    }
    for folder in gallery["gallery_dirs"]:
        for script in sorted(Path(app.srcdir, folder).glob("*.py")):
            notebook = script.with_suffix(".ipynb")
            if script.parts[-2:] in ran:
                execute(notebook)
            both = {file.name: file.read_bytes() for file in (script, notebook)}
            write_archive(script.with_suffix(".zip"), both)
            everything |= {f"{script.parent.name}/{name}": both[name] for name in both}
    write_archive(Path(app.srcdir, "gallery", ARCHIVE), everything)


def replace_archives() -> None:
    """Let one archive take the place of sphinx-gallery's."""
    sphinx_gallery.gen_gallery.generate_zipfiles = lambda *_: LINK
