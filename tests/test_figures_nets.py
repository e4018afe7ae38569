"""The figures of "Does it matter for a neural net?": what is drawn is what was computed."""

import numpy as np
import pytest

from course_code import figures
from course_code.figures import ABSOLUTE, DATA, HUBER, INK, SQUARED
from course_code.losses import Huber, mae, mse
from tests.drawing import check_layout, labelled

RNG = np.random.default_rng(0)
X, AT = RNG.uniform(-3, 3, 30), np.linspace(-3, 3, 50)
LOSSES = [mse, mae, Huber(0.4)]
RATES = np.array([0.01, 0.02, 0.04])
MEANS = np.array([[0.3, 0.2, 0.4], [0.5, 0.6, 0.7], [0.1, 0.2, 0.3]])
STEPS = np.array([0, 100, 200])

DRAWN = {
    "fitted_curves": lambda **ax: figures.fitted_curves(
        X,
        np.sin(X),
        X > 2,
        AT,
        np.sin(AT),
        {loss: k + AT for k, loss in enumerate(LOSSES)},
        **ax,
    ),
    "errors_by_rate": lambda **ax: figures.errors_by_rate(
        RATES,
        {loss: (m, 0.1 * m) for loss, m in zip(LOSSES, MEANS, strict=True)},
        "RMSE",
        **ax,
    ),
    "seed_differences": lambda **ax: figures.seed_differences(
        {"a - b": [0.1, 0.2, 0.3], "a - c": [-0.1, 0.0, 0.1]}, [0.05, 0.15], "RMSE", **ax
    ),
    "learning_curves": lambda **ax: figures.learning_curves(
        STEPS, dict(zip(LOSSES, MEANS, strict=True)), 0.25, "RMSE", **ax
    ),
    "neuron_pulls": lambda **ax: figures.neuron_pulls(
        AT, {"squares": AT, "absolute": -AT, "entropy": AT**2}, **ax
    ),
    "valleys": lambda **ax: figures.valleys(
        AT, (AT**2 - 1) ** 2, [-1, 1], [[-2.0, -1.5, -1.0], [0.5, 1.0]], **ax
    ),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_axes_are_labelled_and_returned_and_the_legend_fits_above_them(draw):
    ax = check_layout(draw)
    for text in ax.texts:
        assert text.get_window_extent().x1 <= ax.figure.bbox.x1


def test_each_loss_has_its_curve_beside_the_truth():
    ax = DRAWN["fitted_curves"]()
    np.testing.assert_allclose(labelled(ax, "truth").get_ydata(), np.sin(AT))
    for k, (colour, words) in enumerate(
        [(SQUARED, "squared error"), (ABSOLUTE, "absolute error"), (HUBER, "Huber, δ = 0.4")]
    ):
        line = labelled(ax, words)
        np.testing.assert_allclose(line.get_ydata(), k + AT)
        assert line.get_color() == colour
    assert sorted(labelled(ax, "contaminated").get_xdata()) == sorted(X[X > 2])


def test_errors_stand_at_their_rates_with_their_whiskers():
    ax = DRAWN["errors_by_rate"]()
    assert ax.get_xscale() == "log"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.01", "0.02", "0.04"]
    for container, means in zip(ax.containers, MEANS, strict=True):
        line, _, (whiskers,) = container
        np.testing.assert_allclose(line.get_ydata(), means)
        np.testing.assert_allclose(line.get_xdata(), RATES, rtol=0.06)
        ends = np.array([segment[:, 1] for segment in whiskers.get_segments()])
        np.testing.assert_allclose(ends, np.column_stack([0.9 * means, 1.1 * means]))
    markers = {container[0].get_marker() for container in ax.containers}
    assert len(markers) == 3


def test_every_seed_has_a_dot_and_every_mean_its_interval():
    ax = DRAWN["seed_differences"]()
    dots = [line for line in ax.lines if line.get_color() == DATA]
    assert [list(line.get_xdata()) for line in dots] == [[0.1, 0.2, 0.3], [-0.1, 0.0, 0.1]]
    for container, centre, half in zip(ax.containers, [0.2, 0.0], [0.05, 0.15], strict=True):
        mean, _, (bar,) = container
        assert mean.get_xdata()[0] == pytest.approx(centre)
        np.testing.assert_allclose(bar.get_segments()[0][:, 0], [centre - half, centre + half])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a - b", "a - c"]


def test_learning_curves_leave_out_the_start_and_show_the_target():
    ax = DRAWN["learning_curves"]()
    line = labelled(ax, "absolute error")
    assert list(line.get_xdata()) == [100, 200]
    np.testing.assert_allclose(line.get_ydata(), [0.6, 0.7])
    (target,) = [line for line in ax.lines if line.get_color() == INK]
    assert list(target.get_ydata()) == [0.25, 0.25]


def test_pulls_and_valleys_are_drawn_where_they_are():
    ax = DRAWN["neuron_pulls"]()
    np.testing.assert_allclose(labelled(ax, "entropy").get_ydata(), AT**2)
    ax = DRAWN["valleys"]()
    np.testing.assert_allclose(labelled(ax, "mean squared error").get_ydata(), (AT**2 - 1) ** 2)
    diamonds = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    np.testing.assert_allclose(diamonds, [-1, 1])
    walk = labelled(ax, "steps of descent")
    np.testing.assert_allclose(walk.get_xdata(), [-2, -1.5, -1])
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("start") == 2
    assert {"-1.000", "1.000"} <= set(texts)


def test_pictures_stand_in_columns_with_black_for_zero_and_white_for_one():
    pictures = RNG.random((4, 3, 5))
    columns = [{"a": pictures[0], "b": pictures[1]}, {"c": pictures[2], "d": pictures[3]}]
    axes = figures.picture_columns(columns, ax=figures.new_axes(rows=2, cols=2))
    for ax, name, k in zip(axes.T.flat, "abcd", range(4), strict=True):
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), pictures[k])
        assert image.get_clim() == (0, 1)
        assert ax.get_title(loc="left") == name


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: figures.errors_by_rate(RATES, {mse: ([1.0], [0.1])}, "RMSE"),
            "errors: must have the shape of rates",
        ),
        (lambda: figures.seed_differences({"a": [1.0]}, [], "d"), "half_widths: must be 1"),
        (lambda: figures.neuron_pulls(AT, dict.fromkeys("abcd", AT)), "curves: must be one to"),
        (lambda: figures.valleys(AT, AT, [7.0], []), "minima: must lie between"),
        (
            lambda: figures.picture_columns([{"a": [[0.0]]}], ax=figures.new_axes()),
            "ax: must be Axes of shape",
        ),
        (lambda: figures.learning_curves(STEPS, {mse: [1.0]}, 0.2, "e"), "errors: must have"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
