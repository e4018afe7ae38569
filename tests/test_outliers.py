"""Leverages, pulls, breakdown counts and the least-median line."""

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from course_code.datasets import belgian_calls, contaminate, stars_cyg_ob1, two_coaches
from course_code.losses import mae, mse
from course_code.outliers import (
    breakdown_count,
    least_median_line,
    leverages,
    pull_range,
    slope_weights,
    slopes_by_loss,
)
from course_code.regression import fit_line

CLEAN = two_coaches()
places = st.lists(st.integers(-50, 50), min_size=3, max_size=12).filter(lambda v: len(set(v)) > 1)


@given(places)
def test_weights_add_up_to_0_and_leverages_to_2(x):
    a, h = slope_weights(x), leverages(x)
    assert a.sum() == pytest.approx(0, abs=1e-12)
    assert a @ np.array(x) == pytest.approx(1)
    assert h.sum() == pytest.approx(2)
    assert (h >= 1 / len(x) - 1e-12).all()
    assert (h <= 1 + 1e-12).all()


@given(places, st.integers(0, 999))
def test_leverages_are_those_of_statsmodels(x, seed):
    y = np.random.default_rng(seed).normal(size=len(x))
    influence = sm.OLS(y, sm.add_constant(np.array(x, float))).fit().get_influence()
    np.testing.assert_allclose(leverages(x), influence.hat_matrix_diag, rtol=1e-9, atol=1e-12)


def test_a_far_offset_costs_no_digits():
    x = np.arange(10.0)
    np.testing.assert_allclose(leverages(x + 1e8), leverages(x), rtol=1e-7)


@given(places, st.integers(-10, 10))
def test_pull_range_is_the_solution_of_its_linear_program(x, tenths):
    votes = len(x) * tenths / 10
    ends = [
        linprog(sign * np.array(x, float), A_eq=np.ones((1, len(x))), b_eq=[votes], bounds=(-1, 1))
        for sign in (1, -1)
    ]
    low, high = pull_range(x, votes)
    assert low == pytest.approx(ends[0].fun, abs=1e-7)
    assert high == pytest.approx(-ends[1].fun, abs=1e-7)


@pytest.mark.parametrize("place", [-0.8, -0.4, 0.5, 2.0, -5.0, 16.4, 17.0, -17.0])
def test_the_lad_line_is_carried_away_by_that_many_outliers_and_no_fewer(place):
    count = breakdown_count(CLEAN.x, place)

    def slope(k, height):
        data = contaminate(CLEAN.x, CLEAN.y, [place] * k, height) if k else CLEAN
        return fit_line(data.x, data.y, mae).slope

    assert slope(count - 1, 1e4) == pytest.approx(slope(count - 1, 1e6), rel=1e-9)
    assert abs(slope(count, 1e6)) > 50 * abs(slope(count, 1e4))


def test_outliers_at_the_median_need_half_of_the_points():
    assert breakdown_count([-2, -1, 0, 1, 2], at_x=0) == 6
    assert breakdown_count(CLEAN.x, float(np.median(CLEAN.x))) == 40


def test_slopes_by_loss_are_those_of_the_libraries():
    sets = [CLEAN, two_coaches(outliers=3)]
    slopes = slopes_by_loss(sets, [mse, mae])
    assert list(slopes) == [mse, mae]
    for i, data in enumerate(sets):
        assert slopes[mse][i] == pytest.approx(np.polyfit(data.x, data.y, 1)[0])
        median = sm.QuantReg(data.y, sm.add_constant(data.x)).fit(q=0.5)
        assert slopes[mae][i] == pytest.approx(median.params[1], abs=1e-4)


def brute_force_median_line(x, y):
    """The narrowest strip over half of the points, by three points at a time."""
    best = np.inf
    for i, j in itertools.combinations(range(len(x)), 2):
        if x[i] == x[j]:
            continue
        slope = (y[j] - y[i]) / (x[j] - x[i])
        for k in range(len(x)):
            # Two points on one edge of the strip, a third one on the other, or all on one.
            one, other = y[i] - slope * x[i], y[k] - slope * x[k]
            r = np.sort(np.abs(y - slope * x - (one + other) / 2))
            best = min(best, r[len(x) // 2])
    return best


@given(st.integers(0, 500), st.integers(4, 12))
def test_no_line_has_a_smaller_median(seed, n):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=n).round(1), rng.normal(size=n).round(1)
    if len(set(x)) < 2:
        x[0] += 1
    line = least_median_line(x, y)
    r = np.sort(np.abs(y - line.slope * x - line.intercept))
    assert r[n // 2] <= brute_force_median_line(x, y) + 1e-12
    # Nor does a line nearby, whatever its slope.
    for slope in line.slope + rng.normal(size=40) * np.repeat([0.01, 1], 20):
        heights = np.sort(y - slope * x)
        width = (heights[n // 2 :] - heights[: n - n // 2]).min()
        assert r[n // 2] <= width / 2 + 1e-12


def test_the_median_line_ignores_just_under_half_of_the_points():
    x = np.arange(11.0)
    y = 2 * x + 1
    y[[0, 3, 5, 8, 10]] = [900, -70, 80, 1e6, -1e6]
    line = least_median_line(x, y)
    assert (line.slope, line.intercept, line.scale) == pytest.approx((2, 1, 0), abs=1e-9)


def test_the_published_data_give_the_known_lines():
    stars = stars_cyg_ob1()
    line = least_median_line(stars.x, stars.y)
    assert (line.slope, line.intercept) == pytest.approx((4.00, -12.76), abs=1e-6)
    calls = belgian_calls()
    assert least_median_line(calls.x, calls.y).slope == pytest.approx(0.1155, abs=1e-6)


def test_the_scale_is_that_of_gaussian_noise():
    rng = np.random.default_rng(5)
    scales = [least_median_line(x, rng.normal(size=60)).scale for x in rng.normal(size=(40, 60))]
    assert 0.7 < np.mean(scales) < 1.2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: leverages([2, 2, 2]), "x: must hold two different values; got 3 times 2"),
        (lambda: slope_weights([0.1, 0.1, 0.1]), "x: must hold two different values"),
        (lambda: leverages([[1, 2]]), "x: must be 1-dimensional"),
        (lambda: leverages([1, np.nan]), "x: must hold finite numbers only"),
        (lambda: pull_range([1, 2], 3), "votes: must lie between -2 and 2; got 3.0"),
        (lambda: pull_range([], 0), "x: must not be empty"),
        (lambda: breakdown_count([1, 2], np.inf), "at_x: must be a finite number; got inf"),
        (lambda: least_median_line([1, 1, 1], [1, 2, 3]), "x: must hold two different values"),
        (lambda: least_median_line([1, 2], [1, 2]), "number of points: must be a whole number"),
        (lambda: least_median_line([1, 2, 3], [1, 2]), "y: must have the shape of x"),
    ],
)
def test_bad_input_is_refused_with_its_name(call, message):
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")):
        call()
