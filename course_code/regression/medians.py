"""Weighted medians, and the whole interval when every point of it is a median."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_weights


def median_interval(values, weights=None):
    r"""The set of all minimisers of $m \mapsto \sum_i w_i |v_i - m|$, as ``(low, high)``.

    Parameters
    ----------
    values : array_like, shape (n,)
    weights : array_like, shape (n,), optional
        Non-negative, not all zero; a zero weight drops its value.

    Returns
    -------
    low, high : float
        Equal when the median is unique.

    Raises
    ------
    ValueError
        If `values` is empty or not finite, or `weights` is negative, all zero, or of another shape.

    Examples
    --------
    >>> median_interval([1, 2, 3, 10])
    (2.0, 3.0)
    >>> median_interval([1, 2, 3, 10], weights=[1, 1, 1, 5])
    (10.0, 10.0)
    """
    v = as_floats("values", values, ndim=1).astype(np.float64, copy=False)
    n = len(v)
    if weights is None:
        middle = np.partition(v, [(n - 1) // 2, n // 2])
        return float(middle[(n - 1) // 2]), float(middle[n // 2])
    w = as_weights(weights, v.shape, name="weights").astype(np.float64, copy=False)
    v, w = v[w > 0], w[w > 0]
    order = np.argsort(v, kind="stable")
    below = np.cumsum(w[order] / w.max())
    half = below[-1] / 2
    # Half the weight on each side is an equality between sums, so it is judged up to rounding.
    slack = len(v) * np.finfo(np.float64).eps * half
    low = v[order[np.searchsorted(below, half - slack)]]
    high = v[order[np.searchsorted(below, half + slack, side="right")]]
    return float(low), float(high)


def weighted_median(values, weights=None):
    """The midpoint of `median_interval`; without weights, what ``np.median`` returns.

    Examples
    --------
    >>> weighted_median([1, 2, 3, 10])
    2.5
    >>> weighted_median([1, 2, 3, 10], weights=[3, 1, 1, 1])
    1.5
    """
    low, high = median_interval(values, weights)
    return low / 2 + high / 2
