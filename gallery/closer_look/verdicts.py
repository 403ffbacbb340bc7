r"""
What the article says, and what we measured
===========================================

.. list-table::
   :header-rows: 1

   * - The article's text says
     - Verdict
     - Measured
     - Page
   * - 1. The surface of Figure 3, left, has local minima, plateaus, ridges and a "global" minimum.
     - holds in part
     - 0 minima in the window; flat on 25% of it; bent downwards on 42%
     - :doc:`Is there a minimum? </gallery/closer_look/minimum>`
   * - 2. Such barriers stand in contrast to the smooth and convex surfaces of logistic regression.
     - holds
     - the same slice with the logistic loss bends nowhere downwards
     - :doc:`The algebra </method>`
   * - 3. Other starts lead down other routes to other costs, and so to other scores.
     - holds in part
     - costs 4.7510, 4.7587 and 4.7687; but 12% of the digits right for all three
     - :doc:`Where do the balls end? </gallery/closer_look/basins>`
   * - 4. Descent can get stuck at local minima, saddle points or plateaus; variants get past some.
     - holds in part
     - 2 of 3 balls stuck, both on flat ground; Adam leaves a plateau
     - :doc:`Six optimizers, one slope </gallery/closer_look/optimizers>`
   * - 5. Not all surfaces are so non-convex; those of deep networks are highly so.
     - holds
     - a median of 1 minimum with 4 layers, 32 with 32
     - :doc:`Depth and shortcuts </gallery/closer_look/depth_shortcuts>`
   * - 6. The eight surfaces of Figures 7 and 8 are a "representative sample".
     - does not hold
     - 7 of 8 rank below the 15th of a hundred by relief
     - :doc:`A hundred seeds </gallery/closer_look/hundred_seeds>`
   * - 7. In many dimensions minima are rare, saddles the larger problem, and minima good enough.
     - not testable here
     - the slice's minimum is none in all directions
     - :doc:`A minimum in all directions? </gallery/closer_look/all_directions>`

.. list-table::
   :header-rows: 1

   * - The article's pictures suggest
     - Verdict
     - Measured
     - Page
   * - 8. A larger sample gives a smoother surface (Figure 3).
     - holds
     - N = 100 is 3.5 times as rough as N = 10,000
     - :doc:`How much data? </gallery/closer_look/sample_size_rate>`
   * - 9. Surfaces differ widely with the seed (Figures 7 and 8).
     - holds
     - reliefs differ by a factor of 78 and 43
     - :doc:`A hundred seeds </gallery/closer_look/hundred_seeds>`

Each verdict is decided by numbers that this page computes anew below, with the settings of the page
it links to. All are about the slices seen here, not about networks at large.
"""

# %%
# The network, the plane and the starts of the article:

import dataclasses

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
digits, many = load_mnist(100), load_mnist(10_000)
plane, smooth = WeightPlane(network, digits, **pair), WeightPlane(network, many, **pair)
axes_ab = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
VERDICTS = ("holds", "holds in part", "does not hold", "not testable here")
verdicts = {}


def judge(claim, verdict, measured):
    """Note a verdict, and print it with the numbers that it rests on."""
    verdicts[claim] = VERDICTS[verdict]
    print(f"{VERDICTS[verdict]}: {measured}")


# %%
# Claim 1. Ground is called flat where the slope is below 10⁻⁴.

points = find_critical_points(plane, (-15, 17), (-15, 18))
minima = sum(p.kind == "minimum" for p in points)
flat = (gradient_norm_map(plane, *axes_ab) < 1e-4).mean()
bent = (curvature_map(plane, *axes_ab)[..., 0] < -1e-4).mean()
judge(
    "minima, plateaus, ridges",
    0 if minima and flat and bent else 1 if flat or bent else 2,
    f"{minima} minima in the window ({points.standing}); slope below 10⁻⁴ on {flat:.0%} of it; "
    f"bent downwards by more than 10⁻⁴ on {bent:.0%}",
)

# %%
# Claim 2. The same two weights of the same network, judged by the logistic loss:

logistic = WeightPlane(dataclasses.replace(network, output="logistic"), digits, **pair)
lowest = [curvature_map(p, *axes_ab)[..., 0].min() for p in (plane, logistic)]
judge(
    "barriers, unlike logistic regression",
    0 if lowest[0] < 0 <= lowest[1] else 2,
    f"the smallest curvature is {lowest[0]:.0e} with squared errors, {lowest[1]:.0e} with the "
    "logistic loss",
)

# %%
# Claim 3. The score is the share of the hundred digits for which the right output is the highest.

starts = [(-9, 15), (-10.1, 15), (-11, 15)]
descent = descend(plane, starts, GradientDescent(5.0), epochs=10_000, every=10_000)
costs, ends = descent.cost[-1], descent.weights[-1]
outputs = [plane.network_at(*end).predict(digits.images) for end in ends]
scores = [(p.argmax(axis=1) == digits.labels).mean() for p in outputs]
fives = [(p[digits.labels == 5, 5] > 0.5).sum() for p in outputs]
judge(
    "other starts, other costs and scores",
    2 if np.ptp(costs) < 1e-3 else 0 if np.ptp(scores) else 1,
    "the balls lie at " + ", ".join(f"{c:.4f}" for c in costs) + "; right on "
    f"{', '.join(f'{s:.0%}' for s in scores)} of the digits; of {sum(digits.labels == 5)} fives "
    f"the output for 5 tells {', '.join(map(str, fives))}",
)

# %%
# Claim 4. Stuck means a slope below 10⁻⁴. Adam then starts on the plateau.

