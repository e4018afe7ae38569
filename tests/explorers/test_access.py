"""For everyone: touch, keyboard, axe, narrow pages, less motion, asked of each explorer alike."""

import re

import pytest

from course_code.explorers import (
    DescentPath,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
)
from course_code.explorers._static import EXPLORERS
from course_code.explorers.gradient_flow import LOSSES as FLOW
from tests.axe import violations
from tests.explorers.driver import centre, settle, swipe
from tests.naming import label

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
PHONE = {"width": 360, "height": 700}
# Each with as much to see as it can show.
FULL = [
    DescentPath(epochs=20, schedule="step_decay", loss="huber"),
    GradientFlow(residual=0, losses=list(FLOW)),
    HuberDelta(delta=0.1),
    Likelihood(noise="laplace"),
    LossSurface(compare=True),
    LossTable(),
    OutlierLeverage(),
    QuantileFan(fan=True),
    TargetPractice(),
]


def test_all_are_looked_at():
    assert [explorer.module for explorer in FULL] == [explorer.module for explorer in EXPLORERS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_overflows(visit, scheme, width):
    body = "".join(explorer.to_html() for explorer in FULL)
    page = visit(body, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    surface = page.locator('[data-explorer="loss-surface"]')
    for loss in ("absolute", "Huber"):
        surface.get_by_label(loss).check()
        settle(page)
        assert violations(page, '[data-explorer="loss-surface"]') == []


def test_axe_sees_what_is_wrong(visit):
    page = visit(LossTable().to_html())
    page.evaluate("document.querySelector('.ex-slider span').remove()")
    assert [line.split(":")[0] for line in violations(page)] == ["label"]


# ---------------------------------------------------------------- what can be dragged


def handles(page):
    """What can be dragged: every handle, and of the points the first and the last."""
    dots = page.locator(".ex-dot").all()
    return [*page.locator("g.ex-here").all(), *dots[:1], *dots[1:][-1:]]


def places(page):
    """Where everything is that can be dragged or slid: in words, in the drawing, on its track."""
    return page.locator("[aria-valuetext]").evaluate_all(
        "all => all.map((e) => [e.ariaValueText, e.getAttribute('transform'), e.value])"
    )


@every
def test_a_finger_moves_each_handle_and_not_the_page(visit, explorer):
    page = visit(explorer().to_html(), has_touch=True, is_mobile=True, viewport=PHONE)
    page.evaluate("document.body.style.paddingBlock = '900px'")
    for handle in handles(page):
        x, y = centre(handle)
        box = handle.locator("xpath=ancestor::*[contains(@class, 'ex-panel')][1]").bounding_box()
        before, top = places(page), page.evaluate("scrollY")
        # Towards the middle of the drawing, so that there is room.
        dx = 30 if x < box["x"] + box["width"] / 2 else -30
        dy = 30 if y < box["y"] + box["height"] / 2 else -30
        swipe(page, x, y, dx, dy)
        assert places(page) != before, handle.get_attribute("aria-label")
        assert page.evaluate("scrollY") == top, handle.get_attribute("aria-label")


@every
def test_a_finger_moves_a_slider(visit, explorer):
    page = visit(explorer().to_html(), has_touch=True, is_mobile=True, viewport=PHONE)
    page.evaluate("document.body.style.paddingBlock = '900px'")
    for slider in page.locator("input[type=range]:visible").all():
        before, share = (
            places(page),
            (float(slider.input_value()) - number(slider, "min"))
            / (number(slider, "max") - number(slider, "min")),
        )
        x, y = centre(slider)
        width = slider.bounding_box()["width"]
        start = x + (share - 0.5) * (width - 18)
        swipe(page, start, y, 40 if share < 0.5 else -40, 0)
        assert places(page) != before


def number(element, name):
    return float(element.get_attribute(name))


@every
def test_a_finger_outside_the_handles_scrolls_the_page(visit, explorer):
    page = visit(explorer().to_html(), has_touch=True, is_mobile=True, viewport=PHONE)
    page.evaluate("document.body.style.paddingBlock = '900px'")
    start = places(page)
    drawings = page.locator(".ex-panel:visible").all()
    for part in [page.locator(".ex-verdict"), *drawings]:
        # Into the text, and onto the numbers along the lower edge of a drawing.
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 4
        top = page.evaluate("scrollY")
        swipe(page, x, y, 0, -120 if y > 300 else 120)
        page.wait_for_function("(top) => Math.abs(scrollY - top) > 20", arg=top)
    assert places(page) == start


@every
def test_each_arrow_moves_each_handle(visit, explorer):
    page = visit(explorer().to_html())
    for handle in handles(page):
        handle.focus()
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Shift+ArrowLeft"):
            before = places(page)
            page.keyboard.press(key)
            settle(page)
            assert places(page) != before, (handle.get_attribute("aria-label"), key)
    for slider in page.locator("input[type=range]:visible").all():
        slider.focus()
        for key in ("ArrowRight", "Shift+ArrowLeft"):
            before = places(page)
            page.keyboard.press(key)
            settle(page)
            assert places(page) != before, (slider.evaluate("(e) => e.labels[0].textContent"), key)


@every
def test_tab_reaches_every_control_and_leaves(visit, explorer):
    page = visit(explorer().to_html() + "<button id='last'>last</button>")
    # Of radio buttons of one name only the chosen one is a stop, and of the points only one.
    wanted = page.evaluate(
        """() => {
        const all = document.querySelectorAll(
          ".ex :is(button, select, input, summary, [role=slider], [role=region])");
        const dots = [...document.querySelectorAll(".ex-dot")];
        const stops = [...all].filter((e) => e.checkVisibility() && !e.disabled
          && !(e.type === "radio" && !e.checked)
          && !dots.includes(e));
        window.visited = new Set();
        addEventListener("focusin", (event) => visited.add(event.target));
        const points = () => dots.filter((dot) => visited.has(dot)).length;
        window.missed = () => stops.filter((e) => !visited.has(e)).map((e) => e.outerHTML)
          .concat(points() === Math.min(dots.length, 1) ? [] : `${points()} points`);
        document.querySelector("h1").tabIndex = -1;
        document.querySelector("h1").focus();
        return stops.length + 1;
        }"""
    )
    for _ in range(wanted + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("missed()") == []
    assert page.evaluate("visited.has(document.getElementById('last'))")


@every
def test_every_handle_has_a_name_and_a_value_in_words(visit, explorer):
    page = visit(explorer().to_html())
    for handle in page.get_by_role("slider").all():
        told = handle.get_attribute("aria-valuetext")
        assert re.search(r"\d", told), told
    snapshot = page.locator(".ex").aria_snapshot()
    assert not re.search(r"- (slider|button|checkbox|radio|spinbutton|combobox)$", snapshot, re.M)


# ---------------------------------------------------------------- motion

MOVING = [
    (LossSurface(), "Go to the best line", "squared-now"),
    (Likelihood(), "Best location", "nll"),
    (DescentPath(), "Run", "now-loss"),
]


def test_nothing_moves_unasked(visit):
    page = visit("".join(explorer.to_html() for explorer in FULL))
    settle(page)
    changed = page.evaluate(
        """() => new Promise((done) => {
        const seen = [];
        const watch = new MutationObserver((changes) => seen.push(...changes));
        const parts = { subtree: true, childList: true, attributes: true, characterData: true };
        watch.observe(document.body, parts);
        setTimeout(() => done(seen.length + document.getAnimations().length), 400);
        })"""
    )
    assert changed == 0


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize(("explorer", "button", "watched"), MOVING, ids=label)
def test_less_motion_goes_there_at_once(visit, explorer, button, watched, motion):
    page = visit(explorer.to_html(), reduced_motion=motion)
    passed = page.evaluate(
        """([button, watched]) => new Promise((done) => {
        const shown = document.querySelector(`[data-number="${watched}"]`);
        const values = new Set([shown.dataset.value]);
        const end = performance.now() + 500;
        const look = () => {
          values.add(shown.dataset.value);
          if (performance.now() < end) requestAnimationFrame(look);
          else done(values.size);
        };
        [...document.querySelectorAll("button")].find((b) => b.textContent === button).click();
        look();
        })""",
        [button, watched],
    )
    # Before, and after; or many on the way.
    assert passed == 2 if motion == "reduce" else passed > 4
