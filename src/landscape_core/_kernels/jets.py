"""Jets: a quantity together with its first and second derivatives by a and b.

A jet's arrays have shapes that broadcast against each other. Their last axes are those of the
quantity, such as samples and units; those before are of the points (a, b).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landscape_core._kernels.kernel import DERIVATIVES, N_DERIVATIVES
from landscape_core._typing import Array
from landscape_core.activations import Activation
from landscape_core.losses import Loss
from landscape_core.network import weighted_sums

Jet = dict[str, Array]  # the value and its derivatives; what is missing is zero


def add(x: Jet, y: Jet) -> Jet:
    """Add two jets, of which each may lack derivatives that the other has."""
    return {part: x[part] + y[part] if part in x and part in y else (x | y)[part] for part in x | y}


def times(name: str, value: Array, h: Jet, order: int) -> Jet:
    """Multiply by the coordinate `name`, on which h does not depend: the product rule."""
    product = {part: value * x for part, x in h.items()}
    if order:
        product = add(product, {name: np.broadcast_to(h[""], np.shape(product[""]))})
    other = "b" if name == "a" else "a"
    if order == 2 and other in h:
        product = add(product, {"ab": h[other]})
    return product


def linear(h: Jet, w: Array) -> Jet:
    """Pass a layer's activations (…, n, units) through the next one's weights and biases."""
    result = {}
    for part, x in h.items():
        flat = x.reshape(-1, x.shape[-1])
        z = weighted_sums(flat, w) if part == "" else flat @ w[:, : x.shape[-1]].T
        result[part] = z.reshape(*x.shape[:-1], -1)
    return result


def activate(activation: Activation, z: Jet, order: int) -> Jet:
    """Apply an activation: the chain rule up to the given order."""
    if order == 0:
        return {"": activation.value(z[""])}
    value, slope, bend_of = activation.derivatives(z[""])
    result = {part: slope * x for part, x in z.items() if part}
    result[""] = value
    if order == 2 and activation.curved:
        bend = bend_of()
        for part in DERIVATIVES[3:]:
            if part[0] in z and part[1] in z:
                result = add(result, {part: bend * z[part[0]] * z[part[1]]})
    return result


def add_cost(total: Array, loss: Loss, z: Jet, targets: Array, order: int) -> None:
    """Add the cost of all samples and its derivatives to total, shape (N_DERIVATIVES[order], …).

    The jet holds the sums (…, n, outputs) that enter output units.
    """
    if order == 0:
        total[0] += loss.value(z[""], targets).sum(-1)
        return
    value, gradient, product = loss.derivatives(z[""], targets)
    total[0] += value.sum(-1)
    for i, part in enumerate(DERIVATIVES[1 : N_DERIVATIVES[order]], 1):
        if part in z:
            total[i] += (gradient * z[part]).sum((-2, -1))
        if i > 2 and part[0] in z and part[1] in z:
            total[i] += (z[part[0]] * product(z[part[1]])).sum((-2, -1))


def join(rest: Jet, units: Iterable[Jet]) -> Jet:
    """Put single units (…, n) beside others (…, n, units), along the last axis."""
    columns = [rest, *({part: x[..., None] for part, x in unit.items()} for unit in units)]
    result = {}
    for part in set().union(*columns):
        blocks = [x[part] if part in x else np.zeros_like(x[""]) for x in columns]
        shape = np.broadcast_shapes(*(x.shape[:-1] for x in blocks))
        # In memory the short axis comes first: sums along it are quicker.
        rows = [np.moveaxis(np.broadcast_to(x, (*shape, x.shape[-1])), -1, 0) for x in blocks]
        result[part] = np.moveaxis(np.concatenate(rows), 0, -1)
    return result
