"""From the movement of a hand to the paint: the explorers, beside a kernel and matplotlib.

A real mouse drags one thing in each explorer, in Chromium. The clock starts when the browser hands
the event to the page, before any other listener hears of it, and stops in the first task after the
frame that shows the answer: everything that JavaScript, style, layout and paint need on the page's
thread lies in between. For the kernel the clock starts when the request leaves and stops when the
picture has arrived and the kernel is idle again, as a widget that redraws a figure would have it.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from jupyter_client.manager import start_new_kernel
from playwright.sync_api import sync_playwright

from course_code.explorers import (
    DescentPath,
    Explorer,
    GradientFlow,
    HuberDelta,
    Likelihood,
    LossSurface,
    LossTable,
    OutlierLeverage,
    QuantileFan,
    TargetPractice,
    write_static,
)
from tools import chromium, serve

MOVES = 60
LEAST = 5  # changes of the document by which a movement is told from none
ROUNDS = 15
PACKAGES = ("playwright", "ipykernel", "matplotlib", "numpy")


class Case(NamedTuple):
    """One explorer in a costly state, what is dragged, and the same done by Python."""

    explorer: Explorer
    what: str
    handle: str  # the name of the thing that the mouse drags begins with this
    nudge: Callable  # changes the explorer by a step


def _preset(explorer, k, **traits):
    preset = explorer().presets[k]
    return explorer(**{**{n: v for n, v in preset.items() if n != "name"}, **traits})


def _point(k, size=0.01):
    """Move point `k` up."""

    def nudge(it):
        points = [list(point) for point in it.points]
        points[k][1] += size
        it.points = points

    return nudge


def _number(name, size):
    def nudge(it):
        setattr(it, name, getattr(it, name) + size)

    return nudge


def cases():
    """All explorers, in the order of their names."""
    return [
        Case(
            DescentPath(epochs=2000),
            "the start of 2,000 steps",
            "Start of the descent",
            _number("w", 0.01),
        ),
        Case(
            GradientFlow(losses=["squared", "absolute", "huber", "logcosh", "quantile", "tukey"]),
            "the residual, six losses",
            "Residual, on the curves of the loss",
            _number("residual", 0.01),
        ),
        Case(HuberDelta(), "a point of 43", "Point 5 of", _point(4)),
        Case(
            Likelihood(noise="laplace"),
            "the location",
            "Location, on the density",
            _number("location", 0.1),
        ),
        Case(
            _preset(LossSurface, -1, loss="huber", compare=True),
            "a star of 47",
            "Point 5 of",
            _point(4),
        ),
        Case(LossTable(), "the slider of delta", "Huber: delta", _number("delta", 0.01)),
        Case(_preset(OutlierLeverage, -1), "a star of 47", "Point 5 of", _point(4)),
        Case(QuantileFan(fan=True), "a household of 59, six lines", "Point 5 of", _point(4, 9.0)),
        Case(TargetPractice(), "a shot of 10", "Shot 10 of", _point(9)),
    ]


# ---------------------------------------------------------------- in the browser

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorer</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="explorers.css">{}
<script type="module" src="host.js"></script></html>"""

CLOCK = """() => {
  window.paints = [];
  let changed = 0;
  const parts = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver((all) => { changed += all.length; }).observe(document.body, parts);
  let last = "";
  addEventListener("pointermove", (event) => {
    const start = performance.now();
    // A page that changes under a resting mouse gets events too; they are no movements.
    const place = `${event.clientX} ${event.clientY}`;
    if (event.buttons === 0 || place === last) return;
    last = place;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        paints.push([performance.now() - start, changed]);
        changed = 0;
      };
      port2.postMessage(null);
    });
  }, { capture: true });
}"""


