"""Write the method page's tables and pictures from what the benchmark has measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from landscape_core import drawing

DOCS = Path(__file__).parents[1] / "docs"
RESULTS = DOCS / "benchmark" / "results.json"
OUTPUTS = {
    "squared": "squared error of sigmoids",
    "logistic": "logistic loss",
    "softmax": "softmax with cross-entropy",
    "linear": "squared error of linear outputs",
}
NETWORKS = {
    "relu": "64-32-16-10, ReLU, softmax; 21 × 21 points, 1,797 digits, one core",
    "article": "the article's; 16 × 16 points, 10,000 digits, all cores",
}
WAYS = {
    "here float64": "here, float64",
    "pytorch float64": "loss-landscapes, float64",
    "pytorch float32": "loss-landscapes, float32",
    "landscaper float32": "Landscaper, float32",
}
DIRECTIONS = """\
For planes of directions the table says how long a point takes for each sample, everything
included, and in brackets how many times as long as here. The other packages compute in 32 bits
unless they are told otherwise, and this one always in 64. With sigmoids, most of the time goes
into exponentials. NumPy has a vectorised one for 64-bit numbers on processors with AVX-512; on
others it computes them one by one. The rows without AVX-512 were measured with these
instructions switched off, for all packages."""

Row = dict[str, Any]
Results = dict[str, Any]  # by the names of works: when and where, and the rows


def write_pages(results: Results) -> None:
    """Write all that there are results for."""
    known = {name: result["rows"] for name, result in results.items()}
    article = [r for rows in known.values() for r in rows if "theirs" in r]
    directions = [
        other_cells(r)
        for name in ("relu directions", "article directions")
        for r in known.get(name, [])
    ]
    parts = [
        measured(results),
        table(
            "Work | the article's way | here (plane + work) | ratio | note",
            [[r["work"], duration(r["theirs"]), here(r), ratio(r), r["note"]] for r in article],
        ),
        table(
            "40 × 40 surface, one core | two weights into | samples | time "
            "| against one output's squared error",
            [loss_cells(r, known["losses"][0]) for r in known.get("losses", [])],
        ),
        table(" | ".join(["Plane of directions", "AVX-512", *WAYS.values()]), directions),
        directions and DIRECTIONS,
        table(
            "Grid | samples | time | per point and sample | extra memory",
            [growth_cells(r) for r in known.get("growth", [])],
        ),
    ]
    RESULTS.with_name("table.md").write_text("\n\n".join(filter(None, parts)) + "\n")
    if {"output 100", "output 10000", "growth"} <= known.keys():
        samples = ((100, "output 100"), (10_000, "output 10000"))
        points = [(n, known[name][0]["theirs"]) for n, name in samples]
        for dark in (False, True):
            plot(known["growth"], points, dark)


def measured(results: Results) -> str:
    """Say when and where each work was measured, and all at once where that was one run."""
    runs: dict[str, list[str]] = {}
    for name, result in results.items():
        runs.setdefault(f"{result['when']} on {result['where']}", []).append(name)
    if len(runs) == 1:
        return f"Measured on {next(iter(runs))}."
    return "\n".join(f"- Measured on {run}: {', '.join(names)}." for run, names in runs.items())


def table(head: str, rows: list[list[str]]) -> str:
    """Write a table as Markdown, with numbers on the right; nothing where there are no rows."""
    if not rows:
        return ""
    columns = head.split(" | ")
    rule = ["---" if name in (columns[0], "note") else "---:" for name in columns]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))


def ratio(row: Row) -> str:
    """Write how many times quicker we are, and in brackets, how many where the plane is there."""

    def times(ours: float) -> str:
        quotient = row["theirs"] / ours
        return f"{quotient:.1f}" if quotient < 100 else f"{quotient:,.0f}"

    again = f" ({times(row['ours'])})" if row["making"] else ""
    return times(row["making"] + row["ours"]) + again


def here(row: Row) -> str:
    """Write our time, that of making the plane first."""
    ours = duration(row["ours"])
    return f"{duration(row['making'])} + {ours}" if row["making"] else ours


def loss_cells(row: Row, first: Row) -> list[str]:
    """Write a loss's time, and how it compares with the first one's."""
    times = f"{row['seconds'] / first['seconds']:.2f}"
    name, count = OUTPUTS[row["output"]], f"{row['samples']:,}"
    return [name, row["units"], count, duration(row["seconds"]), times]


def other_cells(row: Row) -> list[str]:
    """Write each way's time per point and sample, and how it compares with ours."""
    ours = row["each"]["here float64"]
    times = [row["each"].get(way) for way in WAYS]
    cells = [f"{x:,.0f} ns ({x / ours:.2f})" if x else "" for x in times]
    return [NETWORKS[row["network"]], "with" if row["wide"] else "without", *cells]


def growth_cells(row: Row) -> list[str]:
    """Write a surface's time, alone and per point and sample, and memory."""
    points, n, time = row["points"], row["samples"], row["seconds"]
    each = f"{time / (points**2 * n) * 1e9:.2f} ns"
    grid = f"{points}\u00a0×\u00a0{points}"  # in one line, on a phone too
    return [grid, f"{n:,}", duration(time), each, f"{row['memory']:.1f} MiB"]


def duration(seconds: float) -> str:
    """Write a time with three digits, in milliseconds below a second."""
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 1000 else f"{seconds:,.0f} s"


def plot(growth: list[Row], article: list[tuple[int, float]], dark: bool) -> None:
    """Draw time against samples and against grid points, on logarithmic axes."""
    with plt.rc_context():
        if dark:
            plt.style.use(DOCS / "_ext" / "site_build" / "dark.mplstyle")
        drawing.use_style()
        figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), sharey=True)
        first, second = drawing.ACCENTS[:2]
        left.loglog(*zip(*article, strict=True), "o--", color=first, label="the article's way")
        samples = [(g["samples"], g["seconds"]) for g in growth if g["points"] == 40]
        left.loglog(*zip(*samples, strict=True), "s-", color=second, label="here")
        left.set(xlabel="samples N (40 × 40 points)", ylabel="seconds")
        left.legend()
        grids = [(g["points"] ** 2, g["seconds"]) for g in growth if g["samples"] == 1000]
        right.loglog(*zip(*grids, strict=True), "s-", color=second)
        right.set(xlabel="grid points (N = 1000)")
        figure.tight_layout()
        figure.savefig(DOCS / "_static" / f"growth{'_dark' if dark else ''}.png", dpi=200)
        plt.close(figure)
