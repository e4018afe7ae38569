"""Descent: what happens from step to step, and the landscape it happens on."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_pair, as_real, one_of, refuse
from course_code.figures._style import DATA, INK, figure_function, legend_above, look

_WORDS = {"w": "slope w", "b": "intercept b", "loss": "mean loss"}


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


def _range(name, given, path):
    """The given range, or the path's with room around it, or -3 to 3."""
    if given is not None:
        low, high = (as_real(name, end) for end in given)
        if not low < high:
            refuse(name, "must be a pair (low, high) with low < high", given)
        return low, high
    if path is None:
        return -3.0, 3.0
    low, high = np.nanmin(path), np.nanmax(path)
    margin = 0.4 * (high - low) or 1.0
    return float(low - margin), float(high + margin)
