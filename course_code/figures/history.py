"""The figures of two hundred and sixty years: a timeline, five arcs, a planet, an efficiency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.ticker import FuncFormatter

from course_code._validate import as_floats, as_pair, one_of, refuse
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
from course_code.figures.fits import draw_line
from course_code.losses import mae, mse

_DOTTED = {"color": INK, "linestyle": (0, [1.2, 2]), "linewidth": 1.6}
_BESIDE = {"textcoords": "offset points", "fontsize": 12}
_SIDES = {
    "squares": {"color": SQUARED, "marker": "o"},
    "absolute values": {"color": ABSOLUTE, "marker": "^"},
    "both": {"color": HUBER, "marker": "s"},
    "another rule": {"color": DATA, "marker": "D"},
}
_RULES = {
    "least squares": look(mse),
    "LAD": look(mae),
    "Boscovich": look(mae) | {"linestyle": "-"},
    "minimax": _DOTTED | {"linewidth": 2.4},
}


class Event(NamedTuple):
    """One row of a timeline: when, what, and on which side of the quarrel."""

    year: int
    text: str
    side: str


QUARREL = (
    Event(1757, "Boscovich: zero sum, least sum", "absolute values"),
    Event(1774, "Laplace: the posterior median", "absolute values"),
    Event(1786, "Laplace: least greatest error", "another rule"),
    Event(1793, "Laplace: Boscovich in algebra", "absolute values"),
    Event(1801, "Gauss: an orbit for Ceres", "another rule"),
    Event(1805, "Legendre: squares in print", "squares"),
    Event(1809, "Gauss: squares and an error law", "squares"),
    Event(1812, "Laplace: squares for many data", "squares"),
    Event(1816, "Gauss: 100 squares or 114 sizes", "squares"),
    Event(1818, "Laplace: compares and combines", "both"),
    Event(1823, "Gauss: least variance, any law", "squares"),
    Event(1907, "Galton: the middlemost guess", "absolute values"),
    Event(1920, "Fisher: the case for squares", "squares"),
    Event(1955, "Linear programs fit planes", "absolute values"),
    Event(1960, "Tukey: two in a thousand", "absolute values"),
    Event(1964, "Huber: between the two", "both"),
    Event(1978, "Koenker, Bassett: quantiles", "absolute values"),
)


@figure_function
def timeline(events=QUARREL, *, ax=None):
    """People and dates as a list that one can read, tied to an axis of true years.

    Parameters
    ----------
    events : sequence of Event
        In order of time; by default `QUARREL`, the dates of squares and absolute values. The side
        is "squares", "absolute values", "both" or "another rule".
    ax : Axes, optional
        Tall: about 0.4 inches for each event.

    Returns
    -------
    Axes
    """
    events = [Event(*event) for event in events]
    years = as_floats("events", [event.year for event in events], ndim=1)
    if len(years) < 2 or (np.diff(years) < 0).any():
        refuse("events", "must hold at least two, in order of time", years.tolist())
    rows = np.linspace(years[0], years[-1], len(events))
    for row, event in zip(rows, events, strict=True):
        side = _SIDES[one_of("side", event.side, tuple(_SIDES))]
        ax.plot([0, 0.16, 0.2], [event.year, row, row], color=DATA, linewidth=1.2, zorder=1)
        ax.plot(0, event.year, **side, markersize=5)
        ax.plot(0.22, row, **side, markersize=9)
        ax.text(0.27, row, f"{event.year}", va="center", fontsize=13, fontweight="bold")
        ax.text(0.54, row, event.text, va="center", fontsize=13)
    for name, side in _SIDES.items():
        if any(event.side == name for event in events):
            ax.plot([], [], **side, linestyle="", markersize=9, label=name)
    pad = (years[-1] - years[0]) / 40
    ax.set(xlim=(-0.02, 2.0), ylim=(years[-1] + pad, years[0] - pad), ylabel="year", xlabel="")
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    legend_above(ax)


@figure_function
def arcs_and_lines(places, x, y, lines, *, ax=None):
    """The degrees of the meridian, each with its name, and the lines of several rules.

    Parameters
    ----------
    places : sequence of str
    x, y : array_like, shape (n,)
        Squared sine of the latitude; toises per degree.
    lines : mapping of str to (slope, intercept)
        The names are those of the rules: "Boscovich", "LAD", "least squares", "minimax".
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    ax.plot(x, y, "o", color=INK, markersize=8, zorder=5)
    ax.set_xlim(x.min() - 0.05 * np.ptp(x), x.max() + 0.12 * np.ptp(x))
    for name, (slope, intercept) in lines.items():
        shape = _RULES[one_of("lines", name, tuple(_RULES))]
        draw_line(slope, intercept, label=name, ax=ax)
        ax.lines[-1].set(**shape | {"label": name})
    middle = np.mean([slope * x + intercept for slope, intercept in lines.values()], axis=0)
    for place, xi, yi, on_line in zip(places, x, y, middle, strict=True):
        # Away from the lines: to the lower right below them, to the upper left above.
        shift, side = ((7, -15), "left") if yi < on_line + 20 else ((-7, 6), "right")
        ax.annotate(place, (xi, yi), shift, **_BESIDE, ha=side)
    ax.margins(y=0.1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.set(xlabel="squared sine of the latitude", ylabel="toises per degree")
    legend_above(ax)


@figure_function
def median_stairs(values, weights, names, *, ax=None):
    """The weighted median: climb the weights in order of the values, stop at half the height.

    Parameters
    ----------
    values, weights : array_like, shape (n,)
    names : sequence of str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    v, w = as_pair(values, weights, names=("values", "weights"), ndim=1)
    order = np.argsort(v)
    v, names = v[order], [names[i] for i in order]
    height = np.cumsum(w[order])
    half = height[-1] / 2
    stop = int(np.searchsorted(height, half))
    room = 0.25 * (v[-1] - v[0])
    foot = np.concatenate([[0], height])
    edges = [v[0] - room, *v, v[-1] + room]
    ax.stairs(foot, edges, baseline=None, color=ABSOLUTE, linewidth=2.4)
    ax.axhline(half, **_DOTTED)
    ax.plot(v[stop], half, "o", color=INK, markersize=9, zorder=5)
    ax.annotate("half of the weight", (v[0] - room, half), (4, 6), **_BESIDE)
    for value, top, name in zip(v, height, names, strict=True):
        ax.annotate(name, (value, top), (-6, 3), **_BESIDE, ha="right")
    ax.set(xlim=(v[0] - room, v[-1] + room), xlabel="slope from the centre of gravity")
    ax.set(ylabel="weight so far", ylim=(0, 1.12 * height[-1]))


@figure_function
def sky_map(seen, tracks, marks=(), *, ax=None):
    """Places and paths in the sky, east to the left as one sees it.

    Parameters
    ----------
    seen : pair of array_like, shape (n,)
        Right ascensions and declinations in degrees, as small dots.
    tracks : mapping of str to pair of array_like, shape (m,)
        Computed paths: "circle" is dotted, all others are solid.
    marks : mapping of str to (ra, dec, text offset in points)
        Single places; "found" is a diamond.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ra, dec = as_pair(*seen, names=("right ascension", "declination"), ndim=1)
    for name, (track_ra, track_dec) in tracks.items():
        shape = _DOTTED | {"linewidth": 2.4} if name == "circle" else {"color": SQUARED}
        ax.plot(track_ra, track_dec, **shape, label=name)
    ax.plot(ra, dec, "o", color=DATA, markersize=5, zorder=3)
    for name, (mark_ra, mark_dec, offset) in dict(marks).items():
        found = name.startswith("found")
        shape = {"marker": "D", "color": OUTLIER} if found else {"marker": "o", "color": INK}
        edge = {"markeredgecolor": INK, "markersize": 8 if found else 6}
        ax.plot(mark_ra, mark_dec, linestyle="", **shape, **edge, zorder=5)
        side = "left" if offset[0] >= 0 else "right"
        ax.annotate(name, (mark_ra, mark_dec), offset, **_BESIDE, ha=side, va="center")
    ax.set(xlabel="right ascension, degrees", ylabel="declination, degrees")
    if not ax.xaxis_inverted():
        ax.invert_xaxis()
    if tracks:
        legend_above(ax)


@figure_function
def efficiency_curves(eps, curves, crossings, *, ax=None):
    """How absolute compares with squared as wide errors are mixed in; above 1 absolute is better.

    Parameters
    ----------
    eps : array_like, shape (m,)
        Shares of wide errors, above 0.
    curves : mapping of str to array_like, shape (m,)
        At most two; the second is dotted.
    crossings : mapping of str to float
        Where each curve passes 1.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    eps = as_floats("eps", eps, ndim=1)
    if eps.min() <= 0:
        refuse("eps", "must be positive on a logarithmic axis", float(eps.min()))
    if len(curves) > 2:
        refuse("curves", "must be one or two", len(curves))
    ax.axhline(1, color=INK, linewidth=1.2)
    shapes = [look(mae), look(mae) | {"linestyle": (0, [1.2, 2])}]
    for (name, values), shape in zip(curves.items(), shapes, strict=False):
        ax.plot(eps, as_pair(eps, values, ("eps", "curves"))[1], **shape | {"label": name})
        ax.plot(crossings[name], 1, "o", color=INK, markersize=8, zorder=5)
        ax.annotate(
            f"{100 * crossings[name]:.3g} %", (crossings[name], 1), (-6, 9), **_BESIDE, ha="right"
        )
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    ax.set(xlabel="share of errors that are three times as wide", xlim=(eps[0], eps[-1]))
    ax.set(ylabel="efficiency", ylim=(0.5, None))
    legend_above(ax, cols=1)
