"""The loss surface: what the explorer computes, draws and shows."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import mean_absolute_error, mean_squared_error

from course_code.explorers import LossSurface
from course_code.explorers.loss_surface import PRESETS
from tests.explorers.driver import drag, link_state, number, settle
from tests.explorers.numbers import LOSSES, assert_shows


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("slope", float("nan"), "slope: must be a finite number; got nan"),
        ("slope", "steep", "slope: must be a finite number; got steep"),
        ("intercept", None, "intercept: must be a finite number; got None"),
        ("delta", 0, "delta: must be a positive finite number; got 0"),
        ("loss", "cubed", "loss: must be one of 'squared', 'absolute', 'huber'; got cubed"),
        ("compare", 1, "compare: must be True or False; got 1"),
        ("points", [1, 2, 3], "points: must be 2-dimensional; got shape (3,)"),
        ("points", [[1, 2, 3]] * 2, "points: must have shape (n, 2) with n from 2 to 200"),
        ("points", np.zeros((201, 2)), "points: must have shape (n, 2) with n from 2 to 200"),
        ("points", [[0, 0], [0, np.inf]], "points: must hold finite numbers only; got inf"),
        ("points", [["a", "b"], ["c", "d"]], "points: must hold real numbers"),
        ("view", [0, 1, 2, 2], "view: must be [x low, x high, y low, y high], each low < high"),
        ("marked", [-1], "marked: must be a list of positions, 0 or more; got [-1]"),
        ("labels", ["x"], "labels: must be 2 texts; got ['x']"),
        ("presets", "clean", "presets: must be a list of dicts; got clean"),
        ("presets", [{"points": []}], "presets: each must be a dict with a name"),
        (
            "presets",
            [{"name": "a", "colour": 1}],
            "presets: each may set the explorer's own traits",
        ),
        ("presets", [{"name": "a", "points": 1}], "points: must be 2-dimensional"),
    ],
)
def test_a_bad_value_is_refused_with_the_rule_and_changes_nothing(name, value, message):
    surface = LossSurface()
    before = surface.state()
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        setattr(surface, name, value)
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        LossSurface(**{name: value})
    assert surface.state() == before


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_is_the_mean_over_the_residuals(loss):
    surface = LossSurface(loss=loss, slope=0.7, intercept=1.0, points=PRESETS[1]["points"])
    predicted = 1.0 + 0.7 * surface.x
    np.testing.assert_allclose(surface.residuals, surface.y - predicted)
    if loss == "squared":
        assert surface.loss_value == pytest.approx(mean_squared_error(surface.y, predicted))
    elif loss == "absolute":
        assert surface.loss_value == pytest.approx(mean_absolute_error(surface.y, predicted))
    else:
        r = np.abs(surface.y - predicted)
        assert surface.loss_value == pytest.approx(np.where(r <= 1, r**2 / 2, r - 0.5).mean())


def test_the_best_squared_line_is_numpys():
    surface = LossSurface(points=PRESETS[2]["points"])
    slope, intercept = np.polyfit(surface.x, surface.y, 1)
    assert surface.best.slope == pytest.approx(slope)
    assert surface.best.intercept == pytest.approx(intercept)


def test_the_presets_show_what_their_names_promise():
    slope = {
        (preset["name"], loss): LossSurface(points=preset["points"], loss=loss).best.slope
        for preset in PRESETS
        for loss in LOSSES
    }
    clean = [slope["clean", loss] for loss in LOSSES]
    assert max(clean) - min(clean) < 0.06
    # Above: the squared line turns, the absolute line hardly moves.
    assert slope["one outlier above", "squared"] < 0.25 * slope["clean", "squared"]
    assert slope["one outlier above", "absolute"] == pytest.approx(
        slope["clean", "absolute"], rel=0.1
    )
    # Far to the side: leverage turns them all.
    for loss in LOSSES:
        assert slope["one far to the side", loss] < 0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("preset", [preset["name"] for preset in PRESETS])
def test_the_static_picture_is_small_valid_and_without_text(loss, preset):
    traits = dict(next(p for p in PRESETS if p["name"] == preset))
    del traits["name"]
    surface = LossSurface(loss=loss, **traits)
    assert len(surface.picture()) < 15_000
    drawn = ElementTree.fromstring(surface.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    assert tags.count("circle") == len(surface.points) + 1
    assert tags.count("polygon") == len(surface.points) + 7
    assert "text" not in tags
    assert "nan" not in surface.picture()


def test_a_squares_side_is_the_residual_in_pixels():
    surface = LossSurface(points=[[0, 5], [10, 0]], slope=0, intercept=0, view=[0, 10, 0, 10])
    square = re.search(r"<polygon points='([^']+)'", surface.picture())[1]
    # 310 pixels for ten units of y: a residual of 5 is a square of 155.
    assert square == "0.0,310.0 0.0,155.0 155.0,155.0 155.0,310.0"


def test_points_above_one_another_have_a_picture_without_a_best_line():
    surface = LossSurface(points=[[1, 0], [1, 2]])
    with pytest.raises(ValueError, match=r"^X: columns must be linearly independent"):
        surface.best  # noqa: B018
    assert "dasharray" not in surface.picture()
    assert "dasharray" in LossSurface().picture()


def test_the_numbers_on_the_page_are_pythons(visit):
    surface = LossSurface()
    page = visit(surface.to_html())
    assert_shows(page, surface)
    surface.slope = -0.5
    page.get_by_label("Slope").fill("-0.5")
    surface.intercept = 3.25
    page.get_by_label("Intercept").fill("3.25")
    settle(page)
    assert_shows(page, surface)
    page.get_by_label("Huber").check()
    page.get_by_label("Delta").fill("2")
    surface.loss, surface.delta = "huber", 2
    settle(page)
    assert_shows(page, surface)
    for preset in PRESETS:
        page.get_by_label("Data").select_option(preset["name"])
        for name in preset.keys() - {"name"}:
            setattr(surface, name, preset[name])
        settle(page)
        assert_shows(page, surface)


def test_points_are_dragged_and_the_link_restores_them(visit):
    surface = LossSurface()
    page = visit(surface.to_html())
    assert link_state(page)[0] == {}
    drag(page.get_by_role("slider", name="Point 3 of 8"), 40, -60)
    page.get_by_label("absolute").check()
    state, fragment = link_state(page)
    assert state.keys() == {"points", "loss"}
    (x, y), (was_x, was_y) = state["points"][2], surface.points[2]
    assert x > was_x
    assert y > was_y
    assert state["points"][3] == surface.points[3]
    surface.points, surface.loss = state["points"], state["loss"]
    assert_shows(page, surface)
    again = visit(LossSurface().to_html(), fragment)
    assert_shows(again, surface)
    expect(again.get_by_label("absolute")).to_be_checked()
    again.get_by_role("button", name="Reset").click()
    settle(again)
    assert_shows(again, LossSurface())


def test_the_dot_on_the_surface_is_dragged_and_a_click_brings_it(visit):
    surface = LossSurface()
    page = visit(surface.to_html())
    dot = page.get_by_role("slider", name="Your line on the loss surface")
    drag(dot, 60, 30)
    first, _ = link_state(page)
    assert first["slope"] > surface.slope
    assert first["intercept"] < surface.intercept
    surface_map = page.get_by_role("group", name="Loss of every line")
    surface_map.scroll_into_view_if_needed()
    area = surface_map.bounding_box()
    page.mouse.click(area["x"] + area["width"] * 0.3, area["y"] + area["height"] * 0.2)
    settle(page)
    second, _ = link_state(page)
    assert second["slope"] < surface.slope
    assert second["intercept"] > surface.intercept


def test_the_keyboard_does_all_of_it(visit):
    surface = LossSurface()
    page = visit(surface.to_html())
    first = page.get_by_role("slider", name="Point 1 of 8")
    first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    settle(page)
    # A step is a nice fraction, about 1/400, of each axis.
    expect(first).to_have_attribute("aria-valuetext", "x \u22122.5, y \u22120.15")
    page.keyboard.press("n")
    expect(page.get_by_role("slider", name="Point 2 of 8")).to_be_focused()
    page.keyboard.press("Delete")
    settle(page)
    expect(page.get_by_role("slider", name="Point 2 of 7")).to_be_focused()
    page.get_by_role("slider", name="Your line on the loss surface").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Slope").focus()
    page.keyboard.press("ArrowRight")
    state, _ = link_state(page)
    points = [[-2.5, -0.15], *surface.points[2:]]
    assert state == {"points": points, "slope": 0.21, "intercept": 3.95}


def test_points_are_added_typed_and_removed_with_their_marks(visit):
    start = LossSurface(**{k: v for k, v in PRESETS[1].items() if k != "name"})
    page = visit(start.to_html())
    page.get_by_role("button", name="Add").click()
    page.get_by_role("spinbutton", name="x").fill("7.25")
    page.get_by_role("spinbutton", name="y").fill("-2")
    page.get_by_role("spinbutton", name="y").press("Enter")
    page.get_by_role("combobox", name="Point", exact=True).select_option("1")
    page.get_by_role("button", name="Remove").click()
    settle(page)
    state, _ = link_state(page)
    assert state["points"] == [*start.points[1:], [7.25, -2]]
    assert state["marked"] == [7]
    expect(page.get_by_role("slider", name="Point 8 of 9, marked as an outlier")).to_be_visible()


def test_go_to_the_best_line_ends_there_and_the_verdict_says_so(visit):
    page = visit(LossSurface(loss="absolute").to_html(), reduced_motion="reduce")
    page.get_by_role("button", name="Go to the best line").click()
    settle(page)
    assert number(page, "absolute-now") == pytest.approx(number(page, "absolute-least"), rel=1e-12)
    verdict = "No line has a smaller mean absolute error on these points."
    expect(page.locator(".ex-verdict")).to_contain_text(verdict)
    # The live region waits until the hand rests, then says the same.
    expect(page.get_by_role("status")).to_contain_text(verdict)
