"""Notebooks are stored the way ``make refresh`` writes them, and none of them failed."""

from __future__ import annotations

import nbformat

from tools.normalise import normalised

from .documents import Problem

LONGEST_CELL = 15


def problems(documents):
    """Stored errors, warnings, execution noise and cells too long to read."""
    found = []
    for document in documents:
        if not document.is_notebook:
            continue
        for cell in document.of_kind("code"):
            found += _in_cell(cell)
        notebook = nbformat.read(document.path, as_version=4)
        if normalised(notebook) != nbformat.read(document.path, as_version=4):
            found.append(
                Problem(
                    str(document.path),
                    "is not stored in its normal form (execution counts, widget state, cell ids). "
                    f"Run make refresh NB={document.path}.",
                )
            )
    return found


def _in_cell(cell):
    for output in cell.outputs:
        if output["output_type"] == "error":
            yield Problem(
                cell.where,
                f"stores an error, {output['ename']}: {output['evalue']}. Mend the cell and run "
                "make refresh.",
            )
        if output["output_type"] == "stream" and output["name"] == "stderr":
            yield Problem(
                cell.where,
                "prints to stderr. Remove the cause of the warning and run make refresh.",
            )
    lines = [x for x in cell.source.splitlines() if x.strip() and not x.strip().startswith("#")]
    if len(lines) > LONGEST_CELL:
        yield Problem(
            cell.where,
            f"has {len(lines)} lines of code, more than {LONGEST_CELL}. Move the logic to "
            "course_code, with a test.",
        )
