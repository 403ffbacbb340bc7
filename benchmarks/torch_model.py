"""A network that the benchmark has saved, as a model of PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
HIDDEN = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}


def read(path: str, precision: str) -> tuple[torch.nn.Module, torch.Tensor, torch.Tensor, Loss]:
    """Return the model, its inputs and targets, and what it is judged by."""
    file, dtype = np.load(path), getattr(torch, precision)
    layers: list[torch.nn.Module] = []
    for i in range(int(file["layers"])):
        w, bias = file[f"w{i}"], f"b{i}" in file
        linear = torch.nn.Linear(w.shape[1], len(w), bias, dtype=dtype)
        linear.weight.data = torch.tensor(w, dtype=dtype)
        if bias:
            linear.bias.data = torch.tensor(file[f"b{i}"], dtype=dtype)
        layers += [linear, HIDDEN[str(file["hidden"])]()]
    softmax = file["output"] == "softmax"
    model = torch.nn.Sequential(*(layers[:-1] if softmax else layers)).requires_grad_(False)
    inputs, targets = (torch.tensor(file[name], dtype=dtype) for name in ("inputs", "targets"))
    return model, inputs, targets, torch.nn.functional.cross_entropy if softmax else squared_error


def squared_error(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the article's cost."""
    return ((outputs - targets) ** 2).sum(1).mean()
