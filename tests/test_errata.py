"""The page of errata: its entries add up to the counts it states, and each leads to a section."""

import re
from collections import Counter

import pytest

from tests.site import ROOT

PAGE = (ROOT / "book/errata.md").read_text(encoding="utf-8")
SOURCES = {
    "essay": "essay",
    "guide": "guide",
    "textbook section": "textbook",
    "course page": "course",
    "question": "question",
}
# <!-- wrong essay: coach-rule; condition guide: pivot --> names the statements an entry corrects.
NAMED = re.compile(r"<!-- ((?:wrong|condition) \w+:.*?) -->")
ENTRY = re.compile(r"^(?:\*\*|- \*\*)", re.M)


def statements(page=PAGE):
    """(verdict, source, name) for each statement that an entry names."""
    found = []
    for comment in NAMED.findall(page):
        for group in comment.split("; "):
            head, _, names = group.partition(": ")
            found += [(*head.split(), name) for name in names.split()]
    return found


def stated():
    """The table of counts: (read, wrong, under a condition) by source."""
    plain = re.sub(r"<!--.*?-->", "", PAGE)
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \|$", plain, re.M)
    return {source: tuple(map(int, counts)) for source, *counts in rows}


def entries():
    """The paragraphs and list items that correct something."""
    body = PAGE.partition("(errata-numbers)=")[2]
    blocks = re.split(r"\n\n|\n(?=- \*\*)", body)
    return [block for block in blocks if ENTRY.match(block)]


def test_no_statement_is_corrected_twice():
    found = statements()
    assert [one for one, count in Counter(found).items() if count > 1] == []


@pytest.mark.parametrize(("words", "source"), SOURCES.items())
def test_the_entries_of_a_source_are_as_many_as_stated(words, source):
    count = Counter((verdict, of) for verdict, of, _ in statements())
    read, wrong, condition = stated()[words]
    assert (count["wrong", source], count["condition", source]) == (wrong, condition)
    assert wrong + condition <= read


def test_the_sources_add_up():
    table = stated()
    assert set(table) == {*SOURCES, "all"}
    for column, total in enumerate(table["all"]):
        assert sum(table[source][column] for source in SOURCES) == total
    assert f"All {table['all'][1] + table['all'][2]}<!-- given --> are on this page" in PAGE


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry[:50].strip("*- "))
def test_an_entry_quotes_corrects_and_leads_to_a_section(entry):
    quoted, _, correction = entry.lstrip("- ").removeprefix("**").partition("**")
    assert quoted.strip()
    words, arrow, link = correction.partition("→")
    assert len(words.split()) >= 2
    assert arrow, "an entry leads to the section that computes it"
    assert re.match(r" \{ref\}`[^`<]+ <[\w-]+>`", link)


def test_an_entry_that_is_taken_away_is_missed():
    fewer = PAGE.replace("<!-- wrong essay: coach-rule -->", "")
    assert len(statements(fewer)) == len(statements()) - 1
