"""Measure the article's way, other packages' and this one's; write what the method page shows.

Usage: bench.py [NAME …], with the names of `WORKS`; all of them by default.
"""

from __future__ import annotations

import json
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
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import article_way
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from pages import RESULTS, write_pages
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

from landscape_core import (
    Digits,
    GradientDescent,
    Network,
    Samples,
    WeightPlane,
    descend,
    drawing,
    load_mnist,
)
from landscape_core.gif import GifWriter

HERE = Path(__file__).parent
A_AXIS, B_AXIS = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
OUTPUT_PAIR = ((2, 5, 250), (2, 5, 251))
TWO_OUTPUTS = ((2, 5, 250), (2, 6, 251))
HIDDEN_PAIR = ((1, 200, 30), (1, 200, 31))
FIRST_PAIR = ((1, 5, 5), (1, 5, 6))
STARTS = [(-9.0, 15.0), (-10.1, 15.0), (-11.0, 15.0)]
EPOCHS = [*range(0, 200, 20), *range(200, 9000, 100)]
NETWORK = Network.random(135)

Rows = list[dict[str, Any]]  # lines of a table, as `pages` takes them
Results = dict[str, Any]  # by the names of works: when and where, and the rows


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


def surface(name: str, pair: tuple, n: int, repeats: int, part: int, results: Results) -> Rows:
    """Compare one surface of the article's grid, and check that both are the same.

    The article's way computes one row in so many of the grid, and counts that many times.
    """
    digits, found = load_mnist(n), []
    with quickest_blas(digits):
        theirs = part * seconds(
            lambda: found.append(
                article_way.surface(NETWORK, digits, *pair, A_AXIS, B_AXIS[::part])
            )
        )
    plane = plane_of(135, pair, n)
    making = seconds(lambda: plane_of(135, pair, n), repeats=3)
    ours = seconds(lambda: plane.landscape(A_AXIS, B_AXIS), repeats)
    apart = abs(plane.landscape(A_AXIS, B_AXIS).cost[::part] - found[0].cost).max()
    each = ours / (1600 * n) * 1e9
    note = f"{each:.2f} ns per point and sample; largest difference {apart:.0e}"
    note += f"; the article's way from one row in {part}" * (part > 1)
    return [row(f"40 × 40 surface, {name}", theirs, ours, note, making)]


def row(work: str, theirs: float, ours: float, note: str, making: float = 0.0) -> dict[str, Any]:
    """Make a line: seconds the article's way and ours, and of making our plane before that."""
    return {"work": work, "theirs": theirs, "ours": ours, "note": note, "making": making}


def descents(results: Results) -> Rows:
    """Compare the article's three descents, kept epoch by epoch."""
    digits, plane = load_mnist(100), plane_of(135, OUTPUT_PAIR, 100)
    making = seconds(lambda: plane_of(135, OUTPUT_PAIR, 100), repeats=3)
    with quickest_blas(digits):
        theirs = seconds(
            lambda: [article_way.descend(NETWORK, digits, s, 10_000, rate=10.0) for s in STARTS]
        )
    ours = seconds(lambda: descend(plane, STARTS, GradientDescent(5.0), 10_000), repeats=5)
    return [row("three descents of 10,000 epochs", theirs, ours, "", making)]


def script(name: str) -> Callable[[], None]:
    """Return a run of a gallery script, computation included, in this process."""

    def run() -> None:
        runpy.run_path(str(HERE.parent / "gallery" / f"{name}.py"))
        plt.close("all")

    return run


def animations(results: Results) -> Rows:
    """Compare the animations; ours with all that their script does besides."""
    landscape = plane_of(135, OUTPUT_PAIR, 100).landscape(A_AXIS, B_AXIS)
    descent = descend(plane_of(135, OUTPUT_PAIR, 100), STARTS, GradientDescent(5.0), 10_000)
    path = (landscape, descent.weights, descent.cost, EPOCHS)
    recipes = {
        "descent_3d": ("3-D descent GIF", article_way.surface_gif),
        "descent_contour": ("contour descent GIF", article_way.contour_gif),
    }
    rows = []
    for figure, (name, recipe) in recipes.items():
        heavy, light = Path(f"{figure}_article.gif"), Path(f"{figure}.gif")
        theirs = seconds(partial(recipe, heavy, *path))
        ours = seconds(script(f"article/{figure}"))
        sizes = f"{heavy.stat().st_size / 1e6:.1f} MB against {light.stat().st_size / 1e3:.0f} kB"
        rows.append(row(name, theirs, ours, f"{sizes}; ours with the whole script"))
    return [*rows, rotation_row()]


