"""The page of notation: each convention names a test, and the tests exist."""

import ast
import re

import pytest

from tests.site import ROOT

SECTIONS = (ROOT / "book/notation.md").read_text(encoding="utf-8").split("\n## ")[1:]
TABLES = {
    section.splitlines()[0]: [line for line in section.splitlines() if line.startswith("| ")][1:]
    for section in SECTIONS
}
CHECKED = [*TABLES["Conventions"], *TABLES["If you come from a library"]]
NAMED = re.compile(r"<!-- tests: (.*?) -->")
UNTESTED = "from its documentation, not run here"


def names_of_tests(module):
    """The names of the tests in a file of this folder."""
    tree = ast.parse((ROOT / f"tests/{module}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: row.split("|")[-2][:40].strip())
def test_a_convention_names_tests_that_exist(row):
    named = NAMED.search(row)
    if named is None:
        assert UNTESTED in row
        return
    for address in named[1].split(", "):
        module, _, function = address.partition("::")
        assert function in names_of_tests(module), address


def test_only_what_cannot_be_run_is_untested():
    untested = [row for row in CHECKED if UNTESTED in row]
    assert [row.split("|")[1].strip() for row in untested] == ["R"]


def test_every_symbol_says_where_it_is_defined():
    assert len(TABLES["Symbols"]) > 20
    for row in TABLES["Symbols"]:
        symbol, meaning, where = (cell.strip() for cell in row.strip("|").split(" | "))
        assert symbol.startswith("$")
        assert meaning
        assert re.match(r"\{(ref|eq)\}`", where)
