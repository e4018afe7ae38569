"""What the figures of descent and subgradients draw."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from course_code import figures
from course_code.datasets import two_coaches
from course_code.descent import LinearModel, train
from course_code.losses import Huber, LogCosh, Quantile, Tukey, mae, mse
from course_code.regression import fit_line

CLEAN = two_coaches()


def run(lr, loss=mse, epochs=50):
    return train(LinearModel(), loss, CLEAN.x, CLEAN.y, lr, epochs)


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_distance_is_measured_from_the_target_on_a_logarithmic_scale():
    best, trace = fit_line(CLEAN.x, CLEAN.y, mse), run(0.5)
    ax = figures.distance_plot({"half": trace}, best, mse)
    expected = np.sqrt((trace.w - best.slope) ** 2 + (trace.b - best.intercept) ** 2)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), expected)
    assert ax.get_yscale() == "log"
    assert legend_of(ax) == ["half"]


def test_distance_takes_a_pair_as_target():
    trace = run(0.5)
    ax = figures.distance_plot({"run": trace}, (0.0, 3.0))
    assert ax.lines[0].get_ydata()[0] == pytest.approx(3.0)


def test_runs_differ_in_shade_and_marker_and_keep_the_hue_of_the_loss():
    ax = figures.distance_plot({f"step {lr}": run(lr) for lr in (0.1, 0.2, 0.3, 0.4)}, (1, 1), mse)
    assert len({line.get_marker() for line in ax.lines}) == 4
    assert len({to_hex(line.get_color()) for line in ax.lines}) == 4
    assert to_hex(ax.lines[1].get_color()) == figures.SQUARED
    dark, light = (np.sum(to_rgb(ax.lines[k].get_color())) for k in (0, 3))
    assert dark < np.sum(to_rgb(figures.SQUARED)) < light


@pytest.mark.parametrize("count", [0, 5])
def test_distance_plot_refuses_more_runs_than_it_can_tell_apart(count):
    runs = {str(k): run(0.1, epochs=1) for k in range(count)}
    with pytest.raises(ValueError, match=rf"runs: must hold 1 to 4 runs; got {count} runs"):
        figures.distance_plot(runs, (1, 1), mse)


def test_supporting_lines_stay_below_the_function():
    slopes = [-1, -0.5, 0, 0.5, 1]
    ax = figures.supporting_lines(slopes)
    *lines, function, corner = ax.lines
    assert len(lines) == len(slopes)
    for line, slope in zip(lines, slopes, strict=True):
        u, value = line.get_data()
        np.testing.assert_allclose(value, slope * np.array(u))
        assert np.all(value <= np.abs(u))
    np.testing.assert_allclose(function.get_ydata(), np.abs(function.get_xdata()))
    assert [float(value) for value in np.concatenate(corner.get_data())] == [0, 0]
    assert [text.get_text() for text in ax.texts] == [f"g = {slope:g}" for slope in slopes]


@pytest.mark.parametrize("slope", [1.5, -2])
def test_supporting_lines_refuse_a_slope_that_supports_nothing(slope):
    with pytest.raises(ValueError, match=r"slopes: must lie in \[-1, 1\]; got"):
        figures.supporting_lines([0.5, slope])


@pytest.mark.parametrize("values", [[0, 0, 10], [1, 2, 3, 10], [5.0, -1.0, 2.0], [4.0]])
def test_the_staircase_has_the_slopes_of_the_mae(values):
    ax = figures.subdifferential_steps(values)
    stairs, minimisers = ax.lines[0], ax.lines[2]
    c, height = stairs.get_data()
    assert np.all(np.diff(c) >= 0)
    assert np.all(np.diff(height) >= 0)
    values = np.array(values, float)
    for k in range(0, len(c), 2):
        if c[k + 1] > c[k]:  # a tread
            assert height[k] == height[k + 1]
            middle = (c[k] + c[k + 1]) / 2
            slope = np.sign(middle - values).mean()
            assert height[k] == pytest.approx(slope)
    low, high = minimisers.get_xdata()
    least = min(np.abs(values - v).mean() for v in values)
    for end in (low, high, (low + high) / 2):
        assert np.abs(values - end).mean() == pytest.approx(least)
    for beyond in (low - 1e-3, high + 1e-3):
        assert np.abs(values - beyond).mean() > least


def test_psi_panels_draw_each_loss_on_one_scale_beside_squared_error():
    losses = [mse, mae, Huber(1.0), LogCosh(), Quantile(0.9), Tukey(4.685)]
    axes = figures.psi_panels(losses)
    assert axes.shape == (3, 2)
    for loss, ax in zip(losses, axes.flat, strict=True):
        assert ax.get_title(loc="left") == figures.look(loss)["label"]
        assert ax.get_xlim() == ax.get_ylim() == (-4, 4)
        assert ax.get_legend() is None
        r, squared = ax.lines[0].get_data()
        np.testing.assert_allclose(squared, 2 * r)
        r, psi = ax.lines[1].get_data()
        drawn = ~np.isnan(psi)
        np.testing.assert_allclose(psi[drawn], loss.psi(r[drawn]))
    assert axes[0, 0].get_ylabel()
    assert axes[2, 1].get_xlabel()


def test_psi_panels_hide_a_panel_without_a_loss():
    axes = figures.psi_panels([mse, mae, Huber(1.0)], r=np.linspace(-2, 2, 11))
    assert [ax.get_visible() for ax in axes.flat] == [True, True, True, False]
    assert axes[0, 0].get_xlim() == (-2, 2)
