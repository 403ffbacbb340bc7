"""The downloads run wherever Python does."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def unpacked(site: Path, tmp_path: Path) -> Path:
    """Unpack the archive with everything into an empty folder."""
    (archive,) = site.glob("_downloads/*/landscape-core-figures.zip")
    with zipfile.ZipFile(archive) as content:
        assert {entry.date_time for entry in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        content.extractall(tmp_path)
    return tmp_path


def test_complete(unpacked: Path) -> None:
    """Every script has its executed notebook, and every notebook its outputs."""
    scripts = sorted(unpacked.glob("*/*.py"))
    assert len(scripts) >= 8
    for script in scripts:
        notebook = json.loads(script.with_suffix(".ipynb").read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        outputs = [output for cell in cells for output in cell["outputs"]]
        assert all(cell["execution_count"] for cell in cells)
        assert any("image/png" in output.get("data", {}) for output in outputs), script.name


def test_described(unpacked: Path) -> None:
    """The archive says what it is, and scripts alone do without Jupyter."""
    readme = (unpacked / "README.txt").read_text(encoding="utf-8")
    for word in ("Roeschl", "requirements-notebooks.txt", "MIT", "CC BY 4.0", "MNIST"):
        assert word in readme
    assert "{" not in readme
    assert "notebook" not in (unpacked / "requirements.txt").read_text(encoding="utf-8")
    assert (unpacked / "LICENSE.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.slow
def test_run(unpacked: Path) -> None:
    """In a fresh environment every script and every notebook runs."""

    def run(*command: str | Path, folder: Path = unpacked) -> None:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]

    run(sys.executable, "-m", "venv", "environment")
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(unpacked / "environment")})
    python = Path(scripts, "python")
    run(python, "-m", "pip", "install", "--quiet", "-r", "requirements-notebooks.txt")
    for part in sorted({notebook.parent for notebook in unpacked.glob("*/*.ipynb")}):
        for script in sorted(part.glob("*.py")):
            run(python, script.name, folder=part)
        run(
            python,
            "-m",
            "nbconvert",
            "--execute",
            "--inplace",
            "--to=notebook",
            *sorted(part.glob("*.ipynb")),
            folder=part,
        )
