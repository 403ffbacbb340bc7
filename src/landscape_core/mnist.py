"""Handwritten digits: the first 10,000 of MNIST travel with the package, the rest is fetched."""

from __future__ import annotations

import os
from typing import Literal

import numpy as np

from landscape_core import _mnist_files
from landscape_core._checks import whole
from landscape_core.samples import Digits

__all__ = ["load_mnist"]

BUNDLED = 10_000
SPLIT_SIZES = {"train": 60_000, "test": 10_000}
PIXELS = 28 * 28


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
    if not isinstance(split, str) or split not in SPLIT_SIZES:
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
