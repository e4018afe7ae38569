"""One door for every loss: `fit` for planes, `fit_line` for lines."""

from __future__ import annotations

import numpy as np

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
from .design import EPS, Design
from .result import Certificate, Fit, Interval


def fit(X, y, loss, *, sample_weight=None, intercept=True):
    """The plane with the least weighted mean loss."""
    design = Design(X, y, sample_weight, intercept)
    beta, psi, steps, ends = _solve(design, loss)
    coef, constant = design.restore(beta)
    objective, certificate, blur = _certify(design, loss, beta, psi)
    if certificate.balance > 1e-8 or blur > 1e-6 * _scale(loss):
        refuse("loss", "must have a scale that is not lost in the rounding of y", repr(loss))
    if isinstance(loss, Tukey):
        certificate = None
    interval = None
    if ends is not None:
        low, high = (np.append(coef, constant) + end for end in ends)
        interval = Interval(np.column_stack([low, high])[:-1], (float(low[-1]), float(high[-1])))
    return Fit(loss, coef, constant, objective, steps, certificate, interval)


def _certify(design, loss, beta, dual):
    """The objective at `beta`; the `Certificate` of `dual` or, if None, of psi there; the blur.

    The blur is the largest rounding error of a residual to which psi responds.
    """
    objective = gap = blur = 0.0
    balance, scale = np.zeros(design.q), np.zeros(design.q)
    psi = np.empty(design.n) if dual is None else dual
    for rows, A, y in design.blocks():
        fitted = A @ beta
        r = (y - fitted) * design.unit
        w = design.w[rows]
        objective += float(w @ loss.rho(r))
        if dual is None:
            psi[rows] = loss.psi(r)
        pull = w * psi[rows]
        balance += pull @ A
        gap += float(pull @ fitted) * design.unit
        # A residual is known to the rounding of what it is the difference of, and psi with it.
        size = np.abs(A)
        bend = loss.curvature(r)
        known = (np.abs(y) + size @ np.abs(beta)) * design.unit
        scale += (np.abs(pull) + w * np.abs(bend) * known) @ size
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
    """``(beta, psi or None, steps, ends or None)`` by the method made for the loss."""
    if isinstance(loss, SquaredError):
        return squared.solve(design), None, 1, None
    if isinstance(loss, AbsoluteError):
        return quantile.solve(design, -1.0, 1.0, squared.solve(design))
    if isinstance(loss, Quantile):
        return quantile.solve(design, loss.tau - 1.0, loss.tau, squared.solve(design))
    if not isinstance(loss, (Huber, SmoothL1, LogCosh, Tukey)):
        refuse("loss", "must be a loss of residuals that can be fitted", type(loss).__name__)
    start, before = squared.solve(design), 0
    convex = not isinstance(loss, Tukey)
    if not (convex and newton.informative(design, loss, start)):
        start, _, before, _ = quantile.solve(design, -1.0, 1.0, start)
    beta, steps = newton.solve(design, loss, start, convex)
    ends = None
    if isinstance(loss, (Huber, SmoothL1)):
        delta = (loss.delta if isinstance(loss, Huber) else loss.beta) / design.unit
        beta, ends = faces.describe(design, beta, *faces.of_huber(design, delta, beta))
    return beta, None, before + steps, ends


def fit_line(x, y, loss, *, sample_weight=None):
    """The line with the least weighted mean loss; `x` of shape (n,)."""
    x = as_floats("x", x, ndim=1)
    return fit(x[:, None], y, loss, sample_weight=sample_weight)
