"""Sets of minimisers: the optimal face of a sum of one-kink functions.

Given one optimal dual d, every minimiser keeps its side wherever d stands at a bound: r_i >= 0
where d_i = hi_i, r_i <= 0 where d_i = lo_i, and r_i = 0 where d_i is strictly between. That is a
polyhedron, and the least value of a coefficient on it is again a problem for `vertex.descend`, with
walls in place of slopes.
"""

from __future__ import annotations

import numpy as np

from .design import Table
from .vertex import EPS, descend


def face(table, lo, hi, vertex):
    """The minimisers near `vertex` as ``{b + N @ t : Z @ t <= slack}``.

    Returns
    -------
    N : ndarray, shape (q, k)
        k = 0 when the minimiser is unique.
    Z, slack : ndarray, shape (m, k), (m,)
        ``slack >= 0``, so t = 0 is the vertex itself.
    """
    d = vertex.d[vertex.basis]
    low, high = lo[vertex.basis], hi[vertex.basis]
    loose = (d == low) | (d == high)
    N = vertex.edges[:, loose]
    if not loose.any():
        return N, np.empty((0, 0)), np.empty(0)
    side = vertex.side.copy()
    side[vertex.basis] = np.where(loose, np.where(d == high, 1.0, -1.0), 0.0)
    rows = np.flatnonzero((side != 0) & (hi > lo))
    return N, *_limits(table, rows, side[rows], N, (side * vertex.r)[rows], 64 * EPS)


def _limits(table, rows, side, N, slack, rounding):
    """``Z, slack`` of the rows that limit a move ``N @ t``; each has `slack` on its side."""
    A, _ = table.take(rows)
    Z = side[:, None] * (A @ N)
    Z[np.abs(Z) <= rounding * (np.abs(A) @ np.abs(N))] = 0.0
    limit = (Z != 0).any(axis=1)
    return Z[limit], np.maximum(slack[limit], 0.0)


def describe(design, beta, N, Z, slack):
    """The minimiser to report, and the range of every coefficient over ``{beta + N @ t}``.

    Returns
    -------
    beta : ndarray, shape (q,)
        Among all minimisers the one with the smallest first coefficient, among those the one with
        the smallest second, and so on, the intercept last. It does not depend on the order of the
        rows.
    ends : ndarray, shape (2, p + 1), or None
        Least and greatest coefficients relative to `beta`, in user units, the intercept last; None
        if there is one minimiser only.
    """
    if N.shape[1] == 0:
        return beta, None
    directions = design.directions()
    T = directions @ N
    ends = extremes(Z, slack, T)
    if (ends[1] - ends[0] <= 1e-12 * (np.abs(directions) @ np.abs(beta))).all():
        return beta, None
    t = first(Z, slack, T)
    return beta + N @ t, ends - T @ t


def lowest(Z, slack, c):
    """The vertex of ``{t : Z @ t <= slack}`` where ``c @ t`` is least."""
    walls = np.full(len(slack), -np.inf), np.zeros(len(slack))
    return descend(Z, slack, *walls, c, start=np.zeros(len(c))), walls


def extremes(Z, slack, directions):
    """Least and greatest value of each row of ``directions @ t`` over ``{t : Z @ t <= slack}``."""
    ends = np.zeros((2, len(directions)))
    for k, c in enumerate(directions):
        size = np.abs(c).max()
        if size > 0:
            for end, sign in enumerate((1.0, -1.0)):
                vertex, _ = lowest(Z, slack, sign * c / size)
                ends[end, k] = c @ vertex.b
    return ends


def first(Z, slack, directions):
    """The t with the least ``directions[0] @ t``, of those the least ``directions[1] @ t``, etc."""
    t = np.zeros(Z.shape[1])
    M = np.eye(Z.shape[1])
    for c in directions:
        if M.shape[1] == 0:
            break
        c = c @ M
        size = np.abs(c).max()
        if size > 0:
            vertex, walls = lowest(Z, slack, c / size)
            t = t + M @ vertex.b
            N, Z, slack = face(Table(Z, slack), *walls, vertex)
            M = M @ N
    return t


def of_huber(design, delta, beta):
    """The minimisers of Huber's loss near `beta`: psi is the same at all of them.

    So a residual inside [-delta, delta] stays what it is and one outside stays outside: only where
    the rows inside do not determine a plane is there room to move. Returns what `face` returns.
    """
    r = design.residuals(beta)
    outside = np.abs(r) >= delta * (1 - 1e-9)
    q = design.q
    R = np.zeros((q, q))
    for rows, A, _ in design.blocks():
        R = np.linalg.qr(np.vstack([R, A[~outside[rows]]]), mode="r")
    size = np.sqrt((design.R[:, :q] ** 2).sum(axis=0))
    _, values, V = np.linalg.svd(R / size)
    N = (V[values <= 1e-10] / size).T
    rows = np.flatnonzero(outside)
    side = np.sign(r[rows])
    return N, *_limits(design, rows, side, N, side * r[rows] - delta, 1e-9)
