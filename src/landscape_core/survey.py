"""Surveys: many planes, each reduced to a row of numbers, on every core or on a cluster."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import IO, Any

from joblib import Parallel, delayed

from landscape_core._checks import whole
from landscape_core._files import AnyPath, lock
from landscape_core._function_hash import function_hash
from landscape_core._progress import progress
from landscape_core.mnist import SPLIT_SIZES, load_mnist
from landscape_core.network import SIZES, Network
from landscape_core.planes import WeightPlane
from landscape_core.samples import Samples

__all__ = ["survey"]

Reduce = Callable[[WeightPlane], Mapping[str, float]]
Row = dict[str, Any]
Case = tuple[Row, int | Network, int | Samples]  # how its row begins, and what it is computed from

TAKEN = ("seed", "network", "a", "b", "samples")


def survey(
    reduce: Reduce,
    networks: Iterable[int | Network] = (),
    pairs: Iterable[Sequence[Sequence[int]]] = (),
    samples: Iterable[int | Samples] = (),
    file: AnyPath | None = None,
    *,
    seeds: Iterable[int] = (),
) -> list[Row]:
    """Reduce the weight plane of every network, pair of weights and samples to a row of numbers.

    Parameters
    ----------
    reduce : callable
        Takes a `WeightPlane`, returns a mapping from names to numbers. The names "seed",
        "network", "a", "b" and "samples" are taken.
    networks : iterable of Network or int
        The networks; a number is a seed for `Network.random`.
    pairs : iterable of pair of (layer, unit, input)
        The two weights that vary.
    samples : iterable of Samples or int
        What the cost is a mean over; a number stands for so many digits.
    file : path, optional
        Where finished rows are kept, one line of JSON each. A survey that was stopped half-way and
        is called again with the same file goes on from there; one that is called while another
        is at work on that file waits until it has ended.
    seeds : iterable of int
        More networks, by their seeds.

    Returns
    -------
    list of dict
        One row a plane, in the order networks, pairs, samples (the last varies fastest), with the
        keys "seed" or "network", "a", "b", "samples" and those of `reduce`. A network that is no
        seed's goes by its `checksum`, and so do samples that are given as such.

    Raises
    ------
    ValueError
        If networks, pairs or samples are lacking, a seed, a weight or a sample size is none, the
        three do not fit together, or `reduce` returns a name that is taken; with a file, if that
        holds something else, or if it cannot be known which `reduce` its rows belong to.

    Warns
    -----
    UserWarning
        If another survey is at work on the file.

    Notes
    -----
    The work runs through joblib, on all cores. Inside ``with joblib.parallel_config("dask"):``
    and with a ``dask.distributed.Client`` connected, the same call runs on that cluster.

    The rows of a file belong to one `reduce`: to its code, its defaults, its closure and the
    globals that it and the functions it calls use, under one version of this package and of
    Python. Where one of these is an object with a state of its own, or a module that is not
    installed, a file is refused. What `reduce` reads from files, draws at random or looks up by a
    name that it puts together is not seen.

    Examples
    --------
    >>> def relief(plane):
    ...     cost = plane.landscape([-15.0, 0.0, 15.0], [-15.0, 0.0, 15.0]).cost
    ...     return {"relief": float(cost.max() - cost.min())}
    >>> rows = survey(relief, networks=[3, 16], pairs=[((2, 5, 250), (2, 5, 251))], samples=[50])
    >>> [(row["seed"], round(row["relief"], 4)) for row in rows]
    [(3, 0.012), (16, 0.2616)]
    """
    cases = [_case(*choice) for choice in product([*networks, *seeds], pairs, samples)]
    if not cases:
        raise ValueError(
            "there is no plane to reduce: give networks, pairs and samples, one or more"
        )
    rows: dict[Hashable, Row] = {}
    header = "" if file is None else _header(reduce)
    with nullcontext() if file is None else Path(os.fsdecode(file)).open("a+b") as kept:
        if kept:
            lock(kept)
            rows = _read(kept, header)
        missing = {_key(case[0]): case for case in cases if _key(case[0]) not in rows}
        work = Parallel(n_jobs=-1, return_as="generator_unordered")(
            delayed(_row)(reduce, *case) for case in missing.values()
        )
        for row in progress(work, len(missing), "plane"):
            if kept:
                _append(kept, header, row)
            rows[_key(row)] = row
    return [rows[_key(case[0])] for case in cases]


def _case(network: int | Network, pair: Sequence[Sequence[int]], samples: int | Samples) -> Case:
    index = f"an index in the pair {pair!r}"
    weights = [[whole(index, i, least=0) for i in weight] for weight in pair]
    if [len(weight) for weight in weights] != [3, 3]:
        raise ValueError(f"a pair is {pair!r}: give two weights, each as (layer, unit, input)")
    if isinstance(network, Network) and network.seed is not None and network.sizes == SIZES:
        network = network.seed
    if isinstance(network, Network):
        row: Row = {"network": network.checksum}
    else:
        row = {"seed": whole("seed", network, least=0, most=2**32 - 1)}
    row |= {"a": weights[0], "b": weights[1]}
    if isinstance(samples, Samples):
        return row | {"samples": samples.checksum}, network, samples
    size = whole("samples", samples, least=1, most=SPLIT_SIZES["train"])
    return row | {"samples": size}, network, size


def _key(row: Row) -> Hashable:
    """Return what tells a row's plane from every other."""
    network = row["seed"] if "seed" in row else row["network"]
    return network, tuple(row["a"]), tuple(row["b"]), row["samples"]


