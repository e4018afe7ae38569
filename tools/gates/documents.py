"""Notebooks and Markdown files as a list of cells, and the shape of a complaint."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong, where, and what to do about it."""

    where: str
    message: str

    def __str__(self):
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Cell:
    """One cell; a Markdown file is a single cell of kind ``markdown``."""

    where: str
    kind: str
    source: str
    tags: tuple[str, ...] = ()
    outputs: tuple[dict, ...] = ()

    def stdout(self):
        """What the cell prints, as one string."""
        return "".join(
            _text(o["text"])
            for o in self.outputs
            if o["output_type"] == "stream" and o["name"] == "stdout"
        )


@dataclass(frozen=True)
class Document:
    """A chapter or page. `name` is the file name without its ending."""

    path: Path
    cells: tuple[Cell, ...] = field(default=())

    @property
    def name(self):
        return self.path.stem

    @property
    def is_notebook(self):
        return self.path.suffix == ".ipynb"

    def of_kind(self, kind):
        return [cell for cell in self.cells if cell.kind == kind]


def read(path):
    """The document at `path`, a ``.ipynb`` or Markdown file.

    Raises
    ------
    ValueError
        If a notebook is not valid JSON or has no cells; the message names the file.
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return Document(path, (Cell(str(path), "markdown", text),))
    try:
        raw = json.loads(text)
        cells = tuple(_cell(path, number, cell) for number, cell in enumerate(raw["cells"], 1))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}: is not a readable notebook ({type(error).__name__}: {error}). "
            "Restore it from git, or open and save it in JupyterLab (make lab)."
        ) from error
    return Document(path, cells)


def book_documents(paths):
    """The documents among `paths`; a folder stands for the pages directly in it."""
    files = []
    for path in map(Path, paths):
        if path.is_dir():
            files += sorted(p for p in path.iterdir() if p.suffix in {".ipynb", ".md"})
        else:
            files.append(path)
    return [read(file) for file in files]


def _cell(path, number, cell):
    outputs = cell.get("outputs", [])
    return Cell(
        where=f"{path}, cell {number} ({cell.get('id', 'no id')})",
        kind=cell["cell_type"],
        source=_text(cell["source"]),
        tags=tuple(cell["metadata"].get("tags", ())),
        outputs=tuple(outputs),
    )


def _text(lines):
    return lines if isinstance(lines, str) else "".join(lines)
