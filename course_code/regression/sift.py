"""Many rows: solve a sample, then only the rows near the plane (Portnoy and Koenker 1997).

A row far from the plane takes part in the sum only through its side, that is, as a constant slope.
So the plane of a sample splits all rows: those close to it keep their kink, and the rest
are replaced by one vector, the sum of their slopes. The small problem is solved exactly; then every
row is asked whether it is still on its side. Those that are not join the small problem, which goes
on from where it stood. When none complains, the sides and the small dual together are an exact dual
solution of the whole.

With 2 n^(2/3) q^(1/3) rows in the sample about as many are close to the plane, so the work beyond a
few passes over the data grows more slowly than n.
"""

from __future__ import annotations

import numpy as np

from .design import Table
from .vertex import Unbounded, Vertex, descend

SMALL = 1500  # rows that are not worth sifting


def descend_sifted(design, lo, hi, start):
    """What ``descend(A, y, lo, hi, start=start)`` finds, for all rows of a `Design`."""
    n, q = design.n, design.q
    sizes = [n]
    while sizes[0] > max(SMALL, 20 * q):
        sizes.insert(0, int(2 * sizes[0] ** (2 / 3) * q ** (1 / 3)))
    sample = np.random.default_rng(1757).integers(n, size=0 if len(sizes) == 1 else sizes[-2])
    basis, steps, known = None, 0, 0
    for m in sizes:
        rows = sample[:m]
        table = design if m == n else Table(*design.take(rows))
        slopes = (lo, hi) if m == n else (lo[rows], hi[rows])
        try:
            if basis is None:
                vertex = descend(*table.take(slice(None)), *slopes, start=start)
            else:
                near = int(3 * m * np.sqrt(q / known))
                vertex = _extend(table, *slopes, rows[basis] if m == n else basis, near)
        except Unbounded:
            continue  # this sample misses a direction; the next, larger one starts afresh
        steps += vertex.steps
        basis, known = vertex.basis, m
    vertex.steps = steps
    return vertex


def _extend(table, lo, hi, basis, near):
    """The solution for all rows of `table`, from the basis that solves a sample of them."""
    A, y = table.take(basis)
    r = table.residuals(np.linalg.solve(A, y))
    side = np.sign(r)
    inner = _nearest(r, near)
    inner[basis] = True
    steps = 0
    while True:
        rows = np.flatnonzero(inner)
        d = np.where(side > 0, hi, lo)
        d[rows] = 0.0
        place = np.searchsorted(rows, basis)
        local = side[rows]
        local[place] = 0.0
        try:
            vertex = descend(
                *table.take(rows), lo[rows], hi[rows], -table.moment(d), basis=place, side=local
            )
        except Unbounded:  # too few kinks to stop the constant slopes
            if inner.all():
                raise
            near *= 4
            inner |= _nearest(r, near)
            continue
        steps += vertex.steps
        basis = rows[vertex.basis]
        side[rows] = vertex.side
        r = table.residuals(vertex.b)
        strayed = (side * r < 0) & ~inner
        if not strayed.any():
            break
        inner |= strayed
    d[rows], r[rows] = vertex.d, vertex.r
    return Vertex(vertex.b, basis, side, r, d, vertex.edges, steps)


def _nearest(r, near):
    """Mark about `near` rows with the smallest residuals."""
    distance = np.abs(r)
    sample = distance[:: len(r) // 20_000 + 1]
    k = near * len(sample) // len(r)
    return distance <= (np.partition(sample, k)[k] if k < len(sample) else np.inf)
