"""Squared error by QR factorisation."""

from __future__ import annotations

import numpy as np


def solve(design):
    """The least-squares plane, shape (q,), which the triangle of ``[A y]`` holds in full."""
    q = design.q
    R = design.triangle(weighted=True) if design.weighted else design.R
    return np.linalg.solve(R[:q, :q], R[:q, q])
