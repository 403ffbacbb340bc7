"""Landscapes: what they hold, and that a saved one comes back whole or is refused."""

import copy
import io
import json
import pickle
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landscape_core import DirectionPlane, Landscape, Network, Samples, WeightPlane, load_mnist

FIRST_FORMAT = Path(__file__).parent / "data" / "landscape-format-1.npz"
A, B = np.linspace(-15, 17, 4), np.linspace(-15, 18, 3)


@pytest.fixture(scope="module")
def plane(hundred):
    """Make the article's plane."""
    return WeightPlane(Network.random(135), hundred, a=(2, 5, 250), b=(2, 5, 251))


@pytest.fixture
def saved(plane, tmp_path):
    """Save a small landscape and return its file."""
    plane.landscape(A, B).save(tmp_path / "saved.npz")
    return tmp_path / "saved.npz"


def same(one, other):
    """Tell whether two landscapes are equal to the bit, provenance included."""
    arrays = all(np.array_equal(getattr(one, x), getattr(other, x)) for x in ("a", "b", "cost"))
    return arrays and one.provenance == other.provenance


def members(file):
    """Return the arrays of an NPZ file."""
    with np.load(file) as archive:
        return dict(archive)


def test_comes_back_to_the_bit(plane, saved):
    """A saved landscape is the same one when it is loaded."""
    assert same(Landscape.load(saved), plane.landscape(A, B))
    assert same(Landscape.load(str(saved)), plane.landscape(A, B))


def test_any_numpy_can_read_it(plane, saved):
    """The file is a plain NPZ archive without a pickle."""
    with np.load(saved, allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["cost"], plane.landscape(A, B).cost)


def test_saved_twice_the_same_bytes(plane, tmp_path):
    """Nothing in the file depends on when it was written."""
    plane.landscape(A, B).save(tmp_path / "one.npz")
    plane.landscape(A, B).save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_name_is_kept(plane, tmp_path):
    """The file has the name that was asked for, whatever its ending."""
    plane.landscape(A, B).save(tmp_path / "surface")
    assert [file.name for file in tmp_path.iterdir()] == ["surface"]


def test_provenance_of_two_weights(plane, hundred):
    """A landscape tells what it was computed from."""
    provenance = plane.landscape(A, B).provenance
    assert provenance == {
        "seed": 135,
        "sizes": [784, 50, 500, 10],
        "a": [2, 5, 250],
        "b": [2, 5, 251],
        "n": 100,
        "digits": hundred.checksum,
        "landscape-core": provenance["landscape-core"],
        "numpy": np.__version__,
    }


def test_provenance_of_other_networks_and_directions(hundred):
    """A network without a seed, and directions, are told by their checksums."""
    network = Network(Network.random(3).weights, hidden="relu")
    one, two = Network.random(1).weights, Network.random(2).weights
    provenance = DirectionPlane(network, hundred, one, two).landscape([0.0], [0.0]).provenance
    other = DirectionPlane(network, hundred, two, one).landscape([0.0], [0.0]).provenance
    assert provenance["seed"] is None
    assert provenance["hidden"] == "relu"
    assert (provenance["a"], provenance["b"]) == (other["b"], other["a"])
    assert provenance["network"] == network.checksum
    assert len({provenance[name] for name in ("a", "b", "centre")}) == 3


def test_provenance_of_a_network_of_ones_own():
    """Samples are told by their checksum, and a network by all that makes its outputs."""
    network = Network([np.ones((1, 3)), np.ones((2, 2))], "tanh", output="linear", biases=True)
    samples = Samples(np.ones((4, 2)), np.ones((4, 2)))
    plane = WeightPlane(network, samples, (0, 0, 2), (1, 0, 1))
    provenance = plane.landscape([0.0], [0.0]).provenance
    told = {"hidden": "tanh", "shortcuts": False, "output": "linear", "biases": True, "n": 4}
    assert provenance | told == provenance
    assert (provenance["samples"], provenance["sizes"]) == (samples.checksum, [2, 1, 2])


def test_provenance_survives_another_save(saved, tmp_path):
    """Saving what was loaded keeps the versions that computed it."""
    landscape = Landscape.load(saved)
    landscape.provenance["numpy"] = "1.0"
    landscape.save(tmp_path / "again.npz")
    assert Landscape.load(tmp_path / "again.npz").provenance["numpy"] == "1.0"


