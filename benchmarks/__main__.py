"""Measure, print, store: ``python -m benchmarks [--quick] [--plot]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
from importlib.metadata import version

from . import report, works

PACKAGES = ("numpy", "scipy", "scikit-learn", "statsmodels", "torch")


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the slowest rivals")
    parser.add_argument("--plot", action="store_true", help="only draw the stored results")
    options = parser.parse_args()
    if options.plot:
        draw(report.load())
        return
    results = {"machine": machine(), "rows": []}
    print(", ".join(f"{name} {value}" for name, value in results["machine"].items()), flush=True)
    for row in works.all_works(options.quick):
        results["rows"].append(row)
        print(report.table({"rows": [row]}).splitlines()[1], flush=True)
    results["rows"].append(works.line_of_ten_million())
    print("\n" + report.table(results) + "\n\n" + report.verdicts(results))
    if not options.quick:
        report.RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(f"\nstored in {report.RESULTS.relative_to(report.RESULTS.parents[1])}")


def machine():
    """What the numbers depend on."""
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def draw(results):
    """Write ``benchmarks/time-against-n.png``."""
    from matplotlib import pyplot as plt

    kinds = ("LAD", "quantile 0.05", "quantile 0.95", "Huber")
    loss_works = [
        row["work"] for row in results["rows"] if row["n"] == 10_000_000 and row["p"] == 1
    ]
    loss_works = [work for work in dict.fromkeys(loss_works) if work != "LAD"]
    figure, axes = plt.subplots(4, 4, figsize=(16, 14), layout="constrained")
    report.plot(results, kinds, 2, axes[0])
    report.plot(results, kinds, 6, axes[1])
    report.plot(results, loss_works, 1, axes[2:].ravel()[: len(loss_works)])
    for ax in axes.ravel():
        ax.legend(fontsize="small") if ax.lines else ax.remove()
    path = report.RESULTS.with_name("time-against-n.png")
    figure.savefig(path, dpi=80)
    print(path.name)


if __name__ == "__main__":
    main()
