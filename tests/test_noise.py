"""The noise models against quadrature, SciPy's densities, and the losses they turn into."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from course_code.losses import (
    Huber,
    Quantile,
    gaussian_nll,
    laplace_nll,
    mae,
    mse,
)
from course_code.noise import AsymmetricLaplace, Gaussian, HuberDensity, Laplace
from tests.naming import label

DENSITIES = [
    Gaussian(),
    Gaussian(0.3),
    Laplace(),
    Laplace(2.5),
    AsymmetricLaplace(0.7, 0.2),
    AsymmetricLaplace(2.0, 0.95),
    HuberDensity(),
    HuberDensity(0.7, 0.5),
    HuberDensity(2.0, 3.0),
    HuberDensity(0.5, 5.0),
]
every_density = pytest.mark.parametrize("noise", DENSITIES, ids=label)


def expected(noise, f):
    """The expectation of f by quadrature, cut where the density bends."""
    bend = getattr(noise, "delta", noise.sd)
    cuts = sorted({-80 * noise.sd, -8 * noise.sd, -bend, 0.0, bend, 8 * noise.sd, 80 * noise.sd})

    def integrand(r):
        return f(r) * math.exp(noise.log_density(r))

    return sum(
        quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in pairwise(cuts)
    )


# --- densities ---------------------------------------------------------------------------------


@every_density
def test_the_density_integrates_to_one(noise):
    assert expected(noise, lambda r: 1.0) == pytest.approx(1, abs=1e-10)


@every_density
def test_the_standard_deviation_is_the_densitys(noise):
    mean = expected(noise, lambda r: r)
    variance = expected(noise, lambda r: (r - mean) ** 2)
    assert noise.sd == pytest.approx(math.sqrt(variance), rel=1e-9)


@pytest.mark.parametrize(
    ("noise", "theirs"),
    [
        (Gaussian(0.3), scipy.stats.norm(scale=0.3)),
        (Laplace(2.5), scipy.stats.laplace(scale=2.5)),
        # SciPy's kappa and scale, from the rates tau / b above zero and (1 - tau) / b below
        (
            AsymmetricLaplace(0.7, 0.2),
            scipy.stats.laplace_asymmetric(kappa=0.5, scale=0.7 / math.sqrt(0.2 * 0.8)),
        ),
    ],
    ids=["gaussian", "laplace", "asymmetric"],
)
def test_the_log_density_is_scipys(noise, theirs):
    r = np.linspace(-9, 9, 181)
    np.testing.assert_allclose(noise.log_density(r), theirs.logpdf(r), rtol=1e-12, atol=1e-13)


def test_the_scale_of_a_laplace_density_is_not_its_standard_deviation():
    assert Laplace(3.0).sd == math.sqrt(2) * 3.0
    assert scipy.stats.laplace(scale=3.0).std() == pytest.approx(Laplace(3.0).sd)
    assert Gaussian(3.0).sd == 3.0


def test_hubers_density_runs_from_the_gaussian_to_the_laplace():
    r = np.linspace(-4, 4, 81)
    wide, narrow = HuberDensity(0.7, 50.0), HuberDensity(1.0, 1e-4)
    np.testing.assert_allclose(wide.log_density(r), Gaussian(0.7).log_density(r), rtol=1e-12)
    # exp(-delta |r| / s^2) is the Laplace density of scale s^2 / delta
    np.testing.assert_allclose(narrow.log_density(r), Laplace(1e4).log_density(r), rtol=1e-6)


def test_at_tau_one_half_the_asymmetric_density_is_the_laplace_of_twice_the_scale():
    r = np.linspace(-4, 4, 81)
    half = AsymmetricLaplace(0.6, 0.5)
    np.testing.assert_allclose(half.log_density(r), Laplace(1.2).log_density(r), rtol=1e-14)


def test_zero_is_the_tau_quantile_of_the_asymmetric_density():
    below = quad(lambda r: math.exp(AsymmetricLaplace(0.7, 0.2).log_density(r)), -80, 0)[0]
    assert below == pytest.approx(0.2, abs=1e-10)


@pytest.mark.parametrize("k", [0.01, 0.5, 1.0, 1.345, 4.0])
def test_the_tails_of_hubers_density_hold_the_mass_it_says(k):
    noise = HuberDensity(2.0, 2.0 * k)
    tail = 2 * quad(lambda r: math.exp(noise.log_density(r)), 2 * k, 400 + 400 / k, limit=500)[0]
    assert noise.outside == pytest.approx(tail, rel=1e-8)


# --- from likelihood to loss -------------------------------------------------------------------


@every_density
@given(r=st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_the_mean_loss_is_the_likelihood_up_to_the_stated_factors(noise, r):
    r = np.array(r)
    T, log_z = noise.temperature, noise.log_normaliser
    total = noise.nll(r, "sum")
    value = noise.loss(r, np.zeros_like(r))
    assert value == pytest.approx(T * total / r.size - T * log_z, rel=1e-9, abs=1e-9)


def test_the_mse_has_the_factor_two_sigma_squared_over_n():
    r, s = np.random.default_rng(0).normal(size=50), 0.4
    total = Gaussian(s).nll(r, "sum")
    factors = 2 * s**2 / 50 * total - s**2 * math.log(2 * math.pi * s**2)
    assert mse(r, 0 * r) == pytest.approx(factors, rel=1e-12)


def test_the_mae_has_the_factor_b_over_n():
    r, b = np.random.default_rng(0).laplace(size=50), 0.4
    factors = b / 50 * Laplace(b).nll(r, "sum") - b * math.log(2 * b)
    assert mae(r, 0 * r) == pytest.approx(factors, rel=1e-12)


def test_the_same_model_minimises_the_loss_and_the_likelihood():
    y = np.random.default_rng(1).laplace(size=51)
    for noise in DENSITIES:
        by_loss, by_nll = (
            minimize_scalar(f, bounds=(-2, 4), method="bounded", options={"xatol": 1e-9}).x
            for f in (
                lambda c, noise=noise: noise.loss(y, np.full_like(y, c)),
                lambda c, noise=noise: noise.nll(y - c),
            )
        )
        assert by_loss == pytest.approx(by_nll, abs=1e-6)


def test_the_losses_are_those_of_the_course():
    assert Gaussian(3.0).loss == mse
    assert Laplace(3.0).loss == mae
    assert AsymmetricLaplace(3.0, 0.9).loss == Quantile(0.9)
    assert HuberDensity(3.0, 0.5).loss == Huber(0.5)


def test_the_likelihoods_of_a_sample_are_those_of_the_losses_module():
    rng = np.random.default_rng(2)
    y, m = rng.normal(size=(2, 30))
    for reduction in ("mean", "sum", "none"):
        gaussian, laplace = Gaussian(0.6).nll(y - m, reduction), Laplace(0.6).nll(y - m, reduction)
        np.testing.assert_allclose(gaussian, gaussian_nll(y, m, 0.36, reduction), rtol=1e-12)
        np.testing.assert_allclose(laplace, laplace_nll(y, m, 0.6, reduction), rtol=1e-12)


@every_density
def test_shapes_and_formats_are_kept(noise):
    r = np.float32([[1, -2, 3]])
    assert noise.log_density(r).shape == (1, 3)
    assert noise.log_density(r).dtype == np.float32
    assert noise.nll(r, "none").dtype == np.float32
    assert isinstance(noise.nll(r), np.float32)
    assert type(noise.log_density(1)) is float
    assert type(noise.nll([1, 2])) is float
    assert noise.nll(2.0) == -noise.log_density(2.0)
    np.testing.assert_allclose(noise.nll(r, "none"), -noise.log_density(r))


@every_density
@pytest.mark.filterwarnings("error")
def test_far_residuals_do_not_warn(noise):
    assert noise.log_density(1e200) < -1e100


# --- the scale ---------------------------------------------------------------------------------


def parameters(noise):
    return {k: v for k, v in vars(noise).items() if k != "scale"}


@every_density
def test_the_fitted_scale_maximises_the_likelihood(noise):
    r = noise.sample(400, np.random.default_rng(4))
    kind, rest = type(noise), parameters(noise)
    fitted = kind.fit_scale(r, **rest)
    best = minimize_scalar(
        lambda log_s: kind(math.exp(log_s), **rest).nll(r),
        bounds=(math.log(fitted) - 2, math.log(fitted) + 2),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert fitted == pytest.approx(math.exp(best.x), rel=1e-6)
    assert kind(fitted, **rest).nll(r) <= best.fun + 1e-14


@every_density
def test_at_the_fitted_scale_the_expected_loss_is_the_observed_one(noise):
    r = noise.sample(100, np.random.default_rng(8))
    at_fit = type(noise)(type(noise).fit_scale(r, **parameters(noise)), **parameters(noise))
    observed = at_fit.loss(r, np.zeros_like(r))
    assert expected(at_fit, at_fit.loss.rho) == pytest.approx(observed, rel=1e-8)


def test_the_closed_forms_of_the_scale():
    r = np.array([3.0, -4.0, 0.0, 5.0])
    assert Gaussian.fit_scale(r) == pytest.approx(math.sqrt(50 / 4), rel=1e-15)
    assert Laplace.fit_scale(r) == 3.0
    assert AsymmetricLaplace.fit_scale(r, tau=0.75) == (0.75 * 8 + 0.25 * 4) / 4
    assert Gaussian.fit_scale(r) == pytest.approx(scipy.stats.norm.fit(r, floc=0)[1], rel=1e-12)
    assert Laplace.fit_scale(r) == pytest.approx(scipy.stats.laplace.fit(r, floc=0)[1], rel=1e-12)


@pytest.mark.parametrize("unit", [1e-200, 1e-3, 1e3, 1e200])
def test_the_scale_follows_the_units(unit):
    r = np.array([3.0, -4.0, 0.1, 5.0])
    for noise in DENSITIES:
        rest = parameters(noise)
        scaled = {k: v * unit if k == "delta" else v for k, v in rest.items()}
        in_units = type(noise).fit_scale(unit * r, **scaled)
        assert in_units == pytest.approx(unit * type(noise).fit_scale(r, **rest), rel=1e-12)


# --- draws -------------------------------------------------------------------------------------


@every_density
def test_draws_follow_the_density(noise):
    r = np.sort(noise.sample(20_000, np.random.default_rng(12)))
    grid = np.linspace(-60 * noise.sd, 60 * noise.sd, 400_001)
    density = np.exp(noise.log_density(grid))
    cdf = np.cumsum(density) * (grid[1] - grid[0])
    test = scipy.stats.kstest(r, lambda q: np.interp(q, grid, cdf))
    assert test.pvalue > 0.01
    assert r.std() == pytest.approx(noise.sd, rel=0.06)


@every_density
def test_draws_are_repeatable_and_have_the_shape_asked_for(noise):
    first = noise.sample((3, 4), np.random.default_rng(1))
    again = noise.sample((3, 4), np.random.default_rng(1))
    assert first.shape == (3, 4)
    np.testing.assert_array_equal(first, again)
    assert noise.sample(1, np.random.default_rng(1)).shape == (1,)


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Gaussian, Laplace, AsymmetricLaplace, HuberDensity])
@pytest.mark.parametrize("scale", [0, -1, math.nan, math.inf, "1", None])
def test_the_scale_is_positive(kind, scale):
    rule = f"scale: must be a positive finite number; got {scale}"
    with pytest.raises(ValueError, match=f"^{re.escape(rule)}$"):
        kind(scale=scale)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: AsymmetricLaplace(1.0, 1.5),
            "tau: must lie strictly between 0 and 1; got 1.5",
        ),
        (lambda: HuberDensity(1.0, -1), "delta: must be a positive finite number; got -1"),
        (
            lambda: HuberDensity(1e200, 1e-200),
            "delta: must be at least 1e-300 of the scale; got 1e-200",
        ),
        (
            lambda: AsymmetricLaplace.fit_scale([1, 2], 0),
            "tau: must lie strictly between 0 and 1; got 0",
        ),
        (
            lambda: HuberDensity.fit_scale([1, 2], 0),
            "delta: must be a positive finite number; got 0",
        ),
        (lambda: Gaussian.fit_scale([]), "r: must not be empty; got shape (0,)"),
    ],
    ids=range(6),
)
def test_bad_parameters_are_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


@every_density
def test_bad_calls_are_refused(noise):
    rng = np.random.default_rng(0)
    calls = [
        (lambda: noise.log_density(math.nan), "r: must hold finite numbers only; got nan"),
        (lambda: noise.nll([]), "r: must not be empty; got shape (0,)"),
        (
            lambda: noise.nll([1, math.inf]),
            "r: must hold finite numbers only; got inf at position 1",
        ),
        (lambda: noise.nll([1], "avg"), "reduction: must be one of 'mean', 'sum', 'none'; got avg"),
        (lambda: noise.sample(0, rng), "size: must be a whole number, at least 1; got 0"),
        (lambda: noise.sample((2, -1), rng), "size: must be a whole number, at least 1; got -1"),
        (lambda: noise.sample(2, 7), "rng: must be a numpy.random.Generator; got int"),
        (lambda: noise.sample(2, np.random), "rng: must be a numpy.random.Generator; got module"),
        (
            lambda: type(noise).fit_scale([0.0, 0.0], **parameters(noise)),
            "r: must not all be zero, for then the likelihood has no maximum; got only zeros",
        ),
    ]
    for call, message in calls:
        with pytest.raises(ValueError, match=re.escape(message)):
            call()


@every_density
def test_a_density_is_a_value(noise):
    assert eval(repr(noise)) == noise
    assert hash(eval(repr(noise))) == hash(noise)
