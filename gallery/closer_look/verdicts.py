r"""
What the article says, and what we measured
===========================================

Of seven claims in the article's text two hold, three hold in part, one does not hold, and one
cannot be tested here. What only its pictures suggest holds, both times.

.. list-table::
   :header-rows: 1

   * - The article's text says
     - Verdict
     - Measured
   * - 1\. The surface of Figure 3, left, has local minima, plateaus, ridges and a "global" minimum.
     - holds in part
     - 0 minima in the window; flat on 25% of it; bent downwards by more than
       10⁻⁴ on 42%.
       :doc:`Is there a minimum? </gallery/closer_look/minimum>`
   * - 2\. Such barriers stand in contrast to the smooth and convex surfaces of logistic regression.
     - holds
     - the same slice bends nowhere downwards with the logistic loss.
       :doc:`The same slice with another loss </gallery/your_own/other_loss>`
   * - 3\. Other starts lead down other routes to other costs, and so to other scores.
     - holds in part
     - costs 4.7510, 4.7587 and 4.7687; of 5 fives the output for 5 tells 4, 1 and 0; but 12% of the
       digits right for all three.
       :doc:`Where do the balls end? </gallery/closer_look/basins>`
   * - 4\. Descent can get stuck at local minima, saddle points or plateaus; variants get past some.
     - holds in part
     - 2 of 3 balls stuck, both on flat ground; Adam leaves a plateau.
       :doc:`Six optimizers, one slope </gallery/closer_look/optimizers>`
   * - 5\. Not all surfaces are so non-convex; those of deep networks are highly so.
     - holds
     - a median of 1 minimum with 4 layers, 32 with 32.
       :doc:`Depth and shortcuts </gallery/closer_look/depth_shortcuts>`
   * - 6\. The eight surfaces of Figures 7 and 8 are a "representative sample".
     - does not hold
     - by relief, 7 of 8 rank below the 15th of a hundred.
       :doc:`A hundred seeds </gallery/closer_look/hundred_seeds>`
   * - 7\. It is disputed how much all this matters: in many dimensions minima are said to be rare,
       saddles the larger problem, and minima good enough.
     - not testable here
     - the slice's minimum is none in all directions.
       :doc:`A minimum in all directions? </gallery/closer_look/all_directions>`

.. list-table::
   :header-rows: 1

   * - The article's pictures suggest
     - Verdict
     - Measured
   * - 8\. A larger sample gives a smoother surface (Figure 3).
     - holds
     - N = 100 is 3.5 times as rough as N = 10,000.
       :doc:`How much data? </gallery/closer_look/sample_size_rate>`
   * - 9\. Surfaces differ widely with the seed (Figures 7 and 8).
     - holds
     - reliefs differ by a factor of 78 and 43.
       :doc:`A hundred seeds </gallery/closer_look/hundred_seeds>`

Each verdict is decided by numbers that this page computes anew below, with the settings of the page
it links to. (Claim 2 is about logistic regression, and takes its loss; the page linked to has the
softmax's, for ten classes at once.) All are about the slices seen here, not about networks at
large.
"""

# %%
# First the network, the plane and the starts of the article.

import matplotlib.pyplot as plt
import numpy as np

from landscape_core import (
    Adam,
    DirectionPlane,
    GradientDescent,
    Network,
    WeightPlane,
    curvature_map,
    descend,
    drawing,
    extreme_eigenpairs,
    filter_normalized,
    find_critical_points,
    gradient_norm_map,
    he_network,
    load_mnist,
    random_direction,
    survey,
    train,
)

network, pair = Network.random(seed=135), {"a": (2, 5, 250), "b": (2, 5, 251)}
digits = load_mnist(100)
plane = WeightPlane(network, digits, **pair)
axes_ab = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
verdicts, words = [], ("holds", "holds in part", "does not hold", "not testable here")


