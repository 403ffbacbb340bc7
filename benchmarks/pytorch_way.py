"""The same filter-normalised plane by the package loss-landscapes, on PyTorch in float32."""

from __future__ import annotations

import numpy as np
import torch
from loss_landscapes import random_plane
from loss_landscapes.metrics import Loss

from landscape_core import Digits, Network


def surface(network: Network, digits: Digits, steps: int) -> np.ndarray:
    """Compute a plane of steps × steps points around the network."""
    layers: list[torch.nn.Module] = []
    for w in network.weights:
        linear = torch.nn.Linear(w.shape[1], w.shape[0], bias=False)
        linear.weight.data = torch.tensor(w, dtype=torch.float32)
        layers += [linear, torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers).requires_grad_(False)
    images = torch.tensor(digits.images)
    targets = torch.tensor(digits.targets, dtype=torch.float32)

    def cost(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return ((outputs - targets) ** 2).sum(1).mean()

    metric = Loss(cost, images, targets)
    with torch.inference_mode():
        return np.asarray(random_plane(model, metric, 1.0, steps, normalization="filter"))
