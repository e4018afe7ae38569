"""``python -m tools.rerun [PATH ...]``: run notebooks again and compare with what they store.

This is nbval with the settings of this book and a closing word for the author when it fails.
"""

from __future__ import annotations

import os
import sys

import pytest

SETTINGS = (
    "--nbval",
    "--nbval-current-env",
    "--nbval-sanitize-with=tools/nbval_sanitize.cfg",
    "--override-ini=addopts=",
    "-p",
    "no:cacheprovider",
    "-q",
)
# nbval needs one kernel per file, so workers share by file.
WHOLE_BOOK = ("-n", "2", "--dist", "loadfile", "--junitxml=_build/times/notebooks.xml")

HINT = """
A notebook no longer prints what it stores. The lines marked + or "test value" are new.
If the change is meant: make refresh NB=book/<name>.ipynb, read the diff, correct the sentences.
If it is not: something in course_code or in a dependency moved. Find it before you refresh."""


class Hint:
    def pytest_terminal_summary(self, terminalreporter, exitstatus):
        if exitstatus != 0:
            terminalreporter.write_line(HINT)


def main(paths):
    paths = list(paths) or ["book"]
    more = WHOLE_BOOK if paths == ["book"] else ("--durations=10",)
    # Two kernels on two cores: threads of their own would wait for each other, ten times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return pytest.main([*SETTINGS, *more, *paths], plugins=[Hint()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