def test_first_format_stays_readable():
    """A file of the first format, written by the first release, still loads."""
    landscape = Landscape.load(FIRST_FORMAT)
    plane = WeightPlane(Network.random(135), load_mnist(10), a=(2, 5, 250), b=(2, 5, 251))
    np.testing.assert_array_equal(landscape.a, A)
    np.testing.assert_array_equal(landscape.b, B)
    np.testing.assert_allclose(landscape.cost, plane.landscape(A, B).cost, rtol=0, atol=1e-12)
    assert landscape.provenance["seed"] == 135
    assert landscape.provenance["digits"] == load_mnist(10).checksum


def test_arrays_are_read_only(plane):
    """A landscape is a value, and so are its copies; the arrays that it was made of stay apart."""
    given = np.zeros((1, 1))
    landscape = Landscape(A, [0.0], given + A)
    copies = [pickle.loads(pickle.dumps(landscape, protocol)) for protocol in (4, 5)]
    for values in (plane.landscape(A, B), landscape, copy.deepcopy(landscape), *copies):
        for array in (values.a, values.b, values.cost):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
    mine = Landscape([0.0], [0.0], given)
    given[:] = 5
    assert mine.cost == 0


def with_pickle(content):
    """Return an archive with an array of Python objects."""
    buffer = io.BytesIO()
    np.savez(buffer, **content | {"provenance": np.array({"seed": 1}, dtype=object)})
    return buffer.getvalue()


def archive(content, **changes):
    """Return an NPZ archive of the arrays with some changed, or left out where None."""
    buffer = io.BytesIO()
    kept = {name: value for name, value in (content | changes).items() if value is not None}
    np.savez(buffer, **kept)
    return buffer.getvalue()


def npy(array):
    """Return an array as a single NPY file."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def text_archive(_):
    """Return a zip archive of text files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.npy", "no array")
    return buffer.getvalue()


FOREIGN = {
    "empty": (lambda c: b"", "not a zip file"),
    "text": (lambda c: b"a,b,cost\n0,0,4.8\n", "not a zip file"),
    "a pickle": (lambda c: pickle.dumps(c), "not a zip file"),
    "one array": (lambda c: npy(c["cost"]), "not a zip file"),
    "a web page": (lambda c: b"<!DOCTYPE html>", "not a zip file"),
    "an archive of nothing": (lambda c: archive({}), "calls itself 'nothing'"),
    "an archive of text": (text_archive, "calls itself"),
    "another program's arrays": (lambda c: archive(c, format=None), "calls itself 'nothing'"),
    "another program's format": (lambda c: archive(c, format="x 1"), "calls itself 'x 1'"),
    "a format without a number": (
        lambda c: archive(c, format="landscape-core landscape, version "),
        "calls itself",
    ),
    "a newer format": (
        lambda c: archive(c, format="landscape-core landscape, version 2"),
        "format 2 is newer than this package's, 1: upgrade",
    ),
    "no cost": (lambda c: archive(c, cost=None), "cost"),
    "no provenance": (lambda c: archive(c, provenance=None), "provenance"),
    "provenance that is no JSON": (lambda c: archive(c, provenance="seed 1"), "Expecting value"),
    "provenance that is a number": (lambda c: archive(c, provenance="1"), "not iterable"),
    "an array too many": (lambda c: archive(c, extra=c["a"]), "extra"),
    "cost transposed": (lambda c: archive(c, cost=c["cost"].T), r"shape \(4, 3\).*\(3, 4\)"),
    "an empty axis": (lambda c: archive(c, a=np.empty(0)), r"a has shape \(0,\)"),
    "words for numbers": (
        lambda c: archive(c, b=np.array(["x"] * 3)),
        "b holds .* give real numbers",
    ),
    "Python objects": (with_pickle, "allow_pickle=False"),
}


@pytest.mark.parametrize(("make", "message"), FOREIGN.values(), ids=FOREIGN.keys())
def test_foreign_files(saved, make, message):
    """A file that holds something else is refused with its name and the reason."""
    saved.write_bytes(make(members(saved)))
    name = re.escape(str(saved))
    with pytest.raises(ValueError, match=rf"{name} is no saved landscape.*{message}"):
        Landscape.load(saved)


def test_no_part_of_a_file_loads(saved):
    """A file cut off anywhere is refused."""
    content = saved.read_bytes()
    for length in range(0, len(content), 29):
        saved.write_bytes(content[:length])
        with pytest.raises(ValueError, match="no saved landscape, or a damaged one"):
            Landscape.load(saved)


