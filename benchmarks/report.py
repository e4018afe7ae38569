"""Results as a table, a verdict on the targets, and plots of time against n."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from course_code.figures import ABSOLUTE, DATA, HUBER, OUTLIER, SQUARED, new_axes

from .works import COURSE, FRESH, NUMPY, READ, SKLEARN, STATSMODELS, TORCH, WRITE

RESULTS = Path(__file__).with_name("results.json")
BOOK = Path(__file__).parent.parent / "book"
FRAME = 16  # milliseconds: what a screen that shows 60 pictures a second leaves for one
TARGETS = (
    # work, n, rivals and how many times faster than each
    ("LAD", 10_000, {SKLEARN: 100}),
    ("LAD", 100_000, {STATSMODELS: 3}),
    ("quantile 0.05, Engel", 235, {SKLEARN: 100, STATSMODELS: 3}),
    ("quantile 0.95, Engel", 235, {SKLEARN: 100, STATSMODELS: 3}),
    ("quantile 0.05", 10_000, {SKLEARN: 100}),
    ("quantile 0.95", 10_000, {SKLEARN: 100}),
    ("quantile 0.05", 100_000, {STATSMODELS: 3}),
    ("quantile 0.95", 100_000, {STATSMODELS: 3}),
    ("Huber", 100_000, {SKLEARN: 5}),
    *(
        (f"{loss}, {what}", n, {SKLEARN: 1, TORCH: 1} | ({READ: 0.5} if n == 10_000_000 else {}))
        for loss in ("MSE", "MAE", "Huber loss")
        for what in ("value", "value and gradient")
        for n in (1_000, 100_000, 10_000_000)
    ),
)


def load(path=RESULTS):
    """The stored results."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def table(results):
    """All rows as aligned text: our milliseconds, and how many times that the rivals take."""
    lines = [f"{'work':31}{'n':>10}{'p':>3}{'ours, ms':>11}  times as long"]
    for row in results["rows"]:
        ours = row["seconds"][COURSE]
        rivals = (f"{k} {v / ours:.3g}" for k, v in row["seconds"].items() if k != COURSE)
        lines.append(
            f"{row['work']:31}{row['n']:>10,}{row['p']:>3}{1e3 * ours:>11.3f}  {', '.join(rivals)}"
        )
    return "\n".join(lines)


def verdicts(results):
    """One line per target: what was asked, what was measured, met or missed."""
    lines = []
    for work, n, targets in TARGETS:
        for row in results["rows"]:
            if (row["work"], row["n"]) != (work, n):
                continue
            for rival, factor in targets.items():
                if rival not in row["seconds"]:
                    continue
                ratio = row["seconds"][rival] / row["seconds"][COURSE]
                word = "met" if ratio >= factor else "MISSED"
                lines.append(
                    f"{word:7}{work}, n = {n:,}, p = {row['p']}: {rival} takes {ratio:.3g} times"
                    f" as long (target {factor:g})"
                )
            lowest = min(row.get("excess", {}).values(), default=0.0)
            if lowest < -1e-12:
                lines.append(
                    f"MISSED {work}, n = {n:,}: a rival's objective is lower, {lowest:.1e}"
                )
    for p in (2, 6):
        times = {
            row["n"]: row["seconds"][COURSE]
            for row in results["rows"]
            if row["work"] == "LAD" and row["p"] == p
        }
        small, large = 1_000, 1_000_000
        growth = times[large] / times[small]
        allowed = large * np.log(large) / (small * np.log(small))
        word = "met" if growth <= allowed else "MISSED"
        lines.append(
            f"{word:7}LAD, p = {p}: from n = 10^3 to 10^6 the time grows {growth:.0f} fold"
            f" (n log n: {allowed:.0f} fold)"
        )
    return "\n".join(lines)


def explorer_table(rows):
    """The explorers as aligned text: milliseconds to the paint, and of a kernel that draws."""
    lines = [
        f"{'explorer':17}{'what is moved':31}{'median':>7}{'p95':>7}{'kernel':>8}  times as long"
    ]
    for row in rows:
        ratio = row["kernel"] / row["paint"]
        lines.append(
            f"{row['explorer']:17}{row['what']:31}{row['paint']:>7.1f}{row['p95']:>7.1f}"
            f"{row['kernel']:>8.0f}  {ratio:.3g}"
        )
    return "\n".join(lines)


def explorer_verdicts(rows):
    """One line per explorer: is the median movement painted within a frame?"""
    return "\n".join(
        f"{'met' if row['paint'] < FRAME else 'MISSED':7}{row['explorer']}: painted after "
        f"{row['paint']:.1f} ms (target below {FRAME:g} ms)"
        for row in rows
    )


LOOKS = {
    COURSE: (SQUARED, "o-"),
    SKLEARN: (ABSOLUTE, "s--"),
    STATSMODELS: (HUBER, "^-."),
    TORCH: (OUTLIER, "D:"),
    NUMPY: (DATA, "v--"),
    READ: (DATA, "-"),
    FRESH: (SQUARED, "x:"),
    WRITE: (DATA, ":"),
}


