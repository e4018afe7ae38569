"""Descent: what happens from step to step, and the landscape it happens on."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb

from course_code._validate import as_floats, as_pair, as_real, one_of, refuse
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    INK,
    figure_function,
    legend_above,
    look,
    new_axes,
)
from course_code.figures.fits import slope_and_intercept
from course_code.figures.losses import psi_curves

_WORDS = {"w": "slope w", "b": "intercept b", "loss": "mean loss"}
# Runs of one loss share its hue: shade and marker tell them apart.
_RUNS = ((-0.5, "o"), (0.0, "s"), (0.35, "^"), (0.55, "D"))


@figure_function
def trace_plot(trace, what="loss", loss=None, label=None, *, ax=None):
    """One quantity of a training run against the epoch.

    Parameters
    ----------
    trace : course_code.descent.Trace
    what : {"loss", "w", "b"}
    loss : loss, optional
        Gives the colour, the dashes and the legend text.
    label : str, optional
        Legend text instead of the loss's.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    what = one_of("what", what, tuple(_WORDS))
    shape = {"color": INK, "label": None} if loss is None else look(loss)
    if label is not None:
        shape["label"] = label
    values = getattr(trace, what)
    shown = np.where(np.isfinite(values), values, np.nan)  # a run that overflowed just ends
    ax.plot(np.arange(len(values)), shown, **shape)
    ax.set(xlabel="epoch", ylabel=_WORDS[what])


