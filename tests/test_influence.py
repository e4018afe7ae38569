"""Efficiency, influence, contamination: against closed forms, SciPy's integrals and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from course_code.efficiency import relative_efficiency
from course_code.influence import (
    contamination,
    efficiency,
    influence,
    sensitivity,
    threshold,
    worst_variance,
)
from course_code.losses import Huber, LogCosh, Quantile, SmoothL1, Tukey, mae, mse
from course_code.noise import AsymmetricLaplace, Gaussian, HuberDensity, Laplace
from course_code.robust import huber_location


@given(st.floats(0.05, 6))
def test_gaussian_efficiency_in_closed_form(k):
    inside = 2 * norm.cdf(k) - 1
    square = inside - 2 * k * norm.pdf(k) + 2 * k**2 * norm.sf(k)
    assert efficiency(Huber(k), Gaussian()) == pytest.approx(inside**2 / square, rel=1e-9)


@given(st.floats(0.05, 8))
def test_laplace_efficiency_in_closed_form(k):
    square = 2 - 2 * math.exp(-k) * (1 + k)
    assert efficiency(Huber(k), Laplace()) == pytest.approx(
        (1 - math.exp(-k)) ** 2 / square, rel=1e-8
    )


@pytest.mark.parametrize(
    ("loss", "noise", "value"),
    [
        (mse, Gaussian(), 1),
        (mae, Gaussian(), 2 / math.pi),
        (mae, Laplace(), 1),
        (mse, Laplace(), 1 / 2),
        (Huber(1.345), HuberDensity(1.0, 1.345), 1),
        (Huber(1.345), Gaussian(), 0.95),  # the values that text books print
        (Tukey(4.685), Gaussian(), 0.95),
        (Quantile(0.5), Laplace(), 1),
    ],
)
def test_known_efficiencies(loss, noise, value):
    assert efficiency(loss, noise) == pytest.approx(value, abs=5e-6)


@given(st.sampled_from([Huber, SmoothL1, Tukey]), st.floats(0.2, 5), st.floats(0.01, 100))
def test_efficiency_has_no_unit_and_is_at_most_one(kind, k, scale):
    one = efficiency(kind(k), Gaussian())
    assert efficiency(kind(k * scale), Gaussian(scale)) == pytest.approx(one, rel=1e-7)
    assert 0 < one <= 1 + 1e-12


def test_simulation_agrees_within_its_error():
    tries = {"mean": np.mean} | {
        k: lambda v, axis, k=k: huber_location(v, k, 1.0) for k in (0.6745, 1.345)
    }
    found = relative_efficiency(tries, Gaussian(), 200, 3000, np.random.default_rng(7))
    for k in (0.6745, 1.345):
        exact = efficiency(Huber(k), Gaussian())
        assert abs(found[k].value - exact) < 3 * found[k].standard_error


@pytest.mark.parametrize(
    ("loss", "largest"),
    [
        (mae, math.sqrt(math.pi / 2)),
        (Huber(1.345), 1.345 / (2 * norm.cdf(1.345) - 1)),
        (Huber(1.0), 1 / (2 * norm.cdf(1) - 1)),
    ],
)
def test_the_largest_influence_in_closed_form(loss, largest):
    values = influence(loss, Gaussian(), np.linspace(-9, 9, 19))
    assert np.abs(values).max() == pytest.approx(largest, rel=1e-7)


def test_sensitivity_tends_to_influence():
    n = 4001
    sample = norm.ppf((np.arange(n) + 0.5) / n)
    at = np.array([-4.0, -1.0, 0.5, 3.0])
    cases = {
        mse: lambda v: v.mean(axis=-1),
        mae: lambda v: np.median(v, axis=-1),
        Huber(1.345): lambda v: huber_location(v, 1.345, 1.0),
    }
    for loss, centre in cases.items():
        expected = influence(loss, Gaussian(), at)
        np.testing.assert_allclose(sensitivity(centre, sample, at), expected, rtol=3e-3)


@given(st.floats(1e-6, 0.95))
def test_threshold_inverts_contamination(eps):
    k = threshold(eps)
    odds = 2 * norm.pdf(k) / k - 2 * norm.sf(k)
    assert odds / (1 + odds) == pytest.approx(eps, rel=1e-6)
    assert contamination(k) == pytest.approx(eps, rel=1e-9)


@pytest.mark.parametrize(("eps", "k"), [(0.01, 1.945), (0.05, 1.399), (0.1, 1.140), (0.2, 0.862)])
def test_the_values_of_hubers_table(eps, k):
    assert threshold(eps) == pytest.approx(k, abs=1.1e-3)


@given(st.floats(0.005, 0.5))
def test_the_minimax_threshold_is_best_against_the_worst(eps):
    best = threshold(eps)
    least = worst_variance(best, eps)
    for other in (0.5, 0.9, 1.1, 2.0):
        assert worst_variance(other * best, eps) > least
    assert worst_variance(1e-4, eps) == pytest.approx(math.pi / 2 / (1 - eps) ** 2, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: efficiency("huber", Gaussian()), "loss: must be a loss"),
        (lambda: efficiency(mse, "normal"), "noise: must be a noise model"),
        (lambda: efficiency(Quantile(0.9), Gaussian()), "loss: must treat both signs"),
        (lambda: efficiency(mse, AsymmetricLaplace(1.0, 0.9)), "noise: must treat both signs"),
        (lambda: contamination(0), "k: must be"),
        (lambda: threshold(0), "eps: must"),
        (lambda: threshold(1), "eps: must"),
        (lambda: worst_variance(1.0, 1.0), "eps: must"),
        (lambda: worst_variance(1.0, -0.1), "eps: must"),
        (lambda: sensitivity(np.mean, [], [1.0]), "sample: must"),
        (lambda: influence(LogCosh(), Gaussian(), [np.nan]), "r: must"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
