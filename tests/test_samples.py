"""Samples: what they hold, that nobody can change it, and what is refused."""

import copy
import pickle

import numpy as np
import pytest
from scipy.sparse import csr_array

from landscape_core import Digits, Samples


def test_inputs_and_targets():
    """Rows stay rows, one number a sample is one output, float32 stays and all else is float64."""
    samples = Samples(np.ones((3, 2), np.float32), [1, 2, 3])
    assert (samples.inputs.dtype, samples.targets.dtype) == (np.float32, np.float64)
    assert (len(samples), samples.targets.shape) == (3, (3, 1))
    assert Samples([[1, 2]], [[True, False]]).inputs.dtype == np.float64
    np.testing.assert_array_equal(Samples([[1, 2]], [[True, False]]).targets, [[1, 0]])


@pytest.mark.parametrize(
    "labels", [["b", "a", "b"], [7, -1, 7], [True, False, True], [0.5, 0, 0.5]]
)
def test_labels_of_any_kind(labels):
    """Classes become columns in their sorted order."""
    np.testing.assert_array_equal(Samples.labelled(np.ones((3, 2)), labels).targets,
                                  [[0, 1], [1, 0], [0, 1]])  # fmt: skip


@pytest.mark.parametrize("make", [Samples, lambda x, y: Digits(x, y.astype(int))])
def test_nobody_can_change_them(make):
    """The caller's arrays may change, those of the samples, or of their copies, cannot."""
    x, y = np.ones((3, 2)), np.arange(3.0)
    view = x[:]
    view.flags.writeable = False
    for given in (x, view):
        samples = make(given, y)
        before = samples.checksum
        x[0], y[0] = 5, 4
        others = [pickle.loads(pickle.dumps(samples)), copy.deepcopy(samples)]
        for other in (samples, *others):
            assert other.inputs[0, 0] == 1
            assert other.checksum == before
            for array in (other.inputs, other.targets):
                with pytest.raises(ValueError, match="read-only"):
                    array[0] = 1
        x[0], y[0] = 1, 0


def test_what_nobody_can_change_is_not_copied():
    """Arrays that are read-only and own their memory are taken as they are."""
    x = np.ones((3, 2))
    x.flags.writeable = False
    assert Digits(x, np.arange(3)).images is x


def test_checksum_tells_samples_apart():
    """Other inputs, other targets, or the same bytes in another shape, have another checksum."""
    x, y = np.ones((3, 2)), np.arange(3.0)
    assert len({Samples(*pair).checksum for pair in ((x, y), (x + 1, y), (x, y + 1), (x, y))}) == 3
    zeros = Samples(np.zeros((3, 2), np.float32), np.zeros(3)), Samples(np.zeros((2, 2)), [0, 0])
    assert zeros[0].checksum != zeros[1].checksum


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (np.ones(3), np.ones(3), r"inputs have shape \(3,\): give one row a sample"),
        (np.ones((0, 2)), np.ones(0), r"inputs have shape \(0, 2\)"),
        (np.ones((3, 0)), np.ones(3), r"inputs have shape \(3, 0\)"),
        (np.ones((3, 2, 2)), np.ones(3), r"inputs have shape \(3, 2, 2\)"),
        ([[np.nan]], [1], "inputs holds nan: every number must be finite"),
        (np.full((1, 1), np.inf, np.float32), [1], "inputs holds inf"),
        ([["a"]], [1], "inputs holds .* give real numbers"),
        (csr_array(np.eye(3)), np.ones(3), r"inputs holds object .* of a sparse matrix .*toarray"),
        (np.ma.ones((3, 2)), np.ones(3), "inputs is a masked array"),
        (np.ones((3, 2)), np.ma.ones(3), "targets is a masked array"),
        (np.ones((3, 2)), np.ma.array([True, False, True]), "targets is a masked array"),
        (np.ones((3, 2)), np.ones(4), r"targets have shape \(4,\).* each of the 3 samples"),
        (np.ones((3, 2)), np.ones((3, 0)), r"targets have shape \(3, 0\)"),
        (np.ones((3, 2)), np.ones((3, 1, 1)), r"targets have shape \(3, 1, 1\)"),
        (np.ones((3, 2)), [1, 2, np.nan], "targets holds nan"),
        (np.ones((3, 2)), ["a", "b", "c"], "targets holds .* give real numbers"),
    ],
)
def test_what_makes_no_samples(inputs, targets, message):
    """Inputs and targets that do not fit are refused with their shapes."""
    with pytest.raises(ValueError, match=message):
        Samples(inputs, targets)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 3, "hold 1 class: give two or more"),
        ([1.0, 2.0, np.nan], "hold 1 that are masked or NaN"),
        (np.array(["2020", "2021", "NaT"], "M8[Y]"), "hold 1 that are masked or NaN"),
        (np.ma.array([1, 2, 1], mask=[0, 0, 1]), "hold 1 that are masked or NaN"),
        (["a", None, "b"], "labels cannot be sorted .* give one kind of them"),
        ([[1], [2], [1]], r"have shape \(3, 1\)"),
        ([1, 2], r"targets have shape \(2, 2\).* each of the 3 samples"),
    ],
)
def test_labels_that_make_no_classes(labels, message):
    """Labels that are no classes are refused."""
    with pytest.raises(ValueError, match=message):
        Samples.labelled(np.ones((3, 2)), labels)


def test_one_line_says_what_they_are():
    """Samples are shown in one line."""
    assert repr(Samples(np.ones((1500, 2)), np.ones((1500, 1)))) == (
        "Samples(1,500 samples of 2 inputs, 1 target)"
    )
