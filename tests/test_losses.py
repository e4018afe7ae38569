"""The losses against closed forms, finite differences and the libraries people use instead."""

import math
import re
from dataclasses import FrozenInstanceError, fields

import mpmath
import numpy as np
import pandas as pd
import pytest
import scipy.special
import sklearn.metrics
import statsmodels.robust.norms
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import approx_fprime, minimize_scalar

from course_code import _sums, losses
from course_code._sums import BLOCK, MANY, STRIP
from course_code.losses import (
    AbsoluteError,
    Huber,
    LogCosh,
    Quantile,
    RootMeanSquaredError,
    SmoothL1,
    SquaredError,
    Tukey,
    gaussian_nll,
    laplace_nll,
    mae,
    mse,
    normalised,
    per_output,
    pooled,
    rmse,
    uncertainty_weighted,
    weighted_outputs,
)
from tests.naming import label

EXACT = 1e-12  # relative: what two libraries that both round correctly agree on

LOSSES = [
    SquaredError(),
    AbsoluteError(),
    Huber(),
    Huber(delta=0.3),
    SmoothL1(),
    SmoothL1(beta=0.3),
    LogCosh(),
    Quantile(),
    Quantile(tau=0.9),
    Tukey(),
    Tukey(c=1.5),
]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=label)
every_metric = pytest.mark.parametrize("loss", [*LOSSES, rmse], ids=label)
every_reduction = pytest.mark.parametrize(
    ("loss", "reduction"),
    [(loss, how) for loss in LOSSES for how in ("mean", "sum", "none")] + [(rmse, "mean")],
    ids=label,
)

residual = st.floats(-1e3, 1e3).map(lambda r: round(r, 6))
samples = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        hnp.arrays(float, n, elements=residual),
        hnp.arrays(float, n, elements=residual),
        hnp.arrays(float, n, elements=st.integers(0, 4)).filter(np.any),
    )
)


def kinks(loss):
    """Where psi or its derivative jumps."""
    if isinstance(loss, AbsoluteError | Quantile):
        return [0.0]
    parameter = [getattr(loss, field.name) for field in fields(loss)]
    return [] if isinstance(loss, SquaredError | LogCosh) else [parameter[0], -parameter[0]]


def derivative(f, r, h):
    """Central differences, of order h^4."""
    return (8 * (f(r + h) - f(r - h)) - (f(r + 2 * h) - f(r - 2 * h))) / (12 * h)


def data(n=200, outputs=None, dtype=float):
    rng = np.random.default_rng(11)
    shape = n if outputs is None else (n, outputs)
    y = rng.normal(size=shape)
    p = y + rng.standard_t(3, size=shape)
    p[::10] = y[::10]  # perfect predictions too
    return y.astype(dtype), p.astype(dtype), rng.uniform(0.0, 2.0, size=n)


# --- rho, psi, weight, curvature ---------------------------------------------------------------

R = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0])


@pytest.mark.parametrize(
    ("loss", "rho", "psi", "weight", "curvature"),
    [
        (SquaredError(), R**2, 2 * R, [2] * 7, [2] * 7),
        (
            AbsoluteError(),
            [3, 1, 0.5, 0, 0.5, 1, 3],
            [-1, -1, -1, 0, 1, 1, 1],
            [1 / 3, 1, 2, math.inf, 2, 1, 1 / 3],
            [0] * 7,
        ),
        (
            Huber(1.0),
            [2.5, 0.5, 0.125, 0, 0.125, 0.5, 2.5],
            [-1, -1, -0.5, 0, 0.5, 1, 1],
            [1 / 3, 1, 1, 1, 1, 1, 1 / 3],
            [0, 1, 1, 1, 1, 1, 0],
        ),
        (
            SmoothL1(0.5),
            [2.75, 0.75, 0.25, 0, 0.25, 0.75, 2.75],
            [-1, -1, -1, 0, 1, 1, 1],
            [1 / 3, 1, 2, 2, 2, 1, 1 / 3],
            [0, 0, 2, 2, 2, 0, 0],
        ),
        (
            Quantile(0.75),
            [0.75, 0.25, 0.125, 0, 0.375, 0.75, 2.25],
            [-0.25, -0.25, -0.25, 0, 0.75, 0.75, 0.75],
            [1 / 12, 0.25, 0.5, math.inf, 1.5, 0.75, 0.25],
            [0] * 7,
        ),
        (
            Tukey(2.0),
            [2 / 3, 37 / 96, 721 / 6144, 0, 721 / 6144, 37 / 96, 2 / 3],
            [0, -9 / 16, -225 / 512, 0, 225 / 512, 9 / 16, 0],
            [0, 9 / 16, 225 / 256, 1, 225 / 256, 9 / 16, 0],
            [0, -3 / 16, 165 / 256, 1, 165 / 256, -3 / 16, 0],
        ),
    ],
    ids=lambda v: repr(v) if isinstance(v, losses.Loss) else "",
)
def test_the_four_functions_at_round_numbers(loss, rho, psi, weight, curvature):
    np.testing.assert_allclose(loss.rho(R), rho, rtol=EXACT)
    np.testing.assert_allclose(loss.psi(R), psi, rtol=EXACT)
    np.testing.assert_allclose(loss.weight(R), weight, rtol=EXACT)
    np.testing.assert_allclose(loss.curvature(R), curvature, rtol=EXACT)


