"""The writer of animations, as a reader of its files sees it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from celluloid import Camera
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image, ImageSequence

from landscape_core.gif import GifWriter


class Counted(Artist):
    """An artist that counts how often it is drawn."""

    times = 0

    def draw(self, renderer):
        """Draw nothing."""
        self.times += 1


@pytest.fixture
def figure():
    """Give a figure with a label, and the style back afterwards."""
    with plt.rc_context():
        yield Figure(figsize=(2, 1.5), dpi=80, label="A dot moves\nto the right.")


def moving_dot(figure, frames=5):
    """Animate a dot over a colourful ground."""
    figure.figimage(np.random.default_rng(0).random((120, 160, 3)))
    dot = figure.text(0, 0.5, "●", size=20, color="C0")
    return FuncAnimation(figure, lambda frame: dot.set_x(frame / frames), frames=frames)


def frames_of(path):
    """Read a file back as an array (frames, height, width, 3) of what is shown."""
    with Image.open(path) as image:
        return np.array([f.convert("RGB") for f in ImageSequence.Iterator(image)])


def durations_of(path):
    """Read the time in milliseconds for which each frame stands."""
    with Image.open(path) as image:
        return [frame.info["duration"] for frame in ImageSequence.Iterator(image)]


def test_pace_and_rest(figure, tmp_path):
    """Frames follow each other at the given rate, and the last one rests."""
    moving_dot(figure).save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=3))
    assert durations_of(tmp_path / "dot.gif") == [100, 100, 100, 100, 3000]


@pytest.mark.parametrize("fps", [50, 49, 40, 39, 30, 24, 8, 7.5, 0.2])
def test_pace_is_right_on_average(figure, tmp_path, fps):
    """At any rate the frames together last as long as they should, to a hundredth of a second."""
    moving_dot(figure, frames=20).save(tmp_path / "dot.gif", writer=GifWriter(fps=fps, rest=0))
    times = durations_of(tmp_path / "dot.gif")
    assert len(times) == 20
    assert abs(sum(times) - 20_000 / fps) <= 5
    assert min(times) >= 20
    assert max(times) - min(times) <= 10


def test_last_frame_is_never_shorter(figure, tmp_path):
    """Without a rest the last frame stands as long as any other."""
    moving_dot(figure).save(tmp_path / "dot.gif", writer=GifWriter(fps=20, rest=0))
    assert set(durations_of(tmp_path / "dot.gif")) == {50}


def test_loops(figure, tmp_path):
    """The file says that it begins again for ever."""
    moving_dot(figure).save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1))
    with Image.open(tmp_path / "dot.gif") as image:
        assert image.info["loop"] == 0


def test_comment(figure, tmp_path):
    """The comment has the label on its first line and a frame's name on each further one."""
    names = [f"Epoche {k} – ½" for k in range(5)]
    writer = GifWriter(fps=10, rest=1, frame_names=names)
    moving_dot(figure).save(tmp_path / "dot.gif", writer=writer)
    with Image.open(tmp_path / "dot.gif") as image:
        comment = image.info["comment"].decode()
    assert comment.split("\n") == ["A dot moves to the right.", *names]


def test_comment_has_a_line_for_every_name(figure, tmp_path):
    """A name that is empty becomes its number, and one of several lines becomes one line."""
    writer = GifWriter(fps=10, rest=1, frame_names=iter(["start", "", "two\nlines", "four", " "]))
    moving_dot(figure).save(tmp_path / "dot.gif", writer=writer)
    with Image.open(tmp_path / "dot.gif") as image:
        names = image.info["comment"].decode().split("\n")[1:]
    assert names == ["start", "frame 2", "two lines", "four", "frame 5"]


def test_one_name_for_each_frame(figure, tmp_path):
    """A wrong number of names is an error that gives both numbers."""
    writer = GifWriter(fps=10, rest=1, frame_names=["only one"])
    with pytest.raises(ValueError, match="1 frame_names for 5 frames"):
        moving_dot(figure).save(tmp_path / "dot.gif", writer=writer)
    assert list(tmp_path.iterdir()) == []


def test_each_frame_is_drawn_once(figure, tmp_path):
    """Neither the first draw of an animation nor its drawing on idle costs a picture."""
    counted = figure.add_artist(Counted())
    moving_dot(figure, frames=7).save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1))
    assert counted.times == 7


