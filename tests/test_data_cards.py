"""The page of the data sets is the one that the data make."""

import shutil

import pytest
from PIL import Image

from course_code import datasets
from course_code.datasets import _dataset
from tools import data_cards

AGAIN = "run python -m tools.data_cards"
every_set = pytest.mark.parametrize("data", datasets.all_datasets(), ids=lambda data: data.name)


def test_the_page_of_the_book_is_that_of_the_data():
    page = (data_cards.BOOK / "data-cards.md").read_text(encoding="utf-8")
    assert page == data_cards.page_text(), AGAIN


@every_set
def test_a_card_has_all_that_the_set_knows_and_an_address(data):
    card = data_cards.card(data, {})
    plain = card.replace("<!-- given -->", "")
    for text in (data.title, data.licence, data.sha256, *data.notes, *data.columns):
        assert text in plain
    assert card.startswith(f"(data-{data.name.replace('_', '-')})=\n")
    assert "Used in: no chapter yet" in card


@every_set
def test_a_picture_was_drawn_from_the_data_as_they_are(data):
    with Image.open(data_cards.BOOK / "_static" / data_cards.picture_name(data)) as picture:
        assert picture.text["Description"] == data.sha256, AGAIN
        assert picture.width > 500


@every_set
def test_a_portrait_draws_every_known_row_and_marks_the_diamonds_it_mentions(data):
    portrait = data_cards.PORTRAITS[data.name]
    axes = portrait.draw(data)
    panels = getattr(axes, "flat", [axes])
    for ax, (across, up) in zip(panels, portrait.panels, strict=True):
        drawn = sum(len(line.get_xdata()) for line in ax.lines)
        assert drawn == sum(data[across] + data[up] == data[across] + data[up])
    assert ("diamond" in portrait.says.lower()) == bool(portrait.marked(data).any())
    assert str(len(data)) in portrait.alt(data) or "{n}" not in portrait.says


@pytest.mark.parametrize("file", sorted(path.name for path in _dataset.DATA_FOLDER.glob("*.csv")))
def test_one_changed_byte_stops_the_page(file, tmp_path, monkeypatch):
    folder = shutil.copytree(_dataset.DATA_FOLDER, tmp_path / "data")
    raw = bytearray((folder / file).read_bytes())
    raw[-2] ^= 1
    (folder / file).write_bytes(raw)
    monkeypatch.setattr(
        _dataset.read, "__kwdefaults__", _dataset.read.__kwdefaults__ | {"folder": folder}
    )
    with pytest.raises(ValueError, match=f"^{file}: must have SHA-256"):
        data_cards.page_text()


def test_another_seed_makes_another_card():
    card = data_cards.card(datasets.two_coaches(outliers=3, seed=8), {})
    assert card != data_cards.card(datasets.two_coaches(outliers=3), {})


def test_chapters_are_found_by_the_calls_in_their_code():
    page = data_cards.page_text()
    engel = page.partition("## `engel`")[2].partition("## `")[0]
    assert "[Quantiles](quantiles.ipynb)" in engel
    assert "Two coaches" not in engel
