"""The likelihood: what the explorer computes, draws and shows."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy import stats
from sklearn.metrics import (
    mean_absolute_error,
    mean_squared_error,
)

from course_code.explorers import (
    Likelihood,
)
from tests.explorers.driver import drag, link_state, settle
from tests.explorers.numbers import assert_shows


def likelihood_preset(name, **traits):
    """A `Likelihood` in the state of one of its presets."""
    preset = next(p for p in Likelihood().presets if p["name"] == name)
    return Likelihood(**{**{k: v for k, v in preset.items() if k != "name"}, **traits})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("values", [1.0], "values: must be 2 to 40 numbers; got 1"),
        ("values", [1.0, np.nan], "values: must hold finite numbers only; got nan"),
        ("values", [[1.0, 2.0]], "values: must be 1-dimensional; got shape (1, 2)"),
        ("noise", "cauchy", "noise: must be one of 'gaussian', 'laplace'; got cauchy"),
        ("scale", 0, "scale: must be a positive finite number; got 0"),
        ("location", "left", "location: must be a finite number; got left"),
        ("view", [1.0, 1.0], "view: must be increasing; got [1.0, 1.0]"),
        ("view", [1.0], "view: must be 2 to 2 numbers; got 1"),
    ],
)
def test_the_likelihood_explorer_refuses_bad_values(name, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Likelihood(**{name: value})


@pytest.mark.parametrize("noise", ["gaussian", "laplace"])
@pytest.mark.parametrize("preset", [preset["name"] for preset in Likelihood().presets])
def test_the_likelihood_is_scipys_and_the_identity_holds(preset, noise):
    explorer = likelihood_preset(preset, noise=noise)
    family = {"gaussian": stats.norm, "laplace": stats.laplace}[noise]
    values, m, scale = np.array(explorer.values), explorer.location, explorer.scale
    found = -family.logpdf(values, m, scale).sum()
    assert explorer.minus_log_likelihood == pytest.approx(found)
    n, loss = len(values), explorer.loss_value
    if noise == "gaussian":
        assert loss == pytest.approx(mean_squared_error(values, np.full(n, m)))
        told = n / 2 * np.log(2 * np.pi * scale**2) + n * loss / (2 * scale**2)
    else:
        assert loss == pytest.approx(mean_absolute_error(values, np.full(n, m)))
        told = n * np.log(2 * scale) + n * loss / scale
    assert told == pytest.approx(found)
    # SciPy's own fit finds the best pair; with the location held, the best scale.
    held = family.fit(values, floc=m)[1]
    assert explorer.best_scale == pytest.approx(held, rel=1e-4)
    low, high = explorer.best
    assert low - 1e-9 <= family.fit(values)[0] <= high + 1e-9
    least = explorer.nll_at(low)
    assert explorer.nll_at(high) == pytest.approx(least)
    assert explorer.nll_at(low - 0.1) > least
    assert explorer.nll_at(high + 0.1) > least


@pytest.mark.parametrize("noise", ["gaussian", "laplace"])
@pytest.mark.parametrize("scale", [1e-300, 0.01, 3.0, 1e6])
def test_the_likelihood_explorers_picture_shows_its_values(noise, scale):
    explorer = Likelihood(noise=noise, scale=scale)
    assert len(explorer.picture()) < 15_000
    assert "nan" not in explorer.picture()
    assert "inf" not in explorer.picture()
    drawn = ElementTree.fromstring(explorer.picture())
    tags = [element.tag.split("}")[1] for element in drawn.iter()]
    # Values, two handles, two ends of the best locations; bars, two curves, the best.
    assert (tags.count("circle"), tags.count("polyline")) == (10 + 4, 10 + 3)
    assert noise.capitalize() in explorer.alt()


def test_where_every_value_is_the_location_no_scale_is_best():
    with pytest.raises(ValueError, match=r"^r: "):
        Likelihood(values=[3, 3], location=3).best_scale  # noqa: B018


def test_the_noise_is_slid_chosen_and_linked_and_the_page_agrees_with_python(visit):
    explorer = Likelihood()
    page = visit(explorer.to_html(), reduced_motion="reduce")
    said = page.locator(".ex-verdict")
    assert_shows(page, explorer)
    page.get_by_label("Location m").fill("25")
    page.get_by_role("slider", name="Scale").fill("12")
    settle(page)
    explorer.location, explorer.scale = 25, 12
    assert_shows(page, explorer)
    page.get_by_role("radio", name="Laplace").check()
    settle(page)
    explorer.noise = "laplace"
    assert_shows(page, explorer)
    for preset in explorer.presets:
        page.get_by_label("Data").select_option(preset["name"])
        for noise in ("gaussian", "laplace"):
            page.get_by_role("radio", name=noise.capitalize()).check()
            settle(page)
            there = likelihood_preset(preset["name"], noise=noise)
            assert_shows(page, there)
            page.get_by_role("button", name="Best location").click()
            settle(page)
            there.location = sum(there.best) / 2
            expect(said).to_contain_text(
                "is a median" if there.best[0] < there.best[1] else "the m"
            )
            page.get_by_role("button", name="Best scale").click()
            settle(page)
            there.scale = there.best_scale
            assert_shows(page, there)
            expect(said).to_contain_text("The scale is the best one here")
            page.get_by_label("Data").select_option("one far value")
            page.get_by_label("Data").select_option(preset["name"])
    page.get_by_role("button", name="Reset").click()
    settle(page)
    # By hand: a value, the density, the dot on the curve; by keys; by typing.
    drag(page.get_by_role("slider", name="Value 6 of 10"), 60, 0)
    drag(page.get_by_role("slider", name="Location, on the density"), 30, 0)
    drag(page.get_by_role("slider", name="Location, on the curve"), 30, 0)
    page.keyboard.press("Shift+ArrowLeft")
    page.get_by_role("slider", name="Value 6 of 10").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(page.get_by_role("slider", name="Value 7 of 10")).to_be_focused()
    page.keyboard.press("Delete")
    page.get_by_role("spinbutton", name="y").fill("12.5")
    page.get_by_role("spinbutton", name="y").press("Enter")
    page.get_by_role("button", name="Add").click()
    state, fragment = link_state(page)
    assert state.keys() == {"values", "location"}
    assert state["values"][5] > -44
    assert state["location"] > 0
    assert state["values"][6:] == [12.5, *Likelihood().values[8:], 30]
    moved = Likelihood(**{**Likelihood().state(), **state})
    assert_shows(page, moved)
    assert_shows(visit(Likelihood().to_html(), fragment), moved)


def test_the_likelihood_explorer_shows_what_is_extreme(visit):
    page = visit(Likelihood(values=[3, 3], location=3, scale=1e-300).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("the smaller the scale, the better")
    expect(page.get_by_role("button", name="Best scale")).to_be_disabled()
    page = visit(Likelihood(scale=1e-300).to_html())
    expect(page.locator(".ex-verdict")).to_contain_text("too large a number")
