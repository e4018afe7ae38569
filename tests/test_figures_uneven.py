"""The figures of "Many outputs, uneven noise": what is drawn is what was computed."""

import re

import numpy as np
import pytest

from course_code import figures
from course_code.datasets import engel
from course_code.efficiency import Efficiency
from course_code.figures import ABSOLUTE, INK, SQUARED
from course_code.losses import mae, mse
from tests.drawing import check_layout, labelled

ENGEL = engel()
AT = np.linspace(400, 2600, 50)
S = np.linspace(-3, 6, 200)
BANDS = {"uneven": (AT / 2, AT), "one sigma": (AT - 100, AT + 100)}
CURVES = {"power": (AT, AT / 10), "constant": (AT, 0 * AT + 50)}
FOUND = {
    (mse, "known weights"): (Efficiency(1.0, 0.0, 0.1), 1.0),
    (mae, "absolute error"): (Efficiency(0.4, 0.02, 0.3), 0.41),
    (mse, "two steps"): (Efficiency(0.9, 0.01, 0.2), None),
}

DRAWN = {
    "log_variance_valleys": lambda **ax: figures.log_variance_valleys(
        {"stack loss": 15.0, "water": 0.5}, S, **ax
    ),
    "spread_bands": lambda **ax: figures.spread_bands(ENGEL.x, ENGEL.y, AT, BANDS, **ax),
    "spread_curves": lambda **ax: figures.spread_curves(ENGEL.x, ENGEL.y - 600, CURVES, **ax),
    "efficiency_dots": lambda **ax: figures.efficiency_dots(FOUND, **ax),
    "approaches": lambda **ax: figures.approaches(
        {"slow": [3.0, 2.0, 1.0], "fast": [3.0, 1.0]}, "step", "distance", **ax
    ),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_axes_are_labelled_and_returned_and_words_stay_inside(draw):
    ax = check_layout(draw)
    for text in ax.texts:
        assert text.get_window_extent().x1 <= ax.figure.bbox.x1


def test_the_lowest_places_of_the_valleys_are_the_logarithms():
    ax = DRAWN["log_variance_valleys"]()
    curves, dots = ax.lines[::2], ax.lines[1::2]
    for curve, dot, text, loss in zip(curves, dots, ax.texts, [15.0, 0.5], strict=True):
        s, height = curve.get_data()
        np.testing.assert_allclose(height, (np.exp(-s) * loss + s) / 2)
        assert dot.get_xdata()[0] == pytest.approx(np.log(loss))
        assert dot.get_ydata()[0] <= height.min()
        assert ax.get_ylim()[0] < dot.get_ydata()[0] < ax.get_ylim()[1]
        assert text.xy == pytest.approx((dot.get_xdata()[0], dot.get_ydata()[0]))
    assert [text.get_text() for text in ax.texts] == ["stack loss", "water"]


def test_bands_have_two_ends_and_the_first_is_filled():
    ax = DRAWN["spread_bands"]()
    np.testing.assert_allclose(labelled(ax, "uneven").get_ydata(), AT / 2)
    np.testing.assert_allclose(labelled(ax, "one sigma").get_ydata(), AT - 100)
    uppers = [line.get_ydata() for line in ax.lines if line.get_label().startswith("_")]
    np.testing.assert_allclose(uppers, [AT, AT + 100])
    assert labelled(ax, "uneven").get_color() == SQUARED
    assert labelled(ax, "one sigma").get_color() == INK
    (fill,) = ax.collections
    edges = fill.get_paths()[0].vertices
    assert edges[:, 1].min() == pytest.approx(200)
    assert edges[:, 1].max() == pytest.approx(2600)


def test_sizes_of_residuals_and_spreads_on_logarithmic_axes():
    ax = DRAWN["spread_curves"]()
    dots = ax.lines[0]
    np.testing.assert_allclose(dots.get_ydata(), np.abs(ENGEL.y - 600))
    np.testing.assert_allclose(labelled(ax, "power").get_ydata(), AT / 10)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    ax.figure.canvas.draw()
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert "500" in ticks
    assert "2000" in ticks


def test_efficiencies_have_whiskers_and_ticks_of_theory():
    ax = DRAWN["efficiency_dots"]()
    for row, (container, ((loss, name), (result, _))) in enumerate(
        zip(ax.containers, FOUND.items(), strict=True)
    ):
        dot, _, (whisker,) = container
        assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (result.value, row)
        assert dot.get_color() == (ABSOLUTE if loss is mae else SQUARED)
        ends = whisker.get_segments()[0][:, 0]
        np.testing.assert_allclose(np.ptp(ends), 4 * result.standard_error)
        assert ax.get_yticklabels()[row].get_text() == name
    ticks = [line for line in ax.lines if line.get_marker() == "|" and line.get_color() == INK]
    assert [line.get_xdata()[0] for line in ticks] == [1.0, 0.41]
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.40", "0.90"]


def test_runs_begin_at_step_one():
    ax = DRAWN["approaches"]()
    assert list(labelled(ax, "slow").get_xdata()) == [1, 2, 3]
    assert list(labelled(ax, "fast").get_ydata()) == [3.0, 1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.log_variance_valleys({"far": 1e9}, S), "losses: must have logarithms"),
        (lambda: figures.log_variance_valleys({"no": 0.0}, S), "losses: must be a positive"),
        (lambda: figures.spread_bands([1, 2], [1, 2], AT, {}), "bands: must hold at least one"),
        (
            lambda: figures.spread_bands([1, 2], [1, 2], AT, {"a": ([1], [2])}),
            "bands: must have the shape of at",
        ),
        (lambda: figures.spread_curves([0, 1], [1, 1], {}), "x: must be positive"),
        (lambda: figures.spread_curves([1, 1], [0, 1], {}), "x: must be positive"),
        (lambda: figures.efficiency_dots({}), "found: must hold at least one"),
        (lambda: figures.approaches({}, "a", "b"), "errors: must hold at least one"),
        (lambda: figures.approaches({"a": [1.0, 0.0]}, "a", "b"), "errors: must be positive"),
    ],
    ids=["range", "zero", "none", "shape", "places", "residuals", "rules", "runs", "negative"],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
