"""Small tables as plain text: aligned, rounded, the same on every run."""

from __future__ import annotations

import numbers

from course_code._validate import refuse

__all__ = ["table"]


def table(rows, columns, formats):
    """A text table: columns of numbers to the right, columns of words to the left.

    Parameters
    ----------
    rows : iterable of sequences
        One cell per column. None leaves a cell empty.
    columns : sequence of str
        The headings.
    formats : sequence of str
        A format specification per column, such as ``".2f"``, ``"d"`` or ``".1%"``, for its
        numbers; words are written as they are. A number that rounds to zero has no minus sign.

    Returns
    -------
    str
        Lines without trailing spaces, the headings underlined; ready for `print`.

    Raises
    ------
    ValueError
        If there is no row, the lengths differ, or a format does not fit a number.

    >>> print(table([("mean", -3.25), ("median", 0.0)], ["best guess", "value"], ["", ".2f"]))
    best guess  value
    ----------  -----
    mean        -3.25
    median       0.00
    """
    rows = [tuple(row) for row in rows]
    columns, formats = tuple(columns), tuple(formats)
    if not rows:
        refuse("rows", "must hold at least one row", "none")
    if len(formats) != len(columns):
        refuse("formats", f"must name one format for each of {len(columns)} columns", len(formats))
    for row in rows:
        if len(row) != len(columns):
            refuse("rows", f"must hold {len(columns)} cells each", row)

    cells = [[_text(cell, spec) for cell, spec in zip(row, formats, strict=True)] for row in rows]
    by_column = list(zip(*rows, strict=True))
    to_right = [not any(isinstance(cell, str) for cell in column) for column in by_column]
    widths = [max(map(len, texts)) for texts in zip(columns, *cells, strict=True)]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "\n".join(_line(line, widths, to_right) for line in lines)


def _text(cell, spec):
    if cell is None or isinstance(cell, str):
        return cell or ""
    if not isinstance(cell, numbers.Number):
        refuse("rows", "must hold numbers, words or None", cell)
    try:
        text = format(cell, spec)
        is_zero = "0" in text and not any(digit in text for digit in "123456789")
        return format(0.0, spec) if is_zero and text.lstrip().startswith("-") else text
    except (TypeError, ValueError):
        refuse("formats", f"must fit the number {cell!r}", repr(spec))


def _line(texts, widths, to_right):
    padded = [
        text.rjust(width) if right else text.ljust(width)
        for text, width, right in zip(texts, widths, to_right, strict=True)
    ]
    return "  ".join(padded).rstrip()
