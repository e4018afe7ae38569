r"""What to compute before trusting a line: places, pulls, and a line that few points cannot turn.

A point moves a fitted line by its place in x and by its distance in y. `leverages` and
`slope_weights` measure the place for least squares; `pull_range` and `breakdown_count` do it for
least absolute deviations; `least_median_line` fits a line that no minority can take away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_code._validate import as_count, as_floats, as_pair, as_real, refuse
from course_code.regression import fit_line

__all__ = [
    "MedianLine",
    "breakdown_count",
    "least_median_line",
    "leverages",
    "pull_range",
    "slope_weights",
    "slopes_by_loss",
]


def slope_weights(x):
    r"""The weights a with slope = sum(a * y) in the least-squares line, whatever y is.

    :math:`a_i = (x_i - \bar x) / \sum_j (x_j - \bar x)^2`, in units of 1/x. They add up to 0.

    Parameters
    ----------
    x : array_like, shape (n,)

    Raises
    ------
    ValueError
        If all x are equal.

    >>> slope_weights([0, 1, 2])
    array([-0.5,  0. ,  0.5])
    """
    x = as_floats("x", x, ndim=1).astype(np.float64)
    dx = x - x.mean()
    # Equal values may differ from their computed mean by a rounding error.
    if (x == x[0]).all():
        refuse("x", "must hold two different values", f"{len(x)} times {x[0]:.10g}")
    return dx / (dx @ dx) + 0.0


def leverages(x):
    r"""How much each fitted value of the least-squares line depends on its own y.

    :math:`h_i = 1/n + (x_i - \bar x)^2 / \sum_j (x_j - \bar x)^2`, between 1/n and 1, without
    units. They add up to 2, the number of coefficients of a line.

    Parameters
    ----------
    x : array_like, shape (n,)

    Raises
    ------
    ValueError
        If all x are equal.

    >>> leverages([0, 1, 2, 5]).round(4)
    array([0.5357, 0.3214, 0.25  , 0.8929])
    """
    x = as_floats("x", x, ndim=1).astype(np.float64)
    return 1 / len(x) + slope_weights(x) * (x - x.mean())


def pull_range(x, votes):
    r"""The least and the greatest pull :math:`\sum \psi_i x_i` that points at x can bring about.

    The :math:`\psi_i`, each between -1 and 1, must add up to `votes`. These are the subgradients
    of absolute error: what the points at x can hold in balance.

    Parameters
    ----------
    x : array_like, shape (n,)
    votes : float
        Between -n and n.

    Returns
    -------
    (float, float)
        In units of x.

    >>> pull_range([-1, 0, 1], votes=0)
    (-2.0, 2.0)
    >>> pull_range([-1, 0, 1], votes=3)
    (0.0, 0.0)
    """
    x = np.sort(as_floats("x", x, ndim=1).astype(np.float64))
    votes = as_real("votes", votes)
    if abs(votes) > len(x):
        refuse("votes", f"must lie between {-len(x)} and {len(x)}", votes)
    # For the greatest pull psi climbs from -1 to 1 at the largest x first, until it adds up.
    psi = np.clip(votes + len(x) - 2.0 * np.arange(len(x))[::-1], 0, 2) - 1
    return float(psi[::-1] @ x), float(psi @ x)


def breakdown_count(x, at_x):
    r"""How many outliers at the place `at_x` it takes to carry the LAD line away.

    k points at `at_x`, all equally far above (or below) a line, are held by n points at x as long
    as these can answer with psi's that add up to k in size and to k `at_x` in pull. One outlier
    fewer than the number returned leaves the line bounded however far away they are in y; with
    that number the line follows them to any height. The number is the same for Huber's loss,
    whatever its delta, since its psi is bounded in the same way.

    Parameters
    ----------
    x : array_like, shape (n,)
        Where the good points are.
    at_x : float
        Where the outliers are.

    Returns
    -------
    int
        Between 1 and n + 1.

    >>> breakdown_count([-1, 0, 1], at_x=0), breakdown_count([-1, 0, 1], at_x=3)
    (4, 1)
    """
    x = as_floats("x", x, ndim=1).astype(np.float64)
    at_x = as_real("at_x", at_x)
    rounding = 8 * np.finfo(float).eps * (np.abs(x).sum() + abs(at_x))
    for k in range(1, len(x) + 1):
        low, high = pull_range(x, k)
        if not low - rounding <= k * at_x <= high + rounding:
            return k
    return len(x) + 1


def slopes_by_loss(data, losses):
    """The slope that each loss gives to each of several data sets.

    Parameters
    ----------
    data : sequence of course_code.datasets.Dataset
        m sets with `x` and `y`.
    losses : sequence of losses of `course_code.losses`

    Returns
    -------
    dict of loss to ndarray, shape (m,)
        In units of y per unit of x.
    """
    return {loss: np.array([fit_line(d.x, d.y, loss).slope for d in data]) for loss in losses}


class MedianLine(NamedTuple):
    """A line of least median of squares.

    `scale` is a robust standard deviation of the residuals: the median absolute residual times
    1.4826 (1 + 5 / (n - 2)), which is right on average for Gaussian noise and corrects for small n.
    """

    slope: float
    intercept: float
    scale: float


def least_median_line(x, y):
    """The line with the least median of squared residuals (Rousseeuw 1984), exactly.

    It is the middle of the narrowest strip, measured along y, that covers n // 2 + 1 points. An
    optimal strip has the slope of a line through two of the points: between such slopes the order
    of the points across the strip does not change, so its width is a linear function of the slope.
    All pairs are tried: n^3 log n operations, for up to a few hundred points. Just under half of
    the points may lie anywhere.

    It is for looking, not for reporting: with clean data it is much less precise than the other
    lines.

    Parameters
    ----------
    x, y : array_like, shape (n,), n >= 3

    Returns
    -------
    MedianLine

    Raises
    ------
    ValueError
        If shapes differ, there are fewer than three points, or all x are equal.

    >>> line = least_median_line([0, 1, 2, 3, 4], [1, 3, 5, -40, 9])
    >>> line.slope, line.intercept
    (2.0, 1.0)
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    x, y = x.astype(np.float64), y.astype(np.float64)
    n = as_count("number of points", len(x), at_least=3)
    if (x == x[0]).all():
        refuse("x", "must hold two different values", f"{n} times {x[0]:.10g}")
    half = n // 2
    best = (np.inf, 0.0, 0.0)
    for i in range(n - 1):
        others = x[i + 1 :] != x[i]
        if not others.any():
            continue
        slopes = (y[i + 1 :] - y[i])[others] / (x[i + 1 :] - x[i])[others]
        heights = np.sort(y - slopes[:, None] * x, axis=1)
        widths = heights[:, half:] - heights[:, : n - half]
        row, start = np.unravel_index(np.argmin(widths), widths.shape)
        if widths[row, start] < best[0]:
            middle = (heights[row, start] + heights[row, start + half]) / 2
            best = (widths[row, start], slopes[row], middle)
    width, slope, intercept = (float(value) for value in best)
    return MedianLine(slope, intercept, 1.4826 * (1 + 5 / (n - 2)) * width / 2)
