"""Gradient flow: what the explorer computes, draws and shows."""

import re
import xml.etree.ElementTree as ElementTree
from functools import partial

import numpy as np
import pytest
import torch

from course_code.explorers import (
    GradientFlow,
)
from course_code.explorers.gradient_flow import LOSSES as FLOW
from tests.explorers.driver import drag, link_state, settle
from tests.explorers.numbers import assert_shows


@pytest.mark.parametrize("r", [-4.0, -1.0, -0.25, 0.0, 0.7, 1.0, 2.5])
def test_the_flow_explorers_numbers_are_those_of_pytorch(r):
    explorer = GradientFlow(residual=r, delta=0.7, tau=0.3, c=3.0)
    y = torch.tensor(r, dtype=torch.float64)
    for name, loss in {
        "squared": torch.nn.functional.mse_loss,
        "absolute": torch.nn.functional.l1_loss,
        "huber": partial(torch.nn.functional.huber_loss, delta=0.7),
        "logcosh": lambda p, y: torch.log(torch.cosh(y - p)),
    }.items():
        prediction = torch.zeros((), dtype=torch.float64, requires_grad=True)
        value = loss(prediction, y)
        value.backward()
        assert explorer.rho[name] == pytest.approx(value.item(), abs=1e-12)
        assert explorer.gradient[name] == pytest.approx(prediction.grad.item(), abs=1e-12)
        assert explorer.psi[name] == -explorer.gradient[name]
    assert explorer.rho["quantile"] == pytest.approx(max(0.3 * r, -0.7 * r))
    assert explorer.psi["tukey"] == pytest.approx(r * max(0, 1 - r * r / 9) ** 2)
    if r:
        assert explorer.ratio["squared"] == pytest.approx(2 * abs(r))
        assert explorer.subgradients["absolute"] == (np.sign(r), np.sign(r))
    else:
        assert np.isnan(explorer.ratio["squared"])
        assert explorer.subgradients["absolute"] == (-1, 1)
        assert explorer.subgradients["quantile"] == pytest.approx((-0.7, 0.3))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("residual", 4.5, "residual: must be from -4.0 to 4.0; got 4.5"),
        ("losses", ["squared", "squared"], "losses: must be different ones of squared, absolute"),
        ("losses", "squared", "losses: must be different ones of squared, absolute"),
        ("losses", [["squared"]], "losses: must be different ones of squared, absolute"),
        ("delta", 0, "delta: must be a positive finite number; got 0"),
        ("tau", 1, "tau: must lie strictly between 0 and 1; got 1"),
        ("c", -1, "c: must be a positive finite number; got -1"),
    ],
)
def test_the_flow_explorer_refuses_bad_values(name, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        GradientFlow(**{name: value})


@pytest.mark.parametrize("shown", [[], ["huber"], ["tukey", "squared"], list(FLOW)])
def test_the_flow_explorers_picture_is_small_and_valid(shown):
    explorer = GradientFlow(losses=shown, delta=0.5)
    drawn = ElementTree.fromstring(explorer.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    kinks, rings = 2 * (len(shown) == 6), 4 * ("huber" in shown)
    assert tags.count("circle") == 2 * len(shown) + kinks + rings
    assert "nan" not in explorer.picture()
    assert len(explorer.picture()) < 15_000
    assert explorer.losses == [name for name in FLOW if name in shown]
    assert explorer.alt().count("costs") == len(shown)


def test_a_residual_is_slid_dragged_and_linked_and_the_page_agrees_with_python(visit):
    explorer = GradientFlow()
    page = visit(explorer.to_html())
    assert_shows(page, explorer)
    slider = page.get_by_role("slider", name="Residual r")
    for r in (-4, -0.5, 0, 1, 3.2):
        slider.fill(str(r))
        settle(page)
        explorer.residual = r
        assert_shows(page, explorer)
    slider.focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    explorer.residual = 3.22
    assert_shows(page, explorer)
    for name in ("log-cosh", "quantile", "Tukey"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("checkbox", name="squared error").uncheck()
    page.get_by_role("slider", name="Delta").fill("2")
    page.get_by_role("slider", name="Tau").fill("0.25")
    page.get_by_role("slider", name="C of Tukey").fill("3")
    settle(page)
    explorer.losses = ["absolute", "huber", "logcosh", "quantile", "tukey"]
    explorer.delta, explorer.tau, explorer.c = 2, 0.25, 3
    assert_shows(page, explorer)
    # The rings stand where Huber's loss switches: half-way out on either side, as delta is 2 of 4.
    pulls = page.get_by_role("group", name="Pull over the residual")
    rings = pulls.locator("circle.ex-fit")
    places = [float(rings.nth(k).get_attribute("cx")) for k in (0, 1)]
    assert places == pytest.approx([306 / 4, 306 * 3 / 4], abs=0.06)
    here = page.get_by_role("slider", name="Residual, on the curves of the loss")
    here.scroll_into_view_if_needed()
    drag(here, -60, 0)
    state, fragment = link_state(page)
    assert state["residual"] < 3
    again = visit(GradientFlow().to_html(), fragment)
    assert_shows(again, GradientFlow(**{**GradientFlow().state(), **state}))
    other = again.get_by_role("slider", name="Residual, on the curves of the pull")
    other.focus()
    again.keyboard.press("Shift+ArrowLeft")
    settle(again)
    moved = float(other.get_attribute("aria-valuenow"))
    assert moved == pytest.approx(state["residual"] - 0.2)
    again.get_by_role("button", name="Reset").click()
    settle(again)
    assert_shows(again, GradientFlow())


def test_at_a_kink_all_slopes_are_told_and_one_is_chosen(visit):
    page = visit(GradientFlow(residual=0, losses=list(FLOW)).to_html())
    assert page.locator("line.ex-kink").count() == 2
    cell = page.locator('[data-number="absolute-psi"]')
    assert cell.inner_text().replace("\n", " ") == "0 of [\u22121, 1]"
