"""The displayed formulas of "The neighbours", written out again and checked."""

import numpy as np
import pytest
import sympy as sp
import torch
from scipy import integrate, stats
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss, mean_gamma_deviance, mean_poisson_deviance

from .registry import formula

P = np.array([0.1, 0.6, 0.3])
Q = np.array([0.2, 0.5, 0.3])


@formula("eq-cross-entropy")
def test_cross_entropy_is_entropy_and_divergence():
    displayed = -np.sum(P * np.log(Q))
    entropy, divergence = -np.sum(P * np.log(P)), np.sum(P * np.log(P / Q))
    assert displayed == pytest.approx(entropy + divergence)
    assert entropy == pytest.approx(stats.entropy(P))
    assert divergence == pytest.approx(stats.entropy(P, Q))
    truth = torch.nn.functional.cross_entropy(torch.log(torch.tensor(Q)), torch.tensor(P)).item()
    assert displayed == pytest.approx(truth)


def divergence_of(law, y, forecast):
    """The Kullback-Leibler divergence by quadrature, from SciPy's densities."""
    p, q = law(loc=y), law(loc=forecast)
    ends = min(y, forecast), max(y, forecast)
    pieces = [(-60.0, ends[0]), ends, (ends[1], 60.0)]
    return sum(
        integrate.quad(lambda t: p.pdf(t) * (p.logpdf(t) - q.logpdf(t)), *piece)[0]
        for piece in pieces
    )


@pytest.mark.parametrize(("y", "forecast", "width"), [(3.0, 1.0, 2.0), (-1.0, -0.5, 0.7)])
@formula("eq-kl-gaussian")
def test_gaussians_differ_by_their_squared_distance(y, forecast, width):
    found = divergence_of(lambda loc: stats.norm(loc, width), y, forecast)
    assert found == pytest.approx((y - forecast) ** 2 / (2 * width**2))


@pytest.mark.parametrize(("y", "forecast", "b"), [(3.0, 1.0, 2.0), (-1.0, -0.5, 0.7), (0, 9, 1)])
@formula("eq-kl-laplace")
def test_laplace_densities_differ_by_a_rounded_v(y, forecast, b):
    d = abs(y - forecast)
    found = divergence_of(lambda loc: stats.laplace(loc, b), y, forecast)
    assert found == pytest.approx(d / b - 1 + np.exp(-d / b), rel=1e-6)


p, q = sp.symbols("p q", positive=True)


@formula("eq-brier")
def test_the_brier_score_splits():
    expected = p * (1 - q) ** 2 + (1 - p) * (0 - q) ** 2
    assert sp.expand(expected - (p * (1 - p) + (q - p) ** 2)) == 0


@formula("eq-brier-slope")
def test_slopes_of_the_two_honest_losses():
    brier = p * (1 - q) ** 2 + (1 - p) * q**2
    log_score = -p * sp.log(q) - (1 - p) * sp.log(1 - q)
    assert sp.simplify(sp.diff(brier, q) - 2 * (q - p)) == 0
    assert sp.simplify(sp.diff(log_score, q) - (q - p) / (q * (1 - q))) == 0
    by_sklearn = log_loss([1, 0, 0, 0], [0.4] * 4)
    assert float(log_score.subs({p: 0.25, q: 0.4})) == pytest.approx(by_sklearn)


@formula("eq-focal")
def test_focal_loss_turns_cross_entropy_down():
    def focal(q_of_what_happened, gamma):
        return -((1 - q_of_what_happened) ** gamma) * np.log(q_of_what_happened)

    outcomes, forecasts = [1, 0, 1], np.array([0.9, 0.2, 0.3])
    given = np.where(outcomes, forecasts, 1 - forecasts)
    assert focal(given, 0).mean() == pytest.approx(log_loss(outcomes, forecasts))
    np.testing.assert_allclose(focal(given, 2) / focal(given, 0), [0.01, 0.04, 0.49])
    mean = lambda f: 0.3 * focal(f, 2) + 0.7 * focal(1 - f, 2)  # noqa: E731
    best = minimize_scalar(mean, bounds=(0.01, 0.99), method="bounded").x
    assert best == pytest.approx(0.422, abs=0.001)


@formula("eq-hinge")
def test_hinge_is_a_pinball_loss_and_a_line():
    u = np.linspace(-3, 3, 61)
    for tau in (0.1, 0.5, 0.8):
        pinball = np.where(u >= 0, tau * u, (tau - 1) * u)
        np.testing.assert_allclose(np.maximum(0, u), pinball + (1 - tau) * u, atol=1e-15)
    scores = np.linspace(-3, 3, 601)
    for share in (0.1, 0.3, 0.45):
        mean = share * np.maximum(0, 1 - scores) + (1 - share) * np.maximum(0, 1 + scores)
        assert scores[np.argmin(mean)] == pytest.approx(-1)


def poisson(y, mu):
    return 2 * (y * np.log(y / mu) - (y - mu))


def gamma(y, mu):
    return 2 * ((y - mu) / mu - np.log(y / mu))


