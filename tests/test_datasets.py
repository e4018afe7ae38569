"""The data: the seeded experiment against its recipe, the real sets against their sources."""

import ast
import hashlib
import math
import random
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from course_code import datasets
from course_code.datasets import _dataset, contaminate, line_data, two_coaches

REAL = {
    datasets.boscovich_arcs: ("boscovich_arcs.csv", 5),
    datasets.french_arcs: ("french_arcs_1799.csv", 4),
    datasets.ceres: ("ceres_mpc_1801_1802.csv", 26),
    datasets.engel: ("engel_1857.csv", 235),
    datasets.newcomb_light: ("newcomb_light_1882.csv", 66),
    datasets.galton_ox: ("galton_ox_1907.csv", 19),
    datasets.stackloss: ("stackloss.csv", 21),
    datasets.anscombe: ("anscombe.csv", 11),
    datasets.belgian_calls: ("belgian_calls.csv", 24),
    datasets.stars_cyg_ob1: ("stars_cyg_ob1.csv", 47),
}
real_sets = pytest.mark.parametrize("load", REAL, ids=lambda load: load.__name__)
every_set = pytest.mark.parametrize("data", datasets.all_datasets(), ids=lambda data: data.name)


def ols(x, y):
    """Slope and intercept by NumPy, to compare with printed fits."""
    return np.polynomial.polynomial.polyfit(x, y, 1)[::-1]


# --- the seeded experiment ---------------------------------------------------------------------


def essay_points(seed, outliers):
    """The recipe written out once more, with the module-level generator the essay used."""
    before = random.getstate()
    random.seed(seed)
    xs, ys = [], []
    while len(xs) < 40:
        xs.append(random.uniform(-1.0, 1.0))
        ys.append(1.5 * xs[-1] + 0.5 + random.gauss(0.0, 0.1))
    while len(xs) < 40 + outliers:
        xs.append(random.uniform(-1.0, 1.0))
        ys.append(20.0)
    random.setstate(before)
    return xs, ys


@pytest.mark.parametrize("seed", [7, 0, 1999])
@pytest.mark.parametrize("outliers", [0, 3, 5])
def test_two_coaches_is_the_recipe_bit_for_bit(seed, outliers):
    data = two_coaches(outliers, seed)
    assert (data.x.tolist(), data.y.tolist()) == essay_points(seed, outliers)
    assert data["is_outlier"].tolist() == [False] * 40 + [True] * outliers


def test_two_coaches_outliers_lie_where_the_essay_had_them():
    # Uniform draws are exact on every platform, so the digits are those of any machine.
    data = two_coaches(outliers=3)
    assert [f"{x:.6f}" for x in data.x[40:]] == ["-0.663903", "-0.765808", "-0.882091"]
    assert np.all(data.y[40:] == 20.0)


def test_two_coaches_clean_points_do_not_depend_on_the_outliers():
    assert np.array_equal(two_coaches(3).x[:40], two_coaches().x)
    assert np.array_equal(two_coaches(3).y[:40], two_coaches().y)


def test_two_coaches_hashes_are_the_recorded_ones():
    assert two_coaches().sha256.startswith("82511cfc7407aa99")
    assert two_coaches(3).sha256.startswith("201343cc84eac932")
    assert two_coaches(3, seed=8).sha256 != two_coaches(3).sha256


def test_two_coaches_leaves_the_global_generators_alone():
    random.seed(123)
    np.random.seed(123)  # noqa: NPY002 - the global state is the point
    expected = random.Random(123).random(), np.random.RandomState(123).rand()
    two_coaches(outliers=3)
    line_data(5)
    assert (random.random(), np.random.rand()) == expected  # noqa: NPY002


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: two_coaches(-1), "outliers: must be a whole number, at least 0; got -1"),
        (lambda: two_coaches(2.0), "outliers: must be a whole number, at least 0; got 2.0"),
        (lambda: two_coaches(seed=-7), "seed: must be a whole number, at least 0; got -7"),
        (lambda: line_data(0), "n: must be a whole number, at least 1; got 0"),
        (lambda: line_data(3, slope=math.nan), "slope: must be a finite number; got nan"),
        (lambda: line_data(3, rng="x"), "rng: must be a whole number, at least 0; got x"),
        (lambda: line_data(3, noise=1.0), r"noise: must have sample\(size, rng\).*; got 1.0"),
        (lambda: line_data(3, noise=lambda size, rng: 0.0), r"noise: must have the shape of y"),
        (lambda: contaminate([1.0], [1.0, 2.0], [0.0], 5.0), r"y: must have the shape of x"),
        (lambda: contaminate([1.0], [1.0], [], 5.0), r"at_x: must not be empty"),
        (lambda: contaminate([1.0], [1.0], [0.0], math.inf), "value: must be a finite number"),
    ],
)
def test_generators_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


# --- generators --------------------------------------------------------------------------------


