"""The bibliography as a plain list: the text cites by author and year, so entries need no label.

docutils marks entries with a role that ARIA has withdrawn; here they are items of a list.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class Unlabelled(SphinxPostTransform):
    default_priority = 900  # after references to the entries are resolved
    formats = ("html",)

    def run(self):
        for entry in self.document.findall(nodes.citation):
            for label in [c for c in entry.children if isinstance(c, nodes.label)]:
                entry.remove(label)


def visit_citation(self, node):
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", CLASS="citation", role="listitem"))


def setup(app):
    app.add_post_transform(Unlabelled)
    visitors = (visit_citation, HTML5Translator.depart_citation)
    app.add_node(nodes.citation, override=True, html=visitors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
