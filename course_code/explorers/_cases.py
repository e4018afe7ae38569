"""Data as presets for explorers that show points; real x is counted from about its middle."""

import numpy as np

from course_code.datasets import belgian_calls, contaminate, stars_cyg_ob1, two_coaches


def essay_case(name, data, view):
    """The essay's points, as `two_coaches` or `contaminate` return them; outliers are marked."""
    return {
        "name": name,
        "points": np.column_stack([data.x, data.y]).tolist(),
        "marked": np.flatnonzero(data["is_outlier"]).tolist(),
        "labels": ["x", "y"],
        "view": list(view),
    }


def remote_case():
    """The essay's clean points, and one far to the side that turns every line."""
    data = two_coaches()
    return essay_case(
        "one far to the side", contaminate(data.x, data.y, [20.0], -20.0), [-3, 24, -24, 36]
    )


def belgian_case():
    """International calls from Belgium; marked are the years in which minutes were counted."""
    calls = belgian_calls()
    return {
        "name": "Belgian calls",
        "points": np.column_stack([calls.x - 1961, calls.y]).tolist(),
        "marked": np.flatnonzero((calls.x >= 1964) & (calls.x <= 1970)).tolist(),
        "labels": ["years since 1961", "calls, tens of millions"],
        "view": [-14, 15, -4, 24],
    }


def stars_case():
    """The stars of CYG OB1; marked are the four giants."""
    stars = stars_cyg_ob1()
    return {
        "name": "CYG OB1",
        "points": np.column_stack([stars.x - 4.3, stars.y]).round(12).tolist(),
        "marked": np.flatnonzero(stars["giant"]).tolist(),
        "labels": ["log10 temperature, less 4.3", "log10 light"],
        "view": [-1, 0.6, 3.5, 7],
    }
