"""Squared error by QR factorisation."""

from __future__ import annotations

import numpy as np


def solve(design):
    """The least-squares plane: the triangle of ``[A y]`` holds the coefficients in its last column."""
    q = design.q
    R = np.empty((0, q + 1))
    for rows, A, y in design.blocks():
        block = np.column_stack([A, y])
        if design.weighted:
            block *= np.sqrt(design.w[rows])[:, None]
        R = np.linalg.qr(np.vstack([R, block]), mode="r")
    return np.linalg.solve(R[:q, :q], R[:q, q])
