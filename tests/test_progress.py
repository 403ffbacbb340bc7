"""Progress bars: where they are seen, when, and where they are not."""

import io
import sys
from types import SimpleNamespace

import numpy as np

from landscape_core import GradientDescent, _progress, descend
from landscape_core._progress import Progress, progress


class Terminal(io.StringIO):
    """A stream that passes for a terminal."""

    def isatty(self):
        """Say so."""
        return True


def test_a_bar_after_two_seconds(monkeypatch):
    """On a terminal a bar says how much is done of what, if it takes long; it vanishes at last."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(_progress, "time", SimpleNamespace(monotonic=lambda: clock))
    clock = 100.0
    with Progress(40, "epoch") as bar:
        for clock in np.arange(100.0, 102.5, 0.25):
            bar.update(2)
            assert (bar.bar is None) == (clock <= 102)
        bar.update(2)
        assert bar.bar.n == 22
    written = terminal.getvalue()
    assert "/40.0" in written
    assert "epoch" in written
    assert written.endswith("\r")


def test_no_bar_in_files(monkeypatch):
    """Where standard error is a file, or there is none, nothing is ever written."""
    monkeypatch.setattr(_progress, "DELAY", -1)
    file = io.StringIO()
    for stream in (file, None):
        monkeypatch.setattr(sys, "stderr", stream)
        assert sum(progress(range(5), 5, "plane")) == 10
    assert not file.getvalue()


def test_the_bar_of_a_descent_counts_every_step(monkeypatch):
    """All balls and epochs are counted, whichever thread moves them."""
    counted = []
    monkeypatch.setattr(Progress, "update", lambda self, count=1: counted.append(count))

    class Bowl:
        def cost(self, a, b):
            return a * a + b * b

        def gradient(self, a, b):
            return np.stack([2 * a, 2 * b], axis=-1)

    descend(Bowl(), [(k, 1.0) for k in range(70)], GradientDescent(0.1), epochs=160)
    assert sum(counted) == 70 * 160
