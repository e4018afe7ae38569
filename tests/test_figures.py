"""The figures: what is drawn, what it means, and that no picture comes without words."""

import struct
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb

from course_code import figures
from course_code.datasets import two_coaches
from course_code.descent import LinearModel, train
from course_code.figures import _show, _style
from course_code.losses import Huber, LogCosh, Quantile, SmoothL1, Tukey, mae, mse

ALT = "A parabola and a V: squared error overtakes absolute error at residual 1."
DATA = two_coaches(outliers=3)
RUN = train(LinearModel(), mse, DATA.x, DATA.y, lr=0.05, epochs=30)
FITS = {mse: (-1.98, 1.54), mae: (1.46, 0.48), "true line": (1.5, 0.5)}

DRAWN = {
    "loss_curves": lambda **ax: figures.loss_curves([mse, mae, Huber(1.0)], **ax),
    "psi_curves": lambda **ax: figures.psi_curves([mse, mae, Huber(1.0)], **ax),
    "draw_points": lambda **ax: figures.draw_points(DATA.x, DATA.y, DATA["is_outlier"], **ax),
    "data_and_lines": lambda **ax: figures.data_and_lines(
        DATA.x, DATA.y, FITS, DATA["is_outlier"], **ax
    ),
    "residual_squares": lambda **ax: figures.residual_squares(DATA.x, DATA.y, 1.5, 0.5, **ax),
    "residual_bars": lambda **ax: figures.residual_bars(DATA.x, DATA.y, 1.5, 0.5, **ax),
    "trace_plot": lambda **ax: figures.trace_plot(RUN, "w", mse, **ax),
    "loss_contours": lambda **ax: figures.loss_contours(DATA.x, DATA.y, mae, RUN, **ax),
}
every_figure = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def render(ax):
    """Lay out and draw the figure of `ax` at its real size; returns the renderer."""
    ax.figure.set_dpi(180)
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    return canvas.get_renderer()


# --- every figure ------------------------------------------------------------------------------


@every_figure
def test_axes_are_labelled_and_returned(draw):
    ax = draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    given = figures.new_axes()
    assert draw(ax=given) is given


@every_figure
def test_nothing_sticks_out_of_the_picture_or_covers_another_text(draw):
    ax = draw()
    renderer, page = render(ax), ax.figure.bbox
    texts = [ax.xaxis.label, ax.yaxis.label]
    # A tick outside the limits keeps its label object but is not drawn.
    for axis, low, high in ((ax.xaxis, *ax.get_xlim()), (ax.yaxis, *ax.get_ylim())):
        texts += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    texts += ax.get_legend().get_texts() if ax.get_legend() else []
    boxes = [text.get_window_extent(renderer) for text in texts if text.get_text()]
    assert len(boxes) > 6
    for i, box in enumerate(boxes):
        assert box.x0 >= page.x0 - 1
        assert box.x1 <= page.x1 + 1
        assert box.y0 >= page.y0 - 1
        assert box.y1 <= page.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[:i])


@every_figure
def test_legends_stand_outside_the_plot(draw):
    ax = draw()
    render(ax)
    legend = ax.get_legend()
    assert legend is None or legend.get_window_extent().y0 >= ax.get_window_extent().y1 - 1


@every_figure
def test_the_same_figure_gives_the_same_bytes(draw):
    first, second = _show.png(draw().figure), _show.png(draw().figure)
    assert first == second
    width, height = struct.unpack(">II", first[16:24])
    assert (width, height) == (1080, 684)
    assert b"Software" not in first
    assert b"matplotlib" not in first


@every_figure
def test_letters_are_readable_on_a_phone(draw):
    ax = draw()
    render(ax)
    texts = [t for t in ax.figure.findobj(matplotlib.text.Text) if t.get_text()]
    pixels = [t.get_fontsize() / 72 * 340 / ax.figure.get_figwidth() for t in texts]
    assert min(pixels) > 9


