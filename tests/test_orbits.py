"""Orbits against numerical integration, ERFA, other elements and other optimisers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, least_squares, linprog

from course_code.datasets import ceres
from course_code.losses import mae, mse
from course_code.orbits import (
    ARCSEC,
    GAUSS,
    LIGHT,
    Orbit,
    earth,
    fit_orbit,
    prediction_spread,
    separation,
    to_j2000,
)

SKY = ceres()
PALERMO = SKY["complete"] & (SKY["obscode"] == "535")
NIGHTS, RA, DEC = (SKY[name][PALERMO] for name in ("mjd", "ra", "dec"))
LATER = -20772.0
OBLIQUITY = np.radians(23.4392911)

# The Earth from the Sun by ERFA 2.0.1 (epv00), turned into the ecliptic of J2000.
ERFA = np.array(
    [
        (-21139, -0.2205817, 0.9581088, 0.0004220),
        (-21132, -0.3379200, 0.9234675, 0.0004049),
        (-21125, -0.4501734, 0.8747373, 0.0003809),
        (-21118, -0.5555465, 0.8126440, 0.0003453),
        (-21111, -0.6524347, 0.7382499, 0.0003064),
        (-21104, -0.7394778, 0.6527293, 0.0002680),
        (-21097, -0.8154184, 0.5573227, 0.0002236),
        (-20950, 0.3309093, -0.9613310, -0.0004240),
        (-20772, -0.2502661, 0.9508889, 0.0004216),
        (-20720, -0.9147338, 0.3792533, 0.0001390),
        (40000, -0.4546344, -0.9050695, -0.0000675),
        (60000, -0.9026748, 0.4058473, -0.0000163),
        (70000, 0.3499028, -0.9544195, 0.0001044),
    ]
)


def turn(angle, axis):
    c, s = np.cos(angle), np.sin(angle)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
    return matrix


def classical_position(a, e, inclination, node, perihelion, anomaly, day):
    """The textbook way: Kepler's equation by bisection, then three rotations."""
    places = []
    for M in anomaly + GAUSS / a**1.5 * np.atleast_1d(day):
        E = brentq(lambda E, M=M: E - e * np.sin(E) - M, M - 1, M + 1, xtol=1e-14)
        flat = [a * (np.cos(E) - e), a * np.sqrt(1 - e**2) * np.sin(E), 0]
        places.append(turn(node, 2) @ turn(inclination, 0) @ turn(perihelion, 2) @ flat)
    return np.array(places)


def equinoctial(a, e, inclination, node, perihelion, anomaly):
    w, t = node + perihelion, np.tan(inclination / 2)
    return np.array(
        [a, e * np.sin(w), e * np.cos(w), t * np.sin(node), t * np.cos(node), w + anomaly]
    )


def classical_of(orbit):
    a, h, k, p, q, longitude = orbit.elements
    node, w = np.arctan2(p, q), np.arctan2(h, k)
    return np.array(
        [a, np.hypot(h, k), 2 * np.arctan(np.hypot(p, q)), node, w - node, longitude - w]
    )


def classical_sky(elements, mjd, epoch):
    """Angles in radians, right ascensions then declinations, of the textbook orbit."""
    delay = np.zeros(len(mjd))
    for _ in range(4):
        line = classical_position(*elements, mjd - delay - epoch) - earth(mjd)
        delay = np.linalg.norm(line, axis=1) / LIGHT
    x, y, z = turn(OBLIQUITY, 0) @ line.T
    return np.concatenate([np.arctan2(y, x) % (2 * np.pi), np.arctan2(z, np.hypot(x, y))])


def missed(elements, epoch):
    seen = np.radians(np.concatenate([RA, DEC]))
    shrink = np.concatenate([np.cos(np.radians(DEC)), np.ones(len(DEC))])
    return (seen - classical_sky(elements, NIGHTS, epoch)) * shrink * ARCSEC


# --- the motion ---------------------------------------------------------------------------------

angles = st.floats(-3, 3)


@given(
    a=st.floats(0.5, 5),
    e=st.floats(0, 0.8),
    inclination=st.floats(0, 2),
    node=angles,
    perihelion=angles,
    anomaly=angles,
)
def test_equinoctial_elements_say_the_same_as_the_classical_ones(
    a, e, inclination, node, perihelion, anomaly
):
    elements = a, e, inclination, node, perihelion, anomaly
    days = np.array([-900.0, 0.0, 37.0])
    orbit = Orbit(equinoctial(*elements), epoch=100.0)
    np.testing.assert_allclose(
        orbit.position(days + 100), classical_position(*elements, days), atol=1e-9
    )
    assert (orbit.a, orbit.eccentricity) == pytest.approx((a, e), abs=1e-12)
    assert orbit.inclination == pytest.approx(np.degrees(inclination), abs=1e-9)


