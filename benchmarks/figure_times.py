"""Measure how long each figure's script runs, and write what the foot of its page says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "benchmark" / "figure_times.json"
STEPS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)  # seconds
NOISE = 1.5  # within this factor a former time stands


def write_figure_times() -> None:
    """Renew the table; two runs on one machine differ in few of its rows, or in none."""
    former = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    times = {}
    for script in sorted(ROOT.glob("gallery/*/*.py")):
        measured = seconds(script)
        stands = former.get(script.stem, 0)
        if not stands / NOISE <= measured <= stands * NOISE:
            stands = min(STEPS, key=lambda step: max(step / measured, measured / step))
        times[script.stem] = stands
        print(f"{script.stem}: {measured:.1f} s, about {stands} s")
    TABLE.write_text(json.dumps(times, indent=1, sort_keys=True) + "\n")


def seconds(script: Path) -> float:
    """Run a script by itself on two cores, in a copy of its folder, and return how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(script.parent, folder, dirs_exist_ok=True)
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, script.name],
            cwd=folder,
            env=os.environ | {"MPLBACKEND": "agg"},
            stdout=subprocess.DEVNULL,
            preexec_fn=_two_cores if hasattr(os, "sched_setaffinity") else None,
            check=True,
        )
        return time.perf_counter() - begin


def _two_cores() -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


if __name__ == "__main__":
    write_figure_times()
