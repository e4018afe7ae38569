"""Likelihood: slide the noise under a few observations, and watch minus log-likelihood."""

from __future__ import annotations

import numpy as np

from course_code.datasets import newcomb_light
from course_code.explorers._base import Explorer
from course_code.explorers._modules import assemble
from course_code.explorers._picture import INK, Plot, colour, picture
from course_code.explorers._traits import OneOf, Presets, Real, Values, Words
from course_code.noise import Gaussian, Laplace
from course_code.regression import median_interval


def _newcomb():
    light = newcomb_light()
    order = np.argsort(light["obs_order_stigler1977"])
    return light["deviation_ns_from_24800"][order][:10].tolist()


PRESETS = [
    {
        "name": "Newcomb's first ten",
        "values": _newcomb(),
        "location": 0.0,
        "scale": 10.0,
        "labels": ["y (nanoseconds from 24 800)"],
        "view": [-60.0, 60.0],
    },
    {
        "name": "one far value",
        "values": [1.0, 2.0, 3.0, 4.0, 20.0],
        "location": 3.0,
        "scale": 2.0,
        "labels": ["y"],
        "view": [-5.0, 25.0],
    },
    {
        "name": "an even number",
        "values": [1.0, 2.0, 4.0, 7.0],
        "location": 6.0,
        "scale": 2.0,
        "labels": ["y"],
        "view": [-2.0, 10.0],
    },
]
_START = PRESETS[0]


class Likelihood(Explorer):
    """Move a density along a few observations, and see what minus log-likelihood does.

    Attributes
    ----------
    values : list of float, shape (n,)
        The observations; 2 to 40. Any array of that shape can be assigned.
    noise : {"gaussian", "laplace"}
        The density of an observation about the location.
    location : float
        The centre of the density, in the units of the values.
    scale : float, > 0
        Its sigma (Gaussian) or b (Laplace), in the same units.
    labels : list of one str
        What the values are.
    view : list of two floats
        low, high of the axes: the room in which values and location can be dragged.
    presets : list of dict
        Each has a `name` and values for some of the traits above. Where `presets` is given, the
        first one fills in what is not.

    Examples
    --------
    >>> explorer = Likelihood()
    >>> tuple(round(end, 6) for end in explorer.best)
    (18.2, 18.2)
    >>> explorer.noise = "laplace"
    >>> explorer.best
    (26.0, 27.0)
    """

    module = "likelihood"
    _esm = assemble("likelihood.js")
    caption = (
        "Left: observations, the density of the noise about one location, and its height at each "
        "observation as a bar. Right: minus the log-likelihood of every location at this scale; "
        "the dot is the location on the left, the mark below the least value."
    )

    values = Values(_START["values"], 2, 40).tag(sync=True)
    noise = OneOf("gaussian", "laplace").tag(sync=True)
    location = Real(_START["location"]).tag(sync=True)
    scale = Real(_START["scale"], above=0).tag(sync=True)
    labels = Words(*_START["labels"]).tag(sync=True)
    view = Values(_START["view"], 2, 2, rising=True).tag(sync=True)
    presets = Presets(PRESETS).tag(sync=True)

    @property
    def model(self):
        """The noise, a :class:`course_code.noise.Gaussian` or `Laplace` of this scale."""
        return {"gaussian": Gaussian, "laplace": Laplace}[self.noise](self.scale)

    @property
    def residuals(self):
        """Values minus location, shape (n,)."""
        return np.array(self.values) - self.location

    @property
    def minus_log_likelihood(self):
        """The sum over the values of minus the log-density, all constants kept."""
        return self.nll_at(self.location)

    def nll_at(self, location):
        """The same at another location, at this scale."""
        return self.model.nll(np.array(self.values) - location, "sum")

    @property
    def loss_value(self):
        """MSE (Gaussian) or MAE (Laplace) of the values about the location."""
        return float(self.model.loss.rho(self.residuals).mean())

    @property
    def best_scale(self):
        """The most likely scale at this location: the RMSE or the MAE.

        Raises
        ------
        ValueError
            If every value is the location.
        """
        return self.model.fit_scale(self.residuals)

    @property
    def best(self):
        """The most likely locations, (low, high): the mean twice, or the ends of the medians."""
        if self.noise == "gaussian":
            return (float(np.mean(self.values)),) * 2
        low, high = median_interval(self.values)
        return float(low), float(high)

    def alt(self):
        low, high = self.best
        where = f"at {low:.4g}" if low == high else f"from {low:.4g} to {high:.4g}"
        return (
            f"Two panels. Left: {len(self.values)} values and a {self.noise.capitalize()} density "
            f"at {self.location:.4g} with scale {self.scale:.4g}. Right: minus log-likelihood over "
            f"the location, {self.minus_log_likelihood:.4g} here and least {where}, "
            f"{self.nll_at(low):.4g}."
        )

    def picture(self):
        name = "squared" if self.noise == "gaussian" else "absolute"
        values, model = np.array(self.values), self.model
        # The corners of the curves belong to the grid.
        corners = [*values, self.location]
        grid = np.unique(np.clip([*np.linspace(*self.view, 121), *corners], *self.view))
        peak = float(np.exp(model.log_density(0.0)))
        curve = f"fill='none' stroke='{colour(name)}' stroke-width='2.5'"
        left = Plot(10, self.view, (-0.08 * peak, 1.1 * peak))
        heights = np.exp(model.log_density(values - self.location))
        bars = [
            [(left.x(v), left.y(0)), (left.x(v), left.y(p))]
            for v, p in zip(values, heights, strict=True)
        ]
        left.add("polyline", bars, f"stroke='{colour('data')}' stroke-width='4'")
        shape = np.exp(model.log_density(grid - self.location))
        left.add("polyline", [np.column_stack([left.x(grid), left.y(shape)])], curve)
        left.dots([(v, 0) for v in values], 5, f"fill='{colour('data')}'")
        left.dots([(self.location, peak)], 6, f"fill='{INK}'")
        # At one scale minus log-likelihood is the mean loss, up to a factor and a constant: to the
        # axis, which has no numbers, they are the same curve.
        costs = model.loss.rho(values - grid[:, None]).mean(axis=1)
        low, high = self.best
        least = model.loss.rho(values - low).mean()
        room = max(costs.max() - least, 1e-9)
        right = Plot(380, self.view, (least - 0.08 * room, least + 1.05 * room))
        right.add("polyline", [np.column_stack([right.x(grid), right.y(costs)])], curve)
        ends = [(right.x(m), right.y(least)) for m in (low, high)]
        right.add("polyline", [ends], f"stroke='{colour(name)}' stroke-width='8'")
        right.dots([(low, least), (high, least)], 4, f"fill='{colour(name)}'")
        right.dots([(self.location, self.loss_value)], 6, f"fill='{INK}'")
        return picture(left, right)
