"""What every explorer is in Python: traits, the output of a cell, a still picture."""

import json
import xml.etree.ElementTree as ElementTree

import ipywidgets
import numpy as np
import pytest

from course_code import explorers
from course_code.explorers import Explorer, LossSurface
from course_code.explorers._picture import sublevel
from course_code.explorers._static import EXPLORERS
from course_code.explorers.loss_surface import PRESETS


def test_python_reads_sets_observes_and_links():
    surface, slider, twin = LossSurface(), ipywidgets.FloatSlider(), LossSurface()
    seen = []
    surface.observe(lambda change: seen.append(change["new"]), "slope")
    surface.slope = 1.5
    surface.points = np.array([[0, 1], [1, 3]])
    assert seen == [1.5]
    assert surface.points == [[0.0, 1.0], [1.0, 3.0]]
    assert (surface.x.tolist(), surface.y.tolist()) == ([0.0, 1.0], [1.0, 3.0])
    link = ipywidgets.jslink((slider, "value"), (surface, "slope"))
    assert link.source == (slider, "value")
    ipywidgets.link((surface, "points"), (twin, "points"))
    assert twin.points == surface.points


def test_the_first_preset_fills_in_what_is_not_given():
    presets = [{"name": "mine", "points": [[0, 1], [1, 3]], "slope": 2, "intercept": 1}]
    surface = LossSurface(presets=presets, slope=-1)
    assert (surface.points, surface.slope, surface.intercept) == ([[0, 1], [1, 3]], -1, 1)
    assert LossSurface(presets=[]).points == LossSurface().points


def test_instances_do_not_share_their_lists():
    first, second = LossSurface(), LossSurface()
    first.points[0][0] = 99.0
    first.presets[0]["points"][0][0] = 99.0
    assert second.state() == LossSurface().state()
    assert PRESETS[0]["points"][0][0] == -3


def test_every_explorer_reaches_the_site():
    assert {explorer.__name__ for explorer in EXPLORERS} == set(explorers.__all__) - {
        *("Explorer", "write_static")
    }


def test_an_explorer_that_says_nothing_about_itself_is_refused():
    class Silent(Explorer):
        pass

    silent = Silent()
    with pytest.raises(TypeError, match="Silent must say what its picture shows"):
        silent.alt()
    with pytest.raises(TypeError, match="Silent must draw its picture"):
        silent.picture()


def figure(surface):
    """The attributes of the figure and of its picture."""
    root = ElementTree.fromstring(surface.to_html().replace('">' + "<figcaption", '"/><figcaption'))
    return root.attrib, root.find("img").attrib


def mimebundle(surface):
    data, _ = surface._repr_mimebundle_()
    return data


def test_the_output_is_a_widget_and_a_page_and_the_same_on_every_run():
    first, second = (mimebundle(LossSurface(slope=0.1 + 0.2)) for _ in range(2))
    assert "model_id" in first.pop("application/vnd.jupyter.widget-view+json")
    del second["application/vnd.jupyter.widget-view+json"]
    assert first == second
    assert "0x" not in first["text/plain"]
    assert first["text/plain"].startswith("Two panels. Left: 8 points, a line of slope 0.3")


def test_the_page_carries_the_whole_state_and_no_model():
    surface = LossSurface(labels=['years since "1950"', "<calls> & 'more'"])
    attributes, picture = figure(surface)
    assert json.loads(attributes["data-state"]) == surface.state()
    assert attributes["data-explorer"] == "loss-surface"
    assert surface.model_id not in surface.to_html()
    assert picture["alt"] == surface.alt()
    assert set(surface.state()) == {
        *("points", "slope", "intercept", "loss", "delta", "compare"),
        *("marked", "labels", "view", "presets"),
    }


def test_rings_follow_the_level():
    def bowl(a, b):
        return (a - 1) ** 2 + 4 * (b + 2) ** 2

    rings = sublevel(bowl, (1, -2), [1, 4], (10, 10))
    np.testing.assert_allclose(bowl(rings[0, :, 0], rings[0, :, 1]), 1, atol=1e-9)
    np.testing.assert_allclose(bowl(rings[1, :, 0], rings[1, :, 1]), 4, atol=1e-9)
    cut = sublevel(bowl, (1, -2), [1e6], (10, 10))
    np.testing.assert_allclose(np.hypot(cut[..., 0] - 1, cut[..., 1] + 2), 10)
