"""The displayed formulas of "Two hundred and sixty years", transcribed and checked."""

import itertools

import numpy as np
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from course_code.datasets import boscovich_arcs, french_arcs
from course_code.regression import boscovich
from tests.formulas.registry import formula

f, lat, x, k = sp.symbols("f L x k", positive=True)


def meridian_degree(flattening, squared_sine):
    """The radius of curvature along the meridian of an ellipse; equatorial radius 1."""
    e2 = 2 * flattening - flattening**2
    return (1 - e2) / (1 - e2 * squared_sine) ** sp.Rational(3, 2)


@formula("eq-degree")
def test_a_degree_is_a_line_in_the_squared_sine_and_the_slope_tells_the_ellipticity():
    # The curvature of the ellipse itself, from its parametrisation.
    t, b = sp.symbols("t b", positive=True)
    place = sp.Matrix([sp.cos(t), b * sp.sin(t)])
    first, second = place.diff(t), place.diff(t, 2)
    speed = first[0] ** 2 + first[1] ** 2
    radius = speed ** sp.Rational(3, 2) / (first[0] * second[1] - first[1] * second[0])
    latitude = sp.atan(sp.tan(t) / b)
    at = {t: sp.Rational(7, 10), b: sp.Rational(9, 10)}
    claimed = meridian_degree(sp.Rational(1, 10), sp.sin(latitude) ** 2)
    assert abs(float((radius - claimed).subs(at))) < 1e-12
    # To first order in the flattening it is z + s sin^2 L, and 3 z / s is 1 / f.
    linear = sp.series(meridian_degree(f, x), f, 0, 2).removeO()
    z, s = linear.subs(x, 0), sp.diff(linear, x)
    assert sp.diff(linear, x, 2) == 0
    assert sp.limit(f * 3 * z / s, f, 0) == 1


@formula("eq-degree-45")
def test_dividing_by_the_degree_at_45_is_the_same_to_first_order():
    z, s = sp.symbols("z s", positive=True)
    assert sp.simplify(3 * (z + s / 2) / s - 3 * (z / s + sp.Rational(1, 2))) == 0
    at_45 = (z + s * x).subs(x, sp.sin(sp.pi / 4) ** 2)
    assert sp.simplify(at_45 - (z + s / 2)) == 0
    linear = sp.series(meridian_degree(f, x), f, 0, 2).removeO()
    values = {z: linear.subs(x, 0), s: sp.diff(linear, x)}
    assert sp.limit(f * (3 * (z / s + sp.Rational(1, 2))).subs(values), f, 0) == 1


@formula("eq-boscovich-rule")
def test_no_line_with_balanced_errors_has_a_smaller_sum_of_sizes():
    for data in (boscovich_arcs(), french_arcs()):
        line = boscovich(data.x, data.y)
        r = data.y - line.intercept - line.slope * data.x
        assert abs(r.sum()) < 1e-8
        for slope in line.slope + np.linspace(-500, 500, 1001):
            # The first condition fixes z once s is given.
            z = (data.y - slope * data.x).mean()
            others = data.y - z - slope * data.x
            assert abs(others.sum()) < 1e-8
            assert np.abs(others).sum() >= np.abs(r).sum() - 1e-9


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-99, 99)), min_size=3, max_size=8).filter(
        lambda points: len({p for p, _ in points}) > 1
    ),
    st.floats(-50, 50),
)
@formula("eq-centre-slopes")
def test_with_balanced_errors_the_sum_of_sizes_is_that_of_a_weighted_median(points, s):
    x, y = np.array(points, dtype=float).T
    z = (y - s * x).mean()
    sizes = np.abs(y - z - s * x).sum()
    dx, dy = x - x.mean(), y - y.mean()
    centred = np.abs(dy - s * dx).sum()
    away = dx != 0
    slopes = dy[away] / dx[away]
    weighted = np.sum(np.abs(dx[away]) * np.abs(slopes - s)) + np.abs(dy[~away]).sum()
    np.testing.assert_allclose([centred, weighted], sizes, rtol=1e-9, atol=1e-9)


@formula("eq-posterior-median")
def test_the_point_that_halves_the_area_has_the_least_expected_absolute_error():
    y = [0.0, 1.0, 3.0]

    def density(theta):
        return np.prod([0.5 * np.exp(-abs(value - theta)) for value in y])

    def integral(of, low, high):
        cuts = sorted({low, high, *[v for v in y if low < v < high]})
        return sum(quad(of, a, b)[0] for a, b in itertools.pairwise(cuts))

    total = integral(density, -40, 40)
    best = minimize_scalar(
        lambda m: (
            integral(lambda t: (m - t) * density(t), -40, m)
            + integral(lambda t: (t - m) * density(t), m, 40)
        ),
        bounds=(0, 3),
        method="bounded",
        options={"xatol": 1e-7},
    ).x
    assert abs(integral(density, -40, best) / total - 0.5) < 1e-5
    assert abs(best - 1.0807) < 1e-3


@formula("eq-power-variance")
def test_the_relative_variance_of_the_root_of_a_mean_power():
    # Delta method: var g(m) is g'(nu)^2 var(m), with m the mean of n values of |x|^k.
    nu, nu2, n = sp.symbols("nu_k nu_2k n", positive=True)
    root = nu ** (1 / k)
    delta = sp.diff(root, nu) ** 2 * (nu2 - nu**2) / n / root**2
    displayed = 1 / n * 1 / k**2 * (nu2 / nu**2 - 1)
    assert sp.simplify(delta - displayed) == 0


@formula("eq-tukey")
def test_tukeys_efficiency_is_the_ratio_of_two_such_variances():
    def moment(power, eps):
        def integrand(v):
            mixed = (1 - eps) * stats.norm.pdf(v) + eps * stats.norm.pdf(v, scale=3)
            return v**power * mixed

        return 2 * quad(integrand, 0, 45, points=[3, 9], limit=200)[0]

    def relative(power, eps):
        return (moment(2 * power, eps) / moment(power, eps) ** 2 - 1) / power**2

    for eps in (0.0, 0.001, 0.05, 0.3):
        top = (3 * (1 + 80 * eps) / (1 + 8 * eps) ** 2 - 1) / 4
        bottom = np.pi / 2 * (1 + 8 * eps) / (1 + 2 * eps) ** 2 - 1
        np.testing.assert_allclose(top / bottom, relative(2, eps) / relative(1, eps), rtol=1e-7)