def rotation_row() -> dict[str, Any]:
    """Compare one full turn of four surfaces that are there already."""
    turning = {str(s): plane_of(s, HIDDEN_PAIR, 500).landscape(A_AXIS, B_AXIS) for s in range(4)}
    heavy, light = Path("rotating_article.gif"), Path("rotating.gif")
    theirs = seconds(lambda: article_way.rotating_gif(heavy, list(turning.values()), frames=60))

    def turn() -> None:
        figure, turned = drawing.turntable(turning, elevation=50)
        animation = FuncAnimation(figure, turned, frames=range(0, 360, 6))
        animation.save(str(light), writer=GifWriter(fps=8, rest=2))
        plt.close(figure)

    ours = seconds(turn)
    sizes = f"{heavy.stat().st_size / 1e6:.1f} MB against {light.stat().st_size / 1e3:.0f} kB"
    return row("rotating GIF of four surfaces, 60 frames", theirs, ours, sizes)


def everything(results: Results) -> Rows:
    """Add up all figures and the survey; what the figures took the article's way is known."""
    names = ("output 100", "output 10000", "hidden 500", "hidden 1000", "descents", "animations")
    times = [line["theirs"] for name in names for line in results[name]["rows"]]
    small, large, four_500, four_1000, walks, *gifs = times
    # Figures 7 and 8 are four surfaces and a rotating picture each.
    theirs = small + large + 4 * (four_500 + four_1000) + walks + sum(gifs) + gifs[-1]
    note = "the article's survey: twenty times 5 seeds; ours as one atlas of maps"
    work = "all figures and the survey, from nothing"
    return [row(work, theirs + survey_seconds(), gallery_seconds(), note)]


def survey_seconds() -> float:
    """Time a twentieth of the article's survey: 25 × 25 points, 1000 samples, a picture each."""
    digits = load_mnist(1000)
    a, b = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)

    def whole() -> None:
        for seed in range(5):
            network = Network.random(seed)
            found = article_way.surface(network, digits, *FIRST_PAIR, a, b)
            article_way.survey_picture(Path(f"survey_{seed}.png"), found)

    with quickest_blas(digits):
        return 20 * seconds(whole)


def gallery_seconds() -> float:
    """Time all scripts of the article, two processes at a time, and the survey as an atlas."""
    scripts = sorted((HERE.parent / "gallery" / "article").glob("*.py"))
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
        figure.savefig("survey.png")
        plt.close(figure)

    def whole() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, scripts))
        survey_atlas()

    return seconds(whole)


def losses(results: Results) -> Rows:
    """Compare the surfaces of each loss, on one thread, in turns."""
    planes = {
        (output, units, n): WeightPlane(Network(NETWORK.weights, output=output), load_mnist(n), *p)
        for output in ("squared", "logistic", "softmax", "linear")
        for units, p in (("one output", OUTPUT_PAIR), ("two outputs", TWO_OUTPUTS))
        for n in ((100, 10_000) if output == "linear" else (10_000,))
    }
    least = dict.fromkeys(planes, np.inf)
    with one_core():
        for _ in range(20):
            for case, plane in planes.items():
                least[case] = min(least[case], seconds(partial(plane.landscape, A_AXIS, B_AXIS)))
    return [
        {"output": output, "units": units, "samples": n, "seconds": least[output, units, n]}
        for output, units, n in planes
    ]


def relu_directions(results: Results) -> Rows:
    """Compare planes of a small network, on one core, with two other packages."""
    X, y = load_digits(return_X_y=True)  # noqa: N806
    draw = np.random.default_rng(0).standard_normal
    layers = [
        (draw((units, inputs)) / np.sqrt(inputs), draw(units))
        for inputs, units in ((64, 32), (32, 16), (16, 10))
    ]
    network, samples = Network.from_layers(layers, "relu", "softmax"), Samples.labelled(X / 16, y)
    with one_core():
        return directions("relu", network, samples, 21, [*PYTORCH, ("landscaper", "float32")])


def article_directions(results: Results) -> Rows:
    """Compare planes of the article's network, on all cores, with PyTorch."""
    return directions("article", NETWORK, load_mnist(10_000), 16, PYTORCH)


def directions(
    name: str, network: Network, samples: Samples, steps: int, peers: list[tuple[str, str]]
) -> Rows:
    """Time each way in processes of its own, in turns, with AVX-512 and without it."""
    save(name, network, samples)
    rows = []
    for wide in (True, False) if has_avx512() else (False,):
        environment = os.environ | (NARROW if has_avx512() and not wide else {})
        least: dict[str, float] = {}
        for way, precision in 2 * [("here", "float64"), *peers]:
            took = plane_seconds(way, name, steps, precision, environment)
            each = took / (steps**2 * len(samples)) * 1e9
            least[f"{way} {precision}"] = min(each, least.get(f"{way} {precision}", np.inf))
        rows.append({"network": name, "wide": wide, "each": least})
    return rows