@every_loss
@given(r=residual)
def test_rho_is_a_price_and_perfection_is_free(loss, r):
    assert loss.rho(r) >= 0
    assert loss.rho(0.0) == 0
    assert loss.psi(0.0) == 0
    assert loss.rho(r) <= loss.rho(1.5 * r)


@every_loss
@given(r=residual)
def test_psi_is_the_derivative_of_rho_and_curvature_that_of_psi(loss, r):
    h = 1e-3 * max(1.0, abs(r))
    if any(abs(r - kink) <= 3 * h for kink in kinks(loss)):
        r += 8 * h  # step off the kink
    slope, bend = derivative(loss.rho, r, h), derivative(loss.psi, r, h)
    assert loss.psi(r) == pytest.approx(slope, rel=1e-6, abs=1e-6)
    assert loss.curvature(r) == pytest.approx(bend, rel=1e-5, abs=1e-5)


@every_loss
@given(r=residual)
def test_weight_is_psi_over_the_residual_and_has_its_limit_at_zero(loss, r):
    if r:
        assert loss.weight(r) == pytest.approx(loss.psi(r) / r, rel=EXACT, abs=1e-300)
    at_zero, near = loss.weight(0.0), loss.weight(1e-9)
    assert at_zero == pytest.approx(near, rel=1e-9) or (math.isinf(at_zero) and near > 1e7)


@every_loss
def test_a_number_gives_a_number_and_an_array_its_shape(loss):
    for function in (loss.rho, loss.psi, loss.weight, loss.curvature):
        assert type(function(0.5)) is float
        assert type(function(2)) is float
        assert isinstance(function(np.float32(0.5)), np.float32)
        assert function(R.reshape(7, 1)).shape == (7, 1)
        assert function(R.astype(np.float32)).dtype == np.float32
        assert not np.signbit(function(np.array([0.0, -0.0]))).any()


@every_loss
@given(r=residual)
def test_an_array_is_judged_element_by_element(loss, r):
    assert loss.rho(np.array([r, 1.0]))[0] == pytest.approx(loss.rho(r), rel=EXACT, abs=1e-300)
    assert loss.psi(np.array([1.0, r]))[1] == pytest.approx(loss.psi(r), rel=EXACT, abs=1e-300)


# --- how the losses hang together --------------------------------------------------------------


@given(r=residual, delta=st.floats(0.01, 100))
def test_smooth_l1_is_huber_over_its_threshold(r, delta):
    assert SmoothL1(delta).rho(r) == pytest.approx(Huber(delta).rho(r) / delta, rel=EXACT)
    assert SmoothL1(delta).psi(r) == pytest.approx(Huber(delta).psi(r) / delta, rel=EXACT)


@given(r=residual)
def test_the_median_quantile_is_half_the_absolute_error(r):
    assert Quantile(0.5).rho(r) == mae.rho(r) / 2
    assert Quantile(0.5).psi(r) == mae.psi(r) / 2


@given(r=residual)
def test_huber_runs_from_the_absolute_error_to_half_the_square(r):
    assert Huber(1e6).rho(r) == pytest.approx(mse.rho(r) / 2, rel=EXACT)
    delta = 1e-9
    assert Huber(delta).rho(r) / delta == pytest.approx(mae.rho(r), abs=delta)


@given(r=residual)
def test_log_cosh_lies_between_its_two_asymptotes(r):
    value = LogCosh().rho(r)
    assert abs(r) - math.log(2) <= value * (1 + 1e-15)
    assert value <= min(r * r / 2, abs(r)) * (1 + 1e-15)


@given(r=st.floats(-1e3, 1e3), c=st.floats(0.1, 100))
def test_tukey_is_bounded_and_lets_go(r, c):
    assert Tukey(c).rho(r) <= c * c / 6 * (1 + 1e-15)
    if abs(r) >= c:
        assert Tukey(c).rho(r) == pytest.approx(c * c / 6, rel=EXACT)
        assert Tukey(c).psi(r) == 0


@pytest.mark.parametrize(
    ("loss", "minimiser"),
    [(mse, np.mean), (mae, np.median), (Quantile(0.9), lambda y: np.quantile(y, 0.9))],
    ids=label,
)
def test_the_best_constant_is_the_mean_the_median_the_quantile(loss, minimiser):
    y = np.random.default_rng(3).gumbel(size=101)
    best = minimize_scalar(lambda c: loss(y, np.full_like(y, c)), bounds=(-2, 6), method="bounded")
    assert loss(y, np.full_like(y, minimiser(y))) <= best.fun + 1e-12


