"""What goes wrong in hand-written losses, fits and experiments, and that it does not go wrong here.

Each test is named after the mistake. Where the naive version is short it stands in the test, with
the wrong number it gives.
"""

import inspect
import math
import random

import numpy as np
import pandas as pd
import pytest
import sklearn.linear_model
import statsmodels.api as sm
from scipy.optimize import approx_fprime, minimize

from course_code.datasets import belgian_calls, two_coaches
from course_code.descent import LinearModel, train
from course_code.ledger import publish
from course_code.losses import (
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    SquaredError,
    gaussian_nll,
    mae,
    mse,
    normalised,
    pooled,
    rmse,
    weighted_outputs,
)
from course_code.noise import Laplace
from course_code.regression import fit, fit_line, median_interval, standardize

# --- shapes, dtypes, missing values ------------------------------------------------------------


def test_a_column_against_a_row_broadcasts_to_a_square():
    y = np.arange(3.0)
    assert np.mean((y - y[:, None]) ** 2) == pytest.approx(4 / 3)  # of a perfect prediction
    for call in (mse, mae, rmse, mse.gradient):
        with pytest.raises(ValueError, match=r"^y_pred: must have the shape of y_true, \(3,\); "):
            call(y, y[:, None])


def test_zip_drops_what_has_no_partner():
    y, p = [1, 2, 3], [1]
    assert sum((a - b) ** 2 for a, b in zip(y, p, strict=False)) == 0.0
    with pytest.raises(ValueError, match=r"^y_pred: must have the shape .* got shape \(1,\)$"):
        mse(y, p)


def test_no_data_has_no_loss():
    for call in (mse, mae, rmse, Huber(), mae.gradient):
        with pytest.raises(ValueError, match=r"^y_true: must not be empty; got shape \(0,\)$"):
            call([], [])


def test_the_sign_of_nan_is_zero_in_a_naive_gradient():
    def sign(e):
        return (e > 0) - (e < 0)

    assert sign(math.nan) == 0  # the missing target would drop out without a word
    for call in (mae, mae.gradient):
        with pytest.raises(ValueError, match=r"^y_true: must hold finite .* nan at position 1$"):
            call([1.0, math.nan], [1.0, 2.0])


def test_small_integers_wrap_around():
    low, high = np.uint8([3]), np.uint8([5])
    assert np.abs(low - high)[0] == 254
    assert mae(low, high) == 2.0
    assert mse(np.int8([100]), np.int8([-100])) == 40000.0
    assert mse(np.int32([50_000]), np.int32([0])) == 2.5e9
    assert mse.gradient(low, high).tolist() == [4.0]


def test_pandas_aligns_by_label():
    y = pd.Series([1.0, 2.0, 3.0])
    p = pd.Series([1.0, 2.0, 3.0], index=[2, 1, 0])
    assert ((y - p) ** 2).mean() == pytest.approx(8 / 3)
    assert mse(y, p) == 0.0


# --- formulas ----------------------------------------------------------------------------------


def test_the_log_of_cosh_overflows_and_its_usual_repair_cancels():
    with np.errstate(over="ignore"):
        assert np.log(np.cosh(1000.0)) == math.inf
        assert np.log(np.cosh(np.float32(90.0))) == math.inf
    assert LogCosh()([0.0], [1000.0]) == pytest.approx(999.3068528194401, abs=1e-9)
    assert LogCosh()(np.float32([0]), np.float32([90])) == pytest.approx(90 - math.log(2))

    e = 1e-9
    assert e + math.log1p(math.exp(-2 * e)) - math.log(2) == 0.0
    assert LogCosh()([0.0], [1e-8]) == pytest.approx(5e-17, rel=1e-6, abs=0)
    assert LogCosh()([0.0], [1e-9]) == pytest.approx(5e-19, rel=1e-6, abs=0)


@pytest.mark.parametrize("delta", [0, -1, math.nan])
def test_a_threshold_of_huber_that_is_not_positive_makes_losses_negative(delta):
    assert -1 * (3 - -1 / 2) == -3.5  # the formula at delta = -1, for a residual of 3
    with pytest.raises(ValueError, match=r"^delta: must be a positive finite number; got "):
        Huber(delta)
    with pytest.raises(ValueError, match=r"^beta: must be a positive finite number; got "):
        SmoothL1(delta)


