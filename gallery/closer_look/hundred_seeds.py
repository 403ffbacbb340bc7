r"""
A hundred seeds
===============

The article's eight surfaces are no representative sample: by relief, 7 of them rank below the 15th
of a hundred, and 7 hold a critical point, which most surfaces do not.

Of the surfaces in Figures 7 and 8 the article says that they are a "representative sample" of those
that its author met while he went through seeds. That can be tested against the seeds 0 to 99, over
the same two weights and the same digits as in each figure. (For Figure 8 the article's notebook
holds this very survey.) Two questions are asked of every surface. How large is its *relief*, the
highest cost in the window minus the lowest? And how many critical points does the window hold,

.. math::

    \nabla J = 0 \, ?

Their number is proven where it can be, cell by cell, as in :doc:`Is there a minimum?
</gallery/closer_look/minimum>`.
"""

# %%
# The survey
# ----------
#
# Each plane becomes a row of numbers. Of every kind of critical point, the row says how many there
# are, and where the lowest of them lies.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from landscape_core import Network, WeightPlane, drawing, find_critical_points, load_mnist, survey

a_axis, b_axis = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)
KINDS = ("minimum", "saddle", "maximum", "degenerate")
FIGURES = {  # the seeds, the two weights and the number of digits of each figure
    7: ((3, 16, 60, 140), ((1, 200, 30), (1, 200, 31)), 500),
    8: ((158, 20, 41, 140), ((1, 5, 5), (1, 5, 6)), 1000),
}


def describe(plane):
    """Measure a plane's relief, and count its critical points in the article's window."""
    points = find_critical_points(plane, (-15, 17), (-15, 18))
    row = {"relief": np.ptp(plane.landscape(a_axis, b_axis).cost), "proven": points.proven}
    for kind in KINDS:
        found = [p for p in points if p.kind == kind]
        row |= {kind: len(found)}
        row |= {f"{kind} a": found[0].a, f"{kind} b": found[0].b} if found else {}
    return row | {"points": len(points)}


surveys = {
    figure: survey(describe, [*range(100), *seeds], [pair], [n])
    for figure, (seeds, pair, n) in FIGURES.items()
}

# %%
# Then the rows are counted. A surface's rank is the number of those among the hundred that have
# less relief.

for figure, rows in surveys.items():
    hundred, four = rows[:100], rows[100:]
    relief = np.array([row["relief"] for row in hundred])
    share = {kind: sum(row[kind] > 0 for row in hundred) for kind in (*KINDS, "points")}
    proven = sum(row["proven"] for row in hundred)
    print(f"Figure {figure}: of the seeds 0 to 99, {share['points']} have a critical point,")
    print(f"{share['minimum']} a minimum, {share['saddle']} a saddle,", end=" ")
    print(f"{share['maximum']} a maximum (proven for {proven:.0f});")
    print(f"relief {relief.min():.4f} to {relief.max():.4f}, median {np.median(relief):.4f}")
    for row in four:
        row["rank"] = (relief < row["relief"]).sum()
        counts = ", ".join(f"{row[kind]:.0f} × {kind}" for kind in KINDS if row[kind]) or "none"
        print(f"    seed {row['seed']:3}: relief {row['relief']:.4f},", end=" ")
        print(f"rank {row['rank']:2}; {counts}")

eight = [row for rows in surveys.values() for row in rows[100:]]
low, with_points = sum(row["rank"] < 15 for row in eight), sum(row["points"] > 0 for row in eight)
print(f"of the article's eight, {low} rank below 15, and {with_points} have a critical point")

# %%
# The reliefs of both surveys. If the eight were typical, their lines would stand where the bars
# are tall.

drawing.use_style()
picture, grid = plt.subplots(2, 1, figsize=(7.3, 6.6), sharex=True, layout="constrained")
picture.set_label(
    "Two histograms of the relief of a hundred surfaces, on a logarithmic axis, with a line for "
    "each surface that the article shows. In the upper one all four lines stand at the left, in "
    "the lower one three of four: there, few surfaces have as little."
)
bins = np.geomspace(0.004, 0.35, 17)
for axes, (figure, rows) in zip(grid, surveys.items(), strict=True):
    axes.hist([row["relief"] for row in rows[:100]], bins, color="#808080", alpha=0.5)
    for row, line in zip(rows[100:], drawing.LINES, strict=False):
        axes.axvline(row["relief"], label=f"seed {row['seed']}", **{**line, "linewidth": 3})
    axes.set(xscale="log", ylabel="number of seeds", title=f"Figure {figure}")
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.legend()
ticks = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
axes.set_xticks(ticks, ticks)
axes.set_xticks([], minor=True)
axes.set_xlabel("relief: the highest cost minus the lowest")

# %%
# A hundred maps
# --------------
#
# The surfaces over Figure 8's weights, each with a colour scale of its own: dark is low. The lowest
# point of each kind is marked: a minimum with a circle, a saddle with a cross, a maximum with a
# triangle. The four that the article shows have a frame; two of them have seeds above 99, and stand
# in a row of their own.

picture, grid = plt.subplots(11, 10, figsize=(8.4, 10.4))
picture.subplots_adjust(0.01, 0.01, 0.99, 0.97, wspace=0.08, hspace=0.32)
picture.set_label(
    "An atlas of a hundred small maps and two more below. Most are plain slopes without a mark. "
    "The others hold a trench, a ridge or a hollow with marks: so do three of the four framed ones."
)
seeds, pair, n = FIGURES[8]
for axes in grid.flat:
    axes.set_axis_off()
beyond = [row for row in surveys[8][100:] if row["seed"] > 99]
for axes, row in zip(grid.flat, surveys[8][:100] + beyond, strict=False):
    plane = WeightPlane(Network.random(row["seed"]), load_mnist(n), *pair)
    cost = plane.landscape(a_axis, b_axis).cost
    axes.contourf(a_axis, b_axis, cost, 10, cmap="cividis")
    axes.set_title(row["seed"], size=9, pad=4)
    for kind in KINDS:
        place = row.get(f"{kind} a"), row.get(f"{kind} b")
        if row[kind]:
            look = {"color": "white", "markeredgecolor": "black", "markersize": 7, "clip_on": False}
            axes.plot(*place, drawing.MARKERS[kind], **look)
    if row["seed"] in seeds:
        frame = {"fill": False, "linewidth": 4, "edgecolor": drawing.ACCENTS[0], "clip_on": False}
        axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, **frame))
picture.text(0.22, 0.045, "beyond the hundred", size=11, va="center")
plt.show()

# %%
# What was found
# --------------
#
# The sentence does not hold. Most windows hold no critical point at all, and only a minority holds
# a minimum: what a ball meets there is a slope. All but one of the article's eight are exceptions,
# and have less relief than the great majority, which a picture with a cost axis of its own does not
# tell. That is no reproach. Who looks for surfaces worth showing finds those with hills and
# hollows, and these stand out where no large slope drowns them.
#
# Try it: `balls on the surface of seed 0
# <../../drop_a_ball.html#seed=0&n=1000&a=1,5,5&b=1,5,6>`__, and then, there, of any other seed.
