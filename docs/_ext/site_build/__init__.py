"""How the site is built: all steps, in their order.

Within an event, steps follow each other by priority, and those of one priority as they stand here.
sphinx-gallery runs the scripts, and Furo prepares each page, at Sphinx's own priority of 500.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import cards, dark_variants, downloads, fingerprint, mathml, page_head, seen_in, surfaces
from . import picture_directive as pictures

BEFORE, AFTER = 400, 600

STEPS = (
    ("config-inited", BEFORE, fingerprint.forget_unfinished_pages),
    ("config-inited", BEFORE, surfaces.add_static_path),
    ("builder-inited", BEFORE, fingerprint.bring_build_info),
    ("builder-inited", BEFORE, fingerprint.forget_stale_figures),
    # sphinx-gallery runs each script that is not current: light pictures, pages, notebooks
    ("builder-inited", AFTER, dark_variants.draw_variants),
    ("builder-inited", AFTER, downloads.make_downloads),
    ("builder-inited", AFTER, surfaces.write_surfaces),
    ("builder-inited", AFTER, fingerprint.record_figures),
    # every page is read
    ("autodoc-process-docstring", AFTER, seen_in.add_links),
    # every page is written
    ("html-page-context", AFTER, page_head.describe_page),
    ("html-page-context", AFTER, surfaces.add_scripts),
    ("build-finished", AFTER, page_head.write_sitemap),
    ("build-finished", AFTER, fingerprint.put_away_build_info),
    ("build-finished", AFTER, fingerprint.record_pages),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what pages are made of, and connect the steps."""
    cards.register(app)
    mathml.register(app)
    pictures.register(app)
    downloads.replace_archives()
    for event, priority, step in STEPS:
        app.connect(event, step, priority=priority)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
