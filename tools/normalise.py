"""The one stored form of a notebook, so that a diff shows what changed and nothing else."""

from __future__ import annotations

import copy

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
KEPT_CELL_METADATA = ("tags", "mystnb", "slideshow", "nbgrader")


def normalised(notebook):
    """A copy of `notebook` without execution noise.

    Timings, widget state and model ids go; output streams are joined; the kernel is named in one
    way. Code cells are counted from one, since nbval compares no cell that has no count. Cell ids
    stay (nbformat gives one to a cell that has none).
    """
    nb = copy.deepcopy(notebook)
    nb.metadata = type(nb.metadata)(kernelspec=dict(KERNEL), language_info={"name": "python"})
    nb.nbformat, nb.nbformat_minor = 4, 5
    count = 0
    for cell in nb.cells:
        cell.metadata = type(cell.metadata)(
            {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata}
        )
        cell.source = cell.source.rstrip()
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = _joined(cell.outputs)
            for output in cell.outputs:
                _quiet(output, count)
    return nb


def _joined(outputs):
    """The outputs with neighbouring pieces of one stream put together."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _quiet(output, count):
    if output.output_type == "execute_result":
        output.execution_count = count
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
