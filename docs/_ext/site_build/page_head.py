"""Describe each page to search engines and to those who share a link to it."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from .picture_directive import picture

LENGTH = 200  # characters of a description
PREVIEW = "_static/preview.png", "Three paths down a loss landscape."
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?!#|/|[a-z]+:)(?:\./)?([^"]*)"')


def describe_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add description and Open Graph tags to a page's head."""
    if doctree is None:
        return
    description = _description(doctree)
    tags = []
    if not any(meta.get("name") == "description" for meta in doctree.findall(nodes.meta)):
        tags.append(f'<meta name="description" content="{escape(description)}">')
    graph = {
        "title": nodes.Text(context["title"]).astext(),
        "description": description,
        "type": "website" if page == app.config.root_doc else "article",
        "site_name": app.config.project,
    }
    if base := app.config.html_baseurl:  # both have to be whole addresses
        image, alt = _image(app, doctree)
        graph |= {"image": base + image, "image:alt": alt}
        graph["url"] = base + app.builder.get_target_uri(page)
    for name, content in graph.items():
        tags.append(f'<meta property="og:{name}" content="{escape(content)}">')
    context["metatags"] = "\n".join([context["metatags"], *tags])


def _description(doctree: nodes.document) -> str:
    """Return the page's own description, or the start of its first paragraph of plain words."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return str(meta["content"])
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and not any(paragraph.findall(nodes.math)):
            text = " ".join(paragraph.astext().split())
            return text if len(text) <= LENGTH else text[:LENGTH].rsplit(" ", 1)[0] + " …"
    return next(iter(doctree.findall(nodes.title))).astext()


def _image(app: Sphinx, doctree: nodes.document) -> tuple[str, str]:
    """Return the page's first picture, or the site's own, and what is to be seen in it."""
    for both in doctree.findall(picture):
        uri = next(iter(both.findall(nodes.image)))["uri"]
        return f"{app.builder.imagedir}/{app.builder.images[uri]}", both["alt"]
    return PREVIEW


def root_links(app: Sphinx, exception: Exception | None) -> None:
    """Let the page 404, which is shown at any wrong address, link from the site's root.

    Links within the page stay: a ``base`` element would send them to the home page.
    """
    root = urlsplit(app.config.html_baseurl).path
    page = Path(app.outdir, "404.html")
    if exception is None and root and page.exists():
        html = RELATIVE.sub(rf'\1="{root}\2"', page.read_text(encoding="utf-8"))
        page.write_text(html, encoding="utf-8")


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages that a reader may look for, by their whole addresses."""
    base = app.config.html_baseurl
    sitemap = Path(app.outdir, "sitemap.xml")
    sitemap.unlink(missing_ok=True)
    if exception is not None or not base:
        return
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for page in sorted(app.env.found_docs):
        if "orphan" not in app.env.metadata[page] or page.endswith("/index"):
            address = escape(base + app.builder.get_target_uri(page))
            lines.append(f"<url><loc>{address}</loc></url>")
    lines.append("</urlset>\n")
    sitemap.write_text("\n".join(lines), encoding="utf-8")
