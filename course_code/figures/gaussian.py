"""Three lines in one cloud, and the best line under a curve."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, refuse
from course_code.figures._style import (
    HUBER,
    INK,
    SQUARED,
    figure_function,
    legend_above,
)
from course_code.figures.fits import draw_points, slope_and_intercept
from course_code.qq import z_scores

_BESIDE = {"linewidth": 2.0, "zorder": 3}


@figure_function
def standard_units(x, y, *, ax=None):
    """A cloud in standard units with the line of y on x, that of x on y, and its long axis.

    The first has the correlation r as its slope, the second 1 / r, the third 1 (for r > 0).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        In any units; positively correlated.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    zx, zy = z_scores(x), z_scores(y)
    r = float(np.mean(zx * zy))
    if r <= 0:
        refuse("y", "must be positively correlated with x", f"a correlation of {r:.3f}")
    draw_points(zx, zy, ax=ax)
    ax.lines[-1].set_label(None)
    reach = np.array([min(zx.min(), zy.min()), max(zx.max(), zy.max())])
    ax.plot(reach, r * reach, color=SQUARED, label="y on x", **_BESIDE)
    ax.plot(reach, reach, color=INK, linestyle=(0, [1.2, 2]), label="long axis", **_BESIDE)
    ax.plot(r * reach, reach, color=HUBER, linestyle=(0, [5, 2]), label="x on y", **_BESIDE)
    ax.set(xlabel="x in standard units", ylabel="y in standard units")
    legend_above(ax, cols=3)


@figure_function
def lines_under_curve(curve, lines, *, ax=None):
    """A conditional mean that is no line, and the line that squared error finds on each range.

    Parameters
    ----------
    curve : callable
        The conditional mean, from an array to an array.
    lines : mapping of (low, high) to line
        From a range of x to the line for it: a fit, or a pair (slope, intercept).
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not lines:
        refuse("lines", "must hold at least one line", "none")
    ends = as_floats("lines", list(lines), ndim=2)
    across = np.linspace(ends.min(), ends.max(), 401)
    ax.plot(across, curve(across), color=INK, label="conditional mean")
    dashes = ["-", (0, [5, 2]), (0, [1.2, 2])]
    for k, (stretch, line) in enumerate(lines.items()):
        slope, intercept = slope_and_intercept(line)
        x = np.array(stretch, dtype=float)
        ax.plot(
            x,
            slope * x + intercept,
            color=SQUARED,
            linestyle=dashes[k % len(dashes)],
            label=f"best line on [{stretch[0]:g}, {stretch[1]:g}]",
        )
    ax.set(xlabel="x", ylabel="y")
    legend_above(ax)
