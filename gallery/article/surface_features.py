r"""
Features of a surface
=====================

Four places on this surface look like what the article names, and none of them is level. The surface
is that for 100 digits, the article's Figure 4.

The article names what a non-convex landscape can hold: local minima, plateaus, ridges, and a
"global" minimum. The names here are its own, the exact places ours. A grid and a point of view can
lead the eye astray, so each place is also asked for its first derivatives,

.. math::

    \nabla J = \left( \frac{\partial J}{\partial w_a}, \frac{\partial J}{\partial w_b} \right) ,

which must both vanish wherever the ground is level.
"""

# %%
# The cost over two weights into the output unit for "5", and its slope at the places in question.

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d import proj3d

from landscape_core import Network, WeightPlane, drawing, load_mnist

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
landscape = plane.landscape(np.linspace(-15, 17, 40), np.linspace(-15, 18, 40))

row, column = np.unravel_index(landscape.cost.argmin(), landscape.cost.shape)
places = {
    "plateau": (-12, -9),
    "local minimum": (9, -9),
    "ridge": (12, 0.7),
    "“global” minimum": (landscape.a[column], landscape.b[row]),
}
for name, (a, b) in places.items():
    slope = np.hypot(*plane.gradient(a, b))
    print(f"{name:17} at ({a:5.1f}, {b:4.1f}): cost {plane.cost(a, b):.4f}, slope {slope:.0e}")

# %%
# The four places, as the eye sees them:

drawing.use_style()
figure = plt.figure(figsize=(7.3, 6.4))
figure.set_label(
    "The surface for N = 100 with arrows to a green plateau at the left, a blue hollow named local "
    "minimum at the lower left, a ridge beside it, and the deepest point, named “global” minimum, "
    "in the valley at the front right."
)
axes = figure.add_axes((0, 0.03, 0.92, 0.94), projection="3d")
drawing.surface(axes, landscape)
axes.view_init(elev=30, azim=-15)
axes.set_box_aspect(None, zoom=1.12)
labels = [(0.16, 0.86), (0.34, 0.14), (0.49, 0.205), (0.61, 0.14)]
dot = {"color": drawing.OUTLINE, "markeredgecolor": "black", "markersize": 8, "zorder": 5}
for (name, (a, b)), label in zip(places.items(), labels, strict=True):
    # Arrows are flat, and end where the point of view shows the place.
    x, y, _ = proj3d.proj_transform(a, b, plane.cost(a, b), axes.get_proj())
    axes.plot(a, b, plane.cost(a, b), "o", **dot)
    axes.annotate(
        name,
        (x, y),
        label,
        textcoords="figure fraction",
        ha="center",
        size=14,
        bbox={"boxstyle": "round", "facecolor": plt.rcParams["figure.facecolor"]},
        arrowprops={"arrowstyle": "-|>", "linewidth": 2, "color": plt.rcParams["text.color"]},
        zorder=10,
    )
plt.show()

# %%
# On the plateau the slope is tiny and still leads somewhere. The "local minimum" goes on falling,
# so slowly that the eye takes it for a floor. A ridge is a crest between two valleys, and one can
# walk down along it. The lowest point of the grid lies on its very edge. The quotation marks of the
# "global" minimum are the article's own: its author knows that only a window is seen, and warns
# that derivatives were not checked. :doc:`Is there a minimum? </gallery/closer_look/minimum>`
# checks them, and with :doc:`another loss </gallery/your_own/other_loss>` the same slice has
# neither plateaus nor ridges.
#
# Try it: `a ball on the plateau, one in the "local minimum" and one on the ridge
# <../../drop_a_ball.html#surface=n100&start=-12,-9&start=9,-9&start=12,0.7>`__.
