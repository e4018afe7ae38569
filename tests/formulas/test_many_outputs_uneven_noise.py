"""The displayed formulas of "Many outputs, uneven noise", written out again and checked."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import approx_fprime, minimize, minimize_scalar
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error, r2_score

from course_code.datasets import engel
from course_code.losses import mae, mse, normalised, uncertainty_weighted, weighted_outputs
from course_code.regression import fit_line
from course_code.uneven import likelihood_fit, standard_errors

from .registry import formula

RNG = np.random.default_rng(20)
Y = RNG.normal(size=(7, 3)) * [1.0, 20.0, 0.3]
P = Y + RNG.normal(size=(7, 3)) * [0.5, 4.0, 0.2]
R = Y - P
X = RNG.uniform(1, 3, 12)
Z = np.log(X)
THETA = np.array([0.5, 2.0, -0.4, 1.1])
V = THETA[0] + THETA[1] * X + np.exp(THETA[2] + THETA[3] * Z) * RNG.normal(size=12)


def minus_log_likelihood(theta, x=X, y=V, z=Z):
    """Of the displayed model, by SciPy's density."""
    b, w, c, g = theta
    return -stats.norm.logpdf(y, b + w * x, np.exp(c + g * z)).sum()


# --- prices and conventions ----------------------------------------------------------------------


@formula("eq-prices")
def test_the_likelihood_prices_errors():
    r, sigma = R.ravel(), RNG.uniform(0.1, 5, R.size)
    other = RNG.uniform(0.1, 5, R.size)

    def displayed(sigma):
        return sum(e**2 / (2 * s**2) + math.log(s) for e, s in zip(r, sigma, strict=True))

    def exact(sigma):
        return -stats.norm.logpdf(r, scale=sigma).sum()

    assert displayed(sigma) - displayed(other) == pytest.approx(exact(sigma) - exact(other))


@formula("eq-two-means")
def test_the_two_means_differ_by_the_number_of_outputs():
    n, K = R.shape
    by_output = [mean_squared_error(Y[:, k], P[:, k]) for k in range(K)]
    first = sum(R[i, k] ** 2 for i in range(n) for k in range(K)) / (n * K)
    second = sum(R[i, k] ** 2 for i in range(n) for k in range(K)) / n
    assert first == pytest.approx(sum(by_output) / K)
    assert second == pytest.approx(sum(by_output))
    assert first == pytest.approx(mean_squared_error(Y, P))


