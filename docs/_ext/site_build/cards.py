"""Show each figure of a gallery's index as a card: a still thumbnail and a link.

sphinx-gallery's own thumbnails have no text alternative and no dark variant, and their HTML is not
valid. Its template is replaced, so that its indices and minigalleries are made of cards.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import sphinx_gallery.backreferences
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .picture_directive import picture
from .picture_files import DENSITY, dark, description, detail, picture_file, thumbnail_file

TEMPLATE = """
.. card:: {doc_name}

   {title}

"""


class Card(SphinxDirective):
    """Show a thumbnail of a figure and a link to its page."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        page = Path(self.arguments[0])
        thumbnail = thumbnail_file(page.parent / "images", page.name)
        alt = description(Path(self.env.srcdir, *thumbnail.parts[1:]))
        both = picture(alt=alt, eager=False, density=DENSITY)
        for variant in (thumbnail, dark(thumbnail)):
            both += nodes.image(uri=variant.as_posix())
        title = nodes.inline("", " ".join(self.content))
        target = {"refdomain": "std", "reftype": "doc", "reftarget": page.as_posix()}
        known = {"refdoc": self.env.docname, "refexplicit": True, "refwarn": True}
        link = addnodes.pending_xref("", title, **target, **known)  # in Markdown, too
        return [nodes.container("", both, nodes.paragraph("", "", link), classes=["card"])]


def make_thumbnail(images: Path, script: str) -> None:
    """Let the detail of a script's first picture be its thumbnail, in both variants."""
    picture, thumbnail = picture_file(images, script, 1), thumbnail_file(images, script)
    for source, target in ((picture, thumbnail), (dark(picture), dark(thumbnail))):
        shutil.copyfile(detail(source), target)


def register(app: Sphinx) -> None:
    """Register the directive and let sphinx-gallery use it."""
    app.add_directive("card", Card)
    sphinx_gallery.backreferences.THUMBNAIL_TEMPLATE = TEMPLATE
