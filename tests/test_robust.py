"""Scales, and Huber's loss with a scale that is estimated."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import brentq
from scipy.stats import median_abs_deviation
from sklearn.linear_model import HuberRegressor

from course_code.datasets import belgian_calls, newcomb_light, stackloss
from course_code.losses import Huber
from course_code.regression import fit
from course_code.robust import MAD_TO_SD, huber_fit, huber_location, joint_scale, mad

PLANT = stackloss()
PLANT_X = np.column_stack([PLANT["air_flow"], PLANT["water_temp"], PLANT["acid_conc"]])
PLANT_Y = PLANT["stack_loss"]
STANDARD_X = (PLANT_X - PLANT_X.mean(axis=0)) / PLANT_X.std(axis=0)
CALLS = belgian_calls()
CALLS_X = (CALLS.x - CALLS.x.mean())[:, None]
# Raw years, and even raw flows of air, are hard for scikit-learn's solver.
DATA = pytest.mark.parametrize(
    ("X", "y"), [(STANDARD_X, PLANT_Y), (CALLS_X, CALLS.y)], ids=["plant", "calls"]
)


def test_the_median_deviation_is_scipys():
    r = np.random.default_rng(1).normal(3, 2, (5, 31))
    np.testing.assert_allclose(mad(r), median_abs_deviation(r, axis=-1), rtol=1e-14)
    assert mad(r[0], centre=0) == np.median(np.abs(r[0]))
    normal = median_abs_deviation(r[0], scale="normal")
    assert MAD_TO_SD * mad(r[0]) == pytest.approx(normal, rel=1e-12)


@given(
    arrays(
        np.float64, st.integers(1, 30), elements=st.floats(-100, 100).map(lambda v: round(v, 3))
    ),
    st.floats(1.05, 4),
)
def test_the_joint_scale_solves_its_equation(r, k):
    s = joint_scale(r, k)

    def surplus(t):
        return np.mean(np.minimum(r**2, k**2 * t**2)) - t**2

    if np.count_nonzero(r) * k**2 < len(r):
        assert s == 0
    elif s > 0:
        assert surplus(s) == pytest.approx(0, abs=1e-9 * s * s)
        top = np.sqrt(np.mean(r**2))
        if surplus(0.5 * s) > 1e-6 * s * s and surplus(1.01 * top) < 0:
            assert s == pytest.approx(brentq(surplus, 0.5 * s, 1.01 * top), rel=1e-6)


def test_scales_work_along_the_last_axis_and_scale_along():
    r = np.random.default_rng(2).standard_t(2, (4, 3, 25))
    for scale in (mad, joint_scale):
        rows = [[scale(v) for v in block] for block in r]
        np.testing.assert_allclose(scale(r), rows, rtol=1e-13)
        np.testing.assert_allclose(scale(7 * r), 7 * scale(r), rtol=1e-12)


@DATA
def test_the_mad_scale_gives_what_statsmodels_gives(X, y):
    model = sm.RLM(y, sm.add_constant(X), M=sm.robust.norms.HuberT(1.345))
    theirs = model.fit(maxiter=1000, tol=1e-13)
    ours = huber_fit(X, y)
    np.testing.assert_allclose([ours.fit.intercept, *ours.fit.coef], theirs.params, rtol=1e-8)
    assert ours.scale == pytest.approx(theirs.scale, rel=1e-8)
    assert ours.delta == 1.345 * ours.scale


@DATA
def test_the_joint_scale_gives_what_scikit_learn_gives(X, y):
    theirs = HuberRegressor(epsilon=1.35, alpha=0, max_iter=100_000, tol=1e-10).fit(X, y)
    ours = huber_fit(X, y, 1.35, "joint")
    found = [theirs.intercept_, *theirs.coef_]
    np.testing.assert_allclose([ours.fit.intercept, *ours.fit.coef], found, rtol=1e-4, atol=1e-4)
    assert ours.scale == pytest.approx(theirs.scale_, rel=1e-4)


@DATA
def test_a_number_as_scale_is_the_plain_fit(X, y):
    ours, plain = huber_fit(X, y, 2.0, 0.75), fit(X, y, Huber(1.5))
    np.testing.assert_allclose(ours.fit.coef, plain.coef, rtol=1e-10)
    assert (ours.scale, ours.delta) == (0.75, 1.5)


def test_the_published_plane_of_the_plant():
    """R's MASS prints -41.0265 0.8294 0.9261 -0.1278, s 2.441."""
    plane, scale, _ = huber_fit(PLANT_X, PLANT_Y)
    found = np.round([plane.intercept, *plane.coef], 4)
    np.testing.assert_allclose(found, [-41.0265, 0.8294, 0.9261, -0.1278], atol=1e-9)
    assert round(scale, 3) == 2.441


