"""Pictures and animations of the gallery, each in a light and a dark variant.

A picture file carries its own text alternative: a PNG in its ``Description``, a GIF in the first
line of its comment, whose further lines name the frames.
"""

from __future__ import annotations

import json
import posixpath
import re
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

HEAVY = 150_000  # bytes
FEWEST = 64  # colours
DENSITY = 2  # pixels of a still picture per pixel of the page


def write_png(image: Image.Image, path: Path, alt: str, colours: int = 256) -> None:
    """Write a picture with its text alternative, in as many colours as keep the page light."""
    image = image.convert("RGB")
    paper = image.getpixel((0, 0))
    reduced = image.quantize(colours, dither=Image.Dither.NONE)
    palette = reduced.getpalette() or []
    corner = 3 * int(reduced.getpixel((0, 0)))  # type: ignore[arg-type]
    palette[corner : corner + 3] = paper  # type: ignore[assignment]  # exactly the page's colour
    reduced.putpalette(palette)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Description", alt)
    reduced.save(path, pnginfo=info, optimize=True)
    if path.stat().st_size > HEAVY and colours > FEWEST:
        write_png(image, path, alt, colours // 2)


def write_figure(figure: Figure, path: Path) -> None:
    """Write a Matplotlib figure, sharp on a dense screen."""
    content = BytesIO()
    figure.savefig(content, dpi=DENSITY * figure.dpi)
    write_png(Image.open(content), path, alternative(figure))


def write_poster(gif: Path, path: Path) -> None:
    """Write the last frame of an animation."""
    with Image.open(gif) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        write_png(image, path, description(gif))


def alternative(figure: Figure) -> str:
    """Return a figure's label, in one line."""
    label = " ".join(str(figure.get_label()).split())
    if not label:
        raise ValueError(
            "A figure has no text alternative: say what is to be seen in it, "
            "figure.set_label('...'), before the end of its block."
        )
    return label


def comment(gif: Path) -> list[str]:
    """Return the lines of a GIF's comment: the text alternative, then the names of its frames."""
    with Image.open(gif) as image:
        lines = bytes(image.info.get("comment", b"")).decode().splitlines()
    if not lines or not lines[0].strip():
        raise ValueError(
            f"{gif.name} has no text alternative: say what is to be seen in it, "
            "figure.set_label('...'), before the animation is saved."
        )
    return lines


def description(path: Path) -> str:
    """Return the text alternative that a picture file carries."""
    if path.suffix == ".gif":
        return comment(path)[0]
    with Image.open(path) as image:
        return str(image.info.get("Description", ""))  # a script that failed has no picture


def dark(path: Path) -> Path:
    """Return the name of a picture's dark variant."""
    return path.with_stem(f"{path.stem}_dark")


def pictures_of(images: Path, script: str) -> list[Path]:
    """Return the light pictures of a script, in the order of the page."""
    name = re.compile(rf"sphx_glr_{re.escape(script)}_\d{{3}}\.png")
    return sorted(path for path in images.glob("*.png") if name.fullmatch(path.name))


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
            for path in pictures_of(images, script)
            if path.with_suffix(".gif").exists() == self.animated
        ]
        if "number" in self.options:
            number = f"_{self.options['number']:03}"
            candidates = [path for path in candidates if path.stem.endswith(number)]
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
            node["frames"], node["duration"] = _frames(gif)
        for variant in (path, dark(path)):
            files = [variant, variant.with_suffix(".gif")] if self.animated else [variant]
            for file in files:
                node += nodes.image(uri=f"/{file.relative_to(self.env.srcdir).as_posix()}")
        return [node]


class Animation(Picture):
    """Show an animation of a gallery script: its poster, and a button that plays it."""

    animated = True


def _frames(gif: Path) -> tuple[list[str], int]:
    """Return the names of a GIF's frames and the milliseconds until its last one."""
    names = comment(gif)[1:]
    duration = 0
    with Image.open(gif) as image:
        count = getattr(image, "n_frames", 1)
        for frame in range(count - 1):
            image.seek(frame)
            duration += image.info.get("duration", 0)
    if names and len(names) != count:
        raise ValueError(f"{gif.name} has {count} frames and {len(names)} names: give one for each")
    return names or [f"frame {frame + 1} of {count}" for frame in range(count)], duration


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
