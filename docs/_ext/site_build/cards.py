"""Show each figure of a gallery's index as a card: a still thumbnail and a link.

sphinx-gallery's own thumbnails have no text alternative and no dark variant, and their HTML is not
valid. Its template is replaced, so that its indices and minigalleries are made of cards.
"""

from __future__ import annotations

from pathlib import Path

import sphinx_gallery.backreferences
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .picture_directive import DENSITY, dark, description, picture

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
        thumbnail = page.parent / "images" / "thumb" / f"sphx_glr_{page.name}_thumb.png"
        alt = description(Path(self.env.srcdir, *thumbnail.parts[1:]))
        both = picture(alt=alt, eager=False, density=DENSITY)
        for variant in (thumbnail, dark(thumbnail)):
            both += nodes.image(uri=variant.as_posix())
        title = " ".join(self.content)
        link, _ = self.parse_inline(f":doc:`{title} <{page.as_posix()}>`")
        return [nodes.container("", both, nodes.paragraph("", "", *link), classes=["card"])]


def register(app: Sphinx) -> None:
    """Register the directive and let sphinx-gallery use it."""
    app.add_directive("card", Card)
    sphinx_gallery.backreferences.THUMBNAIL_TEMPLATE = TEMPLATE
