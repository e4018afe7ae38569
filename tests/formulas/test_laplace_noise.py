"""The displayed formulas of "Laplace noise gives MAE", written out again and checked."""

from itertools import combinations, pairwise

import numpy as np
import pytest
import scipy.special
import scipy.stats
import sympy as sp
from scipy.integrate import quad
from scipy.optimize import linprog, minimize_scalar

from course_code.datasets import boscovich_arcs, stackloss, two_coaches
from course_code.losses import mae, mse
from course_code.regression import fit, fit_line

from .registry import formula

STACK = stackloss()
STACK_X = np.column_stack([STACK["air_flow"], STACK["water_temp"], STACK["acid_conc"]])
STACK_A = np.column_stack([np.ones(21), STACK_X])
STACK_Y = STACK["stack_loss"]

b, sigma = sp.symbols("b sigma", positive=True)
scales = pytest.mark.parametrize("scale", [0.3, 1.0, 2.5])


def displayed_density(e, scale):
    return np.exp(-abs(e) / scale) / (2 * scale)


def both_sides(f, scale):
    """The integral of f times the displayed density, cut at the corner."""

    def integrand(e):
        return f(e) * displayed_density(e, scale)

    return quad(integrand, -60 * scale, 0)[0] + quad(integrand, 0, 60 * scale)[0]


def symbolic_sample():
    """Residuals as symbols, their absolute sum, and n."""
    r = sp.symbols("r1:5", real=True)
    return r, sum(sp.Abs(v) for v in r), len(r)


# --- which noise, which likelihood? ------------------------------------------------------------


@formula("eq-laplace-density")
@scales
def test_the_density_is_scipys_and_its_median_is_zero(scale):
    e = np.linspace(-5, 5, 41)
    np.testing.assert_allclose(
        displayed_density(e, scale), scipy.stats.laplace(scale=scale).pdf(e), rtol=1e-12
    )
    assert both_sides(lambda e: 1.0, scale) == pytest.approx(1, rel=1e-9)
    assert quad(displayed_density, -60 * scale, 0, args=(scale,))[0] == pytest.approx(0.5)


@formula("eq-laplace-mixture")
@scales
@pytest.mark.parametrize("e", [-2.0, 0.1, 1.0, 4.0])
def test_gaussian_noise_of_exponential_variance_is_laplace(scale, e):
    # With v = w^2 the integrand has no singularity at 0.
    def mixed(w):
        v = w * w
        normal = np.exp(-(e**2) / (2 * v)) / np.sqrt(2 * np.pi * v)
        return normal * np.exp(-v / (2 * scale**2)) / (2 * scale**2) * 2 * w

    assert quad(mixed, 0, 40 * scale, epsabs=1e-13, limit=400)[0] == pytest.approx(
        displayed_density(e, scale), rel=1e-8
    )


@formula("eq-laplace-likelihood")
def test_the_likelihood_is_the_product_of_the_densities():
    r = np.array([-3.0, -1.0, 0.0, 1.0, 5.0])
    product = np.prod([1 / (2 * 2.0) * np.exp(-abs(v) / 2.0) for v in r])
    assert product == pytest.approx(np.exp(scipy.stats.laplace(scale=2.0).logpdf(r).sum()))


# --- from likelihood to loss -------------------------------------------------------------------


@formula("eq-laplace-loglik")
def test_each_line_of_the_derivation_follows_from_the_one_before():
    r, total, n = symbolic_sample()
    product = sp.prod([sp.exp(-sp.Abs(v) / b) / (2 * b) for v in r])
    first = (2 * b) ** (-n) * sp.exp(-total / b)
    second = -n * sp.log(2 * b) - total / b
    third = n * sp.log(2 * b) + total / b
    assert sp.simplify(product / first) == 1
    assert sp.simplify(sp.expand_log(sp.log(first), force=True) - sp.expand_log(second)) == 0
    assert sp.simplify(second + third) == 0


