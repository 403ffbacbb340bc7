"""Exact two-dimensional slices of a neural network's loss landscape."""

from landscape_core.critical import CriticalPoint, CriticalPoints, Undecided, find_critical_points
from landscape_core.curvature import Eigenpair, extreme_eigenpairs, gradient, hessian_product
from landscape_core.descent import Basins, Descent, descend, find_basins
from landscape_core.directions import (
    Projection,
    filter_normalized,
    principal_directions,
    project,
    random_direction,
    weight_direction,
)
from landscape_core.landscape import Landscape
from landscape_core.maps import curvature_map, gradient_norm_map, roughness
from landscape_core.mnist import load_mnist
from landscape_core.network import Network
from landscape_core.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from landscape_core.page import write_page
from landscape_core.planes import DirectionPlane, WeightPlane
from landscape_core.samples import Digits, Samples
from landscape_core.surface import Surface
from landscape_core.survey import survey
from landscape_core.theorems import bound_cost, is_convex, is_drawn_to
from landscape_core.training import Training, he_network, train

__all__ = [
    "AdaGrad", "Adam", "Basins", "CriticalPoint", "CriticalPoints", "Descent", "Digits",
    "DirectionPlane", "Eigenpair", "GradientDescent", "Landscape", "Momentum", "Nesterov",
    "Network", "Optimizer", "Projection", "RMSProp", "Samples", "Surface", "Training", "Undecided",
    "WeightPlane", "bound_cost", "curvature_map", "descend", "extreme_eigenpairs",
    "filter_normalized", "find_basins", "find_critical_points", "gradient", "gradient_norm_map",
    "he_network", "hessian_product", "is_convex", "is_drawn_to", "load_mnist",
    "principal_directions", "project", "random_direction", "roughness", "survey", "train",
    "weight_direction", "write_page",
]  # fmt: skip
