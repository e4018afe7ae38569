"""The figures of "Choosing a loss": what is drawn is what was computed."""

import numpy as np
import pytest

from course_code import figures
from course_code.figures import ABSOLUTE, SQUARED
from course_code.losses import Huber, Quantile, mae, mse
from tests.drawing import check_layout, labelled

AT = np.linspace(0, 5, 101)
DENSITY = AT * np.exp(-AT)
TARGETS = {(mse, "mean"): 2.0, (mae, "median"): 1.68, (Quantile(0.9), "0.9 quantile"): 3.9}
RATES = {"Gaussian": {"tails": 0.01, "skew": 0.02}, "Laplace": {"tails": 0.9, "skew": 0.0}}

DRAWN = {
    "aims": lambda **ax: figures.aims(AT, DENSITY, TARGETS, "price", **ax),
    "cost_by_size": lambda **ax: figures.cost_by_size(
        [mse, mae, Huber(1.0)], np.geomspace(0.01, 100, 50), **ax
    ),
    "alarm_dots": lambda **ax: figures.alarm_dots(RATES, 0.01, **ax),
}


@pytest.mark.parametrize("name", ["aims", "cost_by_size"])
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(name):
    check_layout(DRAWN[name])


def test_each_target_stands_where_its_loss_aims():
    ax = DRAWN["aims"]()
    assert [line.get_xdata()[0] for line in ax.lines] == [2.0, 1.68, 3.9]
    assert [line.get_color() for line in ax.lines] == [SQUARED, ABSOLUTE, ABSOLUTE]
    assert [text.get_text() for text in ax.texts] == ["mean", "median", "0.9 quantile"]
    tops = [line.get_ydata()[1] for line in ax.lines]
    assert tops == sorted(tops, reverse=True)
    (area,) = ax.collections
    assert area.get_paths()[0].vertices[:, 1].max() == pytest.approx(DENSITY.max())


def test_costs_are_those_of_the_losses_on_logarithmic_axes():
    ax = DRAWN["cost_by_size"]()
    squared = labelled(ax, "squared error")
    np.testing.assert_allclose(squared.get_ydata(), squared.get_xdata() ** 2)
    huber = labelled(ax, "Huber, δ = 1")
    np.testing.assert_allclose(huber.get_ydata()[-1], 99.5)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_every_rate_has_a_mark_in_the_row_of_its_check():
    ax = DRAWN["alarm_dots"]()
    bell, laplace = labelled(ax, "Gaussian"), labelled(ax, "Laplace")
    assert list(bell.get_xdata()) == [1, 2]
    assert list(laplace.get_xdata()) == [90, 0]
    assert bell.get_marker() != laplace.get_marker()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["tails", "skew"]
    np.testing.assert_allclose(np.round(bell.get_ydata()), [0, 1])
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first check is at the top
    assert any(list(line.get_xdata()) == [1, 1] for line in ax.lines)
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent()
    assert box.y0 >= ax.get_window_extent().y1 - 1
    assert box.x1 <= ax.figure.bbox.x1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.aims(AT, DENSITY, {}, "x"), "targets: must hold at least one target"),
        (lambda: figures.aims(AT, DENSITY[:5], TARGETS, "x"), "density: must have the shape"),
        (lambda: figures.cost_by_size([mse], [0.0, 1.0]), "r: must be positive; got 0.0"),
        (lambda: figures.alarm_dots({}, 0.01), "rates: must hold 1 to 6 kinds of noise; got 0"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
