"""Every picture says in words what it shows."""

from __future__ import annotations

import re

from .documents import Problem

SHORTEST = 30
MARKDOWN_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
DIRECTIVE = re.compile(
    r"^(?:`{3,}|:{3,})\{(?:figure|image)\}.*\n(?P<options>(?:\s*:[\w-]+:.*\n)*)", re.M
)


def problems(documents):
    """Pictures without alternative text, among outputs and in Markdown."""
    found = []
    for document in documents:
        for cell in document.of_kind("code"):
            found += _in_outputs(cell)
        for cell in document.of_kind("markdown"):
            found += _in_markdown(cell)
    return found


def _in_outputs(cell):
    for output in cell.outputs:
        data = output.get("data", {})
        if not any(kind.startswith("image/") for kind in data):
            continue
        alt = "".join(data.get("text/plain", "")).strip()
        if len(alt) < SHORTEST or alt.startswith("<"):
            yield Problem(
                cell.where,
                f"a picture has no alternative text ({alt or 'nothing'!r}). Show it with "
                'figures.show(ax, alt="what the reader would see in a sentence") and run '
                "make refresh.",
            )


def _in_markdown(cell):
    alts = [m["alt"] for m in MARKDOWN_IMAGE.finditer(cell.source)]
    for tag in HTML_IMAGE.findall(cell.source):
        match = re.search(r"\balt=[\"']([^\"']*)", tag)
        alts.append(match[1] if match else "")
    for directive in DIRECTIVE.finditer(cell.source):
        match = re.search(r":alt:\s*(.+)", directive["options"])
        alts.append(match[1] if match else "")
    for alt in alts:
        if not alt.strip():
            yield Problem(
                cell.where,
                "an image in the text has no alternative text. Write ![what it shows](file), or "
                "the :alt: option of the directive.",
            )
