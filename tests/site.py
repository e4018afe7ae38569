"""The built site, for the tests that read it and the tests that open it in a browser."""

import functools
import subprocess
import sys
from pathlib import Path

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
    """Build the site; a build with nothing changed takes seconds."""
    ran = subprocess.run(
        [sys.executable, "-m", "tools.build"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@functools.cache
def soup(page):
    """A page of the site, parsed."""
    return BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")
