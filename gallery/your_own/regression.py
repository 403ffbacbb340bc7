r"""
A regression
============

Over two weights into an output that is a plain sum, the landscape is a paraboloid, exactly; one
layer deeper it is not.

A network that predicts a number has an output that is a plain weighted sum, :math:`z_n`, and its
squared error is

.. math::

    J = \frac1N \sum_n (z_n - t_n)^2 , \qquad z_n = c_n + a\,h_n + b\,g_n ,

over two weights :math:`(a, b)` into the output, with the activations :math:`h_n` and :math:`g_n`
of the hidden units that they come from. This is a polynomial of second degree, whatever the data.
One layer deeper the sum passes through an activation first.
"""

# %%
# The model
# ---------
#
# It predicts how a disease progresses within a year, from ten measurements of 442 patients (Efron
# and others, 2004), all standardised.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator
from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import scale

from landscape_core import Network, Samples, WeightPlane, curvature_map, drawing

X, y = (scale(values) for values in load_diabetes(return_X_y=True))
model = MLPRegressor(
    hidden_layer_sizes=(16,), activation="tanh", alpha=0, max_iter=2000, random_state=0
).fit(X, y)
network, patients = Network.from_sklearn(model), Samples(X, y)
print(network)
print(patients)
theirs = np.mean((model.predict(X) - y) ** 2)
print(f"cost {network.cost(patients):.12f}, mean squared error of scikit-learn {theirs:.12f}")

# %%
# Two slices
# ----------
#
# If a slice is a paraboloid, then its value, slope and curvature at one point tell all of it, by
# Taylor's polynomial of second degree:
#
# .. math::
#
#     T(p + d) = J(p) + \nabla J(p) \cdot d + \tfrac12\, d^{\mathsf T}\, \nabla^2 J(p)\, d .
#
# It is taken at the model and compared with the cost everywhere, on two slices: two weights into
# the output, and two weights into one hidden unit.

drawing.use_style()
slices = {"into the output": ((1, 0, 3), (1, 0, 7)), "into a hidden unit": ((0, 3, 2), (0, 3, 8))}
reach = np.linspace(-4, 4, 81)
landscapes, lines = {}, {}
for name, (a, b) in slices.items():
    plane = WeightPlane(network, patients, a, b)
    place = np.array([network.weights[layer][unit, source] for layer, unit, source in (a, b)])
    value, slope, bend = plane.cost(*place), plane.gradient(*place), plane.hessian(*place)

    d = np.stack(np.meshgrid(reach, reach), axis=-1)
    taylor = value + d @ slope + np.einsum("...i,ij,...j", d, bend, d) / 2
    landscapes[name] = plane.landscape(place[0] + reach, place[1] + reach)
    off = abs(landscapes[name].cost - taylor).max()
    lowest = curvature_map(plane, place[0] + reach, place[1] + reach)[..., 0].min()
    print(f"{name}: cost up to {landscapes[name].cost.max():.2f}")
    print(f"    off its paraboloid by {off:.1g} at most, smallest curvature {lowest:.3f}")
    lines[name] = landscapes[name].cost[40], taylor[40]  # the row through the model

# %%
# The two slices as maps, with the model in the middle:

figure, panels = plt.subplots(1, 2, figsize=(7.3, 4.1), layout="constrained")
for axes, (name, landscape) in zip(panels, landscapes.items(), strict=True):
    filled = drawing.contour(axes, landscape, cmap="cividis")
    figure.colorbar(filled, location="bottom", label="cost $J$", ticks=MaxNLocator(4))
    look = {"color": drawing.ACCENTS[0], "markeredgecolor": drawing.OUTLINE, "markersize": 10}
    axes.plot(landscape.a[40], landscape.b[40], "o", **look)
    axes.set_title(name)
figure.set_label(
    "Two maps of the cost. Into the output the contour lines are ellipses around the model; into a "
    "hidden unit they are so only close to it, and farther away they spread and twist."
)

# %%
# And as profiles along the first weight, with the parabola that touches each at the model:

figure, panels = plt.subplots(1, 2, figsize=(7.3, 3.6), layout="constrained")
for axes, (name, (cost, parabola)) in zip(panels, lines.items(), strict=True):
    axes.plot(reach, parabola, label="parabola", **drawing.LINES[0])
    axes.plot(reach, cost, label="cost", **drawing.LINES[3])
    axes.set(title=name, xlabel="distance from the model", ylim=(0, 1.1 * cost.max()))
panels[0].set_ylabel("cost")
panels[0].legend()
figure.set_label(
    "Two profiles of the cost. Into the output the cost and the parabola are one line. Into a "
    "hidden unit the cost soon leaves the parabola and levels off."
)
plt.show()

# %%
# What was found
# --------------
#
# Over weights into the output one point tells everything: one bowl, one minimum, no saddles. Hills
# begin one layer deeper.
