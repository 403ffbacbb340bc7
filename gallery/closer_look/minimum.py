r"""
Is there a minimum?
===================

The article's window for 100 digits holds no minimum, and that is proven: its only critical point is
a saddle.

The article speaks of local minima and of a "global" one, and warns that first derivatives were not
checked. A minimum is a point where

.. math::

    \nabla J = 0

and both eigenvalues of the Hessian :math:`\nabla^2 J` are positive. With one of each sign the point
is a saddle, with two negative ones a maximum. So the question has an answer: find every solution,
prove that there is no other, and look at the eigenvalues.
"""

# %%
# The proof
# ---------
#
# The window is cut into cells. From the derivatives in the middle of a cell, and a bound on what
# Taylor's formula leaves out, it follows between which values the gradient lies on the whole cell,
# rounding errors included. A cell where 0 is not among these values is ruled out. If Newton's
# method leads from everywhere in the cell into one smaller box, then the cell holds exactly one
# solution: a theorem of Krawczyk. Any other cell is cut into four.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap

from landscape_core import (
    Network,
    WeightPlane,
    curvature_map,
    drawing,
    find_critical_points,
    load_mnist,
)

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
window = (-15, 17), (-15, 18)


def tell(points):
    """Print how complete a list is, and a line for each critical point."""
    cut, empty, one = (len(points.cells[name]) for name in ("cut", "empty", "one"))
    print(f"{points.standing}: {empty:,} ruled out, {one} with one point, {cut:,} that were cut")
    for p in points:
        low, high = p.eigenvalues
        print(
            f"{p.kind:8} at ({p.a:8.4f}, {p.b:8.4f}) ± {np.ptp(p.box, axis=1).max() / 2:.0e}, "
            f"cost {p.cost:.6f}, eigenvalues {low:+.1e} and {high:+.1e}"
        )


points = find_critical_points(plane, *window)
tell(points)

# %%
# Here it is as a picture. On the solid line the slope along :math:`w_a` is zero, on the dashed one
# the slope along :math:`w_b`. The two meet once, in the cell under the cross. Cells are small where
# it takes a closer look to rule out that they meet, as on the valley floor at the lower right:
# there the lines run side by side, and both slopes are tiny.

drawing.use_style()
a_axis, b_axis = np.linspace(-15, 17, 321), np.linspace(-15, 18, 331)
gradient = plane.gradient(*np.meshgrid(a_axis, b_axis))
figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Contour map under a grid of cells, small on the floor of the valley at the lower right and on "
    "a patch at the left, large elsewhere. Lines show where the slope along w_a vanishes, and "
    "where the slope along w_b does; they cross once, near the middle, at a point marked as a "
    "saddle."
)
filled = drawing.contour(axes, plane.landscape(a_axis, b_axis), cmap="cividis")
figure.colorbar(filled, label="cost $J$", ticks=np.arange(4.76, 4.82, 0.01), format="%.2f")
(a0, a1), (b0, b1) = np.concatenate([points.cells["empty"], points.cells["one"]]).T.swapaxes(0, 1)
corners = np.stack([[a0, a1, a1, a0], [b0, b0, b1, b1]]).T
axes.add_collection(PolyCollection(corners, facecolor="none", edgecolor="white", linewidth=0.5))
for part, (name, colour, line) in enumerate(
    [("w_a", drawing.ACCENTS[0], "solid"), ("w_b", drawing.ACCENTS[5], "dashed")]
):
    style = {"colors": colour, "linestyles": line, "linewidths": 2.5}
    axes.contour(a_axis, b_axis, gradient[..., part], [0], **style)
    axes.plot([], [], color=colour, linestyle=line, label=f"no slope along ${name}$")
drawing.mark(axes, points, size=15)
figure.legend(loc="outside lower center", ncols=3)

# %%
# Where a minimum could be
# ------------------------
#
# Minima need ground that bends upwards in every direction. Where is there any? And how much of the
# window is flat, with a slope below 10⁻⁴?

curvature = curvature_map(plane, a_axis, b_axis)
negative = (curvature < 0).sum(axis=-1)  # how many of the two
names = ("upwards both ways", "up one way, down the other", "downwards both ways")
for number, name in enumerate(names):
    print(f"the surface bends {name}: {(negative == number).mean():.0%} of the window")
flat = np.linalg.norm(gradient, axis=-1) < 1e-4
print(f"its slope is below 1e-04: {flat.mean():.0%} of the window")

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
# Beyond the window
# -----------------
#
# A larger window has minima:

tell(find_critical_points(plane, (-60, 60), (-60, 60)))
plt.show()

# %%
# What was found
# --------------
#
# What looks like minima are valley floors that go on falling, so gently that no eye sees it, and so
# do the plateaus. The minima lie outside the window. The nearest, at (20.05, −23.84), is a hollow
# far too shallow to be seen: its eigenvalues are next to nothing. What one would call "the"
# minimum, in the deep valley to the right, is farther away still. With :doc:`another loss
# </gallery/your_own/other_loss>` the same slice is convex.
#
# Try it: `a ball beside the saddle
# <../../drop_a_ball.html#surface=n100&start=0.47,3.198&epochs=10000>`__, or `a wider view, with the
# minimum in the valley <../../drop_a_ball.html#surface=n100-wide>`__.
