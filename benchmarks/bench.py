"""Measure the article's way and this package's in one run, and write what the method page shows."""

from __future__ import annotations

import os
import platform
import runpy
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

import article_way
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from threadpoolctl import threadpool_limits

from landscape_core import (
    Digits,
    DirectionPlane,
    GradientDescent,
    Network,
    WeightPlane,
    descend,
    drawing,
    filter_normalized,
    load_mnist,
    random_direction,
)
from landscape_core.gif import GifWriter

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "benchmark"
PICTURES = ROOT / "docs" / "_static"
A_AXIS, B_AXIS = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
OUTPUT_PAIR = ((2, 5, 250), (2, 5, 251))
HIDDEN_PAIR = ((1, 200, 30), (1, 200, 31))
FIRST_PAIR = ((1, 5, 5), (1, 5, 6))
STARTS = [(-9.0, 15.0), (-10.1, 15.0), (-11.0, 15.0)]
EPOCHS = [*range(0, 200, 20), *range(200, 9000, 100)]
NETWORK = Network.random(135)


class Row(NamedTuple):
    """One line of the table: seconds the article's way and ours, and what else is to be said.

    Ours are those of the work itself, and of making its plane where that comes before.
    """

    work: str
    theirs: float
    ours: float
    note: str
    making: float = 0.0


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the least time of some runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def plane_of(seed: int, pair: tuple, n: int) -> WeightPlane:
    """Make the plane of one seed and pair of weights."""
    return WeightPlane(Network.random(seed), load_mnist(n), *pair)


@contextmanager
def quickest_blas(digits: Digits) -> Iterator[None]:
    """Give BLAS one thread or all, whichever runs the article's way quicker on these digits."""

    def some_points() -> None:
        article_way.surface(NETWORK, digits, *OUTPUT_PAIR, A_AXIS[:4], B_AXIS[:4])

    times = {}
    for threads in (1, os.cpu_count()):
        with threadpool_limits(threads):
            times[threads] = seconds(some_points, repeats=3)
    with threadpool_limits(min(times, key=lambda threads: times[threads])):
        yield


def surface_row(name: str, pair: tuple, n: int, repeats: int) -> Row:
    """Compare one surface of the article's grid, and check that both are the same."""
    digits, results = load_mnist(n), []
    with quickest_blas(digits):
        theirs = seconds(
            lambda: results.append(article_way.surface(NETWORK, digits, *pair, A_AXIS, B_AXIS))
        )
    plane = plane_of(135, pair, n)
    making = seconds(lambda: plane_of(135, pair, n))
    ours = seconds(lambda: plane.landscape(A_AXIS, B_AXIS), repeats)
    apart = abs(plane.landscape(A_AXIS, B_AXIS).cost - results[0].cost).max()
    each = ours / (1600 * n) * 1e9
    note = f"{each:.2f} ns per point and sample; largest difference {apart:.0e}"
    return Row(name, theirs, ours, note, making)


def descent_row() -> Row:
    """Compare the article's three descents, kept epoch by epoch."""
    digits, plane = load_mnist(100), plane_of(135, OUTPUT_PAIR, 100)
    making = seconds(lambda: plane_of(135, OUTPUT_PAIR, 100))
    with quickest_blas(digits):
        theirs = seconds(
            lambda: [article_way.descend(NETWORK, digits, s, 10_000, rate=10.0) for s in STARTS]
        )
    ours = seconds(lambda: descend(plane, STARTS, GradientDescent(5.0), 10_000), repeats=5)
    return Row("three descents of 10,000 epochs", theirs, ours, "", making)


def script(name: str) -> Callable[[], None]:
    """Return a run of a gallery script, computation included, in this process."""

    def run() -> None:
        runpy.run_path(str(ROOT / "gallery" / f"{name}.py"))
        plt.close("all")

    return run


def gif_rows(folder: Path) -> list[Row]:
    """Compare the animations; ours with all that their script does besides."""
    plane = plane_of(135, OUTPUT_PAIR, 100)
    landscape = plane.landscape(A_AXIS, B_AXIS)
    descent = descend(plane, STARTS, GradientDescent(5.0), 10_000)
    recipes: list[tuple[str, str, Callable[[Path], None]]] = [
        (
            "3-D descent GIF",
            "descent_3d",
            lambda p: article_way.surface_gif(p, landscape, descent.weights, descent.cost, EPOCHS),
        ),
        (
            "contour descent GIF",
            "descent_contour",
            lambda p: article_way.contour_gif(p, landscape, descent.weights, descent.cost, EPOCHS),
        ),
    ]
    rows = []
    for name, figure, recipe in recipes:
        heavy, light = folder / f"{figure}_article.gif", folder / f"{figure}.gif"
        theirs = seconds(lambda recipe=recipe, heavy=heavy: recipe(heavy))
        ours = seconds(script(f"article/{figure}"))
        sizes = f"{heavy.stat().st_size / 1e6:.1f} MB against {light.stat().st_size / 1e3:.0f} kB"
        rows.append(Row(name, theirs, ours, f"{sizes}; ours with the whole script"))
    return [*rows, rotation_row(folder)]


