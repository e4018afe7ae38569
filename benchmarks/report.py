"""Results as a table, a verdict on the targets, and plots of time against n."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .works import COURSE, NUMPY, READ, SKLEARN, STATSMODELS, TORCH

RESULTS = Path(__file__).with_name("results.json")
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
    """All rows as aligned text: median milliseconds of ours, and how many times that the rivals take."""
    lines = [f"{'work':28}{'n':>11}{'p':>3}{'ours, ms':>11}  times as long"]
    for row in results["rows"]:
        ours = row["seconds"][COURSE]
        rivals = (f"{k} {v / ours:.3g}" for k, v in row["seconds"].items() if k != COURSE)
        lines.append(
            f"{row['work']:28}{row['n']:>11,}{row['p']:>3}{1e3 * ours:>11.3f}  {', '.join(rivals)}"
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


STYLES = {
    COURSE: ("#0072b2", "o-"),
    SKLEARN: ("#d55e00", "s--"),
    STATSMODELS: ("#009e73", "^-."),
    TORCH: ("#b5609a", "D:"),
    NUMPY: ("#7f7f7f", "v--"),
    READ: ("#7f7f7f", "-"),
}


def plot(results, works, p, axes):
    """Time against n, one panel per work, on the given Axes.

    Parameters
    ----------
    results : dict
        As `load` returns.
    works : sequence of str
    p : int
    axes : sequence of matplotlib Axes
        As many as works.
    """
    for ax, work in zip(axes, works, strict=True):
        rows = [row for row in results["rows"] if row["work"] == work and row["p"] == p]
        for name, (colour, style) in STYLES.items():
            points = [(row["n"], row["seconds"][name]) for row in rows if name in row["seconds"]]
            if points:
                ax.loglog(*zip(*points, strict=True), style, color=colour, label=name)
        ax.set(title=f"{work}, p = {p}" if p > 1 else work, xlabel="n", ylabel="seconds")
    return axes
