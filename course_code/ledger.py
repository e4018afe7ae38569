"""Results that the text quotes.

A chapter calls :func:`publish` in a cell tagged ``numbers``. nbval checks the printed lines, and
``tools.gates.prose`` compares every number marked in the text with them, so a sentence cannot
drift away from the code.
"""

from __future__ import annotations

import numbers

from ._validate import as_real, refuse

DIGITS = 10


def publish(**values):
    """Print one line per value, ``name = value``, to ten significant digits.

    Ten digits are more than any sentence needs and fewer than the last bits, in which two
    machines may differ.

    Parameters
    ----------
    **values : int or float
        Names, as the marks in the text use them, and finite results.

    Raises
    ------
    ValueError
        If nothing is passed, or a value is not a finite real number.

    Examples
    --------
    >>> publish(slope=1.514323061234, points=43)
    slope = 1.514323061
    points = 43
    """
    if not values:
        refuse("values", "must name at least one result", "none")
    for name, value in values.items():
        if isinstance(value, numbers.Integral) and not isinstance(value, bool):
            text = str(int(value))
        else:
            # Adding zero turns -0.0 into 0.0.
            text = f"{as_real(name, value) + 0.0:.{DIGITS}g}"
        print(f"{name} = {text}")
