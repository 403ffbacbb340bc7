"""Link each object of the package's reference to the figures that use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def add_links(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Add a sentence with the links to an object's docstring."""
    gallery = app.config.sphinx_gallery_conf
    record = Path(app.srcdir, gallery["backreferences_dir"], "backreferences_all.json")
    figures = json.loads(record.read_text(encoding="utf-8")).get(name, [])
    links = []
    for script, _, folder, _, title in figures:
        page = Path(folder, script).relative_to(app.srcdir).with_suffix("")
        links.append(f":doc:`{title} </{page.as_posix()}>`")
    if links:
        lines += ["", ".. container:: seen-in", "", f"   Seen in {', '.join(links)}.", ""]