# --- other libraries ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "metric"),
    [
        (mse, sklearn.metrics.mean_squared_error),
        (mae, sklearn.metrics.mean_absolute_error),
        (rmse, sklearn.metrics.root_mean_squared_error),
        (Quantile(0.5), lambda *a, **k: sklearn.metrics.mean_pinball_loss(*a, alpha=0.5, **k)),
        (Quantile(0.9), lambda *a, **k: sklearn.metrics.mean_pinball_loss(*a, alpha=0.9, **k)),
    ],
    ids=["mse", "mae", "rmse", "pinball 0.5", "pinball 0.9"],
)
def test_values_are_those_of_scikit_learn(loss, metric):
    y, p, w = data()
    assert loss(y, p) == pytest.approx(metric(y, p), rel=EXACT)
    assert loss(y, p, w) == pytest.approx(metric(y, p, sample_weight=w), rel=EXACT)
    if loss is not rmse:  # scikit-learn averages the roots of the outputs: another number
        y, p, w = data(outputs=3)
        assert loss(y, p) == pytest.approx(metric(y, p), rel=EXACT)
        assert loss(y, p, w) == pytest.approx(metric(y, p, sample_weight=w), rel=EXACT)


@pytest.mark.parametrize("delta", [0.1, 1.0, 2.5])
def test_huber_is_scipys(delta):
    r = np.concatenate([np.linspace(-5, 5, 401), [delta, -delta]])
    np.testing.assert_allclose(Huber(delta).rho(r), scipy.special.huber(delta, r), rtol=EXACT)
    y, p, _ = data()
    expected = scipy.special.huber(delta, y - p).mean()
    assert Huber(delta)(y, p) == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize(
    ("loss", "norm"),
    [
        (Huber(1.345), statsmodels.robust.norms.HuberT(1.345)),
        (Tukey(4.685), statsmodels.robust.norms.TukeyBiweight(4.685)),
        (Tukey(1.5), statsmodels.robust.norms.TukeyBiweight(1.5)),
    ],
    ids=label,
)
def test_the_four_functions_are_those_of_statsmodels(loss, norm):
    r = np.linspace(-7, 7, 1001)  # holds 0
    np.testing.assert_allclose(loss.rho(r), norm.rho(r), rtol=EXACT, atol=1e-14)
    np.testing.assert_allclose(loss.psi(r), norm.psi(r), rtol=EXACT, atol=1e-14)
    np.testing.assert_allclose(loss.weight(r), norm.weights(r), rtol=EXACT, atol=1e-14)
    np.testing.assert_allclose(loss.curvature(r), norm.psi_deriv(r), rtol=1e-10, atol=1e-12)


def test_the_squared_error_is_twice_statsmodels_least_squares():
    norm = statsmodels.robust.norms.LeastSquares()
    np.testing.assert_allclose(mse.rho(R), 2 * norm.rho(R), rtol=EXACT)
    np.testing.assert_allclose(mse.psi(R), 2 * norm.psi(R), rtol=EXACT)


@pytest.mark.parametrize("r", [1e-12, 1e-9, 1e-8, 1e-3, 0.5, 0.999, 1.0, 1.001, 5, 40, 1e3, 1e200])
def test_log_cosh_is_exact_from_tiny_to_huge(r):
    with mpmath.workdps(60):
        x = mpmath.mpf(r)
        tail = mpmath.log1p(mpmath.exp(-2 * x)) - mpmath.log(2)
        value, bend = x + tail, mpmath.sech(x) ** 2
    for sign in (1, -1):
        assert LogCosh().rho(sign * r) == pytest.approx(float(value), rel=4e-16, abs=0)
        assert LogCosh().psi(sign * r) == pytest.approx(sign * math.tanh(r), rel=4e-16, abs=0)
        assert LogCosh().curvature(sign * r) == pytest.approx(float(bend), rel=1e-12, abs=0)


@pytest.mark.parametrize("r", [1e-9, 1e-5, 1e-2, 1.0, 1.49])
def test_tukey_does_not_cancel_near_zero(r):
    with mpmath.workdps(60):
        u = (mpmath.mpf(r) / mpmath.mpf(1.5)) ** 2
        value = mpmath.mpf(1.5) ** 2 / 6 * (1 - (1 - u) ** 3)
    assert Tukey(1.5).rho(r) == pytest.approx(float(value), rel=1e-15, abs=0)


# --- values and gradients of samples -----------------------------------------------------------


@every_loss
@given(sample=samples)
def test_the_three_reductions_are_one_formula(loss, sample):
    y, p, w = sample
    each = w * loss.rho(y - p)
    np.testing.assert_allclose(loss(y, p, w, "none"), each, rtol=EXACT)
    assert loss(y, p, w, "sum") == pytest.approx(each.sum(), rel=EXACT, abs=1e-300)
    assert loss(y, p, w) == pytest.approx(each.sum() / w.sum(), rel=EXACT, abs=1e-300)
    ones = np.ones_like(y)
    for reduction in ("mean", "sum", "none"):
        unweighted = loss(y, p, None, reduction)
        np.testing.assert_allclose(unweighted, loss(y, p, ones, reduction), rtol=EXACT)


