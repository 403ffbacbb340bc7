"""A page of a plane is written whole, or refused with a word on what would do."""

from pathlib import Path

import numpy as np
import pytest

from landscape_core import Adam, Digits, Network, WeightPlane, write_page


@pytest.fixture
def plane(hundred: Digits) -> WeightPlane:
    """Return the article's plane."""
    return WeightPlane(Network.random(135), hundred, a=(2, 5, 250), b=(2, 5, 251))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"title": None}, "title is None: give a text"),
        ({"text": "one \ud800"}, r"text holds '\\ud800', half a character: give all of it"),
        ({"a_range": (3, 2)}, r"a_range is \(3, 2\): give two finite numbers"),
        ({"b_range": (0, 1001)}, r"b_range is \(0, 1001\): give two numbers from −1,000 to 1,000"),
        ({"starts": [1, 2]}, r"starts has shape \(2,\): give 1 to 6 pairs"),
        ({"starts": np.zeros((7, 2))}, r"starts has shape \(7, 2\): give 1 to 6 pairs"),
        ({"starts": [(0, -1e4)]}, "starts holds -10000: give numbers from −1,000 to 1,000"),
        ({"starts": [(0, np.nan)]}, "starts holds nan: every number must be finite"),
        ({"epochs": 10_001}, "epochs is 10001"),
        ({"optimizer": "Adam"}, "optimizer is 'Adam': give one of GradientDescent, Momentum"),
        ({"optimizer": Adam(epsilon=1e-3)}, "epsilon is 0.001: on a page it is 1e-08"),
        ({"optimizer": Adam(1e7)}, "the learning rate is 10000000.0: give a million at most"),
    ],
)
def test_refused(
    plane: WeightPlane, tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    """What a page cannot show is named, and what was in the file stays."""
    path = tmp_path / "page.html"
    path.write_text("before")
    with pytest.raises(ValueError, match=message):
        write_page(plane, path, **arguments)
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("a", "b", "size", "message"),
    [
        ((2, 5, 250), (2, 6, 250), 1, "whose constants are not exported"),
        ((0, 5, 0), (0, 5, 1), 1, "the cost is [0-9.]+ all over this window: choose other weights"),
        ((2, 5, 250), (2, 5, 251), 1e150, r"own weight \(2, 5, 250\) is .*e\+1.*: give a_range"),
    ],
    ids=["two units", "idle pixels", "large weights"],
)
def test_refused_planes(
    hundred: Digits,
    tmp_path: Path,
    a: tuple[int, int, int],
    b: tuple[int, int, int],
    size: float,
    message: str,
) -> None:
    """A plane without constants, with a level surface or without a window gets no page."""
    network = Network([size * weights for weights in Network.random(135).weights])
    plane = WeightPlane(network, hundred, a=a, b=b)
    with pytest.raises(ValueError, match=message):
        write_page(plane, tmp_path / "page.html")
    assert not list(tmp_path.iterdir())


def test_weight(plane: WeightPlane, tmp_path: Path) -> None:
    """A page weighs 250 kB at most, and the plane's own numbers."""
    path = tmp_path / "page.html"
    write_page(plane, path)
    (data,) = (line for line in path.read_text().splitlines() if 'DropABall.register("' in line)
    assert path.stat().st_size - len(data) <= 250_000


def test_paragraphs(plane: WeightPlane, tmp_path: Path) -> None:
    """An empty line begins a paragraph, whatever an editor has left in it."""
    path = tmp_path / "page.html"
    write_page(plane, path, text="One.\n\nTwo,\nstill two.\r\n\r\nThree.\n  \nFour.")
    page = path.read_text()
    for paragraph in ("One.", "Two,\nstill two.", "Three.", "Four."):
        assert f"<p>{paragraph}</p>" in page
