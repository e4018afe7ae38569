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
from .design import Design
from .result import Certificate, Fit, Interval


def fit(X, y, loss, *, sample_weight=None, intercept=True):
    """The plane with the least weighted mean loss."""
    design = Design(X, y, sample_weight, intercept)
    beta, psi, steps, ends = _solve(design, loss)
    coef, constant = design.restore(beta)
    scaled = design.residuals(beta)
    r = scaled * design.unit
    if psi is None:
        psi = loss.psi(r)
    objective = float(design.w @ loss.rho(r)) / design.total
    interval = None
    if ends is not None:
        low, high = (np.append(coef, constant) + end for end in ends)
        interval = Interval(np.column_stack([low, high])[:-1], (float(low[-1]), float(high[-1])))
    weighted = design.w * psi
    balance = np.abs(design.moment(weighted))
    scale = sum(np.abs(weighted[rows]) @ np.abs(A) for rows, A, _ in design.blocks())
    gap = abs(float(weighted @ design.values(beta))) * design.unit / design.total
    certificate = Certificate(
        design.spread(psi), float((balance / np.where(scale > 0, scale, 1)).max()), gap
    )
    return Fit(loss, coef, constant, objective, steps, certificate, interval)


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