@every_metric
@given(sample=samples)
def test_order_does_not_matter_and_a_weight_is_a_repetition(loss, sample):
    y, p, w = sample
    order = np.argsort(np.sin(np.arange(y.size) * 7.0))
    assert loss(y[order], p[order], w[order]) == pytest.approx(loss(y, p, w), rel=EXACT)
    k = w.astype(int)
    assert loss(np.repeat(y, k), np.repeat(p, k)) == pytest.approx(loss(y, p, w), rel=EXACT)
    assert loss(y, p, 3 * w) == pytest.approx(loss(y, p, w), rel=EXACT)


@every_reduction
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("outputs", [None, 3])
def test_the_gradient_is_the_derivative_by_the_prediction(loss, reduction, weighted, outputs):
    y, p, w = data(12, outputs)
    p[::10] += 0.2  # away from the kinks
    w = w if weighted else None

    def value(q):
        return np.sum(loss(y, q.reshape(y.shape), w, reduction))

    numeric = approx_fprime(p.ravel(), value, 1e-7).reshape(p.shape)
    gradient = loss.gradient(y, p, w, reduction)
    assert gradient.shape == p.shape
    np.testing.assert_allclose(gradient, numeric, atol=3e-5)


@every_loss
@given(sample=samples)
def test_the_gradient_is_minus_psi_shared_out_by_weight(loss, sample):
    y, p, w = sample
    each = -w * loss.psi(y - p)
    np.testing.assert_allclose(loss.gradient(y, p, w, "none"), each, rtol=EXACT)
    np.testing.assert_allclose(loss.gradient(y, p, w, "sum"), each, rtol=EXACT)
    np.testing.assert_allclose(loss.gradient(y, p, w), each / w.sum(), rtol=EXACT, atol=1e-300)
    assert not np.signbit(loss.gradient(y, y, w)).any()


@every_metric
@pytest.mark.parametrize("n", [STRIP - 1, STRIP + 1, BLOCK, BLOCK + STRIP, 3 * BLOCK + 17])
def test_long_data_are_cut_into_blocks_without_a_trace(loss, n):
    y, p, w = data(n)
    if loss is rmse:
        expected, slope = math.sqrt(np.mean((y - p) ** 2)), (p - y) / n / rmse(y, p)
        weighted = math.sqrt(np.average((y - p) ** 2, weights=w))
    else:
        expected, slope = np.mean(loss.rho(y - p)), -loss.psi(y - p) / n
        weighted = np.average(loss.rho(y - p), weights=w)
    assert loss(y, p) == pytest.approx(expected, rel=EXACT)
    assert loss(y, p, w) == pytest.approx(weighted, rel=EXACT)
    np.testing.assert_allclose(loss.gradient(y, p), slope, rtol=EXACT, atol=1e-18)
    turned = loss.gradient(y[::-1], p[::-1])[::-1]
    np.testing.assert_allclose(turned, slope, rtol=EXACT, atol=1e-18)
    value, slope = loss.value_and_gradient(y, p)
    assert value == pytest.approx(expected, rel=EXACT)
    np.testing.assert_allclose(slope, loss.gradient(y, p), rtol=EXACT)
    y[-1] = math.nan
    for call in (loss, loss.gradient, loss.value_and_gradient):
        with pytest.raises(ValueError, match=f"^y_true: .* got nan at position {n - 1}$"):
            call(y, p)


@pytest.mark.parametrize("loss", [mse, mae, Huber(), Tukey(), rmse], ids=label)
def test_the_number_of_cores_does_not_show_in_a_result(loss, monkeypatch):
    y, p, w = data(MANY + 3)
    found = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(_sums.os, "cpu_count", lambda cores=cores: cores)
        value, slope = loss.value_and_gradient(y, p)
        found.append((loss(y, p), loss(y, p, w), value, slope.sum(), loss.gradient(y, p).sum()))
    assert found[0] == found[1] == found[2]
    y[-1] = math.inf  # found by a worker, told to the caller
    with pytest.raises(ValueError, match=f"^y_true: .* got inf at position {MANY + 2}$"):
        loss.value_and_gradient(y, p)


@every_reduction
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_value_and_gradient_are_the_two_calls_in_one(loss, reduction, weighted, dtype):
    y, p, w = data(30, outputs=2, dtype=dtype)
    p[::7] = y[::7]  # residuals of exactly zero
    w = w if weighted else None
    expected = loss(y, p, w, reduction), loss.gradient(y, p, w, reduction)
    out = np.full_like(p, 7)
    exact = EXACT if dtype is np.float64 else 1e-6
    for value, slope in (
        loss.value_and_gradient(y, p, w, reduction),
        loss.value_and_gradient(y, p, w, reduction, out=out),
    ):
        assert type(value) is type(expected[0])
        np.testing.assert_allclose(value, expected[0], rtol=exact)
        assert slope.dtype == dtype
        np.testing.assert_allclose(slope, expected[1], rtol=exact)
    assert slope is out


