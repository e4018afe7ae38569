"""The displayed formulas of "Losses on the weights", written out again and checked."""

import hashlib
import math

import numpy as np
import pytest
import sympy as sp
import torch
from scipy import integrate, stats
from scipy.optimize import minimize, minimize_scalar
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge, lars_path

from course_code import datasets
from course_code.losses import Huber, mae
from course_code.regression import fit, fit_line, lasso, ridge, soft_threshold, standardize

from .registry import formula

RAW, Y = load_diabetes(return_X_y=True, scaled=False)
Z = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)
N = len(Y)
PLANT = datasets.stackloss()
STACK = PLANT["stack_loss"]
PAIR = standardize(np.column_stack([PLANT["air_flow"], PLANT["acid_conc"]]))[0]


def test_the_patients_are_those_of_the_chapter():
    """They are no part of the package, so a new copy in scikit-learn must not pass unseen."""
    table = np.column_stack([RAW, Y]).astype("<f8")
    digest = hashlib.sha256(table.tobytes()).hexdigest()
    assert digest == "839c546b0b4ac02c2e6cbe5e5c92313cefa993446c9733e9b49477cc3f96e104"


def displayed_ridge(b, X, y, lam):
    r = y - y.mean() - X @ b
    return r @ r / (2 * len(y)) + lam / 2 * np.sum(b**2)


def displayed_lasso(b, X, y, lam):
    r = y - y.mean() - X @ b
    return r @ r / (2 * len(y)) + lam * np.sum(np.abs(b))


def displayed_soft(v, lam):
    return math.copysign(max(abs(v) - lam, 0.0), v)


def least_of(objective, start):
    """The minimiser of a function of one or two weights, found without derivatives."""
    options = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 4000}
    return minimize(objective, start, method="Nelder-Mead", options=options).x


@formula("eq-weights-ridge")
@pytest.mark.parametrize("lam", [0.05, 0.7, 5.0])
def test_the_ridge_objective_is_that_of_the_libraries(lam):
    b = ridge(PAIR, STACK, 21 * lam).coef
    np.testing.assert_allclose(
        b, least_of(lambda c: displayed_ridge(c, PAIR, STACK, lam), [1, 1]), atol=1e-5
    )
    theirs = Ridge(21 * lam).fit(PAIR, STACK)
    np.testing.assert_allclose(b, theirs.coef_, atol=1e-10)
    # Centring does what a free intercept does.
    assert theirs.intercept_ == pytest.approx(STACK.mean())


@formula("eq-weights-lasso")
@pytest.mark.parametrize("lam", [0.05, 0.7, 5.0])
def test_the_lasso_objective_is_that_of_the_libraries(lam):
    b = lasso(PAIR, STACK, lam).coef
    np.testing.assert_allclose(
        b, least_of(lambda c: displayed_lasso(c, PAIR, STACK, lam), [5, 0.1]), atol=1e-5
    )
    np.testing.assert_allclose(b, Lasso(lam, tol=1e-15).fit(PAIR, STACK).coef_, atol=1e-10)


def test_the_table_of_conventions():
    lam = 0.5
    squares, absolute = ridge(Z, Y, N * lam).coef, lasso(Z, Y, lam).coef
    for model, ours in [
        (Ridge(N * lam), squares),
        (Lasso(lam, tol=1e-14), absolute),
        (ElasticNet(lam, l1_ratio=1.0, tol=1e-14), absolute),
        (ElasticNet(lam, l1_ratio=0.0, tol=1e-14), squares),
    ]:
        np.testing.assert_allclose(model.fit(Z, Y).coef_, ours, atol=1e-10)
    # The elastic net with one column in standard units: first the amount, then the share.
    share = 0.3
    alone = Z[:, 2] @ (Y - Y.mean()) / N
    for price in (5.0, 200.0):
        found = ElasticNet(price, l1_ratio=share, tol=1e-14).fit(Z[:, [2]], Y).coef_[0]
        displayed = displayed_soft(alone, price * share) / (1 + price * (1 - share))
        assert found == pytest.approx(displayed, abs=1e-10)


def test_weight_decay_is_twice_lambda_and_charges_the_intercept():
    lam, x, y = 0.3, *map(torch.tensor, (PAIR, STACK))
    free, charged = (torch.zeros(k, dtype=torch.float64, requires_grad=True) for k in (2, 1))
    optimiser = torch.optim.SGD([free, charged], lr=0.1, weight_decay=2 * lam)
    for _ in range(2000):
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(x @ free + charged, y).backward()
        optimiser.step()
    np.testing.assert_allclose(free.detach(), ridge(PAIR, STACK, 21 * lam).coef, rtol=1e-9)
    assert charged.item() == pytest.approx(STACK.mean() / (1 + lam), rel=1e-9)


