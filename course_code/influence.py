r"""What one observation can do to an estimate, and what protection against it costs.

An M-estimate of a centre :math:`\theta` makes :math:`\sum_i \rho(x_i - \theta)` least. For noise
symmetric about 0 with density f and score :math:`s = -f'/f`, everything about it for large samples
is in the function psi, through three means over the noise (Huber 1964; Hampel 1974):

* the influence of an observation at x, :math:`\psi(x) / E(\psi s)`,
* the variance, :math:`E\psi^2 / E(\psi s)^2`, divided by n,
* the efficiency: the squared correlation of psi with the score. It is 1 only for psi = score, which
  is maximum likelihood.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from course_code._validate import as_floats, as_real, refuse
from course_code.losses import Loss
from course_code.noise import Noise

__all__ = ["contamination", "efficiency", "influence", "sensitivity", "threshold", "worst_variance"]

_NORMAL = NormalDist()
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def efficiency(loss, noise):
    r"""The efficiency, in large samples, of minimising `loss` when the noise is `noise`.

    :math:`E(\psi s)^2 / (E\psi^2 \, E s^2)`, by quadrature. Relative to the best estimator for this
    noise, so between 0 and 1.

    Parameters
    ----------
    loss : Loss
        With an odd psi, so not a quantile loss other than the median's.
    noise : Noise
        Symmetric; its score is ``noise.loss.psi`` up to a factor.

    >>> from course_code.losses import Huber, mae
    >>> from course_code.noise import Gaussian
    >>> round(efficiency(mae, Gaussian()) * math.pi / 2, 9)
    1.0
    >>> round(efficiency(Huber(1.345), Gaussian()), 4)
    0.95
    """
    psi_psi, psi_score, score_score = _moments(loss, noise)
    return psi_score**2 / (psi_psi * score_score)


def influence(loss, noise, at):
    r"""The influence function at `at`: :math:`\psi(x) / E(\psi s)`, in the unit of the data.

    >>> from course_code.losses import mse
    >>> from course_code.noise import Gaussian
    >>> influence(mse, Gaussian(), [0.0, 3.0]).round(9)
    array([0., 3.])
    """
    _, psi_score, _ = _moments(loss, noise)
    return loss.psi(at) / psi_score


def sensitivity(estimator, sample, at):
    r"""Tukey's sensitivity curve: n + 1 times what one more observation does to an estimate.

    :math:`(n + 1) \left[T(x_1, \dots, x_n, x) - T(x_1, \dots, x_n)\right]` for each x of `at`.

    Parameters
    ----------
    estimator : callable
        Called with an array of shape (m, n); returns m estimates along the last axis.
    sample : array_like, shape (n,)
    at : array_like, shape (m,)

    Returns
    -------
    ndarray, shape (m,)

    >>> sensitivity(lambda rows: np.mean(rows, axis=-1), [-1.0, 0.0, 1.0], [0.0, 2.0])
    array([0., 2.])
    """
    sample, at = as_floats("sample", sample, ndim=1), as_floats("at", at, ndim=1)
    rows = np.column_stack([np.tile(sample, (len(at), 1)), at])
    return (len(sample) + 1) * (estimator(rows) - estimator(sample[None]))


def contamination(k):
    r"""The share of bad observations for which Huber's k, in standard deviations, is minimax.

    :math:`\varepsilon / (1 - \varepsilon) = 2\varphi(k)/k - 2\Phi(-k)` (Huber 1964).

    >>> round(contamination(1.345), 4)
    0.0579
    """
    k = as_real("k", k, above=0)
    odds = 2 * _NORMAL.pdf(k) / k - 2 * _NORMAL.cdf(-k)
    return odds / (1 + odds)


def threshold(eps):
    """The k, in standard deviations, that is minimax for the share `eps` of bad observations.

    The inverse of `contamination`, by bisection.

    >>> round(threshold(0.05), 3)
    1.398
    """
    eps = as_real("eps", eps, above=0, below=1)
    low, high = 1e-9, 40.0
    if not contamination(high) < eps < contamination(low):
        refuse("eps", "must lie between 1e-300 and 1 - 1e-9", eps)
    for _ in range(100):
        k = (low + high) / 2
        low, high = (k, high) if contamination(k) > eps else (low, k)
    return (low + high) / 2


def worst_variance(k, eps):
    r"""n times the largest variance of Huber's estimate with `k` when a share `eps` is bad.

    The good observations are standard normal, the bad ones symmetric about 0 and otherwise
    arbitrary. The worst of them all lie beyond k, where psi is k:

    .. math:: \frac{(1 - \varepsilon)\, E\psi^2 + \varepsilon k^2}{((1 - \varepsilon)\, E\psi')^2} .

    >>> round(worst_variance(1.345, 0.0), 4) == round(1 / 0.95, 4)
    True
    """
    k = as_real("k", k, above=0)
    eps = as_real("eps", eps, at_least=0, below=1)
    inside = math.erf(k / math.sqrt(2))
    square = inside - 2 * k * _NORMAL.pdf(k) + k * k * (1 - inside)
    return ((1 - eps) * square + eps * k * k) / ((1 - eps) * inside) ** 2


def _moments(loss, noise):
    """The means of psi^2, psi * score and score^2: Gauss-Legendre on panels that end at kinks."""
    if not isinstance(loss, Loss):
        refuse("loss", "must be a loss of course_code.losses", loss)
    if not isinstance(noise, Noise):
        refuse("noise", "must be a noise model of course_code.noise", noise)
    far = 60 * noise.sd  # beyond, even exponential tails hold less than 1e-35
    kinks = [getattr(f, name, 0.0) for f in (loss, noise) for name in ("delta", "beta", "c")]
    edges = np.concatenate([np.linspace(0, far / 4, 400), np.linspace(far / 4, far, 100), kinks])
    edges = np.unique(edges[edges <= far])
    half = np.diff(edges)[:, None] / 2
    r = edges[:-1, None] + half * (1 + _NODES)
    mass = half * _WEIGHTS * 2 * np.exp(noise.log_density(r))  # both signs at once
    for name, f in (("loss", loss), ("noise", noise.loss)):
        if not np.array_equal(f.psi(-r), -f.psi(r)):
            refuse(name, "must treat both signs of a residual alike", f)
    psi, score = loss.psi(r), noise.loss.psi(r) / noise.temperature
    return tuple(float((mass * product).sum()) for product in (psi * psi, psi * score, score**2))