@formula("eq-element-gradient")
def test_the_gradient_of_an_element_is_the_difference_quotient():
    n, K = R.shape
    quotient = approx_fprime(P.ravel(), lambda p: np.mean((Y.ravel() - p) ** 2), 1e-6)
    np.testing.assert_allclose(quotient.reshape(n, K), -2 * R / (n * K), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(mse.gradient(Y, P), -2 * R / (n * K))


@formula("eq-step-with-K")
def test_the_largest_stable_step_is_k_times_longer():
    n, K = Y.shape
    A = np.column_stack([np.ones(n), RNG.normal(size=n)])
    one = np.linalg.eigvalsh(2 * A.T @ A / n)[-1]  # the Hessian of the MSE of one output
    goal = np.linalg.lstsq(A, Y)[0]

    def distance_after(step, factor):
        W = goal + RNG.normal(size=goal.shape)
        for _ in range(400):
            W = W + step * factor * 2 / (n * K) * A.T @ (Y - A @ W)
        return np.abs(W - goal).max()

    for factor, bound in [(1, 2 * K / one), (K, 2 / one)]:
        assert distance_after(0.97 * bound, factor) < 1
        assert distance_after(1.03 * bound, factor) > 100


@formula("eq-normalised")
def test_the_normalised_mse_is_one_minus_the_mean_r_squared():
    K, t = Y.shape[1], Y.std(axis=0)
    left = np.mean((R / t) ** 2)
    middle = sum(mean_squared_error(Y[:, k], P[:, k]) / t[k] ** 2 for k in range(K)) / K
    assert left == pytest.approx(middle)
    assert left == pytest.approx(1 - r2_score(Y, P, multioutput="uniform_average"))
    assert left == pytest.approx(normalised(mse, Y, P))


@formula("eq-normalising-weights")
def test_the_weights_of_normalising_hold_the_k():
    K = Y.shape[1]
    t = Y.std(axis=0)
    value = np.mean((R / t) ** 2)
    assert weighted_outputs(mse, Y, P, 1 / (K * t**2)) == pytest.approx(value)
    assert weighted_outputs(mse, Y, P, 1 / t**2) == pytest.approx(K * value)


# --- learned weights -----------------------------------------------------------------------------


def displayed_cost(s, losses):
    return sum(math.exp(-v) * L + v for v, L in zip(s, losses, strict=True)) / 2


@formula("eq-learned-weights")
def test_the_learned_cost_is_the_likelihood_of_a_row():
    losses = np.mean(R**2, axis=0)
    for s in RNG.normal(size=(5, 3)):
        row = -stats.norm.logpdf(R, scale=np.exp(s / 2)).sum(axis=1).mean()
        assert displayed_cost(s, losses) == pytest.approx(row - 1.5 * math.log(2 * math.pi))
        assert displayed_cost(s, losses) == pytest.approx(uncertainty_weighted(mse, Y, P, s))


@formula("eq-learned-minimiser")
def test_the_learned_variance_is_the_loss():
    s, L = sp.symbols("s L", positive=True)
    cost = (sp.exp(-s) * L + s) / 2
    assert sp.simplify(sp.diff(cost, s) - (1 - sp.exp(-s) * L) / 2) == 0
    assert sp.solve(sp.Eq(1 - sp.exp(-s) * L, 0), s) == [sp.log(L)]
    assert sp.limit(cost.subs(L, 2), s, -sp.oo) == sp.oo
    assert sp.limit(cost.subs(L, 2), s, sp.oo) == sp.oo
    # Without the first term it has no floor at -oo, without the second none is needed at +oo.
    assert sp.limit(s / 2, s, -sp.oo) == -sp.oo
    assert sp.limit((sp.exp(-s) * L).subs(L, 2), s, sp.oo) == 0


@formula("eq-forgotten-half")
@pytest.mark.parametrize(("a", "c"), [(0.5, 0.5), (1, 1), (0.5, 1), (1, 0.5), (3, 0.2)])
def test_only_the_ratio_of_the_factors_matters(a, c):
    for L in (0.1, 7.0):
        found = minimize_scalar(lambda s: a * math.exp(-s) * L + c * s, bounds=(-9, 9))  # noqa: B023
        assert math.exp(found.x) == pytest.approx(a / c * L, rel=1e-4)


@formula("eq-learned-profile")
def test_what_remains_is_the_logarithm_of_the_product():
    losses = np.mean(R**2, axis=0)
    found = minimize(lambda s: displayed_cost(s, losses), np.zeros(3), tol=1e-12)
    assert found.fun == pytest.approx(3 / 2 + np.log(losses).sum() / 2, rel=1e-9)
    units = np.array([1000.0, 1.8, 0.01])
    rescaled = minimize(lambda s: displayed_cost(s, losses * units**2), np.zeros(3), tol=1e-12)
    assert rescaled.fun - found.fun == pytest.approx(np.log(units).sum(), rel=1e-6)


@formula("eq-laplace-weights")
def test_laplace_scales_are_mean_absolute_errors():
    A = np.abs(R).mean(axis=0)

    def displayed(b):
        return sum(a / v + math.log(2 * v) for a, v in zip(A, b, strict=True))

    for b in RNG.uniform(0.2, 3, size=(4, 3)):
        row = -stats.laplace.logpdf(R, scale=b).sum(axis=1).mean()
        assert displayed(b) == pytest.approx(row)
        half = uncertainty_weighted(mae, Y, P, np.log(b))
        assert half == pytest.approx((row - 3 * math.log(2)) / 2)
    found = minimize(lambda t: displayed(np.exp(t)), np.zeros(3), tol=1e-12)
    np.testing.assert_allclose(np.exp(found.x), A, rtol=1e-4)


# --- shared parameters ---------------------------------------------------------------------------


@formula("eq-shared-variance")
def test_the_best_weights_of_a_shared_number_are_one_over_the_variances():
    w1, w2, w3, s1, s2, s3, n = sp.symbols("w1 w2 w3 s1 s2 s3 n", positive=True)
    w, s = [w1, w2, w3], [s1, s2, s3]
    # The mean of each instrument has variance s^2/n, and they are independent.
    variance = sum((wk / sum(w)) ** 2 * sk**2 / n for wk, sk in zip(w, s, strict=True))
    displayed = sum(wk**2 * sk**2 for wk, sk in zip(w, s, strict=True)) / (n * sum(w) ** 2)
    assert sp.simplify(variance - displayed) == 0
    least = 1 / (n * sum(1 / sk**2 for sk in s))
    at_best = displayed.subs(
        {wk: 1 / sk**2 for wk, sk in zip(w, s, strict=True)}, simultaneous=True
    )
    assert sp.simplify(at_best - least) == 0
    for weights in RNG.uniform(0.1, 3, size=(50, 3)):
        values = dict(zip([*w, *s, n], [*weights, 0.2, 1.0, 3.0, 5], strict=True))
        assert displayed.subs(values) >= least.subs(values)


@formula("eq-equal-weights")
def test_the_efficiency_of_equal_weights():
    s1, s2, n = sp.symbols("s1 s2 n", positive=True)
    best, equal = 1 / (n * (1 / s1**2 + 1 / s2**2)), (s1**2 + s2**2) / (4 * n)
    rho = s1**2 / s2**2
    assert sp.simplify(best / equal - 4 * rho / (1 + rho) ** 2) == 0


# --- uneven noise --------------------------------------------------------------------------------


@formula("eq-uneven-model")
def test_the_model_is_the_one_that_is_fitted():
    """Values made by the displayed lines have the displayed coefficients, up to their errors."""
    b, w, c, g = 1.0, 2.0, -1.0, 0.8
    x = np.random.default_rng(1).uniform(1, 9, 4000)
    sigma = np.exp(c + g * np.log(x))
    y = b + w * x + sigma * np.random.default_rng(2).normal(size=4000)
    fit = likelihood_fit(x, y, np.log(x))
    off = np.array([fit.intercept, fit.slope, fit.level, fit.growth]) - [b, w, c, g]
    assert np.abs(off / fit.errors).max() < 3
    np.testing.assert_allclose(fit.sigma(np.log(x)), sigma, rtol=0.1)
    np.testing.assert_allclose(sigma, math.exp(c) * x**g)  # a power of x, as the text says


@formula("eq-uneven-score")
def test_the_four_derivatives_are_those_of_the_likelihood():
    b, w, c, g = THETA
    r, sigma = V - b - w * X, np.exp(c + g * Z)
    u = r / sigma
    displayed = [
        -np.sum(r / sigma**2),
        -np.sum(r * X / sigma**2),
        np.sum(1 - u**2),
        np.sum((1 - u**2) * Z),
    ]
    for j in range(4):
        move = 1e-5 * (np.arange(4) == j)
        quotient = (minus_log_likelihood(THETA + move) - minus_log_likelihood(THETA - move)) / 2e-5
        assert displayed[j] == pytest.approx(quotient, rel=1e-6, abs=1e-6)


@formula("eq-uneven-information")
def test_the_information_is_the_expected_second_derivative():
    b, w, c, g, x, z, e = sp.symbols("b w c g x z e", real=True)
    beta, omega, gamma, delta = sp.symbols("beta omega gamma delta", real=True)
    sigma = sp.exp(c + g * z)
    y = b + w * x + sigma * e  # at the truth; the parameters of the fit have Greek names
    fitted = sp.exp(gamma + delta * z)
    cost = gamma + delta * z + ((y - beta - omega * x) / fitted) ** 2 / 2
    parameters, truth = (beta, omega, gamma, delta), (b, w, c, g)
    displayed = sp.zeros(4, 4)
    displayed[:2, :2] = sp.Matrix([[1, x], [x, x**2]]) / sigma**2
    displayed[2:, 2:] = 2 * sp.Matrix([[1, z], [z, z**2]])
    moments = {0: 1, 1: 0, 2: 1}
    for i, p in enumerate(parameters):
        for j, q in enumerate(parameters):
            second = sp.diff(cost, p, q).subs(dict(zip(parameters, truth, strict=True)))
            powers = sp.Poly(sp.expand(sp.simplify(second)), e).terms()
            mean = sum(term * moments[k] for (k,), term in powers)
            assert sp.simplify(mean - displayed[i, j]) == 0
    mixed = sp.diff(cost, omega, delta).subs(dict(zip(parameters, truth, strict=True)))
    assert sp.simplify(mixed - 2 * e * x * z / sigma) == 0  # as displayed, before the mean


@formula("eq-two-step-price")
def test_the_price_of_logarithms():
    density = stats.chi2(1).pdf
    mean = quad(lambda u: math.log(u) * density(u), 0, np.inf, limit=400)[0]
    variance = quad(lambda u: (math.log(u) - mean) ** 2 * density(u), 0, np.inf, limit=400)[0]
    assert variance == pytest.approx(math.pi**2 / 2, rel=1e-6)
    # log r^2 = 2 g z + ...: the variance of g is a quarter of variance/S, that of the likelihood
    # 1/(2 S), with S the sum of squares of the centred z.
    ratio = (variance / 4) / (1 / 2)
    assert ratio == pytest.approx(variance / 2)
    assert ratio == pytest.approx(math.pi**2 / 4, rel=1e-6)
    assert round(math.pi**2 / 4, 2) == 2.47


@formula("eq-three-variances")
def test_the_three_variances_of_the_slope():
    data = engel()
    x = data.x
    sigma = likelihood_fit(x, data.y, np.log(x)).sigma(np.log(x))
    A = np.column_stack([np.ones(len(x)), x])

    def displayed():
        c = x - x.mean()
        cv = x - np.average(x, weights=1 / sigma)
        cw = x - np.average(x, weights=1 / sigma**2)
        return (
            np.sum(c**2 * sigma**2) / np.sum(c**2) ** 2,
            1 / np.sum(cw**2 / sigma**2),
            math.pi / 2 * np.sum(cv**2) / np.sum(cv**2 / sigma) ** 2,
        )

    # In matrices: D^-1 M D^-1. For the median D holds the density at 0, and M a quarter of A'A.
    plain = np.linalg.inv(A.T @ A) @ A.T * sigma
    D = np.linalg.inv(A.T @ (A * (stats.norm.pdf(0) / sigma)[:, None]))
    expected = [
        (plain @ plain.T)[1, 1],
        np.linalg.inv(A.T @ (A / (sigma**2)[:, None]))[1, 1],
        (D @ (A.T @ A / 4) @ D)[1, 1],
    ]
    np.testing.assert_allclose(displayed(), expected, rtol=1e-8)
    # And by simulation, each with its own fits.
    noise = sigma * np.random.default_rng(0).normal(size=(600, len(x)))
    least = LinearRegression()
    slopes = [
        [
            least.fit(x[:, None], e).coef_[0],
            least.fit(x[:, None], e, sample_weight=sigma**-2).coef_[0],
            fit_line(x, e, mae).slope,
        ]
        for e in noise
    ]
    np.testing.assert_allclose(np.var(slopes, axis=0), displayed(), rtol=0.2)


@formula("eq-collapse")
def test_a_perfect_point_rewards_a_spread_of_zero():
    sigma, r = sp.symbols("sigma r", positive=True)
    part = sp.log(2 * sp.pi * sigma**2) / 2 + r**2 / (2 * sigma**2)
    assert sp.limit(part.subs(r, 0), sigma, 0, "+") == -sp.oo
    assert sp.limit(part, sigma, 0, "+") == sp.oo  # any residual at all forbids it
    for value in (0.5, 3.0):
        exact = -stats.norm.logpdf(0.7, scale=value)
        assert float(part.subs({r: 0.7, sigma: value})) == pytest.approx(exact)


@formula("eq-damped")
def test_the_pull_on_the_mean_is_damped_by_the_spread():
    y, m, s, beta = sp.symbols("y m sigma beta", positive=True)
    nll = sp.log(2 * sp.pi * s**2) / 2 + (y - m) ** 2 / (2 * s**2)
    displayed = -(y - m) / s ** (2 - 2 * beta)
    assert sp.simplify(s ** (2 * beta) * sp.diff(nll, m) - displayed) == 0
    assert sp.simplify(displayed.subs(beta, 1) - sp.diff((y - m) ** 2 / 2, m)) == 0
    assert sp.simplify(displayed.subs(beta, 0) - sp.diff(nll, m)) == 0


def test_the_sandwich_of_the_chapter_is_that_of_the_first_formula():
    """With the true variances in the place of squared residuals it is the variance displayed."""
    data = engel()
    sigma = 0.1 * data.x
    c = data.x - data.x.mean()
    exact = np.sum(c**2 * sigma**2) / np.sum(c**2) ** 2
    assert standard_errors(data.x, sigma, kind="HC0")[1] ** 2 == pytest.approx(exact)
