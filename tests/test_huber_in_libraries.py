"""The table of names in "Huber and its family": what each library computes, and its default."""

import inspect

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from scipy.optimize import least_squares
from scipy.special import huber, pseudo_huber
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import HuberRegressor, SGDRegressor

from course_code.losses import Huber, SmoothL1, Tukey

R = np.array([0.1, -0.4, 1.0, 2.5, -6.0])
ZERO = torch.zeros(5, dtype=torch.float64)


def default(function, name):
    return inspect.signature(function).parameters[name].default


@pytest.mark.parametrize(
    ("function", "name", "value"),
    [
        (torch.nn.HuberLoss, "delta", 1.0),
        (torch.nn.SmoothL1Loss, "beta", 1.0),
        (least_squares, "f_scale", 1.0),
        (sm.robust.norms.HuberT, "t", 1.345),
        (sm.robust.norms.TukeyBiweight, "c", 4.685),
        (HuberRegressor, "epsilon", 1.35),
        (HuberRegressor, "alpha", 0.0001),
        (SGDRegressor, "epsilon", 0.1),
        (GradientBoostingRegressor, "alpha", 0.9),
    ],
)
def test_defaults(function, name, value):
    assert default(function, name) == value


@pytest.mark.parametrize("t", [0.5, 1.0, 3.0])
def test_pytorch(t):
    r = torch.tensor(R)
    theirs = torch.nn.HuberLoss(reduction="none", delta=t)(ZERO, r).numpy()
    np.testing.assert_allclose(theirs, Huber(t).rho(R), rtol=1e-12)
    theirs = torch.nn.SmoothL1Loss(reduction="none", beta=t)(ZERO, r).numpy()
    np.testing.assert_allclose(theirs, SmoothL1(t).rho(R), rtol=1e-12)


@pytest.mark.parametrize("t", [0.5, 1.0, 3.0])
def test_scipy(t):
    np.testing.assert_allclose(huber(t, R), Huber(t).rho(R), rtol=1e-12)

    def cost(loss):
        return least_squares(lambda b: R + 0 * b, [0.0], loss=loss, f_scale=t, max_nfev=1).cost

    assert cost("huber") == pytest.approx(Huber(t).rho(R).sum())
    assert cost("soft_l1") == pytest.approx(pseudo_huber(t, R).sum())


def test_statsmodels():
    np.testing.assert_allclose(sm.robust.norms.HuberT(1.1).rho(R), Huber(1.1).rho(R))
    np.testing.assert_allclose(sm.robust.norms.TukeyBiweight(3.0).rho(R), Tukey(3.0).rho(R))


def test_scikit_learns_huber_regressor_adds_a_ridge_penalty():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(60, 1)), rng.normal(size=60)
    y = y + 3 * X[:, 0]
    slopes = [HuberRegressor(alpha=a).fit(X, y).coef_[0] for a in (0.0, 100.0)]
    assert slopes[1] < 0.7 * slopes[0]


@pytest.mark.parametrize("epsilon", [0.1, 0.5])
def test_scikit_learns_sgd_clips_the_residual_in_the_unit_of_y(epsilon):
    """One step on one row moves the intercept by the step size times the clipped residual."""
    for y in (0.05, 0.3, 7.0, -7.0):
        model = SGDRegressor(
            "huber", epsilon=epsilon, max_iter=1, tol=None, alpha=0.0,
            learning_rate="constant", eta0=0.01,
        )  # fmt: skip
        moved = model.fit([[0.0]], [y]).intercept_[0]
        assert moved == pytest.approx(0.01 * Huber(epsilon).psi(y), rel=1e-9)


def test_gradient_boosting_takes_a_percentile_of_the_residuals_as_delta():
    """A tree with nothing to split on: the median plus the mean of the clipped residuals."""
    y = np.random.default_rng(2).standard_t(2, 101)
    model = GradientBoostingRegressor(loss="huber", learning_rate=1.0, n_estimators=1, alpha=0.9)
    first = model.fit(np.zeros((101, 1)), y).predict([[0.0]])[0]
    r = y - np.median(y)
    delta = np.sort(np.abs(r))[90]  # the 91st of 101 is the 90th percentile
    assert first == pytest.approx(np.median(y) + Huber(delta).psi(r).mean(), rel=1e-9)
