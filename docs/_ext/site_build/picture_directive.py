"""Show pictures and animations of the gallery on any page, each in a light and a dark variant."""

from __future__ import annotations

import json
import posixpath
from html import escape
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

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
            gif = path.with_suffix(".gif")
            node["frames"], node["duration"] = frames(gif)
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
    files: list[str] = []
    sizes: list[tuple[int, int]] = []
    for image in node.findall(nodes.image):
        uri = image["uri"]
        path = Path(self.builder.srcdir, uri)
        with Image.open(path) as content:
            sizes.append(content.size)
        image_name = quote(self.builder.images[uri])
        files.append(posixpath.join(self.builder.imgpath, image_name))
    animated = "frames" in node
    step = 2 if animated else 1
    themes = ("light", "dark")
    html = []
    for theme, file, size in zip(themes, files[::step], sizes[::step], strict=True):
        width, height = (round(side / node["density"]) for side in size)
        attributes: dict[str, Any] = {
            "class": f"only-{theme}",
            "src": file,
            "alt": node["alt"],
            "width": width,
            "height": height,
            "decoding": "async",
        }
        if not node["eager"]:
            attributes["loading"] = "lazy"
        html.append(f"<img {_attributes(attributes)}>")
    if not animated:
        wide = " wide" if sizes[0][0] > 1.2 * sizes[0][1] else ""
        self.body.append(f'<div class="picture{wide}">{"".join(html)}</div>\n')
        raise nodes.SkipNode
    data = {
        "class": "animation",
        "data-frames": json.dumps(node["frames"], ensure_ascii=False),
        "data-duration": node["duration"],
    }
    self.body.append(f'<div {_attributes(data)}><div class="stage">{"".join(html)}</div>')
    self.body.append('<p class="gif">')
    for theme, file, image in zip(
        themes, files[1::2], list(node.findall(nodes.image))[1::2], strict=True
    ):
        size_kb = round(Path(self.builder.srcdir, image["uri"]).stat().st_size / 1000)
        link = {"class": f"only-{theme}", "href": file}
        self.body.append(f"<a {_attributes(link)}>The animation as a GIF, {size_kb} kB</a>")
    self.body.append("</p></div>\n")
    raise nodes.SkipNode


def _attributes(values: dict[str, Any]) -> str:
    return " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items())


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_node(picture, html=(visit_picture, None))
    app.add_directive("picture", Picture)
    app.add_directive("animation", Animation)
