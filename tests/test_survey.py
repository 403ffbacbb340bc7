"""Surveys: complete, resumable, and the same wherever they run."""

import json
from functools import partial

import joblib
import numpy as np
import pytest

from landscape_core import Network, Samples, WeightPlane, load_mnist, survey

PAIRS = [((2, 5, 250), (2, 5, 251)), ((1, 200, 30), (1, 200, 31))]


def depth(plane):
    """Return two numbers of a plane."""
    cost = plane.landscape([-15.0, 0.0, 17.0], [-15.0, 18.0]).cost
    return {"lowest": cost.min(), "highest": cost.max()}


def fail_later(plane):
    """Fail in the middle of the work, as a caller's own function may."""
    if plane.network.seed == 60:
        raise RuntimeError("not today")
    return depth(plane)


@pytest.fixture
def one_at_a_time():
    """Let surveys run in this process, one plane after the other."""
    with joblib.parallel_config(backend="sequential"):
        yield


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


@pytest.mark.usefixtures("one_at_a_time")
def test_keeps_finished_rows_when_a_plane_fails(tmp_path):
    """A failing function stops the survey, and what was finished before is kept."""
    file = tmp_path / "survey.jsonl"
    with pytest.raises(RuntimeError, match="not today"):
        survey(fail_later, [3, 16, 60], PAIRS[:1], [5], file=file)
    kept = [json.loads(line) for line in file.read_text().splitlines()[1:]]
    assert kept == survey(depth, [3, 16], PAIRS[:1], [5])


@pytest.mark.usefixtures("one_at_a_time")
@pytest.mark.parametrize("name", ["seed", "a", "b", "samples", 7])
def test_refuses_a_name_that_is_taken(tmp_path, name):
    """A number by a name of the survey's own is refused at the first plane, and none is kept."""
    file = tmp_path / "survey.jsonl"
    planes = []

    def reduce(plane):
        planes.append(plane)
        return {name: 1.0}

    taken = rf"the name {name!r}: .* other than seed, network, a, b, samples"
    with pytest.raises(ValueError, match=taken):
        survey(reduce, [3, 16], PAIRS, [5])
    assert len(planes) == 1
    with pytest.raises(ValueError, match=f"the name {name!r}"):
        survey(partial(rename, name), [3], PAIRS, [5], file=file)
    assert survey(depth, [3], PAIRS, [5], file=file) == survey(depth, [3], PAIRS, [5])


def rename(name, plane):
    """Return a number by the given name."""
    return {name: plane.cost(0, 0)}


@pytest.mark.usefixtures("one_at_a_time")
def test_another_function_gets_no_rows(tmp_path):
    """A file of one function is refused to another, and to the same one on other terms."""
    file = tmp_path / "survey.jsonl"
    rows = survey(partial(rename, "cost"), [3], PAIRS, [5], file=file)
    content = file.read_bytes()
    for other in (depth, rename, partial(rename, "other")):
        with pytest.raises(ValueError, match=r"no survey by this reduce .* another file or delete"):
            survey(other, [3], PAIRS, [5], file=file)
    assert file.read_bytes() == content
    assert survey(partial(rename, "cost"), [3], PAIRS, [5], file=file) == rows


