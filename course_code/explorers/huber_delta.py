"""Huber's delta: one number that leads from least squares to least absolute deviations."""

from __future__ import annotations

import numpy as np

from course_code.datasets import stackloss, two_coaches
from course_code.explorers._base import PointExplorer, loss_named
from course_code.explorers._cases import belgian_case, essay_case, remote_case, stars_case
from course_code.explorers._modules import assemble
from course_code.explorers._picture import Plot, colour, picture, stroke
from course_code.explorers._traits import Indices, OneOf, Points, Presets, Real, View, Words
from course_code.influence import efficiency
from course_code.losses import Huber
from course_code.noise import Gaussian
from course_code.regression import fit_line
from course_code.robust import MAD_TO_SD, mad


def _plant():
    plant = stackloss()
    return {
        "name": "stack loss over air flow",
        "points": np.column_stack([plant["air_flow"], plant["stack_loss"]]).tolist(),
        "marked": [],
        "labels": ["air flow", "stack loss, tenths of a per cent"],
        "view": [46, 84, 0, 48],
    }


PRESETS = [
    essay_case("three outliers", two_coaches(outliers=3), [-1.2, 1.2, -6, 24]),
    essay_case("clean", two_coaches(), [-1.2, 1.2, -2, 3]),
    remote_case(),
    belgian_case(),
    stars_case(),
    _plant(),
]
_START = PRESETS[0]


