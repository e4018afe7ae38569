"""What residuals say: every number against another library, a simulation or a closed form."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from statsmodels.stats.diagnostic import het_breuschpagan

from course_code import datasets
from course_code.choosing import (
    FEWEST,
    alarm_rates,
    bell_ratio,
    chi_square_tail,
    examine,
    far_chance,
    hat_diagonal,
)
from course_code.noise import Gaussian, Laplace
from course_code.outliers import leverages
from course_code.regression import fit_line

RNG = np.random.default_rng(7)
BELL = RNG.normal(size=300)


@pytest.mark.parametrize("n", [2, 3, 10, 200])
def test_the_ratio_of_a_bell_has_the_simulated_mean_and_spread(n):
    z = np.random.default_rng(n).normal(size=(40_000, n))
    z -= z.mean(axis=1, keepdims=True)
    ratio = np.abs(z).mean(axis=1) / np.sqrt((z * z).mean(axis=1))
    mean, sd = bell_ratio(n)
    assert ratio.mean() == pytest.approx(mean, abs=5 * ratio.std() / 200 + 1e-7)
    assert ratio.std() == pytest.approx(sd, rel=0.02, abs=1e-7)


def test_the_ratio_tends_to_gearys_limits():
    mean, sd = bell_ratio(10**6)
    assert mean == pytest.approx(math.sqrt(2 / math.pi), abs=1e-6)
    assert sd == pytest.approx(math.sqrt((1 - 3 / math.pi) / 10**6), rel=1e-3)
    near, beyond = (bell_ratio(n) for n in (200, 202))  # two ways to compute the gamma functions
    assert near == pytest.approx(beyond, rel=0.01)
    assert bell_ratio(201)[0] == pytest.approx((near[0] + beyond[0]) / 2, rel=1e-6)


@pytest.mark.parametrize(("n", "t"), [(50, 3.5), (200, 4.0)])
def test_the_chance_of_a_far_value_is_near_the_simulated_one(n, t):
    z = np.random.default_rng(n).normal(size=(20_000, n))
    about = np.abs(z - np.median(z, axis=1, keepdims=True))
    furthest = about.max(axis=1) / (1.482602 * np.median(about, axis=1))
    assert far_chance(t, n) == pytest.approx(np.mean(furthest > t), rel=0.35)


def test_with_the_scale_known_the_chance_would_be_the_exact_one():
    n = 10**6  # the scale is known to a part in a thousand
    exact = -math.expm1(n * math.log1p(-2 * stats.norm.sf(5.5)))
    assert far_chance(5.5, n) == pytest.approx(exact, rel=1e-2)


@settings(max_examples=60)
@given(x=st.floats(0, 200), df=st.integers(1, 12))
def test_the_chi_square_tail_is_scipys(x, df):
    assert chi_square_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-10, abs=1e-300)


def test_leverages_are_those_of_statsmodels_and_of_the_line():
    X = RNG.normal(size=(40, 3)) * [1, 1e6, 1e-6] + [1e3, 0, 0]
    influence = sm.OLS(RNG.normal(size=40), sm.add_constant(X)).fit().get_influence()
    np.testing.assert_allclose(hat_diagonal(X), influence.hat_matrix_diag, rtol=1e-7)
    np.testing.assert_allclose(hat_diagonal(X[:, :1]), leverages(X[:, 0]), rtol=1e-9)
    assert hat_diagonal(X).sum() == pytest.approx(4)


@pytest.mark.parametrize("columns", [1, 3])
def test_the_trend_of_the_width_is_koenkers_statistic(columns):
    X = RNG.normal(size=(80, columns))
    r = RNG.normal(size=80) * np.exp(X[:, 0] / 3)
    statistic, p, _, _ = het_breuschpagan(r, sm.add_constant(X), robust=True)
    found = examine(r, X)["spread"]
    assert (found.value, found.p) == (pytest.approx(statistic), pytest.approx(p))
    fitted = X @ np.ones(columns)
    statistic, p, _, _ = het_breuschpagan(r, sm.add_constant(fitted), robust=True)
    assert examine(r, X, fitted)["spread"].value == pytest.approx(statistic)


def test_engel_by_statsmodels():
    engel = datasets.engel()
    ols = sm.OLS(engel.y, sm.add_constant(engel.x)).fit()
    found = examine(ols.resid, engel.x)
    statistic, *_ = het_breuschpagan(ols.resid, ols.model.exog)
    assert found["spread"].value == pytest.approx(statistic)
    assert found["leverage"].value == pytest.approx(ols.get_influence().hat_matrix_diag.max())
    assert found["leverage"].rows[0] == int(np.argmax(engel.x)) == 137
    assert found["leverage"].expected == pytest.approx(2 * 2 / 235)
    scale = stats.median_abs_deviation(ols.resid, scale="normal")
    assert found["scale"].value == pytest.approx(np.std(ols.resid) / scale, rel=1e-6)
    beyond = np.abs(ols.resid - np.median(ols.resid)) > 3 * scale
    assert sorted(found["far"].rows) == list(np.flatnonzero(beyond))
    assert found.ringing == ("tails", "far", "scale", "leverage", "spread")


def test_tails_are_the_ratio_of_two_means():
    d = BELL - BELL.mean()
    found = examine(BELL)["tails"]
    assert found.value == pytest.approx(np.abs(d).mean() / d.std())
    z = (found.value - found.expected) / found.error
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_the_gap_between_mean_and_median_comes_with_an_honest_error():
    for noise in (Gaussian(), Laplace(1.0)):
        samples = noise.sample((2000, 200), np.random.default_rng(3))
        gaps = samples.mean(axis=1) - np.median(samples, axis=1)
        told = np.median([examine(sample)["skew"].error for sample in samples[:200]])
        assert told == pytest.approx(gaps.std(), rel=0.12)


def test_the_gain_of_huber_and_median_is_near_the_truth_for_large_samples():
    found = examine(np.random.default_rng(5).normal(size=20_000))["tails"]
    huber, median = (
        float(word.split(" +-")[0].split()[-1]) for word in found.evidence[1].split(", ")
    )
    assert huber == pytest.approx(0.95, abs=0.02)
    assert median == pytest.approx(2 / math.pi, abs=0.05)


def test_the_gains_come_with_honest_errors():
    samples = Gaussian().sample((400, 300), np.random.default_rng(6))
    words = [examine(sample)["tails"].evidence[1].split(", ") for sample in samples]
    for both, slack in zip(zip(*words, strict=True), (0.15, 0.28), strict=True):
        told = [[float(v) for v in word.split()[-3::2]] for word in both]  # gain +- error
        gains, errors = np.transpose(told)
        assert np.median(errors) == pytest.approx(gains.std(), rel=slack)


def test_a_quiet_bell_and_three_that_ring():
    assert examine(BELL, np.arange(300)).ringing == ()
    skewed = np.exp(BELL)
    assert "skew" in examine(skewed).ringing
    x = np.linspace(-2, 2, 300)
    assert "spread" in examine(BELL * np.exp(x), x).ringing
    lone = np.append(BELL[:299], 40.0)
    assert examine(lone)["far"].rows[0] == 299


def test_false_alarms_are_near_the_level_and_laplace_is_heard():
    rng = np.random.default_rng(11)
    quiet = alarm_rates(Gaussian(), 100, 500, rng, level=0.05)
    assert list(quiet) == ["tails", "far", "skew", "scale", "leverage", "spread", "any"]
    assert all(rate < 0.1 for look, rate in quiet.items() if look != "any")
    assert max(rate for look, rate in quiet.items() if look != "any") <= quiet["any"] < 0.3
    loud = alarm_rates(Laplace(1.0), 200, 60, rng)
    assert loud["tails"] > 0.9 > 0.1 > loud["skew"]
    fan = alarm_rates(Gaussian(), 200, 40, rng, width=lambda x: np.exp(x / 2))
    assert fan["spread"] > 0.9


@pytest.mark.parametrize("c", [-1000.0, 1e-6])
def test_units_and_signs_do_not_matter(c):
    X = RNG.normal(size=(300, 2))
    plain, changed = examine(BELL, X), examine(c * BELL, [1e3, -7] * X + 5)
    for one, other in zip(plain.found, changed.found, strict=True):
        assert (one.topic, one.rings, one.rows) == (other.topic, other.rings, other.rows)
        assert other.p == (None if one.p is None else pytest.approx(one.p, rel=1e-6))


def test_masked_outliers_show_in_the_residuals_of_another_fit():
    from course_code.losses import mae, mse

    calls = datasets.belgian_calls()
    by_loss = {
        loss: examine(calls.y - fit_line(calls.x, calls.y, loss).predict(calls.x), calls.x)
        for loss in (mse, mae)
    }
    assert not by_loss[mse]["far"].rings
    assert by_loss[mae]["far"].rings
    assert sorted(by_loss[mae]["far"].rows)[-7:] == [14, 15, 16, 17, 18, 19, 20]


def test_too_few_residuals_say_so():
    found = examine(BELL[: FEWEST - 1], np.arange(FEWEST - 1))
    assert found.topics == ("size", "leverage")
    assert found["size"].rings
    assert "too few" in found["size"].suggests
    assert examine(BELL[:FEWEST]).topics == ("size", "tails", "far", "skew", "scale")


def test_few_rows_per_coefficient_are_named():
    X = RNG.normal(size=(30, 3))
    assert "fewer than ten per coefficient" in str(examine(BELL[:30], X)["size"])
    assert "per coefficient" not in str(examine(BELL[:30], X[:, :2]))
    assert "per coefficient" not in str(examine(BELL[:30]))


def test_two_values_only_and_a_flat_prediction_are_no_trouble():
    found = examine([1.0, -1.0] * 20, range(40))
    assert found["spread"].value == 0
    assert "spread" not in examine(BELL, fitted=np.ones(300)).topics


def test_a_dummy_column_has_no_robust_scale_and_is_left_out():
    dummy = np.arange(300) % 10 == 0
    assert examine(BELL, dummy)["leverage"].p == 1.0


def test_it_reads_well():
    text = str(examine(BELL, np.arange(300)))
    assert max(map(len, text.splitlines())) <= 62
    assert "np.float64" not in text
    assert "cannot know: which of the two you need" in text
    assert "No residual can tell: what an error costs you" in text
    assert "RINGS" not in text
    assert "RINGS" in str(examine(np.append(BELL, 1e6)))
    lines = examine(BELL, np.arange(300)).table().splitlines()
    assert len(lines) == 2 + 7
    assert len({len(line) for line in lines[:2]}) <= 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: examine([]), "residuals: must not be empty; got shape"),
        (lambda: examine([1, np.nan]), "residuals: must hold finite numbers only"),
        (lambda: examine([[1, 2]]), "residuals: must be 1-dimensional"),
        (lambda: examine(["a"]), "residuals: must hold real numbers"),
        (lambda: examine([0.0] * 20), "residuals: must have a scale above 0"),
        (lambda: examine(BELL, BELL[:9]), "X: must have one row per residual, 300; got shape"),
        (lambda: examine(BELL, np.ones(300)), "X: must have independent columns, none constant"),
        (lambda: examine(BELL, np.column_stack([BELL, BELL])), "X: must have independent"),
        (lambda: examine(BELL, fitted=BELL[:, None]), "fitted: must be 1-dimensional"),
        (lambda: examine(BELL, fitted=BELL[:5]), "fitted: must have the shape of residuals"),
        (lambda: examine(BELL, level=0), "level: must lie strictly between 0 and 1; got 0"),
        (lambda: examine(BELL)["spread"], "topic: must be one of size, tails, far, skew, scale"),
        (lambda: alarm_rates(Gaussian(), 10, 5, RNG), "n: must be a whole number, at least 20"),
        (lambda: alarm_rates(3, 50, 5, RNG), "noise: must have sample"),
        (lambda: alarm_rates(Gaussian(), 50, 5, 1), "rng: must be a numpy.random.Generator"),
        (lambda: bell_ratio(1), "n: must be a whole number, at least 2; got 1"),
        (lambda: far_chance(0, 5), "t: must be a positive finite number; got 0"),
        (lambda: chi_square_tail(-1, 2), "x: must be a finite number, at least 0; got -1"),
        (lambda: hat_diagonal([[1], [1]]), "X: must have independent columns"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_gauss_hermite_rule_is_fine_enough():
    from course_code.spread import median_deviation_variance

    wide = math.sqrt(median_deviation_variance() / 50)
    exact, _ = integrate.quad(
        lambda u: stats.norm.pdf(u) * (1 - math.erf(3.5 * math.exp(wide * u) / 2**0.5) ** 50),
        -9,
        9,
    )
    assert far_chance(3.5, 50) == pytest.approx(exact, rel=1e-6)
