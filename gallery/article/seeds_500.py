r"""
Four seeds, 500 digits
======================

Four seeds give four landscapes with little in common but their low relief: the two weights change
the cost by less than two hundredths. This is the article's Figure 7.

The seed of the random generator decides all weights of the untrained network, and with them its
landscapes. The two weights that vary lead, this time, from units 30 and 31 of the first hidden
layer into unit 200 of the second. What they change passes through two sigmoids before it counts,

.. math::

    p_{nk} = \sigma\left( c_{nk} + v_k \, \sigma\left( d_n + w_a h_n + w_b g_n \right) \right) ,

with :math:`h` and :math:`g` the activations of the two units, :math:`v_k` the weight from unit
200 to output :math:`k`, and :math:`c` and :math:`d` the sums of all that stays as it is. The
inner sigmoid moves all ten outputs, each by its own weight.
"""

# %%
# One landscape a seed, on the 40 by 40 points that the article names. (Its notebook in fact drew
# these figures on a grid of 25 by 25 points, left over from a survey of many seeds.)

import numpy as np
from matplotlib.animation import FuncAnimation

from landscape_core import Network, WeightPlane, drawing, load_mnist
from landscape_core.gif import GifWriter

digits = load_mnist(500)
w_a, w_b = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
landscapes = {}
for seed in (3, 16, 60, 140):
    plane = WeightPlane(Network.random(seed), digits, a=(1, 200, 30), b=(1, 200, 31))
    landscape = plane.landscape(w_a, w_b)
    landscapes[f"seed {seed}"] = landscape
    low, high = landscape.cost.min(), landscape.cost.max()
    print(f"seed {seed:3}: cost {low:.4f}–{high:.4f}, relief {high - low:.4f}")
lowest = [landscape.cost.min() for landscape in landscapes.values()]
print(f"lowest costs differ by up to {np.ptp(lowest):.1f}")

# %%
# From above
# ----------
#
# Each map has a scale of its own:

drawing.use_style()
figure = drawing.contours(landscapes)
figure.set_label(
    "Four contour maps. Seed 3: a deep trench from upper left to lower right, with peaks on "
    "both sides. Seed 16: two valleys that meet end to end at a pass. Seed 60: a round hollow "
    "above a high plain. Seed 140: a slanting ridge between a high plain at the left and a "
    "low one at the right."
)

# %%
# Turning
# -------
#
# The same four as surfaces:

figure, turn = drawing.turntable(landscapes, elevation=50)
figure.set_label(
    "Animation: four blocks, cut out along the surfaces of seeds 3, 16, 60 and 140, turn once "
    "around, each beside its scale of cost. A trench between peaks, two valleys with a pass "
    "between, a hollow beside a plain, and a slanting ridge."
)
azimuths = range(-57, 303, 6)  # never straight along a side
names = [f"azimuth {azimuth % 360}°" for azimuth in azimuths]
animation = FuncAnimation(figure, turn, frames=azimuths)
animation.save("seeds_500.gif", writer=GifWriter(fps=8, rest=2, frame_names=names))

# %%
# What was found
# --------------
#
# No two of them are alike: a trench between peaks, two valleys end to end, one round hollow, a
# ridge between plains. The pictures suggest that landscapes differ widely with the seed, and so
# they do: :doc:`a hundred seeds </gallery/closer_look/hundred_seeds>` tell how much. The printed
# numbers add what the pictures cannot show. All four have little relief, while from seed to seed
# the cost itself differs by up to 2.6. What looks like a mountain range is a ripple, at a height
# that all the other weights decide.
#
# Try it: balls on the surface of `seed 3 <../../drop_a_ball.html#surface=seed3-n500>`__, `seed 16
# <../../drop_a_ball.html#surface=seed16-n500>`__, `seed 60
# <../../drop_a_ball.html#surface=seed60-n500>`__ and `seed 140
# <../../drop_a_ball.html#surface=seed140-n500>`__.
