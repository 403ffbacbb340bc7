"""The article's way, written afresh: the whole network per point, the whole figure per frame."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from celluloid import Camera
from matplotlib.animation import FuncAnimation

from landscape_core import Digits, Landscape, Network

Index = tuple[int, int, int]
Array = np.ndarray


def predict(weights: list[Array], images: Array) -> Array:
    """Run the whole network, one column a sample."""
    h = images.T
    for w in weights:
        h = 1 / (1 + np.exp(-(w @ h)))
    return h


def surface(
    network: Network, digits: Digits, a: Index, b: Index, a_axis: Array, b_axis: Array
) -> Landscape:
    """Set both weights and run the network, point by point."""
    weights, targets = [w.copy() for w in network.weights], digits.targets.T
    cost = np.empty((len(b_axis), len(a_axis)))
    for j, y in enumerate(b_axis):
        for i, x in enumerate(a_axis):
            weights[a[0]][a[1:]] = x
            weights[b[0]][b[1:]] = y
            cost[j, i] = ((targets - predict(weights, digits.images)) ** 2).sum(0).mean()
    return Landscape(a_axis, b_axis, cost)


def descend(
    network: Network, digits: Digits, start: tuple[float, float], epochs: int, rate: float
) -> tuple[Array, Array]:
    """Update w2[5][250] and w2[5][251] by the article's rule, one full forward pass an epoch."""
    weights, targets = [w.copy() for w in network.weights], digits.targets.T
    path, costs = np.empty((epochs, 2)), np.empty(epochs)
    weights[2][5, 250:252] = start
    for epoch in range(epochs):
        first = 1 / (1 + np.exp(-(weights[0] @ digits.images.T)))
        hidden = 1 / (1 + np.exp(-(weights[1] @ first)))
        p = 1 / (1 + np.exp(-(weights[2] @ hidden)))
        delta = (p - targets) * p * (1 - p)
        weights[2][5, 250:252] -= rate * (delta @ hidden.T)[5, 250:252] / len(digits)
        path[epoch] = weights[2][5, 250:252]
        costs[epoch] = ((targets - p) ** 2).sum(0).mean()
    return path, costs


def draw_surface(axes: plt.Axes, landscape: Landscape, **options: object) -> None:
    """Draw a surface as the article does."""
    a, b = np.meshgrid(landscape.a, landscape.b)
    axes.plot_surface(a, b, landscape.cost, cmap="terrain", antialiased=True, **options)
    axes.set(xlabel="$w_a$", ylabel="$w_b$", zlabel="cost")


def surface_gif(
    path: Path, landscape: Landscape, paths: Array, costs: Array, epochs: list[int]
) -> None:
    """Draw surface, balls and paths anew for each frame of 1000 × 1000 pixels."""
    figure = plt.figure(figsize=(10, 10))
    axes = figure.add_subplot(projection="3d")
    axes.view_init(elev=30, azim=-10)
    axes.set_zlim(4.75, 4.802)
    camera = Camera(figure)
    for epoch in epochs:
        draw_surface(axes, landscape, alpha=0.75)
        for ball, line in enumerate(("--", "-.", ":")):
            track = (*paths[: epoch + 1, ball].T, costs[: epoch + 1, ball])
            axes.plot(*track, linestyle=line, color="black")
            axes.scatter(*(x[-1] for x in track), s=80, color="black")
        axes.text2D(0.4, 0.9, f"epoch {epoch}", transform=axes.transAxes)
        camera.snap()
    _save(camera.animate(interval=100), figure, path)


def contour_gif(
    path: Path, landscape: Landscape, paths: Array, costs: Array, epochs: list[int]
) -> None:
    """Draw the contour plot, the paths and the cost curves anew for each frame."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(8, 10), height_ratios=(3, 1))
    camera = Camera(figure)
    for epoch in epochs:
        above.contourf(landscape.a, landscape.b, landscape.cost, 21, cmap="terrain")
        above.contour(landscape.a, landscape.b, landscape.cost, 21, colors="k", linestyles="--")
        for ball, line in enumerate(("--", "-.", ":")):
            above.plot(*paths[: epoch + 1, ball].T, linestyle=line, color="black")
            above.plot(*paths[epoch, ball], "o", color="black")
            below.plot(costs[: epoch + 1, ball], linestyle=line, color="black")
        below.text(0.4, 1.05, f"epoch {epoch}", transform=below.transAxes)
        camera.snap()
    _save(camera.animate(interval=100), figure, path)


def rotating_gif(path: Path, landscapes: list[Landscape], frames: int) -> None:
    """Turn four surfaces once and draw them anew for each frame."""
    figure = plt.figure(figsize=(10, 10))
    axes = [figure.add_subplot(2, 2, i + 1, projection="3d") for i in range(len(landscapes))]
    for ax, landscape in zip(axes, landscapes, strict=True):
        draw_surface(ax, landscape)

    def turn(frame: int) -> list[plt.Axes]:
        for ax in axes:
            ax.view_init(elev=50, azim=360 * frame / frames)
        return axes

    _save(FuncAnimation(figure, turn, frames=frames, interval=100), figure, path)


def survey_picture(path: Path, landscape: Landscape) -> None:
    """Draw one surface of the survey."""
    figure = plt.figure()
    axes = figure.add_subplot(projection="3d")
    draw_surface(axes, landscape)
    axes.view_init(elev=40, azim=220)
    figure.savefig(path)
    plt.close(figure)


def _save(animation: FuncAnimation, figure: plt.Figure, path: Path) -> None:
    animation.save(path, writer="pillow")
    plt.close(figure)
