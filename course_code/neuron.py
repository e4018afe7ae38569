r"""One sigmoid neuron with one weight: what a loss and a squashed output do to each other.

The neuron says $\hat y = \sigma(wx)$ with $\sigma(z) = 1/(1 + e^{-z})$. Squared error is convex in
the prediction, the prediction is not linear in w, and the mean squared error as a function of w may
have several minima. Cross-entropy undoes the sigmoid and is convex in w.

>>> squared, entropy = squared_error(2.0, [1.0], [1.0]), cross_entropy(2.0, [1.0], [1.0])
>>> round(float(squared.slope / entropy.slope), 4)  # twice the slope of the sigmoid at 2
0.21
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_code._validate import as_count, as_floats, as_pair, as_real, refuse

__all__ = ["Objective", "cross_entropy", "descend", "flat_places", "sigmoid", "squared_error"]


class Objective(NamedTuple):
    """A mean loss as a function of the weight, with its first two derivatives."""

    value: float
    slope: float
    curvature: float


def sigmoid(z):
    """1 / (1 + exp(-z)), without overflow; a number or an array of the shape of `z`."""
    z = as_floats("z", z)
    small = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1.0, small) / (1 + small))[()]


def squared_error(w, x, y):
    r"""The mean of $(y - \sigma(wx))^2$ over the points.

    Parameters
    ----------
    w : float or array_like
    x, y : array_like, shape (n,)
        Inputs, and targets from 0 to 1.

    Returns
    -------
    Objective
        Numbers, or arrays of the shape of `w`.
    """
    w, x, y = _arguments(w, x, y)
    s = sigmoid(w[..., None] * x)
    r, up = y - s, s * (1 - s)
    slope = -2 * r * up * x
    curvature = 2 * (up - r * (1 - 2 * s)) * up * x * x
    return _means(r * r, slope, curvature)


def cross_entropy(w, x, y):
    r"""The mean of $-y \log\hat y - (1 - y) \log(1 - \hat y)$, $\hat y = \sigma(wx)$.

    Parameters and result are those of `squared_error`. The curvature is never negative.
    """
    w, x, y = _arguments(w, x, y)
    z = w[..., None] * x
    s = sigmoid(z)
    return _means(np.logaddexp(0, z) - y * z, (s - y) * x, s * (1 - s) * x * x)


def flat_places(objective, x, y, low, high, pieces=2000):
    """Where the slope of an objective is zero between `low` and `high`.

    The interval is cut into equal pieces, and each one over which the slope changes its sign is
    bisected. Two zeros inside one piece would be missed.

    Parameters
    ----------
    objective : callable
        `squared_error` or `cross_entropy`.
    x, y : array_like, shape (n,)
    low, high : float
    pieces : int

    Returns
    -------
    ndarray, shape (m,)
        In increasing order; empty if the slope keeps its sign.
    """
    low, high = as_real("low", low), as_real("high", high)
    if not low < high:
        refuse("high", f"must be above low, {low:g}", high)
    grid = np.linspace(low, high, as_count("pieces", pieces) + 1)
    up = objective(grid, x, y).slope >= 0
    at = np.flatnonzero(up[1:] != up[:-1])
    left, right, rising = grid[at], grid[at + 1], up[at + 1]
    for _ in range(60):
        if not at.size:
            break
        middle = (left + right) / 2
        past = (objective(middle, x, y).slope >= 0) == rising
        left, right = np.where(past, left, middle), np.where(past, middle, right)
    return (left + right) / 2


def descend(objective, x, y, start, rate, steps):
    """Gradient descent on the weight.

    Returns
    -------
    ndarray, shape (steps + 1,)
        The weight at the start and after each step.
    """
    w = [as_real("start", start)]
    rate = as_real("rate", rate, above=0)
    for _ in range(as_count("steps", steps)):
        w.append(w[-1] - rate * objective(w[-1], x, y).slope)
    return np.array(w)


def _arguments(w, x, y):
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    if ((y < 0) | (y > 1)).any():
        refuse("y", "must lie from 0 to 1", y)
    return as_floats("w", w), x, y


def _means(*terms):
    return Objective(*(term.mean(axis=-1)[()] for term in terms))
