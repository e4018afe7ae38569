"""Noise models in pictures: densities, what they cost, how a sample compares, how rules fare."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.figures._style import (
    DATA,
    INK,
    OUTLIER,
    figure_function,
    legend_above,
    look,
)

_THIN = {"color": INK, "linewidth": 1.6}
_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}


@figure_function
def noise_along_line(x, y, slope, intercept, noise, places, *, ax=None):
    """Points, a line, and at some places the density of the noise, drawn upright on the line.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    slope, intercept : float
    noise : noise model of `course_code.noise`
        Gives the shape, and through its loss the colour.
    places : array_like, shape (m,)
        Where on the x axis a density stands, in increasing order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    slope, intercept = as_real("slope", slope), as_real("intercept", intercept)
    places = as_floats("places", places, ndim=1)
    colour = look(noise.loss)["color"]
    ax.plot(x, y, "o", color=DATA, markersize=5.5, alpha=0.75, label="data")
    ends = np.array([min(x.min(), places[0]), max(x.max(), places[-1])])
    ax.plot(ends, slope * ends + intercept, **_THIN, label="line")
    # Five standard deviations to both sides; the peak reaches over 0.7 of the gap.
    r = np.linspace(-5, 5, 401) * noise.sd
    gap = np.diff(places).min() if len(places) > 1 else np.ptp(ends)
    height = np.exp(noise.log_density(r) - noise.log_density(0.0)) * 0.7 * gap
    for k, place in enumerate(places):
        level = slope * place + intercept + r
        label = "density of y" if k == 0 else None
        ax.fill_betweenx(level, place, place + height, color=colour, alpha=0.35, linewidth=0)
        ax.plot(place + height, level, color=colour, linewidth=1.8, label=label)
        ax.plot([place, place], level[[0, -1]], color=INK, linewidth=0.7)
    ax.set(xlabel="x", ylabel="y")
    legend_above(ax, cols=3)


@figure_function
def density_and_cost(noises, *, ax=None):
    """Densities above, what each makes a residual cost (minus its logarithm) below.

    Parameters
    ----------
    noises : mapping of str to noise model
        From a legend text to a noise model. Equal colours get different widths.
    ax : array of two Axes
        Required: one for the densities and one for the costs.

    Returns
    -------
    array of two Axes
    """
    if ax is None or np.shape(ax) != (2,):
        refuse("ax", "must be two Axes", np.shape(ax))
    if not noises:
        refuse("noises", "must hold at least one noise model", "none")
    reach = 4 * max(noise.sd for noise in noises.values())
    r = np.linspace(-reach, reach, 801)
    upper, lower = ax
    for k, (label, noise) in enumerate(noises.items()):
        shape = look(noise.loss) | {"label": label, "linewidth": 2.6 - 1.1 * k}
        upper.plot(r, np.exp(noise.log_density(r)), **shape)
        lower.plot(r, noise.nll(r, reduction="none"), **shape)
    upper.set(ylabel="density", ylim=(0, None))
    lower.set(ylabel=r"$-\log$ density", xlabel="residual r")
    legend_above(upper)


@figure_function
def quantile_plot(values, order, outliers=None, *, ax=None):
    """The sorted values of a standardised sample over those to be expected, with a band.

    Parameters
    ----------
    values : array_like, shape (n,)
        A sample, standardised as `order` was.
    order : course_code.qq.Order
    outliers : array_like of bool, shape (n,), optional
        Drawn as diamonds.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    values, expected = as_pair(values, order.expected, names=("values", "order"), ndim=1)
    marked = np.zeros(len(values), dtype=bool) if outliers is None else np.asarray(outliers)
    if marked.dtype != bool or marked.shape != values.shape:
        refuse("outliers", f"must be booleans of shape {values.shape}", f"shape {marked.shape}")
    rank = np.argsort(values, kind="stable")
    values, marked = values[rank], marked[rank]
    ax.fill_between(expected, order.low, order.high, color="#dcdcdc", linewidth=0)
    ax.plot(expected[[0, -1]], expected[[0, -1]], **_THIN)
    ax.plot(expected[~marked], values[~marked], "o", color=DATA, markersize=4.5)
    ax.plot(expected[marked], values[marked], "D", color=OUTLIER, markeredgecolor=INK, markersize=7)
    ax.set(xlabel="expected", ylabel="observed")


@figure_function
def efficiency_by_size(sizes, curves, limits=(), *, ax=None):
    """Relative efficiencies against the sample size, with whiskers of two standard errors.

    Parameters
    ----------
    sizes : array_like, shape (m,)
        Sample sizes, in increasing order; drawn on a logarithmic axis.
    curves : sequence of (loss, label, efficiencies)
        `efficiencies` is a sequence of m `course_code.efficiency.Efficiency`; the loss gives the
        colour.
    limits : sequence of float
        Values for ever larger samples, as dotted lines.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sizes = as_floats("sizes", sizes, ndim=1)
    for limit in limits:
        ax.axhline(as_real("limits", limit), **_DOTTED)
    for loss, label, efficiencies in curves:
        values = [e.value for e in efficiencies]
        _, values = as_pair(sizes, values, names=("sizes", "curves"), ndim=1)
        shape = look(loss) | {"label": label}
        ax.plot(sizes, values, marker="o", **shape)
        ax.errorbar(
            sizes,
            values,
            yerr=[2 * e.standard_error for e in efficiencies],
            fmt="none",
            ecolor=INK,
            elinewidth=1.4,
            zorder=4,
        )
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.minorticks_off()
    ax.set(xlabel="observations in a sample", ylabel="relative efficiency")
    legend_above(ax)
