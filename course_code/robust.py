r"""Huber's loss when the size of the noise is not known: a scale first, and a threshold from it.

`delta` has the unit of y, so somebody must say how large an ordinary residual is. Three answers are
in use, and all three are called Huber regression:

==========  ====================================================  ===========================
scale       what it is                                            elsewhere
==========  ====================================================  ===========================
a number    fixed by the user: delta = k * scale                  PyTorch, Keras, SciPy
``"mad"``   1.4826 times the median absolute residual             R's ``MASS::rlm``,
                                                                  statsmodels' ``RLM``
``"joint"`` minimised together with the plane                     scikit-learn's
                                                                  ``HuberRegressor``
==========  ====================================================  ===========================

With ``"mad"`` and ``"joint"`` the plane moves along when y is moved or rescaled.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from course_code._validate import as_floats, as_real, one_of, refuse
from course_code.losses import Huber, mae
from course_code.regression import Fit, fit

__all__ = ["MAD_TO_SD", "ScaledFit", "huber_fit", "huber_location", "joint_scale", "mad"]

MAD_TO_SD = 1 / NormalDist().inv_cdf(0.75)
"""1.4826: the standard deviation of Gaussian noise over its median absolute deviation."""

_LIMIT = 1000  # rounds of plane and scale; real data take tens


def mad(r, centre=None):
    """The median absolute deviation, as it stands: the median of ``abs(r - centre)``.

    Parameters
    ----------
    r : array_like, shape (..., n)
        The deviations of the last axis are taken.
    centre : float, optional
        The median of `r` if not given; 0 for residuals.

    Returns
    -------
    float or ndarray, shape (...)
        In units of `r`. Times `MAD_TO_SD` it estimates the standard deviation of Gaussian noise.

    >>> mad([1, 2, 3, 4, 100])
    1.0
    >>> mad([-3, 1, 2], centre=0)
    2.0
    """
    r = as_floats("r", r)
    at = np.median(r, axis=-1, keepdims=True) if centre is None else as_real("centre", centre)
    return _plain(np.median(np.abs(r - at), axis=-1))


def joint_scale(r, k=1.35):
    r"""The scale s that fits residuals when it is minimised together with Huber's loss.

    It solves :math:`\frac1n \sum_i \min(r_i^2,\, k^2 s^2) = s^2`: the root of a mean square in
    which no residual counts for more than k scales. It is 0 if at least the share 1 - 1/k^2 of the
    residuals are 0.

    For Gaussian noise it is smaller than the standard deviation, because the tails are cut and
    nothing makes up for it.

    Parameters
    ----------
    r : array_like, shape (..., n)
    k : float, > 1

    Returns
    -------
    float or ndarray, shape (...)
        In units of `r`.

    References
    ----------
    P. J. Huber and E. M. Ronchetti (2009), Robust Statistics, 2nd ed., on concomitant scale.

    >>> round(joint_scale([-1.0, 1.0, -1.0, 1.0]), 12)
    1.0
    """
    k = as_real("k", k, above=1)
    r = as_floats("r", r).astype(np.float64)
    # If the m largest are cut, s^2 is the sum of the other squares over n - m k^2. For any other m
    # that is too large, for min(r^2, k^2 s^2) is at most r^2 and at most k^2 s^2. So: the least.
    squares = np.sort(r * r, axis=-1)
    n = r.shape[-1]
    cut = np.arange(min(n - 1, int(np.ceil(n / k**2)) - 1), -1, -1)
    sums = np.cumsum(squares, axis=-1)[..., n - 1 - cut]
    return _plain(np.sqrt((sums / (n - cut * k**2)).min(axis=-1)))


class ScaledFit(NamedTuple):
    """A fit with Huber's loss, the scale it was fitted at, and ``delta = k * scale``."""

    fit: Fit
    scale: float
    delta: float


def huber_fit(X, y, k=1.345, scale="mad"):
    """Huber's loss with ``delta = k * scale``, where the scale is fitted too.

    Plane and scale take turns until both stay: the exact plane for the scale, then the scale of its
    residuals. The start is the plane of least absolute deviations.

    Parameters
    ----------
    X : array_like, shape (n, p)
        An intercept is added.
    y : array_like, shape (n,)
    k : float
        The threshold in scales; above 1 for the joint scale.
    scale : {"mad", "joint"} or float, > 0
        As in the table at the top of this module. A number is kept as it is.

    Returns
    -------
    ScaledFit

    Raises
    ------
    ValueError
        As for `fit`, and if the scale of the residuals is 0.
    RuntimeError
        If plane and scale do not settle.

    >>> x = np.arange(8.0)[:, None]
    >>> y = [0.1, 0.9, 2.1, 2.9, 4.1, 4.9, 6.1, 70.0]
    >>> plane, scale, delta = huber_fit(x, y)
    >>> round(float(plane.coef[0]), 2), round(scale, 2)
    (1.03, 0.17)
    """
    k, look = as_real("k", k, above=0), _scale_of(scale, k)
    plane = fit(X, y, mae)
    y = as_floats("y", y, ndim=1)
    before = np.inf
    for _ in range(_LIMIT):
        s = look(y - plane.predict(X))
        if s == 0:
            refuse("y", "must leave residuals with a scale above 0", "too many residuals of 0")
        plane = fit(X, y, Huber(k * s))
        if abs(s - before) <= 1e-13 * s:
            return ScaledFit(plane, s, k * s)
        before = s
    raise RuntimeError(f"huber_fit: plane and scale did not settle in {_LIMIT} rounds")


def huber_location(samples, k=1.345, scale="mad"):
    """Huber's estimate of the centre of each sample, by reweighted means from the median.

    Parameters
    ----------
    samples : array_like, shape (..., n)
        The last axis is a sample.
    k : float
    scale : {"mad", "joint"} or float, > 0
        ``"mad"`` is taken once, about the median; ``"joint"`` is fitted with the centre.

    Returns
    -------
    float or ndarray, shape (...)
        To about 1e-9 scales.

    Raises
    ------
    ValueError
        As for `huber_fit`.

    >>> round(huber_location([1.0, 2.0, 3.0, 3.5, 1000.0], k=1.5, scale=1.0), 6)
    2.833333
    """
    k, look = as_real("k", k, above=0), _scale_of(scale, k)
    samples = as_floats("samples", samples).astype(np.float64)
    centre = np.median(samples, axis=-1, keepdims=True)
    s = np.expand_dims(look(samples - centre), -1)
    if not np.all(s):
        refuse("samples", "must have a scale above 0", "too many equal values")
    for _ in range(_LIMIT):
        if scale == "joint":
            s = np.expand_dims(look(samples - centre), -1)
        weight = k * s / np.maximum(np.abs(samples - centre), k * s)
        update = (weight * samples).sum(axis=-1, keepdims=True) / weight.sum(axis=-1, keepdims=True)
        step = np.abs(update - centre)
        centre = update
        if np.all(step <= 1e-10 * s):
            return _plain(centre[..., 0])
    raise RuntimeError(f"huber_location: no centre after {_LIMIT} rounds")


def _scale_of(scale, k):
    """A function from residuals (last axis) to their scale."""
    if isinstance(scale, str):
        one_of("scale", scale, ("mad", "joint"))
        if scale == "mad":
            return lambda r: MAD_TO_SD * mad(r, centre=0)
        as_real("k", k, above=1)
        return lambda r: joint_scale(r, k)
    fixed = as_real("scale", scale, above=0)
    return lambda r: _plain(np.full(np.shape(r)[:-1], fixed))


def _plain(values):
    """A Python float instead of an array without axes."""
    return float(values) if np.ndim(values) == 0 else values