@pytest.mark.parametrize("tau", [0, 1, 1.5, -0.2, math.nan])
def test_a_quantile_level_outside_zero_and_one_pays_for_being_wrong(tau):
    assert max(1.5 * -1.0, (1.5 - 1) * -1.0) < 0  # the formula at tau = 1.5, for a residual of -1
    with pytest.raises(ValueError, match=r"^tau: must lie strictly between 0 and 1; got "):
        Quantile(tau)


def test_the_quantile_loss_with_its_arguments_swapped_prefers_the_other_side():
    too_low, too_high = Quantile(0.9)([1.0], [0.0]), Quantile(0.9)([0.0], [1.0])
    assert too_low == pytest.approx(0.9)
    assert too_high == pytest.approx(0.1)


@pytest.mark.parametrize("loss", [mse, mae, rmse, Huber(), SmoothL1(0.7), LogCosh(), Quantile(0.9)])
def test_a_gradient_loses_its_two_its_half_or_its_n(loss):
    y, p = np.array([1.0, 2, 3, 7]), np.array([1.5, 2.5, 2, 4])
    numeric = approx_fprime(p, lambda q: loss(y, q), 1e-7)
    np.testing.assert_allclose(loss.gradient(y, p), numeric, atol=1e-5)


@pytest.mark.parametrize("loss", [mse, mae, rmse, Huber(), LogCosh(), Quantile(0.9)])
def test_a_gradient_over_rows_of_a_loss_over_elements_is_k_times_too_large(loss):
    y, p = np.zeros((4, 3)), np.arange(1.0, 13).reshape(4, 3)
    numeric = approx_fprime(p.ravel(), lambda q: loss(y, q.reshape(4, 3)), 1e-7).reshape(4, 3)
    np.testing.assert_allclose(loss.gradient(y, p), numeric, atol=1e-5)
    if loss is mse:  # dividing by len(y)
        np.testing.assert_allclose(2 * (p - y) / len(y), 3 * numeric, atol=1e-4)


def test_beta_of_smooth_l1_is_taken_for_delta_of_huber():
    y, p = [0.0, 0.0], [0.2, 3.0]
    assert SmoothL1(0.5)(y, p) == pytest.approx(1.395)
    assert Huber(0.5)(y, p) == pytest.approx(0.6975)
    assert SmoothL1(0.5)(y, p) == pytest.approx(Huber(0.5)(y, p) / 0.5)
    assert SmoothL1(1.0)(y, p) == Huber(1.0)(y, p)


def test_at_a_kink_the_derivative_is_a_choice_and_ours_is_zero():
    assert mae.gradient([1.0, 2.0], [1.0, 5.0]).tolist() == [0.0, 0.5]
    assert Quantile(0.9).gradient([1.0], [1.0]).tolist() == [0.0]
    one_sided = approx_fprime([1.0], lambda q: mae([1.0], q), 1e-7)
    assert one_sided == pytest.approx([1.0])  # which is why no test may ask differences there


def test_the_rmse_divides_zero_by_zero_at_a_perfect_fit():
    y = np.array([1.0, 2.0])
    with np.errstate(invalid="ignore"):
        assert np.isnan((y - y) / np.sqrt(np.mean((y - y) ** 2))).all()
    assert rmse.gradient(y, y).tolist() == [0.0, 0.0]


def test_a_square_overflows_and_infinity_minus_infinity_is_nan():
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.array([1e200, 1e200]) ** 2
        assert np.isnan(squares[0] - squares[1])
    assert mse([1e200], [0.0]) == math.inf  # its true value is too large for the format
    assert rmse([1e200], [0.0]) == 1e200
    assert Huber(1.0)([1e200], [0.0]) == 1e200
    assert mse.gradient([1e200], [0.0]).tolist() == [-2e200]


