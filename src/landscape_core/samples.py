"""What a network learns from: inputs and the targets that belong to them."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_core import _checks
from landscape_core._typing import Array

__all__ = ["Digits", "Samples"]

CLASSES = 10


class Samples:
    """Inputs with their targets, both kept as read-only copies.

    Parameters
    ----------
    inputs : array_like, shape (n, inputs)
        One row a sample. Float32 is kept as it is, all else becomes float64.
    targets : array_like, shape (n, outputs) or (n,)
        What the network should put out: 0 and 1 for classes, any numbers for a regression. One
        number a sample stands for one output.

    Raises
    ------
    ValueError
        If there is no sample, the two do not fit together, or a number is not finite.

    Examples
    --------
    >>> samples = Samples([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [1.5, 2.5, 3.5])
    >>> samples
    Samples(3 samples of 2 inputs, 1 target)
    """

    inputs: NDArray[np.floating]
    targets: Array

    def __init__(self, inputs: ArrayLike, targets: ArrayLike) -> None:
        rows, aims = _rows("inputs", inputs), np.asanyarray(targets)  # a mask is seen below
        if aims.ndim == 1:
            aims = aims[:, None]
        if aims.dtype == bool:
            aims = aims.astype(np.float64)
        if aims.ndim != 2 or len(aims) != len(rows) or not aims.shape[1]:
            raise ValueError(
                f"targets have shape {np.shape(targets)}: give one row, or one number, for each of "
                f"the {len(rows)} samples"
            )
        self.inputs, self.targets = rows, _frozen(_checks.finite("targets", aims))

    @classmethod
    def labelled(cls, inputs: ArrayLike, labels: ArrayLike) -> Samples:
        """Make samples of classes: the targets are 1 in the column of the sample's class.

        There is a column for each class. For one logistic output give ``Samples(inputs, labels ==
        the class that it is the probability of)``.

        Parameters
        ----------
        inputs : array_like, shape (n, inputs)
            One row a sample.
        labels : array_like, shape (n,)
            The class of each: numbers, strings or truth values of two or more kinds. The columns
            follow their sorted order, as in scikit-learn.

        Raises
        ------
        ValueError
            If the two do not fit together or there are fewer than two classes.

        Examples
        --------
        >>> Samples.labelled([[0.0], [1.0], [2.0]], ["cat", "dog", "cat"]).targets
        array([[1., 0.], [0., 1.], [1., 0.]])
        """
        given: np.ma.MaskedArray[Any, Any] = np.ma.asarray(labels)
        names = given.data
        if names.ndim != 1:
            raise ValueError(
                f"labels have shape {names.shape}: give one class for each sample, shape (n,)"
            )
        missing = np.ma.getmaskarray(given) | (names != names)  # NaN is not even itself
        if missing.any():
            raise ValueError(
                f"labels hold {missing.sum()} that are masked or NaN: leave out these samples"
            )
        try:
            classes, columns = np.unique(names, return_inverse=True)
        except TypeError as error:
            raise ValueError(f"labels cannot be sorted ({error}): give one kind of them") from None
        if len(classes) < 2:
            raise ValueError(f"labels hold {len(classes)} class: give two or more")
        return Samples(inputs, np.eye(len(classes))[columns])

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the inputs, their type and shape, and of the targets."""
        about = f"{self.inputs.dtype} {self.inputs.shape}"
        return checksum_of(self.inputs, self.targets, about=about)

    @cached_property
    def kind(self) -> Literal["one-hot", "binary", "any"]:
        """Whether each row of the targets is a single 1 among 0s, all are 0 or 1, or neither."""
        if not ((self.targets == 0) | (self.targets == 1)).all():
            return "any"
        return "one-hot" if (self.targets.sum(1) == 1).all() else "binary"

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        inputs, targets = self.inputs.shape[1], self.targets.shape[1]
        return (
            f"{type(self).__name__}({len(self):,} samples of {inputs} inputs, "
            f"{targets} target{'s' * (targets > 1)})"
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        for array in state.values():  # a copy of an array can be written to
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
        self.__dict__.update(state)


class Digits(Samples):
    """Images of handwritten digits with their labels, both kept as read-only copies.

    Parameters
    ----------
    images : ndarray of floats, shape (n, 784)
        Grey values of the 28 × 28 pixels, row by row, from 0 (paper) to 1 (ink).
    labels : ndarray of whole numbers, shape (n,)
        The digit that each image shows, 0 to 9.

    Raises
    ------
    ValueError
        If there is no image, the two do not fit together, an image holds a number that is not
        finite, or a label is no digit.

    Examples
    --------
    >>> from landscape_core import load_mnist
    >>> digits = load_mnist(3)
    >>> digits.images.shape, digits.labels
    ((3, 784), array([5, 0, 4]))
    >>> digits
    Digits(3 samples of 784 inputs, 10 targets)
    """

    labels: NDArray[np.int64]

    def __init__(self, images: NDArray[np.floating], labels: NDArray[np.integer]) -> None:
        if np.ma.isMaskedArray(images) or np.ma.isMaskedArray(labels):
            raise ValueError("images or labels are a masked array: leave out what is masked")
        pixels, numbers = np.asarray(images), np.asarray(labels)
        if pixels.ndim != 2 or 0 in pixels.shape or pixels.dtype.kind != "f":
            raise ValueError(
                f"images are {pixels.dtype} of shape {pixels.shape}: "
                "give floating-point numbers of shape (n, pixels), n at least 1"
            )
        if not np.isfinite(pixels).all():
            raise ValueError("images hold a number that is not finite: all must be finite")
        if numbers.shape != pixels.shape[:1] or numbers.dtype.kind not in "iu":
            raise ValueError(
                f"labels are {numbers.dtype} of shape {numbers.shape}: "
                f"give whole numbers of shape ({len(pixels)},), one for each image"
            )
        if not 0 <= numbers.min() <= numbers.max() < CLASSES:
            bad = numbers[(numbers < 0) | (numbers >= CLASSES)][0]
            raise ValueError(f"labels hold {bad}: each must be from 0 to {CLASSES - 1}")
        self.inputs, self.labels = _frozen(pixels), _frozen(numbers.astype(np.int64))

    @property
    def images(self) -> NDArray[np.floating]:
        """The inputs, shape (n, 784)."""
        return self.inputs

    @cached_property
    def targets(self) -> Array:  # type: ignore[override]
        """The labels one-hot, shape (n, 10), with 1 in the label's column and 0 elsewhere."""
        return _frozen(np.eye(CLASSES)[self.labels])

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the images' and then the labels' bytes, to tell digits apart."""
        return checksum_of(self.inputs, self.labels)


def _rows(name: str, values: ArrayLike) -> NDArray[np.floating]:
    exact = _checks.finite(name, values)
    if exact.ndim != 2 or 0 in exact.shape:
        raise ValueError(f"{name} have shape {exact.shape}: give one row a sample, at least one")
    given = np.asarray(values)
    return _frozen(given if given.dtype == np.float32 else exact)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only array that nobody else can write to; one that is such is not copied."""
    if array.flags.writeable or array.base is not None:
        array = array.copy()
        array.flags.writeable = False
    return array


def checksum_of(*arrays: NDArray[Any], about: str = "") -> str:
    """Return the SHA-256 of a text and then of the bytes of all arrays, one after the other."""
    sha256 = hashlib.sha256(about.encode())
    for array in arrays:
        sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()
