"""The site's files: links, descriptions, policy."""

import ast
import re
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from .conftest import PAGES

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; frame-src 'self'; worker-src blob:; style-src 'self'"
)


class Document(HTMLParser):
    """What a page links to, where it can be linked to, and how it describes itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors = {""}
        self.meta: dict[str, str] = {}
        self.styled: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one element."""
        values = {name: value or "" for name, value in attrs}
        self.anchors.add(values.get("id", ""))
        self.links += [values[name] for name in ("href", "src") if name in values]
        if tag == "style" or "style" in values:
            self.styled.append(str(self.get_starttag_text()))
        if tag == "meta":
            name = values.get("name") or values.get("property") or values.get("http-equiv", "")
            self.meta[name] = values.get("content", "")


@pytest.fixture(scope="module")
def documents(site: Path) -> dict[str, Document]:
    """Return every page, read."""
    return {name: Document(site / name) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_links(documents: dict[str, Document], site: Path, name: str) -> None:
    """Every link within the site leads to a file, and to an anchor that is there."""
    for link in documents[name].links:
        target, anchor = urldefrag(urljoin(name, link))
        if ":" in target:
            assert target.startswith(("https:", "mailto:", "data:"))
        elif target in documents:
            state = target == "drop_a_ball.html" and "=" in anchor  # of the balls, no element
            assert state or unquote(anchor) in documents[target].anchors, link
        else:
            assert (site / unquote(target).split("?")[0]).is_file(), link


@pytest.mark.parametrize("name", PAGES)
def test_policy(documents: dict[str, Document], name: str) -> None:
    """Every page has a strict policy, and nothing in its text that would need an exception."""
    assert documents[name].meta["Content-Security-Policy"].startswith(POLICY)
    assert not documents[name].styled


@pytest.mark.parametrize("name", PAGES)
def test_described(documents: dict[str, Document], name: str) -> None:
    """Every page says what it is to those who find or share it."""
    meta = documents[name].meta
    assert len(meta["description"]) > 20
    assert meta["og:title"]
    assert len(meta["og:description"]) > 20


def test_nothing_hidden(site: Path) -> None:
    """No file of the builder's own is published: such files know where it is installed."""
    assert [path.name for path in site.rglob(".*")] == []


def test_citation() -> None:
    """Wherever the version and its day are written by hand, they are those of this package."""
    changelog, citation, references = (
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("CHANGELOG.md", "CITATION.cff", "docs/references.md")
    )
    number = version("landscape-core")
    day = re.search(rf"^## {re.escape(number)} – (.+)$", changelog, re.MULTILINE)
    assert day
    assert f"\nversion: {number}\ndate-released: {day[1]}\n" in citation
    assert f"version = {{{number}}}," in references


@pytest.mark.parametrize("name", [path.stem for path in sorted(ROOT.glob("gallery/*/*.py"))])
def test_short_scripts(name: str) -> None:
    """A figure's script keeps to the 120 lines of code that CONTRIBUTING.md allows."""
    (script,) = ROOT.glob(f"gallery/*/{name}.py")
    text = script.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()[ast.parse(text).body[0].end_lineno :]]
    assert sum(bool(line) and line[0] != "#" for line in lines) <= 120
