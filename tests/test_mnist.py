"""Digits: right or refused, whatever the folder, the cache or the mirror holds."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import pickle
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pooch
import pytest

from landscape_core import Digits, _archive, load_mnist

IMAGES, LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
FULL = Path(__file__).parents[2] / "shared" / "data"  # the official files, where they are at hand
COUNT = 12  # digits in a generated file


def idx(array, magic=None):
    """Return an array of bytes as the content of an IDX file."""
    magic = magic or bytes([0, 0, 8, array.ndim])
    return magic + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def pack(content):
    """Gzip without a time stamp."""
    return gzip.compress(content, mtime=0)


RANDOM = np.random.default_rng(8)
PIXELS = RANDOM.integers(0, 256, (COUNT, 28, 28), dtype=np.uint8)
PIXELS[:, ::2] = 0  # paper, so that it can be compressed
DIGITS = RANDOM.integers(0, 10, COUNT, dtype=np.uint8)
CONTENT = {IMAGES: idx(PIXELS), LABELS: idx(DIGITS)}
GOOD = {name: pack(content) for name, content in CONTENT.items()}
RAW, GZ = CONTENT[IMAGES], GOOD[IMAGES]


def flipped(content, place, bit=1):
    """Return the content with one bit changed."""
    changed = bytearray(content)
    changed[place] ^= bit
    return bytes(changed)


def zipped(content):
    """Return the content as the one member of a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(IMAGES, content)
    return buffer.getvalue()


