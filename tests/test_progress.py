"""Progress bars: where they are seen, when, and where they are not."""

import io
import sys

import numpy as np

from landscape_core import GradientDescent, _progress, descend
from landscape_core._progress import Progress, progress


class Terminal(io.StringIO):
    """A stream that passes for a terminal."""

    def isatty(self):
        """Say so."""
        return True


def test_no_bar_before_two_seconds(monkeypatch):
    """What is done soon shows nothing at all, even on a terminal."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(progress(range(1000), 1000, "plane")) == list(range(1000))
    assert not terminal.getvalue()


def test_a_bar_after_the_delay(monkeypatch):
    """On a terminal the bar says how much is done of what, and vanishes at the end."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(_progress, "DELAY", -1)
    with Progress(40, "epoch") as bar:
        for _ in range(10):
            bar.update(2)
        assert bar.bar.n == 20
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
