"""``python -m tools.cover``: draw the picture of the first page and of the README.

`tests/test_cover.py` draws it again and compares, so it cannot show old lines.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import matplotlib

from course_code import datasets, figures
from course_code.losses import AbsoluteError, SquaredError
from course_code.regression import fit_line

COVER = Path("book/_static/cover.svg")


def draw():
    """The SVG text of the cover: 43 points, the least-squares and the least-absolute line."""
    data = datasets.two_coaches(outliers=3)
    losses = (SquaredError(), AbsoluteError())
    fits = {loss: fit_line(data.x, data.y, loss) for loss in losses}
    ax = figures.data_and_lines(data.x, data.y, fits, outliers=data["is_outlier"])
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "cover", "svg.fonttype": "path"}):
        ax.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode("utf-8")


def main():
    COVER.write_text(draw(), encoding="utf-8")
    print(f"{COVER} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
