"""Products of tall matrices, a few rows at a time.

OpenBLAS wakes a second thread for a matrix-vector product of more than about 9000 numbers and for a
rank-one update of more than about 8000. For tall and narrow matrices that costs more than it saves,
and on a busy machine many times more. Blocks below that size also stay in the processor's cache.
"""

from __future__ import annotations

import numpy as np

NUMBERS = 7_000


def spans(n, q=1):
    """Slices that cover ``range(n)``, each with at most 7000 numbers in rows of q."""
    step = max(NUMBERS // q, 1)
    return [slice(start, min(start + step, n)) for start in range(0, n, step)]


def times(A, b):
    """``A @ b`` for a matrix and a vector."""
    out = np.empty(len(A))
    for rows in spans(*A.shape):
        np.dot(A[rows], b, out=out[rows])
    return out


def along(u, A):
    """``u @ A`` for a vector with one number per row of a matrix."""
    return sum((u[rows] @ A[rows] for rows in spans(*A.shape)), np.zeros(A.shape[1]))


def inner(u, v):
    """``u @ v`` for two vectors."""
    return float(sum(u[rows] @ v[rows] for rows in spans(len(u))))
