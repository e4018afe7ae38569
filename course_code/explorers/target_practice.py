"""Target practice: what two coaches make of the same shots."""

import numpy as np

from course_code.explorers._base import PointExplorer, loss_named
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, dash, picture
from course_code.explorers._traits import Points, Presets

COACHES = ("squared", "absolute")
RINGS = 5


class Shots(Points):
    """Shots on a target, (n, 2) with 1 <= n <= 40, in rings from the bullseye."""

    least, most = 1, 40


def _shots(name, distances):
    """Shots at these distances, spread round the bullseye; the last lies straight above it."""
    angle = np.pi / 2 + 2 * np.pi * np.arange(1, len(distances) + 1) / len(distances)
    places = np.array(distances)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return {"name": name, "points": (places.round(12) + 0.0).tolist()}


PRESETS = [
    _shots("ten reps", [0.1] * 9 + [4.0]),
    _shots("four shots 1, 1, 1, 4", [1.0, 1.0, 1.0, 4.0]),
    _shots("all at 2", [2.0] * 6),
]


class TargetPractice(PointExplorer):
    """Drag shots on a target; the squared and the absolute coach add up the same errors.

    A shot's error is its distance from the bullseye.

    Attributes
    ----------
    points : list of [x, y], shape (n, 2)
        The shots, in rings from the bullseye at (0, 0); 1 to 40 of them.

    Examples
    --------
    >>> target = TargetPractice()
    >>> {coach: round(total, 2) for coach, total in target.totals.items()}
    {'squared': 16.09, 'absolute': 4.9}
    >>> {coach: round(share, 3) for coach, share in target.shares.items()}
    {'squared': 0.994, 'absolute': 0.816}
    """

    module = "target-practice"
    _esm = assemble("target-practice.js")
    caption = (
        "Left: shots on a target, the worst one as a diamond. The circles are the RMSE (solid) and "
        "the MAE (dashed). Right: what each shot costs with the squared coach (filled) and the "
        "absolute coach (outlined)."
    )

    points = Shots(PRESETS[0]["points"]).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def errors(self):
        """Distances from the bullseye in rings, shape (n,)."""
        return np.hypot(self.x, self.y)

    @property
    def worst(self):
        """Position of the shot that is farthest off, the first of them where several are."""
        return int(np.argmax(self.errors))

    def _each(self, summary):
        return {name: summary(loss_named(name, 1.0)) for name in COACHES}

    @property
    def costs(self):
        """What each shot costs, in a dict by coach, shape (n,)."""
        return self._each(lambda loss: loss.rho(self.errors))

    @property
    def totals(self):
        """Sums of the costs, by coach."""
        zero = np.zeros(len(self.points))
        return self._each(lambda loss: loss(self.errors, zero, reduction="sum"))

    @property
    def means(self):
        """Means of the costs, by coach: the MSE and the MAE."""
        return self._each(lambda loss: loss(self.errors, np.zeros(len(self.points))))

    @property
    def rmse(self):
        """Root of the MSE, in rings."""
        return float(np.sqrt(self.means["squared"]))

    @property
    def shares(self):
        """The worst shot's part of either total, by coach; nan where every error is zero."""
        if not self.errors.any():
            return dict.fromkeys(COACHES, np.nan)
        return {name: float(c[self.worst] / self.totals[name]) for name, c in self.costs.items()}

    @property
    def ratio(self):
        """Squared total over absolute total, in rings; nan where every error is zero."""
        if not self.errors.any():
            return np.nan
        return float(self.totals["squared"] / self.totals["absolute"])

    def alt(self):
        told = ""
        if self.errors.any():
            shares = [f"{100 * share:.3g} %" for share in self.shares.values()]
            told = (
                f", the farthest {self.errors.max():.3g} rings off. It makes {shares[0]} of the "
                f"squared total and {shares[1]} of the absolute one"
            )
        shots = "1 shot" if len(self.points) == 1 else f"{len(self.points)} shots"
        return (
            f"Two panels. Left: a target with {shots}{told}. Right: each shot's two costs as bars."
        )

    def picture(self):
        radius = max(RINGS, self.errors.max())
        wide = radius * 330 / 310
        target = Plot(10, (-wide, wide), (-radius, radius))
        unit, bullseye = 155 / radius, [(0, 0)]
        for ring in range(1, RINGS + 1):
            style = f"fill='none' stroke='{INK}' stroke-opacity='0.5'"
            target.dots(bullseye, f"{155 * ring / RINGS:.1f}", style)
        for name, distance in [("squared", self.rmse), ("absolute", self.means["absolute"])]:
            style = f"fill='none' stroke='{colour(name)}' stroke-width='2.5'{dash(name)}"
            target.dots(bullseye, f"{unit * distance:.1f}", style)
        others = np.delete(np.array(self.points), self.worst, axis=0)
        target.dots(others, 4, f"fill='{colour('data')}'")
        target.diamonds([self.points[self.worst]], 6, f"fill='{colour('outlier')}'")

        n = len(self.points)
        highest = max(1.0, *(1.05 * cost.max() for cost in self.costs.values()))
        bars = Plot(380, (0.5, max(n, 6) + 0.5), (0, highest))
        for name, offset, opacity in [("squared", -0.4, 1), ("absolute", 0, 0.25)]:
            outlines = [
                [(bars.x(k + 1 + offset + dx), bars.y(top)) for dx, top in corners]
                for k, cost in enumerate(self.costs[name])
                for corners in [[(0, 0), (0, cost), (0.4, cost), (0.4, 0)]]
            ]
            style = f"fill='{colour(name)}' fill-opacity='{opacity}' stroke='{colour(name)}'"
            bars.add("polygon", outlines, style)
        return picture(target, bars)
