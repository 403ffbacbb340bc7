"""What a surface was computed from, in terms that a file can hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from landscape_core._typing import Array
from landscape_core.mnist import Digits
from landscape_core.network import Network


def provenance(network: Network, digits: Digits, **place: Any) -> dict[str, Any]:
    """Describe what a surface is computed from, in terms that JSON can hold."""
    sizes = [network.weights[0].shape[1], *map(len, network.weights)]
    origin: dict[str, Any] = {"seed": network.seed, "sizes": sizes}
    if network.seed is None:
        origin["network"] = checksum(network.weights)
        origin |= {"hidden": network.hidden, "shortcuts": network.shortcuts}
    return origin | place | {"n": len(digits), "digits": digits.checksum} | _versions()


def checksum(arrays: Sequence[Array]) -> str:
    """Return the SHA-256 of the bytes of all arrays, one after the other."""
    sha256 = hashlib.sha256()
    for array in arrays:
        sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {"landscape-core": version("landscape-core"), "numpy": np.__version__}
