"""The figures that the two noise chapters share: what is drawn is what was computed."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from scipy import stats

from course_code import figures
from course_code.efficiency import Efficiency
from course_code.figures import ABSOLUTE, OUTLIER, SQUARED
from course_code.losses import mae, mse
from course_code.noise import Gaussian, Laplace
from course_code.qq import Order
from tests.drawing import check_layout, labelled

X = np.linspace(-1, 1, 11)
Y = 2 * X + 1
ORDER = Order(np.array([-1.0, 0.0, 1.0]), np.array([-2.0, -0.5, 0.5]), np.array([-0.5, 0.5, 2.0]))
FOUND = [Efficiency(0.7, 0.01, 1.0), Efficiency(0.6, 0.02, 0.5)]

DRAWN = {
    "noise_along_line": lambda **ax: figures.noise_along_line(
        X, Y, 2.0, 1.0, Gaussian(0.5), [-1.0, 0.0, 1.0], **ax
    ),
    "quantile_plot": lambda **ax: figures.quantile_plot(
        [2.5, -1.0, 0.1], ORDER, [True, False, False], **ax
    ),
    "efficiency_by_size": lambda **ax: figures.efficiency_by_size(
        [3, 10], [(mse, "mean", FOUND), (mae, "median", FOUND)], [0.5], **ax
    ),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    check_layout(draw)


def test_each_density_stands_on_the_line_with_its_peak_there():
    ax = DRAWN["noise_along_line"]()
    bells = [line for line in ax.lines if line.get_color() == SQUARED]
    assert len(bells) == 3
    for place, bell in zip([-1.0, 0.0, 1.0], bells, strict=True):
        across, level = bell.get_data()
        top = np.argmax(across)
        assert level[top] == pytest.approx(2 * place + 1)
        shape = stats.norm(2 * place + 1, 0.5).pdf(level)
        np.testing.assert_allclose(
            (across - place) / np.ptp(across), shape / shape.max(), atol=1e-5
        )
        assert across.max() - place == pytest.approx(0.7)


def test_the_bells_wear_the_colour_of_the_loss():
    ax = figures.noise_along_line(X, Y, 2.0, 1.0, Laplace(0.5), [0.0])
    assert labelled(ax, "density of y").get_color() == ABSOLUTE
    (shade,) = ax.collections
    assert to_rgb(shade.get_facecolor()[0]) == to_rgb(ABSOLUTE)


def test_densities_above_and_their_negative_logarithms_below():
    axes = figures.new_axes(rows=2)
    figures.density_and_cost({"sd 1": Gaussian(1.0), "b = 1": Laplace(1.0)}, ax=axes)
    for ax, values in zip(axes, (lambda d, r: d.pdf(r), lambda d, r: -d.logpdf(r)), strict=True):
        for label, known in [("sd 1", stats.norm()), ("b = 1", stats.laplace())]:
            r, drawn = labelled(ax, label).get_data()
            np.testing.assert_allclose(drawn, values(known, r), rtol=1e-9)
    assert labelled(axes[0], "sd 1").get_color() == SQUARED
    assert labelled(axes[0], "b = 1").get_color() == ABSOLUTE


def test_sorted_values_stand_over_their_expectation_and_the_band_is_that_of_the_ranks():
    ax = DRAWN["quantile_plot"]()
    diagonal, dots, diamonds = ax.lines
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    np.testing.assert_array_equal(dots.get_data(), [[-1.0, 0.0], [-1.0, 0.1]])
    np.testing.assert_array_equal(diamonds.get_data(), [[1.0], [2.5]])
    assert diamonds.get_color() == OUTLIER
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    assert {tuple(p) for p in zip(ORDER.expected, ORDER.low, strict=True)} <= set(
        map(tuple, corners)
    )


def test_efficiencies_have_whiskers_of_two_standard_errors():
    ax = DRAWN["efficiency_by_size"]()
    np.testing.assert_array_equal(labelled(ax, "median").get_ydata(), [0.7, 0.6])
    (whiskers, _) = ax.collections
    np.testing.assert_allclose(whiskers.get_segments()[1], [[10, 0.56], [10, 0.64]])
    assert list(ax.lines[0].get_ydata()) == [0.5, 0.5]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["3", "10"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.density_and_cost({"a": Gaussian()}), "ax: must be two Axes"),
        (
            lambda: figures.density_and_cost({}, ax=figures.new_axes(rows=2)),
            "noises: must hold at least one noise model",
        ),
        (lambda: figures.quantile_plot([1.0, 2.0], ORDER), "order: must have the shape of values"),
        (
            lambda: figures.quantile_plot([1.0, 2.0, 3.0], ORDER, [1, 0, 0]),
            "outliers: must be booleans",
        ),
        (
            lambda: figures.efficiency_by_size([3], [(mse, "mean", FOUND)]),
            "curves: must have the shape of sizes",
        ),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