@pytest.mark.parametrize("scale", ["mad", "joint"])
def test_fits_with_a_scale_follow_the_unit_of_y(scale):
    one, other = (
        huber_fit(CALLS_X, CALLS.y, scale=scale),
        huber_fit(CALLS_X, 1e4 * CALLS.y, scale=scale),
    )
    assert other.fit.slope == pytest.approx(1e4 * one.fit.slope, rel=1e-9)
    assert other.scale == pytest.approx(1e4 * one.scale, rel=1e-9)


@pytest.mark.parametrize("scale", ["mad", "joint", 2.5])
def test_the_centre_balances_the_clipped_residuals(scale):
    samples = np.random.default_rng(3).standard_t(1.5, (6, 40))
    centres = huber_location(samples, 1.4, scale)
    for sample, centre in zip(samples, centres, strict=True):
        s = {
            "mad": MAD_TO_SD * mad(sample),
            "joint": joint_scale(sample - centre, 1.4),
            2.5: 2.5,
        }[scale]
        assert Huber(1.4 * s).psi(sample - centre).sum() == pytest.approx(0, abs=1e-6)
        assert huber_location(sample, 1.4, scale) == pytest.approx(centre, rel=1e-9)


def test_newcombs_light_by_a_root_finder():
    light = newcomb_light()["deviation_ns_from_24800"]
    delta = 1.345 * MAD_TO_SD * np.median(np.abs(light - np.median(light)))
    root = brentq(lambda c: np.clip(light - c, -delta, delta).sum(), 20, 30, xtol=1e-12)
    assert huber_location(light) == pytest.approx(root, rel=1e-9)


def test_scikit_learns_scale_is_small_and_its_default_less_efficient_than_95_percent():
    """The guide's 95 % at epsilon = 1.35 belongs to a known standard deviation."""
    z = np.random.default_rng(4).standard_normal(20_000)
    X = np.random.default_rng(5).standard_normal((20_000, 1))
    theirs = HuberRegressor(epsilon=1.35, alpha=0).fit(X, z).scale_
    assert theirs == pytest.approx(0.6813, abs=0.01)
    assert theirs == pytest.approx(joint_scale(z), rel=1e-3)

    samples = np.random.default_rng(6).standard_normal((20, 60))
    ones = np.zeros((60, 1))
    fits = [HuberRegressor(epsilon=1.35, alpha=0).fit(ones, v).intercept_ for v in samples]
    np.testing.assert_allclose(fits, huber_location(samples, 1.35, "joint"), atol=2e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: huber_fit(PLANT_X, PLANT_Y, k=0), "k: must be"),
        (lambda: huber_fit(PLANT_X, PLANT_Y, scale="rms"), "scale: must be"),
        (lambda: huber_fit(PLANT_X, PLANT_Y, scale=-1), "scale: must be"),
        (lambda: huber_fit(PLANT_X, PLANT_Y, 0.9, "joint"), "k: must be"),
        (lambda: huber_fit([[0], [1], [2], [3]], [0, 1, 2, 9]), "y: must leave residuals"),
        (lambda: huber_location([1.0, 1.0, 1.0, 2.0]), "samples: must have a scale above 0"),
        (lambda: huber_location([np.nan, 1.0]), "samples: must"),
        (lambda: joint_scale([1.0, 2.0], 1.0), "k: must be"),
        (lambda: joint_scale([]), "r: must"),
        (lambda: mad([]), "r: must"),
        (lambda: mad([1.0, np.inf]), "r: must"),
        (lambda: mad([1.0], centre=np.nan), "centre: must"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
