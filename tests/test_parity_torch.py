"""Values, reductions and gradients agree with PyTorch; where they should not, the test says so."""

import inspect
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_code.losses import (
    Huber,
    LogCosh,
    Quantile,
    SmoothL1,
    gaussian_nll,
    laplace_nll,
    mae,
    mse,
    rmse,
)
from course_code.regression import fit_line

EXACT = 1e-12


def torch_pinball(tau):
    def loss(p, y, reduction="mean"):
        r = y - p
        values = torch.where(r >= 0, tau * r, (tau - 1) * r)
        return {"mean": values.mean, "sum": values.sum, "none": values.clone}[reduction]()

    return loss


def torch_log_cosh(p, y, reduction="mean"):
    values = torch.log(torch.cosh(y - p))
    return {"mean": values.mean, "sum": values.sum, "none": values.clone}[reduction]()


PAIRS = [
    (mse, F.mse_loss),
    (mae, F.l1_loss),
    *((Huber(d), lambda *a, d=d, **k: F.huber_loss(*a, delta=d, **k)) for d in (0.1, 1.0, 2.5)),
    *((SmoothL1(b), lambda *a, b=b, **k: F.smooth_l1_loss(*a, beta=b, **k)) for b in (0.1, 1.0, 3)),
    (Quantile(0.9), torch_pinball(0.9)),
    (LogCosh(), torch_log_cosh),
]
every_pair = pytest.mark.parametrize(("loss", "theirs"), PAIRS, ids=[repr(p[0]) for p in PAIRS])


def data(outputs):
    rng = np.random.default_rng(5)
    shape = 300 if outputs is None else (300, outputs)
    y = rng.normal(size=shape)
    return y, y + rng.standard_t(2, size=shape)


@every_pair
@pytest.mark.parametrize("outputs", [None, 4])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_value_and_gradient_are_pytorchs(loss, theirs, outputs, reduction):
    y, p = data(outputs)
    q = torch.from_numpy(p.copy()).requires_grad_()
    value = theirs(q, torch.from_numpy(y), reduction=reduction)
    value.sum().backward()
    ours = loss(y, p, reduction=reduction)
    # PyTorch's log(cosh) cancels near 0 and the other losses do not: an absolute slack of one ulp.
    np.testing.assert_allclose(ours, value.detach().numpy(), rtol=EXACT, atol=3e-16)
    gradient = loss.gradient(y, p, reduction=reduction)
    np.testing.assert_allclose(gradient, q.grad.numpy(), rtol=EXACT, atol=1e-18)


@pytest.mark.parametrize(("loss", "theirs"), PAIRS[:8], ids=[repr(p[0]) for p in PAIRS[:8]])
def test_pytorch_takes_the_same_subgradient_at_zero(loss, theirs):
    q = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    theirs(q, torch.zeros(3, dtype=torch.float64)).backward()
    assert loss.gradient(np.zeros(3), np.zeros(3)).tolist() == q.grad.tolist() == [0, 0, 0]


def test_a_pinball_loss_written_with_maximum_takes_another_subgradient_at_zero():
    q = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    r = -q
    torch.maximum(0.9 * r, -0.1 * r).sum().backward()
    assert q.grad.item() == pytest.approx(-0.4)  # halfway between -0.9 and 0.1
    assert Quantile(0.9).gradient([0.0], [0.0]).tolist() == [0.0]


def test_rmse_and_its_gradient_are_those_of_the_root_of_mse_loss():
    y, p = data(2)
    q = torch.from_numpy(p.copy()).requires_grad_()
    value = torch.sqrt(F.mse_loss(q, torch.from_numpy(y)))
    value.backward()
    assert rmse(y, p) == pytest.approx(value.item(), rel=EXACT)
    np.testing.assert_allclose(rmse.gradient(y, p), q.grad.numpy(), rtol=EXACT)


