"""The loss surface: a line over points, and the loss of every line."""

from __future__ import annotations

import numpy as np

from course_code.explorers._base import Explorer
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, picture, sublevel
from course_code.explorers._traits import Flag, Indices, OneOf, Points, Presets, Real, View, Words
from course_code.losses import AbsoluteError, Huber, SquaredError
from course_code.regression import fit_line

_CLEAN = [[-3, -0.2], [-2, 0.2], [-1, 1.4], [0, 1.8], [1, 3.1], [2, 3.2], [3, 4.7], [4, 5.1]]
_ROOM = [-5, 9, -3, 11]
_WIDE = [-5, 20, -6, 12]

PRESETS = [
    {"name": "clean", "points": _CLEAN, "marked": [], "view": _ROOM},
    {"name": "one outlier above", "points": [*_CLEAN, [-3, 10]], "marked": [8], "view": _ROOM},
    {"name": "one far to the side", "points": [*_CLEAN, [17, -3]], "marked": [8], "view": _WIDE},
]


class LossSurface(Explorer):
    """Move a line and see its loss; or move along the surface and see the line.

    Attributes
    ----------
    points : list of [x, y], shape (n, 2)
        The data; 2 to 200 points. Any array of that shape can be assigned.
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
    labels : list of two str
        What x and y are.
    view : list of four floats
        x low, x high, y low, y high of the axes: the room in which points can be dragged.
    presets : list of dict
        Each has a `name` and values for some of the traits above.

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
    def x(self):
        """The points' x, shape (n,)."""
        return np.array(self.points)[:, 0]

    @property
    def y(self):
        """The points' y, shape (n,)."""
        return np.array(self.points)[:, 1]

    @property
    def loss_function(self):
        """The chosen loss, from `course_code.losses`."""
        losses = {
            "squared": SquaredError(),
            "absolute": AbsoluteError(),
            "huber": Huber(self.delta),
        }
        return losses[self.loss]

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
        """The line with the least mean loss, a `course_code.regression.Fit`."""
        return fit_line(self.x, self.y, self.loss_function)

    def alt(self):
        return (
            f"Two panels. Left: {len(self.points)} points, a line of slope {self.slope:.3g} and "
            f"intercept {self.intercept:.3g}, and the {self.loss} loss of each residual. Right: "
            "rings of equal loss over slope and intercept, with the line and the best line marked."
        )

    def picture(self):
        hue, best = colour(self.loss), self.best
        x0, x1, y0, y1 = self.view
        left = Plot(10, (x0, x1), (y0, y1))
        unit = left.height / (y1 - y0)
        for x, y, r in zip(self.x, self.y, self.residuals, strict=True):
            shape = _penalty(self.loss, r * unit, self.delta * unit)
            corners = [(left.x(x) + across, left.y(y - r) - up) for across, up in shape]
            left.add("polygon", corners, f'fill="{hue}" fill-opacity=".25" stroke="{hue}"')
        left.line(
            best.slope, best.intercept, f'stroke="{hue}" stroke-width="2" stroke-dasharray="8 5"'
        )
        left.line(self.slope, self.intercept, f'stroke="{INK}" stroke-width="2.5"')
        for k, (x, y) in enumerate(self.points):
            left.dot(x, y, 5, f'fill="{colour("outlier" if k in self.marked else "data")}"')

        steep = 1.2 * (y1 - y0) / (x1 - x0)
        right = Plot(380, (-steep, steep), (y0, y1))

        def mean_loss(slopes, intercepts):
            r = self.y - (intercepts[..., None] + slopes[..., None] * self.x)
            return self.loss_function.rho(r).mean(axis=-1)

        corner = mean_loss(np.array([-steep, steep, -steep, steep]), np.array([y0, y0, y1, y1]))
        levels = best.objective + (corner.max() - best.objective) * (np.arange(9) + 0.5) / 9
        reach = (2 * steep, y1 - y0)
        for ring in sublevel(mean_loss, (best.slope, best.intercept), levels, reach):
            corners = np.stack([right.x(ring[:, 0]), right.y(ring[:, 1])], axis=-1)
            right.add("polygon", corners, f'fill="{hue}" fill-opacity=".07" stroke="{hue}"')
        cx, cy = right.x(best.slope), right.y(best.intercept)
        for dx, dy in [(6, 0), (0, 6)]:
            ends = [(cx - dx, cy - dy), (cx + dx, cy + dy)]
            right.add("polyline", ends, f'stroke="{hue}" stroke-width="2.5"')
        right.dot(self.slope, self.intercept, 7, f'fill="{INK}"')
        return picture(left, right)


def _penalty(loss, r, delta):
    """Corners (across, up) from the line: a square, a bar, or Huber's triangle cut off at delta."""
    if loss == "squared":
        return [(0, 0), (0, r), (abs(r), r), (abs(r), 0)]
    if loss == "absolute":
        return [(-4, 0), (-4, r), (4, r), (4, 0)]
    wide = min(abs(r), delta)
    return [(0, 0), (wide, float(np.copysign(wide, r))), (wide, r), (0, r)]
