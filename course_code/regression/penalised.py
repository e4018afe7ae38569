"""Losses on the weights: ridge and the lasso."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, refuse


def standardize(X):
    """Columns with mean 0 and standard deviation 1 (dividing by n, as scikit-learn does)."""
    X = as_floats("X", X, ndim=2)
    mean = X.mean(axis=0)
    scale = (X - mean).std(axis=0)
    if (scale == 0).any():
        refuse("X", "columns must not be constant", f"constant column {int(np.argmin(scale))}")
    return (X - mean) / scale, mean, scale
