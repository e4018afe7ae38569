"""Descent: the essay's eight coefficients, its loop, PyTorch's loop, and what theory says."""

import math
import time
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_code.datasets import line_data, two_coaches
from course_code.descent import (
    LinearModel,
    constant,
    inverse_sqrt,
    safe_step,
    step_decay,
    train,
)
from course_code.losses import (
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    mae,
    mse,
    rmse,
)

CLEAN, DIRTY = two_coaches(), two_coaches(outliers=3)
ORIGIN = LinearModel()


def run(data, loss, lr=0.05, epochs=2000, schedule=None, start=ORIGIN):
    return train(start, loss, data.x, data.y, lr, epochs, schedule)


def plain_python(data, slope_of, lr, epochs):
    """The same descent without arrays; `slope_of` is the derivative by the prediction."""
    points = list(zip(data.x.tolist(), data.y.tolist(), strict=True))
    w = b = 0.0
    path = [(w, b)]
    for _ in range(epochs):
        slopes = [(slope_of(w * x + b - y), x) for x, y in points]
        w, b = (
            w - lr * sum(s * x for s, x in slopes) / len(points),
            b - lr * sum(s for s, _ in slopes) / len(points),
        )
        path.append((w, b))
    return np.array(path)


# --- the essay's experiment --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "loss", "printed"),
    [
        (CLEAN, mse, "+1.5143 +0.5096"),
        (CLEAN, mae, "+1.5365 +0.5000"),
        (DIRTY, mse, "-1.9752 +1.5402"),
        (DIRTY, mae, "+1.4629 +0.4837"),
    ],
)
def test_the_eight_printed_coefficients(data, loss, printed):
    final = run(data, loss).final
    assert f"{final.w:+.4f} {final.b:+.4f}" == printed


@pytest.mark.parametrize("data", [CLEAN, DIRTY])
def test_squared_error_descends_to_least_squares(data):
    final = run(data, mse).final
    b, w = np.polynomial.polynomial.polyfit(data.x, data.y, 1)
    assert (final.w, final.b) == pytest.approx((w, b), abs=1e-12)


def test_absolute_error_has_not_arrived_after_2000_epochs():
    # The least mean absolute error of the clean points, by linear programming.
    least = 0.07429831854822612
    assert run(CLEAN, mae).best.loss > least * (1 + 5e-5)
    slow = run(CLEAN, mae, lr=0.5, epochs=20000, schedule=inverse_sqrt)
    assert least <= slow.best.loss < least * (1 + 5e-5)


@pytest.mark.parametrize(
    ("loss", "slope_of"),
    [(mse, lambda e: 2 * e), (mae, lambda e: (e > 0) - (e < 0))],
)
def test_trace_is_the_loop_written_out(loss, slope_of):
    trace = run(DIRTY, loss, epochs=500)
    path = plain_python(DIRTY, slope_of, 0.05, 500)
    np.testing.assert_allclose(trace.w, path[:, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.b, path[:, 1], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "theirs"),
    [
        (mse, torch.nn.functional.mse_loss),
        (mae, torch.nn.functional.l1_loss),
        (Huber(0.3), lambda p, y: torch.nn.functional.huber_loss(p, y, delta=0.3)),
        (SmoothL1(0.3), lambda p, y: torch.nn.functional.smooth_l1_loss(p, y, beta=0.3)),
    ],
)
def test_trace_agrees_with_torch_sgd(loss, theirs):
    x, y = torch.tensor(DIRTY.x), torch.tensor(DIRTY.y)
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([w, b], lr=0.05)
    rows = []
    for _ in range(301):
        optimiser.zero_grad()
        value = theirs(w * x + b, y)
        rows.append((w.item(), b.item(), value.item()))
        value.backward()
        optimiser.step()
    trace = run(DIRTY, loss, epochs=300)
    np.testing.assert_allclose(
        np.column_stack([trace.w, trace.b, trace.loss]), rows, rtol=0, atol=1e-12
    )


# --- the trace ---------------------------------------------------------------------------------