@contextmanager
def browser():
    """A page maker: `open_page(explorer)` shows it alone on a page without a kernel."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_static(folder)
        site = serve.server(folder, 0)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        opened = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.FLAGS)
        )

        def open_page(explorer):
            (folder / "page.html").write_text(PAGE.format(explorer.to_html()), encoding="utf-8")
            page = opened.new_page(viewport={"width": 1280, "height": 1200})
            page.goto(f"http://127.0.0.1:{site.server_port}/page.html")
            page.locator(".explorer-live").wait_for()
            return page

        try:
            yield open_page, opened.version
        finally:
            opened.close()
            site.shutdown()
            site.server_close()


def paint_times(page, handle, moves=MOVES):
    """Milliseconds from each of `moves` movements of a drag to the paint that follows it.

    Raises
    ------
    RuntimeError
        If fewer than nine in ten of the movements change the page: then nothing was measured.
    """
    held = page.locator(f'[role=slider][aria-label^="{handle}"], label:has-text("{handle}") input')
    held.first.scroll_into_view_if_needed()
    box = held.first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(CLOCK)
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, moves + 1):
        before = page.evaluate("paints.length")
        # To and fro, never to the place where it is.
        away = 5 * (k % 12 if k // 12 % 2 == 0 else 12 - k % 12)
        page.mouse.move(x + 4 + away, y + away / 2)
        page.wait_for_function("(n) => paints.length > n", arg=before)
    page.mouse.up()
    # A place on the same step of the grid as the last moves nothing, or only the focus.
    answered = [took for took, changed in page.evaluate("paints") if changed >= LEAST]
    if len(answered) < 0.9 * moves:
        raise RuntimeError(f"{handle}: {len(answered)} of {moves} movements changed the page")
    return answered


# ---------------------------------------------------------------- in a kernel

SET_UP = """\
from IPython.display import display
from benchmarks import explorers, pictures
held = {type(case.explorer).__name__: case for case in explorers.cases()}
def redraw(name):
    case = held[name]
    case.nudge(case.explorer)
    display({"image/png": pictures.picture(case.explorer)}, raw=True)
"""


@contextmanager
def kernel():
    """A kernel that can draw: `redraw(name)` gives the seconds until the picture is there."""
    manager, client = start_new_kernel(cwd=str(Path(__file__).parent.parent))

    def run(code):
        seen = []
        start = time.perf_counter()
        reply = client.execute_interactive(code, output_hook=seen.append, timeout=120)
        seconds = time.perf_counter() - start
        if reply["content"]["status"] != "ok":
            raise RuntimeError(reply["content"]["evalue"])
        return seconds, [m for m in seen if m["msg_type"] == "display_data"]

    def redraw(name):
        seconds, pictures = run(f"redraw({name!r})")
        if len(pictures) != 1:
            raise RuntimeError(f"{name}: {len(pictures)} pictures came back")
        return seconds

    try:
        run(SET_UP)
        yield redraw
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


# ---------------------------------------------------------------- all of it


def measure(moves=MOVES, rounds=ROUNDS, only=(), tell=lambda row: None):
    """Medians in milliseconds for every explorer, or for those named in `only`.

    Parameters
    ----------
    moves : int
        How many movements of the mouse are timed.
    rounds : int
        How many pictures of the kernel are timed, after one that is not.
    only : collection of str
        Names of classes; empty for all.
    tell : callable
        Called with each row as soon as it is measured.

    Returns
    -------
    dict
        ``machine``, and ``rows``: for each explorer the median time to the paint, its 95th
        percentile, and the median time of the kernel.
    """
    rows = []
    with kernel() as redraw, browser() as (open_page, chromium_version):
        for case in cases():
            name = type(case.explorer).__name__
            if only and name not in only:
                continue
            page = open_page(case.explorer)
            paints = paint_times(page, case.handle, moves)
            page.close()
            redraw(name)  # what is made once is not counted
            drawings = [1e3 * redraw(name) for _ in range(rounds)]
            row = {
                "explorer": name,
                "what": case.what,
                "paint": statistics.median(paints),
                "p95": statistics.quantiles(paints, n=20)[-1],
                "kernel": statistics.median(drawings),
            }
            rows.append(row)
            tell(row)
    return {"machine": machine(chromium_version), "rows": rows}


def machine(chromium_version):
    """What the numbers depend on."""
    return {
        "Python": platform.python_version(),
        "Chromium": chromium_version,
        **{name: version(name) for name in PACKAGES},
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
    }
