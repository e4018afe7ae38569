"""What a fit returns: the line or plane, and the reason to believe it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from course_code._validate import as_floats, as_weights, refuse
from course_code.losses import Loss


@dataclass(frozen=True)
class Certificate:
    r"""Subgradients that balance: a proof that no other plane does better.

    For a convex loss a plane minimises $\sum_i w_i \rho(r_i)$ exactly when there are numbers
    $\psi_i$, each a subgradient of $\rho$ at the residual $r_i$, with
    $\sum_i w_i \psi_i x_{ij} = 0$ for every column j, and $\sum_i w_i \psi_i = 0$ when
    there is an intercept. Where rho is smooth, psi is its derivative. For the absolute and the
    quantile loss psi is the sign or the slope away from zero, something between the two slopes at
    zero: the dual solution of the linear program.

    Attributes
    ----------
    psi : ndarray, shape (n,)
        One subgradient per observation; 0 where the weight is 0.
    balance : float
        The largest $|\sum_i w_i \psi_i x_{ij}|$ over the centred columns, relative to the
        numbers it is computed from; of the order of 1e-16 times the number of roundings.
    gap : float
        The objective minus the lower bound that psi proves, in units of the loss. For the absolute
        and the quantile loss the bound is the dual objective, $\sum_i w_i \psi_i y_i / \sum_i w_i$;
        for the others what is left is $|\sum_i w_i \psi_i \hat y_i| / \sum_i w_i$.
    multiplier : float
        The price of a constraint on the sum of the residuals (`boscovich`); 0 without one. Then
        ``psi + multiplier`` are the subgradients, and psi balances.
    """

    psi: np.ndarray = field(repr=False)
    balance: float
    gap: float
    multiplier: float = 0.0


@dataclass(frozen=True)
class Interval:
    """The range of each coefficient over all minimisers.

    Attributes
    ----------
    coef : ndarray, shape (p, 2)
        Pairs ``(low, high)``. Each end is reached by some minimiser, not all ends by the same one.
    intercept : tuple of float
        ``(low, high)``; ``(0.0, 0.0)`` in a fit without intercept.
    """

    coef: np.ndarray
    intercept: tuple[float, float]

    @property
    def slope(self):
        """``(low, high)`` of the single slope of a line."""
        low, high = _single(self.coef)
        return float(low), float(high)


@dataclass(frozen=True)
class Fit:
    """A fitted line or plane.

    Attributes
    ----------
    loss : Loss
        What was minimised.
    coef : ndarray, shape (p,)
    intercept : float
        0.0 in a fit without intercept.
    objective : float
        The weighted mean loss at the fit.
    steps : int
        Iterations of the method; 1 where the answer is in closed form.
    certificate : Certificate or None
        The proof of optimality; None for a loss that is not convex, where the fit is a local
        minimum.
    interval : Interval or None
        None if the minimiser is unique, otherwise the range of each coefficient.
    """

    loss: Loss
    coef: np.ndarray
    intercept: float
    objective: float
    steps: int
    certificate: Certificate | None
    interval: Interval | None = None

    @property
    def slope(self):
        """The single slope of a line."""
        return float(_single(self.coef))

    def predict(self, X):
        """Fitted values, shape (n,), for `X` of shape (n, p); for a line also of shape (n,)."""
        p = len(self.coef)
        X = as_floats("X", X, ndim=(1, 2) if p == 1 else 2)
        if X.ndim == 2 and X.shape[1] != p:
            refuse("X", f"must have {p} column{'s' if p > 1 else ''}", f"shape {X.shape}")
        values = X * self.coef[0] if X.ndim == 1 else X @ self.coef
        return values + self.intercept

    def verify(self, X, y, sample_weight=None, *, intercept=True, tolerance=1e-9):
        """Does the certificate prove, from the data alone, that this is a minimum?

        Checks that every psi is a subgradient at its residual and that psi balances. Nothing of the
        fit's own arithmetic is used.

        Parameters
        ----------
        X : array_like, shape (n, p) or, for a line, (n,)
        y : array_like, shape (n,)
        sample_weight : array_like, shape (n,), optional
        intercept : bool
            As in the fit.
        tolerance : float
            Relative to the numbers that enter each sum or difference.

        Returns
        -------
        bool
            False also when there is no certificate.
        """
        if self.certificate is None:
            return False
        fitted = self.predict(X)
        X = as_floats("X", X).reshape(len(fitted), -1)
        y = as_floats("y", y, ndim=1)
        if len(y) != len(fitted) or len(y) != len(self.certificate.psi):
            refuse("y", f"must have the {len(self.certificate.psi)} values fitted", f"{y.shape}")
        w = np.ones(len(y)) if sample_weight is None else as_weights(sample_weight, y.shape)
        psi, r = self.certificate.psi, y - fitted
        size = np.abs(y) + np.abs(X) @ np.abs(self.coef) + abs(self.intercept)
        error = tolerance * np.maximum(size, 1e-6 * (w @ size) / w.sum()) + np.finfo(float).tiny
        slack = tolerance * np.abs(psi).max()
        slopes = psi + self.certificate.multiplier
        # psi of a convex loss rises, so its values on both sides of r enclose the subgradients at
        # r.
        steep = (slopes < self.loss.psi(r - error) - slack) | (
            slopes > self.loss.psi(r + error) + slack
        )
        columns = X
        if intercept:
            columns = np.column_stack([np.ones(len(y)), X - np.median(X, axis=0)])
        pull = w * psi
        known = np.abs(pull) + w * np.abs(self.loss.curvature(r)) * size
        balanced = np.abs(pull @ columns) <= tolerance * (known @ np.abs(columns))
        return bool(balanced.all() and not steep[w > 0].any())


def _single(values):
    if len(values) != 1:
        raise AttributeError(f"slope: a line has one; this fit has {len(values)} coefficients")
    return values[0]