def judge(claim, tests, measured):
    """Note a verdict, by whether all tests hold, some, none, or there are none; and print it."""
    verdict = 3 if not tests else 0 if all(tests) else 1 if any(tests) else 2
    verdicts.append((claim, verdict))
    print(f"{len(verdicts)}. {claim}: {words[verdict]}. {measured}")


# %%
# Claim 1
# -------
#
# Ground is flat where its slope is below 10⁻⁴.

points = find_critical_points(plane, (-15, 17), (-15, 18))
minima, curvature = sum(p.kind == "minimum" for p in points), curvature_map(plane, *axes_ab)
flat = (gradient_norm_map(plane, *axes_ab) < 1e-4).mean()
bent = (curvature[..., 0] < -1e-4).mean()
judge(
    "minima, plateaus, ridges",
    [minima > 0, flat > 0, bent > 0],
    f"{minima} minima in the window ({points.standing}); slope below 10⁻⁴ on {flat:.0%} of it; "
    f"bent downwards by more than 10⁻⁴ on {bent:.0%}",
)

# %%
# Claim 2
# -------
#
# The same two weights of the same network, judged by the logistic loss:

logistic = WeightPlane(Network.from_layers(network.weights, output="logistic"), digits, **pair)
lowest = curvature.min(), curvature_map(logistic, *axes_ab).min()
told = (
    f"smallest curvature {lowest[0]:.0e} with squared errors, {lowest[1]:.0e} with the other loss"
)
judge("barriers, unlike logistic regression", [lowest[0] < 0, lowest[1] >= 0], told)

# %%
# Claim 3
# -------
#
# The score is the share of the hundred digits for which the right output is the highest.

starts = [(-9, 15), (-10.1, 15), (-11, 15)]
descent = descend(plane, starts, GradientDescent(5.0), epochs=10_000, every=10_000)
costs, ends = descent.cost[-1], descent.weights[-1]
outputs = [plane.network_at(*end).predict(digits.images) for end in ends]
scores = [(p.argmax(axis=1) == digits.labels).mean() for p in outputs]
fives = [(p[digits.labels == 5, 5] > 0.5).sum() for p in outputs]
judge(
    "other starts, other costs and scores",
    [np.ptp(costs) > 1e-3, np.ptp(scores) > 0],
    f"costs {', '.join(f'{c:.4f}' for c in costs)}; right on "
    f"{', '.join(f'{s:.0%}' for s in scores)} of the digits; of {sum(digits.labels == 5)} fives "
    f"the output for 5 tells {', '.join(map(str, fives))}",
)

# %%
# Claim 4
# -------
#
# A ball is stuck where the ground is flat. Two optimizers then start on the plateau.

stuck = np.linalg.norm(plane.gradient(*ends.T), axis=1) < 1e-4
near = np.array([min(np.hypot(p.a - a, p.b - b) for p in points) < 0.1 for a, b in ends])
moved = []
for optimizer in (GradientDescent(100.0), Adam(0.05)):
    walk = descend(plane, (-12, -9), optimizer, epochs=2000)
    moved.append(np.linalg.norm(walk.weights[-1, 0] - walk.weights[0, 0]))
judge(
    "balls get stuck, variants get past",
    [stuck.any(), (stuck & near).any(), moved[0] < 1 < moved[1]],
    f"{stuck.sum()} of 3 balls are stuck, {(stuck & near).sum()} of them at a critical point; from "
    f"the plateau gradient descent moves {moved[0]:.2f} units and Adam {moved[1]:.0f}",
)

# %%
# Claim 5
# -------
#
# In plain networks of 4 and of 32 layers, the points of a grid that lie lower than their neighbours
# are counted. (In the article's own slice it is not depth but the loss that bends the surface.)


def pits(depth, seed):
    """Train a plain network and count the minima on a filter-normalised plane around it."""
    some, axis = load_mnist(200), np.linspace(-1, 1, 31)
    start = he_network(seed, (784, *[24] * (depth - 1), 10), some)
    trained = train(start, some, Adam(0.0003), epochs=200, every=200).networks[-1]
    drawn = (random_direction(trained, 2 * seed + k) for k in (0, 1))
    directions = (filter_normalized(direction, trained) for direction in drawn)
    return len(DirectionPlane(trained, some, *directions).landscape(axis, axis).interior_minima())


