"""Weights that are learned, and spreads that are not the same everywhere."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import LogLocator

from course_code._validate import as_floats, as_pair, as_real, refuse
from course_code.figures._style import DATA, INK, SQUARED, figure_function, legend_above, look
from course_code.figures.fits import draw_points

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.8}
_DASHES = ["-", (0, [5, 2]), (0, [1.2, 2]), (0, [6, 2, 1.2, 2])]


@figure_function
def log_variance_valleys(losses, s, *, ax=None):
    r"""The cost $(e^{-s} L + s)/2$ over s for several losses L, and where each is least.

    Parameters
    ----------
    losses : mapping of str to float
        From a name, written at the minimum, to a positive L.
    s : array_like, shape (m,)
        In increasing order; it must hold every $\log L$ between its ends.

    Returns
    -------
    Axes
    """
    s = as_floats("s", s, ndim=1)
    best = {name: np.log(as_real("losses", loss, above=0)) for name, loss in losses.items()}
    for name, at in best.items():
        if not s[0] < at < s[-1]:
            refuse("losses", f"must have logarithms between {s[0]:g} and {s[-1]:g}", losses[name])
        ax.plot(s, (np.exp(at - s) + s) / 2, color=SQUARED, linewidth=1.9)
        ax.plot(at, (1 + at) / 2, "o", color=SQUARED, markeredgecolor=INK, markersize=8)
        # A name goes to the right of its dot, unless another dot is in the way there.
        crowded = any(0 < other - at < (s[-1] - s[0]) / 8 for other in best.values())
        place = {"xytext": (-7, -9), "ha": "right"} if crowded else {"xytext": (6, -9)}
        place |= {"textcoords": "offset points", "va": "top", "fontsize": 12}
        ax.annotate(name, (at, (1 + at) / 2), **place)
    low, high = (1 + min(best.values())) / 2, (1 + max(best.values())) / 2
    ax.set(xlabel="s", ylabel="cost of one output", ylim=(low - 0.6, high + 2))


@figure_function
def spread_bands(x, y, at, bands, *, ax=None):
    """Points and, around lines, bands that may widen.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    at : array_like, shape (m,)
        Places, in increasing order.
    bands : mapping of str to (array_like, array_like), shape (m,) each
        From a legend text to lower and upper ends. The first band is filled.

    Returns
    -------
    Axes
    """
    if not bands:
        refuse("bands", "must hold at least one band", "none")
    draw_points(x, y, ax=ax)
    at = as_floats("at", at, ndim=1)
    for k, (label, ends) in enumerate(bands.items()):
        (_, low), (_, high) = (as_pair(at, end, names=("at", "bands"), ndim=1) for end in ends)
        shape = _DOTTED if k else {"color": SQUARED}
        if k == 0:
            ax.fill_between(at, low, high, color=SQUARED, alpha=0.2, linewidth=0)
        ax.plot(at, low, label=label, **shape)
        ax.plot(at, high, **shape)
    legend_above(ax, cols=3)


@figure_function
def spread_curves(x, r, curves, *, ax=None):
    """Sizes of residuals against x, both on logarithmic axes, and curves of their spread.

    Parameters
    ----------
    x, r : array_like, shape (n,)
        Positive places; residuals of which none is 0.
    curves : mapping of str to (array_like, array_like), shape (m,) each
        From a legend text to places and spreads.

    Returns
    -------
    Axes
    """
    x, r = as_pair(x, r, names=("x", "r"), ndim=1)
    if not (x > 0).all() or not r.all():
        refuse("x", "must be positive, and no residual 0, for logarithmic axes", "another")
    ax.loglog(x, np.abs(r), "o", color=DATA, markersize=5.5, alpha=0.75)
    for k, (label, (places, spread)) in enumerate(curves.items()):
        places, spread = as_pair(places, spread, names=("curves", "curves"), ndim=1)
        colour = INK if k else SQUARED
        ax.plot(places, spread, color=colour, linestyle=_DASHES[k % 4], label=label)
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    _plain_ticks(ax)
    ax.set(xlabel="x", ylabel="size of the residual")
    legend_above(ax, cols=3)


@figure_function
def efficiency_dots(found, *, ax=None):
    """Simulated efficiencies with whiskers of two standard errors; a tick where theory puts them.

    Parameters
    ----------
    found : mapping of (loss, str) to (course_code.efficiency.Efficiency, float or None)
        From a loss, which gives the colour, and a name to the result and the theoretical value.

    Returns
    -------
    Axes
    """
    if not found:
        refuse("found", "must hold at least one estimator", "none")
    for row, ((loss, _), (result, exact)) in enumerate(found.items()):
        colour = look(loss)["color"]
        whisker = 2 * result.standard_error
        ax.errorbar(result.value, row, xerr=whisker, fmt="o", color=colour, markersize=8, capsize=4)
        if exact is not None:
            ax.plot(exact, row, "|", color=INK, markersize=22, markeredgewidth=1.8, zorder=1)
        ax.annotate(
            f"{result.value:.2f}",
            (result.value, row),
            xytext=(0, 14),
            ha="center",
            textcoords="offset points",
            fontsize=12,
        )
    names = [name for _, name in found]
    ax.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 1.08), xlabel="efficiency")
    ax.set(ylim=(len(names) - 0.6, -0.7), ylabel=" ")
    ax.grid(axis="y")


@figure_function
def approaches(errors, xlabel, ylabel, *, ax=None):
    """How errors shrink step by step, on two logarithmic axes.

    Parameters
    ----------
    errors : mapping of str to array_like
        From a legend text to one positive error per step, from step 1.
    xlabel, ylabel : str

    Returns
    -------
    Axes
    """
    if not errors:
        refuse("errors", "must hold at least one run", "none")
    for k, (label, values) in enumerate(errors.items()):
        values = as_floats("errors", values, ndim=1)
        if (values <= 0).any():
            refuse("errors", "must be positive", float(values.min()))
        steps = np.arange(1, len(values) + 1)
        colour = INK if k else SQUARED
        ax.loglog(steps, values, color=colour, linestyle=_DASHES[k % 4], label=label)
    _plain_ticks(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax, cols=3)


def _plain_ticks(ax):
    """Numbers such as 0.01 and 1000 on logarithmic axes, and no small ticks between them."""
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
    ax.minorticks_off()
