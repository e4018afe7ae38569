"""Expected order statistics against closed forms."""

import re

import numpy as np
import pytest
from scipy import stats

from course_code.noise import Gaussian, Laplace
from course_code.qq import expected_order, z_scores


def raw(samples, axis):
    return samples


def rng():
    return np.random.default_rng(4)


@pytest.mark.parametrize("shape", [(7,), (3, 7)])
def test_z_scores_are_those_of_scipy(shape):
    values = rng().normal(5, 3, shape)
    np.testing.assert_allclose(z_scores(values), stats.zscore(values, axis=-1), rtol=1e-12)


@pytest.mark.parametrize(
    ("noise", "known"), [(Gaussian(), stats.norm()), (Laplace(2.0), stats.laplace(0, 2.0))]
)
def test_what_is_expected_of_each_rank_is_the_mean_of_its_order_statistic(noise, known):
    n = 11
    order = expected_order(noise, n, 40_000, rng(), standardise=raw)
    means = [
        known.expect(lambda v, k=k: v * n * stats.binom.pmf(k, n - 1, known.cdf(v)))
        for k in range(n)
    ]
    np.testing.assert_allclose(order.expected, means, atol=0.03 * known.std())


def test_every_rank_has_the_same_chance_of_being_outside():
    n = 11
    order = expected_order(Gaussian(), n, 40_000, rng(), share=0.8, standardise=raw)
    rank = np.arange(1, n + 1)
    place = stats.beta(rank, n + 1 - rank)  # of the k-th smallest, in probability
    below, above = place.cdf(stats.norm.cdf(order.low)), place.sf(stats.norm.cdf(order.high))
    np.testing.assert_allclose(below, below.mean(), rtol=0.2)
    np.testing.assert_allclose(above, below.mean(), rtol=0.2)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_the_share_is_that_of_samples_with_no_value_outside(share):
    order = expected_order(Gaussian(), 30, 20_000, rng(), share=share)
    fresh = z_scores(np.random.default_rng(9).normal(size=(4000, 30)))
    inside = np.mean([order.outside(row) == 0 for row in fresh])
    assert inside == pytest.approx(share, abs=0.025)


def test_standardising_narrows_the_band_and_makes_the_scale_irrelevant():
    wide = expected_order(Gaussian(), 20, 4000, rng(), standardise=raw)
    narrow = expected_order(Gaussian(3.0), 20, 4000, rng())
    same = expected_order(Gaussian(1.0), 20, 4000, rng())
    np.testing.assert_allclose(narrow.expected, same.expected, rtol=1e-9)
    assert ((narrow.high - narrow.low) < (wide.high - wide.low)).all()


def test_one_sample_is_its_own_band():
    order = expected_order(Gaussian(), 5, 1, rng())
    np.testing.assert_array_equal(order.low, order.high)


def test_outside_sorts_first():
    order = expected_order(Gaussian(), 3, 1000, rng())
    assert order.outside(order.expected[::-1]) == 0
    assert order.outside(order.high + np.array([1.0, 0.0, 0.0])) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: z_scores([2.0, 2.0]), "values: must not all be equal; got a standard deviation"),
        (lambda: z_scores([]), "values: must not be empty"),
        (lambda: expected_order(Gaussian(), 1, 9, rng()), "n: must be a whole number, at least 2"),
        (lambda: expected_order(Gaussian(), 5, 0, rng()), "replicates: must be a whole number"),
        (
            lambda: expected_order(Gaussian(), 5, 9, rng(), share=1.0),
            "share: must lie strictly between 0 and 1; got 1.0",
        ),
        (lambda: expected_order(Gaussian(), 5, 9, 3), "rng: must be a numpy.random.Generator"),
        (
            lambda: expected_order(Gaussian(), 5, 9, rng()).outside([1.0, 2.0]),
            "values: must have shape (5,); got shape (2,)",
        ),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