slopes = np.linalg.norm(plane.gradient(*ends.T), axis=1)
low, high = np.array([[p.a, p.b] for p in points]).T
near = [np.hypot(low - a, high - b).min() < 0.1 for a, b in ends]
away = [
    np.linalg.norm(descend(plane, (-12, -9), rule, epochs=2000).weights[-1, 0] - [-12, -9])
    for rule in (GradientDescent(100.0), Adam(0.05))
]
stuck = slopes < 1e-4
judge(
    "balls get stuck, variants get past",
    2 if not stuck.any() else 0 if (stuck & near).any() and away[1] > 1 else 1,
    f"{stuck.sum()} of 3 balls are stuck, {(stuck & near).sum()} of them at a critical point; from "
    f"the plateau gradient descent moves {away[0]:.2f} units and Adam {away[1]:.0f}",
)

# %%
# Claim 5. Plain networks of 4 and 32 layers; counted are points of a grid lower than their
# neighbours. In the article's own slice it is not depth but the loss that bends the surface: see
# :doc:`/gallery/your_own/other_loss`.


def pits(depth, seed):
    """Train a plain network and count the minima on a filter-normalised plane around it."""
    some, axis = load_mnist(200), np.linspace(-1, 1, 31)
    start = he_network(seed, (784, *[24] * (depth - 1), 10), some)
    trained = train(start, some, Adam(0.0003), epochs=200, every=200).networks[-1]
    drawn = (random_direction(trained, 2 * seed + k) for k in (0, 1))
    directions = (filter_normalized(direction, trained) for direction in drawn)
    return len(DirectionPlane(trained, some, *directions).landscape(axis, axis).interior_minima())


shallow, deep = ([pits(depth, seed) for seed in range(5)] for depth in (4, 32))
judge(
    "depth makes surfaces non-convex",
    0 if min(deep) > max(shallow) else 1 if sum(deep) > sum(shallow) else 2,
    f"{shallow} minima with 4 layers, {deep} with 32: medians {np.median(shallow):.0f} and "
    f"{np.median(deep):.0f}",
)

# %%
# Claims 6 and 9. The relief of a hundred seeds, and of the eight that the article shows:

coarse = np.linspace(-15, 17, 25), np.linspace(-15, 18, 25)


def relief(plane):
    """Return the highest cost in the window minus the lowest."""
    return {"relief": np.ptp(plane.landscape(*coarse).cost)}


ranks, factors = [], []
for seeds, weights, n in (
    ((3, 16, 60, 140), ((1, 200, 30), (1, 200, 31)), 500),
    ((158, 20, 41, 140), ((1, 5, 5), (1, 5, 6)), 1000),
):
    reliefs = [row["relief"] for row in survey(relief, [*range(100), *seeds], [weights], [n])]
    ranks += [sum(other < mine for other in reliefs[:100]) for mine in reliefs[100:]]
    factors.append(max(reliefs[:100]) / min(reliefs[:100]))
low = sum(rank < 15 for rank in ranks)
judge(
    "a representative sample",
    2 if low >= 4 else 0,
    f"by relief the eight rank {', '.join(map(str, ranks))} among a hundred: {low} below 15",
)

# %%
# Claim 7. A plane cannot tell, but its own minimum can be asked for all its directions.

bottom = find_critical_points(plane, (-15, 40), (-15, 18))[0]
lowest = extreme_eigenpairs(plane.network_at(bottom.a, bottom.b), digits)[0].value
judge(
    "minima rare, or good enough",
    3,
    f"the {bottom.kind} at ({bottom.a:.2f}, {bottom.b:.2f}) has curvatures "
    + "{:.0e} and {:.0e} in the slice; ".format(*bottom.eigenvalues)
    + f"the smallest over all weights is {lowest:.1f}",
)

# %%
# Claims 8 and 9. Roughness is the root mean square of both curvatures.

rough = [np.sqrt((curvature_map(p, *axes_ab) ** 2).mean()) for p in (plane, smooth)]
judge(
    "more digits, smoother surface",
    0 if rough[0] > rough[1] else 2,
    f"N = 100 is {rough[0] / rough[1]:.1f} times as rough as N = 10,000",
)
judge(
    "other seeds, other surfaces",
    0 if min(factors) > 2 else 2,
    f"the reliefs of a hundred seeds differ by a factor of {factors[0]:.0f} and {factors[1]:.0f}",
)

# %%
# All nine at a glance:

drawing.use_style()
figure, axes = plt.subplots(figsize=(7.3, 4.6), layout="constrained")
lines = [f"{number}. {claim}" for number, claim in enumerate(verdicts, start=1)]
told = "; ".join(f"{line}: {v}" for line, v in zip(lines, verdicts.values(), strict=True))
figure.set_label(f"The verdicts on nine claims in a table. {told}.")
signs = dict(
    zip(VERDICTS, zip("✓◐✗?", np.array(drawing.ACCENTS)[[3, 4, 0, 5]], strict=True), strict=True)
)
for y, (line, verdict) in enumerate(zip(lines, verdicts.values(), strict=True)):
    sign, colour = signs[verdict]
    axes.text(0, y, line, va="center", size=14)
    axes.text(0.66, y, sign, va="center", ha="center", size=18, color=colour, weight="bold")
    axes.text(0.7, y, verdict, va="center", size=14)
axes.set(xlim=(0, 1), ylim=(8.6, -0.6))
axes.set_axis_off()
plt.show()

# %%
# What the article saw, it mostly saw rightly. What no eye could see was the difference between
# ground that is level and ground that is nearly so: there, on slopes and not in minima, its balls
# came to rest.
