"""Corners, medians and tails: the figures of "Laplace noise gives MAE"."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from course_code._validate import as_count, as_floats, as_pair, as_real, refuse
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    INK,
    figure_function,
    legend_above,
    look,
)
from course_code.losses import mae

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}
_BESIDE = {"textcoords": "offset points", "fontsize": 12}


@figure_function
def lines_through_pairs(x, y, best, *, ax=None):
    """Points, every line through two of them, and one of these lines made to stand out.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        At least two points, no two above one another.
    best : pair of int
        The points through which the outstanding line passes.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    if len(np.unique(x)) < max(len(x), 2):
        refuse("x", "must hold at least two values, all different", x)
    best = tuple(sorted(as_count("best", i, at_least=0) for i in best))
    if len(set(best)) != 2 or best[-1] >= len(x):
        refuse("best", f"must be two different points of 0 to {len(x) - 1}", best)
    ends = np.array([x.min(), x.max()])
    for i, j in combinations(range(len(x)), 2):
        level = y[i] + (y[j] - y[i]) / (x[j] - x[i]) * (ends - x[i])
        if (i, j) == best:
            ax.plot(ends, level, **look(mae) | {"label": "least absolute error"}, zorder=4)
        else:
            ax.plot(ends, level, color=DATA, linewidth=1.2, alpha=0.8)
    ax.plot([], [], color=DATA, linewidth=1.2, label="other pairs")
    ax.plot(x, y, "o", color=INK, markersize=8, zorder=5)
    # Far beyond the points the lines say nothing; keep the points in view.
    ax.set_ylim(y.min() - 0.6 * np.ptp(y), y.max() + 0.6 * np.ptp(y))
    ax.set(xlabel="x", ylabel="y")
    legend_above(ax)


@figure_function
def excess_area(t, cdf, median, constant, *, ax=None):
    """Half of what a constant costs more than the median, in absolute error: an area.

    Parameters
    ----------
    t : array_like, shape (m,)
        In increasing order.
    cdf : array_like, shape (m,)
        F(t), the probability of a value of at most t.
    median, constant : float
        Between the first and the last t.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    t, cdf = as_pair(t, cdf, names=("t", "cdf"), ndim=1)
    median, constant = as_real("median", median), as_real("constant", constant)
    for name, place in (("median", median), ("constant", constant)):
        if not t[0] <= place <= t[-1]:
            refuse(name, f"must lie between {t[0]:g} and {t[-1]:g}", place)
    inside = np.linspace(*sorted((median, constant)), 200)
    height = np.interp(inside, t, cdf)
    ax.fill_between(inside, 0.5, height, color=ABSOLUTE, alpha=0.4, linewidth=0, label="area")
    ax.plot(t, cdf, color=INK, label="F(t)")
    ax.axhline(0.5, **_DOTTED)
    for place, word in ((median, "m"), (constant, "c")):
        ax.plot([place, place], [0, np.interp(place, t, cdf)], color=INK, linewidth=1)
        ax.annotate(word, (place, 0), xytext=(4, 5), **_BESIDE)
    ax.set(xlabel="t", ylabel="probability", xlim=(t[0], t[-1]), ylim=(0, 1.02))
    legend_above(ax)


@figure_function
def noise_curves(x, curves, xlabel, ylabel, logarithmic=False, *, ax=None):
    """One curve per noise model, in the colour of the loss it turns into.

    Parameters
    ----------
    x : array_like, shape (m,)
    curves : mapping of str to (noise model, array_like of shape (m,))
        From a legend text to a noise model of `course_code.noise` and the heights of its curve.
    xlabel, ylabel : str
    logarithmic : bool
        Powers of ten on the y axis.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not curves:
        refuse("curves", "must hold at least one noise model", "none")
    x = as_floats("x", x, ndim=1)
    for label, (noise, values) in curves.items():
        _, values = as_pair(x, values, names=("x", "curves"), ndim=1)
        ax.plot(x, values, **look(noise.loss) | {"label": label})
    if logarithmic:
        ax.set_yscale("log")
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(x[0], x[-1]))
    legend_above(ax)
