"""Show what a block of a figure's script gives before its code, and fold the code.

A chapter is read for its pictures and numbers; who wants to see how they are made opens the code.
"""

from __future__ import annotations

from itertools import takewhile

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from .picture_directive import picture


class folded(nodes.General, nodes.Element):  # noqa: N801
    """Code that the reader can unfold."""


def put_results_first(app: Sphinx, page: nodes.document) -> None:
    """Move each block of code behind its pictures and what it prints, and fold it."""
    for note in list(page.findall(nodes.note)):
        if "sphx-glr-download-link-note" in note["classes"]:  # the foot of the page is in sight
            note.parent.remove(note)
    for number, code in enumerate(list(page.findall(_is_code)), start=1):
        around, place = code.parent, code.parent.index(code)
        results = list(takewhile(_is_result, around.children[place + 1 :]))
        fold = folded("", code, ids=[f"code-{number}"])
        around[place : place + 1 + len(results)] = [*results, fold]


def _is_code(node: nodes.Node) -> bool:
    return isinstance(node, nodes.literal_block) and node.get("language") == "Python"  # a script's


def _is_result(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and (
        isinstance(node, picture) or "sphx-glr-script-out" in node["classes"]
    )


def visit_folded(self: HTML5Translator, node: folded) -> None:
    """Open the fold; browsers unfold it for a link to what is in it."""
    self.body.append('<details class="code"><summary>Show the code</summary>')
    self.body.append(self.starttag(node, "div"))


def depart_folded(self: HTML5Translator, node: folded) -> None:
    """Close the fold."""
    self.body.append("</div></details>\n")


def register(app: Sphinx) -> None:
    """Register how folded code is written."""
    app.add_node(folded, html=(visit_folded, depart_folded))
