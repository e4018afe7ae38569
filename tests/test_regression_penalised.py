"""Ridge, lasso and standardisation, against scikit-learn and their own duality gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso, Ridge, lasso_path
from sklearn.preprocessing import StandardScaler

from course_code.losses import Huber, SquaredError
from course_code.regression import fit, lasso, ridge, soft_threshold, standardize


def data(n, p, key=0):
    random = np.random.default_rng(key)
    X = random.normal(size=(n, p)) * 10 ** random.uniform(-1, 1, p) + 5
    w = random.uniform(0, 2, n)
    w[:3] = 0
    return X, X[:, : min(3, p)].sum(axis=1) + random.normal(size=n), w


shapes = pytest.mark.parametrize(("n", "p"), [(50, 5), (30, 60)])
weighted = pytest.mark.parametrize("weighted", [False, True])
intercepts = pytest.mark.parametrize("intercept", [False, True])


@shapes
@weighted
@intercepts
def test_ridge_agrees_with_scikit_learn(n, p, weighted, intercept):
    X, y, w = data(n, p)
    w = w if weighted else None
    found = ridge(X, y, [3.0, 0.1], sample_weight=w, intercept=intercept)
    assert found.coef.shape == (2, p)
    for k, alpha in enumerate(found.alpha):
        theirs = Ridge(alpha, fit_intercept=intercept, solver="svd").fit(X, y, w)
        np.testing.assert_allclose(found.coef[k], theirs.coef_, rtol=1e-6, atol=1e-9)
        assert found.intercept[k] == pytest.approx(theirs.intercept_, abs=1e-8)
        r = y - found.predict(X)[:, k]
        value = (np.ones(n) if w is None else w) @ r**2 + alpha * (found.coef[k] ** 2).sum()
        assert found.objective[k] == pytest.approx(value)
        assert abs(found.gap[k]) <= 1e-10 * value


@shapes
@weighted
@intercepts
def test_lasso_agrees_with_scikit_learn(n, p, weighted, intercept):
    X, y, w = data(n, p)
    w = w if weighted else None
    found = lasso(X, y, [0.5, 0.02], sample_weight=w, intercept=intercept)
    mass = np.ones(n) if w is None else w
    for k, alpha in enumerate(found.alpha):
        model = Lasso(alpha, fit_intercept=intercept, tol=1e-12, max_iter=1_000_000)
        theirs = model.fit(X, y, w)
        np.testing.assert_allclose(found.coef[k], theirs.coef_, atol=1e-6)
        r = y - found.predict(X)[:, k]
        value = mass @ r**2 / (2 * mass.sum()) + alpha * np.abs(found.coef[k]).sum()
        assert found.objective[k] == pytest.approx(value)
        pull = (
            np.abs((mass * r) @ X) / mass.sum()
        )  # optimality: alpha where in play, at most elsewhere
        on = found.coef[k] != 0
        np.testing.assert_allclose(pull[on], alpha, rtol=1e-4)
        assert (pull <= alpha * (1 + 1e-4)).all()
        assert 0 <= found.gap[k] + 1e-12 * value <= 1e-8 * value


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_soft_threshold_minimises_and_leaves_the_psi_of_huber(v, d):
    b = soft_threshold(v, d)
    assert type(b) is np.float64
    # The slope of (v - b)^2 / 2 + d |b| at b, from both sides.
    right, left = (b - v) + (d if b >= 0 else -d), (b - v) + (d if b > 0 else -d)
    slack = 1e-9 * (1 + abs(v) + d)
    assert left - slack <= 0 <= right + slack
    if d > 0:
        assert v - b == pytest.approx(Huber(d).psi(v), abs=1e-9 * (1 + abs(v)))


def test_soft_threshold_keeps_the_shape_and_has_no_negative_zero():
    found = soft_threshold([[-3.0, -0.5], [0.5, 3.0]], 1)
    assert found.tolist() == [[-2, 0], [0, 2]]
    assert not np.signbit(found[0, 1])
    X, y, _ = data(40, 6)
    assert not np.signbit(lasso(X, y, 100.0).coef).any()


def test_a_lasso_path():
    X, y, _ = data(60, 8)
    Z, _, _ = standardize(X)
    found = lasso(Z, y)
    assert len(found.alpha) == 100
    assert (found.coef[0] == 0).all()
    assert (found.coef[1] != 0).any()
    theirs_alpha, theirs, _ = lasso_path(Z, y - y.mean(), alphas=found.alpha, tol=1e-12)
    np.testing.assert_allclose(found.alpha, theirs_alpha)
    np.testing.assert_allclose(found.coef, theirs.T, atol=1e-7)
    backwards = lasso(Z, y, found.alpha[::-1])
    np.testing.assert_allclose(backwards.coef[::-1], found.coef, atol=1e-9)


def test_orthogonal_columns_have_closed_forms():
    """Ridge shrinks by a factor, the lasso by an amount."""
    X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    y = X @ [3.0, -0.5]
    np.testing.assert_allclose(ridge(X, y, 4.0).coef, [1.5, -0.25], rtol=1e-14)
    np.testing.assert_allclose(lasso(X, y, 1.0).coef, [2, 0], rtol=1e-14)


def test_one_strength_gives_plain_numbers():
    X, y, _ = data(20, 2)
    for found in (ridge(X, y, 1.0), lasso(X, y, 0.1)):
        assert found.coef.shape == (2,)
        for value in (found.alpha, found.intercept, found.objective, found.gap):
            assert type(value) is float
        assert type(found.steps) is int
        assert found.predict(X).shape == (20,)


def test_no_penalty_is_least_squares():
    X, y, w = data(20, 2)
    found, ols = ridge(X, y, 0, sample_weight=w), fit(X, y, SquaredError(), sample_weight=w)
    np.testing.assert_allclose(found.coef, ols.coef, rtol=1e-12)
    assert abs(found.gap) < 1e-9 * found.objective


def test_dependent_columns_share_under_ridge_and_are_refused_without_it():
    x = np.arange(5.0)
    X, y = np.column_stack([x, x]), 2 * x
    shared = ridge(X, y, 1e-6)
    assert shared.coef[0] == pytest.approx(shared.coef[1])
    assert shared.coef.sum() == pytest.approx(2, rel=1e-6)
    rule = r"^X: columns must be linearly independent \(with the intercept\); got rank 2 of 3"
    with pytest.raises(ValueError, match=rule):
        ridge(X, y, 0.0)
    found = lasso(X, y, 0.1)
    assert found.gap <= 1e-10 * found.objective
    constant = lasso(np.column_stack([x, np.ones(5)]), y, 0.1)
    assert constant.coef[1] == 0


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 10), st.integers(1, 12))
def test_no_nearby_coefficients_are_better(key, alpha, p):
    random = np.random.default_rng(key)
    X, y = random.normal(size=(8, p)), random.normal(size=8)
    centred, target = X - X.mean(axis=0), y - y.mean()
    for found, value in (
        (ridge(X, y, alpha), lambda b: ((target - centred @ b) ** 2).sum() + alpha * b @ b),
        (
            lasso(X, y, alpha),
            lambda b: ((target - centred @ b) ** 2).sum() / 16 + alpha * np.abs(b).sum(),
        ),
    ):
        assert value(found.coef) == pytest.approx(found.objective)
        for _ in range(20):
            b = found.coef + random.normal(size=p) * 10 ** random.uniform(-4, 0)
            assert value(b) >= found.objective - found.gap - 1e-12


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_units_of_a_column(size):
    X, y, _ = data(30, 2)
    plain = ridge(X, y, 1e-3)
    scaled = ridge(X * size, y, 1e-3 * size * size)
    np.testing.assert_allclose(scaled.coef, plain.coef / size, rtol=1e-9)
    plain, scaled = lasso(X, y, 0.1), lasso(X * size, y, 0.1 * size)
    np.testing.assert_allclose(scaled.coef, plain.coef / size, rtol=1e-9)


def test_standardize_agrees_with_scikit_learn():
    X, _, _ = data(30, 4)
    Z, mean, scale = standardize(X)
    theirs = StandardScaler().fit(X)
    np.testing.assert_allclose(Z, theirs.transform(X), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(mean, theirs.mean_)
    np.testing.assert_allclose(scale, theirs.scale_)
    ols, other = fit(X, X.sum(axis=1), SquaredError()), fit(Z, X.sum(axis=1), SquaredError())
    np.testing.assert_allclose(other.coef / scale, ols.coef)
    assert standardize(X.astype(np.float32))[0].dtype == np.float32
    huge, _, scale = standardize(X * 1e200)
    np.testing.assert_allclose(huge, Z, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X, y: ridge(X, y, -1), r"^alpha: must be a finite number, at least 0; got -1"),
        (lambda X, y: ridge(X, y, [1, -1]), r"^alpha: must not be negative; got -1"),
        (lambda X, y: ridge(X, y, "1"), r"^alpha: "),
        (lambda X, y: ridge(X, y, [[1.0]]), r"^alpha: must be 1-dimensional"),
        (lambda X, y: lasso(X, y, 0), r"^alphas: must be a positive finite number; got 0"),
        (lambda X, y: lasso(X, y, [1, 0]), r"^alphas: must be positive; got 0"),
        (lambda X, y: lasso(X, y, []), r"^alphas: must not be empty"),
        (lambda X, y: lasso(X, y[:, None], 1), r"^y: must be 1-dimensional"),
        (lambda X, y: ridge(X, y, 1).predict(X[:, :1]), r"^X: must have 2 columns"),
        (lambda X, y: standardize(X * 0 + 0.1), r"^X: columns must not be constant; got .* 0"),
        (lambda X, y: standardize(y), r"^X: must be 2-dimensional"),
        (lambda X, y: soft_threshold(1.0, -1), r"^threshold: must be a finite number, at least 0"),
        (lambda X, y: soft_threshold([np.nan], 1), r"^values: "),
    ],
)
def test_bad_input_is_named(call, message):
    X, y, _ = data(10, 2)
    with pytest.raises(ValueError, match=message):
        call(X, y)
