"""``python -m tools.data_cards``: write the page of the data sets and their pictures.

The page is what `Dataset.describe` says, a picture, and the chapters whose code loads the set. A
picture carries the hash of the data it was drawn from, so that a test can tell an old one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from course_code import datasets
from course_code.figures import draw_points, new_axes
from tools.gates.documents import read
from tools.gates.prose import mark_given

BOOK = Path(__file__).parent.parent / "book"

HEAD = """# Data cards

What is in the data, where do they come from, and what should one beware of? Each set is one
function of `course_code.datasets`. It needs no network: the files are part of the package. A file
whose bytes have changed, by a single digit or line end, is refused. `describe()` prints the card
that stands here; `python -m tools.data_cards` wrote this page from the data.

Real data are real in different degrees. Most of these sets were measured, some were rounded or
converted on the way, one was constructed, and one holds percentiles only. The cards say which.

One more set is read by a chapter and has no card, because its terms are not known: the patients of
{ref}`Losses on the weights <losses-on-the-weights-paths>` come with scikit-learn."""


def main():
    """Write the page and the pictures."""
    for data in datasets.all_datasets():
        save_picture(data, BOOK)
    page = BOOK / "data-cards.md"
    page.write_text(page_text(), encoding="utf-8")
    print(f"{page.name} and {len(datasets.all_datasets())} pictures written")


def page_text(book=BOOK):
    """The page as Markdown, from the data and from the notebooks in `book`."""
    chapters = {path: read(book / f"{path}.ipynb") for path in chapter_names(book)}
    cards = [card(data, chapters) for data in datasets.all_datasets()]
    return "\n\n".join([HEAD, *cards]) + "\n"


def card(data, chapters):
    """One card: heading, picture, description, and where the set is used."""
    links = [
        f"[{title(chapter)}]({name}.ipynb)"
        for name, chapter in chapters.items()
        if loads(chapter, data.name)
    ]
    described = re.sub(r"doi:(10\.[^\s,;]*[^\s,;.])", r"<https://doi.org/\1>", data.describe())
    parts = [
        f"(data-{data.name.replace('_', '-')})=\n## `{data.name}`",
        f":::{{image}} _static/{picture_name(data)}\n:alt: {PORTRAITS[data.name].alt(data)}\n:::",
        mark_given(described),
        f"Used in: {', '.join(links) or 'no chapter yet'}",
    ]
    return "\n\n".join(parts)


def chapter_names(book):
    """The notebooks of the book, in the order of its table of contents."""
    toc = yaml.safe_load((book.parent / "_toc.yml").read_text(encoding="utf-8"))
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    names = [Path(file).name for file in files]
    return [name for name in names if (book / f"{name}.ipynb").is_file()]


def title(document):
    """The first heading of a page."""
    return re.search(r"^# (.+)$", document.of_kind("markdown")[0].source, re.M)[1]


def loads(document, name):
    """Whether the code of a notebook calls the function `name`."""
    return any(re.search(rf"\b{name}\(", cell.source) for cell in document.of_kind("code"))


@dataclass(frozen=True)
class Portrait:
    """How a set is drawn and what its picture says.

    Attributes
    ----------
    panels : sequence of (str, str)
        The columns across and up, one pair per panel.
    labels : (str, str)
        Words for the axes.
    says : str
        The message of the picture, a sentence; ``{n}`` is the number of rows.
    marked : callable
        From the data to booleans: the rows drawn as diamonds.
    """

    panels: Sequence[tuple[str, str]]
    labels: tuple[str, str]
    says: str
    marked: Callable = lambda data: np.zeros(len(data), dtype=bool)

    def draw(self, data):
        """Axes with one panel per pair of columns."""
        rows, cols = (2, 2) if len(self.panels) > 1 else (1, 1)
        axes = new_axes(rows, cols, height=2.2 if rows > 1 else 2.8, sharex=True, sharey=True)
        for ax, (across, up) in zip(np.atleast_1d(axes).flat, self.panels, strict=True):
            known = np.isfinite(data[across]) & np.isfinite(data[up])
            points = (values[known] for values in (data[across], data[up], self.marked(data)))
            draw_points(*points, ax=ax)
            ax.set(xlabel=self.labels[0], ylabel=self.labels[1])
            ax.label_outer()
        return axes

    def alt(self, data):
        """What the picture shows, with the range of what is drawn."""
        across, up = self.panels[0]
        x, y = data[across], data[up]
        return (
            f"{self.says.format(n=len(data))} Across, {self.labels[0]} from {np.nanmin(x):.4g} to "
            f"{np.nanmax(x):.4g}; up, {self.labels[1]} from {np.nanmin(y):.4g} to "
            f"{np.nanmax(y):.4g}."
        )


PORTRAITS = {
    "two_coaches": Portrait(
        [("x", "y")],
        ("x", "y"),
        "Forty points on a rising line near the bottom and three diamonds far above its left end.",
        lambda data: data["is_outlier"],
    ),
    "boscovich_arcs": Portrait(
        [("sin2_lat", "arc_toises_per_degree")],
        ("sin² of the latitude", "toises per degree"),
        "{n} points that rise to the right, not quite on a line: degrees are longer near the pole.",
    ),
    "french_arcs": Portrait(
        [("sin2_mid_latitude", "modules_per_degree")],
        ("sin² of the latitude", "modules per degree"),
        "{n} points that rise to the right: degrees are longer towards the north.",
    ),
    "ceres": Portrait(
        [("ra", "dec")],
        ("right ascension, degrees", "declination, degrees"),
        "A short arc of dots, and far from it the few of the following winter: the planet was "
        "lost for most of a year.",
    ),
    "engel": Portrait(
        [("income", "foodexp")],
        ("income, francs", "food, francs"),
        "{n} points that open like a fan: richer households differ more in what they spend on "
        "food.",
    ),
    "newcomb_light": Portrait(
        [("obs_order_stigler1977", "deviation_ns_from_24800")],
        ("order of observation", "nanoseconds"),
        "{n} timings in a level band, and two diamonds far below it.",
        lambda data: data["deviation_ns_from_24800"] < 0,
    ),
    "galton_ox": Portrait(
        [("percentile", "estimate_lbs")],
        ("percent of guesses below", "pounds"),
        "{n} percentiles on a rising curve, steeper at its lower end.",
    ),
    "stackloss": Portrait(
        [("air_flow", "stack_loss")],
        ("air flow", "stack loss"),
        "{n} days: the loss rises with the air flow. Diamonds mark the four usually called "
        "outliers.",
        lambda data: np.isin(data["day"], (1, 3, 4, 21)),
    ),
    "anscombe": Portrait(
        [(f"x{k}", f"y{k}") for k in (1, 2, 3, 4)],
        ("x", "y"),
        "Four panels of {n} points: a cloud around a line, a smooth arch, a line with one point "
        "above it, and a column of points with one far to the right.",
    ),
    "belgian_calls": Portrait(
        [("year", "calls_tens_of_millions")],
        ("year", "tens of millions of calls"),
        "{n} years: a slow rise, and six diamonds far above it where another quantity was "
        "recorded.",
        lambda data: (data["year"] >= 1964) & (data["year"] <= 1969),
    ),
    "stars_cyg_ob1": Portrait(
        [("log_Te", "log_light")],
        ("log₁₀ of the temperature", "log₁₀ of the light"),
        "{n} stars: a steep band at the right, and four diamonds, the giants, at the upper left.",
        lambda data: data["giant"],
    ),
}


def picture_name(data):
    """The file of a portrait in ``_static``."""
    return f"data-{data.name.replace('_', '-')}.png"


def save_picture(data, book):
    """Draw a set and store its picture, with the hash of the data as the description."""
    axes = PORTRAITS[data.name].draw(data)
    figure = np.atleast_1d(axes).flat[0].figure
    notes = {"Software": None, "Description": data.sha256}
    figure.savefig(book / "_static" / picture_name(data), dpi=110, metadata=notes)


if __name__ == "__main__":
    main()