@formula("eq-weights-one")
@pytest.mark.parametrize("b", [-3.0, 0.0, 2.5])
def test_one_weight_leaves_a_parabola_around_least_squares(b):
    x, y = Z[:, 2], Y - Y.mean()
    best = np.mean(x * y)
    assert best == pytest.approx(LinearRegression().fit(x[:, None], y).coef_[0])
    left = np.sum((y - b * x) ** 2) / (2 * N)
    right = np.sum((y - best * x) ** 2) / (2 * N) + (b - best) ** 2 / 2
    assert left == pytest.approx(right, rel=1e-12)


@formula("eq-weights-shrink")
def test_the_derivative_of_ridge_gives_the_share():
    b, best = sp.symbols("b b^*", real=True)
    lam = sp.symbols("lambda", positive=True)
    slope = sp.diff((b - best) ** 2 / 2 + lam / 2 * b**2, b)
    assert sp.expand(slope - ((b - best) + lam * b)) == 0
    assert sp.simplify(sp.solve(slope, b)[0] - best / (1 + lam)) == 0


@formula("eq-weights-cases")
@pytest.mark.parametrize("best", [-3.0, -1.0, -0.4, 0.0, 0.9, 1.0, 1.7])
def test_exactly_one_of_the_three_cases_holds_and_it_names_the_minimum(best):
    lam, cases = 1.0, []
    if best > lam:
        cases.append(best - lam)
        assert cases[-1] > 0
    if best < -lam:
        cases.append(best + lam)
        assert cases[-1] < 0
    if abs(best) <= lam:
        cases.append(0.0)
        assert -best - lam <= 0 <= -best + lam
    (b,) = cases
    found = minimize_scalar(lambda c: (c - best) ** 2 / 2 + lam * abs(c), bounds=(-5, 5))
    assert found.x == pytest.approx(b, abs=1e-4)


@formula("eq-weights-soft")
@pytest.mark.parametrize("best", [-3.0, -1.0, 0.2, 1.0, 4.0])
@pytest.mark.parametrize("lam", [0.1, 1.0, 2.5])
def test_the_soft_threshold_minimises(best, lam):
    found = minimize_scalar(
        lambda c: (c - best) ** 2 / 2 + lam * abs(c), bounds=(-6, 6), options={"xatol": 1e-9}
    )
    assert found.x == pytest.approx(displayed_soft(best, lam), abs=1e-6)
    assert soft_threshold(best, lam) == pytest.approx(displayed_soft(best, lam), abs=1e-15)


def negative_log_posteriors(b, sigma, tau, beta):
    """Both posteriors up to a constant, from the densities of SciPy."""
    r = STACK - STACK.mean() - PAIR @ b
    noise = -stats.norm(scale=sigma).logpdf(r).sum()
    gaussian = noise - stats.norm(scale=tau).logpdf(b).sum()
    return gaussian, noise - stats.laplace(scale=beta).logpdf(b).sum()


@formula("eq-weights-posterior")
def test_prior_times_likelihood_up_to_a_constant():
    sigma, tau, beta = 3.0, 2.0, 1.5

    def displayed(b):
        r = STACK - STACK.mean() - PAIR @ b
        data = r @ r / (2 * sigma**2)
        return data + np.sum(b**2) / (2 * tau**2), data + np.sum(np.abs(b)) / beta

    points = np.random.default_rng(0).normal(size=(6, 2)) * 4
    apart = np.array(
        [np.subtract(negative_log_posteriors(b, sigma, tau, beta), displayed(b)) for b in points]
    )
    np.testing.assert_allclose(apart, np.tile(apart[0], (6, 1)), rtol=1e-12)


@formula("eq-weights-lambda")
def test_the_most_probable_weights_are_the_penalised_ones():
    sigma, tau, beta, n = 3.0, 2.0, 1.5, 21
    gaussian = least_of(lambda b: negative_log_posteriors(b, sigma, tau, beta)[0], [5, 0.1])
    laplace = least_of(lambda b: negative_log_posteriors(b, sigma, tau, beta)[1], [5, 0.1])
    lam_ridge, lam_lasso = sigma**2 / (n * tau**2), sigma**2 / (n * beta)
    np.testing.assert_allclose(ridge(PAIR, STACK, n * lam_ridge).coef, gaussian, atol=1e-5)
    np.testing.assert_allclose(ridge(PAIR, STACK, sigma**2 / tau**2).coef, gaussian, atol=1e-5)
    np.testing.assert_allclose(lasso(PAIR, STACK, lam_lasso).coef, laplace, atol=1e-5)


