"""Explorers on the static page: their modules are copied, pages that hold one load them."""

from pathlib import Path

from course_code import explorers


def write_modules(app):
    explorers.write_static(Path(app.outdir, "_static", "explorers"))


def link_host(app, pagename, templatename, context, doctree):
    if "data-explorer=" in context.get("body", ""):
        app.add_js_file("explorers/host.js", type="module")
        app.add_css_file("explorers/explorers.css")


def setup(app):
    app.connect("builder-inited", write_modules)
    app.connect("html-page-context", link_host)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
