"""Huber's loss and its smooth relatives, by Newton's method.

At a plane with residuals r the sum of losses has gradient -A'(w psi(r)) and Hessian
A' diag(w psi'(r)) A. Huber's loss is a quadratic on every piece of space where no residual crosses
delta, so a Newton step that stays within its piece lands on the minimum exactly. Getting into the
right piece takes two precautions: a start near enough (`start`), and a line search that finds where
the slope along the step is zero, which for a convex loss always exists and always descends.
"""

from __future__ import annotations

import numpy as np

from course_code._validate import refuse

from .design import EPS

RIDGE = 1e-12  # share of the reweighted Hessian that keeps a step finite where psi' is all zero
LIMIT = 500


def solve(design, loss, beta, convex=True):
    """Minimise the sum of w_i loss.rho(r_i), starting at `beta`.

    Returns
    -------
    beta : ndarray, shape (q,)
    steps : int

    Raises
    ------
    RuntimeError
        If `LIMIT` steps do not bring the gradient down to rounding.
    """
    search = _root if convex else _backtrack
    for steps in range(LIMIT):
        gradient, rounding, newton, reweighted, r = _look(design, loss, beta)
        if (np.abs(gradient) <= rounding).all():
            return beta, steps
        if not reweighted.any():
            refuse("loss", "must reach some residuals of the least-absolute plane", repr(loss))
        step = _step(newton, reweighted, gradient)
        z = design.values(step)
        t = search(design, loss, r, z)
        if t == 0:  # the sum does not fall any more in floating point
            return beta, steps
        beta = beta + t * step
    raise RuntimeError(f"{type(loss).__name__}: no minimum after {LIMIT} Newton steps")


def informative(design, loss, beta):
    """Does the loss still bend at `beta`? If only far tails are in sight, Newton has no hold."""
    bent = loss.curvature(design.residuals(beta) * design.unit)
    return float(design.w @ bent) > 0.2 * design.total * float(loss.curvature(0.0))


def _look(design, loss, beta):
    """Gradient, its rounding error, Newton and reweighted Hessian, and the residuals."""
    q, unit = design.q, design.unit
    gradient, rounding = np.zeros(q), np.zeros(q)
    newton, reweighted = np.zeros((q, q)), np.zeros((q, q))
    r = np.empty(design.n)
    for rows, A, y in design.blocks():
        r[rows] = y - A @ beta
        e = r[rows] * unit
        w = design.w[rows]
        psi, bend = loss.psi(e), loss.curvature(e)
        gradient += (w * psi) @ A
        size = np.abs(A)
        blur = np.abs(psi) + np.abs(bend) * (np.abs(y) + size @ np.abs(beta)) * unit
        rounding += 4 * EPS * (w * blur) @ size
        newton += (A * (w * bend * unit)[:, None]).T @ A
        reweighted += (A * (w * loss.weight(e) * unit)[:, None]).T @ A
    return gradient, rounding, newton, reweighted, r


def _step(newton, reweighted, gradient):
    """The Newton step, mixed with the step of reweighted squares as far as it needs to descend."""
    for share in (RIDGE, 0.1, 0.3, 0.6, 1.0):
        H = (1 - share) * newton + share * reweighted
        size = np.sqrt(np.abs(np.diag(H)))
        size[size == 0] = 1.0
        try:
            np.linalg.cholesky(H / np.outer(size, size))
        except np.linalg.LinAlgError:
            continue
        return np.linalg.solve(H / np.outer(size, size), gradient / size) / size
    return gradient / np.trace(reweighted)


def _root(design, loss, r, z):
    """Where the slope along the step is zero: secant and bisection in turn."""

    def slope(t):
        return float((design.w * loss.psi((r - t * z) * design.unit)) @ z)

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
        return float(design.w @ loss.rho(e)), abs(float((design.w * loss.psi(e)) @ z))

    total, slope = look(0.0)
    t = 1.0
    while t > 1e-9:
        total_t, slope_t = look(t)
        if total_t < total or (total_t <= total * (1 + 1e-10) and slope_t < 0.9 * slope):
            return t
        t /= 2
    return 0.0
