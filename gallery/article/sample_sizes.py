r"""
Sample sizes
============

Over 100 digits the surface is 3.5 times as rough as over 10,000. This is the article's Figure 3:
the same network over the same two weights, once with the first 100 digits and once with 10,000.

The cost is a mean over :math:`N` digits, and so the landscape depends on how many there are:

.. math::

    J(w_a, w_b) = \frac{1}{N} \sum_{n=1}^{N} \; \sum_{k=0}^{9}
    \left(p_{nk}(w_a, w_b) - t_{nk}\right)^2 .

Each digit adds one smooth step of its own to the surface, in a direction that its hidden
activations decide. Among a hundred digits single steps can still be seen; among ten thousand they
blur into one another.
"""

# %%
# The two weights run over the grid of the article, 40 by 40 points. *Roughness* is the root mean
# square of the two principal curvatures.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import Network, WeightPlane, curvature_map, drawing, load_mnist, roughness

w_a, w_b = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
sizes = (100, 10_000)
landscapes, rough = [], []
for n in sizes:
    plane = WeightPlane(Network.random(seed=135), load_mnist(n), a=(2, 5, 250), b=(2, 5, 251))
    landscapes.append(plane.landscape(w_a, w_b))
    rough.append(roughness(plane, w_a, w_b))
    strongest = abs(curvature_map(plane, w_a, w_b)).max()
    print(f"N = {n:,}: cost {landscapes[-1].cost.min():.4f} to {landscapes[-1].cost.max():.4f}")
    print(f"    roughness {rough[-1]:.1e}, curvature {strongest:.1e} at most")
print(f"N = 100 is {rough[0] / rough[1]:.1f} times as rough")

# %%
# Both cost axes span the same difference, and so do the colours: equal heights look equal.

drawing.use_style()
figure = plt.figure(figsize=(9.6, 4.6))
figure.set_label(
    "Two surfaces side by side. Left, N = 100: a landscape of steep slopes, flat terraces, two "
    "valleys and a ridge between them. Right, N = 10,000: a wide, gentle floor, from which one "
    "smooth wall rises at the back and along the right."
)
span = max(np.ptp(landscape.cost) for landscape in landscapes)
for side in (1, 0):  # the one at the right first: the site's thumbnail shows what comes first
    n, landscape, azimuth = sizes[side], landscapes[side], (-20, -30)[side]
    axes = figure.add_axes((0.49 * side, 0.04, 0.42, 0.9), projection="3d")
    lowest = (landscape.cost.min() + landscape.cost.max() - span) / 2
    drawing.surface(axes, landscape).set_clim(lowest, lowest + span)
    axes.set_zlim(lowest - span / 10, lowest + span)
    axes.view_init(elev=30, azim=azimuth)
    axes.set_title(f"N = {n:,}", y=1.0)
plt.show()

# %%
# The larger sample gives the smoother surface, as the pictures suggest: its curvatures are several
# times smaller, on average as well as at their largest. Yet it is not a blurred copy of the small
# one. Its valley lies elsewhere, where ten thousand digits agree that it should be. And its floor
# lies higher: the first hundred digits happen to be a little easier for this untrained network.
# :doc:`How much data? </gallery/closer_look/sample_size_rate>` has the sizes in between.
#
# Try both: `balls over 100 digits <../../drop_a_ball.html#surface=n100>`__, and `balls over
# 10,000 <../../drop_a_ball.html#surface=n10000>`__.
