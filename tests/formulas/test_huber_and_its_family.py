"""The displayed formulas of "Huber and its family", written out again and checked."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy.optimize import approx_fprime, least_squares, minimize
from scipy.special import huber as scipy_huber
from scipy.special import pseudo_huber
from scipy.stats import median_abs_deviation, norm

from course_code.datasets import stackloss
from course_code.losses import Huber, LogCosh, SmoothL1, Tukey
from course_code.noise import HuberDensity, Laplace

from .registry import formula

R = np.concatenate([np.linspace(-6, 6, 49), [1e-3, -1e-3, 40.0, -40.0]])
DELTAS = [0.05, 0.6745, 1.0, 1.345, 7.0]
every_delta = pytest.mark.parametrize("delta", DELTAS)
every_k = pytest.mark.parametrize("k", [0.3, 0.6745, 1.0, 1.345, 2.5])

PLANT = stackloss()
A = np.column_stack(
    [np.ones(21), PLANT["air_flow"], PLANT["water_temp"], PLANT["acid_conc"]],
)
LOST = PLANT["stack_loss"]


def displayed_huber(r, delta):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2))


def displayed_clip(r, delta):
    return np.maximum(-delta, np.minimum(delta, r))


def displayed_biweight(r, c):
    u = np.minimum(1, (r / c) ** 2)
    return c**2 / 6 * (1 - (1 - u) ** 3), r * (1 - u) ** 2, (1 - u) * (1 - 5 * u)


def displayed_efficiency(k):
    p = 2 * norm.cdf(k) - 1
    mean_square = p - 2 * k * norm.pdf(k) + k**2 * (1 - p)
    return p**2 / mean_square


def displayed_density(r, k):
    z = np.sqrt(2 * np.pi) * (2 * norm.cdf(k) - 1) + 2 / k * np.exp(-(k**2) / 2)
    return np.exp(-displayed_huber(r, k)) / z


NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


def panels(low, high, kinks):
    """Points and weights for integrals of what is smooth between whole numbers and kinks."""
    edges = np.unique(np.clip([*np.arange(low, high + 1), *kinks], low, high))
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + NODES)).ravel(), (half * WEIGHTS).ravel()


def mean_over(density, f, kinks=()):
    """The mean of f(r) under a symmetric density, for f even."""
    r, dr = panels(0, 150, kinks)
    return 2 * np.sum(f(r) * density(r) * dr)


def slopes(f, at, h=1e-6):
    return (f(at + h) - f(at - h)) / (2 * h)


@formula("eq-huber")
@every_delta
def test_huber_is_what_scipy_says(delta):
    np.testing.assert_allclose(displayed_huber(R, delta), scipy_huber(delta, R), rtol=1e-13)
    np.testing.assert_allclose(Huber(delta).rho(R), scipy_huber(delta, R), rtol=1e-12)


@formula("eq-huber-clip")
@every_delta
def test_the_pull_is_the_derivative_and_the_clipped_residual(delta):
    at = R[np.abs(np.abs(R) - delta) > 1e-4]
    expected = slopes(lambda r: scipy_huber(delta, r), at)
    np.testing.assert_allclose(displayed_clip(at, delta), expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(displayed_clip(R, delta), np.clip(R, -delta, delta))


@formula("eq-huber-one-line")
def test_one_line_covers_both_cases():
    r, d = sp.symbols("r delta", positive=True)
    one_line = lambda c: c * (r - c / 2)  # noqa: E731
    assert sp.simplify(one_line(r) - r**2 / 2) == 0
    assert sp.simplify(one_line(d) - d * (r - d / 2)) == 0
    assert sp.simplify(one_line(-d).subs(r, -r) - d * (r - d / 2)) == 0


@formula("eq-huber-limits")
@pytest.mark.parametrize("r", [-7.0, -0.3, 0.0, 2.5])
def test_both_limits_with_their_constants(r):
    assert scipy_huber(1e6, r) == r**2 / 2
    assert scipy_huber(1e-9, r) / 1e-9 == pytest.approx(abs(r), abs=1e-8)


def test_huber_has_one_continuous_derivative_and_not_two():
    r, d = sp.symbols("r delta", positive=True)
    inside, outside = r**2 / 2, d * (r - d / 2)
    gaps = [sp.simplify((inside - outside).diff(r, n).subs(r, d)) for n in range(3)]
    assert gaps == [0, 0, 1]


@formula("eq-huber-gradient")
@pytest.mark.parametrize("shape", [(4, 3), (2, 5), (6, 1)])
def test_the_gradient_carries_one_over_all_elements(shape):
    rng = np.random.default_rng(1)
    y, p = rng.normal(0, 2, (2, *shape))

    def mean(flat):
        return scipy_huber(0.7, y - flat.reshape(shape)).mean()

    displayed = -displayed_clip(y - p, 0.7) / (shape[0] * shape[1])
    numeric = approx_fprime(p.ravel(), mean, 1e-7).reshape(shape)
    np.testing.assert_allclose(displayed, numeric, atol=1e-6)
    np.testing.assert_allclose(Huber(0.7).gradient(y, p), displayed, rtol=1e-12)


@formula("eq-smooth-l1")
@every_delta
def test_smooth_l1_is_huber_over_its_threshold(delta):
    displayed = np.where(np.abs(R) <= delta, R**2 / (2 * delta), np.abs(R) - delta / 2)
    np.testing.assert_allclose(displayed, scipy_huber(delta, R) / delta, rtol=1e-12)
    np.testing.assert_allclose(SmoothL1(delta).rho(R), displayed, rtol=1e-12)


@formula("eq-log-cosh")
def test_log_cosh_its_pull_and_its_curvature():
    r = sp.symbols("r", real=True)
    rho = sp.log(sp.cosh(r))
    assert sp.simplify((rho.diff(r) - sp.tanh(r)).rewrite(sp.exp)) == 0
    assert sp.simplify((sp.tanh(r).diff(r) - 1 / sp.cosh(r) ** 2).rewrite(sp.exp)) == 0
    np.testing.assert_allclose(LogCosh().psi(R), np.tanh(R), rtol=1e-14)


@formula("eq-log-cosh-stable")
@pytest.mark.parametrize("r", [1e-9, 1e-8, 1e-3, 0.5, 0.999999, 1.0, 3.0, 50.0, 1e3, 1e6])
def test_both_forms_of_log_cosh_against_many_digits(r):
    with mpmath.workdps(60):
        exact = mpmath.log(mpmath.cosh(mpmath.mpf(r)))
    if abs(r) < 1:
        displayed = np.log1p(2 * np.sinh(r / 2) ** 2)
    else:
        displayed = abs(r) - np.log(2) + np.log1p(np.exp(-2 * abs(r)))
    assert displayed == pytest.approx(float(exact), rel=1e-14, abs=0)
    assert LogCosh().rho(r) == pytest.approx(float(exact), rel=1e-14, abs=0)


@formula("eq-newton-log-cosh")
def test_the_full_newton_step_of_log_cosh():
    r = sp.symbols("r", real=True)
    rho = sp.log(sp.cosh(r))
    step = rho.diff(r) / rho.diff(r, 2)
    assert sp.simplify((r - step - (r - sp.sinh(2 * r) / 2)).rewrite(sp.exp)) == 0


@formula("eq-newton-diverges")
def test_newton_lands_further_away_exactly_when_displayed():
    r = np.concatenate([np.linspace(0.01, 1.0886, 200), np.linspace(1.0887, 6, 200)])
    landed = r - np.tanh(r) * np.cosh(r) ** 2
    np.testing.assert_array_equal(np.abs(landed) > r, np.sinh(2 * r) > 4 * r)
    assert np.sinh(2 * 1.08865) < 4 * 1.08865
    assert np.sinh(2 * 1.08867) > 4 * 1.08867


@formula("eq-biweight")
@pytest.mark.parametrize("c", [1.5, 4.685])
def test_the_biweight_its_pull_and_its_curvature(c):
    rho, psi, curvature = displayed_biweight(R, c)
    at = R[np.abs(np.abs(R) - c) > 1e-4]
    by_step = slopes(lambda r: displayed_biweight(r, c)[0], at)
    np.testing.assert_allclose(displayed_biweight(at, c)[1], by_step, atol=1e-8)
    by_step = slopes(lambda r: displayed_biweight(r, c)[1], at)
    np.testing.assert_allclose(displayed_biweight(at, c)[2], by_step, atol=1e-8)
    loss = Tukey(c)
    for ours, theirs in [(loss.rho, rho), (loss.psi, psi), (loss.curvature, curvature)]:
        np.testing.assert_allclose(ours(R), theirs, rtol=1e-12, atol=1e-15)
    peak = minimize(lambda r: -displayed_biweight(r[0], c)[1], [c / 2], method="Nelder-Mead").x[0]
    assert peak == pytest.approx(c / np.sqrt(5), rel=1e-4)


@formula("eq-weight")
@pytest.mark.parametrize("loss", [Huber(0.8), SmoothL1(0.8), LogCosh(), Tukey(3.0)])
def test_weights_times_residuals_are_the_pulls(loss):
    displayed = loss.psi(R[R != 0]) / R[R != 0]
    np.testing.assert_allclose(loss.weight(R[R != 0]), displayed, rtol=1e-12)
    np.testing.assert_allclose(loss.psi(R), slopes(loss.rho, R, 1e-5), atol=2e-5)


def weighted_squares(w):
    """The minimiser, by a general-purpose solver that knows no normal equations."""
    return least_squares(lambda b: np.sqrt(w) * (LOST - A @ b), np.zeros(4), xtol=1e-15).x


@formula("eq-irls")
def test_reweighting_ends_where_the_mean_loss_is_least():
    beta = weighted_squares(np.ones(21))
    for _ in range(40):
        r = LOST - A @ beta
        beta = weighted_squares(displayed_clip(r, 2.0) / r)
    direct = least_squares(lambda b: LOST - A @ b, beta, loss="huber", f_scale=2.0, xtol=1e-15).x
    np.testing.assert_allclose(beta, direct, rtol=1e-6)


@formula("eq-majoriser")
@pytest.mark.parametrize("loss", [Huber(0.8), SmoothL1(0.8), LogCosh(), Tukey(3.0)])
@pytest.mark.parametrize("u", [0.1, 0.8, 1.7, -2.9, 5.0])
def test_the_parabola_lies_above_and_touches(loss, u):
    parabola = loss.rho(u) + loss.weight(u) / 2 * (R**2 - u**2)
    assert (loss.rho(R) <= parabola + 1e-12).all()
    assert loss.rho(u) == loss.rho(-u)
    grown = loss.weight(np.linspace(0.01, 9, 400))
    assert (np.diff(grown) <= 1e-15).all()  # the property that the argument uses


@formula("eq-irls-rate")
@pytest.mark.parametrize("delta", [2.0, 3.0])
def test_late_errors_shrink_by_the_displayed_matrix(delta):
    def step(beta):
        r = LOST - A @ beta
        w = displayed_clip(r, delta) / r
        return np.linalg.solve((A.T * w) @ A, (A.T * w) @ LOST)

    beta = np.linalg.lstsq(A, LOST)[0]
    for _ in range(200):
        beta = step(beta)
    r = LOST - A @ beta
    outer = A[:, :, None] * A[:, None, :]
    w, bend = displayed_clip(r, delta) / r, (np.abs(r) < delta).astype(float)
    displayed = np.eye(4) - np.linalg.inv(np.tensordot(w, outer, 1)) @ np.tensordot(bend, outer, 1)
    h = 1e-5 * np.maximum(np.abs(beta), 0.1)
    numeric = np.column_stack(
        [(step(beta + e) - step(beta - e)) / (2 * e.sum()) for e in np.diag(h)]
    )
    np.testing.assert_allclose(displayed, numeric, atol=1e-5 * np.abs(displayed).max())


@formula("eq-huber-density")
@every_k
def test_the_density_integrates_to_one_and_is_ours(k):
    total = mean_over(lambda r: displayed_density(r, k), np.ones_like, [k])
    assert total == pytest.approx(1, rel=1e-9)
    ours = np.exp(HuberDensity(1.0, k).log_density(R))
    np.testing.assert_allclose(displayed_density(R, k), ours, rtol=1e-10)


@formula("eq-contamination")
@every_k
def test_the_middle_is_the_good_part_and_the_rest_is_a_law(k):
    odds = 2 * norm.pdf(k) / k - 2 * norm.cdf(-k)
    eps = odds / (1 + odds)
    inside = np.linspace(-k, k, 9)
    np.testing.assert_allclose(displayed_density(inside, k), (1 - eps) * norm.pdf(inside))
    rest = mean_over(lambda r: displayed_density(r, k) - (1 - eps) * norm.pdf(r), np.ones_like, [k])
    assert rest == pytest.approx(eps, rel=1e-7)
    outside = np.linspace(k, 12, 200)
    assert (displayed_density(outside, k) >= (1 - eps) * norm.pdf(outside) * (1 - 1e-12)).all()


def variance(psi, bend, density, kinks):
    square = mean_over(density, lambda r: psi(r) ** 2, kinks)
    return square / mean_over(density, bend, kinks) ** 2


@formula("eq-worst-variance")
@every_k
def test_no_bad_part_is_worse_than_displayed_and_far_ones_reach_it(k):
    eps = 0.1
    inside = 2 * norm.cdf(k) - 1
    square = mean_over(norm.pdf, lambda r: displayed_clip(r, k) ** 2, [k])
    displayed = ((1 - eps) * square + eps * k**2) / ((1 - eps) * inside) ** 2

    def mixed(bad):
        return lambda r: (1 - eps) * norm.pdf(r) + eps * bad(r)

    def of(bad):
        return variance(
            lambda r: displayed_clip(r, k), lambda r: 1.0 * (abs(r) < k), mixed(bad), [k, 20.0]
        )

    for bad in (
        lambda r: norm.pdf(r, scale=3),
        lambda r: np.exp(Laplace(1.0).log_density(r)),
        lambda r: 0.25 * (abs(r) < 2),
    ):
        assert of(bad) < displayed
    far = of(lambda r: 0.5 * (abs(r) > 20) * (abs(r) < 21))
    assert far == pytest.approx(displayed, rel=1e-6)
    # In the limit k -> 0 the estimate is the median.
    tiny = 1e-5
    square = mean_over(norm.pdf, lambda r: displayed_clip(r, tiny) ** 2, [tiny])
    limit = ((1 - eps) * square + eps * tiny**2) / ((1 - eps) * (2 * norm.cdf(tiny) - 1)) ** 2
    assert limit == pytest.approx(np.pi / 2 / (1 - eps) ** 2, rel=1e-4)


@every_k
def test_hubers_estimator_and_the_least_favourable_density_are_a_saddle_point(k):
    """The minimax theorem, in numbers: no other k does better at this share of bad data."""
    odds = 2 * norm.pdf(k) / k - 2 * norm.cdf(-k)
    eps = odds / (1 + odds)

    def worst(c):
        inside = 2 * norm.cdf(c) - 1
        square = inside - 2 * c * norm.pdf(c) + c**2 * (1 - inside)
        return ((1 - eps) * square + eps * c**2) / ((1 - eps) * inside) ** 2

    grid = k * np.linspace(0.7, 1.4, 71)
    assert grid[np.argmin([worst(c) for c in grid])] == pytest.approx(k, rel=1e-9)
    information = mean_over(
        lambda r: displayed_density(r, k), lambda r: displayed_clip(r, k) ** 2, [k]
    )
    assert worst(k) == pytest.approx(1 / information, rel=1e-7)


@formula("eq-influence")
@pytest.mark.parametrize("loss", [Huber(1.345), LogCosh(), Tukey(4.685)])
@pytest.mark.parametrize("x", [-3.0, 0.4, 1.0, 6.0])
def test_the_influence_is_the_derivative_of_the_estimate(loss, x):
    kink = getattr(loss, "delta", getattr(loss, "c", 1.0))

    def balance(t, eps):
        r, dr = panels(-12, 12, [t - kink, t + kink])
        return (1 - eps) * np.sum(loss.psi(r - t) * norm.pdf(r) * dr) + eps * loss.psi(x - t)

    def estimate(eps):  # near 0, where the balance falls as t grows
        low, high = -0.5, 0.5
        for _ in range(45):
            t = (low + high) / 2
            low, high = (t, high) if balance(t, eps) > 0 else (low, t)
        return t

    by_limit = (estimate(1e-4) - estimate(0.0)) / 1e-4
    bend = mean_over(norm.pdf, lambda r: loss.curvature(r), [kink])
    assert loss.psi(x) / bend == pytest.approx(by_limit, rel=2e-3, abs=1e-6)


@formula("eq-m-efficiency")
@pytest.mark.parametrize("loss", [Huber(0.7), Tukey(4.0), LogCosh()])
@pytest.mark.parametrize(
    ("density", "score", "kinks"),
    [
        (norm.pdf, lambda r: r, []),
        (lambda r: np.exp(-abs(r)) / 2, np.sign, []),
        (lambda r: displayed_density(r, 1.2), lambda r: displayed_clip(r, 1.2), [1.2]),
    ],
    ids=["Gaussian", "Laplace", "Huber's"],
)
def test_efficiency_is_the_bound_over_the_variance(loss, density, score, kinks):
    kinks = [*kinks, getattr(loss, "delta", getattr(loss, "c", 1.0))]
    psi_psi = mean_over(density, lambda r: loss.psi(r) ** 2, kinks)
    psi_score = mean_over(density, lambda r: loss.psi(r) * score(r), kinks)
    information = mean_over(density, lambda r: score(r) ** 2, kinks)
    displayed = psi_score**2 / (psi_psi * information)
    spread = variance(loss.psi, lambda r: loss.curvature(r), density, kinks)
    assert displayed == pytest.approx(1 / (information * spread), rel=1e-6)
    assert displayed < 1


@formula("eq-huber-efficiency")
@every_k
def test_the_gaussian_efficiency_of_huber(k):
    spread = variance(lambda r: displayed_clip(r, k), lambda r: 1.0 * (abs(r) < k), norm.pdf, [k])
    square = mean_over(norm.pdf, lambda r: displayed_clip(r, k) ** 2, [k])
    p = 2 * norm.cdf(k) - 1
    assert p - 2 * k * norm.pdf(k) + k**2 * (1 - p) == pytest.approx(square, rel=1e-9)
    assert displayed_efficiency(k) == pytest.approx(1 / spread, rel=1e-8)


def test_the_efficiencies_that_are_quoted_everywhere():
    assert displayed_efficiency(1.345) == pytest.approx(0.95, abs=1e-6)
    assert displayed_efficiency(1.0) == pytest.approx(0.903, abs=5e-4)
    assert displayed_efficiency(norm.ppf(0.75)) == pytest.approx(0.837, abs=5e-4)
    assert displayed_efficiency(1e-6) == pytest.approx(2 / np.pi, rel=1e-4)


@formula("eq-mad-scale")
def test_the_factor_of_the_median_deviation():
    assert 1 / norm.ppf(0.75) == pytest.approx(1.4826, abs=5e-5)
    r = np.array([0.3, -2.0, 1.1, 8.0, -0.2])
    displayed = np.median(np.abs(r)) / norm.ppf(0.75)
    assert displayed == pytest.approx(
        median_abs_deviation(r, center=lambda v, axis: 0.0, scale="normal")
    )


def joint_objective(beta, sigma, k):
    r = LOST - A @ beta
    return np.sum(sigma + 2 * sigma * displayed_huber(r / sigma, k))


@formula("eq-joint")
def test_the_joint_objective_is_scikit_learns():
    from sklearn.linear_model import HuberRegressor

    standard = (A[:, 1:] - A[:, 1:].mean(axis=0)) / A[:, 1:].std(axis=0)
    model = HuberRegressor(epsilon=1.35, alpha=0.0, tol=1e-10, max_iter=10_000)
    model.fit(standard, LOST)
    at = np.r_[model.intercept_, model.coef_]
    design = np.column_stack([np.ones(21), standard])
    # In the coordinates of the displayed formula:
    beta = np.linalg.lstsq(A, design @ at)[0]
    best = joint_objective(beta, model.scale_, 1.35)
    rng = np.random.default_rng(0)
    for _ in range(200):
        step = np.linalg.lstsq(A, design @ rng.normal(0, 0.05, 4))[0]
        shifted = joint_objective(beta + step, model.scale_ * np.exp(rng.normal(0, 0.05)), 1.35)
        assert shifted > best


@formula("eq-joint-scale")
@pytest.mark.parametrize("k", [1.1, 1.35, 2.0])
def test_the_scale_at_which_the_joint_objective_stands_still(k):
    beta = np.linalg.lstsq(A, LOST)[0]
    r = LOST - A @ beta
    found = minimize(
        lambda s: joint_objective(beta, s[0], k), [2.0], bounds=[(0.1, 20)], options={"ftol": 1e-15}
    ).x[0]
    assert found**2 == pytest.approx(np.mean(np.minimum(r**2, k**2 * found**2)), rel=1e-4)


@formula("eq-pseudo-huber")
@every_delta
def test_the_pseudo_huber_loss_is_scipys(delta):
    displayed = delta**2 * (np.sqrt(1 + (R / delta) ** 2) - 1)
    np.testing.assert_allclose(displayed, pseudo_huber(delta, R), rtol=1e-6, atol=1e-12)
    # What the exercise derives.
    weight = 1 / np.sqrt(1 + (R / delta) ** 2)
    np.testing.assert_allclose(R * weight, slopes(lambda r: pseudo_huber(delta, r), R), atol=1e-7)
    bend = (1 + (R / delta) ** 2) ** -1.5
    by_step = slopes(lambda r: r / np.sqrt(1 + (r / delta) ** 2), R, 1e-6)
    np.testing.assert_allclose(bend, by_step, atol=1e-6)


@formula("eq-scipy")
@pytest.mark.parametrize("c", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("name", ["soft_l1", "huber"])
def test_scipys_functions_of_the_squared_residual(name, c):
    r = np.array([0.1, -0.4, 1.0, 2.5, -6.0])
    z = (r / c) ** 2
    displayed = {
        "soft_l1": 2 * (np.sqrt(1 + z) - 1),
        "huber": np.where(z <= 1, z, 2 * np.sqrt(z) - 1),
    }[name]
    cost = least_squares(lambda b: r + 0 * b, [0.0], loss=name, f_scale=c, max_nfev=1).cost
    assert 0.5 * c**2 * displayed.sum() == pytest.approx(cost)
    ours = {"soft_l1": pseudo_huber(c, r), "huber": Huber(c).rho(r)}[name]
    assert ours.sum() == pytest.approx(cost)
