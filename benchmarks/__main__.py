"""Measure, print, store, write the page: ``python -m benchmarks``, see ``--help``."""

from __future__ import annotations

import argparse
import json
import os
import platform
from importlib.metadata import version

from . import explorers, report, works

PACKAGES = ("numpy", "scipy", "scikit-learn", "statsmodels", "torch")


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the slowest rivals")
    parser.add_argument("--explorers", action="store_true", help="measure only the explorers")
    parser.add_argument("--page", action="store_true", help="only write the stored results' page")
    options = parser.parse_args()
    if options.page:
        print(report.page(report.load()))
    elif options.explorers:
        store(report.load() | {"explorers": measure_explorers()})
    else:
        results = measure_fits(options.quick) | {"explorers": measure_explorers()}
        if not options.quick:
            store(results)


def measure_fits(quick):
    """Fits and losses, printed row by row."""
    results = {"machine": machine(), "rows": []}
    print(", ".join(f"{name} {value}" for name, value in results["machine"].items()), flush=True)
    for row in works.all_works(quick):
        results["rows"].append(row)
        print(report.table({"rows": [row]}).splitlines()[1], flush=True)
    results["rows"].append(works.line_of_ten_million())
    print("\n" + report.table(results) + "\n\n" + report.verdicts(results) + "\n")
    return results


def measure_explorers():
    """The explorers, printed row by row."""

    def tell(row):
        print(report.explorer_table([row]).splitlines()[1], flush=True)

    found = explorers.measure(tell=tell)
    print("\n" + report.explorer_table(found["rows"]))
    print("\n" + report.explorer_verdicts(found["rows"]))
    return found


def store(results):
    """Keep the results, and write their page."""
    report.RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    page = report.page(results)
    print("\nstored in", *(p.relative_to(report.BOOK.parent) for p in (report.RESULTS, page)))


def machine():
    """What the numbers depend on."""
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
    }


if __name__ == "__main__":
    main()