@formula("eq-laplace-mae")
def test_the_mae_is_the_negative_log_likelihood_with_its_factor_and_constant():
    _, total, n = symbolic_sample()
    minus_l = n * sp.log(2 * b) + total / b
    assert sp.simplify(total / n - (b / n * minus_l - b * sp.log(2 * b))) == 0
    # Numbers, by SciPy's density and NumPy's mean.
    data = two_coaches()
    r = data.y - (1.2 * data.x + 0.4)
    nll = -scipy.stats.laplace(scale=0.7).logpdf(r).sum()
    assert 0.7 / 40 * nll - 0.7 * np.log(1.4) == pytest.approx(np.abs(r).mean(), rel=1e-12)


def test_the_gaussian_twin_as_quoted():
    r, _, n = symbolic_sample()
    total = sum(v**2 for v in r)
    minus_l = n * sp.log(sigma * sp.sqrt(2 * sp.pi)) + total / (2 * sigma**2)
    quoted = 2 * sigma**2 / n * minus_l - sigma**2 * sp.log(2 * sp.pi * sigma**2)
    assert sp.simplify(sp.expand_log(quoted - total / n, force=True)) == 0


# --- what is the best scale? -------------------------------------------------------------------


@formula("eq-laplace-scale-slope")
def test_the_slope_in_b_and_its_second_form():
    _, total, n = symbolic_sample()
    loglik = -n * sp.log(2 * b) - total / b
    first = -n / b + total / b**2
    second = n / b**2 * (total / n - b)
    assert sp.simplify(sp.diff(loglik, b) - first) == 0
    assert sp.simplify(first - second) == 0


@formula("eq-laplace-scale")
def test_the_mean_absolute_residual_is_scipys_maximum_likelihood_scale():
    r = np.random.default_rng(0).laplace(0, 1.7, 200)
    _, by_scipy = scipy.stats.laplace.fit(r, floc=0)
    assert np.abs(r).mean() == pytest.approx(by_scipy, rel=1e-9)
    found = minimize_scalar(
        lambda s: -scipy.stats.laplace(scale=s).logpdf(r).sum(), bounds=(0.1, 20), method="bounded"
    )
    assert np.abs(r).mean() == pytest.approx(found.x, rel=1e-4)


@formula("eq-laplace-profile")
def test_what_is_left_when_the_best_scale_is_put_in():
    mean, n = sp.symbols("MAE n", positive=True)
    minus_l = n * sp.log(2 * b) + n * mean / b
    left = minus_l.subs(b, mean) - n * sp.log(2 * sp.E * mean)
    assert sp.simplify(sp.expand_log(left, force=True)) == 0


@formula("eq-laplace-sd")
def test_mean_size_variance_and_standard_deviation():
    t = sp.symbols("t", positive=True)
    first = sp.integrate(t / b * sp.exp(-t / b), (t, 0, sp.oo))
    second = sp.integrate(t**2 / b * sp.exp(-t / b), (t, 0, sp.oo))
    assert (sp.simplify(first - b), sp.simplify(second - 2 * b**2)) == (0, 0)
    assert sp.sqrt(second).equals(sp.sqrt(2) * b)
    assert both_sides(abs, 0.7) == pytest.approx(0.7)
    assert scipy.stats.laplace(scale=0.7).std() == pytest.approx(np.sqrt(2) * 0.7)


@pytest.mark.parametrize("p", [1, 2, 4])
def test_a_fitted_scale_is_too_small_by_about_p_over_2n(p):
    n, rng = 120, np.random.default_rng(p)
    x = rng.normal(size=(n, p - 1))
    lost = []
    for e in rng.laplace(size=(400, n)):
        fitted = np.abs(e - np.median(e)).mean() if p == 1 else fit(x, e, mae).objective
        lost.append(np.abs(e).mean() - fitted)
    assert np.mean(lost) == pytest.approx(p / (2 * n), abs=4 * np.std(lost) / 20 + 0.1 * p / n)


