"""Boxes with ``:class: dropdown`` (hints, solutions) open on demand, with and without JavaScript.

They are written as ``<details>``, which the browser opens by mouse, key and find-in-page alike.
"""

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform


class details(nodes.General, nodes.Element):
    """The box."""


class summary(nodes.General, nodes.TextElement):
    """Its title, the line that opens it."""


class Dropdowns(SphinxPostTransform):
    default_priority = 900  # after sphinx-exercise has resolved the titles
    formats = ("html",)

    def run(self):
        boxes = [n for n in self.document.findall(nodes.Admonition) if "dropdown" in n["classes"]]
        for box in boxes:
            title = next((c for c in box.children if isinstance(c, nodes.title)), None)
            content = [c for c in box.children if c is not title]
            # No link in the title: a click anywhere on it opens the box.
            heading = title.astext() if title else admonitionlabels[box.tagname]
            names = ["admonition", *([] if title else [box.tagname]), *box["classes"]]
            box.replace_self(
                details("", summary("", heading), *content, ids=box["ids"], classes=names)
            )


def visit_details(self, node):
    self.body.append(self.starttag(node, "details"))


def depart_details(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", "", CLASS="admonition-title"))


def depart_summary(self, node):
    self.body.append("</summary>\n")


def setup(app):
    app.add_node(details, html=(visit_details, depart_details))
    app.add_node(summary, html=(visit_summary, depart_summary))
    app.add_post_transform(Dropdowns)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
