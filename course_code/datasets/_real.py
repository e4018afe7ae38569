"""The ten real data sets. One function each: what the file holds, and what to beware of."""

from __future__ import annotations

from datetime import date

import numpy as np

from course_code.datasets._dataset import Dataset, read

_FACTS = "A table of facts, reprinted in many textbooks and packages; cite {}."
_OLD = "Public domain by age."


def boscovich_arcs():
    """Boscovich's five meridian arcs: the length of one degree against sin^2 of the latitude.

    Boscovich fitted a line of least absolute deviations to them, in print by 1760.

    Returns
    -------
    Dataset
        5 rows; x is ``sin2_lat``, y is ``arc_toises_per_degree``.
    """
    return _real(
        "boscovich_arcs",
        "boscovich_arcs.csv",
        "e8e21645c93b3acbbf2b1fc2ec59710b0021e92a343c9dfd2c574bcfff607ae7",
        title="Five degrees of the meridian, used by Boscovich",
        units={
            "site": "where the arc was measured",
            "lat_deg": "degrees of latitude",
            "lat_min": "minutes of latitude",
            "arc_toises_per_degree": "toises per degree of latitude",
            "sin2_lat_1e4_boscovich": "10,000 times sin^2 of the latitude, as Boscovich printed it",
            "sin2_lat": "sin^2 of the latitude, Boscovich's four digits",
            "sin2_lat_exact": "sin^2 of the latitude, recomputed",
        },
        source=(
            "Maire, C. and Boscovich, R. J. (1770), Voyage astronomique et géographique dans "
            "l'État de l'Église, Paris, pp. 501-512; the arcs go back to their work of 1755. "
            "x and y agree with the data set Bosco of the R package quantreg."
        ),
        licence=_OLD,
        notes=(
            "Boscovich printed .2987 for the Cape. The exact sin^2 of 33°18' is .3014. His value "
            "is kept in sin2_lat, because the fits of his time used it.",
            "The toise is a French unit of length, about 1.949 metres.",
        ),
        pair=("sin2_lat", "arc_toises_per_degree"),
        text=("site",),
        derived=_sines_of_latitude,
    )


def french_arcs():
    """The four French arcs of 1799, and one wrong digit.

    Returns
    -------
    Dataset
        4 rows; x is ``sin2_mid_latitude``, y is ``modules_per_degree``. The same y with the
        misprint is in ``modules_per_degree_misprint``.
    """
    return _real(
        "french_arcs",
        "french_arcs_1799.csv",
        "bd373bfd585d4cc1939eb55f86d554dacefe7b4df4ebc67f68a600f358c7f4fa",
        title="Four arcs from Dunkirk to Barcelona, 1799",
        units={
            "segment": "the two ends of the arc",
            "S_modules": "length in modules",
            "S_modules_misprint_AGE1799": "length in modules, as misprinted in 1799",
            "d_deg": "degrees of latitude between the ends",
            "L_deg": "degrees of the middle latitude",
            "L_min": "minutes of the middle latitude",
            "L_sec": "seconds of the middle latitude",
            "sin2_mid_latitude": "sin^2 of the middle latitude",
            "modules_per_degree": "modules per degree of latitude",
            "modules_per_degree_misprint": "the same, with the misprint",
        },
        source=(
            "The survey of Delambre and Méchain. Table in Björck, Å. (2024), Numerical Methods "
            "for Least Squares Problems, 2nd ed., SIAM, after Stigler, S. M. (1981), Gauss and "
            "the invention of least squares, Annals of Statistics 9(3), 465-474, "
            "doi:10.1214/aos/1176345451."
        ),
        licence=_OLD,
        notes=(
            "One module is two toises.",
            "The usual model is S/d = z + s sin^2 L. The quadrant is 90 (z + s/2) modules, and "
            "one over the ellipticity is 3 (z/s + 1/2).",
            "That Gauss found a misprint in the published arcs is documented. The digits of the "
            "misprint given here, 76545.74 for 76145.74, are reported from memory of Stigler "
            "(1981) and were not compared with the printed page.",
        ),
        pair=("sin2_mid_latitude", "modules_per_degree"),
        text=("segment",),
        derived=_modules_per_degree,
    )


