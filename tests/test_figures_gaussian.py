"""The figures of "Gaussian noise gives MSE": what is drawn is what was computed."""

import numpy as np
import pytest
from scipy import stats

from course_code import figures
from course_code.datasets import engel
from course_code.figures import SQUARED
from tests.drawing import check_layout, labelled

X, Y = engel().x, engel().y
LINES = {(0, 1): (1.0, -1 / 6), (0, 2): (2.0, -2 / 3)}

DRAWN = {
    "standard_units": lambda **ax: figures.standard_units(X, Y, **ax),
    "lines_under_curve": lambda **ax: figures.lines_under_curve(np.square, LINES, **ax),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


def slope(line):
    (x0, x1), (y0, y1) = line.get_data()
    return (y1 - y0) / (x1 - x0)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    assert check_layout(draw).get_legend()


def test_the_three_lines_have_the_slopes_r_1_and_1_over_r_through_the_centre():
    ax = DRAWN["standard_units"]()
    r = stats.pearsonr(X, Y).statistic
    vectors = np.linalg.eigh(np.cov(stats.zscore(X), stats.zscore(Y))).eigenvectors
    long = vectors[1, 1] / vectors[0, 1]
    for label, expected in [("y on x", r), ("long axis", long), ("x on y", 1 / r)]:
        line = labelled(ax, label)
        assert slope(line) == pytest.approx(expected, rel=1e-9)
        x, y = line.get_xydata()[0]
        assert y == pytest.approx(expected * x)
    dots = ax.lines[0]
    np.testing.assert_allclose(dots.get_data(), [stats.zscore(X), stats.zscore(Y)], rtol=1e-9)


def test_each_line_keeps_to_its_range():
    ax = DRAWN["lines_under_curve"]()
    curve = labelled(ax, "conditional mean")
    np.testing.assert_allclose(curve.get_ydata(), curve.get_xdata() ** 2)
    first, second = (labelled(ax, f"best line on [0, {end}]") for end in (1, 2))
    np.testing.assert_allclose(first.get_data(), [[0, 1], [-1 / 6, 5 / 6]])
    np.testing.assert_allclose(second.get_data(), [[0, 2], [-2 / 3, 10 / 3]])
    assert first.get_color() == second.get_color() == SQUARED
    assert first.get_linestyle() != second.get_linestyle()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.standard_units([1, 2, 3], [3, 2, 1]), "y: must be positively correlated"),
        (lambda: figures.standard_units([1, 2, 3], [1, 2]), "y: must have the shape of x"),
        (lambda: figures.lines_under_curve(np.square, {}), "lines: must hold at least one line"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
