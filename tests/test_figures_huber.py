"""The figures of "Huber and its family": what is drawn is what was computed."""

import numpy as np
import pytest

from course_code import figures
from course_code.figures import ABSOLUTE, HUBER, SQUARED
from course_code.influence import contamination
from course_code.losses import Huber, LogCosh, SmoothL1, Tukey, mae, mse
from course_code.noise import Gaussian, HuberDensity
from tests.drawing import check_layout, labelled

X, Y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0, -5.0])
OUT = np.array([False, False, False, True])
FAMILY = [Huber(1.0), SmoothL1(0.5), LogCosh(), Tukey(4.685)]

DRAWN = {
    "family_curves": lambda **ax: figures.family_curves(FAMILY, "psi", **ax),
    "least_favourable": lambda **ax: figures.least_favourable(1.345, **ax),
    "sensitivity_curves": lambda **ax: figures.sensitivity_curves(
        [0, 1, 2], {mse: [0, 1, 2], mae: [0, 1, 1], Tukey(3.0): [0, 1, 0]}, **ax
    ),
    "majoriser": lambda **ax: figures.majoriser(Huber(1.0), 2.5, **ax),
    "lines_from_starts": lambda **ax: figures.lines_from_starts(
        X, Y, {"up": (1.0, 0.0), "down": (-1.0, 1.0)}, OUT, "odd", **ax
    ),
    "two_valleys": lambda **ax: figures.two_valleys([0, 0.5, 1], [1, 3, 2], ["a", "b"], **ax),
    "efficiency_by_threshold": lambda **ax: figures.efficiency_by_threshold(
        [0.1, 1, 5],
        {"one": [0.6, 0.9, 1.0], "two": [1.0, 0.8, 0.5]},
        {"one": ([1.0], [0.89], [0.01])},
        marks=[1.345],
        **ax,
    ),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    check_layout(draw)


@pytest.mark.parametrize("what", ["rho", "psi", "curvature"])
def test_each_relative_is_drawn_with_its_own_values_and_look(what):
    ax = figures.family_curves(FAMILY, what)
    looks = {(line.get_color(), str(line._dash_pattern)) for line in ax.lines}
    assert len(looks) == len(FAMILY)
    for loss, line in zip(FAMILY, ax.lines, strict=True):
        r, values = line.get_data()
        kept = ~np.isnan(r)
        np.testing.assert_allclose(values[kept], getattr(loss, what)(r[kept]))


def test_a_jump_is_a_gap_and_the_legend_can_be_left_out():
    ax = figures.family_curves([Huber(1.0)], "curvature", legend=False)
    (line,) = ax.lines
    assert np.isnan(line.get_ydata()).sum() == 2
    assert ax.get_legend() is None


def test_the_bad_part_lies_between_the_gaussian_part_and_the_density():
    k = 1.345
    ax = figures.least_favourable(k)
    x, worst = labelled(ax, "least favourable density").get_data()
    np.testing.assert_allclose(np.log(worst), HuberDensity(1.0, k).log_density(x))
    bad = next(patch for patch in ax.collections if patch.get_label() == "bad part")
    corners = bad.get_paths()[0].vertices
    good = (1 - contamination(k)) * np.exp(Gaussian().log_density(corners[:, 0]))
    top = np.exp(HuberDensity(1.0, k).log_density(corners[:, 0]))
    assert (corners[:, 1] >= good * (1 - 1e-9)).all()
    assert (corners[:, 1] <= top * (1 + 1e-9)).all()
    assert ax.get_yscale() == "log"


def test_sensitivities_are_drawn_as_given():
    ax = DRAWN["sensitivity_curves"]()
    assert list(labelled(ax, "squared error").get_ydata()) == [0, 1, 2]
    assert labelled(ax, "absolute error").get_color() == ABSOLUTE


def test_the_parabola_touches_the_loss_and_lies_above_it():
    ax = DRAWN["majoriser"]()
    r, parabola = labelled(ax, "parabola: weighted square").get_data()
    rho = labelled(ax, "Huber, δ = 1").get_ydata()
    assert (parabola >= rho - 1e-12).all()
    touching = np.isclose(np.abs(r), 2.5)
    np.testing.assert_allclose(parabola[touching], rho[touching])
    assert labelled(ax, "parabola: weighted square").get_color() == SQUARED


def test_lines_from_two_starts_differ_in_dashes_and_not_in_colour():
    ax = DRAWN["lines_from_starts"]()
    up, down = labelled(ax, "up"), labelled(ax, "down")
    assert list(up.get_ydata()) == [0, 3]
    assert list(down.get_ydata()) == [1, -2]
    assert up.get_color() == down.get_color() == HUBER
    assert up.get_linestyle() != down.get_linestyle()


def test_the_two_minima_are_marked_at_both_ends():
    ax = DRAWN["two_valleys"]()
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines[1:]]
    assert dots == [(0, 1), (1, 2)]
    assert [text.get_text() for text in ax.texts] == ["from a", "from b"]


def test_efficiencies_are_in_per_cent_with_two_standard_errors():
    ax = DRAWN["efficiency_by_threshold"]()
    np.testing.assert_allclose(labelled(ax, "one").get_ydata(), [60, 90, 100])
    (bars,) = ax.containers
    point, _, (lines,) = bars.lines
    np.testing.assert_allclose(point.get_data(), [[1], [89]])
    np.testing.assert_allclose(lines.get_segments()[0][:, 1], [87, 91])
    assert list(ax.lines[0].get_xdata()) == [1.345, 1.345]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [
        "0.1",
        "0.2",
        "0.5",
        "1",
        "2",
        "5",
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.family_curves(FAMILY, "slope"), "what: must be"),
        (lambda: figures.family_curves(["huber"]), "loss: must be a loss"),
        (lambda: figures.least_favourable(0), "k: must be"),
        (lambda: figures.majoriser(Huber(1.0), -1), "touch: must be"),
        (lambda: figures.two_valleys([0, 1], [1, 2], ["a"]), "names: must be two; got 1"),
        (
            lambda: figures.lines_from_starts(X, Y, dict.fromkeys("abc", (1.0, 0.0))),
            "lines: must be one or two; got 3",
        ),
        (
            lambda: figures.efficiency_by_threshold([1, 2], {name: [1, 1] for name in "abcd"}),
            "curves: must be one to three; got 4",
        ),
        (lambda: figures.efficiency_by_threshold([1, 2], {"a": [1]}), "curves: must have"),
        (lambda: figures.sensitivity_curves([1, 2], {mse: [1]}), "curves: must have"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
