r"""
The network and its two weights
===============================

Of the network's 69,200 weights only two will vary, and both lead into the same output. This is the
article's Figure 2.

The network reads a handwritten digit as 784 grey values and passes them through three layers of
sigmoid units: 50, 500 and 10 of them. Each of the ten outputs stands for one digit. There are no
biases, so the weights are all there is to learn. The *cost*, or *loss*, says how wrong the network
is on :math:`N` digits:

.. math::

    J = \frac{1}{N} \sum_{n=1}^{N} \; \sum_{k=0}^{9} \left(p_{nk} - t_{nk}\right)^2 ,

where :math:`p_{nk}` is output :math:`k` for digit :math:`n`, and the target :math:`t_{nk}` is 1
for the digit that the image shows and 0 for the others. Nobody can draw :math:`J` as a function of
all the weights. So they all keep their random values, except two.
"""

# %%
# The weights come from a random generator with a fixed seed: every run has the same network.

from itertools import pairwise

import matplotlib.pyplot as plt
from matplotlib.patches import Circle

from landscape_core import Network, drawing, load_mnist

network = Network.random(seed=135)
for weights in network.weights:
    units, inputs = weights.shape
    print(f"{inputs:3} inputs → {units:3} units: {weights.size:6,} weights")
print(f"in all: {sum(weights.size for weights in network.weights):,} weights")
print(f"cost on the first 100 digits, untrained: {network.cost(load_mnist(100)):.4f}")
for unit in (250, 251):
    print(f"from unit {unit} to output 5: {network.weights[2][5, unit]:.3f}")

# %%
# The two that vary lead from units 250 and 251 of the second hidden layer (counted from 0) to the
# output unit for the digit "5". They are called :math:`w_a` and :math:`w_b`
# on these pages, and :math:`a` and :math:`b` for short.

drawing.use_style()
ink, paper = plt.rcParams["text.color"], plt.rcParams["figure.facecolor"]
figure, axes = plt.subplots(figsize=(7.3, 5.6), layout="constrained")
figure.set_label(
    "Four columns of circles: 784 pixels, 50 and 500 hidden units, 10 outputs. Two thick lines, "
    "solid for w_a and dash-dotted for w_b, lead from hidden units 250 and 251 to the output "
    "for the digit 5. A few of the other connections are drawn thin."
)
names = ["784 pixels", "50 units", "500 units", "10 outputs"]
layers = [
    {"0": 8, "1": 7, "2": 6, "781": 3, "782": 2, "783": 1},
    {"0": 7.5, "1": 6.5, "48": 2.5, "49": 1.5},
    {"0": 8, "250": 5, "251": 4, "499": 1},
    {str(digit): 9 - digit for digit in range(10)},
]
for x, (left, right) in enumerate(pairwise(layers)):
    for y in left.values():
        for end in right.values():
            axes.plot([3 * x, 3 * x + 3], [y, end], color=ink, linewidth=0.4, alpha=0.35, zorder=1)

for unit, name, line in zip(("250", "251"), "ab", drawing.LINES, strict=False):
    y = layers[2][unit]
    axes.plot([6, 9], [y, layers[3]["5"]], linewidth=4, label=f"$w_{name}$", **line)

for x, (name, layer) in enumerate(zip(names, layers, strict=True)):
    for unit, y in layer.items():
        chosen = (x, unit) in [(2, "250"), (2, "251"), (3, "5")]
        axes.add_patch(
            Circle(
                (3 * x, y), 0.42, facecolor=paper, edgecolor=ink, lw=3 if chosen else 1, zorder=3
            )
        )
        weight = "bold" if chosen else "normal"
        axes.text(3 * x, y, unit, ha="center", va="center", size=10, weight=weight, zorder=4)
    axes.text(3 * x, 10.2, name, ha="center", va="center", size=14)
for x, y in [(0, 4.5), (3, 4.5), (6, 6.5), (6, 2.5)]:
    axes.text(x, y, "⋮", ha="center", va="center", size=20)
axes.legend(loc="lower right", bbox_to_anchor=(0.9, -0.1), ncols=2, handlelength=4, fontsize=15)
axes.set(xlim=(-1, 10), ylim=(-1.2, 10.8), aspect="equal")
axes.set_axis_off()
plt.show()

# %%
# Most units and nearly all connections are left out of the picture. Since :math:`w_a` and
# :math:`w_b` lead into the same output, they change only one of the ten terms of the cost:
# everything to their left, and the other outputs, stay as they are. That is why the surfaces
# on the next pages take moments to compute; the page about the :doc:`method </method>` tells how.
#
# Turn the two weights yourself: `balls over the first hundred digits
# <../../drop_a_ball.html#surface=n100>`__.
