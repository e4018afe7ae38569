"""The displayed formulas of the chapter "Two coaches", transcribed and checked."""

import numpy as np
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn import metrics

from course_code.losses import mae, mse, rmse
from course_code.regression import median_interval
from tests.formulas.registry import formula

RNG = np.random.default_rng(11)
Y, P = RNG.normal(size=(2, 7))
N = len(Y)
y1, y2, y3, c = sp.symbols("y1 y2 y3 c", real=True)
TARGETS = [y1, y2, y3]


def average(terms):
    terms = list(terms)
    return sum(terms) / len(terms)


@formula("eq-mse")
def test_mse():
    residuals = Y - P
    squares = sum(r**2 for r in residuals) / N
    differences = sum((y - p) ** 2 for y, p in zip(Y, P, strict=True)) / N
    np.testing.assert_allclose(
        [squares, differences, mse(Y, P)], metrics.mean_squared_error(Y, P), rtol=1e-13
    )


@formula("eq-mae")
def test_mae():
    residuals = Y - P
    sizes = sum(abs(r) for r in residuals) / N
    differences = sum(abs(y - p) for y, p in zip(Y, P, strict=True)) / N
    np.testing.assert_allclose(
        [sizes, differences, mae(Y, P)], metrics.mean_absolute_error(Y, P), rtol=1e-13
    )


@formula("eq-mean-split")
def test_squared_error_of_one_number_splits_into_variance_and_distance_from_the_mean():
    mean = average(TARGETS)
    left = average((y - c) ** 2 for y in TARGETS)
    right = average((y - mean) ** 2 for y in TARGETS) + (mean - c) ** 2
    assert sp.expand(left - right) == 0
    assert sp.solve(sp.diff(left, c), c) == [sp.expand(mean)]


@formula("eq-mae-slope")
def test_the_slope_of_the_mae_counts_the_targets_on_each_side():
    targets = np.array([1.0, 2.0, 2.0, 3.0, 10.0, -4.0])
    step = 1e-3
    for number in (-5.0, 0.0, 1.5, 2.5, 7.0, 11.0):
        by_difference = (
            np.abs(targets - number - step).mean() - np.abs(targets - number + step).mean()
        ) / (2 * step)
        counted = (np.sum(targets < number) - np.sum(targets > number)) / len(targets)
        np.testing.assert_allclose(counted, by_difference, atol=1e-10)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=9))
def test_what_the_slope_says_about_minimisers_is_true(targets):
    targets = np.array(targets, dtype=float)
    numbers = np.arange(-21, 21.5, 0.5)
    values = np.abs(targets - numbers[:, None]).sum(axis=1)
    low, high = median_interval(targets)
    best = numbers[values == values.min()]
    assert (best[0], best[-1]) == (low, high)


@formula("eq-rmse")
def test_rmse():
    under_the_root = np.sqrt(sum((Y - P) ** 2) / N)
    expected = metrics.root_mean_squared_error(Y, P)
    np.testing.assert_allclose([np.sqrt(mse(Y, P)), under_the_root, rmse(Y, P)], expected)


@formula("eq-rmse-spread")
def test_rmse_and_mae_differ_by_the_variance_of_the_sizes():
    r = sp.symbols("r1:5", real=True)
    mean_size = average(abs(x) for x in r)
    right = mean_size**2 + average((abs(x) - mean_size) ** 2 for x in r)
    assert sp.expand(average(x**2 for x in r) - right) == 0


@formula("eq-rmse-bounds")
@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30))
def test_rmse_lies_between_mae_and_root_n_times_mae(residuals):
    r = np.array(residuals, dtype=float)
    mean_size, root = np.abs(r).mean(), np.sqrt(np.mean(r**2))
    slack = 1 + 1e-12
    assert mean_size <= root * slack
    assert root <= np.sqrt(len(r)) * mean_size * slack


def test_both_bounds_are_reached():
    equal, lone = np.array([3.0, -3, 3, 3]), np.array([0.0, 0, -5, 0])
    zero = np.zeros(4)
    assert rmse(equal, zero) == mae(equal, zero)
    assert rmse(lone, zero) == 2 * mae(lone, zero)


@formula("eq-rmse-gradient")
def test_gradient_of_the_rmse():
    residuals = Y - P
    root = np.sqrt(np.mean(residuals**2))
    shown = -residuals / (N * root)
    numeric = approx_fprime(P, lambda p: metrics.root_mean_squared_error(Y, p), 1e-7)
    np.testing.assert_allclose(shown, numeric, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(shown), 1 / np.sqrt(N), rtol=1e-12)


@formula("eq-broadcast")
def test_the_broadcast_square_is_two_variances_and_a_distance_of_means():
    p = sp.symbols("p1:4", real=True)
    n = 3
    left = sum((yi - pj) ** 2 for yi in TARGETS for pj in p) / n**2

    def variance(values):
        return average((v - average(values)) ** 2 for v in values)

    right = variance(TARGETS) + variance(p) + (average(TARGETS) - average(p)) ** 2
    assert sp.expand(left - right) == 0


def test_the_broadcast_absolute_error_is_least_at_the_median():
    targets = np.array([1.0, 2.0, 7.0])
    grid = np.arange(0, 8, 0.5)
    values = [np.abs(targets - np.array([[p], [p], [p]])).mean() for p in grid]
    assert grid[np.argmin(values)] == np.median(targets)
    assert np.abs(targets - targets[:, None]).mean() > min(values)
