"""What "Many outputs, uneven noise" says of PyTorch and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from course_code.losses import gaussian_nll, mae, mse, normalised, per_output, weighted_outputs

RNG = np.random.default_rng(3)
Y = RNG.normal(size=(6, 4))
P = Y + RNG.normal(size=(6, 4))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(mse, torch.nn.MSELoss), (mae, torch.nn.L1Loss)],
    ids=["squared", "absolute"],
)
def test_torch_takes_the_mean_over_all_elements(ours, theirs):
    y, p = torch.tensor(Y), torch.tensor(P, requires_grad=True)
    loss = theirs()(p, y)
    loss.backward()
    assert loss.item() == pytest.approx(ours(Y, P), rel=1e-12)
    np.testing.assert_allclose(p.grad.numpy(), ours.gradient(Y, P), rtol=1e-12)
    total = theirs(reduction="sum")(p, y).item()
    assert total == pytest.approx(Y.size * ours(Y, P), rel=1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(mse, mean_squared_error), (mae, mean_absolute_error)],
    ids=["squared", "absolute"],
)
def test_scikit_learn_averages_and_divides_weights_by_their_sum(ours, theirs):
    assert theirs(Y, P, multioutput="uniform_average") == pytest.approx(ours(Y, P), rel=1e-12)
    np.testing.assert_allclose(
        theirs(Y, P, multioutput="raw_values"), per_output(ours, Y, P), rtol=1e-12
    )
    weights = np.array([1.0, 2.0, 3.0, 10.0])
    assert theirs(Y, P, multioutput=weights) == pytest.approx(
        weighted_outputs(ours, Y, P, weights) / weights.sum(), rel=1e-12
    )


def test_the_normalised_mse_is_scikit_learns_r_squared():
    average = r2_score(Y, P, multioutput="uniform_average")
    assert normalised(mse, Y, P) == pytest.approx(1 - average, rel=1e-12)


def test_torch_puts_a_floor_under_the_variance():
    nll = torch.nn.GaussianNLLLoss(full=True)
    assert nll.eps == 1e-6
    zero, tiny = torch.zeros(1, dtype=torch.float64), torch.full((1,), 1e-12, dtype=torch.float64)
    assert nll(zero, zero, tiny).item() == pytest.approx(gaussian_nll([0.0], [0.0], 1e-6))
    assert gaussian_nll([0.0], [0.0], 1e-12) < gaussian_nll([0.0], [0.0], 1e-6) - 6
