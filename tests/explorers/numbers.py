"""What each explorer must show for a state: the numbers, as `course_code` computes them.

:func:`assert_shows` compares all numbers of an explorer with those of a Python object in the same
state. A page that shows a number which is not listed here fails, and so does one that lacks one.
"""

import re
from functools import singledispatch
from math import nan

import numpy as np
import pytest

from course_code import outliers
from course_code.descent import constant, inverse_sqrt, step_decay
from course_code.explorers import (
    DescentPath,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
    loss_table,
)
from course_code.explorers.quantile_fan import FAN
from tests.explorers import driver

LOSSES = ("squared", "absolute", "huber")
# Shown, but not one number: hidden, or one of many that do equally well.
ANY = None


def line(prefix, fit, slope="slope", intercept="intercept"):
    """Slope and intercept of a fit; where several lines tie, the ends between which they lie."""
    if fit.interval is None:
        return {f"{prefix}{slope}": fit.slope, f"{prefix}{intercept}": fit.intercept}
    return {f"{prefix}{slope}": fit.interval.slope, f"{prefix}{intercept}": fit.interval.intercept}


@singledispatch
def expected(explorer):
    """Every number that stands on the page, by name: a value, (low, high), or `ANY`."""
    raise TypeError(f"the numbers of {type(explorer).__name__} are not known")


@singledispatch
def shapes(explorer):
    """How many elements there must be, by selector."""
    return {}


@expected.register
def _(explorer: DescentPath):
    trace = explorer.trace
    # A diverged descent shows where it was before the numbers overflowed.
    last = np.flatnonzero(np.isfinite(trace.loss))[-1]
    schedules = {
        "constant": constant,
        "inverse_sqrt": inverse_sqrt,
        "step_decay": step_decay(explorer.every),
    }
    return {
        "now-slope": trace.w[last],
        "now-intercept": trace.b[last],
        "now-loss": trace.loss[last],
        **line("best-", explorer.best),
        "best-loss": explorer.best.objective,
        "distance": (nan if explorer.distance is None else explorer.distance)
        if last == explorer.epochs
        else ANY,
        "step": explorer.lr * schedules[explorer.schedule](explorer.epochs),
        "safe": nan if explorer.safe_step is None else explorer.safe_step,
    }


@shapes.register
def _(explorer: DescentPath):
    odd = len(set(explorer.marked) & set(range(len(explorer.points))))
    return {".ex-dot": len(explorer.points), ".ex-outlier": odd}


@expected.register
def _(explorer: GradientFlow):
    return {
        f"{name}-{column}": value
        for column in ("rho", "psi", "gradient", "ratio")
        for name, value in getattr(explorer, column).items()
    }


@shapes.register
def _(explorer: GradientFlow):
    rows = [f'tr[data-loss="{name}"]:not([hidden])' for name in explorer.losses]
    return {**dict.fromkeys(rows, 1), "tr[data-loss]:not([hidden])": len(rows)}


@expected.register
def _(explorer: HuberDelta):
    fits = explorer.lines
    return {
        **{k: v for name, fit in fits.items() for k, v in line(f"{name}-", fit).items()},
        "delta": explorer.delta,
        "multiple": explorer.multiple,
        "sigma": explorer.sigma,
        "linear": explorer.linear.sum() if fits["huber"].interval is None else ANY,
        "points": len(explorer.points),
        "efficiency": explorer.efficiency,
    }


@shapes.register
def _(explorer: HuberDelta):
    unique = explorer.lines["huber"].interval is None
    return {
        ".ex-dot": len(explorer.points),
        **({".ex-open": explorer.linear.sum()} if unique else {}),
    }


@expected.register
def _(explorer: Likelihood):
    n, scale = len(explorer.values), explorer.scale
    if explorer.noise == "gaussian":
        constant_term = n / 2 * np.log(2 * np.pi * scale**2)
        spread = n * explorer.loss_value / (2 * scale**2)
    else:
        constant_term = n * np.log(2 * scale)
        spread = n * explorer.loss_value / scale
    least = Likelihood(**{**explorer.state(), "location": explorer.best[0]})
    rows = {
        f"{row}-{column}": value
        for row, there in (("here", explorer), ("least", least))
        for column, value in (
            ("location", there.location),
            ("nll", there.minus_log_likelihood),
            ("loss", there.loss_value),
            ("scale", there.best_scale),
        )
    }
    nll = explorer.minus_log_likelihood
    return {**rows, "constant": constant_term, "spread": spread, "nll": nll}


@shapes.register
def _(explorer: Likelihood):
    return {".ex-dot": len(explorer.values), ".ex-height": len(explorer.values)}


@expected.register
def _(explorer: LossSurface):
    told = {}
    for name in LOSSES:
        twin = LossSurface(**{**explorer.state(), "loss": name})
        told |= {f"{name}-now": twin.loss_value, f"{name}-least": twin.best.objective}
        told |= line(f"{name}-", twin.best)
    return told


