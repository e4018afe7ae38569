"""Exact fits of lines and planes, each with a proof that it is one."""

from .boscovich import boscovich
from .fitting import fit, fit_line
from .medians import median_interval, weighted_median
from .minimax import MinimaxLine, minimax_line
from .penalised import Penalised, lasso, ridge, soft_threshold, standardize
from .result import Certificate, Fit, Interval
from .validation import CrossValidation, cross_validate

__all__ = [
    "Certificate",
    "CrossValidation",
    "Fit",
    "Interval",
    "MinimaxLine",
    "Penalised",
    "boscovich",
    "cross_validate",
    "fit",
    "fit_line",
    "lasso",
    "median_interval",
    "minimax_line",
    "ridge",
    "soft_threshold",
    "standardize",
    "weighted_median",
]
