"""Tilted losses, fans of quantile lines, and what lies between two of them."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.figures._style import ABSOLUTE, INK, figure_function, legend_above, look
from course_code.figures.fits import draw_points, slope_and_intercept
from course_code.losses import Quantile, mae

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}
_BESIDE = {"textcoords": "offset points", "fontsize": 12}
_RESIDUALS = np.linspace(-3.0, 3.0, 601)


@figure_function
def tilted_losses(taus, r=_RESIDUALS, *, ax=None):
    """The quantile loss of a residual for several tau, each named at its right end.

    Parameters
    ----------
    taus : array_like, shape (K,)
    r : array_like, shape (n,)
        Residuals, in increasing order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    taus, r = as_floats("taus", taus, ndim=1), as_floats("r", r, ndim=1)
    for tau in taus:
        rho = Quantile(tau).rho(r)
        ax.plot(r, rho, **_line_of(tau))
        ax.annotate(f"{tau:g}", (r[-1], rho[-1]), xytext=(4, 0), va="center", **_BESIDE)
    ax.set(xlabel=r"residual $r = y - \hat{y}$", ylabel=r"loss $\rho_\tau(r)$", ylim=(0, None))
    ax.set_title("τ at the right end of each curve", fontsize=12)


@figure_function
def cost_curve(at, costs, marks, xlabel, ylabel, *, ax=None):
    """What each choice of one number costs, with some choices marked.

    Parameters
    ----------
    at, costs : array_like, shape (m,)
        In increasing order of `at`.
    marks : mapping of str to float
        From a word to a place between the first and the last of `at`.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    at, costs = as_pair(at, costs, names=("at", "costs"), ndim=1)
    ax.plot(at, costs, color=ABSOLUTE)
    for word, place in marks.items():
        place = as_real("marks", place)
        if not at[0] <= place <= at[-1]:
            refuse("marks", f"must lie between {at[0]:g} and {at[-1]:g}", place)
        height = np.interp(place, at, costs)
        ax.plot([place, place], [0, height], **_DOTTED)
        ax.plot(place, height, "o", color=ABSOLUTE, markeredgecolor=INK, markersize=8)
        ax.annotate(word, (place, 0), xytext=(5, 5), **_BESIDE)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(0, 1.05 * costs.max()))


@figure_function
def loss_and_distribution(values, tau, *, ax=None):
    """Mean quantile loss of every constant above; below, the share of values up to it against tau.

    The loss falls where the share is below tau and rises where it is above. The constants of least
    loss are marked in both.

    Parameters
    ----------
    values : array_like, shape (n,)
        At least two different ones.
    tau : float
    ax : array of two Axes
        Required.

    Returns
    -------
    array of two Axes
    """
    if ax is None or np.shape(ax) != (2,):
        refuse("ax", "must be two Axes", np.shape(ax))
    values = np.sort(as_floats("values", values, ndim=1))
    if values[0] == values[-1]:
        refuse("values", "must hold at least two different values", values)
    loss = Quantile(tau)
    margin = 0.12 * np.ptp(values)
    # The loss is straight between neighbouring values: its corners are enough.
    corners = np.concatenate([[values[0] - margin], values, [values[-1] + margin]])
    heights = loss.rho(values - corners[:, None]).mean(axis=1)
    best = corners[heights <= heights.min() * (1 + 1e-12)]
    upper, lower = ax
    upper.plot(corners, heights, color=ABSOLUTE)
    upper.plot(best, np.full(len(best), heights.min()), color=INK, linewidth=5, zorder=4)
    upper.plot(best, np.full(len(best), heights.min()), "o", color=INK, markersize=8, zorder=4)
    share = np.searchsorted(values, corners[:-1], side="right") / len(values)
    lower.step(corners, np.append(share, 1.0), where="post", color=INK)
    lower.axhline(loss.tau, color=ABSOLUTE, linewidth=1.8)
    lower.axvspan(best[0], best[-1], color=ABSOLUTE, alpha=0.25, linewidth=0)
    lower.annotate(f"τ = {loss.tau:g}", (corners[0], loss.tau), xytext=(2, 5), **_BESIDE)
    upper.set(ylabel="mean loss", ylim=(0, None))
    lower.set(xlabel="constant q", ylabel="share up to q", ylim=(-0.03, 1.08))


@figure_function
def quantile_lines(x, y, fan, labels=(), across=None, *, ax=None):
    """Points and a fan of lines, the median line heavier; dots where there are no data.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    fan : course_code.intervals.Fan
    labels : sequence of float
        The tau to be named at the right end.
    across : (float, float), optional
        How far the lines go; as far as the data if not given.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    draw_points(x, y, ax=ax)
    inside = np.array([x.min(), x.max()])
    left, right = inside if across is None else across
    for k, tau in enumerate(fan.taus):
        shape = _line_of(tau)
        ax.plot(inside, fan.predict(inside)[:, k], **shape)
        for ends in ([left, inside[0]], [inside[1], right]):
            if ends[0] < ends[1]:
                thin = shape | {"linestyle": (0, [1, 2]), "linewidth": 1.4, "label": None}
                ax.plot(ends, fan.predict(ends)[:, k], **thin)
        if tau in labels:
            end = (right, fan.predict([right])[0, k])
            ax.annotate(f"{tau:g}", end, xytext=(4, 0), va="center", **_BESIDE)


