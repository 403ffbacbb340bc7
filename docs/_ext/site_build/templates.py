"""Change the theme's HTML where it leaves no other way."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def exchange(html: str, old: str, new: str) -> str:
    """Replace a part of the theme's HTML, which has to be there: themes change.

    >>> exchange('<b role="heading">', ' role="heading"', "")
    '<b>'
    """
    if old not in html:
        raise ValueError(f"the theme's HTML no longer holds {old!r}: adapt docs/_templates")
    return html.replace(old, new)


def add_exchange(app: Sphinx, page: str, template: str, context: dict[str, Any], *_: Any) -> None:
    """Let templates call `exchange`."""
    context["exchange"] = exchange
