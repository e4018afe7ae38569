"""A state that breaks a rule is told in its place, in Python and on a page; the rest goes on."""

import html
import json
import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from course_code.explorers import LossSurface
from course_code.explorers._static import EXPLORERS
from tests.explorers.driver import settle
from tests.explorers.numbers import assert_shows

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
CROWD = {"points": [[0, 0]] * 10_000, "values": [0] * 10_000}


def figure(explorer, text):
    """A figure as the page of a book holds it, with this text for its state."""
    return f'<figure data-explorer="{explorer.module}" data-state="{html.escape(text)}"></figure>'


def spoilt(state):
    """Ways to spoil a state: (name of the trait or of the whole, the spoilt state as text)."""
    for name, value in state.items():
        yield name, json.dumps({k: v for k, v in state.items() if k != name})
        yield name, json.dumps({**state, name: None})
        wrong = "steep" if not isinstance(value, str) else 3
        yield name, json.dumps({**state, name: wrong})
        if isinstance(value, list) and value:
            yield name, json.dumps({**state, name: [*value, {"x": 1}]})
            yield name, json.dumps({**state, name: [True] * len(value)})
        if name in CROWD:
            yield name, json.dumps({**state, name: CROWD[name]})
    yield "colour", json.dumps({**state, "colour": 1})
    number = next(name for name, value in state.items() if name not in ("presets", "labels"))
    yield "data-state", json.dumps({**state, number: float("nan")})
    yield "data-state", json.dumps(state)[:-1]
    yield "data-state", "[]"
    yield "data-state", "null"


@every
def test_a_page_tells_what_is_wrong_and_goes_on(visit, explorer):
    cases = list(spoilt(explorer().state()))
    body = "".join(figure(explorer, text) for _, text in cases)
    page = visit(body + explorer().to_html())
    notes = page.locator("figure > .ex-message").all_inner_texts()
    assert len(notes) == len(cases)
    for (name, text), note in zip(cases, notes, strict=True):
        start = f"This explorer could not start: {name}: "
        assert note.startswith(start), (note, text[:200])
        assert re.search("must |cannot be read|is not part", note), note
        # A crowd or a long list is not poured out.
        assert len(note) < 300
    expect(page.locator("#after")).to_be_visible()
    assert_shows(page.locator("figure").last, explorer())


@every
def test_a_state_that_breaks_later_shows_its_message_until_it_is_mended(mounted, explorer):
    page = mounted(explorer())
    for name in explorer().state():
        told = page.evaluate(
            """async (name) => {
            const frame = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
            const was = model.get(name);
            const seen = (query) => document.querySelector(query).checkVisibility();
            const told = [];
            for (const bad of [NaN, null, { a: 1 }]) {
              model.set(name, bad);
              await frame();
              const text = document.querySelector(".ex-message").textContent;
              told.push([seen(".ex-message"), seen(".ex-body"), text]);
            }
            model.set(name, was);
            await frame();
            told.push([seen(".ex-message"), seen(".ex-body"), ""]);
            return told;
            }""",
            name,
        )
        for note_seen, body_seen, text in told[:-1]:
            assert (note_seen, body_seen) == (True, False)
            assert text.startswith(f"This explorer cannot show its state. {name}: must "), text
        assert told[-1] == [False, True, ""]
    settle(page)
    assert_shows(page.locator("#here"), explorer())


@every
def test_a_link_that_cannot_be_read_shows_the_start_and_says_so(visit, explorer):
    start = explorer().state()
    name = next(name for name in start if name not in ("presets", "labels"))
    page = visit(explorer().to_html())
    bad = ["{", "%", json.dumps({name: "steep"}), json.dumps({"colour": 1}), "[1]", "3"]
    bad += [json.dumps({name: crowd}) for name, crowd in CROWD.items() if name in start]
    for text in bad:
        page.evaluate("(hash) => { location.hash = hash }", f"explorer-{explorer.module}={text}")
        page.reload()
        note = page.get_by_role("note").first
        expect(note).to_contain_text("The state in this link cannot be read. Here is the start.")
        assert_shows(page.locator("figure"), explorer())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<figure data-explorer="loss-surface"></figure>', "data-state: must be an object"),
        ('<figure data-explorer="../host"></figure>', 'there is no explorer called "../host"'),
    ],
)
def test_a_figure_that_names_no_explorer_or_has_no_state_says_so(visit, body, message):
    page = visit(body + LossSurface().to_html())
    note = page.get_by_role("note").first
    expect(note).to_contain_text(f"This explorer could not start: {message}")
    assert_shows(page.locator("figure").last, LossSurface())


# ---------------------------------------------------------------- Python

JUNK = [None, object(), float("nan"), np.inf, "steep", {"a": 1}, [[1], [2, 3]], [np.nan, 1.0]]
TRAITS = [(explorer, name) for explorer in EXPLORERS for name in explorer().state()]


@pytest.mark.parametrize(("explorer", "name"), TRAITS)
def test_python_refuses_what_is_not_a_value_of_the_trait(explorer, name):
    it = explorer()
    before = it.state()
    for junk in [*JUNK, *([CROWD[name]] if name in CROWD else [])]:
        with pytest.raises((ValueError, traitlets.TraitError), match=rf"^{name}: .+; got "):
            setattr(it, name, junk)
        with pytest.raises((ValueError, traitlets.TraitError), match=rf"^{name}: .+; got "):
            explorer(**{name: junk})
    assert it.state() == before


@every
def test_python_refuses_what_is_not_a_trait(explorer):
    with pytest.raises(ValueError, match=rf"^colour: is not a trait of {explorer.__name__}; got 1"):
        explorer(colour=1)