@formula("eq-weights-mean")
@pytest.mark.parametrize("best", [0.0, 0.5, 1.0, 4.0, -2.0])
@pytest.mark.parametrize(("s", "beta"), [(1.0, 1.0), (0.6, 2.0)])
def test_the_posterior_mean_subtracts_the_mean_sign(best, s, beta):
    def expectation(g):
        def weighted(b):
            return g(b) * math.exp(-((b - best) ** 2) / (2 * s**2) - abs(b) / beta)

        return sum(integrate.quad(weighted, *ends)[0] for ends in [(-30, 0), (0, best), (best, 30)])

    mass, lam = expectation(lambda b: 1.0), s**2 / beta
    # First line: the mean slope of the logarithm is zero.
    slope = expectation(lambda b: (b - best) / s**2 + math.copysign(1, b) / beta) / mass
    assert slope == pytest.approx(0, abs=1e-7)
    mean = expectation(lambda b: b) / mass
    sign = expectation(lambda b: math.copysign(1, b)) / mass
    assert mean == pytest.approx(best - lam * sign, abs=1e-7)
    assert abs(sign) < 1
    assert (abs(mean) < 1e-9) == (best == 0)


@formula("eq-weights-clip")
@pytest.mark.parametrize("r", [-4.0, -1.0, -0.3, 0.0, 0.8, 1.0, 2.2])
def test_what_the_soft_threshold_takes_off_is_the_psi_of_huber(r):
    delta = 1.0
    clipped = max(-delta, min(r, delta))
    assert r - displayed_soft(r, delta) == pytest.approx(clipped, abs=1e-15)
    step = 1e-6  # psi as the derivative of the loss

    def rho(t):
        return float(torch.nn.functional.huber_loss(*map(torch.tensor, (t, 0.0)), delta=delta))

    exact = Huber(delta).psi(r)
    assert exact == pytest.approx(clipped, abs=1e-15)
    difference = (Huber(delta).rho(r + step) - Huber(delta).rho(r - step)) / (2 * step)
    assert difference == pytest.approx(clipped, abs=1e-6)
    assert Huber(delta).rho(r) == pytest.approx(rho(r), rel=1e-6)


@formula("eq-weights-envelope")
@pytest.mark.parametrize("r", [-4.0, -0.5, 0.2, 0.7, 3.0])
@pytest.mark.parametrize("delta", [0.5, 1.3])
def test_the_cheapest_shift_costs_huber(r, delta):
    def paid(shift):
        return (r - shift) ** 2 / 2 + delta * abs(shift)

    found = minimize_scalar(paid, bounds=(-6, 6), options={"xatol": 1e-10})
    inside = abs(r) <= delta
    displayed = r**2 / 2 if inside else delta * abs(r) - delta**2 / 2
    assert min(found.fun, paid(0.0)) == pytest.approx(displayed, abs=1e-9)
    assert paid(displayed_soft(r, delta)) == pytest.approx(displayed, abs=1e-12)


@formula("eq-weights-ridge-shift")
def test_squared_shifts_only_scale_the_square():
    r, shift = sp.symbols("r gamma", real=True)
    lam = sp.symbols("lambda", positive=True)
    paid = (r - shift) ** 2 / 2 + lam / 2 * shift**2
    best = sp.solve(sp.diff(paid, shift), shift)[0]
    assert sp.simplify(paid.subs(shift, best) - lam / (1 + lam) * r**2 / 2) == 0


@pytest.mark.parametrize("delta", [0.1, 0.5, 2.0])
def test_a_lasso_on_shifts_is_the_huber_fit(delta):
    calls = datasets.belgian_calls()
    x, y, n = calls.x - 1950, calls.y, 24
    line = np.column_stack([np.ones(n), x])
    M = np.eye(n) - line @ np.linalg.solve(line.T @ line, line.T)
    # By scikit-learn, so that no part of the package is compared with itself.
    model = Lasso(delta / n, fit_intercept=False, tol=1e-14, max_iter=1_000_000).fit(M, M @ y)
    shifts = model.coef_
    huber = fit_line(x, y, Huber(delta))
    residual = y - huber.predict(x)
    np.testing.assert_allclose(shifts, soft_threshold(residual, delta), atol=1e-7)
    ours = lasso(M, M @ y, delta / n, intercept=False).coef
    np.testing.assert_allclose(ours, soft_threshold(residual, delta), atol=1e-10)
    slope, intercept = np.polyfit(x, y - ours, 1)
    assert (slope, intercept) == pytest.approx((huber.slope, huber.intercept), abs=1e-10)
    squared = ridge(M, M @ y, 0.5, intercept=False).coef
    np.testing.assert_allclose(np.polyfit(x, y - squared, 1), np.polyfit(x, y, 1), atol=1e-10)