def _row(reduce: Reduce, row: Row, network: int | Network, samples: int | Samples) -> Row:
    network = network if isinstance(network, Network) else Network.random(row["seed"])
    samples = samples if isinstance(samples, Samples) else _digits(samples)
    plane = WeightPlane(network, samples, row["a"], row["b"])
    numbers = reduce(plane)
    for name in numbers:
        if name in TAKEN or not isinstance(name, str):
            raise ValueError(
                f"reduce returns a number by the name {name!r}: choose a text other than "
                + ", ".join(TAKEN)
            )
    return row | {name: float(value) for name, value in numbers.items()}


_digits = cache(load_mnist)


def _header(reduce: Reduce) -> str:
    """Describe what the rows of a file belong to."""
    try:
        identity = function_hash(reduce)
    except ValueError as error:
        raise ValueError(f"with a file, reduce must be known by all it rests on: {error}") from None
    name = getattr(reduce, "__name__", "")
    return json.dumps({"survey": name, "function": identity, "version": version("landscape-core")})


def _read(file: IO[bytes], header: str) -> dict[Hashable, Row]:
    """Return the finished rows of a file, after cutting off a line that a stop left unfinished."""
    file.seek(0)
    content = file.read()
    first = f"{header}\n".encode()
    if not (content.startswith(first) or first.startswith(content)):
        raise ValueError(
            f"{file.name} begins with {content[:80]!r}: it holds no survey by this reduce "
            "function, as it is now; choose another file or delete it"
        )
    whole_lines = content[: content.rfind(b"\n") + 1]
    file.truncate(len(whole_lines))
    rows = {}
    for number, line in enumerate(whole_lines.splitlines()[1:], start=2):
        try:
            row = json.loads(line)
            rows[_key(row)] = row
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"line {number} of {file.name} is damaged, it reads {line[:80]!r}: "
                "delete the line, and its plane is computed again"
            ) from None
    return rows


def _append(file: IO[bytes], header: str, row: Row) -> None:
    """Add a row, after the header if it is the first, and make sure that it reaches the disk."""
    if file.seek(0, os.SEEK_END) == 0:
        file.write(f"{header}\n".encode())
    file.write(f"{json.dumps(row)}\n".encode())
    file.flush()
    os.fsync(file.fileno())
