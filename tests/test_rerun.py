"""nbval, as this book runs it, turns red on drifted output and on a broken notebook."""

import subprocess
import sys

from tests.notebooks import code, good_cells, write


def rerun(path):
    ran = subprocess.run(
        [sys.executable, "-m", "tools.rerun", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_a_good_notebook_passes(tmp_path):
    status, said = rerun(write(tmp_path / "good.ipynb", *good_cells()))
    assert status == 0, said


def test_a_drifted_output(tmp_path):
    path = write(tmp_path / "drifted.ipynb", *good_cells(), code("print(round(2 / 3, 4))", "0.6\n"))
    status, said = rerun(path)
    assert status == 1
    assert "0.6667" in said
    assert "make refresh NB=" in said


def test_a_notebook_that_raises(tmp_path):
    status, said = rerun(write(tmp_path / "broken.ipynb", *good_cells(), code("1 / 0")))
    assert status == 1
    assert "ZeroDivisionError" in said
    assert "something in course_code or in a dependency moved" in said


def test_an_output_that_was_never_stored(tmp_path):
    status, said = rerun(write(tmp_path / "empty.ipynb", code('print("new")')))
    assert status == 1
    assert "make refresh NB=" in said


def test_a_file_that_is_no_notebook(tmp_path):
    path = tmp_path / "nothing.ipynb"
    path.write_text("{ not json")
    assert rerun(path)[0] != 0
