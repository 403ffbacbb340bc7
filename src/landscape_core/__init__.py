"""Exact two-dimensional slices of a neural network's loss landscape."""

from landscape_core.descent import Descent, descend
from landscape_core.landscape import Landscape
from landscape_core.mnist import Digits, load_mnist
from landscape_core.network import Network
from landscape_core.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
)
from landscape_core.planes import DirectionPlane, WeightPlane
from landscape_core.survey import survey

__all__ = [
    "AdaGrad",
    "Adam",
    "Descent",
    "Digits",
    "DirectionPlane",
    "GradientDescent",
    "Landscape",
    "Momentum",
    "Nesterov",
    "Network",
    "RMSProp",
    "WeightPlane",
    "descend",
    "load_mnist",
    "survey",
]