@figure_function
def loss_contours(x, y, loss, trace=None, w_range=None, b_range=None, *, ax=None):
    """The mean loss over slope and intercept as contour lines, with the way a descent took.

    Parameters
    ----------
    x, y : array_like, shape (n,)
    loss : loss of `course_code.losses`
    trace : course_code.descent.Trace, optional
        Its path is drawn from an open circle (start) to a filled one (end).
    w_range, b_range : pair of float, optional
        What the axes span. By default the path and a margin, or -3 to 3 without a path.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    w_low, w_high = _range("w_range", w_range, None if trace is None else trace.w)
    b_low, b_high = _range("b_range", b_range, None if trace is None else trace.b)
    w, b = np.meshgrid(np.linspace(w_low, w_high, 121), np.linspace(b_low, b_high, 121))
    height = loss.rho(y - (w[..., None] * x + b[..., None])).mean(axis=-1)
    # Quadratic spacing: evenly spaced rings on a bowl, and still some near the bottom of a cone.
    levels = height.min() + np.ptp(height) * np.linspace(0.06, 1.0, 12) ** 2
    ax.contour(w, b, height, levels=levels, colors=DATA, linewidths=1.0, alpha=0.8)
    if trace is not None:
        _path(trace, look(loss), ax)
        legend_above(ax, cols=3)
    ax.set(xlabel=_WORDS["w"], ylabel=_WORDS["b"], xlim=(w_low, w_high), ylim=(b_low, b_high))
    ax.grid(False)


def _path(trace, shape, ax):
    """The way of a run, its single steps if they are few, its start and the last point known."""
    few = len(trace) <= 60
    ax.plot(
        trace.w,
        trace.b,
        "-",
        marker="." if few else "",
        markersize=6,
        linewidth=1.2 if few else 2.4,
        color=shape["color"],
        label=shape["label"],
    )
    last = trace[int(np.isfinite(trace.loss).sum()) - 1]
    rim = {"markersize": 9, "markeredgecolor": shape["color"], "markeredgewidth": 2, "zorder": 4}
    ax.plot(trace.w[0], trace.b[0], "o", markerfacecolor="white", label="start", **rim)
    ax.plot(last.w, last.b, "o", markerfacecolor=shape["color"], label="end", **rim)


@figure_function
def distance_plot(runs, target, loss=None, *, ax=None):
    """How far (w, b) is from a target line, epoch by epoch, on a logarithmic scale.

    Parameters
    ----------
    runs : mapping of str to course_code.descent.Trace
        Legend text and run, at most four.
    target : fit with ``slope`` and ``intercept``, or such a pair
        Usually the exact minimiser.
    loss : loss, optional
        Gives the colour.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not 1 <= len(runs) <= len(_RUNS):
        refuse("runs", f"must hold 1 to {len(_RUNS)} runs", f"{len(runs)} runs")
    slope, intercept = slope_and_intercept(target)
    hue = INK if loss is None else look(loss)["color"]
    for number, (label, trace) in enumerate(runs.items()):
        lightness, marker = _RUNS[number]
        distance = np.hypot(trace.w - slope, trace.b - intercept)
        every = max(1, len(distance) // 8)
        ax.plot(
            distance,
            color=_shade(hue, lightness),
            linewidth=1.4,
            marker=marker,
            markersize=6,
            markevery=(number * every // len(runs), every),
            label=label,
        )
    ax.set(xlabel="epoch", ylabel="distance to the exact line", yscale="log")
    legend_above(ax)


@figure_function
def supporting_lines(slopes, *, ax=None):
    """The function abs(u), and lines through its corner that nowhere rise above it.

    Parameters
    ----------
    slopes : array_like, shape (k,)
        Slopes of the lines, each in [-1, 1]: the subgradients at 0.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    slopes = as_floats("slopes", slopes, ndim=1)
    steepest = slopes[np.argmax(np.abs(slopes))]
    if abs(steepest) > 1:
        refuse("slopes", "must lie in [-1, 1]", float(steepest))
    u = np.array([-2.0, 0.0, 2.0])
    for slope in slopes:
        ax.plot(u, slope * u, color=DATA, linewidth=1.4)
        ax.annotate(f"g = {slope:g}", (2.05, 2.0 * slope), va="center", annotation_clip=False)
    ax.plot(u, np.abs(u), color=ABSOLUTE, linewidth=3)
    ax.plot(0, 0, "o", color=INK, zorder=4)
    ax.set(xlabel="u", ylabel="|u|", xlim=(-2, 2), ylim=(-2.2, 2.2))


@figure_function
def subdifferential_steps(values, *, ax=None):
    """The subdifferential of the MAE of a constant c, for every c: a staircase.

    Treads are slopes, and a riser stands at each value: there every slope in between is a
    subgradient. The minimisers, where the staircase meets zero, are drawn thick.

    Parameters
    ----------
    values : array_like, shape (n,)
        The numbers that c is to stand for.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    values = np.sort(as_floats("values", values, ndim=1))
    margin = 0.15 * np.ptp(values) or 1.0
    corners = np.concatenate([[values[0] - margin], values, [values[-1] + margin]])
    # Left of all values every sign is -1; passing one value turns one sign.
    heights = np.linspace(-1.0, 1.0, len(values) + 1)
    ax.plot(np.repeat(corners, 2)[1:-1], np.repeat(heights, 2), color=ABSOLUTE)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    middle = values[(len(values) - 1) // 2], values[len(values) // 2]
    ax.plot(middle, (0, 0), "o-", color=INK, linewidth=5, zorder=4)
    ax.set(xlabel="constant c", ylabel="subgradients of the MAE", ylim=(-1.1, 1.1))


def psi_panels(losses, r=None):
    """psi(r) of each loss in a panel of its own, squared error's as a thin line for comparison.

    The panels have one scale in both directions; squared error leaves them half way out.

    Parameters
    ----------
    losses : sequence of losses
    r : array_like, shape (n,), optional
        Residuals, in increasing order; -4 to 4 if not given.

    Returns
    -------
    ndarray of Axes, shape (rows, 2)
    """
    r = np.linspace(-4.0, 4.0, 801) if r is None else as_floats("r", r, ndim=1)
    rows = -(-len(losses) // 2)
    axes = new_axes(rows, 2, height=2.2, sharex=True, sharey=True).reshape(rows, 2)
    for loss, ax in zip(losses, axes.flat, strict=False):
        _psi_panel(loss, r, ax=ax)
    for ax in axes.flat[len(losses) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel(r"pull $\psi(r)$")
    for ax in axes[-1]:
        ax.set_xlabel(r"residual $r$")
    return axes


@figure_function
def _psi_panel(loss, r, *, ax=None):
    ax.plot(r, 2 * r, color=DATA, linewidth=1.2)
    psi_curves([loss], r, ax=ax)
    ax.get_legend().remove()
    ends = float(r[0]), float(r[-1])
    ax.set(title=look(loss)["label"], xlabel=None, ylabel=None, xlim=ends, ylim=ends)


def _shade(colour, lightness):
    """`colour` mixed with white (lightness up to 1) or with black (down to -1)."""
    colour = np.array(to_rgb(colour))
    return tuple(colour + lightness * ((1 - colour) if lightness > 0 else colour))


def _range(name, given, path):
    """The given range, or the path's with room around it, or -3 to 3."""
    if given is not None:
        if np.shape(given) != (2,) or not given[0] < given[1]:
            refuse(name, "must be a pair (low, high) with low < high", given)
        return as_real(name, given[0]), as_real(name, given[1])
    if path is None:
        return -3.0, 3.0
    low, high = np.nanmin(path), np.nanmax(path)
    margin = 0.4 * (high - low) or 1.0
    return float(low - margin), float(high + margin)
