"""Huber's loss with a fixed delta, by Newton's method on a piecewise quadratic."""

from __future__ import annotations

import numpy as np


def solve(design, delta, beta, limit=500):
    """Minimise sum_i w_i huber(r_i), starting at `beta`; delta in scaled units.

    Returns ``(beta, steps)``.
    """
    A, y = design.take(slice(None))
    w = design.w
    for steps in range(limit):
        r = y - A @ beta
        psi = np.clip(r, -delta, delta)
        gradient = (w * psi) @ A
        if np.abs(gradient).max() <= 1e-13 * ((w * np.abs(psi)) @ np.abs(A)).max():
            return beta, steps
        inside = np.abs(r) <= delta
        H = (A * (w * inside)[:, None]).T @ A
        soft = (A * (w * np.minimum(1, delta / np.maximum(np.abs(r), delta)))[:, None]).T @ A
        step = np.linalg.solve(H + 1e-12 * soft, gradient)
        z = A @ step
        beta = beta + _exact_step(r, z, w, delta) * step
    raise RuntimeError(f"Huber: no minimum after {limit} steps")


def _exact_step(r, z, w, delta):
    """Where the derivative along the step is zero, by bisection on a monotone function."""

    def slope(t):
        return (w * np.clip(r - t * z, -delta, delta)) @ z

    low, high = 0.0, 1.0
    while slope(high) > 0 and high < 2.0**60:
        low, high = high, 2 * high
    if abs(slope(1.0)) <= 1e-12 * abs(slope(0.0)):
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2
