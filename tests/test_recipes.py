"""The code on the page about networks of one's own, run section by section."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.special import log_softmax

from landscape_core import Network, Samples, extreme_eigenpairs, gradient
from landscape_core.export import export_plane

PAGE = Path(__file__).parents[1] / "docs" / "your_own_network.md"
if not PAGE.exists():
    pytest.skip("the page is not part of this copy", allow_module_level=True)

_, *PARTS = re.split(r"^##+ (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
SECTIONS = {
    title: "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    for title, text in zip(PARTS[::2], PARTS[1::2], strict=True)
    if "```python" in text
}
FIRST, *OTHERS = SECTIONS


def execute(title, names):
    """Run a section, or skip the test where a library is missing; return the numbers it printed."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(SECTIONS[title], f"{PAGE.name}: {title}", "exec"), names)
    except ModuleNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed")
    return [float(line) for line in re.findall(r"^[\d.e+-]+$", printed.getvalue(), re.MULTILINE)]


@pytest.fixture(scope="module")
def first():
    """Run the first section, from which all others go on."""
    names = {}
    return execute(FIRST, names), names


def test_first_section(first):
    """The first section's check prints rounding error, and the model is the lowest point."""
    (difference,), names = first
    assert difference < 1e-12
    cost, samples = names["landscape"].cost, names["samples"]
    assert cost.argmin() == cost.size // 2
    log_p = np.log(names["model"].predict_proba(names["X"]))
    direct = -(samples.targets * log_p).sum(axis=1).mean()
    np.testing.assert_allclose(cost.min(), direct, rtol=1e-9)


def same_model(tolerance):
    """Check the differences that a section prints between the network and the model."""

    def check(names, printed):
        assert printed
        assert max(printed) < tolerance

    return check


def pytorch(names, printed):
    """Compare in double precision too: the loss, its gradient, and the top of its Hessian."""
    same_model(1e-6)(names, printed)
    torch, model = names["torch"], names["model"].double()
    network = Network.from_state_dict(model.state_dict(), "tanh", "softmax")
    samples, parameters = Samples.labelled(names["X"], names["y"]), list(model.parameters())
    logits = model(torch.tensor(names["X"]))
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(names["y"]))
    assert abs(network.cost(samples) - loss.item()) <= 1e-12
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    for i, layer in enumerate(gradient(network, samples)):
        weights, biases = (slope.detach().numpy() for slope in slopes[2 * i : 2 * i + 2])
        np.testing.assert_allclose(layer, np.column_stack([weights, biases]), 0, 1e-14)

    flat = torch.cat([slope.ravel() for slope in slopes])

    def product(vector):
        parts = torch.autograd.grad(flat, parameters, torch.tensor(vector), retain_graph=True)
        return torch.cat([part.ravel() for part in parts]).numpy()

    hessian = LinearOperator((len(flat), len(flat)), product, dtype=np.float64)
    (largest,) = eigsh(hessian, k=1, which="LA", return_eigenvectors=False)
    np.testing.assert_allclose(extreme_eigenpairs(network, samples)[-1].value, largest, rtol=1e-9)


def parameters_of_a_file(names, printed):
    """Compare a network with the arrays that it is made of, as PyTorch names them."""
    (w1, b1), (w2, b2) = (
        [names["parameters"][f"{layer}.{kind}"] for kind in ("weight", "bias")] for layer in "02"
    )
    outputs = np.maximum(names["X"] @ w1.T + b1, 0) @ w2.T + b2
    np.testing.assert_allclose(names["network"].sums(names["X"]), outputs, rtol=1e-12, atol=1e-12)


def kernels_with_a_check(names, printed):
    """Compare with the outputs of the page, and see that wrong ones are refused."""
    np.testing.assert_allclose(names["network"].sums(names["X"]), names["outputs"], rtol=1e-12)
    wrong = names["outputs"] + 1
    with pytest.raises(ValueError, match="does not reproduce"):
        Network.from_state_dict(names["file"], "relu", "softmax", check=(names["X"], wrong))