def ceres():
    """Ceres in 1801 and 1802: Piazzi's nights at Palermo, and five after the recovery.

    Returns
    -------
    Dataset
        26 rows, a sky position each; no natural x and y. ``mjd``, ``ra`` and ``dec`` are
        computed from the printed columns. ``dec`` is NaN where ``complete`` is false.
    """
    return _real(
        "ceres",
        "ceres_mpc_1801_1802.csv",
        "c3835ffb616cc4152e434381ccda7ba732b24a01a91a90a2f7f45015dd581f86",
        title="Positions of Ceres, January 1801 to February 1802",
        units={
            "date_ut": "date and fraction of a day, Universal Time",
            "ra_h": "hours of right ascension",
            "ra_m": "minutes of right ascension",
            "ra_s": "seconds of right ascension",
            "dec_d": "degrees of declination",
            "dec_m": "minutes of declination",
            "dec_s": "seconds of declination",
            "complete": "whether the declination has its seconds",
            "obscode": "observatory code of the Minor Planet Center: 535 is Palermo",
            "epoch_frame": "equator and equinox of the coordinates",
            "mjd": "days, modified Julian date",
            "ra": "degrees of right ascension",
            "dec": "degrees of declination",
        },
        source=(
            "Minor Planet Center, archived observations of (1) Ceres, with Piazzi's of 1801, by "
            "way of the GitHub project aerospaceresearch/orbitdeterminator."
        ),
        licence="Observations in the public domain; the format is the Minor Planet Center's; "
        "cite the Minor Planet Center.",
        notes=(
            "These are the Minor Planet Center's conversions to J2000, not the figures Piazzi "
            "printed in 1801. Residuals of a few arcseconds are not his own.",
            "Two of the 21 Palermo rows lack the seconds of declination. They are marked "
            "complete = false and stay out of fits: 19 nights, 38 angles.",
        ),
        text=("date_ut", "obscode", "epoch_frame"),
        flags=("complete",),
        derived=_degrees_and_days,
    )


def engel():
    """Ernst Engel's households: income and what is spent on food.

    Returns
    -------
    Dataset
        235 rows; x is ``income``, y is ``foodexp``.
    """
    return _real(
        "engel",
        "engel_1857.csv",
        "1ab6a5c4e884ef9ad624949d2b7e94652eccd75ba3905d1a46c85d28b153ec49",
        title="Income and food of 235 Belgian working-class households, 1857",
        units={
            "income": "Belgian francs per year, household income",
            "foodexp": "Belgian francs per year, spent on food",
        },
        source=(
            "Engel, E. (1857), by way of Koenker, R. and Bassett, G. (1982), Robust tests for "
            "heteroscedasticity based on regression quantiles, Econometrica 50(1), 43-61, "
            "doi:10.2307/1912528; exported from statsmodels.datasets.engel."
        ),
        licence="Public domain, according to statsmodels.",
        notes=(
            "The spread of food expenditure grows with income: one noise scale does not fit all.",
            "The richest household (row 138, counted from 1) has much leverage.",
        ),
        pair=("income", "foodexp"),
    )


def newcomb_light():
    """Newcomb's 66 timings of light, with two wild values.

    Returns
    -------
    Dataset
        66 rows; one column of measurements, so no natural x and y.
    """
    return _real(
        "newcomb_light",
        "newcomb_light_1882.csv",
        "24885cc58f11afd651f4fb69c7190028c8ab452f7ff091083cd0c354d7067f5d",
        title="Newcomb's passage times of light, 1882",
        units={
            "obs_order_stigler1977": "order of observation, as in Stigler (1977)",
            "deviation_ns_from_24800": "nanoseconds above 24,800, over 7.44373 km",
        },
        source=(
            "Newcomb, S. (1882), as given in Stigler, S. M. (1977), Do robust estimators work "
            "with real data?, Annals of Statistics 5(6), 1055-1098, doi:10.1214/aos/1176343997, "
            "Table 5. The values agree with the data set newcomb of the R package MASS."
        ),
        licence=_OLD,
        notes=(
            "The two wild values are -44 and -2.",
            "The documentation of MASS gives 33.02 as the true value on this scale. No choice of "
            "loss reaches it: most of the error is shared by all timings.",
        ),
    )


