r"""
Other data
==========

On an untrained network the shape of a surface is mostly the network's, and less the data's; the
article's own pair of weights is an exception.

To see that, put other data under the same weights, and look at what stays. Fashion-MNIST, KMNIST,
EMNIST and MNIST itself come as gzipped IDX files: two bytes of nothing, one for the type and one
for the number of dimensions, the length of each dimension in four bytes, and then the numbers.
Three lines read them.
"""

# %%
# Read the files
# --------------
#
# The three lines are tried on the files that come with the package, and compared with what the
# package itself reads:

import gzip
import tempfile
from importlib import resources
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from landscape_core import Network, Samples, WeightPlane, drawing, load_mnist


def read_idx(path):
    """Read a gzipped IDX file of bytes."""
    content = gzip.decompress(Path(path).read_bytes())
    shape = np.frombuffer(content, ">u4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)


folder = resources.files("landscape_core") / "data"
images = read_idx(folder / "train-first-10000-images-idx3-ubyte.gz")
labels = read_idx(folder / "train-first-10000-labels-idx1-ubyte.gz")
mnist = Samples.labelled(images.reshape(len(images), -1)[:500] / 255, labels[:500])
right = np.allclose(mnist.inputs, load_mnist(500).images, rtol=0, atol=1e-7)
print(images.shape, "as the package reads them:", right)

# %%
# Other digits to compare them with come with scikit-learn: 8 × 8 pixels, from other writers. Here
# they are first written as IDX files, which stand for any that you have. (An array that is there
# already goes into ``Samples.labelled`` as it is.) To fit the article's network, each pixel becomes
# a block of 3 × 3, with a margin of 2 around.


def write_idx(path, array):
    """Write bytes as a gzipped IDX file."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


with tempfile.TemporaryDirectory() as name:
    write_idx(Path(name, "images.gz"), load_digits().images)
    write_idx(Path(name, "labels.gz"), load_digits().target)
    images, labels = read_idx(Path(name, "images.gz")), read_idx(Path(name, "labels.gz"))
print(images.shape, "written and read again:", np.array_equal(images, load_digits().images))

large = np.pad(images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
others = Samples.labelled(large.reshape(len(large), -1)[:500] / 16, labels[:500])
print(mnist, others, sep="\n")

# %%
# Compare the surfaces
# --------------------
#
# The same weights of the same network over both: the article's pair, into the output unit for "5",
# and a pair into a hidden unit.

drawing.use_style()
network, axis = Network.random(seed=135), np.linspace(-15, 17, 40)


def costs(samples, a, b):
    """Compute a surface over two weights."""
    return WeightPlane(network, samples, a, b).landscape(axis, axis)


pairs = {"output": ((2, 5, 250), (2, 5, 251)), "hidden": ((1, 200, 30), (1, 200, 31))}
landscapes = {
    f"{kind}, {name}": costs(samples, *pair)
    for kind, pair in pairs.items()
    for name, samples in (("MNIST", mnist), ("scikit-learn", others))
}
for title, landscape in landscapes.items():
    print(f"{title}: cost from {landscape.cost.min():.5f} to {landscape.cost.max():.5f}")
figure = drawing.contours(landscapes)
figure.set_label(
    "Four maps of the cost. Over the weights into the output unit the two kinds of digits share "
    "little: a hollow, a valley and a steep edge with MNIST, with the others level ground but for "
    "the same edge, the other way up. Over those into a hidden unit both rise from left to right "
    "across one steep band."
)
for name, samples in (("MNIST", mnist), ("scikit-learn", others)):
    active = network.activations(samples.inputs, 2)[:, [250, 251]].mean(axis=0)
    print(f"{name}: units 250 and 251 have mean activations of {active[0]:.3f} and {active[1]:.3f}")

# %%
# Two pairs are only two. Here are twenty more, drawn at random, into output units. How well does
# each surface of MNIST correlate with that of the other digits, and with that of MNIST under
# shuffled labels?

generator = np.random.default_rng(1)
shuffled = Samples(mnist.inputs, generator.permutation(mnist.targets))
found = []
for _ in range(20):
    unit, (one, other) = generator.integers(10), generator.choice(500, 2, replace=False)
    surfaces = [costs(s, (2, unit, one), (2, unit, other)) for s in (mnist, others, shuffled)]
    found.append(np.corrcoef([surface.cost.ravel() for surface in surfaces])[0, 1:])
for name, r in zip(("other digits", "shuffled labels"), np.transpose(found), strict=True):
    print(f"{name}: correlation {r.min():.2f} to {r.max():.2f}, median {np.median(r):.2f}")
plt.show()

# %%
# What was found
# --------------
#
# Other digits, even digits with the wrong labels, change a surface's height more than its form. But
# not always, and the article's own pair is an exception: the units that its weights come from are
# nearly silent on the other digits, and where a unit is silent its weights change nothing.
