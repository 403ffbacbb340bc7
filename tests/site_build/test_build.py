"""A build draws what has changed and nothing else, and comes to the same site by every way."""

import base64
import contextlib
import html
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .conftest import MOVING, Site

PICTURES = {"sphx_glr_moving_001.png", "sphx_glr_twins_001.png", "sphx_glr_twins_002.png"}


def redrawn(site: Site, **environment: str) -> set[str]:
    """Build, and return the names of the pictures that were drawn again."""
    before = site.drawn()
    site.build(**environment)
    return {name for name, when in site.drawn().items() if when != before.get(name)}


def test_light_and_dark(site: Site) -> None:
    """Every picture has its dark variant: by number, so that two may have the same label."""
    folder = site.html / "_images"
    for light in ("moving_001.gif", "moving_001.png", "twins_001.png", "twins_002.png"):
        papers = []
        for file in (f"sphx_glr_{light}", f"sphx_glr_{light}".replace(".", "_dark.")):
            with Image.open(folder / file) as image:
                papers.append(image.convert("L").getpixel((0, 0)))
        assert papers[0] > 200 > 50 > papers[1]
    for variant in ("", "_dark"):  # the first line rises: low down it is at the left
        for number, rises in ((1, True), (2, False)):
            with Image.open(folder / f"sphx_glr_twins_00{number}{variant}.png") as image:
                colours = np.asarray(image.convert("RGB"), dtype=float)
            line = np.flatnonzero(colours[int(0.75 * len(colours))].std(axis=-1) > 20)
            assert (line.mean() < colours.shape[1] / 2) == rises


def test_beside_the_script(site: Site) -> None:
    """A script reads a file beside it in both runs, which leave nothing there."""
    names = {path.name for path in (site.root / "gallery" / "article").iterdir()}
    assert names == {"GALLERY_HEADER.rst", "moving.py", "rate.txt"}


