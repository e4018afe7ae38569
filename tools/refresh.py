"""``python -m tools.refresh [NOTEBOOK ...]``: run notebooks in place and store their normal form.

A notebook that fails is left as it was. One whose outputs did not change is not rewritten.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.normalise import normalised

SECONDS_PER_CELL = 600


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tools.refresh", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all in book/")
    paths = parser.parse_args(argv).notebooks or sorted(Path("book").glob("*.ipynb"))
    for path in paths:
        if path.suffix != ".ipynb" or not path.is_file():
            print(f"NB: must name a notebook that exists; got {path}", file=sys.stderr)
            return 2
    failed = [path for path in paths if not refresh(path)]
    return 1 if failed else 0


def refresh(path):
    """Run one notebook and store it; True if it ran through."""
    started = time.perf_counter()
    try:
        before = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds for a broken file
        print(f"{path}: is not a readable notebook ({error})", file=sys.stderr)
        return False
    notebook = normalised(before)
    code = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    progress = _Progress(path, code)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=progress.show,
        store_widget_state=False,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        progress.end("failed; the file is unchanged")
        print(f"{path}: a cell failed.\n{error}", file=sys.stderr)
        return False
    after = normalised(notebook)
    nbformat.validate(after)
    changed = after != before
    if changed:
        nbformat.write(after, path)
    took = time.perf_counter() - started
    progress.end(f"{'updated' if changed else 'unchanged'} in {took:.1f} s")
    return True


class _Progress:
    """One line per notebook; it counts up in place where a person is watching."""

    def __init__(self, path, code_cells):
        self.path, self.code_cells = path, code_cells
        self.live = sys.stdout.isatty()

    def show(self, cell, cell_index):
        if self.live and cell.get("id") in self.code_cells:
            done = self.code_cells.index(cell.id) + 1
            print(f"\r{self.path}: cell {done} of {len(self.code_cells)}", end="", flush=True)

    def end(self, outcome):
        print(f"{chr(13) if self.live else ''}{self.path}: {outcome}          ".rstrip())


if __name__ == "__main__":
    sys.exit(main())
