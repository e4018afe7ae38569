"""Huber's delta: what the explorer computes, draws and shows."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy import optimize, stats

from course_code.explorers import HuberDelta
from tests.explorers.driver import drag, link_state, number, numbers, settle
from tests.explorers.numbers import assert_shows


def huber_preset(name, **traits):
    """A `HuberDelta` in the state of one of its presets."""
    preset = next(p for p in HuberDelta().presets if p["name"] == name)
    return HuberDelta(**{k: v for k, v in preset.items() if k != "name"}, **traits)


def test_the_delta_explorers_numbers_are_those_of_other_libraries():
    explorer = HuberDelta(delta=0.1)
    slope, intercept = np.polyfit(explorer.x, explorer.y, 1)
    assert explorer.lines["squared"].slope == pytest.approx(slope)
    assert explorer.lines["squared"].intercept == pytest.approx(intercept)
    # SciPy's loss is 2 rho / delta^2 of (r / delta)^2: the same line.
    found = optimize.least_squares(
        lambda line: explorer.y - line[0] * explorer.x - line[1],
        [1.5, 0.5],
        loss="huber",
        f_scale=0.1,
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    huber = explorer.lines["huber"]
    assert [huber.slope, huber.intercept] == pytest.approx(found.x, abs=1e-6)
    assert explorer.linear.sum() == np.sum(np.abs(found.fun) > 0.1)
    least = explorer.lines["absolute"]
    r = explorer.y - least.predict(explorer.x[:, None])
    sigma = stats.median_abs_deviation(r, center=lambda r, axis: 0.0, scale="normal")
    assert explorer.sigma == pytest.approx(sigma)
    assert explorer.multiple == pytest.approx(0.1 / sigma)
    # The chapter's closed form.
    k, normal = explorer.multiple, stats.norm
    inside = 2 * normal.cdf(k) - 1
    square = inside - 2 * k * normal.pdf(k) + k * k * (1 - inside)
    assert explorer.efficiency == pytest.approx(inside**2 / square)


def test_delta_leads_from_the_absolute_to_the_squared_line():
    low, high = HuberDelta(delta=1e-6), HuberDelta(delta=100.0)
    assert low.lines["huber"].slope == pytest.approx(low.lines["absolute"].slope, abs=1e-5)
    assert high.lines["huber"].slope == pytest.approx(high.lines["squared"].slope)
    assert (low.linear.sum(), high.linear.sum()) == (41, 0)
    assert low.efficiency == pytest.approx(2 / np.pi, rel=1e-4)
    assert HuberDelta(delta=1e-100).efficiency == pytest.approx(2 / np.pi)
    assert high.efficiency == pytest.approx(1)
    perfect = HuberDelta(points=[[0, 0.1], [1, 0.3], [2, 0.5], [3, 0.7]], marked=[])
    assert (perfect.sigma, perfect.multiple) == (0, np.inf)
    assert perfect.efficiency == pytest.approx(1)


@pytest.mark.parametrize("curve", ["rho", "psi"])
@pytest.mark.parametrize("preset", [preset["name"] for preset in HuberDelta().presets])
def test_the_delta_explorers_picture_shows_its_points_and_lines(preset, curve):
    explorer = huber_preset(preset, curve=curve)
    assert len(explorer.picture()) < 15_000
    assert "nan" not in explorer.picture()
    drawn = ElementTree.fromstring(explorer.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    assert tags.count("circle") == len(explorer.points) - len(explorer.marked)
    # Outliers and two strips.
    assert tags.count("polygon") == len(explorer.marked) + 2
    groups = [group for group in drawn.iter() if group.get("stroke-width") == "2"]
    assert sum(len(group) for group in groups) == explorer.linear.sum()
    slopes = [f"{line.slope:.3g}" for line in explorer.lines.values()]
    assert all(slope in explorer.alt() for slope in slopes)
    assert ("the derivative" in explorer.alt()) == (curve == "psi")


def test_the_delta_explorer_draws_points_above_one_another_and_refuses_bad_values():
    explorer = HuberDelta(points=[[1, 0], [1, 2]], marked=[])
    assert explorer.alt().startswith("Two panels. Left: 2 points. Right: the loss over")
    assert explorer.picture().count("<polyline") == 3
    with pytest.raises(ValueError, match=r"^curve: must be one of 'rho', 'psi'; got chi"):
        explorer.curve = "chi"
    with pytest.raises(ValueError, match=r"^delta: must be a positive finite number; got 0"):
        HuberDelta(delta=0)


def test_delta_is_slid_set_and_linked_and_the_page_agrees_with_python(visit):
    explorer = HuberDelta()
    page = visit(explorer.to_html())
    assert_shows(page, explorer)
    slider = page.get_by_label("Delta of Huber's loss")
    # The handle stands at the logarithm.
    for place in ("-2.5", "-1", "0.3", "2"):
        slider.fill(place)
        settle(page)
        explorer.delta = float(f"{10 ** float(place):.3g}")
        assert_shows(page, explorer)
    slider.focus()
    page.keyboard.press("Shift+ArrowLeft")
    settle(page)
    assert number(page, "delta") == pytest.approx(10**1.8, rel=1e-2)
    for preset in explorer.presets:
        page.get_by_label("Data").select_option(preset["name"])
        page.get_by_role("button", name="delta = 1", exact=True).click()
        settle(page)
        assert_shows(page, huber_preset(preset["name"]))
        page.get_by_role("button", name="delta = 1.345 sigma").click()
        settle(page)
        assert number(page, "multiple") == pytest.approx(1.345)
        assert numbers(page)["efficiency"][1] == "0.95"
        assert_shows(page, huber_preset(preset["name"], delta=number(page, "delta")))
    # A point that is moved far up no longer counts by its distance.
    page.get_by_label("Data").select_option("clean")
    page.get_by_label("psi").check()
    drag(page.get_by_role("slider", name="Point 5 of 40"), 0, -60)
    state, fragment = link_state(page)
    assert state.keys() == {"points", "marked", "delta", "curve", "view"}
    again = visit(HuberDelta().to_html(), fragment)
    assert_shows(again, HuberDelta(**{**HuberDelta().state(), **state}))
    expect(again.get_by_label("psi")).to_be_checked()
    again.get_by_role("button", name="Reset").click()
    settle(again)
    assert_shows(again, HuberDelta())


def test_the_delta_explorer_shows_data_without_a_scale_or_a_slope(visit):
    page = visit(HuberDelta(points=[[0, 1], [1, 3], [2, 5]], marked=[]).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("there is no sigma")
    expect(page.get_by_role("button", name="delta = 1.345 sigma")).to_be_disabled()
    assert page.locator('[data-number="efficiency"]').inner_text() == "none"
    page = visit(HuberDelta(points=[[1, 1], [1, 3]], marked=[]).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("All points share one x")
    assert page.locator('[data-number="huber-slope"]').inner_text() == "none"