def test_the_motion_is_that_of_newtons_law():
    orbit = Orbit(equinoctial(2.77, 0.3, 0.2, 1.4, 1.3, 0.4), epoch=0.0)
    step = 1e-3
    before, start, after = orbit.position([-step, 0.0, step])
    state = np.concatenate([start, (after - before) / (2 * step)])
    days = np.linspace(0, 700, 8)
    path = solve_ivp(
        lambda _, s: np.concatenate([s[3:], -(GAUSS**2) * s[:3] / np.linalg.norm(s[:3]) ** 3]),
        (0, 700),
        state,
        t_eval=days,
        rtol=1e-11,
        atol=1e-13,
    )
    np.testing.assert_allclose(orbit.position(days), path.y[:3].T, atol=1e-6)


def test_energy_and_angular_momentum_stay():
    orbit = fit_orbit(NIGHTS, RA, DEC).orbit
    days, step = np.linspace(NIGHTS[0], NIGHTS[0] + 1700, 12), 0.02
    place = orbit.position(days)
    speed = (orbit.position(days + step) - orbit.position(days - step)) / (2 * step)
    energy = np.sum(speed**2, axis=1) / 2 - GAUSS**2 / np.linalg.norm(place, axis=1)
    np.testing.assert_allclose(energy, -(GAUSS**2) / (2 * orbit.a), rtol=1e-7)
    spin = np.cross(place, speed)
    np.testing.assert_allclose(spin, np.tile(spin[0], (12, 1)), rtol=1e-7)
    size = GAUSS * np.sqrt(orbit.a * (1 - orbit.eccentricity**2))
    assert np.linalg.norm(spin[0]) == pytest.approx(size, rel=1e-7)


def test_the_earth_is_where_erfa_has_it():
    error = np.linalg.norm(earth(ERFA[:, 0]) - ERFA[:, 1:], axis=1)
    assert error[:10].max() < 7e-5
    assert error.max() < 1.2e-4


def test_light_is_seen_where_it_left():
    orbit = Orbit(equinoctial(2.77, 0.08, 0.18, 1.4, 1.3, 0.4), epoch=-21100.0)
    there = np.array([-21100.0])
    delay = brentq(
        lambda d: np.linalg.norm(orbit.position(there - d) - earth(there)) - LIGHT * d, 0, 0.1
    )
    x, y, z = turn(OBLIQUITY, 0) @ (orbit.position(there - delay) - earth(there))[0]
    ra, dec = orbit.sky(there)
    assert ra[0] == pytest.approx(np.degrees(np.arctan2(y, x)) % 360, abs=1e-9)
    assert dec[0] == pytest.approx(np.degrees(np.arcsin(z / np.hypot(np.hypot(x, y), z))), abs=1e-9)


def test_precession_is_that_of_erfa():
    # ERFA's pmat76 and pmat06; the two agree to 0.0002 degrees.
    assert to_j2000(185.15, 11 + 7 / 60, 1802.0) == pytest.approx((187.66244, 10.02081), abs=2e-4)
    assert to_j2000(54.6, 16.3, 1801.0) == pytest.approx((57.42233, 16.91961), abs=2e-4)
    assert to_j2000(54.6, 16.3, 2000.0) == pytest.approx((54.6, 16.3), abs=1e-12)


def test_separations():
    assert separation(0, 90, 123, 0) == pytest.approx(90)
    assert separation(10, 20, 10, 20.0001) == pytest.approx(1e-4, rel=1e-6)


# --- the fit ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def squares():
    return fit_orbit(NIGHTS, RA, DEC)


def test_noise_free_places_give_the_orbit_back():
    truth = Orbit(equinoctial(2.77, 0.08, 0.185, 1.41, 1.27, 5.6), epoch=float(NIGHTS.mean()))
    for loss in (mse, mae):
        found = fit_orbit(NIGHTS, *truth.sky(NIGHTS), loss=loss)
        np.testing.assert_allclose(
            found.orbit.position([LATER]), truth.position([LATER]), atol=1e-7
        )
        assert found.rms < 1e-6


def test_least_squares_agrees_with_scipy_on_classical_elements(squares):
    epoch = squares.orbit.epoch
    start = np.array([0.01, 0.002, 0.001, 0.001, 0.01, -0.01]) + classical_of(squares.orbit)
    options = dict.fromkeys(["xtol", "ftol", "gtol"], 1e-14) | {"max_nfev": 30}
    other = least_squares(missed, start, "3-point", args=(epoch,), x_scale="jac", **options)
    assert squares.rms**2 * 38 == pytest.approx(2 * other.cost, rel=1e-9)
    assert squares.orbit.a == pytest.approx(other.x[0], abs=1e-5)
    assert squares.orbit.eccentricity == pytest.approx(other.x[1], abs=1e-5)
    place = classical_sky(other.x, np.array([LATER]), epoch)
    np.testing.assert_allclose(np.ravel(squares.orbit.sky([LATER])), np.degrees(place), atol=2e-4)