def rotation_row(folder: Path) -> Row:
    """Compare one full turn of four surfaces that are there already."""
    turning = {str(s): plane_of(s, HIDDEN_PAIR, 500).landscape(A_AXIS, B_AXIS) for s in range(4)}
    heavy, light = folder / "rotating_article.gif", folder / "rotating.gif"
    theirs = seconds(lambda: article_way.rotating_gif(heavy, list(turning.values()), frames=60))

    def turn() -> None:
        figure, turned = drawing.turntable(turning, elevation=50)
        animation = FuncAnimation(figure, turned, frames=range(0, 360, 6))
        animation.save(str(light), writer=GifWriter(fps=8, rest=2))
        plt.close(figure)

    sizes = f"{heavy.stat().st_size / 1e6:.1f} MB against "
    ours = seconds(turn)
    return Row(
        "rotating GIF of four surfaces, 60 frames",
        theirs,
        ours,
        f"{sizes}{light.stat().st_size / 1e3:.0f} kB",
    )


def survey_seconds(folder: Path) -> float:
    """Time a fifth of the article's survey: 25 × 25 points, 1000 samples, a picture each."""
    digits = load_mnist(1000)
    a, b = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)

    def whole() -> None:
        for seed in range(20):
            network = Network.random(seed)
            found = article_way.surface(network, digits, *FIRST_PAIR, a, b)
            article_way.survey_picture(folder / f"survey_{seed}.png", found)

    with quickest_blas(digits):
        return 5 * seconds(whole)


def gallery_seconds(folder: Path) -> float:
    """Time all scripts of the article, two processes at a time, and the survey as an atlas."""
    scripts = sorted((ROOT / "gallery" / "article").glob("*.py"))
    environment = os.environ | {"MPLBACKEND": "Agg"}

    def run(script: Path) -> None:
        subprocess.run([sys.executable, script], env=environment, check=True, stdout=-3)

    def survey_atlas() -> None:
        a, b = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)
        figure, axes = plt.subplots(10, 10)
        for seed, panel in enumerate(axes.flat):
            cost = plane_of(seed, FIRST_PAIR, 1000).landscape(a, b).cost
            panel.imshow(cost, cmap="cividis", origin="lower")
            panel.set_axis_off()
        figure.savefig(folder / "survey.png")
        plt.close(figure)

    def whole() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, scripts))
        survey_atlas()

    return seconds(whole)


def pytorch_row() -> Row | None:
    """Compare a filter-normalised plane with loss-landscapes, where that is installed."""
    if not (util.find_spec("torch") and util.find_spec("loss_landscapes")):
        return None
    import pytorch_way

    digits = load_mnist(10_000)
    a, b = (filter_normalized(random_direction(NETWORK, seed), NETWORK) for seed in (1, 2))
    axis = np.linspace(-1, 1, 40)
    ours = seconds(lambda: DirectionPlane(NETWORK, digits, a, b).landscape(axis, axis))
    theirs = seconds(lambda: pytorch_way.surface(NETWORK, digits, 40))
    note = "against loss-landscapes with PyTorch in float32; ours in float64"
    return Row("filter-normalised plane, 40 × 40, N = 10,000", theirs, ours, note)


class Growth(NamedTuple):
    """How one surface scales: points along each axis, samples, seconds, extra memory in MiB."""

    points: int
    samples: int
    seconds: float
    memory: float

    @property
    def each(self) -> float:
        """Nanoseconds per grid point and sample."""
        return self.seconds / (self.points**2 * self.samples) * 1e9


