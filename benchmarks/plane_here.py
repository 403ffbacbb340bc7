"""Time a filter-normalised plane with this package, which computes in float64.

Usage: plane_here.py FILE STEPS float64
"""

import sys
import time

import numpy as np

from landscape_core import DirectionPlane, Network, Samples, filter_normalized, random_direction

file, steps = np.load(sys.argv[1]), int(sys.argv[2])
layers = [
    (file[f"w{i}"], file[f"b{i}"]) if f"b{i}" in file else file[f"w{i}"]
    for i in range(int(file["layers"]))
]
network = Network.from_layers(layers, str(file["hidden"]), str(file["output"]))
samples = Samples(file["inputs"], file["targets"])


def plane(steps: int) -> None:
    """Draw the directions, make the plane and compute it."""
    a, b = (filter_normalized(random_direction(network, seed), network) for seed in (1, 2))
    axis = np.linspace(-1, 1, steps)
    DirectionPlane(network, samples, a, b).landscape(axis, axis)


print(network.cost(samples))
plane(2)  # to warm up
times: list[float] = []
while sum(times) < 2:
    start = time.perf_counter()
    plane(steps)
    times.append(time.perf_counter() - start)
print(min(times))
