"""Simulated efficiencies against what is known in closed form or by quadrature."""

import math
import re

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from course_code.efficiency import relative_efficiency
from course_code.noise import Gaussian, Laplace

BOTH = {"mean": np.mean, "median": np.median}


def variance_of_the_median(noise, n):
    """Of an odd sample from a symmetric density, through the density of an order statistic."""
    k = (n + 1) // 2
    beta = stats.beta(k, k)  # the median's place in probability
    return quad(lambda u: noise.ppf(u) ** 2 * beta.pdf(u), 0, 1, limit=200)[0]


@pytest.mark.parametrize(
    ("noise", "known"), [(Gaussian(2.0), stats.norm(0, 2)), (Laplace(0.5), stats.laplace(0, 0.5))]
)
@pytest.mark.parametrize("n", [1, 3, 9, 51])
def test_mean_and_median_are_as_precise_as_order_statistics_say(noise, known, n):
    found = relative_efficiency(BOTH, noise, n, 40_000, np.random.default_rng(5))
    mean, median = found["mean"], found["median"]
    assert mean.mean_square == pytest.approx(known.var() / n, rel=0.05)
    assert median.mean_square == pytest.approx(variance_of_the_median(known, n), rel=0.05)
    exact = known.var() / n / variance_of_the_median(known, n)
    assert abs(median.value - exact) <= 4 * median.standard_error + 1e-9


def test_the_standard_error_is_the_spread_of_repeated_simulations():
    rng = np.random.default_rng(8)
    runs = [relative_efficiency(BOTH, Gaussian(), 5, 400, rng)["median"] for _ in range(400)]
    spread = np.std([run.value for run in runs])
    assert np.mean([run.standard_error for run in runs]) == pytest.approx(spread, rel=0.15)


def test_the_first_estimator_is_the_measure():
    found = relative_efficiency(BOTH, Gaussian(), 5, 100, np.random.default_rng(0))
    assert list(found) == ["mean", "median"]
    assert (found["mean"].value, found["mean"].standard_error) == (1.0, 0.0)


def test_a_worse_estimator_has_a_known_efficiency_and_no_error():
    both = {"mean": np.mean, "twice the mean": lambda r, axis: 2 * np.mean(r, axis=axis)}
    found = relative_efficiency(both, Gaussian(), 5, 100, np.random.default_rng(0))
    assert found["twice the mean"].value == 0.25
    assert found["twice the mean"].standard_error == 0.0


def test_noise_may_be_a_function():
    def uniform(size, rng):
        return rng.uniform(-1, 1, size)

    found = relative_efficiency(BOTH, uniform, 3, 50_000, np.random.default_rng(2))
    # Of three uniform numbers the median has variance 1/5, the mean 1/9.
    assert found["median"].value == pytest.approx(5 / 9, rel=0.03)


def test_samples_come_in_blocks_and_are_those_of_one_draw(monkeypatch):
    at_once = relative_efficiency(BOTH, Gaussian(), 7, 100, np.random.default_rng(3))
    monkeypatch.setattr("course_code.efficiency._BLOCK", 50)
    blocks = relative_efficiency(BOTH, Gaussian(), 7, 100, np.random.default_rng(3))
    assert blocks == at_once


def test_a_sample_may_be_longer_than_a_block(monkeypatch):
    monkeypatch.setattr("course_code.efficiency._BLOCK", 4)
    found = relative_efficiency(BOTH, Gaussian(), 9, 3, np.random.default_rng(3))
    assert math.isfinite(found["median"].value)


GOOD = {
    "estimators": BOTH,
    "noise": Gaussian(),
    "n": 5,
    "replicates": 10,
    "rng": np.random.default_rng(0),
}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"estimators": {}}, "estimators: must hold at least one estimator; got none"),
        ({"n": 0}, "n: must be a whole number, at least 1; got 0"),
        ({"replicates": 1}, "replicates: must be a whole number, at least 2; got 1"),
        ({"noise": 2}, "noise: must have sample(size, rng) or be a function of (size, rng); got 2"),
        ({"rng": 7}, "rng: must be a numpy.random.Generator; got int"),
        (
            {"noise": lambda size, rng: rng.normal(size=size[0])},
            "noise: must return an array of shape (10, 5); got shape (10,)",
        ),
        (
            {"noise": lambda size, rng: np.full(size, np.nan)},
            "noise: must hold finite numbers only; got nan at position 0",
        ),
        (
            {"estimators": {"all": lambda r, axis: r}},
            "estimators['all']: must return an array of shape (10,); got shape (10, 5)",
        ),
        (
            {"estimators": {"nothing": lambda r, axis: np.zeros(len(r))}},
            "estimators['nothing']: must not estimate 0 from every sample; got only zeros",
        ),
    ],
)
def test_refusals(bad, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        relative_efficiency(**(GOOD | bad))
