r"""
A scikit-learn classifier
=========================

A model that scikit-learn has trained is taken over to rounding error; it stands near the bottom of
its landscape, not at it.

With its weights and biases comes the loss that it was trained on. For :math:`N` samples of the
classes :math:`y_n` that is the cross-entropy of a softmax,

.. math::

    J = -\frac1N \sum_n \log p_n(y_n) ,

which scikit-learn calls the log-loss. Two questions follow: is this the same model, and does it
stand where its training should have led it, at the bottom?
"""

# %%
# The model
# ---------
#
# Training is scikit-learn's. With ``alpha=0`` there is no penalty on the size of the weights, which
# would be a further term of its loss, but not of :math:`J`.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from landscape_core import (
    DirectionPlane,
    Network,
    Samples,
    WeightPlane,
    drawing,
    extreme_eigenpairs,
    filter_normalized,
    find_critical_points,
    random_direction,
)

pixels, digits = load_digits(return_X_y=True)
X, X_new, y, y_new = pixels[:1000] / 16, pixels[1000:] / 16, digits[:1000], digits[1000:]
model = MLPClassifier((32,), "tanh", alpha=0, max_iter=500, random_state=0).fit(X, y)
print(f"after {model.n_iter_} epochs {model.score(X, y):.1%} of the digits are right,", end=" ")
print(f"and {model.score(X_new, y_new):.1%} of those that it has not seen")

# %%
# One line makes a network of it. The same model gives the same probabilities and the same loss.

network = Network.from_sklearn(model)
seen, unseen = Samples.labelled(X, y), Samples.labelled(X_new, y_new)
print(network)
difference = abs(network.predict(X_new) - model.predict_proba(X_new)).max()
print(f"largest difference of a probability: {difference:.0e}")
print(f"cost on digits that it has not seen:  {network.cost(unseen):.12f}")
print(f"scikit-learn's log-loss on the same:  {log_loss(y_new, model.predict_proba(X_new)):.12f}")

# %%
# Its landscape
# -------------
#
# The model is in the middle of a plane of two random directions, filter-normalised: once for the
# digits that it was trained on, once for those that it has never seen.

drawing.use_style()
pair = [filter_normalized(random_direction(network, seed), network) for seed in (1, 2)]
axis = np.linspace(-1, 1, 41)
landscapes = {}
for name, samples in (("seen in training", seen), ("never seen", unseen)):
    landscape = DirectionPlane(network, samples, *pair).landscape(axis, axis)
    row, column = np.unravel_index(landscape.cost.argmin(), landscape.cost.shape)
    print(
        f"{name}: cost {landscape.cost[20, 20]:.4f} at the model, "
        f"lowest {landscape.cost.min():.4f} at ({axis[column]:.2f}, {axis[row]:.2f})"
    )
    landscapes[name] = landscape
figure = drawing.contours(landscapes)
for axes in figure.axes[:2]:
    axes.plot(0, 0, "o", color=drawing.ACCENTS[0], markeredgecolor=drawing.OUTLINE, markersize=10)
    axes.set(xlabel="first direction", aspect="equal")
figure.axes[0].set_ylabel("second direction")
figure.set_label(
    "Two maps of the cost, for digits seen in training and for others, nearly alike: one smooth "
    "round hollow each, with the model, a dot, in its middle."
)

# %%
# How near the bottom
# -------------------
#
# Over two of its weights, into the output unit for "8": every critical point in a window around the
# model.

a, b = (1, 8, 3), (1, 8, 7)
plane = WeightPlane(network, seen, a, b)
place = np.array([network.weights[1][8, 3], network.weights[1][8, 7]])
points = find_critical_points(plane, *np.stack([place - 3, place + 3], axis=1))
for p in points:
    print(f"{p.kind} {np.hypot(*(place - (p.a, p.b))):.2f} away, lower by", end=" ")
    print(f"{plane.cost(*place) - p.cost:.1e}; {points.standing}")

figure, axes = plt.subplots(layout="constrained")
around = plane.landscape(*(np.linspace(x - 3, x + 3, 61) for x in place))
filled = drawing.contour(axes, around, cmap="cividis")
figure.colorbar(filled, label="cost $J$", ticks=MaxNLocator(5, steps=[1, 2, 5]))
drawing.mark(axes, points)
look = {"color": drawing.ACCENTS[0], "markeredgecolor": drawing.OUTLINE, "markersize": 12}
axes.plot(*place, "D", label="the model", **look)
figure.legend(loc="outside lower center", ncols=2)
figure.set_label(
    "Map of the cost over two weights: an oval hollow, with the model, a diamond, beside the "
    "circle that marks the slice's only minimum."
)

# %%
# And over all its weights and biases:

low, high = extreme_eigenpairs(network, seen)
print(f"curvatures from {low.value:.1e} to {high.value:.1e} (residual {low.residual:.0e})")
plt.show()

# %%
# What was found
# --------------
#
# It is the same model. In the wide picture it is the lowest point, on the digits that it was
# trained on; for others a step aside would have been better. A closer look finds it near the
# bottom, not at it: scikit-learn stops when the loss gains little, here at a place where in some
# direction the cost still bends downwards.
