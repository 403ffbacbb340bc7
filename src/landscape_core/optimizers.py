"""Optimizers: how weights move, given the gradient of the cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landscape_core._checks import fraction, positive
from landscape_core._typing import Array, GradientFunction, StepFunction

__all__ = ["AdaGrad", "Adam", "GradientDescent", "Momentum", "Nesterov", "Optimizer", "RMSProp"]


class Optimizer(Protocol):
    """Anything that can turn a gradient function into a step function.

    A class of your own that has this method is one too, and can be handed to every function that
    takes an optimizer.

    Examples
    --------
    >>> class SignDescent:
    ...     def stepper(self, gradient):
    ...         return lambda weights: -0.1 * np.sign(gradient(weights))
    >>> SignDescent().stepper(lambda w: 2 * w)(np.array([3.0, -2.0]))
    array([-0.1,  0.1])
    """

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return a function from weights to their next displacement, of the same shape.

        Parameters
        ----------
        gradient : callable
            Gives the gradient of the cost at weights: at points (n, 2) of a plane, or at all the
            weights of a network, shape (k,). Its result is overwritten by its next call.
        """
        ...


class _Settings:
    """What an optimizer is set to: its learning rate and ε are above 0, all else is a fraction."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            check = positive if name in ("learning_rate", "epsilon") else fraction
            check(name, value)


@dataclass(frozen=True)
class GradientDescent(_Settings):
    """Plain gradient descent: w ← w − η ∇J(w).

    Parameters
    ----------
    learning_rate : float
        η, above 0. The article's 10 is 5 here, since its gradient lacks a factor of two.

    Examples
    --------
    >>> step = GradientDescent(learning_rate=0.1).stepper(lambda w: 2 * w)
    >>> step(3.0)
    -0.6000000000000001
    """

    learning_rate: float = 5.0

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives −η ∇J."""
        return lambda weights: -self.learning_rate * gradient(weights)


@dataclass(frozen=True)
class Momentum(_Settings):
    """Gradient descent with momentum, the heavy ball: v ← μ v − η ∇J(w), w ← w + v.

    After B. T. Polyak, Some methods of speeding up the convergence of iteration methods. USSR
    Computational Mathematics and Mathematical Physics 4(5), 1964. Polyak names no numbers; on an
    even slope the default rate runs as fast as ``GradientDescent(5.0)``, at η / (1 − μ).

    Parameters
    ----------
    learning_rate : float
        η, above 0.
    momentum : float
        μ, how much of the velocity v is kept, from 0 to below 1.

    Examples
    --------
    >>> step = Momentum(learning_rate=0.1, momentum=0.9).stepper(lambda w: 2 * w)
    >>> [float(round(step(w), 6)) for w in (3.0, 2.4)]
    [-0.6, -1.02]
    """

    learning_rate: float = 0.5
    momentum: float = 0.9

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives v, which begins at 0."""
        velocity = np.zeros(())

        def step(weights: Array) -> Array:
            nonlocal velocity
            velocity = self.momentum * velocity - self.learning_rate * gradient(weights)
            return velocity

        return step


@dataclass(frozen=True)
class Nesterov(_Settings):
    """Nesterov's accelerated gradient: v ← μ v − η ∇J(w + μ v), w ← w + v.

    The gradient is taken where the velocity will have led. After Y. Nesterov, A method of solving
    a convex programming problem with convergence rate O(1/k²). Soviet Mathematics Doklady 27(2),
    1983, in the form of I. Sutskever, J. Martens, G. Dahl and G. Hinton, On the importance of
    initialization and momentum in deep learning, ICML 2013, with a constant μ. (PyTorch keeps the
    point w + μ v instead of w; the gradients met on the way are the same.)

    Parameters
    ----------
    learning_rate : float
        η, above 0.
    momentum : float
        μ, how much of the velocity v is kept, from 0 to below 1.

    Examples
    --------
    >>> step = Nesterov(learning_rate=0.1, momentum=0.9).stepper(lambda w: 2 * w)
    >>> [float(round(step(w), 6)) for w in (3.0, 2.4)]
    [-0.6, -0.912]
    """

    learning_rate: float = 0.5
    momentum: float = 0.9

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives v, which begins at 0."""
        velocity = np.zeros(())

        def step(weights: Array) -> Array:
            nonlocal velocity
            carried = self.momentum * velocity
            velocity = carried - self.learning_rate * gradient(weights + carried)
            return velocity

        return step


