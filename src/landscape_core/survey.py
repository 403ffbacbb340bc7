"""Surveys: many planes, each reduced to a row of numbers, on every core or on a cluster."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

from landscape_core.mnist import Digits, load_mnist
from landscape_core.network import Network
from landscape_core.planes import WeightPlane

__all__ = ["survey"]

Row = dict[str, Any]
Pair = tuple[tuple[int, int, int], tuple[int, int, int]]
Case = tuple[int, Pair, int]


def survey(
    reduce: Callable[[WeightPlane], Mapping[str, float]],
    seeds: Iterable[int],
    pairs: Iterable[Pair],
    samples: Iterable[int],
    file: str | os.PathLike[str] | None = None,
) -> list[Row]:
    """Reduce the weight plane of every seed, pair of weights and sample size to a row of numbers.

    Parameters
    ----------
    reduce : callable
        Takes a `WeightPlane`, returns a mapping from names to numbers.
    seeds : iterable of int
        Seeds for `Network.random`.
    pairs : iterable of pair of (layer, unit, input)
        The two weights that vary.
    samples : iterable of int
        How many digits the cost is a mean of.
    file : path, optional
        Where finished rows are kept, one line of JSON each. A survey that was stopped half-way and
        is called again with the same file goes on from there.

    Returns
    -------
    list of dict
        One row a plane, in the order seeds, pairs, samples (the last varies fastest), with the
        keys "seed", "a", "b", "samples" and those of `reduce`.

    Raises
    ------
    ValueError
        If the file holds something else, or rows of another `reduce`.

    Notes
    -----
    The work runs through joblib, on all cores. Inside ``with joblib.parallel_config("dask"):``
    and with a ``dask.distributed.Client`` connected, the same call runs on that cluster.

    Examples
    --------
    >>> def relief(plane):
    ...     cost = plane.landscape([-15.0, 0.0, 15.0], [-15.0, 0.0, 15.0]).cost
    ...     return {"relief": float(cost.max() - cost.min())}
    >>> rows = survey(relief, seeds=[3, 16], pairs=[((2, 5, 250), (2, 5, 251))], samples=[50])
    >>> [(row["seed"], round(row["relief"], 4)) for row in rows]
    [(3, 0.012), (16, 0.2616)]
    """
    cases = list(product(seeds, pairs, samples))
    rows = {} if file is None else _read(Path(file), _header(reduce))
    missing = [case for case in dict.fromkeys(cases) if _key(case) not in rows]
    work = Parallel(n_jobs=-1, return_as="generator_unordered")(
        delayed(_row)(reduce, case) for case in missing
    )
    # The bar appears after two seconds, on a terminal only.
    for row in tqdm(work, total=len(missing), unit="plane", delay=2, disable=None):
        if file is not None:
            _append(Path(file), row)
        rows[_key_of(row)] = row
    return [rows[_key(case)] for case in cases]


@cache
def _digits(n: int) -> Digits:
    return load_mnist(n)


def _row(reduce: Callable[[WeightPlane], Mapping[str, float]], case: Case) -> Row:
    seed, (a, b), n = case
    plane = WeightPlane(Network.random(seed), _digits(n), a, b)
    numbers = {name: float(value) for name, value in reduce(plane).items()}
    return {"seed": int(seed), "a": list(plane.a), "b": list(plane.b), "samples": int(n)} | numbers


def _key(case: Case) -> str:
    seed, (a, b), n = case
    return json.dumps([int(seed), [int(i) for i in a], [int(i) for i in b], int(n)])


def _key_of(row: Row) -> str:
    return json.dumps([row["seed"], row["a"], row["b"], row["samples"]])


def _header(reduce: Callable[[WeightPlane], Mapping[str, float]]) -> str:
    """Describe what the rows of a file belong to: the function's own text, by its hash."""
    source = hashlib.sha256(inspect.getsource(reduce).encode()).hexdigest()
    return json.dumps({"survey": reduce.__name__, "source": source})


def _read(file: Path, header: str) -> dict[str, Row]:
    """Return the finished rows of a file, after cutting off a line that a stop left unfinished."""
    content = file.read_bytes() if file.exists() else b""
    first = f"{header}\n".encode()
    if not (content.startswith(first) or first.startswith(content)):
        raise ValueError(
            f"{file} begins with {content[:80]!r}: it holds no survey by this reduce function; "
            "choose another file or delete it"
        )
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with file.open("r+b") as stream:
            stream.truncate(len(whole))
    if not whole:
        _write(file, header)
    rows = {}
    for number, line in enumerate(whole.splitlines()[1:], start=2):
        try:
            row = json.loads(line)
            rows[_key_of(row)] = row
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"line {number} of {file} is damaged, it reads {line[:80]!r}: "
                "delete the line, and its plane is computed again"
            ) from None
    return rows


def _append(file: Path, row: Row) -> None:
    _write(file, json.dumps(row))


def _write(file: Path, line: str) -> None:
    """Add a line and make sure that it has reached the disk."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
