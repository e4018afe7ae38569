"""From the small ES modules and the palette to the one script and style sheet that are shipped."""

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import\s[^;]*?\sfrom "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
# Whole-line comments, indentation and breaks inside brackets: half of a module's bytes, and nothing
# a browser needs. (A comment at the end of a line would swallow the next; a test looks for one.)
_COMMENT = re.compile(r"^ *(?:(?://|/\*\*|\*).*)?\n", re.MULTILINE)
_MARGIN = re.compile(r"^ +", re.MULTILINE)
# A top-level declaration, laid out by prettier: its lines are indented or closing brackets.
_DECLARATION = re.compile(
    r"^(?:(?:function|const) )?(\w+(?:\.\w+)?)(?: =|\().*\n(?:[ )}\]].*\n)*", re.MULTILINE
)
_OPEN = re.compile(r"(?<=[({\[,=>])\n")


def assemble(module):
    """One self-contained ES module: `module` behind everything it imports from this folder.

    Anywidget and the static page each load a single file, so relative imports are replaced by the
    text they name, each once, dependencies first. Top-level names must therefore differ between
    files (a clash is a syntax error, and a test looks for it); only the last file has a default
    export. What nothing uses is left out.
    """
    parts = {}

    def visit(name):
        if name in parts:
            return
        text = (HERE / name).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(text):
            visit(needed)
        parts[name] = _EXPORT.sub("", _IMPORT.sub("", text))

    visit(module)
    *needed, own = (_COMMENT.sub("", part) for part in parts.values())
    text = _shake("".join(needed), own) + own
    return _OPEN.sub("", _MARGIN.sub("", text))


def _shake(text, user):
    """Drop declarations of `text` whose name stands nowhere else in it or in `user`."""
    for found in _DECLARATION.finditer(text):
        rest = text[: found.start()] + text[found.end() :]
        if not re.search(rf"\b{re.escape(found[1])}\b", rest + user):
            return _shake(rest, user)
    return text


def palette(part="colours"):
    """The course's colours or dashes, from the file that the figures use too."""
    return json.loads((HERE.parent / "palette.json").read_text(encoding="utf-8"))[part]


def stylesheet():
    """The explorers' style sheet, with the palette as custom properties."""
    colours = "".join(f"--ex-{name}:{value};" for name, value in sorted(palette().items()))
    rules = (HERE / "explorers.css").read_text(encoding="utf-8")
    return f".explorer,.ex{{{colours}}}\n{rules}"
