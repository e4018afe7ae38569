"""References: all are complete, all are cited, and no page cites what is not there."""

import re

import pytest

from tests.site import ROOT
from tools.gates.documents import book_documents

ENTRIES = dict(
    re.findall(
        r"^@\w+\{([\w-]+),\n(.*?)^\}",
        (ROOT / "book/references.bib").read_text(encoding="utf-8"),
        re.M | re.S,
    )
)
CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
PREFIX = re.compile(r":keyprefix:\s*([\w-]+)")


def cited():
    """The keys that each page cites, without the prefix of the page."""
    for page in book_documents([ROOT / "book"]):
        text = "\n".join(cell.source for cell in page.of_kind("markdown"))
        prefix = next(iter(PREFIX.findall(text)), "")
        keys = {key.strip() for keys in CITATION.findall(text) for key in keys.split(",")}
        yield page.name, {key.removeprefix(prefix) for key in keys}


CITED = dict(cited())


@pytest.mark.parametrize("page", [page for page, keys in CITED.items() if keys])
def test_a_page_cites_what_is_there(page):
    assert CITED[page] <= set(ENTRIES)


def test_every_reference_is_cited():
    assert set(ENTRIES) - set().union(*CITED.values()) == set()


@pytest.mark.parametrize("key", ENTRIES)
def test_a_reference_can_be_found(key):
    fields = dict(re.findall(r"^\s*(\w+)\s*=\s*[{\"](.+?)[}\"],?$", ENTRIES[key], re.M))
    assert fields["title"]
    assert re.fullmatch(r"\d{4}", fields["year"])
    assert {"author", "editor"} & set(fields)
    assert {"journal", "publisher", "booktitle", "note", "url"} & set(fields)
    assert fields["year"] in key or int(fields["year"]) > 1600


def test_keys_do_not_repeat():
    text = (ROOT / "book/references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([\w-]+),", text, re.M)
    assert len(keys) == len(set(keys)) == len(ENTRIES)
