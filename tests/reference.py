"""The definition of every network's cost and its derivatives, in extended precision.

Second-order jets run through the whole network for one point of a plane. Nothing is shared with the
package, nothing is skipped, and no small number is found as a difference of large ones.
"""

import numpy as np
from scipy.special import ndtr


def logistic(z):
    """Return the logistic function from both sides."""
    e = np.exp(-abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def softplus(z):
    """Return log(1 + exp(z))."""
    return np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))


def activation(name, z):
    """Return an activation with its first and second derivative."""
    if name == "sigmoid":
        s, rest = logistic(z), logistic(-z)
        return s, s * rest, -s * rest * np.tanh(z / 2)
    if name == "tanh":
        slope = 4 * logistic(2 * z) * logistic(-2 * z)
        return np.tanh(z), slope, -2 * np.tanh(z) * slope
    if name == "relu":
        return np.maximum(z, 0), (z > 0).astype(z.dtype), 0 * z
    if name == "softplus":
        return softplus(z), logistic(z), logistic(z) * logistic(-z)
    if name == "gelu":
        below = ndtr(z.astype(float)).astype(z.dtype)
        density = np.exp(-z * z / 2) / np.sqrt(2 * z.dtype.type(np.pi))
        return z * below, below + z * density, density * (2 - z * z)
    return z, np.ones_like(z), 0 * z  # identity


def loss(name, z, t):
    """Return each sample's cost, its gradient (n, k) and its second derivatives (n, k, k)."""
    eye = np.eye(z.shape[1])
    if name == "linear":
        return ((z - t) ** 2).sum(1), 2 * (z - t), 2 * np.broadcast_to(eye, (len(z), *eye.shape))
    if name == "softmax":
        d = z - (z * t).sum(1, keepdims=True)
        top = d.max(1, keepdims=True)
        q = np.exp(d - top)
        p = q / q.sum(1, keepdims=True)
        right = top[:, 0] == 0
        others = ((1 - t) * np.exp(np.where(right[:, None], d, 0))).sum(1)
        value = np.where(right, np.log1p(others), top[:, 0] + np.log(q.sum(1)))
        gradient = (1 - t) * p
        gradient = gradient - t * gradient.sum(1, keepdims=True)
        bend = -p[:, :, None] * p[:, None, :] * (1 - eye)
        return value, gradient, bend - bend.sum(2)[:, :, None] * eye
    s = 1 - 2 * t
    e, rest = logistic(s * z), logistic(-s * z)
    if name == "logistic":
        return softplus(s * z).sum(1), s * e, (e * rest)[:, :, None] * eye
    bend = 2 * e * e * rest * (2 * rest - e)
    return (e * e).sum(1), 2 * s * e * e * rest, bend[:, :, None] * eye


def jet(network, samples, centre, directions, a, b, dtype=np.longdouble):
    """Return J, Jₐ, J_b, Jₐₐ, Jₐ_b and J_bb at centre + a·(first) + b·(second direction)."""
    a, b, n = dtype(a), dtype(b), len(samples)
    h = [samples.inputs.astype(dtype)] + [np.zeros(samples.inputs.shape, dtype)] * 5
    with np.errstate(all="ignore"):
        for k, layer in enumerate(zip(centre, *directions, strict=True)):
            w, x, y = (m.astype(dtype) for m in layer)
            w = w + a * x + b * y
            before = h
            if network.biases:
                h = [np.hstack([part, np.full((n, 1), float(not i))]) for i, part in enumerate(h)]
            z = [
                h[0] @ w.T,
                h[1] @ w.T + h[0] @ x.T,
                h[2] @ w.T + h[0] @ y.T,
                h[3] @ w.T + 2 * h[1] @ x.T,
                h[4] @ w.T + h[2] @ x.T + h[1] @ y.T,
                h[5] @ w.T + 2 * h[2] @ y.T,
            ]
            if k == len(centre) - 1:
                break
            value, slope, bend = activation(network.hidden, z[0])
            h = [value, slope * z[1], slope * z[2]]
            h += [slope * z[3 + i] + bend * z[p] * z[q] for i, (p, q) in enumerate(PAIRS)]
            if network.has_shortcut(k):
                h = [part + old for part, old in zip(h, before, strict=True)]
        value, gradient, bend = loss(network.output, z[0], samples.targets.astype(dtype))
        total = [value.sum(), *((gradient * z[i]).sum() for i in (1, 2))]
        for i, (p, q) in enumerate(PAIRS):
            quadratic = np.einsum("nk,nkl,nl->", z[p], bend, z[q])
            total.append((gradient * z[3 + i]).sum() + quadratic)
    return np.array(total) / n


PAIRS = ((1, 1), (1, 2), (2, 2))


def of_pair(network, pair):
    """Return a plane of two weights as a centre and two directions."""
    centre = [w.copy() for w in network.weights]
    directions = [[np.zeros_like(w) for w in centre] for _ in pair]
    for direction, (layer, unit, source) in zip(directions, pair, strict=True):
        centre[layer][unit, source] = 0
        direction[layer][unit, source] = 1
    return centre, directions


def answers(plane, a, b):
    """Return the plane's own J, Jₐ, J_b, Jₐₐ, Jₐ_b and J_bb, shape (points, 6)."""
    hessian = plane.hessian(a, b)
    bends = hessian[:, [0, 0, 1], [0, 1, 1]]
    return np.column_stack([plane.cost(a, b), plane.gradient(a, b), bends])


def targets(output, shape, generator):
    """Draw targets that a loss can take."""
    if output == "softmax":
        return np.eye(shape[1])[generator.integers(0, shape[1], shape[0])]
    if output == "linear":
        return generator.standard_normal(shape)
    return generator.integers(0, 2, shape).astype(float)
