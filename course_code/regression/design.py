"""The checked data of one fit, centred and scaled so that rounding stays where it belongs."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_weights, refuse

from .blocks import PIECE, along, spans, times

EPS = np.finfo(np.float64).eps
STEEP = 1e5  # condition number above which columns are turned
KEEP = 1 << 23  # numbers in a design matrix small enough to be kept whole


class Table:
    """Rows ``(A, y)`` of a linear problem, worked through in blocks.

    Attributes
    ----------
    n, q : int
        Rows and columns.
    """

    def __init__(self, A, y):
        self.n, self.q = A.shape
        self._whole = A, y

    def take(self, rows):
        """``(A, y)`` for a slice or an index array of rows."""
        A, y = self._whole
        return A[rows], y[rows]

    def blocks(self):
        """All rows in order, as ``(slice, A, y)``."""
        for rows in spans(self.n, self.q + 1, PIECE):  # y counts too
            yield rows, *self.take(rows)

    def residuals(self, beta):
        """``y - A @ beta`` for all rows, shape (n,)."""
        r = np.empty(self.n)
        for rows, A, y in self.blocks():
            np.subtract(y, times(A, beta), out=r[rows])
        return r

    def values(self, beta):
        """``A @ beta`` for all rows, shape (n,)."""
        return np.concatenate([times(A, beta) for _, A, _ in self.blocks()])

    def moment(self, u):
        """``A.T @ u`` for a vector u with one number per row."""
        return sum((along(u[rows], A) for rows, A, _ in self.blocks()), np.zeros(self.q))


class Design(Table):
    """Rows with positive weight, seen through centred and scaled columns.

    With an intercept, each column and y are centred at a central value; every column and y are
    divided by a power of two near their mean absolute deviation, so nothing is rounded by scaling.
    An offset of 1e8 or a unit of 1e-150 then costs no digits. A method works with `blocks` and
    returns `beta` (intercept first, if there is one) in these units; `restore` translates back.

    Attributes
    ----------
    n, q : int
        Rows with positive weight; unknowns, intercept included.
    w : ndarray, shape (n,)
        Weights divided by their largest value.
    total : float
        Their sum.
    top : float
        The largest weight before the division.
    unit : float
        One unit of the scaled y, in units of y.
    """

    def __init__(self, X, y, sample_weight=None, intercept=True, full_rank=True):
        X = as_floats("X", X, ndim=2)
        y = as_floats("y", y, ndim=1)
        if len(y) != len(X):
            refuse("y", f"must have one value per row of X, {len(X)}", f"shape {y.shape}")
        self.rows = len(y)
        self.kept = slice(None)
        self.top = 1.0
        w = np.broadcast_to(1.0, y.shape)
        if sample_weight is not None:
            w = as_weights(sample_weight, y.shape).astype(np.float64)
            self.top = float(w.max())
            w = w / self.top
            if not w.all():
                self.kept = np.flatnonzero(w)
                X, y, w = X[self.kept], y[self.kept], w[self.kept]
        self.X, self.y, self.w = X, y, w
        self.weighted = sample_weight is not None
        self.total = float(w.sum())
        self.n, self.p = X.shape
        self.intercept = bool(intercept)
        self.q = self.p + self.intercept
        self.x_mid, self.x_unit = _centre_and_unit("X", X, self.intercept)
        y_mid, y_unit = _centre_and_unit("y", y[:, None], self.intercept)
        self.y_mid, self.unit = float(y_mid[0]), float(y_unit[0])
        self._turn = None
        self._keep()
        if full_rank:
            self.R = self.triangle()
            self._require_full_rank()

    def straighten(self):
        """Turn nearly dependent columns into nearly orthogonal ones, if there are any.

        The columns become ``A R^-1``. A solve row by row, unlike a product with the inverse, is as
        accurate as A itself (it is backward stable).
        """
        R = self.R[: self.q, : self.q]
        if np.linalg.cond(R / np.sqrt((R * R).sum(axis=0))) > STEEP:
            self._turn = R / np.sqrt(self.n)
            self._keep()
            self.R = self.triangle()

    def unturned(self, beta):
        """`beta` for the columns as they were, and the blocks of those columns."""
        if self._turn is None:
            return beta, self.blocks()
        pieces = spans(self.n, self.q + 1, PIECE)
        before = ((rows, *self._build(rows, turn=None)) for rows in pieces)
        return np.linalg.solve(self._turn, beta), before

    def _keep(self):
        self._whole = None
        if self.n * self.q <= KEEP:
            self._whole = self._build(slice(0, self.n), self._turn)

    def _build(self, rows, turn):
        X, y = self.X[rows], self.y[rows]
        A = np.empty((len(y), self.q), order="F")  # a factor per row then runs down long columns
        A[:, 0] = 1.0
        columns = A[:, self.q - self.p :]
        for part in spans(*X.shape):
            np.subtract(X[part], self.x_mid, out=columns[part])
            columns[part] /= self.x_unit
        if turn is not None:
            A = np.linalg.solve(turn.T, A.T).T
        return A, (y - self.y_mid) / self.unit

    def take(self, rows):
        """``(A, y)`` for a slice or an index array of rows."""
        return self._build(rows, self._turn) if self._whole is None else super().take(rows)

    def restore(self, beta):
        """``(coef, intercept)`` in the units of X and y."""
        beta, _ = self.unturned(beta)
        with np.errstate(over="ignore", invalid="ignore"):
            coef = beta[self.q - self.p :] * (self.unit / self.x_unit)
            intercept = 0.0
            if self.intercept:
                intercept = float(self.y_mid + beta[0] * self.unit - self.x_mid @ coef)
        if not (np.isfinite(coef).all() and np.isfinite(intercept)):
            refuse("X", "must have a scale that leaves finite coefficients", "an overflow")
        return coef, intercept

    def directions(self):
        """Rows that map `beta` to each coefficient and (last) the intercept, in user units.

        A change of `beta` by v changes them by ``directions() @ v``.
        """
        T = np.zeros((self.p + 1, self.q))
        scale = self.unit / self.x_unit
        T[: self.p, self.q - self.p :] = np.diag(scale)
        if self.intercept:
            T[self.p, 0] = self.unit
            T[self.p, 1:] = -self.x_mid * scale
        return T if self._turn is None else np.linalg.solve(self._turn.T, T.T).T

    def spread(self, u):
        """A vector over the kept rows, put back among all rows (0 where the weight is 0)."""
        if isinstance(self.kept, slice):
            return u
        full = np.zeros(self.rows)
        full[self.kept] = u
        return full

    def triangle(self, weighted=False):
        """R of the QR factorisation of ``[A y]``, shape (q + 1, q + 1) or less.

        Least squares needs no more of the data than this. The R of stacked R's is the R of all
        their rows, so one block at a time will do.
        """
        R = np.empty((0, self.q + 1))
        for rows in spans(self.n, self.q + 1):
            block = np.column_stack(self.take(rows))
            if weighted:
                block *= np.sqrt(self.w[rows])[:, None]
            R = np.linalg.qr(np.vstack([R, block]), mode="r")
        return R

    def _require_full_rank(self):
        R = self.R[: self.q, : self.q]
        size = np.sqrt((R * R).sum(axis=0))
        size[size == 0] = 1.0
        # A column known to so many digits carries that much noise after centring.
        known = np.ones(self.q)
        known[self.q - self.p :] += np.abs(self.x_mid) / self.x_unit
        noise = (EPS * known * np.sqrt(self.n) / size).max()
        values = np.linalg.svd(R / size, compute_uv=False)
        rank = int((values > max(4 * self.q * EPS, noise) * values[0]).sum())
        if rank < self.q:
            tail = " (with the intercept)" if self.intercept else ""
            refuse("X", f"columns must be linearly independent{tail}", f"rank {rank} of {self.q}")


def _centre_and_unit(name, columns, centre):
    """A central value (0 unless `centre`) and a power-of-two unit for each column.

    The centre is the median of at most about a thousand evenly spaced rows: any value amid the
    bulk will do, and unlike the mean it does not move there and back with one wild value.
    """
    n, p = columns.shape
    middle = np.zeros(p)
    if centre:
        sample = columns[:: n // 1000 + 1]
        middle = np.partition(sample, len(sample) // 2, axis=0)[len(sample) // 2].astype(np.float64)
    unit = np.empty(p)
    with np.errstate(over="ignore"):
        for j in range(p):
            total = sum(
                np.abs(columns[rows, j] - middle[j]).sum(dtype=np.float64) for rows in spans(n)
            )
            unit[j] = total / n
    if not np.isfinite(unit).all():
        refuse(name, "must hold numbers whose sum does not overflow", "an overflow")
    unit[unit == 0] = 1.0
    return middle, np.exp2(np.clip(np.round(np.log2(unit)), -1021, 1021))
