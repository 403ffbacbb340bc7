"""Progress bars for whatever takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar

Item = TypeVar("Item")

DELAY = 2.0  # seconds: what is done sooner needs no bar


def progress(work: Iterable[Item], total: int, unit: str) -> Iterator[Item]:
    """Go through some work while a bar counts what has been done.

    Examples
    --------
    >>> sum(progress(range(5), total=5, unit="number"))
    10
    """
    with Progress(total, unit) as bar:
        for item in work:
            yield item
            bar.update()


class Progress:
    """A bar that appears after two seconds, in notebooks and on terminals, never in files.

    Until then an update is a look at the clock: no loop is slowed down, and no lock is taken that
    a forked child could inherit. Any thread may call it.

    Parameters
    ----------
    total : int or None
        How many units there are in all, None where nobody knows.
    unit : str
        What is counted, such as ``"epoch"``.

    Examples
    --------
    >>> with Progress(total=2, unit="epoch") as bar:
    ...     bar.update()
    """

    def __init__(self, total: int | None, unit: str) -> None:
        self.total, self.unit, self.done = total, unit, 0
        self.due = time.monotonic() + DELAY
        self.bar: Any = None
        self.first = threading.Lock()

    def update(self, count: int = 1) -> None:
        """Say that so many more units are done."""
        self.done += count
        if self.bar is not None:
            self.bar.update(self.done - self.bar.n)
        elif time.monotonic() > self.due and self.first.acquire(blocking=False):
            self.bar = self._appear()

    def _appear(self) -> Any:
        """Return a bar of tqdm's, which is imported where one is seen, and not before."""
        from tqdm import auto

        watched = "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())
        return auto.tqdm(
            total=self.total,
            unit=f" {self.unit}",
            unit_scale=True,
            initial=self.done,
            leave=False,
            disable=not watched,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()
