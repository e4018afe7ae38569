"""The site in a real browser: quiet, self-contained, readable by everyone, its explorers right."""

import functools
import json
import threading
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from course_code.explorers._static import EXPLORERS
from tests.axe import violations
from tests.explorers import driver
from tests.explorers.hands import HANDS, changed
from tests.explorers.numbers import assert_shows
from tests.site import PAGES, SITE, build, soup
from tools import chromium, serve

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def address():
    """Where the built site is served."""
    build()
    site = serve.server(SITE, 0)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()
    site.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.FLAGS)
        )
        yield browser
        browser.close()


def watch(page, address):
    """A list that fills with whatever goes wrong on the page."""
    troubles = []

    def is_foreign(url):
        parts = urlsplit(url)
        own = f"{parts.scheme}://{parts.netloc}" == address
        return not own and parts.scheme not in ("data", "blob")

    def note(is_trouble, text):
        if is_trouble:
            troubles.append(text)

    page.on("console", lambda said: note(said.type == "error", f"console: {said.text}"))
    page.on("pageerror", lambda error: note(True, f"script: {error}"))
    page.on("requestfailed", lambda request: note(True, f"failed: {request.url}"))
    page.on("request", lambda request: note(is_foreign(request.url), f"asks: {request.url}"))
    page.on("response", lambda got: note(got.status >= 400, f"{got.status}: {got.url}"))
    return troubles


@pytest.fixture
def visit(browser, address):
    """Open a page in a fresh context; at the end nothing may have gone wrong on it."""
    contexts, watches = [], []

    def open_page(path, until="load", **options):
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        watches.append(watch(page, address))
        page.goto(f"{address}/{path}", wait_until=until)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [trouble for troubles in watches for trouble in troubles] == []


def test_a_bad_page_is_seen(browser, tmp_path):
    (tmp_path / "bad.html").write_text(
        '<p style="color: #ccc">pale</p><img src="none.png">'
        "<script>console.error('said'); fetch('http://127.0.0.1:9/')</script>"
        "<script>throw Error('thrown')</script>"
    )
    site = serve.server(tmp_path, 0)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}"
    page = browser.new_page()
    troubles = watch(page, address)
    page.goto(f"{address}/bad.html", wait_until="networkidle")
    seen = {rule.split(":")[0] for rule in violations(page)}
    page.close()
    site.shutdown()
    site.server_close()
    assert {
        "console: said",
        "script: thrown",
        "asks: http://127.0.0.1:9/",
        "failed: http://127.0.0.1:9/",
        f"404: {address}/none.png",
    } <= set(troubles)
    assert {"color-contrast", "html-has-lang", "image-alt", "document-title"} <= seen


@pytest.mark.parametrize("path", ["", *PAGES, "search.html"])
def test_page_is_quiet_and_self_contained(visit, path):
    """Every picture comes; `visit` fails on an error, a lost file or a request to another host."""
    page = visit(path, until="networkidle")
    for picture in page.locator("article img:visible").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(i => i.complete)")
    empty = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"
    assert page.evaluate(empty) == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_complete_without_javascript(visit, path):
    """Text, mathematics and pictures are there; boxes open; nothing waits for a script."""
    page = visit(path, java_script_enabled=False)
    article = page.locator("article.bd-article")
    for box in article.locator("details").all()[:1]:
        box.locator("summary").first.click()
        assert box.get_attribute("open") is not None
    article.locator("details").evaluate_all("boxes => boxes.forEach(box => { box.open = true })")
    shown = " ".join(article.inner_text().split())
    written = soup(path).find("article")
    for part in written.select(":is(h1, h2, h3, p, pre):not(:has(.math))"):
        assert " ".join(part.get_text().rstrip("#").split()) in shown
    for selector in (".katex-html", "img"):
        seen = article.locator(selector).evaluate_all("all => all.map(e => e.checkVisibility())")
        assert seen == [True] * len(written.select(selector))


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(visit, path):
    page = visit(path, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("path", [*PAGES, "search.html"])
def test_page_is_accessible(visit, path):
    """axe-core finds no violation, in the light or in the dark, with every box open."""
    page = visit(path, color_scheme="light", reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    # Half of the time would go into walking through what axe-core is told to leave out.
    page.evaluate("document.querySelectorAll('.katex-html').forEach(drawn => drawn.remove())")
    # Only colours differ in the dark.
    for scheme, rules in (("light", ()), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        assert violations(page, rules=rules) == [], scheme


def test_search_finds_a_word(visit):
    # To leave a page that is still loading cancels requests, which would count as failed.
    page = visit(PAGES[1], until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("loss")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=loss")
    page.locator("#search-results li a").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert "loss" in page.locator("#search-results").inner_text().lower()


def test_colours_change_and_stay(visit):
    page = visit(PAGES[0], color_scheme="light")
    shown = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(shown)
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    dark = page.evaluate(shown)
    assert dark != light
    page.reload()
    assert page.evaluate(shown) == dark


def test_paper_is_white_and_shows_every_box(visit):
    path = next(page for page in PAGES if soup(page).select("article details"))
    page = visit(path, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    inside = page.locator("article details > :not(summary)")
    assert all(inside.evaluate_all("parts => parts.map(part => part.checkVisibility())"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_contents_are_reached_on_a_phone(visit):
    """By the button, and without JavaScript at the foot of the page."""
    page = visit(PAGES[0], viewport=PHONE)
    page.locator(".primary-toggle:visible").click()
    assert page.locator(".bd-links a", has_text="Bibliography").first.is_visible()
    plain = visit(PAGES[0], viewport=PHONE, java_script_enabled=False)
    assert plain.locator(".bd-links a", has_text="Bibliography").first.is_visible()
    assert plain.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@functools.cache
def places(module):
    """Where an explorer stands on the site: (page, id of its figure)."""
    found = []
    for path in PAGES:
        figures = soup(path).select(f'article [data-explorer="{module}"]')
        found += [(path, module if k == 0 else f"{module}-{k + 1}") for k in range(len(figures))]
    return found


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda explorer: explorer.__name__)
def test_explorer_follows_the_hand_as_in_python(visit, explorer):
    """Where it stands in the book, by its own controls, and back by Undo; axe-core looks on."""
    assert places(explorer.module)
    for path, name in places(explorer.module):
        figure = f"#explorer-{name}"
        page = visit(
            path,
            color_scheme="light",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        at = page.locator(figure)
        start = json.loads(at.get_attribute("data-state"))
        at.scroll_into_view_if_needed()
        driver.ready(page)
        assert_shows(at, explorer(**start))

        state = start
        for move in HANDS[explorer]:
            move.do(at)
            before, state = state, {**start, **driver.link_state(at)[0]}
            assert move.changes <= changed(before, state), (move.changes, changed(before, state))
            assert_shows(at, explorer(**state))

        at.locator("details").evaluate_all("all => all.forEach(box => { box.open = true })")
        for width, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
            page.set_viewport_size(width)
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
            assert violations(page, figure) == [], scheme
            assert page.evaluate("document.documentElement.scrollWidth") == width["width"]

        driver.undo(at)
        left, _ = driver.link_state(at)
        # Which point is told about is no change to undo.
        assert left.keys() <= {"chosen"}
        assert_shows(at, explorer(**{**start, **left}))


def test_every_explorer_of_the_site_is_tested():
    known = {explorer.module for explorer in EXPLORERS}
    for path in PAGES:
        assert {figure["data-explorer"] for figure in soup(path).select("[data-explorer]")} <= known
