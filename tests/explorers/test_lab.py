"""Every explorer in a real JupyterLab: moved by hand and by Python, and shown without a kernel."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from typing import NamedTuple

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Page, expect

from course_code.explorers import (
    DescentPath,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
)
from course_code.explorers._static import EXPLORERS
from tests.explorers.driver import enter, settle
from tests.explorers.hands import HANDS, changed, reachable
from tests.explorers.numbers import assert_shows

LINE = [[0.0, 0.1], [1.0, 0.9], [2.0, 2.2], [3.0, 2.8], [4.0, 9.0]]


class Play(NamedTuple):
    """What Python sets, and the trait that is tied to a plain field of numbers."""

    sets: dict
    linked: str


# Not the first preset's values, and not those of the defaults.
PLAYS = {
    DescentPath: Play({"points": LINE, "w": 0.5, "loss": "huber", "epochs": 25}, "lr"),
    GradientFlow: Play({"residual": -2.5, "losses": ["huber", "tukey"], "delta": 0.5}, "tau"),
    HuberDelta: Play({"points": LINE, "marked": [4], "curve": "psi"}, "delta"),
    Likelihood: Play({"values": [1.0, 4.0, 9.0], "noise": "laplace", "scale": 2.5}, "location"),
    LossSurface: Play({"points": LINE, "loss": "absolute", "compare": True}, "slope"),
    LossTable: Play({"delta": 0.7, "opened": "squared", "sort": "pull"}, "tau"),
    OutlierLeverage: Play({"points": LINE, "marked": [4], "chosen": 4, "together": True}, "delta"),
    QuantileFan: Play({"points": LINE, "marked": [], "fan": True}, "tau"),
    # Its only trait of its own is a list: it is tied to that of another target.
    TargetPractice: Play({"points": LINE}, "points"),
}

SET_UP = """\
import json
import ipywidgets
from course_code import explorers
seen = []
"""
# A cell as a reader would write it. The field and the explorer change each other in the page.
CELL = """\
it = explorers.{name}()
it.observe(lambda change: seen.append(change["name"]), list(it.state()))
tied = explorers.{name}() if "{linked}" == "points" else ipywidgets.FloatText(description="tied")
trait = "{linked}" if "{linked}" == "points" else "value"
ipywidgets.jslink((it, "{linked}"), (tied, trait))
ipywidgets.VBox([it, tied])"""


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
        # The test asks the notebook's own kernel, through the notebook's own connection.
        "--LabApp.expose_app_in_browser=True",
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


class Notebook(NamedTuple):
    """An open notebook."""

    page: Page
    wrong: list

    def python(self, code):
        """Run code in the notebook's kernel, as a cell would; what it prints."""
        return self.page.evaluate(
            """async (code) => {
            const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
            const future = kernel.requestExecute({ code, store_history: false });
            let said = "";
            future.onIOPub = ({ content }) => { said += content.text ?? ""; };
            const reply = await future.done;
            if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
            return said;
            }""",
            code,
        )

    def run(self, position):
        """Run the cell at this position through the menu's command; its output."""
        self.page.evaluate(
            """async (position) => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = position;
            await jupyterapp.commands.execute("notebook:run-cell");
            }""",
            position,
        )
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(position)

    def state(self):
        """The state of the explorer `it`, as Python has it."""
        return json.loads(self.python("print(json.dumps(it.state()))"))


def write_notebook(path, cells):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)


