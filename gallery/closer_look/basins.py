r"""
Where do the balls end?
=======================

From everywhere in the window balls come to one of three costs, and by epoch 10,000 hardly one of
them has reached a minimum: 61% are stuck on flat ground.

Different starts lead down different routes to different costs, and so to different scores, says the
article; and a descent can get stuck. All of this can be tested by starting everywhere. But "stuck"
needs a meaning. On this site a ball is *stuck* if the slope beneath it is below a tolerance,

.. math::

    \| \nabla J \| < 10^{-4} ,

since at such a slope it moves by less than 0.5 in 1,000 epochs, with a learning rate of 5. If both
curvatures are positive and Newton's method would move it by less than half a percent of the
window's longer side, it is stuck at a *minimum*, else on *flat ground*. "Flat" says that the slope
is small, not that it is zero: nearly everywhere it still leads down.
"""

# %%
# Balls from everywhere
# ---------------------
#
# A ball from each of 40 by 40 starts rolls for the article's 10,000 epochs at its learning rate.
# Then it goes on with larger steps, ten times as far, to tell where it was heading.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    GradientDescent,
    Network,
    WeightPlane,
    descend,
    drawing,
    find_basins,
    load_mnist,
)

digits = load_mnist(100)
plane = WeightPlane(Network.random(seed=135), digits, a=(2, 5, 250), b=(2, 5, 251))
a_axis, b_axis = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
states = ("still moving", "stuck on flat ground", "stuck at a minimum")
floors = np.array([4.7435, 4.7587, 4.7687])  # the costs at which balls end, told apart below


def state(places, tolerance=1e-4):
    """Return 0, 1 or 2 for each place: its number in the list of states."""
    gradient, hessian = plane.gradient(*places.T), plane.hessian(*places.T)
    step = np.linalg.solve(hessian, gradient[..., np.newaxis])[..., 0]
    bowl = (np.linalg.eigvalsh(hessian) > 0).all(-1) & (np.linalg.norm(step, axis=-1) < 0.005 * 33)
    return np.where(np.linalg.norm(gradient, axis=-1) < tolerance, np.where(bowl, 2, 1), 0)


def heading(places):
    """Follow balls that have rolled already; return their last costs, and on which floors."""
    cost = descend(plane, places, GradientDescent(100.0), epochs=4500, every=4500).cost[-1]
    return cost, abs(cost[:, np.newaxis] - floors).argmin(axis=1)


basins = find_basins(plane, a_axis, b_axis, GradientDescent(learning_rate=5.0), epochs=10_000)
ends = basins.ends.reshape(-1, 2)
cost, basin = heading(ends)
print(f"no ball is farther than {abs(cost - floors[basin]).max():.4f} from one of three costs:")
for k, floor in enumerate(floors):
    print(f"    {floor} for {(basin == k).mean():.0%} of the starts")
print(f"a slope of 1e-4 moves a ball by {5 * 1e-4 * 1000:.1f} in 1,000 epochs")
print("after 10,000 epochs:")
for tolerance in (1e-3, 1e-4, 1e-5):
    found = state(ends, tolerance)
    shares = ", ".join(f"{(found == k).mean():.0%} {name}" for k, name in enumerate(states))
    print(f"    tolerance {tolerance:.0e}: {shares}")

# %%
# The window has three provinces: two basins, each with a valley floor at its end, and a plateau, on
# which balls creep so slowly that its own border still recedes. The article's three starts stand
# side by side at the top of the map. On the line through them the second basin is a mere sliver.

starts = np.array([(-9.0, 15.0), (-10.1, 15.0), (-11.0, 15.0)])


def from_line(line):
    """Let balls roll from the line b = 15, and return where they are heading."""
    there = np.column_stack([line, np.full(len(line), 15.0)])
    return heading(descend(plane, there, GradientDescent(5.0), 10_000, every=10_000).weights[-1])


