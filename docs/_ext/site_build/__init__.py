"""How the site is built: all steps, in their order.

Within an event, steps follow each other by priority, and those of one priority as they stand here.
sphinx-gallery runs the scripts, and Furo prepares each page, at Sphinx's own priority of 500.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import (
    cards,
    downloads,
    fingerprint,
    kept_results,
    mathml,
    page_head,
    picture_directive,
    results_first,
    running_times,
    second_run,
    seen_in,
    surfaces,
    templates,
)

BEFORE, AFTER = 400, 600

STEPS = (
    ("config-inited", BEFORE, surfaces.add_static_path),
    ("builder-inited", BEFORE, kept_results.forget_old_results),
    ("builder-inited", BEFORE, fingerprint.forget_gone_scripts),
    ("builder-inited", BEFORE, fingerprint.forget_stale_figures),
    # sphinx-gallery runs every script that is not current: light pictures, pages, notebooks
    ("builder-inited", AFTER, second_run.run_again),  # dark pictures, outputs, thumbnails
    ("builder-inited", AFTER, downloads.make_downloads),
    ("builder-inited", AFTER, surfaces.write_surfaces),
    ("builder-inited", AFTER, mathml.write_style),
    ("builder-inited", AFTER, fingerprint.record_figures),
    ("env-before-read-docs", AFTER, fingerprint.forget_words),
    # each page is read
    ("source-read", AFTER, running_times.add_running_time),
    ("autodoc-process-docstring", AFTER, seen_in.add_links),
    ("doctree-read", AFTER, results_first.put_results_first),
    # each page is written
    ("html-page-context", AFTER, templates.add_exchange),
    ("html-page-context", AFTER, page_head.describe_page),
    ("html-page-context", AFTER, surfaces.add_scripts),
    ("html-page-context", AFTER, mathml.add_style),
    # the site is there
    ("build-finished", AFTER, picture_directive.write_scripts),
    ("build-finished", AFTER, page_head.root_links),
    ("build-finished", AFTER, page_head.write_sitemap),
    ("build-finished", AFTER, fingerprint.remove_build_info),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what pages are made of, and connect the steps."""
    cards.register(app)
    mathml.register(app)
    picture_directive.register(app)
    results_first.register(app)
    downloads.replace_archives()
    for event, priority, step in STEPS:
        app.connect(event, step, priority=priority)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
