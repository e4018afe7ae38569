"""Absolute and quantile loss: exact, certified, with all minimisers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_code.datasets import (
    anscombe,
    belgian_calls,
    boscovich_arcs,
    engel,
    stackloss,
    two_coaches,
)
from course_code.losses import AbsoluteError, Quantile
from course_code.regression import fit, fit_line
from tests.optimality import assert_quantile_certified, quantile_optimum, quantile_range

rng = np.random.default_rng


def problem(k):
    """Random, tied, gridded, heavy-tailed or nearly collinear, with all kinds of weights."""
    random = rng(k)
    p = int(random.integers(1, 6))
    n = int(random.integers(p + 2, 40))
    if k % 6 == 0:
        X, y = random.normal(size=(n, p)), random.normal(size=n)
    elif k % 6 == 1:
        X, y = random.integers(-2, 3, (n, p)), random.integers(-2, 3, n)
    elif k % 6 == 2:
        X, y = random.integers(0, 2, (n, p)), random.integers(0, 4, n)
    elif k % 6 == 3:
        X, y = random.normal(size=(n, p)).round(1), random.integers(-1, 2, n)
    elif k % 6 == 4:
        X, y = random.standard_cauchy((n, p)), random.standard_cauchy(n)
    else:
        X, y = np.vander(random.integers(0, 5, n) / 5, p + 1)[:, :p], random.normal(size=n)
    w = np.ones(n) if k % 4 < 2 else random.integers(0, 4, n)
    tau = float(random.choice([0.5, 0.25, 0.1, 0.75, 0.9, 1 / 3]))
    intercept = bool(random.integers(0, 2))
    return X.astype(float), y.astype(float), tau, w.astype(float), intercept


def solvable(k):
    X, _, _, w, intercept = problem(k)
    A = np.column_stack([np.ones(len(X)), X]) if intercept else X
    return np.linalg.matrix_rank(A[w > 0]) == A.shape[1]


@pytest.mark.parametrize("k", [k for k in range(60) if solvable(k)])
def test_optimum_certificate_and_all_minimisers_agree_with_highs(k):
    X, y, tau, w, intercept = problem(k)
    found = fit(X, y, Quantile(tau), sample_weight=w, intercept=intercept)
    assert_quantile_certified(found, X, y, tau, w, intercept)
    assert found.verify(X, y, w, intercept=intercept)
    best = quantile_optimum(X, y, tau, w, intercept)
    assert found.objective * w.sum() == pytest.approx(best, rel=1e-9, abs=1e-9)

    expected = quantile_range(X, y, tau, w, best, intercept)
    point = np.append([found.intercept] if intercept else [], found.coef)
    ends = np.column_stack([point, point])
    if found.interval is not None:
        ends = np.vstack(
            [[found.interval.intercept] if intercept else ends[:0], found.interval.coef]
        )
        assert (ends[:, 1] > ends[:, 0]).any()
    np.testing.assert_allclose(ends, expected, rtol=1e-4, atol=1e-4)
    assert (ends[:, 0] <= point + 1e-12 * np.abs(point)).all()
    assert (point <= ends[:, 1] + 1e-12 * np.abs(point)).all()


def test_a_wrong_certificate_is_noticed():
    random = rng(0)
    X, y = random.normal(size=(30, 2)), random.normal(size=30)
    found = fit(X, y, AbsoluteError())
    assert found.verify(X, y)
    assert not found.verify(X, y + random.normal(size=30))
    assert not found.verify(X + 1e-3 * random.normal(size=X.shape), y)
    assert not fit(X, y, Quantile(0.4)).verify(X, y, np.arange(30.0))
    with pytest.raises(ValueError, match=r"^y: must have the 30 values fitted; got "):
        found.verify(X[:29], y[:29])


# Values known from elsewhere ---------------------------------------------------------------------


def test_stack_loss():
    """The median as published by Koenker (2005); eight points lie on the lower quartile."""
    data = stackloss()
    X = np.column_stack([data["air_flow"], data["water_temp"], data["acid_conc"]])
    y = data["stack_loss"]
    median = fit(X, y, AbsoluteError())
    np.testing.assert_allclose(median.coef, [0.831884, 0.573913, -0.060870], atol=5e-7)
    assert median.intercept == pytest.approx(-39.689855, abs=5e-7)
    assert median.interval is None
    quarter = fit(X, y, Quantile(0.25))
    np.testing.assert_allclose(quarter.coef, [0.5, 1, 0], atol=1e-12)
    assert quarter.intercept == pytest.approx(-36, abs=1e-10)
    assert (np.abs(y - quarter.predict(X)) < 1e-10).sum() == 8


def test_engel():
    """Koenker and Bassett (1982), as printed by quantreg and statsmodels."""
    data = engel()
    x, y = data["income"], data["foodexp"]
    median = fit_line(x, y, Quantile(0.5))
    assert (median.intercept, median.slope) == pytest.approx((81.482247, 0.560181), abs=5e-7)
    for tau in (0.05, 0.25, 0.75, 0.95):
        found = fit_line(x, y, Quantile(tau))
        assert_quantile_certified(found, x[:, None], y, tau)
        best = quantile_optimum(x[:, None], y, tau, np.ones(len(y)))
        assert found.objective * len(y) == pytest.approx(best, rel=1e-12)


def test_every_slope_of_a_range_is_minimal_for_the_belgian_calls():
    data = belgian_calls()
    x, y = data["year"], data["calls_tens_of_millions"]
    found = fit_line(x, y, AbsoluteError())
    assert found.objective * len(y) == pytest.approx(84.40, abs=1e-10)
    assert found.interval.slope == pytest.approx((0.1157142857, 0.1622222222), abs=1e-10)
    assert found.slope == pytest.approx(found.interval.slope[0], abs=1e-12)
    for share in (0, 0.3, 1):
        low, high = found.interval.slope
        slope = low + share * (high - low)
        assert np.abs(y - slope * x - np.median(y - slope * x)).sum() == pytest.approx(84.40)


def test_anscombe_four_and_the_corners_of_a_square():
    data = anscombe()
    found = fit_line(data["x4"], data["y4"], AbsoluteError())
    assert found.interval is not None
    assert found.objective == pytest.approx(9.93 / 11)
    corners = fit_line([0, 0, 1, 1], [0, 1, 0, 1], AbsoluteError())
    assert corners.interval.slope == (-1, 1)
    assert corners.interval.intercept == (0, 1)
    assert corners.objective == 0.5


def test_boscovich_arcs_without_his_constraint():
    data = boscovich_arcs()
    found = fit_line(
        data["sin2_lat_1e4_boscovich"] / 1e4, data["arc_toises_per_degree"], AbsoluteError()
    )
    assert (found.intercept, found.slope) == pytest.approx((56751, 800.143), abs=5e-4)


def test_two_coaches():
    data = two_coaches()
    found = fit_line(data.x, data.y, AbsoluteError())
    assert (found.slope, found.intercept) == pytest.approx((1.54784679, 0.50946195), abs=5e-9)
    assert found.objective == pytest.approx(0.0742983185, abs=5e-11)
    data = two_coaches(outliers=3)
    found = fit_line(data.x, data.y, AbsoluteError())
    assert (found.slope, found.intercept) == pytest.approx((1.46253343, 0.48474160), abs=5e-9)


# Sets of minimisers ------------------------------------------------------------------------------


def test_the_minimiser_with_the_smallest_coefficients_is_reported_whatever_the_order_of_the_rows():
    random = rng(4)
    X = np.repeat(np.eye(3), 4, axis=0)[:, :2]  # three groups of four: each median is an interval
    y = np.array([0, 1, 3, 9, 0, 2, 5, 9, 0, 4, 4.5, 9.0])
    first = fit(X, y, AbsoluteError())
    np.testing.assert_allclose(first.coef, [1 - 4.5, 2 - 4.5], atol=1e-12)
    assert first.intercept == pytest.approx(4.5)
    np.testing.assert_allclose(first.interval.coef, [[-3.5, -1], [-2.5, 1]], atol=1e-12)
    assert first.interval.intercept == pytest.approx((4, 4.5))
    for _ in range(5):
        order = random.permutation(12)
        other = fit(X[order], y[order], AbsoluteError())
        np.testing.assert_allclose(other.coef, first.coef, atol=1e-12)
        np.testing.assert_allclose(other.interval.coef, first.interval.coef, atol=1e-12)


def test_the_column_of_ones_gives_the_median_interval():
    found = fit(np.ones((4, 1)), [1, 2, 3, 10], AbsoluteError(), intercept=False)
    assert (found.slope, found.interval.slope) == (2, (2, 3))
    assert found.interval.intercept == (0.0, 0.0)


# Adversarial data: certified, or refused with a reason -------------------------------------------


def adversaries():
    random = rng(5)
    n = 200
    x, e = random.normal(size=(n, 2)), random.standard_t(2, n)
    y = x.sum(axis=1) + e
    grid = np.array(np.meshgrid(np.arange(30.0), np.arange(30.0))).reshape(2, -1).T
    wild_y, wild_x, wilder_x = y.copy(), x.copy(), x.copy()
    wild_y[:5] = 1e12
    wild_x[0, 0] = 1e12
    wilder_x[:3, 0] = 1e12, -1e12, 2e12
    cases = {
        "constant y": (x, np.full(n, 3.0)),
        "two levels of x": (np.repeat([0.0, 1.0], n // 2)[:, None], random.integers(0, 4, n)),
        "p = n - 1": (random.normal(size=(6, 5)), random.normal(size=6)),
        "p = n - 1, wide": (random.normal(size=(60, 59)), random.normal(size=60)),
        "x + 1e8": (x + 1e8, y),
        "y + 1e8": (x, y + 1e8),
        "x 1e-150": (x * 1e-150, y),
        "x 1e150": (x * 1e150, y),
        "y 1e-150": (x, y * 1e-150),
        "y 1e150": (x, y * 1e150),
        "columns 1e-150 and 1e150": (x * [1e-150, 1e150], y),
        "grid": (grid, grid.sum(axis=1) + random.integers(-2, 3, 900)),
        "grid, exact plane": (grid, grid[:, 0] - grid[:, 1]),
        "grid, parity": (grid, (grid[:, 0] * grid[:, 1]) % 2),
        "y outliers 1e12": (x, wild_y),
        "x outlier 1e12": (wild_x, y),
        "x outliers 1e12": (wilder_x, y),
        "outliers 1e12 in both": (wilder_x, wild_y),
        "polynomial": (np.vander(np.arange(1.0, 61), 8)[:, :-1], random.integers(0, 3, 60)),
        "two points": (np.array([[0.0], [1.0]]), np.array([0.0, 5.0])),
        "forty columns": (random.normal(size=(400, 40)), random.normal(size=400)),
    }
    return [pytest.param(X, np.asarray(y, float), id=name) for name, (X, y) in cases.items()]


@pytest.mark.parametrize(("X", "y"), adversaries())
@pytest.mark.parametrize("tau", [0.5, 0.9])
def test_adversarial_data_are_certified(X, y, tau):
    found = fit(X, y, Quantile(tau))
    assert_quantile_certified(found, X, y, tau, rtol=1e-8)
    assert found.verify(X, y)
    assert found.certificate.balance < 1e-10


def test_as_many_columns_as_rows():
    random = rng(6)
    X, y = random.normal(size=(6, 6)), random.normal(size=6)
    assert fit(X, y, AbsoluteError(), intercept=False).objective < 1e-14
    rule = r"^X: columns must be linearly independent \(with the intercept\); got rank 6 of 7$"
    with pytest.raises(ValueError, match=rule):
        fit(X, y, AbsoluteError())


def test_one_point_a_million_times():
    X = np.vstack([np.tile([1.0, 2.0], (1_000_000, 1)), [[0, 0], [3, 1], [5, 5], [2, 7]]])
    y = np.append(np.full(1_000_000, 4.0), [1, 2, 9, 4])
    found = fit(X, y, AbsoluteError())
    assert_quantile_certified(found, X, y, 0.5, scale=2)
    few, count = np.vstack([X[:1], X[-4:]]), np.array([1e6, 1, 1, 1, 1])
    weighted = fit(few, np.append(4.0, y[-4:]), AbsoluteError(), sample_weight=count)
    np.testing.assert_allclose(found.coef, weighted.coef, rtol=1e-9)


def test_a_million_points_on_four_places():
    random = rng(7)
    x = np.repeat([0.0, 1.0, 2.0, 3.0], 250_000)
    y = random.integers(0, 10, 1_000_000).astype(float)
    found = fit_line(x, y, Quantile(0.9))
    assert_quantile_certified(found, x[:, None], y, 0.9)


@pytest.mark.parametrize("tau", [0.5, 0.05])
@pytest.mark.parametrize(("n", "p"), [(3_000, 1), (20_000, 4), (100_000, 2)])
def test_many_rows_are_as_exact_as_few(n, p, tau):
    random = rng(n + p)
    X = random.standard_t(3, (n, p))
    y = X.sum(axis=1) + (1 + np.abs(X[:, 0])) * random.standard_t(2, n)
    w = random.integers(0, 3, n).astype(float)
    assert_quantile_certified(fit(X, y, Quantile(tau)), X, y, tau)
    assert_quantile_certified(fit(X, y, Quantile(tau), sample_weight=w), X, y, tau, w)


@pytest.mark.parametrize("degree", [8, 12])
@pytest.mark.parametrize("n", [100, 5_000])
def test_powers_of_x_are_as_good_as_chebyshev_polynomials(degree, n):
    """The same curves from columns that are nearly dependent and from columns that are not."""
    random = rng(degree)
    x = np.linspace(-1, 1, n)
    y = np.sin(5 * x) + random.standard_t(2, n)
    powers = np.vander((x + 1) / 2, degree + 1)[:, :-1]
    found = fit(powers, y, AbsoluteError())
    known = fit(np.polynomial.chebyshev.chebvander(x, degree)[:, 1:], y, AbsoluteError())
    assert_quantile_certified(
        known, np.polynomial.chebyshev.chebvander(x, degree)[:, 1:], y, 0.5, scale=2
    )
    assert found.objective == pytest.approx(known.objective, rel=1e-7)
    np.testing.assert_allclose(found.certificate.psi, known.certificate.psi, atol=1e-5)
    assert found.verify(powers, y)


def test_twins():
    """Two columns that differ by 1e-8 are told apart; by 1e-12, rounding leaves no proof."""
    random = rng(12)
    x, e = random.normal(size=(2, 100))
    y = x + random.standard_t(2, 100)
    apart = fit(np.column_stack([x, e]), y, AbsoluteError())
    twins = fit(np.column_stack([x, x + 2**-27 * e]), y, AbsoluteError())
    assert twins.objective == pytest.approx(apart.objective, rel=1e-7)
    with pytest.raises(ValueError, match=r"^X: columns must be independent enough for a proof of"):
        fit(np.column_stack([x, x + 1e-13 * e]), y, AbsoluteError())


def test_many_rows_agree_with_highs():
    from sklearn.linear_model import QuantileRegressor

    random = rng(8)
    X = random.normal(size=(2_000, 3))
    y = X @ [1, -2, 0.5] + random.standard_t(3, 2_000)
    theirs = QuantileRegressor(quantile=0.3, alpha=0, solver="highs").fit(X, y)
    ours = fit(X, y, Quantile(0.3))
    np.testing.assert_allclose(ours.coef, theirs.coef_, rtol=1e-8)
    assert ours.intercept == pytest.approx(theirs.intercept_, rel=1e-8)


def test_sorted_and_grouped_rows_do_not_mislead_the_sample():
    x = np.sort(rng(9).normal(size=30_000))
    y = np.where(np.arange(30_000) < 20_000, 0.0, 1000.0) + x
    found = fit_line(x, y, AbsoluteError())
    assert_quantile_certified(found, x[:, None], y, 0.5, scale=2)


def test_a_column_that_a_sample_misses():
    """Four ones among 20 000 zeros: no sample is likely to hold two of them."""
    random = rng(10)
    rare = np.zeros(20_000)
    rare[[5, 17, 4_000, 19_999]] = 1
    X = np.column_stack([random.normal(size=20_000), rare])
    y = X.sum(axis=1) + random.normal(size=20_000)
    found = fit(X, y, AbsoluteError())
    assert_quantile_certified(found, X, y, 0.5, scale=2)


# Properties --------------------------------------------------------------------------------------

small = st.integers(-4, 4).map(float)


@given(st.lists(st.tuples(small, small), min_size=3, max_size=12), st.sampled_from([0.2, 0.5, 0.8]))
def test_no_line_through_two_points_is_better(points, tau):
    x, y = np.array(points).T
    if len(set(x)) < 2:
        return
    loss = Quantile(tau)
    found = fit_line(x, y, loss)
    for i in range(len(x)):
        for j in range(i):
            if x[i] != x[j]:
                slope = (y[i] - y[j]) / (x[i] - x[j])
                assert found.objective <= loss(y, y[i] + slope * (x - x[i])) + 1e-12


@given(st.integers(0, 2**32 - 1), st.floats(-5, 5), st.floats(0.1, 10))
def test_equivariance(key, shift, factor):
    """Adding a plane to y adds it to the fit; scaling y scales it."""
    random = rng(key)
    X, y = random.normal(size=(15, 2)), random.normal(size=15)
    base = fit(X, y, Quantile(0.3))
    moved = fit(X, factor * y + X @ [shift, 1] + shift, Quantile(0.3))
    np.testing.assert_allclose(moved.coef, factor * base.coef + [shift, 1], atol=1e-9)
    assert moved.intercept == pytest.approx(factor * base.intercept + shift, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_a_weight_is_a_repetition(key):
    random = rng(key)
    X, y = random.normal(size=(12, 2)), random.normal(size=12)
    w = random.integers(0, 4, 12)
    w[:4] = 1
    weighted = fit(X, y, AbsoluteError(), sample_weight=w)
    repeated = fit(np.repeat(X, w, axis=0), np.repeat(y, w), AbsoluteError())
    np.testing.assert_allclose(weighted.coef, repeated.coef, atol=1e-10)
    assert weighted.objective == pytest.approx(repeated.objective)
    kept = fit(X[w > 0], y[w > 0], AbsoluteError(), sample_weight=w[w > 0])
    np.testing.assert_array_equal(weighted.coef, kept.coef)


def test_mirrored_data_swap_the_quantiles():
    random = rng(11)
    X, y = random.normal(size=(50, 3)), random.normal(size=50)
    low, high = fit(X, y, Quantile(0.2)), fit(X, -y, Quantile(0.8))
    np.testing.assert_allclose(low.coef, -high.coef, atol=1e-12)