@given(
    n=st.integers(1, 30),
    seed=st.integers(0, 1000),
    epochs=st.integers(0, 12),
    w=st.floats(-3, 3),
    b=st.floats(-3, 3),
    loss=st.sampled_from([mse, mae, Huber(0.5), LogCosh(), Quantile(0.2)]),
)
def test_each_loss_belongs_to_its_own_line(n, seed, epochs, w, b, loss):
    data = line_data(n, rng=seed)
    trace = run(data, loss, epochs=epochs, start=LinearModel(w, b))
    assert len(trace) == len(trace.w) == len(trace.b) == len(trace.loss) == epochs + 1
    assert (trace[0].w, trace[0].b) == (w, b)
    for step in (trace[0], trace.final):
        assert step.loss == pytest.approx(
            loss(data.y, LinearModel(step.w, step.b).predict(data.x)), rel=1e-12, abs=1e-15
        )


def test_best_is_the_first_lowest_and_final_the_last():
    trace = run(DIRTY, mae)
    assert trace.best.loss == trace.loss.min() < trace.final.loss
    assert trace.best.epoch == int(np.flatnonzero(trace.loss == trace.loss.min())[0])
    assert trace.final.epoch == 2000
    assert trace.final == trace[-1] == trace[2000]


def test_trace_and_model_cannot_be_changed():
    start = LinearModel(0.5, -0.5)
    trace = run(CLEAN, mse, epochs=3, start=start)
    assert start == LinearModel(0.5, -0.5)
    with pytest.raises(ValueError, match="read-only"):
        trace.w[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        start.w = 1.0


def test_float32_points_are_computed_in_float64():
    x, y = CLEAN.x.astype(np.float32), CLEAN.y.astype(np.float32)
    single = train(LinearModel(), mse, x, y, 0.05, 50)
    double = train(LinearModel(), mse, x.astype(float), y.astype(float), 0.05, 50)
    np.testing.assert_array_equal(single.w, double.w)


def test_two_thousand_epochs_are_quick():
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        run(CLEAN, mae)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.2  # about 0.025 on an idle core


# --- step sizes --------------------------------------------------------------------------------


def test_safe_step_is_two_over_the_largest_eigenvalue():
    design = np.column_stack([CLEAN.x, np.ones(40)])
    hessian = 2 * design.T @ design / 40
    assert safe_step(CLEAN.x) == pytest.approx(2 / np.linalg.eigvalsh(hessian).max(), rel=1e-14)
    assert round(safe_step(CLEAN.x), 4) == 0.9937


@pytest.mark.parametrize(
    ("loss", "factor"), [(mse, 1), (Huber(0.3), 2), (LogCosh(), 2), (SmoothL1(0.5), 1)]
)
def test_safe_step_follows_the_steepest_psi(loss, factor):
    assert safe_step(CLEAN.x, loss) == pytest.approx(factor * safe_step(CLEAN.x), rel=1e-12)


def test_squared_error_converges_below_the_safe_step_and_diverges_above():
    step = safe_step(CLEAN.x)
    below = run(CLEAN, mse, lr=0.99 * step, epochs=3000)
    above = run(CLEAN, mse, lr=1.01 * step, epochs=3000)
    assert np.all(np.diff(below.loss) <= 1e-15)
    assert below.final.loss == pytest.approx(run(CLEAN, mse).final.loss, rel=1e-12)
    assert (below.diverged, above.diverged) == (False, True)


@pytest.mark.parametrize("loss", [Huber(0.3), LogCosh(), SmoothL1(0.5)])
def test_below_the_safe_step_every_step_goes_down(loss):
    trace = run(DIRTY, loss, lr=0.99 * safe_step(DIRTY.x, loss), epochs=300)
    assert np.all(np.diff(trace.loss) <= 1e-15 * trace.loss[0])


@pytest.mark.filterwarnings("error")
def test_a_run_that_overflows_is_inf_to_the_end_and_silent():
    trace = run(CLEAN, mse, lr=10.0, epochs=2000)
    known = int(np.isfinite(trace.loss).sum())
    assert 1 < known < 2001
    assert trace.diverged
    assert np.isfinite(trace.w[:known]).all()
    assert np.isnan(trace.w[known:]).all()
    assert np.isnan(trace.b[known:]).all()
    assert np.isinf(trace.loss[known:]).all()
    assert trace.best.epoch == 0


@pytest.mark.filterwarnings("error")
def test_a_start_beyond_all_numbers_is_diverged_too():
    trace = train(LinearModel(w=1e300), mse, [1e10, 2.0], [0.0, 1.0], 0.1, 3)
    assert trace.diverged
    assert np.isinf(trace.loss).all()


def test_absolute_error_bounces_but_does_not_diverge():
    start = LinearModel(1.54784679, 0.50946195)  # the minimum
    trace = run(CLEAN, mae, lr=0.5, epochs=400, start=start)
    assert not trace.diverged
    assert trace.best.epoch == 0
    assert (np.diff(trace.loss) > 0).any()


# --- schedules ---------------------------------------------------------------------------------


def test_ready_schedules():
    assert [constant(k) for k in (0, 7)] == [1.0, 1.0]
    assert [inverse_sqrt(k) for k in (0, 3, 99)] == [1.0, 0.5, 0.1]
    assert [step_decay(2, 0.1)(k) for k in (0, 1, 2, 3)] == pytest.approx([1, 1, 0.1, 0.1])


def test_a_schedule_multiplies_the_rate_of_its_step():
    factors = [1.0, 0.0, 0.5]
    trace = run(CLEAN, mae, lr=0.05, epochs=3, schedule=factors.__getitem__)
    steps = np.abs(np.diff(trace.b))
    # One step of b is the rate times the mean sign of the residuals.
    signs = [
        abs(np.sign(CLEAN.y - LinearModel(s.w, s.b).predict(CLEAN.x)).mean())
        for s in (trace[0], trace[1], trace[2])
    ]
    np.testing.assert_allclose(steps, 0.05 * np.multiply(factors, signs), atol=1e-15)
    assert trace.w[1] == trace.w[2]


def test_smaller_and_smaller_steps_end_nearer_than_equal_ones():
    equal = run(DIRTY, mae, lr=0.2, epochs=2000)
    fading = run(DIRTY, mae, lr=0.2, epochs=2000, schedule=inverse_sqrt)
    halved = run(DIRTY, mae, lr=0.2, epochs=2000, schedule=step_decay(200))
    assert fading.final.loss < equal.final.loss
    assert halved.final.loss < equal.final.loss


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": (0, 0)}, r"model: must be a LinearModel; got \(0, 0\)"),
        ({"loss": rmse}, r"loss: must have rho\(r\) and psi\(r\); got"),
        ({"x": [1.0, 2.0]}, r"y: must have the shape of x, \(2,\); got shape \(3,\)"),
        ({"x": [[1.0], [2.0], [3.0]]}, "x: must be 1-dimensional"),
        ({"x": [], "y": []}, "x: must not be empty"),
        ({"y": [1.0, math.nan, 2.0]}, "y: must hold finite numbers only; got nan at position 1"),
        ({"lr": 0}, "lr: must be a positive finite number; got 0"),
        ({"lr": -0.1}, "lr: must be a positive finite number; got -0.1"),
        ({"lr": math.inf}, "lr: must be a positive finite number; got inf"),
        ({"epochs": -1}, "epochs: must be a whole number, at least 0; got -1"),
        ({"epochs": 2.5}, "epochs: must be a whole number, at least 0; got 2.5"),
        ({"schedule": 0.5}, "schedule: must be a function of the step number, or None; got 0.5"),
        ({"schedule": lambda k: 1 - k}, r"schedule\(2\): must be a finite number, at least 0"),
    ],
)
def test_train_names_what_is_wrong(change, message):
    good = {
        "model": LinearModel(),
        "loss": mse,
        "x": [1.0, 2.0, 3.0],
        "y": [1.0, 2.0, 2.0],
        "lr": 0.1,
        "epochs": 4,
    }
    with pytest.raises(ValueError, match=f"^{message}"):
        train(**(good | change))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearModel(w=math.nan), "w: must be a finite number; got nan"),
        (lambda: LinearModel(b="1"), "b: must be a finite number; got 1"),
        (lambda: LinearModel().predict([math.inf]), "x: must hold finite numbers only"),
        (lambda: step_decay(0), "every: must be a whole number, at least 1; got 0"),
        (lambda: step_decay(5, 1.0), "factor: must lie strictly between 0 and 1; got 1.0"),
        (lambda: safe_step([]), "x: must not be empty"),
        (lambda: safe_step([1.0], mae), "loss: must have a psi without a jump"),
        (lambda: safe_step([1.0], Quantile(0.3)), "loss: must have a psi without a jump"),
        (lambda: safe_step([1.0], rmse), "loss: must have a psi without a jump"),
    ],
)
def test_the_small_functions_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
