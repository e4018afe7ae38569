"""The data of the course: one seeded experiment, small generators, ten real sets.

Every function returns a `Dataset`: read-only arrays with their units, source, licence and hash.
The real sets are CSV files in ``course_code/datasets/data``; a file whose SHA-256 differs from
the one written in the code is refused.

>>> calls = belgian_calls()
>>> calls["year"][:3]
array([1950., 1951., 1952.])
>>> calls.units["calls_tens_of_millions"]
'tens of millions of calls per year'
"""

from course_code.datasets._dataset import Dataset
from course_code.datasets._generated import contaminate, line_data, two_coaches
from course_code.datasets._real import (
    anscombe,
    belgian_calls,
    boscovich_arcs,
    ceres,
    engel,
    french_arcs,
    galton_ox,
    newcomb_light,
    stackloss,
    stars_cyg_ob1,
)

__all__ = [
    "Dataset",
    "all_datasets",
    "anscombe",
    "belgian_calls",
    "boscovich_arcs",
    "ceres",
    "contaminate",
    "engel",
    "french_arcs",
    "galton_ox",
    "line_data",
    "newcomb_light",
    "stackloss",
    "stars_cyg_ob1",
    "two_coaches",
]


def all_datasets():
    """Every data set of the course, as a tuple: the seeded one first, then the ten real ones.

    >>> [data.name for data in all_datasets()][:3]
    ['two_coaches', 'boscovich_arcs', 'french_arcs']
    """
    real = (
        boscovich_arcs,
        french_arcs,
        ceres,
        engel,
        newcomb_light,
        galton_ox,
        stackloss,
        anscombe,
        belgian_calls,
        stars_cyg_ob1,
    )
    return (two_coaches(outliers=3), *(load() for load in real))
