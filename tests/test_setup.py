"""The setup script says in one line what is missing, and does nothing twice."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup

SCRIPT = Path(setup.__file__)


def pins(name):
    """Package name and the rest of the line, for each line of a requirements file."""
    text = (setup.ROOT / name).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(re.fullmatch(r"([\w.-]+)(.*)", line).groups() for line in lines)


def test_the_frameworks_are_pinned_and_move_nothing_else():
    frameworks = pins("requirements-frameworks.txt")
    assert {"torch", "jax", "jaxlib", "keras"} <= set(frameworks)
    assert all(re.fullmatch(r"==[\d.]+", version) for version in frameworks.values())
    assert not set(frameworks) & set(pins("requirements.txt"))
    assert not set(frameworks) & {"tensorflow", "optax"}


def test_an_old_python_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as stopped:
        setup.main([])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == (
        "setup: needs Python 3.11 or newer; this is 3.9.2. Try: make book PYTHON=python3.12\n"
    )


def test_no_network_is_one_line(tmp_path):
    """A real run against an address that refuses connections."""
    (tmp_path / "tools").mkdir()
    shutil.copy(SCRIPT, tmp_path / "tools")
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text("a-package-that-is-not-there==1.0\n")
    offline = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_CONFIG_FILE": os.devnull,
    }
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "tools" / "setup.py")],
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        "setup: no network: the packages could not be fetched. Connect and run the command again\n"
    )


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("The virtual environment ... because ensurepip is not available.", "python3-venv"),
        ("Collecting x\nERROR: No matching distribution found for x==9", "No matching"),
        ("npm ERR! code ENOTFOUND", "no network"),
        ("", "no message"),
    ],
)
def test_the_reason_is_one_line(output, line):
    reason = setup.reason(output)
    assert line in reason
    assert "\n" not in reason


def test_what_is_there_is_kept_until_its_lock_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "none" / "setup.log")
    lock, stamp, made = tmp_path / "lock.txt", tmp_path / "stamp", tmp_path / "made"
    lock.write_text("one")
    command = [sys.executable, "-c", f"open({str(made)!r}, 'a').write('x')"]
    for _ in range(2):
        setup.once("installing", [command], ["lock.txt"], stamp)
    assert made.read_text() == "x"
    lock.write_text("two")
    setup.once("installing", [command], ["lock.txt"], stamp)
    assert made.read_text() == "xx"


def test_a_failed_step_leaves_no_stamp(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    (tmp_path / "lock.txt").write_text("one")
    failing = [sys.executable, "-c", "raise SystemExit('error: cannot')"]
    with pytest.raises(SystemExit):
        setup.once("installing", [failing], ["lock.txt"], tmp_path / "stamp")
    assert not (tmp_path / "stamp").exists()
    assert "error: cannot" in (tmp_path / "setup.log").read_text()
