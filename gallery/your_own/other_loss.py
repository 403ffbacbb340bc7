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
from scipy.special import expit, logsumexp

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
a_axis, b_axis = (np.linspace(*side, 81) for side in window)
names = {"squared": "squared errors of sigmoids", "softmax": "cross-entropy of a softmax"}
planes = {
    output: WeightPlane(Network(weights, output=output), digits, a=(2, 5, 250), b=(2, 5, 251))
    for output in names
}
drawing.use_style()
figure = plt.figure(figsize=(9, 4.4))
for place, (output, plane) in enumerate(planes.items(), start=1):
    axes = figure.add_subplot(1, 2, place, projection="3d")
    drawing.surface(axes, plane.landscape(a_axis, b_axis))
    axes.view_init(elev=30, azim=-15)
    axes.set_title(names[output])
    axes.set_box_aspect(None, zoom=1.05)
figure.subplots_adjust(0, 0.03, 0.91, 0.93, 0.18, 0)
figure.set_label(
    "Two surfaces over the same two weights. With squared errors: plateaus, a ridge and two "
    "valleys. With cross-entropy: one even slope."
)

# %%
# Convex, in numbers
# ------------------
#
# The formula is compared with the plane's own second derivatives, at every point of the grid. Where
# hardly any digit is undecided its smallest eigenvalue is tiny. So that it does not drown in
# rounding error, it is taken from the determinant, which is a sum of positive terms itself:
#
# .. math::
#
#     \det \nabla^2 J = \frac{1}{2 N^2} \sum_{m, n} q_m q_n\, (v_m \times v_n)^2 ,
#
# with :math:`q_n = p_n (1 - p_n)`, and with the area :math:`v_m \times v_n` that two of the vectors
# span.

plane = planes["softmax"]
v = plane.network.activations(digits.images, 2)[:, [250, 251]]
z = plane.network_at(0, 0).sums(digits.images)
a, b = np.meshgrid(a_axis, b_axis)
x = z[:, 5] - logsumexp(np.delete(z, 5, axis=1), axis=1) + np.stack([a, b], axis=-1) @ v.T
factors = expit(x) * expit(-x) / len(digits)  # p = expit(x)
hessian = np.einsum("...n,ni,nj", factors, v, v)
print(f"formula and plane differ by {abs(hessian - plane.hessian(a, b)).max():.0e} at most")

crossed = (v[:, None, 0] * v[:, 1] - v[:, None, 1] * v[:, 0]) ** 2
determinant = ((factors @ crossed) * factors).sum(axis=-1) / 2
smallest = (determinant / np.linalg.eigvalsh(hessian)[..., 1]).min()
print(f"smallest eigenvalue with cross-entropy, over the whole grid: {smallest:+.1e}")

# %%
# For both losses: how much of the grid bends downwards in some direction, and how much of it is
# flat; all critical points of the window; and whether the surface is convex, between the points of
# the grid too. The last two are proven, rounding errors included.


def describe(name, plane):
    """Print where a plane bends downwards or is flat, its critical points, and its convexity."""
    bent = (curvature_map(plane, a_axis, b_axis)[..., 0] < 0).mean()
    flat = (gradient_norm_map(plane, a_axis, b_axis) < 1e-4).mean()
    points = find_critical_points(plane, *window)
    kinds = [p.kind for p in points]
    found = ", ".join(f"{kinds.count(kind)} × {kind}" for kind in sorted(set(kinds))) or "none"
    print(f"{name}: bends downwards on {bent:.0%} of the grid, slope below 10⁻⁴ on {flat:.0%}")
    print(f"  critical points: {found} ({points.standing})")
    print(f"  convex: {is_convex(plane, *window)}")


for output, plane in planes.items():
    describe(names[output], plane)

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
figure, axes = plt.subplots(layout="constrained")
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
outputs = planes["squared"].network.predict(digits.images)[:, 5]
wrong = abs(outputs - digits.targets[:, 5]) > 2 / 3
print(
    f"{wrong.sum()} of {len(digits)} digits have such an error in unit 5, before anything is moved"
)

# %%
# One layer deeper
# ----------------
#
# Over two weights into a hidden unit:

for output in names:
    deeper = WeightPlane(Network(weights, output=output), digits, a=(1, 200, 30), b=(1, 200, 31))
    describe(f"hidden unit, {names[output]}", deeper)
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
