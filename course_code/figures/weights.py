"""Rules for one weight, paths of many, budgets, and the choice of a penalty."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, one_of, refuse
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    INK,
    OUTLIER,
    figure_function,
    legend_above,
    look,
)

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}
_BESIDE = {"textcoords": "offset points", "fontsize": 12}
_WEIGHT = "penalty λ (stronger to the right)"


@figure_function
def weight_rules(at, curves, xlabel, ylabel, diagonal=True, *, ax=None):
    """What each rule makes of a number, beside the number itself.

    Parameters
    ----------
    at : array_like, shape (m,)
        In increasing order.
    curves : mapping of (loss or None, label) to array_like, shape (m,)
        Drawn with the look of the loss, or in black.
    xlabel, ylabel : str
    diagonal : bool
        Whether to draw the rule that changes nothing, dotted.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not curves:
        refuse("curves", "must hold at least one curve", "none")
    at = as_floats("at", at, ndim=1)
    if diagonal:
        ax.plot(at, at, **_DOTTED)
    for (loss, label), values in curves.items():
        _, values = as_pair(at, values, names=("at", "curves"), ndim=1)
        shape = {"color": INK, "linewidth": 1.8} if loss is None else look(loss)
        ax.plot(at, values, **shape | {"label": label})
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)


@figure_function
def weight_paths(strengths, weights, names, loss, highlight=(), crossings=(), *, ax=None):
    """Every weight against the strength of the penalty, named at the left, where it is weak.

    Parameters
    ----------
    strengths : array_like, shape (k,)
        Positive; drawn on a logarithmic axis.
    weights : array_like, shape (k, p)
    names : sequence of str, length p
    loss
        Whose look the highlighted paths wear: that of squared error for ridge, of absolute error
        for the lasso.
    highlight : sequence of str
        Names of the paths to be drawn in colour; all if empty.
    crossings : sequence of float
        Strengths to be marked on the zero line.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    strengths = as_floats("strengths", strengths, ndim=1)
    weights = as_floats("weights", weights, ndim=2)
    names = list(names)
    if weights.shape != (len(strengths), len(names)):
        rule = f"must have one row per strength and one column per name, {len(names)}"
        refuse("weights", rule, f"shape {weights.shape}")
    if (strengths <= 0).any():
        refuse("strengths", "must be positive", float(strengths.min()))
    for name in highlight:
        one_of("highlight", name, tuple(names))
    ax.axhline(0, color=INK, linewidth=1)
    colour = look(loss)["color"]
    weakest = np.argmin(strengths)
    span = max(float(np.ptp(weights)), 1e-300)
    heights = _apart(weights[weakest], 0.062 * span)
    for j, name in enumerate(names):
        bright = not highlight or name in highlight
        shape = {"color": colour} if bright else {"color": DATA, "linewidth": 1.3}
        ax.plot(strengths, weights[:, j], **shape, label=name, zorder=3 if bright else 2)
        ax.annotate(
            name,
            (strengths[weakest], heights[j]),
            xytext=(-5, 0),
            ha="right",
            va="center",
            color=INK if bright else "#5c5c5c",
            weight="bold" if bright and highlight else "normal",
            **_BESIDE,
        )
    for place in crossings:
        ax.plot(place, 0, "o", color="white", markeredgecolor=INK, markersize=8, zorder=5)
    ax.set_xscale("log")
    # Room for the names inside the axes.
    ratio = strengths.max() / strengths.min()
    ax.set_xlim(strengths.min() * ratio**-0.13, strengths.max())
    ax.minorticks_off()
    ax.set(xlabel=_WEIGHT, ylabel="weight")


@figure_function
def budget(Z, y, weights, loss, names, *, ax=None):
    """Contours of the squared error of two weights, and the budget that a penalised fit spends.

    Parameters
    ----------
    Z : array_like, shape (n, 2)
        Columns with mean 0, linearly independent.
    y : array_like, shape (n,)
    weights : array_like, shape (2,)
        The penalised fit: the black contour touches the budget there.
    loss
        Squared error for the disc of ridge, absolute error for the diamond of the lasso.
    names : (str, str)
        What the two weights belong to.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    Z, y = as_floats("Z", Z, ndim=2), as_floats("y", y, ndim=1)
    weights = as_floats("weights", weights, ndim=1)
    if Z.shape != (len(y), 2):
        refuse("Z", f"must have shape ({len(y)}, 2)", f"shape {Z.shape}")
    if weights.shape != (2,):
        refuse("weights", "must be two", f"shape {weights.shape}")
    kind = one_of("loss", type(loss).__name__, ("SquaredError", "AbsoluteError"))
    if kind == "SquaredError":
        radius = np.hypot(*weights)
        turn = np.linspace(0, 2 * np.pi, 201)
        edge = radius * np.array([np.cos(turn), np.sin(turn)])
    else:
        radius = np.abs(weights).sum()
        edge = radius * np.array([[1.0, 0, -1, 0, 1], [0.0, 1, 0, -1, 0]])
    G = Z.T @ Z / len(y)
    best = np.linalg.solve(G, Z.T @ y / len(y))
    touching = (weights - best) @ G @ (weights - best)
    arms = np.sqrt(touching * np.diag(np.linalg.inv(G)))  # half the width and height of the contour
    low, high = np.minimum(best - arms, -radius), np.maximum(best + arms, radius)
    middle, reach = (low + high) / 2, 0.53 * (high - low).max()
    across, up = (np.linspace(m - reach, m + reach, 301) for m in middle)
    b1, b2 = np.meshgrid(across - best[0], up - best[1])
    excess = G[0, 0] * b1**2 + 2 * G[0, 1] * b1 * b2 + G[1, 1] * b2**2
    colour = look(loss)["color"]
    ax.contour(across, up, excess, [touching / 4], colors=DATA, linewidths=1.2)
    ax.contour(across, up, excess, [touching], colors=INK, linewidths=1.8)
    ax.axhline(0, color=INK, linewidth=1)
    ax.axvline(0, color=INK, linewidth=1)
    ax.fill(*edge, color=colour, alpha=0.25, linewidth=0)
    ax.plot(*edge, color=colour)
    ax.plot(*best, "x", color=INK, markersize=9, markeredgewidth=2)
    ax.plot(*weights, "o", color=colour, markeredgecolor=INK, markersize=9)
    ax.set(xlim=across[[0, -1]], ylim=up[[0, -1]], aspect="equal")
    ax.set(xlabel=names[0], ylabel=names[1])


