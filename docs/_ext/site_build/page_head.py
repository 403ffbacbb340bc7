"""Describe each page to search engines and to those who share a link to it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from .picture_directive import picture

LENGTH = 200  # characters of a description
PREVIEW = "_static/preview.png"


def describe_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add description and Open Graph tags to a page's head, and the root for the page 404."""
    base = app.config.html_baseurl
    context["root"] = urlsplit(base).path if page == "404" else ""
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
        "image": (base or context["content_root"]) + _image(app, doctree),
    }
    if base:
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


def _image(app: Sphinx, doctree: nodes.document) -> str:
    for both in doctree.findall(picture):
        uri = next(iter(both.findall(nodes.image)))["uri"]
        return f"{app.builder.imagedir}/{app.builder.images[uri]}"
    return PREVIEW


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages that a reader may look for."""
    if exception is not None:
        return
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for page in sorted(app.env.found_docs):
        if "orphan" not in app.env.metadata[page] or page.endswith("/index"):
            address = app.config.html_baseurl + app.builder.get_target_uri(page)
            lines.append(f"<url><loc>{escape(address)}</loc></url>")
    lines.append("</urlset>\n")
    Path(app.outdir, "sitemap.xml").write_text("\n".join(lines), encoding="utf-8")