def layers(names, printed):
    """Compare with the model whose layers were written down."""
    found, expected = names["network"].predict(names["X"]), names["outputs"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def surface_of_a_module(names, printed):
    """Compare a convolution's surface with the module itself, and its slopes with differences."""
    surface, step = names["surface"], 1e-5
    logits = names["model"](names["inputs"]).detach().numpy()
    direct = -log_softmax(logits, axis=1)[range(100), names["y"][:100]].mean()
    np.testing.assert_allclose(surface.cost(0, 0), direct, rtol=1e-13)
    aside = step * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]) + np.array([0.3, -0.7])
    for function, derivative in (
        (surface.cost, surface.gradient),
        (surface.gradient, surface.hessian),
    ):
        values = function(*aside.T)
        quotients = np.stack([values[0] - values[1], values[2] - values[3]]) / (2 * step)
        np.testing.assert_allclose(derivative(0.3, -0.7), quotients, rtol=1e-6, atol=1e-8)
    assert names["descent"].cost[-1] < names["descent"].cost[0]
    for point in names["points"]:
        assert np.linalg.norm(surface.gradient(point.a, point.b)) < 1e-9


def rows_of_a_text(name, head, **options):
    """Check that a text file holds a, b and cost of every point, exactly, b the slower."""

    def check(names, printed):
        landscape = names["landscape"]
        assert Path(name).read_text(encoding="utf-8").startswith(head)
        a, b, cost = np.loadtxt(name, unpack=True, **options).reshape(3, *landscape.cost.shape)
        np.testing.assert_array_equal(a[3], landscape.a)
        np.testing.assert_array_equal(b[:, 3], landscape.b)
        np.testing.assert_array_equal(cost, landscape.cost)

    return check


def net_cdf(names, printed):
    """Read the file again."""
    with names["xarray"].open_dataarray("surface.nc") as read:
        landscape, place = names["landscape"], {"a": 3, "b": 5}
        assert read.isel(place) == landscape.cost[5, 3]
        assert read.a[3] == landscape.a[3]
        np.testing.assert_array_equal(read, landscape.cost)


def web_page(names, printed):
    """See that the drawing has the surface's axes, and that the page is there."""
    np.testing.assert_array_equal(names["surface"].z, names["landscape"].cost)
    np.testing.assert_array_equal(names["surface"].x, names["landscape"].a)
    assert "plotly" in Path("surface.html").read_text(encoding="utf-8")


def page_to_pass_on(names, printed):
    """See that the page is about the plane."""
    page = Path("my_slice.html").read_text(encoding="utf-8")
    assert "<h1>Digits, by two weights</h1>" in page
    assert export_plane(names["plane"])["constants"] in page


VTK = "# vtk DataFile Version 3.0\nsurface\nASCII\nDATASET STRUCTURED_GRID\nDIMENSIONS 21 21 1\n"
CHECKS = {
    "From PyTorch": pytorch,
    "From named arrays": kernels_with_a_check,
    "Of Keras": same_model(1e-6),
    "Of a safetensors file": parameters_of_a_file,
    "Of an ONNX file": same_model(1e-6),
    "From layers": layers,
    "A surface of anything else": surface_of_a_module,
    "One page to pass on": page_to_pass_on,
    "CSV": rows_of_a_text("surface.csv", "a,b,cost\n", delimiter=",", skiprows=1),
    "xarray and netCDF": net_cdf,
    "ParaView": rows_of_a_text("surface.vtk", VTK + "POINTS 441 double\n", skiprows=6),
    "plotly": web_page,
}


@pytest.mark.filterwarnings("default")  # other libraries' own
@pytest.mark.parametrize("title", OTHERS)
def test_section(title, first, tmp_path, monkeypatch):
    """A section runs after the first one, and what it leaves is what the page says."""
    monkeypatch.chdir(tmp_path)
    _, names = first
    names = dict(names)
    CHECKS[title](names, execute(title, names))
