r"""
Gradient descent on the surface
===============================

Three balls that start within two units of one another end at three different costs. This is the
article's Figure 5.

Side by side, high up on the same slope, each begins to follow the gradient downhill, one step an
epoch:

.. math::

    (w_a, w_b) \leftarrow (w_a, w_b) - \eta \, \nabla J(w_a, w_b) .

All other weights stay frozen. The learning rate :math:`\eta` is 5. The article says 10, but its
gradient lacks a factor of two, so that the steps are the same: see :doc:`the discrepancies
</gallery/article/discrepancies>`.
"""

# %%
# The window is two units wider than the article's. The first ball crosses the article's edge at 17,
# but only after its last picture, which is of epoch 8,900.

import matplotlib.pyplot as plt
import numpy as np
from celluloid import Camera

from landscape_core import GradientDescent, Network, WeightPlane, descend, drawing, load_mnist
from landscape_core.gif import GifWriter

plane = WeightPlane(Network.random(seed=135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
landscape = plane.landscape(np.linspace(-15, 19, 42), np.linspace(-15, 18, 40))
starts = [(-9, 15), (-10.1, 15), (-11, 15)]
descent = descend(plane, starts, GradientDescent(learning_rate=5.0), epochs=10_000)
a, b = descent.weights[..., 0], descent.weights[..., 1]
for ball, start in enumerate(starts):
    print(
        f"from {start}: to ({a[-1, ball]:.2f}, {b[-1, ball]:.2f}), "
        f"cost {descent.cost[0, ball]:.4f} to {descent.cost[-1, ball]:.4f}"
    )
print(f"cost of the third ball at epoch 2,000: {descent.cost[2000, 2]:.4f}")
print(f"cost of the first ball at epoch 8,000: {descent.cost[8000, 0]:.4f}")

# %%
# All 10,000 epochs
# -----------------


def scene(label):
    """Draw the surface from the article's point of view."""
    figure = plt.figure(figsize=(7.3, 6.8), label=label)
    axes = figure.add_axes((0, 0.08, 0.92, 0.9), projection="3d")
    drawing.surface(axes, landscape)
    axes.view_init(elev=30, azim=-10)
    axes.set_box_aspect(None, zoom=1.12)
    for start, style in zip(starts, drawing.STYLES, strict=False):
        axes.plot([], [], label=f"from {start}".replace("-", "−"), **style)
    figure.legend(loc="lower center", ncols=3, handlelength=3.5)
    return figure, axes


drawing.use_style()
figure, axes = scene(
    "The surface for N = 100 with three paths that start together on a high slope at the back. The "
    "solid one ends deep in the valley at the right, the dash-dotted one in a blue hollow at the "
    "left, the dotted one on a green plateau far above both."
)
for ball, style in enumerate(drawing.STYLES[: len(starts)]):
    drawing.trail(axes, a[:, ball], b[:, ball], descent.cost[:, ball], **style)

# %%
# In motion
# ---------
#
# At first a frame is 20 epochs, as in the article; from epoch 200 on it is 100, so
# that the balls seem to speed up. The surface is drawn only once: from frame to frame nothing
# changes but the balls and their paths.

figure, axes = scene(
    "Animation: three balls roll down the surface for N = 100 and part after the first slope. One "
    "reaches the deepest valley, one turns off into a hollow, one slows down on a plateau."
)
stage = drawing.freeze(figure)
paths = drawing.in_pixels(axes, a, b, descent.cost)
camera = Camera(figure)
epochs = [*range(0, 200, 20), *range(200, 9000, 100)]
for epoch in epochs:
    for ball, style in enumerate(drawing.STYLES[: len(starts)]):
        drawing.trail(stage, *paths[:, : epoch + 1, ball], **style)
    drawing.caption(stage, f"epoch {epoch:,}")
    camera.snap()
names = [f"epoch {epoch:,}" for epoch in epochs]
camera.animate().save("descent_3d.gif", writer=GifWriter(fps=10, rest=3, frame_names=names))

# %%
# What was found
# --------------
#
# Two units of distance decide where these balls end, and for the second one far less: see
# :doc:`where the balls end </gallery/closer_look/basins>`. Watch where they part. The third has
# done nearly all its falling within two thousand epochs, and creeps from then on over ground that
# looks level. The second stays beside it for a while, then turns off into a hollow. The first takes
# thousands of epochs along a valley with hardly any fall, and drops into its deep end only after
# epoch 8,000, when one might long have stopped.
#
# Try it: `the same three balls <../../drop_a_ball.html#surface=n100>`__, or any others.
