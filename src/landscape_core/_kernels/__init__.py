"""How a plane computes its cost: recompute only what the two coordinates reach.

Four kernels serve all planes. `Ridge` is for two weights into one unit, `SoftmaxPair` for two into
two outputs of a softmax, `Nested` for any other two weights, `Sweep` for two directions of the
whole weight space.
"""

from landscape_core._kernels.kernel import Kernel
from landscape_core._kernels.nested import Nested
from landscape_core._kernels.ridge import Ridge
from landscape_core._kernels.softmax_pair import SoftmaxPair
from landscape_core._kernels.sweep import Sweep

__all__ = ["Kernel", "Nested", "Ridge", "SoftmaxPair", "Sweep"]
