"""Small networks side by side, a neuron with two valleys, and pictures guessed under a loss."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    HUBER,
    INK,
    OUTLIER,
    SQUARED,
    figure_function,
    legend_above,
    look,
)
from course_code.figures.fits import draw_points

_MARKERS = {SQUARED: "o", ABSOLUTE: "s", HUBER: "^"}
_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.4}


@figure_function
def fitted_curves(x, y, outliers, at, truth, curves, *, ax=None):
    """Points, the curve they came from, and the curve that each loss found.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    outliers : array_like of bool, shape (n,)
    at, truth : array_like, shape (m,)
        The true curve, in increasing order of `at`.
    curves : mapping of loss to array_like, shape (m,)
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    draw_points(x, y, outliers, "contaminated", ax=ax)
    at, truth = as_pair(at, truth, names=("at", "truth"), ndim=1)
    ax.plot(at, truth, color=INK, linewidth=1.4, label="truth", zorder=5)
    for loss, values in curves.items():
        at, values = as_pair(at, values, names=("at", "curves"), ndim=1)
        ax.plot(at, values, zorder=6, **look(loss))
    ax.set(xlabel="x", ylabel="y")
    legend_above(ax)


@figure_function
def errors_by_rate(rates, errors, ylabel, legend=True, *, ax=None):
    """Mean and interval of an error over seeds, for every learning rate and loss.

    Parameters
    ----------
    rates : array_like, shape (m,)
        Learning rates, on a logarithmic axis.
    errors : mapping of loss to (means, half_widths), each of shape (m,)
    ylabel : str
    legend : bool
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rates = as_floats("rates", rates, ndim=1)
    for k, (loss, (means, halves)) in enumerate(errors.items()):
        means, halves = as_pair(means, halves, names=("means", "half_widths"), ndim=1)
        if means.shape != rates.shape:
            refuse("errors", f"must have the shape of rates, {rates.shape}", means.shape)
        shape = look(loss)
        # A small shift sideways keeps the whiskers apart.
        place = rates * 1.05 ** (k - (len(errors) - 1) / 2)
        bar = {"capsize": 3, "elinewidth": 1.4, "marker": _MARKERS[shape["color"]]}
        ax.errorbar(place, means, halves, markersize=6, **bar, **shape)
    ax.set(xscale="log", xlabel="learning rate", ylabel=ylabel)
    ax.xaxis.set_major_locator(FixedLocator(rates))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels([f"{rate:g}" for rate in rates])
    if legend:
        legend_above(ax)


@figure_function
def seed_differences(differences, half_widths, xlabel, *, ax=None):
    """One dot per seed for the difference of two losses, with the mean and its interval.

    Parameters
    ----------
    differences : mapping of str to array_like, shape (S,)
    half_widths : sequence of float
        Half the length of each interval, in the order of `differences`.
    xlabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if len(half_widths) != len(differences):
        refuse("half_widths", f"must be {len(differences)} numbers", len(half_widths))
    ax.axvline(0, **_DOTTED)
    for row, (values, half) in enumerate(zip(differences.values(), half_widths, strict=True)):
        values = as_floats("differences", values, ndim=1)
        ax.plot(values, np.full(len(values), row - 0.13), "o", color=DATA, markersize=6, alpha=0.8)
        centre, half = values.mean(), as_real("half_widths", half, above=0)
        ax.errorbar(centre, row + 0.16, xerr=half, fmt="D", color=INK, capsize=4, markersize=6)
    ax.set(xlabel=xlabel, ylim=(len(differences) - 0.5, -0.5))
    ax.set_yticks(range(len(differences)), list(differences))
    ax.set_ylabel("paired difference")
    ax.grid(False, axis="y")


