"""Handwritten digits: the first 10,000 of MNIST travel with the package, the rest is fetched."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from landscape_core import _mnist_files
from landscape_core._checks import whole

__all__ = ["Digits", "load_mnist"]

BUNDLED = 10_000
SPLIT_SIZES = {"train": 60_000, "test": 10_000}
CLASSES = 10
PIXELS = 28 * 28


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of handwritten digits with their labels, both kept as read-only views.

    Parameters
    ----------
    images : ndarray of float32, shape (n, 784)
        Grey values of the 28 × 28 pixels, row by row, from 0 (paper) to 1 (ink).
    labels : ndarray of int64, shape (n,)
        The digit that each image shows, 0 to 9.

    Raises
    ------
    ValueError
        If there is no image, the two do not fit together, an image holds a number that is not
        finite, or a label is no digit.

    Examples
    --------
    >>> digits = load_mnist(3)
    >>> digits.images.shape, digits.labels
    ((3, 784), array([5, 0, 4]))
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        images, labels = np.asarray(self.images).view(), np.asarray(self.labels).view()
        if images.ndim != 2 or 0 in images.shape or images.dtype.kind != "f":
            raise ValueError(
                f"images are {images.dtype} of shape {images.shape}: "
                "give floating-point numbers of shape (n, pixels), n at least 1"
            )
        if not np.isfinite(images).all():
            raise ValueError("images hold a number that is not finite: all must be finite")
        if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
            raise ValueError(
                f"labels are {labels.dtype} of shape {labels.shape}: "
                f"give whole numbers of shape ({len(images)},), one for each image"
            )
        if not 0 <= labels.min() <= labels.max() < CLASSES:
            bad = labels[(labels < 0) | (labels >= CLASSES)][0]
            raise ValueError(f"labels hold {bad}: each must be from 0 to {CLASSES - 1}")
        for name, array in (("images", images), ("labels", labels)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the images' and then the labels' bytes: which digits these are."""
        sha256 = hashlib.sha256(np.ascontiguousarray(self.images).data)
        sha256.update(self.labels.astype(np.int64).data)
        return sha256.hexdigest()

    @property
    def targets(self) -> NDArray[np.float64]:
        """The labels one-hot, shape (n, 10), with 1 in the label's column and 0 elsewhere."""
        return np.eye(CLASSES)[self.labels]

    def __len__(self) -> int:
        return len(self.labels)


def load_mnist(
    n: int, split: Literal["train", "test"] = "train", folder: str | os.PathLike[str] | None = None
) -> Digits:
    """Load the first n digits of MNIST, in file order.

    The first 10,000 training digits are part of the package. All others come from the four
    official files, which are fetched once into the user's cache; or, where the environment
    variable LANDSCAPE_DATA names a folder, from that folder, and nothing is fetched.

    Parameters
    ----------
    n : int
        How many digits, from 1 to 60,000, or to 10,000 of the test split.
    split : {"train", "test"}
        Which of the two sets.
    folder : path, optional
        Where the official files lie, gzipped or not. All digits then come from there.

    Returns
    -------
    Digits
        Pixels as float32 divided by 255, labels, and one-hot targets.

    Raises
    ------
    ValueError
        If n is not a whole number in its range, the split is unknown, or a file in the folder is
        not the official one.
    FileNotFoundError
        If the folder does not exist or lacks a file.
    ConnectionError
        If a file is needed and cannot be fetched.

    Notes
    -----
    Whatever is read, from wherever, must have the SHA-256 of the published content. A file in
    the cache that has not is fetched again.

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
    if split not in tuple(SPLIT_SIZES):
        raise ValueError(f"split is {split!r}: choose 'train' or 'test'")
    n = whole("n", n, least=1, most=SPLIT_SIZES[split])
    if folder is None and split == "train" and n <= BUNDLED:
        images = _mnist_files.bundled("train-first-10000-images-idx3-ubyte")
        labels = _mnist_files.bundled("train-first-10000-labels-idx1-ubyte")
    else:
        prefix = "train" if split == "train" else "t10k"
        images = _mnist_files.official(f"{prefix}-images-idx3-ubyte", folder)
        labels = _mnist_files.official(f"{prefix}-labels-idx1-ubyte", folder)
    # IDX: a header of 16 bytes before the pixels, of 8 before the labels; the content is known.
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, PIXELS)[:n].astype(np.float32)
    pixels /= np.float32(255)
    return Digits(pixels, np.frombuffer(labels, np.uint8, offset=8)[:n].astype(np.int64))
