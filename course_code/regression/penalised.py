"""Losses on the weights: ridge (squares) and the lasso (absolute values).

Both leave the intercept free, and both depend on the units of the columns: `standardize` first,
unless the units are the same. The conventions are scikit-learn's, and they differ from each other:
ridge adds its penalty to the *sum* of squares, the lasso to *half the mean*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_code._validate import as_floats, as_real, refuse

from .design import Design

SWEEPS = 10_000


@dataclass(frozen=True)
class Penalised:
    """Fits for one or several strengths of the penalty.

    For a single `alpha` the attributes have the shapes given; for k of them one more axis of length
    k comes first.

    Attributes
    ----------
    alpha : float
    coef : ndarray, shape (p,)
    intercept : float
    objective : float
        The penalised sum that the function states.
    gap : float
        The objective minus a lower bound that no coefficients can beat: the duality gap, up to
        rounding at least 0. An upper bound of how much better another fit could be.
    steps : int
        Sweeps of coordinate descent; 1 for ridge, which is in closed form.
    """

    alpha: np.ndarray | float
    coef: np.ndarray
    intercept: np.ndarray | float
    objective: np.ndarray | float
    gap: np.ndarray | float
    steps: np.ndarray | int

    def predict(self, X):
        """Fitted values for `X` of shape (n, p): shape (n,), or (n, k) for k strengths."""
        X = as_floats("X", X, ndim=2)
        p = self.coef.shape[-1]
        if X.shape[1] != p:
            refuse("X", f"must have {p} column{'s' if p > 1 else ''}", f"shape {X.shape}")
        return X @ self.coef.T + self.intercept


def standardize(X):
    """Columns with mean 0 and standard deviation 1.

    Parameters
    ----------
    X : array_like, shape (n, p)

    Returns
    -------
    Z : ndarray, shape (n, p)
        ``(X - mean) / scale``.
    mean, scale : ndarray, shape (p,)
        The scale divides by n, as scikit-learn's StandardScaler does. A fit on Z has
        ``coef / scale`` and ``intercept - (coef / scale) @ mean`` on X.

    Raises
    ------
    ValueError
        If `X` is not a finite two-dimensional array or has a constant column.

    Examples
    --------
    >>> Z, mean, scale = standardize([[1.0], [3.0]])
    >>> Z.ravel().tolist(), mean.tolist(), scale.tolist()
    ([-1.0, 1.0], [2.0], [1.0])
    """
    X = as_floats("X", X, ndim=2)
    constant = X.max(axis=0) == X.min(axis=0)
    if constant.any():
        refuse("X", "columns must not be constant", f"constant column {int(np.argmax(constant))}")
    unit = np.abs(X).max(axis=0)  # so that squares of very large or small numbers stay in range
    mean = (X / unit).mean(axis=0) * unit
    scale = ((X - mean) / unit).std(axis=0) * unit
    return (X - mean) / scale, mean, scale


def soft_threshold(values, threshold):
    """Every value moved towards 0 by `threshold`, and no further than 0.

    The one-weight lasso: the minimiser of ``(v - b)**2 / 2 + threshold * abs(b)`` for each value v.
    What it takes off, ``v - soft_threshold(v, d)``, is the psi of Huber's loss with delta d.

    Parameters
    ----------
    values : array_like
    threshold : float, >= 0

    Returns
    -------
    ndarray, or float for a single value
        ``sign(v) * max(abs(v) - threshold, 0)``, never -0.0.

    Raises
    ------
    ValueError
        If a value is not finite or the threshold is negative.

    Examples
    --------
    >>> soft_threshold([-3.0, 0.5, 2.0], 1.0)
    array([-2.,  0.,  1.])
    """
    values = as_floats("values", values)
    return _soft(values, as_real("threshold", threshold, at_least=0))[()]


def _soft(values, threshold):
    return np.sign(values) * np.maximum(np.abs(values) - threshold, 0.0) + 0.0


def ridge(X, y, alpha, *, sample_weight=None, intercept=True):
    r"""Squared error with a squared penalty: minimise $\sum_i w_i r_i^2 + \alpha \sum_j b_j^2$.

    Parameters
    ----------
    X : array_like, shape (n, p)
    y : array_like, shape (n,)
    alpha : float or sequence of float, >= 0
        0 is least squares, and needs linearly independent columns.
    sample_weight : array_like, shape (n,), optional
    intercept : bool

    Returns
    -------
    Penalised

    Raises
    ------
    ValueError
        On bad input, or if alpha is 0 and the columns are linearly dependent.

    Notes
    -----
    Solved by QR of the rows of X with $\sqrt\alpha I$ appended, so that X'X, which squares the
    condition number, is never formed (Hoerl and Kennard 1970 for the estimator).

    Examples
    --------
    >>> ridge([[-1.0], [1.0]], [-1.0, 1.0], alpha=2.0).coef.round(12).tolist()
    [0.5]
    """
    strengths = _strengths("alpha", alpha, zero=True)
    data = _Centred(X, y, sample_weight, intercept, full_rank=bool((strengths == 0).any()))
    A, y = data.A, data.y
    Q, head = np.linalg.qr(A)  # once for all strengths: as many rows as columns at most
    target = Q.T @ y

    def solve(a):
        share = a * data.user**2 / data.square  # the penalty in scaled units, column by column
        Q, R = np.linalg.qr(np.vstack([head, np.diag(np.sqrt(share))]))
        b = np.linalg.solve(R, Q[: len(target)].T @ target)
        r = y - A @ b
        value = r @ r + share @ b**2
        # A lower bound for every b: 2 r.y - r.r - sum_j (A'r)_j^2 / share_j.
        pull = A.T @ r
        bound = 2 * (r @ y) - r @ r - (pull @ (pull / share) if a else 2 * (pull @ b))
        return b, value * data.square, (value - bound) * data.square, 1

    return data.path(alpha, strengths, solve)


def lasso(X, y, alphas=None, *, sample_weight=None, intercept=True):
    r"""Squared error with an absolute penalty, for one or many strengths.

    Minimises $\frac{1}{2 \sum_i w_i} \sum_i w_i r_i^2 + \alpha \sum_j |b_j|$ by coordinate
    descent: each coefficient in turn goes to its minimum, a soft threshold. Once the signs have
    settled, the coefficients that are not zero solve a linear system, which gives them exactly.

    Parameters
    ----------
    X : array_like, shape (n, p)
    y : array_like, shape (n,)
    alphas : float or sequence of float, > 0, optional
        By default 100 of them, evenly spaced in logarithm from the smallest that makes all
        coefficients zero down to a thousandth of it.
    sample_weight : array_like, shape (n,), optional
    intercept : bool

    Returns
    -------
    Penalised
        In the order of `alphas`.

    Raises
    ------
    ValueError
        On bad input.
    RuntimeError
        If 10 000 sweeps leave a gap above 1e-10 of the objective at zero coefficients.

    References
    ----------
    R. Tibshirani (1996), Regression shrinkage and selection via the lasso, J. R. Statist. Soc. B
    58, 267-288. J. Friedman, T. Hastie and R. Tibshirani (2010), Regularization paths for
    generalized linear models via coordinate descent, J. Statist. Softw. 33(1), 1-22.

    Examples
    --------
    >>> float(lasso([[-1.0], [1.0]], [-1.0, 1.0], alphas=0.25).coef[0].round(12))
    0.75
    """
    data = _Centred(X, y, sample_weight, intercept)
    A, y = data.A / np.sqrt(data.total), data.y / np.sqrt(data.total)
    G, c = A.T @ A, A.T @ y
    wall = data.user / data.unit**2  # alpha in scaled units, column by column
    if alphas is None:
        top = float((np.abs(c) / wall).max())
        alphas = np.geomspace(top, top / 1000, 100) if top > 0 else [1.0]
    strengths = _strengths("alphas", alphas)
    b = np.zeros(len(c))

    def value_and_gap(lam):
        r = y - A @ b
        # s r is feasible in the dual when |A'(s r)| <= lam in every column.
        s = 1 / max(1.0, float((np.abs(A.T @ r) / lam).max()))
        value = r @ r / 2 + lam @ np.abs(b)
        return value, value - s * (r @ y) + s * s * (r @ r) / 2

    def solve(a):
        nonlocal b
        lam = a * wall
        for sweep in range(1, SWEEPS + 1):
            b = _sweep(G, c, lam, b)
            b = _settled(G, c, lam, b)
            value, gap = value_and_gap(lam)
            if gap <= 1e-10 * (y @ y) / 2:
                return b, value * data.unit**2, gap * data.unit**2, sweep
        raise RuntimeError(f"lasso: no minimum for alpha = {a:.6g} after {SWEEPS} sweeps")

    return data.path(alphas, strengths, solve)


def _sweep(G, c, lam, b):
    """Each coefficient once to its minimum: the soft threshold of what the others leave."""
    b = b.copy()
    for j in np.flatnonzero(np.diag(G) > 0):
        free = c[j] - G[j] @ b + G[j, j] * b[j]
        b[j] = _soft(free, lam[j]) / G[j, j]
    return b


def _settled(G, c, lam, b):
    """From `b` towards the minimum with its signs; a coefficient that meets 0 on the way stays.

    Within fixed signs the objective is a quadratic, so every stretch of the way goes down. Where
    more coefficients are in play than rows can tell apart, it is flat in some directions, and the
    penalty alone says which way is down: on until a coefficient meets 0.
    """
    b = b.copy()
    while (on := np.flatnonzero(b)).size:
        slope = c[on] - lam[on] * np.sign(b[on]) - G[on] @ b
        values, V = np.linalg.eigh(G[np.ix_(on, on)])
        flat = values <= 1e-12 * values[-1]
        down = V.T @ slope
        endless = np.abs(down[flat]).max(initial=0.0) > 1e-9 * np.abs(lam[on]).max()
        if endless:
            way, end = V[:, flat] @ down[flat], np.inf
        else:
            way, end = V[:, ~flat] @ (down[~flat] / values[~flat]), 1.0
        shrinking = np.flatnonzero(b[on] * way < 0)
        reach = -b[on[shrinking]] / way[shrinking]
        if not reach.size or reach.min() >= end:
            b[on] += 0.0 if endless else way
            return b
        b[on] += reach.min() * way
        b[on[shrinking[np.argmin(reach)]]] = 0.0
    return b


def _strengths(name, values, zero=False):
    """One or several penalties as a one-dimensional array."""
    if np.ndim(values) == 0:
        rule = {"at_least": 0} if zero else {"above": 0}
        return np.array([as_real(name, values, **rule)])
    array = as_floats(name, values, ndim=1).astype(np.float64)
    if (array < 0).any() or (not zero and (array == 0).any()):
        refuse(name, "must not be negative" if zero else "must be positive", float(array.min()))
    return array


class _Centred:
    """Scaled columns and y without their weighted means, rows times the root of their weights.

    Attributes
    ----------
    A, y : ndarray, shape (n, p), (n,)
    total : float
        The sum of the scaled weights.
    unit : float
        One unit of the scaled y, in units of y.
    square : float
        One unit of ``r @ r``, in units of ``w @ r**2`` with the weights and residuals of the user.
    user : ndarray, shape (p,)
        One unit of each scaled coefficient, in units of the user.
    """

    def __init__(self, X, y, sample_weight, intercept, full_rank=False):
        design = self._design = Design(X, y, sample_weight, intercept, full_rank=full_rank)
        A, y = design.take(slice(None))
        A, w = A[:, design.q - design.p :], design.w
        self._mean = (w @ A / design.total, float(w @ y) / design.total) if intercept else (0, 0)
        root = np.sqrt(w)
        self.A, self.y = (A - self._mean[0]) * root[:, None], (y - self._mean[1]) * root
        self.total, self.unit = design.total, design.unit
        self.square = design.top * design.unit**2
        self.user = design.unit / design.x_unit

    def path(self, alpha, strengths, solve):
        """Solve for all strengths, the strongest first: each starts where the last one ended."""
        found = [None] * len(strengths)
        for k in np.argsort(-strengths, kind="stable"):
            b, *rest = solve(float(strengths[k]))
            if self._design.intercept:
                b = np.append(self._mean[1] - self._mean[0] @ b, b)
            found[k] = (strengths[k], *self._design.restore(b), *rest)
        columns = [np.array(column) for column in zip(*found, strict=True)]
        if np.ndim(alpha) == 0:
            columns = [column[0] if column.ndim > 1 else column[0].item() for column in columns]
        return Penalised(*columns)
