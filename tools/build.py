"""``python -m tools.build``: build the site with Jupyter Book, every warning an error."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

SITE = Path("_build/html")
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
COMMAND = (str(JUPYTER_BOOK), "build", ".", "-W", "-n", "--keep-going")


def main():
    print("building the site ...", flush=True)
    started = time.monotonic()
    ran = subprocess.run(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    took = time.monotonic() - started
    if ran.returncode:
        print(ran.stdout)
        print("The site was not built: mend what the lines with WARNING or ERROR name.")
        return 1
    pages = len(list(SITE.glob("book/*.html")))
    print(f"{pages} pages in {SITE}, built in {took:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
