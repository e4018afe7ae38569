"""The loss table: what the explorer computes and shows."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy import integrate, stats

from course_code.explorers import (
    LossTable,
    loss_table,
)
from course_code.losses import Tukey
from tests.explorers.driver import link_state, node, settle
from tests.explorers.numbers import assert_shows

TABLES = [
    {},
    {"delta": 0.3, "c": 1.5, "tau": 0.9},
    {"delta": 5.0, "c": 12.0, "tau": 0.02},
    {"delta": 0.011, "c": 0.11, "tau": 0.0011},
    {"delta": 99.0, "c": 99.0, "tau": 0.9989},
]


def test_the_tables_numbers_are_those_of_closed_forms_and_other_quadratures():
    table = LossTable(tau=0.8)
    numbers = table.numbers
    assert numbers["absolute"]["gaussian"] == pytest.approx(2 / np.pi)
    assert numbers["squared"]["laplace"] == pytest.approx(0.5)
    assert numbers["absolute"]["laplace"] == pytest.approx(1)
    assert numbers["huber"]["gaussian"] == pytest.approx(0.95, abs=1e-5)
    assert numbers["tukey"]["gaussian"] == pytest.approx(0.95, abs=1e-5)
    normal, heavy = stats.norm(), stats.laplace(scale=np.sqrt(0.5))
    # The variance of a sample quantile is tau (1 - tau) / f(q)^2; the mean's is 1, and the least
    # under Laplace noise is scale^2 = 1/2.
    for noise, least, column in [(normal, 1, "gaussian"), (heavy, 0.5, "laplace")]:
        variance = 0.8 * 0.2 / noise.pdf(noise.ppf(0.8)) ** 2
        assert numbers["quantile"][column] == pytest.approx(least / variance)
    for name, loss in table.losses.items():
        r = np.linspace(-50, 50, 1_000_001)
        if np.isfinite(numbers[name]["pull"]):
            assert numbers[name]["pull"] == pytest.approx(np.abs(loss.psi(r)).max(), rel=1e-6)
        # Divided differences near 0 grow without bound exactly where the table says a kink.
        bend = (loss.rho(1e-4) + loss.rho(-1e-4)) / 1e-8
        curvature = numbers[name]["curvature"]
        assert bend > 1e3 if np.isinf(curvature) else bend == pytest.approx(curvature, rel=1e-5)
    tukey, tanh = Tukey(4.685), np.tanh
    slope = integrate.quad(lambda v: tukey.psi(v) * v * normal.pdf(v), -4.685, 4.685)[0]
    assert numbers["tukey"]["sensitivity"] == pytest.approx(numbers["tukey"]["pull"] / slope)
    slope = integrate.quad(lambda v: tanh(v) * v * normal.pdf(v), -30, 30)[0]
    assert numbers["logCosh"]["sensitivity"] == pytest.approx(1 / slope)
    assert numbers["huber"]["sensitivity"] == pytest.approx(
        1.345 / (2 * normal.cdf(1.345) - 1), rel=1e-9
    )


@pytest.mark.parametrize("c", [1.5, 4.685, 12.0])
def test_tukeys_minimum_leaves_the_good_ones_at_its_breakdown_point(c):
    share = LossTable(c=c).numbers["tukey"]["breakdown"]
    good = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    places = np.concatenate([np.linspace(-1, 1, 21), np.linspace(999, 1001, 21)])
    for factor, stays in [(0.99, True), (1.01, False)]:
        bad = factor * share / (1 - factor * share)
        cost = [Tukey(c).rho(good - t).mean() + bad * Tukey(c).rho(1000.0 - t) for t in places]
        assert (abs(places[np.argmin(cost)]) < 1) == stays


def test_the_twin_of_the_table_has_pythons_numbers_and_words():
    code = (
        "const t = await import('./course_code/explorers/loss-table.js');"
        f"const numbers = {json.dumps([LossTable(**traits).state() for traits in TABLES])}"
        ".map((state) => t.measure(state));"
        "console.log(JSON.stringify({ rows: t.ROWS, columns: t.COLUMNS, numbers }));"
    )
    ran = node("--input-type=module", "--eval", code)
    twin = json.loads(ran.stdout)
    assert {name: tuple(row[:3]) for name, row in twin["rows"].items()} == loss_table.ROWS
    assert twin["columns"] == loss_table.COLUMNS
    for traits, numbers in zip(TABLES, twin["numbers"], strict=True):
        for name, row in LossTable(**traits).numbers.items():
            for column, value in row.items():
                told = numbers[name][column]
                expected = None if np.isinf(value) else pytest.approx(value, rel=1e-10, abs=1e-10)
                assert told == expected, (traits, name, column)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("delta", 0.0, "delta: must lie strictly between 0.01 and 100.0; got 0.0"),
        ("c", float("inf"), "c: must lie strictly between 0.1 and 100.0; got inf"),
        ("tau", 1, "tau: must lie strictly between 0.001 and 0.999; got 1"),
        ("opened", "cubed", "opened: must be one of"),
        ("sort", "aims", "sort: must be one of"),
    ],
)
def test_the_table_refuses_bad_values(name, value, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        LossTable(**{name: value})


def test_the_table_is_sorted_and_equals_keep_their_order():
    assert LossTable().ordered() == list(loss_table.ROWS)
    assert LossTable(sort="laplace").ordered()[:2] == ["absolute", "quantile"]
    assert LossTable(sort="pull").ordered()[0] == "squared"
    assert LossTable(sort="breakdown", ascending=True).ordered()[:2] == ["squared", "tukey"]


def test_without_scripts_the_whole_table_stands(visit):
    table = LossTable(sort="gaussian", tau=0.9)
    assert "squared 100.0% and 50.0%" in table.alt()
    page = visit(table.to_html(), java_script_enabled=False)
    rows = page.locator(".ex-still tbody tr")
    assert [row.split(",")[0] for row in rows.locator("th").all_inner_texts()] == [
        loss_table.ROWS[name][0] for name in table.ordered()
    ]
    assert rows.first.locator("td").all_inner_texts() == [
        *("the square of r", "the mean", "100.0 %", "50.0 %", "no limit", "0.0 %", "2", "all")
    ]


def test_the_table_is_sorted_opened_slid_and_linked(visit):
    table = LossTable()
    page = visit(table.to_html())
    assert_shows(page, table)
    assert not page.locator(".ex-still").is_visible()

    page.get_by_role("button", name="efficiency, Laplace").click()
    settle(page)
    table.sort = "laplace"
    assert_shows(page, table)
    page.get_by_role("button", name="breakdown point").press("Enter")
    page.get_by_role("button", name="breakdown point").press("Enter")
    settle(page)
    table.sort, table.ascending = "breakdown", True
    assert_shows(page, table)
    heads = page.locator("th[aria-sort]")
    assert [head.get_attribute("aria-sort") for head in heads.all()] == ["ascending"]

    for label, key in [("Huber: delta", "delta"), ("Tukey: c", "c"), ("quantile: tau", "tau")]:
        slider = page.get_by_label(label)
        slider.press("Shift+ArrowRight")
        slider.press("ArrowLeft")
        settle(page)
        setattr(table, key, float(slider.get_attribute("data-value")))
        assert table.traits()[key].default() < getattr(table, key)
    assert_shows(page, table)

    opener = page.get_by_role("button", name="Tukey")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(opener).to_be_focused()
    table.opened = "tukey"
    expect(page.locator(".ex-detail")).to_contain_text("Start with Tukey when gross errors")
    expect(page.locator(".ex-detail")).to_contain_text(
        f"at most {table.numbers['tukey']['sensitivity']:.4g} / n"
    )
    expect(page.locator('tr[data-loss="tukey"] + tr')).to_have_class("ex-detail")
    expect(page.locator(".ex-verdict")).to_contain_text("Sorted by breakdown point, smallest first")
    state, fragment = link_state(page)
    assert {**LossTable().state(), **state} == table.state()
    page = visit(LossTable().to_html(), fragment=fragment)
    assert_shows(page, table)
    page.get_by_role("button", name="Tukey").click()
    expect(page.locator(".ex-detail")).to_have_count(0)
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert_shows(page, LossTable())
