"""Pages carry only what they use: deferred scripts, one stylesheet, a description for searchers.

What the theme adds for features this site does not have (version switcher, tabs) is left out.
"""

from fnmatch import fnmatch

from docutils import nodes
from one_stylesheet import SHEETS

# A script, and what a page that needs it contains.
SCRIPTS = {
    "documentation_options.js": "",
    "doctools.js": "",
    "sphinx_highlight.js": "",
    "scripts/sphinx-book-theme.js": "",
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
    "design-tabs.js": 'class="sd-tab-set',
    "explorers/host.js": "data-explorer=",
}


def is_joined(sheet):
    """Whether site.css replaces this stylesheet (the theme lists one of its scripts here too)."""
    name = str(sheet.filename)
    known = (*SHEETS, "course.css", "exercise.css", "scripts/*.js")
    return any(fnmatch(name, pattern) for pattern in known)


def description(doctree):
    """The first paragraph of a page, cut at a word before 160 characters."""
    first = next(
        (n for n in doctree.findall(nodes.paragraph) if isinstance(n.parent, nodes.section)), None
    )
    text = " ".join(first.astext().split()) if first else ""
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "..."


def lighten(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    context["css_files"] = [sheet for sheet in context["css_files"] if not is_joined(sheet)]
    scripts = [s for s in context["script_files"] if s.filename]
    context["script_files"] = [s for s in scripts if SCRIPTS.get(s.filename, "") in body]
    for script in context["script_files"]:
        script.attributes.pop("defer", None)
        # The search page's own scripts expect these at once; modules wait by themselves.
        if pagename != "search" and script.attributes.get("type") != "module":
            script.attributes["defer"] = "defer"
    if doctree and 'name="description"' not in context["metatags"]:
        escape = app.builder.templates.environment.filters["e"]
        text = escape(description(doctree))
        context["metatags"] += f'<meta name="description" content="{text}" />'


def setup(app):
    app.connect("html-page-context", lighten, priority=900)
    # Jupyter Book sets this even where its comments extension is not loaded.
    app.add_config_value("comments_config", {}, "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
