"""Boscovich's line of 1757, the oldest fit by a stated criterion."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_pair, as_weights, refuse
from course_code.losses import AbsoluteError

from .medians import median_interval
from .result import Certificate, Fit, Interval


def boscovich(x, y, *, sample_weight=None):
    r"""The least sum of absolute residuals among the lines whose residuals sum to zero.

    Such a line passes through the centre of gravity, which leaves the slope. In the residuals
    $(y_i - \bar y) - s (x_i - \bar x)$ the best slope s is the median of the slopes from the
    centre to the points, weighted by their distances $|x_i - \bar x|$ from it.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    sample_weight : array_like, shape (n,), optional

    Returns
    -------
    Fit
        If the slope is not unique, the smallest; `interval` has them all.

    Raises
    ------
    ValueError
        On bad input, or if all x are equal.

    References
    ----------
    R. J. Boscovich (1757, 1760); O. B. Sheynin (1973), R. J. Boscovich's work on probability,
    Archive for History of Exact Sciences 9, 306-324.

    Examples
    --------
    >>> boscovich([0, 1, 2, 3], [0, 1, 2, 9]).slope
    2.0
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    x, y = x.astype(np.float64), y.astype(np.float64)
    w = np.ones(len(x)) if sample_weight is None else as_weights(sample_weight, x.shape)
    w = w / w.max()
    total = w.sum()
    used = w > 0
    if (x[used] == x[used][0]).all():
        refuse("x", "must hold two different values", f"{used.sum()} times {x[used][0]:.10g}")
    x_mean, y_mean = w @ x / total, w @ y / total
    dx, dy = x - x_mean, y - y_mean
    away = used & (dx != 0)
    slopes = dy[away] / dx[away]
    low, high = median_interval(slopes, (w * np.abs(dx))[away])
    # Subgradients: the signs of the residuals. The points on the line share what balances the rest.
    signs = np.sign(dy)
    signs[away] = np.sign(slopes - low) * np.sign(dx[away])
    on_line = np.flatnonzero(away)[slopes == low]
    reach = (w * np.abs(dx))[on_line].sum()
    signs[on_line] = -np.sign(dx[on_line]) * ((w * signs) @ dx / reach)
    multiplier = float(w @ signs / total)
    psi = np.where(used, signs - multiplier, 0.0)
    pull = w * psi
    balance = abs(pull @ dx) / (np.abs(pull) @ np.abs(dx))
    interval = None
    if high > low:
        ends = sorted(float(y_mean - s * x_mean) for s in (low, high))
        interval = Interval(np.array([[low, high]]), (ends[0], ends[1]))
    return Fit(
        loss=AbsoluteError(),
        coef=np.array([low]),
        intercept=float(y_mean - low * x_mean),
        objective=float(w @ np.abs(dy - low * dx) / total),
        steps=1,
        certificate=Certificate(
            psi, float(balance), float(abs(low * (pull @ dx)) / total), multiplier
        ),
        interval=interval,
    )
