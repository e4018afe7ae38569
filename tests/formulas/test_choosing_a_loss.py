"""The displayed formulas and the property table of "Choosing a loss", written out and checked."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
import sympy as sp
from scipy import integrate, optimize, stats
from statsmodels.stats.diagnostic import het_breuschpagan

from course_code.choosing import bell_ratio, examine
from course_code.losses import Huber, LogCosh, Quantile, SmoothL1, Tukey, mae, mse
from course_code.regression import fit
from tests.naming import label

from .registry import formula

SIX = [mse, mae, Huber(0.8), LogCosh(), Quantile(0.9), Tukey(3.0)]
SMOOTH = [mse, Huber(0.8), LogCosh(), SmoothL1(0.5), Tukey(3.0)]


def lognormal_mean(f, s=0.6):
    """E f(Y) for log Y Gaussian, by quadrature."""
    return integrate.quad(lambda z: f(math.exp(s * z)) * stats.norm.pdf(z), -9, 9, limit=400)[0]


@formula("eq-choosing-target")
@pytest.mark.parametrize("loss", SIX, ids=label)
def test_the_best_constant_balances_the_pulls(loss):
    best = optimize.minimize_scalar(
        lambda c: lognormal_mean(lambda y: loss.rho(y - c)), bounds=(0.5, 3), method="bounded"
    ).x
    balance = optimize.brentq(lambda c: lognormal_mean(lambda y: loss.psi(y - c)), 0.5, 3)
    assert best == pytest.approx(balance, abs=2e-3)


def test_where_the_losses_aim_in_closed_form():
    def aim(loss):
        return optimize.brentq(lambda c: lognormal_mean(lambda y: loss.psi(y - c)), 0.5, 4)

    assert aim(mse) == pytest.approx(math.exp(0.18))
    assert aim(mae) == pytest.approx(1, abs=5e-3)  # quadrature across a jump
    assert aim(Quantile(0.9)) == pytest.approx(math.exp(0.6 * stats.norm.ppf(0.9)), rel=5e-3)


@formula("eq-choosing-geary")
def test_gearys_mean_and_variance_are_those_of_a_large_gaussian_sample():
    z = sp.symbols("z", real=True)
    density = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
    m = 2 * sp.integrate(z * density, (z, 0, sp.oo))
    assert sp.simplify(m - sp.sqrt(2 / sp.pi)) == 0
    assert float(m) == pytest.approx(0.798, abs=5e-4)
    # Delta method for mean|z| / sqrt(mean z^2): the slope is |z| - m z^2 / 2.
    third = 2 * sp.integrate(z**3 * density, (z, 0, sp.oo))
    variance = (1 - m**2) - m * (third - m) + m**2 / 4 * (3 - 1)
    assert sp.simplify(variance - (1 - 3 / sp.pi)) == 0
    assert bell_ratio(10**5)[1] ** 2 * 10**5 == pytest.approx(1 - 3 / math.pi, rel=1e-3)


@formula("eq-choosing-gap")
@pytest.mark.parametrize(
    ("law", "density"), [(stats.norm(), 0.3989), (stats.laplace(), 0.5), (stats.gamma(2), None)]
)
def test_the_variance_of_mean_minus_median_is_the_displayed_sum(law, density):
    rng = np.random.default_rng(1)
    n = 400
    samples = law.rvs((4000, n), random_state=rng)
    gaps = samples.mean(axis=1) - np.median(samples, axis=1)
    f = density or law.pdf(law.median())
    d = samples - samples.mean(axis=1, keepdims=True)
    s = np.sign(samples - np.median(samples, axis=1, keepdims=True))
    displayed = ((d - s / (2 * f)) ** 2).sum(axis=1) / n**2
    assert displayed.mean() == pytest.approx(gaps.var(), rel=0.08)


@formula("eq-choosing-koenker")
def test_koenkers_statistic_is_n_r_squared_and_chi_square():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 2))
    r = rng.normal(size=60)
    u = r**2
    fitted = sm.OLS(u, sm.add_constant(X)).fit().fittedvalues
    r_squared = ((fitted - u.mean()) ** 2).sum() / ((u - u.mean()) ** 2).sum()
    statistic, p, _, _ = het_breuschpagan(r, sm.add_constant(X), robust=True)
    assert 60 * r_squared == pytest.approx(statistic)
    assert examine(r, X)["spread"].value == pytest.approx(60 * r_squared)
    assert stats.chi2.sf(60 * r_squared, 2) == pytest.approx(p)
    # Under Laplace noise too, the values are spread as chi-square with p degrees of freedom.
    values = []
    for _ in range(400):
        y, x = rng.laplace(size=400), rng.normal(size=(400, 2))
        values.append(examine(y - fit(x, y, mse).predict(x), x)["spread"].value)
    assert stats.kstest(values, stats.chi2(2).cdf).pvalue > 0.01


@formula("eq-choosing-hessian")
@pytest.mark.parametrize("loss", SMOOTH, ids=label)
def test_the_hessian_is_the_curvature_weighted_gram_matrix(loss):
    rng = np.random.default_rng(3)
    X, y, beta = rng.normal(size=(30, 2)), rng.normal(size=30) * 2, np.array([0.3, -0.2])
    r = y - X @ beta
    displayed = sum(loss.curvature(v) * np.outer(x, x) for v, x in zip(r, X, strict=True)) / 30
    h = 1e-5

    def slope(b):
        return X.T @ loss.gradient(y, X @ b)

    steps = h * np.eye(2)
    numeric = np.array([(slope(beta + e) - slope(beta - e)) / (2 * h) for e in steps])
    np.testing.assert_allclose(numeric, displayed, atol=1e-6)


def displayed_loss(name, r, t):
    """The losses of eq-choosing-scaling, written out."""
    a = abs(r)
    return {
        "squared": r * r,
        "absolute": a,
        "quantile": t * r if r >= 0 else (t - 1) * r,
        "huber": r * r / 2 if a <= t else t * (a - t / 2),
        "smooth": r * r / (2 * t) if a <= t else a - t / 2,
    }[name]


@formula("eq-choosing-scaling")
@pytest.mark.parametrize("r", [-7.0, -0.3, 0.05, 2.0])
@pytest.mark.parametrize("c", [0.01, 3.0])
def test_how_losses_scale(r, c):
    power = {"squared": 2, "absolute": 1, "quantile": 1}
    for name, k in power.items():
        assert displayed_loss(name, c * r, 0.9) == pytest.approx(
            c**k * displayed_loss(name, r, 0.9)
        )
    assert displayed_loss("huber", c * r, c * 0.7) == pytest.approx(
        c**2 * displayed_loss("huber", r, 0.7)
    )
    assert displayed_loss("smooth", c * r, c * 0.7) == pytest.approx(
        c * displayed_loss("smooth", r, 0.7)
    )
    assert Huber(c * 0.7).rho(c * r) == pytest.approx(c**2 * Huber(0.7).rho(r))
    assert SmoothL1(c * 0.7).rho(c * r) == pytest.approx(c * SmoothL1(0.7).rho(r))
    assert Tukey(c * 2).rho(c * r) == pytest.approx(c**2 * Tukey(2.0).rho(r))


def test_the_property_table():
    y, p, n = np.array([1.0, -4.0, 0.2, 9.0]), np.zeros(4), 4
    u = np.minimum(1, y**2 / 9)
    gradients = {
        mse: -2 * y / n,
        mae: -np.sign(y) / n,
        Huber(0.8): -np.clip(y, -0.8, 0.8) / n,
        SmoothL1(0.8): -np.clip(y, -0.8, 0.8) / 0.8 / n,
        LogCosh(): -np.tanh(y) / n,
        Quantile(0.9): np.where(y > 0, -0.9, 0.1) / n,
        Tukey(3.0): -y * (1 - u) ** 2 / n,
    }
    for loss, displayed in gradients.items():
        np.testing.assert_allclose(loss.gradient(y, p), displayed, atol=1e-12)
    bends = {
        mse: np.full(4, 2.0),
        mae: np.zeros(4),
        Huber(0.8): (np.abs(y) <= 0.8) * 1.0,
        SmoothL1(0.8): (np.abs(y) <= 0.8) / 0.8,
        LogCosh(): 1 / np.cosh(y) ** 2,
        Quantile(0.9): np.zeros(4),
    }
    for loss, displayed in bends.items():
        np.testing.assert_allclose(loss.curvature(y), displayed, atol=1e-12)
    assert Tukey(3.0).rho(100.0) == pytest.approx(9 / 6)  # the top of its range
    assert Tukey(3.0).curvature(2.0) < 0 < Tukey(3.0).curvature(0.0)
    for loss in gradients:
        assert loss.rho(0.0) == 0
        assert (loss.rho(np.linspace(-50, 50, 101)) >= 0).all()
        if loss != Tukey(3.0):
            assert loss.rho(1e9) > 1e7  # no upper limit
    ratio = LogCosh().rho(10 * np.array([0.01, 1.0])) / LogCosh().rho([0.01, 1.0])
    assert ratio[0] > 4 * ratio[1]  # no power law


@formula("eq-choosing-lognormal")
def test_mean_and_median_of_a_lognormal():
    mu, sigma = 0.7, 0.5
    density = stats.norm(mu, sigma).pdf
    mean = integrate.quad(lambda v: math.exp(v) * density(v), -8, 9)[0]
    assert mean == pytest.approx(math.exp(mu + sigma**2 / 2))
    assert stats.norm(mu, sigma).cdf(math.log(math.exp(mu))) == pytest.approx(0.5)
    assert stats.lognorm(sigma, scale=math.exp(mu)).median() == pytest.approx(math.exp(mu))


@formula("eq-choosing-smearing")
def test_smearing_finds_the_mean_without_a_gaussian():
    rng = np.random.default_rng(4)
    x = rng.uniform(0, 1, 40_000)
    noise = rng.uniform(-1, 1, 40_000)  # its exponential has mean sinh 1
    y = np.exp(1 + 2 * x + noise)
    line = fit(x[:, None], np.log(y), mse)
    r = np.log(y) - line.predict(x[:, None])
    displayed = np.exp(line.predict([[0.3]])[0]) * np.exp(r).sum() / len(r)
    assert displayed == pytest.approx(math.exp(1 + 2 * 0.3) * math.sinh(1), rel=0.02)


@formula("eq-choosing-vae")
def test_the_first_term_is_a_gaussian_log_likelihood():
    rng = np.random.default_rng(5)
    x, x_hat, sigma = rng.uniform(size=7), rng.uniform(size=7), 0.4
    displayed = ((x - x_hat) ** 2).sum() / (2 * sigma**2) + 7 / 2 * math.log(2 * math.pi * sigma**2)
    assert displayed == pytest.approx(-stats.norm(x_hat, sigma).logpdf(x).sum())


@formula("eq-choosing-code")
@pytest.mark.parametrize("lam", [0.2, 1.0, 5.0])
def test_a_direction_below_the_noise_gets_no_code(lam):
    sigma2 = 1.0

    def cost(w):
        return 0.5 * math.log(sigma2 + w) + lam / (2 * (sigma2 + w))

    best = optimize.minimize_scalar(cost, bounds=(0, 20), method="bounded").x
    assert best == pytest.approx(max(0, lam - sigma2), abs=2e-3)
    # It is minus the mean log-likelihood of a variance lam under a Gaussian, up to a constant.
    values = np.sqrt(lam) * np.array([1.0, -1.0])
    for w in (0.0, 0.7):
        nll = -stats.norm(0, math.sqrt(sigma2 + w)).logpdf(values).mean()
        assert nll - cost(w) == pytest.approx(math.log(2 * math.pi) / 2)
    grey = np.random.default_rng(6).uniform(size=(50, 9)).round()
    assert grey.var(axis=0).sum() <= 9 / 4  # values between 0 and 1: at most D / 4


@formula("eq-choosing-td")
@pytest.mark.parametrize("delta", [1.0, 10.0, 99.0, 200.0])
def test_learning_stops_where_the_expected_pull_is_zero(delta):
    gamma, loss = 0.9, Huber(delta)
    balance = optimize.brentq(
        lambda v: 0.99 * loss.psi(gamma * v - v) + 0.01 * loss.psi(100 + gamma * v - v), 0, 100
    )
    value, rate = 0.0, 0.5
    for _ in range(20_000):  # expected steps of semi-gradient learning
        value += rate * (0.99 * loss.psi(-0.1 * value) + 0.01 * loss.psi(100 - 0.1 * value))
    assert value == pytest.approx(balance, rel=1e-9)
    clipped = min(delta, 99.0)  # of the large difference at V = 10, which is 99
    assert balance == pytest.approx(0.01 * clipped / 0.099)
    assert optimize.brentq(lambda v: 0.99 * (-0.1 * v) + 0.01 * (100 - 0.1 * v), 0, 100) == 10
