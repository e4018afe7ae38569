"""Write ``vectors.json``: numbers from `course_code` that the JavaScript twin must match.

Run ``python -m tests.js.make_vectors`` after a change to a loss or a fit;
``tests/test_explorers.py`` fails while the file is out of date.
"""

import json
from pathlib import Path

import numpy as np

from course_code.datasets import anscombe, two_coaches
from course_code.explorers.loss_surface import PRESETS
from course_code.losses import AbsoluteError, Huber, SquaredError
from course_code.outliers import leverages, pull_range
from course_code.regression import fit_line

FILE = Path(__file__).with_name("vectors.json")
LOSSES = [
    ("squared", 1.0, SquaredError()),
    ("absolute", 1.0, AbsoluteError()),
    ("huber", 1.0, Huber(1.0)),
    ("huber", 0.1, Huber(0.1)),
    ("huber", 5.0, Huber(5.0)),
]
RESIDUALS = [0.0, 1e-9, 0.1, -0.1, 0.5, 1.0, -1.0, 1.0000001, 2.5, -5.0, 97.0, -1e6]


def point_sets():
    """Real, seeded and awkward points: ties, a perfect line, a far origin, as many as allowed."""
    rng = np.random.default_rng(2)
    many = rng.normal(size=(200, 2))
    sets = {preset["name"]: preset["points"] for preset in PRESETS}
    for name, data in {
        "the essay's clean data": two_coaches(),
        "the essay's dirty data": two_coaches(outliers=3),
    }.items():
        sets[name] = np.column_stack([data.x, data.y])
    fourth = anscombe()
    sets["Anscombe IV"] = np.column_stack([fourth["x4"], fourth["y4"]])
    sets["corners of a square"] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    sets["a perfect line"] = [[0, 1], [1, 3], [2, 5], [3, 7]]
    sets["two points"] = [[0, 1], [2, 2]]
    sets["years, not years since"] = many[:24] + np.array([1961, 50])
    sets["heavy tails"] = np.column_stack([many[:, 0], rng.standard_cauchy(200)])
    return {name: np.asarray(points, dtype=float) for name, points in sets.items()}


def fits(x, y):
    """Least mean loss and the ranges of the coefficients that reach it."""
    for name, delta, loss in LOSSES:
        fit = fit_line(x, y, loss)
        ranges = fit.interval
        yield {
            "loss": name,
            "delta": delta,
            "objective": fit.objective,
            "slope": list(ranges.slope) if ranges else [fit.slope] * 2,
            "intercept": list(ranges.intercept) if ranges else [fit.intercept] * 2,
        }


def lines(x, y):
    """Mean losses of a few lines."""
    for slope, intercept in [(0.0, 0.0), (0.5, 1.0), (-2.25, 4.0)]:
        for name, delta, loss in LOSSES:
            value = loss(y, intercept + slope * x)
            yield {
                "loss": name,
                "delta": delta,
                "slope": slope,
                "intercept": intercept,
                "value": float(value),
            }


def pulls(x):
    """Ranges of pull for a few sums of votes."""
    for votes in (0, 1, -1, 2):
        yield {"votes": votes, "range": list(pull_range(x, votes))}


def vectors():
    """All numbers, as they stand in the file."""
    return {
        "losses": [
            {
                "name": name,
                "delta": delta,
                "r": RESIDUALS,
                "rho": loss.rho(np.array(RESIDUALS)).tolist(),
                "psi": loss.psi(np.array(RESIDUALS)).tolist(),
            }
            for name, delta, loss in LOSSES
        ],
        "sets": [
            {
                "name": name,
                "points": points.tolist(),
                "fits": list(fits(*points.T)),
                "lines": list(lines(*points.T)),
                "leverages": leverages(points[:, 0]).tolist(),
                "pulls": list(pulls(points[:, 0])),
                "median": float(np.median(points[:, 1])),
            }
            for name, points in point_sets().items()
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
