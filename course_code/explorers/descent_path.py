"""The path of descent: steps on the map of all lines, and the loss against the epoch."""

from __future__ import annotations

import numpy as np

from course_code.datasets import two_coaches
from course_code.descent import LinearModel, constant, inverse_sqrt, safe_step, step_decay, train
from course_code.explorers._base import PointExplorer, loss_named
from course_code.explorers._cases import belgian_case, essay_case, remote_case, stars_case
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, picture, rings
from course_code.explorers._traits import (
    Count,
    Indices,
    OneOf,
    Points,
    Presets,
    Real,
    View,
    Words,
)
from course_code.regression import fit_line

_LIMIT = 5000


def _preset(case, view, **more):
    """A case of points; `view` is the map's, and the case's own view frames the points."""
    start = {"w": 0.0, "b": 0.0, "lr": 0.05, "epochs": 0}
    return {**case, "frame": case["view"], "view": view, **start, **more}


def _standardised(case, middle, frame):
    """Real data, x less its mean over its standard deviation, so that one step serves both."""
    x, y = np.array(case["points"]).T
    z = (x - x.mean()) / x.std()
    return {
        **case,
        "name": f"{case['name']}, standardised",
        "points": np.column_stack([z, y]).tolist(),
        "labels": [f"{middle}, standardised", case["labels"][1]],
        "view": frame,
    }


def _presets():
    """Places are chosen so that a unit of slope is as long on the map as one of intercept."""
    clean, dirty = two_coaches(), two_coaches(outliers=3)
    squared = {"loss": "squared"}
    moved = essay_case("moved right by 5", clean, [3.8, 6.2, -2, 3])
    moved["points"] = [[x + 5, y] for x, y in moved["points"]]
    pairs = {
        "name": "two pairs",
        "points": [[-0.5, 0.0], [-0.5, 1.0], [0.5, 0.0], [0.5, 1.0]],
        "marked": [],
        "labels": ["x", "y"],
        "view": [-1, 1, -1, 2],
    }
    belgian = _standardised(belgian_case(), "year", [-2, 2, -4, 24])
    stars = _standardised(stars_case(), "log10 temperature", [-4, 2, 3.5, 7])
    return [
        _preset(essay_case("two coaches, clean", clean, [-1.2, 1.2, -2, 3]), [-1, 3.34, -1.5, 2.5]),
        _preset(essay_case("with three outliers", dirty, [-1.2, 1.2, -6, 24]), [-3, 2.97, -2, 3.5]),
        _preset(remote_case(), [-3, 2.97, -2, 3.5], lr=0.01, **squared),
        _preset(moved, [-4, 5.76, -9, 0], b=-4.0, lr=0.02, **squared),
        _preset(pairs, [-2, 2.34, -1.5, 2.5], w=1.5, b=2.0, loss="absolute", lr=0.2),
        _preset(belgian, [-4, 13.36, -4, 12], lr=0.5, **squared),
        _preset(stars, [-3, 4.6, 0, 7], lr=0.2, **squared),
    ]


PRESETS = _presets()


