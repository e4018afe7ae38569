"""An explorer in a real JupyterLab: drawn, moved by hand and by Python, and without a kernel."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect, sync_playwright

from course_code.explorers import LossSurface
from tools import chromium

CELLS = [
    "import ipywidgets\n"
    "from course_code.explorers import LossSurface\n"
    "surface = LossSurface(loss='absolute')\n"
    "slope = ipywidgets.FloatText(description='linked')\n"
    "link = ipywidgets.jslink((surface, 'slope'), (slope, 'value'))\n"
    "ipywidgets.VBox([surface, slope])",
    "print('python has', surface.slope, surface.loss_value)",
    "surface.set_trait('points', [[0, 0], [1, 1], [2, 5]]); surface.slope = 1.25",
]


def write_notebook(path, cells):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of this environment, with no settings but its own; its address and folder."""
    home = tmp_path_factory.mktemp("lab")
    (home / "work").mkdir()
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    options += ["--IdentityProvider.token=", f"--ServerApp.root_dir={home / 'work'}"]
    options += [
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=log
        )
    try:
        yield address_of(server, home), home / "work"
    finally:
        server.terminate()
        server.wait(timeout=20)


def address_of(server, home, patience=40):
    """Where the server listens, once it answers."""
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            address = json.loads(path.read_text())["url"]
            try:
                urllib.request.urlopen(address + "api/status", timeout=5).close()
            except OSError:
                break
            return address
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not start:\n" + (home / "log").read_text()[-2000:])


@pytest.fixture(scope="module")
def page(lab):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.FLAGS)
        )
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
        page.set_default_timeout(30_000)
        expect.set_options(timeout=20_000)
        yield page
        expect.set_options(timeout=5_000)
        browser.close()


def open_notebook(page, lab, name):
    page.goto(f"{lab[0]}lab/tree/{name}?reset")
    page.locator(".jp-Notebook").wait_for()


def run(page, position):
    """Run the cell at this position, once the kernel is idle."""
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(position)
    cell.locator(".cm-content").click()
    expect(cell).to_have_class(re.compile("jp-mod-active"))
    page.get_by_role("button", name="Run this cell and advance").click()
    return cell


def number(page, name):
    cell = page.locator(f'.jp-OutputArea [data-number="{name}"]')
    return float(cell.get_attribute("data-value"))


def test_python_and_the_hand_move_one_explorer(page, lab):
    write_notebook(lab[1] / "alive.ipynb", [new_code_cell(source) for source in CELLS])
    open_notebook(page, lab, "alive.ipynb")
    run(page, 0)
    explorer = page.locator(".jp-OutputArea .ex")
    expect(explorer.get_by_label("absolute")).to_be_checked()
    twin = LossSurface(loss="absolute")
    assert number(page, "absolute-now") == pytest.approx(twin.loss_value, rel=1e-12)

    # The hand moves it; Python and the linked widget hear.
    explorer.get_by_label("Slope").fill("0.5")
    twin.slope = 0.5
    expect(page.get_by_label("linked")).to_have_value("0.5")
    said = run(page, 1).locator(".jp-OutputArea-output")
    expect(said).to_contain_text(f"python has 0.5 {twin.loss_value}")

    # Python moves it; the page shows.
    run(page, 2)
    twin.points, twin.slope = [[0, 0], [1, 1], [2, 5]], 1.25
    line = explorer.get_by_role("slider", name="Your line on the loss surface")
    expect(line).to_have_attribute("aria-valuetext", "slope 1.25, intercept 4")
    assert number(page, "absolute-now") == pytest.approx(twin.loss_value, rel=1e-12)
    assert number(page, "absolute-least") == pytest.approx(twin.best.objective, rel=1e-12)
    expect(page.get_by_label("linked")).to_have_value("1.25")
    # A page's link has no meaning here.
    expect(explorer.get_by_role("button", name="Copy link")).to_be_hidden()


def test_a_stored_output_shows_its_picture_and_caption(page, lab):
    data, _ = LossSurface()._repr_mimebundle_()
    del data["application/vnd.jupyter.widget-view+json"]  # as `make refresh` stores it
    cell = new_code_cell("1", outputs=[new_output("display_data", data)])
    write_notebook(lab[1] / "stored.ipynb", [cell])
    open_notebook(page, lab, "stored.ipynb")
    picture = page.get_by_role("img", name=data["text/plain"])
    expect(picture).to_be_visible()
    assert picture.evaluate("(img) => img.naturalWidth > 0")
    expect(page.get_by_text(LossSurface.caption)).to_be_visible()
