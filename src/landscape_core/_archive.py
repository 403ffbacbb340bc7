"""The MNIST files: found in a folder or the cache or fetched from a mirror, and always checked."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
import warnings
import zlib
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pooch

from landscape_core._files import write_whole

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
ROUNDS = 2  # how often every mirror is tried
PAUSE = 1.0  # seconds between two rounds
SILENCE = 15.0  # seconds without a byte after which an attempt is given up
OVERHEAD = 1024  # bytes by which an archive may exceed what it holds
LIMIT = 300.0  # seconds after which it is given up in any case
FOLDER_VARIABLE = "LANDSCAPE_DATA"


class Content(NamedTuple):
    """What an uncompressed file is known to hold: so many bytes, with this SHA-256."""

    size: int
    sha256: str


CONTENTS = {
    "train-images-idx3-ubyte": Content(
        47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
    ),
    "train-labels-idx1-ubyte": Content(
        60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
    ),
    "t10k-images-idx3-ubyte": Content(
        7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
    ),
    "t10k-labels-idx1-ubyte": Content(
        10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    ),
    "train-first-10000-images-idx3-ubyte": Content(
        7_840_016, "2889698e6bc3614913e76901316712919d1998fc2b44512451bfe65bc1e668b1"
    ),
    "train-first-10000-labels-idx1-ubyte": Content(
        10_008, "651e38e2ac0632f5113ec18f1df4977117f953197819034009971a6675a0df78"
    ),
}


class DamagedError(ValueError):
    """A file is not what its name says; the message ends a sentence that begins with the file."""


def bundled(name: str) -> bytes:
    """Return the content of a file that lies in the package."""
    file = resources.files(__package__) / "data" / f"{name}.gz"
    try:
        return unpack(file.read_bytes(), name)
    except (OSError, DamagedError) as error:
        raise ValueError(
            f"{file}, a part of this package, {_what(error)}: install landscape-core again"
        ) from error


def official(name: str, folder: str | os.PathLike[str] | None) -> bytes:
    """Return the content of one of the four official files.

    It comes from the folder if one is given, by argument or environment variable, and then from
    nowhere else. Otherwise it comes from the cache, and what is missing there from a mirror.
    """
    folder = folder or os.environ.get(FOLDER_VARIABLE)
    if folder:
        return _from_folder(name, Path(folder).expanduser())
    cache = Path(pooch.os_cache("landscape-core"))
    kept = _find(name, cache)
    if kept:
        try:
            return unpack(kept.read_bytes(), name)
        except (OSError, DamagedError) as error:
            warnings.warn(f"{kept} {_what(error)}: it is fetched again", stacklevel=3)
    archive, content = _fetch(name)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        write_whole(cache / (f"{name}.gz" if _is_gzip(archive) else name), archive)
    except OSError as error:
        warnings.warn(
            f"the cache {cache} {_what(error)}: the digits are complete, but have to be fetched "
            f"again next time; make room there, or name a folder with the files by "
            f"{FOLDER_VARIABLE}",
            stacklevel=3,
        )
    return content


def unpack(archive: bytes, name: str) -> bytes:
    """Return the content of a file, gzipped or not, if it is the right one.

    Raises
    ------
    DamagedError
        Whatever differs from the right content, the checksum notices; the message says what it
        looks like.
    """
    size, sha256 = CONTENTS[name]
    content, trouble = _gunzip(archive, size) if _is_gzip(archive) else (archive, None)
    if trouble is None and hashlib.sha256(content).hexdigest() == sha256:
        return content
    raise DamagedError(trouble or _describe(content, name))


def _is_gzip(archive: bytes) -> bool:
    return archive.startswith(b"\x1f\x8b")


def _gunzip(archive: bytes, size: int) -> tuple[bytes, str | None]:
    """Return at most one byte more than the wanted size, and what is wrong with the archive."""
    decompressor = zlib.decompressobj(wbits=31)
    try:
        content = decompressor.decompress(archive, size + 1)
    except zlib.error as error:
        return b"", f"is a damaged gzip archive ({error})"
    if len(content) > size:
        return content, f"unpacks to more than the {size:,} bytes it should hold"
    if not decompressor.eof:
        return content, f"is a gzip archive that breaks off after {len(archive):,} bytes"
    if decompressor.unused_data:
        return content, f"has {len(decompressor.unused_data):,} bytes after the end of its archive"
    return content, None


def _describe(content: bytes, name: str) -> str:
    """Say what a content looks like that has not the right checksum."""
    size = CONTENTS[name].size
    right, wrong = ("images", "labels") if "images" in name else ("labels", "images")
    magic = {"images": b"\0\0\x08\3", "labels": b"\0\0\x08\1"}
    start = content[:200].lstrip().lower()
    if not content:
        return "is empty"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, probably a server's error message, not data"
    if content[:2] == b"PK":
        return "is a zip archive, not the gzip or IDX file of that name"
    if content.startswith(magic[wrong]):
        return f"holds {wrong}, not {right}"
    if not content.startswith(magic[right]):
        return f"is no IDX file of bytes: it begins with 0x{content[:4].hex()}"
    if len(content) != size:
        return f"holds {len(content):,} bytes, where {size:,} belong"
    sha256 = hashlib.sha256(content).hexdigest()
    return f"has the right size but another content: its SHA-256 is {sha256}"


def _what(error: Exception) -> str:
    """Turn an error into the end of a sentence about a file."""
    if isinstance(error, OSError):
        return f"cannot be used ({error.strerror or error})"
    return str(error)


def _find(name: str, folder: Path) -> Path | None:
    """Return the file as it is published, or uncompressed, if either is there."""
    return next((p for p in (folder / f"{name}.gz", folder / name) if p.exists()), None)


def _from_folder(name: str, folder: Path) -> bytes:
    remedy = (
        f"put the official file there, or leave the folder and {FOLDER_VARIABLE} out "
        "to have it fetched"
    )
    if not folder.is_dir():
        raise FileNotFoundError(f"the folder {folder} does not exist or is a file: {remedy}")
    file = _find(name, folder)
    if not file:
        raise FileNotFoundError(f"{folder} holds neither {name}.gz nor {name}: {remedy}")
    try:
        return unpack(file.read_bytes(), name)
    except (OSError, DamagedError) as error:
        raise ValueError(f"{file} {_what(error)}: {remedy}") from error


def _fetch(name: str) -> tuple[bytes, bytes]:
    """Return the archive and the content of a file from the first mirror that gives the right one.

    Both are held in memory and checked before anything is written: a download that breaks off
    leaves nothing behind.
    """
    failures = []
    for attempt in range(ROUNDS * len(MIRRORS)):
        if attempt and attempt % len(MIRRORS) == 0:
            time.sleep(PAUSE)
        url = f"{MIRRORS[attempt % len(MIRRORS)]}{name}.gz"
        pooch.get_logger().info("Fetching %s", url)
        try:
            archive = _download(url, CONTENTS[name].size + OVERHEAD)
            return archive, unpack(archive, name)
        except (OSError, ValueError) as error:  # what requests raises is an OSError
            failures.append(f"{url} {_what(error)}")
    raise ConnectionError(
        f"{name}.gz could not be fetched:\n  "
        + "\n  ".join(failures)
        + "\nTry again with a working connection, or put the file into a folder "
        f"and name it by the argument folder or the variable {FOLDER_VARIABLE}"
    )


def _download(url: str, largest: int) -> bytes:
    """Return what a server sends, if it sends no more than that and all of it in time.

    A thread of its own does the work: no other way ends a look-up of the name, or a body that
    drips byte by byte, after a given time.
    """
    body = _Body(largest)
    responses: list[Any] = []
    failure: list[Exception] = []
    download = pooch.HTTPDownloader(
        progressbar=sys.stderr is not None and sys.stderr.isatty(),
        chunk_size=1 << 16,
        timeout=SILENCE,
        hooks={"response": lambda response, **_: responses.append(response)},
    )

    def work() -> None:
        try:
            download(url, body, None)
        except Exception as error:
            failure.append(error)
        for response in responses:  # pooch leaves those open that end in an error
            response.close()

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(LIMIT)
    if thread.is_alive():
        body.close()  # the next write ends the thread
        raise TimeoutError(f"no complete file in {LIMIT:g} seconds")
    if failure:
        raise failure[0]
    return body.getvalue()


class _Body(io.BytesIO):
    """What a server has sent so far, up to a size."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest

    def write(self, chunk: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(chunk) > self.largest:
            raise DamagedError(f"sent more than {self.largest:,} bytes")
        return super().write(chunk)
