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
from course_code.figures.choosing import aims, alarm_dots, cost_by_size
from course_code.figures.coaches import constant_loss, dot_stack, moved_point, share_bars
from course_code.figures.descent import (
    distance_plot,
    loss_contours,
    psi_panels,
    subdifferential_steps,
    supporting_lines,
    trace_plot,
)
from course_code.figures.fits import (
    data_and_lines,
    draw_line,
    draw_points,
    residual_bars,
    residual_squares,
)
from course_code.figures.frameworks import aligned_traces, training_minima
from course_code.figures.gaussian import (
    lines_under_curve,
    standard_units,
)
from course_code.figures.history import (
    QUARREL,
    Event,
    arcs_and_lines,
    efficiency_curves,
    median_stairs,
    sky_map,
    timeline,
)
from course_code.figures.huber import (
    efficiency_by_threshold,
    family_curves,
    least_favourable,
    lines_from_starts,
    majoriser,
    sensitivity_curves,
    two_valleys,
)
from course_code.figures.laplace import excess_area, lines_through_pairs, noise_curves
from course_code.figures.likelihood import (
    density_and_cost,
    efficiency_by_size,
    noise_along_line,
    quantile_plot,
)
from course_code.figures.losses import loss_curves, psi_curves
from course_code.figures.neighbours import forecast_costs
from course_code.figures.nets import (
    errors_by_rate,
    fitted_curves,
    learning_curves,
    neuron_pulls,
    picture_columns,
    seed_differences,
    valleys,
)
from course_code.figures.outliers import (
    levers,
    residuals_and_leverages,
    set_of_lines,
    slope_curves,
    slope_histogram,
)
from course_code.figures.quantiles import (
    cost_curve,
    coverage_by_size,
    interval_bands,
    loss_and_distribution,
    quantile_lines,
    tau_curves,
    tilted_losses,
)
from course_code.figures.uneven import (
    approaches,
    efficiency_dots,
    log_variance_valleys,
    spread_bands,
    spread_curves,
)
from course_code.figures.weights import (
    budget,
    sticks,
    validation_curve,
    weight_paths,
    weight_rules,
)

__all__ = [
    "ABSOLUTE",
    "DATA",
    "HUBER",
    "INK",
    "OUTLIER",
    "QUARREL",
    "SQUARED",
    "Event",
    "aims",
    "alarm_dots",
    "aligned_traces",
    "approaches",
    "arcs_and_lines",
    "budget",
    "constant_loss",
    "cost_by_size",
    "cost_curve",
    "coverage_by_size",
    "data_and_lines",
    "density_and_cost",
    "distance_plot",
    "dot_stack",
    "draw_line",
    "draw_points",
    "efficiency_by_size",
    "efficiency_by_threshold",
    "efficiency_curves",
    "efficiency_dots",
    "errors_by_rate",
    "excess_area",
    "family_curves",
    "fitted_curves",
    "forecast_costs",
    "interval_bands",
    "learning_curves",
    "least_favourable",
    "legend_above",
    "levers",
    "lines_from_starts",
    "lines_through_pairs",
    "lines_under_curve",
    "log_variance_valleys",
    "look",
    "loss_and_distribution",
    "loss_contours",
    "loss_curves",
    "majoriser",
    "median_stairs",
    "moved_point",
    "neuron_pulls",
    "new_axes",
    "noise_along_line",
    "noise_curves",
    "picture_columns",
    "psi_curves",
    "psi_panels",
    "quantile_lines",
    "quantile_plot",
    "residual_bars",
    "residual_squares",
    "residuals_and_leverages",
    "seed_differences",
    "sensitivity_curves",
    "set_of_lines",
    "share_bars",
    "show",
    "sky_map",
    "slope_curves",
    "slope_histogram",
    "spread_bands",
    "spread_curves",
    "standard_units",
    "sticks",
    "style",
    "subdifferential_steps",
    "supporting_lines",
    "tau_curves",
    "tilted_losses",
    "timeline",
    "trace_plot",
    "training_minima",
    "two_valleys",
    "validation_curve",
    "valleys",
    "weight_paths",
    "weight_rules",
]
