"""Say at the foot of each figure's page how long its script runs.

The times, as ``nox -s bench`` measures them, are kept in the repository: builds do not differ.
"""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

TIMES = Path("benchmark", "figure_times.json")


def add_running_time(app: Sphinx, page: str, source: list[str]) -> None:
    """Add a line to the page of a script that has been measured."""
    gallery, _, script = page.rpartition("/")
    if gallery in app.config.sphinx_gallery_conf["gallery_dirs"]:
        times = json.loads(Path(app.srcdir, TIMES).read_text(encoding="utf-8"))
        if script in times:
            source[0] += f"\n\nRuns in about {times[script]} s on two cores.\n"