def time_against_n(results, works):
    """Seconds against n on logarithmic scales, one panel per work.

    Parameters
    ----------
    results : dict
        As `load` returns.
    works : sequence of (str, int)
        Names of works and numbers of columns p, an even number of them.

    Returns
    -------
    axes : ndarray of matplotlib Axes, shape (k, 2)
    """
    axes = new_axes(rows=len(works) // 2, cols=2, height=3.6)
    shown = {}
    for ax, (work, p) in zip(axes.flat, works, strict=True):
        rows = [row for row in results["rows"] if (row["work"], row["p"]) == (work, p)]
        for name, (colour, line) in LOOKS.items():
            points = [(row["n"], row["seconds"][name]) for row in rows if name in row["seconds"]]
            if points:
                n, seconds = zip(*points, strict=True)
                (shown[name],) = ax.loglog(n, seconds, line, color=colour, linewidth=1.6)
        ax.set(xlabel="n", ylabel="seconds")
        ax.set_title(f"{work}, p = {p}" if p > 1 else work, fontsize=10, loc="left")
    axes.flat[0].figure.legend(
        shown.values(), shown.keys(), loc="outside upper left", ncols=2, frameon=False
    )
    return axes


FIGURES = {
    "fits": (
        [(work, p) for work in ("LAD", "quantile 0.05", "quantile 0.95", "Huber") for p in (2, 6)],
        "Eight panels, time against n on logarithmic scales: least absolute deviations, two"
        " quantiles and Huber's loss, with two and six columns.",
    ),
    "losses": (
        [
            (f"{loss}, {what}", 1)
            for loss in ("MSE", "MAE", "Huber loss")
            for what in ("value", "value and gradient")
        ],
        "Six panels, time against n on logarithmic scales: value, and value with gradient, of the"
        " squared, the absolute and Huber's loss.",
    ),
}


def page(results, folder=BOOK):
    """Write the page and its pictures into the book's `folder`; return the path of the page."""
    pictures = Path(folder, "_static")
    pictures.mkdir(exist_ok=True)
    for name, (works, _) in FIGURES.items():
        figure = time_against_n(results, works).flat[0].figure
        figure.savefig(pictures / f"benchmarks-{name}.png", metadata={"Software": None})
    path = Path(folder, "benchmarks.md")
    path.write_text(page_text(results), encoding="utf-8")
    return path


def page_text(results):
    """The page of the book as Markdown: tables, targets, plots, machines."""
    explorers = results["explorers"]
    parts = [PAGE_HEAD, _block(table(results)), PAGE_TARGETS, _block(verdicts(results))]
    for name, (_, alt) in FIGURES.items():
        picture = f"_static/benchmarks-{name}.png"
        parts.append(f":::{{figure}} {picture}\n:alt: {alt}\n\n{CAPTIONS[name]}\n:::")
    parts += [PAGE_EXPLORERS, _block(explorer_table(explorers["rows"]))]
    parts += [PAGE_FRAME, _block(explorer_verdicts(explorers["rows"]))]
    parts += [PAGE_MACHINE, _block(_lines(results["machine"]))]
    parts += ["The explorers:", _block(_lines(explorers["machine"]))]
    return "\n\n".join(parts) + "\n"


def _lines(machine):
    return "\n".join(f"{name} {value}" for name, value in machine.items())


def _block(text):
    return f"```text\n{text}\n```"


PAGE_HEAD = """# How fast are the fits?

The fits of `course_code.regression` are exact. Does that make them slow? The table compares them
with the libraries people would otherwise use, each in its usual setting, on the same data in the
same run. Competitors take turns, and every time is a median. The column *ours* is in milliseconds;
the rest of a row says how many times as long the others take.

`LAD` is least absolute deviations. scikit-learn solves it as a linear program with HiGHS;
statsmodels iterates until it is near. Ours walks from vertex to vertex and proves that it has
arrived: no rival's objective is lower in any row, beyond the last digits. Huber's loss has a fixed
delta here, while scikit-learn estimates the scale of the noise along with the plane.

Of the losses, PyTorch's are fused loops on all cores. Ours are NumPy, block by block, on one core
below a million numbers and on up to four from there. At a hundred thousand, one core reads the data
once in about the time in which PyTorch's two have formed the loss, so ours comes second there.

`value_and_gradient` writes the gradient into an array that the caller keeps, as a training loop
would. The entry *ours into new memory* makes a new array in each call; what that costs is the
operating system's, which has to find and clear the memory. `p - y` does it too.

`make bench` repeats all of it on your machine."""

PAGE_TARGETS = """## What was asked of it

Each target was set before the code was written. A target that is missed says so."""

PAGE_EXPLORERS = """## How fast are the explorers?

An explorer answers the hand in the page itself. A widget of the usual kind asks a kernel, which
draws a figure and sends it back. What does that cost?

A real mouse drags one thing in each explorer, in a state that costs it much. The clock starts
when the browser hands the movement to the page and stops in the first task after the frame that
shows the answer: scripts, style, layout and paint lie in between, the screen's own delay does not.
*median* is in milliseconds over sixty movements; nineteen in twenty took no longer than *p95*.
*kernel* is the median, in milliseconds too, from a request to a Jupyter kernel to the arrival of
the same picture, fits included, drawn by matplotlib with the figures of this course."""

PAGE_FRAME = """A screen that shows sixty pictures a second leaves sixteen milliseconds
for one. That was the target for each median."""

PAGE_MACHINE = """## Where this was measured"""

CAPTIONS = {
    "fits": "Fits: time against the number of observations. Lower is faster.",
    "losses": "Losses: time against the number of observations. Lower is faster.",
}
