"""The list of what took longest: from all parts, the slowest first."""

import pytest

from tools import slowest

REPORT = """<testsuites><testsuite>{}</testsuite></testsuites>"""
CASE = '<testcase classname="{}" name="{}" time="{}" />'


@pytest.fixture
def times(tmp_path):
    tests = "".join(CASE.format("tests.test_a", f"test_{i}", i) for i in range(1, 12))
    (tmp_path / "unit.xml").write_text(REPORT.format(tests))
    cell = CASE.format("book/a.ipynb", "Cell 3", 4.56)
    (tmp_path / "notebooks.xml").write_text(REPORT.format(cell))
    return tmp_path


def test_the_ten_slowest_of_all_parts_are_printed(times, capsys):
    assert slowest.main(times) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "the slowest 10 of 12 items"
    assert lines[1].split() == ["11.0", "s", "unit", "tests.test_a:", "test_11"]
    assert lines[8].split() == ["4.6", "s", "notebooks", "book/a.ipynb:", "Cell", "3"]
    assert len(lines) == 11


def test_without_times_there_is_one_line_and_exit_code_2(tmp_path, capsys):
    assert slowest.main(tmp_path) == 2
    assert "run make test first" in capsys.readouterr().err
