"""One door for every loss: `fit` for planes, `fit_line` for lines."""

from __future__ import annotations

import numpy as np

from course_code._sums import inner
from course_code._validate import as_floats, refuse
from course_code.losses import (
    AbsoluteError,
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    SquaredError,
    Tukey,
)

from . import faces, newton, quantile, squared
from .blocks import along, times
from .design import EPS, Design
from .result import Certificate, Fit, Interval


def fit(X, y, loss, *, sample_weight=None, intercept=True):
    r"""The plane with the least weighted mean loss, and the proof that it has.

    Minimises $\sum_i w_i \rho(y_i - b_0 - \sum_j b_j x_{ij}) / \sum_i w_i$.

    ==================================== =====================================================
    loss                                 method
    ==================================== =====================================================
    ``SquaredError``                     QR factorisation of the centred columns
    ``AbsoluteError``, ``Quantile``      from vertex to vertex, exactly (`vertex`, `sift`)
    ``Huber``, ``SmoothL1``, ``LogCosh`` Newton's method until the gradient is rounding (`newton`)
    ``Tukey``                            the same from the least-absolute plane: a local minimum
    ==================================== =====================================================

    Parameters
    ----------
    X : array_like, shape (n, p)
        Its columns, together with the intercept, must be linearly independent.
    y : array_like, shape (n,)
    loss : SquaredError, AbsoluteError, Quantile, Huber, SmoothL1, LogCosh or Tukey
        Its delta, beta or c is used as it stands, in the units of y. (scikit-learn's HuberRegressor
        estimates a scale along with the plane, and gives other coefficients.)
    sample_weight : array_like, shape (n,), optional
        Non-negative. An observation of weight 0 is left out; a weight of 2 is the observation
        twice.
    intercept : bool

    Returns
    -------
    Fit
        Where several planes are minimal, the one with the smallest first coefficient, among those
        the one with the smallest second, and so on, the intercept last; `Fit.interval` gives the
        range of each. Computed and returned in float64 whatever the input.

    Raises
    ------
    ValueError
        Bad shapes, values that are not finite, weights that are negative or all zero, columns that
        are linearly dependent (or so nearly that rounding leaves no proof of optimality), numbers
        so large that the loss overflows, or a loss whose scale is lost in rounding.
    RuntimeError
        If a method does not end within its limit of steps, which is not known to happen.

    Examples
    --------
    >>> from course_code.losses import AbsoluteError
    >>> corners = fit([[0], [0], [1], [1]], [0, 1, 0, 1], AbsoluteError())
    >>> corners.objective, corners.slope, corners.interval.slope
    (0.5, -1.0, (-1.0, 1.0))
    """
    design = Design(X, y, sample_weight, intercept)
    design.straighten()
    beta, psi, steps, room = _solve(design, loss)
    objective, certificate, blur = _certify(design, loss, beta, psi)
    if not np.isfinite(objective):
        refuse("y", "must have a scale at which the loss does not overflow", f"{design.unit:.3g}")
    if psi is None and (certificate.balance > 1e-8 or blur > 1e-6 * _scale(loss)):
        refuse("loss", "must have a scale that is not lost in rounding; rescale y or X", repr(loss))
    if psi is not None and (certificate.balance > 1e-8 or certificate.gap > 1e-9 * design.unit):
        gap = f"a balance of {certificate.balance:.1g} and a gap of {certificate.gap:.1g}"
        refuse("X", "columns must be independent enough for a proof of optimality", gap)
    ends = None
    if room is not None:
        beta, ends = faces.describe(design, beta, *room)
    if ends is not None:
        objective, certificate, _ = _certify(design, loss, beta, psi)
    coef, constant = design.restore(beta)
    interval = None
    if ends is not None:
        low, high = (np.append(coef, constant) + end for end in ends)
        interval = Interval(np.column_stack([low, high])[:-1], (float(low[-1]), float(high[-1])))
    if isinstance(loss, Tukey):
        certificate = None
    return Fit(loss, coef, constant, objective, steps, certificate, interval)


def _certify(design, loss, beta, dual):
    """The objective at `beta`; the `Certificate` of `dual` or, if None, of psi there; the blur.

    The blur is the largest rounding error of a residual to which psi responds.
    """
    objective = gap = blur = 0.0
    balance, scale = np.zeros(design.q), np.zeros(design.q)
    psi = np.empty(design.n) if dual is None else dual
    beta, blocks = design.unturned(beta)
    for rows, A, y in blocks:
        fitted = times(A, beta)
        r = (y - fitted) * design.unit
        w = design.w[rows]
        objective += inner(w, loss.rho(r))
        if dual is None:
            psi[rows] = loss.psi(r)
        pull = w * psi[rows]
        balance += along(pull, A)
        gap += inner(pull, fitted) * design.unit
        if dual is not None:  # rho is then a support function: rho(r) >= psi r, or equal
            gap += inner(w, loss.rho(r)) - inner(pull, r)
        # A residual is known to the rounding of what it is the difference of, and psi with it.
        size = np.abs(A)
        bend = loss.curvature(r)
        known = (np.abs(y) + times(size, np.abs(beta))) * design.unit
        scale += along(np.abs(pull) + w * np.abs(bend) * known, size)
        blur = max(blur, EPS * float(np.max(known, initial=0.0, where=bend != 0)))
    share = float((np.abs(balance) / np.where(scale > 0, scale, 1.0)).max())
    certificate = Certificate(design.spread(psi), share, abs(gap) / design.total)
    return objective / design.total, certificate, blur


def _scale(loss):
    """Up to where the loss is like a square, in units of y."""
    match loss:
        case Huber(delta=scale) | SmoothL1(beta=scale) | Tukey(c=scale):
            return scale
        case LogCosh():
            return 1.0
    return np.inf


def _solve(design, loss):
    """``(beta, psi or None, steps, room or None)`` by the method made for the loss.

    The room is what `faces.face` returns: the other minimisers, if there are any.
    """
    if isinstance(loss, SquaredError):
        return squared.solve(design), None, 1, None
    if isinstance(loss, AbsoluteError):
        return quantile.solve(design, -1.0, 1.0, squared.solve(design))
    if isinstance(loss, Quantile):
        return quantile.solve(design, loss.tau - 1.0, loss.tau, squared.solve(design))
    if not isinstance(loss, (Huber, SmoothL1, LogCosh, Tukey)):
        refuse("loss", "must be a loss of residuals that can be fitted", type(loss).__name__)
    convex = not isinstance(loss, Tukey)
    beta, steps, single = newton.solve(design, loss, _starts(design, convex), convex)
    room = None
    if isinstance(loss, (Huber, SmoothL1)) and not single:
        room = faces.of_huber(design, _scale(loss) / design.unit, beta)
    return beta, None, steps, room


def _starts(design, convex):
    """Where to begin: least squares, and where that is far off or too bold, least absolutes."""
    start = squared.solve(design)
    if convex:
        yield start
    yield quantile.solve(design, -1.0, 1.0, start)[0]


def fit_line(x, y, loss, *, sample_weight=None):
    """The line with the least weighted mean loss: `fit` with one column `x` of shape (n,).

    Examples
    --------
    >>> from course_code.losses import SquaredError
    >>> line = fit_line([0, 1, 2], [1, 3, 5], SquaredError())
    >>> round(line.slope, 12), round(line.intercept, 12)
    (2.0, 1.0)
    """
    x = as_floats("x", x, ndim=1)
    return fit(x[:, None], y, loss, sample_weight=sample_weight)