@figure_function
def interval_bands(x, y, bands, *, ax=None):
    """Points and, for each loss, the space between two lines.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    bands : mapping of (loss, label) to (low, high)
        Two lines each, as fits or as (slope, intercept). The first band is filled.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    draw_points(x, y, ax=ax)
    ends = np.array([np.min(x), np.max(x)])
    for k, ((loss, label), lines) in enumerate(bands.items()):
        low, high = (s * ends + b for s, b in map(slope_and_intercept, lines))
        shape = look(loss) | {"label": label}
        if k == 0:
            ax.fill_between(ends, low, high, color=shape["color"], alpha=0.2, linewidth=0)
        ax.plot(ends, low, **shape)
        ax.plot(ends, high, **shape | {"label": None})
    legend_above(ax)


@figure_function
def tau_curves(taus, curves, ylabel, band=None, levels=(), *, ax=None):
    """A number for every tau.

    Parameters
    ----------
    taus : array_like, shape (K,)
    curves : mapping of str to array_like, shape (K,)
        From a legend text to values; the first in the colour of absolute error, with a dot for each
        value if they are few, others in black.
    ylabel : str
    band : pair of array_like, shape (K,), optional
        Lower and upper ends of a range about the first curve.
    levels : sequence of (loss, label, value)
        Level lines, for comparison.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not curves:
        refuse("curves", "must hold at least one curve", "none")
    taus = as_floats("taus", taus, ndim=1)
    if band is not None:
        ax.fill_between(taus, *band, color=ABSOLUTE, alpha=0.2, linewidth=0)
    dots = {"marker": "o"} if len(taus) <= 20 else {}
    for k, (label, values) in enumerate(curves.items()):
        _, values = as_pair(taus, values, names=("taus", "curves"), ndim=1)
        shape = {"color": INK, "linewidth": 1.6} if k else {"color": ABSOLUTE} | dots
        ax.plot(taus, values, label=label, markersize=5, **shape)
    for loss, label, value in levels:
        ax.axhline(as_real("levels", value), **look(loss) | {"label": label})
    ax.set(xlabel="τ", ylabel=ylabel)
    legend_above(ax)


@figure_function
def coverage_by_size(sizes, curves, target, *, ax=None):
    """Shares of covered points against the number of points that a band was fitted to.

    Parameters
    ----------
    sizes : array_like, shape (m,)
        In increasing order; drawn on a logarithmic axis.
    curves : mapping of str to (array_like, array_like), shape (m,) each
        From a legend text to mean coverages and their standard errors. The first is drawn hollow.
    target : float
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sizes = as_floats("sizes", sizes, ndim=1)
    ax.axhline(as_real("target", target), **_DOTTED)
    for k, (label, (means, errors)) in enumerate(curves.items()):
        _, means = as_pair(sizes, means, names=("sizes", "curves"), ndim=1)
        colour, face = (ABSOLUTE, ABSOLUTE) if k else (INK, "white")
        ax.errorbar(
            sizes,
            means,
            yerr=2 * np.asarray(errors),
            fmt="o-",
            color=colour,
            markerfacecolor=face,
            markersize=8,
            linewidth=1.8,
            label=label,
        )
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.minorticks_off()
    ax.set(xlabel="points the band is fitted to", ylabel="share covered")
    legend_above(ax)


def _line_of(tau):
    """The median wears the dashes of absolute error, the other quantiles thin solid lines."""
    if tau == 0.5:
        return look(mae) | {"label": None}
    return {"color": ABSOLUTE, "linewidth": 1.7}
