"""Absolute and quantile loss, exactly."""

from __future__ import annotations

import numpy as np

from . import faces
from .vertex import descend


def solve(design, below, above):
    """The plane that minimises sum_i w_i rho(r_i), rho(r) = below * r if r < 0, above * r if r > 0.

    Returns
    -------
    beta : ndarray, shape (q,)
    psi : ndarray, shape (n,)
        A subgradient of rho at every residual, with ``A.T @ (w * psi) = 0``.
    steps : int
    ends : ndarray, shape (2, q), or None
        Least and greatest coefficients over all minimisers, relative to `beta`, in user units; None if
        there is one minimiser only.
    """
    A, y = design.take(slice(None))
    lo, hi = design.w * below, design.w * above
    start = np.linalg.solve(design.R.T @ design.R, design.moment(y))
    vertex = descend(A, y, lo, hi, start=start)
    psi = vertex.d / design.w
    N, Z, slack = faces.face(A, lo, hi, vertex)
    if N.shape[1] == 0:
        return vertex.b, psi, vertex.steps, None
    T = design.directions() @ N
    ends = faces.extremes(Z, slack, T)
    if not (ends[1] > ends[0]).any():
        return vertex.b, psi, vertex.steps, None
    t = faces.first(Z, slack, T)
    return vertex.b + N @ t, psi, vertex.steps, ends - T @ t
