"""Efficiencies of spread and centre, against quadrature, simulation and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

from course_code.spread import (
    absolute_moment,
    break_even,
    median_deviation_variance,
    median_efficiency,
    power_variance,
    scale_efficiency,
)

SHARES = st.floats(0, 1)


def density(x, eps, widening):
    return (1 - eps) * stats.norm.pdf(x) + eps * stats.norm.pdf(x, scale=widening)


@settings(max_examples=20)
@given(k=st.floats(0.3, 8), eps=SHARES, widening=st.floats(0.5, 5))
def test_moments_are_integrals(k, eps, widening):
    reach = 14 * max(1, widening)
    half, _ = quad(lambda x: x**k * density(x, eps, widening), 0, reach, limit=200, points=[1, 4])
    assert absolute_moment(k, eps, widening) == pytest.approx(2 * half, rel=1e-6)


def test_gauss_needs_114_observations_instead_of_100():
    needed = [100 * power_variance(k) / power_variance(2) for k in range(1, 7)]
    expected = [114.159, 100, 108.677, 133.333, 177.550, 251.111]
    np.testing.assert_allclose(needed, expected, atol=6e-4)


def test_the_variance_of_each_estimate_is_that_of_samples():
    # 4000 samples of 400: the ratio of two variances is known to about 3 %.
    sample = np.abs(np.random.default_rng(3).normal(size=(4000, 400)))
    for k in (1, 2, 3):
        estimates = np.mean(sample**k, axis=1) ** (1 / k)
        found = 400 * estimates.var() / estimates.mean() ** 2
        assert found == pytest.approx(power_variance(k), rel=0.07)
    medians = np.median(sample, axis=1)
    found = 400 * medians.var() / medians.mean() ** 2
    assert found == pytest.approx(median_deviation_variance(), rel=0.07)


def test_the_efficiency_of_the_median_is_that_of_samples():
    rng = np.random.default_rng(4)
    for eps in (0.0, 0.3):
        wide = np.where(rng.random((4000, 401)) < eps, 3.0, 1.0)
        sample = wide * rng.normal(size=wide.shape)
        found = sample.mean(axis=1).var() / np.median(sample, axis=1).var()
        assert found == pytest.approx(median_efficiency(eps), rel=0.07)


def test_break_even_agrees_with_another_root_finder():
    for efficiency in (scale_efficiency, median_efficiency):
        other = brentq(lambda eps, f=efficiency: f(eps) - 1, 0, 0.2, xtol=1e-14)
        assert break_even(efficiency) == pytest.approx(other, abs=1e-12)
    assert break_even(scale_efficiency) == pytest.approx(0.0017537, abs=1e-7)
    assert break_even(median_efficiency) == pytest.approx(0.1005920, abs=1e-7)


def test_shares_may_be_an_array():
    shares = np.array([0.0, 0.05])
    assert scale_efficiency(shares).tolist() == [scale_efficiency(0.0), scale_efficiency(0.05)]
    assert scale_efficiency(0.05) == pytest.approx(2.0347, abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scale_efficiency(-0.1), "eps: must lie between 0 and 1; got -0.1"),
        (lambda: median_efficiency([0.1, 1.5]), "eps: must lie between 0 and 1; got 1.5"),
        (lambda: power_variance(0), "k: must be a positive finite number; got 0"),
        (lambda: absolute_moment(2, 0.1, 0), "widening: must be a positive finite number; got 0"),
        (lambda: break_even(scale_efficiency, 0.001), "below: must have an efficiency above 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
