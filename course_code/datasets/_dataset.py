"""What a data set carries, and how a file becomes one."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from course_code._validate import one_of, refuse

DATA_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Columns of numbers, and what one must know before using them.

    Attributes
    ----------
    name : str
        The function that returns it.
    title : str
        One line for people.
    columns : mapping of str to ndarray
        Read-only arrays of one length. Numbers are float64, flags bool, labels text.
        ``data["year"]`` is short for ``data.columns["year"]``.
    units : mapping of str to str
        The unit of each column.
    source : str
        The full citation.
    licence : str
        On what terms the numbers may be used, as far as is known.
    sha256 : str
        Of the file's bytes; for generated data, of the table printed with 12 decimals.
    notes : tuple of str
        What a careful reader would ask about.
    pair : tuple of str, optional
        The columns behind `x` and `y`.
    """

    name: str
    title: str
    columns: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    source: str
    licence: str
    sha256: str
    notes: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None

    def __post_init__(self):
        lengths = {len(values) for values in self.columns.values()}
        if len(lengths) != 1:
            refuse("columns", "must all have one length", sorted(lengths))
        if set(self.units) != set(self.columns):
            refuse("units", "must name every column and no other", sorted(self.units))
        frozen = {}
        for column, values in self.columns.items():
            frozen[column] = np.array(values)
            frozen[column].flags.writeable = False
        object.__setattr__(self, "columns", MappingProxyType(frozen))
        object.__setattr__(self, "units", MappingProxyType(dict(self.units)))

    def __getitem__(self, column):
        return self.columns[one_of("column", column, tuple(self.columns))]

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def __repr__(self):
        return f"Dataset({self.name!r}, {len(self)} rows: {', '.join(self.columns)})"

    @property
    def x(self):
        """The column that explains, where the set has a natural pair."""
        return self._of_pair(0)

    @property
    def y(self):
        """The column that is explained, where the set has a natural pair."""
        return self._of_pair(1)

    def _of_pair(self, place):
        if self.pair is None:
            have = ", ".join(self.columns)
            raise AttributeError(f"{self.name} has no natural x and y; choose among {have}")
        return self.columns[self.pair[place]]

    def describe(self):
        """The data card: a Markdown text without headings, so that it fits any page.

        Returns
        -------
        str
            Title, size, a table of the columns, notes, source, licence and hash.
        """
        lines = [f"**{self.title}** (`{self.name}`, {len(self)} rows)", ""]
        lines += ["| column | unit or meaning | values |", "|---|---|---|"]
        for column, values in self.columns.items():
            role = " (x)" if self.pair and column == self.pair[0] else ""
            role = " (y)" if self.pair and column == self.pair[1] else role
            lines.append(f"| `{column}`{role} | {self.units[column]} | {_span(values)} |")
        lines.append("")
        lines += [f"- {note}" for note in self.notes]
        if self.notes:
            lines.append("")
        lines.append(f"Source: {self.source}\n")
        lines.append(f"Licence: {self.licence}\n")
        lines.append(f"SHA-256: `{self.sha256}`")
        return "\n".join(lines)


def read(file, sha256, *, text=(), flags=(), folder=DATA_FOLDER):
    """The columns of one CSV file whose bytes are exactly those expected.

    Parameters
    ----------
    file : str
        File name inside `folder`.
    sha256 : str
        What the hash of the file must be.
    text, flags : sequence of str
        Columns kept as text, columns read as booleans. All others are numbers;
        an empty cell among them becomes NaN.

    Raises
    ------
    ValueError
        If the file's hash is not `sha256`.
    """
    raw = (Path(folder) / file).read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        # Not `refuse`: it shortens what came, and both hashes must be readable in full.
        raise ValueError(f"{file}: must have SHA-256 {sha256}; got {found}")
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8")))
    columns = {}
    for column, cells in zip(header, zip(*rows, strict=True), strict=True):
        if column in text:
            columns[column] = np.array(cells)
        elif column in flags:
            columns[column] = np.array([cell == "1" for cell in cells])
        else:
            columns[column] = np.array([float(cell) if cell else np.nan for cell in cells])
    return columns


def fingerprint(columns):
    """SHA-256 of a table of numbers printed with 12 decimals.

    Twelve decimals, not the bits: the logarithm and cosine behind a Gaussian draw may differ in
    the last bit between two C libraries.
    """
    lines = [",".join(columns)]
    lines += [",".join(f"{v:.12f}" for v in row) for row in zip(*columns.values(), strict=True)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _span(values):
    if values.dtype.kind == "U":
        different = len(set(values))
        return f"{different} different" if different > 1 else str(values[0])
    if values.dtype.kind == "b":
        return f"true in {int(values.sum())} of {len(values)}"
    known = values[~np.isnan(values)]
    gaps = len(values) - len(known)
    return f"{known.min():.6g} to {known.max():.6g}" + (f", {gaps} missing" if gaps else "")
