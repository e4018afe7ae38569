"""A notebook without its libraries says in one line what to install."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course_code.frameworks import MissingFrameworkError, require
from tests.notebooks import code

CHAPTER = "book/in-pytorch-jax-and-keras.ipynb"


def test_what_is_there_passes():
    assert require("numpy", "json") is None


def test_what_is_missing_is_named_with_the_command_to_type():
    with pytest.raises(MissingFrameworkError) as caught:
        require("numpy", "no_such_library", "nor_this_one")
    said = str(caught.value)
    assert said.startswith("Not installed: no_such_library, nor_this_one. ")
    assert "make frameworks" in said
    assert "\n" not in said


def test_no_name_is_refused():
    with pytest.raises(ValueError, match=r"^names: must name at least one library; got none$"):
        require()


def test_a_notebook_shows_the_line_alone():
    cell = code("from course_code.frameworks import require\n\nrequire('no_such_library')")
    with pytest.raises(CellExecutionError) as caught:
        NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
    assert "Traceback" not in caught.value.traceback
    (shown,) = cell.outputs[-1]["traceback"]
    assert shown.startswith("Not installed: no_such_library. ")


def test_the_chapter_asks_in_its_first_cell():
    cells = [c for c in nbformat.read(CHAPTER, as_version=4).cells if c.cell_type == "code"]
    assert 'require("torch", "jax", "keras")' in cells[0].source


def test_the_package_imports_no_framework():
    every = (
        "import pkgutil, sys, course_code\n"
        "for m in pkgutil.walk_packages(course_code.__path__, 'course_code.'):\n"
        "    __import__(m.name)\n"
        "print(sorted({'torch', 'jax', 'keras', 'tensorflow'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", every], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