# --- how is the line found? --------------------------------------------------------------------


def by_program(A, y):
    """The displayed linear program, solved by HiGHS: coefficients, u, v."""
    n, p = A.shape
    cost = np.concatenate([np.zeros(p), np.ones(2 * n)])
    equations = np.hstack([A, np.eye(n), -np.eye(n)])
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)
    answer = linprog(cost, A_eq=equations, b_eq=y, bounds=bounds, method="highs-ds")
    assert answer.status == 0
    return answer.x[:p], answer.x[p : p + n], answer.x[p + n :]


@formula("eq-lad-program")
def test_the_program_gives_the_fit_with_u_or_v_zero_and_p_exact_zeros():
    beta, u, v = by_program(STACK_A, STACK_Y)
    assert np.minimum(u, v).max() == 0
    r = STACK_Y - STACK_A @ beta
    np.testing.assert_allclose(u - v, r, atol=1e-9)
    np.testing.assert_allclose(u + v, np.abs(r), atol=1e-9)
    assert np.sum(np.abs(r) < 1e-9) == 4
    # Published for these data by the R packages quantreg and L1pack.
    np.testing.assert_allclose(beta, [-39.689855, 0.831884, 0.573913, -0.060870], atol=5e-7)
    lad = fit(STACK_X, STACK_Y, mae)
    np.testing.assert_allclose(beta, [lad.intercept, *lad.coef], rtol=1e-8)


def test_trying_all_pairs_of_arcs_is_what_the_program_finds():
    arcs = boscovich_arcs()
    best = min(
        np.abs(arcs.y - np.polyval(np.polyfit(arcs.x[list(pair)], arcs.y[list(pair)], 1), arcs.x))
        .sum()
        .round(6)
        for pair in combinations(range(5), 2)
    )
    _, u, v = by_program(np.column_stack([np.ones(5), arcs.x]), arcs.y)
    assert best == pytest.approx((u + v).sum(), abs=1e-5)


@formula("eq-lad-floor")
def test_balanced_numbers_put_a_floor_under_every_plane():
    # psi from the dual of the program, by HiGHS: maximise psi @ y over balanced psi.
    dual = linprog(-STACK_Y, A_eq=STACK_A.T, b_eq=np.zeros(4), bounds=(-1, 1), method="highs-ds")
    psi = dual.x
    floor = psi @ STACK_Y
    rng = np.random.default_rng(0)
    for _ in range(50):
        beta = rng.normal(size=4) * [40, 1, 1, 0.2]
        s = STACK_Y - STACK_A @ beta
        assert np.abs(s).sum() >= psi @ s - 1e-9
        assert psi @ s == pytest.approx(floor, abs=1e-6)
    assert np.abs(STACK_Y - STACK_A @ by_program(STACK_A, STACK_Y)[0]).sum() == pytest.approx(floor)
    # The four numbers of the text, and the days they belong to.
    inside = np.flatnonzero(np.abs(psi) < 1 - 1e-9)
    assert list(inside + 1) == [2, 8, 16, 18]
    np.testing.assert_allclose(psi[inside], [0.1899, -0.5580, 0.7290, 0.6391], atol=5e-5)


# --- what does it aim at? ----------------------------------------------------------------------


@formula("eq-median-walk")
@pytest.mark.parametrize("y", [-2.0, 0.0, 0.4, 1.0, 3.0])
@pytest.mark.parametrize(("m", "c"), [(0.0, 1.0), (1.0, -0.5)])
def test_the_walk_from_m_to_c(y, m, c):
    # The integral of 2 [y <= t] - 1 from m to c, piece by piece.
    low, high = min(m, c), max(m, c)
    beyond = high - np.clip(y, low, high)  # where y <= t
    integral = np.sign(c - m) * (beyond - (high - low - beyond))
    assert abs(y - c) - abs(y - m) == pytest.approx(integral)


