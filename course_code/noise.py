r"""Noise models, and the losses they turn into.

Every density here is the exponential of a loss: with residuals $r$, a temperature $T$ and the
logarithm of a normaliser $\log Z$,

$$-\log p(r) = \rho(r) / T + \log Z .$$

So over n independent residuals the mean loss and the negative log-likelihood (NLL) are the same
function up to constants, ``mean loss = T * NLL / n - T * log Z``, and the same model minimises
both as long as the scale is held fixed:

=====================  ==================  ===================  ================================
density                T                   log Z                the loss
=====================  ==================  ===================  ================================
``Gaussian(s)``        2 s**2              log(s sqrt(2 pi))    MSE = (2 s**2 / n) NLL
                                                                - s**2 log(2 pi s**2)
``Laplace(b)``         b                   log(2 b)             MAE = (b / n) NLL - b log(2 b)
``AsymmetricLaplace``  b                   log(b/(tau (1-tau))) the quantile loss
``HuberDensity``       s**2                see the class        Huber's loss
=====================  ==================  ===================  ================================

The maximum-likelihood scale is in all four cases the one at which the *expected* loss equals the
*observed* mean loss. For the Gaussian that is sqrt(MSE), for the Laplace density the MAE.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_code import _sums
from course_code._validate import as_count, as_floats, as_generator, as_real, one_of, refuse
from course_code.losses import Huber, Quantile, SquaredError, mae, rmse

__all__ = ["AsymmetricLaplace", "Gaussian", "HuberDensity", "Laplace", "Noise"]


class Noise:
    """What the densities share. A density adds its exponent, T, log Z, sd and how to draw."""

    def log_density(self, r):
        """log p(r): a number for a number, an array of its shape for an array."""
        return _sums.at(lambda r: -self._exponent(r) - self.log_normaliser, r)

    def nll(self, r, reduction="mean"):
        """The negative log-likelihood of residuals, all constants kept.

        Parameters
        ----------
        r : array_like
            Residuals, in the units of `scale`.
        reduction : {"mean", "sum", "none"}

        Raises
        ------
        ValueError
            If `r` is empty, not numeric or not finite, or the reduction is unknown.
        """
        one_of("reduction", reduction, _sums.REDUCTIONS)
        r = as_floats("r", r)
        with np.errstate(over="ignore"):
            values = self._exponent(r) + self.log_normaliser
        return _sums.reduced(values, reduction, r)

    def sample(self, size, rng):
        """Independent draws.

        Parameters
        ----------
        size : int or tuple of int
        rng : numpy.random.Generator
            From ``numpy.random.default_rng``; passed in, so that no draw depends on hidden state.
        """
        rng = as_generator("rng", rng)
        sizes = size if isinstance(size, tuple) else (size,)
        return self._draw(tuple(as_count("size", n) for n in sizes), rng)


@dataclass(frozen=True)
class Gaussian(Noise):
    r"""The normal density, $p(r) = e^{-r^2/(2\sigma^2)} / (\sigma\sqrt{2\pi})$.

    Parameters
    ----------
    scale : float, > 0
        The standard deviation sigma, not the variance.

    >>> round(Gaussian(scale=2.0).nll([1.0, -2.0]), 12) == round(
    ...     math.log(2 * math.sqrt(2 * math.pi)) + (1 + 4) / 2 / (2 * 2.0**2), 12)
    True
    """

    scale: float = 1.0

    def __post_init__(self):
        _sums.keep(self, "scale", as_real("scale", self.scale, above=0))

    @property
    def loss(self):
        """Squared error."""
        return SquaredError()

    @property
    def temperature(self):
        """2 sigma^2."""
        return 2 * self.scale * self.scale

    @property
    def log_normaliser(self):
        """log(sigma sqrt(2 pi))."""
        return math.log(self.scale) + math.log(2 * math.pi) / 2

    @property
    def sd(self):
        """The scale itself."""
        return self.scale

    @classmethod
    def fit_scale(cls, r):
        """The maximum-likelihood sigma of residuals with centre 0: their RMSE (divisor n)."""
        r = _not_all_zero(r)
        return rmse(r, np.zeros_like(r))

    def _exponent(self, r):
        z = r / self.scale
        return z * z / 2

    def _draw(self, size, rng):
        return rng.normal(0.0, self.scale, size)


@dataclass(frozen=True)
class Laplace(Noise):
    r"""The double exponential density, $p(r) = e^{-|r|/b} / (2b)$.

    Parameters
    ----------
    scale : float, > 0
        b, the mean of abs(r). It is not the standard deviation, which is sqrt(2) b.

    >>> Laplace(scale=0.5).log_density([0.0, 1.0])
    array([ 0., -2.])
    """

    scale: float = 1.0

    def __post_init__(self):
        _sums.keep(self, "scale", as_real("scale", self.scale, above=0))

    @property
    def loss(self):
        """Absolute error."""
        return mae

    @property
    def temperature(self):
        """b."""
        return self.scale

    @property
    def log_normaliser(self):
        """log(2 b)."""
        return math.log(self.scale) + math.log(2)

    @property
    def sd(self):
        """sqrt(2) b."""
        return math.sqrt(2) * self.scale

    @classmethod
    def fit_scale(cls, r):
        """The maximum-likelihood b of residuals with centre 0: their mean absolute value."""
        r = _not_all_zero(r)
        return mae(r, np.zeros_like(r))

    def _exponent(self, r):
        return np.abs(r / self.scale)

    def _draw(self, size, rng):
        return rng.laplace(0.0, self.scale, size)


@dataclass(frozen=True)
class AsymmetricLaplace(Noise):
    r"""The density of quantile regression, $p(r) = \frac{\tau(1-\tau)}{b} e^{-\rho_\tau(r)/b}$.

    Its tau-quantile is 0. With tau = 1/2 it is the Laplace density of scale 2 b, because the
    quantile loss at 1/2 is half the absolute error.

    Parameters
    ----------
    scale : float, > 0
        b, the expected quantile loss.
    tau : float, strictly between 0 and 1

    References
    ----------
    K. Yu and R. A. Moyeed (2001), Bayesian quantile regression, Statist. Probab. Lett. 54, 437-447.

    >>> AsymmetricLaplace(scale=1.0, tau=0.5).log_density(3.0) == Laplace(2.0).log_density(3.0)
    True
    """

    scale: float = 1.0
    tau: float = 0.5

    def __post_init__(self):
        _sums.keep(self, "scale", as_real("scale", self.scale, above=0))
        _sums.keep(self, "tau", as_real("tau", self.tau, above=0, below=1))

    @property
    def loss(self):
        """The quantile loss at tau."""
        return Quantile(self.tau)

    @property
    def temperature(self):
        """b."""
        return self.scale

    @property
    def log_normaliser(self):
        """log(b / (tau (1 - tau)))."""
        return math.log(self.scale) - math.log(self.tau) - math.log1p(-self.tau)

    @property
    def sd(self):
        """b sqrt(1 / tau^2 + 1 / (1 - tau)^2)."""
        return self.scale * math.hypot(1 / self.tau, 1 / (1 - self.tau))

    @classmethod
    def fit_scale(cls, r, tau):
        """The maximum-likelihood b of residuals with tau-quantile 0: their mean quantile loss."""
        r = _not_all_zero(r)
        return Quantile(tau)(r, np.zeros_like(r))

    def _exponent(self, r):
        return self.loss.rho(r / self.scale)

    def _draw(self, size, rng):
        # Above 0 the density decays at the rate tau / b, below at (1 - tau) / b: so does a
        # difference of two exponentials of these rates.
        above = rng.exponential(self.scale / self.tau, size)
        below = rng.exponential(self.scale / (1 - self.tau), size)
        return above - below


@dataclass(frozen=True)
class HuberDensity(Noise):
    r"""A Gaussian middle with exponential tails, $p(r) = e^{-\rho_\delta(r)/s^2} / Z$.

    With $k = \delta/s$ the normaliser is

    $$Z = s \left(\sqrt{2\pi}\,\mathrm{erf}(k/\sqrt2) + \tfrac{2}{k} e^{-k^2/2}\right),$$

    the first term from the middle, the second from the tails. It is Huber's least favourable
    density: the worst noise in a neighbourhood of the Gaussian, for which his estimator is optimal.

    Parameters
    ----------
    scale : float, > 0
        s, the standard deviation of the Gaussian in the middle, not of the density.
    delta : float, > 0
        Where the tails begin, in the units of the residuals.

    References
    ----------
    P. J. Huber (1964), Robust estimation of a location parameter, Ann. Math. Statist. 35, 73-101.

    >>> HuberDensity(scale=1.0, delta=2.0).loss
    Huber(delta=2.0)
    """

    scale: float = 1.0
    delta: float = 1.0

    def __post_init__(self):
        _sums.keep(self, "scale", as_real("scale", self.scale, above=0))
        _sums.keep(self, "delta", as_real("delta", self.delta, above=0))
        if self.delta / self.scale < 1e-300:  # 1 / k would overflow
            refuse("delta", "must be at least 1e-300 of the scale", self.delta)

    @property
    def loss(self):
        """Huber's loss at delta."""
        return Huber(self.delta)

    @property
    def temperature(self):
        """s^2."""
        return self.scale * self.scale

    @property
    def log_normaliser(self):
        """log Z, as stated by the class."""
        return math.log(self.scale) + math.log(sum(self._masses()))

    @property
    def outside(self):
        """The probability of the tails, P(abs(r) > delta)."""
        middle, tails = self._masses()
        return tails / (middle + tails)

    @property
    def sd(self):
        """The standard deviation, larger than the scale because of the tails."""
        k = self.delta / self.scale
        # Var(r) / s^2 = 1 + P(tails) * (1 + 2 / k^2), by parts in the middle and in the tails.
        return self.scale * math.sqrt(1 + self.outside * (1 + 2 / k / k))

    @classmethod
    def fit_scale(cls, r, delta):
        r"""The maximum-likelihood s for a given delta, by bisection.

        The expected loss is $s^2 (1 + P(|r| > \delta)) / 2$, which lies between $s^2/2$ and
        $s^2$ and grows with s. Its one crossing with the mean loss is the answer.
        """
        delta = as_real("delta", delta, above=0)
        r = _not_all_zero(r)
        unit = float(np.abs(r).max())  # in its own unit no residual overflows
        delta, mean = delta / unit, float(Huber(delta / unit).rho(r / unit).mean())
        low, high = math.sqrt(mean), math.sqrt(2 * mean)
        for _ in range(60):
            s = (low + high) / 2
            if s * s * (1 + cls(s, delta).outside) / 2 < mean:
                low = s
            else:
                high = s
        return unit * (low + high) / 2

    def _masses(self):
        """The integrals of the middle and of the two tails, over s."""
        k = self.delta / self.scale
        middle = math.sqrt(2 * math.pi) * math.erf(k / math.sqrt(2))
        return middle, 2 / k * math.exp(-k * k / 2)

    def _exponent(self, r):
        return Huber(self.delta / self.scale).rho(r / self.scale)

    def _draw(self, size, rng):
        tail = rng.random(size) < self.outside
        count = int(tail.sum())
        draws = np.empty(size)
        k = self.delta / self.scale
        draws[tail] = rng.choice((-1.0, 1.0), count) * (k + rng.exponential(1 / k, count))
        draws[~tail] = _truncated_normal(k, draws.size - count, rng)
        return self.scale * draws


def _truncated_normal(k, size, rng):
    """Standard normal draws within [-k, k], by rejection (at least two of three are accepted)."""
    kept = np.empty(0)
    while kept.size < size:
        if k > 1:
            z = rng.standard_normal(size)
            z = z[np.abs(z) <= k]
        else:
            z = rng.uniform(-k, k, size)
            z = z[rng.random(size) <= np.exp(-z * z / 2)]
        kept = np.concatenate([kept, z])
    return kept[:size]


def _not_all_zero(r):
    r = as_floats("r", r)
    if not r.any():
        refuse("r", "must not all be zero, for then the likelihood has no maximum", "only zeros")
    return r