def test_a_standard_deviation_passed_as_a_variance():
    right, wrong = gaussian_nll([0.5], [0.0], 0.25), gaussian_nll([0.5], [0.0], 0.5)
    sd = 0.5
    assert right == pytest.approx(-math.log(math.exp(-0.5) / (sd * math.sqrt(2 * math.pi))))
    assert abs(right - wrong) > 0.09
    assert "not the standard deviation" in inspect.getdoc(gaussian_nll)
    with pytest.raises(ValueError, match=r"^variance: must be positive; got 0\.0$"):
        gaussian_nll([1.0], [0.0], 0.0)


def test_the_scale_of_the_laplace_density_is_taken_for_its_standard_deviation():
    draws = Laplace(scale=2.0).sample(200_000, np.random.default_rng(0))
    assert draws.std() == pytest.approx(2 * math.sqrt(2), rel=0.01)
    assert Laplace.fit_scale(draws) == pytest.approx(2.0, rel=0.01)


def test_normalised_outputs_are_weighted_by_one_over_k_times_the_variance():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(30, 3)) * [1, 100, 0.01]
    p = y + rng.normal(size=(30, 3)) * [0.1, 20, 0.001]
    inverse = 1 / y.var(axis=0)
    value = normalised(mse, y, p)
    assert weighted_outputs(mse, y, p, inverse) == pytest.approx(3 * value)  # the K forgotten
    assert weighted_outputs(mse, y, p, inverse / 3) == pytest.approx(value)


def test_the_mean_of_batch_means_is_not_the_mean():
    batches = [([1.0] * 4, [0.0] * 4), ([5.0], [0.0])]
    assert np.mean([mse(y, p) for y, p in batches]) == 13.0
    assert pooled(mse, batches) == pytest.approx(5.8)
    assert pooled(rmse, batches) == pytest.approx(math.sqrt(5.8))


# --- fits --------------------------------------------------------------------------------------


def test_a_descent_that_has_not_arrived_is_called_the_absolute_error_fit():
    data = two_coaches()
    exact = fit_line(data.x, data.y, mae)
    last = train(LinearModel(), mae, data.x, data.y, 0.05, 2000).final
    assert (round(last.w, 4), round(last.b, 4)) == (1.5365, 0.5)
    assert abs(last.w - exact.slope) > 0.01  # far in the coefficients,
    assert 0 < last.loss - exact.objective < 1e-5  # near in the objective: so test the objective
    assert exact.objective <= 0.07429831854822612 * (1 + 1e-12)
    assert mae(data.y, exact.predict(data.x)) == pytest.approx(exact.objective, rel=1e-12)


def test_one_of_many_minimisers_is_called_the_fit():
    calls = belgian_calls()
    line = fit_line(calls.x, calls.y, mae)
    low, high = line.interval.slope
    # The same data in millions of calls, the unit in which these numbers are published.
    unit = 844.0 / (line.objective * len(calls))
    assert unit == pytest.approx(10.0, rel=1e-9)
    assert (unit * low, unit * high) == pytest.approx((1.1571, 1.6222), abs=1e-4)


def test_the_median_of_an_even_number_is_a_whole_interval():
    y = [1.0, 2, 3, 10]
    assert median_interval(y) == (2.0, 3.0)
    assert {mae(y, [c] * 4) for c in (2.0, 2.5, 3.0)} == {2.5}
    assert mae(y, [1.99] * 4) > 2.5
    assert mae(y, [3.01] * 4) > 2.5


def test_the_textbook_slope_cancels_far_from_zero():
    x, y = np.arange(10.0) + 1e8, 2 * np.arange(10.0) + 1
    textbook = (10 * (x * y).sum() - x.sum() * y.sum()) / (10 * (x * x).sum() - x.sum() ** 2)
    assert abs(textbook - 2) > 0.05
    assert fit_line(x, y, mse).slope == pytest.approx(2, rel=1e-9)


def test_a_vertical_line_is_given_a_slope():
    slope, intercept = np.linalg.lstsq(np.c_[[2.0] * 3, [1.0] * 3], [1.0, 2, 3], rcond=None)[0]
    assert (slope, intercept) == pytest.approx((0.8, 0.4))  # no error, one of many answers
    for loss in (mse, mae, Huber(), Quantile(0.9)):
        with pytest.raises(ValueError, match=r"^[xX]: "):
            fit_line([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], loss)


