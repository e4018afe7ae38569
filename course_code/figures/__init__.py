"""The figures of the course: one style, one function per figure, words for every picture.

A figure function draws on the Axes it is given, or on new ones, and returns them. `show` puts the
result on the page together with its text alternative::

    ax = loss_curves([mse, mae])
    show(ax, "A parabola and a V: squared error overtakes absolute error at residual 1.")

Colours and dashes mean the same everywhere and come from ``course_code/palette.json``.
"""

from course_code.figures._show import show
from course_code.figures._style import (
    ABSOLUTE,
    DATA,
    HUBER,
    INK,
    OUTLIER,
    SQUARED,
    legend_above,
    look,
    new_axes,
    style,
)
from course_code.figures.descent import loss_contours, trace_plot
from course_code.figures.fits import (
    data_and_lines,
    draw_line,
    draw_points,
    residual_bars,
    residual_squares,
)
from course_code.figures.losses import loss_curves, psi_curves

__all__ = [
    "ABSOLUTE",
    "DATA",
    "HUBER",
    "INK",
    "OUTLIER",
    "SQUARED",
    "data_and_lines",
    "draw_line",
    "draw_points",
    "legend_above",
    "look",
    "loss_contours",
    "loss_curves",
    "new_axes",
    "psi_curves",
    "residual_bars",
    "residual_squares",
    "show",
    "style",
    "trace_plot",
]
