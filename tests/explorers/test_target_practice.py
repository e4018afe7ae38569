"""Target practice: what the explorer computes, draws and shows."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import (
    mean_absolute_error,
    mean_squared_error,
    root_mean_squared_error,
)

from course_code.explorers import TargetPractice
from tests.explorers.driver import drag, link_state, number, settle
from tests.explorers.numbers import assert_shows


def test_target_practice_starts_with_the_chapters_ten_reps():
    target = TargetPractice()
    drift = [0.1] * 9 + [4.0]
    np.testing.assert_allclose(target.errors, drift)
    assert target.means["squared"] == pytest.approx(mean_squared_error(drift, np.zeros(10)))
    assert target.means["absolute"] == pytest.approx(mean_absolute_error(drift, np.zeros(10)))
    assert target.rmse == pytest.approx(root_mean_squared_error(drift, np.zeros(10)))
    assert (target.totals["squared"], target.totals["absolute"]) == pytest.approx((16.09, 4.9))
    assert (target.shares["squared"], target.shares["absolute"]) == pytest.approx(
        (16 / 16.09, 4 / 4.9)
    )
    assert target.ratio == pytest.approx(16.09 / 4.9)
    four, all_two = (TargetPractice(points=p["points"]) for p in target.presets[1:])
    assert four.shares["squared"] == pytest.approx(16 / 19)
    assert four.shares["absolute"] == pytest.approx(4 / 7)
    assert list(all_two.shares.values()) == pytest.approx([1 / 6, 1 / 6])


@pytest.mark.parametrize(
    "points", [*(p["points"] for p in TargetPractice().presets), [[0, 0]], [[60, 80]] * 40]
)
def test_the_targets_picture_shows_its_shots_rings_and_bars(points):
    target = TargetPractice(points=points)
    assert len(target.picture()) < 15_000
    assert "nan" not in target.picture() + target.alt()
    drawn = ElementTree.fromstring(target.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    # Five rings and two means; the worst shot is a diamond, and each shot has two bars.
    assert tags.count("circle") == 7 + len(points) - 1
    assert tags.count("polygon") == 1 + 2 * len(points)


def test_the_target_refuses_bad_values_and_survives_a_perfect_set():
    message = r"^points: must have shape \(n, 2\) with n from 1 to 40; got \(41, 2\)"
    with pytest.raises(ValueError, match=message):
        TargetPractice(points=np.zeros((41, 2)))
    with pytest.raises(ValueError, match=r"^points: must be 2-dimensional"):
        TargetPractice().points = []
    perfect = TargetPractice(points=[[0, 0], [0, 0]])
    assert np.isnan([perfect.ratio, *perfect.shares.values()]).all()
    assert (perfect.rmse, perfect.totals) == (0, {"squared": 0, "absolute": 0})


def test_shots_are_dragged_typed_added_and_linked_and_the_page_agrees_with_python(visit):
    target = TargetPractice()
    page = visit(target.to_html())
    assert_shows(page, target)
    verdict = page.locator(".ex-verdict")
    expect(verdict).to_contain_text("It makes 99.4 % of the squared total and 81.6 % of the abs")

    def current():
        return TargetPractice(points=link_state(page)[0].get("points", target.points))

    for preset in target.presets[::-1]:
        page.get_by_label("Data").select_option(preset["name"])
        settle(page)
        assert_shows(page, TargetPractice(points=preset["points"]))
    # By mouse: to the right and down; then beyond the edge, where the target ends.
    worst = page.get_by_role("slider", name="Shot 10 of 10")
    for dx, dy in [(30, 40), (0, 2000)]:
        drag(worst, dx, dy)
        assert_shows(page, current())
    assert current().errors[-1] == pytest.approx(5)
    # By keyboard.
    before = current().points[-1]
    worst.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert current().points[-1] == pytest.approx([before[0] - 0.1, before[1] + 1], abs=0.051)
    worst.focus()
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    settle(page)
    assert len(current().points) == 9
    assert_shows(page, current())
    # By number, and shot by shot.
    page.get_by_role("group", name="Shots").get_by_role("combobox").select_option("3")
    page.get_by_label("Rings from the bullseye").fill("7.5")
    page.get_by_label("Rings from the bullseye").press("Enter")
    page.get_by_role("button", name="Next shot").click()
    settle(page)
    assert current().errors.max() == pytest.approx(7.5)
    assert len(current().points) == 10
    assert_shows(page, current())
    again = visit(TargetPractice().to_html(), link_state(page)[1])
    assert number(again, "squared-total") == number(page, "squared-total")
    again.get_by_role("button", name="Reset").click()
    settle(again)
    assert_shows(again, target)


def test_a_perfect_set_has_nothing_to_share_out(visit):
    page = visit(TargetPractice(points=[[0, 0]]).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("nobody has a share")
    assert_shows(page, TargetPractice(points=[[0, 0]]))
