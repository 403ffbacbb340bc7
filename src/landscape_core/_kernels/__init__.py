"""How a plane computes its cost: recompute only what the two coordinates reach.

Three kernels serve all planes. `Ridge` is for two weights into one unit, `Nested` for any other two
weights, `Sweep` for two directions of the whole weight space.
"""

from landscape_core._kernels.kernel import Kernel
from landscape_core._kernels.nested import Nested
from landscape_core._kernels.ridge import Ridge
from landscape_core._kernels.sweep import Sweep

__all__ = ["Kernel", "Nested", "Ridge", "Sweep"]
