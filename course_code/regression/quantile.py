"""Absolute and quantile loss, exactly."""

from __future__ import annotations

from . import faces
from .sift import descend_sifted


def solve(design, below, above, start):
    """The plane that minimises sum_i w_i rho(r_i), rho(r) = below * r if r < 0, above * r if r > 0.

    Returns
    -------
    beta : ndarray, shape (q,)
    psi : ndarray, shape (n,)
        A subgradient of rho at every residual, with ``A.T @ (w * psi) = 0``.
    steps : int
    ends : ndarray, shape (2, q), or None
        Least and greatest coefficients over all minimisers, relative to `beta`, in user units; None
        if there is one minimiser only.
    """
    lo, hi = design.w * below, design.w * above
    vertex = descend_sifted(design, lo, hi, start)
    psi = vertex.d / design.w
    beta, ends = faces.describe(design, vertex.b, *faces.face(design, lo, hi, vertex))
    return beta, psi, vertex.steps, ends
