"""A picture on the page, never without its words."""

from __future__ import annotations

import io
import re
import sys

from course_code._validate import refuse
from course_code.figures._style import style

_SHORTEST = 30
_FILE = re.compile(r"\.(png|jpe?g|svg|gif|pdf|webp)\b", re.IGNORECASE)


def show(fig_or_axes, alt):
    """Display a figure as one output: ``image/png`` with `alt` as its ``text/plain``.

    The site reads the alternative text from there, and whoever compares notebook outputs compares
    the words, which can be kept the same, and not the pixels. The figure is closed.

    Parameters
    ----------
    fig_or_axes : matplotlib Figure, Axes, or array of Axes
        What to show.
    alt : str
        What a reader who cannot see the picture must know, as one or more sentences.

    Raises
    ------
    ValueError
        If `alt` is empty, shorter than 30 characters, no sentence, or a file name.
    """
    from IPython.display import display

    figure = _figure_of(fig_or_axes)
    words = _sentence(alt)
    picture = png(figure)
    width = round(figure.get_figwidth() * 100)
    display(
        {"image/png": picture, "text/plain": words},
        raw=True,
        metadata={"image/png": {"width": width}},
    )
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)


def png(figure):
    """The bytes of a figure as PNG: the same figure gives the same bytes."""
    buffer = io.BytesIO()
    with style():
        # By default the file names the version of matplotlib.
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _figure_of(thing):
    if hasattr(thing, "flat"):
        thing = next(iter(thing.flat), None)
    figure = getattr(thing, "figure", thing)
    if not hasattr(figure, "savefig"):
        refuse("fig_or_axes", "must be a matplotlib Figure or Axes", type(thing).__name__)
    return figure


def _sentence(alt):
    if not isinstance(alt, str):
        refuse("alt", "must be a text", type(alt).__name__)
    words = " ".join(alt.split())
    if len(words) < _SHORTEST:
        refuse("alt", f"must say in at least {_SHORTEST} characters what the picture shows", alt)
    if _FILE.search(words):
        refuse("alt", "must say what the picture shows, not name a file", alt)
    if len(words.split()) < 5 or words[-1] not in ".?":
        refuse("alt", "must be a sentence that ends with a full stop", alt)
    return words
