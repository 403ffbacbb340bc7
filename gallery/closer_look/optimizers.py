r"""
Six optimizers, one slope
=========================

Put on a plateau, AdaGrad, RMSProp and Adam get away from it, while plain gradient descent and its
two variants with momentum hardly stir.

A descent can get stuck at local minima, saddle points or plateaus, says the article, and many
variants of it were made to get past some of these. It cites Staib and others (2019). Their theorems
are about *stochastic* gradients, and say nothing about the descents here, which use all digits at
every step. So let us try. Six optimizers race from the article's three starts, each with the
learning rate :math:`\eta` that suits it best, by one rule for all. Then all six start where the
ground is already flat.
"""

# %%
# From the article's starts
# -------------------------
#
# The rule: of the rates 1, 2 and 5 times a power of ten, take the one with the lowest mean cost
# after 2,000 epochs, among those that never make a step longer than one unit. Longer steps would
# jump across the landscape instead of following it.

import dataclasses

import matplotlib.pyplot as plt
import numpy as np
from celluloid import Camera

from landscape_core import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Network,
    RMSProp,
    WeightPlane,
    descend,
    drawing,
    load_mnist,
)
from landscape_core.gif import GifWriter

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
starts, epochs = [(-9, 15), (-10.1, 15), (-11, 15)], 2000
rates = [digit * 10.0**power for power in range(-4, 3) for digit in (1, 2, 5)]


def best(optimizer):
    """Return the optimizer with the rate that the rule selects, and its descent."""
    results = []
    for rate in rates:
        candidate = dataclasses.replace(optimizer, learning_rate=rate)
        descent = descend(plane, starts, candidate, epochs)
        if np.linalg.norm(np.diff(descent.weights, axis=0), axis=-1).max() <= 1:
            results.append((descent.cost[-1].mean(), rate, candidate, descent))
    return min(results)[2:]


names = ("gradient descent", "momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam")
classes = (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
runs = dict(zip(names, (best(optimizer()) for optimizer in classes), strict=True))
print(f"{'':16} rate  cost after {epochs:,} epochs")
for name, (optimizer, descent) in runs.items():
    print(f"{name:16} {optimizer.learning_rate:4g}", *(f"{cost:.5f}" for cost in descent.cost[-1]))
print("smallest slope met above a cost of 4.76, and the first five units of the third ball's way:")
for name, (_, descent) in runs.items():
    slopes = np.linalg.norm(plane.gradient(*descent.weights.T), axis=-1).T[descent.cost > 4.76]
    way = descent.weights[:, 2] - starts[2]
    a, b = way[(np.linalg.norm(way, axis=1) > 5).argmax()]
    print(f"{name:16} {slopes.min():.0e}   ({a:.1f}, {b:.1f})")

# %%
# All paths, and their ends:

drawing.use_style()
ground = plane.landscape(np.linspace(-20, 40, 80), np.linspace(-15, 18, 50))
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
figure, grid = plt.subplots(3, 2, figsize=(7.3, 8.4), **shared)
figure.set_label(
    "Six contour maps with three paths each. With gradient descent, momentum and Nesterov one path "
    "leads to the deep valley at the right and two end at the lower left and lower middle. With "
    "AdaGrad, RMSProp and Adam all three run diagonally into the deep valley."
)
for axes, (name, (_, descent)) in zip(grid.flat, runs.items(), strict=True):
    drawing.contour(axes, ground, levels=15, cmap="cividis")
    for ball, style in enumerate(drawing.STYLES[:3]):
        drawing.trail(axes, *descent.weights[:, ball].T, **style)
    axes.set_title(name)
    axes.label_outer()

# %%
# Step by step, from the second start:

look = {"height_ratios": (2, 1), "layout": "constrained"}
figure, (above, below) = plt.subplots(2, 1, figsize=(7.3, 7.6), **look)
figure.set_label(
    "Animation: six balls leave the upper left of a map, and their cost curves grow below. Three "
    "follow the slope down into the lower valley and lie still; AdaGrad, RMSProp and Adam head "
    "across the terraces into the deep valley at the right, where the latter two reach its floor."
)
drawing.contour(above, ground, cmap="cividis")
below.set(xlabel="epoch", ylabel="cost $J$", xscale="log", xlim=(1, epochs), ylim=(4.74, 4.805))
for name, style in zip(names, drawing.STYLES, strict=True):
    above.plot([], [], label=name, **style)
figure.legend(loc="outside upper center", ncols=3, handlelength=3.5)
stage = drawing.freeze(figure)
paths = [runs[name][1] for name in names]
on_map = [drawing.in_pixels(above, *path.weights[:, 1].T) for path in paths]
on_curve = [drawing.in_pixels(below, path.epochs[1:], path.cost[1:, 1]) for path in paths]
camera = Camera(figure)
shown = np.unique(np.geomspace(1, epochs, 70).round().astype(int))
for epoch in shown:
    for ball, (style, line) in enumerate(zip(drawing.STYLES, drawing.LINES, strict=True)):
        drawing.trail(stage, *on_map[ball][:, : epoch + 1], **style)
        stage.plot(*on_curve[ball][:, :epoch], **line)
    drawing.caption(stage, f"epoch {epoch:,}", place=(0.14, 0.12))
    camera.snap()
frame_names = [f"epoch {epoch:,}" for epoch in shown]
animation = camera.animate()
animation.save("optimizers.gif", writer=GifWriter(fps=10, rest=3, frame_names=frame_names))

# %%
# AdaGrad, RMSProp and Adam bring all three balls into the deep valley, but not across the flat
# ground: they never come to it. They move both weights by steps of about the same size, and so
# leave the slope diagonally, to the right of the plateau. Plain gradient descent goes straight down
# to it.
#
# From the plateau
# ----------------
#
# What do they do *on* the plateau? The same optimizers, at the same rates, start from three places
# of the one at the lower left:

plateau = [(-12, -9), (-12, -6), (-9, -12)]
slopes = np.linalg.norm(plane.gradient(*np.transpose(plateau)), axis=1)
print("slopes on the plateau: " + ", ".join(f"{slope:.0e}" for slope in slopes))
print(f"after {epochs:,} epochs: units moved, highest cost")
print(f"{'at the start':37}{plane.cost(*np.transpose(plateau)).max():.4f}")
for name, (optimizer, _) in runs.items():
    descent = descend(plane, plateau, optimizer, epochs)
    moved = np.linalg.norm(descent.weights[-1] - plateau, axis=1)
    print(f"{name:16}", *(f"{m:5.2f}" for m in moved), f"{descent.cost[-1].max():8.4f}")

# %%
# What was found
# --------------
#
# There are two families. Momentum and Nesterov's method end in the same three places as plain
# gradient descent, and no lower: they reach them by the same fall, at a fifth of its learning rate.
# AdaGrad, RMSProp and Adam, from these starts, pass the flat ground by, because of the direction of
# their first steps. From the plateau itself they get away, because they divide each gradient by the
# size of those before it: a tiny slope moves them like a large one. They end on the floor of the
# second valley, not in the deepest. This is one slope, seen from a few starts: it shows what may
# happen, not what must.
#
# Try it: `Adam on the plateau
# <../../drop_a_ball.html#surface=n100&start=-12,-9&optimizer=Adam&lr=0.05&epochs=2000>`__, or `Adam
# from the third start
# <../../drop_a_ball.html#surface=n100-wide&start=-11,15&optimizer=Adam&lr=0.05&epochs=2000>`__.
