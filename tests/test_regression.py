"""The door to all fits: what goes in, what comes out, squared error, refusals."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import course_code.regression
from course_code.datasets import two_coaches
from course_code.losses import (
    AbsoluteError,
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    SquaredError,
    Tukey,
    rmse,
)
from course_code.regression import boscovich, fit, fit_line, lasso, ridge, standardize
from tests.optimality import assert_stationary

LOSSES = [
    SquaredError(),
    AbsoluteError(),
    Quantile(0.3),
    Huber(0.7),
    SmoothL1(0.7),
    LogCosh(),
    Tukey(4.0),
]
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: type(loss).__name__)


def data(n=40, p=3, key=0):
    random = np.random.default_rng(key)
    X = random.normal(size=(n, p))
    return X, X @ np.arange(1.0, p + 1) + random.standard_t(3, n) + 2


def test_everything_public_is_exported():
    for name in course_code.regression.__all__:
        assert getattr(course_code.regression, name).__doc__


@each_loss
def test_objective_is_the_weighted_mean_loss_of_the_predictions(loss):
    X, y = data()
    w = np.arange(40.0)
    found = fit(X, y, loss, sample_weight=w)
    assert found.objective == pytest.approx(loss(y, found.predict(X), sample_weight=w))
    assert (found.coef.shape, type(found.intercept), type(found.steps)) == ((3,), float, int)
    assert type(found.objective) is float
    assert found.loss == loss
    assert "np.float64" not in repr(found)


@each_loss
def test_no_nearby_plane_is_better(loss):
    X, y = data()
    found = fit(X, y, loss)
    random = np.random.default_rng(1)
    for size in (1e-3, 1e-1, 1):
        for _ in range(50):
            away = found.predict(X) + size * (X @ random.normal(size=3) + random.normal())
            assert loss(y, away) >= found.objective


@each_loss
def test_convex_fits_prove_themselves(loss):
    X, y = data()
    w = np.append(np.ones(30), np.zeros(10))
    for intercept in (True, False):
        found = fit(X, y, loss, sample_weight=w, intercept=intercept)
        if isinstance(loss, Tukey):
            assert found.certificate is None
            assert not found.verify(X, y)
            continue
        assert found.certificate.balance < 1e-13
        assert found.certificate.gap < 1e-13
        assert found.verify(X, y, w, intercept=intercept)
        assert (found.certificate.psi[30:] == 0).all()


@each_loss
def test_weights_count_and_zero_weights_drop_exactly(loss):
    X, y = data()
    w = np.random.default_rng(2).integers(0, 3, 40)
    weighted = fit(X, y, loss, sample_weight=w)
    wild = y.copy()
    wild[w == 0] = 1e9
    assert (fit(X, wild, loss, sample_weight=w).coef == weighted.coef).all()
    repeated = fit(np.repeat(X, w, axis=0), np.repeat(y, w), loss)
    np.testing.assert_allclose(weighted.coef, repeated.coef, atol=1e-9)
    assert weighted.objective == pytest.approx(repeated.objective, rel=1e-12)
    scaled = fit(X, y, loss, sample_weight=w * 1e-200)
    np.testing.assert_allclose(weighted.coef, scaled.coef, rtol=1e-12)
    assert weighted.objective == pytest.approx(scaled.objective, rel=1e-12)


@each_loss
def test_a_fit_without_intercept(loss):
    X, y = data()
    found = fit(X, y, loss, intercept=False)
    ones = fit(np.column_stack([np.ones(40), X]), y, loss, intercept=False)
    full = fit(X, y, loss)
    assert found.intercept == 0.0
    assert found.objective > full.objective
    np.testing.assert_allclose(ones.coef, np.append(full.intercept, full.coef), atol=1e-8)


@each_loss
def test_the_same_data_give_the_same_fit_to_the_last_bit(loss):
    X, y = data(n=5_000)
    first, second = fit(X, y, loss), fit(X, y, loss)
    assert (first.coef == second.coef).all()
    assert first.intercept == second.intercept


@each_loss
def test_layouts_and_types_of_input(loss):
    import pandas as pd

    X, y = data()
    plain = fit(X, y, loss)
    frame = pd.DataFrame(X, index=np.arange(40)[::-1])
    series = pd.Series(y, index=np.random.default_rng(0).permutation(40))
    for X_other, y_other in (
        (X.tolist(), y.tolist()),
        (np.asfortranarray(X), y),
        (np.repeat(X, 2, axis=1)[:, ::2], np.repeat(y, 2)[::2]),
        (frame, series),
    ):
        np.testing.assert_allclose(fit(X_other, y_other, loss).coef, plain.coef, rtol=1e-12)
    single = fit(X.astype(np.float32), y.astype(np.float32), loss)
    assert single.coef.dtype == np.float64
    np.testing.assert_allclose(single.coef, plain.coef, rtol=1e-4)
    whole = fit(np.uint8([[1], [2], [4]]), np.int8([-1, -2, -4]), loss)
    np.testing.assert_allclose(whole.coef, [-1], atol=1e-9)


def test_a_line_is_a_plane_with_one_column():
    X, y = data(p=1)
    line, plane = fit_line(X[:, 0], y, AbsoluteError()), fit(X, y, AbsoluteError())
    assert line.slope == plane.coef[0] == plane.slope
    np.testing.assert_array_equal(line.predict(X[:, 0]), line.predict(X))
    assert line.predict([1.0, 2.0]).shape == (2,)
    with pytest.raises(AttributeError, match="slope: a line has one; this fit has 2 coefficients"):
        _ = fit(*data(p=2), SquaredError()).slope
    with pytest.raises(FrozenInstanceError):
        line.intercept = 0.0


# Squared error -----------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
def test_squared_error_agrees_with_statsmodels(weighted):
    import statsmodels.api as sm

    X, y = data()
    w = np.random.default_rng(3).uniform(0.1, 2, 40) if weighted else None
    theirs = sm.WLS(y, sm.add_constant(X), weights=1.0 if w is None else w).fit().params
    ours = fit(X, y, SquaredError(), sample_weight=w)
    np.testing.assert_allclose(np.append(ours.intercept, ours.coef), theirs, rtol=1e-12)
    assert ours.steps == 1


def test_two_coaches():
    clean, dirty = two_coaches(), two_coaches(outliers=3)
    ols = fit_line(clean.x, clean.y, SquaredError())
    assert (ols.slope, ols.intercept) == pytest.approx((1.51432306, 0.50961074), abs=5e-9)
    ols = fit_line(dirty.x, dirty.y, SquaredError())
    assert (ols.slope, ols.intercept) == pytest.approx((-1.97516404, 1.54023999), abs=5e-9)


def test_a_huge_offset_costs_no_digits():
    line = fit_line(np.arange(10.0) + 1e8, 2 * np.arange(10.0) + 1, SquaredError())
    assert line.slope == pytest.approx(2, rel=1e-14)


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_tiny_and_huge_units(size):
    X, y = data()
    plain = fit(X, y, SquaredError())
    for found, factor in (
        (fit(X * size, y, SquaredError()), 1 / size),
        (fit(X, y * size, SquaredError()), size),
        (fit(X * size, y * size, SquaredError()), 1),
    ):
        np.testing.assert_allclose(found.coef, plain.coef * factor, rtol=1e-12)
        assert found.certificate.balance < 1e-14


def test_ill_conditioned_columns():
    """A polynomial of degree 7 on 60 points, against exact rational arithmetic."""
    from fractions import Fraction

    import sympy

    x = [Fraction(i, 64) for i in range(60)]
    y = [Fraction((i * i) % 17, 16) for i in range(60)]
    A = sympy.Matrix(
        [[sympy.Rational(v.numerator, v.denominator) ** k for k in range(8)] for v in x]
    )
    b = sympy.Matrix([sympy.Rational(v.numerator, v.denominator) for v in y])
    exact = [float(v) for v in (A.T * A).LUsolve(A.T * b)]
    X = np.array([[float(v) ** k for k in range(1, 8)] for v in x])
    found = fit(X, [float(v) for v in y], SquaredError())
    np.testing.assert_allclose(np.append(found.intercept, found.coef), exact, rtol=1e-7)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_residuals_of_least_squares_are_orthogonal_to_the_columns(key, p):
    X, y = data(n=20, p=p, key=key)
    assert_stationary(fit(X, y, SquaredError()), X, y, SquaredError(), rtol=1e-13)


def test_a_million_points_in_blocks():
    random = np.random.default_rng(4)
    x = random.normal(size=1_000_000)
    y = 3 * x + random.normal(size=1_000_000)
    found = fit_line(x, y, SquaredError())
    slope = np.cov(x, y, bias=True)[0, 1] / np.var(x)
    assert found.slope == pytest.approx(slope, rel=1e-12)


@each_loss
def test_data_too_large_to_keep_are_worked_through_in_blocks(loss, monkeypatch):
    X, y = data(n=3_000)
    w = np.random.default_rng(5).integers(0, 3, 3_000)
    whole = fit(X, y, loss, sample_weight=w)
    monkeypatch.setattr("course_code.regression.design.KEEP", 0)
    monkeypatch.setattr("course_code.regression.design.PIECE", 256)
    pieces = fit(X, y, loss, sample_weight=w)
    np.testing.assert_allclose(pieces.coef, whole.coef, rtol=1e-11)
    assert pieces.objective == pytest.approx(whole.objective, rel=1e-12)


# Refusals ----------------------------------------------------------------------------------------

X0, y0 = data(n=6, p=2)
RANK = r"^X: columns must be linearly independent"


@each_loss
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X0[:, 0], y0), r"^X: must be 2-dimensional; got shape \(6,\)"),
        ((X0, y0[:5]), r"^y: must have one value per row of X, 6; got shape \(5,\)"),
        ((X0, y0[:, None]), r"^y: must be 1-dimensional; got shape \(6, 1\)"),
        ((X0[:0], y0[:0]), r"^X: must not be empty; got shape \(0, 2\)"),
        ((X0[:, :0], y0), r"^X: must not be empty; got shape \(6, 0\)"),
        ((np.where(X0[1, 1] == X0, np.nan, X0), y0), r"^X: .*; got nan at position 3"),
        ((X0, np.where(y0 == y0[2], np.inf, y0)), r"^y: .*; got inf at position 2"),
        (([["a", "b"]] * 6, y0), r"^X: must hold real numbers; got "),
        ((X0, y0, [1, 1, 1]), r"^sample_weight: must have shape \(6,\); got shape \(3,\)"),
        ((X0, y0, [1, 1, 1, 1, 1, -2]), r"^sample_weight: must not be negative; got -2.0"),
        ((X0, y0, np.zeros(6)), r"^sample_weight: must not all be zero; got only zeros"),
        ((X0[:2], y0[:2]), RANK + r" \(with the intercept\); got rank 2 of 3$"),
        ((np.ones((6, 1)), y0), RANK + r" \(with the intercept\); got rank 1 of 2$"),
        ((X0[:, [0, 0]], y0), RANK + r" \(with the intercept\); got rank 2 of 3$"),
        ((X0 @ [[1, 0, 1], [0, 1, 2]], y0), RANK + r" \(with the intercept\); got rank 3 of 4$"),
        ((X0[:, [0, 0]] * [1, 1e-9] + 5, y0), RANK + r" \(with the intercept\); got rank 2 of 3$"),
        ((X0, y0, [1, 1, 0, 0, 0, 0]), RANK + r" \(with the intercept\); got rank 2 of 3$"),
        ((np.zeros((6, 2)), y0), RANK + r" \(with the intercept\); got rank 1 of 3$"),
        ((X0 * 1e308, y0), r"^X: must hold numbers whose sum does not overflow; got "),
        ((X0 * 1e-200, y0 * 1e200), r"^\w+: must have a scale .*; got "),
    ],
)
def test_bad_input_is_named(loss, arguments, message):
    X, y, *w = arguments
    with pytest.raises(ValueError, match=message):
        fit(X, y, loss, sample_weight=w[0] if w else None)


def test_bad_lines_losses_and_predictions_are_named():
    with pytest.raises(ValueError, match=r"^x: must be 1-dimensional; got shape \(6, 2\)"):
        fit_line(X0, y0, SquaredError())
    for loss in (rmse, "mse", None, SquaredError):
        with pytest.raises(ValueError, match=r"^loss: must be "):
            fit(X0, y0, loss)
    found = fit(X0, y0, SquaredError())
    with pytest.raises(ValueError, match=r"^X: must have 2 columns; got shape \(6, 1\)"):
        found.predict(X0[:, :1])
    with pytest.raises(ValueError, match=r"^X: must be 2-dimensional; got shape \(2,\)"):
        found.predict([1.0, 2.0])
    with pytest.raises(
        ValueError, match=r"^y: must have a scale at which the loss does not overflow"
    ):
        fit(X0, y0 * 1e200, SquaredError())


def test_no_intercept_and_no_column_but_one():
    with pytest.raises(ValueError, match=RANK + r"; got rank 0 of 1$"):
        fit([[0.0], [0.0]], [1, 2], SquaredError(), intercept=False)
    assert fit([[2.0], [2.0]], [1, 3], SquaredError(), intercept=False).slope == pytest.approx(1)


def test_refusals_come_before_any_work_in_every_function():
    bad = np.array([1.0, np.nan, 3.0])
    for call in (
        lambda: boscovich(bad, bad),
        lambda: ridge(bad[:, None], [1, 2, 3], 1.0),
        lambda: lasso(bad[:, None], [1, 2, 3]),
        lambda: standardize(bad[:, None]),
        lambda: fit_line(bad, [1, 2, 3], Huber()),
    ):
        with pytest.raises(ValueError, match=r"^[Xx]: must hold finite numbers only; got nan"):
            call()
