"""Huber's loss and its smooth relatives, by Newton's method.

At a plane with residuals r the sum of losses has gradient -A'(w psi(r)) and Hessian
A' diag(w psi'(r)) A. Huber's loss is a quadratic on every piece of space where no residual crosses
delta, so a Newton step that stays within its piece lands on the minimum exactly. Getting into the
right piece takes two precautions: a start near enough, and a line search that finds where
the slope along the step is zero, which for a convex loss always exists and always descends.
"""

from __future__ import annotations

import numpy as np

from course_code._sums import inner
from course_code._validate import refuse

from .blocks import along, gram, spans, times
from .design import EPS

LIMIT = 500
OUTWARD = 1 + 2e-9  # a residual at delta counts as outside: psi' is taken on the flat side


def solve(design, loss, starts, convex=True):
    """Minimise the sum of w_i loss.rho(r_i).

    Parameters
    ----------
    design : Design
    loss : Loss
    starts : iterable of ndarray, shape (q,)
        Planes to begin from: the first is taken at which the loss bends enough to give Newton's
        method a hold, or else the last.
    convex : bool

    Returns
    -------
    beta : ndarray, shape (q,)
    steps : int
    single : bool
        Is the Hessian there well conditioned, so that no other plane is minimal?

    Raises
    ------
    ValueError
        If no residual is within the reach of a redescending loss.
    RuntimeError
        If `LIMIT` steps do not bring the gradient down to rounding.
    """
    enough = 0.2 * design.total * float(loss.curvature(0.0)) * design.unit
    for beta in starts:
        gradient, r = _gradient(design, loss, beta)
        bends = _bends(design, loss, r)
        if bends.sum() > enough:
            break
    hessian = _hessian(design, bends)
    near = False  # is it worth asking whether the gradient is but rounding?
    for steps in range(LIMIT):
        single = _definite(hessian)
        safe = hessian if single else _mixed(hessian, _reweighted(design, loss, r))
        step = _divide(safe, gradient)
        if np.abs(step).max() <= 16 * EPS * np.abs(beta).max():
            return beta, steps, single  # the plane would move by its own rounding
        if near and (np.abs(gradient) <= _rounding(design, loss, beta, r)).all():
            return beta, steps, single
        slope = gradient @ step
        ahead = _gradient(design, loss, beta + step)
        whole = convex and abs(ahead[0] @ step) <= 0.01 * slope
        if not whole:
            search = _root if convex else _backtrack
            t = search(design, loss, r, design.values(step))
            if t == 0:
                return beta, steps, single  # the sum does not fall in floating point
            step = t * step
            ahead = _gradient(design, loss, beta + step)
        beta, (gradient, r) = beta + step, ahead
        near = abs(gradient @ step) <= 1e-5 * slope or steps > 20
        before, bends = bends, _bends(design, loss, r)
        changed = np.flatnonzero(bends != before)
        if whole and changed.size < design.n / 8:
            hessian = hessian + gram(design.take(changed)[0], (bends - before)[changed])
        else:
            hessian = _hessian(design, bends)
    raise RuntimeError(f"{type(loss).__name__}: no minimum after {LIMIT} Newton steps")


def _gradient(design, loss, beta):
    """The gradient with its sign turned, A'(w psi), and the residuals."""
    gradient, r = np.zeros(design.q), np.empty(design.n)
    for rows, A, y in design.blocks():
        np.subtract(y, times(A, beta), out=r[rows])
        gradient += along(design.w[rows] * loss.psi(r[rows] * design.unit), A)
    return gradient, r


def _bends(design, loss, r):
    """w psi', row by row: where rows do not cross delta, Huber's do not change."""
    bends = np.empty(design.n)
    for rows in spans(design.n):
        bend = loss.curvature(r[rows] * (design.unit * OUTWARD))
        np.multiply(design.w[rows], bend * design.unit, out=bends[rows])
    return bends


def _hessian(design, bends):
    """A' diag(bends) A."""
    start = np.zeros((design.q, design.q))
    return sum((gram(A, bends[rows]) for rows, A, _ in design.blocks()), start)


def _rounding(design, loss, beta, r):
    """The size of a gradient that is zero but for rounding."""
    total = np.zeros(design.q)
    for rows, A, y in design.blocks():
        e, w, size = r[rows] * design.unit, design.w[rows], np.abs(A)
        known = (np.abs(y) + times(size, np.abs(beta))) * design.unit
        total += along(w * (np.abs(loss.psi(e)) + np.abs(loss.curvature(e)) * known), size)
    return 4 * EPS * total


def _reweighted(design, loss, r):
    """The matrix of reweighted least squares, A' diag(w psi(r) / r) A: never negative."""
    weights = np.concatenate([loss.weight(r[rows] * design.unit) for rows in spans(design.n)])
    if not (design.w * weights).any():
        refuse("loss", "must reach some residuals of the least-absolute plane", repr(loss))
    return _hessian(design, design.w * weights * design.unit)


def _definite(H):
    """Is H, its columns scaled alike, well above singular?"""
    size = np.sqrt(np.abs(np.diag(H)))
    return bool(size.all() and np.linalg.eigvalsh(H / np.outer(size, size))[0] > 1e-8)


def _mixed(hessian, reweighted):
    """The Hessian with as little of the reweighted matrix as makes it definite."""
    for share in (1e-12, 0.1, 0.3, 0.6):
        H = (1 - share) * hessian + share * reweighted
        try:
            np.linalg.cholesky(H)
        except np.linalg.LinAlgError:
            continue
        return H
    return reweighted


def _divide(H, gradient):
    """Solve ``H step = gradient`` with the columns scaled alike."""
    size = np.sqrt(np.abs(np.diag(H)))
    size[size == 0] = 1.0
    try:
        return np.linalg.solve(H / np.outer(size, size), gradient / size) / size
    except np.linalg.LinAlgError:  # H is all but singular: straight down the slope instead
        return gradient / np.trace(H)


def _root(design, loss, r, z):
    """Where the slope along the step is about zero, by the secant and bisection in turn."""

    def slope(t):
        return sum(
            float((design.w[rows] * loss.psi((r[rows] - t * z[rows]) * design.unit)) @ z[rows])
            for rows in spans(design.n)
        )

    low, high, at_low, at_high = 0.0, 1.0, slope(0.0), slope(1.0)
    flat = 0.01 * at_low
    if at_low <= 0:
        return 0.0
    while at_high > flat:
        low, high, at_low, at_high = high, 4 * high, at_high, slope(4 * high)
    for k in range(100):
        if at_high >= -flat:
            return high
        t = (low + high) / 2 if k % 2 else low + (high - low) * at_low / (at_low - at_high)
        at_t = slope(t)
        if at_t > flat:
            low, at_low = t, at_t
        else:
            high, at_high = t, at_t
    return low


def _backtrack(design, loss, r, z):
    """The first of 1, 1/2, 1/4, ... that lowers the sum.

    Near the end the sum changes by less than its rounding; then a lower slope will do.
    """

    def look(t):
        e = (r - t * z) * design.unit
        return inner(design.w, loss.rho(e)), abs(inner(design.w * loss.psi(e), z))

    total, slope = look(0.0)
    t = 1.0
    while t > 1e-9 and slope > 0:
        total_t, slope_t = look(t)
        if total_t < total or (total_t <= total * (1 + 1e-10) and slope_t < 0.9 * slope):
            return t
        t /= 2
    return 0.0
