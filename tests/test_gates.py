"""Each gate turns red on the smallest notebook that deserves it, and says what to do."""

import json
import subprocess
import sys

import pytest
from nbformat.v4 import new_output

from tests.notebooks import ALT, code, good_cells, markdown, numbers, write
from tools.gates import formulas, prose
from tools.gates.__main__ import main


@pytest.fixture
def gate(tmp_path, capsys):
    """Run the gates on a notebook of these cells: (exit code, what an author reads)."""
    tests = tmp_path / "formulas"
    tests.mkdir()
    (tests / "test_formulas.py").write_text('@formula("eq-tested")\ndef test_it():\n    assert 1\n')

    def run(*cells, with_formula=True):
        text = [markdown("$$ y = w x + b $$ (eq-tested)")] if with_formula else []
        path = write(tmp_path / "chapter.ipynb", *cells, *text)
        status = main([str(path), "--formula-tests", str(tests)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def test_a_good_notebook_passes(gate):
    status, said = gate(*good_cells(), code("show()", alt=ALT))
    assert status == 0, said
    assert "1 pages, 1 marked numbers, 0 problems" in said


def test_a_drifted_number_in_the_text(gate):
    status, said = gate(markdown("The slope is 1.5150<!-- slope:.4f -->."), numbers())
    assert status == 1
    assert "the text says 1.5150, the code says 1.5143 (slope:.4f). Correct the sentence" in said


def test_a_drifted_value_in_the_code(gate):
    status, said = gate(
        markdown("The slope is 1.5143<!-- slope:.4f -->."), numbers("slope = 1.515\n")
    )
    assert status == 1
    assert "the text says 1.5143, the code says 1.5150" in said


def test_an_unmarked_result(gate):
    status, said = gate(*good_cells(), markdown("The intercept is 0.5096."))
    assert status == 1
    assert 'the number "0.5096" carries no mark' in said
    assert "0.5096<!-- name:.4f -->" in said
    assert "0.5096<!-- given -->" in said


def test_a_mark_that_names_nothing(gate):
    status, said = gate(*good_cells(), markdown("It is 2.0<!-- intercept:.1f -->."))
    assert status == 1
    assert "names a value that chapter does not publish (it publishes slope)" in said


def test_a_mark_after_a_unit_in_words(gate):
    text = "It is 7 percent<!-- given --> or 1.5 times<!-- slope:.1f --> as much."
    assert gate(markdown(text), numbers())[0] == 0


def test_a_mark_after_no_number(gate):
    status, said = gate(*good_cells(), markdown("It is steep<!-- slope:.1f -->."))
    assert status == 1
    assert "follows no number" in said


def test_a_mark_with_a_format_that_does_not_exist(gate):
    status, said = gate(markdown("The slope is 1.5<!-- slope:.1q -->."), numbers())
    assert status == 1
    assert "has no valid format" in said


def test_a_value_that_nothing_quotes(gate):
    status, said = gate(markdown("No number here."), numbers())
    assert status == 1
    assert "publishes slope, which no sentence quotes" in said


@pytest.mark.parametrize("alt", ["", "<Figure size 640x480 with 1 Axes>", "a plot"])
def test_a_picture_without_alternative_text(gate, alt):
    status, said = gate(*good_cells(), code("show()", alt=alt))
    assert status == 1
    assert "a picture has no alternative text" in said
    assert "figures.show(ax, alt=" in said


@pytest.mark.parametrize(
    "text",
    [
        "![](picture.png)",
        '<img src="picture.png">',
        ":::{figure} picture.png\n:width: 300px\n:::",
    ],
)
def test_an_image_in_the_text_without_alternative_text(gate, text):
    status, said = gate(*good_cells(), markdown(text))
    assert status == 1
    assert "an image in the text has no alternative text" in said


@pytest.mark.parametrize(
    "text",
    [
        "![A line through points.](picture.png)",
        ":::{figure} picture.png\n:alt: A line through points.\n:::",
    ],
)
def test_an_image_with_alternative_text_passes(gate, text):
    assert gate(*good_cells(), markdown(text))[0] == 0


def test_a_formula_without_a_label(gate):
    status, said = gate(*good_cells(), markdown("$$ r = y - \\hat y $$"))
    assert status == 1
    assert "has no label. Write $$ ... $$ (eq-name)" in said


def test_a_formula_without_a_test(gate):
    status, said = gate(*good_cells(), markdown("$$ r = y - \\hat y $$ (eq-residual)"))
    assert status == 1
    assert "the formula eq-residual has no test" in said


def test_a_test_without_a_formula(gate):
    status, said = gate(*good_cells(), with_formula=False)
    assert status == 1
    assert '@formula("eq-tested") tests a formula that no chapter displays' in said


def test_two_formulas_with_one_label(gate):
    status, said = gate(*good_cells(), markdown("$$ a = b $$ (eq-tested)"))
    assert status == 1
    assert "the label eq-tested is taken by" in said


def test_a_stored_error(gate):
    cell = code("1 / 0")
    cell.outputs = [
        new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=[])
    ]
    status, said = gate(*good_cells(), cell)
    assert status == 1
    assert "stores an error, ZeroDivisionError: division by zero" in said


def test_a_stored_warning(gate):
    cell = code("warn()")
    cell.outputs = [new_output("stream", name="stderr", text="RuntimeWarning: overflow\n")]
    status, said = gate(*good_cells(), cell)
    assert status == 1
    assert "prints to stderr" in said


def test_a_cell_too_long_to_read(gate):
    status, said = gate(*good_cells(), code("\n".join(f"x{i} = {i}" for i in range(20))))
    assert status == 1
    assert "has 20 lines of code, more than 15" in said


def test_a_notebook_that_was_saved_by_hand(gate, tmp_path):
    path = write(tmp_path / "chapter.ipynb", *good_cells())
    raw = json.loads(path.read_text())
    raw["cells"][1]["execution_count"] = 7
    path.write_text(json.dumps(raw))
    assert main([str(path), "--formula-tests", str(tmp_path / "none")]) == 1


def test_a_file_that_is_no_notebook(tmp_path, capsys):
    path = tmp_path / "chapter.ipynb"
    path.write_text("{ not json")
    assert main([str(path)]) == 2
    assert "is not a readable notebook" in capsys.readouterr().err


def test_the_command_line_ends_with_the_status(tmp_path):
    path = write(tmp_path / "chapter.ipynb", markdown("The slope is 1.5150."))
    ran = subprocess.run(
        [sys.executable, "-m", "tools.gates", str(path), "--formula-tests", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert 'the number "1.5150" carries no mark' in ran.stdout


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("The loss is 0.25.", ["0.25"]),
        ("The loss is \u22120.25 now.", ["\u22120.25"]),
        ("The share is 7 %.", ["7 %"]),
        ("The share is 7 percent.", ["7 percent"]),
        ("It is 3 times as large.", ["3 times"]),
        ("It is 9\u00d7 as large.", ["9\u00d7"]),
        ("There are 43 points.", ["43"]),
        ("There are 10,000 points.", ["10,000"]),
        ("The step is 1e-3.", ["1e-3"]),
        ("With $w = 1.5143$ the loss is small.", ["1.5143"]),
        ("| loss | 0.5 |\n|---|---|\n| a | 12.25 |", ["0.5", "12.25"]),
        ("## What 0.5 means", ["0.5"]),
        ("- item with 0.5", ["0.5"]),
        ("The loss is 0.25<!-- loss:.2f -->.", []),
        ("The share is 7<!-- share:.0f --> %.", []),
        ("The share is 7 %<!-- share:.0% -->.", []),
        ("With $\\delta = 1.345\\sigma$<!-- given --> it holds.", []),
        ("There are 3 points.", []),
        ("In 1805 and in 1809 it was printed.", []),
        ("Chapter 12 and Figures 10 and 11 show it.", []),
        ("10. tenth item\n11. eleventh item", []),
        ("Run `train(lr=0.05)` now.", []),
        ("```python\nx = 0.25\n```", []),
        (":::{exercise-start}\n:label: ex-12\n:class: dropdown\n:::", []),
        ("See [the table](tables.md#row-12) and {eq}`eq-12`.", []),
        ("$$ 1.4826 \\cdot s $$ (eq-mad)", []),
        ("x1, L2 and CYG2000 are names.", []),
        ("log10 of it, in the unit J2000.5", []),
        ("He printed .2987 for it.", [".2987"]),
        ("the 19th century", []),
        ("<!-- a note about 0.25 for authors -->", []),
        ('<span class="w-0.25">text</span>', []),
    ],
)
def test_which_numbers_look_like_results(text, flagged):
    assert prose.unmarked(text) == flagged
    assert prose.unmarked(prose.mark_given(text)) == []
    assert prose.mark_given(text).replace("<!-- given -->", "") == text.replace(
        "<!-- given -->", ""
    )


def test_a_value_of_another_chapter(tmp_path, capsys):
    write(tmp_path / "lines.ipynb", numbers(), markdown("It is 1.51<!-- slope:.2f -->."))
    page = tmp_path / "index.md"
    page.write_text("# Start\n\nThe slope is 1.52<!-- lines/slope:.2f -->.\n")
    assert main([str(tmp_path), "--formula-tests", str(tmp_path)]) == 1
    assert "the text says 1.52, the code says 1.51" in capsys.readouterr().out


def test_displayed_formulas_are_found_outside_code_only():
    text = "```\n$$ a $$\n```\n$$ b $$ (eq-b)\n\n$$\nc\n$$\n"
    assert [label for label, _ in formulas.displayed(text)] == ["eq-b", None]


def test_formulas_in_directives_and_environments_are_found():
    text = ":::{math}\n:label: eq-d\nd = e\n:::\n\n\\begin{align}\nf &= g\n\\end{align}\n"
    assert [label for label, _ in formulas.displayed(text)] == ["eq-d", None]
