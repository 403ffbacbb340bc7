r"""
Where do the balls end?
=======================

Different starts lead down different routes to different costs, says the article, and a descent may
get stuck. Both can be tested by starting everywhere. And "stuck" needs a meaning. Here a ball is
stuck after 10,000 epochs if its gradient is below a tolerance,

.. math::

    \lVert \nabla J \rVert < 10^{-4} ,

which at a learning rate of 5 means less than half a unit of way in the next thousand epochs. If
both curvatures are positive and Newton's method would move it by less than a tenth of a unit, it is
stuck at a minimum, else on flat ground.
"""

# %%
# A ball from each of 40 by 40 starts, and the three of the article:

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    GradientDescent,
    Network,
    WeightPlane,
    descend,
    drawing,
    find_basins,
    load_mnist,
)

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
a_axis, b_axis = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
basins = find_basins(plane, a_axis, b_axis, GradientDescent(learning_rate=5.0), epochs=10_000)

states = ("still moving", "stuck on flat ground", "at a minimum")


def state(places, tolerance=1e-4):
    """Return 0, 1 or 2 for each place: its number in the list of states."""
    gradient = plane.gradient(places[..., 0], places[..., 1])
    hessian = plane.hessian(places[..., 0], places[..., 1])
    step = np.linalg.solve(hessian, gradient[..., np.newaxis])[..., 0]
    bowl = (np.linalg.eigvalsh(hessian) > 0).all(-1) & (np.linalg.norm(step, axis=-1) < 0.1)
    stuck = np.linalg.norm(gradient, axis=-1) < tolerance
    return np.where(stuck, np.where(bowl, 2, 1), 0)


for tolerance in (1e-3, 1e-4, 1e-5):
    found = state(basins.ends, tolerance)
    shares = ", ".join(f"{(found == k).mean():4.0%} {name}" for k, name in enumerate(states))
    print(f"tolerance {tolerance:.0e}: {shares}")

# %%
# The map of starts, coloured by the cost at which each ends, falls into a few provinces with sharp
# borders: the basins. The article's three starts stand close together, on either side of two
# borders.

starts = np.array([(-9.0, 15.0), (-10.1, 15.0), (-11.0, 15.0)])
drawing.use_style()
figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Map of starts coloured by final cost: a broad dark region at the upper right, a middle one "
    "below, and a light one at the left, with sharp borders. The three starts of the article lie "
    "at the upper left, each in another region."
)
image = axes.pcolormesh(a_axis, b_axis, basins.cost, cmap="cividis")
figure.colorbar(image, label="cost after 10,000 epochs", format="%.3f")
for start, style in zip(starts, drawing.STYLES, strict=False):
    axes.plot(*start, style["marker"], color=style["color"], markersize=12, markeredgecolor="white")
axes.set(xlabel="$w_a$ at the start", ylabel="$w_b$ at the start")

# %%
# Where they stand then, and in which state:

found = state(basins.ends)
figure, axes = plt.subplots(layout="constrained")
figure.set_label(
    "Contour map with the ends of all balls. At the right a chain of moving ones leads through a "
    "valley to its deepest place. At the lower left and lower right lie two dense fields of stuck "
    "ones, still nearly in the rows of their starts."
)
around = plane.landscape(np.linspace(-18, 40, 80), np.linspace(-18, 18, 60))
drawing.contour(axes, around, cmap="cividis")
for k, (name, style) in enumerate(zip(states, drawing.STYLES[3:], strict=True)):
    look = {"color": style["color"], "markeredgecolor": "white", "markeredgewidth": 0.3}
    axes.plot(*basins.ends[found == k].T, style["marker"], markersize=7, label=name, **look)
figure.legend(loc="outside lower center", ncols=3)

moved = np.linalg.norm(basins.ends - np.stack(np.meshgrid(a_axis, b_axis), axis=-1), axis=-1)
print(f"{(moved < 0.5).mean():.0%} of the balls have moved by less than half a unit")

# %%
# And the article's three balls, after its 10,000 epochs and after ten times as many:

descent = descend(plane, starts, GradientDescent(learning_rate=5.0), epochs=100_000, every=10_000)
for ball in range(len(starts)):
    for epochs, place in zip(descent.epochs[[1, 10]], descent.weights[[1, 10], ball], strict=True):
        print(
            f"ball {ball + 1}, epoch {epochs:7,}: ({place[0]:6.2f}, {place[1]:5.2f}), cost "
            f"{plane.cost(*place):.5f}, gradient {np.linalg.norm(plane.gradient(*place)):.0e}: "
            f"{states[state(place)]}"
        )

# %%
# The claim holds, and neighbouring starts can end in different basins. But hardly any ball has
# found a minimum by then, whatever the tolerance. The first of the article's three was still
# rolling when the article stopped looking, and goes on to the minimum far outside its window. The
# other two were stuck on flat ground, with no critical point near: their valleys go on falling,
# and so do they, ever more slowly. By its cost curve alone, each would be called converged.
