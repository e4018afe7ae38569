"""``python -m tools.slowest``: the ten items that took `make test` longest.

Each part of the tests leaves its times in ``_build/times``, as pytest's ``--junitxml`` writes them.
A test module's shared preparation counts for the test that needed it first.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

TIMES = Path("_build/times")
HOW_MANY = 10


def items(folder):
    """(seconds, part, name) of every test and notebook cell on record, the slowest first."""
    found = []
    for report in sorted(Path(folder).glob("*.xml")):
        for case in ET.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname')}: {case.get('name')}"
            found.append((float(case.get("time")), report.stem, name))
    return sorted(found, key=lambda item: (-item[0], item[1:]))


def main(folder=TIMES):
    found = items(folder)
    if not found:
        print(f"slowest: no times in {folder}; run make test first", file=sys.stderr)
        return 2
    print(f"the slowest {min(HOW_MANY, len(found))} of {len(found):,} items")
    for seconds, part, name in found[:HOW_MANY]:
        print(f"{seconds:7.1f} s  {part:9}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
