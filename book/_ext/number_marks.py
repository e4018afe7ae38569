"""Numbers in prose carry invisible marks, ``1.5143<!-- slope:.4f -->``, for the tests to check.

The site does not need them: comments are dropped while a page is read. A number and its percent
sign, often parted in the source by such a mark, stay on one line.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class DropMarks(SphinxTransform):
    default_priority = 400

    def apply(self):
        for raw in list(self.document.findall(nodes.raw)):
            if not COMMENT.sub("", raw.astext()).strip():
                raw.parent.remove(raw)


class KeepPercent(SphinxTransform):
    default_priority = 410

    def apply(self):
        for text in list(self.document.findall(nodes.Text)):
            verbatim = isinstance(text.parent, nodes.FixedTextElement | nodes.literal | nodes.math)
            if " %" in text and not verbatim:
                text.parent.replace(text, nodes.Text(text.replace(" %", "\N{NO-BREAK SPACE}%")))


def setup(app):
    app.add_transform(DropMarks)
    app.add_transform(KeepPercent)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
