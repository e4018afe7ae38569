"""What all explorers share on the Python side."""

import html
import json
from urllib.parse import quote

import anywidget
import numpy as np

from course_code._validate import refuse
from course_code.explorers._modules import stylesheet
from course_code.losses import AbsoluteError, Huber, SquaredError


class Explorer(anywidget.AnyWidget):
    """A widget whose output also stands on a page without a kernel.

    A subclass names its JavaScript `module`, assembles `_esm` from it, declares its state as synced
    traits, and describes itself with `caption`, `alt` and `picture`. Its output then holds, beside
    the widget, an HTML figure with the state and a static picture: no model id, the same text on
    every run.
    """

    module = ""
    caption = ""
    _css = stylesheet()

    def __init__(self, **traits):
        for name in traits.keys() - self.traits().keys():
            refuse(name, f"is not a trait of {type(self).__name__}", traits[name])
        super().__init__(**traits)
        # Where presets are given, the first fills in what is not.
        if traits.get("presets"):
            for name, value in self.presets[0].items():
                if name != "name" and name not in traits:
                    setattr(self, name, value)

    def state(self):
        """The explorer's own traits as a dict of plain values: what a link or a page restores."""
        return {
            name: getattr(self, name)
            for name, trait in sorted(self.traits(sync=True).items())
            if issubclass(trait.this_class, Explorer) and not name.startswith("_")
        }

    def alt(self):
        """The picture in words, for those who do not see it."""
        raise TypeError(f"{type(self).__name__} must say what its picture shows")

    def picture(self):
        """The static picture: an SVG of 720 by 330, legible on light and on dark pages."""
        raise TypeError(f"{type(self).__name__} must draw its picture")

    def to_html(self):
        """The figure that ``host.js`` brings to life, and that stands as it is without scripts."""
        state = json.dumps(
            self.state(), sort_keys=True, allow_nan=False, separators=(",", ":"), ensure_ascii=False
        )
        return (
            f'<figure class="explorer" data-explorer="{self.module}" '
            f'data-state="{html.escape(state)}">'
            f"{self.still()}<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )

    def still(self):
        """What stands in the figure where scripts do not run, and in print: the picture."""
        source = "data:image/svg+xml," + quote(self.picture(), safe=" =:/,;()'")
        # The theme would put a white card behind the picture in the dark; it needs none.
        return (
            f'<img class="dark-light" width="720" height="330" alt="{html.escape(self.alt())}" '
            f'src="{source}">'
        )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": self.alt(), "text/html": self.to_html()}, metadata


class PointExplorer(Explorer):
    """An explorer of points in a plane.

    A subclass declares those of these traits that it needs, with its own start, and others.

    Attributes
    ----------
    points : list of [x, y], shape (n, 2)
        The data; 2 to 200 points. Any array of that shape can be assigned.
    labels : list of two str
        What x and y are.
    view : list of four floats
        x low, x high, y low, y high of the axes: the room in which points can be dragged.
    presets : list of dict
        Each has a `name` and values for some of the other traits. Where `presets` is given, the
        first one fills in what is not.
    """

    @property
    def x(self):
        """The points' x, shape (n,)."""
        return np.array(self.points)[:, 0]

    @property
    def y(self):
        """The points' y, shape (n,)."""
        return np.array(self.points)[:, 1]


def loss_named(name, delta):
    """The loss that a trait names: "squared", "absolute" or "huber" (which alone has a delta)."""
    return {"squared": SquaredError(), "absolute": AbsoluteError(), "huber": Huber(delta)}[name]
