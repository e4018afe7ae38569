"""Tiny notebooks for the tests of the tools: one that is right, and ways to break it."""

import base64

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.normalise import normalised

PIXEL = base64.b64encode(b"not looked at").decode()
ALT = "A scatter of forty points with a rising straight line through them."


def markdown(text):
    return new_markdown_cell(text)


def code(source, prints="", tags=(), alt=None):
    """A code cell with what it printed and, if `alt` is given, the picture it showed."""
    outputs = []
    if prints:
        outputs.append(new_output("stream", name="stdout", text=prints))
    if alt is not None:
        outputs.append(new_output("display_data", data={"image/png": PIXEL, "text/plain": alt}))
    return new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)} if tags else {})


def numbers(prints="slope = 1.514323061\n"):
    """The cell that publishes what the text quotes."""
    value = prints.split(" = ")[1].strip()
    return code(
        f"from course_code.ledger import publish\n\npublish(slope={value})", prints, ["numbers"]
    )


def write(path, *cells):
    """Store the cells as a notebook in normal form; return its path."""
    nbformat.write(normalised(new_notebook(cells=list(cells))), path)
    return path


def good_cells():
    return [
        markdown("# A chapter\n\nThe slope is 1.5143<!-- slope:.4f -->."),
        code('print("hello")', "hello\n"),
        numbers(),
    ]
