"""The displayed formulas of "Gaussian noise gives MSE", written out again and checked."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
import sympy as sp
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize, minimize_scalar

from course_code.datasets import engel, two_coaches

from .registry import formula

CLEAN = two_coaches()
ENGEL = engel()
both_sets = pytest.mark.parametrize("data", [CLEAN, ENGEL], ids=lambda d: d.name)

# Four points, all of them unknown: what holds for these as letters is not an accident of numbers.
N = 4
XS, YS = sp.symbols(f"x:{N}", real=True), sp.symbols(f"y:{N}", real=True)
W, B = sp.symbols("w b", real=True)
V = sp.symbols("v", positive=True)  # sigma squared
XBAR, YBAR = sum(XS) / N, sum(YS) / N
RESIDUALS = [y - W * x - B for x, y in zip(XS, YS, strict=True)]


def is_zero(expression):
    return sp.simplify(sp.expand(expression)) == 0


def displayed_density(y, f, sigma):
    return 1 / math.sqrt(2 * math.pi * sigma**2) * math.exp(-((y - f) ** 2) / (2 * sigma**2))


def displayed_loglik(r, v):
    return -len(r) / sp.Integer(2) * sp.log(2 * sp.pi * v) - sum(ri**2 for ri in r) / (2 * v)


def displayed_line(x, y):
    dx, dy = x - x.mean(), y - y.mean()
    slope = np.sum(dx * dy) / np.sum(dx**2)
    return slope, y.mean() - slope * x.mean()


def weights(x):
    return (x - x.mean()) / np.sum((x - x.mean()) ** 2)


def hat(x):
    X = np.column_stack([np.ones_like(x), x])
    return X @ np.linalg.pinv(X)


# --- which noise, which likelihood, which loss -------------------------------------------------


@formula("eq-gaussian-density")
@pytest.mark.parametrize(("f", "sigma"), [(0.0, 1.0), (-3.0, 0.1), (2.0, 7.5)])
def test_the_density_has_mass_one_mean_f_and_variance_sigma_squared(f, sigma):
    def moment(power):
        def integrand(y):
            return (y - f) ** power * displayed_density(y, f, sigma)

        return quad(integrand, f - 12 * sigma, f + 12 * sigma, points=[f])[0]

    assert moment(0) == pytest.approx(1, rel=1e-9)
    assert moment(1) == pytest.approx(0, abs=1e-9)
    assert moment(2) == pytest.approx(sigma**2, rel=1e-9)
    assert displayed_density(f + 1, f, sigma) == pytest.approx(stats.norm(f, sigma).pdf(f + 1))


@formula("eq-gaussian-likelihood")
def test_the_likelihood_is_the_joint_density_of_independent_points():
    r, sigma = np.array([0.3, -1.0, 0.7]), 0.8
    displayed = np.prod(1 / np.sqrt(2 * np.pi * sigma**2) * np.exp(-(r**2) / (2 * sigma**2)))
    joint = stats.multivariate_normal(np.zeros(3), sigma**2 * np.eye(3)).pdf(r)
    assert displayed == pytest.approx(joint, rel=1e-12)


@formula("eq-gaussian-loglik")
def test_the_log_likelihood_is_the_logarithm_of_the_product():
    product = sp.prod(sp.exp(-(r**2) / (2 * V)) / sp.sqrt(2 * sp.pi * V) for r in RESIDUALS)
    logarithm = sp.expand_log(sp.log(product), force=True)
    assert is_zero(sp.expand_log(displayed_loglik(RESIDUALS, V), force=True) - logarithm)


@formula("eq-gaussian-cost")
def test_the_cost_is_sigma_squared_times_minus_l_minus_a_constant():
    J = sum(r**2 for r in RESIDUALS) / 2
    minus_l = -displayed_loglik(RESIDUALS, V)
    assert is_zero(V * minus_l - N * V / 2 * sp.log(2 * sp.pi * V) - J)


@formula("eq-gaussian-mse")
def test_the_mse_is_twice_the_mean_cost_and_two_sigma_squared_over_n_times_minus_l():
    mse = sum(r**2 for r in RESIDUALS) / N
    J = sum(r**2 for r in RESIDUALS) / 2
    minus_l = -displayed_loglik(RESIDUALS, V)
    assert is_zero(sp.Rational(2, N) * J - mse)
    assert is_zero(2 * V / N * minus_l - V * sp.log(2 * sp.pi * V) - mse)


# --- the scale ---------------------------------------------------------------------------------


@formula("eq-gaussian-scale")
def test_the_derivative_by_the_variance_vanishes_at_the_mse_and_that_is_a_maximum():
    squares = sum(r**2 for r in RESIDUALS)
    derivative = sp.diff(displayed_loglik(RESIDUALS, V), V)
    assert is_zero(derivative - (-N / (2 * V) + squares / (2 * V**2)))
    assert is_zero(derivative.subs(V, squares / N))

    r = np.array([0.5, -1.0, 2.0, 0.5])
    best = minimize_scalar(
        lambda v: -stats.norm(0, math.sqrt(v)).logpdf(r).sum(), bounds=(0.1, 10), method="bounded"
    )
    assert best.x == pytest.approx(np.mean(r**2), rel=1e-4)


@formula("eq-gaussian-profile")
def test_the_likelihood_at_its_best_scale():
    r = np.array([0.5, -1.0, 2.0, 0.5])
    mse = np.mean(r**2)
    displayed = math.log(2 * math.pi * mse) / 2 + 1 / 2
    assert -stats.norm(0, math.sqrt(mse)).logpdf(r).mean() == pytest.approx(displayed, rel=1e-12)


@formula("eq-scale-bias")
@both_sets
def test_the_expected_sum_of_squares_of_a_line_is_n_minus_two_variances(data):
    n = len(data.x)
    # r = (I - H) e, so E sum(r^2) = sigma^2 trace((I - H)^2): no simulation is needed.
    left = np.eye(n) - hat(data.x)
    assert np.trace(left @ left) == pytest.approx(n - 2, rel=1e-9)
    assert np.trace(left @ left) / n == pytest.approx(1 - 2 / n, rel=1e-9)


@formula("eq-scale-risk")
@pytest.mark.parametrize("n", [3, 10, 50])
def test_the_risk_of_a_divisor_is_that_of_a_scaled_chi_square(n):
    chi = stats.chi2(n - 2)
    risks = {}
    for d in range(max(1, n - 4), n + 4):
        risk = chi.expect(lambda s, d=d: (s / d - 1) ** 2)
        risks[d] = 2 * (n - 2) / d**2 + ((n - 2) / d - 1) ** 2
        assert risks[d] == pytest.approx(risk, rel=1e-6)
    assert min(risks, key=risks.get) == n  # (n - 2) + 2


# --- the line ----------------------------------------------------------------------------------


@formula("eq-line-derivatives")
def test_the_two_derivatives_of_the_cost():
    J = sum(r**2 for r in RESIDUALS) / 2
    assert is_zero(sp.diff(J, B) + sum(RESIDUALS))
    assert is_zero(sp.diff(J, W) + sum(r * x for r, x in zip(RESIDUALS, XS, strict=True)))


@formula("eq-line-steps")
def test_each_line_of_the_derivation_follows_from_the_one_before():
    assert is_zero(sum(RESIDUALS) / N - (YBAR - W * XBAR - B))  # 0 = ybar - w xbar - b
    b = sp.solve(YBAR - W * XBAR - B, B)
    assert len(b) == 1
    assert is_zero(b[0] - (YBAR - W * XBAR))
    points = list(zip(XS, YS, strict=True))
    second = sum((y - W * x - b[0]) * x for x, y in points)
    third = sum(((y - YBAR) - W * (x - XBAR)) * x for x, y in points)
    fourth = sum(((y - YBAR) - W * (x - XBAR)) * (x - XBAR) for x, y in points)
    assert is_zero(second - third)
    assert is_zero(third - fourth)


@formula("eq-least-squares-line")
@both_sets
def test_the_closed_form_is_the_least_squares_line(data):
    points = list(zip(XS, YS, strict=True))
    fourth = sum(((y - YBAR) - W * (x - XBAR)) * (x - XBAR) for x, y in points)
    displayed = sum((x - XBAR) * (y - YBAR) for x, y in points) / sum((x - XBAR) ** 2 for x in XS)
    (solved,) = sp.solve(fourth, W)
    assert is_zero(sp.together(solved - displayed))
    np.testing.assert_allclose(
        displayed_line(data.x, data.y), np.polyfit(data.x, data.y, 1), rtol=1e-9
    )


@formula("eq-textbook-slope")
def test_the_textbook_formula_is_the_same_on_paper():
    points = list(zip(XS, YS, strict=True))
    above = N * sum(x * y for x, y in points) - sum(XS) * sum(YS)
    below = N * sum(x**2 for x in XS) - sum(XS) ** 2
    centred = sum((x - XBAR) * (y - YBAR) for x, y in points) / sum((x - XBAR) ** 2 for x in XS)
    assert is_zero(sp.together(above / below - centred))


@formula("eq-pythagoras")
@pytest.mark.parametrize("other", [(0.0, 0.0), (1.5, 0.5), (-3.0, 2.0)])
def test_any_other_line_adds_the_square_of_its_distance(other):
    x, y = CLEAN.x, CLEAN.y
    best, rival = np.polyval(np.polyfit(x, y, 1), x), other[0] * x + other[1]
    right = np.sum((y - best) ** 2) + np.sum((best - rival) ** 2)
    assert np.sum((y - rival) ** 2) == pytest.approx(right, rel=1e-10)


@formula("eq-normal-matrix")
def test_the_normal_equations_hold_at_the_minimum_and_only_for_full_rank_is_it_unique():
    rng = np.random.default_rng(0)
    X, y = np.column_stack([np.ones(20), rng.normal(size=(20, 3))]), rng.normal(size=20)
    best = minimize(lambda t: np.sum((y - X @ t) ** 2), np.zeros(4), options={"gtol": 1e-9}).x
    np.testing.assert_allclose(X.T @ X @ best, X.T @ y, atol=1e-5)
    X[:, 3] = X[:, 1] - 2 * X[:, 2]
    theta = np.linalg.lstsq(X, y)[0]
    shifted = theta + np.array([0, 1, -2, -1])
    np.testing.assert_allclose(X.T @ X @ shifted, X.T @ y, atol=1e-9)


@formula("eq-standard-slope")
@both_sets
def test_in_standard_units_the_slope_is_the_correlation(data):
    r = stats.pearsonr(data.x, data.y).statistic
    slope, intercept = np.polyfit(stats.zscore(data.x), stats.zscore(data.y), 1)
    assert slope == pytest.approx(r, rel=1e-9)
    assert intercept == pytest.approx(0, abs=1e-12)
    for ddof in (0, 1):
        back = r * data.y.std(ddof=ddof) / data.x.std(ddof=ddof)
        assert back == pytest.approx(np.polyfit(data.x, data.y, 1)[0], rel=1e-9)


# --- the aim -----------------------------------------------------------------------------------

# A joint distribution on a small grid: every expectation is a finite sum.
JOINT = np.random.default_rng(3).dirichlet(np.ones(20)).reshape(4, 5)
GRID_X, GRID_Y = np.array([-1.0, 0.0, 2.0, 5.0]), np.array([-3.0, -1.0, 0.0, 1.0, 10.0])
MARGINAL = JOINT.sum(axis=1)
M = JOINT @ GRID_Y / MARGINAL  # the conditional mean at each x
SOME_F = np.array([0.3, -1.0, 4.0, 0.0])


def mean(values):
    return np.sum(JOINT * values)


@formula("eq-conditional-split")
def test_the_split_is_the_square_of_a_sum():
    y, m, f = GRID_Y[None, :], M[:, None], SOME_F[:, None]
    left = mean((y - f) ** 2)
    assert mean(((y - m) + (m - f)) ** 2) == pytest.approx(left, rel=1e-12)
    three = mean((y - m) ** 2) + mean((m - f) ** 2 + 0 * y) + 2 * mean((y - m) * (m - f))
    assert three == pytest.approx(left, rel=1e-12)


@formula("eq-conditional-mean")
def test_the_cross_term_vanishes_at_the_conditional_mean_and_nowhere_else():
    y, m, f = GRID_Y[None, :], M[:, None], SOME_F[:, None]
    assert mean((y - m) ** 2) + mean((m - f) ** 2 + 0 * y) == pytest.approx(mean((y - f) ** 2))
    median = np.array([GRID_Y[np.searchsorted(np.cumsum(p), p.sum() / 2)] for p in JOINT])[:, None]
    split = mean((y - median) ** 2) + mean((median - f) ** 2 + 0 * y)
    assert abs(split - mean((y - f) ** 2)) > 0.1


@formula("eq-best-line")
def test_the_best_line_is_the_least_squares_line_of_the_joint_distribution():
    centre = MARGINAL @ GRID_X
    w = MARGINAL @ ((GRID_X - centre) * (M - MARGINAL @ M)) / (MARGINAL @ (GRID_X - centre) ** 2)
    b = MARGINAL @ M - w * centre
    found = minimize(
        lambda t: mean((GRID_Y[None, :] - t[0] * GRID_X[:, None] - t[1]) ** 2), [0, 0]
    ).x
    np.testing.assert_allclose([w, b], found, rtol=1e-4)

    X, c = sp.symbols("X c", positive=True)

    def expectation(g):
        return sp.integrate(g / c, (X, 0, c))

    slope = expectation((X - c / 2) * X**2) / expectation((X - c / 2) ** 2)
    assert is_zero(slope - c)
    assert is_zero(expectation(X**2) - slope * c / 2 + c**2 / 6)


@formula("eq-bias-variance")
def test_the_four_terms_hold_for_any_joint_distribution_and_three_do_not():
    guess, y = GRID_X[:, None] + 0 * GRID_Y, GRID_Y[None, :] + 0 * GRID_X[:, None]
    bias = mean(y) - mean(guess)
    var_y, var_guess = mean(y**2) - mean(y) ** 2, mean(guess**2) - mean(guess) ** 2
    covariance = mean(y * guess) - mean(y) * mean(guess)
    left = mean((y - guess) ** 2)
    assert bias**2 + var_y + var_guess - 2 * covariance == pytest.approx(left, rel=1e-12)
    assert abs(covariance) > 0.1


def test_the_exact_column_of_the_covariance_table():
    # X and the noise toss coins between -1 and 1: means 0, variances 1, all four cases equal.
    X, e = np.array([-1.0, -1, 1, 1]), np.array([-1.0, 1, -1, 1])
    Y, guess = 2 * X + e, 2 * X
    three = (Y.mean() - guess.mean()) ** 2 + Y.var() + guess.var()
    assert three == pytest.approx(9)
    assert np.mean((Y - guess) ** 2) == pytest.approx(1)


@formula("eq-bias-variance-new")
def test_noise_bias_and_variance_add_up_at_the_last_of_ten_points():
    x, sigma = np.linspace(0, 1, 10), 0.1
    row = hat(x)[-1]
    displayed = sigma**2 + (1 - row @ x**2) ** 2 + sigma**2 * np.sum(row**2)
    rng = np.random.default_rng(7)
    guess = (x**2 + sigma * rng.normal(size=(400_000, 10))) @ row
    errors = (1 + sigma * rng.normal(size=400_000) - guess) ** 2
    assert abs(errors.mean() - displayed) < 4 * errors.std() / math.sqrt(errors.size)


@formula("eq-optimism")
@both_sets
def test_training_and_new_errors_are_those_of_the_covariance_matrices(data):
    H, n = hat(data.x), len(data.x)
    X = np.column_stack([np.ones(n), data.x])
    h = sm.OLS(data.y, X).fit().get_influence().hat_matrix_diag
    left = np.eye(n) - H
    np.testing.assert_allclose(np.diag(left @ left.T), 1 - h, rtol=1e-8)  # Var(y - H y)
    np.testing.assert_allclose(1 + np.diag(H @ H.T), 1 + h, rtol=1e-8)  # Var(new) + Var(H y)
    assert h.mean() == pytest.approx(2 / n, rel=1e-9)


# --- the precision -----------------------------------------------------------------------------


@formula("eq-gauss-markov")
@pytest.mark.parametrize("k", range(3))
def test_another_unbiased_linear_rule_adds_the_square_of_its_difference(k):
    x, a = CLEAN.x, weights(CLEAN.x)
    c = np.random.default_rng(k).normal(size=40)
    basis = np.column_stack([np.ones(40), x])
    c = c - basis @ np.linalg.lstsq(basis, c)[0] + a  # sum(c) = 0 and sum(c x) = 1
    assert np.sum(c) == pytest.approx(0, abs=1e-10)
    assert np.sum(c * x) == pytest.approx(1, rel=1e-10)
    first = np.sum(a**2) + 2 * np.sum(a * (c - a)) + np.sum((c - a) ** 2)
    second = np.sum(a**2) + np.sum((c - a) ** 2)
    assert first == pytest.approx(np.sum(c**2), rel=1e-12)
    assert second == pytest.approx(np.sum(c**2), rel=1e-10)


@formula("eq-cramer-rao")
def test_the_floor_is_the_inverse_of_the_fisher_information():
    # Minus the expected second derivatives of l by (w, b, sigma^2), by sympy.
    loglik = displayed_loglik(RESIDUALS, V)
    noise = sp.symbols(f"e:{N}", real=True)
    at_truth = {y: W * x + B + e for x, y, e in zip(XS, YS, noise, strict=True)}
    hessian = sp.hessian(loglik, (W, B, V)).subs(at_truth)
    information = hessian.applyfunc(
        lambda term: -sp.expand(term).subs({e**2: V for e in noise}).subs(dict.fromkeys(noise, 0))
    )
    floor = sp.simplify(information.inv()[0, 0])
    assert is_zero(sp.together(floor - V / sum((x - XBAR) ** 2 for x in XS)))
    # and least squares stands on it: its variance is sigma^2 sum(a^2)
    a = weights(CLEAN.x)
    assert a @ a == pytest.approx(1 / np.sum((CLEAN.x - CLEAN.x.mean()) ** 2), rel=1e-12)
    # the floor for sigma^2, of the next formula
    assert is_zero(information.inv()[2, 2] - 2 * V**2 / N)


@formula("eq-scale-bound")
@pytest.mark.parametrize("n", [3, 10, 100])
def test_the_unbiased_variance_is_above_its_floor(n):
    sigma = 1.7
    variance = stats.chi2(n - 2).var() * (sigma**2 / (n - 2)) ** 2
    assert variance == pytest.approx(2 * sigma**4 / (n - 2), rel=1e-9)
    assert variance > 2 * sigma**4 / n


@formula("eq-median-variance")
def test_the_variance_of_the_median_of_a_large_sample():
    sigma, n = 1.3, 4001
    first = 1 / (4 * n * stats.norm(0, sigma).pdf(0) ** 2)
    assert first == pytest.approx(math.pi / 2 * sigma**2 / n, rel=1e-12)
    k = (n + 1) // 2
    place = stats.beta(k, k)  # of the median of an odd sample, in probability
    exact = quad(lambda u: stats.norm(0, sigma).ppf(u) ** 2 * place.pdf(u), 0.4, 0.6, points=[0.5])[
        0
    ]
    assert exact == pytest.approx(first, rel=1e-3)


# --- backwards ---------------------------------------------------------------------------------


@formula("eq-converse-condition")
def test_two_and_three_measurements_allow_straight_lines_and_no_other_psi():
    r, s, k = sp.symbols("r s k")
    assert is_zero((k * r) + (k * -r))
    assert is_zero(k * r + k * s + k * (-r - s))
    # Additivity in its smooth form: d/ds at s = 0 makes the slope constant.
    psi = sp.Function("psi")
    solution = sp.dsolve(sp.Derivative(psi(r), r) - k, psi(r), ics={psi(0): 0})
    assert is_zero(solution.rhs - k * r)
    # A cubic passes the first equation and fails the second.
    assert is_zero(r**3 + (-r) ** 3)
    assert not is_zero(r**3 + s**3 + (-r - s) ** 3)
    # The same for samples: with Laplace noise the mean of 0, 0, 3 is not the most likely centre.
    sample = np.array([0.0, 0.0, 3.0])
    assert stats.laplace(0).logpdf(sample).sum() > stats.laplace(sample.mean()).logpdf(sample).sum()


@formula("eq-converse")
def test_the_only_density_with_a_straight_psi_is_the_bell():
    r, k = sp.symbols("r k", positive=True)
    p = sp.Function("p")
    general = sp.dsolve(-p(r).diff(r) / p(r) - k * r, p(r)).rhs
    displayed = sp.sqrt(k / (2 * sp.pi)) * sp.exp(-k * r**2 / 2)
    assert is_zero(sp.diff(sp.log(general) - sp.log(displayed), r))  # equal up to a factor
    whole = sp.symbols("q", real=True)
    assert is_zero(sp.integrate(displayed.subs(r, whole), (whole, -sp.oo, sp.oo)) - 1)
    variance = sp.integrate(whole**2 * displayed.subs(r, whole), (whole, -sp.oo, sp.oo))
    assert is_zero(variance - 1 / k)


@formula("eq-limit-efficiency")
@pytest.mark.parametrize(
    ("noise", "known"),
    [(stats.norm(0, 0.3), 1.0), (stats.laplace(0, 0.2), 1 / 2), (stats.t(3, 0, 0.2), 1 / 2)],
    ids=["Gaussian", "Laplace", "t3"],
)
def test_the_efficiency_is_one_over_variance_times_information(noise, known):
    step = 1e-5

    def integrand(r):
        slope = (noise.logpdf(r + step) - noise.logpdf(r - step)) / (2 * step)
        return slope**2 * noise.pdf(r)  # p'^2 / p = (log p)'^2 p

    information = 2 * quad(integrand, step, 60, limit=400, points=[0.1, 1.0, 5.0])[0]
    assert 1 / (noise.var() * information) == pytest.approx(known, rel=2e-3)


@formula("eq-uneven-cost")
def test_uneven_noise_costs_its_logarithm_and_weighs_by_its_inverse_square():
    r, sigma = np.array([0.3, -1.0, 0.7]), np.array([0.5, 2.0, 1.0])
    displayed = np.sum(np.log(2 * np.pi * sigma**2) / 2 + r**2 / (2 * sigma**2))
    assert displayed == pytest.approx(-stats.norm(0, sigma).logpdf(r).sum(), rel=1e-12)

    x, y = ENGEL.x / 1000, ENGEL.y / 1000

    def cost(theta):
        return np.sum((y - theta[0] * x - theta[1]) ** 2 / (2 * x**2))

    found = minimize(cost, [0.5, 0.1], options={"gtol": 1e-9}).x
    weighted = sm.WLS(y, np.column_stack([x, np.ones_like(x)]), weights=1 / x**2).fit().params
    np.testing.assert_allclose(found, weighted, rtol=1e-5)


@formula("eq-sandwich")
@both_sets
def test_the_sandwich_is_hc3_of_statsmodels(data):
    x, y = data.x, data.y
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    displayed = np.sum(weights(x) ** 2 * (fit.resid / (1 - np.diag(hat(x)))) ** 2)
    assert displayed == pytest.approx(fit.cov_HC3[1, 1], rel=1e-8)


@formula("eq-origin-slope")
def test_the_line_through_the_origin():
    x, y = ENGEL.x, ENGEL.y
    displayed = np.sum(x * y) / np.sum(x**2)
    fit = sm.OLS(y, x).fit()
    assert displayed == pytest.approx(fit.params[0], rel=1e-10)
    assert fit.mse_resid / np.sum(x**2) == pytest.approx(fit.cov_params()[0, 0], rel=1e-10)
    # its bias, stated in the solution: b n xbar / sum(x^2)
    w, b = 0.4, 150.0
    without_noise = np.sum(x * (w * x + b)) / np.sum(x**2)
    assert without_noise - w == pytest.approx(b * len(x) * x.mean() / np.sum(x**2), rel=1e-10)
