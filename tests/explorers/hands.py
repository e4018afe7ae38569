"""How a hand sets each explorer through its own controls, and which traits that changes.

One list per explorer serves the built site and JupyterLab; together its moves change every trait
that a hand can reach (:data:`BEYOND` are the others).
"""

from collections.abc import Callable
from typing import NamedTuple

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
)
from tests.explorers.driver import (
    choose,
    click,
    data,
    drag,
    enter,
    handle,
    press,
    slide,
    switch,
    tap,
    tick,
)


class Move(NamedTuple):
    """What a hand does to the explorer at a place, and the traits that it changes."""

    changes: set
    do: Callable


# What Python alone sets, apart from what a preset brings along.
BEYOND = {"presets", "labels", "view", "frame"}


HANDS = {
    DescentPath: [
        Move({"w", "b"}, lambda at: drag(handle(at, "Start of the descent"), 40, -30)),
        Move({"w"}, lambda at: press(at, "Start of the descent", "Shift+ArrowLeft")),
        Move({"epochs"}, lambda at: enter(at, "Epoch", "120")),
        Move({"epochs"}, lambda at: click(at, "Step")),
        Move({"lr"}, lambda at: slide(at, "Step size", 0.4)),
        *2 * [Move({"loss"}, lambda at: switch(at, "Loss"))],
        Move({"delta"}, lambda at: slide(at, "Delta", 0.1)),
        Move({"schedule"}, lambda at: choose(at, "Schedule", "step_decay")),
        Move({"every"}, lambda at: enter(at, "every", "30")),
        Move({"points"}, lambda at: drag(handle(at, "Point 3 of"), 20, -30)),
        Move({"points"}, lambda at: press(at, "Point 3 of", "Shift+ArrowUp")),
        Move({"points"}, lambda at: tap(at, "Points and the line", 0.3, 0.2)),
        Move({"w", "b"}, lambda at: tap(at, "Map of lines", 0.4, 0.3)),
        Move({"points"}, lambda at: data(at, 1)),
        Move({"points", "marked"}, lambda at: press(at, "Point 42 of", "Delete")),
    ],
    GradientFlow: [
        Move({"residual"}, lambda at: slide(at, "Residual r", 0.8)),
        Move({"residual"}, lambda at: drag(handle(at, "Residual, on the curves of the l"), -50, 5)),
        Move({"residual"}, lambda at: press(at, "Residual, on the curves of the p", "ArrowUp")),
        Move({"losses"}, lambda at: tick(at, "Tukey")),
        Move({"losses"}, lambda at: tick(at, "quantile")),
        Move({"delta"}, lambda at: slide(at, "Delta", 0.7)),
        Move({"tau"}, lambda at: slide(at, "Tau", 0.2)),
        Move({"c"}, lambda at: press(at, "C of Tukey", "Shift+ArrowLeft")),
    ],
    HuberDelta: [
        Move({"delta"}, lambda at: slide(at, "Delta", 0.4)),
        Move({"delta"}, lambda at: press(at, "Delta", "ArrowRight")),
        Move({"points"}, lambda at: drag(handle(at, "Point 43 of"), -15, 40)),
        Move({"points"}, lambda at: press(at, "Point 43 of", "Shift+ArrowUp")),
        Move({"points", "marked"}, lambda at: press(at, "Point 43 of", "Delete")),
        Move({"points"}, lambda at: tap(at, "Points and three fitted lines", 0.5, 0.3)),
        Move({"curve"}, lambda at: switch(at, "Right panel")),
        Move({"points"}, lambda at: data(at, 2)),
    ],
    Likelihood: [
        Move({"location"}, lambda at: slide(at, "Location m", 0.9)),
        Move({"scale"}, lambda at: slide(at, "Scale", 0.8)),
        Move({"location"}, lambda at: drag(handle(at, "Location, on the density"), -30, 10)),
        Move({"location"}, lambda at: press(at, "Location, on the curve", "ArrowLeft")),
        Move({"values"}, lambda at: drag(handle(at, "Value 6 of"), 25, 0)),
        Move({"values"}, lambda at: tap(at, "Values, and the density", 0.3, 0.3)),
        Move({"location"}, lambda at: tap(at, "Minus log-likelihood of every", 0.3, 0.3)),
        Move({"noise"}, lambda at: switch(at, "Noise")),
        Move({"values"}, lambda at: data(at, 2)),
    ],
    LossSurface: [
        Move({"slope"}, lambda at: slide(at, "Slope", 0.9)),
        Move({"intercept"}, lambda at: press(at, "Intercept", "ArrowLeft")),
        Move({"points"}, lambda at: drag(handle(at, "Point 3 of"), 20, -40)),
        Move({"slope", "intercept"}, lambda at: drag(handle(at, "Your line on the"), -30, 20)),
        Move({"slope", "intercept"}, lambda at: tap(at, "Loss of every line", 0.4, 0.3)),
        Move({"points"}, lambda at: tap(at, "Points and line", 0.4, 0.2)),
        *2 * [Move({"loss"}, lambda at: switch(at, "Loss"))],
        Move({"delta"}, lambda at: slide(at, "Delta", 0.4)),
        Move({"compare"}, lambda at: tick(at, "all three best lines")),
        Move({"points"}, lambda at: data(at, 1)),
    ],
    LossTable: [
        Move({"delta"}, lambda at: slide(at, "Huber: delta", 0.5)),
        Move({"c"}, lambda at: press(at, "Tukey: c", "Shift+ArrowLeft")),
        Move({"tau"}, lambda at: slide(at, "quantile: tau", 0.8)),
        Move({"sort"}, lambda at: click(at, "efficiency, Laplace")),
        Move({"ascending"}, lambda at: click(at, "efficiency, Laplace")),
        Move({"opened"}, lambda at: click(at, "Tukey")),
    ],
    OutlierLeverage: [
        Move({"points", "chosen"}, lambda at: drag(handle(at, "Point 42 of"), 20, 30)),
        Move({"points", "marked"}, lambda at: press(at, "Point 41 of", "n", "Delete")),
        Move({"delta"}, lambda at: slide(at, "Delta", 0.7)),
        Move({"together"}, lambda at: tick(at, "move all outliers together")),
        Move({"points"}, lambda at: press(at, "Point 42 of", "Shift+ArrowDown")),
        Move({"points"}, lambda at: tap(at, "Points and three fitted lines", 0.5, 0.3)),
        Move({"points"}, lambda at: data(at, 6)),
    ],
    QuantileFan: [
        Move({"tau"}, lambda at: slide(at, "Level tau", 0.8)),
        Move({"tau"}, lambda at: press(at, "Level tau", "Shift+ArrowRight")),
        *2 * [Move({"fan"}, lambda at: tick(at, "whole fan"))],
        Move({"points"}, lambda at: drag(handle(at, "Point 7 of"), 10, -50)),
        Move({"points"}, lambda at: press(at, "Point 7 of", "ArrowLeft")),
        Move({"points"}, lambda at: tap(at, "Points and quantile lines", 0.4, 0.15)),
        Move({"points"}, lambda at: data(at, 2)),
    ],
    TargetPractice: [
        Move({"points"}, lambda at: drag(handle(at, "Shot 10 of"), 30, 20)),
        Move({"points"}, lambda at: press(at, "Shot 10 of", "Shift+ArrowUp")),
        Move({"points"}, lambda at: enter(at, "Rings from the bullseye", "2.5")),
        Move({"points"}, lambda at: click(at, "Next shot")),
        Move({"points"}, lambda at: tap(at, "Target with shots", 0.4, 0.3)),
        Move({"points"}, lambda at: data(at, 2)),
    ],
}


def reachable(explorer):
    """The names of the traits that a hand can change."""
    return explorer().state().keys() - BEYOND


def changed(before, after):
    """The names under which two states differ."""
    return {name for name in before if before[name] != after[name]}
