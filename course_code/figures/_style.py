"""One look for all figures: colours with a meaning, sizes that survive a phone."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course_code._validate import as_count, refuse

PALETTE = json.loads((Path(__file__).parents[1] / "palette.json").read_text(encoding="utf-8"))

SQUARED = PALETTE["colours"]["squared"]
ABSOLUTE = PALETTE["colours"]["absolute"]
HUBER = PALETTE["colours"]["huber"]
DATA = PALETTE["colours"]["data"]
OUTLIER = PALETTE["colours"]["outlier"]
INK = "#1f1f1f"

# A figure is 6 inches wide. On a phone, 340 pixels wide, 13 points are then 10 pixels.
WIDTH, HEIGHT = 6.0, 3.8
_RC = {
    "figure.dpi": 180,
    "savefig.dpi": 180,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "font.size": 13,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.labelsize": 13,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.4,
    "lines.scale_dashes": False,
    "figure.constrained_layout.w_pad": 0.06,
    "figure.constrained_layout.h_pad": 0.06,
}

# Family, words for the legend. A loss that smooths or caps squared error wears Huber's colour,
# a tilted absolute error the absolute one; a figure that shows both gives its own dashes.
_LOOKS = {
    "SquaredError": ("squared", "squared error"),
    "AbsoluteError": ("absolute", "absolute error"),
    "Huber": ("huber", "Huber, δ = {0.delta:g}"),
    "SmoothL1": ("huber", "smooth L1, β = {0.beta:g}"),
    "LogCosh": ("huber", "log-cosh"),
    "Tukey": ("huber", "Tukey, c = {0.c:g}"),
    "Quantile": ("absolute", "quantile, τ = {0.tau:g}"),
}


def style():
    """A context in which matplotlib draws in the course's style; outside nothing changes."""
    return matplotlib.rc_context(_RC)


def new_axes(rows=1, cols=1, height=HEIGHT, **subplots):
    """Empty Axes in the course's style: one, or an array of them if there are several.

    Parameters
    ----------
    rows, cols : int
        The grid of panels. At most two columns: three do not fit on a phone.
    height : float
        Inches per row.
    **subplots
        Passed to `matplotlib.figure.Figure.subplots`, such as ``sharey=True``.
    """
    rows, cols = as_count("rows", rows), as_count("cols", cols)
    if cols > 2:
        refuse("cols", "must be 1 or 2, so that a phone can show it", cols)
    with style():
        figure = Figure(figsize=(WIDTH, height * rows), layout="constrained")
        axes = figure.subplots(rows, cols, **subplots)
        for ax in figure.axes:
            # Few numbers on an axis: at 340 pixels more would touch.
            ax.xaxis.set_major_locator(MaxNLocator(7 if cols == 1 else 4, steps=[1, 2, 5, 10]))
            ax.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        return axes


def figure_function(draw):
    """Decorator: `draw` runs in the course's style, on new Axes if none are given, returns them."""

    @functools.wraps(draw)
    def wrapper(*args, ax=None, **kwargs):
        with style():
            ax = new_axes() if ax is None else ax
            draw(*args, ax=ax, **kwargs)
        return ax

    return wrapper


def look(loss):
    """Colour, dashes and legend text of a loss, ready for ``ax.plot(..., **look(loss))``.

    >>> from course_code.losses import Huber
    >>> look(Huber(1.5))["label"]
    'Huber, δ = 1.5'
    """
    kind = type(loss).__name__
    if kind not in _LOOKS:
        refuse("loss", "must be a loss of course_code.losses", loss)
    family, words = _LOOKS[kind]
    dashes = PALETTE["dashes"][family]
    return {
        "color": PALETTE["colours"][family],
        "linestyle": (0, dashes) if dashes else "-",
        "label": words.format(loss),
    }


def legend_above(ax, cols=2):
    """A legend over the Axes, where it can hide no data."""
    with style():
        ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=cols, borderaxespad=0.2)
    return ax
