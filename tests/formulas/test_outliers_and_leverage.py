"""The displayed formulas of "Outliers and leverage", written out again and checked."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import linprog
from sklearn.linear_model import LinearRegression

from course_code.datasets import contaminate, stars_cyg_ob1, two_coaches
from course_code.losses import Huber, mae, mse
from course_code.regression import fit_line

from .registry import formula

CLEAN = two_coaches()
DIRTY = two_coaches(outliers=3)
STARS = stars_cyg_ob1()
OUT = DIRTY["is_outlier"]


def displayed_weights(x):
    return (x - x.mean()) / np.sum((x - x.mean()) ** 2)


def displayed_leverages(x):
    return 1 / len(x) + (x - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2)


def displayed_reach(x, votes):
    """R(v), by a linear program over the psi."""
    answer = linprog(-x, A_eq=np.ones((1, len(x))), b_eq=[votes], bounds=(-1, 1))
    assert answer.status == 0
    return -answer.fun


@formula("eq-slope-weights")
@pytest.mark.parametrize("data", [CLEAN, DIRTY, STARS], ids=lambda d: d.name)
def test_the_slope_is_the_weighted_sum(data):
    slope, _ = np.polyfit(data.x, data.y, 1)
    assert displayed_weights(data.x) @ data.y == pytest.approx(slope, rel=1e-10)


@formula("eq-place-times-surprise")
@pytest.mark.parametrize(("data", "out"), [(DIRTY, OUT), (STARS, STARS["giant"])])
def test_the_clean_slope_plus_place_times_surprise_is_the_slope(data, out):
    slope0, intercept0 = np.polyfit(data.x[~out], data.y[~out], 1)
    surprise = data.y - (slope0 * data.x + intercept0)
    told = slope0 + np.sum((displayed_weights(data.x) * surprise)[out])
    assert told == pytest.approx(np.polyfit(data.x, data.y, 1)[0], rel=1e-10)


@formula("eq-leverage")
@pytest.mark.parametrize("data", [DIRTY, STARS], ids=lambda d: d.name)
def test_leverage_is_the_derivative_and_what_three_libraries_say(data):
    x, y = data.x, data.y
    h = displayed_leverages(x)
    np.testing.assert_allclose(
        h, 1 / len(x) + displayed_weights(x) * (x - x.mean()), rtol=1e-12
    )  # the middle of the displayed line

    statsmodels = sm.OLS(y, sm.add_constant(x)).fit().get_influence().hat_matrix_diag
    np.testing.assert_allclose(h, statsmodels, rtol=1e-10)

    design = np.column_stack([np.ones_like(x), x])
    np.testing.assert_allclose(h, np.diag(design @ np.linalg.pinv(design)), rtol=1e-10)

    def fitted(i, target):
        model = LinearRegression().fit(x[:, None], target)
        return model.predict(x[i : i + 1, None])[0]

    # The fit is linear in y, so a step of any size gives the derivative.
    steps = [fitted(i, y + row) - fitted(i, y) for i, row in enumerate(np.eye(len(x)))]
    np.testing.assert_allclose(h, steps, rtol=1e-9)


@formula("eq-hidden-residual")
@pytest.mark.parametrize("i", [0, 10, 11, 33, 46])
def test_a_residual_is_what_leverage_leaves_of_the_distance(i):
    x, y = STARS.x, STARS.y
    others = np.arange(len(x)) != i
    distance = y[i] - np.polyval(np.polyfit(x[others], y[others], 1), x[i])
    residual = y[i] - np.polyval(np.polyfit(x, y, 1), x[i])
    assert (1 - displayed_leverages(x)[i]) * distance == pytest.approx(residual, rel=1e-9)


def votes_exist(x, r):
    """Whether psi's as displayed balance for residuals r: a linear program without an aim."""
    bounds = [(np.sign(v), np.sign(v)) if abs(v) > 1e-9 else (-1, 1) for v in r]
    balance = np.vstack([np.ones_like(x), x])
    return linprog(np.zeros(len(x)), A_eq=balance, b_eq=[0, 0], bounds=bounds).status == 0


@formula("eq-lad-balance")
@pytest.mark.parametrize("data", [CLEAN, DIRTY, STARS], ids=lambda d: d.name)
def test_votes_balance_at_the_minimum_and_nowhere_near(data):
    x, y = data.x, data.y
    # The minimum, by a linear program in (w, b, up, down) that knows nothing of votes.
    n = len(x)
    equations = np.hstack([x[:, None], np.ones((n, 1)), np.eye(n), -np.eye(n)])
    free = [(None, None)] * 2 + [(0, None)] * (2 * n)
    best = linprog(np.r_[0, 0, np.ones(2 * n)], A_eq=equations, b_eq=y, bounds=free)
    w, b = best.x[:2]
    assert votes_exist(x, y - (w * x + b))
    for dw, db in [(0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)]:
        assert not votes_exist(x, y - ((w + dw) * x + b + db))


@formula("eq-pull-range")
@pytest.mark.parametrize("votes", [-40, -18, -2.7, 0, 1, 7.5, 39])
def test_the_greatest_pull_gives_plus_one_to_the_right_and_minus_one_to_the_left(votes):
    x = np.sort(CLEAN.x)
    psi = np.full(40, -1.0)
    left = votes + 40.0  # what is still to be added up
    for i in reversed(range(40)):
        psi[i] += min(2.0, left)
        left -= min(2.0, left)
    assert psi.sum() == pytest.approx(votes)
    assert displayed_reach(CLEAN.x, votes) == pytest.approx(psi @ x, rel=1e-9, abs=1e-9)


@formula("eq-breakdown")
@pytest.mark.parametrize("place", [-0.8, 0.5, -2.0, 5.0])
@pytest.mark.parametrize("loss", [mae, Huber(1.0)], ids=["absolute", "Huber"])
def test_outliers_are_held_exactly_as_long_as_the_good_points_can_answer(loss, place):
    x, y = CLEAN.x, CLEAN.y
    held = [
        -displayed_reach(x, -k) <= k * place <= displayed_reach(x, k) for k in range(1, len(x) + 1)
    ]
    k = held.index(False)  # the greatest number that is held
    for count, bounded in [(k, True), (k + 1, False)]:
        low, high = (
            fit_line(pile.x, pile.y, loss).slope
            for pile in (contaminate(x, y, [place] * count, value) for value in (2e3, 4e3))
        )
        if bounded:
            assert high == pytest.approx(low, rel=1e-6)
        else:
            assert high / low == pytest.approx(2, rel=0.01)


@formula("eq-one-more-point")
@pytest.mark.parametrize("u", [-3.0, -0.2, 0.0, 0.5, 8.0])
def test_the_change_of_slope_by_one_more_point(u):
    x, y, d, n = CLEAN.x, CLEAN.y, 20.0, 40
    S = np.sum((x - x.mean()) ** 2)
    line = fit_line(x, y, mse)
    x0 = x.mean() + u
    slope, _ = np.polyfit(np.append(x, x0), np.append(y, line.predict([x0])[0] + d), 1)
    first = n / (n + 1) * u * d / (S + n / (n + 1) * u**2)
    second = u * d / ((n + 1) / n * S + u**2)
    assert first == pytest.approx(second, rel=1e-12)
    assert slope - line.slope == pytest.approx(second, rel=1e-9, abs=1e-12)
