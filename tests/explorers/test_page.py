"""Explorers on a page without a kernel: alone, beside one another, still, and left."""

import pytest
from playwright.sync_api import expect

from course_code.explorers import LossSurface
from course_code.explorers._static import EXPLORERS
from tests.explorers.driver import number, settle
from tests.explorers.numbers import assert_shows


def test_the_live_region_does_not_chatter(visit):
    page = visit(LossSurface().to_html())
    expect(page.get_by_role("table")).to_be_visible()
    page.evaluate(
        """() => {
        window.spoken = [];
        const region = document.querySelector("[role=status]");
        new MutationObserver(() => window.spoken.push(region.textContent))
          .observe(region, { childList: true });
        }"""
    )
    for value in ("0.3", "0.4", "0.5", "0.6"):
        page.get_by_label("Slope").fill(value)
        settle(page)
    page.wait_for_function("() => window.spoken.length > 0")
    assert page.evaluate("window.spoken.length") == 1
    said = page.locator(".ex-verdict").inner_text()
    assert page.evaluate("window.spoken[0]") == said


def test_presets_given_later_can_be_chosen(mounted):
    page = mounted(LossSurface())
    preset = {"points": [[0, 1], [1, 4]], "slope": 3}
    page.evaluate("(presets) => model.set('presets', presets)", [{"name": "mine", **preset}])
    page.get_by_label("Data").select_option("mine")
    settle(page)
    assert_shows(page, LossSurface(**preset))


def test_an_explorer_that_is_left_no_longer_listens(mounted):
    page = mounted(LossSurface())
    page.evaluate("leave(); model.set('slope', 9)")
    settle(page)
    assert number(page, "squared-now") == pytest.approx(LossSurface().loss_value)


def test_two_explorers_on_a_page_keep_apart(visit):
    page = visit(LossSurface().to_html() + LossSurface(slope=1, loss="huber").to_html())
    figures = page.locator("figure")
    expect(figures.nth(1).get_by_label("Huber")).to_be_checked()
    figures.nth(1).get_by_label("absolute").check()
    expect(figures.nth(0).get_by_label("squared")).to_be_checked()
    assert figures.evaluate_all("(all) => all.map((f) => f.id)") == [
        "explorer-loss-surface",
        "explorer-loss-surface-2",
    ]


def pages_of_all(visit, **options):
    """A page with every explorer on it, in its first state."""
    return visit("".join(explorer().to_html() for explorer in EXPLORERS), **options)


def test_without_scripts_the_picture_and_the_caption_of_each_stand(visit):
    page = pages_of_all(visit, java_script_enabled=False)
    for explorer, figure in zip(EXPLORERS, page.locator("figure").all(), strict=True):
        assert_stands_still(explorer(), figure)
        expect(figure.locator(".ex")).to_have_count(0)


def test_on_paper_the_picture_and_the_caption_of_each_stand(visit):
    page = pages_of_all(visit)
    stills = page.locator("figure > :is(img, .ex-still)")
    assert stills.evaluate_all("all => all.map(e => e.checkVisibility())") == [False] * 9
    page.emulate_media(media="print")
    for explorer, figure in zip(EXPLORERS, page.locator("figure").all(), strict=True):
        assert_stands_still(explorer(), figure)
        expect(figure.locator(".ex")).to_be_hidden()


def assert_stands_still(explorer, figure):
    expect(figure.locator("figcaption")).to_have_text(explorer.caption)
    expect(figure.locator("figcaption")).to_be_visible()
    if explorer.module == "loss-table":
        expect(figure.get_by_role("table")).to_be_visible()
        return
    picture = figure.get_by_role("img", name=explorer.alt())
    expect(picture).to_be_visible()
    size = picture.evaluate("(img) => [img.complete, img.naturalWidth, img.offsetWidth]")
    assert size[0]
    assert min(size[1:]) > 0
