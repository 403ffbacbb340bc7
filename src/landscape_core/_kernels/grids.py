"""Grids over many samples: which are taken together, and one logarithm for dozens of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from landscape_core._parallel import BLOCK, checkpoint, run, slices
from landscape_core._typing import Array

SAFE_EXPONENT = 700.0  # exp(±700) is neither 0 nor infinite
TILE_SAMPLES, TILE_ROWS, TILE_COLUMNS = 512, 128, 1024  # of a grid, taken together
MAX_PARTIAL_SUMS = 1 << 21  # numbers in all the sums of groups of samples
MIN_PARALLEL_WORK = 1 << 18  # points times samples: less is done sooner than handed over


def sum_over_samples(
    add: Callable[[Array, Array, slice, Array], None], a: Array, b: Array, samples: int
) -> Array:
    """Sum at every crossing of two axes, shape (len(b), len(a)), what `add` adds of some samples.

    It is called with parts of the axes, with samples, and with the total that it adds to.
    """
    rows, columns = list(slices(len(b), TILE_ROWS)), list(slices(len(a), TILE_COLUMNS))
    groups = max(1, min(samples // TILE_SAMPLES, MAX_PARTIAL_SUMS // (len(a) * len(b))))
    if groups * len(rows) == 1 and len(a) * len(b) * samples > MIN_PARALLEL_WORK:
        groups = 2
    parts = list(slices(samples, -(-samples // groups)))
    sums = np.zeros((len(parts), len(b), len(a)))

    def fill(part: tuple[slice, Array, slice, slice]) -> None:
        group, total, row, column = part
        for start in range(group.start, group.stop, TILE_SAMPLES):
            n = slice(start, min(start + TILE_SAMPLES, group.stop))
            add(a[column], b[row], n, total[row, column])

    work = zip(parts, sums, strict=True)
    run(fill, [(*group, row, column) for group in work for row in rows for column in columns])
    return np.asarray(sums.sum(axis=0))


def add_logarithms(u: Array, v: Array, join: np.ufunc, total: Array) -> None:
    """Add Σₙ log(1 + qₙ), with q = u v or u + v, for every column of u and of v.

    It is the logarithm of a product of many: (1 + p)(1 + q) − 1 = p + q + p q keeps what is tiny.
    Factors are multiplied two by two for as long as no product can overflow.
    """
    if not len(u):
        return
    spare = ((0, -len(u) % 16), (0, 0))
    u, v = np.pad(u, spare), np.pad(v, spare)
    largest = np.log1p(join(u.max(axis=1), v.max(axis=1)))
    width = len(u)
    while width % 2 == 0 and largest.reshape(-1, width // 2).sum(0).max() < SAFE_EXPONENT:
        width //= 2
    rows = max(1, min(v.shape[1], BLOCK // u.size))
    buffer, room = (np.empty((size, rows, u.shape[1])) for size in (len(u), len(u) // 2))
    for r in slices(v.shape[1], rows):
        checkpoint()
        q = buffer[:, : r.stop - r.start]
        join(u[:, None], v[:, r, None], out=q)
        while len(q) > width:
            half = len(q) // 2
            p, q, product = q[half:], q[:half], room[:half, : q.shape[1]]
            np.multiply(p, q, out=product)
            q += p
            q += product
        total[r] += np.log1p(q, out=q).sum(0)
