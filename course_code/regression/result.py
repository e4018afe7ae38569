"""What a fit returns: the line or plane, and the reason to believe it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_code._validate import as_floats, refuse


@dataclass(frozen=True)
class Certificate:
    r"""Subgradients that balance: a proof that no other plane does better.

    For a convex loss, `coef` and `intercept` minimise :math:`\sum_i w_i \rho(y_i - \hat y_i)` exactly
    when there are numbers :math:`\psi_i`, each a subgradient of :math:`\rho` at its residual, with
    :math:`\sum_i w_i \psi_i x_{ij} = 0` for every column j (and :math:`\sum_i w_i \psi_i = 0` when
    there is an intercept). For the absolute and the quantile loss these numbers are the dual
    solution of the linear program.

    Attributes
    ----------
    psi : ndarray, shape (n,)
        One subgradient per observation, 0 where the weight is 0.
    balance : float
        The largest :math:`|\sum_i w_i \psi_i x_{ij}| / \sum_i w_i |\psi_i x_{ij}|` over the centred
        columns; 0 in exact arithmetic.
    gap : float
        The distance between the objective and the lower bound that `psi` proves, in units of the
        loss: :math:`|\sum_i w_i \psi_i \hat y_i| / \sum_i w_i`.
    """

    psi: np.ndarray = field(repr=False)
    balance: float
    gap: float


@dataclass(frozen=True)
class Interval:
    """The range of each coefficient over all minimisers: ``(low, high)`` pairs.

    Attributes
    ----------
    coef : ndarray, shape (p, 2)
    intercept : tuple of float
        ``(0.0, 0.0)`` in a fit without intercept.
    """

    coef: np.ndarray
    intercept: tuple[float, float]

    @property
    def slope(self):
        """``(low, high)`` of the single slope of a line."""
        if len(self.coef) != 1:
            raise AttributeError(
                f"slope: a line has one; this fit has {len(self.coef)} coefficients"
            )
        return float(self.coef[0, 0]), float(self.coef[0, 1])


@dataclass(frozen=True)
class Fit:
    """A fitted line or plane.

    Attributes
    ----------
    loss : the loss that was minimised.
    coef : ndarray, shape (p,)
    intercept : float
        0.0 in a fit without intercept.
    objective : float
        The weighted mean loss at the fit.
    steps : int
        Iterations of the method; 1 where the answer is in closed form.
    certificate : Certificate or None
        Proof of optimality; None where the loss is not convex and only a local minimum is claimed.
    interval : Interval or None
        None when the minimiser is unique, otherwise the range of each coefficient.
    """

    loss: Any
    coef: np.ndarray
    intercept: float
    objective: float
    steps: int
    certificate: Certificate | None
    interval: Interval | None = None

    @property
    def slope(self):
        """The single slope of a line."""
        if len(self.coef) != 1:
            raise AttributeError(
                f"slope: a line has one; this fit has {len(self.coef)} coefficients"
            )
        return float(self.coef[0])

    def predict(self, X):
        """Fitted values for `X` of shape (n, p); for a line, x of shape (n,) will do too."""
        p = len(self.coef)
        X = as_floats("X", X, ndim=(1, 2) if p == 1 else 2)
        if X.ndim == 2 and X.shape[1] != p:
            refuse("X", f"must have {p} column{'s' if p > 1 else ''}", f"shape {X.shape}")
        values = X * self.coef[0] if X.ndim == 1 else X @ self.coef
        return values + self.intercept
