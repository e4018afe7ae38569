"""The explorers' pictures as matplotlib draws them, for a kernel that redraws after each movement.

Each takes an explorer in some state and draws what its page shows, with the figures of the course.
"""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from course_code import figures
from course_code.explorers import (
    DescentPath,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
)
from course_code.figures._show import png
from course_code.losses import AbsoluteError, Huber, SquaredError

LINES = (SquaredError(), AbsoluteError())


@singledispatch
def draw(explorer):
    """The picture of an explorer's state, as Axes."""
    raise TypeError(f"no picture for {type(explorer).__name__}")


def _three_lines(it, fits, ax):
    losses = (*LINES, Huber(it.delta))
    odd = np.isin(np.arange(len(it.points)), it.marked)
    figures.data_and_lines(it.x, it.y, dict(zip(losses, fits, strict=True)), odd, ax=ax)


@draw.register
def _(it: DescentPath):
    axes = figures.new_axes(rows=2, height=2.6)
    view = {"w_range": it.view[:2], "b_range": it.view[2:]}
    figures.loss_contours(it.x, it.y, it.loss_function, it.trace, **view, ax=axes[0])
    figures.trace_plot(it.trace, "loss", it.loss_function, ax=axes[1])
    return axes


@draw.register
def _(it: GradientFlow):
    axes = figures.new_axes(rows=2, height=2.6)
    shown = [it.functions[name] for name in it.losses]
    figures.loss_curves(shown, ax=axes[0])
    figures.psi_curves(shown, ax=axes[1])
    for ax in axes:
        ax.axvline(it.residual)
    return axes


@draw.register
def _(it: HuberDelta):
    axes = figures.new_axes(rows=2, height=2.6)
    _three_lines(it, it.lines.values(), axes[0])
    wide = np.linspace(-4, 4, 181) * it.delta
    figures.family_curves([*LINES, Huber(it.delta)], it.curve, wide, ax=axes[1])
    return axes


@draw.register
def _(it: Likelihood):
    axes = figures.new_axes(rows=2, height=2.6)
    m = np.linspace(*it.view, 181)
    density = np.exp(it.model.log_density(m - it.location))
    costs = [it.nll_at(at) for at in m]
    figures.noise_curves(m, {it.noise: (it.model, density)}, "y", "density", ax=axes[0])
    figures.noise_curves(m, {it.noise: (it.model, costs)}, "location", "cost", ax=axes[1])
    axes[0].vlines(it.values, 0, np.exp(it.model.log_density(it.residuals)))
    axes[1].axvline(it.location)
    return axes


@draw.register
def _(it: LossSurface):
    axes = figures.new_axes(rows=2, height=2.6)
    fits = [LossSurface(points=it.points, loss=name).best for name in ("squared", "absolute")]
    fits.append(LossSurface(points=it.points, loss="huber", delta=it.delta).best)
    figures.residual_squares(it.x, it.y, it.slope, it.intercept, ax=axes[0])
    _three_lines(it, fits, axes[0])
    figures.loss_contours(it.x, it.y, LINES[0], w_range=(-4, 4), b_range=it.view[2:], ax=axes[1])
    return axes


@draw.register
def _(it: LossTable):
    axes = figures.new_axes(rows=2, height=2.6)
    # The numbers of the table change with the parameter too.
    heading = ", ".join(f"{row['gaussian']:.1%}" for row in it.numbers.values())
    loss = it.losses[it.opened]
    figures.loss_curves([loss], ax=axes[0])
    figures.psi_curves([loss], ax=axes[1])
    axes[1].set_xlabel(heading)
    return axes


@draw.register
def _(it: OutlierLeverage):
    ax = figures.new_axes()
    _three_lines(it, it.lines.values(), ax)
    clean = it.clean_lines["squared"]
    figures.draw_line(clean.slope, clean.intercept, ax=ax)
    return ax


@draw.register
def _(it: QuantileFan):
    axes = figures.new_axes(rows=2, height=2.6)
    fan = {f"{tau:g}": line for tau, line in it.lines.items()}
    figures.data_and_lines(it.x, it.y, fan | {"chosen": it.line}, ax=axes[0])
    figures.tilted_losses([it.tau], ax=axes[1])
    return axes


@draw.register
def _(it: TargetPractice):
    axes = figures.new_axes(rows=2, height=2.6)
    worst = np.arange(len(it.points)) == it.worst
    figures.draw_points(it.x, it.y, worst, ax=axes[0])
    costs = dict(zip(LINES, it.costs.values(), strict=True))
    figures.share_bars(costs, it.worst, ax=axes[1])
    return axes


def picture(explorer):
    """The picture as the bytes of a PNG file."""
    axes = draw(explorer)
    return png(np.atleast_1d(axes).flat[0].figure)