line = np.linspace(-10.3, -10.05, 41)
cost, floor = from_line(line)
borders = []  # looked for again, where the end changes
for left in np.flatnonzero(np.diff(floor)):
    fine = np.linspace(line[left], line[left + 1], 41)
    change = np.flatnonzero(np.diff(from_line(fine)[1]))[0]
    borders.append(fine[change : change + 2].mean())
print("by epoch 100,000 the second basin reaches, on the line b = 15, from")
print(f"{borders[0]:.4f} to {borders[1]:.4f}:", end=" ")
print(f"it is {borders[1] - borders[0]:.2f} wide, and the second start, at a = −10.1, stands")
print(f"{borders[1] - starts[1, 0]:.4f} from its border")

drawing.use_style()
look = {"height_ratios": (5, 2), "layout": "constrained"}
figure, (axes, beside) = plt.subplots(2, 1, figsize=(7.3, 8.2), **look)
figure.set_label(
    "Above, a map of starts in three colours: a dark basin at the upper right, a middle one at the "
    "lower right, a light one at the left. At the top, near the article's three starts, the middle "
    "one is so thin that few cells show it. Below, the line through them enlarged: a step from the "
    "light basin to the middle one and one to the dark, with the second start at the very edge."
)
colours = plt.get_cmap("cividis")([0.1, 0.55, 0.95])
axes.pcolormesh(a_axis, b_axis, colours[basin.reshape(basins.cost.shape)])
for colour, floor in zip(colours, floors, strict=True):
    axes.plot([], [], "s", color=colour, markersize=13, label=f"ends at {floor}")
for (a, b), style in zip(starts, drawing.STYLES, strict=False):
    axes.plot(a, b, **style, markersize=9, markeredgecolor="white", zorder=5)
axes.set(xlabel="$w_a$ at the start", ylabel="$w_b$ at the start")
figure.legend(loc="outside upper center", ncols=3)
beside.plot(line, cost, ".-", color=plt.rcParams["text.color"])
second = {**drawing.STYLES[1], "linestyle": "", "markersize": 13, "markeredgecolor": "white"}
beside.plot(starts[1, 0], floors[1], **second, zorder=5, label="the second start")
beside.set(xlabel="$w_a$ at the start, on the line $w_b$ = 15", ylabel="ends at cost")
beside.legend()

# %%
# The article's balls
# -------------------
#
# After its 10,000 epochs, and after ten times as many. For the former also the score: the share of
# the hundred digits for which the right output is the highest, and how many fives the output for
# 5 tells.

descent = descend(plane, starts, GradientDescent(learning_rate=5.0), epochs=100_000, every=10_000)
for ball in range(len(starts)):
    for epochs, place in zip(descent.epochs[[1, 10]], descent.weights[[1, 10], ball], strict=True):
        print(
            f"ball {ball + 1}, epoch {epochs:7,}: ({place[0]:6.2f}, {place[1]:5.2f}), cost "
            f"{plane.cost(*place):.5f}, gradient {np.linalg.norm(plane.gradient(*place)):.0e}: "
            f"{states[state(place)]}"
        )
for ball, place in enumerate(descent.weights[1], start=1):
    outputs = plane.network_at(*place).predict(digits.images)
    right, fives = outputs.argmax(axis=1) == digits.labels, outputs[digits.labels == 5, 5] > 0.5
    print(f"ball {ball}: right on {right.mean():.0%}, tells {fives.sum()} of {len(fives)} fives")
plt.show()

# %%
# What was found
# --------------
#
# Neighbouring starts can end in different basins: had the article's second ball started just over
# 0.0012 further right, it would have followed the first. So the claim holds for the costs, and for
# the score in part: the fives are told differently, yet all three networks, untrained as they are,
# are right on 12% of the digits. Hardly any ball has found a minimum by epoch 10,000, whatever the
# tolerance. The first of the three was still rolling when the article stopped looking, and goes on
# to a minimum far outside its window. The other two were stuck on flat ground: it goes on falling,
# and so do they, ever more slowly. By its curve of the cost alone, each would be called converged.
#
# Try it: `two balls on either side of the border
# <../../drop_a_ball.html#surface=n100&start=-10.1,15&epochs=10000&start=-10.0987,15>`__.
