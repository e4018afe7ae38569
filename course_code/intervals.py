r"""Fans of quantile lines, and the prediction intervals between two of them.

The tau-line leaves a share tau of the data below it, up to the points it passes through, so the
space between the 0.05-line and the 0.95-line holds 90 % of *these* data, whatever they are. How
much it holds of new data is another question: `coverage` measures it, `conformal_margin` repairs
it. Lines fitted one by one may cross; those of `location_scale_fan` do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.losses import Quantile, mae
from course_code.regression import fit, fit_line

__all__ = ["Fan", "conformal_margin", "coverage", "location_scale_fan", "quantile_fan"]

# A fitted line passes through data points. On which side of it they are is then rounding, of the
# order of 1e-16 of y; within this share of the largest number they count as on the line.
_ON_LINE = 1e-9


@dataclass(frozen=True)
class Fan:
    """Lines, one for each tau.

    Attributes
    ----------
    taus : ndarray, shape (K,)
        In increasing order.
    slopes, intercepts : ndarray, shape (K,)
    """

    taus: np.ndarray
    slopes: np.ndarray
    intercepts: np.ndarray

    def predict(self, x):
        """The height of every line at every place: shape (n, K) for `x` of shape (n,)."""
        x = as_floats("x", x, ndim=1)
        return self.intercepts + x[:, None] * self.slopes

    def crossed(self, low, high):
        """Which neighbouring lines are in the wrong order somewhere from `low` to `high`.

        Two lines that are in order at both ends are in order between them.

        Returns
        -------
        ndarray of bool, shape (K - 1,)
        """
        low, high = as_real("low", low), as_real("high", high)
        if not low < high:
            refuse("high", f"must be above low, {low:g}", high)
        heights = self.predict([low, high])
        gaps = np.diff(heights, axis=1)
        return (gaps < -_ON_LINE * np.abs(heights).max()).any(axis=0)

    def meeting_points(self):
        """The place at which each line meets the next one; infinite for parallel lines.

        Returns
        -------
        ndarray, shape (K - 1,)
        """
        rise, turn = np.diff(self.intercepts), np.diff(self.slopes)
        return np.divide(-rise, turn, out=np.full(len(turn), np.inf), where=turn != 0)


def quantile_fan(x, y, taus):
    """The line of least quantile loss for every tau, each fitted on its own.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    taus : array_like, shape (K,)
        Strictly between 0 and 1, in increasing order.

    Returns
    -------
    Fan

    Raises
    ------
    ValueError
        If `taus` is out of order or out of range, or a line cannot be fitted.

    Examples
    --------
    >>> fan = quantile_fan([0, 0, 1, 1], [0, 2, 1, 5], [0.1, 0.9])
    >>> fan.predict([0.0, 1.0])
    array([[0., 2.],
           [1., 5.]])
    """
    taus = _ordered(taus)
    lines = [fit_line(x, y, Quantile(tau)) for tau in taus]
    return Fan(
        taus,
        slopes=np.array([line.slope for line in lines]),
        intercepts=np.array([line.intercept for line in lines]),
    )


def location_scale_fan(x, y, taus):
    r"""Lines that share one centre and one scale: $m(x) + c_\tau s(x)$.

    m is the line of least absolute error, s that of its absolute residuals, and $c_\tau$ minimises
    the quantile loss of what m leaves, $r_i - c\, s(x_i)$. It is a weighted quantile of the
    $r_i/s(x_i)$ and rises with tau, so the lines do not cross where s is positive. They are
    restricted to one shape: all tau share one scale line. X. He (1997) calls the curves restricted
    regression quantiles.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    taus : array_like, shape (K,)
        Strictly between 0 and 1, in increasing order.

    Returns
    -------
    Fan

    Raises
    ------
    ValueError
        As `quantile_fan`, or if s is not positive at every data point.

    References
    ----------
    X. He (1997), Quantile curves without crossing, The American Statistician 51, 186-192.

    Examples
    --------
    >>> fan = location_scale_fan([1, 1, 1, 2, 2, 2], [1, 2, 3, 2, 4, 6], [0.1, 0.5, 0.9])
    >>> fan.slopes
    array([1., 2., 3.])
    """
    taus = _ordered(taus)
    centre = fit_line(x, y, mae)
    left = np.asarray(y) - centre.predict(x)
    scale = fit_line(x, np.abs(left), mae)
    s = scale.predict(x)
    if s.min() <= _ON_LINE * np.abs(left).max():
        refuse("y", "must have a spread about its median line that is positive", float(s.min()))
    c = np.array([fit(s[:, None], left, Quantile(t), intercept=False).slope for t in taus])
    return Fan(taus, centre.slope + c * scale.slope, centre.intercept + c * scale.intercept)


def coverage(y, low, high):
    """The share of the values that lie between their lower and their upper end.

    Parameters
    ----------
    y, low, high : array_like, shape (n,)
        A value on an end, up to rounding, counts as covered.

    Returns
    -------
    float

    >>> coverage([1, 2, 3, 4], low=[0, 0, 0, 0], high=[1, 1, 3, 3])
    0.5
    """
    return float(np.mean(_outside(y, low, high) <= _ON_LINE * float(np.abs(y).max())))


def conformal_margin(y, low, high, level):
    r"""By how much to move both ends of intervals outwards (inwards, if negative).

    The score of a calibration point is how far it lies outside its interval,
    $\max(\mathrm{low}_i - y_i,\; y_i - \mathrm{high}_i)$. The margin is the k-th smallest of the m
    scores, with $k = \lceil (m + 1)\,\mathrm{level} \rceil$. If the calibration points and a new
    point are exchangeable, and the intervals were made without any of them, the widened interval
    of the new point covers it with probability at least `level`; with no ties among the scores
    the probability is exactly $k / (m + 1)$.

    Parameters
    ----------
    y, low, high : array_like, shape (m,)
        Calibration points, not used for the intervals.
    level : float, strictly between 0 and 1

    Returns
    -------
    float
        Infinite if m is too small for the level, that is if k > m.

    References
    ----------
    Y. Romano, E. Patterson and E. J. Candès (2019), Conformalized quantile regression, Advances in
    Neural Information Processing Systems 32.

    >>> conformal_margin([1, 2, 3, 9], low=[0, 0, 0, 0], high=[2, 2, 2, 2], level=0.6)
    1.0
    """
    scores = np.sort(_outside(y, low, high))
    level = as_real("level", level, above=0, below=1)
    # 100 * 0.55 is 55.00000000000001 on a computer; the ceiling wanted is 55.
    k = math.ceil(round((len(scores) + 1) * level, 9))
    return float(scores[k - 1]) if k <= len(scores) else math.inf


def _outside(y, low, high):
    """How far each value lies outside its interval; negative inside."""
    y, low = as_pair(y, low, names=("y", "low"), ndim=1)
    y, high = as_pair(y, high, names=("y", "high"), ndim=1)
    return np.maximum(low - y, y - high)


def _ordered(taus):
    taus = as_floats("taus", taus, ndim=1)
    if (np.diff(taus) <= 0).any():
        refuse("taus", "must be in increasing order", taus)
    return taus