@formula("eq-median-excess")
@pytest.mark.parametrize("law", [scipy.stats.expon(), scipy.stats.laplace(1, 2), scipy.stats.t(2)])
@pytest.mark.parametrize("step", [-1.5, -0.3, 0.5, 2.0])
def test_the_excess_is_the_integral_and_not_negative(law, step):
    m = law.median()
    c = m + step

    def difference(p):
        y = law.ppf(p)
        return abs(y - c) - abs(y - m)

    cuts = sorted({0.0, float(law.cdf(m)), float(law.cdf(c)), 1.0})
    excess = sum(quad(difference, p, q)[0] for p, q in pairwise(cuts))
    integral = quad(lambda t: 2 * law.cdf(t) - 1, m, c)[0]
    assert excess == pytest.approx(integral, abs=1e-6)
    assert integral >= 0


def test_the_excess_is_zero_just_on_the_medians():
    y = np.array([1.0, 2.0, 3.0, 10.0])
    excess = [np.abs(y - c).mean() - np.abs(y - 2).mean() for c in (2, 2.4, 3, 1.9, 3.1)]
    assert np.allclose(excess[:3], 0)
    assert min(excess[3:]) > 0.01


def test_the_price_of_the_mean_for_an_exponential():
    t = sp.symbols("t", positive=True)
    excess = sp.integrate(2 * (1 - sp.exp(-t)) - 1, (t, sp.log(2), 1))
    assert sp.simplify(excess - (2 / sp.E - sp.log(2))) == 0


@formula("eq-conditional-median")
def test_cell_by_cell_the_medians_minimise():
    # A joint law on a grid: two x, five y. All functions of x with values among many c.
    y = np.array([0.0, 1.0, 2.0, 4.0, 9.0])
    joint = np.array([[0.1, 0.05, 0.1, 0.05, 0.1], [0.02, 0.08, 0.2, 0.2, 0.1]])
    tries = np.linspace(-1, 10, 221)
    cost = np.array(
        [[[(row * np.abs(y - c)).sum()] for c in tries] for row in joint]
    ).squeeze()  # (x, c)
    best = [tries[np.isclose(row, row.min())] for row in cost]
    for found, row in zip(best, joint, strict=True):
        share = np.cumsum(row) / row.sum()
        low = y[np.searchsorted(share, 0.5 - 1e-12)]
        high = y[np.searchsorted(share, 0.5 + 1e-12, side="right")]
        assert (found.min(), found.max()) == pytest.approx((low, high))
    # The expected error of f is the sum over x, so it is least where each term is.
    total = cost[0][:, None] + cost[1][None, :]
    i, j = np.unravel_index(total.argmin(), total.shape)
    assert tries[i] in best[0]
    assert tries[j] in best[1]


# --- how good is it? ---------------------------------------------------------------------------


def variance_of_median(law, n):
    """The exact variance of the median of n = 2k + 1 draws from a law symmetric about 0."""
    k = n // 2
    beta = scipy.stats.beta(k + 1, k + 1)
    return 2 * quad(lambda p: law.ppf(p) ** 2 * beta.pdf(p), 0.5, 1, limit=200)[0]


@formula("eq-lad-efficiency")
@pytest.mark.parametrize(
    ("law", "limit"), [(scipy.stats.norm(), 2 / np.pi), (scipy.stats.laplace(), 2.0)]
)
def test_efficiency_formula_and_its_limits(law, limit):
    assert 4 * law.var() * law.pdf(0) ** 2 == pytest.approx(limit)
    # The exact efficiency comes closer as n grows, at the rate 1 / sqrt(n).
    exact = [law.var() / n / variance_of_median(law, n) for n in (101, 1001, 10001)]
    assert abs(exact[0] - limit) > abs(exact[1] - limit) > abs(exact[2] - limit)
    assert exact[2] == pytest.approx(limit, rel=0.02)


