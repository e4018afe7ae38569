"""A training run beside what it was expected to reach, and where such runs end."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_real, refuse
from course_code.figures._style import (
    DATA,
    INK,
    SQUARED,
    figure_function,
    legend_above,
    new_axes,
    style,
)

_PANELS = {"w": "slope w", "b": "intercept b", "loss": "mean loss"}
_TRUTH = {"color": DATA, "linestyle": (0, [1.2, 2]), "linewidth": 2.0}
_END = {"color": INK, "linestyle": (0, [6, 3]), "linewidth": 1.4}


def aligned_traces(trace, end, truth):
    """Slope, intercept and loss of one run over the same epochs, in three panels.

    Parameters
    ----------
    trace : course_code.descent.Trace
    end, truth : triple of float
        Slope, intercept and loss: of the exact minimiser, and of the line the data came from (its
        loss is the variance of the noise). Drawn as level lines.

    Returns
    -------
    ndarray of Axes, shape (3,)
        The loss on a logarithmic scale.
    """
    end, truth = as_floats("end", end, ndim=1), as_floats("truth", truth, ndim=1)
    for name, triple in (("end", end), ("truth", truth)):
        if len(triple) != 3:
            refuse(name, "must hold slope, intercept and loss", f"{len(triple)} numbers")
    axes = new_axes(3, 1, height=1.9, sharex=True)
    with style():
        for ax, what, there, true in zip(axes, _PANELS, end, truth, strict=True):
            ax.axhline(true, label="true line", **_TRUTH)
            ax.plot(getattr(trace, what), color=SQUARED, label="training run")
            ax.axhline(there, label="least squares", **_END)
            ax.set(ylabel=_PANELS[what])
        axes[2].set(xlabel="epoch", yscale="log")
    legend_above(axes[0], cols=3)
    return axes


@figure_function
def training_minima(minima, noise, here, *, ax=None):
    """How the least training loss varies from sample to sample, beside the noise variance.

    Parameters
    ----------
    minima : array_like, shape (k,)
        The least mean squared error of each of k samples.
    noise : float
        The variance of the noise.
    here : float
        The least mean squared error of one sample, marked below the bars.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    minima = as_floats("minima", minima, ndim=1)
    noise, here = as_real("noise", noise, above=0), as_real("here", here, above=0)
    ax.hist(minima, bins=40, density=True, color=SQUARED, alpha=0.45)
    ax.axvline(noise, label="noise variance", **_TRUTH)
    ax.axvline(np.mean(minima), label="mean of the minima", **_END)
    ax.plot(here, 0, "^", color=INK, markersize=11, clip_on=False, zorder=4, label="this sample")
    ax.set(xlabel="least training loss", ylabel="samples, as a density", ylim=(0, None))
    legend_above(ax)