def pulls(coef):
    return Z.T @ (Y - Y.mean() - Z @ coef) / N


@formula("eq-weights-pull-ridge")
@pytest.mark.parametrize("lam", [0.01, 0.1, 3.0])
def test_under_ridge_every_pull_is_lambda_times_its_weight(lam):
    coef = Ridge(N * lam).fit(Z, Y).coef_
    np.testing.assert_allclose(pulls(coef), lam * coef, rtol=1e-9)


@formula("eq-weights-pull-lasso")
@pytest.mark.parametrize("lam", [0.08, 2.0, 20.0])
def test_under_the_lasso_pulls_are_lambda_or_less(lam):
    coef = Lasso(lam, tol=1e-14, max_iter=100_000).fit(Z, Y).coef_
    on = coef != 0
    np.testing.assert_allclose(pulls(coef)[on], lam * np.sign(coef[on]), rtol=1e-8)
    assert (np.abs(pulls(coef)[~on]) <= lam).all()
    assert on.any()
    top = np.abs(pulls(np.zeros(10))).max()
    assert not lasso(Z, Y, top * 1.000001).coef.any()
    assert lasso(Z, Y, top * 0.999).coef.any()


def test_hdl_enters_leaves_and_comes_back_with_the_other_sign():
    """The corners of the path, by least-angle regression of scikit-learn."""
    lams, _, coefs = lars_path(Z, Y - Y.mean(), method="lasso")
    hdl = np.round(coefs[6], 9)
    zero = np.flatnonzero(hdl == 0)
    assert lams[zero[zero < 5]].min() == pytest.approx(15.03, abs=0.005)  # enters after this corner
    out = zero[zero > 5]
    assert lams[out].tolist() == pytest.approx([0.1038, 0.0623], abs=5e-5)
    assert hdl[out[0] - 1] < 0 < hdl[out[-1] + 1]
    # Between corners the path is straight.
    for k in range(len(lams) - 1):
        middle = lasso(Z, Y, (lams[k] + lams[k + 1]) / 2).coef
        np.testing.assert_allclose(middle, (coefs[:, k] + coefs[:, k + 1]) / 2, atol=1e-8)


def test_ridge_moves_ldl_through_zero_twice_and_glu_up():
    lams = np.geomspace(100, 0.003, 2000)
    paths = np.array([Ridge(N * lam).fit(Z, Y).coef_ for lam in lams[::10]])
    crossings = np.count_nonzero(np.diff(np.sign(paths[:, 5])))
    assert crossings == 2
    least = LinearRegression().fit(Z, Y).coef_
    assert paths[:, 9].max() == pytest.approx(5.374, abs=1e-3)
    assert least[9] == pytest.approx(3.217, abs=1e-3)
    lengths = np.linalg.norm(paths, axis=1)  # from strong to weak
    assert (np.diff(lengths) > 0).all()


def two_weights(c, rho, lam):
    return np.linalg.solve([[1 + lam, rho], [rho, 1 + lam]], c)


@formula("eq-weights-two")
def test_two_columns_solved_by_hand():
    b1, b2, c1, c2, rho, lam = sp.symbols("b1 b2 c1 c2 rho lambda", real=True)
    found = sp.solve(
        [(1 + lam) * b1 + rho * b2 - c1, rho * b1 + (1 + lam) * b2 - c2], [b1, b2], dict=True
    )[0]
    displayed = ((1 + lam) * c2 - rho * c1) / ((1 + lam) ** 2 - rho**2)
    assert sp.simplify(found[b2] - displayed) == 0
    c, r = PAIR.T @ (STACK - STACK.mean()) / 21, np.corrcoef(PAIR.T)[0, 1]
    for price in (0.0, 0.1, 2.0):
        np.testing.assert_allclose(
            two_weights(c, r, price), ridge(PAIR, STACK, 21 * price).coef, rtol=1e-9
        )


