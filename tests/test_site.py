"""The pages as files: complete, linked, described, and asking nothing of other hosts."""

import copy
import re
from urllib.parse import unquote, urlsplit

import pytest

from tests.site import PAGES, SITE, build, soup

MARK = re.compile(r"<!--\s*(given|[A-Za-z_]\w*:\S*)\s*-->")
# Attributes through which a page loads something; <a href> only leads somewhere.
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
LOADS |= {"audio": "src", "embed": "src", "object": "data", "link": "href", "use": "href"}


@pytest.fixture(scope="module", autouse=True)
def site():
    build()


def target(page, link):
    """The file and the fragment that a link of a page leads to."""
    parts = urlsplit(link)
    file = (SITE / page).parent / unquote(parts.path) if parts.path else SITE / page
    return file.resolve(), unquote(parts.fragment)


def internal(tag, attribute):
    link = tag.get(attribute)
    return bool(link) and not urlsplit(link).scheme and not link.startswith("//")


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
    broken = []
    for tag in soup(page).find_all(True):
        for attribute in ("href", "src", "data"):
            if not internal(tag, attribute):
                continue
            file, fragment = target(page, tag[attribute])
            if not file.is_file():
                broken.append(tag[attribute])
            elif fragment and file.suffix == ".html":
                there = soup(file.relative_to(SITE.resolve()).as_posix())
                if not there.find(id=fragment):
                    broken.append(tag[attribute])
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique(page):
    ids = [tag["id"] for tag in soup(page).find_all(id=True)]
    assert [name for name in set(ids) if ids.count(name) > 1] == []


@pytest.mark.parametrize("page", [*PAGES, "search.html"])
def test_nothing_is_loaded_from_another_host(page):
    loaded = [
        tag[attribute]
        for name, attribute in LOADS.items()
        for tag in soup(page).find_all(name)
        if tag.get(attribute) and not internal(tag, attribute)
    ]
    assert [link for link in loaded if not link.startswith("data:")] == []


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
