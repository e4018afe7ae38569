"""Data made on the spot: the essay's experiment, lines with noise, outliers where you want them."""

from __future__ import annotations

import random

import numpy as np

from course_code._validate import as_count, as_floats, as_pair, as_real, refuse
from course_code.datasets._dataset import Dataset, fingerprint

_FREE = "Computed numbers; nobody owns them."


def two_coaches(outliers=0, seed=7):
    """The data of the essay *MSE vs MAE*: 40 points near y = 1.5 x + 0.5, then outliers at y = 20.

    The numbers come from Python's `random.Random`, in the essay's order: 40 times
    x ~ U(-1, 1) and y = 1.5 x + 0.5 + N(0, 0.1), then one x ~ U(-1, 1) per outlier. The order
    matters: one draw more or less moves every outlier. The global `random` state is untouched.

    Parameters
    ----------
    outliers : int
        How many points at y = 20 follow the 40 clean ones. The essay uses 0 and 3.
    seed : int
        The essay's is 7. Other seeds tell how much of its picture is luck.

    Returns
    -------
    Dataset
        Columns ``x``, ``y``, ``is_outlier``, of length 40 + `outliers`, without units.

    Examples
    --------
    >>> data = two_coaches(outliers=3)
    >>> data.x[data["is_outlier"]].round(6)
    array([-0.663903, -0.765808, -0.882091])
    """
    outliers = as_count("outliers", outliers, at_least=0)
    seed = as_count("seed", seed, at_least=0)
    rng = random.Random(seed)
    points = []
    for _ in range(40):
        x = rng.uniform(-1.0, 1.0)
        points.append((x, 1.5 * x + 0.5 + rng.gauss(0.0, 0.1)))
    points += [(rng.uniform(-1.0, 1.0), 20.0) for _ in range(outliers)]
    x, y = np.array(points).T
    call = f"two_coaches(outliers={outliers}, seed={seed})"
    return _line_set(
        "two_coaches",
        "The two coaches' points",
        x,
        y,
        np.arange(len(x)) >= 40,
        f"Computed by {call}, after the recipe of the essay *MSE vs MAE*.",
        (
            "The true line is y = 1.5 x + 0.5; the noise has standard deviation 0.1.",
            "With seed 7 all three outliers lie left of x = -0.66. That is what turns the "
            "squared-error line; at other places the same outliers do something else.",
        ),
    )


def line_data(n, slope=1.5, intercept=0.5, noise=None, rng=0):
    """Points near a line: x ~ U(-1, 1) and y = slope x + intercept + noise.

    Parameters
    ----------
    n : int
        How many points.
    slope, intercept : float
        The true line.
    noise : noise model or callable, optional
        Something with ``sample(size, rng)``, such as `course_code.noise.Laplace(0.1)`, or a
        function of (size, rng). None means no noise.
    rng : int or numpy.random.Generator
        A seed, or a generator to continue. The same seed gives the same data.

    Returns
    -------
    Dataset
        Columns ``x``, ``y``, ``is_outlier`` (all false), of length n.

    Examples
    --------
    >>> line_data(3, slope=2.0, intercept=1.0).y - 2.0 * line_data(3).x
    array([1., 1., 1.])
    """
    n = as_count("n", n)
    slope, intercept = as_real("slope", slope), as_real("intercept", intercept)
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(as_count("rng", rng, at_least=0))
    x = rng.uniform(-1.0, 1.0, n)
    y = slope * x + intercept
    if noise is not None:
        draw = getattr(noise, "sample", noise)
        if not callable(draw):
            refuse("noise", "must have sample(size, rng) or be a function of (size, rng)", noise)
        y, drawn = as_pair(y, draw(n, rng), names=("y", "noise"))
        y = y + drawn
    return _line_set(
        "line_data",
        "Points near a line",
        x,
        y,
        np.zeros(n, dtype=bool),
        f"Computed by line_data: {n} points, y = {slope:g} x + {intercept:g}, noise {noise!r}.",
        (),
    )


def contaminate(x, y, at_x, value):
    """The points (x, y) followed by outliers at the places `at_x`, all at the height `value`.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The clean points.
    at_x : array_like, shape (k,)
        Where the outliers go.
    value : float
        Their y.

    Returns
    -------
    Dataset
        Columns ``x``, ``y``, ``is_outlier``, of length n + k.

    Examples
    --------
    >>> clean = two_coaches()
    >>> moved = contaminate(clean.x, clean.y, at_x=[0.7, 0.8, 0.9], value=20.0)
    >>> len(moved), int(moved["is_outlier"].sum())
    (43, 3)
    """
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    at_x = as_floats("at_x", at_x, ndim=1)
    value = as_real("value", value)
    return _line_set(
        "contaminate",
        "Points with outliers",
        np.concatenate([x, at_x]),
        np.concatenate([y, np.full(len(at_x), value)]),
        np.arange(len(x) + len(at_x)) >= len(x),
        f"Computed by contaminate: {len(x)} points, then {len(at_x)} at y = {value:g}.",
        (),
    )


def _line_set(name, title, x, y, is_outlier, source, notes):
    columns = {"x": x, "y": y, "is_outlier": is_outlier}
    units = {"x": "none", "y": "none", "is_outlier": "true for an added outlier"}
    return Dataset(
        name, title, columns, units, source, _FREE, fingerprint(columns), notes, ("x", "y")
    )
