r"""
Gradient descent on the map
===========================

Each of the three curves of cost looks settled before it falls again, the first only near epoch
8,000. This is the article's Figure 6: the same three descents, seen from above.

On a map nothing is hidden, and directions are true. The gradient,

.. math::

    \nabla J = \left( \frac{\partial J}{\partial w_a}, \frac{\partial J}{\partial w_b} \right) ,

crosses the contour lines at right angles, and where they lie close it is large. What the map does
not tell, how fast the balls fall, is in the curves below it: the cost of each, epoch by epoch.
"""

# %%
# Plane, starts and learning rate are those of the :doc:`descent on the surface
# </gallery/article/descent_3d>`: 5 on the true gradient, the article's 10.

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
print("epoch    " + "".join(f"{start!s:>12}" for start in starts))
for epoch in (0, 100, 1000, 5000, 10_000):
    print(f"{epoch:6,}   " + "".join(f"{cost:12.4f}" for cost in descent.cost[epoch]))

# %%
# All 10,000 epochs
# -----------------
#
# The map has 21 contour lines, as in the article.


def scene(label):
    """Draw the map, and axes for the cost below it."""
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(7.3, 6.9), height_ratios=(2, 1), layout="constrained", label=label
    )
    filled = drawing.contour(above, landscape, levels=21)
    ticks = np.arange(4.75, 4.815, 0.01)
    figure.colorbar(filled, label="cost $J$", format="%.2f", ticks=ticks)
    below.set(xlabel="epoch", ylabel="cost $J$", xlim=(0, 10_000), ylim=(4.745, 4.805))
    below.xaxis.set_major_formatter("{x:,.0f}")
    for start, style in zip(starts, drawing.STYLES, strict=False):
        below.plot([], [], label=f"from {start}".replace("-", "−"), **style)
    below.legend(handlelength=3.5)
    return figure, above, below


drawing.use_style()
figure, above, below = scene(
    "Contour map with three paths from the upper left, and three falling cost curves below. The "
    "solid path leads to the right edge and the lowest cost, the dash-dotted one to the lower "
    "middle, the dotted one straight down at the left, where its curve goes flat first."
)
for ball, style in enumerate(drawing.STYLES[: len(starts)]):
    drawing.trail(above, a[:, ball], b[:, ball], **style)
    below.plot(descent.epochs, descent.cost[:, ball], **style, markevery=[-1], clip_on=False)

# %%
# In motion
# ---------
#
# Map and curves in step, every 100 epochs:

figure, above, below = scene(
    "Animation: three balls move over the contour map while their cost curves grow below. All "
    "plunge at first and flatten, and each drops again: the dotted one soon, the dash-dotted "
    "one after a while, the solid one near the end, as its ball reaches the valley at the right."
)
stage = drawing.freeze(figure)
on_map = drawing.in_pixels(above, a, b)
on_curve = drawing.in_pixels(below, descent.epochs[:, np.newaxis], descent.cost)
camera = Camera(figure)
epochs = range(0, 9000, 100)
for epoch in epochs:
    for ball, style in enumerate(drawing.STYLES[: len(starts)]):
        drawing.trail(stage, *on_map[:, : epoch + 1, ball], **style)
        stage.plot(*on_curve[:, : epoch + 1, ball], **drawing.LINES[ball])
    drawing.caption(stage, f"epoch {epoch:,}", place=(0.18, 0.3))
    camera.snap()
names = [f"epoch {epoch:,}" for epoch in epochs]
camera.animate().save("descent_contour.gif", writer=GifWriter(fps=10, rest=3, frame_names=names))

# %%
# What was found
# --------------
#
# All three curves plunge and then go nearly level, which is easily taken for the end of learning.
# It is not: each falls again, where its ball leaves one terrace for the next. The third does so
# soon, the second a while later, the first near epoch 8,000. On the map these are the places where
# a path leaves a gentle slope and crosses several lines in a row.
#
# Try it: `the same three balls, with their curves <../../drop_a_ball.html#surface=n100>`__.
