r"""
A minimum in all directions?
============================

The slice's minimum is no minimum of the network: over all the weights, the ground there slopes, and
in some direction it bends downwards.

At a critical point of a slice two derivatives vanish: those by the two weights that vary. The
network has tens of thousands of weights. This page goes to the critical points of the article's
slice for 100 digits, and asks for the gradient and the Hessian of all the weights. That matrix
would have billions of entries, and is never formed: its product with a vector costs about two
gradients, and Lanczos iteration finds its outermost eigenvalues from such products alone.

The Hessian of the slice consists of four entries of the full one. Such a principal submatrix
cannot bend more, either way, than the matrix it is cut from:

.. math::

    \lambda_{\min}^{\text{full}} \le \lambda_{\min}^{\text{slice}}
    \le \lambda_{\max}^{\text{slice}} \le \lambda_{\max}^{\text{full}} .

So a negative eigenvalue in the slice proves that the network's cost, too, bends downwards in some
direction. Two positive ones do not prove that it bends upwards in all: at a minimum of the network
not even the smallest of all its eigenvalues may be negative.
"""

# %%
# The slice's critical points
# ---------------------------
#
# The window is wide enough to hold the slice's minimum. At each point: the length of the full
# gradient, and the extreme eigenvalues of both Hessians.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Adam,
    DirectionPlane,
    Network,
    WeightPlane,
    drawing,
    extreme_eigenpairs,
    find_critical_points,
    gradient,
    load_mnist,
    train,
)
from landscape_core.network import flatten

drawing.use_style()
digits, network = load_mnist(100), Network.random(seed=135)
plane = WeightPlane(network, digits, a=(2, 5, 250), b=(2, 5, 251))


def examine(name, network):
    """Print and return what all the weights together say of a place."""
    slope = np.linalg.norm(flatten(gradient(network, digits)))
    low, high = extreme_eigenpairs(network, digits)
    print(
        f"{name}\n  all weights: gradient {slope:.4f}, curvature {low.value:.4f} … {high.value:.4f}"
    )
    return low, high


rows = {}
for point in find_critical_points(plane, (-15, 40), (-15, 18)):
    name = f"{point.kind} ({point.a:.2f}, {point.b:.2f})".replace("-", "−")
    there = plane.network_at(point.a, point.b)
    rows[name] = (there, point.eigenvalues, examine(name, there))
    print(f"  the slice:   gradient 0, curvature {point.eigenvalues[0]:.6f} …", end=" ")
    print(f"{point.eigenvalues[1]:.6f}")

# %%
# None of these places is a critical point of the network: the gradient over all weights is large.
#
# A trained network
# -----------------
#
# Where all the weights have been trained the gradient is small. But "trained" does not mean trained
# well: this network never answers 0 or 9.

training = train(network, digits, Adam(0.001), epochs=1000, every=1000)
trained = training.networks[-1]
print(f"cost {training.cost[0]:.3f} before training, {training.cost[-1]:.3f} after")
right = trained.predict(digits.images).argmax(axis=1) == digits.labels
print(f"right on {right.mean():.0%} of the {len(digits)} digits, and of each digit on:")
print(", ".join(f"{k}: {right[digits.labels == k].mean():.0%}" for k in range(10)))
ends = examine("after training", trained)
place = trained.weights[2][5, [250, 251]]
after = WeightPlane(trained, digits, plane.a, plane.b).hessian(*place)
rows["after training"] = (trained, np.linalg.eigvalsh(after), ends)

# %%
# All of them in one picture
# --------------------------
#
# Above, both ranges of curvature. Below, what lies beside the slice's minimum: the cost along the
# two weights, and along the direction in which the full Hessian is most negative.

figure, (upper, lower) = plt.subplots(2, 1, figsize=(7.3, 8.2), layout="constrained")
for y, (_, inside, (low, high)) in enumerate(rows.values()):
    upper.plot([low.value, high.value], [y, y], "|-", color=drawing.ACCENTS[1], markersize=16)
    upper.plot(inside, [y, y], "o", color=drawing.ACCENTS[0])
upper.set_yticks(range(len(rows)), rows)
upper.set_xscale("symlog", linthresh=1e-5)
upper.set_xticks([-1, -1e-2, -1e-4, 0, 1e-4, 1e-2, 1])
upper.axvline(0, color="#808080", linewidth=1)
upper.set(xlabel="curvature: all weights (bars), the slice (dots)")
upper.set(xlim=(-20, 20), ylim=(len(rows) - 0.5, -0.5))

name, (minimum, inside, (low, _)) = next(iter(rows.items()))  # the lowest point comes first
across = np.linspace(-3, 3, 121)
a, b = minimum.weights[2][5, [250, 251]]
steepest = DirectionPlane(minimum, digits, low.direction, low.direction).cost(across, 0)
first, second, third = drawing.LINES[:3]
lower.plot(across, steepest, **first, label="along the most negative curvature")
lower.plot(across, plane.cost(a + across, b), **second, label="along the first weight")
lower.plot(across, plane.cost(a, b + across), **third, label="along the second weight")
lower.set(xlabel=f"distance from the slice’s {name}", ylabel="cost $J$", ylim=(3, 6.4))
lower.legend(loc="upper left")
figure.set_label(
    "Above, a row for each critical point of the slice, and one for the trained network: on a "
    "logarithmic scale to both sides of zero, the bar of curvatures over all weights reaches from "
    "far negative to far positive, while the two dots of the slice lie close to zero. Below, the "
    "cost beside the slice's minimum: level along the two weights, falling in a third direction."
)

bent = sum(low.value < -low.residual for _, _, (low, _) in rows.values())
print(f"at {bent} of the {len(rows)} places the cost bends downwards in some direction")
print(f"along one, from the slice's minimum, it falls from {plane.cost(a, b):.4f}", end=" ")
print(f"to {steepest.min():.4f} within {across[-1]:.0f} units")
plt.show()

# %%
# What was found
# --------------
#
# A place with a slope is no minimum, nor is one from which the cost bends downwards in some
# direction. The slice's minimum is both: most of its fall in the picture is slope, not curvature.
# The trained network comes near to a critical point, but is no minimum either: in some direction
# the cost still bends downwards there. Five places say nothing of how rare minima are.
#
# Try it: `a ball at the slice's minimum
# <../../drop_a_ball.html#surface=n100-wide&start=36.52,4.9>`__, from which no way leads down.
