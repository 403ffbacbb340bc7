"""The site's own extensions stop a build that would be wrong."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest
from matplotlib.figure import Figure

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_ext"


def extension(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import one of the extensions."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module(f"site_build.{name}")


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{1", "braces"),
        (r"\unknown{x}", "unknown"),
        ("a_", "Missing"),
        ("a & b", "misplaced"),
    ],
)
def test_invalid_tex(monkeypatch: pytest.MonkeyPatch, tex: str, reason: str) -> None:
    """What is not TeX is not passed on to the reader."""
    with pytest.raises(ValueError, match=reason):
        extension("mathml", monkeypatch).to_mathml(tex, "inline")


def test_no_alternative(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that does not say what is to be seen is refused, with the remedy."""
    with pytest.raises(ValueError, match="set_label"):
        extension("picture_directive", monkeypatch).alternative(Figure())


def test_alternative_travels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A picture file carries its text alternative, and its paper keeps its colour."""
    pictures = extension("picture_directive", monkeypatch)
    figure = Figure(label="Nothing but\n paper.", facecolor="#131416")
    pictures.write_figure(figure, tmp_path / "paper.png")
    assert pictures.description(tmp_path / "paper.png") == "Nothing but paper."
    with pictures.Image.open(tmp_path / "paper.png") as image:
        assert image.convert("RGB").getpixel((0, 0)) == (0x13, 0x14, 0x16)
        assert image.size == tuple(2 * figure.get_size_inches() * figure.dpi)


def test_fingerprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The fingerprint is that of the content: the same twice, another after a change."""
    fingerprints = extension("fingerprint", monkeypatch)
    monkeypatch.setattr(fingerprints, "EXTENSIONS", tmp_path)
    (tmp_path / "style").write_text("a")
    before = fingerprints.fingerprint()
    assert fingerprints.fingerprint() == before
    (tmp_path / "style").write_text("b")
    assert fingerprints.fingerprint() != before


def test_archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An archive has the same bytes whenever and in whatever order it is written."""
    downloads = extension("downloads", monkeypatch)
    downloads.write_archive(tmp_path / "one.zip", {"a": b"1", "b": b"2"})
    downloads.write_archive(tmp_path / "two.zip", {"b": b"2", "a": b"1"})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
