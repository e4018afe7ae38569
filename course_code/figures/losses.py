"""Losses as curves: rho, and psi, its slope."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats
from course_code.figures._style import figure_function, legend_above, look

_RESIDUALS = np.linspace(-3.0, 3.0, 601)


@figure_function
def loss_curves(losses, r=_RESIDUALS, *, ax=None):
    """rho(r) of each loss: what a residual costs.

    Parameters
    ----------
    losses : sequence of losses
    r : array_like, shape (n,)
        Residuals, in increasing order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    r = as_floats("r", r, ndim=1)
    for loss in losses:
        ax.plot(r, loss.rho(r), **look(loss))
    ax.set(xlabel=r"residual $r = y - \hat{y}$", ylabel=r"loss $\rho(r)$", ylim=(0, None))
    legend_above(ax)


@figure_function
def psi_curves(losses, r=_RESIDUALS, *, ax=None):
    """psi(r) of each loss: how hard a residual pulls.

    A jump at 0 is drawn as a gap, with a dot at the value chosen there.

    Parameters
    ----------
    losses : sequence of losses
    r : array_like, shape (n,)
        Residuals, in increasing order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    r = as_floats("r", r, ndim=1)
    tiny = np.array([-1e-9, 0.0, 1e-9])
    left, right = r[r < 0], r[r > 0]
    for loss in losses:
        shape = look(loss)
        below, at, above = loss.psi(tiny)
        if above - below > 1e-3:
            gap = np.concatenate([left, tiny, right])
            psi = loss.psi(gap)
            psi[len(left) + 1] = np.nan
            ax.plot(gap, psi, **shape)
            ax.plot(0, at, "o", color=shape["color"], zorder=3)
        else:
            ax.plot(r, loss.psi(r), **shape)
    ax.axhline(0, color="#8c8c8c", linewidth=0.8, zorder=1)
    ax.set(xlabel=r"residual $r = y - \hat{y}$", ylabel=r"pull $\psi(r)$")
    legend_above(ax)
