"""Choosing the strength of a penalty by rows that the fit has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_code._validate import as_count, as_floats, as_generator, refuse

from .penalised import standardize


@dataclass(frozen=True)
class CrossValidation:
    """Errors on held-out rows, fold by fold.

    Attributes
    ----------
    strengths : ndarray, shape (k,)
        The penalties tried, the strongest first.
    errors : ndarray, shape (folds, k)
        The mean squared error of each held-out fold.
    """

    strengths: np.ndarray
    errors: np.ndarray

    @property
    def mean(self):
        """The error of each strength, the mean over the folds: shape (k,)."""
        return self.errors.mean(axis=0)

    @property
    def standard_error(self):
        """Of that mean, as if the folds were independent, which they are not quite: shape (k,)."""
        return self.errors.std(axis=0, ddof=1) / np.sqrt(len(self.errors))

    @property
    def best(self):
        """The place of the smallest mean error; of several, the strongest penalty."""
        return int(np.argmin(self.mean))

    @property
    def one_standard_error(self):
        """The place of the strongest penalty within one standard error of the best: a convention.

        The standard error is that of the best strength.
        """
        bound = self.mean[self.best] + self.standard_error[self.best]
        return int(np.argmax(self.mean <= bound))


def cross_validate(method, X, y, strengths, rng, folds=10):
    """Fit on all folds but one, predict the rows of that one, and so for every fold.

    Columns are standardised with the means and scales of the rows that are fitted, so the held-out
    rows have no part in the fit.

    Parameters
    ----------
    method : callable
        ``method(Z, y, strengths)`` returns an object whose ``predict(Z)`` has one column per
        strength, as that of `lasso` has.
    X : array_like, shape (n, p)
    y : array_like, shape (n,)
    strengths : array_like, shape (k,)
        In decreasing order.
    rng : numpy.random.Generator
        Deals the rows to the folds; their sizes differ by one at most.
    folds : int
        From 2 to n.

    Returns
    -------
    CrossValidation

    Raises
    ------
    ValueError
        On bad input, or if a column is constant in the rows that are fitted.

    Examples
    --------
    >>> from course_code.regression import lasso
    >>> x = np.arange(12.0)
    >>> found = cross_validate(lasso, x[:, None], 2 * x, [1.0, 0.1], np.random.default_rng(0), 3)
    >>> found.errors.shape, found.best
    ((3, 2), 1)
    """
    X, y = as_floats("X", X, ndim=2), as_floats("y", y, ndim=1)
    if len(y) != len(X):
        refuse("y", f"must have {len(X)} values", len(y))
    strengths = as_floats("strengths", strengths, ndim=1)
    if (np.diff(strengths) >= 0).any():
        refuse("strengths", "must be in decreasing order", strengths.tolist())
    rng, folds = as_generator("rng", rng), as_count("folds", folds, at_least=2)
    if folds > len(y):
        refuse("folds", f"must be at most the number of rows, {len(y)}", folds)
    fold = rng.permutation(np.arange(len(y)) % folds)
    errors = np.empty((folds, len(strengths)))
    for k in range(folds):
        inside, held = fold != k, fold == k
        Z, mean, scale = standardize(X[inside])
        predicted = method(Z, y[inside], strengths).predict((X[held] - mean) / scale)
        errors[k] = ((y[held, None] - predicted) ** 2).mean(axis=0)
    return CrossValidation(strengths, errors)
