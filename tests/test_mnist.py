"""Digits: right or refused, whatever the folder, the cache or the mirror holds."""

import bz2
import gzip
import hashlib
import io
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
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pooch
import pytest

from landscape_core import Digits, _mnist_files, load_mnist

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
    "empty": b"",
    "one byte": b"\x1f",
    "a gzipped nothing": pack(b""),
    "a web page": HTML,
    "a web page after blank lines": b"\n\n  <HTML><body>Moved</body>",
    "an XML error": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code>",
    "a gzipped web page": pack(HTML),
    "a JSON error": b'{"error": "not found"}',
    "plain text": b"404 page not found\n",
    "a zip archive": zipped(RAW),
    "a bzip2 archive": bz2.compress(RAW),
    "an xz archive": lzma.compress(RAW),
    "a pickle": pickle.dumps(PIXELS),
    "a pointer to a large file": b"version https://git-lfs.github.com/spec/v1",
    "a gzip header alone": GZ[:10],
    "half an archive": GZ[: len(GZ) // 2],
    "all but the last byte": GZ[:-1],
    "no gzip trailer": GZ[:-8],
    "a wrong gzip checksum": flipped(GZ, -8),
    "a wrong gzip length": flipped(GZ, -4),
    "a flipped bit in the archive": flipped(GZ, len(GZ) // 2),
    "zeros in the archive": GZ[:400] + bytes(200) + GZ[600:],
    "another compression method": flipped(GZ, 2),
    "bytes after the archive": GZ + b"<!-- cached -->",
    "two archives in one": GZ + GZ,
    "gzipped twice": pack(GZ),
    "far more than fits": pack(bytes(10_000_000)),
    "labels as images, gzipped": GOOD[LABELS],
    "labels as images": CONTENT[LABELS],
    "a count one too low": flipped(RAW, 7),
    "a count one too high": RAW[:7] + b"\x0d" + RAW[8:],
    "27 rows": RAW[:11] + b"\x1b" + RAW[12:],
    "little-endian": RAW[3::-1] + RAW[4:],
    "floats by its header": RAW[:2] + b"\x0d" + RAW[3:],
    "four dimensions": RAW[:3] + b"\x04" + RAW[4:],
    "a header alone": RAW[:16],
    "a byte too few": RAW[:-1],
    "a byte too many": RAW + b"\0",
    "the last digit missing": idx(PIXELS[:-1]),
    "a flipped bit": flipped(RAW, 5000),
    "a flipped bit, gzipped": pack(flipped(RAW, -1)),
    "two digits exchanged": idx(PIXELS[[1, 0, *range(2, COUNT)]]),
    "another data set": idx(255 - PIXELS),
    "nothing but zeros": bytes(len(RAW)),
    "line ends translated": RAW.replace(b"\n", b"\r\n"),
    "read as text": RAW.decode("utf-8", "replace").encode(),
}


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """Use a cache of this test's own, and official files of twelve digits."""
    for name, content in CONTENT.items():
        monkeypatch.setitem(_mnist_files.CONTENTS, name, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path / "cache")
    monkeypatch.delenv("LANDSCAPE_DATA", raising=False)
    return tmp_path / "cache"


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


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("damaged", DAMAGES.values(), ids=DAMAGES.keys())
def test_only_the_published_content_is_unpacked(damaged):
    """Whatever differs from the published content is refused by name; that itself is not."""
    assert _mnist_files.unpack(GZ, IMAGES) == _mnist_files.unpack(RAW, IMAGES) == RAW
    with pytest.raises(ValueError, match=f"^{IMAGES} (is a damaged gzip archive|holds .* SHA-256)"):
        _mnist_files.unpack(damaged, IMAGES)


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
        monkeypatch.setattr(_mnist_files, "official", None)
        load_mnist(10_000)

    def test_damaged_package(self, monkeypatch):
        """A damaged file in the package is refused with the remedy."""
        name = "train-first-10000-labels-idx1-ubyte"
        monkeypatch.setitem(_mnist_files.CONTENTS, name, "0" * 64)
        with pytest.raises(ValueError, match=rf"damaged: install it again \({name} .*SHA-256"):
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


@pytest.mark.parametrize("n", [0, -1, 60_001, 10**20, 1.5, "3", None, True, [3]])
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
        (np.ma.zeros((1, 784)), [3], "images or labels are a masked array"),
        (np.zeros((1, 784)), np.ma.array([3]), "images or labels are a masked array"),
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

    @pytest.mark.parametrize("zipped", [True, False])
    def test_gzipped_or_not(self, folder, cache, zipped):
        """Both are read, as many digits as are asked for, and nothing is cached."""
        if not zipped:
            for name, content in CONTENT.items():
                (folder / f"{name}.gz").unlink()
                (folder / name).write_bytes(content)
        assert is_right(load_mnist(COUNT, "test", folder))
        np.testing.assert_array_equal(load_mnist(5, "test", str(folder)).labels, DIGITS[:5])
        assert not cache.exists()

    def test_also_for_few_training_digits(self, folder, monkeypatch):
        """A folder that is named is looked into, though the package has these digits too."""
        for name, archive in GOOD.items():
            official = name.replace("t10k", "train")
            (folder / f"{official}.gz").write_bytes(archive)
            monkeypatch.setitem(_mnist_files.CONTENTS, official, _mnist_files.CONTENTS[name])
        assert is_right(load_mnist(COUNT, folder=folder))

    def test_named_by_the_environment(self, folder, monkeypatch, tmp_path):
        """The environment names a folder for what would be fetched; an argument comes first."""
        monkeypatch.setenv("LANDSCAPE_DATA", str(folder))
        assert is_right(load_mnist(COUNT, "test"))
        with pytest.raises(FileNotFoundError):
            load_mnist(COUNT, "test", tmp_path)
        monkeypatch.setenv("LANDSCAPE_DATA", "nowhere")
        assert len(load_mnist(COUNT)) == COUNT
        with pytest.raises(FileNotFoundError, match="nowhere is not a folder"):
            load_mnist(COUNT, "test")

    @pytest.mark.parametrize("suffix", [".gz", ""])
    @pytest.mark.parametrize("kind", ["half an archive", "a web page", "another data set"])
    def test_damaged(self, folder, kind, suffix):
        """A damaged file is refused with its name and what to do, and left alone."""
        (folder / f"{IMAGES}.gz").unlink()
        file = folder / (IMAGES + suffix)
        file.write_bytes(DAMAGES[kind])
        with pytest.raises(ValueError, match=rf"{re.escape(str(file))} cannot be used .*: put MN"):
            load_mnist(COUNT, "test", folder)
        assert file.read_bytes() == DAMAGES[kind]

    def test_missing_file(self, folder):
        """A missing file is named, and how to get it."""
        (folder / f"{LABELS}.gz").unlink()
        with pytest.raises(FileNotFoundError, match=f"neither {LABELS}.gz nor {LABELS}: put MNIST"):
            load_mnist(COUNT, "test", folder)

    @pytest.mark.parametrize("name", ["nowhere", "file"])
    @pytest.mark.parametrize("n", [5, 20_000])
    def test_no_folder(self, tmp_path, n, name):
        """A folder that is none is an error, however many digits are asked for."""
        (tmp_path / "file").touch()
        with pytest.raises(FileNotFoundError, match=f"{name} is not a folder: put"):
            load_mnist(n, folder=tmp_path / name)


class Server(ThreadingHTTPServer):
    """A server on loopback whose answers can be set: path → function of the request handler."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.asked = []

    def handle_error(self, request, client_address):
        """Pass over a client that leaves early: it is expected to."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request as its server was told."""

    def do_GET(self):
        """Answer."""
        self.server.asked.append(self.path)
        self.server.answers[self.path](self)

    def log_message(self, *_):
        """Write no log."""


def sends(body, status=200, length=None, pause=0.0):
    """Answer in eight portions with a body, its length stated as it is or otherwise."""

    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        for start in range(0, len(body), len(body) // 8):
            handler.wfile.write(body[start : start + len(body) // 8])
            time.sleep(pause)

    return answer


TROUBLES = {
    "an error": sends(HTML, status=503),
    "a web page": sends(HTML),
    "breaks off": sends(GZ[: len(GZ) // 2], length=len(GZ)),
    "never answers": lambda handler: time.sleep(3),
    "stalls": sends(GZ, pause=2),
}


@pytest.fixture
def server(cache, monkeypatch):
    """Run a server with two mirrors that serve the small files rightly."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for mirror in ("one", "two"):
        for name, archive in GOOD.items():
            server.answers[f"/{mirror}/{name}.gz"] = sends(archive)
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(_mnist_files, "MIRRORS", (f"{address}/one/", f"{address}/two/"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def kept(cache):
    """Return what a cache holds."""
    return {file.name: file.read_bytes() for file in cache.iterdir()}


class TestFetching:
    """Files from mirrors, some of which misbehave."""

    def test_fetched_once(self, cache, server):
        """Both files are fetched, checked and kept, and then no mirror is asked again."""
        for _ in range(2):
            assert is_right(load_mnist(COUNT, "test"))
            assert kept(cache) == CONTENT
            assert server.asked == [f"/one/{IMAGES}.gz", f"/one/{LABELS}.gz"]

    @pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
    def test_first_mirror_in_trouble(self, cache, server, trouble, monkeypatch):
        """Whatever the first mirror does, the second one's file is taken, and only it is kept."""
        monkeypatch.setattr(_mnist_files, "SILENCE", 1.0)
        server.answers[f"/one/{IMAGES}.gz"] = trouble
        assert is_right(load_mnist(COUNT, "test"))
        assert f"/two/{IMAGES}.gz" in server.asked
        assert kept(cache) == CONTENT

    def test_all_mirrors_in_trouble(self, cache, server):
        """No mirror, no digits: one error tells what each did, twice, and what can be done."""
        for mirror in ("one", "two"):
            server.answers[f"/{mirror}/{IMAGES}.gz"] = sends(HTML, status=503)
        with pytest.raises(ConnectionError) as caught:
            load_mnist(COUNT, "test")
        message = str(caught.value)
        assert message.startswith(f"{IMAGES} could not be fetched into {cache}:")
        assert message.count("503") == len(server.asked) == 4
        assert "argument folder or the variable LANDSCAPE_DATA" in message
        assert kept(cache) == {}

    @pytest.mark.parametrize("kind", ["empty", "half an archive", "a flipped bit"])
    def test_damaged_in_the_cache(self, cache, server, kind):
        """A damaged file in the cache is fetched again and replaced."""
        load_mnist(COUNT, "test")
        (cache / IMAGES).write_bytes(DAMAGES[kind])
        assert is_right(load_mnist(COUNT, "test"))
        assert kept(cache) == CONTENT

    @pytest.mark.parametrize("terminal", [True, False])
    def test_bar(self, server, capsys, monkeypatch, terminal):
        """A download shows a bar on a terminal, and none in a log."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
        load_mnist(COUNT, "test")
        assert ("100%" in capsys.readouterr().err) == terminal

    def test_cache_that_cannot_be_written(self, cache, server):
        """Without a cache nothing is loaded, and it is said where it should be and what to do."""
        cache.write_text("a file where the cache should be")
        with pytest.raises(ConnectionError, match=r"(?s)fetched into .*cache:.*LANDSCAPE_DATA"):
            load_mnist(COUNT, "test")
        assert cache.read_text() == "a file where the cache should be"

    def test_eight_at_once(self, cache, server):
        """Threads that race for one cache all get the right digits."""
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: load_mnist(COUNT, "test"), range(8)))
        assert all(is_right(digits) for digits in results)
        assert kept(cache) == CONTENT

    def test_killed_at_random(self, cache, server, kills):
        """A download killed at any moment leaves only right files, and the next one completes."""
        server.answers[f"/one/{IMAGES}.gz"] = sends(GZ, pause=0.03)
        generator = np.random.default_rng(10)
        for _ in range(kills):
            server.asked.clear()
            process = subprocess.Popen([sys.executable, "-c", LOADING, repr(settings_of(cache))])
            while not server.asked and process.poll() is None:  # it takes its time to begin
                time.sleep(0.01)
            time.sleep(generator.uniform(0, 0.4))
            process.kill()
            process.wait()
            for name in CONTENT.keys() & kept(cache).keys():
                assert (cache / name).read_bytes() == CONTENT[name]
                (cache / name).unlink()
        assert is_right(load_mnist(COUNT, "test"))


LOADING = f"""
import sys, pooch
from landscape_core import _mnist_files, load_mnist

folder, _mnist_files.MIRRORS, _mnist_files.CONTENTS = eval(sys.argv[1])
pooch.os_cache = lambda _: folder
load_mnist({COUNT}, "test")
"""


def settings_of(cache):
    """Return what another process must know to load the same files."""
    return str(cache), _mnist_files.MIRRORS, _mnist_files.CONTENTS


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