def test_notebooks(site: Site) -> None:
    """A notebook's cells hold what the blocks printed and drew, as the page shows it."""
    for script, cell, count in (("article/moving", 0, 0), ("closer_look/twins", 0, 2)):
        notebook = json.loads((site.docs / f"gallery/{script}.ipynb").read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        (printed,) = (o["text"] for o in cells[cell]["outputs"] if o["output_type"] == "stream")
        assert f"<pre>{printed}" in re.sub(r"</?span.*?>", "", site.page(f"gallery/{script}.html"))
        drawn = [o["data"]["image/png"] for o in cells[cell]["outputs"] if "data" in o]
        assert len(drawn) == count
    images = site.docs / "gallery" / "closer_look" / "images"
    for number, picture in enumerate(drawn, start=1):
        light = images / f"sphx_glr_twins_00{number}.png"
        assert base64.b64decode(picture) == light.read_bytes()
    (archive,) = site.html.glob("_downloads/*/landscape-core-figures.zip")
    with zipfile.ZipFile(archive) as content:
        for kind in ("py", "ipynb"):
            file = site.docs / f"gallery/closer_look/twins.{kind}"
            assert content.read(f"closer_look/twins.{kind}") == file.read_bytes()


def test_moving_notebook(site: Site) -> None:
    """The cell that saves a GIF shows it: as the build made it, and whenever the cell runs."""
    notebook = json.loads((site.docs / "gallery/article/moving.ipynb").read_text(encoding="utf-8"))
    cell = notebook["cells"][-1]
    (shown,) = (output["data"]["image/gif"] for output in cell["outputs"])
    gif = site.docs / "gallery/article/images/sphx_glr_moving_001.gif"
    assert base64.b64decode(shown) == gif.read_bytes()
    assert "".join(cell["source"]).endswith(
        'from IPython.display import Image, display\n\ndisplay(Image("moving.gif"))'
    )


def test_results_first(site: Site) -> None:
    """What a block prints and draws comes before its code, which is folded."""
    page = site.page("gallery/closer_look/twins.html")
    places = [page.index(part) for part in ("twins_001", "twins_002", ">two figures", "<details")]
    assert places == sorted(places)
    code = re.sub("<.*?>", "", page[places[-1] : page.index("</details>")])
    assert code.startswith("Show the code")
    assert 'print("two", "figures")' in html.unescape(code)


def test_running_time(site: Site) -> None:
    """A measured script's page says how long it runs, and no other page does."""
    said = "Runs in about 5 s on two cores."
    pages = site.html.rglob("*.html")
    assert [p.name for p in pages if said in p.read_text(encoding="utf-8")] == ["moving.html"]


def test_wrong_address(site: Site) -> None:
    """The page 404 links from the site's root, and stays where it is for its own anchors."""
    links = re.findall(r'\b(?:href|src|action)="([^"]*)"', site.page("404.html"))
    assert {"#furo-main-content", "#"} <= set(links)
    assert {"/sub/index.html", "/sub/search.html", "/sub/_static/site.css"} <= {
        link.split("?")[0] for link in links
    }
    assert [link for link in links if not re.match(r"#|/sub/|https:", link)] == []
    assert 'data-content_root="/sub/"' in site.page("404.html")
    assert "<base" not in site.page("404.html")


def test_search_field(site: Site) -> None:
    """The search page has a field beside the one in the sidebar, which narrow screens hide."""
    _, content = site.page("search.html").split("<h1>Search</h1>")
    assert 'action="#"' in content.partition("</form>")[0]


def test_whole_addresses(site: Site) -> None:
    """What is for other sites has whole addresses, and the picture is described."""
    page = site.page("gallery/closer_look/twins.html")
    graph = dict(re.findall(r'<meta property="og:(.*?)" content="(.*?)">', page))
    assert graph["image"] == "https://example.org/sub/_images/sphx_glr_twins_001.png"
    assert graph["image:alt"] == "A line."
    assert graph["url"] == "https://example.org/sub/gallery/closer_look/twins.html"
    assert "<loc>https://example.org/sub/gallery/closer_look/twins.html</loc>" in site.page(
        "sitemap.xml"
    )


def test_prose_changes(own_site: Site) -> None:
    """After one word in one script only that script runs; nothing is computed, the word is gone.

    Nor is anything computed because of the site's address: without one nothing is said that
    would need it.
    """
    kept = own_site.docs / "_build" / "kept_results"
    before = {path.name: path.stat().st_ino for path in kept.rglob("*")}
    own_site.write("gallery/article/moving.py", MOVING.replace("first kind", "second kind"))
    animation = own_site.docs / "gallery/article/images/sphx_glr_moving_001.gif"
    shutil.copy(animation, own_site.root / "gallery/article/moving.gif")  # a killed build's
    assert redrawn(own_site, SITE_ADDRESS="") == {"sphx_glr_moving_001.png"}
    assert "Prose of the second kind" in own_site.page("gallery/article/moving.html")
    assert '"first":' not in own_site.page("searchindex.js")
    assert len(before) > 1
    assert before == {path.name: path.stat().st_ino for path in kept.rglob("*")}
    assert "sitemap.xml" not in own_site.files()
    graph = re.findall(r'property="og:(.*?)"', own_site.page("index.html"))
    assert graph == ["title", "description", "type", "site_name"]


NEW_DESCEND = """

def descend(*args, former=descend, **kwargs):
    former = former(*args, **kwargs)
    return Descent(former.epochs, former.weights, former.cost + 1000)
"""


def test_package_changes(own_site: Site) -> None:
    """When the package changes, all figures are drawn again, from new numbers alone."""
    descent = own_site.root / "src" / "landscape_core" / "descent.py"
    descent.write_text(descent.read_text(encoding="utf-8") + NEW_DESCEND, encoding="utf-8")
    assert redrawn(own_site) == PICTURES
    text = re.sub(r"<.*?>", "", own_site.page("gallery/article/moving.html"))
    (cost,) = re.findall(r"^\[(.*)\]$", text, re.MULTILINE)
    assert float(cost) > 1000
    assert len(list((own_site.docs / "_build" / "kept_results").iterdir())) == 1


def test_dark_differs(own_site: Site) -> None:
    """A script that draws other pictures in dark colours than in light ones stops the build."""
    own_site.write(
        "gallery/closer_look/twins.py",
        '"""\nT\n=\n\nOne.\n"""\n\nfrom matplotlib import pyplot as plt\n\n'
        'plt.subplots(label="A.")\nif plt.rcParams["figure.facecolor"] != "white":\n'
        '    plt.subplots(label="B.")\n',
    )
    process = own_site.start()
    said, _ = process.communicate()
    assert process.returncode
    assert "draws 1 pictures in light colours and 2 in dark ones" in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not kill a group of processes")
def test_killed_elsewhere(site: Site, tmp_path: Path, kills: int) -> None:
    """In another folder, time zone and locale, after builds that were killed: the same bytes."""
    elsewhere = Site(tmp_path)
    moments = random.Random(0)
    for _ in range(kills):
        process = elsewhere.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.5, 7))
        with contextlib.suppress(ProcessLookupError):  # where it has come to its end before
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    elsewhere.build(TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7")
    one, other = site.files(), elsewhere.files()
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert not [name for name in one if "/." in f"/{name}"]
