"""One door for every loss: `fit` for planes, `fit_line` for lines."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, refuse
from course_code.losses import AbsoluteError, Huber, Quantile, SquaredError

from . import huber, quantile, squared
from .design import Design
from .result import Certificate, Fit, Interval


def fit(X, y, loss, *, sample_weight=None, intercept=True):
    """The plane with the least weighted mean loss."""
    design = Design(X, y, sample_weight, intercept)
    ends = None
    psi = None
    steps = 1
    if isinstance(loss, SquaredError):
        beta = squared.solve(design)
    elif isinstance(loss, AbsoluteError):
        beta, psi, steps, ends = quantile.solve(design, -1.0, 1.0)
    elif isinstance(loss, Quantile):
        beta, psi, steps, ends = quantile.solve(design, loss.tau - 1.0, loss.tau)
    elif isinstance(loss, Huber):
        start = squared.solve(design)
        beta, steps = huber.solve(design, loss.delta / design.unit, start)
    else:
        refuse("loss", "must be a loss that can be fitted", type(loss).__name__)
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
    gap = abs(float(weighted @ (design.take(slice(None))[1] - scaled))) * design.unit / design.total
    certificate = Certificate(
        design.spread(psi), float((balance / np.where(scale > 0, scale, 1)).max()), gap
    )
    return Fit(loss, coef, constant, objective, steps, certificate, interval)


def fit_line(x, y, loss, *, sample_weight=None):
    """The line with the least weighted mean loss; `x` of shape (n,)."""
    x = as_floats("x", x, ndim=1)
    return fit(x[:, None], y, loss, sample_weight=sample_weight)