@every_metric
def test_value_and_gradient_survive_extremes_as_the_calls_do(loss):
    for size in (1e-200, 1e150, 1e200):
        y, p = size * np.array([1.0, -2.0, 3.0]), np.zeros(3)
        value, slope = loss.value_and_gradient(y, p)
        assert value == pytest.approx(loss(y, p), rel=EXACT)
        np.testing.assert_allclose(slope, loss.gradient(y, p), rtol=EXACT)


@every_metric
@pytest.mark.parametrize(
    ("out", "rule"),
    [
        ([0.0, 0.0], "must be a writeable, contiguous array; got list"),
        (np.zeros(4)[::2], "must be a writeable, contiguous array; got ndarray"),
        (np.zeros(3), "must be float64 of shape (2,); got float64 of shape (3,)"),
        (np.zeros(2, np.float32), "must be float64 of shape (2,); got float32 of shape (2,)"),
    ],
    ids=["list", "strided", "shape", "dtype"],
)
def test_an_array_that_cannot_hold_the_gradient_is_refused(loss, out, rule):
    with pytest.raises(ValueError, match=re.escape(f"out: {rule}")):
        loss.value_and_gradient([1.0, 2.0], [0.0, 0.0], out=out)


@every_metric
def test_the_gradient_is_not_written_over_the_data(loss):
    y, p, _ = data()
    with pytest.raises(ValueError, match=r"^out: must not share memory with the data; got"):
        loss.value_and_gradient(y, p, out=p)


@every_metric
def test_memory_order_and_strides_do_not_matter(loss):
    y, p, _ = data(40, outputs=3)
    w = np.arange(120.0).reshape(40, 3)
    tall = np.asfortranarray(p)
    assert loss(y, tall, w) == loss(y, p, w)
    np.testing.assert_array_equal(loss.gradient(y, tall, w), loss.gradient(y, p, w))
    assert loss(y[::2], p[::2]) == loss(y[::2].copy(), p[::2].copy())


@every_metric
def test_the_callers_arrays_are_left_alone(loss):
    y, p, w = data()
    before = y.copy(), p.copy(), w.copy()
    for array in (y, p, w):
        array.flags.writeable = False
    loss(y, p, w)
    loss.gradient(y, p, w)
    loss(y, p)
    loss.gradient(y, p)
    for array, old in zip((y, p, w), before, strict=True):
        np.testing.assert_array_equal(array, old)


@every_metric
def test_what_comes_in_says_what_comes_out(loss):
    y, p, w = data(dtype=np.float32)
    assert isinstance(loss(y, p), np.float32)
    assert isinstance(loss(y, p, w), np.float32)
    assert loss.gradient(y, p, w).dtype == np.float32
    assert loss.gradient(y, p.astype(float)).dtype == np.float64
    assert loss(y, p) == pytest.approx(loss(y.astype(float), p.astype(float)), rel=1e-6)
    assert type(loss([1, 2], [2, 4])) is float
    assert type(loss(y, p.astype(float))) is float
    assert loss(np.int8([100]), np.int8([-100])) == loss([100.0], [-100.0])
    assert loss(3.0, 2.0) == loss([3.0], [2.0])


@every_metric
def test_pandas_objects_are_used_by_position(loss):
    y, p, w = data(20)
    turned = pd.Series(p, index=range(20)[::-1])
    assert loss(pd.Series(y), turned, pd.Series(w)) == loss(y, p, w)
    np.testing.assert_array_equal(loss.gradient(pd.Series(y), turned), loss.gradient(y, p))


@every_metric
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e150, 1e200, 1e300])
def test_extreme_residuals_neither_warn_nor_turn_into_nan(loss, size):
    y, p = np.zeros(3), np.array([size, -size, 0.0])
    assert loss(y, p) >= 0
    assert loss(y, p, [1, 1, 0]) >= 0
    assert np.isfinite(loss.gradient(y, p)).all()


@pytest.mark.filterwarnings("error")
def test_a_loss_overflows_only_if_its_true_value_does():
    huge = [1e308, -1e308]
    assert mae(huge, [0, 0]) == 1e308  # the sum overflows, the mean does not
    assert mae(huge, [0, 0], [3, 5]) == pytest.approx(1e308)
    assert LogCosh()(huge, [0, 0]) == 1e308
    assert mse([1e154, 1e154], [0, 0]) == pytest.approx(1e308)
    assert mse([1e200], [0]) == math.inf
    assert mse([1e200, 1], [0, 0], [0, 1]) == 1.0
    assert rmse([3e200, 4e200], [0, 0]) == pytest.approx(math.sqrt(12.5) * 1e200)
    assert rmse([3e-200, 4e-200], [0, 0]) == pytest.approx(math.sqrt(12.5) * 1e-200)
    assert rmse([1e200, 3e-200, 4e-200], [0, 0, 0], [0, 1, 1]) == pytest.approx(12.5**0.5 * 1e-200)
    assert rmse.gradient([0, 0], [3e200, 4e200]) == pytest.approx(rmse.gradient([0, 0], [3, 4]))
    single = np.float32([2e18] * 1000)
    assert mse(single, 0 * single) == pytest.approx(4e36, rel=1e-6)  # their sum is 4e39


