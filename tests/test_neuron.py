"""One sigmoid neuron: derivatives, minima, walks."""

import itertools

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from scipy.special import expit

from course_code.neuron import cross_entropy, descend, flat_places, sigmoid, squared_error

X, Y = np.array([1.0, 2.0, 3.0, -10.0]), np.full(4, 0.9)
OBJECTIVES = {
    "squared": (squared_error, lambda z, y: torch.mean((y - torch.sigmoid(z)) ** 2)),
    "entropy": (cross_entropy, torch.nn.BCEWithLogitsLoss()),
}
each_objective = pytest.mark.parametrize(
    ("objective", "reference"), OBJECTIVES.values(), ids=OBJECTIVES
)


def test_the_sigmoid_is_that_of_scipy_and_does_not_overflow():
    z = np.array([-800.0, -30, -1, 0, 2, 40, 800])
    np.testing.assert_allclose(sigmoid(z), expit(z), rtol=1e-14)
    assert sigmoid(0.0) == 0.5


@each_objective
@pytest.mark.parametrize("w", [-2.0, -0.05, 0.0, 0.7, 1.8])
def test_value_slope_and_curvature_are_those_of_autograd(objective, reference, w):
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    value = reference(weight * torch.tensor(X), torch.tensor(Y))
    (slope,) = torch.autograd.grad(value, weight, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, weight)
    got = objective(w, X, Y)
    np.testing.assert_allclose(
        got, [value.item(), slope.item(), curvature.item()], rtol=1e-9, atol=1e-12
    )


@each_objective
def test_an_array_of_weights_gives_arrays(objective, reference):
    ws = np.linspace(-1, 2, 5)
    whole = objective(ws, X, Y)
    for k, w in enumerate(ws):
        np.testing.assert_allclose([part[k] for part in whole], objective(w, X, Y))


def test_squared_error_has_two_minima_and_cross_entropy_one():
    flat = flat_places(squared_error, X, Y, -2, 6)
    assert len(flat) == 3
    assert list(squared_error(flat, X, Y).curvature > 0) == [True, False, True]
    for low, high, place in [(-2, 0.3, flat[0]), (0.4, 4, flat[2])]:
        found = minimize_scalar(
            lambda w: np.mean((Y - expit(w * X)) ** 2),
            bounds=(low, high),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert found.x == pytest.approx(place, abs=1e-5)
    (only,) = flat_places(cross_entropy, X, Y, -2, 6)
    assert np.mean((expit(only * X) - Y) * X) == pytest.approx(0, abs=1e-12)


def test_a_known_data_set_of_the_kind_has_its_two_minima():
    x, y = [-2.6, -0.5, -4.5, 0.3], [0.41, 0.09, 0.12, 0.97]
    flat = flat_places(squared_error, x, y, -5, 15)
    np.testing.assert_allclose(flat[[0, 2]], [0.432, 9.709], atol=6e-4)
    np.testing.assert_allclose(squared_error(flat[[0, 2]], x, y).value, [0.0864, 0.0474], atol=6e-5)
    assert len(flat_places(cross_entropy, x, y, -5, 15)) == 1


def test_no_flat_place_where_the_slope_keeps_its_sign():
    assert flat_places(squared_error, [1.0], [0.9], 3, 5).shape == (0,)


def test_the_curvature_of_cross_entropy_is_never_negative():
    assert (cross_entropy(np.linspace(-20, 20, 401), X, Y).curvature >= 0).all()


def test_descent_steps_against_the_slope_and_the_start_decides():
    path = descend(squared_error, X, Y, 0.6, rate=0.4, steps=3)
    for before, after in itertools.pairwise(path):
        assert after == pytest.approx(before - 0.4 * squared_error(before, X, Y).slope)
    low, _, high = flat_places(squared_error, X, Y, -2, 6)
    assert descend(squared_error, X, Y, -1.5, 0.4, 400)[-1] == pytest.approx(low)
    assert descend(squared_error, X, Y, 0.6, 0.4, 8000)[-1] == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: squared_error(0.0, [1.0], [1.5]), "y: must lie from 0 to 1"),
        (lambda: cross_entropy(0.0, [1.0, 2.0], [1.0]), "y: must have the shape of x"),
        (lambda: squared_error(np.nan, [1.0], [1.0]), "w: must hold finite"),
        (lambda: flat_places(squared_error, X, Y, 2, 1), "high: must be above low"),
        (lambda: descend(squared_error, X, Y, 0.0, 0.0, 5), "rate: must be a positive"),
        (lambda: sigmoid([]), "z: must not be empty"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
