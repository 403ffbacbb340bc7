"""Show pictures and animations of the gallery on any page, each in a light and a dark variant."""

from __future__ import annotations

import json
import posixpath
from html import escape
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from landscape_core.page import base64_of

from .picture_files import DENSITY, dark, description, frames, pictures_of


class picture(nodes.General, nodes.Element):  # noqa: N801
    """Light and dark variants of a still picture, or of an animation's poster."""


class Picture(SphinxDirective):
    """Show a picture of a gallery script, given as ``article/architecture``."""

    required_arguments = 1
    option_spec = {"number": directives.positive_int, "eager": directives.flag}  # noqa: RUF012
    animated = False

    def run(self) -> list[nodes.Node]:
        """Return the node with both variants."""
        part, script = self.arguments[0].split("/")
        images = Path(self.env.srcdir, "gallery", part, "images")
        candidates = [
            path
            for number, path in enumerate(pictures_of(images, script), start=1)
            if path.with_suffix(".gif").exists() == self.animated
            and number == self.options.get("number", number)
        ]
        if not candidates:
            raise self.error(f"{self.name}: the gallery has none of {self.arguments[0]!r}")
        path = candidates[0]
        node = picture(
            alt=description(path),
            eager="eager" in self.options,
            density=1 if self.animated else DENSITY,
        )
        if self.animated:
            node["frames"] = frames(path.with_suffix(".gif"))
        for variant in (path, dark(path)):
            files = [variant, variant.with_suffix(".gif")] if self.animated else [variant]
            for file in files:
                node += nodes.image(uri=f"/{file.relative_to(self.env.srcdir).as_posix()}")
        return [node]


class Animation(Picture):
    """Show an animation of a gallery script: its poster, and a button that plays it."""

    animated = True


def visit_picture(self: HTML5Translator, node: picture) -> NoReturn:
    """Write both variants; the style sheet shows the one that belongs to the page's theme."""
    step = 2 if "frames" in node else 1  # each poster is followed by its GIF
    uris = [image["uri"] for image in node.findall(nodes.image)]
    files = [Path(self.builder.srcdir, uri) for uri in uris]
    images = [posixpath.join(self.builder.imgpath, quote(self.builder.images[u])) for u in uris]
    alt, loading = escape(node["alt"]), "" if node["eager"] else ' loading="lazy"'
    stills, links = "", ""
    for theme, place in (("light", 0), ("dark", step)):
        with Image.open(files[place]) as content:
            width, height = (round(side / node["density"]) for side in content.size)
        stills += (
            f'<img class="only-{theme}" src="{escape(images[place])}" alt="{alt}" '
            f'width="{width}" height="{height}" decoding="async"{loading}>'
        )
        gif = place + step - 1
        kilobytes = round(files[gif].stat().st_size / 1000)
        links += f'<a class="only-{theme}" href="{escape(images[gif])}">'
        links += f"The animation as a GIF, {kilobytes} kB</a>"
    if "frames" not in node:
        self.body.append(f'<div class="picture">{stills}</div>\n')
        raise nodes.SkipNode
    names = escape(json.dumps(node["frames"], ensure_ascii=False))
    self.body.append(
        f'<div class="animation" data-frames="{names}">'
        f'<div class="stage">{stills}</div><p class="gif">{links}</p></div>\n'
    )
    raise nodes.SkipNode


def write_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Write the bytes of each GIF into a script, too: a page on a disk may read nothing else."""
    if exception is None:
        for gif in Path(app.outdir, app.builder.imagedir).glob("*.gif"):
            text = f'document.currentScript.dataset.gif = "{base64_of(gif.read_bytes())}";\n'
            gif.with_suffix(".gif.js").write_text(text, encoding="ascii")


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_node(picture, html=(visit_picture, None))
    app.add_directive("picture", Picture)
    app.add_directive("animation", Animation)
