"""Fans and intervals, against other libraries, brute force and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import QuantileRegressor
from statsmodels.regression.quantile_regression import QuantReg

from course_code.datasets import engel, stars_cyg_ob1
from course_code.intervals import (
    Fan,
    conformal_margin,
    coverage,
    location_scale_fan,
    quantile_fan,
)

ENGEL = engel()
TAUS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]


@pytest.mark.parametrize("data", [ENGEL, stars_cyg_ob1()], ids=lambda d: d.name)
def test_a_fan_is_the_lines_of_two_libraries(data):
    fan = quantile_fan(data.x, data.y, TAUS)
    design = np.column_stack([np.ones(len(data.x)), data.x])
    for k, tau in enumerate(TAUS):
        model = QuantileRegressor(quantile=tau, alpha=0, solver="highs").fit(design[:, 1:], data.y)
        ours = np.array([fan.intercepts[k], fan.slopes[k]])
        loss = np.mean(np.maximum(*(t * (data.y - design @ ours) for t in (tau, tau - 1))))
        theirs = data.y - model.predict(design[:, 1:])
        best = np.mean(np.maximum(tau * theirs, (tau - 1) * theirs))
        assert loss == pytest.approx(best, rel=1e-9)
        if data is ENGEL:  # the fits to these data are unique
            np.testing.assert_allclose(ours, QuantReg(data.y, design).fit(q=tau).params, rtol=1e-5)


def test_heights_are_places_by_lines():
    fan = Fan(np.array([0.1, 0.9]), slopes=np.array([1.0, 2.0]), intercepts=np.array([0.0, -1.0]))
    assert fan.predict([0.0, 3.0]).tolist() == [[0.0, -1.0], [3.0, 5.0]]
    assert fan.meeting_points().tolist() == [1.0]
    assert fan.crossed(1.0, 4.0).tolist() == [False]  # they meet at the end and are in order
    assert fan.crossed(0.9, 4.0).tolist() == [True]
    assert fan.crossed(-4.0, 0.9).tolist() == [True]


def test_parallel_lines_never_meet():
    fan = Fan(np.array([0.1, 0.9]), slopes=np.array([1.0, 1.0]), intercepts=np.array([0.0, 2.0]))
    assert fan.meeting_points().tolist() == [math.inf]
    assert not fan.crossed(-1e6, 1e6).any()


def test_crossings_are_those_of_a_fine_grid():
    fan = quantile_fan(ENGEL.x[:25], ENGEL.y[:25], TAUS)
    low, high = ENGEL.x[:25].min(), ENGEL.x[:25].max()
    gaps = np.diff(fan.predict(np.linspace(low, high, 2001)), axis=1)
    expected = (gaps < -1e-9 * ENGEL.y.max()).any(axis=0)
    assert expected.any()
    assert fan.crossed(low, high).tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_one_shape_is_a_weighted_quantile_of_standardised_residuals(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(1, 3, 60)
    y = 2 + x + x * rng.standard_t(3, 60)
    fan = location_scale_fan(x, y, TAUS)

    def line(target):
        model = QuantileRegressor(quantile=0.5, alpha=0, solver="highs").fit(x[:, None], target)
        return model.predict(x[:, None])

    centre = line(y)
    s = line(np.abs(y - centre))
    z = (y - centre) / s  # rho(r - c s) = s rho(z - c): a quantile of z with weights s
    order = np.argsort(z)
    share = np.cumsum(s[order]) / s.sum()
    for k, tau in enumerate(TAUS):
        c = z[order][np.searchsorted(share, tau)]
        np.testing.assert_allclose(fan.predict(x)[:, k], centre + c * s, rtol=1e-6, atol=1e-8)


def test_one_shape_never_crosses_among_the_data():
    fan = location_scale_fan(ENGEL.x, ENGEL.y, TAUS)
    assert not fan.crossed(ENGEL.x.min(), ENGEL.x.max()).any()
    np.testing.assert_allclose(fan.meeting_points(), fan.meeting_points()[0], rtol=1e-9)


def test_one_shape_is_refused_where_the_scale_is_not_positive():
    x = np.array([0.0, 1, 1, 1, 2, 2, 2])
    y = np.array([0.0, -1, 0, 1, -4, 0, 4])
    with pytest.raises(ValueError, match="y: must have a spread about its median line"):
        location_scale_fan(x, y, [0.1, 0.9])


def test_coverage_counts_points_on_the_lines_that_they_define():
    for n in (7, 20, 60):
        x, y = ENGEL.x[:n], ENGEL.y[:n]
        low, high = quantile_fan(x, y, [0.05, 0.95]).predict(x).T
        # The points on the two lines are the margin of a fit: 0.9 n to 0.9 n + 4 of n.
        assert 0.9 <= coverage(y, low, high) <= min(1, 0.9 + 4 / n)


values = st.lists(st.integers(-50, 50), min_size=1, max_size=30)


@given(values, st.integers(-50, 50), st.integers(0, 30))
def test_coverage_is_a_share(y, low, width):
    n = len(y)
    share = coverage(y, [low] * n, [low + width] * n)
    assert share == sum(low <= v <= low + width for v in y) / n


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_the_margin_is_the_least_that_covers_enough(y, level):
    y = np.array(y)
    q = conformal_margin(y, np.zeros_like(y), np.ones_like(y), level)
    needed = math.ceil(round((len(y) + 1) * level, 9))
    if needed > len(y):
        assert q == math.inf
        return
    scores = np.maximum(-y, y - 1)
    assert np.sum(scores <= q) >= needed
    assert np.sum(scores < q) < needed


def test_a_level_is_not_raised_by_rounding():
    assert 100 * 0.55 > 55  # in binary; the 55th score is meant, not the 56th
    y = np.arange(1.0, 100.0)
    assert conformal_margin(y, 0 * y, 0 * y, 0.55) == 55.0


def test_a_generous_band_is_drawn_in():
    y = np.array([1.0, 2.0, 3.0])
    assert conformal_margin(y, y - 5, y + 5, 0.5) == -5.0


def test_new_points_are_covered_as_promised():
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(300):
        x = rng.uniform(1, 3, 90)
        y = x * rng.standard_t(3, 90)  # the lines are right
        fan = quantile_fan(x[:30], y[:30], [0.05, 0.95])
        q = conformal_margin(y[30:49], *fan.predict(x[30:49]).T, level=0.9)
        low, high = fan.predict(x[49:]).T
        hits.append(coverage(y[49:], low - q, high + q))
    error = np.std(hits, ddof=1) / np.sqrt(300)
    assert abs(np.mean(hits) - 18 / 20) < 4 * error


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: quantile_fan([0, 1, 2], [0, 1, 2], [0.9, 0.1]), "taus: must be in increasing"),
        (lambda: quantile_fan([0, 1, 2], [0, 1, 2], [0.0, 0.5]), "tau: must lie strictly between"),
        (lambda: quantile_fan([0, 1, 2], [0, 1, 2], []), "taus: must not be empty"),
        (lambda: quantile_fan([1, 1], [0, 1], [0.5]), "X: "),
        (lambda: location_scale_fan([0, 1, 2], [0, 1, 2], [0.5]), "y: must have a spread"),
        (lambda: coverage([1, 2], [0, 0], [[3], [3]]), "high: must be 1-dimensional"),
        (lambda: coverage([1, 2], [0], [3, 3]), "low: must have the shape of y"),
        (lambda: conformal_margin([1], [0], [2], 1.0), "level: must lie strictly between 0 and 1"),
        (lambda: conformal_margin([np.nan], [0], [2], 0.5), "y: must hold finite"),
        (lambda: quantile_fan([0, 0, 1], [0, 1, 2], [0.5]).crossed(2, 1), "high: must be above"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
