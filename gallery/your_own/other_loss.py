r"""
The same slice with another loss
================================

The hills of the article's slice come from its loss: with cross-entropy, the same two weights of the
same network span a convex surface.

The article's surface has a saddle, ridges, and ground that bends downwards. Is that the network, or
is it the loss? Here nothing changes but what the same weighted sums cost: once squared errors of
sigmoids, as in the article, and once the cross-entropy of a softmax, as classifiers are trained
today.

Over two weights into output unit :math:`k`, let :math:`v_n` be the activations of the two units
that they come from, and :math:`p_n` the probability that the softmax gives to class :math:`k`. Then

.. math::

    \nabla^2 J = \frac1N \sum_n p_n (1 - p_n)\; v_n v_n^{\mathsf T} ,

a sum of squares with positive factors. Such a matrix has no negative eigenvalue: **the slice is
convex**, in every window, for any network and any data.
"""

# %%
# The article's plane, twice
# --------------------------

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Network,
    WeightPlane,
    curvature_map,
    drawing,
    find_critical_points,
    gradient_norm_map,
    is_convex,
    load_mnist,
)

digits, weights = load_mnist(100), Network.random(seed=135).weights
window = (-15, 17), (-15, 18)
grid = [np.linspace(*side, 81) for side in window]
losses = {"cross-entropy of a softmax": "softmax", "squared errors of sigmoids": "squared"}
networks = {name: Network(weights, output=output) for name, output in losses.items()}


def planes(a, b):
    """Make the plane of two weights with either loss."""
    return {name: WeightPlane(network, digits, a, b) for name, network in networks.items()}


article = planes(a=(2, 5, 250), b=(2, 5, 251))
drawing.use_style()
figure = plt.figure(figsize=(9, 4.4))
for place, (name, plane) in enumerate(article.items(), start=1):
    axes = figure.add_subplot(1, 2, place, projection="3d")
    drawing.surface(axes, plane.landscape(*grid))
    axes.view_init(elev=30, azim=-15)
    axes.set_title(name)
    axes.set_box_aspect(None, zoom=1.05)
figure.subplots_adjust(0, 0.03, 0.91, 0.93, 0.18, 0)
figure.set_label(
    "Two surfaces over the same two weights. With cross-entropy: one even slope. With squared "
    "errors: plateaus, a ridge and two valleys."
)

# %%
# Convex, in numbers
# ------------------
#
# For both losses: how much of the grid bends downwards in some direction, and how much of it is
# flat; all critical points of the window; and whether the surface is convex, between the points of
# the grid too. The last two are proven, rounding errors included.


def describe(name, plane):
    """Print where a plane bends downwards or is flat, its critical points, and its convexity."""
    bent = (curvature_map(plane, *grid)[..., 0] < 0).mean()
    flat = (gradient_norm_map(plane, *grid) < 1e-4).mean()
    points = find_critical_points(plane, *window)
    kinds = [p.kind for p in points]
    found = ", ".join(f"{kinds.count(kind)} × {kind}" for kind in sorted(set(kinds))) or "none"
    print(f"{name}: bends downwards on {bent:.0%} of the grid, slope below 10⁻⁴ on {flat:.0%}")
    print(f"  critical points: {found} ({points.standing})")
    print(f"  convex: {is_convex(plane, *window)}")


for name, plane in article.items():
    describe(name, plane)

# %%
# Where the hills come from
# -------------------------
#
# Here is what one digit costs as its output unit errs more and more. The cross-entropy goes on
# rising, and bends upwards everywhere. The squared error of a sigmoid cannot exceed 1. To level off
# it must bend downwards, which it does from an error of two thirds on: its second derivative by the
# weighted sum is :math:`2 e^2 (1 - e) (2 - 3 e)`, where the error is :math:`e`.

x = np.linspace(-6, 6, 241)
error = 1 / (1 + np.exp(-x))
turn = np.log(2)  # where the error is two thirds
figure, axes = plt.subplots(figsize=(7.3, 4.2), layout="constrained")
axes.plot(x, error**2, label="squared error of a sigmoid", **drawing.LINES[0])
axes.plot(x, np.log1p(np.exp(x)), label="cross-entropy", **drawing.LINES[3])
axes.plot(turn, (2 / 3) ** 2, "o", color=drawing.ACCENTS[0], label="error two thirds")
axes.set(xlabel="weighted sum, on the wrong side to the right", ylabel="cost", ylim=(0, 3))
axes.legend()
figure.set_label(
    "Two curves of cost against the weighted sum. The squared error rises in an S and levels off "
    "at 1, with a mark where it stops bending upwards; the cross-entropy turns into a straight "
    "rise."
)
outputs = networks["squared errors of sigmoids"].predict(digits.images)[:, 5]
wrong = abs(outputs - digits.targets[:, 5]) > 2 / 3
print(
    f"{wrong.sum()} of {len(digits)} digits have such an error in unit 5, before anything is moved"
)

# %%
# One layer deeper
# ----------------
#
# Over two weights into a hidden unit:

for name, plane in planes(a=(1, 200, 30), b=(1, 200, 31)).items():
    describe(name, plane)
plt.show()

# %%
# What was found
# --------------
#
# In the article's own slice the hills are the loss's, not the network's. Every digit that is badly
# wrong bends the surface downwards. With cross-entropy none does, and the window has no saddle, and
# no flat ground to get stuck on. The network's own hills begin one layer deeper, and there neither
# loss takes them away.
#
# Try it: balls on `the slice with squared errors <../../drop_a_ball.html#surface=n100>`__.
