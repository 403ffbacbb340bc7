"""Handwritten digits: the first 10,000 of MNIST travel with the package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

__all__ = ["Digits", "load_mnist"]

BUNDLED = 10_000
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of handwritten digits with their labels.

    Parameters
    ----------
    images : ndarray of float32, shape (n, 784)
        Grey values of the 28 × 28 pixels, row by row, from 0 (paper) to 1 (ink).
    labels : ndarray of int64, shape (n,)
        The digit that each image shows, 0 to 9.

    Examples
    --------
    >>> digits = load_mnist(3)
    >>> digits.images.shape, digits.labels
    ((3, 784), array([5, 0, 4]))
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]

    @property
    def targets(self) -> NDArray[np.float64]:
        """The labels one-hot, shape (n, 10): 1 in the label's column, 0 elsewhere."""
        return np.eye(CLASSES)[self.labels]

    def __len__(self) -> int:
        return len(self.labels)


def load_mnist(n: int) -> Digits:
    """Load the first n training digits of MNIST, in file order.

    Parameters
    ----------
    n : int
        How many digits, from 1 to 10,000.

    Returns
    -------
    Digits
        Pixels as float32 divided by 255, labels, and one-hot targets.

    Raises
    ------
    ValueError
        If n is not a whole number from 1 to 10,000.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio, P. Haffner. Gradient-based learning applied to document
    recognition. Proceedings of the IEEE 86(11), 1998.

    Examples
    --------
    >>> digits = load_mnist(100)
    >>> digits.images.min(), digits.images.max()
    (np.float32(0.0), np.float32(1.0))
    """
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or not 1 <= n <= BUNDLED:
        raise ValueError(f"n is {n!r}: ask for a whole number of digits from 1 to {BUNDLED:,}")
    pixels = _read_idx("train-first-10000-images-idx3-ubyte.gz")[:n]
    labels = _read_idx("train-first-10000-labels-idx1-ubyte.gz")[:n]
    images = pixels.reshape(n, -1).astype(np.float32) / np.float32(255)
    return Digits(images, labels.astype(np.int64))


def _read_idx(name: str) -> NDArray[np.uint8]:
    """Read a gzipped IDX file of unsigned bytes that lies in the package."""
    content = gzip.decompress((resources.files(__package__) / "data" / name).read_bytes())
    dimensions = content[3]
    header = 4 + 4 * dimensions
    shape = np.frombuffer(content[4:header], ">u4")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
