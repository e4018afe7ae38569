"""JAX's arithmetic and automatic differentiation agree with ours; its choices are named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from course_code.descent import LinearModel, train
from course_code.losses import (
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    Tukey,
    gaussian_nll,
    laplace_nll,
    mae,
    mse,
    rmse,
)

EXACT = 1e-12
RNG = np.random.default_rng(5)
REDUCED = {"mean": jnp.mean, "sum": jnp.sum}


def huber(delta):
    return lambda r: jnp.where(jnp.abs(r) <= delta, r**2 / 2, delta * (jnp.abs(r) - delta / 2))


def tukey(c):
    return lambda r: jnp.where(jnp.abs(r) < c, c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3), c**2 / 6)


LINES = [
    (mse, jnp.square),
    (mae, jnp.abs),
    *((Huber(d), huber(d)) for d in (0.1, 1.0, 2.5)),
    *((SmoothL1(b), lambda r, b=b: huber(b)(r) / b) for b in (0.1, 1.0, 3.0)),
    (LogCosh(), lambda r: jnp.logaddexp(r, -r) - np.log(2)),
    (Quantile(0.9), lambda r: jnp.where(r >= 0, 0.9 * r, -0.1 * r)),
    (Tukey(2.0), tukey(2.0)),
]
every_loss = pytest.mark.parametrize(("loss", "line"), LINES, ids=[repr(p[0]) for p in LINES])


def value_and_slope(loss, at):
    return jax.jit(jax.value_and_grad(loss))(at)  # compiled as a whole: one compilation, not ten


def data(outputs):
    shape = 300 if outputs is None else (300, outputs)
    y = RNG.normal(size=shape)
    return y, y + RNG.standard_t(2, size=shape)


@pytest.fixture(autouse=True)
def in_double_precision():
    assert jnp.asarray(1.0).dtype == jnp.float64


@every_loss
@pytest.mark.parametrize("outputs", [None, 4])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_value_and_gradient(loss, line, outputs, reduction):
    y, p = data(outputs)
    value, slope = value_and_slope(lambda q: REDUCED[reduction](line(y - q)), p)
    assert loss(y, p, reduction=reduction) == pytest.approx(float(value), rel=EXACT)
    ours = loss.gradient(y, p, reduction=reduction)
    np.testing.assert_allclose(ours, slope, rtol=EXACT, atol=1e-15)


@every_loss
def test_psi_is_the_derivative_of_each_element(loss, line):
    y, p = data(None)
    r = y - p
    np.testing.assert_allclose(loss.rho(r), jax.jit(line)(r), rtol=EXACT, atol=3e-16)
    np.testing.assert_allclose(
        loss.psi(r), jax.jit(jax.vmap(jax.grad(line)))(r), rtol=EXACT, atol=1e-15
    )


def test_curvature_is_the_second_derivative():
    r = np.linspace(-3.05, 3.05, 62)
    for loss, line in ((mse, jnp.square), (LogCosh(), LINES[8][1]), (Tukey(2.0), tukey(2.0))):
        second = jax.jit(jax.vmap(jax.grad(jax.grad(line))))(r)
        np.testing.assert_allclose(loss.curvature(r), second, rtol=1e-9, atol=1e-12)


def test_weights_are_those_of_jnp_average():
    y, p = data(None)
    w = RNG.uniform(size=300)
    assert mae(y, p, w) == pytest.approx(float(jnp.average(jnp.abs(y - p), weights=w)), rel=EXACT)


def test_likelihoods_are_those_of_jax_scipy():
    y, p = data(3)
    v = RNG.uniform(0.1, 3.0, y.shape)
    normal = -jax.scipy.stats.norm.logpdf(y, p, jnp.sqrt(v)).mean()
    laplace = -jax.scipy.stats.laplace.logpdf(y, p, v).mean()
    assert gaussian_nll(y, p, v) == pytest.approx(float(normal), rel=EXACT)
    assert laplace_nll(y, p, v) == pytest.approx(float(laplace), rel=EXACT)


def test_the_root_of_the_mean_square():
    y, p = data(2)
    value, slope = value_and_slope(lambda q: jnp.sqrt(jnp.mean((y - q) ** 2)), p)
    assert rmse(y, p) == pytest.approx(float(value), rel=EXACT)
    np.testing.assert_allclose(rmse.gradient(y, p), slope, rtol=EXACT)


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (jnp.abs, 1.0),
        (lambda u: jnp.abs(0.0 - u), -1.0),
        (jnp.sign, 0.0),
        (lambda u: jnp.maximum(u, -u), 0.0),
        (lambda u: jnp.maximum(-0.9 * u, 0.1 * u), -0.4),
        (lambda u: jnp.where(0.0 - u >= 0, -0.9 * u, 0.1 * u), -0.9),
    ],
    ids=["abs", "abs of minus", "sign", "max", "pinball by max", "pinball by where"],
)
def test_slopes_at_zero(function, slope):
    assert float(jax.jit(jax.grad(function))(0.0)) == pytest.approx(slope)


def test_the_root_of_zero_has_no_slope():
    assert np.isnan(jax.grad(lambda u: jnp.sqrt(u**2))(0.0))


def test_off_a_perfect_line_goes_jax_and_we_stay():
    at = np.arange(4.0)
    y = 2 * at + 1
    slope = jax.grad(lambda q: jnp.mean(jnp.abs(y - (q[0] * at + q[1]))))(jnp.array([2.0, 1.0]))
    assert slope.tolist() == [-1.5, -1.0]
    assert train(LinearModel(2.0, 1.0), mae, at, y, 0.1, 3).w.tolist() == [2.0] * 4


def test_shapes_broadcast_without_a_word(recwarn):
    flat = np.arange(3.0)
    assert float(jnp.mean((flat - flat[:, None]) ** 2)) == pytest.approx(4 / 3)
    assert len(recwarn) == 0


def test_single_precision_is_the_default():
    with jax.enable_x64(False):
        assert jnp.asarray(np.array([1.0])).dtype == jnp.float32
        assert float(jnp.abs(jnp.asarray(16_777_217.0) - jnp.asarray(16_777_216.0))) == 0.0
    assert float(jnp.abs(jnp.asarray(16_777_217.0) - jnp.asarray(16_777_216.0))) == 1.0


@pytest.mark.parametrize("loss", [mse, Huber(0.3), LogCosh()], ids=repr)
def test_descent_takes_the_same_path(loss):
    line = {repr(a): b for a, b in [*LINES, (Huber(0.3), huber(0.3))]}[repr(loss)]
    x = RNG.uniform(size=50)
    y = 1 + 2 * x + RNG.normal(scale=0.1, size=50)

    @jax.jit
    def run(dials):
        def step(dials, _):
            value, slope = jax.value_and_grad(lambda q: jnp.mean(line(y - (q[0] * x + q[1]))))(
                dials
            )
            return dials - 0.1 * slope, (*dials, value)

        return jax.lax.scan(step, dials, length=301)[1]

    trace = train(LinearModel(), loss, x, y, 0.1, 300)
    for ours, theirs in zip((trace.w, trace.b, trace.loss), run(jnp.zeros(2)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=EXACT, atol=1e-14)
