r"""
Is there a minimum?
===================

The article sees local minima, plateaus, ridges and a "global" minimum in its surface for
:math:`N = 100`, and warns that it did not check. A minimum is a point where

.. math::

    \nabla J = 0 \quad\text{and both eigenvalues of}\quad \nabla^2 J \quad\text{are positive.}

With one eigenvalue of each sign the point is a saddle, with two negative ones a maximum. So the
question has an answer: solve :math:`\nabla J = 0`, miss nothing, and look at the eigenvalues.
"""

# %%
# Newton's method starts from every part of the window that may hold a solution. What it finds:

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from landscape_core import (
    Network,
    WeightPlane,
    curvature_map,
    drawing,
    find_critical_points,
    load_mnist,
    winding_number,
)

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
window = (-15, 17), (-15, 18)


def tell(points):
    """Print a line for each critical point."""
    for p in points:
        low, high = p.eigenvalues
        print(
            f"{p.kind:8} at ({p.a:8.4f}, {p.b:8.4f}), cost {p.cost:.6f}, "
            f"eigenvalues {low:+.1e} and {high:+.1e}, "
            f"gradient {np.linalg.norm(plane.gradient(p.a, p.b)):.0e}"
        )


points = find_critical_points(plane, *window)
tell(points)

# %%
# Has it missed one? Follow the gradient once around the border of the window. It turns as often
# as there are minima and maxima inside, less the saddles: a theorem of Poincaré and Hopf. The
# border is cut so finely that the gradient turns by at most 45 degrees from one point to the next.

kinds = [p.kind for p in points]
print("turns along the border:", winding_number(plane, *window))
print("minima + maxima - saddles:", len(kinds) - 2 * kinds.count("saddle"))

# %%
# The theorem would not notice a minimum and a saddle that were missed together. A picture would:
# on the solid lines the slope along :math:`w_a` is zero, on the dashed ones the slope along
# :math:`w_b`. Critical points are where the two kinds cross.

drawing.use_style()
a_axis, b_axis = np.linspace(-15, 17, 321), np.linspace(-15, 18, 331)
landscape = plane.landscape(a_axis, b_axis)
gradient = plane.gradient(*np.meshgrid(a_axis, b_axis))
figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Contour map with two kinds of lines, one where the slope along w_a vanishes and one where the "
    "slope along w_b does. They cross once, near the middle, at a point marked as a saddle."
)
filled = drawing.contour(axes, landscape, cmap="cividis")
figure.colorbar(filled, label="cost $J$", format="%.3f")
for part, (name, colour, line) in enumerate(
    [("w_a", drawing.ACCENTS[0], "solid"), ("w_b", drawing.ACCENTS[5], "dashed")]
):
    style = {"colors": colour, "linestyles": line, "linewidths": 2.5}
    axes.contour(a_axis, b_axis, gradient[..., part], [0], **style)
    axes.plot([], [], color=colour, linestyle=line, label=f"no slope along ${name}$")
drawing.mark(axes, points, size=15)
figure.legend(loc="outside lower center", ncols=3)

# %%
# Minima need ground that bends upwards in every direction. Where is there any?

curvature = curvature_map(plane, a_axis, b_axis)
negative = (curvature < 0).sum(axis=-1)  # how many of the two
names = ("upwards both ways", "up one way, down the other", "downwards both ways")
for number, name in enumerate(names):
    print(f"the surface bends {name}: {(negative == number).mean():.0%} of the window")

figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Map of three kinds of ground. Most of the window bends up one way and down the other; "
    "belts along the valleys bend upwards both ways, belts along the ridges downwards."
)
colours = ListedColormap(plt.get_cmap("cividis")([0.1, 0.55, 0.95]))
image = axes.pcolormesh(a_axis, b_axis, negative, cmap=colours, vmin=-0.5, vmax=2.5)
bar = figure.colorbar(image, ticks=range(3), orientation="horizontal", location="bottom")
bar.ax.set_xticklabels(["upwards", "up and down", "downwards"])
drawing.mark(axes, points, size=15)
axes.set(xlabel="$w_a$", ylabel="$w_b$", title="How the surface bends")

# %%
# And beyond the window? A larger one:

beyond = find_critical_points(plane, (-60, 60), (-60, 60))
tell(beyond)
minima = [p for p in beyond if p.kind == "minimum"]
nearest = min(minima, key=lambda p: np.hypot(max(p.a - 17, 0), max(-15 - p.b, 0)))
out = np.linalg.eigh(plane.hessian(nearest.a, nearest.b))[1][:, 0]
around = plane.cost(nearest.a + np.array([-5, 5]) * out[0], nearest.b + np.array([-5, 5]) * out[1])
print(f"the minimum nearest to the window is at ({nearest.a:.2f}, {nearest.b:.2f})")
print(f"five units beside it the cost is higher by {(around - nearest.cost).max():.0e} at most")

# %%
# Inside the article's window there is no minimum at all: the only critical point is a saddle.
# What looks like minima are valley floors that go on falling, so gently that no eye sees it, and
# what looks like plateaus are slopes. The minima lie outside. The nearest is a hollow far too
# shallow to be seen or to be reached in any reasonable time; what one would call "the" minimum,
# in the deep valley to the right, is farther away still.
