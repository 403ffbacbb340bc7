"""Progress bars for whatever may take longer than two seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm
from tqdm.auto import tqdm as notebook_or_terminal


def progress(work: Iterable[Any] | None, total: int, unit: str) -> Any:
    """Return a bar that appears after two seconds, in notebooks and on terminals, never in files.

    Parameters
    ----------
    work : iterable or None
        What to go through; with None the caller calls ``update``.
    total : int
        How many units there are in all.
    unit : str
        What is counted, such as ``"epoch"``.
    """
    in_notebook = notebook_or_terminal.__mro__[0] is not tqdm and "ipykernel" in sys.modules
    terminal = sys.stderr is not None and sys.stderr.isatty()
    return notebook_or_terminal(
        work, total=total, unit=unit, delay=2, leave=False, disable=not (in_notebook or terminal)
    )
