"""The pages as files: complete, linked, described, and asking nothing of other hosts."""

import copy
import re

import pytest

from tests.site import PAGES, SITE, broken_links, build, foreign_loads, places, soup, target

MARK = re.compile(r"<!--\s*(given|[A-Za-z_]\w*:\S*)\s*-->")


@pytest.fixture(scope="module", autouse=True)
def site():
    build()


@pytest.mark.parametrize("page", PAGES)
def test_page_is_there_and_says_what_it_is(page):
    html = soup(page)
    assert html.html["lang"] == "en"
    assert html.title.string.strip()
    assert len(html.find("meta", {"name": "description"})["content"]) > 40
    assert len(html.find("article").find_all("h1")) == 1


def test_root_leads_to_the_first_page():
    refresh = soup("index.html").find("meta", {"http-equiv": "Refresh"})["content"]
    assert refresh.endswith(f"url={PAGES[0]}")


@pytest.mark.parametrize("page", [*PAGES, "search.html"])
def test_links_lead_somewhere(page):
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique(page):
    ids = [tag["id"] for tag in soup(page).find_all(id=True)]
    assert [name for name in set(ids) if ids.count(name) > 1] == []


@pytest.mark.parametrize("page", [*PAGES, "search.html"])
def test_nothing_is_loaded_from_another_host(page):
    assert foreign_loads(page) == []


def test_rows_of_the_coverage_page_lead_to_headings():
    page = "book/coverage.html"
    rows = [row for row in soup(page).find("article").select("li") if row.find("code")]
    assert len(rows) > 60
    for row in rows:
        links = row.select("a.reference.internal")
        assert links, row.code.text
        for link in links:
            file, fragment = target(page, link["href"])
            if fragment:
                place = places(file.relative_to(SITE.resolve()).as_posix())[fragment]
                heading = place.find_next(["h2", "h3"])
                assert place.parent is heading.parent, f"{row.code.text}: {fragment}"


def test_a_bad_link_and_a_foreign_script_are_seen(tmp_path):
    (tmp_path / "good.html").write_text('<h1 id="top">A page</h1><a href="bad.html">b</a>')
    (tmp_path / "bad.html").write_text(
        '<a href="good.html#top">a</a><a href="good.html#end">b</a><a href="none.html">c</a>'
        '<a href="https://example.org/">d</a><img src="none.png"><img src="data:image/gif,">'
        '<script src="https://example.org/x.js"></script><link href="//example.org/x.css">'
    )
    assert broken_links("good.html", tmp_path) == []
    assert foreign_loads("good.html", tmp_path) == []
    assert broken_links("bad.html", tmp_path) == ["good.html#end", "none.html", "none.png"]
    assert foreign_loads("bad.html", tmp_path) == [
        "https://example.org/x.js",
        "//example.org/x.css",
    ]


@pytest.mark.parametrize("sheet", ["_static/site.css", "_static/explorers/explorers.css"])
def test_stylesheets_load_only_what_is_there(sheet):
    css = (SITE / sheet).read_text(encoding="utf-8")
    links = [link.strip("'\" ") for link in re.findall(r"url\(([^)]*)\)", css)]
    links = [link for link in links if not link.startswith(("data:", "#"))]
    assert [link for link in links if not target(sheet, link)[0].is_file()] == []
    assert "@import" not in css


def test_explorers_are_modules_of_this_site_alone():
    modules = list((SITE / "_static" / "explorers").glob("*.js"))
    assert "host.js" in {module.name for module in modules}
    for module in modules:
        text = module.read_text(encoding="utf-8")
        assert not re.search(r"""(import|from|fetch)\s*\(?\s*["'`]https?:""", text), module.name


@pytest.mark.parametrize("page", PAGES)
def test_pictures_say_what_they_show(page):
    for image in soup(page).find_all("img"):
        assert len(image["alt"].split()) >= 3, image.get("src", "")[:80]
        assert {"width", "height"} <= set(image.attrs), f"{image['src'][:80]} has no size"


@pytest.mark.parametrize("page", PAGES)
def test_mathematics_is_set_and_no_mark_is_left(page):
    article = soup(page).find("article")
    for formula in article.select(".math"):
        assert formula.select_one(".katex-mathml math")
        assert formula.select_one(".katex-html")
    assert not article.select(".katex-error")
    assert not MARK.search(str(article))
    article = copy.copy(article)
    for tag in article.select("pre, code, .math, figure.explorer"):
        tag.extract()
    assert not re.search(r"\$\$|\\\(|\\\[|\$[^$\s]+\$", article.get_text())


def test_some_page_has_mathematics():
    assert any(soup(page).select(".katex-mathml math") for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_boxes_that_open_need_no_script(page):
    for box in soup(page).select(".dropdown"):
        assert box.name == "details"
        assert box.summary.get_text().strip()
