r"""How precisely a sample tells the spread of its noise, and what a little contamination does.

Errors of size |x| are averaged after raising them to a power k; the k-th root of the mean, times a
constant, estimates the spread. k = 2 gives the standard deviation, k = 1 the mean deviation. Gauss
compared the powers for normal errors in 1816, Tukey the first two for contaminated errors in 1960.

The contaminated normal law mixes errors of standard deviation 1, share 1 - eps, with errors of
standard deviation `widening`, share eps. Everything here is in closed form, for large samples.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from course_code._validate import as_floats, as_real, refuse

__all__ = [
    "absolute_moment",
    "break_even",
    "median_deviation_variance",
    "median_efficiency",
    "power_variance",
    "scale_efficiency",
]

_NORMAL = NormalDist()


def absolute_moment(k, eps=0.0, widening=3.0):
    r"""The mean of :math:`|x|^k` under the contaminated normal law.

    Parameters
    ----------
    k : float
        Above -1.
    eps : float or array_like, shape (m,)
        Shares of wide errors, from 0 to 1.
    widening : float
        Their standard deviation; that of the others is 1.

    Returns
    -------
    float or ndarray, shape (m,)

    >>> round(absolute_moment(2, eps=0.5, widening=3.0), 9)
    5.0
    """
    k, widening = as_real("k", k, above=-1), as_real("widening", widening, above=0)
    eps = _shares(eps)
    pure = 2 ** (k / 2) * math.gamma((k + 1) / 2) / math.sqrt(math.pi)
    return pure * (1 - eps + eps * widening**k)


def power_variance(k, eps=0.0, widening=3.0):
    r"""n times the relative variance of a spread estimated with the power k.

    By the delta method, :math:`(\nu_{2k}/\nu_k^2 - 1)/k^2`, where :math:`\nu_k` is the mean of
    :math:`|x|^k`. The observations needed for a given precision are in proportion to it.

    >>> round(power_variance(2), 12)
    0.5
    """
    k = as_real("k", k, above=0)
    first, second = (absolute_moment(j, eps, widening) for j in (k, 2 * k))
    return (second / first**2 - 1) / k**2


def median_deviation_variance():
    r"""The same for the median of |x|, for normal errors: :math:`1 / (4 m f(m))^2`.

    m is the median of |x| and f the normal density.

    >>> round(median_deviation_variance() / power_variance(2), 3)
    2.721
    """
    m = _NORMAL.inv_cdf(0.75)
    return 1 / (4 * m * _NORMAL.pdf(m)) ** 2


def scale_efficiency(eps, widening=3.0):
    """How the mean deviation compares with the standard deviation; above 1 it is the better.

    The ratio of the relative variance of the standard deviation to that of the mean deviation.

    >>> round(scale_efficiency(0.0), 4)
    0.876
    """
    return power_variance(2, eps, widening) / power_variance(1, eps, widening)


def median_efficiency(eps, widening=3.0):
    r"""How the median compares with the mean as an estimate of the centre; above 1 it is better.

    :math:`4 f(0)^2 \sigma^2`, with the density at the centre and the variance of the law.

    >>> round(median_efficiency(0.0), 4)
    0.6366
    """
    widening = as_real("widening", widening, above=0)
    eps = _shares(eps)
    density = _NORMAL.pdf(0) * (1 - eps + eps / widening)
    return 4 * density**2 * absolute_moment(2, eps, widening)


def break_even(efficiency, below=0.2):
    """The share of wide errors at which `efficiency` passes 1, by bisection.

    Parameters
    ----------
    efficiency : callable
        Of the share; below 1 at 0 and above 1 at `below`, as `scale_efficiency` is.
    below : float

    Raises
    ------
    ValueError
        If the efficiency does not pass 1 between 0 and `below`.
    """
    low, high = 0.0, as_real("below", below, above=0)
    if not efficiency(low) < 1 < efficiency(high):
        refuse("below", "must have an efficiency above 1, and 0 one below 1", high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if efficiency(middle) < 1 else (low, middle)
    return high


def _shares(eps):
    """`eps` as a number or an array of numbers from 0 to 1."""
    eps = as_real("eps", eps) if np.ndim(eps) == 0 else as_floats("eps", eps, ndim=1)
    if np.min(eps) < 0 or np.max(eps) > 1:
        outside = np.min(eps) if np.min(eps) < 0 else np.max(eps)
        refuse("eps", "must lie between 0 and 1", float(outside))
    return eps