def test_the_style_does_not_leak():
    with matplotlib.rc_context({"font.size": 3.0, "axes.grid": False}):
        before = dict(matplotlib.rcParams)
        _show.png(figures.loss_curves([mse]).figure)
        assert dict(matplotlib.rcParams) == before


# --- colours -----------------------------------------------------------------------------------


def luminance(colour):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], channels))


def contrast(one, other):
    """WCAG 2 contrast ratio."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def in_the_dark(colour):
    """CSS invert(1) hue-rotate(180deg), as Filter Effects 1 defines them."""
    lum = np.array([0.213, 0.715, 0.072])
    rotate = 2 * np.tile(lum, (3, 1)) - np.eye(3)
    return np.clip(rotate @ (1 - np.array(to_rgb(colour))), 0, 1)


def test_contrast_is_that_of_the_standard():
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("name", _style.PALETTE["colours"])
@pytest.mark.parametrize("page", ["light", "dark"])
def test_every_colour_stands_out_on_both_pages(name, page):
    assert contrast(_style.PALETTE["colours"][name], _style.PALETTE["pages"][page]) >= 3


@pytest.mark.parametrize("name", _style.PALETTE["colours"])
def test_every_colour_stands_out_in_an_inverted_figure(name):
    colour = _style.PALETTE["colours"][name]
    assert contrast(in_the_dark(colour), in_the_dark("white")) >= 3


def test_the_colours_of_losses_are_those_of_okabe_and_ito():
    assert (figures.SQUARED, figures.ABSOLUTE, figures.HUBER) == ("#0072b2", "#d55e00", "#009e73")
    red, green, blue = to_rgb(figures.DATA)
    assert red == green == blue
    assert len(set(_style.PALETTE["colours"].values())) == 5


@pytest.mark.parametrize(
    ("loss", "colour", "label"),
    [
        (mse, figures.SQUARED, "squared error"),
        (mae, figures.ABSOLUTE, "absolute error"),
        (Huber(0.1), figures.HUBER, "Huber, δ = 0.1"),
        (SmoothL1(2), figures.HUBER, "smooth L1, β = 2"),
        (LogCosh(), figures.HUBER, "log-cosh"),
        (Tukey(3), figures.HUBER, "Tukey, c = 3"),
        (Quantile(0.9), figures.ABSOLUTE, "quantile, τ = 0.9"),
    ],
)
def test_each_loss_has_its_look(loss, colour, label):
    shape = figures.look(loss)
    assert (shape["color"], shape["label"]) == (colour, label)


def test_the_three_losses_differ_without_colour():
    assert len({str(figures.look(loss)["linestyle"]) for loss in (mse, mae, Huber())}) == 3


def test_the_site_uses_the_palette():
    css = (Path(__file__).parents[1] / "book/_static/course.css").read_text(encoding="utf-8")
    for name in ("squared", "absolute", "huber"):
        assert f"--course-{name}: {_style.PALETTE['colours'][name]};" in css
    assert f"--pst-color-background: {_style.PALETTE['pages']['dark']};" in css


# --- what single figures draw ------------------------------------------------------------------


def test_curves_are_rho_and_psi():
    r = np.array([-2.0, -1.0, 1.0, 3.0])
    squared, absolute = figures.loss_curves([mse, mae], r).lines
    assert squared.get_ydata().tolist() == [4, 1, 1, 9]
    assert absolute.get_ydata().tolist() == [2, 1, 1, 3]
    (squared, *_) = figures.psi_curves([mse], r).lines
    assert squared.get_ydata().tolist() == [-4, -2, 2, 6]


def test_a_jump_of_psi_is_a_gap_with_a_dot_and_a_slope_is_not():
    (jump, dot, *_) = figures.psi_curves([mae]).lines
    values = jump.get_ydata()
    assert np.isnan(values).sum() == 1
    assert set(values[~np.isnan(values)]) == {-1.0, 1.0}
    assert (list(dot.get_xdata()), list(dot.get_ydata())) == ([0], [0])
    (smooth, *_) = figures.psi_curves([Huber(0.5)]).lines
    assert np.isfinite(smooth.get_ydata()).all()


def test_outliers_differ_in_shape_and_colour():
    clean, outliers = figures.draw_points(DATA.x, DATA.y, DATA["is_outlier"]).lines
    assert (clean.get_marker(), clean.get_color()) == ("o", figures.DATA)
    assert (outliers.get_marker(), outliers.get_color()) == ("D", figures.OUTLIER)
    assert len(clean.get_xdata()) == 40
    assert outliers.get_ydata().tolist() == [20.0] * 3


def test_lines_carry_the_colour_of_their_loss():
    ax = figures.data_and_lines(DATA.x, DATA.y, FITS, DATA["is_outlier"], outlier_label="odd")
    lines = {line.get_label(): line for line in ax.lines}
    assert list(lines) == ["data", "odd", "squared error", "absolute error", "true line"]
    assert to_hex(lines["squared error"].get_color()) == figures.SQUARED
    x, y = lines["absolute error"].get_data()
    np.testing.assert_allclose(y, 1.46 * x + 0.48)
    assert (x.min(), x.max()) == (DATA.x.min(), DATA.x.max())
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == list(lines)


def test_lines_may_be_fit_results():
    class Fit:
        slope, intercept = 2.0, 1.0

    ax = figures.data_and_lines([0, 1], [0, 1], {mse: Fit()})
    assert ax.lines[-1].get_ydata().tolist() == [1.0, 3.0]


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 1)])
def test_squares_are_square_on_paper(size):
    axes = figures.new_axes(*size)
    ax = axes if size == (1, 1) else axes.flat[0]
    figures.residual_squares([0, 10, 20], [0.0, 3.0, 1.0], 0.05, 0.4, ax=ax)
    render(ax)
    assert len(ax.patches) == 3
    for patch, residual in zip(ax.patches, [-0.4, 2.1, -0.4], strict=True):
        box = patch.get_path().get_extents(patch.get_transform())
        assert box.width == pytest.approx(box.height, rel=1e-9)
        assert patch.get_height() == pytest.approx(residual)


def test_bars_run_from_the_line_to_the_point():
    ax = figures.residual_bars([1, 0], [5.0, 2.0], 1.0, 1.0)
    (bars,) = ax.collections
    assert [segment.tolist() for segment in bars.get_segments()] == [
        [[0.0, 1.0], [0.0, 2.0]],
        [[1.0, 2.0], [1.0, 5.0]],
    ]
    assert to_hex(bars.get_color()[0]) == figures.ABSOLUTE


@pytest.mark.parametrize("what", ["loss", "w", "b"])
def test_trace_plot_shows_what_was_asked(what):
    (line,) = figures.trace_plot(RUN, what, mse).lines
    np.testing.assert_array_equal(line.get_ydata(), getattr(RUN, what))
    np.testing.assert_array_equal(line.get_xdata(), np.arange(31))


@pytest.mark.filterwarnings("error")
def test_a_run_that_overflowed_can_be_drawn():
    run = train(LinearModel(), mse, DATA.x, DATA.y, lr=1e6, epochs=40)
    assert run.diverged
    (line,) = figures.trace_plot(run).lines
    assert np.isfinite(line.get_ydata()).sum() == np.isfinite(run.loss).sum()
    figures.loss_contours(DATA.x, DATA.y, mse, run, w_range=(-2, 2), b_range=(-2, 2))


def test_contours_show_the_loss_and_the_path():
    ax = figures.loss_contours(DATA.x, DATA.y, mse, RUN)
    path, start, end = ax.lines
    np.testing.assert_array_equal(path.get_xdata(), RUN.w)
    assert (start.get_xdata()[0], end.get_xdata()[0]) == (RUN.w[0], RUN.w[-1])
    assert start.get_markerfacecolor() == "white"
    rings = ax.collections[0]
    for level, ring in zip(rings.levels, rings.get_paths(), strict=True):
        if len(ring.vertices):
            w, b = ring.vertices[len(ring.vertices) // 2]
            assert mse(DATA.y, w * DATA.x + b) == pytest.approx(level, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.new_axes(1, 3), "cols: must be 1 or 2, so that a phone can show it; got"),
        (lambda: figures.new_axes(0), "rows: must be a whole number, at least 1; got 0"),
        (lambda: figures.look("mse"), "loss: must be a loss of course_code.losses; got mse"),
        (lambda: figures.draw_points([0, 1], [0]), "y: must have the shape of x"),
        (lambda: figures.draw_points([0, 1], [0, 1], [1, 0]), "outliers: must be booleans"),
        (lambda: figures.draw_points([0, 1], [0, 1], [True]), "outliers: must be booleans"),
        (lambda: figures.draw_line(np.nan, 0), "slope: must be a finite number; got nan"),
        (lambda: figures.trace_plot(RUN, "v"), "what: must be one of 'w', 'b', 'loss'; got v"),
        (
            lambda: figures.loss_contours([0], [0], mse, w_range=(1, 0)),
            r"w_range: must be a pair \(low, high\) with low < high; got \(1, 0\)",
        ),
        (
            lambda: figures.loss_contours([0], [0], mse, b_range=3),
            r"b_range: must be a pair \(low, high\) with low < high; got 3",
        ),
    ],
)
def test_figures_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


# --- show --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["axes", "figure", "panels"])
def test_show_makes_one_output_with_the_picture_and_its_words(shell, what):
    axes = figures.new_axes(1, 2) if what == "panels" else figures.new_axes()
    thing = axes.figure if what == "figure" else axes
    with capture_output() as captured:
        assert figures.show(thing, ALT) is None
    (output,) = captured.outputs
    assert set(output.data) == {"image/png", "text/plain"}
    assert output.data["text/plain"] == ALT
    assert captured.stdout == captured.stderr == ""


def test_show_closes_a_pyplot_figure(shell):
    from matplotlib import pyplot as plt

    with matplotlib.rc_context():
        plt.switch_backend("agg")
        figure, ax = plt.subplots()
    assert plt.fignum_exists(figure.number)
    with capture_output():
        figures.show(ax, ALT)
    assert not plt.fignum_exists(figure.number)


def test_show_puts_the_words_on_one_line(shell):
    with capture_output() as captured:
        figures.show(figures.new_axes(), ALT.replace(" ", "\n    ", 3))
    assert captured.outputs[0].data["text/plain"] == ALT


@pytest.mark.parametrize(
    ("alt", "message"),
    [
        (None, "alt: must be a text; got NoneType"),
        ("", "alt: must say in at least 30 characters what the picture shows"),
        ("   \n   ", "alt: must say in at least 30 characters what the picture shows"),
        ("A loss curve.", "alt: must say in at least 30 characters what the picture shows"),
        ("Two curves are stored in loss_curves_final.png today.", "alt: .*, not name a file"),
        ("Squared error and absolute error curves", "alt: must be a sentence that ends"),
        ("loss_curves_for_squared_and_absolute_error.", "alt: must be a sentence that ends"),
    ],
)
def test_show_refuses_lazy_words(alt, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        figures.show(figures.new_axes(), alt)


def test_show_refuses_what_is_no_figure():
    with pytest.raises(ValueError, match=r"^fig_or_axes: must be a matplotlib .*; got int$"):
        figures.show(3, ALT)


# --- imports -----------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["losses", "datasets", "descent"])
def test_the_core_costs_numpy_only(module):
    code = (
        f"import sys, course_code.{module}; "
        "print([m for m in ('matplotlib', 'IPython', 'anywidget', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_figures_do_not_need_pyplot():
    code = "import sys, course_code.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