@given(
    n=st.integers(1, 50),
    slope=st.floats(-5, 5),
    intercept=st.floats(-5, 5),
    seed=st.integers(0, 2**32),
)
def test_line_data_without_noise_lies_on_the_line(n, slope, intercept, seed):
    data = line_data(n, slope, intercept, rng=seed)
    assert len(data) == n
    assert np.all(np.abs(data.x) <= 1)
    np.testing.assert_array_equal(data.y, slope * data.x + intercept)


class Coin:
    """A noise model as `line_data` knows it: plus or minus a scale."""

    def sample(self, size, rng):
        return 0.3 * rng.choice([-1.0, 1.0], size)


def test_line_data_takes_a_noise_model_or_a_function():
    model, function = line_data(50, noise=Coin(), rng=4), line_data(50, noise=Coin().sample, rng=4)
    np.testing.assert_array_equal(model.y, function.y)
    noise = model.y - (1.5 * model.x + 0.5)
    np.testing.assert_allclose(np.abs(noise), 0.3)
    assert set(np.sign(noise)) == {-1.0, 1.0}


def test_line_data_continues_a_generator():
    rng = np.random.default_rng(5)
    first, second = line_data(4, rng=rng), line_data(4, rng=rng)
    assert not np.array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.x, line_data(4, rng=5).x)


def test_contaminate_appends_and_marks():
    data = contaminate([0, 1], [2, 3], at_x=[0.7, 0.8], value=20)
    assert data.x.tolist() == [0.0, 1.0, 0.7, 0.8]
    assert data.y.tolist() == [2.0, 3.0, 20.0, 20.0]
    assert data["is_outlier"].tolist() == [False, False, True, True]


@pytest.mark.parametrize(("at_x", "slope"), [([0.7, 0.8, 0.9], 5.10), ([-0.1, 0, 0.1], 1.88)])
def test_the_same_outliers_elsewhere_turn_the_line_elsewhere(at_x, slope):
    clean = two_coaches()
    moved = contaminate(clean.x, clean.y, at_x, 20.0)
    assert ols(moved.x, moved.y)[0] == pytest.approx(slope, abs=0.005)


# --- the real sets -----------------------------------------------------------------------------


@real_sets
def test_real_set_has_its_rows_and_its_file_the_hash_it_states(load):
    file, rows = REAL[load]
    data = load()
    assert (data.name, len(data)) == (load.__name__, rows)
    raw = (Path(datasets.__file__).parent / "data" / file).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == data.sha256


def test_every_file_has_a_loader():
    files = {path.name for path in _dataset.DATA_FOLDER.glob("*.csv")}
    assert files == {file for file, _ in REAL.values()}


def test_a_changed_file_is_refused_by_name_and_with_both_hashes(tmp_path):
    raw = (_dataset.DATA_FOLDER / "anscombe.csv").read_bytes()
    (tmp_path / "anscombe.csv").write_bytes(raw.replace(b"8.04", b"8.05"))
    expected = datasets.anscombe().sha256
    found = hashlib.sha256(raw.replace(b"8.04", b"8.05")).hexdigest()
    with pytest.raises(
        ValueError, match=f"^anscombe.csv: must have SHA-256 {expected}; got {found}$"
    ):
        _dataset.read("anscombe.csv", expected, folder=tmp_path)


def test_a_file_with_other_line_ends_is_refused(tmp_path):
    raw = (_dataset.DATA_FOLDER / "engel_1857.csv").read_bytes()
    (tmp_path / "engel_1857.csv").write_bytes(raw.replace(b"\n", b"\r\n"))
    with pytest.raises(ValueError, match=r"engel_1857.csv: must have SHA-256"):
        _dataset.read("engel_1857.csv", datasets.engel().sha256, folder=tmp_path)


def test_engel_and_stackloss_agree_with_statsmodels():
    ours, theirs = datasets.engel(), sm.datasets.engel.load().data
    np.testing.assert_allclose(ours.x, theirs["income"], rtol=1e-14)
    np.testing.assert_allclose(ours.y, theirs["foodexp"], rtol=1e-14)
    ours, theirs = datasets.stackloss(), sm.datasets.stackloss.load().data
    names = {
        "stack_loss": "STACKLOSS",
        "air_flow": "AIRFLOW",
        "water_temp": "WATERTEMP",
        "acid_conc": "ACIDCONC",
    }
    for mine, its in names.items():
        np.testing.assert_array_equal(ours[mine], theirs[its])


