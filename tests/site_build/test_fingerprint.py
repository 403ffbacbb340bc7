"""The fingerprints change with all that the figures rest on, and with nothing else."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from site_build import fingerprint


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no fingerprint of what is changed here to other tests."""
    yield
    both()


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder with copies of the package and the extensions, to change."""
    for name in ("PACKAGE", "EXTENSIONS"):
        shutil.copytree(getattr(fingerprint, name), tmp_path / name)
        monkeypatch.setattr(fingerprint, name, tmp_path / name)
    return tmp_path


def both() -> tuple[str, str]:
    """Return the fingerprints of the numbers and of the figures."""
    fingerprint.package_fingerprint.cache_clear()
    fingerprint.fingerprint.cache_clear()
    return fingerprint.package_fingerprint(), fingerprint.fingerprint()


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("PACKAGE/planes.py", [True, True]),
        ("PACKAGE/data/README.md", [True, True]),
        ("PACKAGE/explorer/app.js", [False, False]),
        ("EXTENSIONS/cards.py", [False, True]),
    ],
)
def test_files(folders: Path, file: str, changes: list[bool]) -> None:
    """The package and its data change both, the site's files the figures', the explorer none."""
    before = both()
    os.utime(folders / file)
    assert both() == before
    with (folders / file).open("a") as stream:
        stream.write("\n")
    assert [old != new for old, new in zip(before, both(), strict=True)] == changes


@pytest.mark.parametrize(("name", "numbers"), [("numpy", True), ("sphinx-gallery", False)])
def test_libraries(monkeypatch: pytest.MonkeyPatch, name: str, numbers: bool) -> None:
    """Another version of a library that computes changes both, one that draws the figures'."""
    before, real = both(), fingerprint.distribution

    class Other:
        version = "99.0"
        requires = real(name).requires

    monkeypatch.setattr(
        fingerprint, "distribution", lambda asked: Other if asked == name else real(asked)
    )
    after = both()
    assert (after[0] != before[0]) == numbers
    assert after[1] != before[1]


def test_a_script_that_is_gone(tmp_path: Path) -> None:
    """What was made of it goes, too; the pages of other scripts and the index stay."""
    names = (
        "a/here.py",
        *(f"b/{name}" for name in ("here.rst", "index.rst", "gone.py", "gone.rst")),
    )
    for path in map(tmp_path.joinpath, (*names, "html/b/gone.html")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    dirs = {"examples_dirs": ["a"], "gallery_dirs": ["b"]}
    config = SimpleNamespace(sphinx_gallery_conf=dirs)
    app = SimpleNamespace(srcdir=tmp_path, outdir=tmp_path / "html", config=config)
    fingerprint.forget_gone_scripts(app)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert left == {"a/here.py", "b/here.rst", "b/index.rst"}
