"""Sets of minimisers: the optimal face of a sum of one-kink functions.

Given one optimal dual d, every minimiser keeps its side wherever d stands at a bound: r_i >= 0 where
d_i = hi_i, r_i <= 0 where d_i = lo_i, and r_i = 0 where d_i is strictly between. That is a
polyhedron, and the least value of a coefficient on it is again a problem for `vertex.descend`, with
walls in place of slopes.
"""

from __future__ import annotations

import numpy as np

from .vertex import descend


def face(A, lo, hi, vertex):
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
    side = vertex.side.copy()
    side[vertex.basis] = np.where(loose, np.where(d == high, 1.0, -1.0), 0.0)
    rows = np.flatnonzero((side != 0) & (hi > lo))
    Z = side[rows, None] * (A[rows] @ N)
    bound = (np.abs(Z) > 0).any(axis=1)
    return N, Z[bound], np.maximum(side * vertex.r, 0.0)[rows][bound]


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
    """The t with the least ``directions[0] @ t``, among those the least ``directions[1] @ t``, ..."""
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
            N, Z, slack = face(Z, *walls, vertex)
            M = M @ N
    return t