# Least-squares lines as printed by Rousseeuw and Leroy (1987), who count years from 1900.
@pytest.mark.parametrize(
    ("load", "start", "slope", "intercept", "decimals"),
    [
        (datasets.belgian_calls, 1900, 0.504, -26.01, (3, 2)),
        (datasets.stars_cyg_ob1, 0, -0.413, 6.793, (3, 3)),
    ],
)
def test_least_squares_lines_are_the_published_ones(load, start, slope, intercept, decimals):
    data = load()
    w, b = ols(data.x - start, data.y)
    assert w == pytest.approx(slope, abs=0.51 * 10 ** -decimals[0])
    assert b == pytest.approx(intercept, abs=0.51 * 10 ** -decimals[1])


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_anscombe_has_one_line_for_four_sets(k):
    data = datasets.anscombe()
    w, b = ols(data[f"x{k}"], data[f"y{k}"])
    assert (round(w, 2), round(b, 2)) == (0.50, 3.00)


def test_french_arcs_give_the_published_earth():
    data = datasets.french_arcs()
    s, z = ols(data.x, data.y)
    assert 3 * (z / s + 0.5) == pytest.approx(157.951374, abs=1e-6)  # Björck after Stigler 1981
    assert 90 * (z + s / 2) == pytest.approx(2564801.46, abs=0.01)
    wrong = data["modules_per_degree_misprint"] != data["modules_per_degree"]
    assert data["segment"][wrong].tolist() == ["Pantheon-Evaux"]


def test_boscovich_arcs_keep_his_sine_of_the_cape():
    data = datasets.boscovich_arcs()
    off = np.abs(data["sin2_lat"] - data["sin2_lat_exact"])
    assert data["site"][off > 5e-4].tolist() == ["Cape of Good Hope"]
    cape = data["site"].tolist().index("Cape of Good Hope")
    assert data["sin2_lat"][cape] == 0.2987
    assert round(data["sin2_lat_exact"][cape], 4) == 0.3014


def test_ceres_marks_what_it_lacks():
    data = datasets.ceres()
    palermo = data["obscode"] == "535"
    assert (palermo.sum(), (palermo & data["complete"]).sum()) == (21, 19)
    np.testing.assert_array_equal(np.isnan(data["dec"]), ~data["complete"])
    assert np.isfinite(data["ra"]).all()
    # 1801 January 1 is MJD -21139; the first and the last night at Palermo are 41 days apart.
    assert data["mjd"][0] == pytest.approx(-21139 + 0.82630, abs=1e-9)
    assert np.ptp(data["mjd"][palermo]) == pytest.approx(40.9, abs=0.05)
    assert data["ra"][0] == pytest.approx(15 * (3 + 38 / 60 + 23.07 / 3600), abs=1e-12)


def test_stars_and_light_and_ox_hold_the_known_oddities():
    stars = datasets.stars_cyg_ob1()
    assert stars["star"][stars["giant"]].tolist() == [11, 20, 30, 34]
    light = datasets.newcomb_light()["deviation_ns_from_24800"]
    assert sorted(light)[:2] == [-44, -2]
    assert (round(light.mean(), 3), np.median(light)) == (26.212, 27.0)
    ox = datasets.galton_ox()
    assert ox.y[ox.x == 50].tolist() == [1207.0]
    deviation = ox["estimate_lbs"] - 1207
    assert ox.x[deviation != ox["observed_dev_printed"]].tolist() == [90.0, 95.0]


# --- what every data set carries ---------------------------------------------------------------


@every_set
def test_columns_are_read_only_and_complete(data):
    for name, values in data.columns.items():
        assert data[name] is values
        assert values.dtype == np.float64 or values.dtype.kind in "bU"
        assert data.units[name]
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[0]
    with pytest.raises(TypeError):
        data.columns["new"] = 1
    with pytest.raises(AttributeError):
        data.name = "other"


@every_set
def test_the_card_says_all(data):
    card = data.describe()
    for text in (data.title, data.source, data.licence, data.sha256, *data.notes, *data.columns):
        assert text in card
    assert "#" not in card  # no headings, so that it fits any page
    assert len(data.sha256) == 64


def test_cards_warn_of_what_is_known():
    cards = {data.name: data.describe() for data in datasets.all_datasets()}
    assert "total minutes" in cards["belgian_calls"]
    assert "MASS" in cards["belgian_calls"]
    assert "from memory" in cards["french_arcs"]
    assert ".2987" in cards["boscovich_arcs"]
    assert "not the figures Piazzi" in cards["ceres"]


def test_names_do_not_repeat_and_all_load():
    names = [data.name for data in datasets.all_datasets()]
    assert len(names) == len(set(names)) == len(REAL) + 1


def test_unknown_column_and_missing_pair_say_what_there_is():
    with pytest.raises(ValueError, match=r"^column: must be one of 'year', .*; got yaer$"):
        datasets.belgian_calls()["yaer"]
    with pytest.raises(AttributeError, match=r"anscombe has no natural x and y.*x1, y1"):
        datasets.anscombe().x  # noqa: B018


def test_datasets_stand_alone():
    folder = Path(datasets.__file__).parent
    imported = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("course_code"):
                imported.add(node.module)
    assert {name for name in imported if not name.startswith("course_code.datasets")} == {
        "course_code._validate"
    }
