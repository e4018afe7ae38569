"""A browser, a folder that is served to it, and pages on which nothing may go wrong."""

import threading

import pytest
from playwright.sync_api import sync_playwright

from course_code.explorers import write_static
from tests.explorers import driver
from tools import chromium, serve

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="explorers.css">
<style>html {{ color-scheme: light dark; font-family: sans-serif }}</style></head>
<body><main><h1>Explorers</h1>{}<p id="after">The page goes on.</p></main>
<script type="module" src="host.js"></script></body></html>"""


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.FLAGS)
        )
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """A folder served over HTTP, as (folder, address)."""
    folder = tmp_path_factory.mktemp("site")
    write_static(folder)
    server = serve.server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser, site):
    """`visit(html, **context)` opens a page with that body; errors and foreign requests fail."""
    folder, address = site
    contexts, wrong = [], []

    def open_page(body, fragment="", **options):
        (folder / "page.html").write_text(PAGE.format(body), encoding="utf-8")
        options.setdefault("permissions", ["clipboard-read", "clipboard-write"])
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda r: None if r.url.startswith((address, "data:")) else wrong.append(r.url),
        )
        page.goto(f"{address}/page.html{fragment}")
        if options.get("java_script_enabled", True):
            driver.ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def mounted(visit):
    """`mounted(explorer)`: a page with that explorer on a plain `model`, until `leave()`."""

    def mount(explorer):
        page = visit("<div id='here'></div>")
        page.evaluate(
            """async ([module, state]) => {
            const { plainModel } = await import("./host.js");
            const { default: explorer } = await import(`./${module}.js`);
            window.model = plainModel(state);
            window.leave = explorer.render({ model, el: document.getElementById("here") });
            }""",
            [explorer.module, explorer.state()],
        )
        return page

    return mount