def test_weighted_angles_agree_with_scipy():
    found = fit_orbit(NIGHTS, RA, DEC, weights=[0.2, 1.8])
    root = np.repeat(np.sqrt([0.2, 1.8]), len(NIGHTS))
    start = np.array([0.01, 0.002, 0.001, 0.001, 0.01, -0.01]) + classical_of(found.orbit)
    other = least_squares(
        lambda elements: root * missed(elements, found.orbit.epoch),
        start,
        "3-point",
        x_scale="jac",
        max_nfev=30,
        **dict.fromkeys(["xtol", "ftol", "gtol"], 1e-14),
    )
    cost = np.sum(found.residuals**2 * [0.2, 1.8])
    assert cost == pytest.approx(2 * other.cost, rel=1e-9)
    assert found.orbit.a == pytest.approx(other.x[0], abs=1e-5)


def test_equal_weights_are_no_weights():
    plain, equal = (fit_orbit(NIGHTS, RA, DEC, weights=w) for w in (None, [3, 3]))
    np.testing.assert_allclose(equal.residuals, plain.residuals, atol=1e-6)


def test_the_circle_agrees_with_scipy_too():
    found = fit_orbit(NIGHTS, RA, DEC, circle=True)

    def on_circle(free):
        a, inclination, node, longitude = free
        return missed([a, 0, inclination, node, 0, longitude], found.orbit.epoch)

    other = least_squares(on_circle, [2.7, 0.18, 1.4, -0.2], x_scale="jac", xtol=1e-14)
    assert found.rms**2 * 38 == pytest.approx(2 * other.cost, rel=1e-8)
    assert found.orbit.a == pytest.approx(other.x[0], abs=1e-5)
    assert found.orbit.eccentricity == 0


def test_least_absolute_passes_through_six_angles_and_no_linear_step_is_better():
    found = fit_orbit(NIGHTS, RA, DEC, loss=mae)
    r = np.concatenate(found.residuals.T)
    assert np.sum(np.abs(r) < 1e-5) == 6
    classical = classical_of(found.orbit)
    J = np.column_stack(
        [
            (missed(classical - d, found.orbit.epoch) - missed(classical + d, found.orbit.epoch))
            for d in 0.5e-6 * np.eye(6)
        ]
    )
    n, identity = len(r), np.eye(len(r))
    program = linprog(
        np.concatenate([np.zeros(6), np.ones(2 * n)]),
        A_eq=np.hstack([J, identity, -identity]),
        b_eq=r,
        bounds=[(None, None)] * 6 + [(0, None)] * (2 * n),
    )
    assert np.abs(r).sum() == pytest.approx(program.fun, rel=1e-6)


def test_three_places_are_met_exactly():
    three = [0, 9, 18]
    found = fit_orbit(NIGHTS[three], RA[three], DEC[three])
    assert np.abs(found.residuals).max() < 1e-6


def test_two_places_are_met_by_a_circle():
    found = fit_orbit(NIGHTS[[0, 18]], RA[[0, 18]], DEC[[0, 18]], circle=True)
    assert np.abs(found.residuals).max() < 1e-6


def test_the_spread_is_that_of_the_textbook_formula_in_other_elements(squares):
    epoch = squares.orbit.epoch
    classical = classical_of(squares.orbit)
    place = classical_sky(classical, np.array([LATER]), epoch)
    J, G = [], []
    for d in 1e-5 * np.eye(6):
        J.append((missed(classical - d, epoch) - missed(classical + d, epoch)) / 2e-5 / ARCSEC)
        ahead, behind = (
            classical_sky(classical + s * d, np.array([LATER]), epoch) for s in (1, -1)
        )
        G.append((ahead - behind) / 2e-5 * [np.cos(place[1]), 1])
    J, G = np.array(J).T, np.array(G).T
    covariance = G @ np.linalg.inv(J.T @ J) @ G.T * (4.0 / 3600) ** 2
    expected = np.sqrt(np.linalg.eigvalsh(covariance))[::-1]
    np.testing.assert_allclose(
        prediction_spread(squares.orbit, NIGHTS, LATER, 4.0), expected, rtol=1e-3
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_orbit(NIGHTS[:2], RA[:2], DEC[:2]), "mjd: must hold at least 3 places; got 2"),
        (lambda: fit_orbit(NIGHTS, RA[:5], DEC), r"ra: must have the shape of mjd, \(19,\)"),
        (lambda: fit_orbit(NIGHTS, RA, DEC, weights=[1]), "weights: must have shape .2,."),
        (lambda: earth([-30000.0]), "mjd: must lie between 1800 and 2050"),
        (lambda: prediction_spread(None, NIGHTS, LATER, 0), "sigma: must be a positive finite"),
        (lambda: to_j2000("1", 0, 1802), "ra: must be a finite number; got 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
