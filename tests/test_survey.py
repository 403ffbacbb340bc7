"""Surveys: complete, resumable, and the same wherever they run."""

import json

import joblib
import numpy as np
import pytest

from landscape_core import Network, WeightPlane, load_mnist, survey

PAIRS = [((2, 5, 250), (2, 5, 251)), ((1, 200, 30), (1, 200, 31))]


def depth(plane):
    """Return two numbers of a plane."""
    cost = plane.landscape([-15.0, 0.0, 17.0], [-15.0, 18.0]).cost
    return {"lowest": cost.min(), "highest": cost.max()}


def refuse(plane):
    """Fail, as a caller's own function may."""
    raise RuntimeError("not today")


def test_rows_follow_the_cases_and_hold_their_numbers():
    """Every seed, pair and sample size gives one row, in order, with the plane's own numbers."""
    rows = survey(depth, seeds=[3, 16], pairs=PAIRS, samples=[5, 20])
    cases = [(row["seed"], tuple(row["a"]), row["samples"]) for row in rows]
    assert cases == [(s, a, n) for s in (3, 16) for a, _ in PAIRS for n in (5, 20)]
    plane = WeightPlane(Network.random(16), load_mnist(20), *PAIRS[1])
    assert {name: rows[-1][name] for name in ("lowest", "highest")} == depth(plane)


def test_goes_on_where_it_stopped(tmp_path):
    """Finished rows are not computed again, and a half-written last line is replaced."""
    file = tmp_path / "survey.jsonl"
    whole = survey(depth, [3, 16, 60], PAIRS[:1], [5])
    survey(depth, [3, 16], PAIRS[:1], [5], file=file)
    kept = file.read_text().splitlines()
    changed = json.loads(kept[1]) | {"lowest": -1.0}
    file.write_text("\n".join([kept[0], json.dumps(changed), kept[2][:20]]))
    rows = survey(depth, [3, 16, 60], PAIRS[:1], [5], file=file)
    assert sorted(row["lowest"] for row in rows)[0] == -1.0
    assert [row for row in rows if row["seed"] != changed["seed"]] == [
        row for row in whole if row["seed"] != changed["seed"]
    ]


def test_keeps_finished_rows_when_a_plane_fails(tmp_path):
    """A failing function stops the survey, and the file still opens a new one."""
    file = tmp_path / "survey.jsonl"
    with pytest.raises(RuntimeError, match="not today"):
        survey(refuse, [3], PAIRS[:1], [5], file=file)
    with pytest.raises(ValueError, match="no survey by this reduce function"):
        survey(depth, [3], PAIRS[:1], [5], file=file)


def test_refuses_a_foreign_file(tmp_path):
    """A file that holds something else is named and left as it is."""
    file = tmp_path / "notes.txt"
    file.write_text("my notes\n")
    with pytest.raises(ValueError, match="my notes"):
        survey(depth, [3], PAIRS[:1], [5], file=file)
    assert file.read_text() == "my notes\n"


@pytest.mark.filterwarnings("ignore")  # what a cluster's own libraries warn of
def test_runs_on_a_cluster_of_two_workers():
    """The same call inside joblib's dask backend gives the same rows."""
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    )
    with cluster, distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        rows = survey(depth, [3, 16], PAIRS[:1], [5])
    assert rows == survey(depth, [3, 16], PAIRS[:1], [5])
    assert np.isfinite([row["lowest"] for row in rows]).all()