HTML = b"<!DOCTYPE html><html><title>403 Forbidden</title></html>"
DAMAGES = {
    "empty": (b"", "is empty"),
    "one byte": (b"\x1f", "begins with 0x1f"),
    "a gzipped nothing": (pack(b""), "is empty"),
    "a web page": (HTML, "web page"),
    "a web page after blank lines": (b"\n\n  <HTML><body>Moved</body>", "web page"),
    "an XML error": (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code>", "web page"),
    "a gzipped web page": (pack(HTML), "web page"),
    "a JSON error": (b'{"error": "not found"}', "no IDX file of bytes"),
    "plain text": (b"404 page not found\n", "no IDX file of bytes: it begins with 0x34303420"),
    "a zip archive": (zipped(RAW), "zip archive"),
    "a bzip2 archive": (bz2.compress(RAW), "no IDX file"),
    "an xz archive": (lzma.compress(RAW), "no IDX file"),
    "a pickle": (pickle.dumps(PIXELS), "no IDX file"),
    "a pointer to a large file": (b"version https://git-lfs.github.com/spec/v1", "no IDX file"),
    "a gzip header alone": (GZ[:10], "breaks off after 10 bytes"),
    "half an archive": (GZ[: len(GZ) // 2], "breaks off"),
    "all but the last byte": (GZ[:-1], "breaks off"),
    "no gzip trailer": (GZ[:-8], "breaks off"),
    "a wrong gzip checksum": (flipped(GZ, -8), "damaged gzip archive"),
    "a wrong gzip length": (flipped(GZ, -4), "damaged gzip archive"),
    "a flipped bit in the archive": (flipped(GZ, len(GZ) // 2), "damaged gzip archive|SHA-256"),
    "zeros in the archive": (GZ[:400] + bytes(200) + GZ[600:], "gzip archive|SHA-256|unpacks"),
    "another compression method": (flipped(GZ, 2), "damaged gzip archive"),
    "bytes after the archive": (GZ + b"<!-- cached -->", "15 bytes after the end"),
    "two archives in one": (GZ + GZ, "bytes after the end"),
    "gzipped twice": (pack(GZ), "no IDX file"),
    "far more than fits": (pack(bytes(10_000_000)), "unpacks to more than the 9,424 bytes"),
    "labels as images, gzipped": (GOOD[LABELS], "holds labels, not images"),
    "labels as images": (CONTENT[LABELS], "holds labels, not images"),
    "a count one too low": (flipped(RAW, 7), "SHA-256"),
    "a count one too high": (RAW[:7] + b"\x0d" + RAW[8:], "SHA-256"),
    "27 rows": (RAW[:11] + b"\x1b" + RAW[12:], "SHA-256"),
    "little-endian": (RAW[3::-1] + RAW[4:], "no IDX file"),
    "floats by its header": (RAW[:2] + b"\x0d" + RAW[3:], "begins with 0x00000d03"),
    "four dimensions": (RAW[:3] + b"\x04" + RAW[4:], "begins with 0x00000804"),
    "a header alone": (RAW[:16], "holds 16 bytes, where 9,424 belong"),
    "a byte too few": (RAW[:-1], "holds 9,423 bytes"),
    "a byte too many": (RAW + b"\0", "holds 9,425 bytes"),
    "the last digit missing": (idx(PIXELS[:-1]), "holds 8,640 bytes"),
    "a flipped bit": (flipped(RAW, 5000), "SHA-256"),
    "a flipped bit, gzipped": (pack(flipped(RAW, -1)), "SHA-256"),
    "two digits exchanged": (idx(PIXELS[[1, 0, *range(2, COUNT)]]), "SHA-256"),
    "another data set": (idx(255 - PIXELS), "SHA-256"),
    "nothing but zeros": (bytes(len(RAW)), "begins with 0x00000000"),
    "line ends translated": (RAW.replace(b"\n", b"\r\n"), "bytes, where|begins"),
    "read as text": (RAW.decode("utf-8", "replace").encode(), "bytes, where|begins"),
}
damages = pytest.mark.parametrize(("damaged", "message"), DAMAGES.values(), ids=DAMAGES.keys())


class Server(ThreadingHTTPServer):
    """A server on loopback whose answers can be set: path → function of the request handler."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.asked = Counter()

    def url(self, path):
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request, client_address):
        """Say nothing of a client that leaves early: it is expected to."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request as its server was told."""

    def do_GET(self):
        """Answer."""
        self.server.asked[self.path] += 1
        self.server.answers.get(self.path, fails(404))(self)

    def log_message(self, *_):
        """Say nothing."""


def serves(body, length=None, **headers):
    """Answer with a body, its length stated as it is or otherwise."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def fails(status, body=HTML):
    """Answer with an error."""

    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirects(path):
    """Answer with another address."""

    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def breaks_off(handler):
    """Send half a file, without a length, and hang up."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(GZ[: len(GZ) // 2])


def hangs_up(handler):
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def talks_nonsense(handler):
    """Answer in no known protocol."""
    handler.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")


def stalls(handler):
    """Send a little, then nothing more."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(GZ)))
    handler.end_headers()
    handler.wfile.write(GZ[:100])
    time.sleep(3)


def never_answers(handler):
    """Take the request and keep silent."""
    time.sleep(3)


def drips(handler):
    """Send a byte now and then, often enough to be alive, too slowly to end."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(GZ)))
    handler.end_headers()
    for byte in GZ[:30]:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.1)


def never_ends(handler):
    """Send more than the file could ever hold."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(bytes(1 << 16))


def bad_chunks(handler):
    """Announce a chunk of a length that is no number."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"zz\r\n" + GZ)


TROUBLES = {
    "403": fails(403),
    "404": fails(404),
    "410": fails(410, b""),
    "429": fails(429),
    "500": fails(500),
    "503": fails(503),
    "no content": lambda handler: (handler.send_response(204), handler.end_headers()),
    "a web page": serves(HTML),
    "a promise of more": serves(GZ, length=len(GZ) + 100),
    "a promise of less": serves(GZ, length=len(GZ) - 100),
    "breaks off": breaks_off,
    "hangs up": hangs_up,
    "talks nonsense": talks_nonsense,
    "stalls": stalls,
    "never answers": never_answers,
    "drips": drips,
    "never ends": never_ends,
    "bad chunks": bad_chunks,
    "false encoding": serves(RAW, Content_Encoding="gzip"),
    "turns in circles": redirects(f"/one/{IMAGES}.gz"),
    "redirects to nowhere": redirects("/nowhere"),
    "redirects to a login": redirects("/login"),
    "redirects off the web": redirects("ftp://127.0.0.1/"),
}


@pytest.fixture
def server(monkeypatch):
    """Run a server with two mirrors that serve the small files rightly."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for mirror in ("one", "two"):
        for name, archive in GOOD.items():
            server.answers[f"/{mirror}/{name}.gz"] = serves(archive)
    server.answers["/login"] = serves(HTML)
    monkeypatch.setattr(_archive, "MIRRORS", (server.url("/one/"), server.url("/two/")))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """Use a cache of this test's own, and official files of twelve digits."""
    folder = tmp_path / "cache"
    contents = {
        name: _archive.Content(len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
    }
    monkeypatch.setattr(_archive, "CONTENTS", _archive.CONTENTS | contents)
    monkeypatch.setattr(pooch, "os_cache", lambda _: folder)
    monkeypatch.setattr(_archive, "PAUSE", 0.0)
    monkeypatch.delenv(_archive.FOLDER_VARIABLE, raising=False)
    return folder


@pytest.fixture(params=TROUBLES, ids=TROUBLES.keys())
def trouble(request, monkeypatch):
    """Give each kind of misbehaviour, and little patience for those that take time."""
    if request.param in ("stalls", "never answers", "drips"):
        monkeypatch.setattr(_archive, "SILENCE", 1.0)
        monkeypatch.setattr(_archive, "LIMIT", 2.0)
        monkeypatch.setattr(_archive, "ROUNDS", 1)
    return TROUBLES[request.param]


@pytest.fixture
def no_network(monkeypatch):
    """Let every attempt to open a connection fail the test."""

    def refuse(*_):
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def is_right(digits):
    """Tell whether these are the small files' digits."""
    expected = PIXELS.reshape(COUNT, -1).astype(np.float32) / np.float32(255)
    return np.array_equal(digits.images, expected) and np.array_equal(digits.labels, DIGITS)


def files(folder):
    """Return the names of all files in a folder."""
    return sorted(file.name for file in folder.iterdir())


class TestBundled:
    """The digits that travel with the package."""

    def test_pixels_labels_and_targets(self):
        """Pixels are float32 divided by 255, labels whole numbers, targets one-hot."""
        digits = load_mnist(1000)
        assert digits.images.shape == (1000, 784)
        assert digits.images.dtype == np.float32
        assert digits.labels.dtype == np.int64
        assert (digits.images.min(), digits.images.max()) == (0, 1)
        whole = digits.images.astype(np.float64) * 255
        np.testing.assert_allclose(whole, whole.round(), rtol=0, atol=1e-4)
        assert digits.targets.dtype == np.float64
        np.testing.assert_array_equal(digits.targets.argmax(axis=1), digits.labels)
        np.testing.assert_array_equal(digits.targets.sum(axis=1), 1)
        assert digits.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]

    @pytest.mark.parametrize("n", [1, 10_000, np.int64(7)])
    def test_range(self, n):
        """From one digit to ten thousand, they are the first of all."""
        digits = load_mnist(n)
        assert len(digits) == len(digits.images) == n
        np.testing.assert_array_equal(digits.images[0], load_mnist(1).images[0])

    @pytest.mark.usefixtures("no_network")
    def test_no_network_and_no_cache(self, monkeypatch):
        """Neither a network nor a cache nor a folder is looked at."""
        monkeypatch.setattr(_archive, "official", None)
        load_mnist(10_000)

    def test_damaged_package(self, monkeypatch):
        """A damaged file in the package is refused with the remedy."""
        name = "train-first-10000-labels-idx1-ubyte"
        monkeypatch.setitem(_archive.CONTENTS, name, _archive.Content(10_008, "0" * 64))
        with pytest.raises(
            ValueError, match=f"{name}.gz, a part of this package, .*SHA-256.* again"
        ):
            load_mnist(5)

    def test_checksum_tells_digits_apart(self):
        """Equal digits have one checksum, others another."""
        assert load_mnist(20).checksum == load_mnist(20).checksum
        assert load_mnist(20).checksum != load_mnist(21).checksum
        some = load_mnist(20)
        assert some.checksum != Digits(some.images, (some.labels + 1) % 10).checksum

    def test_read_only_but_not_the_callers_arrays(self):
        """The digits cannot be written to; arrays that were given to them still can."""
        images, labels = np.zeros((2, 784), np.float32), np.array([3, 4])
        digits = Digits(images, labels)
        for array in (digits.images, digits.labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
        images[0], labels[0] = 1, 1


@pytest.mark.parametrize("n", [0, -1, 60_001, 10**20, 1.5, 3.0, "3", None, True, [3]])
def test_n_out_of_range(n):
    """A number of digits that cannot be had is refused with the range."""
    with pytest.raises(ValueError, match=rf"n is {re.escape(repr(n))}: .* from 1 to 60,000"):
        load_mnist(n)


def test_n_out_of_range_of_the_test_split():
    """The test split has its own range."""
    with pytest.raises(ValueError, match=r"n is 10001: .* from 1 to 10,000"):
        load_mnist(10_001, "test")


@pytest.mark.parametrize("split", ["", "Test", "validation", None, 3, ["train"]])
def test_unknown_split(split):
    """A split that does not exist is refused with the choices."""
    with pytest.raises(ValueError, match=rf"split is {re.escape(repr(split))}: choose 'train' or"):
        load_mnist(5, split)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros(784), [3], r"images are float64 of shape \(784,\)"),
        (np.zeros((0, 784)), [], r"shape \(0, 784\): .* n at least 1"),
        (np.zeros((1, 28, 28)), [3], r"shape \(1, 28, 28\)"),
        (np.zeros((1, 784), np.uint8), [3], "images are uint8"),
        (np.full((1, 784), np.nan), [3], "images hold a number that is not finite"),
        (np.zeros((2, 784)), [3], r"labels are int64 of shape \(1,\): .*shape \(2,\)"),
        (np.zeros((1, 784)), [3.0], "labels are float64"),
        (np.zeros((1, 784)), [[0, 1]], r"labels are int64 of shape \(1, 2\)"),
        (np.zeros((2, 784)), [3, 10], "labels hold 10: each must be from 0 to 9"),
        (np.zeros((2, 784)), [-1, 3], "labels hold -1"),
    ],
)
def test_arrays_that_are_no_digits(images, labels, message):
    """Images and labels that do not fit are refused with what was found."""
    with pytest.raises(ValueError, match=message):
        Digits(images, labels)


@pytest.mark.usefixtures("no_network")
class TestFolder:
    """Files in a folder that the caller names."""

    @pytest.fixture
    def folder(self, cache, tmp_path):
        """Fill a folder with the small files."""
        folder = tmp_path / "mine"
        folder.mkdir()
        for name, archive in GOOD.items():
            (folder / f"{name}.gz").write_bytes(archive)
        return folder

    def test_gzipped(self, folder, cache):
        """Published archives are read, and nothing is cached."""
        assert is_right(load_mnist(COUNT, "test", folder))
        assert is_right(load_mnist(COUNT, "test", str(folder)))
        assert not cache.exists()

    def test_unzipped(self, folder):
        """So are their uncompressed contents."""
        for name, content in CONTENT.items():
            (folder / f"{name}.gz").unlink()
            (folder / name).write_bytes(content)
        assert is_right(load_mnist(COUNT, "test", folder))

    def test_named_by_the_environment(self, folder, monkeypatch, tmp_path):
        """The environment names the folder; an argument comes first."""
        monkeypatch.setenv(_archive.FOLDER_VARIABLE, str(folder))
        assert is_right(load_mnist(COUNT, "test"))
        with pytest.raises(FileNotFoundError):
            load_mnist(COUNT, "test", tmp_path)

    def test_fewer_digits(self, folder):
        """The first n are the first n."""
        digits = load_mnist(5, "test", folder)
        np.testing.assert_array_equal(digits.labels, DIGITS[:5])

    @damages
    @pytest.mark.parametrize("suffix", [".gz", ""])
    def test_damaged(self, folder, damaged, message, suffix):
        """A damaged file is refused with its name, what it is and what to do, and left alone."""
        (folder / f"{IMAGES}.gz").unlink()
        file = folder / (IMAGES + suffix)
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match=rf"{file} .*({message}).*: put the official file"):
            load_mnist(COUNT, "test", folder)
        assert file.read_bytes() == damaged

    def test_damaged_labels(self, folder):
        """Labels are checked as images are."""
        (folder / f"{LABELS}.gz").write_bytes(GZ)
        with pytest.raises(ValueError, match=f"{LABELS}.gz .*more than the 20 bytes"):
            load_mnist(COUNT, "test", folder)
        (folder / f"{LABELS}.gz").write_bytes(RAW)
        with pytest.raises(ValueError, match=f"{LABELS}.gz holds images, not labels"):
            load_mnist(COUNT, "test", folder)

    def test_missing_file(self, folder):
        """A missing file is named, and how to get it."""
        (folder / f"{LABELS}.gz").unlink()
        with pytest.raises(FileNotFoundError, match=f"neither {LABELS}.gz nor {LABELS}: put the"):
            load_mnist(COUNT, "test", folder)

    @pytest.mark.parametrize("name", ["nowhere", "file"])
    def test_no_folder(self, cache, tmp_path, name):
        """A folder that is none is named."""
        (tmp_path / "file").touch()
        with pytest.raises(FileNotFoundError, match=f"{name} does not exist or is a file"):
            load_mnist(COUNT, "test", tmp_path / name)

    def test_a_folder_where_the_file_should_be(self, folder):
        """What cannot be read is named with the system's reason."""
        (folder / f"{IMAGES}.gz").unlink()
        (folder / f"{IMAGES}.gz").mkdir()
        with pytest.raises(ValueError, match=f"{IMAGES}.gz cannot be used"):
            load_mnist(COUNT, "test", folder)


class TestFetching:
    """Files from mirrors, some of which misbehave."""

    def test_fetched_once(self, cache, server, no_network_later):
        """Both files are fetched, checked, kept, and then read without a network."""
        assert is_right(load_mnist(COUNT, "test"))
        assert files(cache) == [f"{IMAGES}.gz", f"{LABELS}.gz"]
        assert (cache / f"{IMAGES}.gz").read_bytes() == GZ
        no_network_later()
        assert is_right(load_mnist(COUNT, "test"))
        assert server.asked == {f"/one/{IMAGES}.gz": 1, f"/one/{LABELS}.gz": 1}

    @pytest.mark.usefixtures("no_network")
    def test_unzipped_by_the_user(self, cache):
        """A cache whose files were unzipped still serves."""
        cache.mkdir()
        for name, content in CONTENT.items():
            (cache / name).write_bytes(content)
        assert is_right(load_mnist(COUNT, "test"))

    def test_first_mirror_in_trouble(self, cache, server, trouble):
        """Whatever the first mirror does, the second one's file is taken, and only it is kept."""
        server.answers[f"/one/{IMAGES}.gz"] = trouble
        assert is_right(load_mnist(COUNT, "test"))
        assert server.asked[f"/two/{IMAGES}.gz"] == 1
        assert files(cache) == [f"{IMAGES}.gz", f"{LABELS}.gz"]

    def test_both_mirrors_in_trouble(self, cache, server, trouble):
        """No mirror, no digits: one error tells what each did and what can be done."""
        for mirror in ("one", "two"):
            server.answers[f"/{mirror}/{IMAGES}.gz"] = trouble
        with pytest.raises(ConnectionError) as caught:
            load_mnist(COUNT, "test")
        message = str(caught.value)
        assert message.startswith(f"{IMAGES}.gz could not be fetched")
        assert message.count(server.url("/one/")) >= _archive.ROUNDS
        assert message.count(server.url("/two/")) >= _archive.ROUNDS
        assert "argument folder or the variable LANDSCAPE_DATA" in message
        assert not cache.exists()

    @damages
    def test_damaged_on_a_mirror(self, cache, server, damaged, message):
        """A damaged file is not kept; the other mirror's is."""
        server.answers[f"/one/{IMAGES}.gz"] = serves(damaged)
        assert is_right(load_mnist(COUNT, "test"))
        assert files(cache) == [f"{IMAGES}.gz", f"{LABELS}.gz"]
        assert (cache / f"{IMAGES}.gz").read_bytes() == GZ

    @damages
    def test_damaged_in_the_cache(self, cache, server, damaged, message):
        """A damaged file in the cache is noticed, said, fetched again and replaced."""
        load_mnist(COUNT, "test")
        (cache / f"{IMAGES}.gz").write_bytes(damaged)
        with pytest.warns(UserWarning, match=rf"{IMAGES}.gz .*({message}).*: it is fetched again"):
            assert is_right(load_mnist(COUNT, "test"))
        assert (cache / f"{IMAGES}.gz").read_bytes() == GZ
        assert is_right(load_mnist(COUNT, "test"))

    def test_recovers_in_the_second_round(self, cache, server):
        """Mirrors that were busy once are asked again."""
        answers = [fails(503), serves(GZ)]
        server.answers[f"/one/{IMAGES}.gz"] = lambda handler: answers.pop(0)(handler)
        server.answers[f"/two/{IMAGES}.gz"] = fails(503)
        assert is_right(load_mnist(COUNT, "test"))

    def test_bounded_attempts(self, cache, server):
        """A dead file is asked for a few times, not for ever."""
        for mirror in ("one", "two"):
            server.answers[f"/{mirror}/{IMAGES}.gz"] = fails(503)
        with pytest.raises(ConnectionError, match="503"):
            load_mnist(COUNT, "test")
        assert server.asked == {f"/one/{IMAGES}.gz": 2, f"/two/{IMAGES}.gz": 2}

    def test_follows_a_redirect(self, cache, server):
        """A mirror may move its files."""
        server.answers[f"/one/{IMAGES}.gz"] = redirects("/moved")
        server.answers["/moved"] = serves(GZ)
        assert is_right(load_mnist(COUNT, "test"))
        assert server.asked[f"/two/{IMAGES}.gz"] == 0

    @pytest.mark.parametrize("body", [GZ, RAW], ids=["gzipped", "unzipped"])
    def test_archive_declared_as_an_encoding(self, cache, server, body):
        """A server that has the client unpack the archive, or did so itself, serves as well."""
        if body is GZ:
            server.answers[f"/one/{IMAGES}.gz"] = serves(GZ, Content_Encoding="gzip")
        else:
            server.answers[f"/one/{IMAGES}.gz"] = serves(RAW)
        assert is_right(load_mnist(COUNT, "test"))
        assert files(cache) == [IMAGES, f"{LABELS}.gz"]
        assert is_right(load_mnist(COUNT, "test"))
        assert server.asked[f"/one/{IMAGES}.gz"] == 1

    def test_no_bar_without_a_terminal(self, cache, server, capsys):
        """In a log there is no progress bar."""
        load_mnist(COUNT, "test")
        assert "%" not in capsys.readouterr().err

    def test_bar_on_a_terminal(self, cache, server, capsys, monkeypatch):
        """On a terminal there is one."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        load_mnist(COUNT, "test")
        assert "100%" in capsys.readouterr().err

    def test_cache_that_cannot_be_written(self, cache, server):
        """Without a cache the digits are loaded all the same, and it is said."""
        cache.write_text("a file where the cache should be")
        with pytest.warns(UserWarning, match=r"the cache .*cache cannot be used .*LANDSCAPE_DATA"):
            assert is_right(load_mnist(COUNT, "test"))
        assert cache.read_text() == "a file where the cache should be"

    def test_full_disk(self, cache, server, monkeypatch):
        """A disk that is full leaves no part of a file, and the digits are loaded all the same."""

        def full(_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(_archive.write_whole.__globals__["os"], "fsync", full)
        with pytest.warns(UserWarning, match="No space left on device"):
            assert is_right(load_mnist(COUNT, "test"))
        assert files(cache) == []

    def test_interrupted_by_the_user(self, cache, server, monkeypatch):
        """An interruption while writing leaves no part of a file either."""

        def interrupt(_):
            raise KeyboardInterrupt

        monkeypatch.setattr(_archive.write_whole.__globals__["os"], "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            load_mnist(COUNT, "test")
        assert files(cache) == []

    def test_eight_at_once(self, cache, server):
        """Threads that race for one cache all get the right digits."""
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: load_mnist(COUNT, "test"), range(8)))
        assert all(is_right(digits) for digits in results)
        assert files(cache) == [f"{IMAGES}.gz", f"{LABELS}.gz"]

    def test_processes_at_once(self, cache, server):
        """Processes that race for one cache all get the right digits."""
        processes = [start_loading(cache) for _ in range(4)]
        answers = {process.communicate()[0].decode().strip() for process in processes}
        assert [process.returncode for process in processes] == [0, 0, 0, 0]
        assert answers == {load_mnist(COUNT, "test").checksum}
        assert files(cache) == [f"{IMAGES}.gz", f"{LABELS}.gz"]

    def test_killed_at_random(self, cache, server, kills):
        """A download killed at any moment leaves a cache that the next one completes."""
        server.answers[f"/one/{IMAGES}.gz"] = slowly
        generator = np.random.default_rng(10)
        for _ in range(kills):
            process = start_loading(cache)
            while not server.asked:  # a program takes its time to begin
                time.sleep(0.01)
            time.sleep(generator.uniform(0, 0.4))
            process.kill()
            process.communicate()
            for file in cache.glob("t10k*"):
                _archive.unpack(file.read_bytes(), file.name.removesuffix(".gz"))
                file.unlink()
            server.asked.clear()
        assert is_right(load_mnist(COUNT, "test"))


def slowly(handler):
    """Send the file in a few portions."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(GZ)))
    handler.end_headers()
    for start in range(0, len(GZ), len(GZ) // 8):
        handler.wfile.write(GZ[start : start + len(GZ) // 8])
        time.sleep(0.03)


LOADING = f"""
import json, sys, pooch
from pathlib import Path
from landscape_core import _archive, load_mnist

folder, mirrors, contents = json.loads(sys.argv[1])
pooch.os_cache = lambda _: Path(folder)
_archive.MIRRORS = mirrors
_archive.CONTENTS = {{k: _archive.Content(*v) for k, v in contents.items()}}
print(load_mnist({COUNT}, "test").checksum)
"""


def start_loading(cache):
    """Start a process that loads the small files from the same mirrors into the same cache."""
    told = json.dumps([str(cache), _archive.MIRRORS, _archive.CONTENTS])
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", LOADING, told],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def no_network_later(monkeypatch):
    """Give a function from whose call on every attempt to open a connection fails the test."""

    def now():
        monkeypatch.setattr(pooch, "HTTPDownloader", None)

    return now


@pytest.mark.skipif(not FULL.exists(), reason="the official files are not at hand")
class TestOfficialFiles:
    """The real files, where they are at hand."""

    @pytest.mark.usefixtures("no_network")
    def test_train_and_test(self):
        """All sixty thousand and all ten thousand load, and begin with the bundled ones."""
        train, test = load_mnist(60_000, folder=FULL), load_mnist(10_000, "test", FULL)
        assert len(train) == 60_000
        np.testing.assert_array_equal(train.images[:10_000], load_mnist(10_000).images)
        np.testing.assert_array_equal(train.labels[:10_000], load_mnist(10_000).labels)
        assert np.bincount(test.labels).tolist() == [
            980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009
        ]  # fmt: skip

    def test_fetched_from_a_mirror(self, server, monkeypatch, tmp_path):
        """The real files pass through the real checks over HTTP."""
        monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path)
        monkeypatch.delenv(_archive.FOLDER_VARIABLE, raising=False)
        for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
            path = f"{name}.gz"
            server.answers[f"/one/{path}"] = serves(HTML)
            server.answers[f"/two/{path}"] = serves((FULL / path).read_bytes())
        assert len(load_mnist(10_001)) == 10_001
        assert files(tmp_path) == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