class DescentPath(PointExplorer):
    """Gradient descent on a line: choose the start, the step and the loss, and watch the path.

    Attributes
    ----------
    w, b : float
        The line y = w x + b from which the descent starts.
    loss : {"squared", "absolute", "huber"}
        Whose mean is descended.
    delta : float
        Where Huber's loss turns straight, in units of y.
    lr : float
        The size of the first step, positive.
    schedule : {"constant", "inverse_sqrt", "step_decay"}
        Whether the step stays, is divided by sqrt(k + 1), or is halved after each `every` steps.
    every : int
        For "step_decay", 1 to 5000.
    epochs : int
        How many steps have been taken, 0 to 5000.
    view : list of four floats
        slope low, slope high, intercept low, intercept high of the map.
    marked : list of int
        Positions of points drawn as outliers. They count in every step.
    frame : list of four floats
        x low, x high, y low, y high of the axes of the points: the room in which they are dragged.

    Examples
    --------
    >>> path = DescentPath(epochs=2000)
    >>> round(path.trace.final.w, 4), round(path.trace.final.b, 4)
    (1.5143, 0.5096)
    >>> round(path.safe_step, 4)
    0.9937
    """

    module = "descent-path"
    _esm = assemble("descent-path.js")
    caption = (
        "Left: the map of all lines with rings of equal loss, the best line as a cross, and the "
        "path of descent from its start. Right: how far the loss is above the least, against the "
        "epoch, on a logarithmic scale. Below, where it can be moved: the points, the line of this "
        "epoch (solid), the best line (dashed), and what each residual costs."
    )

    points = Points(PRESETS[0]["points"]).tag(sync=True)
    w = Real(0.0).tag(sync=True)
    b = Real(0.0).tag(sync=True)
    loss = OneOf("squared", "absolute", "huber").tag(sync=True)
    delta = Real(1.0, above=0).tag(sync=True)
    lr = Real(0.05, above=0).tag(sync=True)
    schedule = OneOf("constant", "inverse_sqrt", "step_decay").tag(sync=True)
    every = Count(500, 1, _LIMIT).tag(sync=True)
    epochs = Count(0, 0, _LIMIT).tag(sync=True)
    view = View(PRESETS[0]["view"]).tag(sync=True)
    marked = Indices().tag(sync=True)
    labels = Words("x", "y").tag(sync=True)
    frame = View(PRESETS[0]["frame"]).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def loss_function(self):
        """The chosen loss, from `course_code.losses`."""
        return loss_named(self.loss, self.delta)

    @property
    def trace(self):
        """What `course_code.descent.train` goes through in `epochs` steps."""
        schedules = {
            "constant": constant,
            "inverse_sqrt": inverse_sqrt,
            "step_decay": step_decay(self.every),
        }
        start, schedule = LinearModel(self.w, self.b), schedules[self.schedule]
        return train(start, self.loss_function, self.x, self.y, self.lr, self.epochs, schedule)

    @property
    def best(self):
        """The line with the least mean loss, a `course_code.regression.Fit`.

        Raises
        ------
        ValueError
            If all points share one x.
        """
        return fit_line(self.x, self.y, self.loss_function)

    @property
    def distance(self):
        """From the last line to the best one over (w, b); None where several are best."""
        best, last = self.best, self.trace.final
        if best.interval is not None:
            return None
        return float(np.hypot(last.w - best.slope, last.b - best.intercept))

    @property
    def safe_step(self):
        """2 / lambda_max, below which every step lowers the loss; None for absolute error."""
        return None if self.loss == "absolute" else safe_step(self.x, self.loss_function)

    def alt(self):
        last = self.trace.final
        return (
            f"Two panels. Left: rings of equal {self.loss} loss over slope and intercept, and the "
            f"path of {self.epochs} steps of size {self.lr:.3g} from slope {self.w:.3g}, intercept "
            f"{self.b:.3g} to slope {last.w:.3g}, intercept {last.b:.3g}. Right: the loss above "
            "the least against the epoch."
        )

    def picture(self):
        hue, trace = colour(self.loss), self.trace
        best = None if np.ptp(self.x) == 0 else self.best
        finite = np.flatnonzero(np.isfinite(trace.loss))
        # Two hundred corners are enough for a still picture.
        kept = finite[np.unique(np.linspace(0, len(finite) - 1, 200).astype(int))]
        ink = f"fill='none' stroke='{INK}' stroke-width='2'"

        left = Plot(10, self.view[:2], self.view[2:])
        if best:
            outlines = rings(self.loss_function, self.x, self.y, best, left)
            left.add("polygon", outlines, f"fill='{hue}' stroke='{hue}' fill-opacity='.07'")
        far = 5 * left.width
        walk = np.column_stack([left.x(trace.w[kept]), left.y(trace.b[kept])]).clip(-far, far)
        left.add("polyline", [walk], ink)
        if best:
            left.cross(best.slope, best.intercept, hue)
        left.dots([(self.w, self.b)], 7, f"fill='{INK}'")

        above = trace.loss[kept] - (best.objective if best else 0.0)
        height = np.log10(np.maximum(above, 1e-16))
        low, high = np.floor(height.min()), np.ceil(height.max())
        right = Plot(380, (0, max(10, self.epochs)), (low, max(high, low + 1)))
        curve = np.column_stack([right.x(kept), right.y(height)])
        right.add("polyline", [curve], ink)
        return picture(left, right)
