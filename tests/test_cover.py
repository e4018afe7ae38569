"""The committed cover picture is the one that the code draws today."""

import re

import numpy as np

from tools.cover import COVER, draw

NUMBER = re.compile(r"-?\d+\.?\d*")


def numbers_and_rest(svg):
    return np.array(NUMBER.findall(svg), dtype=float), NUMBER.sub("#", svg)


def test_the_cover_is_up_to_date():
    stored, stored_rest = numbers_and_rest(COVER.read_text(encoding="utf-8"))
    fresh, fresh_rest = numbers_and_rest(draw())
    advice = "run python -m tools.cover and look at the picture"
    assert stored_rest == fresh_rest, advice
    # Coordinates may differ in the last digits between machines, not by a visible amount.
    np.testing.assert_allclose(stored, fresh, atol=0.01, err_msg=advice)
