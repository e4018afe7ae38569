"""The figures of "Laplace noise gives MAE": what is drawn is what was computed."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_code import figures
from course_code.figures import ABSOLUTE, DATA, SQUARED
from course_code.noise import Gaussian, Laplace
from tests.drawing import check_layout, labelled

X = np.array([0.0, 1.0, 2.0, 4.0])
Y = np.array([1.0, 0.0, 2.5, 5.0])
T = np.linspace(0, 4, 401)
CDF = 1 - np.exp(-T)

DRAWN = {
    "lines_through_pairs": lambda **ax: figures.lines_through_pairs(X, Y, (3, 0), **ax),
    "excess_area": lambda **ax: figures.excess_area(T, CDF, np.log(2), 1.0, **ax),
    "noise_curves": lambda **ax: figures.noise_curves(
        [1, 2], {"one": (Gaussian(), [0.1, 0.01]), "two": (Laplace(), [0.2, 0.1])}, "k", "P", **ax
    ),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    assert check_layout(draw).get_legend()


def test_every_pair_has_its_line_and_one_stands_out():
    ax = DRAWN["lines_through_pairs"]()
    best = labelled(ax, "least absolute error")
    assert best.get_color() == ABSOLUTE
    np.testing.assert_allclose(best.get_ydata(), [1, 5])
    others = [line for line in ax.lines if line.get_color() == DATA and len(line.get_xdata())]
    assert len(others) == 5
    for line in others:
        slope, level = np.polyfit(*line.get_data(), 1)
        assert np.isclose(slope * X + level, Y).sum() == 2


def test_the_points_stay_in_view():
    low, high = DRAWN["lines_through_pairs"]().get_ylim()
    assert low < 0 < 5 < high


@pytest.mark.parametrize("constant", [1.0, 0.3])
def test_the_shaded_area_is_half_of_the_excess(constant):
    median = np.log(2)
    ax = figures.excess_area(T, CDF, median, constant)
    (band,) = ax.collections
    x, y = band.get_paths()[0].vertices.T
    area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
    # E|Y - c| = c - 1 + 2 exp(-c) for an exponential Y of mean 1.
    excess = (constant - 1 + 2 * np.exp(-constant)) - median
    assert 2 * area == pytest.approx(excess, rel=1e-3)
    assert to_rgb(band.get_facecolor()[0]) == to_rgb(ABSOLUTE)
    assert [text.get_text() for text in ax.texts] == ["m", "c"]


def test_each_noise_has_its_curve_in_the_colour_of_its_loss():
    ax = DRAWN["noise_curves"]()
    assert labelled(ax, "one").get_color() == SQUARED
    assert labelled(ax, "two").get_color() == ABSOLUTE
    np.testing.assert_array_equal(labelled(ax, "two").get_data(), [[1, 2], [0.2, 0.1]])
    assert ax.get_yscale() == "linear"
    ax = figures.noise_curves([1, 2], {"one": (Gaussian(), [0.1, 0.01])}, "k", "P", True)
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.lines_through_pairs([1, 1], [0, 1], (0, 1)), "x: must hold at least two"),
        (lambda: figures.lines_through_pairs(X, Y, (0, 0)), "best: must be two different points"),
        (lambda: figures.lines_through_pairs(X, Y, (0, 4)), "best: must be two different points"),
        (lambda: figures.excess_area(T, CDF, 5, 1), "median: must lie between 0 and 4; got 5"),
        (lambda: figures.noise_curves([1], {}, "k", "P"), "curves: must hold at least one"),
        (
            lambda: figures.noise_curves([1], {"a": (Laplace(), [1, 2])}, "k", "P"),
            "curves: must have the shape of x",
        ),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
