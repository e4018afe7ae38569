"""Exact fits of lines and planes, each with a proof that it is one."""

from .boscovich import boscovich
from .fitting import fit, fit_line
from .medians import median_interval, weighted_median
from .minimax import MinimaxLine, minimax_line
from .penalised import Penalised, lasso, ridge, standardize
from .result import Certificate, Fit, Interval

__all__ = [
    "Certificate",
    "Fit",
    "Interval",
    "MinimaxLine",
    "Penalised",
    "boscovich",
    "fit",
    "fit_line",
    "lasso",
    "median_interval",
    "minimax_line",
    "ridge",
    "standardize",
    "weighted_median",
]
