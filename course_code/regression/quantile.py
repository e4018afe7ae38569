"""Absolute and quantile loss, exactly."""

from __future__ import annotations

from .faces import face
from .sift import descend_sifted


def solve(design, below, above, start):
    """The plane that minimises sum_i w_i rho(r_i), rho(r) = below * r if r < 0, above * r if r > 0.

    Returns
    -------
    beta : ndarray, shape (q,)
    psi : ndarray, shape (n,)
        A subgradient of rho at every residual, with ``A.T @ (w * psi) = 0``.
    steps : int
    room : tuple
        All minimisers, as `faces.face` describes them.
    """
    lo, hi = design.w * below, design.w * above
    vertex = descend_sifted(design, lo, hi, start)
    return vertex.b, vertex.d / design.w, vertex.steps, face(design, lo, hi, vertex)