@dataclass(frozen=True)
class AdaGrad(_Settings):
    """Steps that shrink with all gradients met: s ← s + g², w ← w − η g / (√s + ε), g = ∇J(w).

    Each weight has its own s. After J. Duchi, E. Hazan and Y. Singer, Adaptive subgradient methods
    for online learning and stochastic optimization. Journal of Machine Learning Research 12, 2011,
    where ε is called δ. The paper names no numbers; the defaults are PyTorch's.

    Parameters
    ----------
    learning_rate : float
        η, above 0: the length of the first step along each axis.
    epsilon : float
        ε, above 0: it keeps the quotient finite where there is no gradient at all.

    Examples
    --------
    >>> step = AdaGrad(learning_rate=0.1).stepper(lambda w: 2 * w)
    >>> [float(round(step(w), 6)) for w in (3.0, 2.9)]
    [-0.1, -0.069502]
    """

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives −η g / (√s + ε), where s begins at 0."""
        squares = np.zeros(())

        def step(weights: Array) -> Array:
            nonlocal squares
            g = gradient(weights)
            squares = squares + g * g
            return -self.learning_rate * g / (np.sqrt(squares) + self.epsilon)

        return step


@dataclass(frozen=True)
class RMSProp(_Settings):
    """Steps in units of the recent gradients: s ← ρ s + (1 − ρ) g², w ← w − η g / (√s + ε).

    Here g = ∇J(w), and each weight has its own s. After T. Tieleman and G. Hinton, Lecture 6.5:
    Divide the gradient by a running average of its recent magnitude. COURSERA: Neural Networks for
    Machine Learning, 2012, with its ρ = 0.9; ε is not in the lecture but in every implementation.

    Parameters
    ----------
    learning_rate : float
        η, above 0.
    decay : float
        ρ, how much of the running average s is kept, from 0 to below 1.
    epsilon : float
        ε, above 0: it keeps the quotient finite where there is no gradient at all.

    Examples
    --------
    >>> step = RMSProp(learning_rate=0.1).stepper(lambda w: 2 * w)
    >>> [float(round(step(w), 6)) for w in (3.0, 2.9)]
    [-0.316228, -0.225696]
    """

    learning_rate: float = 0.001
    decay: float = 0.9
    epsilon: float = 1e-8

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives −η g / (√s + ε), where s begins at 0."""
        squares = np.zeros(())

        def step(weights: Array) -> Array:
            nonlocal squares
            g = gradient(weights)
            squares = self.decay * squares + (1 - self.decay) * g * g
            return -self.learning_rate * g / (np.sqrt(squares) + self.epsilon)

        return step


@dataclass(frozen=True)
class Adam(_Settings):
    """Running averages of g = ∇J(w) and of g², freed of their bias: w ← w − η m̂ / (√ŝ + ε).

    At update t, m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g²; then m̂ = m / (1 − β₁ᵗ) and
    ŝ = s / (1 − β₂ᵗ). After D. P. Kingma and J. Ba, Adam: A method for stochastic optimization.
    ICLR 2015, arXiv:1412.6980, Algorithm 1, with its defaults.

    Parameters
    ----------
    learning_rate : float
        η, above 0: roughly the longest step along each axis.
    beta1, beta2 : float
        β₁ and β₂, how much of the two averages is kept, from 0 to below 1.
    epsilon : float
        ε, above 0: it keeps the quotient finite where there is no gradient at all.

    Examples
    --------
    >>> step = Adam(learning_rate=0.1).stepper(lambda w: 2 * w)
    >>> [float(round(step(w), 6)) for w in (3.0, 2.9)]
    [-0.1, -0.099897]
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def stepper(self, gradient: GradientFunction) -> StepFunction:
        """Return the function that gives −η m̂ / (√ŝ + ε), where m and s begin at 0."""
        mean, squares, t = np.zeros(()), np.zeros(()), 0

        def step(weights: Array) -> Array:
            nonlocal mean, squares, t
            g = gradient(weights)
            if t == 0:
                mean, squares = np.zeros_like(g), np.zeros_like(g)
            t += 1
            # In place: for all the weights of a network, new arrays would take most of the time.
            mean *= self.beta1
            mean += (1 - self.beta1) * g
            squares *= self.beta2
            squares += (1 - self.beta2) * g * g
            root = np.sqrt(squares / (1 - self.beta2**t))
            root += self.epsilon
            moved: Array = mean / (1 - self.beta1**t)
            moved *= -self.learning_rate
            moved /= root
            return moved

        return step
