"""Where a point sits and what it does to a line."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.figures._style import (
    ABSOLUTE,
    INK,
    OUTLIER,
    SQUARED,
    figure_function,
    legend_above,
    look,
)
from course_code.figures.fits import draw_points

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}
_BESIDE = {"textcoords": "offset points", "va": "center", "fontsize": 12}


@figure_function
def levers(x, weights, outliers, *, ax=None):
    """The weight of each y in the least-squares slope: a lever that turns about the mean of x.

    Parameters
    ----------
    x, weights : array_like, shape (n,)
        As from `course_code.outliers.slope_weights`.
    outliers : array_like of bool, shape (n,)
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, weights = as_pair(x, weights, names=("x", "weights"), ndim=1)
    draw_points(x, weights, outliers, ax=ax)
    marked = np.asarray(outliers)
    ax.axhline(0, color=INK, linewidth=1)
    ax.vlines(x[marked], 0, weights[marked], color=OUTLIER, linewidth=2)
    ax.plot(x.mean(), 0, "^", color=INK, markersize=11, label="mean of x", zorder=5)
    ax.set(ylabel="weight of y in the slope")
    legend_above(ax, cols=3)


@figure_function
def slope_curves(at, slopes, xlabel, truth=None, dots=False, *, ax=None):
    """The slope of the fitted line as the outliers change, one curve for each loss.

    Parameters
    ----------
    at : array_like, shape (m,)
        What changes: a place, or a number of points.
    slopes : mapping of loss to array_like, shape (m,)
    xlabel : str
    truth : float, optional
        The slope of the line behind the data, as a dotted line.
    dots : bool
        Mark each value, where only whole numbers make sense.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if truth is not None:
        ax.axhline(as_real("truth", truth), **_DOTTED)
    for loss, values in slopes.items():
        at, values = as_pair(at, values, names=("at", "slopes"), ndim=1)
        ax.plot(at, values, **look(loss), **({"marker": "o", "markersize": 5} if dots else {}))
    ax.set(xlabel=xlabel, ylabel="slope of the line")
    legend_above(ax)


@figure_function
def slope_histogram(slopes, truth, marked, label, *, ax=None):
    """How the slopes of many runs are spread, and where one of them stands.

    Parameters
    ----------
    slopes : array_like, shape (m,)
    truth : float
        The slope of the line behind the data.
    marked : float
        The slope of the run to point at.
    label : str
        What to call it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    slopes = as_floats("slopes", slopes, ndim=1)
    truth, marked = as_real("truth", truth), as_real("marked", marked)
    edges = np.arange(np.floor(slopes.min()), np.ceil(slopes.max()) + 0.25, 0.25)
    counts, _, _ = ax.hist(slopes, edges, color=SQUARED, alpha=0.75, edgecolor="white")
    top = counts.max()
    ax.axvline(truth, **_DOTTED)
    ax.axvline(marked, color=OUTLIER, linewidth=2.4)
    ax.annotate(f"true slope {truth:g}", (truth, 1.08 * top), xytext=(5, 0), **_BESIDE)
    ax.annotate(label, (marked, 0.62 * top), xytext=(-5, 0), ha="right", **_BESIDE)
    ax.set(xlabel="least-squares slope", ylabel="number of runs", ylim=(0, 1.16 * top))


@figure_function
def set_of_lines(x, y, ends, outliers=None, *, ax=None):
    """Points, and all lines between two equally good ones as a band.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    ends : pair of (slope, intercept)
        The two outermost lines of a set of minimisers of absolute error.
    outliers : array_like of bool, shape (n,), optional
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if len(ends) != 2:
        refuse("ends", "must be two lines", len(ends))
    draw_points(x, y, outliers, ax=ax)
    across = np.linspace(np.min(x), np.max(x), 200)
    one, other = (slope * across + intercept for slope, intercept in ends)
    label = "absolute error: every line in the band"
    ax.fill_between(across, one, other, color=ABSOLUTE, alpha=0.35, linewidth=0, label=label)
    ax.plot(across, one, color=ABSOLUTE, linewidth=1.6)
    ax.plot(across, other, color=ABSOLUTE, linewidth=1.6)
    legend_above(ax)


@figure_function
def residuals_and_leverages(h, sizes, marked, label, unusual, *, ax=None):
    """Each point's leverage against the size of its residual.

    Parameters
    ----------
    h : array_like, shape (n,)
        Leverages.
    sizes : array_like, shape (n,)
        Absolute residuals, in any unit.
    marked : array_like of bool, shape (n,)
        Points to draw as diamonds.
    label : str
        What to call them.
    unusual : float
        The leverage from which a point deserves a look, as a dotted line.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    draw_points(h, sizes, marked, ax=ax)
    ax.lines[-1].set_label(label)
    ax.axvline(as_real("unusual", unusual), **_DOTTED)
    ax.set(xlabel="leverage", ylabel="size of the residual", ylim=(0, None))
    ax.label_outer()  # of panels that share an axis, only the outer one names it
    legend_above(ax)