@pytest.mark.parametrize(
    ("n", "gauss", "laplace"),
    [(3, 0.75, 1.04), (5, 0.70, 1.14), (21, 0.65, 1.44), (101, 0.64, 1.71), (401, 0.63, 1.86)],
)
def test_the_simulated_table_agrees_with_exact_variances(n, gauss, laplace):
    for law, told in [(scipy.stats.norm(), gauss), (scipy.stats.laplace(), laplace)]:
        exact = law.var() / n / variance_of_median(law, n)
        assert told == pytest.approx(exact, abs=0.045)


@formula("eq-laplace-information")
@scales
def test_information_of_one_observation(scale):
    assert both_sides(lambda e: (np.sign(e) / scale) ** 2, scale) == pytest.approx(1 / scale**2)
    # Fisher information is also the curvature of the expected surprise in the location.
    h = 1e-3 * scale

    def surprise(shift):
        cuts = sorted([-60 * scale, 0.0, shift, 60 * scale])
        return sum(
            quad(lambda e: abs(e - shift) / scale * displayed_density(e, scale), p, q)[0]
            for p, q in pairwise(cuts)
        )

    curvature = (surprise(h) - 2 * surprise(0.0) + surprise(-h)) / h**2
    assert curvature == pytest.approx(1 / scale**2, rel=1e-3)


# --- reading the derivation backwards ----------------------------------------------------------


@formula("eq-laplace-converse")
@pytest.mark.parametrize("k", [1, 3, 50])
@pytest.mark.parametrize(
    ("g", "slope", "kink"),
    [
        (lambda r: abs(r) / 0.7, lambda r: np.sign(r) / 0.7, 1 / 0.7),
        (lambda r: r * r / 2, lambda r: r, 0.0),
        (lambda r: abs(r) + r * r, lambda r: np.sign(r) + 2 * r, 1.0),
    ],
    ids=["Laplace", "Gaussian", "between"],
)
def test_the_median_is_most_likely_just_where_the_inequalities_hold(g, slope, kink, k):
    for s, t in [(1.0, 1.0), (0.2, 3.0), (2.0, 0.5)]:
        sample = np.array([t] * k + [-s] * k + [0.0])
        surprise = [g(sample - c).sum() for c in (0.0, 1e-7, -1e-7)]
        displayed = (
            -kink <= k * (slope(t) + slope(-s)) + 1e-12
            and k * (slope(t) + slope(-s)) - 1e-12 <= kink
        )
        assert displayed == (min(surprise[1:]) >= surprise[0] - 1e-12)


@formula("eq-laplace-error-bar")
@pytest.mark.parametrize(
    ("law", "share"), [(scipy.stats.laplace(scale=0.6), 1.0), (scipy.stats.norm(0, 3), 2 / np.pi)]
)
def test_the_share_of_the_error_bar(law, share):
    size = 2 * quad(lambda e: e * law.pdf(e), 0, 40 * law.std())[0]
    n = 57
    ratio = (size / np.sqrt(n)) / (1 / (2 * law.pdf(0) * np.sqrt(n)))
    assert ratio == pytest.approx(2 * law.pdf(0) * size)
    assert ratio == pytest.approx(share)


def test_the_interval_between_ranks():
    heads = scipy.stats.binom(101, 0.5)
    assert heads.cdf(60) - heads.cdf(40) == pytest.approx(0.9540, abs=5e-5)


