"""What a forecast of a probability costs on average, under several losses."""

from __future__ import annotations

import numpy as np

from course_code._validate import as_floats, as_pair, as_real
from course_code.figures._style import INK, figure_function, legend_above, look

_DASHES = ((0, [4, 2]), (0, [6, 2, 1.2, 2]))  # for losses that have no colour of their own


@figure_function
def forecast_costs(forecasts, costs, truth, *, ax=None):
    """The mean cost of a forecast beyond the least one, and a dot where it is least.

    Parameters
    ----------
    forecasts : array_like, shape (m,)
        Probabilities in increasing order.
    costs : mapping
        From a loss or a text to the mean cost of each forecast. A text wears black.
    truth : float
        The true share, a dotted upright.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    forecasts, truth = as_floats("forecasts", forecasts, ndim=1), as_real("truth", truth)
    ax.axvline(truth, color=INK, linestyle=(0, [1.2, 2]), linewidth=1.6)
    dashes = iter(_DASHES)
    for key, values in costs.items():
        _, values = as_pair(forecasts, values, names=("forecasts", "costs"), ndim=1)
        if isinstance(key, str):
            shape = {"color": INK, "linestyle": next(dashes), "label": key}
        else:
            shape = look(key)
        least = np.argmin(values)
        ax.plot(forecasts, values - values[least], **shape)
        ax.plot(forecasts[least], 0, "o", color=shape["color"], markersize=8, zorder=4)
    ax.set(xlabel="forecast $q$ of the probability", ylabel="mean cost above the least")
    ax.set_ylim(-0.02, 0.6)
    legend_above(ax)
