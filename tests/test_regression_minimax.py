"""The minimax line against a linear program, and on Laplace's kind of data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from course_code.datasets import boscovich_arcs
from course_code.regression import minimax_line


def by_linear_program(x, y):
    """Minimise t subject to -t <= y - b - s x <= t."""
    ones = np.ones_like(x)
    A = np.vstack([np.column_stack([-x, -ones, -ones]), np.column_stack([x, ones, -ones])])
    free = (None, None)
    return linprog([0, 0, 1], A, np.concatenate([-y, y]), bounds=[free, free, (0, None)]).fun


@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(-50, 50)), min_size=2, max_size=9).filter(
        lambda points: len({x for x, _ in points}) > 1
    )
)
def test_no_line_has_a_smaller_greatest_residual(points):
    x, y = np.array(points, dtype=float).T
    line = minimax_line(x, y)
    residuals = y - line.intercept - line.slope * x
    assert line.greatest == pytest.approx(np.abs(residuals).max(), abs=1e-9)
    assert line.greatest == pytest.approx(by_linear_program(x, y), abs=1e-7)


def test_three_residuals_share_the_greatest_size_with_alternating_signs():
    arcs = boscovich_arcs()
    line = minimax_line(arcs.x, arcs.y)
    residuals = arcs.y - line.intercept - line.slope * arcs.x
    extreme = np.abs(np.abs(residuals) - line.greatest) < 1e-6
    assert np.sign(residuals[extreme]).tolist() == [1, -1, 1]
    assert line.slope == pytest.approx(713.095, abs=1e-3)
    assert line.greatest == pytest.approx(88.2225, abs=1e-4)


def test_two_points_are_met():
    assert minimax_line([0, 2], [1, 5]) == (2.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, 1], [0, 2], "x: must hold two different values; got 2 times 1"),
        ([1, 2], [0, 2, 3], r"y: must have the shape of x, \(2,\); got shape \(3,\)"),
        ([1, 2], [0, np.nan], "y: must hold finite numbers only; got nan at position 1"),
    ],
)
def test_bad_input_is_named(x, y, message):
    with pytest.raises(ValueError, match=message):
        minimax_line(x, y)
