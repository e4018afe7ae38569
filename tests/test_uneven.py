"""Heteroscedastic fits against statsmodels, SciPy's optimisers and what is known in closed form."""

import re

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import approx_fprime, minimize

from course_code import uneven
from course_code.datasets import anscombe, engel, stackloss
from course_code.uneven import likelihood_fit, standard_errors, two_step_fit

ENGEL = engel()
X, Y, LOG_X = ENGEL.x, ENGEL.y, np.log(ENGEL.x)
SPREADS = pytest.mark.parametrize("z", [LOG_X, X / 1000], ids=["power", "exponential"])


def minus_log_likelihood(theta, x, y, z):
    return -stats.norm.logpdf(y, theta[0] + theta[1] * x, np.exp(theta[2] + theta[3] * z)).sum()


def coefficients(fit):
    return np.array([fit.intercept, fit.slope, fit.level, fit.growth])


def design(x):
    return sm.add_constant(np.asarray(x, float))


# --- the likelihood fit --------------------------------------------------------------------------


@SPREADS
def test_the_fit_is_the_minimum_that_scipy_finds(z):
    fit = likelihood_fit(X, Y, z)
    # z is centred and x scaled for SciPy's sake; the minimum does not depend on it.
    start = [Y.mean(), 0.5, np.log(Y.std()), 0.0]
    found = minimize(
        lambda t: minus_log_likelihood([t[0], t[1] / 100, t[2], t[3]], X, Y, z - z.mean()),
        [start[0], 50.0, *start[2:]],
        method="Nelder-Mead",
        options={"maxiter": 8000, "maxfev": 8000, "xatol": 1e-8, "fatol": 1e-10},
    )
    assert fit.nll == pytest.approx(found.fun, abs=1e-6)
    assert fit.nll <= found.fun + 1e-9
    assert fit.slope == pytest.approx(found.x[1] / 100, rel=1e-5)
    assert fit.growth == pytest.approx(found.x[3], rel=1e-5)


@SPREADS
def test_the_gradient_vanishes_and_the_value_is_scipys(z):
    fit = likelihood_fit(X, Y, z)
    theta = coefficients(fit)
    assert fit.nll == pytest.approx(minus_log_likelihood(theta, X, Y, z), rel=1e-12)
    slope = approx_fprime(theta, minus_log_likelihood, 1e-6 * fit.errors, X, Y, z)
    np.testing.assert_allclose(slope * fit.errors, 0, atol=2e-3)  # in standard errors


def test_given_the_spread_the_line_is_weighted_least_squares():
    fit = likelihood_fit(X, Y, LOG_X)
    weights = 1 / fit.sigma(LOG_X) ** 2
    wls = sm.WLS(Y, design(X), weights=weights).fit(cov_type="fixed scale")
    np.testing.assert_allclose([fit.intercept, fit.slope], wls.params, rtol=1e-8)
    np.testing.assert_allclose(fit.errors[:2], wls.bse, rtol=1e-8)
    gls = sm.GLS(Y, design(X), sigma=fit.sigma(LOG_X) ** 2).fit()
    np.testing.assert_allclose(fit.predict(X), gls.fittedvalues, rtol=1e-8)


def test_given_the_line_the_spread_is_a_gamma_regression_of_the_squares():
    """r^2 is sigma^2 times chi-squared: a gamma law with a log link and twice the coefficients."""
    fit = likelihood_fit(X, Y, LOG_X)
    family = sm.families.Gamma(link=sm.families.links.Log())
    gamma = sm.GLM((Y - fit.predict(X)) ** 2, design(LOG_X), family=family).fit(tol=1e-12, scale=2)
    np.testing.assert_allclose([2 * fit.level, 2 * fit.growth], gamma.params, rtol=1e-6)
    np.testing.assert_allclose(2 * fit.errors[2:], gamma.bse, rtol=1e-6)


def test_the_standard_errors_are_those_of_simulated_fits():
    rng = np.random.default_rng(3)
    truth = likelihood_fit(X, Y, LOG_X)
    noise = truth.sigma(LOG_X) * rng.normal(size=(400, len(X)))
    fits = [coefficients(likelihood_fit(X, truth.predict(X) + e, LOG_X)) for e in noise]
    np.testing.assert_allclose(np.std(fits, axis=0), truth.errors, rtol=0.12)


