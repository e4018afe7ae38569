"""The figures of "Two hundred and sixty years": what is drawn is what was computed."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from course_code import figures
from course_code.figures import ABSOLUTE, OUTLIER, SQUARED, Event
from tests.drawing import labelled

EVENTS = [
    Event(1757, "Boscovich: zero sum", "absolute values"),
    Event(1805, "Legendre: squares", "squares"),
    Event(1809, "Gauss: squares", "squares"),
    Event(1964, "Huber: between the two", "both"),
]
PLACES, X = ["Quito", "Cape", "Lapland"], np.array([0.0, 0.3, 0.8])
Y = np.array([56751.0, 57037.0, 57422.0])
LINES = {"least squares": (800.0, 56760.0), "Boscovich": (790.0, 56751.0)}
SHARES = np.array([1e-4, 1e-2, 0.5])
CURVES, CROSSINGS = {"spread": np.array([0.9, 1.4, 1.1])}, {"spread": 0.002}
TRACKS = {"circle": ([50.0, 180.0], [20.0, 15.0]), "ellipse": ([50.0, 190.0], [20.0, 10.0])}

DRAWN = {
    "timeline": lambda **ax: figures.timeline(EVENTS, **ax),
    "arcs_and_lines": lambda **ax: figures.arcs_and_lines(PLACES, X, Y, LINES, **ax),
    "median_stairs": lambda **ax: figures.median_stairs([2, -1, 1], [2, 1, 2], "bac", **ax),
    "sky_map": lambda **ax: figures.sky_map(
        ([54, 55], [16, 17]), TRACKS, {"found": (188, 10, (-9, 0))}, **ax
    ),
    "efficiency_curves": lambda **ax: figures.efficiency_curves(SHARES, CURVES, CROSSINGS, **ax),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_letters_fit_a_phone(draw):
    given = figures.new_axes()
    ax = draw(ax=given)
    assert ax is given
    assert ax.get_ylabel()
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    texts = [t for t in ax.figure.findobj(Text) if t.get_text() and t.get_visible()]
    assert min(t.get_fontsize() / 72 * 340 / ax.figure.get_figwidth() for t in texts) > 9
    page = ax.figure.bbox
    for text in [*ax.texts, *(ax.get_legend().get_texts() if ax.get_legend() else [])]:
        box = text.get_window_extent(canvas.get_renderer())
        assert box.x0 >= page.x0
        assert box.x1 <= page.x1
        assert box.y1 <= page.y1


def test_the_timeline_ties_every_row_to_its_year_and_its_side():
    ax = DRAWN["timeline"]()
    assert [t.get_text() for t in ax.texts[::2]] == ["1757", "1805", "1809", "1964"]
    assert [t.get_text() for t in ax.texts[1::2]] == [event.text for event in EVENTS]
    on_axis = [line for line in ax.lines if list(line.get_xdata()) == [0]]
    assert [line.get_ydata()[0] for line in on_axis] == [1757, 1805, 1809, 1964]
    assert on_axis[0].get_color() == ABSOLUTE
    assert on_axis[1].get_color() == SQUARED
    assert on_axis[0].get_marker() != on_axis[1].get_marker()
    rows = [text.get_position()[1] for text in ax.texts[::2]]
    np.testing.assert_allclose(np.diff(rows), 69)
    assert ax.yaxis_inverted()


def test_each_rule_has_its_line_and_each_arc_its_name():
    ax = DRAWN["arcs_and_lines"]()
    line = labelled(ax, "least squares")
    np.testing.assert_allclose(line.get_ydata(), 56760 + 800 * np.array(line.get_xdata()))
    assert line.get_color() == SQUARED
    assert labelled(ax, "Boscovich").get_color() == ABSOLUTE
    assert [text.get_text() for text in ax.texts] == PLACES


def test_the_stairs_climb_the_weights_and_the_dot_is_at_the_median():
    ax = DRAWN["median_stairs"]()
    (stairs,) = ax.patches
    np.testing.assert_allclose(stairs.get_data().values, [0, 1, 3, 5])
    np.testing.assert_allclose(stairs.get_data().edges[1:-1], [-1, 1, 2])
    dot = ax.lines[-1]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (1, 2.5)
    assert [text.get_text() for text in ax.texts] == ["half of the weight", "a", "c", "b"]


def test_the_sky_has_east_on_the_left_and_the_found_place_is_a_diamond():
    ax = DRAWN["sky_map"]()
    assert ax.xaxis_inverted()
    (found,) = [line for line in ax.lines if line.get_marker() == "D"]
    assert found.get_color() == OUTLIER
    assert list(found.get_xdata()) == [188]
    np.testing.assert_allclose(labelled(ax, "ellipse").get_xydata(), [[50, 20], [190, 10]])
    figures.sky_map(([54, 55], [16, 17]), {}, ax=ax)
    assert ax.xaxis_inverted()


def test_the_crossing_is_marked_on_the_line_of_equal_precision():
    ax = DRAWN["efficiency_curves"]()
    assert ax.get_xscale() == "log"
    assert list(labelled(ax, "spread").get_ydata()) == [0.9, 1.4, 1.1]
    (dot,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (0.002, 1)
    assert [text.get_text() for text in ax.texts] == ["0.2 %"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.timeline(EVENTS[:1]), "events: must hold at least two, in order"),
        (lambda: figures.timeline(EVENTS[::-1]), "events: must hold at least two, in order"),
        (lambda: figures.timeline([(1, "a", "?"), (2, "b", "?")]), "side: must be one of"),
        (lambda: figures.arcs_and_lines(PLACES, X, Y, {"my rule": (1, 2)}), "lines: must be one"),
        (lambda: figures.efficiency_curves([0.0, 1], CURVES, CROSSINGS), "eps: must be positive"),
        (lambda: figures.efficiency_curves([1], dict.fromkeys("abc"), {}), "curves: must be one"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