def test_no_flipped_bit_changes_a_number(plane, saved):
    """A flipped bit anywhere is refused, or lies where nothing is stored."""
    content = saved.read_bytes()
    whole = plane.landscape(A, B)
    kept = 0
    for place in range(0, len(content), 9):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        saved.write_bytes(damaged)
        with suppress(ValueError):
            assert same(Landscape.load(saved), whole)
            kept += 1
    assert kept < len(content) / 36


def test_missing_file(tmp_path):
    """A file that is not there is named by the system's own error."""
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        Landscape.load(tmp_path / "none.npz")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_save_that_fails_leaves_the_old_file(plane, saved, monkeypatch, error):
    """When the disk is full, or the user stops it, the file of before is still there, and alone."""
    before = saved.read_bytes()

    def fail(_):
        raise error

    monkeypatch.setattr("landscape_core._files.os.fsync", fail)
    with pytest.raises(type(error)):
        plane.landscape(A, B + 1).save(saved)
    assert saved.read_bytes() == before
    assert [file.name for file in saved.parent.iterdir()] == [saved.name]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (([0.0], [0.0], [[1j]]), "cost holds complex128 values: give real numbers"),
        ((["0"], [0.0], [[1.0]]), "a holds .* give real numbers"),
        ((np.ma.zeros(1), [0.0], [[1.0]]), "a is a masked array"),
        (([], [0.0], np.empty((1, 0))), r"a has shape \(0,\)"),
        ((3.0, [0.0], [[1.0]]), r"a has shape \(\)"),
        (([0.0], [[0.0]], [[1.0]]), r"b has shape \(1, 1\)"),
        (([0.0, 1.0], [0.0], [[1.0], [2.0]]), r"shape \(2, 1\): .* be \(1, 2\), rows along b"),
        (([0.0, 1.0], [0.0], [1.0, 2.0]), r"cost has shape \(2,\)"),
    ],
)
def test_arrays_that_do_not_fit(arrays, message):
    """Axes and cost that make no grid are refused with their shapes."""
    with pytest.raises(ValueError, match=message):
        Landscape(*arrays)


def test_provenance_is_json(saved):
    """The provenance is stored as text that people can read."""
    assert json.loads(str(members(saved)["provenance"]))["seed"] == 135


def test_provenance_of_numpy(tmp_path):
    """NumPy's numbers and arrays are kept as JSON's; what has no counterpart there is refused."""
    origin = {"n": np.int64(3), "rate": np.float32(0.5), "batches": np.arange(2)}
    Landscape([0.0], [0.0], [[1.0]], origin).save(tmp_path / "one.npz")
    assert Landscape.load(tmp_path / "one.npz").provenance == {
        "n": 3,
        "rate": 0.5,
        "batches": [0, 1],
    }
    with pytest.raises(TypeError, match=r"provenance holds .*, a set: give text, numbers"):
        Landscape([0.0], [0.0], [[1.0]], {"seeds": {3, 16}}).save(tmp_path / "two.npz")


def test_interior_minima_are_those_of_a_double_loop():
    """Each is lower than its eight neighbours; equal neighbours and the border do not count."""
    cost = np.random.default_rng(2).integers(0, 30, (12, 15)).astype(float)
    a, b = np.linspace(-2, 5, 15), np.linspace(0, 1, 12)
    expected = []
    for j in range(1, 11):
        for i in range(1, 14):
            around = [cost[j + y, i + x] for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
            if cost[j, i] < min(around):
                expected.append((a[i], b[j]))
    assert expected
    np.testing.assert_array_equal(Landscape(a, b, cost).interior_minima(), expected)
    i, j = np.random.default_rng(3).permutation(15), np.arange(12)[::-1]
    mixed = Landscape(a[i], b[j], cost[j][:, i])  # axes may come in any order
    np.testing.assert_array_equal(mixed.interior_minima(), expected)
    assert Landscape(a, b[:2], cost[:2]).interior_minima().shape == (0, 2)


def test_a_notebook_shows_one_line_and_a_picture(plane):
    """A landscape says its window in one line, and draws itself, however its axes run."""
    landscape = plane.landscape(np.linspace(-15, 17, 5)[::-1], [0.0, 18.0, -15.0])
    window = "5 × 3 points, a from -15 to 17, b from -15 to 18, cost from"
    assert re.fullmatch(rf"Landscape\({window} [\d.]+ to [\d.]+\)", repr(landscape))
    picture = Image.open(io.BytesIO(landscape._repr_png_()))
    assert picture.format == "PNG"
    assert len(np.unique(np.asarray(picture), axis=0)) > 20
