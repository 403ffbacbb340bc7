r"""
How much data?
==============

A larger sample gives a smoother surface, suggest the two pictures of the article's Figure 3. Here
are eight, and the question of how fast they get there. If digits are drawn at random, a cost
surface is a mean of :math:`N` independent surfaces, one a digit. Its root mean square distance from
the mean of all :math:`M = 10{,}000` should then be

.. math::

    s \sqrt{\frac1N - \frac1M} ,

where :math:`s` is how far the surfaces of single digits scatter. As long as the sample is a small
part of the whole, that is the well-known :math:`1/\sqrt N`.
"""

# %%
# One network, one pair of weights, ever more digits: the critical points in the article's window,
# and the roughness, by which is meant the root mean square of both curvatures.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Digits,
    Network,
    WeightPlane,
    curvature_map,
    drawing,
    find_critical_points,
    load_mnist,
)

network, digits = Network.random(seed=135), load_mnist(10_000)
a_axis, b_axis = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
window = (-15, 17), (-15, 18)


def plane_of(part):
    """Return the article's plane for some of the digits."""
    some = Digits(digits.images[part], digits.labels[part])
    return WeightPlane(network, some, a=(2, 5, 250), b=(2, 5, 251))


sizes = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
landscapes, points = {}, {}
for n in sizes:
    plane = plane_of(slice(n))
    landscapes[n] = plane.landscape(a_axis, b_axis).cost
    points[n] = find_critical_points(plane, *window)
    kinds = [p.kind for p in points[n]]
    rough = np.sqrt((curvature_map(plane, a_axis, b_axis) ** 2).mean())
    counts = ", ".join(f"{kinds.count(k)} {k}" for k in dict.fromkeys(kinds)) or "none"
    print(f"N = {n:6,}: roughness {rough:.1e}, {points[n].standing}: {counts}")

# %%
# All eight on one scale of cost, counted from each surface's own mean, so that equal colours mean
# equal heights. Circles are minima, crosses saddles, triangles maxima.

drawing.use_style()
figure, grid = plt.subplots(4, 2, figsize=(7.3, 12), sharex=True, sharey=True, layout="constrained")
figure.set_label(
    "Eight contour maps, from 50 to 10,000 digits, on one colour scale. The first are strewn with "
    "terraces and valleys; with more digits they settle into one wide bowl with one minimum."
)
heights = {n: cost - cost.mean() for n, cost in landscapes.items()}
levels = np.linspace(np.min([*heights.values()]), np.max([*heights.values()]), 31)
for axes, n in zip(grid.flat, sizes, strict=True):
    filled = axes.contourf(a_axis, b_axis, heights[n], levels, cmap="cividis")
    drawing.mark(axes, points[n], size=10)
    axes.set(title=f"N = {n:,}", xlabel="$w_a$", ylabel="$w_b$")
    axes.label_outer()
figure.colorbar(
    filled,
    ax=grid,
    location="bottom",
    label="cost $J$ above its mean",
    aspect=40,
    ticks=plt.MaxNLocator(5),
)

# %%
# How fast do they come together? For each size below M, thirty random samples, and the root mean
# square distance of their surfaces from that of all 10,000 digits, each counted from its mean.

rng = np.random.default_rng(0)
expected, distances = [], []
for n in sizes[:-1]:
    squares = []
    for _ in range(30):
        cost = plane_of(rng.choice(len(digits), n, replace=False)).landscape(a_axis, b_axis).cost
        squares.append(((cost - cost.mean() - heights[10_000]) ** 2).mean())
    distances.append(np.sqrt(np.mean(squares)))
    expected.append(np.sqrt(1 / n - 1 / len(digits)))
    ratio = distances[-1] / expected[-1]
    print(f"N = {n:5,}: distance {distances[-1]:.5f}, {ratio:.3f} times the expected rate")
slope = np.polyfit(np.log(expected), np.log(distances), 1)[0]
print(f"the distance falls as the expected rate to the power {slope:.2f}")

figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Log-log plot: the distance from the surface of all digits falls with the sample size, and "
    "the points lie on the line of the expected rate, which bends down where N comes near M."
)
scale = np.exp(np.mean(np.log(np.array(distances) / expected)))
n = np.geomspace(40, 9000, 100)
axes.loglog(n, scale * np.sqrt(1 / n - 1 / len(digits)), label=r"$\propto \sqrt{1/N - 1/M}$")
axes.loglog(n, scale / np.sqrt(n), "--", label=r"$\propto 1/\sqrt{N}$")
axes.loglog(sizes[:-1], distances, "o", markersize=9, label="measured")
axes.set(xlabel="digits $N$", ylabel="distance from $J$ of all digits")
axes.legend()

# %%
# The claim holds, and has a rate: the surfaces approach the one of all digits as a mean of
# independent surfaces should, within the scatter of thirty samples. But "smoother" is not "fewer
# critical points" at each step. The few digits of the article's surface have fewer of them than
# some larger samples, because its window is full of slopes; only the largest samples leave one
# minimum and nothing else.
