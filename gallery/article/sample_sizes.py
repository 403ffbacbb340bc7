r"""
Sample sizes
============

The cost is a mean over :math:`N` digits, and so the landscape depends on how many there are. With

.. math::

    J(w_a, w_b) = \frac{1}{N} \sum_{n=1}^{N} \sum_{k=0}^{9} \bigl(p_{nk}(w_a, w_b) - t_{nk}\bigr)^2

each digit adds a smooth step or a bump of its own to the surface, in a direction that its hidden
activations decide. Few of them leave their single steps visible; many blur into one another. Here
is the same network over the same two weights, once for the first 100 digits and once for 10,000.
"""

# %%
# The two weights run over the grid of the article, 40 by 40 points.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import Network, WeightPlane, drawing, load_mnist

w_a, w_b = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
sizes = (100, 10_000)
landscapes, bends = [], []
for n in sizes:
    plane = WeightPlane(Network.random(seed=135), load_mnist(n), a=(2, 5, 250), b=(2, 5, 251))
    landscapes.append(plane.landscape(w_a, w_b))
    # The eigenvalues of the Hessian tell how strongly the surface bends, whatever the direction.
    eigenvalues = np.linalg.eigvalsh(plane.hessian(*np.meshgrid(w_a, w_b)))
    bends.append(np.abs(eigenvalues).max(axis=-1))

for n, landscape, bend in zip(sizes, landscapes, bends, strict=True):
    print(
        f"N = {n:6,}: cost {landscape.cost.min():.4f} to {landscape.cost.max():.4f}, "
        f"bend {np.sqrt(np.mean(bend**2)):.5f} (root mean square), {bend.max():.5f} at most"
    )

# %%
# Both cost axes span the same difference, and so do the colours: equal heights look equal.

drawing.use_style()
figure = plt.figure(figsize=(9.6, 4.6))
figure.set_label(
    "Two surfaces side by side. Left, N = 100: a landscape of steep slopes, flat terraces, two "
    "valleys and a ridge between them. Right, N = 10,000: a single wide and even bowl."
)
span = max(np.ptp(landscape.cost) for landscape in landscapes)
for side, (n, landscape, azimuth) in enumerate(zip(sizes, landscapes, (-20, -30), strict=True)):
    axes = figure.add_axes((0.49 * side, 0.0, 0.43, 0.95), projection="3d")
    lowest = (landscape.cost.min() + landscape.cost.max() - span) / 2
    drawing.surface(axes, landscape, alpha=0.75, vmin=lowest, vmax=lowest + span)
    axes.set_zlabel("$J$")
    axes.set_zlim(lowest, lowest + span)
    axes.view_init(elev=30, azim=azimuth)
    axes.set_title(f"N = {n:,}", y=0.95)

# %%
# The larger sample gives the smoother surface, as the article says: bends are several times
# weaker, on average as well as at their worst. Yet it is not a blurred copy of the small one. The
# valley has moved to where ten thousand digits agree it should be, and the bowl lies higher: the
# first hundred digits just happen to be a little easier for this untrained network.