def test_standardising_with_two_divisors_breaks_the_correlation():
    x, y = np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])
    r = np.corrcoef(x, y)[0, 1]
    mixed = np.mean((x - x.mean()) / x.std(ddof=0) * (y - y.mean()) / y.std(ddof=1))
    assert abs(mixed - r) > 0.05
    z, _, _ = standardize(np.c_[x, y])
    assert fit_line(z[:, 0], z[:, 1], mse).slope == pytest.approx(r, rel=1e-12)


def test_huber_regression_names_three_different_estimators():
    data = two_coaches(outliers=3)
    X = data.x[:, None]
    ours = fit(X, data.y, Huber(1.0))

    def objective(beta):
        return Huber(1.0)(data.y, beta[0] * data.x + beta[1])

    fixed = minimize(objective, [0.0, 0.0], method="BFGS", options={"gtol": 1e-10}).x
    assert (ours.slope, ours.intercept) == pytest.approx(fixed, abs=1e-6)
    concomitant = sklearn.linear_model.HuberRegressor(epsilon=1.345, alpha=0.0).fit(X, data.y)
    by_mad = sm.RLM(data.y, sm.add_constant(X), M=sm.robust.norms.HuberT(1.345)).fit()
    slopes = np.sort([ours.slope, concomitant.coef_[0], by_mad.params[1]])
    assert (np.diff(slopes) > 1e-4).all()


# --- experiments -------------------------------------------------------------------------------


def test_one_draw_less_moves_every_outlier():
    data = two_coaches(outliers=3)
    assert data.x[40:].round(6).tolist() == [-0.663903, -0.765808, -0.882091]
    rng = random.Random(7)
    for _ in range(39):
        rng.uniform(-1, 1)
        rng.gauss(0, 0.1)
    moved = [round(rng.uniform(-1, 1), 3) for _ in range(3)]
    assert moved == [-0.077, -0.664, -0.766]


def test_a_shared_random_state_leaks_from_cell_to_cell():
    random.seed(1)
    before = random.getstate()
    first = two_coaches(outliers=3)
    assert random.getstate() == before
    random.random()
    np.testing.assert_array_equal(two_coaches(outliers=3).y, first.y)


def test_a_falling_loss_rises_by_rounding_in_float32():
    data = two_coaches()
    x, y = data.x.astype(np.float32), data.y.astype(np.float32)
    w = b = np.float32(0)
    values = []
    for _ in range(2000):
        p = w * x + b
        values.append(mse(y, p))
        g = mse.gradient(y, p)
        w, b = w - np.float32(0.05) * (g @ x), b - np.float32(0.05) * g.sum()
    rises = np.diff(np.array(values, dtype=float))
    assert values[0].dtype == np.float32
    assert 0 < rises.max() < 1e-8
    exact = np.diff(train(LinearModel(), mse, data.x, data.y, 0.05, 2000).loss)
    assert exact.max() < 1e-15


def test_a_trace_pairs_the_loss_before_a_step_with_the_weights_after_it():
    data = two_coaches()
    trace = train(LinearModel(), SquaredError(), data.x, data.y, 0.05, 5)
    assert len(trace.w) == len(trace.b) == len(trace.loss) == 6
    assert (trace.w[0], trace.b[0]) == (0.0, 0.0)
    for w, b, loss in zip(trace.w, trace.b, trace.loss, strict=True):
        assert loss == pytest.approx(mse(data.y, w * data.x + b), rel=1e-14)


def test_results_print_as_numpy_scalars_or_as_minus_zero(capsys):
    y, p = np.array([1.0, 2.0]), np.array([1.0, 4.0])
    results = [mse(y, p), rmse(y, p), mae.rho(np.float64(2)), pooled(mse, [(y, p)]), mae(y, p, y)]
    assert "np." not in repr(results)
    assert repr(mse.gradient([1.0], [1.0])) == "array([0.])"
    assert not any(np.signbit(loss.gradient(y, y)).any() for loss in (mse, mae, rmse, Huber()))
    publish(zero=-0.0, one=np.float64(1.0))
    assert capsys.readouterr().out == "zero = 0\none = 1\n"
