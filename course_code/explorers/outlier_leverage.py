"""Outliers and leverage: move points, and see which of three fitted lines goes with them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_code.datasets import contaminate, two_coaches
from course_code.explorers._base import PointExplorer, loss_named
from course_code.explorers._cases import belgian_case, essay_case, remote_case, stars_case
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, dash, picture
from course_code.explorers._traits import (
    Count,
    Flag,
    Indices,
    Points,
    Presets,
    Real,
    View,
    Words,
)
from course_code.losses import SquaredError
from course_code.outliers import leverages, pull_range
from course_code.regression import fit_line


def _essay(name, places, height=20.0, view=(-2, 6, -6, 24)):
    """The essay's forty clean points, and outliers of one height at `places`."""
    clean = two_coaches()
    return _chosen(essay_case(name, contaminate(clean.x, clean.y, places, height), view))


def _chosen(case):
    """The first outlier is the point that is told about."""
    return {**case, "chosen": case["marked"][0] if case["marked"] else 0}


_dirty = two_coaches(outliers=3)
PRESETS = [
    _chosen(essay_case("clean", two_coaches(), [-2, 2, -2, 3])),
    _essay("three above, left", _dirty.x[_dirty["is_outlier"]].tolist()),
    _essay("same three in the middle", [-0.1, 0.0, 0.1]),
    _essay("one outlier above", [0.3]),
    _essay("to the right", [0.7, 0.8, 0.9]),
    _chosen(remote_case()),
    _chosen(belgian_case()),
    _chosen(stars_case()),
]
_START = PRESETS[1]


class Balance(NamedTuple):
    """The outliers' pull, and the least and the greatest that the other points can hold."""

    pull: float
    low: float
    high: float


class OutlierLeverage(PointExplorer):
    """Drag points up and sideways; three fitted lines follow or hold.

    Attributes
    ----------
    marked : list of int
        Positions of the outliers. Lines fitted without them are the ones to compare with. A point
        that is moved by hand is marked.
    chosen : int
        Position of the point whose leverage and residuals are told; beyond the last it is the last.
    together : bool
        Whether outliers move together when one of them is moved.
    delta : float
        Where Huber's loss turns straight, in units of y.

    Examples
    --------
    >>> explorer = OutlierLeverage()
    >>> {loss: round(line.slope, 2) for loss, line in explorer.lines.items()}
    {'squared': -1.98, 'absolute': 1.46, 'huber': 1.31}
    >>> round(explorer.leverage, 3)
    0.049
    """

    module = "outlier-leverage"
    _esm = assemble("outlier-leverage.js")
    caption = (
        "Points, outliers as diamonds, and the best lines under squared error (solid), absolute "
        "error (dashed) and Huber's loss (dash-dotted). The thin line is the least-squares line "
        "without the outliers. Dotted: mean and median of y."
    )

    points = Points(_START["points"]).tag(sync=True)
    marked = Indices(_START["marked"]).tag(sync=True)
    chosen = Count(_START["chosen"], 0, 199).tag(sync=True)
    together = Flag().tag(sync=True)
    delta = Real(1.0, above=0).tag(sync=True)
    labels = Words("x", "y").tag(sync=True)
    view = View(_START["view"]).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def clean(self):
        """Which points are not marked, shape (n,), bool."""
        return ~np.isin(np.arange(len(self.points)), self.marked)

    def _fits(self, keep):
        x, y = self.x[keep], self.y[keep]
        names = ("squared", "absolute", "huber")
        return {name: fit_line(x, y, loss_named(name, self.delta)) for name in names}

    @property
    def lines(self):
        """The best line of each loss over all points, a dict of `course_code.regression.Fit`.

        Raises
        ------
        ValueError
            If all points share one x.
        """
        return self._fits(slice(None))

    @property
    def clean_lines(self):
        """The same without the marked points."""
        return self._fits(self.clean)

    @property
    def leverage(self):
        """The leverage of the chosen point among all points, between 1/n and 1."""
        return float(leverages(self.x)[self._position])

    @property
    def residuals(self):
        """The chosen point's residual from each of `lines`, a dict of float."""
        x, y = self.points[self._position]
        return {name: float(y - line.predict([x])[0]) for name, line in self.lines.items()}

    @property
    def _position(self):
        return min(self.chosen, len(self.points) - 1)

    @property
    def balance(self):
        """What absolute error weighs: the outliers' pull, and what the other points can hold.

        An outlier above the clean absolute-error line votes 1, one below votes -1, and pulls with
        its vote times its x. While the pull lies between `low` and `high` the line stays bounded
        however far away the outliers are in y.

        Raises
        ------
        ValueError
            If the others are fewer than the votes.
        """
        odd = ~self.clean
        line = self.clean_lines["absolute"]
        votes = np.sign(self.y - (line.intercept + line.slope * self.x))[odd]
        low, high = pull_range(self.x[self.clean], float(votes.sum()))
        return Balance(float(votes @ self.x[odd]), low, high)

    def alt(self):
        told = ""
        if np.ptp(self.x) > 0:
            slopes = [f"{line.slope:.3g} ({name})" for name, line in self.lines.items()]
            told = f" with slopes {slopes[0]}, {slopes[1]} and {slopes[2]}"
        return (
            f"{len(self.points)} points, {int(np.sum(~self.clean))} of them drawn as outliers, "
            f"and three fitted lines{told}."
        )

    def picture(self):
        view, points = self.view, np.array(self.points)
        plot = Plot(10, view[:2], view[2:], width=700)
        level = f"stroke='{INK}' stroke-dasharray='2 4'"
        for height in (self.y.mean(), np.median(self.y)):
            plot.line(0, height, level)
        if np.ptp(self.x[self.clean]) > 0:
            before = fit_line(self.x[self.clean], self.y[self.clean], SquaredError())
            plot.line(before.slope, before.intercept, f"stroke='{INK}'")
        if np.ptp(self.x) > 0:
            for name, line in self.lines.items():
                style = f"stroke='{colour(name)}' stroke-width='2.5'{dash(name)}"
                plot.line(line.slope, line.intercept, style)
        plot.dots(points[self.clean], 4, f"fill='{colour('data')}'")
        plot.diamonds(points[~self.clean], 6, f"fill='{colour('outlier')}'")
        return picture(plot)
