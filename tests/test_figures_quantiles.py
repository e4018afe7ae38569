"""The figures of "Quantiles": what is drawn is what was computed."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from course_code import figures
from course_code.datasets import engel
from course_code.figures import ABSOLUTE, INK, SQUARED
from course_code.intervals import Fan, quantile_fan
from course_code.losses import Quantile, mse
from tests.drawing import check_layout, labelled

ENGEL = engel()
TAUS = [0.05, 0.25, 0.5, 0.75, 0.95]
FAN = quantile_fan(ENGEL.x, ENGEL.y, TAUS)
AT = np.linspace(0, 10, 101)
BANDS = {
    (Quantile(0.05), "quantiles"): [(0.3, 10.0), (0.7, 20.0)],
    (mse, "normal"): [(0.5, -100.0), (0.5, 100.0)],
}

DRAWN = {
    "tilted_losses": lambda **ax: figures.tilted_losses([0.1, 0.5, 0.9], **ax),
    "cost_curve": lambda **ax: figures.cost_curve(
        AT, (AT - 4) ** 2, {"best": 4.0, "mean": 6.05}, "loaves", "cost", **ax
    ),
    "quantile_lines": lambda **ax: figures.quantile_lines(ENGEL.x, ENGEL.y, FAN, [0.05, 0.5], **ax),
    "interval_bands": lambda **ax: figures.interval_bands(ENGEL.x, ENGEL.y, BANDS, **ax),
    "tau_curves": lambda **ax: figures.tau_curves(
        TAUS,
        {"all": FAN.slopes, "other": FAN.slopes - 0.1},
        "slope",
        band=(FAN.slopes - 0.05, FAN.slopes + 0.05),
        levels=[(mse, "least squares", 0.485)],
        **ax,
    ),
    "coverage_by_size": lambda **ax: figures.coverage_by_size(
        [20, 40], {"old": ([1.0, 0.95], [0, 0]), "new": ([0.8, 0.86], [0.01, 0.01])}, 0.9, **ax
    ),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    ax = check_layout(draw)
    for text in ax.texts:
        assert text.get_window_extent().x1 <= ax.figure.bbox.x1


def test_each_tilted_loss_is_named_where_it_ends():
    ax = DRAWN["tilted_losses"]()
    for line, tau, text in zip(ax.lines, [0.1, 0.5, 0.9], ax.texts, strict=True):
        r = line.get_xdata()
        np.testing.assert_allclose(line.get_ydata(), np.where(r >= 0, tau * r, (tau - 1) * r))
        assert text.get_text() == str(tau)
        assert text.xy == (3.0, pytest.approx(3 * tau))


def test_marks_stand_on_the_cost_curve():
    ax = DRAWN["cost_curve"]()
    np.testing.assert_allclose(ax.lines[0].get_ydata(), (AT - 4) ** 2)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose([dot.get_xdata()[0] for dot in dots], [4, 6.05])
    np.testing.assert_allclose([dot.get_ydata()[0] for dot in dots], [0, 2.05**2], atol=0.01)
    assert [text.get_text() for text in ax.texts] == ["best", "mean"]


@pytest.mark.parametrize(("tau", "ends"), [(0.75, (3, 10)), (0.9, (10, 10)), (0.5, (2, 3))])
def test_the_minimisers_are_marked_above_and_below(tau, ends):
    upper, lower = figures.loss_and_distribution(
        [10, 1, 3, 2], tau, ax=figures.new_axes(rows=2, sharex=True)
    )
    curve, segment, _ = upper.lines
    for q, height in zip(*curve.get_data(), strict=True):
        r = np.array([1, 2, 3, 10]) - q
        assert height == pytest.approx(np.mean(np.where(r >= 0, tau * r, (tau - 1) * r)))
    assert (segment.get_xdata()[0], segment.get_xdata()[-1]) == ends
    steps, level = lower.lines
    assert list(steps.get_ydata()[1:5]) == [0.25, 0.5, 0.75, 1.0]
    assert list(level.get_ydata()) == [tau, tau]
    (band,) = lower.patches
    assert (band.get_x(), band.get_x() + band.get_width()) == ends
    assert lower.get_xlabel()
    assert lower.get_ylabel()


def test_a_fan_has_its_lines_and_names_some_of_them():
    ax = DRAWN["quantile_lines"]()
    drawn = [line for line in ax.lines if line.get_color() == ABSOLUTE]
    ends = np.array([ENGEL.x.min(), ENGEL.x.max()])
    for line, heights in zip(drawn, FAN.predict(ends).T, strict=True):
        np.testing.assert_allclose(line.get_ydata(), heights)
    assert [text.get_text() for text in ax.texts] == ["0.05", "0.5"]
    widths = [line.get_linewidth() for line in drawn]
    assert widths.index(max(widths)) == TAUS.index(0.5)


def test_beyond_the_data_a_fan_is_dotted():
    fan = Fan(np.array([0.5]), slopes=np.array([2.0]), intercepts=np.array([1.0]))
    ax = figures.quantile_lines([0, 1], [0, 1], fan, across=(-1, 3))
    inside, left, right = (line for line in ax.lines if line.get_color() == ABSOLUTE)
    assert list(inside.get_xdata()) == [0, 1]
    assert (list(left.get_xdata()), list(left.get_ydata())) == ([-1, 0], [-1, 1])
    assert (list(right.get_xdata()), list(right.get_ydata())) == ([1, 3], [3, 7])
    assert left.get_linewidth() == right.get_linewidth() < inside.get_linewidth()


def test_the_first_band_is_filled_and_both_have_two_edges():
    ax = DRAWN["interval_bands"]()
    (fill,) = ax.collections
    assert to_hex(to_rgb(fill.get_facecolor()[0])) == ABSOLUTE
    blue = [line for line in ax.lines if line.get_color() == SQUARED]
    x = ENGEL.x
    np.testing.assert_allclose(blue[0].get_ydata(), [0.5 * x.min() - 100, 0.5 * x.max() - 100])
    np.testing.assert_allclose(blue[1].get_ydata(), [0.5 * x.min() + 100, 0.5 * x.max() + 100])


def test_curves_over_tau_and_level_lines():
    ax = DRAWN["tau_curves"]()
    np.testing.assert_allclose(labelled(ax, "all").get_ydata(), FAN.slopes)
    assert labelled(ax, "all").get_color() == ABSOLUTE
    assert labelled(ax, "other").get_color() == INK
    assert list(labelled(ax, "least squares").get_ydata()) == [0.485, 0.485]
    (band,) = ax.collections
    assert len(band.get_paths()[0].vertices) > 2 * len(TAUS)


def test_coverages_have_whiskers_of_two_standard_errors():
    ax = DRAWN["coverage_by_size"]()
    old, new = (container[0] for container in ax.containers)
    assert list(old.get_ydata()) == [1.0, 0.95]
    assert old.get_markerfacecolor() == "white"
    assert list(new.get_ydata()) == [0.8, 0.86]
    (whiskers,) = ax.containers[1][2]
    np.testing.assert_allclose(whiskers.get_segments()[0][:, 1], [0.78, 0.82])
    assert list(ax.lines[0].get_ydata()) == [0.9, 0.9]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["20", "40"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.tilted_losses([1.0]), "tau: must lie strictly between 0 and 1"),
        (lambda: figures.cost_curve(AT, AT, {"far": 11}, "x", "y"), "marks: must lie between 0"),
        (lambda: figures.loss_and_distribution([1, 2], 0.5), "ax: must be two Axes"),
        (
            lambda: figures.loss_and_distribution([1, 1], 0.5, ax=figures.new_axes(rows=2)),
            "values: must hold at least two different",
        ),
        (lambda: figures.tau_curves([0.5], {}, "slope"), "curves: must hold at least one"),
        (lambda: figures.tau_curves([0.5], {"a": [1, 2]}, "slope"), "curves: must have the shape"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
