r"""Two-body orbits from places in the sky: enough astronomy to look for Ceres again.

An orbit about the Sun has six elements. Here they are the *equinoctial* ones, which stay regular
when the orbit is a circle or lies in the ecliptic:

===============  ==================================================================
``a``            half the long axis, in astronomical units (au)
``h``, ``k``     e sin w, e cos w: the eccentricity e, and w the longitude of perihelion
``p``, ``q``     tan(i/2) sin O, tan(i/2) cos O: inclination i, longitude O of the node
``longitude``    mean longitude at the epoch, in radians
===============  ==================================================================

Vectors are ecliptic, right ascension and declination equatorial, both of J2000; times are modified
Julian dates in Universal Time. Left out: the pull of the planets, the width of the Earth, and the
14 seconds by which Universal Time then differed from uniform time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from course_code._validate import as_floats, as_pair, as_real, as_weights, refuse
from course_code.losses import Loss, mse
from course_code.regression import fit

__all__ = [
    "Orbit",
    "OrbitFit",
    "earth",
    "fit_orbit",
    "prediction_spread",
    "separation",
    "to_j2000",
]

GAUSS = 0.01720209895  # mean motion at 1 au, radians per day: the constant named after him
LIGHT = 173.144632674  # au per day
J2000 = 51544.5  # modified Julian date
CENTURY = 36525.0  # days
ARCSEC = np.degrees(1) * 3600  # per radian

_OBLIQUITY = np.radians(23.4392911)
_TO_EQUATOR = np.array(
    [
        [1, 0, 0],
        [0, np.cos(_OBLIQUITY), -np.sin(_OBLIQUITY)],
        [0, np.sin(_OBLIQUITY), np.cos(_OBLIQUITY)],
    ]
)
_START_AT = 2.7  # au: between Mars and Jupiter, where a planet had been missed for decades
_ELLIPSE, _CIRCLE = [0, 1, 2, 3, 4, 5], [0, 3, 4, 5]
_STEPS = 60
_SETTLED = (
    1e-7  # a change this small is the last: the next would be a thousandth of it, or rounding
)


@dataclass(frozen=True, eq=False)
class Orbit:
    """A Kepler orbit about the Sun; the module says what the elements are.

    Attributes
    ----------
    elements : ndarray, shape (6,)
        a, h, k, p, q and longitude.
    epoch : float
        Modified Julian date of the longitude.

    Examples
    --------
    >>> circle = Orbit(np.array([1.0, 0, 0, 0, 0, 0]), epoch=0.0)
    >>> circle.position([0.0, 365.2568983 / 4]).round(6) + 0.0
    array([[1., 0., 0.],
           [0., 1., 0.]])
    """

    elements: np.ndarray
    epoch: float

    @property
    def a(self):
        """Half the long axis, in au."""
        return float(self.elements[0])

    @property
    def eccentricity(self):
        """0 for a circle, below 1 for an ellipse."""
        return float(np.hypot(*self.elements[1:3]))

    @property
    def inclination(self):
        """The angle with the ecliptic, in degrees."""
        return float(2 * np.degrees(np.arctan(np.hypot(*self.elements[3:5]))))

    def position(self, mjd):
        """Where the body is, as seen from the Sun: shape (n, 3), in au."""
        return _position(self.elements, as_floats("mjd", mjd, ndim=1) - self.epoch)

    def sky(self, mjd):
        """Where it is seen from the Earth: right ascension and declination, in degrees.

        The place is that of the moment when the light left, as star catalogues give it.
        """
        mjd = as_floats("mjd", mjd, ndim=1)
        ra, dec = _sky(self.elements, mjd - self.epoch, earth(mjd))
        return np.degrees(ra) % 360, np.degrees(dec)


@dataclass(frozen=True, eq=False)
class OrbitFit:
    """An orbit and what it misses.

    Attributes
    ----------
    orbit : Orbit
    residuals : ndarray, shape (n, 2)
        Observed minus computed in right ascension (times the cosine of the declination) and in
        declination, in seconds of arc.
    loss : Loss
        What was minimised.
    steps : int
        How many linear fits it took.
    """

    orbit: Orbit
    residuals: np.ndarray = field(repr=False)
    loss: Loss
    steps: int

    @property
    def rms(self):
        """Root mean square of all angles, in seconds of arc."""
        return float(np.sqrt(np.mean(self.residuals**2)))


def earth(mjd):
    """The Earth as seen from the Sun: shape (n, 3), in au, ecliptic of J2000.

    The ellipse on which the centre of Earth and Moon moves, with slowly changing elements (E. M.
    Standish, Approximate positions of the planets, for 1800 to 2050), and the monthly swing of the
    Earth about that centre. In 1801 and 1802 it agrees with the ERFA library's series to 7e-5 au,
    13 seconds of arc. Without the Moon the error would be 19, and it would change over the weeks
    in which Piazzi observed: the orbit of Ceres would feel it.

    Raises
    ------
    ValueError
        If a date lies outside 1800 to 2050.
    """
    mjd = as_floats("mjd", mjd, ndim=1).astype(np.float64)
    if mjd.min() < -21504 or mjd.max() > 70172:
        refuse("mjd", "must lie between 1800 and 2050, -21504 to 70172", float(mjd.min()))
    T = (mjd - J2000) / CENTURY
    a = 1.00000261 + 0.00000562 * T
    e = 0.01671123 - 0.00004392 * T
    perihelion = np.radians(102.93768193 + 0.32327364 * T)
    tilt = np.tan(np.radians(-0.00001531 - 0.01294668 * T) / 2)  # the node is at longitude 0
    longitude = np.radians(100.46457166 + 35999.37244981 * T)
    h, k = e * np.sin(perihelion), e * np.cos(perihelion)
    return _on_ellipse(a, h, k, 0 * T, tilt, longitude) - _moon(T) / 82.300


def fit_orbit(mjd, ra, dec, loss=mse, circle=False, weights=None):
    r"""The orbit through, or nearest to, observed places.

    Gauss and Newton's iteration: replace the angles by their linear approximation at the present
    orbit, find the best change of the elements with `course_code.regression.fit` under `loss`, take
    it (half of it, a quarter, ... while the loss would grow), repeat until nothing changes. Three
    places determine an ellipse: then all residuals are 0 and the loss does not matter.

    Parameters
    ----------
    mjd, ra, dec : array_like, shape (n,)
        Times, and angles in degrees.
    loss : loss of `course_code.losses`
        Of the residuals in seconds of arc.
    circle : bool
        Keep the eccentricity at 0. Then two places are enough.
    weights : array_like, shape (2,), optional
        How much right ascension and declination count; equally if not given.

    Returns
    -------
    OrbitFit
        A local minimum near a circle between Mars and Jupiter.

    Raises
    ------
    ValueError
        If shapes differ, there are too few places, or they do not determine the orbit.
    RuntimeError
        If the iteration does not settle.
    """
    mjd, ra = as_pair(mjd, ra, names=("mjd", "ra"), ndim=1)
    mjd, dec = as_pair(mjd, dec, names=("mjd", "dec"), ndim=1)
    free = _CIRCLE if circle else _ELLIPSE
    w = None if weights is None else np.repeat(as_weights(weights, (2,), "weights"), len(mjd))
    if 2 * len(mjd) < len(free):
        refuse("mjd", f"must hold at least {len(free) // 2} places", len(mjd))
    sun_to_earth, epoch = earth(mjd), float(mjd.mean())
    day = mjd - epoch
    seen = np.radians(ra), np.radians(dec)

    def missed(elements):
        return _difference(seen, _sky(elements, day, sun_to_earth), seen[1]) * ARCSEC

    elements = _first_guess(seen, sun_to_earth)
    r = missed(elements)
    for step in range(1, _STEPS + 1):
        J = _slopes(elements, day, sun_to_earth, seen[1])[:, free] * ARCSEC
        # Columns of one size: the elements differ in scale, and the rank is judged by size.
        size = np.linalg.norm(J, axis=0)
        change = np.zeros(6)
        change[free] = fit(J / size, r, loss, sample_weight=w, intercept=False).coef / size
        share = _share(missed, lambda r: loss(r, 0 * r, w), elements, change)
        elements = elements + share * change
        r = missed(elements)
        if np.abs(change).max() < _SETTLED:
            return OrbitFit(Orbit(elements, epoch), r.reshape(2, -1).T, loss, step)
    raise RuntimeError(f"the orbit did not settle within {_STEPS} steps")


def prediction_spread(orbit, nights, mjd, sigma):
    """How far off a predicted place is to be expected, when angles have an error `sigma`.

    For the least-squares orbit of these nights, to first order, with independent errors of one
    standard deviation.

    Parameters
    ----------
    orbit : Orbit
    nights : array_like, shape (n,)
        The times of the observed places, n >= 3.
    mjd : float
        The time of the prediction.
    sigma : float
        Seconds of arc.

    Returns
    -------
    (float, float)
        The long and the short half-axis of the ellipse of one standard deviation, in degrees.
    """
    nights, mjd = as_floats("nights", nights, ndim=1), as_real("mjd", mjd)
    sigma = as_real("sigma", sigma, above=0)
    J, G = (_slopes_of(orbit, days) for days in (nights, np.array([mjd])))
    long, short = np.linalg.svd(G @ np.linalg.pinv(J), compute_uv=False)
    return float(long * sigma / 3600), float(short * sigma / 3600)


def separation(ra, dec, other_ra, other_dec):
    """The angle between two places in the sky; all in degrees.

    >>> round(separation(10.0, 0.0, 350.0, 0.0), 9)
    20.0
    """
    one, two = _direction(ra, dec), _direction(other_ra, other_dec)
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, two)), one @ two)))


def to_j2000(ra, dec, year):
    """A place given for the equator and equinox of `year`, in those of 2000; degrees.

    Precession after the IAU's formulae of 1976 (Lieske), without nutation and aberration, which
    together stay below 0.01 degree.

    >>> ra, dec = to_j2000(185.15, 11.1167, 1802.0)
    >>> round(ra, 2), round(dec, 2)
    (187.66, 10.02)
    """
    T = (as_real("year", year) - 2000) / 100
    zeta = 2306.2181 * T + 0.30188 * T**2
    z = 2306.2181 * T + 1.09468 * T**2
    theta = 2004.3109 * T - 0.42665 * T**2
    zeta, z, theta = np.radians(np.array([zeta, z, theta]) / 3600)
    x, y, up = _direction(as_real("ra", ra), as_real("dec", dec))
    x, y = np.cos(z) * x + np.sin(z) * y, np.cos(z) * y - np.sin(z) * x
    x, up = np.cos(theta) * x + np.sin(theta) * up, np.cos(theta) * up - np.sin(theta) * x
    x, y = np.cos(zeta) * x + np.sin(zeta) * y, np.cos(zeta) * y - np.sin(zeta) * x
    return float(np.degrees(np.arctan2(y, x)) % 360), float(np.degrees(np.arcsin(up)))


# --- the motion ---------------------------------------------------------------------------------


def _position(elements, day):
    a, h, k, p, q, longitude = elements
    return _on_ellipse(a, h, k, p, q, longitude + GAUSS / a**1.5 * day)


def _on_ellipse(a, h, k, p, q, mean_longitude):
    """Place on the orbit at a mean longitude; arguments are numbers or arrays of one shape."""
    F = _eccentric_longitude(mean_longitude, h, k)
    b = 1 / (1 + np.sqrt(1 - h**2 - k**2))
    x = a * ((1 - h**2 * b) * np.cos(F) + h * k * b * np.sin(F) - k)
    y = a * ((1 - k**2 * b) * np.sin(F) + h * k * b * np.cos(F) - h)
    scale = 1 + p**2 + q**2
    return np.stack(
        [
            ((1 - p**2 + q**2) * x + 2 * p * q * y) / scale,
            (2 * p * q * x + (1 + p**2 - q**2) * y) / scale,
            2 * (q * y - p * x) / scale,
        ],
        axis=-1,
    )


def _eccentric_longitude(mean, h, k):
    """Kepler's equation, mean = F + h cos F - k sin F, by Newton's method."""
    F = mean
    for _ in range(_STEPS):
        step = (F + h * np.cos(F) - k * np.sin(F) - mean) / (1 - h * np.sin(F) - k * np.cos(F))
        F = F - step
        if np.abs(step).max() < 1e-14:
            break
    return F


def _moon(T):
    """The Moon as seen from the Earth, in au: the largest terms of its motion, to a few per mille
    of its distance. The mass of the Earth is 81.3 times that of the Moon, so the Earth swings by
    1/82.3 of this vector."""
    anomaly, from_sun, from_node = np.radians(
        [134.963 + 477198.868 * T, 297.850 + 445267.112 * T, 93.272 + 483202.018 * T]
    )
    swing = 6.289 * np.sin(anomaly) + 1.274 * np.sin(2 * from_sun - anomaly)
    swing = swing + 0.658 * np.sin(2 * from_sun)
    # The last term turns longitudes of the date into longitudes of J2000.
    longitude = np.radians(218.316 + 481267.881 * T + swing - 1.397 * T)
    latitude = np.radians(5.128 * np.sin(from_node))
    distance = (385001 - 20905 * np.cos(anomaly)) / 149597870.7
    flat = distance * np.cos(latitude)
    return np.stack(
        [flat * np.cos(longitude), flat * np.sin(longitude), distance * np.sin(latitude)], axis=-1
    )


def _sky(elements, day, sun_to_earth):
    """Right ascension and declination in radians; light takes time to arrive."""
    delay = 0.0
    for _ in range(3):
        line = _position(elements, day - delay) - sun_to_earth
        delay = np.linalg.norm(line, axis=-1) / LIGHT
    x, y, up = (line @ _TO_EQUATOR.T).T
    return np.arctan2(y, x), np.arctan2(up, np.hypot(x, y))


# --- the fit ------------------------------------------------------------------------------------


def _difference(one, other, dec):
    """One minus other, first all right ascensions (times cos dec), then all declinations."""
    ra = (one[0] - other[0] + np.pi) % (2 * np.pi) - np.pi
    return np.concatenate([ra * np.cos(dec), one[1] - other[1]])


def _slopes(elements, day, sun_to_earth, dec):
    """How the angles change with each element: shape (2n, 6), by differences over four points.

    Forty-one days of a path of five years leave one direction of the elements nearly free. It shows
    the error of a slope thousandfold, so a central difference over two points would not do.
    """

    def central(j, step):
        nudge = step * (np.arange(6) == j)
        ahead = _sky(elements + nudge, day, sun_to_earth)
        behind = _sky(elements - nudge, day, sun_to_earth)
        return _difference(ahead, behind, dec) / (2 * step)

    step = 2e-4
    return np.column_stack(
        [(4 * central(j, step) - central(j, 2 * step)) / 3 for j in range(len(elements))]
    )


def _slopes_of(orbit, mjd):
    day, sun_to_earth = mjd - orbit.epoch, earth(mjd)
    dec = _sky(orbit.elements, day, sun_to_earth)[1]
    return _slopes(orbit.elements, day, sun_to_earth, dec)


def _first_guess(seen, sun_to_earth):
    """A circle in the ecliptic, at the right longitude for a body at the assumed distance."""
    ra, dec = np.degrees(seen[0]), np.degrees(seen[1])
    middle = len(ra) // 2
    line = _direction(ra[middle], dec[middle]) @ _TO_EQUATOR
    start = sun_to_earth[middle]
    along = line @ start
    reach = -along + np.sqrt(along**2 + _START_AT**2 - start @ start)
    x, y, _ = start + reach * line
    return np.array([_START_AT, 0, 0, 0, 0, np.arctan2(y, x)])


def _share(missed, cost, elements, change):
    """The largest of 1, 1/2, 1/4, ... of the change that stays an ellipse and does no harm."""
    share, before = 1.0, cost(missed(elements))
    while share > 1e-9:
        a, h, k = (elements + share * change)[:3]
        if a > 1.2 and np.hypot(h, k) < 0.9:
            after = cost(missed(elements + share * change))
            # At the minimum the loss may change by a rounding error in either direction.
            if after <= before * (1 + 1e-12) + 1e-18:
                return share
        share /= 2
    return 0.0


def _direction(ra, dec):
    ra, dec = np.radians(ra), np.radians(dec)
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
