"""Huber's loss and its family: what they cost, whom they listen to, and at what price."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from course_code._validate import as_floats, as_pair, as_real, one_of, refuse
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
from course_code.figures.fits import draw_points, slope_and_intercept
from course_code.influence import contamination
from course_code.losses import Loss
from course_code.noise import Gaussian, HuberDensity

_RESIDUALS = np.linspace(-6.0, 6.0, 601)
_WORDS = {"rho": r"loss $\rho(r)$", "psi": r"pull $\psi(r)$", "curvature": r"curvature $\psi'(r)$"}
# Relatives share Huber's colour elsewhere. Side by side they need a look each.
_RELATIVES = {
    "SmoothL1": {"linestyle": (0, [2.5, 1.5])},
    "LogCosh": {"linestyle": "-", "linewidth": 1.6},
    "Tukey": {"color": INK, "linestyle": (0, [1.2, 1.4])},
}


@figure_function
def family_curves(losses, what="psi", r=_RESIDUALS, legend=True, *, ax=None):
    """One function of each loss, every relative of Huber's with a look of its own.

    Parameters
    ----------
    losses : sequence of losses
    what : {"rho", "psi", "curvature"}
    r : array_like, shape (n,)
        Residuals, in increasing order.
    legend : bool
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    what = one_of("what", what, tuple(_WORDS))
    r = as_floats("r", r, ndim=1)
    for loss in losses:
        shape, values = _of(loss), getattr(loss, what)(r)
        # A jump is a gap and not a steep line.
        jumps = np.flatnonzero(np.abs(np.diff(values)) > 0.4)
        ax.plot(np.insert(r, jumps + 1, np.nan), np.insert(values, jumps + 1, np.nan), **shape)
    ax.set(xlabel=r"residual $r = y - \hat{y}$", ylabel=_WORDS[what])
    if legend:
        legend_above(ax)


@figure_function
def least_favourable(k, *, ax=None):
    """Huber's least favourable density: its Gaussian part, and the bad part in the tails.

    Parameters
    ----------
    k : float, > 0
        Where the tails begin, in standard deviations of the Gaussian part.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    k = as_real("k", k, above=0)
    x = np.unique(np.concatenate([np.linspace(-5, 5, 401), [-k, k]]))
    worst = np.exp(HuberDensity(1.0, k).log_density(x))
    good = (1 - contamination(k)) * np.exp(Gaussian(1.0).log_density(x))
    ax.fill_between(x, good, color=DATA, alpha=0.35, linewidth=0, label="Gaussian part")
    ax.fill_between(x, good, worst, color=OUTLIER, alpha=0.7, linewidth=0, label="bad part")
    ax.plot(x, worst, color=HUBER, label="least favourable density")
    ax.axvline(-k, color=INK, linewidth=1, linestyle=(0, [1.2, 2]))
    ax.axvline(k, color=INK, linewidth=1, linestyle=(0, [1.2, 2]))
    ax.set(
        yscale="log",
        ylim=(3e-5, 0.6),
        xlim=(-5, 5),
        xlabel=r"residual / $\sigma$",
        ylabel="density",
    )
    legend_above(ax)


@figure_function
def sensitivity_curves(at, curves, *, ax=None):
    """What one more observation does to each estimate, against where it is put.

    Parameters
    ----------
    at : array_like, shape (m,)
    curves : mapping of loss to array_like, shape (m,)
        As from `course_code.influence.sensitivity`.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax.axhline(0, color=DATA, linewidth=0.8, zorder=1)
    for loss, values in curves.items():
        at, values = as_pair(at, values, names=("at", "curves"), ndim=1)
        ax.plot(at, values, **_of(loss))
    ax.set(xlabel="the added observation", ylabel="sensitivity")
    legend_above(ax)