def test_a_perfect_fit_has_rmse_zero_and_a_finite_gradient():
    assert rmse([1, 2], [1, 2]) == 0
    assert rmse.gradient([[1, 2]], [[1, 2]]).tolist() == [[0, 0]]


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_rmse_has_no_other_reduction(reduction):
    rule = f"^reduction: must be one of 'mean'; got {reduction}$"
    with pytest.raises(ValueError, match=rule):
        rmse([1], [2], reduction=reduction)
    with pytest.raises(ValueError, match=rule):
        rmse.gradient([1], [2], reduction=reduction)


# --- bad input ---------------------------------------------------------------------------------

NAN, INF = math.nan, math.inf
SHAPE = r"must have the shape of y_true, \(3,\)"
BAD_CALLS = [
    (([], []), "y_true", "must not be empty", r"shape \(0,\)"),
    (([1, 2, 3], [1]), "y_pred", SHAPE, r"shape \(1,\)"),
    (([1, 2, 3], [[1], [2], [3]]), "y_pred", SHAPE, r"shape \(3, 1\)"),
    (([1, 2, 3], 2.0), "y_pred", SHAPE, r"shape \(\)"),
    (([1, NAN], [1, 2]), "y_true", "must hold finite numbers only", "nan at position 1"),
    (([1, 2], [INF, 2]), "y_pred", "must hold finite numbers only", "inf at position 0"),
    (([INF, 2], [INF, 2]), "y_true", "must hold finite numbers only", "inf at position 0"),
    ((["a"], [1]), "y_true", "must hold real numbers", "dtype <U1"),
    (([1], [1j]), "y_pred", "must hold real numbers", "dtype complex128"),
    (([1], None), "y_pred", "must hold real numbers", "values of type NoneType"),
    (([1, 2], [1, 2], [1]), "sample_weight", r"must have shape \(2,\)", r"shape \(1,\)"),
    (([1, 2], [1, 2], [1, -1]), "sample_weight", "must not be negative", "-1.0"),
    (([1, 2], [1, 2], [0, 0]), "sample_weight", "must not all be zero", "only zeros"),
    (([1, 2], [1, 2], [1, NAN]), "sample_weight", "must hold finite numbers only", "nan at .* 1"),
    (([1], [1], None, "avg"), "reduction", "must be one of 'mean'.*", "avg"),
    (([1], [1], None, None), "reduction", "must be one of 'mean'.*", "None"),
]


@every_metric
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("arguments", "name", "rule", "got"), BAD_CALLS, ids=label)
def test_bad_input_is_named_explained_and_shown(loss, arguments, name, rule, got):
    for call in (loss, loss.gradient):
        with pytest.raises(ValueError, match=f"^{name}: {rule}; got {got}$"):
            call(*arguments)


@every_loss
@pytest.mark.parametrize(
    ("r", "rule", "got"),
    [
        ([], "must not be empty", r"shape \(0,\)"),
        (NAN, "must hold finite numbers only", "nan at position 0"),
        ([1, -INF], "must hold finite numbers only", "-inf at position 1"),
        ("3", "must hold real numbers", "dtype <U1"),
    ],
    ids=label,
)
def test_bad_residuals_are_refused(loss, r, rule, got):
    for function in (loss.rho, loss.psi, loss.weight, loss.curvature):
        with pytest.raises(ValueError, match=f"^r: {rule}; got {got}$"):
            function(r)


@pytest.mark.parametrize(
    ("kind", "name"), [(Huber, "delta"), (SmoothL1, "beta"), (Tukey, "c")], ids=label
)
@pytest.mark.parametrize("value", [0, -1, NAN, INF, "1", None, True, [1.0]])
def test_a_scale_parameter_is_positive(kind, name, value):
    rule = f"{name}: must be a positive finite number; got {value}"
    with pytest.raises(ValueError, match=re.escape(rule)):
        kind(**{name: value})


@pytest.mark.parametrize("value", [0, 1, 1.5, -0.2, NAN, "0.5", None])
def test_tau_is_a_probability_strictly_inside(value):
    rule = f"tau: must lie strictly between 0 and 1; got {value}"
    with pytest.raises(ValueError, match=re.escape(rule)):
        Quantile(tau=value)


