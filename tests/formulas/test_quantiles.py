"""The displayed formulas of "Quantiles", written out again and checked."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, stats
from scipy.optimize import linprog, minimize_scalar
from sklearn.linear_model import QuantileRegressor
from sklearn.metrics import mean_pinball_loss
from statsmodels.regression.quantile_regression import QuantReg

from course_code.datasets import boscovich_arcs, engel, stars_cyg_ob1, two_coaches
from course_code.intervals import conformal_margin, quantile_fan
from course_code.losses import Quantile
from course_code.regression import fit_line

from .registry import formula

ENGEL = engel()
TAUS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
DIRTY = two_coaches(outliers=3)


def displayed_rho(r, tau):
    return tau * r if r >= 0 else (tau - 1) * r


def total(values, q, tau):
    return sum(displayed_rho(v - q, tau) for v in values)


def displayed_set(values, tau):
    """The set of eq-sample-quantiles as (low, high); tau as a fraction, so that n tau is exact."""
    ordered, n_tau = sorted(values), len(values) * sp.Rational(tau)
    if n_tau.is_integer:
        return ordered[int(n_tau) - 1], ordered[int(n_tau)]
    k = math.ceil(n_tau)
    return ordered[k - 1], ordered[k - 1]


@formula("eq-pinball")
@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
def test_pinball_is_the_loss_of_the_libraries_and_the_median_case_is_half_of_absolute(tau):
    for y, y_hat in [(1.0, 0.0), (0.0, 1.0), (3.0, 3.0), (-2.5, 4.0)]:
        assert displayed_rho(y - y_hat, tau) == pytest.approx(
            mean_pinball_loss([y], [y_hat], alpha=tau), abs=1e-15
        )
        assert Quantile(tau)([y], [y_hat]) == pytest.approx(displayed_rho(y - y_hat, tau))
        assert displayed_rho(y - y_hat, 0.5) == abs(y - y_hat) / 2
    assert displayed_rho(1.0, 0.9) / displayed_rho(-1.0, 0.9) == pytest.approx(9)


@formula("eq-baker")
def test_the_baker_pays_the_pinball_loss():
    u, o, shortage = sp.symbols("u o z", positive=True)
    tau = u / (u + o)
    assert sp.simplify((u + o) * tau * shortage - u * shortage) == 0  # D - q = z
    assert sp.simplify((u + o) * (tau - 1) * (-shortage) - o * shortage) == 0  # D - q = -z
    # And the cheapest number of loaves is the quantile of a continuous demand.
    demand = stats.gamma(4, scale=25)

    def mean_cost(q):
        def cost(d):
            return (1.8 * max(d - q, 0) + 0.2 * max(q - d, 0)) * demand.pdf(d)

        return integrate.quad(cost, 0, 600, points=[q], limit=200)[0]

    cheapest = minimize_scalar(mean_cost, bounds=(50, 300), method="bounded")
    assert cheapest.x == pytest.approx(demand.ppf(1.8 / 2.0), rel=1e-4)


@formula("eq-pinball-step")
@pytest.mark.parametrize("tau", [0.2, 0.75])
@pytest.mark.parametrize("y", [-1.0, 0.3, 0.5, 2.0, 4.0])
def test_one_value_is_charged_step_by_step(y, tau):
    q, higher = 0.3, 2.0
    left = displayed_rho(y - higher, tau) - displayed_rho(y - q, tau)
    inside = [min(max(y, q), higher)]
    right = integrate.quad(lambda t: (y <= t) - tau, q, higher, points=inside)[0]
    assert left == pytest.approx(right, abs=1e-9)


@formula("eq-pinball-area")
@pytest.mark.parametrize(
    "law", [stats.norm(1, 2), stats.expon(), stats.laplace(0.5), stats.t(1.5), stats.uniform(-1, 4)]
)
def test_the_expected_loss_changes_by_the_area_between_F_and_tau(law):
    tau, q, higher = 0.8, 0.4, 2.5

    def saved(y):
        return (displayed_rho(y - higher, tau) - displayed_rho(y - q, tau)) * law.pdf(y)

    low, high = law.support()
    cuts = [max(low, -np.inf), *(c for c in (q, higher) if low < c < high), high]
    left = sum(integrate.quad(saved, a, b, limit=200)[0] for a, b in itertools.pairwise(cuts))
    middle = integrate.quad(  # the expectation inside the integral, by quadrature of its own
        lambda t: integrate.quad(law.pdf, low, t, limit=200)[0] - tau, q, higher
    )[0]
    right = integrate.quad(lambda t: law.cdf(t) - tau, q, higher)[0]
    assert left == pytest.approx(right, abs=1e-6)
    assert middle == pytest.approx(right, abs=1e-6)


@formula("eq-quantile-set")
@pytest.mark.parametrize(
    ("values", "weights"), [([1, 2, 3, 10], [1, 1, 1, 1]), ([0, 1, 5], [0.25, 0.5, 0.25])]
)
@pytest.mark.parametrize("tau", [0.25, 0.4, 0.5, 0.75, 0.9])
def test_the_minimisers_are_the_displayed_set_and_nothing_else(values, weights, tau):
    values, p = np.array(values, float), np.array(weights) / sum(weights)
    grid = np.arange(-8, 100) / 8  # holds every value; multiples of 1/8 are exact
    loss = np.array(
        [sum(w * displayed_rho(v - q, tau) for v, w in zip(values, p, strict=True)) for q in grid]
    )
    least = grid[loss <= loss.min() + 1e-12]
    displayed = [q for q in grid if p[values < q].sum() <= tau <= p[values <= q].sum()]
    assert list(least) == displayed


@formula("eq-sample-quantiles")
@pytest.mark.parametrize("tau", ["1/4", "2/5", "1/2", "3/4", "9/10"])
@pytest.mark.parametrize("n", [1, 3, 4, 5, 10, 12])
def test_the_order_statistics_are_the_minimisers(n, tau):
    values = np.random.default_rng(n).integers(0, 400, n) / 8
    grid = np.arange(-8, 408) / 8
    t = float(sp.Rational(tau))
    loss = np.array([total(values, q, t) for q in grid])
    least = grid[loss <= loss.min() + 1e-9]
    assert (least.min(), least.max()) == displayed_set(values, tau)


@formula("eq-asymmetric-laplace")
@pytest.mark.parametrize("tau", [0.05, 0.5, 0.9])
def test_the_density_integrates_to_one_and_has_its_quantile_at_zero(tau):
    b = 0.7

    def density(r):
        return tau * (1 - tau) / b * math.exp(-displayed_rho(r, tau) / b)

    below = integrate.quad(density, -np.inf, 0)[0]
    above = integrate.quad(density, 0, np.inf)[0]
    assert below == pytest.approx(tau, rel=1e-8)
    assert below + above == pytest.approx(1, rel=1e-8)
    # SciPy's law has another scale and a parameter kappa instead of tau.
    kappa, scale = math.sqrt(tau / (1 - tau)), b / math.sqrt(tau * (1 - tau))
    for r in (-1.3, 0.0, 0.4, 2.0):
        scipy = stats.laplace_asymmetric.pdf(r, kappa, scale=scale)
        assert density(r) == pytest.approx(scipy, rel=1e-10)
    # The rates named in the text.
    assert density(2.0) / density(1.0) == pytest.approx(math.exp(-tau / b))
    assert density(-2.0) / density(-1.0) == pytest.approx(math.exp(-(1 - tau) / b))


@formula("eq-asymmetric-scale")
def test_the_scale_is_the_mean_loss():
    b, n, tau, S = sp.symbols("b n tau S", positive=True)  # S stands for the sum of the losses
    nll = S / b + n * sp.log(b / (tau * (1 - tau)))
    first = sp.diff(nll, b)
    assert sp.simplify(first - (-S / b**2 + n / b)) == 0
    assert sp.solve(first, b) == [S / n]
    assert sp.simplify(sp.diff(nll, b, 2).subs(b, S / n)).is_positive
    # The first line, against the density written with logarithms by SciPy.
    r, t, scale = np.array([-1.0, 0.2, 3.0]), 0.9, 0.6
    written = sum(displayed_rho(v, t) for v in r) / scale + 3 * math.log(scale / (t * (1 - t)))
    kappa = math.sqrt(t / (1 - t))
    scipy = stats.laplace_asymmetric.logpdf(r, kappa, scale=scale / math.sqrt(t * (1 - t)))
    assert written == pytest.approx(-scipy.sum(), rel=1e-10)


def independent_residuals(x, y, tau):
    """Residuals of a fit by HiGHS."""
    model = QuantileRegressor(quantile=tau, alpha=0, solver="highs").fit(x[:, None], y)
    return y - model.predict(x[:, None])


@formula("eq-counts")
@pytest.mark.parametrize("tau", TAUS)
@pytest.mark.parametrize("data", [ENGEL, DIRTY, stars_cyg_ob1()], ids=lambda d: d.name)
def test_the_points_below_are_counted_by_the_balance_of_votes(data, tau):
    n = len(data.x)
    r = independent_residuals(data.x, data.y, tau)
    below, on = int(np.sum(r < -1e-7)), int(np.sum(np.abs(r) <= 1e-7))
    above = n - below - on
    # First line: votes on the line that balance exist. Their sum s then gives the second line.
    s = -(tau * above + (tau - 1) * below)
    assert on * (tau - 1) - 1e-9 <= s <= on * tau + 1e-9
    assert below == pytest.approx(n * tau - (on * tau - s))
    assert n * tau - on - 1e-9 <= below <= n * tau + 1e-9


def test_engel_lines_agree_with_two_libraries():
    for tau in TAUS:
        line = fit_line(ENGEL.x, ENGEL.y, Quantile(tau))
        ours = [line.intercept, line.slope]
        design = np.column_stack([np.ones(235), ENGEL.x])
        np.testing.assert_allclose(ours, QuantReg(ENGEL.y, design).fit(q=tau).params, rtol=1e-5)
        model = QuantileRegressor(quantile=tau, alpha=0, solver="highs")
        model.fit(ENGEL.x[:, None], ENGEL.y)
        np.testing.assert_allclose(ours, [model.intercept_, *model.coef_], rtol=1e-8)
    line = fit_line(ENGEL.x, ENGEL.y, Quantile(0.5))
    assert (round(line.intercept, 6), round(line.slope, 6)) == (81.482247, 0.560181)


@formula("eq-conformal")
@pytest.mark.parametrize(("m", "level"), [(9, 0.9), (19, 0.9), (25, 0.5), (12, 0.7)])
def test_the_new_score_is_covered_as_often_as_its_rank_allows(m, level):
    k = math.ceil(round((m + 1) * level, 9))
    assert k / (m + 1) >= level - 1e-12
    # Every one of m + 1 distinct scores may be the new one, each as likely as the others.
    scores = np.random.default_rng(m).normal(size=m + 1)
    covered = [s <= np.sort(np.delete(scores, i))[k - 1] for i, s in enumerate(scores)]
    assert np.sum(covered) == k
    # With ties the share is never smaller.
    tied = np.round(scores)
    covered = [s <= np.sort(np.delete(tied, i))[k - 1] for i, s in enumerate(tied)]
    assert np.sum(covered) >= k
    # And the package's margin is that score, for intervals [0, 0].
    kept = np.abs(scores[:-1])
    assert conformal_margin(kept, 0 * kept, 0 * kept, level) == np.sort(kept)[k - 1]


def test_the_coverage_of_one_calibration_set_has_the_beta_law_of_the_text():
    # For uniform scores the coverage given Q is Q itself, the k-th of m uniform numbers.
    q = np.sort(np.random.default_rng(0).random((20_000, 79)), axis=1)[:, 71]
    law = stats.beta(72, 8)
    assert stats.kstest(q, law.cdf).pvalue > 0.01
    assert law.std() == pytest.approx(math.sqrt(72 * 8 / (80**2 * 81)))


@formula("eq-centre-order")
@pytest.mark.parametrize("seed", range(8))
def test_lines_are_in_order_at_the_mean_of_x(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=15), rng.standard_t(2, size=15)
    low, high = sorted(rng.uniform(0.05, 0.95, 2))
    r, s = independent_residuals(x, y, low), independent_residuals(x, y, high)

    def loss(residuals, tau):
        return sum(displayed_rho(v, tau) for v in residuals)

    slack = 1e-9
    assert loss(r, low) + loss(s, high) <= loss(s, low) + loss(r, high) + slack
    # The second line is the first without the terms that both sides share.
    shared = np.sum(np.maximum(-r, 0)) + np.sum(np.maximum(-s, 0))
    second = (low * r.sum() + high * s.sum(), low * s.sum() + high * r.sum())
    assert loss(r, low) + loss(s, high) - shared == pytest.approx(second[0], abs=1e-9)
    assert loss(s, low) + loss(r, high) - shared == pytest.approx(second[1], abs=1e-9)
    third = (high - low) * (s.sum() - r.sum())
    assert third == pytest.approx(second[0] - second[1], abs=1e-9)
    assert third <= slack
    assert s.sum() <= r.sum() + slack


@formula("eq-sorting")
@pytest.mark.parametrize("seed", range(20))
def test_sorting_never_costs_for_any_value(seed):
    rng = np.random.default_rng(seed)
    taus = np.sort(rng.uniform(0.01, 0.99, 6))
    q, y = rng.normal(size=6), rng.normal()
    ordered = np.sort(q)

    def one(heights):
        return sum(displayed_rho(y - h, t) for h, t in zip(heights, taus, strict=True))

    def c(heights):
        return np.sum(np.maximum(heights - y, 0))

    def spelled_out(heights):
        return c(q) + taus @ (y - heights)

    assert c(ordered) == pytest.approx(c(q))
    assert one(q) == pytest.approx(spelled_out(q))
    assert spelled_out(q) >= spelled_out(ordered) - 1e-12
    assert spelled_out(ordered) == pytest.approx(one(ordered))


@formula("eq-equivariance")
@pytest.mark.parametrize("tau", ["1/10", "1/4", "1/2", "2/3", "9/10"])
def test_sets_of_quantiles_move_with_the_unit(tau):
    values = np.random.default_rng(3).gamma(2, size=20)
    low, high = displayed_set(values, tau)
    np.testing.assert_allclose(displayed_set(5 + 3 * values, tau), [5 + 3 * low, 5 + 3 * high])
    other = 1 - sp.Rational(tau)
    low_other, high_other = displayed_set(values, other)
    assert displayed_set(-values, tau) == (-high_other, -low_other)
    for g in (np.log, np.exp, np.cbrt):
        np.testing.assert_allclose(displayed_set(g(values), tau), [g(low), g(high)])
    # The mean has no third rule.
    assert abs(np.log(values).mean() - np.log(values.mean())) > 0.1


@formula("eq-line-equivariance")
@pytest.mark.parametrize("tau", [0.05, 0.3, 0.5, 0.9])
def test_slopes_move_with_the_unit(tau):
    x, y = ENGEL.x, ENGEL.y

    def slope(x, y, tau):
        model = QuantileRegressor(quantile=tau, alpha=0, solver="highs").fit(x[:, None], y)
        return model.coef_[0]

    w = slope(x, y, tau)
    a, c, d = 100.0, 2.5, -0.7
    assert slope(x, a + y, tau) == pytest.approx(w, rel=1e-7)
    assert slope(x, c * y + d * x, tau) == pytest.approx(c * w + d, rel=1e-7)
    assert slope(x, -y, tau) == pytest.approx(-slope(x, y, 1 - tau), rel=1e-7)
    assert slope(a + x, y, tau) == pytest.approx(w, rel=1e-7)
    assert slope(c * x, y, tau) == pytest.approx(w / c, rel=1e-7)
    assert quantile_fan(x, y, [tau]).slopes[0] == pytest.approx(w, rel=1e-8)


def lines_through_pairs_that_are_minimal(x, y, tau):
    """The pairs of points whose line has votes that balance: a linear program for each pair."""
    n, found = len(x), []
    for c in range(n):
        for j in range(c + 1, n):
            slope = (y[j] - y[c]) / (x[j] - x[c])
            r = y - y[c] - slope * (x - x[c])
            bounds = [
                (tau - 1, tau) if i in (c, j) else (tau, tau) if r[i] > 0 else (tau - 1, tau - 1)
                for i in range(n)
            ]
            balance = np.vstack([np.ones(n), x])
            if linprog(np.zeros(n), A_eq=balance, b_eq=[0, 0], bounds=bounds).status == 0:
                found.append((c, j, r))
    return found


@formula("eq-breakpoints")
@pytest.mark.parametrize("tau", [0.1, 0.213, 0.214, 0.3, 0.477, 0.479, 0.6, 0.731, 0.733, 0.9])
def test_the_line_through_two_arcs_holds_as_long_as_the_shares_say(tau):
    arcs = boscovich_arcs()
    x, y = arcs.x, arcs.y
    ((c, j, r),) = lines_through_pairs_that_are_minimal(x, y, tau)
    checked = 0
    for centre, on in [(c, j), (j, c)]:
        d = np.abs(x - x[centre])
        if centre not in (0, 4):  # the ends only: there all distances have one sign
            continue
        below = d[[i for i in range(5) if i not in (c, j) and r[i] < 0]].sum()
        assert below <= tau * d.sum() <= d[on] + below
        checked += 1
    assert checked
    line = fit_line(x, y, Quantile(tau))
    assert line.slope == pytest.approx((y[j] - y[c]) / (x[j] - x[c]))


def test_the_breakpoints_of_the_text_are_where_the_pair_changes():
    arcs = boscovich_arcs()
    for share, before, after in [
        (0.4648 / 2.1783, (0, 2), (0, 3)),
        ((0.4648 + 0.5762) / 2.1783, (0, 3), (0, 4)),
        ((0.8386 + 0.3738 + 0.2624) / 2.0147, (0, 4), (1, 4)),
    ]:
        for tau, pair in [(share - 1e-6, before), (share + 1e-6, after)]:
            ((c, j, _),) = lines_through_pairs_that_are_minimal(arcs.x, arcs.y, tau)
            assert (c, j) == pair


@formula("eq-crps")
@pytest.mark.parametrize("law", [stats.norm(1, 2), stats.expon(), stats.uniform(-1, 3)])
@pytest.mark.parametrize("y", [-0.5, 0.8, 3.0])
def test_two_forms_of_the_score(law, y):
    low, high = law.ppf([1e-12, 1 - 1e-12])
    parts = sorted({min(low, y), y, max(high, y)} | {float(np.clip(law.median(), low, high))})
    left = sum(
        integrate.quad(lambda t: (law.cdf(t) - (y <= t)) ** 2, a, b, limit=200)[0]
        for a, b in itertools.pairwise(parts)
    )
    at = float(np.clip(law.cdf(y), 1e-9, 1 - 1e-9))
    right = (
        2
        * integrate.quad(
            lambda tau: displayed_rho(y - law.ppf(tau), tau), 0, 1, points=[at], limit=200
        )[0]
    )
    assert left == pytest.approx(right, abs=1e-5)
