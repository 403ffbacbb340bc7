"""What several test modules share: digits, and the cost computed the long way."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from scipy.special import expit

from landscape_core import Digits, load_mnist

# The same examples in every run, so that a failure belongs to the change that caused it.
settings.register_profile(
    "default",
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("default"), max_examples=5000, derandomize=False
)
settings.register_profile("mutants", settings.get_profile("default"), max_examples=4)
settings.load_profile("default")


def long_way(weights: Sequence[np.ndarray], digits: Digits) -> float:
    """Run the whole network on every digit: the definition, without a thought for speed."""
    h = digits.images.astype(np.float64)
    for w in weights:
        h = expit(h @ w.T)
    return float(((digits.targets - h) ** 2).sum(axis=1).mean())


@pytest.fixture(scope="session")
def direct_cost() -> Callable[[Sequence[np.ndarray], Digits], float]:
    """Give the definition of the cost as a function of weights and digits."""
    return long_way


@pytest.fixture(scope="session")
def hundred() -> Digits:
    """Load the article's first hundred digits."""
    return load_mnist(100)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a long run choose how often each kind of work is killed."""
    parser.addoption("--kills", type=int, default=1, help="how often to kill each kind of work")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """Give the number of times that a test is to kill what it started."""
    number: int = request.config.getoption("--kills")
    return number


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole builds: at the end, one process would wait for the other's."""
    items.sort(key=lambda item: "site_build" not in item.nodeid)
