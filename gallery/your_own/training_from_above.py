r"""
Training seen from above
========================

Two directions, well chosen, keep nearly all of the way that this training went.

A network moves through a space of as many dimensions as it has weights. Where did yours go? Keep a
checkpoint after every epoch, and look down on the plane that keeps most of the way: that of its two
principal directions. The share that it keeps is

.. math::

    \frac{\sum_k \| P(\theta_k - \theta_K) \|^2}
    {\sum_k \| \theta_k - \theta_K \|^2}

for checkpoints :math:`\theta_0, \dots, \theta_K`, projected by :math:`P`.
"""

# %%
# The way
# -------
#
# Training is scikit-learn's, with small batches, one epoch at each call. Every checkpoint is a
# network.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from landscape_core import (
    DirectionPlane,
    Landscape,
    Network,
    Samples,
    drawing,
    principal_directions,
    project,
    random_direction,
)

X, y = load_digits(return_X_y=True)
samples = Samples.labelled(X / 16, y)
model = MLPClassifier((32,), "tanh", solver="sgd", learning_rate_init=0.1, alpha=0, random_state=0)
path = []
for _ in range(40):
    model.partial_fit(X / 16, y, classes=range(10))
    path.append(Network.from_sklearn(model))
costs = np.array([network.cost(samples) for network in path])
print(path[-1])
print(f"cost {costs[0]:.3f} after the first epoch, {costs[-1]:.3f} after the last")

# %%
# Its shadow
# ----------
#
# The plane goes through the last checkpoint; on it lies the way's shadow.

directions = principal_directions(path)
shadow = project(path, *directions)
plane = DirectionPlane(path[-1], samples, *directions)
low, high = shadow.coordinates.min(axis=0), shadow.coordinates.max(axis=0)
margin = 0.35 * (high - low).max()
a_axis, b_axis = (np.linspace(s - margin, e + margin, 61) for s, e in zip(low, high, strict=True))
logs = Landscape(a_axis, b_axis, np.log10(plane.landscape(a_axis, b_axis).cost))
print(f"the plane keeps {shadow.share:.2%} of the way")

drawing.use_style()
figure, axes = plt.subplots(figsize=(7.3, 4.1), layout="compressed")
filled = drawing.contour(axes, logs, cmap="cividis")
figure.colorbar(filled, label="log₁₀ cost", ticks=MaxNLocator(5, steps=[1, 2, 5]))
drawing.trail(axes, *shadow.coordinates.T, **drawing.STYLES[0])
dots = {"color": drawing.ACCENTS[0], "markeredgecolor": drawing.OUTLINE, "markersize": 6}
axes.plot(*shadow.coordinates.T, "o", zorder=6, **dots)
axes.set(xlabel="first principal direction", ylabel="second", aspect="equal")
figure.set_label(
    "Map of the logarithm of the cost on the plane of the training's principal directions. The "
    "path comes down from the upper right in long steps that shorten, bends, and ends at the left, "
    "with lower ground still ahead."
)

# %%
# A shadow is not the way itself. Here is what the network cost, and what the picture shows beneath
# the shadow:

shown = plane.cost(*shadow.coordinates.T)
for epoch in (1, 2, 5, 10, 40):
    print(f"epoch {epoch:2}: cost {costs[epoch - 1]:.4f}, in the picture {shown[epoch - 1]:.4f}")
figure, axes = plt.subplots(layout="constrained")
axes.plot(range(1, 41), shown, label="the picture beneath the path", **drawing.LINES[0])
axes.plot(range(1, 41), costs, label="the network", **drawing.LINES[3])
axes.set(xlabel="epoch", ylabel="cost", yscale="log")
axes.legend()
figure.set_label(
    "The cost against the epoch on a logarithmic scale: the network's own and the one that the "
    "picture shows, two falling lines that lie apart only at first."
)

off = abs(shown / costs - 1)
print(f"the picture is off most in epoch {off.argmax() + 1}, by {off.max():.1%}")

# %%
# Would any two directions do?
# ----------------------------

drawn = [project(path, *(random_direction(path[-1], 2 * k + i) for i in (0, 1))) for k in range(20)]
print(f"twenty pairs at random keep at most {max(pair.share for pair in drawn):.2%} of the way")
plt.show()

# %%
# They would not: in a plane drawn at random one would hardly see the training move. In the plane of
# the principal directions the picture shows nearly the cost that the network had.
