"""What the conventions of the course say about itself and about other libraries."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy
import statsmodels.api as sm
import torch
from scipy.optimize import least_squares, minimize
from scipy.special import huber
from sklearn import linear_model, metrics

from course_code.losses import Huber, LogCosh, Quantile, SmoothL1, Tukey, mae, mse, rmse
from course_code.noise import Gaussian
from course_code.regression import fit, median_interval
from course_code.robust import MAD_TO_SD, mad

Y = np.array([2.0, 4.0, 4.0, 6.0])
RNG = np.random.default_rng(3)
X = RNG.normal(size=(12, 1))
T = 2 * X[:, 0] + RNG.normal(size=12)


def tensors(*arrays):
    return [torch.tensor(np.asarray(array, dtype=float)) for array in arrays]


def test_statsmodels_divides_by_the_degrees_of_freedom():
    fit = sm.OLS(Y, np.ones(4)).fit()
    assert (fit.ssr, fit.mse_resid) == (pytest.approx(8), pytest.approx(8 / 3))


def test_statsmodels_and_scipy_halve_the_square():
    assert sm.robust.norms.LeastSquares().rho(3.0) == 4.5
    assert least_squares(lambda c: Y - c, 0.0).cost == pytest.approx(4)


@pytest.mark.parametrize(
    ("model", "data_term", "penalty"),
    [
        (linear_model.Lasso, lambda r: (r**2).sum() / (2 * len(r)), abs),
        (linear_model.Ridge, lambda r: (r**2).sum(), np.square),
    ],
)
def test_scikit_learn_lasso_halves_the_mean_and_ridge_takes_the_sum(model, data_term, penalty):
    alpha = 0.7
    found = model(alpha=alpha, fit_intercept=False, tol=1e-12).fit(X, T).coef_[0]
    best = minimize(
        lambda w: data_term(T - w[0] * X[:, 0]) + alpha * penalty(w[0]),
        [1.0],
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-14},
    )
    assert found == pytest.approx(best.x[0], abs=1e-6)


def test_half_quantile_loss_is_half_the_absolute_error():
    p = np.zeros(4)
    assert metrics.mean_pinball_loss(Y, p, alpha=0.5) == mae(Y, p) / 2


def test_huber_halves_the_square_in_pytorch_and_scipy():
    r = np.array([0.3, 0.9, 4.0])
    torch_huber = torch.nn.HuberLoss(reduction="none", delta=0.7)
    shown = torch_huber(*tensors(r, np.zeros(3))).numpy()
    np.testing.assert_allclose(shown, Huber(0.7).rho(r), rtol=1e-14)
    np.testing.assert_allclose(huber(0.7, r), Huber(0.7).rho(r), rtol=1e-14)
    smooth = torch.nn.SmoothL1Loss(reduction="none", beta=0.7)(*tensors(r, np.zeros(3)))
    np.testing.assert_allclose(smooth.numpy(), Huber(0.7).rho(r) / 0.7, rtol=1e-14)
    np.testing.assert_allclose(smooth.numpy(), SmoothL1(0.7).rho(r), rtol=1e-14)


def test_scikit_learn_huber_regressor_keeps_the_whole_square_and_estimates_a_scale():
    """Its objective: sum of sigma + H(r / sigma) sigma, with H = z^2 inside epsilon."""
    epsilon = 1.35
    model = linear_model.HuberRegressor(epsilon=epsilon, alpha=0.0, tol=1e-9, max_iter=1000)
    model.fit(X, T)

    def objective(parameters):
        w, b, log_sigma = parameters
        sigma = np.exp(log_sigma)
        z = np.abs(T - w * X[:, 0] - b) / sigma
        inside = z <= epsilon
        return np.sum(sigma + sigma * np.where(inside, z**2, 2 * epsilon * z - epsilon**2))

    best = minimize(
        objective,
        [1.0, 0.0, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000},
    )
    found = [model.coef_[0], model.intercept_, model.scale_]
    np.testing.assert_allclose(found, [*best.x[:2], np.exp(best.x[2])], atol=1e-4)


def test_several_outputs_are_averaged_over_all_elements():
    y, p = np.zeros((2, 2)), np.array([[1.0, 10.0], [1.0, 10.0]])
    assert mse(y, p) == metrics.mean_squared_error(y, p) == 50.5
    assert mae(y, p) == metrics.mean_absolute_error(y, p) == 5.5
    assert torch.nn.MSELoss()(*tensors(p, y)).item() == 50.5
    assert metrics.root_mean_squared_error(y, p) == 5.5
    assert rmse(y, p) == pytest.approx(np.sqrt(50.5))


def test_weights_are_divided_by_their_sum():
    y, p, w = np.zeros(2), np.array([1.0, 3.0]), np.array([3.0, 1.0])
    assert mse(y, p, w) == metrics.mean_squared_error(y, p, sample_weight=w) == 3.0
    prediction, target, weight = tensors(p, y, w)
    assert torch.nn.functional.mse_loss(prediction, target, weight=weight).item() == 3.0


def test_pytorch_takes_zero_at_the_kink_and_nan_for_the_root_at_a_perfect_fit():
    p, y = tensors([1.0, 2.0], [1.0, 2.0])
    p.requires_grad_()
    (kink,) = torch.autograd.grad(torch.nn.functional.l1_loss(p, y), p)
    assert kink.tolist() == [0.0, 0.0]
    (root,) = torch.autograd.grad(torch.sqrt(torch.nn.functional.mse_loss(p, y)), p)
    assert torch.isnan(root).all()


def test_pytorch_knows_the_three_reductions_and_takes_the_prediction_first():
    prediction, target = tensors([1.1, 2.2, 2.8, 3.0], [1.0, 2.0, 3.0, 100.0])
    y, p = target.numpy(), prediction.numpy()
    for reduction in ("mean", "sum", "none"):
        shown = torch.nn.L1Loss(reduction=reduction)(prediction, target).numpy()
        np.testing.assert_allclose(shown, mae(y, p, reduction=reduction), rtol=1e-14)
    names = list(torch.nn.MSELoss.forward.__annotations__)
    assert names[:2] == ["input", "target"]


def test_what_libraries_do_with_a_row_and_a_column():
    y, column = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]])
    assert np.mean((y - column) ** 2) == pytest.approx(4 / 3)
    assert metrics.mean_squared_error(y, column) == 0
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        value = torch.nn.functional.mse_loss(*tensors(column, y)).item()
    assert value == pytest.approx(4 / 3)
    assert any("broadcasting" in str(warning.message) for warning in seen)
    with pytest.raises(ValueError, match=r"^y_pred: must have the shape of y_true"):
        mse(y, column)


FOUR = np.array([1.0, 2.0, 3.0, 10.0])


def test_the_intercept_is_added_and_not_a_column():
    x = np.array([[0.0], [1.0], [2.0]])
    plane = fit(x, 3 * x[:, 0] + 5, mse)
    assert plane.coef == pytest.approx([3])
    assert plane.intercept == pytest.approx(5)
    assert fit(x, 3 * x[:, 0], mse, intercept=False).intercept == 0


@pytest.mark.parametrize(
    ("loss", "degree"), [(Huber, 2), (SmoothL1, 1), (Tukey, 2)], ids=lambda v: str(v)
)
def test_thresholds_have_the_unit_of_the_targets(loss, degree):
    """With y and the threshold in millimetres all costs change by one factor."""
    r = np.array([0.2, 0.9, 4.0])
    np.testing.assert_allclose(loss(1000.0).rho(1000 * r), 1000.0**degree * loss(1.0).rho(r))


def test_logarithms_are_natural():
    assert Gaussian(1.0).log_density(0.0) == pytest.approx(-0.5 * np.log(2 * np.pi))
    assert LogCosh().rho(1.0) == pytest.approx(np.log((np.e + 1 / np.e) / 2))
    assert round(1 / np.log(2), 4) == 1.4427


def test_variance_divides_by_n():
    by_n, by_less = 12.5, 50 / 3
    assert mse(FOUR, np.full(4, FOUR.mean())) == np.var(FOUR) == by_n
    assert Gaussian.fit_scale(FOUR - 4) ** 2 == pytest.approx(by_n)
    assert pd.Series(FOUR).var() == pytest.approx(by_less)
    assert torch.var(torch.tensor(FOUR)).item() == pytest.approx(by_less)


def test_libraries_choose_different_medians():
    assert median_interval(FOUR) == (2, 3)
    assert np.median(FOUR) == 2.5
    assert torch.median(torch.tensor(FOUR)).item() == 2


def test_default_quantiles_are_not_minimisers():
    loss = Quantile(0.9)
    costs = {
        method: loss(FOUR, np.full(4, np.quantile(FOUR, 0.9, method=method)))
        for method in ("linear", "inverted_cdf")
    }
    assert costs["inverted_cdf"] == pytest.approx(min(loss(FOUR, np.full(4, c)) for c in FOUR))
    assert costs["linear"] > costs["inverted_cdf"] + 0.3


def test_pandas_is_used_by_position():
    left, right = pd.Series([1.0, 2.0, 3.0]), pd.Series([1.0, 2.0, 3.0], index=[2, 1, 0])
    assert mse(left, right) == 0
    assert ((left - right) ** 2).mean() == pytest.approx(8 / 3)


def test_mad_with_and_without_its_factor():
    values = [1, 2, 3, 4, 100]
    assert mad(values) == scipy.stats.median_abs_deviation(values) == 1
    assert sm.robust.scale.mad(values) == pytest.approx(MAD_TO_SD)
    assert round(MAD_TO_SD, 4) == 1.4826


def test_two_robust_regressors_of_scikit_learn_are_penalised_by_default():
    assert linear_model.QuantileRegressor().alpha == 1
    assert linear_model.HuberRegressor().alpha == 0.0001
    median = mae(T, fit(X, T, mae).predict(X))
    shrunk = linear_model.QuantileRegressor().fit(X, T)
    plain = linear_model.QuantileRegressor(alpha=0).fit(X, T)
    assert mae(T, plain.predict(X)) == pytest.approx(median)
    assert mae(T, shrunk.predict(X)) > median + 0.1
    assert abs(shrunk.coef_[0]) < abs(plain.coef_[0])


def test_what_is_computed_in_which_precision():
    assert np.asarray(mse(np.int8([100]), np.int8([-100]))).dtype == np.float64
    assert np.asarray(mae.rho(np.float32([1.5]))).dtype == np.float32
    assert torch.tensor(1.0).dtype == torch.float32
