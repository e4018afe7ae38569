"""The figures of chapter 1: what is drawn is what was computed."""

import numpy as np
import pytest

from course_code.figures import (
    ABSOLUTE,
    DATA,
    INK,
    SQUARED,
    constant_loss,
    dot_stack,
    moved_point,
    share_bars,
)
from course_code.losses import mae, mse

DRIFT = np.array([0.1] * 9 + [4.0])


def curve(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)


def test_a_bar_is_as_long_as_the_share():
    costs = {"strict coach": np.ones(10), mae: mae.rho(DRIFT), mse: mse.rho(DRIFT)}
    ax = share_bars(costs, marked=9)
    filled = [bar.get_width() for bar in ax.patches if bar.get_facecolor()[3] > 0]
    np.testing.assert_allclose(filled, [10, 100 * 4 / 4.9, 100 * 16 / 16.09])
    assert [text.get_text() for text in ax.texts] == ["10.0 %", "81.6 %", "99.4 %"]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["strict coach", "absolute error", "squared error"]
    assert ax.yaxis_inverted()


def test_a_share_short_of_all_is_not_rounded_to_all():
    ax = share_bars({"nearly": [1.0, 1e6], "all": [0.0, 7.0], "less": [1.0, 1999.0]}, marked=1)
    assert [text.get_text() for text in ax.texts] == ["> 99.9 %", "100.0 %", "> 99.9 %"]
    ax = share_bars({"short": [1.0, 1998.0]}, marked=1)
    assert [text.get_text() for text in ax.texts] == ["99.9 %"]


def test_the_loss_of_a_constant_is_drawn_with_its_minimum():
    y, c = [1.0, 2.0, 3.0, 10.0], np.linspace(0, 11, 45)
    ax = constant_loss(y, mse, c, best=(4.0, 4.0))
    x, height = curve(ax, "squared error")
    np.testing.assert_allclose(height, [np.mean((np.array(y) - v) ** 2) for v in x])
    (dot,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (4.0, 12.5)
    (ticks,) = [line for line in ax.lines if line.get_marker() == "|"]
    assert ticks.get_xdata().tolist() == y
    assert ax.lines[0].get_color() == SQUARED


def test_an_interval_of_minimisers_is_drawn_as_a_bar():
    ax = constant_loss([1.0, 2.0, 3.0, 10.0], mae, np.linspace(0, 11, 45), best=(2.0, 3.0))
    (bar,) = [line for line in ax.lines if line.get_linewidth() == 6]
    assert list(bar.get_xdata()) == [2.0, 3.0]
    assert list(bar.get_ydata()) == [2.5, 2.5]
    assert bar.get_color() == INK


def test_targets_outside_the_candidates_are_not_drawn():
    ax = constant_loss([1.0, 50.0], mae, np.linspace(0, 3, 7), best=(1.0, 3.0))
    (ticks,) = [line for line in ax.lines if line.get_marker() == "|"]
    assert ticks.get_xdata().tolist() == [1.0]


def test_the_mean_follows_the_moved_point_and_the_medians_stop():
    x = np.linspace(-10, 20, 31)
    ax = moved_point([1, 2, 3], x)
    at, mean = curve(ax, "mean")
    np.testing.assert_allclose(mean, (6 + at) / 4)
    dashed = [line for line in ax.lines if line.get_color() == ABSOLUTE and len(line.get_xdata())]
    low, high = (line.get_ydata() for line in dashed)
    np.testing.assert_allclose(low, np.clip(x, 1, 2))
    np.testing.assert_allclose(high, np.clip(x, 2, 3))


def test_equal_values_stand_on_top_of_each_other():
    ax = dot_stack([5, 7, 5, 5, -1], {mse: 4.2, mae: 5.0, "truth": 6.0}, [False] * 4 + [True])
    dots, diamonds = ax.lines[:2]
    drawn = sorted(zip(dots.get_xdata(), dots.get_ydata(), strict=True))
    assert drawn == [(5, 1), (5, 2), (5, 3), (7, 1)]
    assert (diamonds.get_marker(), list(diamonds.get_xdata())) == ("D", [-1])
    assert dots.get_color() == DATA
    centres = {line.get_label(): line.get_xdata()[0] for line in ax.lines[2:]}
    assert centres == {"mean": 4.2, "median": 5.0, "truth": 6.0}


@pytest.mark.parametrize(
    ("draw", "argument"),
    [
        (lambda: share_bars({}, 0), "costs"),
        (lambda: share_bars({mae: [1.0, 2.0]}, 2), "marked"),
        (lambda: constant_loss([], mae, [0.0, 1.0], (0, 0)), "y"),
        (lambda: moved_point([1.0], [np.nan]), "positions"),
        (lambda: dot_stack([1.0, 2.0], {}, [True]), "outliers"),
    ],
)
def test_bad_input_is_refused_by_name(draw, argument):
    with pytest.raises(ValueError, match=rf"^{argument}: .*; got "):
        draw()
