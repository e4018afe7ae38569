"""Every result in a sentence agrees with the code that produces it.

A result stands in the Markdown as plain text, followed by an invisible mark that names a published
value and its format, as in ``1.5143<!-- slope:.4f -->``. A number that is an input, a definition or
a quotation is marked ``0.05<!-- given -->``. A value of another chapter is named with its page,
``1.5143<!-- outliers-and-leverage/slope:.4f -->``. Any other number that looks like a result is a
problem.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .documents import Problem

GIVEN = "given"
LEDGER_TAG = "numbers"
LEDGER_LINE = re.compile(r"^(?P<name>\w+) = (?P<value>[-+.\deE]+)$", re.M)

NUMBER = r"[-+\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+\u2212]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?"
MARK = re.compile(r"<!--\s*(?P<body>(?:[\w-]+/)?\w+(?::[^\s>]+)?)\s*-->")
DECIMAL = re.compile(r"\d*\.\d+")
NUMERAL = re.compile(rf"(?<![\w.])(?:{NUMBER})(?![\d\w])")

YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
RATIO = re.compile(r"\s?(?:%|percent\b|per cent\b|times\b|\u00d7|\u2030)")
TRAILING_NUMBER = re.compile(
    rf"(?<![\w.])(?P<number>{NUMBER})(?P<unit>{RATIO.pattern})?\$?$", re.IGNORECASE
)
COUNTED = re.compile(
    r"(?:chapters?|sections?|figures?|tables?|exercises?|equations?|steps?|pages?|pp?\.|python|"
    r"arts?\.|nos?\.|vol\.)\s+(?:\d+(?:\s*(?:,|and|to|[-\u2013])\s*))*$",
    re.IGNORECASE,
)
LIST_ORDINAL = re.compile(r"^\s*(?:>\s*)?$")

# What is not prose, in the order in which it is blanked out.
NOT_PROSE = (
    re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*\s*$", re.M | re.S),
    re.compile(r"\A---\n.*?\n---\n", re.S),
    re.compile(r"\$\$.+?\$\$(?:[ \t]*\([\w:-]+\))?", re.S),
    re.compile(r"\{[\w:-]+\}`[^`]*`"),
    re.compile(r"(?P<tick>`+)[^`].*?(?P=tick)", re.S),
    re.compile(r"^:{3,}.*$", re.M),
    re.compile(r"^\s*:[\w-]+:.*$", re.M),
    re.compile(r"^\([\w:-]+\)=\s*$", re.M),
    re.compile(r"(?<=\])\([^)\s]*(?:\s\"[^\"]*\")?\)"),
    re.compile(r"^\[[^\]]+\]:\s+\S+.*$", re.M),
    re.compile(r"<https?://[^>]+>"),
    re.compile(r"</?[a-zA-Z][^>]*>"),
)
INLINE_MATH = re.compile(r"(?<![\\$])\$(?!\$)(?P<body>[^$]+?)(?<!\\)\$(?!\$)")


class Mark(NamedTuple):
    """One mark: the text before it on its line, where it starts and ends, and what it says."""

    before: str
    start: int
    end: int
    body: str
    where: str


def problems(documents):
    """Numbers in the text that drifted, name nothing, or carry no mark; values never quoted."""
    ledgers = {document.name: published(document) for document in documents}
    used = set()
    found = []
    for document in documents:
        for mark in marks(document):
            key, complaint = _judged(mark, document.name, ledgers)
            used.add(key)
            if complaint:
                found.append(Problem(mark.where, complaint))
        for cell in document.of_kind("markdown"):
            found += [Problem(cell.where, _unmarked(text)) for text in unmarked(cell.source)]
    for page, ledger in ledgers.items():
        for name in ledger:
            if (page, name) not in used:
                found.append(
                    Problem(page, f"publishes {name}, which no sentence quotes. Quote or drop it.")
                )
    return found


def published(document):
    """The values that the cells tagged ``numbers`` print, by name."""
    values = {}
    for cell in document.of_kind("code"):
        if LEDGER_TAG in cell.tags:
            for line in LEDGER_LINE.finditer(cell.stdout()):
                values[line["name"]] = _value(line["value"])
    return values


def marks(document):
    """All marks in the Markdown of a document."""
    for cell in document.of_kind("markdown"):
        text = _blanked(cell.source)
        for match in MARK.finditer(text):
            start = text.rfind("\n", 0, match.start()) + 1
            before = cell.source[start : match.start()]
            yield Mark(before, match.start(), match.end(), match["body"], cell.where)


def unmarked(markdown):
    """The numbers in a Markdown text that look like results and carry no mark."""
    return [markdown[start:end].strip() for start, end, _ in _unmarked_places(markdown)]


def mark_given(markdown):
    """The text with the mark of a given number wherever one is missing, for pages made by code."""
    for place in sorted({place for *_, place in _unmarked_places(markdown)}, reverse=True):
        markdown = f"{markdown[:place]}<!-- {GIVEN} -->{markdown[place:]}"
    return markdown


def _unmarked_places(markdown):
    """For each number without a mark: where it starts and ends, and where its mark would go."""
    text = _blanked(markdown)
    mark_starts = {mark.start() for mark in MARK.finditer(text)}
    text = MARK.sub(lambda m: _spaces(m[0]), text)
    found = []
    for match in INLINE_MATH.finditer(text):
        if match.end() not in mark_starts:
            decimals = DECIMAL.finditer(text, match.start("body"), match.end("body"))
            found += [(decimal.start(), decimal.end(), match.end()) for decimal in decimals]
    text = INLINE_MATH.sub(lambda m: _spaces(m[0]), text)
    for match in NUMERAL.finditer(text):
        unit = RATIO.match(text, match.end())
        end = unit.end() if unit else match.end()
        if not mark_starts & {match.end(), end} and _looks_like_a_result(text, match, bool(unit)):
            found.append((match.start(), end, end))
    return found


def _looks_like_a_result(text, match, has_unit):
    number = match[0].lstrip("-+\u2212")
    line_start = text.rfind("\n", 0, match.start()) + 1
    before = text[line_start : match.start()]
    if has_unit or not number.isdigit():
        return not COUNTED.search(before)
    if len(number) == 1 or YEAR.fullmatch(number):
        return False
    ordinal = LIST_ORDINAL.match(before) and re.match(r"[.)]\s", text[match.end() :])
    return not ordinal and not COUNTED.search(before)


def _judged(mark, page, ledgers):
    """((page, name), complaint or None) for one mark."""
    number = TRAILING_NUMBER.search(mark.before)
    if mark.body == GIVEN:
        has_number = number or mark.before.endswith("$")
        return None, None if has_number else f"the mark <!-- {GIVEN} --> follows no number."
    name, _, spec = mark.body.partition(":")
    other, _, name = name.rpartition("/")
    key = (other or page, name)
    if key[0] not in ledgers or name not in ledgers[key[0]]:
        known = ", ".join(sorted(ledgers.get(key[0], {}))) or "nothing"
        return key, (
            f"the mark <!-- {mark.body} --> names a value that {key[0]} does not publish "
            f"(it publishes {known}). Add it to publish(...) in the cell tagged "
            f'"{LEDGER_TAG}" and run make refresh.'
        )
    if number is None:
        return key, f"the mark <!-- {mark.body} --> follows no number."
    value = ledgers[key[0]][name]
    try:
        now = format(value, spec)
    except ValueError as error:
        return key, f"the mark <!-- {mark.body} --> has no valid format: {error}."
    percent = "%" if spec.endswith("%") and number["unit"] else ""
    written = number["number"].replace("\u2212", "-") + percent
    if written != now:
        return key, (
            f"the text says {written}, the code says {now} ({mark.body}). Correct the sentence, "
            "or find out why the code moved."
        )
    return key, None


def _unmarked(text):
    return (
        f'the number "{text}" carries no mark. If the code computes it, publish it in the cell '
        f'tagged "{LEDGER_TAG}" and write {text}<!-- name:.4f -->; if it is an input or a '
        f"quotation, write {text}<!-- {GIVEN} -->."
    )


def _value(text):
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


def _blanked(markdown):
    """The text with everything that is not prose, marks excepted, turned into spaces."""
    for pattern in NOT_PROSE:
        markdown = pattern.sub(lambda m: _spaces(m[0]), markdown)
    # Comments that are not marks: HTML comments an author left for other authors.
    return re.sub(
        r"<!--.*?-->",
        lambda m: m[0] if MARK.fullmatch(m[0]) else _spaces(m[0]),
        markdown,
        flags=re.S,
    )


def _spaces(text):
    return re.sub(r"[^\n]", " ", text)
