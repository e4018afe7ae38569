"""The figure of "The neighbours": what is drawn is what was computed."""

import numpy as np
import pytest

from course_code import figures
from course_code.losses import mae, mse
from tests.drawing import check_layout, labelled

Q = np.linspace(0.1, 0.9, 9)
COSTS = {mse: 5 + (Q - 0.3) ** 2, mae: Q, "log": 2 + np.abs(Q - 0.5)}


def draw(**ax):
    return figures.forecast_costs(Q, COSTS, 0.3, **ax)


def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them():
    check_layout(draw)


def test_costs_are_drawn_above_their_least_and_the_least_is_marked():
    ax = draw()
    np.testing.assert_allclose(labelled(ax, "squared error").get_ydata(), (Q - 0.3) ** 2, atol=1e-9)
    np.testing.assert_allclose(labelled(ax, "log").get_ydata(), np.abs(Q - 0.5), atol=1e-9)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose([dot.get_xdata()[0] for dot in dots], [0.3, 0.1, 0.5])
    assert all(dot.get_ydata()[0] == 0 for dot in dots)
    assert labelled(ax, "squared error").get_color() == figures.SQUARED
    assert labelled(ax, "log").get_color() == figures.INK


def test_costs_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"^costs: must have the shape of forecasts"):
        figures.forecast_costs(Q, {mse: Q[1:]}, 0.3)
