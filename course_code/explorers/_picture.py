"""Static pictures: a few shapes of SVG, legible on light and on dark pages.

A picture stands on pages without scripts and in print, and a page cannot restyle it, so its colours
are the palette's (3:1 against white and against the dark page) and it holds no text; caption and
alt text say what it shows. Coordinates are rounded to a tenth of a pixel.
"""

import numpy as np

from course_code.explorers._modules import palette

INK = "#7f7f7f"


def coordinates(points):
    """``x,y x,y ...`` for the `points` attribute of a polygon or polyline."""
    return " ".join(f"{x + 0.0:.1f},{y + 0.0:.1f}".replace("-0.0", "0.0") for x, y in points)


class Plot:
    """A framed panel: maps data to pixels and collects shapes."""

    def __init__(self, left, x_range, y_range, width=330, height=310):
        self.left, self.width, self.height = left, width, height
        self.x_range, self.y_range = x_range, y_range
        self.shapes = []

    def x(self, value):
        low, high = self.x_range
        return (value - low) / (high - low) * self.width

    def y(self, value):
        low, high = self.y_range
        return (high - value) / (high - low) * self.height

    def add(self, shape, outlines, style):
        """Polygons or polylines of one style, each a list of (x, y) in pixels."""
        drawn = "".join(f"<{shape} points='{coordinates(points)}'/>" for points in outlines)
        self.shapes.append(f"<g {style}>{drawn}</g>")

    def dots(self, places, radius, style):
        """Circles of one style at places (x, y) of the data."""
        centres = [coordinates([(self.x(x), self.y(y))]).split(",") for x, y in places]
        drawn = "".join(f"<circle cx='{x}' cy='{y}' r='{radius}'/>" for x, y in centres)
        self.shapes.append(f"<g {style}>{drawn}</g>")

    def diamonds(self, places, radius, style):
        """Outliers, which differ in shape and not only in colour."""
        corners = np.array([[0, -radius], [radius, 0], [0, radius], [-radius, 0]])
        centres = [np.array([self.x(x), self.y(y)]) for x, y in places]
        self.add("polygon", [centre + corners for centre in centres], style)

    def ticks(self, residuals):
        """A mark at the lower edge for each residual that has room."""
        low, high = self.x_range
        shown = residuals[(low <= residuals) & (residuals <= high)]
        if len(shown):
            marks = [[(self.x(v), self.height - 11), (self.x(v), self.height)] for v in shown]
            self.add("polyline", marks, f"stroke='{INK}' stroke-width='1.5'")

    def cross(self, x, y, hue):
        """A cross at a place of the data."""
        cx, cy = self.x(x), self.y(y)
        arms = [[(cx - 6, cy), (cx + 6, cy)], [(cx, cy - 6), (cx, cy + 6)]]
        self.add("polyline", arms, f"stroke='{hue}' stroke-width='2.5'")

    def line(self, slope, intercept, style):
        """The line y = intercept + slope * x from edge to edge."""
        ends = [(self.x(x), self.y(intercept + slope * x)) for x in self.x_range]
        self.add("polyline", [ends], style)

    def svg(self):
        """The panel as a nested svg, which clips what leaves the frame."""
        return (
            f"<svg x='{self.left}' y='10' width='{self.width}' height='{self.height}'>"
            f"<rect width='100%' height='100%' fill='none' stroke='{INK}'/>"
            + "".join(self.shapes)
            + "</svg>"
        )


def picture(*plots):
    """The panels side by side."""
    body = "".join(plot.svg() for plot in plots)
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 720 330'>{body}</svg>"


def colour(name):
    """A colour of the course by the name of what it stands for."""
    return palette()[name]


def dash(name, width=2.5):
    """`stroke-dasharray` of a loss's line of that width; nothing for a solid one."""
    lengths = " ".join(f"{width * length:g}" for length in palette("dashes")[name])
    return f" stroke-dasharray='{lengths}'" if lengths else ""


def stroke(name, width):
    """An outline in the colour and the dashes of a loss."""
    return f"fill='none' stroke='{colour(name)}' stroke-width='{width}'{dash(name, width)}"


def rings(loss, x, y, best, plot, count=7):
    """Lines of equal mean loss over (slope, intercept) in the plot's pixels, at equal steps."""

    def mean_loss(slopes, intercepts):
        r = y - (intercepts[..., None] + slopes[..., None] * x)
        return loss.rho(r).mean(axis=-1)

    corners = np.meshgrid(plot.x_range, plot.y_range)
    steps = (np.arange(count) + 0.5) / count
    levels = best.objective + (mean_loss(*corners).max() - best.objective) * steps
    reach = 2 * np.ptp(plot.x_range), 2 * np.ptp(plot.y_range)
    outlines = sublevel(mean_loss, (best.slope, best.intercept), levels, reach)
    return np.stack([plot.x(outlines[..., 0]), plot.y(outlines[..., 1])], axis=-1)


def sublevel(mean_loss, best, levels, reach, rays=60):
    """Outlines of ``{mean_loss <= level}`` around the minimum of a convex function of two numbers.

    On every ray from the minimum a convex function only grows, so bisection finds each level.

    Parameters
    ----------
    mean_loss : callable
        Takes arrays of slopes and of intercepts, one shape.
    best : (float, float)
        The minimiser.
    levels : array_like, shape (k,)
        Heights above the minimum's.
    reach : (float, float)
        How far to look in either direction; a level beyond ends there.

    Returns
    -------
    ndarray, shape (k, rays, 2)
    """
    angle = np.linspace(0, 2 * np.pi, rays, endpoint=False)
    ray = np.stack([np.cos(angle) * reach[0], np.sin(angle) * reach[1]], axis=-1)
    low = np.zeros((len(levels), rays))
    high = np.ones_like(low)
    for _ in range(40):
        middle = (low + high) / 2
        at = np.asarray(best) + middle[..., None] * ray
        inside = mean_loss(at[..., 0], at[..., 1]) <= np.asarray(levels)[:, None]
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(best) + low[..., None] * ray
