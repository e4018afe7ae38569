"""Write ``vectors.json``: numbers from `course_code` that the JavaScript twin must match.

Run ``python -m tests.js.make_vectors`` after a change to a loss or a fit;
``tests/explorers/test_modules.py`` fails while the file is out of date.
"""

import json
from pathlib import Path

import numpy as np

from course_code.datasets import anscombe, two_coaches
from course_code.descent import LinearModel, constant, inverse_sqrt, safe_step, step_decay, train
from course_code.explorers.huber_delta import HuberDelta
from course_code.explorers.loss_surface import PRESETS
from course_code.influence import efficiency
from course_code.losses import AbsoluteError, Huber, LogCosh, Quantile, SquaredError, Tukey
from course_code.noise import Gaussian, Laplace
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
# Those that no explorer fits: the name in losses.js, its parameter (if it has one) and the loss.
OTHERS = [
    ("logCosh", None, LogCosh()),
    ("quantile", 0.9, Quantile(0.9)),
    ("quantile", 0.05, Quantile(0.05)),
    ("tukey", 4.685, Tukey(4.685)),
    ("tukey", 0.5, Tukey(0.5)),
]
RESIDUALS = [0.0, 1e-9, 0.1, -0.1, 0.5, 1.0, -1.0, 1.0000001, 2.5, -5.0, 97.0, -1e6]
MULTIPLES = [1e-6, 1e-3, 0.1, 0.6745, 1.0, 1.345, 2.0, 3.5, 6.0, 8.9, 9.1, 50.0]


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


VALUES = {
    "five": [1.0, 2.0, 3.0, 4.0, 20.0],
    "a far origin": [299_850.0, 299_740.0, 299_900.0, 300_070.0],
    "ties": [0.0, 0.0, -1e-9, 1e6],
}


def likelihoods():
    """Negative log-likelihoods and most likely scales of a few values about a few locations."""
    for values in VALUES.values():
        for name, kind in [("gaussian", Gaussian), ("laplace", Laplace)]:
            for location in (0.0, -3.5, 299_852.4):
                r = np.array(values) - location
                for scale in (0.01, 1.0, 78.9):
                    yield {
                        "noise": name,
                        "values": values,
                        "location": location,
                        "scale": scale,
                        "nll": kind(scale).nll(r, "sum"),
                        "density": np.exp(kind(scale).log_density(r)).tolist(),
                        "loss": float(kind(scale).loss.rho(r).mean()),
                        "best_scale": kind.fit_scale(r),
                    }


# set, loss, delta, step size, schedule, every, start, epochs
DESCENTS = [
    ("the essay's clean data", "squared", 1.0, 0.05, "constant", 500, (0.0, 0.0), 2000),
    ("the essay's clean data", "absolute", 1.0, 0.05, "constant", 500, (0.0, 0.0), 2000),
    ("the essay's dirty data", "squared", 1.0, 0.05, "constant", 500, (0.0, 0.0), 2000),
    ("the essay's dirty data", "absolute", 1.0, 0.05, "constant", 500, (0.0, 0.0), 2000),
    ("the essay's dirty data", "huber", 0.1, 0.5, "inverse_sqrt", 500, (-2.0, 3.0), 1000),
    ("the essay's clean data", "absolute", 1.0, 0.5, "step_decay", 50, (2.0, -1.0), 1000),
    ("the essay's clean data", "squared", 1.0, 1.0, "constant", 500, (0.0, 0.0), 400),
    ("Belgian calls", "squared", 1.0, 5.0, "constant", 500, (0.0, 0.0), 400),
    ("corners of a square", "absolute", 1.0, 0.1, "constant", 500, (0.25, 3.0), 200),
]


def descents():
    """Rows of a few runs, and how many of their losses are finite."""
    losses = {(name, delta): loss for name, delta, loss in LOSSES}
    sets = point_sets()
    for name, loss, delta, lr, schedule, every, (w, b), epochs in DESCENTS:
        plans = {
            "constant": constant,
            "inverse_sqrt": inverse_sqrt,
            "step_decay": step_decay(every),
        }
        start, plan = LinearModel(w, b), plans[schedule]
        trace = train(start, losses[loss, delta], *sets[name].T, lr, epochs, plan)
        finite = int(np.isfinite(trace.loss).sum())
        kept = [k for k in (0, 1, 2, 10, 100, epochs // 2, finite - 1) if k < finite]
        yield {
            "set": name,
            "loss": loss,
            "delta": delta,
            "lr": lr,
            "schedule": schedule,
            "every": every,
            "w": w,
            "b": b,
            "epochs": epochs,
            "finite": finite,
            "rows": [trace[k]._asdict() for k in kept],
        }


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
        "others": [
            {
                "name": name,
                "parameter": parameter,
                "r": RESIDUALS,
                "rho": loss.rho(np.array(RESIDUALS)).tolist(),
                "psi": loss.psi(np.array(RESIDUALS)).tolist(),
            }
            for name, parameter, loss in OTHERS
        ],
        "efficiencies": [{"k": k, "value": efficiency(Huber(k), Gaussian())} for k in MULTIPLES],
        "sets": [
            {
                "name": name,
                "points": points.tolist(),
                "fits": list(fits(*points.T)),
                "lines": list(lines(*points.T)),
                "leverages": leverages(points[:, 0]).tolist(),
                "pulls": list(pulls(points[:, 0])),
                "safe": {
                    "squared": safe_step(points[:, 0]),
                    "huber": safe_step(points[:, 0], Huber(1.0)),
                },
                "median": float(np.median(points[:, 1])),
                "sigma": HuberDelta(points=points).sigma,
            }
            for name, points in point_sets().items()
        ],
        "likelihoods": list(likelihoods()),
        "descents": list(descents()),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
