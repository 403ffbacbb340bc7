"""Interruptions: work that is killed at any moment goes on, and ends as if nothing had happened.

``nox -s interruptions`` kills each kind of work fifty times.
"""

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import joblib
import numpy as np
import pytest

from landscape_core import Landscape, survey

SURVEY = """
import json, sys
from landscape_core import survey

def depth(plane):
    cost = plane.landscape([-15.0, 0.0, 17.0], [-15.0, 18.0]).cost
    return {"lowest": cost.min(), "highest": cost.max()}

if __name__ == "__main__":
    pairs = [((2, 5, 250), (2, 5, 251)), ((1, 200, 30), (1, 200, 31))]
    rows = survey(depth, range(12), pairs, [5, 20], file=sys.argv[1])
    print(json.dumps(rows))
"""

TWICE = """
import json, sys
from landscape_core import survey

file, calls = sys.argv[1:]

def count(plane):
    with open(calls, "ab", buffering=0) as stream:
        stream.write(b".")
    return {"cost": plane.cost(0, 0)}

print(json.dumps(survey(count, range(12), [((2, 5, 250), (2, 5, 251))], [5], file=file)))
"""

SAVE = """
import sys
import numpy as np
from landscape_core import Landscape

axis = np.arange(150.0)
number = 0
while True:
    number += 1
    Landscape(axis, axis, np.full((150, 150), float(number)), {"number": number}).save(sys.argv[1])
    if number == 1:
        print("saved", flush=True)
"""


PAIR = ((2, 5, 250), (2, 5, 251))
not_on_windows = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows neither kills a group of processes nor limits files"
)


def depth(plane):
    """Return the cost in the middle of a plane."""
    return {"cost": plane.cost(0, 0)}


def start(script, *arguments, **options):
    """Start a Python program in a process group of its own."""
    command = [sys.executable, "-c" if "\n" in str(script) else "-u", script, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options
    )


def small_disk(size):
    """Return what lets a new process write files of at most so many bytes."""
    import resource  # not on Windows

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def kill(process):
    """End a process and all that it started, without a warning to any of them."""
    with contextlib.suppress(PermissionError):  # macOS kills none that has just ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def in_this_process():
    """Let surveys run here, since other processes do not know the tests' functions."""
    with joblib.parallel_config(backend="sequential"):
        yield


@pytest.fixture
def program(tmp_path):
    """Write the survey as a program."""
    file = tmp_path / "program.py"
    file.write_text(SURVEY)
    return file


def finished_lines(file):
    """Return how many whole lines a file holds."""
    return file.read_bytes().count(b"\n") if file.exists() else 0


@not_on_windows
def test_survey_killed_at_random(program, tmp_path, kills):
    """A survey killed again and again loses no finished row and ends with the same rows."""
    undisturbed = start(program, tmp_path / "undisturbed.jsonl").communicate()[0]
    generator, before, file = random.Random(8), 0, tmp_path / "survey.jsonl"
    for number in range(kills):
        if number % 5 == 4:
            file = tmp_path / f"survey{number}.jsonl"  # begin anew
            before = 0
        process, enough = start(program, file), generator.randint(min(before, 48), 48)
        while finished_lines(file) < enough and process.poll() is None:
            time.sleep(0.001)
        time.sleep(generator.uniform(0, 0.01))
        kill(process)
        assert finished_lines(file) >= before
        before = finished_lines(file)
    rows = start(program, file).communicate()[0]
    assert json.loads(rows) == json.loads(undisturbed)
    assert finished_lines(file) == finished_lines(tmp_path / "undisturbed.jsonl") == 1 + 48


def test_two_surveys_with_one_file(tmp_path):
    """Of two processes the second waits; no row is lost, and no plane is reduced twice."""
    file, calls = tmp_path / "survey.jsonl", tmp_path / "calls"
    processes = [start(TWICE, file, calls) for _ in range(2)]
    rows, same = (process.communicate()[0] for process in processes)
    assert json.loads(rows) == json.loads(same)
    assert finished_lines(file) == 1 + 12
    assert len(calls.read_bytes()) == 12


@not_on_windows
def test_survey_on_a_full_disk(program, tmp_path):
    """A survey that cannot write its row says so, and goes on once there is room."""
    file = tmp_path / "survey.jsonl"
    process = start(program, file, preexec_fn=small_disk(1500))
    error = process.communicate()[1].decode()
    assert process.returncode != 0
    assert "File too large" in error
    assert 1 < finished_lines(file) < 20
    rows = json.loads(start(program, file).communicate()[0])
    assert len(rows) == 48
    assert rows == json.loads(start(program, tmp_path / "other.jsonl").communicate()[0])


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize(
    "content", [b"my notes", b"\x89PNG\r\n\x1a\n\x00", b'{"survey": 7}', b"\n"]
)
def test_survey_leaves_foreign_files_alone(tmp_path, content):
    """A file that is no survey is refused and kept, with or without an end of line."""
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="holds no survey by this reduce function"):
        survey(depth, [3], [PAIR], [5], file=file)
    assert file.read_bytes() == content


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("line", [b"{", b"[1, 2]", b"{}", b"\xff\xfe", b"", b"7"])
def test_survey_names_a_damaged_line(tmp_path, line):
    """A line that holds no row is named, with what can be done."""
    file = tmp_path / "survey.jsonl"
    rows = survey(depth, [3, 16], [PAIR], [5], file=file)
    header, _, two = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([header, line, two, b""]))
    with pytest.raises(ValueError, match=f"line 2 of {re.escape(str(file))} is damaged, .* delete"):
        survey(depth, [3, 16], [PAIR], [5], file=file)
    file.write_bytes(b"\n".join([header, two, b""]))
    assert survey(depth, [3, 16], [PAIR], [5], file=file) == rows


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("length", [0, 1, 40, -1])
def test_survey_stopped_in_its_first_line(tmp_path, length):
    """A file that holds no more than the beginning of its first line is begun again."""
    file = tmp_path / "survey.jsonl"
    rows = survey(depth, [3], [PAIR], [5], file=file)
    whole = file.read_bytes()
    file.write_bytes(whole.splitlines()[0][:length])
    assert survey(depth, [3], [PAIR], [5], file=file) == rows
    assert file.read_bytes() == whole


@not_on_windows
def test_save_killed_at_random(tmp_path, kills):
    """A landscape that was being replaced is the one before or the one after, never a mixture."""
    generator, file = random.Random(9), tmp_path / "landscape.npz"
    for _ in range(kills):
        process = start(SAVE, file)
        process.stdout.readline()
        time.sleep(generator.uniform(0.02, 0.2))
        kill(process)
        landscape = Landscape.load(file)
        assert (landscape.cost == landscape.provenance["number"]).all()


@not_on_windows
def test_save_on_a_full_disk(tmp_path):
    """A landscape that finds no room leaves the one before, and nothing else."""
    file = tmp_path / "landscape.npz"
    axis = np.arange(3.0)
    Landscape(axis, axis, np.ones((3, 3))).save(file)
    process = start(SAVE, file, preexec_fn=small_disk(10_000))
    assert "File too large" in process.communicate()[1].decode()
    np.testing.assert_array_equal(Landscape.load(file).cost, 1)
    assert os.listdir(tmp_path) == [file.name]