def galton_ox():
    """Galton's ox: the percentiles of 787 guesses of a weight.

    Returns
    -------
    Dataset
        19 rows; x is ``percentile``, y is ``estimate_lbs``.
    """
    return _real(
        "galton_ox",
        "galton_ox_1907.csv",
        "60a67bb99a050ee1af8307600aff43025ac1cbb2e13141ac0a4bc1db518a0162",
        title="Guesses of the weight of an ox, Plymouth 1906",
        units={
            "percentile": "percent of the guesses that are lower",
            "estimate_lbs": "pounds, dressed weight of the ox",
            "observed_dev_printed": "pounds from the median, as printed",
            "normal_dev_printed": "pounds, the same for a normal curve, as printed",
            "excess_printed": "pounds, observed minus normal, as printed",
        },
        source=(
            "Galton, F. (1907), Vox populi, Nature 75, 450-451, doi:10.1038/075450a0, by way of "
            "the GitHub project jrnold/datums."
        ),
        licence="Public domain: the author died in 1911.",
        notes=(
            "The ox weighed 1198 pounds.",
            "The file holds 19 percentiles, not the single guesses.",
            "The printed deviations of rows 90 and 95 do not agree with the printed estimates "
            "(1267 - 1207 is 60, not 52; 1293 - 1207 is 86, not 90). They are kept as printed.",
        ),
        pair=("percentile", "estimate_lbs"),
    )


def stackloss():
    """Twenty-one days of a plant that oxidises ammonia: three predictors, one loss.

    Returns
    -------
    Dataset
        21 rows; ``stack_loss`` is explained by ``air_flow``, ``water_temp`` and ``acid_conc``.
    """
    return _real(
        "stackloss",
        "stackloss.csv",
        "bcd7396cb920f84fb0b7790a2d5eda48261a237a8748a918f0bc8c35449a35a1",
        title="Ammonia lost up the stack, 21 days",
        units={
            "day": "day of the run",
            "stack_loss": "ten times the percentage of the ammonia that escapes",
            "air_flow": "rate of operation of the plant",
            "water_temp": "temperature of the cooling water",
            "acid_conc": "concentration of the acid in per mille, minus 500",
        },
        source=(
            "Brownlee, K. A. (1965), Statistical Theory and Methodology in Science and "
            "Engineering, 2nd ed., Wiley; also datasets::stackloss in R and "
            "statsmodels.datasets.stackloss."
        ),
        licence="Public domain, according to statsmodels.",
        notes=("Days 1, 3, 4 and 21 are the ones usually called outliers.",),
    )


def anscombe():
    """Anscombe's quartet: four data sets that share one least-squares line.

    Returns
    -------
    Dataset
        11 rows; four pairs, ``x1``, ``y1`` to ``x4``, ``y4``.
    """
    return _real(
        "anscombe",
        "anscombe.csv",
        "b227a9510f1223e4ad115e64544606cb5b251cd9b104d0d5eaacb7e16b7dc364",
        title="Anscombe's quartet",
        units={f"{axis}{k}": "none" for k in (1, 2, 3, 4) for axis in "xy"},
        source=(
            "Anscombe, F. J. (1973), Graphs in statistical analysis, The American Statistician "
            "27(1), 17-21, doi:10.1080/00031305.1973.10478966."
        ),
        licence=_FACTS.format("Anscombe (1973)"),
        notes=(
            "Set 3 has one outlier in y; in set 4 a single point decides the slope.",
            "The numbers were constructed, not measured.",
        ),
    )


