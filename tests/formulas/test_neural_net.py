"""The displayed formulas of "Does it matter for a neural net?", written out again and checked."""

import math

import mpmath
import numpy as np
import pytest
import sympy as sp
import torch
from scipy import stats
from scipy.optimize import minimize

from course_code import blur, neuron
from course_code.losses import Huber, mae, mse
from course_code.nets import Network

from .registry import formula

RNG = np.random.default_rng(0)
N, P, H = 7, 2, 3
X, Y = RNG.normal(size=(N, P)), RNG.normal(size=N)
W, B, V, C = RNG.normal(size=(P, H)), RNG.normal(size=H), RNG.normal(size=H), 0.3


def displayed_network(w, b, v, c):
    a = np.array(
        [[math.tanh(b[h] + sum(x[j] * w[j, h] for j in range(P))) for h in range(H)] for x in X]
    )
    return a, np.array([c + sum(v[h] * a[i, h] for h in range(H)) for i in range(N)])


@formula("eq-nn-network")
def test_the_displayed_network_is_that_of_the_code_and_of_torch():
    _, outputs = displayed_network(W, B, V, C)
    theta = np.concatenate([W.ravel(), B, V, [C]])
    np.testing.assert_allclose(Network(P, H).predict(theta, X), outputs, rtol=1e-12)
    hidden = torch.tanh(torch.tensor(X) @ torch.tensor(W) + torch.tensor(B))
    np.testing.assert_allclose((hidden @ torch.tensor(V) + C).numpy(), outputs, rtol=1e-12)


@formula("eq-nn-backprop")
@pytest.mark.parametrize(
    ("loss", "psi"),
    [
        (mse, lambda r: 2 * r),
        (mae, lambda r: math.copysign(1, r)),
        (Huber(0.5), lambda r: max(-0.5, min(0.5, r))),
    ],
    ids=["mse", "mae", "huber"],
)
def test_the_displayed_derivatives_are_the_slopes_of_the_mean_loss(loss, psi):
    a, outputs = displayed_network(W, B, V, C)
    g = [-psi(y - p) / N for y, p in zip(Y, outputs, strict=True)]
    by_c = sum(g)
    by_v = [sum(g[i] * a[i, h] for i in range(N)) for h in range(H)]
    by_b = [sum(g[i] * V[h] * (1 - a[i, h] ** 2) for i in range(N)) for h in range(H)]
    by_w = [
        [sum(g[i] * V[h] * (1 - a[i, h] ** 2) * X[i, j] for i in range(N)) for h in range(H)]
        for j in range(P)
    ]
    displayed = np.concatenate([np.ravel(by_w), by_b, by_v, [by_c]])

    def mean_loss(theta):
        w, b = theta[: P * H].reshape(P, H), theta[P * H : P * H + H]
        return loss(Y, displayed_network(w, b, theta[-H - 1 : -1], theta[-1])[1])

    theta = np.concatenate([W.ravel(), B, V, [C]])
    for k, nudge in enumerate(1e-6 * np.eye(len(theta))):
        slope = (mean_loss(theta + nudge) - mean_loss(theta - nudge)) / 2e-6
        assert displayed[k] == pytest.approx(slope, abs=1e-8)


@formula("eq-nn-interval")
def test_the_interval_is_students():
    d = RNG.normal(0.2, 1.0, 10)
    centre = sum(d) / 10
    s = math.sqrt(sum((v - centre) ** 2 for v in d) / 9)
    half = 2.2622 * s / math.sqrt(10)
    low, high = stats.ttest_1samp(d, 0).confidence_interval(0.95)
    assert (centre - half, centre + half) == pytest.approx((low, high), rel=1e-4)
    # Over many sets of ten it holds the true mean in 95 % of them.
    many = RNG.normal(0.2, 1.0, (20_000, 10))
    halves = 2.2622 * many.std(axis=1, ddof=1) / math.sqrt(10)
    assert np.mean(np.abs(many.mean(axis=1) - 0.2) <= halves) == pytest.approx(0.95, abs=0.006)


Z, TARGET = sp.symbols("z y", real=True)
SIGMOID = 1 / (1 + sp.exp(-Z))


@formula("eq-nn-sigmoid-mse")
def test_squared_error_behind_a_sigmoid():
    slope = sp.diff((TARGET - SIGMOID) ** 2, Z)
    assert sp.simplify(slope + 2 * (TARGET - SIGMOID) * SIGMOID * (1 - SIGMOID)) == 0
    # The text: hardest at an output of one third, with a slope of -8/27.
    at_one = slope.subs(TARGET, 1)
    place = -sp.log(2)
    assert sp.simplify(SIGMOID.subs(Z, place) - sp.Rational(1, 3)) == 0
    assert sp.simplify(at_one.subs(Z, place) + sp.Rational(8, 27)) == 0
    assert sp.simplify(sp.diff(at_one, Z).subs(Z, place)) == 0


@formula("eq-nn-sigmoid-entropy")
def test_cross_entropy_behind_a_sigmoid():
    entropy = -TARGET * sp.log(SIGMOID) - (1 - TARGET) * sp.log(1 - SIGMOID)
    middle = -(TARGET / SIGMOID - (1 - TARGET) / (1 - SIGMOID)) * SIGMOID * (1 - SIGMOID)
    assert sp.simplify(sp.diff(entropy, Z) - middle) == 0
    assert sp.simplify(middle - (SIGMOID - TARGET)) == 0


FOUR_X, FOUR_Y = [1.0, 2.0, 3.0, -10.0], [0.9] * 4
WEIGHT = sp.symbols("w", real=True)


def symbolic(terms):
    return sum(terms) / 4