@pytest.fixture(scope="module")
def notebooks(browser, lab):
    """`notebooks(name, cells)` opens a notebook with these cells in the one JupyterLab."""
    context = browser.new_context(viewport={"width": 1400, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(30_000)
    expect.set_options(timeout=20_000)
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def open_notebook(name, cells):
        write_notebook(lab[1] / name, cells)
        page.goto(f"{lab[0]}lab/tree/{name}?reset")
        page.locator(".jp-Notebook").wait_for()
        return Notebook(page, wrong)

    yield open_notebook
    expect.set_options(timeout=5_000)
    context.close()


@pytest.fixture(scope="module")
def notebook(notebooks):
    """One notebook with a cell for each explorer, and a kernel that has what they need."""
    cells = [
        new_code_cell(CELL.format(name=explorer.__name__, linked=PLAYS[explorer].linked))
        for explorer in EXPLORERS
    ]
    opened = notebooks("all.ipynb", [new_code_cell(SET_UP), *cells])
    expect(opened.page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
    opened.run(0)
    return opened


def agree(notebook, at, explorer, before, changes, patience=10):
    """Wait until Python has heard of these changes and the page shows its numbers; the state."""
    end = time.monotonic() + patience
    while True:
        state = notebook.state()
        try:
            assert changes <= changed(before, state), (changes, changed(before, state))
            assert_shows(at, explorer(**state))
        except AssertionError:
            if time.monotonic() > end:
                raise
        else:
            return state


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
def test_python_and_the_hand_move_one_explorer(notebook, explorer):
    output = notebook.run(1 + EXPLORERS.index(explorer))
    at = output.locator(".ex").first
    at.scroll_into_view_if_needed()
    state = explorer().state()
    agree(notebook, at, explorer, state, set())
    # A page's link has no meaning here.
    expect(at.get_by_role("button", name="Copy link")).to_be_hidden()

    # The hand moves it; Python hears.
    for move in HANDS[explorer]:
        move.do(at)
        state = agree(notebook, at, explorer, state, move.changes)
    seen = set(json.loads(notebook.python("print(json.dumps(seen)); seen.clear()")))
    assert seen >= reachable(explorer)

    # Python moves it; the page shows.
    sets, linked = PLAYS[explorer]
    code = "\n".join(f"it.{name} = {value!r}" for name, value in sets.items())
    notebook.python(code)
    settle(notebook.page)
    state = agree(notebook, at, explorer, {**state, **sets}, set())
    assert {name: state[name] for name in sets} == sets

    # What is linked follows, both ways.
    if linked == "points":
        assert_shows(output.locator(".ex").nth(1), explorer(**state))
        return
    field = output.get_by_label("tied")
    assert float(field.input_value()) == pytest.approx(state[linked])
    enter(output, "tied", "0.25")
    state = agree(notebook, at, explorer, state, {linked})
    assert state[linked] == 0.25
    assert notebook.wrong == []


def test_a_bad_value_is_refused_in_the_notebook_and_changes_nothing(notebook):
    refused = notebook.python(
        "it = explorers.LossSurface()\n"
        "try:\n    it.slope = 'steep'\nexcept ValueError as error:\n    print(error)"
    )
    assert refused == "slope: must be a finite number; got steep\n"
    assert notebook.state() == LossSurface().state()


def test_a_stored_output_shows_its_picture_and_caption(notebooks):
    cells = []
    for explorer in EXPLORERS:
        data, _ = explorer()._repr_mimebundle_()
        del data["application/vnd.jupyter.widget-view+json"]  # as `make refresh` stores it
        cells.append(new_code_cell("1", outputs=[new_output("display_data", data)]))
    page = notebooks("stored.ipynb", cells).page
    for position, explorer in enumerate(EXPLORERS):
        # As a reader scrolls there: what is far away need not be in the page.
        page.evaluate(
            """async (position) => {
            const { content } = jupyterapp.shell.currentWidget;
            content.activeCellIndex = position;
            await content.scrollToItem(position);
            }""",
            position,
        )
        cell = page.locator(".jp-Notebook .jp-CodeCell").nth(position)
        expect(cell.get_by_text(explorer.caption)).to_be_visible()
        if explorer is LossTable:
            expect(cell.get_by_role("table")).to_be_visible()
            continue
        picture = cell.get_by_role("img", name=explorer().alt())
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("(img) => img.naturalWidth > 0")