@formula("eq-weights-sign-change")
def test_the_weight_is_zero_at_the_displayed_price_and_nowhere_else():
    c, rho = PAIR.T @ (STACK - STACK.mean()) / 21, np.corrcoef(PAIR.T)[0, 1]
    zero = rho * c[0] / c[1] - 1
    assert Ridge(21 * zero).fit(PAIR, STACK).coef_[1] == pytest.approx(0, abs=1e-10)
    below, above = (two_weights(c, rho, zero * f)[1] for f in (0.9, 1.1))
    assert below < 0 < above
    grid = np.array([two_weights(c, rho, lam)[1] for lam in np.linspace(0, 20, 4001)])
    assert np.count_nonzero(np.diff(np.sign(grid))) == 1


@formula("eq-weights-directions")
@pytest.mark.parametrize("lam", [0.01, 1.0, 30.0])
def test_every_direction_is_shrunk_by_its_own_factor(lam):
    d, V = np.linalg.eigh(Z.T @ Z / N)
    least, found = LinearRegression().fit(Z, Y).coef_, Ridge(N * lam).fit(Z, Y).coef_
    np.testing.assert_allclose(V.T @ found, d / (d + lam) * (V.T @ least), rtol=1e-7)


@formula("eq-weights-augmented")
def test_ridge_is_least_squares_for_a_longer_table():
    lam, b = 0.2, np.array([1.3, -0.4])
    y = STACK - STACK.mean()
    rows = np.vstack([PAIR, np.sqrt(21 * lam) * np.eye(2)])
    target = np.append(y, [0, 0])
    left = np.sum((y - PAIR @ b) ** 2) + 21 * lam * np.sum(b**2)
    assert left == pytest.approx(np.sum((target - rows @ b) ** 2))
    found = np.linalg.lstsq(rows, target, rcond=None)[0]
    np.testing.assert_allclose(found, Ridge(21 * lam).fit(PAIR, STACK).coef_, rtol=1e-10)


def wide_columns():
    pairs = [(i, j) for i in range(10) for j in range(i, 10) if (i, j) != (1, 1)]
    return np.column_stack([Z, *(Z[:, i] * Z[:, j] for i, j in pairs)])


def test_the_counts_of_zeros():
    """At least p + 1 residuals of LAD; at most n - 1 weights of the lasso in play."""
    columns = np.column_stack([PLANT[name] for name in ("air_flow", "water_temp", "acid_conc")])
    lad = fit(columns, STACK, mae)
    assert np.sum(np.abs(STACK - lad.predict(columns)) < 1e-9) == 4
    few = np.random.default_rng(1).choice(N, 30, replace=False)
    X, _, _ = standardize(wide_columns()[few])
    assert X.shape == (30, 64)
    found = lasso(X, Y[few], [1.0, 0.1, 0.001])
    in_play = (found.coef != 0).sum(axis=1)
    assert in_play.max() <= 29
    theirs = Lasso(1.0, tol=1e-12, max_iter=1_000_000).fit(X, Y[few])
    assert np.sum(theirs.coef_ != 0) == in_play[0] == 26


def test_the_budget_of_the_penalised_fit_is_spent_best():
    """No weights with the same budget have a smaller squared error."""
    rng = np.random.default_rng(2)
    for norm, b in [
        (lambda v: np.hypot(*v), ridge(PAIR, STACK, 21 * 0.7).coef),
        (lambda v: np.abs(v).sum(), lasso(PAIR, STACK, 2.0).coef),
    ]:
        error = np.sum((STACK - STACK.mean() - PAIR @ b) ** 2)
        for other in rng.normal(size=(200, 2)):
            other = other / norm(other) * norm(b) * rng.uniform(0.5, 1)
            assert np.sum((STACK - STACK.mean() - PAIR @ other) ** 2) >= error - 1e-9


def test_the_cost_of_ridge_depends_on_the_sum_of_squares_alone():
    """Exercise: few large weights or many small ones, the same expected cost."""
    rng, lam = np.random.default_rng(0), 0.7
    for b in (np.repeat([4.0, 0.0], [5, 45]), np.full(50, math.sqrt(80 / 50))):
        assert np.sum(b**2) == pytest.approx(80)
        estimates = (b + rng.normal(size=(20_000, 50))) / (1 + lam)
        cost = np.sum((estimates - b) ** 2, axis=1)
        displayed = (50 + lam**2 * 80) / (1 + lam) ** 2
        assert cost.mean() == pytest.approx(displayed, abs=4 * cost.std() / math.sqrt(20_000))
