"""The site's own extensions, and a small site that is built by them."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

if find_spec("sphinx_gallery") is None:  # the package is tested where no site can be built, too
    collect_ignore_glob = ["test_*.py"]

HEADER = "{0}\n===========\n\nScripts.\n"
CONF = """
del sphinx_gallery_conf["examples_dirs"][2:], sphinx_gallery_conf["gallery_dirs"][2:]
import site_build.surfaces
site_build.surfaces.SURFACES = ()
"""
PAGES = {
    "index.md": """\
# A small site

```{toctree}
:caption: Read

gallery/article/index
gallery/closer_look/index
references
```
""",
    "references.md": "# References\n\n(cite)=\n## How to cite\n\nAs you like.\n",
    "404.md": "---\norphan: true\n---\n\n# There is no page here\n\nTry {doc}`index`.\n",
    "benchmark/figure_times.json": '{"moving": 5, "gone": 7}\n',
}
MOVING = '''\
"""
A descent
=========

Prose of the first kind.
"""

# %%
# Compute.

import numpy as np
from matplotlib import pyplot as plt
from celluloid import Camera

from landscape_core import GradientDescent, Network, WeightPlane, descend, load_mnist
from landscape_core.gif import GifWriter

rate = float(open("rate.txt").read())
plane = WeightPlane(Network.random(seed=3), load_mnist(10), a=(2, 5, 250), b=(2, 5, 251))
descent = descend(plane, [(1.0, 2.0)], GradientDescent(rate), epochs=20)
print(descent.cost[-1])

# %%
# Draw.

figure, axes = plt.subplots(figsize=(2, 2), label="A dot that moves.")
camera = Camera(figure)
for place in descent.weights[::10, 0]:
    axes.plot(*place, "o", color="black")
    camera.snap()
camera.animate().save("moving.gif", writer=GifWriter(fps=2, rest=1))
'''
TWINS = '''\
"""
Twins
=====

Two figures with one label.
"""

# %%
# Both at once.

from matplotlib import pyplot as plt

for slope in (1, -1):
    plt.subplots(figsize=(2, 2), label="A line.")[1].plot([0, slope])
print("two", "figures")
'''


class Site:
    """A small repository with two scripts, and the site that is built from it."""

    def __init__(self, root: Path) -> None:
        self.root, self.docs, self.html = root, root / "docs", root / "docs/_build/html"
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, root)
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("src", "docs/_ext", "docs/_templates", "docs/_static"):
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        self.write("docs/conf.py", (ROOT / "docs/conf.py").read_text(encoding="utf-8") + CONF)
        for name, content in PAGES.items():
            self.write(f"docs/{name}", content)
        for part in ("article", "closer_look"):
            self.write(f"gallery/{part}/GALLERY_HEADER.rst", HEADER.format(part))
        self.write("gallery/article/moving.py", MOVING)
        self.write("gallery/article/rate.txt", "5.0")
        self.write("gallery/closer_look/twins.py", TWINS)

    def write(self, name: str, content: str) -> None:
        """Write a file of the repository."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def start(self, **environment: str) -> subprocess.Popen[str]:
        """Start a build; at the address /sub/ of a server, unless told otherwise."""
        variables = {"SITE_ADDRESS": "https://example.org/sub/", "OPENBLAS_NUM_THREADS": "1"}
        variables["REPOSITORY_ADDRESS"] = "https://example.org/code"
        variables |= {"PYTHONPATH": str(self.root / "src")} | environment
        options = ["-W", "--keep-going", "-E", "-a", "-q", "-d", str(self.docs / "_build/doctrees")]
        return subprocess.Popen(
            [sys.executable, "-m", "sphinx", *options, str(self.docs), str(self.html)],
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def build(self, **environment: str) -> str:
        """Build the site, and return what the build says."""
        process = self.start(**environment)
        said, _ = process.communicate()
        assert process.returncode == 0, said
        return said

    def files(self) -> dict[str, bytes]:
        """Return the content of every file of the built site."""
        paths = sorted(path for path in self.html.rglob("*") if path.is_file())
        return {path.relative_to(self.html).as_posix(): path.read_bytes() for path in paths}

    def page(self, name: str) -> str:
        """Return the text of a built page."""
        return (self.html / name).read_text(encoding="utf-8")

    def drawn(self) -> dict[str, int]:
        """Return when each light picture was written."""
        pictures = self.docs.glob("gallery/*/images/*_00?.png")
        return {path.name: path.stat().st_mtime_ns for path in pictures}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a small site that has been built once, and is not to be changed."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.build()
    return site


@pytest.fixture
def own_site(site: Site, tmp_path: Path) -> Site:
    """Return a copy of the built site, in a folder of the test's own."""
    copy = Site(tmp_path)
    shutil.copytree(site.docs, copy.docs, dirs_exist_ok=True)
    return copy
