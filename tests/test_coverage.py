"""The page of coverage: every id once, with sections that exist and tests that exist."""

import re

import pytest

from tests.site import ROOT
from tools.gates.documents import book_documents

IDS = [
    *(f"000.{k}" for k in range(1, 12)),
    *(f"001.{k}" for k in range(1, 11)),
    *(f"002.{k}" for k in range(1, 16)),
    *(f"003.{k}" for k in range(1, 21)),
    "004.1",
    *(f"B.{k}" for k in range(1, 11)),
]
EXPLORERS = {
    "001.1": "TargetPractice",
    "001.4": "LossSurface",
    "001.5": "OutlierLeverage",
    "001.6": "GradientFlow",
    "001.7": "LossTable",
}
NOT_YET = {"B.5", "B.6", "B.10"}  # whoever delivers one says so on the page and here
ROW = re.compile(r"^- `(?P<id>[\dB]+\.\d+)` (?P<rest>.*)$", re.M)
REFERENCE = re.compile(r"\{ref\}`(?:[^`<]+<)?([\w-]+)>?`|\[[^\]]+\]\(([\w-]+)\.(?:ipynb|md)\)")
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.M)
PAGE = (ROOT / "book/coverage.md").read_text(encoding="utf-8")
ROWS = {match["id"]: match["rest"] for match in ROW.finditer(PAGE)}
every_row = pytest.mark.parametrize("row", ROWS)


def addresses():
    """The names that a reference may use: labels, and pages of the book."""
    names = set()
    for page in book_documents([ROOT / "book"]):
        names.add(page.name)
        for cell in page.of_kind("markdown"):
            names.update(re.findall(LABEL, cell.source))
    return names


ADDRESSES = addresses()


def test_every_id_is_there_exactly_once_and_in_order():
    assert [match["id"] for match in ROW.finditer(PAGE)] == IDS


@every_row
def test_a_row_says_what_leads_there_and_names_its_tests(row):
    words, arrow, rest = ROWS[row].partition("→")
    links, found, named = rest.partition("*Tests:*")
    assert len(words.split()) >= 3
    assert arrow
    assert found
    targets = [label or page for label, page in REFERENCE.findall(links)]
    assert targets
    assert set(targets) <= ADDRESSES
    tests = re.findall(r"`([\w/.-]+)`", named)
    assert tests
    for test in tests:
        assert any((ROOT / f"tests/{test}{end}").is_file() for end in (".py", ".js")), test


@pytest.mark.parametrize(("row", "explorer"), EXPLORERS.items())
def test_the_row_of_an_explorer_leads_to_where_it_stands(row, explorer):
    places = set()
    for page in book_documents([ROOT / "book"]):
        label = None
        for cell in page.cells:
            if cell.kind == "markdown":
                label = next(iter(re.findall(LABEL, cell.source)[-1:]), label)
            elif re.search(rf"^{explorer}\(", cell.source, re.M):
                places.add(label)
    assert places
    assert places <= {label for label, _ in REFERENCE.findall(ROWS[row])}


def test_what_is_not_delivered_is_said_and_nothing_else():
    said = {row for row, text in ROWS.items() if "not there yet" in text.casefold()}
    assert said == NOT_YET
