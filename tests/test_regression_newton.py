"""Huber's loss and its relatives: a gradient of zero, and every minimiser where there are many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from course_code.datasets import stackloss, two_coaches
from course_code.losses import AbsoluteError, Huber, LogCosh, SmoothL1, SquaredError, Tukey
from course_code.regression import fit, fit_line
from tests.optimality import assert_stationary, columns
from tests.test_regression_quantile import adversaries


def problem(k):
    random = np.random.default_rng(k)
    p = int(random.integers(1, 6))
    n = int(random.integers(p + 2, 60))
    if k % 4 == 0:
        X, y = random.normal(size=(n, p)), random.normal(size=n)
    elif k % 4 == 1:
        X, y = random.integers(-2, 3, (n, p)), random.integers(-2, 3, n)
    elif k % 4 == 2:
        X, y = random.normal(size=(n, p)), random.standard_cauchy(n)
    else:
        X, y = random.standard_cauchy((n, p)), random.standard_cauchy(n)
    return X.astype(float), y.astype(float), 10 ** random.uniform(-4, 2)


@pytest.mark.parametrize("k", range(40))
def test_the_gradient_is_zero_and_no_general_optimiser_does_better(k):
    X, y, delta = problem(k)
    if np.linalg.matrix_rank(columns(X).astype(float)) <= X.shape[1]:
        return
    for loss, unit in ((Huber(delta), 1), (SmoothL1(delta), 1), (LogCosh(), 1 / delta)):
        found = fit(X, y * unit, loss)
        assert_stationary(found, X, y * unit, loss, rtol=1e-12)
        assert found.verify(X, y * unit)
        A = columns(X).astype(float)
        other = minimize(
            lambda b, loss=loss, A=A, y=y * unit: loss(y, A @ b),
            np.append(found.intercept, found.coef),
            jac=lambda b, loss=loss, A=A, y=y * unit: A.T @ loss.gradient(y, A @ b),
            method="BFGS",
        )
        assert found.objective <= other.fun * (1 + 1e-12)


@pytest.mark.parametrize(("X", "y"), adversaries())
@pytest.mark.parametrize("loss", [Huber(1.0), LogCosh()], ids=["Huber", "LogCosh"])
def test_adversarial_data_are_certified_or_refused(X, y, loss):
    if np.abs(y).max() > 1e10 and (np.abs(y).min() > 1e10 or np.abs(X).max() > 1e10):
        # Near the plane there are numbers so large that their rounding is not small against 1.
        rule = r"^loss: must have a scale that is not lost in rounding; rescale y or X; got "
        with pytest.raises(ValueError, match=rule):
            fit(X, y, loss)
        return
    found = fit(X, y, loss)
    assert_stationary(found, X, y, loss)
    assert found.verify(X, y)


def test_values_known_from_the_two_coaches():
    data = two_coaches(outliers=3)
    assert fit_line(data.x, data.y, Huber(1.0)).slope == pytest.approx(1.308, abs=5e-4)
    assert fit_line(data.x, data.y, Huber(0.1)).slope == pytest.approx(1.487, abs=5e-4)


def test_huber_with_statsmodels_scale():
    """RLM alternates a MAD scale with reweighting; at its last scale the planes are the same."""
    import statsmodels.api as sm

    data = stackloss()
    X = np.column_stack([data["air_flow"], data["water_temp"], data["acid_conc"]])
    y = data["stack_loss"]
    model = sm.RLM(y, sm.add_constant(X), M=sm.robust.norms.HuberT(1.345))
    theirs = model.fit(maxiter=500, tol=1e-12)
    ours = fit(X, y, Huber(1.345 * theirs.scale))
    np.testing.assert_allclose(np.append(ours.intercept, ours.coef), theirs.params, rtol=1e-6)


def test_huber_at_scikit_learns_scale():
    """HuberRegressor estimates a scale with the plane; at that scale the planes are the same."""
    from sklearn.linear_model import HuberRegressor

    random = np.random.default_rng(0)
    X = random.normal(size=(300, 3))
    y = X @ [1, 2, 3] + random.standard_t(2, 300)
    theirs = HuberRegressor(alpha=0, max_iter=10_000, tol=1e-10).fit(X, y)
    ours = fit(X, y, Huber(1.35 * theirs.scale_))
    np.testing.assert_allclose(ours.coef, theirs.coef_, rtol=1e-5)
    assert ours.intercept == pytest.approx(theirs.intercept_, rel=1e-4)


def test_huber_runs_from_least_absolute_to_least_squares():
    random = np.random.default_rng(1)
    X = random.normal(size=(50, 2))
    y = X.sum(axis=1) + random.standard_t(2, 50)
    wide, narrow = fit(X, y, Huber(1e6)), fit(X, y, Huber(1e-7))
    np.testing.assert_allclose(wide.coef, fit(X, y, SquaredError()).coef, rtol=1e-12)
    np.testing.assert_allclose(narrow.coef, fit(X, y, AbsoluteError()).coef, rtol=1e-6)


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 5))
def test_smooth_l1_and_huber_have_one_minimiser(key, delta):
    random = np.random.default_rng(key)
    X, y = random.normal(size=(20, 2)), random.standard_t(2, 20)
    huber, smooth = fit(X, y, Huber(delta)), fit(X, y, SmoothL1(delta))
    np.testing.assert_allclose(huber.coef, smooth.coef, atol=1e-10)
    assert smooth.objective * delta == pytest.approx(huber.objective)


# Many minimisers ---------------------------------------------------------------------------------


def test_two_far_groups_leave_room_for_huber():
    """Between 0 and 10 both residuals are outside delta = 1, so all of [1, 9] is minimal."""
    found = fit(np.ones((2, 1)), [0, 10], Huber(1.0), intercept=False)
    assert found.slope == pytest.approx(1)
    assert found.interval.slope == pytest.approx((1, 9))
    assert found.verify(np.ones((2, 1)), [0, 10], intercept=False)


def huber_range(X, y, delta, point):
    """Least and greatest coefficients over all planes with the psi of `point`, by HiGHS."""
    A = columns(X).astype(float)
    psi = np.clip(y - A @ point, -delta, delta)
    outside = np.abs(psi) >= delta * (1 - 1e-9)
    side = np.sign(psi)
    ends = []
    for j in range(A.shape[1]):
        for sign in (1, -1):
            result = linprog(
                sign * np.eye(A.shape[1])[j],
                A_ub=side[outside, None] * A[outside],
                b_ub=(side * y)[outside] - delta,
                A_eq=A[~outside],
                b_eq=(y - psi)[~outside],
                bounds=(None, None),
            )
            assert result.status == 0
            ends.append(sign * result.fun)
    return np.reshape(ends, (-1, 2))


def test_all_minimisers_of_huber_agree_with_highs():
    several = 0
    for k in range(120):
        random = np.random.default_rng(k)
        X = random.integers(0, 2, (8, 2)).astype(float)
        y = random.integers(0, 9, 8).astype(float)
        if np.linalg.matrix_rank(columns(X).astype(float)) < 3:
            continue
        found = fit(X, y, Huber(0.75))
        point = np.append(found.intercept, found.coef)
        expected = huber_range(X, y, 0.75, point)
        ends = np.column_stack([point, point])
        if found.interval is not None:
            ends = np.vstack([found.interval.intercept, found.interval.coef])
            several += 1
        np.testing.assert_allclose(ends, expected, atol=1e-7)
        assert_stationary(found, X, y, Huber(0.75))
    assert several >= 10


# Tukey -------------------------------------------------------------------------------------------


def test_tukey_agrees_with_statsmodels_from_the_same_start():
    import statsmodels.api as sm

    random = np.random.default_rng(2)
    X = random.normal(size=(100, 2))
    y = X @ [1.0, -1.0] + random.normal(size=100)
    y[:15] += 30
    ours = fit(X, y, Tukey(4.685))
    A = sm.add_constant(X)
    start = fit(X, y, AbsoluteError())
    b = np.append(start.intercept, start.coef)
    norm = sm.robust.norms.TukeyBiweight(4.685)
    for _ in range(500):
        b = sm.WLS(y, A, weights=norm.weights(y - A @ b)).fit().params
    np.testing.assert_allclose(np.append(ours.intercept, ours.coef), b, rtol=1e-8)


@pytest.mark.parametrize("k", range(20))
def test_tukey_ends_in_a_local_minimum(k):
    X, y, c = problem(k)
    if np.linalg.matrix_rank(columns(X).astype(float)) <= X.shape[1]:
        return
    loss = Tukey(3 * c)
    found = fit(X, y, loss)
    assert_stationary(found, X, y, loss)
    assert found.objective <= loss(y, fit(X, y, AbsoluteError()).predict(X)) * (1 + 1e-12)
    assert found.certificate is None
    assert found.interval is None


def test_tukey_ignores_what_pulls_huber():
    data = two_coaches(outliers=3)
    clean = two_coaches()
    found = fit_line(data.x, data.y, Tukey(0.5))
    alone = fit_line(clean.x, clean.y, Tukey(0.5))
    assert found.slope == pytest.approx(alone.slope, rel=1e-9)


def test_tukey_without_a_residual_in_reach_is_refused():
    with pytest.raises(ValueError, match=r"^loss: must "):
        fit_line([0.0, 1, 2, 3], [0, 1e150, -1e150, 3e150], Tukey(1.0))


def test_many_rows():
    random = np.random.default_rng(3)
    X = random.normal(size=(200_000, 3))
    y = X.sum(axis=1) + random.standard_t(2, 200_000)
    for loss in (Huber(1.35), LogCosh()):
        found = fit(X, y, loss)
        assert np.abs(columns(X).T @ loss.gradient(y, found.predict(X))).max() < 1e-13
