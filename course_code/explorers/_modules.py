"""From the small ES modules and the palette to the scripts and the style sheet that are shipped."""

import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
# What every explorer uses: on the site one script, which a reader's browser fetches once.
KIT = {"controls.js", "elements.js", "mount.js", "numbers.js", "panel.js", "rules.js"}
_IMPORT = re.compile(r'^import\s+\{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
# Whole-line comments: a browser needs none. (At the end of a line one would swallow the rest; a
# test looks for that.)
_COMMENT = re.compile(r"^ *(?:(?://|/\*\*|\*).*)?\n", re.MULTILINE)
# A top-level declaration, laid out by prettier: its lines are indented or closing brackets.
_DECLARATION = re.compile(
    r"^(?:(?:function|const) )?(\w+(?:\.\w+)?)(?: =|\().*\n(?:[ )}\]].*\n)*", re.MULTILINE
)
# What is kept to the letter: strings, templates (which may hold one another) and regular
# expressions; and white space, most of which can go: prettier ends every statement visibly.
_INNER = r"`(?:[^`$]|\$\{[^`{}]*\})*`"
_TEMPLATE = rf"`(?:[^`$\\]|\\.|\$(?!\{{)|\$\{{(?:[^`{{}}]|{_INNER})*\}})*`"
_PIECE = re.compile(rf'("(?:\\.|[^"\\\n])*"|{_TEMPLATE}|(?<=[=(] )/(?:\\.|[^/\n\\])+/\w*)|\s+')
_APART = re.compile(r"[\w$]{2}|\+\+|--")


def assemble(module):
    """One self-contained ES module: `module` behind everything it imports from this folder.

    Anywidget loads a single file, so relative imports are replaced by the text that they name, once
    each, dependencies first. Top-level names must therefore differ between files (a clash is a
    syntax error, and a test looks for it); only the last file has a default export. What nothing
    uses is left out.
    """
    *needed, own = _parts(module).values()
    return _finish(_shake("".join(needed), own) + own)


def assemble_for_pages(modules):
    """The same modules for a site, where they share one script.

    Returns
    -------
    dict of str to str
        Texts by file name: the kit, whose name changes with its text so that no browser mixes old
        with new, and for each of `modules` the rest of what it needs.
    """
    kit, wanted, rest = {}, set(), {}
    for module in modules:
        parts = _parts(module)
        kit |= {name: text for name, text in parts.items() if name in KIT}
        used = _taken(name for name in parts if name not in KIT)
        wanted |= used
        *needed, own = (text for name, text in parts.items() if name not in KIT)
        rest[module] = used, _shake("".join(needed), own) + own
    exported = f"export {{ {', '.join(sorted(wanted))} }};\n"
    users = "".join(text for _, text in rest.values())
    kit_text = _finish(_shake("".join(kit.values()), exported + users) + exported)
    kit_name = f"kit-{hashlib.sha256(kit_text.encode()).hexdigest()[:8]}.js"
    files = {kit_name: kit_text}
    for module, (used, text) in rest.items():
        imported = f'import {{ {", ".join(sorted(used))} }} from "./{kit_name}";\n'
        files[module] = _finish(imported + text)
    return files


def _parts(module):
    """Texts by file, without imports, exports and comments: all that `module` needs, and itself."""
    parts = {}

    def visit(name):
        if name in parts:
            return
        text = (HERE / name).read_text(encoding="utf-8")
        for _, needed in _IMPORT.findall(text):
            visit(needed)
        parts[name] = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", text)))

    visit(module)
    return parts


def _taken(names):
    """What these files import from the kit."""
    found = set()
    for name in names:
        for given, source in _IMPORT.findall((HERE / name).read_text(encoding="utf-8")):
            if source in KIT:
                found |= set(re.findall(r"\w+", given))
    return found


def _finish(text):
    """Without white space, but for the line of the exports."""
    body, export = re.fullmatch(r"(.*?)(^export .*)?", text, re.DOTALL | re.MULTILINE).groups("")
    return f"{squeeze(body)}\n{export}"


def _shake(text, user):
    """Drop declarations of `text` whose name stands nowhere else in it or in `user`."""
    for found in _DECLARATION.finditer(text):
        rest = text[: found.start()] + text[found.end() :]
        if not re.search(rf"\b{re.escape(found[1])}\b", rest + user):
            return _shake(rest, user)
    return text


def squeeze(text):
    """Drop white space outside strings, but where two words or two signs would become one."""

    def shorter(found):
        if found[1]:
            return found[1]
        return (
            " "
            if _APART.match(text[found.start() - 1] + text[found.end() : found.end() + 1])
            else ""
        )

    return _PIECE.sub(shorter, text)


def palette(part="colours"):
    """The course's colours or dashes, from the file that the figures use too."""
    return json.loads((HERE.parent / "palette.json").read_text(encoding="utf-8"))[part]


def stylesheet():
    """The explorers' style sheet, with the palette as custom properties."""
    colours = "".join(f"--ex-{name}:{value};" for name, value in sorted(palette().items()))
    rules = (HERE / "explorers.css").read_text(encoding="utf-8")
    return f".explorer,.ex{{{colours}}}\n{rules}"
