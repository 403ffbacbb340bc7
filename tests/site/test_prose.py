"""What the prose says in numbers is what the scripts have printed."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [page for page in sorted(DOCS.glob("gallery/*/*.rst")) if page.with_suffix(".py").exists()]
NUMBER = re.compile(r"(?<![\w.\-–])\d[\d,]*\.\d+|(?<![\w.])\d+(?=%)")
BLOCK = re.compile(r"^ ?\.\. (code-block:: (none|Python)|math::).*\n( *\n| +.*\n)*", re.MULTILINE)
LINK = re.compile(r"(?:<|card} )/?gallery/(\w+/\w+)")


def parts(text: str) -> tuple[str, str]:
    """Return a page's prose, and its code with what that printed."""
    code = "".join(match[0] for match in BLOCK.finditer(text) if match[2])
    prose = re.sub(r":math:`[^`]*`|\$[^$]*\$|https?://\S+", "", BLOCK.sub("", text))
    return prose, code


def known(text: str) -> list[float]:
    """Return the numbers of a page's code and output, and of those of the pages it links to."""
    linked = [DOCS / "gallery" / f"{page}.rst" for page in LINK.findall(text)]
    code = "".join(parts(page.read_text(encoding="utf-8"))[1] for page in linked if page.exists())
    found = re.findall(r"\d[\d,_]*\.?\d*(?:e[+-]?\d+)?", parts(text)[1] + code)
    return [float(number.replace(",", "").replace("_", "")) for number in found]


def unknown(text: str) -> list[str]:
    """Return the numbers of a page's prose to which no number known there is rounded."""
    numbers = known(text)

    def printed(number: str) -> bool:
        decimals = len(number.partition(".")[2])
        return any(f"{value:.{decimals}f}" == number.replace(",", "") for value in numbers)

    return [number for number in NUMBER.findall(parts(text)[0]) if not printed(number)]


@pytest.mark.parametrize("page", [*PAGES, DOCS / "index.md"], ids=lambda page: page.stem)
def test_numbers(page: Path) -> None:
    """Each decimal and each percentage of a page stands in its output, or on a page it links to."""
    assert unknown(page.read_text(encoding="utf-8")) == []


def test_a_wrong_number_is_found() -> None:
    """A digit that differs from the output is noticed; one more or less of them is not."""
    page = "It is {} high.\n\n.. code-block:: none\n\n    height 4.7435\n\nAnd no more.\n"
    assert unknown(page.format("4.744")) == []
    assert unknown(page.format("4.745")) == ["4.745"]