@formula("eq-deviances")
def test_deviances_are_twice_the_lost_log_likelihood():
    for y, mu in [(20, 10.0), (3, 4.5)]:
        lost = stats.poisson(y).logpmf(y) - stats.poisson(mu).logpmf(y)
        assert poisson(y, mu) == pytest.approx(2 * lost)
        assert poisson(y, mu) == pytest.approx(mean_poisson_deviance([y], [mu]))
        shape = 2.5
        lost = [stats.gamma(shape, scale=m / shape).logpdf(y) for m in (y, mu)]
        assert gamma(y, mu) == pytest.approx(2 * (lost[0] - lost[1]) / shape)
        assert gamma(y, mu) == pytest.approx(mean_gamma_deviance([y], [mu]))


@formula("eq-deviance-local")
def test_deviances_are_scaled_squares_near_the_mean():
    mu, step = sp.symbols("mu h", positive=True)
    y = mu + step
    for k, deviance in enumerate(
        (step**2, 2 * (y * sp.log(y / mu) - step), 2 * (step / mu - sp.log(y / mu)))
    ):
        assert sp.simplify(sp.limit(deviance / step**2, step, 0) - mu**-k) == 0


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.83])
@formula("eq-expectile")
def test_expectiles_balance_amounts(tau):
    values = np.random.default_rng(5).exponential(size=200)

    def tilted(e):
        r = values - e
        return np.mean(np.where(r > 0, tau, 1 - tau) * r**2)

    e = minimize_scalar(tilted, bounds=(0, 10), method="bounded", options={"xatol": 1e-10}).x
    above, below = np.maximum(values - e, 0).mean(), np.maximum(e - values, 0).mean()
    assert tau * above == pytest.approx((1 - tau) * below, rel=1e-5)
    assert e == pytest.approx(stats.expectile(values, tau), rel=1e-6)


def crps_by_integral(law, y):
    below = integrate.quad(lambda t: law.cdf(t) ** 2, -np.inf, y)[0]
    return below + integrate.quad(lambda t: law.sf(t) ** 2, y, np.inf)[0]


@formula("eq-crps-energy")
def test_crps_in_absolute_errors():
    atoms, share = np.array([0.0, 1.0, 4.0]), np.array([0.5, 0.2, 0.3])
    y, grid = 2.5, np.linspace(-1, 5, 600_001)
    steps = (share[:, None] * (atoms[:, None] <= grid)).sum(axis=0)
    integral = np.mean((steps - (y <= grid)) ** 2) * 6
    near = share @ np.abs(atoms - y)
    apart = share @ np.abs(atoms[:, None] - atoms) @ share
    assert near - apart / 2 == pytest.approx(integral, abs=1e-4)


@pytest.mark.parametrize(("y", "mean", "sigma"), [(1.5, 0.0, 1.0), (-2.0, 1.0, 0.4)])
@formula("eq-crps-normal")
def test_crps_of_a_gaussian_forecast(y, mean, sigma):
    z = (y - mean) / sigma
    cdf, pdf = stats.norm.cdf(z), stats.norm.pdf(z)
    displayed = sigma * (z * (2 * cdf - 1) + 2 * pdf - 1 / np.sqrt(np.pi))
    assert displayed == pytest.approx(crps_by_integral(stats.norm(mean, sigma), y))


@formula("eq-pairs")
def test_losses_on_pairs():
    anchor, like, unlike = torch.tensor([[0.0, 0.0]]), torch.tensor([[0.6, 0.8]]), [0.3, 0.4]
    margin = 1.25
    d = 0.5  # of the unlike pair; the like pair is 1 apart
    contrastive = {s: s * d**2 / 2 + (1 - s) * max(0, margin - d) ** 2 / 2 for s in (0, 1)}
    hinge = torch.nn.functional.hinge_embedding_loss(torch.tensor([d]), -torch.ones(1), margin)
    assert contrastive[0] == pytest.approx(hinge.item() ** 2 / 2)
    assert contrastive[1] == pytest.approx(0.125)
    squared = torch.nn.TripletMarginWithDistanceLoss(
        distance_function=lambda a, b: ((a - b) ** 2).sum(dim=1), margin=margin
    )
    assert squared(anchor, like, torch.tensor([unlike])).item() == pytest.approx(
        max(0, 1**2 - d**2 + margin)
    )


@formula("eq-dropout")
def test_dropout_adds_a_ridge_penalty():
    """By all masks of two rows and two columns, with their probabilities."""
    x, w, y, k = (
        np.array([[1.0, 2.0], [-0.5, 3.0]]),
        np.array([0.7, -1.2]),
        np.array([1.0, 2.0]),
        0.8,
    )
    mean = 0.0
    for bits in range(16):
        mask = np.array([(bits >> j) & 1 for j in range(4)]).reshape(2, 2)
        chance = k ** mask.sum() * (1 - k) ** (4 - mask.sum())
        mean += chance * np.sum((y - (mask / k * x) @ w) ** 2)
    penalty = (1 - k) / k * np.sum(w**2 * np.sum(x**2, axis=0))
    assert mean == pytest.approx(np.sum((y - x @ w) ** 2) + penalty)
