"""``python -m tools.chromium``: print the path of a Chromium or Chrome for the browser tests.

An installed one is used. On Debian and its relatives Debian's own package is installed when this
runs as root; elsewhere one line says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# No sandbox: containers run the tests as root. The rest keeps the browser off the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Missing(Exception):
    """No browser, and none could be installed; the text says what to do."""


def installed():
    """Path of an installed browser, or None."""
    chosen = os.environ.get("CHROME_PATH")
    if chosen:
        if not Path(chosen).is_file():
            raise Missing(f"CHROME_PATH names {chosen}, which is not there")
        return chosen
    on_path = (shutil.which(name) for name in NAMES)
    in_folder = (path for path in APPLICATIONS if Path(path).is_file())
    return next(filter(None, [*on_path, *in_folder]), None)


def install():
    """Install Debian's Chromium; `Missing` where that is not ours to do."""
    advice = "install Chromium or Chrome, or set CHROME_PATH to one"
    if not shutil.which("apt-get"):
        raise Missing(f"the browser tests need a browser: {advice}")
    if os.geteuid() != 0:
        raise Missing("the browser tests need a browser: sudo apt-get install chromium")
    print("installing Chromium for the browser tests ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        ran = subprocess.run(
            ["apt-get", "--quiet", *step], env=environment, capture_output=True, text=True
        )
        if ran.returncode:
            said = (ran.stderr.strip() or ran.stdout.strip() or "no message").splitlines()[-1]
            raise Missing(f"apt-get {step[0]} failed ({said}); {advice}")


def find():
    """Path of a browser, installed now if need be.

    Raises
    ------
    Missing
        When there is none and it may not or cannot be installed.
    """
    path = installed()
    if path is None:
        install()
        path = installed()
    if path is None:
        raise Missing("Chromium was installed but is not on the PATH; set CHROME_PATH to it")
    return path


def main():
    try:
        print(find())
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
