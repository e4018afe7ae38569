"""The glossary: in order, each entry leads to its section, each term is met in a chapter."""

import re
from functools import cache

import pytest

from tests.site import ROOT
from tools.gates.documents import book_documents

HEAD, _, REST = (ROOT / "book/glossary.md").read_text(encoding="utf-8").partition(":::{glossary}\n")
ENTRIES = [entry for entry in REST.rpartition(":::")[0].split("\n\n") if entry.strip()]
LINK = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")


def names(entry):
    """The words that an entry explains; the first one gives it its place."""
    return [line for line in entry.strip().splitlines() if not line.startswith(" ")]


def text(entry):
    return " ".join(line.strip() for line in entry.splitlines() if line.startswith(" "))


@cache
def chapters():
    """The Markdown of every notebook, by name."""
    return {
        document.name: "\n".join(cell.source for cell in document.of_kind("markdown"))
        for document in book_documents([ROOT / "book"])
        if document.is_notebook
    }


def test_entries_are_in_alphabetical_order():
    first = [re.sub(r"\W+", " ", names(entry)[0]).casefold() for entry in ENTRIES]
    assert first == sorted(first)


def test_no_term_is_explained_twice():
    every = [name for entry in ENTRIES for name in names(entry)]
    assert len(every) == len(set(every)) > 100


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: names(entry)[0])
def test_an_entry_is_short_and_leads_somewhere(entry):
    explanation, _, link = text(entry).partition("→")
    assert explanation.split(". ")[0].strip(), "says nothing"
    assert len(explanation.split()) < 60, "is an article, not an entry"
    assert link or explanation.startswith("See {term}"), "names no section that teaches it"


def test_every_term_is_linked_from_a_chapter():
    linked = {term for source in chapters().values() for term in LINK.findall(source)}
    missing = [names(entry)[0] for entry in ENTRIES if not linked & set(names(entry))]
    assert missing == []


@pytest.mark.parametrize("chapter", sorted(chapters()))
def test_every_chapter_links_terms_that_exist_and_each_once(chapter):
    links = LINK.findall(chapters()[chapter])
    known = {name for entry in ENTRIES for name in names(entry)}
    assert set(links) <= known
    assert len(set(links)) >= 5
    assert len(links) == len(set(links)), "link the first use only"
