"""Every displayed formula has a label, every label a test, every test a formula."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from .documents import Problem

FENCED = re.compile(r"^(?P<fence>`{3,}|~{3,})(?!\{math\}).*?^(?P=fence)`*\s*$", re.M | re.S)
DOLLARS = re.compile(r"\$\$(?P<body>.+?)\$\$(?:[ \t]*\((?P<label>[\w:-]+)\))?", re.S)
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\{math\}\s*\n(?P<options>(?:\s*:[\w-]+:.*\n)*)", re.M)
ENVIRONMENT = re.compile(r"^\\begin\{(?:align|equation|gather|multline)\*?\}", re.M)


def problems(documents, tests):
    """Compare the labels of the displayed formulas with those that the tests in `tests` name.

    Parameters
    ----------
    documents : list of Document
    tests : str or Path
        The folder whose ``test_*.py`` files carry ``@formula("label")`` decorators.
    """
    found = []
    labels = {}
    for document in documents:
        for cell in document.of_kind("markdown"):
            for label, body in displayed(cell.source):
                if label is None:
                    found.append(
                        Problem(
                            cell.where,
                            f"the formula {_short(body)} has no label. Write $$ ... $$ (eq-name) "
                            "and a test for eq-name in tests/formulas.",
                        )
                    )
                elif label in labels:
                    found.append(
                        Problem(cell.where, f"the label {label} is taken by {labels[label]}.")
                    )
                else:
                    labels[label] = cell.where
    tested = tested_labels(tests)
    for label, where in labels.items():
        if label not in tested:
            found.append(
                Problem(
                    where,
                    f'the formula {label} has no test. Write one under @formula("{label}") in '
                    f"{tests} that fails when the formula is wrong.",
                )
            )
    for label, count in tested.items():
        if label not in labels:
            found.append(
                Problem(
                    str(tests),
                    f'@formula("{label}") tests a formula that no chapter displays. Correct the '
                    "label or delete the test.",
                )
            )
        elif count > 1:
            found.append(Problem(str(tests), f'@formula("{label}") stands on {count} tests.'))
    return found


def displayed(markdown):
    """(label or None, LaTeX) for each displayed formula in a Markdown text."""
    text = FENCED.sub("", markdown)
    for match in DOLLARS.finditer(text):
        yield match["label"], match["body"]
    for match in DIRECTIVE.finditer(markdown):
        label = re.search(r":label:\s*(\S+)", match["options"])
        yield (label[1] if label else None), "in a {math} directive"
    for match in ENVIRONMENT.finditer(DOLLARS.sub("", text)):
        yield None, match[0]


def tested_labels(folder):
    """How often each label stands in a ``@formula("...")`` decorator of the tests in `folder`."""
    count = Counter()
    for file in sorted(Path(folder).glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
            if isinstance(node, ast.FunctionDef):
                count.update(
                    d.args[0].value
                    for d in node.decorator_list
                    if isinstance(d, ast.Call) and getattr(d.func, "id", "") == "formula"
                )
    return count


def _short(body):
    line = " ".join(body.split())
    return repr(line if len(line) < 40 else line[:37] + "...")
