r"""
Is this picture true?
=====================

Of four planes through one trained network, a single one shows how it was trained: that of the two
principal directions of its own path.

A picture of a loss landscape is a choice of two directions out of as many as there are weights:
here, 69,200. This page trains the article's network and looks at one and the same place, the
trained network, in four planes that people use: the two principal directions of the path that
training took; two single weights; two random directions, filter-normalised; and the two
eigenvectors of the Hessian with the largest curvature.

A plane can only show the shadow of that path, its projection. How much of the path
:math:`\theta_0, \theta_1, \dots, \theta_K` a plane keeps is the share

.. math::

    \frac{\sum_k \left\lVert P(\theta_k - \theta_K) \right\rVert^2}
    {\sum_k \left\lVert \theta_k - \theta_K \right\rVert^2} ,

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
    print(f"epoch {epoch}: right on {right.mean():.0%} of the digits; {each}")
print(f"outputs for 0 and for 9, at most: {outputs[:, 0].max():.3f} and {outputs[:, 9].max():.3f}")

# %%
# The network has not learned two of the ten digits at all: its outputs for 0 and for 9 stay near
# zero, whatever it is shown. An output that says "no" to every digit is wrong only for a tenth of
# them, and where it is sure of itself the squared error of a sigmoid has hardly any slope. So it
# stays as it is. The steps in the curve of the cost, further down, are other digits that came free
# one after another.

# %%
# Four planes
# -----------
#
# The four pairs of directions are each scaled to length 1, so that all windows have the same size.
# They reach a little further from the trained network than the place where training began.


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
# The same point in the middle, the same scale of length, the same colours for the same cost, and in
# each the shadow of the path.

highest = max(landscape.cost.max() for landscape in landscapes.values())
shared = {"sharex": True, "sharey": True, "layout": "constrained"}
figure, grid = plt.subplots(2, 2, figsize=(8.6, 8.4), **shared)
for axes, (name, landscape) in zip(grid.flat, landscapes.items(), strict=True):
    filled = drawing.contour(axes, landscape, cmap="cividis", vmin=0, vmax=highest)
    drawing.trail(axes, *shadows[name].coordinates.T, **drawing.STYLES[0])
    axes.set(title=f"{name}\nkeeps {shadows[name].share:.3%} of the path", xlabel="", ylabel="")
    axes.set_aspect("equal")
colours = plt.cm.ScalarMappable(plt.Normalize(0, highest), "cividis")
figure.colorbar(colours, ax=grid, label="cost", shrink=0.6)
figure.supxlabel("distance from the trained network, first direction")
figure.supylabel("second direction")
figure.set_label(
    "Four maps of the cost around one trained network, in one scale of colour, each with the "
    "shadow of the training path. On the path's own principal directions a long bent path leads "
    "into a dark hollow. On two weights and on random directions the map is one even dark and the "
    "path a mere dot. On the Hessian's eigenvectors the path is a dot again, at the corner of two "
    "sharp cliffs."
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
    print(
        f"{name}: keeps {shadows[name].share:.3%} of the path, shows a cost of {shown[0]:.3f} at "
        f"its start instead of {training.cost[0]:.3f}"
    )
axes.set(xlabel="epoch", ylabel="cost")
axes.legend()
figure.set_label(
    "The cost against the epoch: the true cost falls steeply at once and then in steps. The plane "
    "of principal directions shows nearly the same steps but none of the first fall; two weights "
    "and random directions show a level line at the bottom; largest curvature stays close to it."
)

# %%
# What was found
# --------------
#
# In numbers:

shares = {name: shadow.share for name, shadow in shadows.items()}
best = max(shares, key=shares.get)
shown = planes[best].cost(*shadows[best].coordinates[0])
print(
    f"Every picture is true of its plane, and only one shows the training: {best} keep "
    f"{shares.pop(best):.1%} of the path, no other plane more than {max(shares.values()):.1%}. "
    f"Even the best puts the start at a cost of {shown:.2f}, where the network had "
    f"{training.cost[0]:.2f}."
)
plt.show()