@shapes.register
def _(explorer: LossSurface):
    n = len(explorer.points)
    return {".ex-dot": n, ".ex-penalties polygon": n, ".ex-best": 3 if explorer.compare else 1}


@expected.register
def _(explorer: LossTable):
    return {
        f"{name}-{column}": row[column]
        for name, row in explorer.numbers.items()
        for column in loss_table.NUMBERS
    }


@shapes.register
def _(explorer: LossTable):
    rows = " + ".join(f'tr[data-loss="{name}"]' for name in explorer.ordered())
    if explorer.opened == "none":
        return {rows: 1, ".ex-detail": 0}
    opened = f'tr[data-loss="{explorer.opened}"]'
    return {rows.replace(opened, f"{opened} + .ex-detail"): 1, ".ex-detail": 1}


@expected.register
def _(explorer: OutlierLeverage):
    told = {
        "leverage": explorer.leverage,
        "usual": outliers.leverages(explorer.x).mean(),
        "mean": np.mean(explorer.y),
        "median": np.median(explorer.y),
    }
    clean = explorer.clean_lines
    for name, fit in explorer.lines.items():
        told |= line(f"{name}-", fit, intercept="residual")
        residual = explorer.residuals[name] if fit.interval is None else ANY
        told[f"{name}-residual"] = residual
        told[f"{name}-clean"] = line("", clean[name])["slope"]
    balance = (
        explorer.balance._asdict() if explorer.marked else dict.fromkeys(("pull", "low", "high"))
    )
    return {**told, **balance}


@shapes.register
def _(explorer: OutlierLeverage):
    odd = len(set(explorer.marked) & set(range(len(explorer.points))))
    return {".ex-dot": len(explorer.points), ".ex-outlier": odd}


@expected.register
def _(explorer: QuantileFan):
    fit, n = explorer.line, len(explorer.points)
    counts = explorer.counts._asdict()
    told = {**line("", fit), "loss": fit.objective, "target": explorer.tau * n}
    told |= counts if fit.interval is None else dict.fromkeys(counts, ANY)
    told["least"] = explorer.tau * n - counts["on"] if fit.interval is None else ANY
    for tau in FAN:
        found = line(f"{tau}-", explorer.lines[tau]) if explorer.fan else {}
        told |= {f"{tau}-{name}": found.get(f"{tau}-{name}") for name in ("slope", "intercept")}
    return told


@shapes.register
def _(explorer: QuantileFan):
    told = {".ex-dot": len(explorer.points)}
    # Where lines tie, it depends on the choice where they cross.
    if explorer.fan and all(fit.interval is None for fit in explorer.lines.values()):
        told[".ex-crossing"] = len(explorer.crossings)
    return told if explorer.fan else {**told, ".ex-crossing": 0}


@expected.register
def _(explorer: TargetPractice):
    told = {"rmse": explorer.rmse, "mae": explorer.means["absolute"], "ratio": explorer.ratio}
    for coach in ("squared", "absolute"):
        told[f"{coach}-total"] = explorer.totals[coach]
        told[f"{coach}-mean"] = explorer.means[coach]
        told[f"{coach}-worst"] = explorer.costs[coach].max()
        told[f"{coach}-share"] = explorer.shares[coach]
    return told


@shapes.register
def _(explorer: TargetPractice):
    n = len(explorer.points)
    return {".ex-dot": n, ".ex-panel .ex-bar": 2 * n}


def assert_shows(at, explorer):
    """The explorer at this place shows what Python computes for the state of `explorer`."""
    told, shown = expected(explorer), driver.numbers(at)
    assert shown.keys() == told.keys()
    for name, should in told.items():
        value, text = shown[name]
        if isinstance(should, tuple):
            slack = 1e-9 * max(1, *map(abs, should))
            assert should[0] - slack <= value <= should[1] + slack, (name, value, should)
        elif should is not ANY:
            near = pytest.approx(should, rel=1e-9, abs=1e-9, nan_ok=True)
            assert value == near, (name, value, should)
            assert_says(text, value, name)
    for selector, count in shapes(explorer).items():
        assert at.locator(selector).count() == count, selector


RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def assert_says(text, value, name):
    """The text beside a value is that value, to the digits that it has."""
    signs = {
        "\N{MINUS SIGN}": "-",
        "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}10": "e",
    }
    plain = re.sub("|".join(signs), lambda found: signs[found[0]], text).translate(RAISED)
    if np.isnan(value):
        assert text == "none", (name, text)
    elif re.fullmatch(r"-?[\d.]+(e-?\d+)?", plain):
        # Four digits: at most half a unit of the last one away.
        unit = 10.0 ** (np.floor(np.log10(abs(value))) - 3) if value else 1e-300
        assert abs(float(plain) - value) <= 0.5 * unit * (1 + 1e-6), (name, text, value)
    elif plain.endswith("%"):
        assert abs(float(plain[:-1]) - 100 * value) <= 0.0501, (name, text, value)
    else:
        words = ("to", "of", "no limit", "a kink", "all")
        assert any(word in text for word in words), (name, text, value)
