"""What a loss thinks of one sample: shares, the best single number, the pull of one point."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_count, as_floats, as_real, refuse
from course_code.figures._style import (
    DATA,
    INK,
    OUTLIER,
    figure_function,
    legend_above,
    look,
)
from course_code.losses import mae, mse
from course_code.regression import median_interval

_STEP = 0.5  # of a bar chart with one bar per row: half of a row is bar


@figure_function
def share_bars(costs, marked, *, ax=None):
    """How much of each total one element makes up: one bar per rule, in percent.

    Parameters
    ----------
    costs : mapping
        From a loss, or a name for a rule that is none, to what each element costs, shape (n,).
    marked : int
        The element whose share is drawn solid. The rest of the bar is left white.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not costs:
        refuse("costs", "must hold at least one rule", "none")
    names = []
    for row, (rule, values) in enumerate(costs.items()):
        values = as_floats("costs", values, ndim=1)
        place = as_count("marked", marked, at_least=0)
        if place >= len(values):
            refuse("marked", f"must be below the number of elements, {len(values)}", marked)
        share = 100 * values[place] / values.sum()
        colour = DATA if isinstance(rule, str) else look(rule)["color"]
        names.append(rule if isinstance(rule, str) else look(rule)["label"])
        ax.barh(row, 100, height=_STEP, facecolor="none", edgecolor=colour, linewidth=1.6)
        ax.barh(row, share, height=_STEP, color=colour)
        # What is not all of it must not be rounded to all of it.
        said = "> 99.9" if 99.95 <= share < 100 else f"{share:.1f}"
        ax.text(104, row, f"{said} %", va="center")
    ax.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 127), xlabel="% of the total")
    ax.set_xticks(range(0, 101, 25))
    ax.invert_yaxis()
    ax.grid(False)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(0, 100)


@figure_function
def constant_loss(y, loss, candidates, best, *, ax=None):
    """The mean loss of predicting one number for all of `y`, and where it is least.

    Parameters
    ----------
    y : array_like, shape (n,)
        Drawn as ticks along the axis.
    loss : loss of `course_code.losses`
    candidates : array_like, shape (m,)
        The single numbers to try, in increasing order.
    best : pair of float
        The ends of the set of minimisers; equal if there is one.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    y, c = as_floats("y", y, ndim=1), as_floats("candidates", candidates, ndim=1)
    low, high = (as_real("best", end) for end in best)
    height = loss.rho(y - c[:, None]).mean(axis=1)
    least = float(loss.rho(y - low).mean())
    shape = look(loss)
    ax.plot(c, height, **shape)
    if low < high:
        ax.plot([low, high], [least, least], color=INK, linewidth=6, solid_capstyle="round")
    else:
        ax.plot(low, least, "o", color=INK, markersize=9, zorder=4)
    inside = y[(c[0] <= y) & (y <= c[-1])]
    ax.plot(inside, np.zeros_like(inside), "|", color=DATA, markersize=16, markeredgewidth=2)
    ax.set(ylim=(0, None), xlim=(c[0], c[-1]), ylabel="mean loss")
    ax.set_title(shape["label"])


@figure_function
def moved_point(others, positions, *, ax=None):
    """Mean and median of a sample of which one value moves.

    The medians of an even sample fill an interval; it is drawn as a band.

    Parameters
    ----------
    others : array_like, shape (n,)
        The values that stay.
    positions : array_like, shape (m,)
        Where the moving value is put, in increasing order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    others, x = as_floats("others", others, ndim=1), as_floats("positions", positions, ndim=1)
    samples = [np.append(others, position) for position in x]
    low, high = np.array([median_interval(sample) for sample in samples]).T
    squared, absolute = look(mse), look(mae)
    ax.fill_between(x, low, high, color=absolute["color"], alpha=0.3, linewidth=0)
    for end in (low, high):
        ax.plot(x, end, **absolute | {"label": None})
    ax.plot([], [], **absolute | {"label": "medians"})
    ax.plot(x, [sample.mean() for sample in samples], **squared | {"label": "mean"})
    ax.set(xlabel="the value that moves", ylabel="best single number", xlim=(x[0], x[-1]))
    legend_above(ax)


@figure_function
def dot_stack(values, centres, outliers=None, *, ax=None):
    """Whole-number measurements as stacked dots, with a line at each centre.

    Parameters
    ----------
    values : array_like, shape (n,)
        Equal values stand on top of each other.
    centres : mapping
        From a loss to its best single number, or from a text to a value worth marking.
    outliers : array_like of bool, shape (n,), optional
        Drawn as diamonds.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    values = as_floats("values", values, ndim=1)
    marked = np.zeros(len(values), dtype=bool) if outliers is None else np.asarray(outliers)
    if marked.dtype != bool or marked.shape != values.shape:
        refuse("outliers", f"must be booleans of shape {values.shape}", f"shape {marked.shape}")
    level = np.array([np.sum(values[: i + 1] == value) for i, value in enumerate(values)])
    ax.plot(values[~marked], level[~marked], "o", color=DATA, markersize=5, alpha=0.8)
    ax.plot(values[marked], level[marked], "D", color=OUTLIER, markeredgecolor=INK, markersize=8)
    names = {mse: "mean", mae: "median"}
    for rule, centre in centres.items():
        if isinstance(rule, str):
            shape = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.8, "label": rule}
        else:
            shape = look(rule) | {"label": names.get(rule, look(rule)["label"])}
        ax.axvline(as_real("centres", centre), **shape)
    ax.set(ylim=(0, level.max() + 1), ylabel="how often")
    legend_above(ax, cols=3)