def save(name: str, network: Network, samples: Samples) -> None:
    """Write a network and its samples for all ways."""
    arrays = {}
    for i, w in enumerate(network.weights):
        arrays[f"w{i}"] = w[:, :-1] if network.biases else w
        if network.biases:
            arrays[f"b{i}"] = w[:, -1]
    how = {"layers": len(network.weights), "hidden": network.hidden, "output": network.output}
    np.savez(f"{name}.npz", inputs=samples.inputs, targets=samples.targets, **how, **arrays)


def plane_seconds(
    way: str, name: str, steps: int, precision: str, environment: dict[str, str]
) -> float:
    """Time a plane of directions in a process of its own; other packages install themselves."""
    script = HERE / f"plane_{way}.py"
    run = [sys.executable] if way == "here" else ["uv", "run", "--quiet", "--script"]
    command = [*run, script, f"{name}.npz", str(steps), precision]
    printed = subprocess.run(
        command,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    cost, took = map(float, printed.split())
    expected = COSTS.setdefault(name, cost)
    if not abs(cost - expected) < 1e-5 * expected:
        raise ValueError(f"{way} has another cost, {cost} for {expected}: it is another network")
    return took


PYTORCH = [("pytorch", "float64"), ("pytorch", "float32")]
COSTS: dict[str, float] = {}  # of the networks that were saved
#: How NumPy, OpenBLAS, PyTorch and oneDNN are kept from the vectors of AVX-512.
NARROW = {
    "NPY_ENABLE_CPU_FEATURES": "X86_V3",
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}


def has_avx512() -> bool:
    """Whether the processor has AVX-512."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.exists() and "avx512f" in cpuinfo.read_text()


@contextmanager
def one_core() -> Iterator[None]:
    """Keep the work, and processes that it starts, on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usual)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def growth(results: Results) -> Rows:
    """Measure surfaces of the article's pair as they grow, and the memory that they take."""
    sizes = [(40, n) for n in (100, 300, 1000, 3000, 10_000, 60_000)]
    sizes += [(points, 1000) for points in (80, 160, 400)] + [(400, 100), (400, 60_000)]
    return [grown(*size) for size in sizes]


def grown(points: int, samples: int) -> dict[str, Any]:
    """Measure one surface; more samples than 10,000 are these again."""
    digits = load_mnist(min(samples, 10_000))
    times = -(-samples // len(digits))
    repeated = Digits(
        np.tile(digits.images, (times, 1))[:samples], np.tile(digits.labels, times)[:samples]
    )
    plane = WeightPlane(NETWORK, repeated, *OUTPUT_PAIR)
    a, b = np.linspace(-15, 17, points), np.linspace(-15, 18, points)
    repeats = int(max(1, min(50, 1e9 // (points**2 * samples))))
    best = seconds(lambda: plane.landscape(a, b), repeats)
    tracemalloc.start()
    plane.landscape(a, b)
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return {"points": points, "samples": samples, "seconds": best, "memory": memory}


def machine() -> str:
    """Name the processor, the cores and the versions."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = named[0].split(":")[1].strip() if named else model
    versions = ", ".join(f"{p} {metadata.version(p)}" for p in ("numpy", "matplotlib"))
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


WORKS: dict[str, Callable[[Results], Rows]] = {
    "output 100": partial(surface, "output pair, N = 100", OUTPUT_PAIR, 100, 100, 1),
    "output 10000": partial(surface, "output pair, N = 10,000", OUTPUT_PAIR, 10_000, 200, 8),
    "hidden 500": partial(surface, "hidden pair, N = 500", HIDDEN_PAIR, 500, 10, 1),
    "hidden 1000": partial(surface, "hidden pair, N = 1000", FIRST_PAIR, 1000, 10, 1),
    "descents": descents,
    "animations": animations,
    "everything": everything,
    "losses": losses,
    "relu directions": relu_directions,
    "article directions": article_directions,
    "growth": growth,
}


def main(names: list[str]) -> None:
    """Measure what is named, and write the pages after each."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    plt.switch_backend("Agg")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in names or WORKS:
            begin = time.perf_counter()
            rows = WORKS[name](results)
            results[name] = {"when": f"{date.today():%d %B %Y}", "where": machine(), "rows": rows}
            results = {name: results[name] for name in WORKS if name in results}
            RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
            write_pages(results)
            print(f"{name}: {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
