r"""
How much data?
==============

More digits make the surface smoother, and bring it nearer to that of all 10,000 at the rate of any
mean: as one over the square root of their number.

The two pictures of the article's Figure 3 suggest that a larger sample gives a smoother surface.
Here are the sizes in between. If digits are drawn at random, a cost surface is a mean of :math:`N`
independent surfaces, one for each digit. Its root mean square distance from the mean of all
:math:`M = 10{,}000` should then be

.. math::

    s \sqrt{\frac1N - \frac1M} ,

where :math:`s` is how far the surfaces of single digits scatter. While the sample is a small part
of the whole, that is nearly :math:`s / \sqrt N`.
"""

# %%
# Ever more digits
# ----------------
#
# One network and one pair of weights: the critical points in the article's window, and the
# roughness, which is the root mean square of the two principal curvatures.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import TwoSlopeNorm

from landscape_core import (
    Digits,
    Network,
    WeightPlane,
    drawing,
    find_critical_points,
    load_mnist,
    roughness,
)

network, digits = Network.random(seed=135), load_mnist(10_000)
a_axis, b_axis = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)


def plane_of(part):
    """Return the article's plane for some of the digits."""
    some = Digits(digits.images[part], digits.labels[part])
    return WeightPlane(network, some, a=(2, 5, 250), b=(2, 5, 251))


def height(plane):
    """Return the costs of a plane, counted from their own mean."""
    cost = plane.landscape(a_axis, b_axis).cost
    return cost - cost.mean()


sizes = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
heights, points = {}, {}
print("     N  roughness  critical points")
for n in sizes:
    plane = plane_of(slice(n))
    heights[n] = height(plane)
    points[n] = find_critical_points(plane, (-15, 17), (-15, 18))
    kinds = [p.kind for p in points[n]]
    counts = ", ".join(f"{kinds.count(k)} × {k}" for k in dict.fromkeys(kinds)) or "none"
    rough = roughness(plane, a_axis, b_axis)
    print(f"{n:6,}   {rough:.1e}   {counts} ({points[n].standing})")

# %%
# All of them on one scale of cost, counted from each surface's own mean, so that equal colours mean
# equal heights. From one contour line to the next the cost changes by 0.002.

drawing.use_style()
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
figure, grid = plt.subplots(4, 2, figsize=(7.3, 9.8), **shared)
figure.set_label(
    "Contour maps for 50 to 10,000 digits, on one colour scale. The first are strewn with "
    "terraces and valleys; with more digits they settle into one wide hollow with one minimum."
)
low, high = np.min([*heights.values()]), np.max([*heights.values()])
levels = np.arange(0.002 * np.floor(low / 0.002), high + 0.002, 0.002)
norm = TwoSlopeNorm(0, low, high)  # half of the colours are for what lies below the mean
for axes, n in zip(grid.flat, sizes, strict=True):
    surface = a_axis, b_axis, heights[n], levels
    filled = axes.contourf(*surface, cmap="cividis", norm=norm)
    axes.contour(*surface, colors="#202020", linestyles="solid", linewidths=0.5)
    drawing.mark(axes, points[n], size=10)
    plt.setp(axes.lines, clip_on=False)  # a mark at the rim is not cut
    axes.set(title=f"N = {n:,}", xlabel="$w_a$", ylabel="$w_b$")
    axes.label_outer()
all_kinds = grid[1, 1].get_legend_handles_labels()  # with 500 digits there is one of each
figure.legend(*all_kinds, loc="outside upper center", ncols=3)
bar = {"location": "bottom", "label": "cost $J$ above its mean", "aspect": 40, "pad": 0.02}
figure.colorbar(filled, ax=grid, ticks=[-0.02, 0, 0.02, 0.04, 0.06, 0.08], **bar)

# %%
# How fast they come together
# ---------------------------
#
# The scatter :math:`s` is measured on three hundred single digits. For each size below :math:`M`,
# thirty random samples then say how far their surfaces lie from that of all. Nothing is fitted.

rng = np.random.default_rng(0)


def squared_distances(n, samples):
    """Return the mean squares of some samples' distances from the surface of all digits."""
    drawn = [height(plane_of(rng.choice(len(digits), n, replace=False))) for _ in range(samples)]
    return np.array([((some - heights[10_000]) ** 2).mean() for some in drawn])


scatter = np.sqrt(squared_distances(1, samples=300).mean())
print(f"single digits scatter by s = {scatter:.3f}")
distances, errors = [], []
for n in sizes[:-1]:
    squares = squared_distances(n, samples=30)
    distances.append(np.sqrt(squares.mean()))
    errors.append(squares.std(ddof=1) / np.sqrt(30) / (2 * distances[-1]))
    expected = scatter * np.sqrt(1 / n - 1 / len(digits))
    print(f"N = {n:5,}: distance {distances[-1]:.5f} ± {errors[-1]:.5f}, expected {expected:.5f}")

figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Log-log plot: the distance from the surface of all digits falls with the sample size, and "
    "the points lie near the line of the expected rate, which bends down where N comes near M."
)
n = np.geomspace(40, 9000, 100)
axes.loglog(n, scatter * np.sqrt(1 / n - 1 / len(digits)), label=r"$s \sqrt{1/N - 1/M}$")
axes.loglog(n, scatter / np.sqrt(n), "--", label=r"$s / \sqrt{N}$")
axes.errorbar(sizes[:-1], distances, errors, fmt="o", markersize=7, capsize=4, label="measured")
axes.set(xlabel="digits $N$", ylabel="distance from $J$ of all digits")
axes.legend()
plt.show()

# %%
# What was found
# --------------
#
# What the pictures suggest holds, and the rate is the expected one. But "smoother" does not mean
# fewer critical points at each step. The article's surface, with few digits, has fewer of them than
# some with more, because its window is full of slopes. Only the largest samples leave one minimum
# and nothing else.
#
# Try it: `balls over the first thousand digits
# <../../drop_a_ball.html#seed=135&n=1000&a=2,5,250&b=2,5,251>`__, with two minima in the window, or
# `over all 10,000 <../../drop_a_ball.html#surface=n10000>`__, with one.
