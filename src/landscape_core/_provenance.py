"""What a surface was computed from, in terms that a file can hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from landscape_core._typing import Array
from landscape_core.network import Network
from landscape_core.samples import Digits, Samples


def provenance(network: Network, samples: Samples, **place: Any) -> dict[str, Any]:
    """Describe what a surface is computed from, in terms that JSON can hold."""
    origin: dict[str, Any] = {"seed": network.seed, "sizes": list(network.sizes)}
    if network.seed is None:
        origin["network"] = checksum(network.weights)
        names = ("hidden", "shortcuts", "output", "biases")
        origin |= {name: getattr(network, name) for name in names}
    kind = "digits" if isinstance(samples, Digits) else "samples"
    return origin | place | {"n": len(samples), kind: samples.checksum} | _versions()


def checksum(arrays: Sequence[Array]) -> str:
    """Return the SHA-256 of the bytes of all arrays, one after the other."""
    sha256 = hashlib.sha256()
    for array in arrays:
        sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {"landscape-core": version("landscape-core"), "numpy": np.__version__}