@figure_function
def majoriser(loss, touch, *, ax=None):
    """A loss and the parabola that lies on it at a residual: one step of reweighted squares.

    Parameters
    ----------
    loss : loss
        With a weight psi(r) / r that falls as the residual grows.
    touch : float, > 0
        Where they touch.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    touch = as_real("touch", touch, above=0)
    r = np.linspace(-1.5 * touch, 1.5 * touch, 401)
    parabola = loss.rho(touch) + loss.weight(touch) / 2 * (r * r - touch * touch)
    ax.plot(r, parabola, color=SQUARED, label="parabola: weighted square")
    ax.plot(r, loss.rho(r), **_of(loss))
    ax.plot([-touch, touch], [loss.rho(touch)] * 2, "o", color=INK, markersize=7, zorder=4)
    ax.set(xlabel="residual r", ylabel="loss", ylim=(0, None))
    legend_above(ax)


@figure_function
def lines_from_starts(x, y, lines, outliers=None, outlier_label="outlier", *, ax=None):
    """Points, and the lines at which one method ended from different starts.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    lines : mapping of str to line
        At most two; what they are called in the legend.
    outliers : array_like of bool, shape (n,), optional
    outlier_label : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if len(lines) > 2:
        refuse("lines", "must be one or two", len(lines))
    draw_points(x, y, outliers, outlier_label, ax=ax)
    ends = np.array([np.min(x), np.max(x)])
    for (label, line), dashes in zip(lines.items(), ("-", (0, [4, 2])), strict=False):
        slope, intercept = slope_and_intercept(line)
        ax.plot(ends, slope * ends + intercept, color=HUBER, linestyle=dashes, label=label)
    legend_above(ax)


@figure_function
def two_valleys(t, height, names, *, ax=None):
    """A loss along the straight way from one minimum, t = 0, to another, t = 1.

    Parameters
    ----------
    t, height : array_like, shape (m,)
    names : pair of str
        Where the two minima were reached from.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    t, height = as_pair(t, height, names=("t", "height"), ndim=1)
    if len(names) != 2:
        refuse("names", "must be two", len(names))
    ax.plot(t, height, color=HUBER)
    lift = 0.06 * np.ptp(height)
    for end, name in zip((0.0, 1.0), names, strict=True):
        at = float(np.interp(end, t, height))
        ax.plot(end, at, "o", color=INK, markersize=8, zorder=4)
        ax.annotate(f"from {name}", (end, at - lift), ha="center", va="top", fontsize=12)
    ax.set(xlabel="from one line (0) to the other (1)", ylabel="mean loss")
    ax.set_ylim(height.min() - 5 * lift, None)


@figure_function
def efficiency_by_threshold(k, curves, dots=None, marks=(), *, ax=None):
    """How efficient Huber's estimate is, against its threshold, for several kinds of noise.

    Parameters
    ----------
    k : array_like, shape (m,)
        Thresholds in robust standard deviations; a logarithmic axis.
    curves : mapping of str to array_like, shape (m,)
        Efficiencies from 0 to 1, at most three.
    dots : mapping of str to (k, efficiency, standard error), optional
        Simulated values of the curve of that name, drawn with two standard errors.
    marks : sequence of float
        Thresholds to mark by a dotted line.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    k = as_floats("k", k, ndim=1)
    looks = [(SQUARED, "-"), (ABSOLUTE, (0, [6, 2.5])), (HUBER, (0, [1.5, 1.5]))]
    if len(curves) > len(looks):
        refuse("curves", "must be one to three", len(curves))
    for mark in marks:
        ax.axvline(as_real("marks", mark), color=INK, linewidth=1.2, linestyle=(0, [1.2, 2]))
    for (name, values), (color, dashes) in zip(curves.items(), looks, strict=False):
        as_pair(k, values, names=("k", "curves"), ndim=1)
        ax.plot(k, 100 * np.asarray(values), color=color, linestyle=dashes, label=name)
        if dots and name in dots:
            at, value, error = (np.asarray(part, dtype=float) for part in dots[name])
            bar = {"capsize": 3, "markersize": 5, "zorder": 4}
            ax.errorbar(at, 100 * value, 200 * error, fmt="o", color=color, ecolor=INK, **bar)
    ax.set(xscale="log", xlabel="δ / robust standard deviation", ylabel="efficiency, %")
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5) if k.min() <= tick <= k.max()]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels([f"{tick:g}" for tick in ticks])
    legend_above(ax)


def _of(loss):
    if not isinstance(loss, Loss):
        refuse("loss", "must be a loss of course_code.losses", loss)
    return look(loss) | _RELATIVES.get(type(loss).__name__, {})