@figure_function
def learning_curves(at, errors, target, ylabel, *, ax=None):
    """An error against the number of steps, for each loss, and the target it is to reach.

    Parameters
    ----------
    at : array_like, shape (T,)
        Numbers of steps, the first of them left out if it is 0.
    errors : mapping of loss to array_like, shape (T,)
    target : float
    ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    at = as_floats("at", at, ndim=1)
    for loss, values in errors.items():
        _, values = as_pair(at, values, names=("at", "errors"), ndim=1)
        ax.plot(at[at > 0], values[at > 0], **look(loss))
    ax.axhline(as_real("target", target, above=0), **_DOTTED)
    ax.annotate("target", (at[-1], target), xytext=(0, 4), ha="right", textcoords="offset points")
    ax.set(xlabel="steps", ylabel=ylabel, yscale="log")
    ax.yaxis.set_major_locator(FixedLocator([0.1, 0.2, 0.5, 1.0]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_yticklabels(["0.1", "0.2", "0.5", "1"])
    legend_above(ax)


@figure_function
def neuron_pulls(z, curves, *, ax=None):
    """The slope of a loss of a sigmoid unit by its input z, for several losses.

    Parameters
    ----------
    z : array_like, shape (m,)
    curves : mapping of str to array_like, shape (m,)
        Up to three; the first in the colour of squared error, the second in that of absolute
        error, the third in black.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    looks = [(SQUARED, "-"), (ABSOLUTE, (0, [6, 2.5])), (INK, (0, [1.5, 1.5]))]
    if len(curves) > len(looks):
        refuse("curves", "must be one to three", len(curves))
    for (name, values), (color, dashes) in zip(curves.items(), looks, strict=False):
        z, values = as_pair(z, values, names=("z", "curves"), ndim=1)
        ax.plot(z, values, color=color, linestyle=dashes, label=name)
    ax.set(xlabel="input z of the sigmoid; the target is 1", ylabel="slope of the loss by z")
    legend_above(ax, cols=1)


@figure_function
def valleys(w, height, minima, paths, *, ax=None):
    """A loss as a function of one weight, its minima, and walks of gradient descent on it.

    Parameters
    ----------
    w, height : array_like, shape (m,)
        In increasing order of `w`.
    minima : array_like, shape (k,)
        Places between the first and the last `w`.
    paths : sequence of array_like
        Weights from the start of a walk to its end.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    w, height = as_pair(w, height, names=("w", "height"), ndim=1)
    ax.plot(w, height, color=SQUARED, label="mean squared error")
    for k, path in enumerate(paths):
        path = as_floats("paths", path, ndim=1)
        level = np.interp(path, w, height)
        words = {"label": "steps of descent"} if k == 0 else {}
        ax.plot(path, level, "o", color=OUTLIER, markersize=4, zorder=4, **words)
        ax.annotate("start", (path[0], level[0]), xytext=(7, 4), textcoords="offset points")
    for place in as_floats("minima", minima, ndim=1):
        if not w[0] <= place <= w[-1]:
            refuse("minima", f"must lie between {w[0]:g} and {w[-1]:g}", place)
        level = np.interp(place, w, height)
        ax.plot(place, level, "D", color=INK, markersize=8, zorder=5)
        below = {"xytext": (0, -19), "textcoords": "offset points", "ha": "center"}
        ax.annotate(f"{place:.3f}", (place, level), fontsize=12, **below)
    ax.set(xlabel="weight w", ylabel="mean squared error")
    ax.set_ylim(height.min() - 0.2 * np.ptp(height), None)
    legend_above(ax)


@figure_function
def picture_columns(columns, *, ax=None):
    """Pictures in columns, black for 0 and white for 1, each with a title.

    Parameters
    ----------
    columns : sequence of mappings of str to array_like, shape (rows, columns)
        One mapping per column, all of one length.
    ax : array of Axes, shape (pictures per column, columns)
        Required.

    Returns
    -------
    array of Axes
    """
    ax = np.asarray(ax, dtype=object)
    if ax.shape != (len(columns[0]), len(columns)):
        refuse("ax", f"must be Axes of shape {(len(columns[0]), len(columns))}", ax.shape)
    for k, column in enumerate(columns):
        for cell, (title, picture) in zip(ax[:, k], column.items(), strict=True):
            picture = as_floats("columns", picture, ndim=2)
            cell.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            cell.set_title(title, fontsize=12)
            cell.set_xticks([])
            cell.set_yticks([])
            cell.grid(False)
            for side in cell.spines.values():
                side.set_visible(True)
                side.set_color(DATA)