def test_celluloid(figure, tmp_path):
    """A camera's animation is recorded frame by frame, over the ground that stands still."""
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-1, 4), ylim=(0, 1))
    axes.set_axis_off()
    counted = figure.add_artist(Counted())
    camera = Camera(figure)
    for x in range(4):
        axes.plot(x, 0.5, "o", color="C0", markersize=20)
        camera.snap()
    camera.animate().save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1))
    blue = (frames_of(tmp_path / "dot.gif") == [0x1F, 0x77, 0xB4]).all(-1)
    assert counted.times == 4
    columns = [np.argwhere(frame)[:, 1].mean() for frame in blue]
    np.testing.assert_allclose(columns, [32, 64, 96, 128], atol=1)


def test_paper_ink_and_accents_are_exact(figure, tmp_path):
    """However many colours there are, those of the style come out as they went in."""
    plt.rcParams["axes.prop_cycle"] = plt.cycler(color=["#D55E00", "#0072B2"])
    plt.rcParams["text.color"] = "#D6D8DC"
    figure.set_facecolor("#131416")
    moving_dot(figure).save(tmp_path / "before.gif", writer=GifWriter(fps=10, rest=1))
    for x, color in ((0.1, "#D55E00"), (0.3, "#0072B2"), (0.5, "#D6D8DC"), (0.7, "#131416")):
        figure.add_artist(plt.Rectangle((x, 0.1), 0.1, 0.2, color=color))
    moving_dot(figure).save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1))
    shown = frames_of(tmp_path / "dot.gif")[-1]
    assert len(np.unique(frames_of(tmp_path / "before.gif")[0].reshape(-1, 3), axis=0)) > 200
    assert shown[95, 24].tolist() == [0xD5, 0x5E, 0x00]
    assert shown[95, 56].tolist() == [0x00, 0x72, 0xB2]
    assert shown[95, 88].tolist() == [0xD6, 0xD8, 0xDC]
    assert shown[95, 120].tolist() == [0x13, 0x14, 0x16]


def test_few_colours_are_exact(figure, tmp_path):
    """A picture of no more than 255 colours loses nothing."""
    ground = np.random.default_rng(0).integers(0, 256, (120, 160, 3))[::40, ::40]
    ground = ground.repeat(40, axis=0).repeat(40, axis=1).astype(np.uint8)
    figure.figimage(ground, origin="upper")
    FuncAnimation(figure, lambda frame: None, frames=1).save(
        tmp_path / "still.gif", writer=GifWriter(fps=10, rest=1)
    )
    np.testing.assert_array_equal(frames_of(tmp_path / "still.gif")[0], ground)


def test_what_stands_still_stays_the_same(figure, tmp_path):
    """No pixel flickers where nothing moves, and there it costs next to no bytes."""
    moving_dot(figure, frames=1).save(tmp_path / "one.gif", writer=GifWriter(fps=10, rest=1))
    moving_dot(figure, frames=20).save(tmp_path / "all.gif", writer=GifWriter(fps=10, rest=1))
    shown = frames_of(tmp_path / "all.gif")
    assert (shown[:, :30] == shown[0, :30]).all()
    sizes = [(tmp_path / name).stat().st_size for name in ("one.gif", "all.gif")]
    assert sizes[1] < 2 * sizes[0]


def test_equal_frames_become_one(figure, tmp_path):
    """Equal frames in a row are stored once, for the sum of their times, by both ends' names."""
    dot = figure.text(0, 0.5, "●", size=20)
    animation = FuncAnimation(figure, dot.set_x, frames=[0.2, 0.2, 0.2, 0.5, 0.8, 0.8])
    writer = GifWriter(fps=10, rest=1, frame_names="abcdef")
    animation.save(tmp_path / "dot.gif", writer=writer)
    with Image.open(tmp_path / "dot.gif") as image:
        names = image.info["comment"].decode().split("\n")[1:]
    assert names == ["a – c", "d", "e – f"]
    assert durations_of(tmp_path / "dot.gif") == [300, 100, 1100]


def test_longest_time(figure, tmp_path):
    """Frames that look alike for longer than the format can say are refused, with the limit."""
    animation = FuncAnimation(figure, lambda frame: None, frames=7)
    with pytest.raises(ValueError, match=r"nothing moves for 700.00 seconds: .* is 655\.35"):
        animation.save(tmp_path / "dot.gif", writer=GifWriter(fps=0.01, rest=0))
    assert list(tmp_path.iterdir()) == []


