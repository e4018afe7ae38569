"""The displayed formulas of the chapter on frameworks, against the frameworks or mathematics."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
import sympy as sp
import torch
import torch.nn.functional as F

from course_code.descent import LinearModel, train
from course_code.losses import mse
from tests.formulas.registry import formula

RNG = np.random.default_rng(8)


@formula("eq-framework-reductions")
@pytest.mark.parametrize(("n", "outputs"), [(5, 3), (4, 1), (1, 6)])
def test_what_three_reductions_divide_by(n, outputs):
    y, p = RNG.normal(size=(2, n, outputs))
    elements = [(y[i, k] - p[i, k]) ** 2 for i in range(n) for k in range(outputs)]
    mean, total, by_rows = sum(elements) / (n * outputs), sum(elements), sum(elements) / outputs
    ty, tp = torch.tensor(y), torch.tensor(p)
    assert F.mse_loss(tp, ty).item() == pytest.approx(mean, rel=1e-12)
    assert float(jnp.mean((y - p) ** 2)) == pytest.approx(mean, rel=1e-12)
    assert float(keras.losses.MeanSquaredError()(y, p)) == pytest.approx(mean, rel=1e-6)
    assert F.mse_loss(tp, ty, reduction="sum").item() == pytest.approx(total, rel=1e-12)
    theirs = float(keras.losses.MeanSquaredError(reduction="sum")(y, p))
    assert theirs == pytest.approx(by_rows, rel=1e-6)


@formula("eq-two-weighted-means")
def test_two_weighted_means_and_the_factor_between_them():
    y, p = RNG.normal(size=(2, 7, 1))
    w = RNG.uniform(size=7)
    rho = ((y - p) ** 2)[:, 0]
    by_weight, by_rows = (w * rho).sum() / w.sum(), (w * rho).sum() / 7
    assert by_rows == pytest.approx(w.mean() * by_weight, rel=1e-12)
    theirs = {
        reduction: float(keras.losses.MeanSquaredError(reduction=reduction)(y, p, w))
        for reduction in ("mean_with_sample_weight", "sum_over_batch_size")
    }
    assert theirs["mean_with_sample_weight"] == pytest.approx(by_weight, rel=1e-6)
    assert theirs["sum_over_batch_size"] == pytest.approx(by_rows, rel=1e-6)
    pair = torch.tensor(p[:, 0]), torch.tensor(y[:, 0])
    assert F.mse_loss(*pair, weight=torch.tensor(w)).item() == pytest.approx(by_weight, rel=1e-12)


@formula("eq-torch-nll")
@pytest.mark.parametrize("v", [4.0, 0.01, 1e-6, 1e-7, 1e-12])
def test_pytorchs_gaussian_likelihood(v):
    r, floor = 1.7, 1e-6
    displayed = (np.log(max(v, floor)) + r**2 / max(v, floor)) / 2
    values = [torch.tensor([value], dtype=torch.float64) for value in (0.0, r, v)]
    assert F.gaussian_nll_loss(*values).item() == pytest.approx(displayed, rel=1e-12)
    full = F.gaussian_nll_loss(*values, full=True).item()
    assert full - displayed == pytest.approx(np.log(2 * np.pi) / 2, rel=1e-6)


@formula("eq-tie")
@pytest.mark.parametrize(("first", "second"), [(-0.9, 0.1), (1.0, -1.0), (3.0, 2.0)])
def test_a_maximum_halves_the_slope_between_the_sides_of_a_tie(first, second):
    displayed = (first + second) / 2
    u = torch.zeros((), dtype=torch.float64, requires_grad=True)
    torch.maximum(first * u, second * u).backward()
    assert u.grad.item() == pytest.approx(displayed)
    for top in (jnp.maximum, keras.ops.maximum):
        slope = jax.grad(lambda u, top=top: top(first * u, second * u))(0.0)
        assert float(slope) == pytest.approx(displayed)


def test_the_pinball_loss_at_a_tie():
    tau = sp.Symbol("tau")
    assert sp.simplify((-tau + (1 - tau)) / 2 - (sp.Rational(1, 2) - tau)) == 0


@formula("eq-training-floor")
def test_what_a_fitted_line_leaves_of_the_noise():
    m, sigma2 = 12, 0.49
    X = np.column_stack([RNG.uniform(size=m), np.ones(m)])
    hat = X @ np.linalg.inv(X.T @ X) @ X.T
    # Residuals are (I - H) e; on new values with noise e' they are e' - H e.
    left = np.trace((np.eye(m) - hat).T @ (np.eye(m) - hat)) * sigma2 / m
    new = (m + np.trace(hat.T @ hat)) * sigma2 / m
    assert left == pytest.approx(sigma2 * (1 - 2 / m), rel=1e-12)
    assert new == pytest.approx(sigma2 * (1 + 2 / m), rel=1e-12)


@formula("eq-stall")
def test_a_step_below_half_the_spacing_is_no_step():
    spacing = np.float32(2.0**-23)
    for w in (1.0, 1.25, 1.96849, float(np.nextafter(np.float32(2), np.float32(0)))):
        w = np.float32(w)
        assert np.nextafter(w, np.float32(3)) - w == spacing
        assert w + np.float32(0.499 * spacing) == w
        assert w + np.float32(0.501 * spacing) != w
    # Downwards from 1 the spacing is half as large, so 1 itself is left out of this half.
    for w in (1.25, 1.96849):
        assert np.float32(w) - np.float32(0.499 * spacing) == np.float32(w)
        assert np.float32(w) - np.float32(0.501 * spacing) != np.float32(w)


@formula("eq-epoch-loss")
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("sizes", [(10, 10, 4), (7, 7, 7, 3), (24,)])
def test_the_loss_printed_for_an_epoch(sizes):
    n = sum(sizes)
    x = RNG.uniform(size=n)
    y = 1 + 2 * x + RNG.normal(scale=0.1, size=n)
    dials, displayed, start = LinearModel(), 0.0, 0
    for size in sizes:
        batch = slice(start, start + size)
        step = train(dials, mse, x[batch], y[batch], 0.1, 1)
        displayed += size * step.loss[0] / n
        dials, start = LinearModel(step.final.w, step.final.b), start + size
    layer = keras.layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
    past = model.fit(x[:, None], y[:, None], sizes[0], verbose=0, shuffle=False)
    assert past.history["loss"][0] == pytest.approx(displayed, rel=1e-5)
    kernel, bias = (v.item() for v in layer.get_weights())
    assert (kernel, bias) == pytest.approx((dials.w, dials.b), rel=1e-5)
