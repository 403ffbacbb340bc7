"""Write formulas as MathML, which browsers draw and screen readers speak without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from landscape_core.page import base64_of

FONT = "_static/fonts/STIXTwoMath.woff2"
STYLE = """\
@font-face {{
  font-family: "STIX Two Math";
  src: url("data:font/woff2;base64,{font}") format("woff2");
}}

math {{
  font-family: "STIX Two Math", math;
  font-size: 1.1em;
}}
"""
SIGN = re.compile(r"(<mo[^>]*>[(=,]</mo>)<mo>−</mo>")  # not of a difference: no space follows

logger = logging.getLogger(__name__)


def to_mathml(tex: str, display: str) -> str:
    r"""Convert TeX, and reject what the converter would pass on as it stands.

    >>> to_mathml(r"\sigma", "inline")[-30:]
    '<mrow><mi>σ</mi></mrow></math>'
    """
    if tex.count("{") - tex.count(r"\{") != tex.count("}") - tex.count(r"\}"):
        raise ValueError("braces do not match")
    try:
        mathml = convert(tex, display=display)
    except Exception as failure:  # the converter has many of its own
        raise ValueError(f"{type(failure).__name__} {failure}".strip()) from failure
    if unknown := re.findall(r">(\\[^<]*|[{}&^_$])<", mathml):
        raise ValueError(f"unknown or misplaced: {', '.join(sorted(set(unknown)))}")
    mathml = re.sub(r"&#x0*([0-9A-F]+);", _character, mathml)
    return SIGN.sub(r'\1<mo form="prefix">−</mo>', mathml)


def _character(reference: re.Match[str]) -> str:
    character = chr(int(reference[1], 16))
    return reference[0] if character in "&<>" else character


def _write(self: HTML5Translator, node: nodes.Element, display: str) -> None:
    try:
        self.body.append(to_mathml(node.astext(), display))
    except ValueError as failure:
        logger.warning("invalid TeX, %s: %s", failure, node.astext(), location=node)


def visit_math(self: HTML5Translator, node: nodes.math) -> NoReturn:
    """Write a formula in the line."""
    _write(self, node, "inline")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> NoReturn:
    """Write a formula on a line of its own, with its number if it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    _write(self, node, "block")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def write_style(app: Sphinx) -> None:
    """Write the style of formulas with their font in it: none moves when the font arrives."""
    font = base64_of(Path(app.srcdir, FONT).read_bytes())
    Path(app.srcdir, "gallery", "static", "math.css").write_text(STYLE.format(font=font))


def add_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load that style where there are formulas."""
    if doctree and any(doctree.findall(_is_formula)):
        app.add_css_file("math.css")


def _is_formula(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def register(app: Sphinx) -> None:
    """Register the renderer."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
