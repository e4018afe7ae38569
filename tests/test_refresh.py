"""`make refresh` runs notebooks in place and stores one normal form."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.notebooks import code, good_cells, write
from tools.normalise import WIDGET_VIEW, normalised
from tools.refresh import main


def test_outputs_are_stored_and_a_second_run_changes_nothing(tmp_path, capsys):
    path = write(tmp_path / "chapter.ipynb", code("print(1 + 1)"))
    assert main([str(path)]) == 0
    first = path.read_bytes()
    assert nbformat.read(path, 4).cells[0].outputs[0].text == "2\n"
    assert main([str(path)]) == 0
    assert path.read_bytes() == first
    said = capsys.readouterr().out
    assert "updated in" in said
    assert "unchanged in" in said


def test_a_notebook_that_fails_is_left_alone(tmp_path, capsys):
    path = write(tmp_path / "chapter.ipynb", *good_cells(), code("1 / 0"))
    before = path.read_bytes()
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
    captured = capsys.readouterr()
    assert "failed; the file is unchanged" in captured.out
    assert "ZeroDivisionError" in captured.err


def test_a_name_that_is_no_notebook(tmp_path, capsys):
    assert main([str(tmp_path / "missing.ipynb")]) == 2
    assert "NB: must name a notebook that exists" in capsys.readouterr().err


def test_execution_noise_goes_and_what_matters_stays():
    cell = new_code_cell(
        "x",
        execution_count=7,
        metadata={"tags": ["hide-input"], "execution": {"iopub.execute_input": "now"}},
        outputs=[
            new_output("stream", name="stdout", text="a\n"),
            new_output("stream", name="stdout", text="b\n"),
            new_output(
                "display_data", data={WIDGET_VIEW: {"model_id": "1"}, "text/plain": "Explorer"}
            ),
        ],
    )
    notebook = new_notebook(cells=[cell], metadata={"widgets": {"state": {}}})
    stored = normalised(notebook)
    (clean,) = stored.cells
    assert clean.execution_count == 1
    assert clean.metadata == {"tags": ["hide-input"]}
    assert [o.get("text") for o in clean.outputs] == ["a\nb\n", None]
    assert clean.outputs[1].data == {"text/plain": "Explorer"}
    assert "widgets" not in stored.metadata
    assert stored.metadata.kernelspec["name"] == "python3"
    assert normalised(stored) == stored


def test_cell_ids_are_kept():
    notebook = new_notebook(cells=[new_code_cell("a"), new_code_cell("a")])
    assert [c.id for c in normalised(notebook).cells] == [c.id for c in notebook.cells]
