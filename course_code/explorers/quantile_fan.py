"""A fan of quantile lines: choose tau, move points, and count what is below."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from course_code.datasets import engel, two_coaches
from course_code.explorers._base import PointExplorer
from course_code.explorers._cases import belgian_case, essay_case, stars_case
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, picture
from course_code.explorers._traits import Flag, Indices, Points, Presets, Real, View, Words
from course_code.losses import Quantile
from course_code.regression import fit_line

FAN = (0.1, 0.25, 0.5, 0.75, 0.9)


def _households(name, chosen, view):
    data = engel()
    return {
        "name": name,
        "points": np.column_stack([data.x, data.y])[chosen].tolist(),
        "marked": [],
        "labels": ["income, francs a year", "spent on food"],
        "view": view,
    }


PRESETS = [
    _households("every fourth household", slice(None, None, 4), [0, 2800, 0, 1800]),
    essay_case("clean", two_coaches(), [-1.2, 1.2, -2, 3]),
    essay_case("three outliers", two_coaches(outliers=3), [-1.2, 1.2, -6, 24]),
    belgian_case(),
    stars_case(),
    # The chapter's twenty, drawn at random.
    _households(
        "few points: crossing", np.random.default_rng(0).permutation(235)[:20], [0, 2400, 0, 1400]
    ),
]
_START = PRESETS[0]


class FewPoints(Points):
    """Points of which all pairs can be tried in a frame, for six lines."""

    most = 60


class Crossing(NamedTuple):
    """Where the lines of two levels meet."""

    low: float
    high: float
    x: float
    y: float


class Counts(NamedTuple):
    """How many points lie below, on and above a line."""

    below: int
    on: int
    above: int


class QuantileFan(PointExplorer):
    """Slide tau and see its line rise through the points, alone or before the whole fan.

    Attributes
    ----------
    points : list of [x, y], shape (n, 2)
        The data; 2 to 60 points. Any array of that shape can be assigned.
    marked : list of int
        Positions of points drawn as outliers. They count in every fit.
    tau : float
        The level of the line, strictly between 0 and 1.
    fan : bool
        Whether the lines of 0.1, 0.25, 0.5, 0.75 and 0.9 are drawn too.

    Examples
    --------
    >>> explorer = QuantileFan(tau=0.9)
    >>> round(explorer.line.slope, 3), explorer.counts
    (0.658, Counts(below=53, on=2, above=4))
    """

    module = "quantile-fan"
    _esm = assemble("quantile-fan.js")
    caption = (
        "Left: points, the line of the chosen tau (thick), and the lines of a fan (thin); circles "
        "are where two lines of the fan cross. Right: the pinball loss of that tau over the "
        "residual. Ticks are residuals."
    )

    points = FewPoints(_START["points"]).tag(sync=True)
    marked = Indices(_START["marked"]).tag(sync=True)
    tau = Real(0.5, above=0, below=1).tag(sync=True)
    fan = Flag().tag(sync=True)
    labels = Words(*_START["labels"]).tag(sync=True)
    view = View(_START["view"]).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def line(self):
        """The best line of tau, a `course_code.regression.Fit`.

        Raises
        ------
        ValueError
            If all points share one x.
        """
        return fit_line(self.x, self.y, Quantile(self.tau))

    @property
    def lines(self):
        """The best lines of the fan by tau, a dict of `course_code.regression.Fit`."""
        return {tau: fit_line(self.x, self.y, Quantile(tau)) for tau in FAN}

    @property
    def residuals(self):
        """Of the line of tau, shape (n,)."""
        return self.y - (self.line.intercept + self.line.slope * self.x)

    @property
    def counts(self):
        """Points below, on and above the line of tau, to rounding.

        ``n tau`` lies between `below` and `below + on`, for any data.
        """
        dust = 1e-9 * np.max(np.abs(self.y))
        r = self.residuals
        below, above = int(np.sum(r < -dust)), int(np.sum(r > dust))
        return Counts(below, len(r) - below - above, above)

    @property
    def crossings(self):
        """Where two lines of the fan cross inside `view`, a list of `Crossing`."""
        left, right, bottom, top = self.view
        dust = 1e-9 * max(abs(bottom), abs(top))
        found = []
        for (low, below), (high, above) in combinations(self.lines.items(), 2):
            gaps = [
                above.intercept - below.intercept + (above.slope - below.slope) * x
                for x in (left, right)
            ]
            if min(map(abs, gaps)) <= dust or gaps[0] * gaps[1] > 0:
                continue
            x = left + gaps[0] / (gaps[0] - gaps[1]) * (right - left)
            y = below.intercept + below.slope * x
            if bottom < y < top:
                found.append(Crossing(low, high, x, y))
        return found

    def alt(self):
        told = f"{len(self.points)} points"
        if np.ptp(self.x) > 0:
            below, on, above = self.counts
            told += (
                f" and the line of tau = {self.tau:.3g} with slope {self.line.slope:.3g}: "
                f"{below} below, {on} on it, {above} above"
            )
            if self.fan:
                slopes = ", ".join(f"{line.slope:.3g}" for line in self.lines.values())
                count = len(self.crossings)
                told += (
                    f"; five lines of a fan have slopes {slopes}, "
                    f"and {count or 'no'} {'pair crosses' if count == 1 else 'pairs cross'}"
                )
        steep = "right" if self.tau > 0.5 else "left"
        shape = "two equal arms" if self.tau == 0.5 else f"the {steep} arm steeper"
        return f"Two panels. Left: {told}. Right: the pinball loss over the residual, {shape}."

    def picture(self):
        left = Plot(10, self.view[:2], self.view[2:])
        residuals = np.zeros(0)
        if np.ptp(self.x) > 0:
            residuals = self.residuals
            if self.fan:
                for line in self.lines.values():
                    left.line(line.slope, line.intercept, _stroke(colour("absolute"), 1.25))
            left.line(self.line.slope, self.line.intercept, _stroke(INK, 3))
            if self.fan:
                left.dots([c[2:] for c in self.crossings], 6, _stroke(INK, 1.5))
        odd = np.isin(np.arange(len(self.points)), self.marked)
        left.dots(np.array(self.points)[~odd], 4, f"fill='{colour('data')}'")
        if odd.any():
            left.diamonds(np.array(self.points)[odd], 6, f"fill='{colour('outlier')}'")
        return picture(left, self._draw_loss(residuals))

    def _draw_loss(self, residuals):
        """Rho, and a tick for each residual that has room."""
        sizes = np.sort(np.abs(residuals))
        wide = 1.0
        if len(sizes) and sizes[-1] > 0:
            wide = 1.1 * min(sizes[-1], 8 * sizes[len(sizes) // 2] or sizes[-1])
        top = 1.15 * max(self.tau, 1 - self.tau) * wide
        plot = Plot(380, (-wide, wide), (-0.12 * top, top))
        r = np.array([-wide, 0.0, wide])
        corners = list(zip(plot.x(r), plot.y(Quantile(self.tau).rho(r)), strict=True))
        plot.add("polyline", [corners], _stroke(colour("absolute"), 2.5))
        plot.ticks(residuals)
        return plot


def _stroke(hue, width):
    return f"fill='none' stroke='{hue}' stroke-width='{width}'"
