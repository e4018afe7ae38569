"""The line with the least greatest residual: Laplace's rule of 1786, later Chebyshev's name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_code._validate import as_pair, refuse


class MinimaxLine(NamedTuple):
    """A line and its greatest absolute residual, in units of y."""

    slope: float
    intercept: float
    greatest: float


def minimax_line(x, y):
    r"""The line that minimises :math:`\max_i |y_i - b - s x_i|`, exactly.

    For a slope s the best line halves the range of :math:`y_i - s x_i`. The range is convex and
    piecewise linear in s, with kinks only at slopes of lines through two points, so all of these
    are tried: n^3 operations, for up to a few hundred points.

    Parameters
    ----------
    x, y : array_like, shape (n,)

    Returns
    -------
    MinimaxLine
        If several slopes are best, the smallest.

    Raises
    ------
    ValueError
        If shapes differ or all x are equal.

    Examples
    --------
    >>> minimax_line([0, 1, 2], [0, 2, 2])
    MinimaxLine(slope=1.0, intercept=0.5, greatest=0.5)
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    x, y = x.astype(np.float64), y.astype(np.float64)
    if (x == x[0]).all():
        refuse("x", "must hold two different values", f"{len(x)} times {x[0]:.10g}")
    i, j = np.triu_indices(len(x), 1)
    apart = x[i] != x[j]
    slopes = np.sort((y[j] - y[i])[apart] / (x[j] - x[i])[apart])
    heights = y - slopes[:, None] * x
    low, high = heights.min(axis=1), heights.max(axis=1)
    best = np.argmin(high - low)
    middle, half = (high[best] + low[best]) / 2, (high[best] - low[best]) / 2
    return MinimaxLine(float(slopes[best]), float(middle), float(half))
