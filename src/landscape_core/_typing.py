"""Types that the whole package shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
GradientFunction = Callable[[Array], Array]  # weights to the gradient of the cost there
StepFunction = Callable[[Array], Array]  # weights to their next displacement
