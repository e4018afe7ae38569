"""Does a sample look like draws from a noise model? Ordered values against those to be expected.

Sort the sample. Let a computer draw many samples of the same size from the model and sort each.
The smallest values of these samples have a mean and a spread, so do the second smallest, and so
on. A quantile-quantile plot shows each value of the sample over the mean for its rank.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from course_code._validate import as_count, as_floats, as_generator, as_real, refuse

__all__ = ["Order", "expected_order", "z_scores"]


@dataclass(frozen=True)
class Order:
    """What to expect of the sorted values of a standardised sample.

    Attributes
    ----------
    expected : ndarray, shape (n,)
        The mean of each, in increasing order.
    low, high : ndarray, shape (n,)
        A band that a whole sample leaves nowhere, with the probability asked for.
    """

    expected: np.ndarray = field(repr=False)
    low: np.ndarray = field(repr=False)
    high: np.ndarray = field(repr=False)

    def outside(self, values):
        """How many of n standardised values lie outside the band."""
        values = np.sort(as_floats("values", values, ndim=1))
        if values.shape != self.low.shape:
            refuse("values", f"must have shape {self.low.shape}", f"shape {values.shape}")
        return int(np.sum((values < self.low) | (values > self.high)))


def z_scores(values, axis=-1):
    """Values minus their mean, in units of their standard deviation (divisor n).

    >>> z_scores([1.0, 2.0, 3.0]).round(4)
    array([-1.2247,  0.    ,  1.2247])
    """
    values = as_floats("values", values)
    centred = values - values.mean(axis=axis, keepdims=True)
    sd = np.sqrt(np.mean(centred * centred, axis=axis, keepdims=True))
    if not sd.all():
        refuse("values", "must not all be equal", "a standard deviation of 0")
    return centred / sd


def expected_order(noise, n, replicates, rng, share=0.95, standardise=z_scores):
    """The sorted values of standardised samples from a noise model, by simulation.

    The band is narrow where all samples agree and wide where they differ: every rank has the same
    chance of being outside, and that chance is such that a sample as a whole stays inside with
    probability `share`.

    Parameters
    ----------
    noise : noise model of `course_code.noise`
    n : int
        The size of the sample to be looked at; at least 2.
    replicates : int
        How many samples to draw. A few thousand make a smooth band.
    rng : numpy.random.Generator
    share : float, strictly between 0 and 1
        The probability with which all n values lie inside the band.
    standardise : callable
        Called as ``standardise(samples, axis=1)``. The sample to be looked at must be treated by
        the same rule, since a sample that sets its own centre and scale strays less.

    Returns
    -------
    Order

    References
    ----------
    S. Aldor-Noiman, L. D. Brown, A. Buja, W. Rolke and R. A. Stine (2013), The power to see: a new
    graphical test of normality, Amer. Statist. 67, 249-260.

    >>> from course_code.noise import Gaussian
    >>> order = expected_order(Gaussian(), 3, 2000, np.random.default_rng(1))
    >>> print(*order.expected[[0, 2]].round(2))
    -1.17 1.17
    """
    n, replicates = as_count("n", n, at_least=2), as_count("replicates", replicates)
    share = as_real("share", share, above=0, below=1)
    samples = noise.sample((replicates, n), as_generator("rng", rng))
    samples = np.sort(standardise(samples, axis=1), axis=1)
    place = samples.argsort(axis=0).argsort(axis=0)  # among all samples, rank by rank
    # How many samples are at least as extreme, at the rank where a sample is most extreme.
    depth = np.minimum(place, replicates - 1 - place).min(axis=1)
    cut = int(np.sort(depth)[int((1 - share) * replicates)])
    ranked = np.sort(samples, axis=0)
    return Order(samples.mean(axis=0), ranked[cut], ranked[replicates - 1 - cut])
