"""Gradient flow: what one residual costs and how hard it pulls, loss by loss."""

from __future__ import annotations

import numpy as np

from course_code.explorers._base import Explorer
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, dash, picture
from course_code.explorers._traits import Between, Real, SomeOf
from course_code.losses import AbsoluteError, Huber, LogCosh, Quantile, SquaredError, Tukey

ENDS = (-4.0, 4.0)
# Each loss: its family's colour, its dashes, its name in words.
LOOKS = {
    "squared": ("squared", dash("squared"), "squared error"),
    "absolute": ("absolute", dash("absolute"), "absolute error"),
    "huber": ("huber", dash("huber"), "Huber's loss"),
    "logcosh": ("huber", " stroke-dasharray='3 3'", "log-cosh"),
    "quantile": ("absolute", " stroke-dasharray='3 3'", "the quantile loss"),
    "tukey": ("outlier", " stroke-dasharray='11 3 3 3 3 3'", "Tukey's loss"),
}
LOSSES = tuple(LOOKS)
KINKED = ("absolute", "quantile")


class GradientFlow(Explorer):
    """Slide one residual and compare what the losses make of it.

    The residual is y - y_hat and a loss is a function rho of it. Psi is the derivative of rho, and
    the gradient with respect to the prediction is -psi, for the residual falls as the prediction
    rises. Squared error is r^2, without a half; Huber's loss is r^2 / 2 up to delta.

    Attributes
    ----------
    residual : float
        From -4 to 4.
    losses : list of str
        Which losses are shown: some of "squared", "absolute", "huber", "logcosh", "quantile" and
        "tukey".
    delta : float
        Where Huber's loss turns straight.
    tau : float
        The level of the quantile loss, strictly between 0 and 1.
    c : float
        Where Tukey's loss levels off.

    Examples
    --------
    >>> explorer = GradientFlow(residual=2.0)
    >>> explorer.psi["squared"], explorer.psi["absolute"], explorer.psi["huber"]
    (4.0, 1.0, 1.0)
    >>> explorer.gradient["squared"]
    -4.0
    >>> explorer.residual = 0.0
    >>> explorer.subgradients["absolute"]
    (-1.0, 1.0)
    """

    module = "gradient-flow"
    _esm = assemble("gradient-flow.js")
    caption = (
        "Left: the losses rho of one residual r, with their tangents at r. Right: psi, the slopes "
        "of those tangents. Squared error is solid, absolute error dashed, Huber's loss "
        "dash-dotted. Rings mark where Huber's loss switches, at r = -delta and r = delta. The "
        "vertical bar at 0 holds the slopes at a kink, and the dot on it is the one chosen."
    )

    residual = Between(1.5, *ENDS).tag(sync=True)
    losses = SomeOf(LOSSES[:3], LOSSES).tag(sync=True)
    delta = Real(1.0, above=0).tag(sync=True)
    tau = Real(0.9, above=0, below=1).tag(sync=True)
    c = Real(4.685, above=0).tag(sync=True)

    @property
    def functions(self):
        """All six losses, a dict of `course_code.losses` by name."""
        return {
            "squared": SquaredError(),
            "absolute": AbsoluteError(),
            "huber": Huber(self.delta),
            "logcosh": LogCosh(),
            "quantile": Quantile(self.tau),
            "tukey": Tukey(self.c),
        }

    @property
    def rho(self):
        """What the residual costs under each loss, a dict of floats."""
        return {name: float(f.rho(self.residual)) for name, f in self.functions.items()}

    @property
    def psi(self):
        """The derivative of each rho; at a kink the subgradient that is chosen, 0."""
        return {name: float(f.psi(self.residual)) + 0.0 for name, f in self.functions.items()}

    @property
    def gradient(self):
        """The derivative of each loss with respect to the prediction: -psi."""
        return {name: 0.0 - psi for name, psi in self.psi.items()}

    @property
    def ratio(self):
        """The pull of each loss over that of absolute error, in size; NaN at residual 0."""
        own = abs(self.psi["absolute"])
        return {name: abs(psi) / own if own else np.nan for name, psi in self.psi.items()}

    @property
    def subgradients(self):
        """The lowest and the highest slope of rho at the residual, a dict of pairs.

        They differ only at the kinks, at residual 0.
        """
        sets = {name: (psi, psi) for name, psi in self.psi.items()}
        if self.residual == 0:
            sets.update({name: self._kink(name) for name in KINKED})
        return sets

    def _kink(self, name):
        return (-1.0, 1.0) if name == "absolute" else (self.tau - 1, self.tau)

    def alt(self):
        if not self.losses:
            return (
                f"Two panels without a curve: no loss is shown at the residual {self.residual:g}."
            )
        told = ", ".join(
            f"{LOOKS[name][2]} costs {self.rho[name]:.3g} and has slope {self.psi[name]:.3g}"
            for name in self.losses
        )
        return (
            f"Two panels over residuals from -4 to 4. Left: the losses, each with its tangent at "
            f"the residual {self.residual:.4g}. Right: their slopes. There, {told}."
        )

    def picture(self):
        r = np.linspace(*ENDS, 65)
        shown = {name: self.functions[name] for name in self.losses}
        top = max((f.rho(r).max() for f in shown.values()), default=1.0)
        reach = max((np.abs(f.psi(r)).max() for f in shown.values()), default=1.0)
        left = Plot(10, ENDS, (-0.08 * top, 1.05 * top))
        right = Plot(380, ENDS, (-1.12 * reach, 1.12 * reach))
        for plot in (left, right):
            across = [(plot.x(self.residual), 0), (plot.x(self.residual), plot.height)]
            level = [(0, plot.y(0)), (plot.width, plot.y(0))]
            plot.add("polyline", [across, level], f"stroke='{INK}'")
        for name, f in shown.items():
            stroke = f"fill='none' stroke='{colour(LOOKS[name][0])}' stroke-width="
            style = f"{stroke}'2.5'{LOOKS[name][1]}"
            # Huber's loss turns at delta, which need not be one of the evenly spaced places.
            turns = np.clip([-self.delta, self.delta], *ENDS) if name == "huber" else []
            # Straight on both sides of 0, so the ends are enough.
            at = np.array([ENDS[0], 0, ENDS[1]]) if name in KINKED else np.sort(np.append(r, turns))
            left.add("polyline", [list(zip(left.x(at), left.y(f.rho(at)), strict=True))], style)
            if name in KINKED:
                low, high = right.y(f.psi(ENDS))
                middle, end = right.x(0), right.width
                steps = [[(0, low), (middle, low)], [(middle, high), (end, high)]]
            else:
                steps = [list(zip(right.x(at), right.y(f.psi(at)), strict=True))]
            right.add("polyline", steps, style)
            if name in KINKED:
                bar = [(right.x(0), right.y(end)) for end in self._kink(name)]
                right.add("polyline", [bar], f"{stroke}'5'")
                right.dots([(0, 0)], 4, f"fill='{INK}'")
            slope, height = self.psi[name], self.rho[name]
            left.line(slope, height - slope * self.residual, f"{stroke}'1.25'")
        for name, f in shown.items():
            hue = f"fill='{colour(LOOKS[name][0])}'"
            left.dots([(self.residual, self.rho[name])], 5, hue)
            right.dots([(self.residual, self.psi[name])], 5, hue)
            if name == "huber":
                edges = [end for end in (-self.delta, self.delta) if abs(end) <= ENDS[1]]
                ring = f"fill='none' stroke='{colour(name)}' stroke-width='2'"
                left.dots([(end, f.rho(end)) for end in edges], 6, ring)
                right.dots([(end, f.psi(end)) for end in edges], 6, ring)
        return picture(left, right)
