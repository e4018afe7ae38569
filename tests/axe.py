"""Accessibility, as axe-core judges it."""

from tests.site import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def violations(page, part="html", rules=()):
    """What axe-core objects to inside the first element that matches, a line for each place.

    All rules are asked, or those that are named.
    The drawn half of a formula is hidden from assistive technology; its MathML is what is checked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    where = {"include": [part], "exclude": [".katex-html"]}
    options = {"runOnly": list(rules)} if rules else {}
    run = "([where, options]) => axe.run(where, options).then((f) => f.violations)"
    found = page.evaluate(run, [where, options])
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]