def test_the_usual_suspects_settle():
    rng = np.random.default_rng(1)
    for _ in range(100):  # resampled households, on which scoring alone would circle
        k = rng.integers(0, 235, 235)
        fit = likelihood_fit(X[k], Y[k], LOG_X[k])
        assert fit.steps < 30
        assert 0.5 < fit.slope < 0.7


@given(st.integers(0, 10_000), st.sampled_from([8, 12, 40]))
def test_no_neighbour_is_more_likely(seed, n):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 1 + 2 * x + np.exp(0.3 * x) * rng.normal(size=n)
    try:
        fit = likelihood_fit(x, y)
    except (ValueError, RuntimeError):  # a small sample may have no maximum
        assert n == 8
        return
    for move in rng.normal(size=(20, 4)) * fit.errors * 0.05:
        assert minus_log_likelihood(coefficients(fit) + move, x, y, x) >= fit.nll - 1e-9


@given(st.floats(0.01, 100), st.floats(-50, 50), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_and_offsets_change_nothing_but_units(by_y, up, by_x, right):
    plain = likelihood_fit(X / 1000, Y / 1000)
    moved = likelihood_fit(by_x * X / 1000 + right, by_y * Y / 1000 + up)
    assert moved.slope == pytest.approx(plain.slope * by_y / by_x, rel=1e-6)
    assert moved.growth == pytest.approx(plain.growth / by_x, rel=1e-6)
    assert moved.nll == pytest.approx(plain.nll + 235 * np.log(by_y), abs=1e-5)
    assert moved.errors[1] == pytest.approx(plain.errors[1] * by_y / by_x, rel=1e-6)
    assert moved.errors[3] == pytest.approx(plain.errors[3] / by_x, rel=1e-6)


def test_an_offset_of_x_costs_no_digits():
    near, far = likelihood_fit(X, Y), likelihood_fit(X + 1e7, Y)
    assert far.slope == pytest.approx(near.slope, rel=1e-8)
    assert far.errors[1] == pytest.approx(near.errors[1], rel=1e-8)


def test_an_even_spread_gives_least_squares_nearly():
    fit = likelihood_fit([0, 0, 1, 1], [-1, 1, 1, 3])
    np.testing.assert_allclose(coefficients(fit), [0, 2, 0, 0], atol=1e-9)
    np.testing.assert_allclose(fit.errors**2, [1 / 2, 1, 1 / 4, 1 / 2], rtol=1e-9)


# --- two steps -----------------------------------------------------------------------------------


@SPREADS
def test_two_steps_are_two_fits_of_statsmodels(z):
    fit = two_step_fit(X, Y, z)
    r = sm.OLS(Y, design(X)).fit().resid
    spread = sm.OLS(np.log(r**2), design(z)).fit().params / 2
    wls = sm.WLS(Y, design(X), weights=np.exp(-2 * design(z) @ spread)).fit()
    np.testing.assert_allclose([fit.intercept, fit.slope], wls.params, rtol=1e-9)
    assert fit.growth == pytest.approx(spread[1], rel=1e-9)
    # The mean of the logarithm of a squared standard normal, by SciPy's quadrature.
    off = stats.chi2(1).expect(np.log)
    assert fit.level == pytest.approx(spread[0] - off / 2, rel=1e-6)
    log_var = stats.chi2(1).expect(lambda u: (np.log(u) - off) ** 2)
    exact = np.sqrt(log_var * np.linalg.inv(design(z).T @ design(z))[1, 1]) / 2
    assert fit.errors[3] == pytest.approx(exact, rel=1e-6)


def test_the_likelihood_of_two_steps_is_lower():
    one, two = likelihood_fit(X, Y, LOG_X), two_step_fit(X, Y, LOG_X)
    assert two.nll == pytest.approx(minus_log_likelihood(coefficients(two), X, Y, LOG_X))
    assert two.nll > one.nll


# --- standard errors -----------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [None, 1 / X**2], ids=["plain", "weighted"])
def test_standard_errors_are_those_of_statsmodels(weights):
    fit = sm.WLS(Y, design(X), weights=1.0 if weights is None else weights).fit()
    for kind, known in [("usual", fit.bse), ("HC0", fit.HC0_se), ("HC3", fit.HC3_se)]:
        np.testing.assert_allclose(
            standard_errors(X, Y - fit.fittedvalues, weights, kind), known, rtol=1e-9
        )


def test_the_scale_of_the_weights_does_not_matter():
    r = Y - likelihood_fit(X, Y, LOG_X).predict(X)
    for kind in ("usual", "HC0", "HC3"):
        np.testing.assert_allclose(
            standard_errors(X, r, 1 / X**2, kind), standard_errors(X, r, 7 / X**2, kind), rtol=1e-12
        )


# --- refusals ------------------------------------------------------------------------------------

FOUR = [1.0, 2.0, 3.0, 4.0]
NAN = float("nan")


@pytest.mark.parametrize("fit", [likelihood_fit, two_step_fit], ids=["joint", "two steps"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], [1, 2, 4]), "x: must hold at least 4 values"),
        ((FOUR, [1, 2]), "y: must have the shape of x, (4,); got shape (2,)"),
        ((FOUR, [[v] for v in FOUR]), "y: must be 1-dimensional; got shape (4, 1)"),
        ((FOUR, [1, 2, NAN, 4]), "y: must hold finite numbers only"),
        (([2, 2, 2, 2], FOUR), "x: must vary; got equal values"),
        ((FOUR, [1, 3, 2, 4], [1, 1, 1, 1]), "z: must vary; got equal values"),
        ((FOUR, [1, 3, 2, 4], [1, 2]), "z: must have the shape of x, (4,)"),
        ((FOUR, [2, 4, 6, 8]), "y: must not lie on one line; got residuals that are all 0"),
    ],
    ids=["few", "length", "column", "nan", "x", "z", "z-length", "line"],
)
def test_bad_input_is_refused(fit, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        fit(*arguments)


def test_a_point_of_leverage_one_lets_the_likelihood_run_away():
    quartet = anscombe()
    with pytest.raises(ValueError, match=r"y: must not let the spread run to 0; .* position 7"):
        likelihood_fit(quartet["x4"], quartet["y4"])
    with pytest.raises(ValueError, match="y: must not lie on its least-squares line"):
        two_step_fit(quartet["x4"], quartet["y4"])
    with pytest.raises(ValueError, match="x: must leave no point of leverage 1 for HC3"):
        standard_errors(quartet["x4"], quartet["y4"], kind="HC3")


def test_the_runaway_is_real():
    """On the line through the lone point, minus the log-likelihood falls below any number."""
    x, y = anscombe()["x4"], anscombe()["y4"]
    lone = np.argmax(x)
    through = y[x == 8].mean()
    slope = (y[lone] - through) / 11
    at_eight = np.log(y[x == 8].std())
    for fall in (1.0, 10.0, 100.0):
        theta = [through - 8 * slope, slope, at_eight + 8 * fall / 11, -fall / 11]
        limit = minus_log_likelihood([*theta[:2], at_eight, 0.0], x, y, x) - fall
        assert minus_log_likelihood(theta, x, y, x) == pytest.approx(limit)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1, 2]), "x: must hold at least 3 values; got 2"),
        (([1, 1, 1], [1, 2, 3]), "x: must vary"),
        (([1, 2, 3], [1, 2, 3], [1, -1, 1]), "weights: must not be negative"),
        (([1, 2, 3], [1, 2, 3], [1, 1]), "weights: must have shape (3,)"),
        (([1, 2, 3], [1, 2, 3], None, "HC9"), "kind: must be one of 'usual', 'HC0', 'HC3'"),
    ],
    ids=["few", "equal", "negative", "shape", "kind"],
)
def test_standard_errors_refuse_bad_input(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        standard_errors(*arguments)


def test_integers_and_float32_are_computed_in_float64():
    stack = stackloss()
    air, loss = stack["air_flow"], stack["stack_loss"]
    fine = likelihood_fit(air, loss)
    for kind in (np.int64, np.float32):
        assert likelihood_fit(air.astype(kind), loss.astype(kind)).slope == fine.slope
    assert type(fine.slope) is float
    assert fine.sigma(air).shape == air.shape
    assert all(hasattr(uneven, name) for name in uneven.__all__)
