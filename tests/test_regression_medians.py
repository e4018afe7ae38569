"""Weighted medians and Boscovich's line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from course_code.datasets import boscovich_arcs
from course_code.losses import AbsoluteError, mae
from course_code.regression import boscovich, fit_line, median_interval, weighted_median

numbers = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=15)


@given(numbers)
def test_without_weights_the_median_is_numpys(values):
    assert weighted_median(values) == np.median(values)


@given(numbers, st.randoms(use_true_random=False))
def test_a_weight_is_a_repetition(values, random):
    weights = [random.randint(0, 3) for _ in values]
    weights[0] += 1
    assert median_interval(values, weights) == median_interval(np.repeat(values, weights))


@given(numbers, st.randoms(use_true_random=False))
def test_the_interval_is_all_minimisers_and_nothing_else(values, random):
    weights = np.array([random.randint(0, 3) for _ in values], float)
    weights[0] += 1
    low, high = median_interval(values, weights)

    def total(m):
        return weights @ np.abs(np.array(values) - m)

    least = min(total(v) for v in values)
    assert total(low) == total(high) == total((low + high) / 2) == least
    assert total(low - 0.25) > least
    assert total(high + 0.25) > least


def test_even_n():
    assert median_interval([1, 2, 3, 10]) == (2.0, 3.0)
    assert mae([1, 2, 3, 10], [2.0] * 4) == mae([1, 2, 3, 10], [3.0] * 4) == 2.5


def test_weights_that_halve_only_up_to_rounding():
    assert median_interval([1, 2, 3], [0.1, 0.2, 0.3]) == (2.0, 3.0)
    assert median_interval([1, 2, 3], [1e-300, 2e-300, 3e-300]) == (2.0, 3.0)
    assert median_interval([1, 2, 3], [1e300, 2e300, 3e300]) == (2.0, 3.0)


def test_a_zero_weight_drops_its_value():
    assert median_interval([1, 5, 9], [1, 0, 1]) == (1.0, 9.0)
    assert weighted_median([1, 5, 1e308], [1, 1, 0]) == 3.0
    assert weighted_median([-1.7e308, 1.7e308]) == 0.0


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([], None, r"^values: must not be empty"),
        ([1, np.nan], None, r"^values: must hold finite numbers only; got nan"),
        ([[1], [2]], None, r"^values: must be 1-dimensional; got shape \(2, 1\)"),
        ([1, 2], [1], r"^weights: must have shape \(2,\); got shape \(1,\)"),
        ([1, 2], [1, -1], r"^weights: must not be negative; got -1"),
        ([1, 2], [0, 0], r"^weights: must not all be zero"),
    ],
)
def test_bad_values_and_weights_are_named(values, weights, message):
    with pytest.raises(ValueError, match=message):
        median_interval(values, weights)


# Boscovich ---------------------------------------------------------------------------------------


def test_the_five_arcs():
    data = boscovich_arcs()
    x, y = data["sin2_lat_1e4_boscovich"] / 1e4, data["arc_toises_per_degree"]
    found = boscovich(x, y)
    assert found.slope == pytest.approx(692.283, abs=5e-4)
    residuals = y - found.predict(x)
    assert residuals.sum() == pytest.approx(0, abs=1e-9)
    free = fit_line(x, y, AbsoluteError())
    assert free.objective < found.objective == pytest.approx(np.abs(residuals).mean())
    assert found.verify(x, y)


def constrained(x, y, w):
    """The least sum of w |r| with sum w r = 0, by HiGHS."""
    n = len(x)
    A = np.column_stack([np.ones(n), x])
    result = linprog(
        np.concatenate([np.zeros(2), w, w]),
        A_eq=np.vstack(
            [np.hstack([A, np.eye(n), -np.eye(n)]), np.concatenate([w @ A, np.zeros(2 * n)])]
        ),
        b_eq=np.append(y, w @ y),
        bounds=[(None, None)] * 2 + [(0, None)] * (2 * n),
    )
    return result.fun


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_constrained_minimum_and_its_proof(key, gridded):
    random = np.random.default_rng(key)
    x, y = random.normal(size=(2, 9))
    if gridded:
        x, y = random.integers(-3, 4, (2, 9)).astype(float)
    w = random.integers(0, 3, 9).astype(float)
    w[:2] += 1
    if np.ptp(x[w > 0]) == 0:
        return
    found = boscovich(x, y, sample_weight=w)
    assert found.objective * w.sum() == pytest.approx(constrained(x, y, w), abs=1e-9)
    assert w @ (y - found.predict(x)) == pytest.approx(0, abs=1e-9)
    assert found.certificate.balance < 1e-12
    slopes = found.certificate.psi + found.certificate.multiplier
    assert (np.abs(slopes) <= 1 + 1e-12).all()
    assert found.verify(x, y, w)
    if found.interval is not None:
        for slope in (*found.interval.slope, np.mean(found.interval.slope)):
            r = (y - w @ y / w.sum()) - slope * (x - w @ x / w.sum())
            assert w @ np.abs(r) / w.sum() == pytest.approx(found.objective)


def test_one_abscissa_is_refused():
    with pytest.raises(ValueError, match=r"^x: must hold two different values; got 3 times 2"):
        boscovich([2.0, 2, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"^y: must have the shape of x, \(3,\); got shape \(2,\)"):
        boscovich([1.0, 2, 3], [1, 2])
