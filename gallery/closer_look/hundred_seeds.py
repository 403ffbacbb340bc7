r"""
A hundred seeds
===============

The article shows eight surfaces of eight seeds and says that landscapes differ widely. Its author
had looked through a hundred before choosing: seeds 0 to 99, :math:`N = 1000`, the weights from
hidden units 5 and 6 into unit 5 of the second hidden layer. Here are all of them, and the surfaces
that were shown, counted instead of chosen. A critical point is where

.. math::

    \nabla J = 0 ,

and that a window holds just so many can be proven, cell by cell: see *Is there a minimum?*
"""

# %%
# Each plane is reduced to a row of numbers. A plateau is where the slope is below a hundredth of
# the steepest in the window.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Network,
    WeightPlane,
    drawing,
    find_critical_points,
    gradient_norm_map,
    load_mnist,
    survey,
)

digits = load_mnist(1000)
a_axis, b_axis = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)
KINDS = ("minimum", "saddle", "maximum", "degenerate")


def describe(plane):
    """Count a plane's critical points in the article's window, and measure its plateau."""
    points = find_critical_points(plane, (-15, 17), (-15, 18))
    kinds = [p.kind for p in points]
    slopes = gradient_norm_map(plane, a_axis, b_axis)
    counts = {kind: kinds.count(kind) for kind in KINDS}
    return counts | {"proven": points.proven, "plateau": (slopes < slopes.max() / 100).mean()}


rows = survey(describe, [*range(100), 158, 20, 41, 140], [((1, 5, 5), (1, 5, 6))], [len(digits)])
for row in rows:
    plane = WeightPlane(Network.random(row["seed"]), digits, row["a"], row["b"])
    row["cost"] = plane.landscape(a_axis, b_axis).cost
    row["relief"] = np.ptp(row["cost"])
hundred, four = rows[:100], rows[100:]

# %%
# How many of the hundred have what?


def column(name):
    """Return one number of each of the hundred planes."""
    return np.array([row[name] for row in hundred])


print(f"count proven: {column('proven').sum():.0f} of {len(hundred)}")
for kind in KINDS:
    print(f"with a {kind}: {(column(kind) > 0).sum()}, at most {column(kind).max():.0f} in one")
total = sum(column(kind) for kind in KINDS)
print(f"with no critical point at all: {(total == 0).sum()}")
quarters = np.quantile(column("relief"), (0, 0.25, 0.5, 0.75, 1))
print("relief, smallest to largest:", ", ".join(f"{q:.4f}" for q in quarters))
print(f"with a plateau over at least a quarter: {(column('plateau') > 0.25).sum()}")

# %%
# And the four of the article's Figure 8? Their rank by relief, among the hundred:

for row in four:
    rank = (column("relief") < row["relief"]).sum()
    counts = ", ".join(f"{row[kind]:.0f} {kind}" for kind in KINDS[:3])
    print(f"seed {row['seed']:3}: {counts}; relief {row['relief']:.4f}, above {rank} of the 100")

# %%
# The atlas: each map has a colour scale of its own, dark is low. A circle means a minimum inside,
# a cross a saddle without one, a triangle a maximum alone. The last row shows the article's four.

drawing.use_style()
figure, grid = plt.subplots(11, 10, figsize=(8.4, 10))
figure.subplots_adjust(0.01, 0.01, 0.99, 0.97, wspace=0.08, hspace=0.3)
figure.set_label(
    "An atlas of a hundred small maps and four more below. Most are plain slopes, smooth steps in "
    "every direction. The others, marked, hold a trench, a ridge or a hollow: so do three of the "
    "last four."
)
for axes, row in zip(grid.flat, rows, strict=False):
    axes.imshow(row["cost"], cmap="cividis", origin="lower")
    axes.set_title(row["seed"], size=9, pad=2)
    marker = next((drawing.MARKERS[kind] for kind in KINDS if row[kind]), "")
    axes.plot(12, 12, marker, color="white", markeredgecolor="black", markersize=9)
for axes in grid.flat:
    axes.set_axis_off()

# %%
# What do they add up to?

figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Histogram of the relief of a hundred surfaces on a logarithmic axis, spread over a wide range "
    "of two powers of ten. Four lines show the article's surfaces: three stand far to the left."
)
relief = column("relief")
axes.hist(relief, np.geomspace(relief.min(), relief.max(), 21), color=drawing.ACCENTS[5])
for row, line in zip(four, drawing.LINES, strict=False):
    axes.axvline(row["relief"], label=f"seed {row['seed']}", **line)
axes.set(xscale="log", xlabel="relief: highest less lowest cost", ylabel="number of seeds")
axes.legend()

# %%
# Landscapes do differ with the seed, and most of all in their relief. But most of these windows
# hold no critical point at all, and only a minority a minimum: what a ball meets there is a slope.
# Three of the four that the article shows are among the exceptions. They are also flatter than
# most, which a picture with a cost axis of its own does not tell.