@every_metric
def test_a_loss_is_a_value(loss):
    twin = eval(repr(loss))
    assert twin == loss
    assert hash(twin) == hash(loss)
    field = next((f.name for f in fields(loss)), "delta")
    with pytest.raises(FrozenInstanceError):
        setattr(loss, field, 2.0)


def test_integer_parameters_become_floats():
    assert repr(Huber(2)) == "Huber(delta=2.0)"
    assert repr(Tukey(np.int64(3))) == "Tukey(c=3.0)"


# --- likelihoods -------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", [0.7, "each"])
def test_the_likelihoods_are_scipys(spread):
    y, m, w = data(50)
    s = w + 0.1 if spread == "each" else spread
    gaussian = -scipy.stats.norm.logpdf(y, m, np.sqrt(s))
    laplace = -scipy.stats.laplace.logpdf(y, m, s)
    for nll, expected in ((gaussian_nll, gaussian), (laplace_nll, laplace)):
        np.testing.assert_allclose(nll(y, m, s, "none"), expected, rtol=EXACT)
        assert nll(y, m, s) == pytest.approx(expected.mean(), rel=EXACT)
        assert nll(y, m, s, "sum") == pytest.approx(expected.sum(), rel=EXACT)


def test_the_likelihoods_keep_float32():
    y, m, _ = data(dtype=np.float32)
    assert isinstance(gaussian_nll(y, m, 1.0), np.float32)
    assert laplace_nll(y, m, np.float32(2.0), "none").dtype == np.float32
    assert type(gaussian_nll([0], [1], 2)) is float


@pytest.mark.parametrize(
    ("nll", "centre", "spread"),
    [(gaussian_nll, "mean", "variance"), (laplace_nll, "location", "scale")],
    ids=["gaussian", "laplace"],
)
def test_bad_likelihood_input_is_refused(nll, centre, spread):
    cases = [
        (([], [], 1), "y_true: must not be empty; got shape (0,)"),
        (
            ([1, 2], [[1], [2]], 1),
            f"{centre}: must have the shape of y_true, (2,); got shape (2, 1)",
        ),
        (([1], [NAN], 1), f"{centre}: must hold finite numbers only; got nan at position 0"),
        (([1], [1], 0), f"{spread}: must be positive; got 0.0"),
        (([1, 2], [1, 2], [1, -2]), f"{spread}: must be positive; got -2.0"),
        (([1, 2], [1, 2], [1]), f"{spread}: must be a number or have shape (2,); got shape (1,)"),
        (([1], [1], INF), f"{spread}: must hold finite numbers only; got inf at position 0"),
        (([1], [1], 1, "avg"), "reduction: must be one of 'mean', 'sum', 'none'; got avg"),
    ]
    for arguments, message in cases:
        with pytest.raises(ValueError, match=re.escape(message) + "$"):
            nll(*arguments)


# --- many outputs ------------------------------------------------------------------------------

SCALES = np.array([1.0, 100.0, 0.01])


def outputs():
    y, p, w = data(60, outputs=3)
    return y * SCALES, p * SCALES, w


@every_metric
def test_each_output_has_its_own_loss(loss):
    y, p, w = outputs()
    expected = [loss(y[:, k], p[:, k], w) for k in range(3)]
    np.testing.assert_allclose(per_output(loss, y, p, w), expected, rtol=EXACT)
    if loss is not rmse:
        assert per_output(loss, y, p, w).mean() == pytest.approx(loss(y, p, w), rel=EXACT)


def test_outputs_are_those_of_scikit_learn():
    y, p, w = outputs()
    raw = sklearn.metrics.mean_squared_error(y, p, sample_weight=w, multioutput="raw_values")
    np.testing.assert_allclose(per_output(mse, y, p, w), raw, rtol=EXACT)


def test_weights_of_one_over_k_give_the_mean_over_all_elements():
    y, p, w = outputs()
    assert weighted_outputs(mse, y, p, [1 / 3] * 3, w) == pytest.approx(mse(y, p, w), rel=EXACT)
    assert weighted_outputs(mae, y, p, [1, 0, 0]) == pytest.approx(mae(y[:, 0], p[:, 0]))


def test_normalising_is_weighting_by_one_over_k_times_the_variance():
    y, p, w = outputs()
    weights = 1 / (3 * y.var(axis=0))
    value = normalised(mse, y, p, w)
    assert value == pytest.approx(weighted_outputs(mse, y, p, weights, w), rel=EXACT)
    units = np.array([3.0, 0.1, 50.0])
    assert normalised(mse, y * units, p * units, w) == pytest.approx(value, rel=1e-10)


def test_a_batch_can_be_measured_by_the_spread_of_the_training_targets():
    y, p, w = outputs()
    whole = normalised(mse, y, p)
    parts = [normalised(mse, y[k], p[k], scale=y.std(axis=0)) for k in np.split(np.arange(60), 4)]
    assert np.mean(parts) == pytest.approx(whole, rel=EXACT)
    assert normalised(mae, y, p, w, scale=np.ones(3)) == mae(y, p, w)
    # A constant output has no spread of its own, but may be given one.
    assert normalised(mse, [[1, 2], [3, 2]], TWO, scale=[1, 1]) == mse([[1, 2], [3, 2]], TWO)


