"""One stylesheet for the site, with the theme's unused rules left out.

The theme and the extensions bring ten stylesheets, 90 kB compressed, most of it for parts this site
does not have. When the pages are written, the rules whose classes and ids appear on some page or in
some script are joined into ``_static/site.css``; ``course.css`` follows whole, the last word.
"""

import hashlib
import re
from pathlib import Path

import tinycss2

SHEETS = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "copybutton.css",
    "sphinx-design.min.css",
    "katex/katex.min.css",
)


def vocabulary(outdir):
    """Names a selector may match: classes and ids of the pages, words of the scripts."""
    names = set()
    for page in outdir.rglob("*.html"):
        attributes = re.findall(r'\b(?:class|id)="([^"]*)"', page.read_text("utf-8"))
        names.update(word for value in attributes for word in value.split())
    for script in outdir.rglob("*.js"):
        names.update(re.findall(r"[\w-]+", script.read_text("utf-8")))
    return {name for name in names if not name.startswith("fa")}  # icons are drawn in course.css


def matches(selector, names):
    """Whether all classes and ids that a selector demands exist."""
    demanded = re.sub(r":(not|is|where|has)\((?:[^()]|\([^()]*\))*\)", "", selector)
    return all(name in names for name in re.findall(r"[.#](-?[A-Za-z_][\w-]*)", demanded))


def purge(rules, names):
    """CSS text of the rules that can match something."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = re.split(r",(?![^(]*\))", tinycss2.serialize(rule.prelude))
            selectors = [s.strip() for s in selectors if matches(s, names)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = purge(tinycss2.parse_rule_list(rule.content, True, True), names)
            if inner:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("charset", "import"):
            text = rule.serialize()
            if "Font Awesome" not in text:
                kept.append(text)
    return "\n".join(kept)


def write_stylesheet(app, exception):
    """Join the stylesheets, unless nothing they are made from has changed."""
    if exception:
        return
    static = Path(app.outdir, "_static")
    sources = [path for sheet in SHEETS for path in sorted(static.glob(sheet))]
    css = "".join(path.read_text("utf-8") for path in sources)
    names = vocabulary(Path(app.outdir))
    course = (static / "course.css").read_text("utf-8")
    made_from = "".join([css, course, *sorted(names), Path(__file__).read_text("utf-8")])
    mark = f"/* {hashlib.sha256(made_from.encode()).hexdigest()} */\n"
    target = static / "site.css"
    if target.is_file() and target.read_text("utf-8").startswith(mark):
        return
    lean = purge(tinycss2.parse_stylesheet(css, True, True), names)
    # KaTeX's fonts lie beside its own stylesheet; every browser that runs here reads woff2.
    lean = re.sub(r"url\(fonts/(\S+?\.woff2)\)[^;}]*", r"url(katex/fonts/\1) format('woff2')", lean)
    target.write_text(mark + lean + "\n" + course, "utf-8")


def setup(app):
    app.connect("build-finished", write_stylesheet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
