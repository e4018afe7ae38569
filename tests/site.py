"""The built site, for the tests that read it and the tests that open it in a browser."""

import functools
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"


def toc_files(entry):
    """Every file that a part of _toc.yml names, in order."""
    if isinstance(entry, list):
        return [file for item in entry for file in toc_files(item)]
    own = [entry[key] for key in ("root", "file") if key in entry]
    below = (entry.get(key, []) for key in ("parts", "chapters", "sections"))
    return own + [file for part in below for file in toc_files(part)]


PAGES = [f"{file}.html" for file in toc_files(yaml.safe_load((ROOT / "_toc.yml").read_text()))]


def build():
    """Build the site; a build with nothing changed takes seconds.

    Of several test processes none does: `make browser` has built it, and two builders would meet.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    ran = subprocess.run(
        [sys.executable, "-m", "tools.build"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@functools.cache
def soup(page, site=SITE):
    """A page of the site, parsed."""
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")


@functools.cache
def places(page, site=SITE):
    """The tags of a page that a link can lead to, by id."""
    return {tag["id"]: tag for tag in soup(page, site).find_all(id=True)}


def is_internal(link):
    return not urlsplit(link).scheme and not link.startswith("//")


def target(page, link, site=SITE):
    """The file and the fragment that a link of a page leads to."""
    parts = urlsplit(link)
    file = (site / page).parent / unquote(parts.path) if parts.path else site / page
    return file.resolve(), unquote(parts.fragment)


def is_there(file, fragment, site=SITE):
    """Whether there is such a file and, in a page, such an id."""
    if not file.is_file() or not fragment or file.suffix != ".html":
        return file.is_file()
    return fragment in places(file.relative_to(site.resolve()).as_posix(), site)


def broken_links(page, site=SITE):
    """Links of a page, pictures and scripts too, that lead to no file or to no id in it."""
    links = [
        link
        for tag in soup(page, site).find_all(True)
        for link in filter(None, map(tag.get, ("href", "src", "data")))
    ]
    return [
        link
        for link in links
        if is_internal(link) and not is_there(*target(page, link, site), site)
    ]


# Attributes through which a page loads something; <a href> only leads somewhere.
LOADS = {"img": "src", "script": "src", "source": "src", "video": "src", "audio": "src"}
LOADS |= {"iframe": "src", "embed": "src", "object": "data", "link": "href", "use": "href"}


def foreign_loads(page, site=SITE):
    """What a page loads from another host."""
    loaded = [
        tag.get(attribute)
        for name, attribute in LOADS.items()
        for tag in soup(page, site).find_all(name)
    ]
    return [
        link for link in loaded if link and not is_internal(link) and not link.startswith("data:")
    ]
