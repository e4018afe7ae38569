"""The fan of quantile lines: what the explorer computes, draws and shows."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import (
    mean_pinball_loss,
)

from course_code.explorers import (
    QuantileFan,
)
from course_code.losses import Quantile
from course_code.regression import fit_line
from tests.explorers.driver import drag, link_state, node, settle
from tests.explorers.numbers import assert_shows
from tests.js import make_vectors


def fan_preset(name, **traits):
    """A `QuantileFan` in the state of one of its presets."""
    preset = next(p for p in QuantileFan().presets if p["name"] == name)
    return QuantileFan(**{k: v for k, v in preset.items() if k != "name"}, **traits)


def test_the_quantile_lines_of_the_twin_are_pythons():
    taus = [0.05, 0.1, 0.333, 0.5, 0.9, 0.95]
    sets = [points for points in make_vectors.point_sets().values() if len(points) <= 60]
    sets += [np.array(preset["points"]) for preset in QuantileFan().presets]
    cases = json.dumps([[points.tolist(), tau] for points in sets for tau in taus])
    ran = node(
        "--input-type=module",
        "--eval",
        'import { fitQuantile } from "./course_code/explorers/fits.js";'
        f"console.log(JSON.stringify({cases}.map((c) => fitQuantile(...c))))",
    )
    assert ran.returncode == 0, ran.stderr
    found = iter(json.loads(ran.stdout))
    for points in sets:
        for tau in taus:
            twin, line = next(found), fit_line(*points.T, Quantile(tau))
            assert twin["objective"] == pytest.approx(line.objective, rel=1e-12, abs=1e-12)
            ends = np.array([np.min(twin["vertices"], axis=0), np.max(twin["vertices"], axis=0)])
            known = line.interval
            slopes, intercepts = (
                ([line.slope] * 2, [line.intercept] * 2)
                if known is None
                else (known.slope, known.intercept)
            )
            assert ends[:, 0] == pytest.approx(slopes, rel=1e-9, abs=1e-9)
            assert ends[:, 1] == pytest.approx(intercepts, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("preset", [preset["name"] for preset in QuantileFan().presets])
def test_the_quantile_explorers_numbers_are_those_of_their_definitions(preset, tau):
    explorer = fan_preset(preset, tau=tau, fan=True)
    predicted = explorer.line.predict(explorer.x[:, None])
    loss = mean_pinball_loss(explorer.y, predicted, alpha=tau)
    assert explorer.line.objective == pytest.approx(loss)
    below, on, above = explorer.counts
    assert below + on + above == len(explorer.points)
    assert below <= tau * len(explorer.points) <= below + on
    for low, high, x, y in explorer.crossings:
        heights = [explorer.lines[level].predict([[x]])[0] for level in (low, high)]
        assert heights == pytest.approx([y, y])
    assert len(explorer.picture()) < 15_000
    assert "nan" not in explorer.picture()
    drawn = ElementTree.fromstring(explorer.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    ordinary = len(explorer.points) - len(explorer.marked)
    assert tags.count("circle") == ordinary + len(explorer.crossings)
    assert tags.count("polygon") == len(explorer.marked)
    assert f"{below} below, {on} on it, {above} above" in explorer.alt()
    assert f"slope {explorer.line.slope:.3g}" in explorer.alt()


def test_the_quantile_explorer_refuses_bad_values_and_draws_a_column():
    with pytest.raises(ValueError, match=r"^tau: must lie strictly between 0 and 1; got 1"):
        QuantileFan(tau=1)
    with pytest.raises(ValueError, match=r"^points: must have shape \(n, 2\) with n from 2 to 60"):
        QuantileFan(points=np.zeros((61, 2)))
    with pytest.raises(ValueError, match=r"^fan: must be True or False; got 1"):
        QuantileFan(fan=1)
    column = QuantileFan(points=[[1, 0], [1, 2]], fan=True)
    assert column.alt().startswith("Two panels. Left: 2 points. Right: the pinball loss")
    assert column.picture().count("<polyline") == 1


def test_tau_is_slid_points_are_dragged_and_the_page_agrees_with_python(visit):
    explorer = QuantileFan()
    page = visit(explorer.to_html())
    assert_shows(page, explorer)
    slider = page.get_by_label("Level tau")
    for tau in (0.05, 0.27, 0.95):
        slider.fill(str(tau))
        settle(page)
        explorer.tau = tau
        assert_shows(page, explorer)
    slider.focus()
    page.keyboard.press("Shift+ArrowLeft")
    settle(page)
    page.get_by_label("whole fan").check()
    settle(page)
    for preset in explorer.presets:
        page.get_by_label("Data").select_option(preset["name"])
        settle(page)
        assert_shows(page, fan_preset(preset["name"], tau=0.9, fan=True))
    point = page.get_by_role("slider", name="Point 5 of")
    drag(point, 0, -40)
    point.focus()
    page.keyboard.press("Shift+ArrowRight")
    settle(page)
    state, fragment = link_state(page)
    assert state["points"] != explorer.presets[-1]["points"]
    again = visit(QuantileFan().to_html(), fragment)
    moved = QuantileFan(**{**QuantileFan().state(), **state})
    assert moved.fan
    assert_shows(again, moved)
    again.get_by_role("button", name="Reset").click()
    settle(again)
    assert_shows(again, QuantileFan())


def test_the_quantile_explorer_tells_of_a_column(visit):
    page = visit(QuantileFan(points=[[1, 1], [1, 3]], fan=True).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("All points share one x")
    assert page.locator('[data-number="slope"]').inner_text() == "none"