class HuberDelta(PointExplorer):
    """Slide Huber's delta and see its line go from the absolute one to the squared one.

    Attributes
    ----------
    marked : list of int
        Positions of points drawn as outliers. They count in every fit.
    delta : float
        Where Huber's loss turns straight, in units of y.
    curve : {"rho", "psi"}
        What the right panel shows: the loss of a residual or its derivative.

    Examples
    --------
    >>> explorer = HuberDelta()
    >>> {loss: round(line.slope, 2) for loss, line in explorer.lines.items()}
    {'squared': -1.98, 'absolute': 1.46, 'huber': 1.31}
    >>> explorer.delta = 1.345 * explorer.sigma
    >>> round(explorer.lines["huber"].slope, 2), round(explorer.efficiency, 3)
    (1.49, 0.95)
    """

    module = "huber-delta"
    _esm = assemble("huber-delta.js")
    caption = (
        "Left: points and the best lines under squared error (solid), absolute error (dashed) and "
        "Huber's loss (dash-dotted). Points within delta of Huber's line are filled, points beyond "
        "are open. Right: Huber's loss over the residual between its two limits (thin): half the "
        "square (solid) and delta times the distance (dashed). Ticks are residuals."
    )

    points = Points(_START["points"]).tag(sync=True)
    marked = Indices(_START["marked"]).tag(sync=True)
    delta = Real(1.0, above=0).tag(sync=True)
    curve = OneOf("rho", "psi").tag(sync=True)
    labels = Words("x", "y").tag(sync=True)
    view = View(_START["view"]).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def lines(self):
        """The best line of each loss, a dict of `course_code.regression.Fit`.

        Raises
        ------
        ValueError
            If all points share one x.
        """
        return {
            name: fit_line(self.x, self.y, loss_named(name, self.delta))
            for name in ("squared", "absolute", "huber")
        }

    @property
    def residuals(self):
        """The residuals from Huber's line, shape (n,)."""
        return self.y - self.lines["huber"].predict(self.x[:, None])

    @property
    def linear(self):
        """Which points are on the linear part: residuals beyond delta, shape (n,), bool."""
        # By more than rounding: data in whole numbers leave residuals that equal delta.
        return np.abs(self.residuals) > self.delta * (1 + 1e-9)

    @property
    def sigma(self):
        """1.4826 times the median absolute residual of the absolute line; 0 if that is rounding.

        Where absolute lines tie, it is taken about the middle of their slopes and intercepts. This
        is where `course_code.robust.huber_fit` begins; its last scale belongs to its last plane.
        """
        line = fit_line(self.x, self.y, loss_named("absolute", self.delta))
        slope, intercept = line.slope, line.intercept
        if line.interval is not None:
            slope, intercept = np.mean(line.interval.slope), np.mean(line.interval.intercept)
        sigma = MAD_TO_SD * mad(self.y - (intercept + slope * self.x), centre=0)
        return sigma if sigma > 1e-12 * np.max(np.abs(self.y)) else 0.0

    @property
    def multiple(self):
        """Delta in sigmas; infinite if sigma is 0."""
        sigma = self.sigma
        return self.delta / sigma if sigma > 0 else np.inf

    @property
    def efficiency(self):
        """Of this delta, in large samples, were the noise Gaussian with this sigma."""
        # Beyond these bounds the efficiency is its limit, and squares would under- or overflow.
        return efficiency(Huber(float(np.clip(self.multiple, 1e-100, 1e3))), Gaussian())

    def alt(self):
        told = f"{len(self.points)} points"
        right = "the loss" if self.curve == "rho" else "the derivative of the loss"
        if np.ptp(self.x) > 0:
            slopes = [f"{line.slope:.3g} ({name})" for name, line in self.lines.items()]
            told += (
                f", {int(self.linear.sum())} of them open because they are beyond delta, and three "
                f"fitted lines with slopes {slopes[0]}, {slopes[1]} and {slopes[2]}"
            )
        return (
            f"Two panels. Left: {told}. Right: {right} over the residual for Huber's delta "
            f"{self.delta:.3g}: {'quadratic' if self.curve == 'rho' else 'rising'} up to delta, "
            f"{'straight' if self.curve == 'rho' else 'level'} beyond."
        )

    def picture(self):
        left = Plot(10, self.view[:2], self.view[2:])
        if np.ptp(self.x) == 0:
            self._draw_points(left, np.zeros(len(self.points), dtype=bool))
            return picture(left, self._draw_loss(np.zeros(0)))
        huber = self.lines["huber"]
        ends = np.array(self.view[:2])
        heights = huber.intercept + huber.slope * ends
        # A strip far beyond the frame would only be cut off again.
        half = min(self.delta, 2 * (self.view[3] - self.view[2]))
        strip = np.column_stack(
            [np.append(ends, ends[::-1]), np.append(heights - half, heights[::-1] + half)]
        )
        outline = [(left.x(x), left.y(y)) for x, y in strip]
        left.add("polygon", [outline], f"fill='{colour('huber')}' fill-opacity='.16'")
        for name, line in self.lines.items():
            left.line(line.slope, line.intercept, stroke(name, 2.5))
        self._draw_points(left, self.linear)
        return picture(left, self._draw_loss(self.residuals))

    def _draw_points(self, plot, beyond):
        odd = np.isin(np.arange(len(self.points)), self.marked)
        for open_ in (False, True):
            for which, draw, radius, name in (
                (~odd, plot.dots, 4, "data"),
                (odd, plot.diamonds, 6, "outlier"),
            ):
                hue = colour(name)
                style = f"fill='none' stroke='{hue}' stroke-width='2'" if open_ else f"fill='{hue}'"
                chosen = np.array(self.points)[which & (beyond == open_)]
                if len(chosen):
                    draw(chosen, radius, style)

    def _draw_loss(self, residuals):
        """Rho or psi, its two limits, and a tick for each residual that has room."""
        delta, loss = self.delta, Huber(self.delta)
        largest = np.max(np.abs(residuals), initial=0.0)
        wide = max(4 * self.sigma if len(residuals) else 0, min(1.6 * delta, 2 * largest)) or delta
        r = wide * np.linspace(-1, 1, 81)
        if self.curve == "rho":
            top = 1.15 * loss.rho(wide)
            plot = Plot(380, (-wide, wide), (-0.12 * top, top))
            shapes = {"squared": r * r / 2, "absolute": delta * np.abs(r), "huber": loss.rho(r)}
        else:
            top = 1.4 * loss.psi(wide)
            plot = Plot(380, (-wide, wide), (-1.3 * top, top))
            shapes = {"squared": r, "absolute": delta * np.sign(r), "huber": loss.psi(r)}
        edge = min(delta, wide)
        band = [(plot.x(x), y) for x, y in [(-edge, 0), (edge, 0), (edge, 310), (-edge, 310)]]
        plot.add("polygon", [band], f"fill='{colour('huber')}' fill-opacity='.16'")
        for name, heights in shapes.items():
            # Far above the frame nothing is seen.
            drawn = np.maximum(plot.y(heights), -999)
            style = stroke(name, 2.5 if name == "huber" else 1.25)
            plot.add("polyline", [list(zip(plot.x(r), drawn, strict=True))], style)
        plot.ticks(residuals)
        return plot
