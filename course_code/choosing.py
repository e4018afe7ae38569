r"""What residuals say about the choice of a loss, with how sure they are, and what they cannot say.

`examine` looks at residuals, and if given at the inputs or the fitted values, in seven ways. Each
:class:`Finding` holds a number, what independent Gaussian residuals of one width would give, and a
p value. A finding *rings* if its p value is below `level`. The p values hold for large samples;
`alarm_rates` measures by simulation how often each check rings, for nothing and for a reason. The
robust scale is 1.4826 MAD throughout.

The checks treat the residuals as observations. They come from a fit, which has used up a degree
of freedom per coefficient, and a fit of least absolute deviations sets one residual per coefficient
to zero: with few observations per coefficient the p values are worth less. A fit that has been
pulled to its outliers hides them. Examine the residuals of a robust fit as well.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from course_code._validate import as_count, as_floats, as_generator, as_pair, as_real, refuse
from course_code.losses import Huber, mse
from course_code.regression import fit_line
from course_code.robust import MAD_TO_SD, mad
from course_code.spread import median_deviation_variance, power_variance
from course_code.tables import table

__all__ = [
    "FEWEST",
    "Finding",
    "Findings",
    "alarm_rates",
    "bell_ratio",
    "chi_square_tail",
    "examine",
    "far_chance",
    "hat_diagonal",
]

FEWEST = 20
"""Below this number of residuals `examine` looks at leverage only."""

_NORMAL = NormalDist()
_HUBER_K = 1.345
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(24)


@dataclass(frozen=True)
class Finding:
    """One look at the residuals.

    Attributes
    ----------
    topic : str
        "size", "tails", "far", "skew", "scale", "leverage" or "spread".
    measure : str
        What `value` is.
    value, expected : float
        What was found, and what to expect of Gaussian residuals of one width; for leverage, the
        rule of thumb 2(p + 1)/n.
    error : float or None
        The standard error of `value`, if nothing is wrong.
    p : float or None
        The chance of a value at least as far from `expected`, if nothing is wrong.
    rings : bool
        Whether p is below the level, or there are too few residuals.
    evidence : tuple of str
        More numbers, as lines of text.
    suggests, unknown : str
        What follows for the choice of a loss, and what this number cannot tell.
    rows : tuple of int
        The positions the finding points at, the most extreme first.
    """

    topic: str
    measure: str
    value: float
    expected: float
    error: float | None
    p: float | None
    rings: bool
    evidence: tuple[str, ...]
    suggests: str
    unknown: str
    rows: tuple[int, ...] = ()

    def __str__(self):
        """The finding as a short paragraph."""
        head = f"{self.topic}: {self.measure} = {self.value:.4g}"
        if self.p is not None:
            head += f", {_chance(self.p)}{' -- RINGS' if self.rings else ''}"
        lines = [] if self.p is None else [f"usual: {_columns(self)[0]}"]
        lines += [*self.evidence, f"suggests: {self.suggests}", f"cannot know: {self.unknown}"]
        wrapped = (textwrap.wrap(line, 58, subsequent_indent="  ") for line in lines)
        return "\n".join([head, *("  " + line for part in wrapped for line in part)])


@dataclass(frozen=True, repr=False)
class Findings:
    """All findings about one set of residuals; shown in full, and ``[topic]`` picks one."""

    n: int
    level: float
    found: tuple[Finding, ...]

    def __getitem__(self, topic):
        for finding in self.found:
            if finding.topic == topic:
                return finding
        return refuse("topic", "must be one of " + ", ".join(self.topics), topic)

    @property
    def topics(self):
        """What was looked at, in order."""
        return tuple(finding.topic for finding in self.found)

    @property
    def ringing(self):
        """The topics that ring."""
        return tuple(finding.topic for finding in self.found if finding.rings)

    def table(self):
        """One line of numbers per finding, as text."""
        rows = [
            (f.topic, "rings" if f.rings else "", f.measure, f"{f.value:.3g}", *_columns(f))
            for f in self.found
        ]
        columns = ["look at", "", "measure", "found", "usual", "chance"]
        return table(rows, columns, [""] * 6)

    def __repr__(self):
        """Every finding in full, then what no residual can tell."""
        limits = textwrap.wrap(
            "No residual can tell: what an error costs you, whether a far value is a mistake or "
            "a fact, whether the rows depend on each other, what is missing from the model, and "
            "whether tomorrow's data are like these.",
            60,
        )
        return "\n".join([*map(str, self.found), *limits])


def examine(residuals, X=None, fitted=None, level=0.01):
    """Look at residuals for reasons to prefer one loss to another.

    Parameters
    ----------
    residuals : array_like, shape (n,)
        y minus prediction, in the unit of y.
    X : array_like, shape (n, p) or (n,), optional
        The inputs, without a column of ones. Asks for leverage, and for spread along X.
    fitted : array_like, shape (n,), optional
        The predictions. Asks for spread along them instead.
    level : float, strictly between 0 and 1
        A finding rings if its p value is below.

    Returns
    -------
    Findings
        "size" and, from `FEWEST` residuals on, "tails", "far", "skew" and "scale"; "leverage" if
        X is given; "spread" if X or `fitted` is.

    Raises
    ------
    ValueError
        If shapes differ, a number is not finite, the columns of X are not independent, or half of
        the residuals or more are equal, so that they have no robust scale.

    >>> rng = np.random.default_rng(1)
    >>> examine(rng.normal(size=200)).ringing
    ()
    >>> examine(rng.standard_cauchy(size=200)).ringing
    ('tails', 'far', 'scale')
    """
    r = as_floats("residuals", residuals, ndim=1).astype(np.float64)
    level = as_real("level", level, above=0, below=1)
    if X is not None:
        X = _columns_of(X, len(r))
    if fitted is not None:
        _, fitted = as_pair(r, fitted, names=("residuals", "fitted"), ndim=1)
    found = [_size(r, X)]
    if len(r) >= FEWEST:
        scale = MAD_TO_SD * mad(r)
        if scale == 0:
            refuse("residuals", "must have a scale above 0", "half of them or more are equal")
        found += [look(r, scale, level) for look in (_tails, _far, _skew, _scale)]
    if X is not None:
        found.append(_leverage(X, level))
    if len(r) >= FEWEST and (X is not None or fitted is not None):
        along = X if fitted is None else fitted[:, None].astype(np.float64)
        if not (along == along[0]).all():
            found.append(_spread(r, along, level))
    return Findings(len(r), level, tuple(found))


def alarm_rates(noise, n, replicates, rng, width=None, loss=mse, level=0.01):
    """How often each look rings: the share of simulated samples.

    Each sample has n inputs from a standard normal law, noise drawn independently, and a line
    fitted to it whose residuals are examined.

    Parameters
    ----------
    noise : noise model of `course_code.noise`, or callable
        Called as ``noise(size, rng)``.
    n, replicates : int
    rng : numpy.random.Generator
    width : callable, optional
        The noise is multiplied by ``width(x)``.
    loss : loss of `course_code.losses`
        The line makes its mean least.
    level : float

    Returns
    -------
    dict of str to float
        By topic; "any" is the share in which at least one rings. The standard error of a share s
        is ``sqrt(s * (1 - s) / replicates)``.
    """
    n, replicates = as_count("n", n, at_least=FEWEST), as_count("replicates", replicates)
    rng = as_generator("rng", rng)
    draw = getattr(noise, "sample", noise)
    if not callable(draw):
        refuse("noise", "must have sample(size, rng) or be a function of (size, rng)", noise)
    count = {}
    loud = 0
    for _ in range(replicates):
        x, e = rng.standard_normal(n), as_floats("noise", draw(n, rng), ndim=1)
        e = e if width is None else e * width(x)
        findings = examine(e - fit_line(x, e, loss).predict(x), x, level=level)
        loud += bool(findings.ringing)
        for f in findings.found[1:]:  # the size is the same each time
            count[f.topic] = count.get(f.topic, 0) + f.rings
    return {topic: rings / replicates for topic, rings in (count | {"any": loud}).items()}


def bell_ratio(n):
    r"""Mean and standard deviation of MAE / RMSE about the mean, for n Gaussian values.

    For large n they tend to :math:`\sqrt{2/\pi}` and :math:`\sqrt{(1 - 3/\pi)/n}` (Geary 1935).
    For each n they are exact: the ratio is independent of the RMSE, so its mean is a ratio of
    means, and so is the mean of its square.

    Parameters
    ----------
    n : int
        At least 2.

    >>> print(*(round(v, 4) for v in bell_ratio(100)))
    0.7999 0.021
    """
    n = as_count("n", n, at_least=2)
    rms = math.sqrt(2 / n) * _gamma_step((n - 1) / 2)
    mean = math.sqrt(2 / math.pi * (n - 1) / n) / rms
    c = -1 / (n - 1)  # the correlation of two deviations
    both = 2 / math.pi * (math.sqrt(1 - c * c) + c * math.asin(c))
    square = 1 / n + (n - 1) / n * both  # E(MAE^2) / E(RMSE^2)
    return mean, math.sqrt(max(square - mean * mean, 0.0))


def far_chance(t, n):
    r"""The chance that the furthest of n Gaussian values is at least t robust scales away.

    The robust scale, 1.4826 MAD, is itself estimated. The logarithm of its error is taken as
    normal with the variance of `spread.median_deviation_variance`, over n; the values as
    independent of it.

    >>> print(f"{far_chance(3.0, 100):.2f} {far_chance(5.0, 100):.4f}")
    0.29 0.0008
    """
    t, n = as_real("t", t, above=0), as_count("n", n)
    wide = math.sqrt(median_deviation_variance() / n)
    inside = [math.erf(t * math.exp(wide * u) / math.sqrt(2)) for u in _NODES]
    return float(_WEIGHTS @ (1 - np.array(inside) ** n) / math.sqrt(2 * math.pi))


def chi_square_tail(x, df):
    r"""The chance that a chi-square variable exceeds x, in closed form.

    By :math:`Q_{k+2}(x) = Q_k(x) + (x/2)^{k/2} e^{-x/2} / \Gamma(k/2 + 1)`.

    >>> round(chi_square_tail(3.841, 1), 4)
    0.05
    """
    x, df = as_real("x", x, at_least=0), as_count("df", df)
    k, tail = (1, math.erfc(math.sqrt(x / 2))) if df % 2 else (2, math.exp(-x / 2))
    while k < df:
        if x > 0:
            tail += math.exp(k / 2 * math.log(x / 2) - x / 2 - math.lgamma(k / 2 + 1))
        k += 2
    return tail


def hat_diagonal(X):
    """Leverages in the least-squares fit on the columns of X and an intercept.

    For one column they are `outliers.leverages`. They add up to p + 1.

    Parameters
    ----------
    X : array_like, shape (n, p)

    >>> hat_diagonal([[0], [1], [2], [5]]).round(4)
    array([0.5357, 0.3214, 0.25  , 0.8929])
    """
    X = as_floats("X", X, ndim=2).astype(np.float64)
    centred = X - X.mean(axis=0)
    size = np.abs(X).max(axis=0)
    spread = np.abs(centred).max(axis=0)
    if (spread <= 8 * np.finfo(float).eps * size).any() or len(X) <= X.shape[1]:
        refuse("X", "must have independent columns, none constant", f"shape {X.shape}")
    Q, R = np.linalg.qr(centred / spread)
    diagonal = np.abs(np.diag(R))
    if diagonal.min() <= 1e-10 * diagonal.max():
        refuse("X", "must have independent columns, none constant", "dependent columns")
    return 1 / len(X) + (Q * Q).sum(axis=1)


def _gamma_step(x):
    """Gamma(x + 1/2) / Gamma(x); for large x by its series, where lgamma loses digits."""
    if x < 100:
        return math.exp(math.lgamma(x + 0.5) - math.lgamma(x))
    return math.sqrt(x) * (1 - 1 / (8 * x) + 1 / (128 * x**2) + 5 / (1024 * x**3))


def _size(r, X):
    n = len(r)
    thin = X is not None and n < 10 * (X.shape[1] + 1)
    few = n < FEWEST
    sd, rob = (100 * math.sqrt(v / n) for v in (power_variance(2), median_deviation_variance()))
    return Finding(
        "size",
        "residuals",
        n,
        n,
        None,
        None,
        few,
        (
            f"a bell's scale is known to {sd:.0f} % by the SD, to {rob:.0f} % by the MAD",
            *(["fewer than ten per coefficient: p values are too small"] if thin else []),
        ),
        "too few to judge a shape: choose by cost and by knowledge"
        if few
        else "silence is weak evidence below about 200",
        "what a larger sample would show",
    )


def _tails(r, scale, level):
    d = r - r.mean()
    square = np.mean(d * d)
    ratio = float(np.mean(np.abs(d)) / math.sqrt(square))
    mean, sd = bell_ratio(len(r))
    p = _two_sided((ratio - mean) / sd)
    huber, median = _huber_gain(r, scale), _median_gain(r)
    delta = _HUBER_K * scale
    if p >= level:
        suggests = "no reason here to leave squared error"
    elif ratio < mean:
        suggests = f"compare squared error with Huber(delta={delta:.3g}) and absolute error"
    else:
        suggests = "tails shorter than a bell's: squared error gains, absolute error loses"
    return Finding(
        "tails",
        "MAE/RMSE",
        ratio,
        mean,
        sd,
        p,
        p < level,
        (
            "efficiency against the mean (a bell: 0.95 and 0.64):",
            f"  Huber {_gain(huber)}, median {_gain(median)}",
        ),
        suggests,
        "why they are so; unequal widths look like heavy tails",
    )


def _far(r, scale, level):
    distance = np.abs(r - np.median(r)) / scale
    t = float(distance.max())
    p = far_chance(t, len(r))
    beyond = int(np.sum(distance > 3))
    rows = tuple(int(i) for i in np.argsort(-distance, kind="stable")[:beyond])
    usual = len(r) * 2 * _NORMAL.cdf(-3.0)
    return Finding(
        "far",
        "furthest / robust scale",
        t,
        _NORMAL.inv_cdf((1 + 0.5 ** (1 / len(r))) / 2),
        None,
        p,
        p < level,
        (f"beyond 3: {beyond}, a bell {usual:.1f}{_listed(rows)}",),
        "ask where these values come from before any loss is chosen"
        if p < level
        else "no value stands apart",
        "whether a far value is a mistake or a fact",
        rows,
    )


def _skew(r, scale, level):
    gap = float(r.mean() - np.median(r))
    error = _gap_error(r, scale)
    p = _two_sided(gap / error) if error > 0 else float(gap == 0)
    low, middle, high = np.quantile(r, [0.1, 0.5, 0.9])
    bowley = (low + high - 2 * middle) / (high - low) if high > low else 0.0
    return Finding(
        "skew",
        "mean - median",
        gap,
        0.0,
        error,
        p,
        p < level,
        (f"in robust scales: {gap / scale:+.2f}", f"quantile skewness at 0.1: {bowley:+.2f}"),
        "squared and absolute error have different targets: decide which one is asked for"
        if p < level
        else "mean and median agree within their error",
        "which of the two you need",
    )


def _scale(r, scale, level):
    sd = float(r.std())
    excess = median_deviation_variance() - power_variance(2)
    error = math.sqrt(excess / len(r))  # of the logarithm, and so of the ratio near 1
    p = _two_sided(math.log(sd / scale) / error)
    clipped = 100 * np.mean(np.abs(r) > 1)
    return Finding(
        "scale",
        "SD / robust scale",
        sd / scale,
        1.0,
        error,
        p,
        p < level,
        (
            f"SD {sd:.4g}, robust scale {scale:.4g}, in the unit of y",
            f"delta = 1 is {1 / scale:.3g} of the latter and clips {clipped:.0f} %",
        ),
        f"if Huber's loss, delta = 1.345 robust scales = {_HUBER_K * scale:.4g}",
        "the unit you should report in",
    )


def _leverage(X, level):
    h = hat_diagonal(X)
    n, q = len(X), X.shape[1] + 1
    rule = 2 * q / n
    above = np.flatnonzero(h > rule)
    rows = tuple(int(i) for i in above[np.argsort(-h[above], kind="stable")])
    away = np.zeros(n)
    for column in X.T:  # a column with half of its values equal has no robust scale
        scale = MAD_TO_SD * mad(column)
        if scale > 0:
            away = np.maximum(away, np.abs(column - np.median(column)) / scale)
    t = float(away[list(rows)].max(initial=0.0))
    p = min(1.0, (q - 1) * far_chance(t, n)) if t > 0 else 1.0
    return Finding(
        "leverage",
        "largest h",
        float(h.max()),
        rule,
        None,
        p,
        p < level,
        (
            f"above 2(p + 1)/n, a rule of thumb: {len(rows)}{_listed(rows)}",
            f"the furthest is {t:.1f} robust scales out in its column, hence p",
        ),
        "fit with and without these rows; no convex loss limits their pull"
        if p < level
        else "no input stands apart",
        "whether their y is right: with high leverage a residual is small either way",
        rows,
    )


def _spread(r, along, level):
    square = r * r
    u = square - square.mean()
    Z = along - along.mean(axis=0)
    Q, _ = np.linalg.qr(Z / np.abs(Z).max(axis=0))
    explained = Q.T @ u
    total = u @ u  # 0 if all squares are equal: no trend
    statistic = float(len(r) * (explained @ explained) / total) if total > 0 else 0.0
    p = chi_square_tail(statistic, Z.shape[1])
    evidence = ()
    if Z.shape[1] == 1:
        order = np.argsort(along[:, 0], kind="stable")
        first, *_, last = (mad(r[part], centre=0) for part in np.array_split(order, 3))
        if first > 0:
            evidence = (f"MAD in the upper third over that in the lower: {last / first:.2f}",)
    return Finding(
        "spread",
        "n R^2 of r^2",
        statistic,
        float(Z.shape[1]),
        math.sqrt(2 * Z.shape[1]),
        p,
        p < level,
        evidence,
        "weights, a model of the width, or quantiles; heavy tails may be this in disguise"
        if p < level
        else "no trend of the width along the fit",
        "a width that changes with something not examined",
    )


def _huber_gain(r, scale):
    """The variance of the mean over that of Huber's centre, by plug-in, and its standard error.

    The scale is taken as known.
    """
    d = r - r.mean()
    loss = Huber(_HUBER_K * scale)
    about = r - np.median(r)
    psi, inside = loss.psi(about), loss.curvature(about)
    psi = psi - psi.mean()
    parts = d * d / np.mean(d * d) - psi * psi / np.mean(psi * psi) + 2 * inside / inside.mean()
    gain = np.mean(d * d) * inside.mean() ** 2 / np.mean(psi * psi)
    return float(gain), float(gain * parts.std() / math.sqrt(len(r)))


def _median_gain(r):
    """The same for the median, or None if a quarter of the values are equal to it.

    The density at the median comes from the quarter of the values about it. That smooths a peak:
    under Laplace noise the gain is 2 and this tends to 1.51.
    """
    d = r - r.mean()
    square = np.mean(d * d)
    ordered = np.sort(r)
    half = max(1, len(r) // 8)
    middle = len(r) // 2
    width = ordered[middle + half] - ordered[middle - half]
    if width == 0:
        return None
    density = 2 * half / len(r) / width
    gain = 4 * density**2 * square
    relative = np.sqrt(np.var(d * d / square) / len(r) + 4 / (2 * half))
    return float(gain), float(gain * relative)


def _gap_error(r, scale):
    """The standard error of mean minus median, by their influence functions.

    The density at the median comes from the values within half a robust scale of it.
    """
    about = r - np.median(r)
    density = max(int(np.sum(np.abs(about) <= scale / 2)), 1) / len(r) / scale
    pull = (r - r.mean()) - np.sign(about) / (2 * density)
    return float(pull.std() / math.sqrt(len(r)))


def _columns_of(X, n):
    X = as_floats("X", X, ndim=(1, 2)).astype(np.float64)
    if len(X) != n:
        refuse("X", f"must have one row per residual, {n}", f"shape {X.shape}")
    return X[:, None] if X.ndim == 1 else X


def _two_sided(z):
    return math.erfc(abs(z) / math.sqrt(2))


def _chance(p):
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _columns(finding):
    if finding.p is None:
        return "", ""
    spread = "" if finding.error is None else f" +- {finding.error:.2g}"
    return f"{finding.expected:.3g}{spread}", _chance(finding.p)


def _gain(pair):
    return "unknown" if pair is None else f"{pair[0]:.2f} +- {pair[1]:.2f}"


def _listed(rows, most=6):
    if not rows:
        return ""
    return ": row " + ", ".join(map(str, rows[:most])) + (", ..." if len(rows) > most else "")