def test_paper(figure, tmp_path):
    """A facecolor takes the place of the figure's own, and what shows through shows white."""
    animation = FuncAnimation(figure, lambda frame: None, frames=1)
    figure.set_facecolor((1, 0, 0, 0.4))
    for facecolor, pixel in (("#0072B2", [0, 0x72, 0xB2]), ("auto", [255, 153, 153])):
        animation.save(
            tmp_path / "dot.gif",
            writer=GifWriter(fps=10, rest=1),
            savefig_kwargs={"facecolor": facecolor},
        )
        assert frames_of(tmp_path / "dot.gif")[0, 5, 5].tolist() == pixel
        assert figure.get_facecolor() == (1, 0, 0, 0.4)
    with GifWriter(fps=10, rest=1).saving(figure, tmp_path / "dot.gif", None) as writer:
        writer.grab_frame()
    assert frames_of(tmp_path / "dot.gif")[0, 5, 5].tolist() == [255, 153, 153]


def test_other_options_of_savefig(figure, tmp_path):
    """An option of savefig that could only be ignored is refused before a frame is drawn."""
    counted = figure.add_artist(Counted())
    with pytest.raises(TypeError, match=r"savefig_kwargs hold pad_inches: .* facecolor alone"):
        moving_dot(figure).save(
            tmp_path / "dot.gif",
            writer=GifWriter(fps=10, rest=1),
            savefig_kwargs={"pad_inches": 1},
        )
    assert counted.times == 0


def test_resolution(figure, tmp_path):
    """The file has the figure's pixels, or as many as asked for, and the figure keeps its own."""
    animation = moving_dot(figure)
    animation.save(tmp_path / "plain.gif", writer=GifWriter(fps=10, rest=1))
    animation.save(tmp_path / "fine.gif", writer=GifWriter(fps=10, rest=1), dpi=160)
    assert frames_of(tmp_path / "plain.gif").shape[1:3] == (120, 160)
    assert frames_of(tmp_path / "fine.gif").shape[1:3] == (240, 320)
    assert figure.dpi == 80


def test_same_bytes_twice(tmp_path):
    """The same animation gives the same file."""
    for name in ("first.gif", "second.gif"):
        figure = Figure(figsize=(2, 1.5), dpi=80)
        moving_dot(figure).save(tmp_path / name, writer=GifWriter(fps=10, rest=1))
    assert (tmp_path / "first.gif").read_bytes() == (tmp_path / "second.gif").read_bytes()


def test_failure_leaves_the_old_file_and_nothing_else(figure, tmp_path):
    """An animation that breaks off changes no file and gives the canvas back."""
    (tmp_path / "dot.gif").write_bytes(b"old")
    canvas = figure.canvas

    def fail(frame):
        if frame == 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        FuncAnimation(figure, fail, frames=5).save(
            tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1)
        )
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
    assert figure.canvas is canvas


def test_frames_of_different_sizes(figure, tmp_path):
    """A figure that grows between two frames is refused with both sizes."""
    animation = FuncAnimation(figure, lambda k: figure.set_size_inches(2 + k, 3), frames=2)
    with pytest.raises(ValueError, match="frame 2 has 240 × 240 pixels after 160 × 240"):
        animation.save(tmp_path / "dot.gif", writer=GifWriter(fps=10, rest=1))


def test_no_frame(figure, tmp_path):
    """Recording nothing is an error that says what to do."""
    with (
        pytest.raises(ValueError, match="grab one or more"),
        GifWriter(fps=10, rest=1).saving(figure, tmp_path / "none.gif", None),
    ):
        pass


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fps": 0.001, "rest": 1}, r"fps is 0\.001: choose from 0.01 to 50"),
        ({"fps": 51, "rest": 1}, "fps is 51"),
        ({"fps": "10", "rest": 1}, "fps is '10'"),
        ({"fps": float("nan"), "rest": 1}, "fps is nan"),
        ({"fps": 10, "rest": -1}, "rest is -1: choose from 0 to 600"),
    ],
)
def test_out_of_range(arguments, message):
    """Values that the format or its viewers cannot show are refused, with the range."""
    with pytest.raises(ValueError, match=message):
        GifWriter(**arguments)


def test_wide_areas_are_exact(figure, tmp_path):
    """Among thousands of colours those that cover most keep their own."""
    animation = moving_dot(figure)
    bands = np.random.default_rng(1).integers(0, 256, (2, 20, 3), np.uint8)
    bands = bands.repeat(20, axis=0).repeat(8, axis=1)
    figure.figimage(bands, origin="upper")
    animation.save(tmp_path / "bands.gif", writer=GifWriter(fps=10, rest=1))
    shown = frames_of(tmp_path / "bands.gif")[-1]
    assert len(np.unique(shown[:80].reshape(-1, 3), axis=0)) > 100
    np.testing.assert_array_equal(shown[-40:], bands)