def units():
    for x, y in zip((1, 2, 3, -10), [sp.Rational(9, 10)] * 4, strict=True):
        yield x, y, 1 / (1 + sp.exp(-WEIGHT * x))


SQUARES = symbolic((y - s) ** 2 for x, y, s in units())
DISPLAYED_SLOPE = symbolic(-2 * x * (y - s) * s * (1 - s) for x, y, s in units())
DISPLAYED_CURVATURE = symbolic(
    2 * x**2 * s * (1 - s) * (s * (1 - s) - (y - s) * (1 - 2 * s)) for x, y, s in units()
)


def same(one, other):
    gap = sp.lambdify(WEIGHT, one - other, "mpmath")
    with mpmath.workdps(60):  # 1 - s loses digits where a unit is saturated
        return all(abs(gap(mpmath.mpf(w))) < 1e-30 for w in ("-1.3", "-0.05", "0", "0.34", "4"))


@formula("eq-nn-neuron-slope")
def test_the_slope_of_the_neuron():
    assert same(sp.diff(SQUARES, WEIGHT), DISPLAYED_SLOPE)


@formula("eq-nn-neuron-curvature")
def test_the_curvature_of_the_neuron_proves_two_minima():
    assert same(sp.diff(SQUARES, WEIGHT, 2), DISPLAYED_CURVATURE)
    slope, bend = (sp.lambdify(WEIGHT, f) for f in (DISPLAYED_SLOPE, DISPLAYED_CURVATURE))
    flat = neuron.flat_places(neuron.squared_error, FOUR_X, FOUR_Y, -2, 6)
    assert [bool(bend(w) > 0) for w in flat] == [True, False, True]
    for w in flat:  # the slope changes its sign there, from a hundredth below to one above
        assert slope(w - 0.01) * bend(w) < 0 < slope(w + 0.01) * bend(w)


@formula("eq-nn-entropy-curvature")
def test_cross_entropy_is_convex_in_the_weight():
    entropy = symbolic(-y * sp.log(s) - (1 - y) * sp.log(1 - s) for x, y, s in units())
    displayed = symbolic(x**2 * s * (1 - s) for x, y, s in units())
    assert same(sp.diff(entropy, WEIGHT, 2), displayed)
    assert all(sp.lambdify(WEIGHT, displayed)(w) > 0 for w in np.linspace(-5, 5, 21))


TRUTHS, CHANCES = RNG.random((4, 6)), np.array([0.1, 0.2, 0.3, 0.4])
MEAN = CHANCES @ TRUTHS


@formula("eq-nn-blur-split")
def test_expected_squared_error_splits():
    for guess in RNG.normal(size=(5, 6)):
        left = CHANCES @ np.sum((guess - TRUTHS) ** 2, axis=1)
        right = np.sum((guess - MEAN) ** 2) + CHANCES @ np.sum((TRUTHS - MEAN) ** 2, axis=1)
        assert left == pytest.approx(right)


@formula("eq-nn-linear-features")
def test_linear_features_split_in_the_same_way_and_want_the_mean():
    A = np.diff(np.eye(6), axis=0)  # differences of neighbours
    for guess in RNG.normal(size=(5, 6)):
        left = CHANCES @ np.sum((A @ guess - TRUTHS @ A.T) ** 2, axis=1)
        rest = CHANCES @ np.sum(((TRUTHS - MEAN) @ A.T) ** 2, axis=1)
        assert left == pytest.approx(np.sum((A @ (guess - MEAN)) ** 2) + rest)
    best = minimize(
        lambda x: CHANCES @ np.sum((A @ x - TRUTHS @ A.T) ** 2, axis=1), np.zeros(6), tol=1e-12
    )
    np.testing.assert_allclose(A @ best.x, A @ MEAN, atol=1e-5)


@formula("eq-nn-nearest")
def test_the_displayed_picture_has_the_amplitudes_and_is_nearest():
    mean, truth = RNG.random((3, 5)), RNG.random((3, 5))
    coefficients = np.fft.fft2(mean)
    x = np.fft.ifft2(np.abs(np.fft.fft2(truth)) * coefficients / np.abs(coefficients))
    np.testing.assert_allclose(x.imag, 0, atol=1e-12)
    np.testing.assert_allclose(np.abs(np.fft.fft2(x)), np.abs(np.fft.fft2(truth)))
    code = blur.with_amplitudes(mean, blur.amplitudes(truth))
    np.testing.assert_allclose(code, x.real, atol=1e-12)
    # Every other picture with these amplitudes turns some phases, and is further away.
    for _ in range(200):
        phases = np.angle(np.fft.fft2(mean + 0.5 * RNG.normal(size=(3, 5))))
        other = np.fft.ifft2(np.abs(np.fft.fft2(truth)) * np.exp(1j * phases)).real
        assert np.sum((other - mean) ** 2) >= np.sum((x.real - mean) ** 2)


@formula("eq-nn-vae")
@pytest.mark.parametrize("sigma", [0.1, math.sqrt(0.5), 3.0])
def test_the_gaussian_decoder_pays_squared_error(sigma):
    x, rebuilt = RNG.random(12), RNG.random(12)
    law = stats.multivariate_normal(rebuilt, sigma**2 * np.eye(12))
    displayed = np.sum((x - rebuilt) ** 2) / (2 * sigma**2)
    displayed += 12 / 2 * math.log(2 * math.pi * sigma**2)
    assert -law.logpdf(x) == pytest.approx(displayed)
    # The factors that the text reads off: 1 for the sum, 1/D for the mean over D pixels.
    assert 1 / (2 * math.sqrt(0.5) ** 2) == pytest.approx(1)
    assert 1 / (2 * math.sqrt(700 / 2) ** 2) == pytest.approx(1 / 700)
