"""What docutils and other extensions write, mended where a screen reader would stumble.

* An entry of the bibliography carries a role that ARIA has withdrawn: it becomes an item of a list.
  Its label goes; the text cites by author and year.
* The empty corner of a table is no header.
* Hidden code is opened by a title whose name is the words one sees.
* sphinx-exercise gives the inside of all exercises of a page one id.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

SHARED_IDS = ("exercise-content", "solution-content")


class Mend(SphinxPostTransform):
    default_priority = 900  # after references to citations are resolved
    formats = ("html",)

    def run(self):
        for label in list(self.document.findall(nodes.label)):
            if isinstance(label.parent, nodes.citation):
                label.parent.remove(label)
        for section in self.document.findall(nodes.section):
            section["ids"] = [name for name in section["ids"] if name not in SHARED_IDS]


def visit_citation(self, node):
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", CLASS="citation", role="listitem"))


def visit_entry(self, node):
    HTML5Translator.visit_entry(self, node)
    if self.context[-1].startswith("</th") and not node.astext().strip():
        last = max(i for i, text in enumerate(self.body) if text.startswith("<th"))
        self.body[last] = self.body[last].replace("<th", "<td", 1)
        self.context[-1] = self.context[-1].replace("</th", "</td")


def visit_hidden(self, node):
    self.body.append(f'<details class="hide {" ".join(node["classes"])}">\n')
    self.body.append(f"<summary>{self.encode(node['prompt_show'])}</summary>\n")


def depart_hidden(self, node):
    self.body.append("</details>\n")


def setup(app):
    app.add_post_transform(Mend)
    own = {
        nodes.citation: (visit_citation, HTML5Translator.depart_citation),
        nodes.entry: (visit_entry, HTML5Translator.depart_entry),
        HideCodeCellNode: (visit_hidden, depart_hidden),
    }
    for node, visitors in own.items():
        app.add_node(node, override=True, html=visitors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
