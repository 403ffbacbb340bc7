r"""
Depth and shortcuts
===================

Depth without shortcuts breaks a landscape up, from a single minimum to dozens; with shortcuts only
to a few.

The article opens with a picture from Li et al. (2018): a deep network without shortcuts, and a
landscape full of pits. Convexity depends, among other things, on the number of hidden layers, its
text says. Does depth do that, and do shortcuts undo it? Here is the experiment at a size that a
laptop can run: ReLU networks of 4, 16 and 32 layers, 24 units wide, plain and residual, on 200
digits. A residual layer adds its inputs to its activations, :math:`h + \max(0, W h)`.

Both kinds start by one rule, from the same random numbers. Each weight is :math:`g \sqrt{2 / n}`
times a standard normal number, where :math:`n` counts the inputs of its layer, and :math:`g` is
chosen so that the sums that enter the outputs have a root mean square of 1. Without such a rule
these sums would vanish or explode in a deep network of one kind, and that is what would be
compared.
"""

# %%
# Start, train, and look
# ----------------------
#
# The landscapes lie along two random directions, filter-normalised; the seeds are five.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Adam,
    DirectionPlane,
    drawing,
    filter_normalized,
    he_network,
    load_mnist,
    random_direction,
    train,
)

drawing.use_style()
digits = load_mnist(200)
axis = np.linspace(-1, 1, 31)
depths, seeds = (4, 16, 32), range(5)
pictures, counts = {}, {}
for depth in depths:
    for kind in ("plain", "residual"):
        costs, minima = [], []
        for seed in seeds:
            start = he_network(seed, (784, *[24] * (depth - 1), 10), digits, kind == "residual")
            training = train(start, digits, Adam(0.0003), epochs=200, every=200)
            trained = training.networks[-1]
            drawn = (random_direction(trained, 2 * seed + k) for k in (0, 1))
            pair = (filter_normalized(direction, trained) for direction in drawn)
            landscape = DirectionPlane(trained, digits, *pair).landscape(axis, axis)
            pictures.setdefault((depth, kind), landscape)
            costs.append(training.cost)
            minima.append(len(landscape.interior_minima()))
        counts[depth, kind] = minima
        before, after = np.median(costs, axis=0)
        print(f"{depth:2} layers, {kind:8}: cost {before:.2f} → {after:.2f}, minima {minima}")

# %%
# The first seed's landscapes, by the logarithm of their cost, around the trained network.

logs = {key: np.log10(landscape.cost) for key, landscape in pictures.items()}
low, high = min(map(np.min, logs.values())), max(map(np.max, logs.values()))
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
figure, grid = plt.subplots(2, len(depths), figsize=(9, 5.8), **shared)
for axes, key in zip(grid.T.flat, logs, strict=True):
    filled = axes.contourf(axis, axis, logs[key], np.linspace(low, high, 25), cmap="cividis")
    axes.plot(0, 0, "o", color=drawing.ACCENTS[0], markeredgecolor=drawing.OUTLINE)
    axes.set(title=f"{key[1]}, {key[0]} layers\nminima: {counts[key][0]}", aspect="equal")
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
figure.colorbar(filled, ax=grid, label="log₁₀ cost", shrink=0.8, ticks=np.arange(-2, 1.1, 0.5))
figure.supxlabel("first direction, in lengths of the weights")
figure.supylabel("second direction")
figure.set_label(
    "Six maps of the logarithm of the cost, each around a trained network. With 4 layers, plain or "
    "residual, one smooth hollow. With 16 and 32 layers the plain networks have small hollows "
    "and ridges all over a high plain; the residual ones keep a broad hollow with fewer wrinkles."
)

# %%
# The minima of all seeds: points of the grid that lie lower than all around them. A finer grid
# would find more.

figure, axes = plt.subplots(layout="constrained")
for kind, style, line in zip(("plain", "residual"), drawing.STYLES, drawing.LINES, strict=False):
    minima = np.array([counts[depth, kind] for depth in depths])
    places = np.arange(len(depths)) + (0.06 if kind == "residual" else -0.06)
    axes.plot(places, minima, style["marker"], color=style["color"], alpha=0.6)
    axes.plot(places, np.median(minima, axis=1), **line, label=f"{kind}, median")
axes.set(xlabel="layers", ylabel="interior minima of the grid", yscale="log", ylim=(0.8, 60))
axes.set_xticks(range(len(depths)), depths)
ticks = (1, 2, 5, 10, 20, 50)
axes.set_yticks(ticks, ticks)
axes.set_yticks([], minor=True)
axes.legend()
figure.set_label(
    "The number of minima against depth for five seeds of each kind. Both have about one with four "
    "layers; with 16 and 32 layers the plain ones have several times as many as the residual ones."
)
for depth in depths:
    plain, residual = counts[depth, "plain"], counts[depth, "residual"]
    won = sum(more > less for more, less in zip(plain, residual, strict=True))
    print(f"{depth:2} layers: median {np.median(plain):.0f} plain,", end=" ")
    print(f"{np.median(residual):.0f} residual; more in the plain one for {won} of 5 seeds")
plt.show()

# %%
# What was found
# --------------
#
# Without shortcuts depth breaks the landscape up, from 1 minimum to 32; with shortcuts it goes from
# 1 to 5. This is one task, one width, no batch normalisation, and one pair of directions for each
# seed. The residual networks start with smaller weights, since :math:`g` makes up for what their
# shortcuts add: each layer then changes little, and that is how shortcuts work here.
