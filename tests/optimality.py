"""Independent checks that a plane is optimal. Nothing here uses the code under test."""

import numpy as np
from scipy.optimize import linprog


def columns(X, intercept=True):
    """The design matrix; in extended precision unless that would take long."""
    X = np.asarray(X, dtype=np.longdouble if len(X) < 10_000 else float)
    return np.column_stack([np.ones(len(X)), X]) if intercept else X


def quantile_optimum(X, y, tau, w, intercept=True):
    """The least value of sum w rho_tau(r), by SciPy's HiGHS."""
    A = columns(X, intercept).astype(float)
    n, q = A.shape
    result = linprog(
        np.concatenate([np.zeros(q), w * tau, w * (1 - tau)]),
        A_eq=np.hstack([A, np.eye(n), -np.eye(n)]),
        b_eq=y,
        bounds=[(None, None)] * q + [(0, None)] * (2 * n),
        method="highs",
    )
    assert result.status == 0, result.message
    return result.fun


def quantile_range(X, y, tau, w, best, intercept=True):
    """Least and greatest value of each unknown (intercept first) over all minimisers, by HiGHS."""
    A = columns(X, intercept).astype(float)
    n, q = A.shape
    cost = np.concatenate([np.zeros(q), w * tau, w * (1 - tau)])
    ends = []
    for j in range(q):
        unit = np.zeros(q + 2 * n)
        unit[j] = 1
        results = [
            linprog(
                sign * unit,
                A_eq=np.hstack([A, np.eye(n), -np.eye(n)]),
                b_eq=y,
                A_ub=cost[None],
                b_ub=[best + 1e-10 * max(1, best)],
                bounds=[(None, None)] * q + [(0, None)] * (2 * n),
                method="highs",
            )
            for sign in (1, -1)
        ]
        ends.append([results[0].fun, -results[1].fun])
    return np.array(ends)


def assert_quantile_certified(fit, X, y, tau, w=None, intercept=True, rtol=1e-9, scale=1.0):
    """Complementary slackness and dual feasibility of a fit with ``scale * Quantile(tau)``.

    Every psi lies in [tau - 1, tau], stands at the end its residual asks for, and X' (w psi) = 0;
    then the objective equals its lower bound, the dual objective.
    """
    A = columns(X, intercept)
    y = np.asarray(y, dtype=A.dtype)
    w = np.ones(len(y)) if w is None else np.asarray(w, dtype=float)
    b = np.append([fit.intercept] if intercept else [], fit.coef)
    r = y - A @ b
    size = np.abs(y) + np.abs(A) @ np.abs(b)
    psi = np.asarray(fit.certificate.psi, dtype=A.dtype) / scale
    used = w > 0
    error = rtol * np.maximum(size, 1e-6 * size.mean())
    assert (psi[~used] == 0).all()
    assert (psi >= tau - 1 - rtol).all()
    assert (psi <= tau + rtol).all()
    above, below = used & (r > error), used & (r < -error)
    np.testing.assert_allclose(psi[above].astype(float), tau, rtol=0, atol=rtol)
    np.testing.assert_allclose(psi[below].astype(float), tau - 1, rtol=0, atol=rtol)
    middle = np.median(A, axis=0)
    middle[0] = 0
    centred = A - middle * intercept
    balance = np.abs((w * psi) @ centred)
    assert (balance <= rtol * ((w * np.abs(psi)) @ np.abs(centred)) + 1e-300).all(), balance
    primal = float((w * np.where(r > 0, tau * r, (tau - 1) * r)).sum() / w.sum())
    y_mid = np.median(y) if intercept else 0.0
    dual = float((w * psi) @ (y - y_mid) / w.sum())
    spread = float(w @ np.abs(y - y_mid) / w.sum())
    assert abs(primal - dual) <= rtol * (primal + spread), (primal, dual)
    assert abs(fit.objective / scale - primal) <= rtol * primal + float(w @ error) / w.sum()


def assert_stationary(fit, X, y, loss, w=None, intercept=True, rtol=1e-9):
    """The gradient of the sum of losses is zero, relative to the sizes of its terms."""
    A = columns(X, intercept)
    y = np.asarray(y, dtype=A.dtype)
    w = np.ones(len(y)) if w is None else np.asarray(w, dtype=float)
    b = np.append([fit.intercept] if intercept else [], fit.coef)
    r = (y - A @ b).astype(float)
    pull = w * loss.psi(r)
    rounding = w * np.abs(loss.curvature(r)) * (np.abs(y) + np.abs(A) @ np.abs(b))
    size = (np.abs(pull) + rounding) @ np.abs(A)
    assert (np.abs(pull @ A) <= rtol * size + 1e-300).all()