def belgian_calls():
    """International telephone calls from Belgium, 1950 to 1973: outliers in y.

    Returns
    -------
    Dataset
        24 rows; x is ``year``, y is ``calls_tens_of_millions``.
    """
    return _real(
        "belgian_calls",
        "belgian_calls.csv",
        "49c9a0902c6511c818a41ebeab066269baabd3f5aa0a5215fdd1706434895727",
        title="International telephone calls from Belgium, 1950-1973",
        units={
            "year": "calendar year",
            "calls_tens_of_millions": "tens of millions of calls per year",
        },
        source=(
            "Belgian Statistical Survey, in Rousseeuw, P. J. and Leroy, A. M. (1987), Robust "
            "Regression and Outlier Detection, Wiley, p. 26, table 2, doi:10.1002/0471725382."
        ),
        licence=_FACTS.format("Rousseeuw and Leroy (1987)"),
        notes=(
            "From 1964 to 1969 another quantity was recorded, the total minutes of the calls; "
            "1963 and 1970 are partly affected.",
            "The data set phones of the R package MASS holds ten times these values (millions).",
            "Published fits count the years from 1900: subtract 1900 before comparing intercepts.",
            "The line of least absolute deviations is not unique here: a whole segment of lines "
            "has the same loss.",
        ),
        pair=("year", "calls_tens_of_millions"),
    )


def stars_cyg_ob1():
    """The star cluster CYG OB1: four giants with high leverage.

    Returns
    -------
    Dataset
        47 rows; x is ``log_Te``, y is ``log_light``; ``giant`` marks stars 11, 20, 30 and 34.
    """
    return _real(
        "stars_cyg_ob1",
        "stars_cyg_ob1.csv",
        "1001d37c2c7f6e691ffb964f6b7c7989fe48b31ea26a3d92fd4c0c676ddc83af",
        title="Temperature and light of 47 stars of CYG OB1",
        units={
            "star": "number of the star",
            "log_Te": "log10 of the effective surface temperature",
            "log_light": "log10 of the light intensity",
            "giant": "whether the star is one of the four giants",
        },
        source=(
            "C. Doom, in Rousseeuw, P. J. and Leroy, A. M. (1987), Robust Regression and Outlier "
            "Detection, Wiley, p. 27, table 3, doi:10.1002/0471725382. The values agree with the "
            "data set starsCYG of the R package robustbase."
        ),
        licence=_FACTS.format("Rousseeuw and Leroy (1987)"),
        notes=(
            "Stars 11, 20, 30 and 34 are giants. The flag was added here; it is not in the "
            "printed table.",
            "The giants are real stars in another stage of life. Their leverage is bad for the "
            "line, and no error of measurement.",
        ),
        pair=("log_Te", "log_light"),
        flags=("giant",),
    )


def _real(name, file, sha256, *, text=(), flags=(), derived=None, **card):
    """The set `name`: the columns of its file, those computed from them, and what is to be known.

    Parameters
    ----------
    name, file, sha256 : str
        The loader's name, the file in the data folder, and the hash its bytes must have.
    text, flags : sequence of str
        As in `read`.
    derived : callable, optional
        From the columns of the file to a dict of further columns.
    **card
        The other fields of `Dataset`.
    """
    columns = read(file, sha256, text=text, flags=flags)
    if derived:
        columns |= derived(columns)
    return Dataset(name=name, columns=columns, sha256=sha256, **card)


def _sines_of_latitude(arcs):
    latitude = arcs["lat_deg"] + arcs["lat_min"] / 60
    return {
        "sin2_lat": arcs["sin2_lat_1e4_boscovich"] / 1e4,
        "sin2_lat_exact": np.sin(np.radians(latitude)) ** 2,
    }


def _modules_per_degree(arcs):
    latitude = arcs["L_deg"] + arcs["L_min"] / 60 + arcs["L_sec"] / 3600
    return {
        "sin2_mid_latitude": np.sin(np.radians(latitude)) ** 2,
        "modules_per_degree": arcs["S_modules"] / arcs["d_deg"],
        "modules_per_degree_misprint": arcs["S_modules_misprint_AGE1799"] / arcs["d_deg"],
    }


def _degrees_and_days(sky):
    hours = sky["ra_h"] + sky["ra_m"] / 60 + sky["ra_s"] / 3600
    return {
        "mjd": np.array([_modified_julian_date(day) for day in sky["date_ut"]]),
        "ra": 15 * hours,
        # Every declination here is positive, so the sign of the degrees needs no care.
        "dec": sky["dec_d"] + sky["dec_m"] / 60 + sky["dec_s"] / 3600,
    }


def _modified_julian_date(text):
    """Days since 17 November 1858, from text like ``1801-01-01.82630``."""
    day, fraction = text.split(".")
    days = date.fromisoformat(day) - date(1858, 11, 17)
    return days.days + float(f".{fraction}")
