"""The site's own Sphinx extensions, on a small book: what they do, and what they refuse."""

import base64
import io
import struct
import zlib
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).resolve().parent.parent
OWN = ["alt_text", "dropdowns", "katex_math", "number_marks", "rebuild"]
PAGE = r"""# A page

The slope is 1.5143<!-- slope:.4f --> and $w^2$<!-- given --> grows, see {eq}`eq-mse`.

$$ \frac{1}{n} \sum_i r_i^2 $$ (eq-mse)

:::{hint}
:class: dropdown
Square it.
:::
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Build a book of one page, given its files; returns the page and the warnings."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)

    def build(**files):
        for name, text in files.items():
            (source / f"{name.replace('__', '.')}").write_text(text)
        warnings = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                str(source),
                None,
                str(tmp_path / "html"),
                str(tmp_path / "doctrees"),
                "html",
                confoverrides={
                    "extensions": ["myst_nb", *OWN],
                    "myst_enable_extensions": ["colon_fence", "dollarmath"],
                    "html_math_renderer": "katex",
                    "nb_execution_mode": "off",
                    "exclude_patterns": ["node_modules"],
                },
                status=None,
                warning=warnings,
            )
            app.build()
        html = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
        return BeautifulSoup(html, "html.parser"), warnings.getvalue()

    return build


def notebook(**data):
    """A notebook whose one cell shows a picture of one pixel, with other MIME types beside it."""
    output = nbformat.v4.new_output("display_data", {"image/png": pixel(), **data})
    cell = nbformat.v4.new_code_cell("show()", outputs=[output])
    cells = [nbformat.v4.new_markdown_cell("# A page"), cell, cell.copy()]
    cells[2]["id"] = "again"
    metadata = {"language_info": {"name": "python"}}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


def pixel():
    def chunk(kind, body):
        framed = struct.pack(">I", len(body)) + kind + body
        return framed + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\0\0\0" * 2)
    png = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + png).decode()


def test_a_good_page(book):
    page, warnings = book(index__md=PAGE)
    assert warnings == ""
    display = page.select_one("div.math")
    assert display["id"] == "equation-eq-mse"
    assert display.select_one("annotation").string.strip() == r"\frac{1}{n} \sum_i r_i^2"
    assert display.select_one(".eqno").get_text().startswith("(1)")
    assert page.select_one("a[href='#equation-eq-mse']").get_text() == "(1)"
    assert "<!-- slope" not in str(page)
    assert "The slope is 1.5143 and" in page.get_text()
    assert page.select_one("details.hint > summary").get_text() == "Hint"
    assert page.select_one("details.hint > p").get_text() == "Square it."


def test_a_number_keeps_its_percent_sign(book):
    page, _ = book(index__md="# A page\n\nIt is 82.0<!-- share:.1f --> %, in code `82 %`.\n")
    paragraph = page.select_one("section > p")
    assert paragraph.get_text() == "It is 82.0\N{NO-BREAK SPACE}%, in code 82 %."


def test_a_formula_that_cannot_be_read_stops_the_build(book):
    with pytest.raises(SphinxError, match=r"index\.md.*\\fraction.*Undefined control sequence"):
        book(index__md=PAGE.replace(r"\frac", r"\fraction"))


def test_alt_text_comes_from_the_same_output(book):
    page, warnings = book(index__ipynb=notebook(**{"text/plain": "A grey\npixel."}))
    first, second = page.find_all("img")
    assert warnings == ""
    assert first["alt"] == second["alt"] == "A grey pixel."
    assert (first["width"], first["height"]) == ("3", "2")
    assert second["loading"] == "lazy"
    assert not first.has_attr("loading")


@pytest.mark.parametrize("data", [{}, {"text/plain": "<Figure size 640x480 with 1 Axes>"}])
def test_a_picture_without_words_warns_and_says_what_to_do(book, data):
    _, warnings = book(index__ipynb=notebook(**data))
    assert warnings.count("picture without alt text: show it with course_code.figures.show") == 2


def test_a_warning_comes_back_until_it_is_mended(book):
    broken = notebook()
    for _ in range(2):
        assert "picture without alt text" in book(index__ipynb=broken)[1]
    assert book(index__ipynb=notebook(**{"text/plain": "A grey pixel."}))[1] == ""


def test_stylesheet_keeps_what_can_match(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from one_stylesheet import purge
    from tinycss2 import parse_stylesheet

    css = """
    p, .note > a:not(.external) { color: red }
    .carousel, .note { margin: 0 }
    @media print { .carousel { top: 0 } #main { left: 0 } }
    @font-face { font-family: "Font Awesome"; src: url(fa.woff2) }
    """
    kept = purge(parse_stylesheet(css, True, True), {"note", "main"})
    assert "p,.note > a:not(.external){" in kept
    assert ".note{ margin: 0 }" in kept
    assert "#main{ left: 0 }" in kept
    assert "carousel" not in kept
    assert "Awesome" not in kept
