"""Files that are whole or not there, and files that one process at a time may use."""

from __future__ import annotations

import os
import stat
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def write_whole(path: AnyPath, content: bytes) -> None:
    """Write a file so that even after a crash all of it is found, or what was before.

    A link is followed, and a file that is replaced keeps its permissions.

    Raises
    ------
    FileExistsError
        If the path is a folder, a device or anything else that is no file.
    FileNotFoundError
        If its folder does not exist.
    """
    target = Path(os.path.realpath(os.fsdecode(path)))
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent} to write to: make it first")
    if target.exists() and not target.is_file():
        raise FileExistsError(f"{target} is no file, and is left as it is: choose another name")
    unfinished = target.with_name(f".{uuid4().hex}")  # a name that is never too long
    try:
        with unfinished.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def lock(stream: IO[bytes]) -> None:
    """Keep a file for oneself until it is closed or the process ends, however it ends.

    Warns
    -----
    UserWarning
        If another has locked the file already: then this waits until it is free.
    """
    if not _try_lock(stream):
        warnings.warn(f"{stream.name} is in use: waiting until it is free", stacklevel=3)
        while not _try_lock(stream):
            time.sleep(0.1)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: IO[bytes]) -> bool:
        stream.seek(2**31 - 2)  # beyond the content, since nobody else can read what is locked
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
