r"""Losses for regression: how much a model pays for being wrong.

Conventions, once, for the whole course
---------------------------------------
* The residual is ``r = y_true - y_pred``. Every loss is a function ``rho`` of the residual;
  ``psi`` is its derivative, ``weight`` is ``psi(r) / r`` and ``curvature`` is the derivative of
  ``psi``. These are the words of robust statistics (Huber 1964; Hampel et al. 1986).
* ``SquaredError`` has ``rho = r**2``: its mean is the MSE and its gradient carries the 2.
  ``Huber`` has ``rho = r**2 / 2`` inside ``delta``, so it is *half* the squared error there.
* ``loss(y_true, y_pred)`` is the mean over **all** elements: over n numbers, or over n * K for
  targets of shape (n, K). With weights it is ``sum(w * rho) / sum(w)``.
* ``loss.gradient(y_true, y_pred)`` is the derivative of that same number with respect to
  ``y_pred``: ``-w * psi(r) / sum(w)``. The minus is the chain rule, for r falls as y_pred rises.
* Where rho has a kink, psi is the subgradient 0 at residual 0.

What comes in, what goes out
----------------------------
Targets and predictions have one shape; nothing is broadcast. Integers and booleans are computed in
float64, float32 stays float32, pandas objects are used by position. A reduced value is a Python
float (a NumPy float32 if the input was). A value too large for the format is ``inf``, without a
warning: the squared error of a residual of 1e200, for example.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from course_code import _sums
from course_code._validate import as_floats, as_pair, as_real, as_weights, one_of, refuse

__all__ = [
    "AbsoluteError",
    "Huber",
    "LogCosh",
    "Loss",
    "Quantile",
    "RootMeanSquaredError",
    "SmoothL1",
    "SquaredError",
    "Tukey",
    "gaussian_nll",
    "laplace_nll",
    "mae",
    "mse",
    "normalised",
    "per_output",
    "pooled",
    "rmse",
    "uncertainty_weighted",
    "weighted_outputs",
]


class Loss:
    """What all losses share: checks, weights, reduction, gradient.

    A loss adds four formulas of the residual: ``_rho``, ``_psi``, ``_weight`` and ``_curvature``.
    Where speed asks for it, it also says how to sum rho (``_total``), how to form the gradient
    (``_slope``) in the array that came, and how to do both at once (``_total_and_slope``).
    """

    _bounded = False  # True if rho levels off, so that an infinite residual would go unnoticed

    def __call__(self, y_true, y_pred, sample_weight=None, reduction="mean"):
        """The loss of predictions `y_pred` for targets `y_true`.

        Parameters
        ----------
        y_true, y_pred : array_like, one shape, usually (n,) or (n, K)
            Targets and predictions, in the same units.
        sample_weight : array_like of the shape of `y_true`, or (n,) for (n, K) targets, optional
            Non-negative weights, not all zero; all one if not given.
        reduction : {"mean", "sum", "none"}
            ``sum(w * rho) / sum(w)``, ``sum(w * rho)``, or the array ``w * rho``.

        Returns
        -------
        float or ndarray
            A number; for "none" an array of the shape of `y_true`.

        Raises
        ------
        ValueError
            If shapes differ, an argument is empty, not numeric, NaN or infinite, weights are
            negative or all zero, or the reduction is unknown.
        """
        one_of("reduction", reduction, _sums.REDUCTIONS)
        y, p, w = _sums.arguments(y_true, y_pred, sample_weight)
        if reduction == "none":
            return _sums.by_element(lambda e, w: w * self._rho(-e) + 0.0, y, p, w)
        return _sums.total(self, y, p, w, scale=_sums.mass(y, w) if reduction == "mean" else 1)

    def gradient(self, y_true, y_pred, sample_weight=None, reduction="mean"):
        """The gradient of the loss with respect to `y_pred`, an array of its shape.

        ``-w * psi(r) / sum(w)`` for "mean", ``-w * psi(r)`` for "sum". For "none" it is
        ``-w * psi(r)`` too: the derivative of each element's loss by its own prediction.
        Parameters and errors are those of the call.
        """
        one_of("reduction", reduction, _sums.REDUCTIONS)
        y, p, w = _sums.arguments(y_true, y_pred, sample_weight)
        scale = _sums.mass(y, w) if reduction == "mean" else 1
        return _sums.by_element(self._slope, y, p, w, scale)

    def value_and_gradient(self, y_true, y_pred, sample_weight=None, reduction="mean", out=None):
        """``(loss(...), loss.gradient(...))``, in one walk through the data without weights.

        Parameters and errors are those of the call, and one more: `out`, a contiguous array of the
        shape and format of the gradient. The gradient is written there, which saves a loop that
        asks again and again the time to find new memory. It may not share memory with the data.

        >>> mse.value_and_gradient([1.0, 2.0], [1.0, 4.0])
        (2.0, array([0., 2.]))
        """
        one_of("reduction", reduction, _sums.REDUCTIONS)
        y, p, w = _sums.arguments(y_true, y_pred, sample_weight)
        out = _sums.place(out, y, p)
        if w is None and reduction != "none":
            value = _sums.total_and_by_element(
                self, y, p, _sums.mass(y, w) if reduction == "mean" else 1, out
            )
            if value is not None:
                return value, out
        value = self(y, p, w, reduction)
        out[...] = self.gradient(y, p, w, reduction)
        return value, out

    def rho(self, r):
        """The loss of a residual `r` (a number or an array; the result has its shape)."""
        return _sums.at(self._rho, r)

    def psi(self, r):
        """The derivative of rho: how strongly a residual pulls (the influence function's shape)."""
        return _sums.at(self._psi, r)

    def weight(self, r):
        """psi(r) / r: the weight of the residual in reweighted least squares; its limit at 0."""
        return _sums.at(self._weight, r)

    def curvature(self, r):
        """The derivative of psi, where it exists; at a kink the value stated by the class."""
        return _sums.at(self._curvature, r)

    def _total(self, r):
        """The sum of rho over residuals, which may be overwritten."""
        return self._rho(r).sum()

    def _slope(self, e, factor):
        """factor times the derivative of rho by y_pred; the error e = -r may be overwritten."""
        return factor * (0.0 - self._psi(-e))  # 0.0 - 0.0 is 0.0, where -(0.0) would be -0.0

    def _total_and_slope(self, e, factor):
        """`_total` of -e, and `_slope`; the error e may be overwritten."""
        return self._total(-e), self._slope(e, factor)


@dataclass(frozen=True)
class SquaredError(Loss):
    r"""Squared error, $\rho(r) = r^2$. Its mean is the MSE, minimised by the mean.

    >>> SquaredError()([1, 2, 3], [1, 2, 5])
    1.3333333333333333
    >>> SquaredError().gradient([1, 2, 3], [1, 2, 5])
    array([0.        , 0.        , 1.33333333])
    """

    def _rho(self, r):
        return r * r

    def _psi(self, r):
        return 2 * r

    def _weight(self, r):
        return np.full_like(r, 2)

    def _curvature(self, r):
        return np.full_like(r, 2)

    def _total(self, r):
        return _sums.inner(r, r)

    def _slope(self, e, factor):
        return np.multiply(e, 2 * factor, out=e)

    def _total_and_slope(self, e, factor):
        return self._total(e), self._slope(e, factor)


@dataclass(frozen=True)
class AbsoluteError(Loss):
    r"""Absolute error, $\rho(r) = |r|$. Its mean is the MAE, minimised by any median.

    psi(0) = 0 is the chosen subgradient. weight(0) is infinite, the limit of 1 / abs(r).
    The curvature is 0 everywhere: the kink at 0, where psi jumps by 2, is not in it.

    >>> AbsoluteError()([1, 2, 3], [1, 2, 5], reduction="sum")
    2.0
    """

    def _rho(self, r):
        return np.abs(r)

    def _psi(self, r):
        return np.sign(r)

    def _weight(self, r):
        return 1 / np.abs(r)

    def _curvature(self, r):
        return np.zeros_like(r)

    def _total(self, r):
        return np.abs(r, out=r).sum()

    def _slope(self, e, factor):  # np.sign branches at every element; comparisons do not
        sign = (e > 0).view(np.int8) - (e < 0).view(np.int8)
        return np.multiply(sign, factor, out=e)

    def _total_and_slope(self, e, factor):
        sign = e / np.abs(e)  # the fastest way to the signs of a block, if it holds no zero
        total = _sums.inner(sign, e)
        if math.isnan(total):
            sign = np.sign(e)
            total = _sums.inner(sign, e)
        return total, np.multiply(sign, factor, out=e)


@dataclass(frozen=True)
class Huber(Loss):
    r"""Huber's loss: half the square up to $\delta$, then a line of slope $\delta$.

    $\rho(r) = r^2/2$ for $|r| \le \delta$, else $\delta\,(|r| - \delta/2)$. Its psi is the residual
    clipped to $[-\delta, \delta]$, and with $c = \psi(r)$ both branches are $c\,(r - c/2)$.
    The curvature is 1 inside and 0 outside; at $|r| = \delta$ it is set to 1.

    Parameters
    ----------
    delta : float, > 0
        Where the line takes over, in the units of the targets. 1.345 standard deviations of the
        noise keep 95 % efficiency under Gaussian noise.

    References
    ----------
    P. J. Huber (1964), Robust estimation of a location parameter, Ann. Math. Statist. 35, 73-101.

    >>> Huber(delta=1.0).rho([0.5, 2.0])
    array([0.125, 1.5  ])
    """

    delta: float = 1.0

    def __post_init__(self):
        _sums.keep(self, "delta", as_real("delta", self.delta, above=0))

    def _rho(self, r):
        c = self._psi(r)
        return c * (r - c / 2)

    def _psi(self, r):
        return r.clip(-self.delta, self.delta)

    def _weight(self, r):
        return self.delta / np.maximum(np.abs(r), self.delta)

    def _curvature(self, r):
        return (np.abs(r) <= self.delta).astype(r.dtype)

    def _total(self, r):
        c = r.clip(-self.delta, self.delta)
        return _sums.inner(c, r) - _sums.inner(c, c) / 2

    def _slope(self, e, factor):
        c = e.clip(-self.delta, self.delta, out=e)
        return np.multiply(c, factor, out=c)

    def _total_and_slope(self, e, factor):
        c = e.clip(-self.delta, self.delta)
        total = _sums.inner(c, e) - _sums.inner(c, c) / 2
        return total, np.multiply(c, factor, out=e)


@dataclass(frozen=True)
class SmoothL1(Loss):
    r"""Smooth L1: Huber's loss divided by its threshold, $\rho_\beta = \mathrm{Huber}_\beta/\beta$.

    $\rho(r) = r^2/(2\beta)$ for $|r| \le \beta$, else $|r| - \beta/2$: the slope of the line is 1
    whatever beta. It equals Huber's loss only for beta = delta = 1. The convention is PyTorch's.
    The curvature is $1/\beta$ up to and including $|r| = \beta$, then 0.

    >>> SmoothL1(beta=0.5).rho(3.0), Huber(delta=0.5).rho(3.0)
    (2.75, 1.375)
    """

    beta: float = 1.0

    def __post_init__(self):
        _sums.keep(self, "beta", as_real("beta", self.beta, above=0))

    def _rho(self, r):
        c = r.clip(-self.beta, self.beta)
        return c / self.beta * (r - c / 2)

    def _psi(self, r):
        return r.clip(-self.beta, self.beta) / self.beta

    def _weight(self, r):
        return 1 / np.maximum(np.abs(r), self.beta)

    def _curvature(self, r):
        return (np.abs(r) <= self.beta).astype(r.dtype) / self.beta


@dataclass(frozen=True)
class LogCosh(Loss):
    r"""Log-cosh, $\rho(r) = \log\cosh r$: near $r^2/2$ at 0, near $|r| - \log 2$ far out.

    Smooth everywhere; psi is tanh. Written so that nothing overflows for large residuals and
    nothing cancels for small ones: rho(1e-8) is 5e-17, rho(1000) is 1000 - log 2.

    >>> LogCosh().rho(1000.0)
    999.3068528194401
    """

    def _rho(self, r):
        a = np.abs(r)
        near = np.log1p(2 * np.sinh(np.minimum(a, 1) / 2) ** 2)  # cosh a = 1 + 2 sinh(a/2)^2
        far = a - math.log(2) + np.log1p(np.exp(-2 * a))  # cosh a = e^a / 2 * (1 + e^-2a)
        return np.where(a < 1, near, far)

    def _psi(self, r):
        return np.tanh(r)

    def _weight(self, r):
        return np.divide(np.tanh(r), r, out=np.ones_like(r), where=r != 0)

    def _curvature(self, r):
        t = np.exp(-np.abs(r))
        return (2 * t / (1 + t * t)) ** 2  # 1 / cosh^2, without overflow


@dataclass(frozen=True)
class Quantile(Loss):
    r"""Quantile (pinball) loss: $\tau r$ for $r \ge 0$, $(\tau - 1)\,r$ below.

    Predicting too low costs tau per unit, too high 1 - tau; the minimiser is the tau-quantile.
    tau = 1/2 gives *half* the absolute error. psi(0) = 0 is the chosen subgradient, weight(0) is
    infinite, and the curvature is 0 everywhere, the kink left out.

    Parameters
    ----------
    tau : float, strictly between 0 and 1

    References
    ----------
    R. Koenker and G. Bassett (1978), Regression quantiles, Econometrica 46, 33-50.

    >>> Quantile(tau=0.9)([1.0], [0.0]), round(Quantile(tau=0.9)([0.0], [1.0]), 12)
    (0.9, 0.1)
    """

    tau: float = 0.5

    def __post_init__(self):
        _sums.keep(self, "tau", as_real("tau", self.tau, above=0, below=1))

    def _rho(self, r):
        return np.maximum(self.tau * r, (self.tau - 1) * r)

    def _psi(self, r):
        above, below = np.heaviside(r, 0), np.heaviside(-r, 0)
        return self.tau * above + (self.tau - 1) * below

    def _weight(self, r):
        return self._rho(np.copysign(1, r)) / np.abs(r)

    def _curvature(self, r):
        return np.zeros_like(r)


@dataclass(frozen=True)
class Tukey(Loss):
    r"""Tukey's biweight: near $r^2/2$ at 0, constant $c^2/6$ beyond $c$; gross errors stop pulling.

    With $u = \min(1, (r/c)^2)$: $\rho = \frac{c^2}{6}(1 - (1-u)^3)$, $\psi = r\,(1-u)^2$.
    It redescends: psi goes back to 0, so the loss is not convex and a fit needs a good start.
    The curvature is continuous, so no kink needs a choice.

    Parameters
    ----------
    c : float, > 0
        The end of the pull, in the units of the targets. 4.685 standard deviations of the noise
        keep 95 % efficiency under Gaussian noise.

    References
    ----------
    A. E. Beaton and J. W. Tukey (1974), The fitting of power series, meaning polynomials,
    illustrated on band-spectroscopic data, Technometrics 16, 147-185.

    >>> Tukey(c=3.0).rho([3.0, 1e6])
    array([1.5, 1.5])
    """

    c: float = 4.685

    _bounded = True

    def __post_init__(self):
        _sums.keep(self, "c", as_real("c", self.c, above=0))

    def _u(self, r):
        return np.minimum((r / self.c) ** 2, 1)

    def _rho(self, r):
        u = self._u(r)
        return self.c * (self.c / 6 * (u * (3 - u * (3 - u))))  # 1 - (1-u)^3 without cancellation

    def _psi(self, r):
        return r * self._weight(r)

    def _weight(self, r):
        return (1 - self._u(r)) ** 2

    def _curvature(self, r):
        u = self._u(r)
        return (1 - u) * (1 - 5 * u)


@dataclass(frozen=True)
class RootMeanSquaredError:
    r"""Root mean squared error, $\sqrt{\sum w r^2 / \sum w}$, in the units of the targets.

    It is a function of a whole sample, not a sum over its elements: no rho, no psi, and no
    reduction but "mean". Neither overflow nor underflow of the squares harms it.

    >>> rmse([0, 0], [3, 4]) == math.sqrt(12.5)
    True
    >>> rmse.gradient([1.0, 2.0], [1.0, 2.0])
    array([0., 0.])
    """

    def __call__(self, y_true, y_pred, sample_weight=None, reduction="mean"):
        """The RMSE; parameters and errors as for the losses."""
        one_of("reduction", reduction, ("mean",))
        y, p, w = _sums.arguments(y_true, y_pred, sample_weight)
        size, unit = self._size_and_unit(y, p, w)
        return _sums.number(size * unit, y, p)

    def gradient(self, y_true, y_pred, sample_weight=None, reduction="mean"):
        """``-w * r / (sum(w) * rmse)``; at a perfect fit, where that is 0/0, the subgradient 0."""
        one_of("reduction", reduction, ("mean",))
        y, p, w = _sums.arguments(y_true, y_pred, sample_weight)
        size, unit = self._size_and_unit(y, p, w)
        if size == 0:
            return np.zeros(p.shape, np.result_type(y, p))

        def slope(e, factor):
            return np.multiply(np.divide(e, unit, out=e), factor, out=e)

        return _sums.by_element(slope, y, p, w, scale=size * _sums.mass(y, w))

    def value_and_gradient(self, y_true, y_pred, sample_weight=None, reduction="mean", out=None):
        """``(rmse(...), rmse.gradient(...))``; parameters and errors as for the losses."""
        value = self(y_true, y_pred, sample_weight, reduction)
        gradient = self.gradient(y_true, y_pred, sample_weight, reduction)
        if out is None:
            return value, gradient
        out = _sums.place(out, *_sums.arguments(y_true, y_pred)[:2])
        out[...] = gradient
        return value, out

    def _size_and_unit(self, y, p, w):
        """RMSE = size * unit; unit is 1 unless the squares are too large or too small to form."""
        mean = float(_sums.total(mse, y, p, w, _sums.mass(y, w)))
        if np.finfo(np.result_type(y, p)).smallest_normal < mean < math.inf:
            return math.sqrt(mean), 1.0
        with np.errstate(over="ignore"):
            r = _sums.residuals(y, p)
        if w is not None:
            r, w = r[w > 0], w[w > 0]
        unit = float(np.abs(r).max())
        if unit == 0 or math.isinf(unit):
            return unit, 1.0
        return math.sqrt(np.average((r / unit) ** 2, weights=w)), unit


mse = SquaredError()
mae = AbsoluteError()
rmse = RootMeanSquaredError()


def gaussian_nll(y_true, mean, variance, reduction="mean"):
    r"""Negative log-likelihood of Gaussian noise, all constants kept.

    $\frac12 \log(2\pi v) + \frac{(y - \mu)^2}{2v}$ per element.

    Parameters
    ----------
    y_true, mean : array_like, one shape
    variance : float, or array_like of that shape
        Positive: the variance, not the standard deviation.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        As for the losses, and if a variance is not positive (there is no silent floor).

    >>> round(gaussian_nll([0.0], [0.0], 1.0), 6)  # log(2 pi) / 2
    0.918939
    """
    one_of("reduction", reduction, _sums.REDUCTIONS)
    y, m = as_pair(y_true, mean, ("y_true", "mean"))
    v = _sums.positive("variance", variance, y.shape)
    with np.errstate(over="ignore"):
        nll = (np.log(v) + math.log(2 * math.pi) + (y - m) / v * (y - m)) / 2
    return _sums.reduced(nll, reduction, y, m)


def laplace_nll(y_true, location, scale, reduction="mean"):
    r"""Negative log-likelihood of Laplace noise, all constants kept.

    $\log(2b) + |y - m|/b$ per element.

    Parameters
    ----------
    y_true, location : array_like, one shape
    scale : float, or array_like of that shape
        The positive scale b. It is not the standard deviation, which is $\sqrt2\,b$.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        As for the losses, and if a scale is not positive.

    >>> round(laplace_nll([0.0], [0.0], 0.5), 6)  # log(2 b) = 0
    0.0
    """
    one_of("reduction", reduction, _sums.REDUCTIONS)
    y, m = as_pair(y_true, location, ("y_true", "location"))
    b = _sums.positive("scale", scale, y.shape)
    with np.errstate(over="ignore"):
        nll = np.log(b) + math.log(2) + np.abs(y - m) / b
    return _sums.reduced(nll, reduction, y, m)


def per_output(loss, y_true, y_pred, sample_weight=None):
    """The mean loss of each output: targets of shape (n, K) give an array of shape (K,).

    The mean of the result is ``loss(y_true, y_pred)`` when the weights, if any, have shape (n,).

    >>> per_output(mse, [[0, 0], [0, 0]], [[1, 10], [3, 10]])
    array([  5., 100.])
    """
    _require_loss(loss)
    y, p = as_pair(y_true, y_pred, ndim=2)
    w = None if sample_weight is None else as_weights(sample_weight, y.shape)
    columns = [
        loss(y[:, k], p[:, k], None if w is None else w[:, k], "mean") for k in range(y.shape[1])
    ]
    return np.array(columns)


def weighted_outputs(loss, y_true, y_pred, weights, sample_weight=None):
    r"""$\sum_k w_k L_k$ with $L_k$ the mean loss of output k, and the weights used as they are.

    Equal weights 1/K give the ordinary mean over all elements; weights of 1 give K times that.

    Parameters
    ----------
    y_true, y_pred : array_like (n, K)
    weights : array_like (K,)
        Non-negative, not all zero. They are not rescaled.

    >>> weighted_outputs(mse, [[0, 0], [0, 0]], [[1, 10], [3, 10]], [0.5, 0.5])
    52.5
    """
    losses = per_output(loss, y_true, y_pred, sample_weight)
    return float(as_weights(weights, losses.shape, "weights") @ losses)


def normalised(loss, y_true, y_pred, sample_weight=None, scale=None):
    r"""The mean loss after dividing each output by the standard deviation of its targets.

    The standard deviation is that of the sample (divisor n, unweighted). For the squared error the
    result is `weighted_outputs` with $w_k = 1/(K\,\mathrm{std}_k^2)$: the K belongs to it.

    Parameters
    ----------
    y_true, y_pred : array_like (n, K)
    scale : array_like (K,), optional
        Positive numbers to divide by instead, such as the standard deviations of the training
        targets. A batch, or a test set, should not be measured by its own.

    Raises
    ------
    ValueError
        As for the losses, and if all targets of an output are equal and no scale is given.

    >>> round(normalised(mse, [[0, 0], [2, 40]], [[1, 0], [2, 30]]), 6)
    0.3125
    >>> normalised(mse, [[0, 0], [2, 40]], [[1, 0], [2, 30]], scale=[1, 10])
    0.5
    """
    _require_loss(loss)
    y, p = as_pair(y_true, y_pred, ndim=2)
    if scale is None:
        scale = y.std(axis=0)
        if not scale.all():
            column = int(np.flatnonzero(scale == 0)[0])
            refuse("y_true", "must vary within every output", f"a constant output {column}")
    else:
        scale = _sums.positive("scale", scale, y.shape[1:])
    return loss(y / scale, p / scale, sample_weight)


def uncertainty_weighted(loss, y_true, y_pred, log_variance, sample_weight=None):
    r"""$\frac12 \sum_k \left(e^{-s_k} L_k + s_k\right)$, outputs weighted by learned noise levels.

    $L_k$ is the mean loss of output k and $s_k$ the logarithm of its noise variance, a parameter
    and not an output of the model. For the squared error this is the Gaussian negative
    log-likelihood per row without its constant $\frac K2 \log 2\pi$. The term $+s_k$ keeps $s_k$
    from running to $+\infty$, the term $e^{-s_k} L_k$ keeps it from $-\infty$; for fixed
    predictions the minimum is at $s_k = \log L_k$. The value can be negative. For the absolute
    error $s_k$ is the logarithm of the Laplace scale, and the value is half the negative
    log-likelihood without its constant $K \log 2$.

    Parameters
    ----------
    y_true, y_pred : array_like (n, K)
    log_variance : array_like (K,)

    References
    ----------
    A. Kendall, Y. Gal and R. Cipolla (2018), Multi-task learning using uncertainty to weigh losses
    for scene geometry and semantics, CVPR, 7482-7491.

    >>> round(uncertainty_weighted(mse, [[0, 0], [0, 0]], [[1, 1], [1, 1]], [0.0, 0.0]), 6)
    1.0
    """
    losses = per_output(loss, y_true, y_pred, sample_weight)
    s = as_floats("log_variance", log_variance)
    if s.shape != losses.shape:
        refuse("log_variance", f"must have shape {losses.shape}", f"shape {s.shape}")
    return float(np.sum(np.exp(-s) * losses + s) / 2)


def pooled(loss, batches):
    """The loss over all batches together, whatever their sizes.

    It equals the loss of the joined data. The mean of the batches' means does not, unless all
    batches weigh the same.

    Parameters
    ----------
    loss : Loss, or `rmse`
    batches : iterable of (y_true, y_pred) or (y_true, y_pred, sample_weight)

    Raises
    ------
    ValueError
        As for the losses, and if there is no batch.

    >>> pooled(mse, [([1, 1, 1, 1], [0, 0, 0, 0]), ([5], [0])])
    5.8
    """
    _require_loss(loss)
    if isinstance(loss, RootMeanSquaredError):
        return math.sqrt(pooled(mse, batches))
    if not isinstance(batches, Iterable):
        refuse("batches", "must be an iterable of batches", batches)
    total = mass = 0.0
    for batch in batches:
        if not isinstance(batch, tuple | list) or len(batch) not in (2, 3):
            refuse("batches", "must hold (y_true, y_pred) or (y_true, y_pred, weights)", batch)
        y, p, w = _sums.arguments(*batch)
        total += float(_sums.total(loss, y, p, w))
        mass += _sums.mass(y, w)
    if mass == 0:
        refuse("batches", "must hold at least one batch", "none")
    return total / mass


def _require_loss(loss):
    if not isinstance(loss, Loss | RootMeanSquaredError):
        refuse("loss", "must be a loss of this module, such as mse", loss)
