"""A computed cost surface: two axes, the cost at every crossing, and what it was computed from."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from landscape_core import _checks
from landscape_core._files import AnyPath, write_whole
from landscape_core._typing import Array

__all__ = ["Landscape"]

FORMAT = "landscape-core landscape, version "
VERSION = 1  # of the file format: one more whenever older packages could not read a new file


@dataclass(frozen=True, eq=False, repr=False)
class Landscape:
    """The cost on a rectangular grid of a plane. Its arrays are read-only.

    Parameters
    ----------
    a : ndarray, shape (n,)
        Positions along the plane's first axis.
    b : ndarray, shape (m,)
        Positions along the plane's second axis.
    cost : ndarray, shape (m, n)
        ``cost[j, i]`` is the cost at ``(a[i], b[j])``: rows follow b, columns follow a.
    provenance : mapping
        What the surface was computed from: the network by its seed and sizes or by a checksum, the
        two weights or directions, the number and checksum of the digits, and the versions of this
        package and of NumPy.

    Raises
    ------
    ValueError
        If an axis is empty or not one-dimensional, the cost has not one row for each position
        along b and one column for each along a, or one of them holds no real numbers.

    Examples
    --------
    >>> from landscape_core import Network, WeightPlane, load_mnist
    >>> plane = WeightPlane(Network.random(135), load_mnist(100), a=(2, 5, 250), b=(2, 5, 251))
    >>> landscape = plane.landscape([-15.0, 17.0], [-15.0, 0.0, 18.0])
    >>> landscape
    Landscape(2 × 3 points, a from -15 to 17, b from -15 to 18, cost from 4.7587 to 4.8121)
    >>> landscape.provenance["seed"], landscape.provenance["a"], landscape.provenance["n"]
    (135, [2, 5, 250], 100)
    """

    a: Array
    b: Array
    cost: Array
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("a", "b", "cost"):
            array = _checks.real(name, getattr(self, name))
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        object.__setattr__(self, "provenance", dict(self.provenance))
        for name in ("a", "b"):
            shape = getattr(self, name).shape
            if len(shape) != 1 or not shape[0]:
                raise ValueError(f"{name} has shape {shape}: give one dimension, not empty")
        if self.cost.shape != (len(self.b), len(self.a)):
            raise ValueError(
                f"cost has shape {self.cost.shape}: with these axes it must be "
                f"({len(self.b)}, {len(self.a)}), rows along b and columns along a"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.a, self.b, self.cost, self.provenance)  # copies, too, are checked

    def __repr__(self) -> str:
        ends = [
            f"{name} from {array.min():.5g} to {array.max():.5g}"
            for name, array in (("a", self.a), ("b", self.b), ("cost", self.cost))
        ]
        return f"Landscape({len(self.a)} × {len(self.b)} points, {', '.join(ends)})"

    def _repr_png_(self) -> bytes:
        """Return a small picture, for notebooks."""
        from matplotlib.figure import Figure  # not before a picture is wanted

        figure = Figure(figsize=(3.4, 2.6), layout="constrained")
        axes = figure.subplots()
        grid = self._ascending()
        colours = axes.pcolormesh(grid.a, grid.b, grid.cost, shading="nearest")
        figure.colorbar(colours, label="cost")
        axes.set(xlabel="a", ylabel="b")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=100)
        return buffer.getvalue()

    def interior_minima(self) -> Array:
        """Return the points of the grid that lie lower than all their eight neighbours.

        They are minima of the grid, not of the plane: a finer grid may show more of them.

        Returns
        -------
        ndarray, shape (k, 2)
            Their coordinates (a, b). No point on the border counts.

        Examples
        --------
        >>> pit = Landscape([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [[4, 4, 4], [4, 3, 4], [4, 4, 4]])
        >>> pit.interior_minima()
        array([[1., 1.]])
        """
        if min(self.cost.shape) < 3:
            return np.empty((0, 2))
        grid = self._ascending()  # neighbours of the grid are not always those of the arrays
        around = np.lib.stride_tricks.sliding_window_view(grid.cost, (3, 3)).reshape(-1, 9)
        lower = (around[:, [4]] < np.delete(around, 4, axis=1)).all(axis=1)
        places = np.stack(np.meshgrid(grid.a[1:-1], grid.b[1:-1]), axis=-1).reshape(-1, 2)
        return places[lower]

    def _ascending(self) -> Landscape:
        """Return the same surface with both axes in ascending order."""
        columns, rows = self.a.argsort(), self.b.argsort()
        return Landscape(self.a[columns], self.b[rows], self.cost[rows][:, columns])

    def save(self, path: AnyPath) -> None:
        """Write the landscape and its provenance to an NPZ file, which any NumPy can read.

        The file appears whole or not at all; one of that name is replaced. The provenance is
        kept as JSON, so that arrays and tuples come back as lists.

        Raises
        ------
        TypeError
            If the provenance holds what JSON has no word for.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> landscape = Landscape([0.0, 1.0], [0.0], [[4.8, 4.7]])
        >>> with TemporaryDirectory() as folder:
        ...     landscape.save(f"{folder}/slope.npz")
        ...     Landscape.load(f"{folder}/slope.npz").cost
        array([[4.8, 4.7]])
        """
        buffer = io.BytesIO()
        np.savez(
            buffer,
            format=np.array(f"{FORMAT}{VERSION}"),
            a=self.a,
            b=self.b,
            cost=self.cost,
            provenance=np.array(json.dumps(dict(self.provenance), default=_as_json)),
        )
        write_whole(path, buffer.getvalue())

    @classmethod
    def load(cls, path: AnyPath) -> Self:
        """Read a landscape that `save` has written, by this or any older version.

        Raises
        ------
        ValueError
            If the file is damaged, no saved landscape, or of a newer format.
        """
        file = Path(os.fsdecode(path))
        content = file.read_bytes()
        try:
            return cls(**_read(content))
        except Exception as error:  # a damaged archive can fail in a dozen ways
            raise ValueError(
                f"{file} is no saved landscape, or a damaged one ({error}): "
                "compute it again, or look for another copy"
            ) from error


def _as_json(value: Any) -> Any:
    """Turn a NumPy number or array into what JSON can hold."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(
        f"the provenance holds {value!r}, a {type(value).__name__}: give text, numbers, "
        "lists or mappings of these"
    )


def _read(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        damaged = archive.testzip()  # NumPy alone would not notice a header that shortens an array
    if damaged:
        raise ValueError(f"its part {damaged} has a wrong checksum")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        values = {name: file[name] for name in file.files}
    kind = str(values.pop("format", "nothing"))
    number = kind.removeprefix(FORMAT)
    if kind == number or not number.isdecimal():
        raise ValueError(f"it calls itself {kind!r}")
    if int(number) > VERSION:
        raise ValueError(f"its format {number} is newer than this package's, {VERSION}: upgrade")
    values["provenance"] = dict(json.loads(str(values["provenance"])))
    return values
