r"""Lines whose noise is wider at some places than at others.

The model is $y_i = b + w x_i + \sigma_i \varepsilon_i$ with independent standard normal
$\varepsilon_i$ and a spread that is never negative because it is an exponential,

$$\log \sigma_i = c + g z_i .$$

z is what the spread depends on: x itself, or its logarithm, which makes the spread a power of x.
A. C. Harvey (1976) calls this multiplicative heteroscedasticity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from course_code._validate import as_floats, as_pair, as_weights, one_of, refuse
from course_code.losses import mse
from course_code.regression import fit_line

__all__ = ["UnevenFit", "likelihood_fit", "standard_errors", "two_step_fit"]

_STEPS = 200
_CONCAVE = 1e-3  # the least curvature, relative to the expected one, that Newton's method may use
_SETTLED = 1e-10  # the last step, in standard errors of the coefficients
_COLLAPSED = 1e-6  # a fitted spread below this share of the residuals' size is on its way to 0
# The logarithm of a squared standard normal has this mean and the variance pi^2 / 2.
_MEAN_LOG_SQUARE = -(np.euler_gamma + math.log(2))


@dataclass(frozen=True)
class UnevenFit:
    """A line and the spread around it.

    Attributes
    ----------
    intercept, slope : float
        b and w, of the conditional mean.
    level, growth : float
        c and g, of the logarithm of the spread.
    nll : float
        Minus the log-likelihood of all observations together, with its constants.
    errors : ndarray, shape (4,)
        Standard errors of b, w, c and g.
    steps : int
        How many steps it took.
    """

    intercept: float
    slope: float
    level: float
    growth: float
    nll: float
    errors: np.ndarray = field(repr=False)
    steps: int

    def predict(self, x):
        """The height of the line, shape (n,)."""
        return self.intercept + self.slope * as_floats("x", x, ndim=1)

    def sigma(self, z):
        """The standard deviation of the noise, shape (n,), in units of y."""
        return np.exp(self.level + self.growth * as_floats("z", z, ndim=1))


def likelihood_fit(x, y, z=None):
    r"""Line and spread of maximum likelihood, together.

    Newton's method where the likelihood is concave, Fisher's scoring elsewhere: with
    $u_i = r_i/\sigma_i$, scoring gives the line the step of least squares with weights
    $1/\sigma_i^2$, and (c, g) the step that fits $(u_i^2 - 1)/2$ by least squares in z. A step is
    halved while minus the log-likelihood would grow. Cost: O(n) per step.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        At least four observations.
    z : array_like, shape (n,), optional
        What the spread depends on; x if not given.

    Returns
    -------
    UnevenFit
        With standard errors from the expected information, which is block diagonal: the inverse of
        $\sum \sigma_i^{-2} (1, x_i)(1, x_i)^T$ for the line, of $2 \sum (1, z_i)(1, z_i)^T$ for the
        spread. They hold for large n and if the model is right. The likelihood is not concave, so
        what is found is a local maximum, the one uphill from least squares.

    Raises
    ------
    ValueError
        If shapes differ, x or z do not vary, or the spread runs to 0 at some point. Then the line
        can pass exactly through the points there, and the likelihood has no maximum.
    RuntimeError
        If the steps do not settle.

    References
    ----------
    A. C. Harvey (1976), Estimating regression models with multiplicative heteroscedasticity,
    Econometrica 44, 461-465.

    Examples
    --------
    >>> fit = likelihood_fit([1, 1, 2, 2, 4, 4], [1, 3, 2, 6, 4, 12])
    >>> round(fit.slope, 3), round(fit.growth, 3)
    (2.0, 0.442)
    """
    x, y, z = _arguments(x, y, z)
    X, Z = _columns(x), _columns(z)
    line, r = _least_squares(X, y)
    size = _size(y, r)
    at = np.array([*line, math.log(size), 0.0])
    now = _nll(r, Z @ at[2:])
    for step in range(1, _STEPS + 1):
        change, far = _newton_or_fisher(X, Z, r, np.exp(Z @ at[2:]))
        if far < _SETTLED:
            return _result(x, y, z, at[:2], at[2:], step)
        share, before = 1.0, now
        while share > 1e-9:
            r = y - X @ (at[:2] + share * change[:2])
            now = _nll(r, Z @ (at[2:] + share * change[2:]))
            # At the maximum rounding may change it by a little in either direction.
            if now <= before + 1e-12 * (abs(before) + len(y)):
                break
            share /= 2
        at = at + share * change
        narrow = int(np.argmin(Z @ at[2:]))
        if (Z @ at[2:])[narrow] < math.log(_COLLAPSED * size):
            refuse("y", "must not let the spread run to 0", f"such a place at position {narrow}")
    raise RuntimeError(f"the likelihood did not settle within {_STEPS} steps")


def two_step_fit(x, y, z=None):
    r"""Line and spread in two steps: fit the spread to the residuals of least squares, then weigh.

    The logarithms of the squared residuals are fitted by least squares in z. For a standard normal
    u, $\log u^2$ has the mean -1.27, which is taken off, and the variance $\pi^2/2$. The line is
    that of least squares with weights $1/\hat\sigma_i^2$.

    Parameters
    ----------
    x, y, z
        As in `likelihood_fit`.

    Returns
    -------
    UnevenFit
        The standard errors of the line are those of `likelihood_fit`; those of the spread are
        larger there by the factor $\pi/2$, the price of the logarithms.

    Raises
    ------
    ValueError
        As `likelihood_fit`, and if a residual of least squares is 0, up to rounding: it has no
        logarithm.

    Examples
    --------
    >>> fit = two_step_fit([1, 1, 2, 2, 4, 4], [1, 3, 2, 6, 4, 12])
    >>> round(fit.slope, 3), round(fit.growth, 3)
    (2.0, 0.446)
    """
    x, y, z = _arguments(x, y, z)
    X, Z = _columns(x), _columns(z)
    _, r = _least_squares(X, y)
    least = int(np.argmin(np.abs(r)))
    if abs(r[least]) < _COLLAPSED * _size(y, r):
        refuse("y", "must not lie on its least-squares line", f"a residual 0 at position {least}")
    spread, _ = _least_squares(Z, (np.log(r * r) - _MEAN_LOG_SQUARE) / 2)
    weight = np.exp(-2 * (Z @ spread))
    line = np.linalg.solve(X.T @ (weight[:, None] * X), X.T @ (weight * y))
    return _result(x, y, z, line, spread, 2, price=math.pi / 2)


def standard_errors(x, r, weights=None, kind="usual"):
    r"""Standard errors of the intercept and the slope of a (weighted) least-squares line.

    With $A = \sum w_i (1, x_i)(1, x_i)^T$ the usual ones are those of $s^2 A^{-1}$, where
    $s^2 = \sum w_i r_i^2/(n - 2)$: right if the variances are $\sigma^2/w_i$. The others are those
    of the sandwich $A^{-1} \sum w_i^2 \tilde r_i^2 (1, x_i)(1, x_i)^T A^{-1}$, which needs no model
    of the variances. HC0 takes $\tilde r_i = r_i$; HC3 divides by $1 - h_i$, h the leverage.

    Parameters
    ----------
    x, r : array_like, shape (n,)
        Places, and the residuals of the line.
    weights : array_like, shape (n,), optional
        Those of the fit. They are treated as fixed numbers, also if they were estimated.
    kind : {"usual", "HC0", "HC3"}

    Returns
    -------
    ndarray, shape (2,)

    References
    ----------
    H. White (1980), A heteroskedasticity-consistent covariance matrix estimator and a direct test
    for heteroskedasticity, Econometrica 48, 817-838; J. G. MacKinnon and H. White (1985), Some
    heteroskedasticity-consistent covariance matrix estimators with improved finite sample
    properties, Journal of Econometrics 29, 305-325.

    Examples
    --------
    >>> standard_errors([0, 1, 2, 3], [1, -1, -1, 1]).round(3)
    array([1.183, 0.632])
    """
    x, r = as_pair(x, r, names=("x", "r"), ndim=1)
    w = np.ones(len(x)) if weights is None else as_weights(weights, x.shape, "weights")
    one_of("kind", kind, ("usual", "HC0", "HC3"))
    if len(x) < 3:
        refuse("x", "must hold at least 3 values", len(x))
    if np.ptp(x[w > 0]) == 0:
        refuse("x", "must vary", "equal values")
    w, x = w / w.max(), x.astype(np.float64)
    centre = np.average(x, weights=w)
    a = w * (x - centre) / np.sum(w * (x - centre) ** 2)  # weight of y in the slope
    b = w / w.sum() - centre * a  # and in the intercept
    both = np.array([b, a])
    if kind == "usual":
        s2 = np.sum(w * r * r) / (len(x) - 2)
        return np.sqrt(s2 * np.sum(both[:, w > 0] ** 2 / w[w > 0], axis=1))
    h = b + a * x
    if kind == "HC3" and h.max() > 1 - 1e-12:
        refuse("x", "must leave no point of leverage 1 for HC3", f"one at {x[np.argmax(h)]:g}")
    honest = r / (1 - h) if kind == "HC3" else r
    return np.sqrt(np.sum((both * honest) ** 2, axis=1))


def _arguments(x, y, z):
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    x, z = (x, x) if z is None else as_pair(x, z, names=("x", "z"), ndim=1)
    if len(x) < 4:
        refuse("x", "must hold at least 4 values, as many as there are unknowns", len(x))
    for name, values in (("x", x), ("z", z)):
        if np.ptp(values) == 0:
            refuse(name, "must vary", "equal values")
    return x.astype(np.float64), y.astype(np.float64), z.astype(np.float64)


def _columns(x):
    """A column of ones beside x, centred."""
    return np.column_stack([np.ones(len(x)), x - x.mean()])


def _least_squares(X, y):
    """Coefficients and residuals; the column beside the ones is centred."""
    line = fit_line(X[:, 1], y, mse)
    return np.array([line.intercept, line.slope]), y - line.predict(X[:, 1])


def _size(y, r):
    """The root mean square of residuals that are not all rounding errors."""
    size = float(np.sqrt(np.mean(r * r)))
    if size <= 1e-12 * np.abs(y).max():
        refuse("y", "must not lie on one line", "residuals that are all 0")
    return size


def _newton_or_fisher(X, Z, r, sigma):
    """A step for (line, spread), and its length in standard errors.

    The second derivatives are certain to be positive definite only on average, which is Fisher's
    information; it has no mixed part.
    """
    u, W, Z2 = r / sigma, X / sigma[:, None], 2 * Z
    gradient = np.concatenate([-(W.T @ u), Z.T @ (1 - u * u)])
    fisher, newton = np.zeros((4, 4)), np.zeros((4, 4))
    fisher[:2, :2] = newton[:2, :2] = W.T @ W
    fisher[2:, 2:] = Z2.T @ Z
    newton[2:, 2:] = Z2.T @ (u[:, None] ** 2 * Z)
    newton[:2, 2:] = W.T @ (u[:, None] * Z2)
    newton[2:, :2] = newton[:2, 2:].T
    scale = 1 / np.sqrt(np.diag(fisher))
    concave = np.linalg.eigvalsh(newton * np.outer(scale, scale))[0] > _CONCAVE
    change = -np.linalg.solve(newton if concave else fisher, gradient)
    return change, math.sqrt(change @ fisher @ change)


def _nll(r, log_sigma):
    """Minus the log-likelihood without n/2 log(2 pi)."""
    return float(np.sum(log_sigma + (r * np.exp(-log_sigma)) ** 2 / 2))


def _result(x, y, z, line, spread, steps, price=1.0):
    """Translate coefficients of centred columns back, and add their standard errors."""
    intercept, slope = float(line[0] - line[1] * x.mean()), float(line[1])
    level, growth = float(spread[0] - spread[1] * z.mean()), float(spread[1])
    log_sigma = _columns(z) @ spread
    errors = _errors(x, np.exp(-log_sigma)), _errors(z, np.full(len(z), math.sqrt(2) / price))
    nll = _nll(y - line[0] - line[1] * (x - x.mean()), log_sigma)
    nll += len(y) / 2 * math.log(2 * math.pi)
    return UnevenFit(intercept, slope, level, growth, nll, np.concatenate(errors), steps)


def _errors(x, root):
    """Standard errors of intercept and slope from the information ``sum root^2 (1, x)(1, x)^T``."""
    centred = _columns(x) * root[:, None]
    V = np.linalg.inv(centred.T @ centred)
    to_zero = np.array([1.0, -x.mean()])
    return np.sqrt([to_zero @ V @ to_zero, V[1, 1]])
