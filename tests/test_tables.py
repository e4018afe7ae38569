"""The text tables: alignment, rounding, refusals."""

import numpy as np
import pytest

from course_code.tables import table


def lines(*args):
    return table(*args).split("\n")


def test_numbers_stand_to_the_right_and_words_to_the_left():
    assert lines([("a", 1.0), ("long", 20.5)], ["word", "number"], ["", ".1f"]) == [
        "word  number",
        "----  ------",
        "a        1.0",
        "long    20.5",
    ]


def test_a_column_is_as_wide_as_its_widest_cell():
    head, rule, row = lines([(123456.0,)], ["x"], [".2f"])
    assert (head, rule, row) == ("        x", "---------", "123456.00")


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (-0.0, ".2f", "0.00"),
        (-1e-9, ".4f", "0.0000"),
        (-1e-9, "+.1f", "+0.0"),
        (-0.04, ".0%", "-4%"),
        (-0.004, ".0%", "0%"),
        (-0.5, ".2f", "-0.50"),
        (-10, "d", "-10"),
        (float("-inf"), ".1f", "-inf"),
        (np.float64(1.5), "", "1.5"),
        (np.int64(3), "d", "3"),
        (1234567.0, ",.0f", "1,234,567"),
    ],
)
def test_a_number_is_rounded_and_never_a_negative_zero(value, spec, text):
    assert lines([(value,)], ["x"], [spec])[-1].strip() == text


def test_none_is_an_empty_cell_and_leaves_no_trailing_space():
    assert lines([(1, None), (2, 3.0)], ["n", "x"], ["d", ".1f"])[2] == "1"


def test_words_in_a_column_of_numbers_stand_as_they_are():
    assert lines([("none",), (2.0,)], ["x"], [".1f"])[2:] == ["none", "2.0"]


@pytest.mark.parametrize(
    ("rows", "columns", "formats", "argument"),
    [
        ([], ["x"], [""], "rows"),
        ([(1, 2)], ["x"], [""], "rows"),
        ([(1,)], ["x"], ["", ""], "formats"),
        ([(1.5,)], ["x"], ["d"], "formats"),
        ([([1],)], ["x"], [""], "rows"),
    ],
)
def test_bad_input_is_refused_by_name(rows, columns, formats, argument):
    with pytest.raises(ValueError, match=rf"^{argument}: must .*; got "):
        table(rows, columns, formats)
