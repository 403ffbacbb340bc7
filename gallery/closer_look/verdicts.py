r"""
What the article says, and what we measured
===========================================

The article makes seven claims about its pictures. Each is put here in one sentence, beside what a
small experiment says and the page that looks closer. There are four verdicts: *holds*, *holds in
part*, *does not hold*, and *not testable here*. Each is decided by the number beside it, which this
page computes anew; and all are about the slices seen here, not about networks at large.
"""

# %%
# The network, the plane and the starts of the article:

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
    train,
)

network, pair = Network.random(seed=135), {"a": (2, 5, 250), "b": (2, 5, 251)}
planes = {n: WeightPlane(network, load_mnist(n), **pair) for n in (100, 1000, 10_000)}
axes_ab = np.linspace(-15, 17, 40), np.linspace(-15, 18, 40)
starts = [(-9, 15), (-10.1, 15), (-11, 15)]
VERDICTS = ("holds", "holds in part", "does not hold", "not testable here")
verdicts = []


def judge(verdict, measured):
    """Note a verdict, and print it with the numbers that it rests on."""
    verdicts.append(verdict)
    print(f"{VERDICTS[verdict]}: {measured}")


# %%
# **1. The surface for 100 digits has local minima, plateaus, ridges and a "global" minimum.**
# See :doc:`/gallery/closer_look/minimum`.

points = find_critical_points(planes[100], (-15, 17), (-15, 18))
minima = sum(p.kind == "minimum" for p in points)
flat = (gradient_norm_map(planes[100], *axes_ab) < 1e-4).mean()
ridged = (curvature_map(planes[100], *axes_ab)[..., 0] < -1e-4).mean()
judge(
    (1 if flat and ridged else 2) if minima == 0 else 0,
    f"{minima} minima in the window; slope below 10⁻⁴ on {flat:.0%} of it; "
    f"bent downwards by more than 10⁻⁴ on {ridged:.0%}",
)

# %%
# **2. The larger sample gives a smoother surface.** Roughness is the root mean square curvature.
# See :doc:`/gallery/closer_look/sample_size_rate`.

rough = [np.sqrt((curvature_map(planes[n], *axes_ab) ** 2).mean()) for n in (100, 10_000)]
judge(
    0 if rough[0] > rough[1] else 2,
    f"N = 100 is {rough[0] / rough[1]:.1f} times as rough as N = 10,000",
)

# %%
# **3. Different starts lead down different routes to different costs.** See
# :doc:`/gallery/closer_look/basins`.

descent = descend(planes[100], starts, GradientDescent(5.0), epochs=10_000, every=10_000)
costs = descent.cost[-1]
judge(
    0 if np.ptp(costs) > 1e-3 else 2,
    "after 10,000 epochs the three balls lie at " + ", ".join(f"{c:.4f}" for c in costs),
)

# %%
# **4. Descent can get stuck at local minima, saddles or plateaus; adaptive methods get past.** Of
# the paper by Staib and others that the article cites, note that it is about stochastic gradients.
# See :doc:`/gallery/closer_look/optimizers`.

ends = descent.weights[-1]
stuck = np.linalg.norm(planes[100].gradient(*ends.T), axis=1) < 1e-4
hessians = planes[100].hessian(*ends.T)
steps = np.linalg.solve(hessians, planes[100].gradient(*ends.T)[..., np.newaxis])[..., 0]
critical = stuck & (np.linalg.norm(steps, axis=1) < 0.1)
adam = descend(planes[100], starts, Adam(0.05), epochs=2000, every=2000).cost[-1]
past = adam.max() < costs[stuck].min()
judge(
    0 if stuck.any() and critical.any() and past else 1 if stuck.any() else 2,
    f"{stuck.sum()} of 3 balls are stuck, {critical.sum()} of them at a critical point; "
    f"Adam comes to {adam.max():.4f} from the worst of the three starts",
)

# %%
# **5. Depth makes surfaces non-convex.** Plain ReLU networks of 4 and 32 layers, trained alike,
# five seeds each; counted are points of a grid lower than their eight neighbours. See
# :doc:`/gallery/closer_look/depth_shortcuts`. In the article's own slice it is not depth but the
# loss that does: see :doc:`/gallery/your_own/other_loss`.


def pits(depth, seed):
    """Train a plain network and count the minima on a filter-normalised plane around it."""
    digits, axis = load_mnist(200), np.linspace(-1, 1, 31)
    start = he_network(seed, (784, *[24] * (depth - 1), 10), digits)
    trained = train(start, digits, Adam(0.0003), epochs=200, every=200).networks[-1]
    drawn = (random_direction(trained, 2 * seed + k) for k in (0, 1))
    directions = (filter_normalized(direction, trained) for direction in drawn)
    return len(DirectionPlane(trained, digits, *directions).landscape(axis, axis).interior_minima())


shallow, deep = ([pits(depth, seed) for seed in range(5)] for depth in (4, 32))
judge(
    0 if min(deep) > max(shallow) else 1 if sum(deep) > sum(shallow) else 2,
    f"{shallow} minima with 4 layers, {deep} with 32",
)

# %%
# **6. Landscapes differ widely with the random seed.** Twenty seeds, the weights of Figure 8.
# See :doc:`/gallery/closer_look/hundred_seeds`.

digits = load_mnist(500)
twenty = [WeightPlane(Network.random(s), digits, (1, 5, 5), (1, 5, 6)) for s in range(20)]
reliefs = [np.ptp(plane.landscape(*axes_ab).cost) for plane in twenty]
judge(
    0 if max(reliefs) > 2 * min(reliefs) else 2,
    f"the relief of twenty slices goes from {min(reliefs):.4f} to {max(reliefs):.4f}",
)

# %%
# **7. In many dimensions minima are rare, saddles are the trouble, and minima are good enough.** A
# plane cannot tell. But it can be asked what its own minima are worth in all directions. See
# :doc:`/gallery/closer_look/all_directions`.

bottom = find_critical_points(planes[1000], (-15, 17), (-15, 18))[0]
lowest = extreme_eigenpairs(planes[1000].network_at(bottom.a, bottom.b), load_mnist(1000))[0].value
ends = "from {:.0e} to {:.0e}".format(*bottom.eigenvalues)
judge(
    3,
    f"the lowest {bottom.kind} of the slice for N = 1000 has curvatures {ends}; over all weights "
    f"the smallest is {lowest:.0e}",
)

# %%
# The seven at a glance:

drawing.use_style()
figure, axes = plt.subplots(figsize=(7.3, 4), layout="constrained")
told = [f"claim {k} {VERDICTS[verdict]}" for k, verdict in enumerate(verdicts, start=1)]
figure.set_label(f"The verdicts as marks in four columns: {'; '.join(told)}.")
axes.plot(verdicts, range(1, 8), "o", markersize=14)
axes.set(ylabel="claim", xlim=(-0.5, 3.5), ylim=(7.6, 0.4), xticks=range(4), yticks=range(1, 8))
axes.set_xticklabels(["holds", "holds\nin part", "does\nnot hold", "not testable\nhere"])
axes.grid(axis="y")

# %%
# What the article saw, it mostly saw rightly. What no eye could see was the difference between
# ground that is level and ground that is nearly so: there, on slopes and not in minima, its balls
# came to rest.
