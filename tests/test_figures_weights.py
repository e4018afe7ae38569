"""Figures of the losses on the weights, by what is drawn."""

import numpy as np
import pytest

from course_code import figures
from course_code.datasets import stackloss
from course_code.figures import ABSOLUTE, DATA, INK, SQUARED
from course_code.figures.weights import _apart
from course_code.losses import Huber, mae, mse
from course_code.regression import CrossValidation, lasso, ridge, soft_threshold, standardize
from tests.drawing import check_layout, labelled

B = np.linspace(-3, 3, 61)
PLANT = stackloss()
STACK = PLANT["stack_loss"]
PAIR = standardize(np.column_stack([PLANT["air_flow"], PLANT["acid_conc"]]))[0]
STRENGTHS = np.geomspace(10, 0.01, 50)
PATHS = ridge(PAIR, STACK, 21 * STRENGTHS).coef
LASSO = lasso(PAIR, STACK, 2.0).coef
FOUND = CrossValidation(
    np.array([8.0, 4.0, 2.0, 1.0]), np.array([[9.0, 5.0, 4.0, 6.0], [11.0, 7.0, 6.0, 8.0]])
)

DRAWN = {
    "weight_rules": lambda **ax: figures.weight_rules(
        B, {(mse, "ridge"): B / 2, (None, "mean"): B / 3}, "before", "after", **ax
    ),
    "weight_paths": lambda **ax: figures.weight_paths(
        STRENGTHS, PATHS, ["air", "acid"], mse, ["acid"], [0.15], **ax
    ),
    "budget": lambda **ax: figures.budget(PAIR, STACK, LASSO, mae, ("air", "acid"), **ax),
    "validation_curve": lambda **ax: figures.validation_curve(FOUND, mae, **ax),
    "sticks": lambda **ax: figures.sticks([1.0, 0.0, -2.0], "day", "residual", **ax),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@every_figure
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    ax = check_layout(draw)
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x0 >= ax.get_window_extent().x0 - 1
        assert box.x1 <= ax.figure.bbox.x1


def test_rules_are_drawn_beside_the_diagonal():
    ax = DRAWN["weight_rules"]()
    np.testing.assert_allclose(labelled(ax, "ridge").get_ydata(), B / 2)
    assert labelled(ax, "ridge").get_color() == SQUARED
    assert labelled(ax, "mean").get_color() == INK
    np.testing.assert_allclose(ax.lines[0].get_ydata(), B)
    kept = soft_threshold(B, 1.0)
    parts = {(mae, "kept"): kept, (Huber(1.0), "taken"): B - kept}
    ax = figures.weight_rules(B, parts, "r", "part", diagonal=False)
    assert len(ax.lines) == 2


def test_paths_are_named_and_the_highlighted_one_is_coloured():
    ax = DRAWN["weight_paths"]()
    for j, (name, colour) in enumerate([("air", DATA), ("acid", SQUARED)]):
        line = labelled(ax, name)
        np.testing.assert_allclose(line.get_ydata(), PATHS[:, j])
        assert line.get_color() == colour
    assert [text.get_text() for text in ax.texts] == ["air", "acid"]
    (dot,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (0.15, 0)
    assert ax.get_xscale() == "log"


def test_without_highlights_all_paths_are_coloured():
    ax = figures.weight_paths(STRENGTHS, PATHS, ["air", "acid"], mae)
    assert {labelled(ax, name).get_color() for name in ("air", "acid")} == {ABSOLUTE}


@pytest.mark.parametrize(
    ("loss", "weights", "norm"),
    [
        (mse, ridge(PAIR, STACK, 21 * 0.7).coef, lambda v: np.hypot(*v)),
        (mae, LASSO, lambda v: np.abs(v).sum()),
        (mae, lasso(PAIR, STACK, 0.1).coef, lambda v: np.abs(v).sum()),
    ],
    ids=["ridge", "lasso at a corner", "lasso on an edge"],
)
def test_a_contour_touches_the_budget_at_the_weights(loss, weights, norm):
    ax = figures.budget(PAIR, STACK, weights, loss, ("air", "acid"))
    edge = next(line for line in ax.lines if len(line.get_xdata()) > 2)
    assert edge.get_color() == figures.look(loss)["color"]
    outline = np.array(edge.get_data())
    np.testing.assert_allclose([norm(v) for v in outline.T], norm(weights), rtol=1e-9)

    def error(b):
        return np.sum((STACK - STACK.mean() - PAIR @ b) ** 2)

    inner, touching = (c.get_paths()[0].vertices for c in ax.collections[:2])
    at_contour = [error(b) for b in touching]
    np.testing.assert_allclose(at_contour, error(weights), rtol=2e-3)
    # Nowhere does the contour go inside the budget; the inner one stays clear of it.
    assert min(norm(v) for v in touching) >= norm(weights) * (1 - 1e-3)
    assert min(norm(v) for v in inner) > norm(weights)
    cross, dot = ax.lines[-2:]
    least = np.linalg.lstsq(PAIR, STACK - STACK.mean(), rcond=None)[0]
    np.testing.assert_allclose(np.ravel(cross.get_data()), least)
    np.testing.assert_allclose(np.ravel(dot.get_data()), weights)


def test_the_two_choices_stand_on_the_curve_inside_its_band():
    ax = DRAWN["validation_curve"]()
    assert labelled(ax, "mean of the folds").get_ydata().tolist() == [10, 6, 5, 7]
    assert np.ravel(labelled(ax, "smallest").get_data()).tolist() == [2, 5]
    assert np.ravel(labelled(ax, "one standard error").get_data()).tolist() == [4, 6]
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (4, 11)


def test_zeros_are_ringed_and_the_others_stand_on_sticks():
    ax = DRAWN["sticks"]()
    (sticks,) = ax.collections
    assert [s[:, 1].tolist() for s in sticks.get_segments()] == [[0, 1], [0, -2]]
    dots, rings = (line for line in ax.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [1, 3]
    assert rings.get_xdata().tolist() == [2]
    near = figures.sticks([1e-9, 0.0], "day", "residual")
    assert len(near.collections[0].get_segments()) == 1  # small is not zero


@pytest.mark.parametrize("heights", [[0.0, 0.1, 5.0], [3.0, 3.0, 3.0, 2.5], [1.0]])
def test_labels_are_pushed_apart_and_keep_their_order(heights):
    spread = _apart(np.array(heights), 1.0)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(spread[order]) >= 1 - 1e-12).all()
    assert spread.mean() == pytest.approx(np.mean(heights))
    far = np.array([0.0, 2.0, 7.0])
    np.testing.assert_allclose(_apart(far, 1.0), far)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.weight_rules(B, {}, "x", "y"), "curves: must hold at least one"),
        (
            lambda: figures.weight_paths(STRENGTHS, PATHS, ["air"], mse),
            "weights: must have one row per strength and one column per name, 1",
        ),
        (
            lambda: figures.weight_paths(STRENGTHS, PATHS, ["a", "b"], mse, ["c"]),
            "highlight: must be one of 'a', 'b'",
        ),
        (
            lambda: figures.weight_paths(-STRENGTHS, PATHS, ["a", "b"], mse),
            "strengths: must be positive",
        ),
        (
            lambda: figures.budget(PAIR, STACK[:5], LASSO, mae, ("a", "b")),
            r"Z: must have shape \(5, 2\)",
        ),
        (
            lambda: figures.budget(PAIR, STACK, [1.0], mae, ("a", "b")),
            "weights: must be two",
        ),
        (
            lambda: figures.budget(PAIR, STACK, LASSO, Huber(1.0), ("a", "b")),
            "loss: must be one of 'SquaredError', 'AbsoluteError'; got Huber",
        ),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
