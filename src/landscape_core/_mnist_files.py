"""The MNIST files: in the package, in a folder or fetched into the cache, and always checked."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import zlib
from importlib import resources
from pathlib import Path

import pooch

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
ROUNDS = 2  # how often every mirror is tried
SILENCE = 15.0  # seconds without a byte after which an attempt is given up
# The SHA-256 of what the files hold: it does not depend on who compressed them.
CONTENTS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    "train-first-10000-images-idx3-ubyte": (
        "2889698e6bc3614913e76901316712919d1998fc2b44512451bfe65bc1e668b1"
    ),
    "train-first-10000-labels-idx1-ubyte": (
        "651e38e2ac0632f5113ec18f1df4977117f953197819034009971a6675a0df78"
    ),
}


def bundled(name: str) -> bytes:
    """Return the content of a file that travels with the package."""
    file = resources.files(__package__) / "data" / f"{name}.gz"
    try:
        return unpack(file.read_bytes(), name)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"a part of this package is damaged: install it again ({error})"
        ) from error


def official(name: str, folder: str | os.PathLike[str] | None) -> bytes:
    """Return the content of an official file: from a folder if one is named, else fetched once."""
    folder = folder if folder is not None else os.environ.get("LANDSCAPE_DATA") or None
    return _fetch(name) if folder is None else _find(name, Path(folder).expanduser())


def unpack(archive: bytes, name: str) -> bytes:
    """Return what a file holds, gzipped or not, if that is the published content."""
    try:
        content = gzip.decompress(archive) if archive.startswith(b"\x1f\x8b") else archive
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name} is a damaged gzip archive: {error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != CONTENTS[name]:
        raise ValueError(
            f"{name} holds {len(content):,} bytes with the SHA-256 {sha256}, which is not MNIST's"
        )
    return content


def _find(name: str, folder: Path) -> bytes:
    remedy = (
        f"put MNIST's {name}.gz there, or name no folder, by argument or LANDSCAPE_DATA, to have "
        "it fetched; for other images make Digits from arrays"
    )
    for file in (folder / f"{name}.gz", folder / name):
        if file.exists():
            try:
                return unpack(file.read_bytes(), name)
            except (OSError, ValueError) as error:
                raise ValueError(f"{file} cannot be used ({error}): {remedy}") from error
    lack = f"holds neither {name}.gz nor {name}" if folder.is_dir() else "is not a folder"
    raise FileNotFoundError(f"{folder} {lack}: {remedy}")


def _fetch(name: str) -> bytes:
    """Return the content of a file from the cache, where pooch checks it and fetches it again."""
    cache = pooch.os_cache("landscape-core")
    failures = []
    for mirror in ROUNDS * MIRRORS:
        url = f"{mirror}{name}.gz"
        try:
            file = pooch.retrieve(url, CONTENTS[name], name, cache, downloader=_download)
            return Path(file).read_bytes()
        except (OSError, ValueError) as error:  # what requests raises is an OSError
            failures.append(f"  {url}: {error}")
    raise ConnectionError(
        f"{name} could not be fetched into {cache}:\n"
        + "\n".join(failures)
        + f"\nTry again with a working connection, or put {name}.gz into a folder "
        "and name that by the argument folder or the variable LANDSCAPE_DATA"
    )


def _download(url: str, path: str, _: object) -> None:
    """Fetch an archive, and keep what it holds."""
    watched = sys.stderr is not None and sys.stderr.isatty()
    archive = io.BytesIO()
    download = pooch.HTTPDownloader(progressbar=watched, chunk_size=1 << 16, timeout=SILENCE)
    download(url, archive, None)
    name = url.rpartition("/")[2].removesuffix(".gz")
    Path(path).write_bytes(unpack(archive.getvalue(), name))