@pytest.mark.parametrize(
    ("scale", "rule"),
    [([1, 0], "must be positive; got 0.0"), ([1], "must be a number or have shape (2,)")],
    ids=["zero", "shape"],
)
def test_a_scale_of_the_outputs_is_positive_and_has_one_number_for_each(scale, rule):
    with pytest.raises(ValueError, match=re.escape(f"scale: {rule}")):
        normalised(mse, TWO, TWO, scale=scale)


def test_uncertainty_weighting_is_the_gaussian_likelihood_of_a_row():
    y, p, _ = outputs()
    s = np.array([0.3, 8.0, -9.0])
    rows = sum(gaussian_nll(y[:, k], p[:, k], math.exp(s[k])) for k in range(3))
    expected = rows - 3 / 2 * math.log(2 * math.pi)
    assert uncertainty_weighted(mse, y, p, s) == pytest.approx(expected, rel=EXACT)


def test_uncertainty_weighting_of_absolute_errors_is_half_the_laplace_likelihood():
    y, p, _ = outputs()
    log_scale = np.array([-1.0, 0.5, 2.0])
    rows = np.sum(log_scale + np.abs(y - p) / np.exp(log_scale), axis=1)  # log 2 left out
    expected = rows.mean() / 2
    assert uncertainty_weighted(mae, y, p, log_scale) == pytest.approx(expected, rel=EXACT)


def test_uncertainty_weighting_is_least_where_the_variance_is_the_loss():
    y, p, _ = outputs()
    best = np.log(per_output(mse, y, p))
    least = uncertainty_weighted(mse, y, p, best)
    assert least == pytest.approx(np.sum(1 + best) / 2, rel=EXACT)
    for k in range(3):
        for step in (-50.0, -0.1, 0.1, 50.0):  # it grows both ways: neither end is an escape
            s = best.copy()
            s[k] += step
            assert uncertainty_weighted(mse, y, p, s) > least


@every_metric
@pytest.mark.parametrize("weighted", [False, True])
def test_pooled_batches_are_the_joined_data(loss, weighted):
    y, p, w = data(50, outputs=2)
    cuts = [slice(0, 30), slice(30, 49), slice(49, 50)]
    batches = [(y[c], p[c], w[c]) if weighted else (y[c], p[c]) for c in cuts]
    expected = loss(y, p, w if weighted else None)
    assert pooled(loss, batches) == pytest.approx(expected, rel=EXACT)
    assert pooled(loss, iter(batches)) == pytest.approx(expected, rel=EXACT)


TWO = [[1.0, 2.0], [3.0, 5.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: per_output(mse, [1], [2]), "y_true: must be 2-dimensional; got shape (1,)"),
        (lambda: per_output("mse", TWO, TWO), "loss: must be a loss of this module"),
        (lambda: per_output(mse, TWO, TWO, [1, -1]), "sample_weight: must not be negative; got -1"),
        (
            lambda: weighted_outputs(mse, TWO, TWO, [1, 2, 3]),
            "weights: must have shape (2,); got shape (3,)",
        ),
        (
            lambda: weighted_outputs(mse, TWO, TWO, [0, 0]),
            "weights: must not all be zero; got only",
        ),
        (lambda: weighted_outputs(mse, TWO, [[1, 2]], [1, 2]), "y_pred: must have the shape of"),
        (lambda: normalised(mse, [[1, 2], [3, 2]], TWO), "got a constant output 1"),
        (lambda: normalised(None, TWO, TWO), "loss: must be a loss of this module"),
        (lambda: normalised(mse, [[NAN, 2]], [[1, 2]]), "y_true: must hold finite numbers only"),
        (
            lambda: uncertainty_weighted(mse, TWO, TWO, [0.0]),
            "log_variance: must have shape (2,); got shape (1,)",
        ),
        (
            lambda: uncertainty_weighted(mse, TWO, TWO, [0.0, INF]),
            "log_variance: must hold finite numbers only; got inf at position 1",
        ),
        (lambda: pooled(mse, []), "batches: must hold at least one batch; got none"),
        (lambda: pooled(mse, 3), "batches: must be an iterable of batches; got 3"),
        (lambda: pooled(mse, [[1]]), "batches: must hold (y_true, y_pred) or"),
        (lambda: pooled(rmse, [([1], [1, 2])]), "y_pred: must have the shape of y_true"),
        (lambda: pooled(len, [([1], [1])]), "loss: must be a loss of this module"),
    ],
    ids=range(16),
)
def test_bad_input_to_the_helpers_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_the_module_exports_what_it_defines():
    assert all(hasattr(losses, name) for name in losses.__all__)
    assert RootMeanSquaredError() == rmse
