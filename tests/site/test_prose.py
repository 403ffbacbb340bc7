"""What the prose says in numbers is what the scripts have printed."""

import ast
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SCRIPTS = sorted(ROOT.glob("gallery/*/*.py"))
CHAPTERS = [DOCS / script.relative_to(ROOT).with_suffix(".rst") for script in SCRIPTS]
CHAPTERS = [page for page in CHAPTERS if page.exists()]  # none before the site is built
PAGES = [
    *CHAPTERS,
    *sorted(DOCS.glob("gallery/*/index.rst")),
    *(DOCS / f"{name}.md" for name in ("index", "introduction", "glossary", "verdicts")),
]

BLOCK = re.compile(r"^ ?\.\. (code-block:: (none|Python)|math::).*\n( *\n| +.*\n)*", re.MULTILINE)
LINK = re.compile(r"(?:[<`]|(?:card|picture|animation)(?:}|::) )/?(?:gallery/)?(\w+/\w+)")
# Formulas, targets of links, quotations, and names: directives, years, the article's figures.
NO_PROSE = re.compile(
    r":math:`[^`]*`|\$[^$]*\$|https?://\S+|<[^>]*>|^\.\. .*|^ +:\w+:.*"
    r'|"[^"]*"'
    r"|\b(19|20)\d\d\b|[Ff]igures? \d( (and|to) \d)?",
    re.MULTILINE,
)
UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ARTICLES = ("one", "two")  # more often a word than a number
WORDS = {word: value for value, word in enumerate(UNITS, start=1)}
WORDS |= {word: 10 * value for value, word in enumerate(TENS, start=2)}
POWERS = {"hundred": 100, "thousand": 1000}
WORD = "|".join([*WORDS, *POWERS])
NUMBER = re.compile(
    rf"(?<![\w.\-–])\d+(?:,\d{{3}})*(?:\.\d+)?(?!\w)"
    rf"|\b(?:{WORD})(?:[ -](?:{WORD}))*\b",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
PRINTED = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")


def parts(text: str) -> tuple[str, str]:
    """Return a page's prose, and what its script printed."""
    printed = "".join(match[0] for match in BLOCK.finditer(text) if match[2] == "none")
    return ORDINAL.sub("", NO_PROSE.sub("", BLOCK.sub("", text))), printed


def constants(page: Path) -> list[object]:
    """Return the constants of a page's script, without the words that it prints."""
    script = ROOT / page.relative_to(DOCS).with_suffix(".py")
    if not script.exists():
        return []
    tree = ast.parse(script.read_text(encoding="utf-8"))
    printed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in printed for part in ast.walk(node)}
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in inside]
    return [node.value for node in nodes]


def known(page: Path, text: str) -> list[str]:
    """Return what a page and those it links to have printed, and the whole numbers they set."""
    linked = [DOCS / "gallery" / f"{name}.rst" for name in LINK.findall(text)]
    pages = [(page, text), *((p, p.read_text(encoding="utf-8")) for p in linked if p.exists())]
    printed = [number for _, text in pages for number in PRINTED.findall(parts(text)[1])]
    settings = [value for page, _ in pages for value in constants(page) if type(value) is int]
    return [number.replace(",", "") for number in printed] + [str(value) for value in settings]


def in_digits(number: str) -> str:
    """Return a number in digits, also where it is written in words."""
    if number[0].isdigit():
        return number.replace(",", "")
    value = 0
    for word in re.split("[ -]", number.lower()):
        value = max(value, 1) * POWERS[word] if word in POWERS else value + WORDS[word]
    return str(value)


def unknown(page: Path, text: str) -> list[str]:
    """Return the numbers of a page's prose and of its pictures' labels that are not known.

    A whole number is known as it is, a decimal fraction also where more of its digits are printed.
    """
    numbers = known(page, text)
    labels = [text for text in constants(page)[1:] if isinstance(text, str) and len(text) > 60]

    def printed(number: str) -> bool:
        decimals = len(number.partition(".")[2])
        return number in numbers or any(
            decimals and f"{float(value):.{decimals}f}" == number for value in numbers
        )

    prose = "\n".join([parts(text)[0], *labels])
    found = {number: in_digits(number) for number in NUMBER.findall(prose)}
    return [n for n, digits in found.items() if n.lower() not in ARTICLES and not printed(digits)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_numbers(page: Path) -> None:
    """Each number of a page but the words one and two is printed or set by a script of its own.

    Or by one of a page that it links to.
    """
    assert unknown(page, page.read_text(encoding="utf-8")) == []


def test_a_wrong_number_is_found() -> None:
    """A digit that differs from the output is noticed; one more or less of them is not."""
    page = "It is {} high.\n\n.. code-block:: none\n\n    height 4.7435, 63 of 10,000\n\nNo more.\n"
    for right in ("4.744", "sixty-three of ten thousand", "below the 63rd", "one or two of 63"):
        assert unknown(DOCS / "page.md", page.format(right)) == []
    for wrong, found in (
        ("4.745", ["4.745"]),
        ("5", ["5"]),
        ("2", ["2"]),
        ("below the 64th", ["64"]),
        ("Sixty of a hundred", ["Sixty", "hundred"]),
    ):
        assert unknown(DOCS / "page.md", page.format(wrong)) == found


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


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_show(script: Path) -> None:
    """Every script shows its still figures or leaves an animation."""
    assert re.search(
        r"^(plt\.show|animation\.save|camera\.animate\(\)\.save)\(", script.read_text(), re.M
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_short(script: Path) -> None:
    """No script has more than 120 lines with code, as contributors are told."""
    with script.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.string.strip()]
    code = [token for token in tokens[2:] if token.type != tokenize.COMMENT]  # and the docstring
    lines = {n for token in code for n in range(token.start[0], token.end[0] + 1)}
    assert len(lines) <= 120
