"""Files: whole or not there, in the place that was named, and used by one process at a time."""

import os
import stat
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from landscape_core import _files
from landscape_core._files import lock, write_whole

not_on_windows = pytest.mark.skipif(
    os.name == "nt", reason="Windows has its own rules for names, links and permissions"
)


@not_on_windows
@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, "new\nline", "-dash", ".hidden"])
def test_any_name(tmp_path, name):
    """Whatever name the system allows can be written, also the longest."""
    write_whole(tmp_path / name, b"1")
    write_whole(os.fsencode(tmp_path / name), b"2")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {name: b"2"}


@not_on_windows
def test_link(tmp_path):
    """A link stays a link, and the file that it leads to is written."""
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link", tmp_path / "there" / "target"
    link.symlink_to(target)
    for content in (b"new", b"newer"):
        write_whole(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


@not_on_windows
def test_permissions(tmp_path):
    """A file that is replaced keeps its permissions; a new one has the usual ones."""
    kept, usual, new = tmp_path / "kept", tmp_path / "usual", tmp_path / "new"
    kept.touch()
    kept.chmod(0o640)
    usual.touch()
    for file in (kept, new):
        write_whole(file, b"")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_no_file(tmp_path):
    """A folder or a device is not replaced, and a folder that is missing is named."""
    for path in (tmp_path, os.devnull):
        with pytest.raises(FileExistsError, match=r"is no file, .* choose another name"):
            write_whole(path, b"")
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing to write to: make it"):
        write_whole(tmp_path / "missing" / "file", b"")
    assert list(tmp_path.iterdir()) == []


def test_neighbours_stay(tmp_path):
    """No other file is touched, whatever it is called."""
    for name in ("a.part", "a.tmp", "a~", ".a"):
        (tmp_path / name).write_text("precious")
    write_whole(tmp_path / "a", b"")
    (tmp_path / "a").unlink()
    assert [file.read_text() for file in tmp_path.iterdir()] == ["precious"] * 4


HOLD = """
import sys
from landscape_core._files import lock
with open(sys.argv[1], "a+b") as stream:
    lock(stream)
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [False, True])
def test_lock(tmp_path, killed, monkeypatch):
    """Who comes second waits until the first one's process has ended, killed or not."""
    file = tmp_path / "file"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline().split() == [b"locked"]
        pauses = []

        def sleep(seconds):
            pauses.append(seconds)
            if len(pauses) == 3:
                holder.kill() if killed else holder.stdin.close()
            time.sleep(seconds)

        monkeypatch.setattr(_files, "time", SimpleNamespace(sleep=sleep))
        with file.open("a+b") as stream, pytest.warns(UserWarning, match="file is in use: wait"):
            lock(stream)
        assert len(pauses) >= 3
