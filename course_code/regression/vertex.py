"""From vertex to vertex: the minimum of a sum of functions with one kink each.

The problem is

    minimise over b:  c.b + sum_i phi_i(y_i - a_i.b),   phi_i(r) = hi_i r if r > 0, lo_i r if r < 0,

with lo_i <= hi_i. Absolute values are lo = -1, hi = 1; the tau-quantile has lo = tau - 1, hi = tau;
an infinite slope is a wall. Such a function falls along straight edges and bends where a residual
is zero, so a minimum is found among the planes that pass through q of the points (Gauss 1809, Theoria
motus, art. 174). The walk goes along the steepest edge, past every kink after which the sum still falls (a
weighted median; Barrodale and Roberts 1973), and stops when no edge falls.

Ties. On an integer grid a plane passes through many points at once, and a naive walk may turn in
circles. Each y_i is therefore thought of as y_i + epsilon e_i with an infinitesimal epsilon and fixed
random e: no two kinks coincide any more, every step falls, and no vertex is visited twice. The
epsilon is never given a value. Each residual carries its two parts, and the second is asked
only when the first is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EPS = np.finfo(np.float64).eps


class Unbounded(Exception):
    """The sum falls without end: possible only when the problem is a part of a larger one."""


@dataclass
class Vertex:
    """Where a walk stands.

    Attributes
    ----------
    b : ndarray, shape (q,)
    basis : ndarray of int, shape (q,)
        The rows whose residual is zero by construction. Numbers from n on stand for the coordinates of
        `start`, with which a cold start begins.
    side : ndarray, shape (n,)
        +1 or -1, the side of the plane a row is on; 0 in the basis.
    r : ndarray, shape (n,)
        Residuals; exactly 0 where they are 0 up to rounding.
    d : ndarray, shape (n,)
        The slopes in force, ``A.T @ d = c``: the dual solution. Exactly ``lo`` or ``hi`` where it is
        equal to a bound up to rounding.
    edges : ndarray, shape (q, q)
        Column j is the direction in which ``r[basis[j]]`` falls and the basis otherwise stays.
    steps : int
    """

    b: np.ndarray
    basis: np.ndarray
    side: np.ndarray
    r: np.ndarray
    d: np.ndarray
    edges: np.ndarray
    steps: int


def descend(A, y, lo, hi, c=None, *, start=None, basis=None, side=None, limit=None):
    """Walk down to a vertex where no edge falls.

    Parameters
    ----------
    A : ndarray, shape (n, q)
    y, lo, hi : ndarray, shape (n,)
    c : ndarray, shape (q,), optional
    start : ndarray, shape (q,), optional
        Any point; the walk begins along the coordinate axes. Needed unless `basis` is given.
    basis, side : ndarray, optional
        Where an earlier walk on these rows stood.
    limit : int, optional
        More steps than this raise RuntimeError.

    Returns
    -------
    Vertex

    Raises
    ------
    Unbounded
        If the sum falls forever.
    """
    n, q = A.shape
    c = np.zeros(q) if c is None else c
    limit = 1000 + 100 * q + n if limit is None else limit
    if basis is None:
        basis = np.arange(n, n + q)
    # Coordinates as q further rows without a cost, so that a cold start needs no code of its own.
    axes = np.eye(q)
    origin = np.zeros(q) if start is None else start
    steps = 0
    size = np.abs(A)
    width = hi - lo
    rng = np.random.default_rng(1809)
    tilt = None

    while True:
        free = basis >= n
        rows = np.where(free, 0, basis)
        H = np.where(
            free[:, None], axes[basis - n if free.all() else np.maximum(basis - n, 0)], A[rows]
        )
        yh = np.where(free, origin[np.maximum(basis - n, 0)], y[rows])
        inverse = np.linalg.inv(H)
        b = inverse @ yh
        b += inverse @ (yh - H @ b)
        r = y - A @ b
        drift = EPS * (np.abs(inverse) @ (np.abs(H) @ np.abs(b) + np.abs(yh)) + np.abs(b))
        zero = 8 * (size @ drift + EPS * np.abs(y))
        inside = rows[~free]
        if tilt is None:
            if side is None:
                side = np.sign(r) * (np.abs(r) > zero)
                side = np.where(side == 0, rng.choice([-1.0, 1.0], n), side)
                side = np.where(np.isinf(hi), -1.0, np.where(np.isinf(lo), 1.0, side))
            side = side.copy()
            tilt = np.where(side == 0, 1.0, side) * rng.uniform(1, 2, n)
            tilt[inside] = 0.0
        side[inside] = 0.0
        s = tilt - A @ (inverse @ np.where(free, 0.0, tilt[rows]))

        wrong = (side * r < -zero) & np.isfinite(width)
        side[wrong] *= -1.0

        d = np.where(side > 0, hi, lo)
        d[inside] = 0.0
        g = c - d @ A
        dh = g @ inverse
        dh += (g - dh @ H) @ inverse
        low = np.where(free, 0.0, lo[rows])
        high = np.where(free, 0.0, hi[rows])
        excess = np.maximum(dh - high, low - dh)
        noise = 8 * EPS * (np.abs(c) + np.abs(d) @ size + np.abs(dh) @ np.abs(H)) @ np.abs(inverse)
        price = np.where(excess > noise, excess, 0.0) / np.sqrt((inverse**2).sum(axis=0))
        j = int(np.argmax(price))
        if price[j] == 0:
            if not free.any():
                width_h = high - low
                snap = np.minimum(noise, np.where(np.isfinite(width_h), 1e-9 * width_h, np.inf))
                d[inside] = np.where(dh > high - snap, high, np.where(dh < low + snap, low, dh))
                r[np.abs(r) <= zero] = 0.0
                return Vertex(b, basis, side, r, d, inverse, steps)
            j = int(np.flatnonzero(free)[0])
        rising = dh[j] > high[j]
        delta = -inverse[:, j] if rising else inverse[:, j]
        need = max(excess[j], 0.0)

        z = A @ delta
        reach = 32 * EPS * (size @ np.abs(delta))
        if price[j] == 0 and not ((side * z > reach) & (width > 0)).any():
            z = -z
        rate = side * z
        ahead = np.flatnonzero((rate > reach) & (width > 0))
        t = np.maximum(side[ahead] * r[ahead], 0.0) / rate[ahead]
        gain = rate[ahead] * width[ahead]
        order = _until(t, gain, need - noise[j])
        if order is None:
            raise Unbounded
        last = t[order[-1]]
        # Kinks met at the same place are passed in the order of their second parts.
        tied = np.abs(side[ahead] * r[ahead] - last * rate[ahead]) <= zero[ahead]
        tied[order[-1]] = True
        before = (t < last) & ~tied
        tied = np.flatnonzero(tied)
        if len(tied) > 1:
            tied = tied[np.argsort(s[ahead[tied]] / z[ahead[tied]], kind="stable")]
        total = gain[before].sum() + np.cumsum(gain[tied])
        stop = min(int(np.searchsorted(total, need - noise[j])), len(tied) - 1)

        side[ahead[before]] *= -1.0
        side[ahead[tied[:stop]]] *= -1.0
        if not free[j]:
            side[basis[j]] = 1.0 if rising else -1.0
        basis = basis.copy()
        basis[j] = ahead[tied[stop]]
        steps += 1
        if steps > limit:
            raise RuntimeError(f"vertex descent: no minimum after {limit} steps")


def _until(t, gain, need):
    """The kinks in order of t, up to the one that makes the sum of gains reach `need`."""
    k = 64
    while True:
        if k >= len(t):
            order = np.argsort(t, kind="stable")
        else:
            order = np.argpartition(t, k)[:k]
            order = order[np.argsort(t[order], kind="stable")]
        total = np.cumsum(gain[order])
        stop = int(np.searchsorted(total, need))
        if stop < len(order):
            return order[: stop + 1]
        if k >= len(t):
            return None
        k *= 8
