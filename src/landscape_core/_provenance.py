"""What a surface was computed from, in terms that a file can hold."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from landscape_core.network import Network
from landscape_core.samples import Digits, Samples


def provenance(network: Network, samples: Samples, **place: Any) -> dict[str, Any]:
    """Describe what a surface is computed from, in terms that JSON can hold."""
    origin: dict[str, Any] = {"seed": network.seed, "sizes": list(network.sizes)}
    if network.seed is None:
        names = ("hidden", "shortcuts", "output", "biases")
        origin |= {"network": network.checksum} | {name: getattr(network, name) for name in names}
    kind = "digits" if isinstance(samples, Digits) else "samples"
    return origin | place | {"n": len(samples), kind: samples.checksum} | _versions()


@cache
def _versions() -> dict[str, str]:
    return {"landscape-core": version("landscape-core"), "numpy": np.__version__}