def growth(points: int, samples: int) -> Growth:
    """Measure one surface of the article's pair; more samples are the 10,000 digits again."""
    digits = load_mnist(min(samples, 10_000))
    times = -(-samples // len(digits))
    repeated = Digits(
        np.tile(digits.images, (times, 1))[:samples], np.tile(digits.labels, times)[:samples]
    )
    plane = WeightPlane(NETWORK, repeated, *OUTPUT_PAIR)
    a, b = np.linspace(-15, 17, points), np.linspace(-15, 18, points)
    work = points**2 * samples
    best = seconds(lambda: plane.landscape(a, b), repeats=int(max(1, min(50, 1e9 // work))))
    tracemalloc.start()
    plane.landscape(a, b)
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return Growth(points, samples, best, memory)


def machine() -> str:
    """Name the processor, the cores and the versions."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = named[0].split(":")[1].strip() if named else model
    versions = ", ".join(f"{p} {metadata.version(p)}" for p in ("numpy", "matplotlib"))
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def ratio(row: Row) -> str:
    """Write how many times quicker we are, and in brackets, how many where the plane is there."""

    def times(ours: float) -> str:
        quotient = row.theirs / ours
        return f"{quotient:.1f}" if quotient < 100 else f"{quotient:,.0f}"

    again = f" ({times(row.ours)})" if row.making else ""
    return times(row.making + row.ours) + again


def here(row: Row) -> str:
    """Write our time, that of making the plane first."""
    return f"{duration(row.making)} + {duration(row.ours)}" if row.making else duration(row.ours)


def duration(seconds: float) -> str:
    """Write a time with three digits, in milliseconds below a second."""
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 1000 else f"{seconds:,.0f} s"


def table(rows: list[Row], scales: list[Growth]) -> str:
    """Write the method page's table as Markdown."""
    lines = [
        f"Measured on {date.today():%d %B %Y} in one run on {machine()}.",
        "",
        "| Work | the article's way | here (plane + work) | ratio | note |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    lines += [
        f"| {r.work} | {duration(r.theirs)} | {here(r)} | {ratio(r)} | {r.note} |" for r in rows
    ]
    lines += ["", "| Grid | samples | time | per point and sample | extra memory |"]
    lines += ["| ---: | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {g.points} × {g.points} | {g.samples:,} | {duration(g.seconds)} | {g.each:.2f} ns "
        f"| {g.memory:.1f} MiB |"
        for g in scales
    ]
    return "\n".join(lines) + "\n"


def plot(scales: list[Growth], article: list[tuple[int, float]], dark: bool) -> None:
    """Draw time against samples and against grid points, on logarithmic axes."""
    with plt.rc_context():
        if dark:
            plt.style.use(ROOT / "docs" / "_ext" / "site_build" / "dark.mplstyle")
        drawing.use_style()
        figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), sharey=True)
        first, second = drawing.ACCENTS[:2]
        samples = [g for g in scales if g.points == 40]
        left.loglog(*zip(*article, strict=True), "o--", color=first, label="the article's way")
        left.loglog(
            [g.samples for g in samples],
            [g.seconds for g in samples],
            "s-",
            color=second,
            label="here",
        )
        left.set(xlabel="samples N (40 × 40 points)", ylabel="seconds")
        left.legend()
        grids = [g for g in scales if g.samples == 1000]
        right.loglog([g.points**2 for g in grids], [g.seconds for g in grids], "s-", color=second)
        right.set(xlabel="grid points (N = 1000)")
        figure.tight_layout()
        figure.savefig(PICTURES / f"growth{'_dark' if dark else ''}.png", dpi=200)
        plt.close(figure)


def main() -> None:
    """Run everything, print it, and write the pages."""
    PAGES.mkdir(exist_ok=True)
    plt.switch_backend("Agg")
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        folder = Path(name)
        rows = [
            surface_row("40 × 40 surface, output pair, N = 100", OUTPUT_PAIR, 100, 100),
            surface_row("40 × 40 surface, output pair, N = 10,000", OUTPUT_PAIR, 10_000, 200),
            surface_row("40 × 40 surface, hidden pair, N = 500", HIDDEN_PAIR, 500, 10),
            surface_row("40 × 40 surface, hidden pair, N = 1000", FIRST_PAIR, 1000, 10),
            descent_row(),
            *gif_rows(folder),
        ]
        small, large, four_500, four_1000, descents, *gifs = (row.theirs for row in rows)
        # Figures 7 and 8 are four surfaces and a rotating picture each.
        recipe = small + large + 4 * (four_500 + four_1000) + descents + sum(gifs) + gifs[-1]
        recipe += survey_seconds(folder)
        note = "the article's survey: five times 20 seeds; ours as one atlas of maps"
        rows.append(
            Row("all figures and the survey, from nothing", recipe, gallery_seconds(folder), note)
        )
        comparison = pytorch_row()
        rows += [comparison] if comparison else []
    sizes = [(40, n) for n in (100, 300, 1000, 3000, 10_000, 60_000)]
    sizes += [(points, 1000) for points in (80, 160, 400)] + [(400, 100), (400, 60_000)]
    scales = [growth(*size) for size in sizes]
    text = table(rows, scales)
    (PAGES / "table.md").write_text(text)
    for dark in (False, True):
        plot(scales, [(100, small), (10_000, large)], dark)
    print(text)


if __name__ == "__main__":
    main()
