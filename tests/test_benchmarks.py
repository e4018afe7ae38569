"""The benchmarks: fair turns, honest verdicts, a page from stored results."""

import pytest

from benchmarks import report, timing, works


def results(ours, rival):
    """Made-up results: LAD at four sizes, the rival timed at n = 10 000 and 100 000 only."""
    rows = []
    for p in (2, 6):
        for n, seconds in zip((1_000, 10_000, 100_000, 1_000_000), ours, strict=True):
            times = {works.COURSE: seconds}
            if n == 10_000:
                times[works.SKLEARN] = rival
            rows.append(works.record("LAD", n, p, times, excess={works.SKLEARN: 0.0}))
    return {"machine": {"Python": "3"}, "rows": rows}


def test_a_target_is_met_or_missed():
    text = report.verdicts(results([1, 2, 3, 4], rival=300))
    assert (
        "met    LAD, n = 10,000, p = 2: scikit-learn takes 150 times as long (target 100)" in text
    )
    assert "MISSED" not in text
    text = report.verdicts(results([1, 2, 3, 4], rival=100))
    assert "MISSED LAD, n = 10,000, p = 6: scikit-learn takes 50 times as long" in text


def test_growth_faster_than_n_log_n_is_missed():
    assert "MISSED LAD, p = 2: from n" in report.verdicts(results([1, 20, 400, 8_000], rival=9_999))


def test_a_rival_with_a_lower_objective_is_reported():
    lower = results([1, 2, 3, 4], rival=300)
    lower["rows"][1]["excess"] = {works.SKLEARN: -1e-6}
    assert "MISSED LAD, n = 10,000: a rival's objective is lower, -1.0e-06" in report.verdicts(
        lower
    )


def test_the_table_has_a_line_per_row():
    lines = report.table(results([0.001, 0.002, 3, 4], rival=0.3)).splitlines()
    assert len(lines) == 9
    assert lines[2].split() == ["LAD", "10,000", "2", "2.000", "scikit-learn", "150"]


def test_turns_are_taken_and_slow_calls_not_repeated(monkeypatch):
    order = []
    seconds, answers = timing.take_turns(
        {"a": lambda: order.append("a") or 1, "b": lambda: order.append("b") or 2}, rounds=2
    )
    assert order == ["a", "b"] * 3
    assert answers == {"a": 1, "b": 2}
    assert set(seconds) == {"a", "b"}
    monkeypatch.setattr(timing, "PATIENCE", -1)
    order.clear()
    timing.take_turns({"a": lambda: order.append("a")}, rounds=5)
    assert order == ["a"]


@pytest.mark.parametrize("work", ["quantile", "huber", "losses"])
def test_every_kind_of_work_runs(work):
    if work == "quantile":
        rivals = [works.SKLEARN, works.STATSMODELS]
        rows = [works.quantile("LAD", *works.plane(60, 2), 0.5, rivals, 1)]
        assert min(rows[0]["excess"].values()) > -1e-12
    elif work == "huber":
        rows = [works.huber(200, 2, rounds=1)]
    else:
        rows = list(works.losses(100, rounds=1))
        assert len(rows) == 6
    for row in rows:
        assert row["seconds"][works.COURSE] > 0


def test_the_stored_results_make_a_page(tmp_path):
    stored = report.load()
    for row in stored["rows"]:
        assert min(row.get("excess", {}).values(), default=0) > -1e-12
    page = report.page(stored, tmp_path).read_text()
    for name in report.FIGURES:
        picture = f"_static/benchmarks-{name}.png"
        assert (tmp_path / picture).stat().st_size > 10_000
        assert f":::{{figure}} {picture}" in page
    assert all(version in page for version in stored["machine"].values())


def test_the_page_of_the_book_is_that_of_the_stored_results():
    page = (report.BOOK / "benchmarks.md").read_text(encoding="utf-8")
    assert page == report.page_text(report.load()), "run python -m benchmarks --page"