@figure_function
def validation_curve(found, loss, *, ax=None):
    """Held-out error for every strength, with the two usual choices marked.

    Parameters
    ----------
    found : course_code.regression.CrossValidation
    loss
        Whose look the curve wears.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    shape = look(loss)
    mean, error = found.mean, found.standard_error
    ax.fill_between(
        found.strengths, mean - error, mean + error, color=shape["color"], alpha=0.2, linewidth=0
    )
    ax.plot(found.strengths, mean, **shape | {"label": "mean of the folds"})
    for place, marker, label in [
        (found.best, "o", "smallest"),
        (found.one_standard_error, "s", "one standard error"),
    ]:
        dot = (found.strengths[place], mean[place])
        ax.plot(*dot, marker, color=shape["color"], markeredgecolor=INK, markersize=10, label=label)
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set(xlabel=_WEIGHT, ylabel="squared error, held out")
    legend_above(ax)


@figure_function
def sticks(values, xlabel, ylabel, *, ax=None):
    """A stick for every number; those that are exactly zero are ringed.

    Parameters
    ----------
    values : array_like, shape (n,)
        The zeros exact: round before if they are not.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    values = as_floats("values", values, ndim=1)
    place = np.arange(1, len(values) + 1)
    on = values != 0
    ax.vlines(place[on], 0, values[on], color=ABSOLUTE, linewidth=2.4)
    ax.plot(place[on], values[on], "o", color=ABSOLUTE, markersize=5)
    ax.plot(
        place[~on],
        values[~on],
        "o",
        color="white",
        markeredgecolor=OUTLIER,
        markeredgewidth=2.2,
        markersize=8,
        zorder=4,
    )
    ax.axhline(0, color=INK, linewidth=1)
    ax.set(xlabel=xlabel, ylabel=ylabel)


def _apart(heights, gap):
    """Heights for labels: as given where there is room, pushed apart where there is not."""
    order = np.argsort(heights, kind="stable")
    groups = [[float(heights[i]), 1] for i in order]  # the centre of a block of labels, their count
    k = 0
    while k + 1 < len(groups):
        (low, m), (high, n) = groups[k], groups[k + 1]
        if high - low >= gap * (m + n) / 2:
            k += 1
            continue
        groups[k : k + 2] = [[(m * low + n * high) / (m + n), m + n]]
        k = max(k - 1, 0)
    spread = [c + gap * (i - (m - 1) / 2) for c, m in groups for i in range(m)]
    found = np.empty(len(order))
    found[order] = spread
    return found
