"""Time a filter-normalised plane with the package loss-landscapes, on PyTorch.

Usage: plane_pytorch.py FILE STEPS PRECISION
"""

# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["loss-landscapes==3.0.6", "numpy>=2", "torch==2.13.0"]
# ///

import sys
import time

import torch
from loss_landscapes import random_plane
from loss_landscapes.metrics import Loss
from torch_model import read

model, inputs, targets, loss = read(sys.argv[1], sys.argv[3])
with torch.inference_mode():
    metric, steps = Loss(loss, inputs, targets), int(sys.argv[2])
    print(float(loss(model(inputs), targets)))
    random_plane(model, metric, 1.0, 2, normalization="filter")  # to warm up
    times: list[float] = []
    while sum(times) < 2:
        start = time.perf_counter()
        random_plane(model, metric, 1.0, steps, normalization="filter")
        times.append(time.perf_counter() - start)
    print(min(times))
