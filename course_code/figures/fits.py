"""Points, lines through them, and residuals made visible."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from course_code._validate import as_pair, as_real, refuse
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    INK,
    OUTLIER,
    SQUARED,
    figure_function,
    legend_above,
    look,
)


@figure_function
def draw_points(x, y, outliers=None, outlier_label="outlier", *, ax=None):
    """Points as grey dots; outliers as diamonds, so that shape tells them too.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    outliers : array_like of bool, shape (n,), optional
        Which points to mark.
    outlier_label : str
        What they are called in the legend.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    marked = np.zeros(len(x), dtype=bool) if outliers is None else np.asarray(outliers)
    if marked.dtype != bool or marked.shape != x.shape:
        refuse("outliers", f"must be booleans of shape {x.shape}", f"shape {marked.shape}")
    ax.plot(x[~marked], y[~marked], "o", color=DATA, markersize=5.5, alpha=0.75, label="data")
    if marked.any():
        ax.plot(
            x[marked],
            y[marked],
            "D",
            color=OUTLIER,
            markeredgecolor=INK,
            markersize=7,
            label=outlier_label,
            zorder=4,
        )
    ax.set(xlabel="x", ylabel="y")


@figure_function
def draw_line(slope, intercept, loss=None, label=None, *, ax=None):
    """One line across the Axes, as far as the data go.

    Parameters
    ----------
    slope, intercept : float
    loss : loss, optional
        Gives colour, dashes and legend text. Without it the line is thin, dotted and black.
    label : str, optional
        Legend text instead of the loss's.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    slope, intercept = as_real("slope", slope), as_real("intercept", intercept)
    plain = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.8, "label": None}
    shape = plain if loss is None else look(loss)
    if label is not None:
        shape["label"] = label
    ends = np.array(ax.dataLim.intervalx if np.isfinite(ax.dataLim.intervalx).all() else (-1, 1))
    ax.plot(ends, slope * ends + intercept, **shape)


@figure_function
def data_and_lines(x, y, fits, outliers=None, outlier_label="outlier", *, ax=None):
    """Points and the lines that losses draw through them.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    fits : mapping
        From a loss to its line, or from a text such as ``"true line"`` to a line without a loss.
        A line is a fit with ``slope`` and ``intercept``, or such a pair.
    outliers : array_like of bool, shape (n,), optional
    outlier_label : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    draw_points(x, y, outliers, outlier_label, ax=ax)
    for key, line in fits.items():
        slope, intercept = slope_and_intercept(line)
        loss, label = (None, key) if isinstance(key, str) else (key, None)
        draw_line(slope, intercept, loss, label, ax=ax)
    legend_above(ax)


@figure_function
def residual_squares(x, y, slope, intercept, *, ax=None):
    """What squared error adds up: the square on each residual, square on paper too.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    slope, intercept : float
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y, on_line = _with_predictions(x, y, slope, intercept)
    draw_points(x, y, ax=ax)
    ax.plot(x, on_line, color=INK, linewidth=1.8)
    middle = (x.min() + x.max()) / 2
    for xi, yi, start in zip(x, y, on_line, strict=True):
        # A square leans towards the middle, where there is room for it.
        ax.add_patch(_Square(xi, start, yi - start, direction=1 if xi <= middle else -1))


@figure_function
def residual_bars(x, y, slope, intercept, *, ax=None):
    """What absolute error adds up: the length of each residual.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    slope, intercept : float
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y, on_line = _with_predictions(x, y, slope, intercept)
    draw_points(x, y, ax=ax)
    ax.plot(x, on_line, color=INK, linewidth=1.8)
    ax.vlines(x, on_line, y, color=ABSOLUTE, linewidth=3.5)


def slope_and_intercept(line):
    """The two numbers of a line: a fit with these attributes, or the pair itself."""
    return (line.slope, line.intercept) if hasattr(line, "slope") else line


def _with_predictions(x, y, slope, intercept):
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    order = np.argsort(x)
    x, y = x[order], y[order]
    return x, y, as_real("slope", slope) * x + as_real("intercept", intercept)


class _Square(Rectangle):
    """A rectangle as wide on paper as it is high, whatever the scales of its Axes."""

    def __init__(self, x, y, height, direction):
        super().__init__(
            (x, y), 0.0, height, facecolor=(SQUARED, 0.22), edgecolor=SQUARED, linewidth=1.2
        )
        self.direction = direction

    def draw(self, renderer):
        (x0, y0), (x1, y1) = self.axes.transData.transform([(0, 0), (1, 1)])
        self.set_width(self.direction * abs(self.get_height()) * (y1 - y0) / (x1 - x0))
        super().draw(renderer)
