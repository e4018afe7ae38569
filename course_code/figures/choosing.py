"""Where losses aim, what an error costs at every size, and how often a check rings."""

from __future__ import annotations

import numpy as np

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

_BESIDE = {"textcoords": "offset points", "fontsize": 12}
# Told apart by shape as well as by colour.
_MARKS = [("o", SQUARED), ("s", ABSOLUTE), ("D", HUBER), ("^", OUTLIER), ("v", INK), ("P", DATA)]


@figure_function
def aims(at, density, targets, xlabel, *, ax=None):
    """A density, and the best single number of each loss under it.

    Parameters
    ----------
    at, density : array_like, shape (m,)
    targets : mapping of (loss, str) to float
        Where a loss aims, and the word to write there; the words stand in descending order.
    xlabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    at, density = as_pair(at, density, names=("at", "density"), ndim=1)
    if not targets:
        refuse("targets", "must hold at least one target", "none")
    ax.fill_between(at, density, color=DATA, alpha=0.35, linewidth=0)
    top = 1.05 * density.max()
    heights = np.linspace(top, 0.45 * top, len(targets))
    for ((loss, word), place), height in zip(targets.items(), heights, strict=True):
        place = as_real("targets", place)
        shape = look(loss)
        ax.plot([place] * 2, [0, height], color=shape["color"], linestyle=shape["linestyle"])
        ax.annotate(word, (place, height), xytext=(5, 0), va="top", **_BESIDE)
    ax.set(xlabel=xlabel, ylabel="density", ylim=(0, 1.1 * top), xlim=(at[0], at[-1]))


@figure_function
def cost_by_size(losses, r, *, ax=None):
    """What an error costs against its size, both on scales of powers of ten.

    Parameters
    ----------
    losses : sequence of losses
    r : array_like, shape (n,)
        Sizes of errors, positive.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    r = as_floats("r", r, ndim=1)
    if r.min() <= 0:
        refuse("r", "must be positive", float(r.min()))
    for loss in losses:
        ax.plot(r, loss.rho(r), **look(loss))
    ax.set(xscale="log", yscale="log", xlabel="size of the error", ylabel="loss")
    legend_above(ax)


@figure_function
def alarm_dots(rates, level, *, ax=None):
    """How often each check rings, one row per check and one mark per kind of noise.

    Parameters
    ----------
    rates : mapping of str to mapping of str to float
        From a kind of noise to the share of samples in which each check rings.
    level : float
        The rate of false alarms asked for, as a dotted line.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not 0 < len(rates) <= len(_MARKS):
        refuse("rates", f"must hold 1 to {len(_MARKS)} kinds of noise", len(rates))
    checks = list(next(iter(rates.values())))
    spread = np.linspace(-0.3, 0.3, len(rates)) if len(rates) > 1 else [0.0]
    for (kind, shares), shift, (marker, colour) in zip(rates.items(), spread, _MARKS, strict=False):
        percent = [100 * as_real("rates", shares[check], at_least=0) for check in checks]
        rows = np.arange(len(checks)) + shift
        ax.plot(percent, rows, marker, color=colour, markersize=8, label=kind)
    ax.axvline(100 * as_real("level", level), color=INK, linestyle=(0, [1.2, 2]), linewidth=1.6)
    ax.set(yticks=range(len(checks)), yticklabels=checks, xlabel="rings, % of samples")
    ax.set(xlim=(-3, 103), ylim=(len(checks) - 0.5, -0.5))
    ax.grid(axis="y", visible=False)
    for row in np.arange(len(checks) - 1) + 0.5:
        ax.axhline(row, color="#e4e4e4", linewidth=0.8)
    legend_above(ax, cols=2)
