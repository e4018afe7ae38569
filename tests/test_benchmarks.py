"""The benchmarks: fair turns, honest verdicts, a page from stored results."""

import pytest

from benchmarks import explorers, pictures, report, timing, works
from course_code.explorers._static import EXPLORERS


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


NAMES = [explorer.__name__ for explorer in EXPLORERS]


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
    for machine in (stored["machine"], stored["explorers"]["machine"]):
        assert all(f"{name} {version}" in page for name, version in machine.items())
    assert [row["explorer"] for row in stored["explorers"]["rows"]] == NAMES


def test_the_page_of_the_book_is_that_of_the_stored_results():
    page = (report.BOOK / "benchmarks.md").read_text(encoding="utf-8")
    assert page == report.page_text(report.load()), "run python -m benchmarks --page"


# ---------------------------------------------------------------- the explorers


def test_a_frame_is_met_or_missed():
    row = {"explorer": "LossTable", "what": "a slider", "paint": 4.0, "p95": 9.0, "kernel": 80.0}
    rows = [row, row | {"explorer": "HuberDelta", "paint": 16.0}]
    table = report.explorer_table(rows).splitlines()
    assert table[1].split() == ["LossTable", "a", "slider", "4.0", "9.0", "80", "20"]
    assert len(table) == 3
    assert report.explorer_verdicts(rows).splitlines() == [
        "met    LossTable: painted after 4.0 ms (target below 16 ms)",
        "MISSED HuberDelta: painted after 16.0 ms (target below 16 ms)",
    ]


def test_every_explorer_is_measured_in_a_state_of_its_own():
    assert [type(case.explorer).__name__ for case in explorers.cases()] == NAMES


@pytest.mark.parametrize("case", explorers.cases(), ids=NAMES)
def test_matplotlib_draws_each_explorer_and_a_movement_changes_the_picture(case):
    before = pictures.picture(case.explorer)
    case.nudge(case.explorer)
    assert before.startswith(b"\x89PNG")
    assert pictures.picture(case.explorer) != before


def test_what_has_no_picture_is_refused():
    with pytest.raises(TypeError, match="no picture for int"):
        pictures.draw(3)


def test_the_mouse_and_the_kernel_are_timed():
    told = []
    found = explorers.measure(moves=8, rounds=2, only={"TargetPractice"}, tell=told.append)
    assert found["rows"] == told
    (row,) = told
    assert row["explorer"] == "TargetPractice"
    assert 0 < row["paint"] <= row["p95"] < 10_000
    assert 0 < row["kernel"] < 60_000
    assert {"Chromium", "matplotlib", "ipykernel"} <= found["machine"].keys()


def test_a_movement_without_an_answer_is_no_measurement():
    case = explorers.cases()[-1]
    with explorers.browser() as (open_page, _):
        page = open_page(case.explorer)
        # A copy of the elements has no listeners.
        page.evaluate("(() => { const e = document.querySelector('.ex'); e.outerHTML += ''; })()")
        with pytest.raises(RuntimeError, match="Shot 10 of: 0 of 8 movements changed the page"):
            explorers.paint_times(page, case.handle, moves=8)


def test_an_error_in_the_kernel_is_no_measurement(monkeypatch):
    monkeypatch.setattr(explorers, "SET_UP", "def redraw(name): return {}[name]")
    with explorers.kernel() as redraw, pytest.raises(RuntimeError, match="Nothing"):
        redraw("Nothing")
