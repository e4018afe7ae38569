"""Products of tall matrices, a few rows at a time.

OpenBLAS wakes a second thread for a matrix-vector product of more than about 9000 numbers and for a
rank-one update of more than about 8000. For tall and narrow matrices that costs more than it saves,
and on a busy machine many times more. So products are formed from blocks below that size; other
arithmetic goes through the data in larger pieces that still fit the processor's cache.
"""

from __future__ import annotations

import numpy as np

BLOCK = 7_000  # numbers
PIECE = 50_000


def spans(n, q=1, numbers=BLOCK):
    """Slices that cover ``range(n)``; in rows of q, each has at most so many numbers."""
    step = max(numbers // q, 1)
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


def gram(A, w):
    """``A.T @ diag(w) @ A``."""
    q = A.shape[1]
    return sum(
        ((A[rows] * w[rows, None]).T @ A[rows] for rows in spans(*A.shape)), np.zeros((q, q))
    )
