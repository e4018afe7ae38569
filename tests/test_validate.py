"""Every refusal names the argument, the rule and what came."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch

from course_code._validate import (
    as_count,
    as_floats,
    as_generator,
    as_pair,
    as_real,
    as_weights,
    one_of,
    refuse,
)
from tests.naming import label

NAN, INF = float("nan"), float("inf")


def refusal(name, rule, got):
    return re.escape(f"{name}: {rule}; got {got}") + "$"


# --- the form of a refusal ---------------------------------------------------------------------


def test_a_refusal_is_argument_rule_value():
    with pytest.raises(ValueError, match=refusal("delta", "must be positive", "-1")):
        refuse("delta", "must be positive", -1)


def test_a_long_value_is_cut_so_that_the_rule_stays_readable():
    with pytest.raises(ValueError, match=r"\.\.\.$") as caught:
        refuse("x", "must be short", list(range(1000)))
    assert len(str(caught.value)) < 110


# --- arrays ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 2], np.float64),
        ([True, False], np.float64),
        (np.array([1, 2], np.uint8), np.float64),
        (np.array([1, 2], np.float16), np.float64),
        (np.array([1, 2], ">f8"), np.float64),
        (np.array([1, 2], np.longdouble), np.float64),
        (np.array([1, 2], np.float32), np.float32),
        (np.array([1, 2], np.float64), np.float64),
        (pd.Series([1, 2], index=[7, 3]), np.float64),
        (pd.array([1, 2], dtype="Int64"), np.float64),
        (torch.tensor([1.0, 2.0]), np.float32),
        (np.array([Fraction(1), Decimal(2)], dtype=object), np.float64),
        (np.ma.array([1.0, 2.0]), np.float64),
        (range(1, 3), np.float64),
    ],
    ids=lambda v: getattr(v, "dtype", None) and f"{type(v).__name__}-{v.dtype}",
)
def test_numbers_of_any_make_become_floats(values, dtype):
    array = as_floats("x", values)
    assert array.dtype == dtype
    assert array.dtype.isnative
    assert array.sum() in (1.0, 3.0)


def test_a_float_array_is_taken_as_it_is():
    x = np.array([1.0, 2.0])
    assert as_floats("x", x) is x


@pytest.mark.parametrize(
    ("values", "rule", "got"),
    [
        ([], "must not be empty", "shape (0,)"),
        (np.empty((3, 0)), "must not be empty", "shape (3, 0)"),
        ([1, NAN], "must hold finite numbers only", "nan at position 1"),
        ([[1, 2], [-INF, 3]], "must hold finite numbers only", "-inf at position 2"),
        ([1, None], "must hold real numbers", "values of type NoneType, int"),
        (["1", "2"], "must hold real numbers", "dtype <U1"),
        ([1j], "must hold real numbers", "dtype complex128"),
        (np.array(["1", 2], dtype=object), "must hold real numbers", "values of type int, str"),
        ([object()], "must hold real numbers", "values of type object"),
        ([10**400], "must hold real numbers", "values of type int"),
        (
            np.array(["2020-01-01"], "datetime64[D]"),
            "must hold real numbers",
            "dtype datetime64[D]",
        ),
        ([[1, 2], [3]], "must be a rectangular array of numbers", "list"),
        (iter([1.0]), "must hold real numbers", "values of type list_iterator"),
        ({1.0: 2.0}, "must hold real numbers", "values of type dict"),
        (None, "must hold real numbers", "values of type NoneType"),
        (torch.ones(2, requires_grad=True), "must be a rectangular array of numbers", "Tensor"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), "must hold no masked values", "1 masked"),
    ],
    ids=label,
)
def test_what_is_not_a_finite_array_is_refused(values, rule, got):
    with pytest.raises(ValueError, match=refusal("x", rule, got)):
        as_floats("x", values)


def test_the_search_for_nan_can_be_left_to_the_caller():
    assert np.isnan(as_floats("x", [NAN], finite=False)).all()


@pytest.mark.parametrize(
    ("ndim", "rule"), [(1, "must be 1-dimensional"), ((1, 3), "must be 1-dimensional or 3-")]
)
def test_the_number_of_dimensions_is_checked(ndim, rule):
    with pytest.raises(ValueError, match=re.escape(rule) + r".*got shape \(1, 2\)$"):
        as_floats("x", [[1, 2]], ndim=ndim)


def test_a_pair_is_never_broadcast():
    rule = refusal("b", "must have the shape of a, (3,)", "shape (3, 1)")
    with pytest.raises(ValueError, match=rule):
        as_pair(np.zeros(3), np.zeros((3, 1)), names=("a", "b"))


# --- weights -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "rule", "got"),
    [
        ([1, 2, 3], "must have shape (2, 2) or (2,)", "shape (3,)"),
        ([1, -2], "must not be negative", "-2.0"),
        ([0, 0], "must not all be zero", "only zeros"),
        ([1, NAN], "must hold finite numbers only", "nan at position 1"),
        ([1e308, 1e308], "must have a finite sum", "a sum that overflows"),
        ([], "must not be empty", "shape (0,)"),
    ],
    ids=label,
)
def test_bad_weights_are_refused(weights, rule, got):
    with pytest.raises(ValueError, match=refusal("sample_weight", rule, got)):
        as_weights(weights, (2, 2))


def test_one_weight_per_row_counts_for_every_output():
    assert as_weights([1, 2], (2, 3)).tolist() == [[1, 1, 1], [2, 2, 2]]


# --- numbers, counts, words --------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, -1, NAN, INF, "1", None, True, 1j, np.array(1.0)])
def test_a_positive_number_is_asked_for(value):
    rule = refusal("delta", "must be a positive finite number", repr(value).split("\n")[0])
    if isinstance(value, str):
        rule = refusal("delta", "must be a positive finite number", value)
    with pytest.raises(ValueError, match=rule):
        as_real("delta", value, above=0)


@pytest.mark.parametrize("value", [0, 1, -0.2, 1.5, NAN])
def test_a_number_between_bounds_is_asked_for(value):
    with pytest.raises(
        ValueError, match=refusal("tau", "must lie strictly between 0 and 1", value)
    ):
        as_real("tau", value, above=0, below=1)


def test_other_bounds_have_their_own_words():
    with pytest.raises(ValueError, match=refusal("a", "must be a finite number, at least 0", "-1")):
        as_real("a", -1, at_least=0)
    with pytest.raises(ValueError, match=refusal("a", "must be a finite number", "inf")):
        as_real("a", INF)


@pytest.mark.parametrize("value", [2, 2.0, Fraction(2), np.float32(2), np.int8(2)])
def test_a_number_becomes_a_python_float(value):
    assert type(as_real("a", value, above=0)) is float


@pytest.mark.parametrize("value", [0, -3, 2.0, "3", True, None])
def test_a_count_is_a_whole_number(value):
    rule = refusal("n", "must be a whole number, at least 1", value)
    with pytest.raises(ValueError, match=rule):
        as_count("n", value)


def test_a_count_becomes_a_python_int():
    assert type(as_count("n", np.int64(3))) is int


@pytest.mark.parametrize("value", [7, None, np.random.RandomState(7)])
def test_a_source_of_random_numbers_is_passed_in(value):
    rule = refusal("rng", "must be a numpy.random.Generator", type(value).__name__)
    with pytest.raises(ValueError, match=rule):
        as_generator("rng", value)


@pytest.mark.parametrize("value", ["avg", None, 3, ["mean"]])
def test_a_word_is_one_of_those_listed(value):
    rule = refusal("reduction", "must be one of 'mean', 'sum'", value)
    with pytest.raises(ValueError, match=rule):
        one_of("reduction", value, ("mean", "sum"))