@pytest.mark.usefixtures("one_at_a_time")
def test_refuses_to_keep_what_cannot_be_told_apart(tmp_path):
    """A function that draws from a generator may run, but not with a file, which is not made."""
    generator = np.random.default_rng(1)

    def noise(plane):
        return {"noise": generator.random()}

    assert len(survey(noise, [3], PAIRS[:1], [5])) == 1
    with pytest.raises(ValueError, match=r"with a file, .* noise rests on Generator.*: use func"):
        survey(noise, [3], PAIRS[:1], [5], file=tmp_path / "survey.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("one_at_a_time")
def test_pairs_as_json_gives_them(tmp_path):
    """Lists of lists are pairs too, and go on with the same rows."""
    file = tmp_path / "survey.jsonl"
    rows = survey(depth, [3], PAIRS, [5], file=file)
    assert survey(fail_later, [3], json.loads(json.dumps(PAIRS)), [5]) == rows
    assert survey(depth, [np.int64(3)], json.loads(json.dumps(PAIRS)), [5.0], file=file) == rows
    assert len(file.read_bytes().splitlines()) == 1 + len(PAIRS)


@pytest.mark.parametrize(
    ("seed", "pair", "n", "message"),
    [
        (3.5, PAIRS[0], 5, "seed is 3.5: give a whole number, from 0 to"),
        (-1, PAIRS[0], 5, "seed is -1"),
        (3, PAIRS[0], 0, "samples is 0: give a whole number, from 1 to 60,000"),
        (3, ((2, 5), (2, 5, 251)), 5, r"a pair is \(\(2, 5\).*: give two weights"),
        (3, PAIRS[0][:1], 5, r"a pair is .*: give two weights"),
        (3, ((2, 5, 0.5), (2, 5, 1)), 5, r"an index in the pair .* is 0.5: give a whole"),
    ],
)
def test_refuses_what_is_no_plane(seed, pair, n, message):
    """Seeds, weights and sample sizes that are none are refused before anything is computed."""
    with pytest.raises(ValueError, match=message):
        survey(None, [seed], [pair], [n])


@pytest.mark.parametrize("lacking", ["networks", "pairs", "samples"])
def test_refuses_to_survey_nothing(lacking):
    """A survey that was not told of one of the three is an error, not an empty list."""
    given = {"networks": [3], "pairs": PAIRS, "samples": [5]}
    del given[lacking]
    with pytest.raises(ValueError, match="no plane to reduce: give networks, pairs and samples"):
        survey(depth, **given)


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


def of_ones_own():
    """Return two networks that differ in the loss alone, and two sets of samples."""
    random = np.random.default_rng(4)
    layers = [(random.normal(size=(4, 3)), np.ones(4)), (random.normal(size=(2, 4)), np.zeros(2))]
    networks = [Network.from_layers(layers, "tanh", output) for output in ("squared", "softmax")]
    return networks, [Samples.labelled(random.normal(size=(9, 3)), y) for y in (M, M[::-1])]


M = [0, 1, 1, 0, 1, 0, 0, 1, 1]


def test_networks_and_samples_of_ones_own(tmp_path):
    """Each goes by its checksum, beside seeds and sizes, and a file gives back the same rows."""
    networks, samples = of_ones_own()
    file, pair = tmp_path / "survey.jsonl", ((1, 0, 4), (0, 1, 2))
    rows = survey(depth, networks, [pair], samples, file=file)
    names = [(row["network"], row["samples"]) for row in rows]
    assert names == [(n.checksum, s.checksum) for n in networks for s in samples]
    planes = [WeightPlane(n, s, *pair) for n in networks for s in samples]
    assert [row["lowest"] for row in rows] == [depth(plane)["lowest"] for plane in planes]
    assert survey(fail_later, networks, [pair], samples) == rows
    lines = file.read_bytes()
    again = of_ones_own()
    assert survey(depth, again[0][::-1], [pair], again[1], file=file) == rows[2:] + rows[:2]
    assert file.read_bytes() == lines


def test_a_seed_is_a_network(tmp_path):
    """The article's network of a seed is that seed's row; another of the same seed is not."""
    small = Network.random(3, sizes=(784, 8, 10))
    samples, pair, file = load_mnist(5), ((1, 5, 5), (1, 5, 6)), tmp_path / "survey.jsonl"
    rows = survey(depth, [3, Network.random(3), small], [pair], [5, samples], file=file)
    assert [row.get("seed") for row in rows] == [3, 3, 3, 3, None, None]
    assert [row["samples"] for row in rows] == 3 * [5, samples.checksum]
    assert rows[:2] == rows[2:4]
    assert rows[0]["lowest"] == rows[1]["lowest"] != rows[4]["lowest"] == rows[5]["lowest"]
    assert len(file.read_bytes().splitlines()) == 1 + 4
    assert survey(depth, seeds=[3], pairs=[pair], samples=[5]) == rows[:1]
