"""The loss surface: a line over points, and the loss of every line."""

from __future__ import annotations

import numpy as np

from course_code.explorers._base import PointExplorer, loss_named
from course_code.explorers._cases import belgian_case, stars_case
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, picture, rings
from course_code.explorers._traits import Flag, Indices, OneOf, Points, Presets, Real, View, Words
from course_code.regression import fit_line

_CLEAN = [[-3, -0.2], [-2, 0.2], [-1, 1.4], [0, 1.8], [1, 3.1], [2, 3.2], [3, 4.7], [4, 5.1]]
_ROOM = [-5, 9, -3, 11]
_WIDE = [-5, 20, -6, 12]


def _variant(name, outlier, view):
    """The clean points, with one more; the line stays, so that its losses can be compared."""
    points, marked = (_CLEAN, []) if outlier is None else ([*_CLEAN, outlier], [len(_CLEAN)])
    return {
        "name": name,
        "points": points,
        "marked": marked,
        "labels": ["x", "y"],
        "view": view,
    }


PRESETS = [
    _variant("clean", None, _ROOM),
    _variant("one outlier above", [-3, 10], _ROOM),
    _variant("one far to the side", [17, -3], _WIDE),
    *({**case, "slope": 0, "intercept": 5} for case in (belgian_case(), stars_case())),
]


class LossSurface(PointExplorer):
    """Move a line and see its loss; or move along the surface and see the line.

    Attributes
    ----------
    slope, intercept : float
        The line y = intercept + slope * x.
    loss : {"squared", "absolute", "huber"}
        Which loss the surface and the marks on the residuals show.
    delta : float
        Where Huber's loss turns straight, in units of y.
    compare : bool
        Show the best lines of all three losses, not only of the chosen one.
    marked : list of int
        Positions of the points drawn as outliers.

    Examples
    --------
    >>> surface = LossSurface(loss="absolute", slope=0.5, intercept=2)
    >>> round(surface.loss_value, 3)
    0.613
    >>> surface.delta = -1
    Traceback (most recent call last):
        ...
    ValueError: delta: must be a positive finite number; got -1
    """

    module = "loss-surface"
    _esm = assemble("loss-surface.js")
    caption = (
        "Left: points, your line (solid), the best line (dashed), and what each residual costs. "
        "Right: the map of all lines. The dot is your line, the cross the best one; rings join "
        "lines of equal loss, at equal steps of height."
    )

    points = Points(PRESETS[0]["points"]).tag(sync=True)
    slope = Real(0.2).tag(sync=True)
    intercept = Real(4.0).tag(sync=True)
    loss = OneOf("squared", "absolute", "huber").tag(sync=True)
    delta = Real(1.0, above=0).tag(sync=True)
    compare = Flag().tag(sync=True)
    marked = Indices().tag(sync=True)
    labels = Words("x", "y").tag(sync=True)
    view = View(_ROOM).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def loss_function(self):
        """The chosen loss, from `course_code.losses`."""
        return loss_named(self.loss, self.delta)

    @property
    def residuals(self):
        """y minus the line, shape (n,)."""
        return self.y - (self.intercept + self.slope * self.x)

    @property
    def loss_value(self):
        """The mean of the chosen loss over the points."""
        return float(np.mean(self.loss_function.rho(self.residuals)))

    @property
    def best(self):
        """The line with the least mean loss, a `course_code.regression.Fit`.

        Raises
        ------
        ValueError
            If all points share one x, so that no slope is best.
        """
        return fit_line(self.x, self.y, self.loss_function)

    def alt(self):
        return (
            f"Two panels. Left: {len(self.points)} points, a line of slope {self.slope:.3g} and "
            f"intercept {self.intercept:.3g}, and the {self.loss} loss of each residual. Right: "
            "rings of equal loss over slope and intercept, with the line and the best line marked."
        )

    def picture(self):
        hue, view = colour(self.loss), self.view
        points = np.array(self.points)
        best = None if np.ptp(self.x) == 0 else self.best
        filled = f"fill='{hue}' stroke='{hue}'"

        left = Plot(10, view[:2], view[2:])
        unit = left.height / (view[3] - view[2])
        costs = [
            [(left.x(x) + across, left.y(y - r) - up) for across, up in shape]
            for (x, y), r in zip(points, self.residuals, strict=True)
            for shape in [_penalty(self.loss, r * unit, self.delta * unit)]
        ]
        left.add("polygon", costs, f"{filled} fill-opacity='.25'")
        if best:
            dashed = f"stroke='{hue}' stroke-width='2' stroke-dasharray='8 5'"
            left.line(best.slope, best.intercept, dashed)
        left.line(self.slope, self.intercept, f"stroke='{INK}' stroke-width='2.5'")
        marked = np.isin(np.arange(len(points)), self.marked)
        left.dots(points[~marked], 5, f"fill='{colour('data')}'")
        left.dots(points[marked], 5, f"fill='{colour('outlier')}'")

        steep = 2 * (view[3] - view[2]) / (view[1] - view[0])
        right = Plot(380, (-steep, steep), view[2:])
        if best:
            outlines = rings(self.loss_function, self.x, self.y, best, right)
            right.add("polygon", outlines, f"{filled} fill-opacity='.07'")
            right.cross(best.slope, best.intercept, hue)
        right.dots([(self.slope, self.intercept)], 7, f"fill='{INK}'")
        return picture(left, right)


def _penalty(loss, r, delta):
    """Corners (across, up) from the line: a square, a bar, or Huber's triangle cut off at delta."""
    if loss == "squared":
        return [(0, 0), (0, r), (abs(r), r), (abs(r), 0)]
    if loss == "absolute":
        return [(-4, 0), (-4, r), (4, r), (4, 0)]
    wide = min(abs(r), delta)
    return [(0, 0), (wide, float(np.copysign(wide, r))), (wide, r), (0, r)]
