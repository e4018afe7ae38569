"""Outliers and leverage: what the explorer computes, draws and shows."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from course_code import datasets, outliers
from course_code.explorers import OutlierLeverage
from tests.explorers.driver import drag, link_state, settle
from tests.explorers.numbers import assert_shows


def outlier_preset(name):
    """An `OutlierLeverage` in the state of one of its presets."""
    preset = next(p for p in OutlierLeverage().presets if p["name"] == name)
    return OutlierLeverage(**{k: v for k, v in preset.items() if k != "name"})


def test_the_outlier_explorer_starts_with_the_essays_43_points():
    explorer, data = OutlierLeverage(), datasets.two_coaches(outliers=3)
    np.testing.assert_array_equal(explorer.points, np.column_stack([data.x, data.y]))
    np.testing.assert_array_equal(~explorer.clean, data["is_outlier"])
    assert explorer.state() == outlier_preset("three above, left").state()
    # The chapter's table "outliers elsewhere".
    middle, right = outlier_preset("same three in the middle"), outlier_preset("to the right")
    assert round(middle.lines["squared"].slope, 2) == 1.88
    assert round(right.lines["squared"].slope, 2) == 5.10


def test_the_outlier_explorers_numbers_are_those_of_their_definitions():
    explorer = outlier_preset("one far to the side")
    x, y = explorer.x, explorer.y
    design = np.column_stack([x, np.ones_like(x)])
    hat = design @ np.linalg.solve(design.T @ design, design.T)
    assert explorer.leverage == pytest.approx(hat[40, 40])
    assert explorer.residuals["squared"] == pytest.approx((y - hat @ y)[40])
    assert explorer.residuals["absolute"] == pytest.approx(0, abs=1e-9)
    without = np.polyfit(x[:40], y[:40], 1)
    assert explorer.clean_lines["squared"].slope == pytest.approx(without[0])
    # One vote against, twenty places out; the chapter's R(1) is the reach.
    assert explorer.balance.pull == -20
    assert explorer.balance.low == pytest.approx(-outliers.pull_range(x[:40], 1)[1])
    explorer.chosen = 99
    assert explorer.leverage == pytest.approx(hat[40, 40])


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("chosen", -1, "chosen: must be a whole number from 0 to 199; got -1"),
        ("chosen", True, "chosen: must be a whole number from 0 to 199; got True"),
        ("chosen", 0.5, "chosen: must be a whole number from 0 to 199; got 0.5"),
        ("together", "yes", "together: must be True or False; got yes"),
    ],
)
def test_the_outlier_explorer_refuses_bad_values(name, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        OutlierLeverage(**{name: value})


@pytest.mark.parametrize("preset", [preset["name"] for preset in OutlierLeverage().presets])
def test_the_outlier_explorers_picture_shows_its_points_and_lines(preset):
    explorer = outlier_preset(preset)
    assert len(explorer.picture()) < 15_000
    assert "nan" not in explorer.picture()
    drawn = ElementTree.fromstring(explorer.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    assert tags.count("circle") == explorer.clean.sum()
    assert tags.count("polygon") == len(explorer.marked)
    assert tags.count("polyline") == 6
    slopes = [f"{line.slope:.3g}" for line in explorer.lines.values()]
    assert all(slope in explorer.alt() for slope in slopes)


def test_the_outlier_explorer_draws_points_above_one_another():
    explorer = OutlierLeverage(points=[[1, 0], [1, 2]], marked=[])
    assert explorer.alt() == "2 points, 0 of them drawn as outliers, and three fitted lines."
    assert explorer.picture().count("<polyline") == 2


def test_outliers_are_dragged_and_the_page_agrees_with_python(visit):
    explorer = OutlierLeverage()
    page = visit(explorer.to_html())
    assert_shows(page, explorer)
    for preset in explorer.presets:
        page.get_by_label("Data").select_option(preset["name"])
        settle(page)
        assert_shows(page, outlier_preset(preset["name"]))
    page.get_by_label("Data").select_option("clean")
    settle(page)
    expect(page.locator(".ex-verdict")).to_contain_text("No point is marked as an outlier")
    # A point that is moved becomes an outlier; typed far to the side it takes all lines.
    drag(page.get_by_role("slider", name="Point 5 of 40"), 30, -80)
    state, fragment = link_state(page)
    assert (state["marked"], state["chosen"]) == ([4], 4)
    expect(page.get_by_label("outlier", exact=True)).to_be_checked()
    page.get_by_role("spinbutton", name="x").fill("30")
    page.get_by_role("spinbutton", name="y").fill("-40")
    page.get_by_role("spinbutton", name="y").press("Enter")
    settle(page)
    state, fragment = link_state(page)
    explorer = OutlierLeverage(**{**explorer.state(), **state})
    assert explorer.points[4] == [30, -40]
    assert_shows(page, explorer)
    expect(page.locator(".ex-verdict")).to_contain_text("must go to it. Point 5 hides")
    again = visit(OutlierLeverage().to_html(), fragment)
    assert_shows(again, explorer)


def test_outliers_move_together_by_keyboard_and_touch_nothing_else(visit):
    explorer = OutlierLeverage(delta=0.5)
    page = visit(explorer.to_html())
    page.get_by_label("move all outliers together").check()
    point = page.get_by_role("slider", name="Point 42 of 43, marked as an outlier")
    point.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    state, _ = link_state(page)
    moved = np.subtract(state["points"], explorer.points)
    assert np.all(moved[:40] == 0)
    assert np.all(moved[40:, 0] > 0.15)
    np.testing.assert_allclose(moved[40:] - moved[41], 0, atol=1e-9)
    assert_shows(page, OutlierLeverage(**{**explorer.state(), **state}))
    page.keyboard.press("Escape")
    page.get_by_label("outlier", exact=True).uncheck()
    settle(page)
    assert link_state(page)[0]["marked"] == [40, 42]
