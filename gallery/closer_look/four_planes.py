r"""
Is this picture true?
=====================

Of four planes through one trained network, a single one shows how it was trained: that of the two
principal directions of its own path.

A picture of a loss landscape is a choice of two directions out of as many as there are weights:
here, 69,200. This page trains the article's network and looks at the trained network in four planes
that people use: along the two principal directions of the path that training took; two single
weights; two random directions, filter-normalised; and the two eigenvectors of the Hessian with the
largest curvature.

A plane can only show the shadow of the path, its projection. Of the path :math:`\theta_0, \theta_1,
\dots, \theta_K` it keeps the share

.. math::

    \frac{\sum_k \| P(\theta_k - \theta_K) \|^2}
    {\sum_k \| \theta_k - \theta_K \|^2} ,

where :math:`P` projects onto the plane. Wherever the path is not in the plane, the cost that the
picture shows beneath it is not the cost that the network had.
"""

# %%
# Training
# --------
#
# All weights are trained on 1,000 digits, and the network is kept after every epoch.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Adam,
    DirectionPlane,
    Network,
    drawing,
    extreme_eigenpairs,
    filter_normalized,
    load_mnist,
    principal_directions,
    project,
    random_direction,
    train,
    weight_direction,
)
from landscape_core.network import flatten

drawing.use_style()
digits = load_mnist(1000)
training = train(Network.random(seed=135), digits, Adam(0.002), epochs=60, batch=20)
trained = training.networks[-1]
print(f"{sum(weights.size for weights in trained.weights):,} weights")
print(f"cost {training.cost[0]:.3f} before, {training.cost[-1]:.3f} after")
for epoch in (10, 20, 40, 60):
    outputs = training.networks[epoch].predict(digits.images)
    right = outputs.argmax(axis=1) == digits.labels
    each = ", ".join(f"{k}: {right[digits.labels == k].mean():.0%}" for k in range(10))
    print(f"epoch {epoch}: right on {right.mean():.0%} of the digits, and of each on")
    print(f"    {each}")
print(f"outputs for 0 and for 9, at most: {outputs[:, 0].max():.3f} and {outputs[:, 9].max():.3f}")

# %%
# Two of the ten digits are not learned at all: the outputs for 0 and for 9 stay near zero, whatever
# the network is shown. An output that always says "no" is wrong only for a tenth of the digits, and
# where it is so sure of itself the squared error of a sigmoid has hardly any slope. So it stays as
# it is. Other digits came free one after another: these are the steps in the curve of the cost,
# further down.

# %%
# Four planes
# -----------
#
# All directions are scaled to length 1, so that all windows have the same size. They reach a little
# further from the trained network than the place where training began.


def unit_length(direction):
    """Scale a direction as a whole, which leaves its rows in proportion."""
    length = np.linalg.norm(flatten(direction))
    return [part / length for part in direction]


steepest = extreme_eigenpairs(trained, digits, smallest=0, largest=2)
pairs = {
    "principal directions of the path": principal_directions(training.networks),
    "two weights": [weight_direction(trained, (2, 5, unit)) for unit in (250, 251)],
    "random, filter-normalised": [
        unit_length(filter_normalized(random_direction(trained, seed), trained)) for seed in (1, 2)
    ],
    "largest curvature": [pair.direction for pair in steepest[::-1]],
}
start = flatten(training.networks[0].weights) - flatten(trained.weights)
reach = 1.1 * np.linalg.norm(start)
axis = np.linspace(-reach, reach, 31)
planes = {name: DirectionPlane(trained, digits, *pair) for name, pair in pairs.items()}
landscapes = {name: plane.landscape(axis, axis) for name, plane in planes.items()}
shadows = {name: project(training.networks, *pair) for name, pair in pairs.items()}

# %%
# The trained network in the middle, one scale of length, one scale of cost, and in each the shadow
# of the path. From one contour line to the next the cost changes by 0.25.

levels = np.arange(0, max(surface.cost.max() for surface in landscapes.values()) + 0.25, 0.25)
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
figure, grid = plt.subplots(2, 2, figsize=(8.6, 8.4), **shared)
for axes, (name, landscape) in zip(grid.flat, landscapes.items(), strict=True):
    filled = drawing.contour(axes, landscape, levels, cmap="cividis")
    drawing.trail(axes, *shadows[name].coordinates.T, **drawing.STYLES[0])
    axes.set(title=f"{name}\nkeeps {shadows[name].share:.3%} of the path", xlabel="", ylabel="")
    axes.set_aspect("equal")
figure.colorbar(filled, ax=grid, label="cost", shrink=0.6, ticks=range(5))
figure.supxlabel("distance from the trained network, first direction")
figure.supylabel("second direction")
figure.set_label(
    "Four maps of the cost around one trained network, in one scale of colour, each with the "
    "shadow of the training path. On the path's own principal directions a long bent path leads "
    "into a dark hollow. On two weights the map is one even dark but for its upper end, on random "
    "directions to its ends, and the path a mere dot. On the Hessian's eigenvectors the path is a "
    "dot again, at the corner of two sharp cliffs."
)

# %%
# What the pictures show of the cost
# ----------------------------------
#
# The network's cost along the path, and what each picture shows beneath its shadow:

figure, axes = plt.subplots(layout="constrained")
axes.plot(training.epochs, training.cost, color=plt.rcParams["text.color"], label="true cost")
for line, (name, plane) in zip(drawing.LINES, planes.items(), strict=False):
    shown = plane.cost(*shadows[name].coordinates.T)
    axes.plot(training.epochs, shown, label=name, **line)
    print(f"{name}: keeps {shadows[name].share:.3%} of the path,")
    print(f"    shows a cost of {shown[0]:.3f} at its start instead of {training.cost[0]:.3f}")
ticks = (0.25, 0.5, 1, 2, 4)
axes.set(xlabel="epoch", ylabel="cost", yscale="log")
axes.set_yticks(ticks, ticks)
axes.set_yticks([], minor=True)
axes.legend()
figure.set_label(
    "The cost against the epoch: the true cost falls steeply at once and then in steps. The plane "
    "of principal directions shows nearly the same steps but none of the first fall; two weights "
    "and random directions show a level line at the bottom; largest curvature runs a little above."
)
plt.show()

# %%
# What was found
# --------------
#
# Every picture is true of its plane, and only one shows the training: the principal directions of
# the path keep 95.5% of it, no other plane more than 0.5%. Even the best puts the start at a cost
# of 0.82, where the network had 4.85.
