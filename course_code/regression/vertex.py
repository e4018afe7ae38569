"""From vertex to vertex: the minimum of a sum of functions with one kink each.

The problem is

    minimise over b   c.b + sum_i phi_i(y_i - a_i.b),   phi_i(r) = hi_i r if r > 0, lo_i r if r < 0,

with slopes lo_i <= hi_i. The absolute value has lo = -1 and hi = 1, the tau-quantile lo = tau - 1
and hi = tau, and an infinite slope is a wall. Such a sum falls along straight edges and bends where
a residual is zero, so a minimum is found among the planes that pass through q of the points, as
Gauss noted (1809, Theoria motus, art. 174). The walk takes the steepest edge, passes every kink
after which the sum still falls (that is a weighted median; Barrodale and Roberts 1973), and stops
when no edge falls.

Ties. On an integer grid a plane passes through many points at once, and a naive walk may go in
circles. So think of y_i as y_i + epsilon e_i with an infinitesimal epsilon and fixed random e_i: no
two kinks coincide any more, every step falls, and no vertex is visited twice. The epsilon never
gets a value. Every residual has a second part, and it is asked only where the first is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .blocks import along, times

EPS = np.finfo(np.float64).eps
SMALL = 10  # up to this width inverting a basis is as quick as updating its inverse
REFRESH = 16  # steps after which a larger one is inverted afresh


class Unbounded(Exception):
    """The sum falls without end: possible only when the problem is a part of a larger one."""


@dataclass
class Vertex:
    """Where a walk has ended.

    Attributes
    ----------
    b : ndarray, shape (q,)
    basis : ndarray of int, shape (q,)
        The rows whose residuals are zero by construction.
    side : ndarray, shape (n,)
        +1 or -1, the side of the plane a row is on; 0 in the basis.
    r : ndarray, shape (n,)
        Residuals; exactly 0 where they are 0 up to rounding.
    d : ndarray, shape (n,)
        The dual solution: slopes in force, with ``A.T @ d = c``. Exactly ``lo`` or ``hi`` where it
        equals a bound up to rounding.
    edges : ndarray, shape (q, q)
        Along column j the residual of ``basis[j]`` falls and those of the others stay.
    steps : int
    """

    b: np.ndarray
    basis: np.ndarray
    side: np.ndarray
    r: np.ndarray
    d: np.ndarray
    edges: np.ndarray
    steps: int


def descend(A, y, lo, hi, c=None, *, start=None, basis=None, side=None):
    """Walk down to a vertex from which no edge falls.

    Parameters
    ----------
    A : ndarray, shape (n, q), of rank q
    y, lo, hi : ndarray, shape (n,)
    c : ndarray, shape (q,), optional
    start : ndarray, shape (q,), optional
        Any point, to begin from. Or else:
    basis, side : ndarray, optional
        Where an earlier walk has ended.

    Returns
    -------
    Vertex

    Raises
    ------
    Unbounded
        If the sum falls forever.
    RuntimeError
        After very many steps, which rounding alone could cause.
    """
    n, q = A.shape
    c = np.zeros(q) if c is None else c
    if basis is None:
        # The coordinates of `start` as q more rows, without a cost: they make up the first basis.
        A, y = np.vstack([A, np.eye(q)]), np.append(y, start)
        lo, hi = np.append(lo, np.zeros(q)), np.append(hi, np.zeros(q))
        basis = np.arange(n, n + q)
    walk = _Walk(A, y, lo, hi, c, basis, side, n)
    for steps in range(1000 + 100 * q + n):
        afresh = q < SMALL or steps % REFRESH == 0
        walk.look(afresh)
        edge = walk.steepest_edge()
        if edge is None and not afresh:
            walk.look(afresh=True)
            edge = walk.steepest_edge()
        if edge is None:
            return Vertex(
                walk.b, walk.basis, walk.side[:n], walk.r[:n], walk.d[:n], walk.edges, steps
            )
        walk.follow(*edge)
    raise RuntimeError(f"vertex descent: no minimum after {steps + 1} steps")


class _Walk:
    """A walk in progress. Rows from `n` on are coordinates, which the basis has to get rid of."""

    def __init__(self, A, y, lo, hi, c, basis, side, n):
        self.A, self.y, self.lo, self.hi, self.c = A, y, lo, hi, c
        self.n = n
        self.size, self.width = np.abs(A), hi - lo
        self.basis = basis.copy()
        self.random = np.random.default_rng(1809)
        self.side = side if side is None else side.copy()
        self.tilt = None

    def look(self, afresh):
        """Everything that follows from the basis, with one step of refinement."""
        A, y, basis = self.A, self.y, self.basis
        H, z = A[basis], y[basis]
        if afresh:
            self.edges = np.linalg.inv(H)
        E = self.edges
        b = E @ z
        b = b + E @ (z - H @ b)
        blur = np.abs(E) @ (np.abs(H) @ np.abs(b) + np.abs(z)) + np.abs(b)
        self.b = b = np.where(np.abs(b) > 8 * EPS * blur, b, 0.0)
        self.r = y - times(A, b)
        self.zero = 8 * EPS * (times(self.size, blur) + np.abs(y))
        if self.tilt is None:
            self._take_sides()
        self.side[basis] = 0.0
        strayed = (self.side * self.r < -self.zero) & np.isfinite(self.width)
        self.side[strayed] *= -1.0

    def _take_sides(self):
        """Sides at the outset; those of ties are random, but never behind a wall."""
        if self.side is None:
            self.side = np.where(np.abs(self.r) > self.zero, np.sign(self.r), 0.0)
        ties = np.where(self.random.random(len(self.side)) < 0.5, -1.0, 1.0)
        self.side = np.where(self.side == 0, ties, self.side)
        self.side[np.isinf(self.hi)], self.side[np.isinf(self.lo)] = -1.0, 1.0
        self.tilt = self.side * self.random.uniform(1.0, 2.0, len(self.side))
        self.tilt[self.basis] = 0.0

    def steepest_edge(self):
        """``(j, falling, rate)`` of the edge to take; None, with the dual completed, if none falls.

        The dual of a basic row is what balances all others; where it leaves [lo, hi], letting
        go of that row pays by the excess. `falling` says whether its residual falls.
        """
        basis, E = self.basis, self.edges
        low, high = self.lo[basis], self.hi[basis]
        H = self.A[basis]
        self.d = np.where(self.side > 0, self.hi, self.lo)
        self.d[basis] = 0.0
        lack = self.c - along(self.d, self.A)
        dual = lack @ E
        dual += (lack - dual @ H) @ E
        total = np.abs(self.c) + along(np.abs(self.d), self.size) + np.abs(dual) @ np.abs(H)
        self.noise = 8 * EPS * total @ np.abs(E)
        excess = np.maximum(dual - high, low - dual)
        price = np.where(excess > self.noise, excess, 0.0) / np.sqrt((E * E).sum(axis=0))
        j = int(np.argmax(price))
        if price[j] > 0:
            return j, bool(dual[j] < low[j]), excess[j]
        coordinates = np.flatnonzero(basis >= self.n)
        if coordinates.size:
            return int(coordinates[0]), True, 0.0
        snap = np.where(np.isfinite(high - low), 1e-9 * (high - low), np.inf)
        snap = np.minimum(self.noise, snap)
        self.d[basis] = np.where(dual > high - snap, high, np.where(dual < low + snap, low, dual))
        self.r[np.abs(self.r) <= self.zero] = 0.0
        return None

    def follow(self, j, falling, rate):
        """Leave row `basis[j]` and go to the kink where the sum stops falling."""
        way = self.edges[:, j] if falling else -self.edges[:, j]
        z = times(self.A, way)
        still = 32 * EPS * times(self.size, np.abs(way))
        ahead = np.flatnonzero((self.side * z > still) & (self.width > 0))
        if rate == 0 and not ahead.size:  # a coordinate to get rid of may leave in either direction
            z, falling = -z, not falling
            ahead = np.flatnonzero((self.side * z > still) & (self.width > 0))
        speed, gap = np.abs(z[ahead]), np.maximum((self.side * self.r)[ahead], 0.0)
        t, bend = gap / speed, speed * self.width[ahead]
        need = rate - self.noise[j]
        last = t[_crossing(t, bend, need)]
        tied = (np.abs(gap - last * speed) <= self.zero[ahead]) | (t == last)
        before = (t < last) & ~tied
        tied = np.flatnonzero(tied)
        if len(tied) > 1:  # kinks at the same place are passed in the order of their second parts
            there = ahead[tied]
            second = self.tilt[there] - self.A[there] @ (self.edges @ self.tilt[self.basis])
            tied = tied[np.argsort(second / z[there], kind="stable")]
        total = bend[before].sum() + np.cumsum(bend[tied])
        stop = min(int(np.searchsorted(total, need)), len(tied) - 1)
        self.side[ahead[before]] *= -1.0
        self.side[ahead[tied[:stop]]] *= -1.0
        self.side[self.basis[j]] = -1.0 if falling else 1.0
        self.basis[j] = ahead[tied[stop]]
        # The inverse of a matrix of which row j has been exchanged.
        change = self.A[self.basis[j]] @ self.edges
        pivot = change[j]
        change[j] -= 1.0
        self.edges = self.edges - np.outer(self.edges[:, j], change / pivot)


def _crossing(t, bend, need):
    """Where, in order of t, the bends have added up to `need`."""
    k = 64
    while True:
        if k >= len(t):
            order = np.argsort(t, kind="stable")
        else:
            order = np.argpartition(t, k)[:k]
            order = order[np.argsort(t[order], kind="stable")]
        stop = int(np.searchsorted(np.cumsum(bend[order]), need))
        if stop < len(order):
            return order[stop]
        if k >= len(t):
            raise Unbounded
        k *= 8
