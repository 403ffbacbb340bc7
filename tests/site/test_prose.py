"""What the prose says in numbers is what the scripts have printed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CHAPTERS = [
    page for page in sorted(DOCS.glob("gallery/*/*.rst")) if page.with_suffix(".py").exists()
]
PAGES = [*CHAPTERS, DOCS / "index.md", DOCS / "introduction.md"]

BLOCK = re.compile(r"^ ?\.\. (code-block:: (none|Python)|math::).*\n( *\n| +.*\n)*", re.MULTILINE)
LINK = re.compile(r"(?:<|(?:card|picture|animation)} )/?(?:gallery/)?(\w+/\w+)")
# Formulas, targets of links, quotations, and names: directives, years, the article's figures.
NO_PROSE = re.compile(
    r":math:`[^`]*`|\$[^$]*\$|https?://\S+|<[^>]*>|^\.\. .*|^ +:\w+:.*"
    r'|"[^"]*"'
    r"|\b(19|20)\d\d\b|Figures? \d( (and|to) \d)?",
    re.MULTILINE,
)
UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: value for value, word in enumerate(UNITS, start=1)}
WORDS |= {word: 10 * value for value, word in enumerate(TENS, start=2)}
POWERS = {"hundred": 100, "thousand": 1000}
WORD = "|".join([*WORDS, *POWERS])
NUMBER = re.compile(
    rf"(?<![\w.\-–])\d+(?:,\d{{3}})*(?:\.\d+)?(?!\w)|\b(?:{WORD})(?:[ -](?:{WORD}))*\b",
    re.IGNORECASE,
)


def parts(text: str) -> tuple[str, str]:
    """Return a page's prose, and its code with what that printed."""
    code = "".join(match[0] for match in BLOCK.finditer(text) if match[2])
    return NO_PROSE.sub("", BLOCK.sub("", text)), code


def known(text: str) -> list[float]:
    """Return the numbers of a page's code and output, and of those of the pages it links to."""
    linked = [DOCS / "gallery" / f"{page}.rst" for page in LINK.findall(text)]
    code = "".join(parts(page.read_text(encoding="utf-8"))[1] for page in linked if page.exists())
    found = re.findall(r"\d[\d,_]*\.?\d*(?:e[+-]?\d+)?", parts(text)[1] + code)
    return [float(number.replace(",", "").replace("_", "")) for number in found]


def in_digits(number: str) -> str:
    """Return a number in digits, also where it is written in words."""
    if number[0].isdigit():
        return number.replace(",", "")
    value = 0
    for word in re.split("[ -]", number.lower()):
        value = max(value, 1) * POWERS[word] if word in POWERS else value + WORDS[word]
    return str(value)


def unknown(text: str) -> list[str]:
    """Return the numbers of a page's prose to which no number known there is rounded."""
    numbers = known(text)

    def printed(number: str) -> bool:
        decimals = len(number.partition(".")[2])
        return any(f"{value:.{decimals}f}" == number for value in numbers)

    found = {number: in_digits(number) for number in NUMBER.findall(parts(text)[0])}
    return [n for n, digits in found.items() if digits not in ("1", "2") and not printed(digits)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_numbers(page: Path) -> None:
    """Each number of a page but one and two stands in its code or output, or on a linked page."""
    assert unknown(page.read_text(encoding="utf-8")) == []


def test_a_wrong_number_is_found() -> None:
    """A digit that differs from the output is noticed; one more or less of them is not."""
    page = "It is {} high.\n\n.. code-block:: none\n\n    height 4.7435, 63 of 10,000\n\nNo more.\n"
    assert unknown(page.format("4.744")) == []
    assert unknown(page.format("4.745")) == ["4.745"]
    assert unknown(page.format("sixty-three of ten thousand")) == []
    assert unknown(page.format("Sixty of a hundred")) == ["Sixty", "hundred"]


def test_limits_agree() -> None:
    """The explorer calls the same ground flat as the chapters, and the same place a minimum."""
    explorer = (ROOT / "src/landscape_core/explorer/verdict.js").read_text(encoding="utf-8")
    chapter = (ROOT / "gallery/closer_look/basins.py").read_text(encoding="utf-8")
    near, level = (
        float(re.search(rf"DropABall\.{name} = ([\d.]+);", explorer)[1])
        for name in ("NEAR", "LEVEL")
    )
    side, relief = 33, 4.8121 - 4.7513  # of the article's window, as `sample_sizes` prints it
    assert f"< {near} * {side})" in chapter
    assert "tolerance=1e-4" in chapter
    assert level * relief / side == pytest.approx(1e-4, rel=0.05)


@pytest.mark.parametrize("script", sorted(ROOT.glob("gallery/*/*.py")), ids=lambda path: path.stem)
def test_scripts_show(script: Path) -> None:
    """Every script shows its still figures or leaves an animation."""
    assert re.search(
        r"^(plt\.show|animation\.save|camera\.animate\(\)\.save)\(", script.read_text(), re.M
    )
