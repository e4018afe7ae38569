"""Which browser the tests use, and what is said where there is none."""

import subprocess

import pytest

from tools import chromium


@pytest.fixture
def bare(monkeypatch):
    """A machine without any browser and without apt-get."""
    programs = {}
    monkeypatch.delenv("CHROME_PATH", raising=False)
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium.shutil, "which", programs.get)
    return programs


def test_the_named_browser_is_taken(monkeypatch, tmp_path):
    own = tmp_path / "my browser"
    own.touch()
    monkeypatch.setenv("CHROME_PATH", str(own))
    assert chromium.find() == str(own)
    own.unlink()
    with pytest.raises(chromium.Missing, match="CHROME_PATH names"):
        chromium.find()


def test_an_installed_browser_is_found_by_any_of_its_names(bare):
    bare["google-chrome"] = "/opt/google/chrome"
    assert chromium.find() == "/opt/google/chrome"


def test_elsewhere_one_line_says_what_to_install(bare, capsys):
    assert chromium.main() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "install Chromium or Chrome, or set CHROME_PATH" in printed.err


def test_debian_without_root_is_told_the_command(bare, monkeypatch):
    bare["apt-get"] = "/usr/bin/apt-get"
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    with pytest.raises(chromium.Missing, match="sudo apt-get install chromium"):
        chromium.find()


def test_debian_as_root_installs_it(bare, monkeypatch, capsys):
    bare["apt-get"] = "/usr/bin/apt-get"
    asked = []

    def apt(command, **_):
        asked.append(command[2])
        if command[2] == "install":
            bare["chromium"] = "/usr/bin/chromium"
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium.subprocess, "run", apt)
    assert chromium.find() == "/usr/bin/chromium"
    assert asked == ["update", "install"]
    assert capsys.readouterr().err == "installing Chromium for the browser tests ...\n"


def test_a_failed_installation_is_one_line(bare, monkeypatch):
    bare["apt-get"] = "/usr/bin/apt-get"
    failed = subprocess.CompletedProcess([], 100, "", "reading\nE: no network")
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(chromium.Missing, match=r"apt-get update failed \(E: no network\)"):
        chromium.find()
