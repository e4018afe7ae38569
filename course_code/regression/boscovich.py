"""Boscovich's line of 1757: the smallest sum of absolute residuals among lines whose residuals sum to zero."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_pair, refuse
from course_code.losses import AbsoluteError

from .medians import median_interval
from .result import Fit, Interval


def boscovich(x, y):
    """The line through the centroid with the least sum of absolute residuals.

    Through the centroid the residuals are (y - mean) - s (x - mean), so the slope s is the median of
    the slopes to the centroid, weighted by the distances in x.
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    dx, dy = x - x.mean(), y - y.mean()
    if not dx.any():
        refuse("x", "must hold two different values", f"{len(x)} times {x[0]:.10g}")
    away = dx != 0
    low, high = median_interval(dy[away] / dx[away], np.abs(dx[away]))
    slope = low
    intercept = float(y.mean() - slope * x.mean())
    interval = None
    if high > low:
        ends = sorted(float(y.mean() - s * x.mean()) for s in (low, high))
        interval = Interval(np.array([[low, high]]), tuple(ends))
    objective = float(np.abs(dy - slope * dx).mean())
    return Fit(AbsoluteError(), np.array([slope]), intercept, objective, 1, None, interval)