shallow, deep = ([pits(depth, seed) for seed in range(5)] for depth in (4, 32))
told = f"minima with 4 layers {shallow}, with 32 layers {deep}"
judge("depth makes surfaces non-convex", [min(deep) > max(shallow)], told)

# %%
# Claim 6
# -------
#
# The relief of a hundred seeds, and of the eight that the article shows:


def relief(plane):
    """Return the highest cost in the window minus the lowest."""
    coarse = plane.landscape(np.linspace(-15, 17, 25), np.linspace(-15, 18, 25))
    return {"relief": np.ptp(coarse.cost)}


ranks, factors = [], []
for seeds, weights, n in (
    ((3, 16, 60, 140), ((1, 200, 30), (1, 200, 31)), 500),
    ((158, 20, 41, 140), ((1, 5, 5), (1, 5, 6)), 1000),
):
    reliefs = [row["relief"] for row in survey(relief, [*range(100), *seeds], [weights], [n])]
    ranks += [sum(other < mine for other in reliefs[:100]) for mine in reliefs[100:]]
    factors.append(max(reliefs[:100]) / min(reliefs[:100]))
low = sum(rank < 15 for rank in ranks)
told = f"by relief they rank {', '.join(map(str, ranks))} among a hundred: {low} of 8 below 15"
judge("a representative sample", [low < 4], told)

# %%
# Claim 7
# -------
#
# A plane cannot tell. But its own minimum can be examined in all directions.

bottom = find_critical_points(plane, (-15, 40), (-15, 18))[0]
lowest = extreme_eigenpairs(plane.network_at(bottom.a, bottom.b), digits)[0].value
told = f"the {bottom.kind} at ({bottom.a:.2f}, {bottom.b:.2f}) has over all weights a curvature of"
judge("minima rare, or good enough", [], f"{told} {lowest:.1f}")

# %%
# Claims 8 and 9
# --------------
#
# Roughness is the root mean square of the two principal curvatures, relief the highest cost minus
# the lowest.

smooth = curvature_map(WeightPlane(network, load_mnist(10_000), **pair), *axes_ab)
times = np.sqrt((curvature**2).mean() / (smooth**2).mean())
judge("more digits, smoother surface", [times > 1], f"N = 100 is {times:.1f} times as rough")
told = f"the reliefs of a hundred seeds differ by factors of {factors[0]:.0f} and {factors[1]:.0f}"
judge("other seeds, other surfaces", [min(factors) > 2], told)

# %%
# All nine at a glance
# --------------------

drawing.use_style()
figure, axes = plt.subplots(figsize=(7.3, 4.6), layout="constrained")
marks = [{"marker": "o"}, {"marker": "o", "fillstyle": "left"}, {"marker": "X"}, {"marker": "$?$"}]
colours = (drawing.ACCENTS[3], drawing.ACCENTS[4], drawing.ACCENTS[0], "#808080")
told = "; ".join(f"{claim}: {words[verdict]}" for claim, verdict in verdicts)
figure.set_label(f"The verdicts on nine claims in a table. {told}.")
for y, (claim, verdict) in enumerate(verdicts):
    axes.text(0, y, f"{y + 1}. {claim}", va="center", size=14)
    axes.plot(0.63, y, color=colours[verdict], markersize=15, **marks[verdict])
    axes.text(0.67, y, words[verdict], va="center", size=14, weight="bold")
axes.set(xlim=(0, 1), ylim=(8.6, -0.6))
axes.set_axis_off()
plt.show()

# %%
# What the article saw, it mostly saw rightly. What no eye can see is the difference between ground
# that is level and ground that is flat and still falls. There, on slopes and not in minima, two of
# its balls got stuck.
