"""The path of descent: what the explorer computes, draws and shows."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from course_code.explorers import (
    DescentPath,
)
from tests.explorers.driver import drag, link_state, number, settle
from tests.explorers.numbers import assert_shows


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lr", 0, "lr: must be a positive finite number; got 0"),
        ("schedule", "later", "schedule: must be one of 'constant', 'inverse_sqrt', 'step_decay'"),
        ("every", 0, "every: must be a whole number from 1 to 5000; got 0"),
        ("epochs", 5001, "epochs: must be a whole number from 0 to 5000; got 5001"),
        ("epochs", True, "epochs: must be a whole number from 0 to 5000; got True"),
        ("w", "a", "w: must be a finite number; got a"),
    ],
)
def test_the_descent_explorer_refuses_bad_values(name, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        DescentPath(**{name: value})


def test_the_descent_explorer_reproduces_the_essay():
    printed = {
        ("two coaches, clean", "squared"): (1.5143, 0.5096),
        ("two coaches, clean", "absolute"): (1.5365, 0.5000),
        ("with three outliers", "squared"): (-1.9752, 1.5402),
        ("with three outliers", "absolute"): (1.4629, 0.4837),
    }
    presets = {preset["name"]: preset for preset in DescentPath().presets}
    for (name, loss), (w, b) in printed.items():
        path = DescentPath(points=presets[name]["points"], loss=loss, epochs=2000)
        assert (round(path.trace.final.w, 4), round(path.trace.final.b, 4)) == (w, b)
        ahead = np.hypot(w - path.best.slope, b - path.best.intercept)
        assert path.distance == pytest.approx(ahead, abs=2e-4)


def test_the_descent_explorer_has_a_safe_step_where_there_is_one():
    curvature = np.linalg.eigvalsh(
        2 * np.cov(np.column_stack([DescentPath().x, np.ones(40)]).T, bias=True)
        + 2 * np.outer(*[[DescentPath().x.mean(), 1]] * 2)
    )
    assert DescentPath().safe_step == pytest.approx(2 / curvature[-1])
    assert DescentPath(loss="huber").safe_step == pytest.approx(4 / curvature[-1])
    assert DescentPath(loss="absolute").safe_step is None
    pairs = DescentPath(points=[[0, 0], [0, 1], [1, 0], [1, 1]], loss="absolute")
    assert pairs.distance is None


@pytest.mark.parametrize("preset", [preset["name"] for preset in DescentPath().presets])
@pytest.mark.parametrize("lr", [0.01, 50.0])
def test_the_descent_explorers_picture_is_small_and_valid(preset, lr):
    traits = dict(next(p for p in DescentPath().presets if p["name"] == preset))
    del traits["name"]
    path = DescentPath(**{**traits, "lr": lr, "epochs": 3000})
    assert len(path.picture()) < 15_000
    assert "nan" not in path.picture()
    assert "inf" not in path.picture()
    drawn = ElementTree.fromstring(path.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    assert (tags.count("polygon"), tags.count("circle")) == (7, 1)


def test_descent_is_stepped_run_and_dragged_as_in_python(visit):
    path = DescentPath()
    page = visit(path.to_html(), reduced_motion="reduce")
    said = page.locator(".ex-verdict")
    page.get_by_role("button", name="Step").click()
    page.get_by_role("button", name="Step").click()
    settle(page)
    path.epochs = 2
    assert_shows(page, path)
    epoch = page.get_by_role("spinbutton", name="Epoch")
    epoch.fill("2000")
    epoch.press("Enter")
    settle(page)
    path.epochs = 2000
    assert_shows(page, path)
    expect(said).to_contain_text("Arrived")
    # The slider is logarithmic; the field takes any number.
    page.get_by_role("slider", name="Step size").fill("0.3")
    settle(page)
    path.lr = 2.0
    assert number(page, "step") == path.lr
    expect(said).to_contain_text("Diverging. Before epoch")
    page.get_by_label("or exactly").fill("0.05")
    page.get_by_label("or exactly").press("Enter")
    page.get_by_label("absolute").check()
    page.get_by_label("Schedule").select_option("step_decay")
    page.get_by_label("every").fill("40")
    page.get_by_label("every").press("Enter")
    settle(page)
    path.lr, path.loss, path.schedule, path.every = 0.05, "absolute", "step_decay", 40
    assert_shows(page, path)
    # With less motion a run goes to its end at once.
    page.get_by_role("button", name="Run").click()
    settle(page)
    path.epochs = 5000
    assert_shows(page, path)
    page.get_by_role("button", name="Restart").click()
    drag(page.get_by_role("slider", name="Start of the descent"), 30, -40)
    page.keyboard.press("ArrowLeft")
    page.get_by_label("Huber").check()
    epoch.fill("50")
    epoch.press("Enter")
    state, fragment = link_state(page)
    assert state["w"] > 0
    assert state["b"] > 0
    path = DescentPath(**{**DescentPath().state(), **state})
    assert_shows(page, path)
    assert_shows(visit(DescentPath().to_html(), fragment), path)
    for preset in path.presets:
        page.get_by_label("Data").select_option(preset["name"])
        for name in preset.keys() - {"name"}:
            setattr(path, name, preset[name])
        settle(page)
        assert_shows(page, path)


def test_a_run_moves_until_it_is_paused(visit):
    page = visit(DescentPath(loss="absolute").to_html())
    page.get_by_role("button", name="Run").click()
    page.wait_for_function(
        "() => document.querySelector('[data-number=now-loss]').dataset.value < 0.5"
    )
    page.get_by_role("button", name="Pause").click()
    settle(page)
    epoch = page.get_by_role("spinbutton", name="Epoch")
    path = DescentPath(loss="absolute", epochs=int(epoch.input_value()))
    assert_shows(page, path)
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    # Whatever else sets the epoch stops a run.
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    expect(epoch).to_have_value("0")
