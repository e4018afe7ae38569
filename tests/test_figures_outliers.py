"""The figures of "Outliers and leverage": what is drawn is what was computed."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from course_code import figures
from course_code.datasets import two_coaches
from course_code.figures import ABSOLUTE, OUTLIER, SQUARED
from course_code.losses import Huber, mae, mse
from course_code.outliers import leverages, slope_weights
from tests.drawing import check_layout, labelled

DATA = two_coaches(outliers=3)
OUT = DATA["is_outlier"]
ENDS = [(1.0, 0.0), (2.0, -0.5)]

DRAWN = {
    "levers": lambda **ax: figures.levers(DATA.x, slope_weights(DATA.x), OUT, **ax),
    "slope_curves": lambda **ax: figures.slope_curves(
        [0, 1, 2], {mse: [1, 2, 3], mae: [1, 1, 1], Huber(1.0): [1, 1, 2]}, "place", 1.5, **ax
    ),
    "slope_histogram": lambda **ax: figures.slope_histogram(
        np.linspace(-2, 3, 101), 1.5, -1.9, "this run", **ax
    ),
    "set_of_lines": lambda **ax: figures.set_of_lines(DATA.x, DATA.y, ENDS, OUT, **ax),
    "residuals_and_leverages": lambda **ax: figures.residuals_and_leverages(
        leverages(DATA.x), np.abs(DATA.y), OUT, "giant", 4 / 43, **ax
    ),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    check_layout(draw)


def test_the_lever_is_a_line_through_zero_at_the_mean_and_outliers_hang_on_it():
    ax = DRAWN["levers"]()
    a = slope_weights(DATA.x)
    diamonds = labelled(ax, "outlier")
    np.testing.assert_allclose(diamonds.get_ydata(), a[OUT])
    np.testing.assert_allclose(labelled(ax, "data").get_ydata(), a[~OUT])
    balance = labelled(ax, "mean of x")
    assert (balance.get_xdata()[0], balance.get_ydata()[0]) == (DATA.x.mean(), 0)
    (stems,) = ax.collections
    assert sorted(segment[1][1] for segment in stems.get_segments()) == sorted(a[OUT])
    assert to_hex(stems.get_color()[0]) == OUTLIER


def test_each_loss_has_its_curve_and_the_truth_is_a_level_line():
    ax = DRAWN["slope_curves"]()
    assert list(labelled(ax, "squared error").get_ydata()) == [1, 2, 3]
    assert labelled(ax, "absolute error").get_color() == ABSOLUTE
    assert list(ax.lines[0].get_ydata()) == [1.5, 1.5]
    assert ax.get_xlabel() == "place"


def test_dots_mark_counts():
    ax = figures.slope_curves([0, 1], {mse: [1, 2]}, "outliers", dots=True)
    assert labelled(ax, "squared error").get_marker() == "o"
    assert len(ax.lines) == 1


def test_every_run_is_in_the_histogram_and_one_is_marked():
    ax = DRAWN["slope_histogram"]()
    assert sum(bar.get_height() for bar in ax.patches) == 101
    assert to_rgb(ax.patches[0].get_facecolor()) == to_rgb(SQUARED)
    truth, marked = ax.lines
    assert list(truth.get_xdata()) == [1.5, 1.5]
    assert list(marked.get_xdata()) == [-1.9, -1.9]
    assert [text.get_text() for text in ax.texts] == ["true slope 1.5", "this run"]


def test_the_band_lies_between_the_two_lines():
    ax = DRAWN["set_of_lines"]()
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    x, y = corners[:, 0], corners[:, 1]
    low, high = np.minimum(x, 2 * x - 0.5), np.maximum(x, 2 * x - 0.5)
    assert ((low - 1e-9 <= y) & (y <= high + 1e-9)).all()
    assert (x.min(), x.max()) == (DATA.x.min(), DATA.x.max())
    assert to_rgb(band.get_facecolor()[0]) == to_rgb(ABSOLUTE)
    edges = [line for line in ax.lines if line.get_color() == ABSOLUTE]
    np.testing.assert_allclose(edges[0].get_ydata(), edges[0].get_xdata())


def test_leverage_is_across_and_the_rule_is_dotted():
    ax = DRAWN["residuals_and_leverages"]()
    np.testing.assert_allclose(labelled(ax, "giant").get_xdata(), leverages(DATA.x)[OUT])
    assert list(ax.lines[-1].get_xdata()) == [4 / 43, 4 / 43]
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.set_of_lines([1, 2], [1, 2], ENDS[:1]), "ends: must be two lines; got 1"),
        (lambda: figures.levers([1, 2], [0, 1], [True]), "outliers: must be booleans"),
        (lambda: figures.slope_curves([1, 2], {mse: [1]}, "x"), "slopes: must have the shape"),
        (lambda: figures.slope_histogram([np.nan], 1, 1, ""), "slopes: must hold finite"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
