"""Time a filter-normalised plane with the package Landscaper, on PyTorch.

Usage: plane_landscaper.py FILE STEPS PRECISION
"""

# /// script
# requires-python = ">=3.11,<3.13"
# dependencies = ["landscaper==1.3.1", "torch==2.13.0"]
# ///

import contextlib
import io
import sys
import time

import torch
from landscaper.compute import compute_loss_landscape
from torch_model import read

model, inputs, targets, loss = read(sys.argv[1], sys.argv[3])
directions = [[torch.randn_like(w) for w in model.parameters()] for _ in range(2)]


def plane(steps: int) -> None:
    """Compute it, without what is printed on the way."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        compute_loss_landscape(
            model, (inputs, targets), directions, cost, steps, 1.0, dim=2, device="cpu"
        )


def cost(model: torch.nn.Module, data: tuple[torch.Tensor, torch.Tensor]) -> float:
    """Return the loss of all samples, as a plane's point has it."""
    inputs, targets = data
    return float(loss(model(inputs), targets))


print(cost(model, (inputs, targets)))
plane(2)  # to warm up
times: list[float] = []
while sum(times) < 2:
    start = time.perf_counter()
    plane(int(sys.argv[2]))
    times.append(time.perf_counter() - start)
print(min(times))