def test_at_a_perfect_fit_pytorchs_rmse_gradient_is_nan_and_ours_is_zero():
    q = torch.ones(2, dtype=torch.float64, requires_grad=True)
    torch.sqrt(F.mse_loss(q, torch.ones(2, dtype=torch.float64))).backward()
    assert torch.isnan(q.grad).all()
    assert rmse.gradient([1.0, 1.0], [1.0, 1.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_gaussian_likelihood_is_pytorchs_full_one(reduction):
    y, p = data(3)
    v = np.random.default_rng(6).uniform(0.1, 3.0, y.shape)
    theirs = F.gaussian_nll_loss(
        torch.from_numpy(p),
        torch.from_numpy(y),
        torch.from_numpy(v),
        full=True,
        reduction=reduction,
    )
    np.testing.assert_allclose(gaussian_nll(y, p, v, reduction), theirs.numpy(), rtol=EXACT)


def test_pytorch_floors_a_tiny_variance_and_we_do_not():
    target, tiny = torch.tensor([1.0], dtype=torch.float64), 1e-12
    floored = F.gaussian_nll_loss(torch.zeros_like(target), target, target * tiny, full=True)
    assert floored.item() == pytest.approx(gaussian_nll([1.0], [0.0], 1e-6), rel=1e-9)
    assert gaussian_nll([1.0], [0.0], tiny) == pytest.approx(0.5e12, rel=1e-9)


@pytest.mark.parametrize("nll", [gaussian_nll, laplace_nll], ids=["gaussian", "laplace"])
def test_the_likelihoods_are_those_of_torch_distributions(nll):
    y, p = data(None)
    y_, p_ = torch.from_numpy(y), torch.from_numpy(p)
    one = torch.tensor(1.7, dtype=torch.float64)
    density = {
        gaussian_nll: torch.distributions.Normal(p_, torch.sqrt(one)),
        laplace_nll: torch.distributions.Laplace(p_, one),
    }[nll]
    expected = -density.log_prob(y_).mean().item()
    assert nll(y, p, 1.7) == pytest.approx(expected, rel=EXACT)


def test_float32_agrees_as_far_as_float32_goes():
    y, p = (a.astype(np.float32) for a in data(None))
    for loss, theirs in PAIRS[:8]:
        value = theirs(torch.from_numpy(p), torch.from_numpy(y))
        assert value.dtype == torch.float32
        assert loss(y, p) == pytest.approx(value.item(), rel=1e-6)


def test_tensors_are_taken_as_arrays_and_those_with_a_graph_are_refused():
    y, p = (torch.from_numpy(a) for a in data(None))
    assert mse(y, p) == pytest.approx(F.mse_loss(p, y).item(), rel=EXACT)
    with pytest.raises(ValueError, match=r"^y_pred: must be a rectangular array of numbers; got "):
        mse(y, p.clone().requires_grad_())


def test_pytorch_sends_a_broad_shape_on_with_a_warning_and_we_refuse_it():
    y = np.arange(3.0)
    with pytest.warns(UserWarning, match="different"):
        broadcast = F.mse_loss(torch.from_numpy(y)[:, None], torch.from_numpy(y))
    assert broadcast.item() == pytest.approx(4 / 3)  # the error of a perfect prediction
    with pytest.raises(ValueError, match=r"^y_pred: must have the shape of y_true, \(3,\)"):
        mse(y, y[:, None])


def test_pytorchs_mean_of_an_empty_tensor_is_nan_and_ours_is_refused():
    assert math.isnan(F.l1_loss(torch.empty(0), torch.empty(0)).item())
    with pytest.raises(ValueError, match=r"^y_true: must not be empty; got shape \(0,\)$"):
        mae([], [])


def test_weights_divide_by_their_sum_and_not_every_loss_takes_them():
    y, p = (torch.from_numpy(a) for a in data(None))
    w = np.random.default_rng(7).uniform(size=300)
    for loss, theirs in ((mse, F.mse_loss), (mae, F.l1_loss)):
        value = theirs(p, y, weight=torch.from_numpy(w)).item()
        assert loss(y.numpy(), p.numpy(), w) == pytest.approx(value, rel=EXACT)
    assert "weight" not in inspect.signature(F.smooth_l1_loss).parameters
    assert "weight" not in inspect.signature(torch.nn.L1Loss.forward).parameters
    assert "weight" not in inspect.signature(torch.nn.L1Loss).parameters


def test_smooth_l1_with_beta_zero_is_the_absolute_error_and_hubers_delta_zero_is_refused():
    y, p = (torch.from_numpy(a) for a in data(None))
    value = F.smooth_l1_loss(p, y, beta=0.0).item()
    assert mae(y.numpy(), p.numpy()) == pytest.approx(value, rel=EXACT)
    with pytest.raises(RuntimeError, match="non-positive values for delta"):
        F.huber_loss(p, y, delta=0.0)


@pytest.mark.parametrize(("kind", "error"), [(torch.float32, 0.0), (torch.float64, 1.0)])
def test_single_precision_has_no_odd_numbers_beyond_sixteen_million(kind, error):
    pair = torch.tensor([16_777_217.0], dtype=kind), torch.tensor([16_777_216.0], dtype=kind)
    assert F.l1_loss(*pair).item() == error


def test_defaults_of_types_and_of_descent():
    assert torch.tensor([1.0]).dtype == torch.float32
    assert torch.tensor(np.array([1.0])).dtype == torch.float64
    assert inspect.signature(torch.optim.SGD).parameters["lr"].default == 0.001


def test_a_run_in_single_precision_stalls_and_climbs():
    """Not a number of a page, but what the pages say: some steps up, none of them large."""
    rng = np.random.RandomState(1)
    x = rng.uniform(size=(100, 1))
    y = 1 + 2 * x + rng.normal(scale=0.1, size=(100, 1))
    exact = fit_line(x[:, 0], y[:, 0], mse)
    ends = {}
    for kind in (torch.float32, torch.float64):
        inputs, targets = torch.tensor(x, dtype=kind), torch.tensor(y, dtype=kind)
        dials = torch.zeros(2, dtype=kind, requires_grad=True)
        optimiser = torch.optim.SGD([dials], lr=0.1)
        losses = []
        for _ in range(2000):
            loss = F.mse_loss(dials[0] * inputs + dials[1], targets)
            losses.append(loss.item())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        ends[kind] = abs(dials[0].item() - exact.slope), np.diff(losses).max()
    gap, climb = ends[torch.float32]
    assert 1e-6 < gap < 1e-4
    assert 0 < climb < 1e-8
    gap, climb = ends[torch.float64]
    assert gap < 1e-9
    assert climb < 1e-15
