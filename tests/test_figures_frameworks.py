"""The figures of "In PyTorch, JAX and Keras": what is drawn is what was computed."""

import numpy as np
import pytest

from course_code import figures
from course_code.descent import LinearModel, train
from course_code.figures import SQUARED
from course_code.losses import mse
from tests.drawing import check_layout, labelled

X = np.linspace(0, 1, 20)
RUN = train(LinearModel(), mse, X, 2 * X + 1 + 0.1 * np.sin(9 * X), 0.3, 50)
END, TRUTH = (1.9, 1.1, 0.004), (2.0, 1.0, 0.01)
MINIMA = np.random.default_rng(4).chisquare(98, 5000) / 1e4


def test_three_panels_share_their_epochs():
    axes = figures.aligned_traces(RUN, END, TRUTH)
    assert len(axes) == 3
    for ax, what, end, true in zip(axes, ("w", "b", "loss"), END, TRUTH, strict=True):
        run = labelled(ax, "training run")
        assert run.get_color() == SQUARED
        np.testing.assert_array_equal(run.get_ydata(), getattr(RUN, what))
        np.testing.assert_array_equal(run.get_xdata(), np.arange(51))
        assert list(labelled(ax, "least squares").get_ydata()) == [end, end]
        assert list(labelled(ax, "true line").get_ydata()) == [true, true]
        assert ax.get_ylabel()
    assert axes[2].get_xlabel() == "epoch"
    assert axes[2].get_yscale() == "log"
    figure = axes[0].figure
    figure.canvas.draw()
    box = axes[0].get_legend().get_window_extent()
    assert box.y0 >= axes[0].get_window_extent().y1 - 1
    assert box.x1 <= figure.bbox.x1


def test_the_minima_are_a_histogram_with_three_marks():
    ax = check_layout(lambda **ax: figures.training_minima(MINIMA, 0.01, 0.008, **ax))
    bars = ax.patches
    area = sum(bar.get_height() * bar.get_width() for bar in bars)
    assert area == pytest.approx(1)
    assert bars[0].get_x() == pytest.approx(MINIMA.min())
    assert list(labelled(ax, "noise variance").get_xdata()) == [0.01, 0.01]
    assert labelled(ax, "mean of the minima").get_xdata()[0] == pytest.approx(MINIMA.mean())
    assert labelled(ax, "this sample").get_xdata()[0] == 0.008


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.aligned_traces(RUN, END[:2], TRUTH), "end: must hold slope, intercept"),
        (lambda: figures.aligned_traces(RUN, END, (1,)), "truth: must hold slope, intercept"),
        (lambda: figures.training_minima([], 0.01, 0.008), "minima: must not be empty"),
        (lambda: figures.training_minima(MINIMA, 0, 0.008), "noise: must be"),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
