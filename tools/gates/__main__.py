"""``python -m tools.gates [PATH ...]``: check the text of the book; exit code 1 if it is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import formulas, notebooks, pictures, prose
from .documents import book_documents

DEFAULT = ("book",)
FORMULA_TESTS = Path("tests/formulas")


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tools.gates", description=__doc__)
    parser.add_argument("paths", nargs="*", default=DEFAULT, help="pages, or folders of pages")
    parser.add_argument("--formula-tests", default=FORMULA_TESTS, type=Path)
    arguments = parser.parse_args(argv)
    try:
        documents = book_documents(arguments.paths)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    found = [
        *prose.problems(documents),
        *pictures.problems(documents),
        *formulas.problems(documents, arguments.formula_tests),
        *notebooks.problems(documents),
    ]
    for problem in found:
        print(problem)
    marks = sum(len(list(prose.marks(document))) for document in documents)
    print(f"{len(documents)} pages, {marks} marked numbers, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