@formula("eq-newsvendor")
@pytest.mark.parametrize(("short", "over"), [(3.0, 1.0), (1.0, 1.0), (150.0, 100.0)])
def test_costs_balance_at_the_quantile(short, over):
    law = scipy.stats.gamma(4, scale=10)
    c = law.ppf(short / (short + over))
    assert over * law.cdf(c) == pytest.approx(short * (1 - law.cdf(c)))

    def cost(c):
        missing = quad(lambda y: (y - c) * law.pdf(y), c, 600)[0]
        wasted = quad(lambda y: (c - y) * law.pdf(y), 0, c)[0]
        return short * missing + over * wasted

    found = minimize_scalar(cost, bounds=(1, 200), method="bounded", options={"xatol": 1e-8})
    assert found.x == pytest.approx(c, rel=1e-4)


# --- how do the twins compare? -----------------------------------------------------------------


@formula("eq-twin-tails")
@pytest.mark.parametrize("k", [0.5, 1.0, 3.0, 6.0])
def test_the_tails_beyond_k_standard_deviations(k):
    laplace = scipy.stats.laplace(scale=0.3)
    assert np.exp(-np.sqrt(2) * k) == pytest.approx(2 * laplace.sf(k * laplace.std()), rel=1e-9)
    normal = scipy.stats.norm(scale=0.3)
    assert scipy.special.erfc(k / np.sqrt(2)) == pytest.approx(2 * normal.sf(k * 0.3), rel=1e-9)


@formula("eq-laplace-moments")
def test_moments_of_every_order_and_the_generating_function():
    t = sp.symbols("t", positive=True)
    for k in range(6):
        moment = sp.integrate(t**k / b * sp.exp(-t / b), (t, 0, sp.oo))
        assert sp.simplify(moment - sp.factorial(k) * b**k) == 0
    for s in (-0.6, 0.3, 0.6):  # t times b
        expected = both_sides(lambda e, s=s: np.exp(s / 0.7 * e), 0.7)
        assert expected == pytest.approx(1 / (1 - s**2), rel=1e-7)
    assert scipy.stats.laplace().stats(moments="k") + 3 == pytest.approx(24 / 4)


def test_the_densities_of_the_twins_cross_twice():
    normal, laplace = scipy.stats.norm(), scipy.stats.laplace(scale=1 / np.sqrt(2))
    for sign in (-1, 1):
        e = np.sqrt(2) + sign * np.sqrt(2 - np.log(np.pi))
        assert normal.pdf(e) == pytest.approx(laplace.pdf(e))


# --- a common mistake --------------------------------------------------------------------------


@formula("eq-twin-nll")
def test_both_best_likelihoods_per_observation():
    r = np.random.default_rng(3).standard_t(3, 80)
    rms, size = np.sqrt(np.mean(r**2)), np.mean(np.abs(r))
    gauss = -scipy.stats.norm(scale=rms).logpdf(r).mean()
    laplace = -scipy.stats.laplace(scale=size).logpdf(r).mean()
    assert gauss == pytest.approx(np.log(np.sqrt(2 * np.pi * np.e) * rms))
    assert laplace == pytest.approx(np.log(2 * np.e * size))


@formula("eq-twin-ratio")
def test_the_threshold():
    assert sp.simplify(2 * sp.E / sp.sqrt(2 * sp.pi * sp.E) - sp.sqrt(2 * sp.E / sp.pi)) == 0
    cut = np.sqrt(2 * np.e / np.pi)
    for ratio in (0.999 * cut, 1.001 * cut):
        gauss, laplace = np.log(np.sqrt(2 * np.pi * np.e) * ratio), np.log(2 * np.e)
        assert (laplace < gauss) == (ratio > cut)
    # Between the ratios of the two noises themselves.
    assert np.sqrt(np.pi / 2) < cut < np.sqrt(2)


def test_the_skewed_line_has_the_mean_and_the_median_slope():
    rng = np.random.default_rng(0)
    x = rng.uniform(1, 3, 40_000)
    y = x + x * rng.exponential(1.0, 40_000)
    assert fit_line(x, y, mse).slope == pytest.approx(2.0, abs=0.06)
    assert fit_line(x, y, mae).slope == pytest.approx(1 + np.log(2), abs=0.06)
