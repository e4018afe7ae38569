"""The loss table: six losses, a computed figure behind every grade, rows that open."""

from __future__ import annotations

import html
import math
from statistics import NormalDist

import numpy as np

from course_code.explorers._base import Explorer
from course_code.explorers._modules import assemble
from course_code.explorers._traits import Flag, OneOf, Real
from course_code.influence import efficiency, influence
from course_code.losses import AbsoluteError, Huber, LogCosh, Quantile, SquaredError, Tukey
from course_code.noise import Gaussian, Laplace

# Both with standard deviation 1, which is also the unit of delta and of c.
GAUSSIAN, LAPLACE = Gaussian(1.0), Laplace(math.sqrt(0.5))

# What the table says in words; ``loss-table.js`` says the same, and a test compares them.
ROWS = {
    "squared": ("squared", "the square of r", "the mean"),
    "absolute": ("absolute", "the size of r", "a median"),
    "huber": (
        "Huber",
        "half the square up to delta, then a line of slope delta",
        "the point where clipped residuals balance",
    ),
    "logCosh": (
        "log-cosh",
        "the logarithm of cosh r",
        "the point where the tanh of residuals balances",
    ),
    "tukey": (
        "Tukey",
        "near half the square at 0, constant beyond c",
        "the centre of the main bulk",
    ),
    "quantile": (
        "quantile",
        "tau times r above the prediction, 1 - tau times its size below",
        "the tau-quantile",
    ),
}
COLUMNS = {
    "formula": "a residual r costs",
    "aims": "aims at",
    "gaussian": "efficiency, Gaussian",
    "laplace": "efficiency, Laplace",
    "pull": "largest pull",
    "breakdown": "breakdown point",
    "curvature": "curvature at 0",
    "smooth": "continuous derivatives",
}
NUMBERS = list(COLUMNS)[2:]


class LossTable(Explorer):
    """Sort the losses by what they promise; open a row; move a parameter.

    Attributes
    ----------
    delta : float
        Where Huber's loss goes straight, in standard deviations of the noise; 0.01 to 100.
    c : float
        Where Tukey's loss goes flat, in standard deviations of the noise; 0.1 to 100.
    tau : float
        The quantile loss aims at this quantile; 0.001 to 0.999.
    opened : {"huber", "squared", "absolute", "logCosh", "tukey", "quantile", "none"}
        The row that is open.
    sort : {"none", "gaussian", "laplace", "pull", "breakdown", "curvature", "smooth"}
        The column that orders the rows; "none" keeps the order above.
    ascending : bool
        Smallest first.
    """

    module = "loss-table"
    _esm = assemble("loss-table.js")
    caption = (
        "Six losses for a centre. Noise has standard deviation 1, which is the unit of delta and "
        "c. Efficiency and breakdown point hold for large samples; efficiency is relative to the "
        "best estimator for that noise; the scale is taken as known."
    )

    delta = Real(1.345, above=0.01, below=100.0).tag(sync=True)
    c = Real(4.685, above=0.1, below=100.0).tag(sync=True)
    tau = Real(0.5, above=0.001, below=0.999).tag(sync=True)
    opened = OneOf("huber", *(name for name in ROWS if name != "huber"), "none").tag(sync=True)
    sort = OneOf("none", *NUMBERS).tag(sync=True)
    ascending = Flag().tag(sync=True)

    @property
    def losses(self):
        """The six losses with the parameters in use, by name."""
        return {
            "squared": SquaredError(),
            "absolute": AbsoluteError(),
            "huber": Huber(self.delta),
            "logCosh": LogCosh(),
            "tukey": Tukey(self.c),
            "quantile": Quantile(self.tau),
        }

    @property
    def numbers(self):
        """The columns of numbers, and `sensitivity`, as a dict for each loss.

        ``gaussian``, ``laplace``: efficiencies. ``pull``: the largest abs(psi). ``breakdown``: the
        largest share of bad observations that cannot carry the estimate away. ``curvature``: of rho
        at 0, infinite for a kink. ``smooth``: how many derivatives of rho are continuous.
        ``sensitivity``: the most that one of n observations can do, times n, under Gaussian noise.
        """
        return {name: _numbers(loss) for name, loss in self.losses.items()}

    def ordered(self):
        """The names of the losses from the first row to the last."""
        if self.sort == "none":
            return list(ROWS)
        sign = 1 if self.ascending else -1
        numbers = self.numbers
        # Rounding must not decide between equals.
        return sorted(ROWS, key=lambda name: sign * round(numbers[name][self.sort], 9))

    def alt(self):
        """What the table compares, and its first finding."""
        numbers = self.numbers
        kept = "; ".join(
            f"{ROWS[name][0]} {numbers[name]['gaussian']:.1%} and {numbers[name]['laplace']:.1%}"
            for name in self.ordered()
        )
        return (
            "A table of six losses with what each aims at, efficiency, largest pull, breakdown "
            "point, curvature at 0 and smoothness. Efficiency under Gaussian and under Laplace "
            f"noise: {kept}."
        )

    def still(self):
        """The whole table, which stands where scripts do not run."""
        numbers = self.numbers
        head = "".join(f'<th scope="col">{text}</th>' for text in ["loss", *COLUMNS.values()])
        body = ""
        for name in self.ordered():
            called, *words = ROWS[name]
            shown = [shown_number(column, numbers[name][column]) for column in NUMBERS]
            cells = "".join(f"<td>{html.escape(text)}</td>" for text in [*words, *shown])
            body += f'<tr><th scope="row">{called}{self._parameter(name)}</th>{cells}</tr>'
        return (
            '<div class="ex-still ex-scroll" tabindex="0" role="region" aria-label="Six losses">'
            f'<table class="ex-numbers"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _parameter(self, name):
        used = {"huber": "delta", "tukey": "c", "quantile": "tau"}.get(name)
        return f", {used} {getattr(self, used):g}" if used else ""


def shown_number(column, value):
    """A number of the table as text."""
    if column in ("gaussian", "laplace", "breakdown"):
        return f"{value:.1%}".replace("%", " %")
    if math.isinf(value):
        return {"pull": "no limit", "curvature": "a kink", "smooth": "all"}[column]
    return f"{value:.4g}"


def _numbers(loss):
    gaussian, laplace = (_efficiency(loss, noise) for noise in (GAUSSIAN, LAPLACE))
    pull, breakdown, smooth = _promises(loss)
    kinked = isinstance(loss, AbsoluteError | Quantile)
    if isinstance(loss, Quantile):
        sensitivity = pull / _quantile_density(loss.tau, GAUSSIAN)
    elif math.isinf(pull):
        sensitivity = math.inf
    else:
        where = loss.c / math.sqrt(5) if isinstance(loss, Tukey) else 1e3
        sensitivity = float(influence(loss, GAUSSIAN, [where])[0])
    return {
        "gaussian": gaussian,
        "laplace": laplace,
        "pull": pull,
        "breakdown": breakdown,
        "curvature": math.inf if kinked else float(loss.curvature([0.0])[0]),
        "smooth": smooth,
        "sensitivity": sensitivity,
    }


def _promises(loss):
    """The largest pull, the breakdown point and the number of continuous derivatives."""
    if isinstance(loss, SquaredError):
        return math.inf, 0.0, math.inf
    if isinstance(loss, Quantile):
        return max(loss.tau, 1 - loss.tau), min(loss.tau, 1 - loss.tau), 0
    if isinstance(loss, Tukey):
        # psi is largest at c / sqrt(5).
        return 16 / 25 * loss.c / math.sqrt(5), _tukey_breakdown(loss.c), 2
    if isinstance(loss, Huber):
        return loss.delta, 0.5, 1
    return 1.0, 0.5, 0 if isinstance(loss, AbsoluteError) else math.inf


def _efficiency(loss, noise):
    r"""As :func:`course_code.influence.efficiency`; a quantile loss is judged at its own quantile.

    The sample's tau-quantile has variance :math:`\tau(1-\tau)/(n f(q)^2)`. With the scale known the
    best estimator of q is that of the centre, shifted: its variance is one over n times
    the information on the centre.
    """
    if not isinstance(loss, Quantile):
        return efficiency(loss, noise)
    density = _quantile_density(loss.tau, noise)
    information = 1.0 if noise is GAUSSIAN else 1 / noise.scale**2
    return density**2 / (loss.tau * (1 - loss.tau) * information)


def _quantile_density(tau, noise):
    """The density of the noise at its tau-quantile."""
    if noise is GAUSSIAN:
        normal = NormalDist()
        return normal.pdf(normal.inv_cdf(tau))
    return min(tau, 1 - tau) / noise.scale


def _tukey_breakdown(c):
    r"""The share of bad observations that carries the minimum of Tukey's loss away.

    Let rho be scaled to a largest value of 1, and m bad observations lie together, far away. An
    estimate among them costs 1 for each good observation; one at the good centre costs 1 for each
    bad one and rho for each good one. The second is cheaper while
    :math:`m < A = \sum_{good} (1 - \rho)`. For n good ones, standard normal, :math:`A/n` tends to
    :math:`a = E(1 - r^2/c^2)^3` over :math:`|r| < c`, and the share to :math:`a/(1 + a)`: less than
    a half, and near it where c is large.
    """
    far = min(c, 40.0)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    r = far * (nodes + 1) / 2
    density = np.exp(-r * r / 2) * math.sqrt(2 / math.pi)
    held = float(far / 2 * weights @ (density * (1 - (r / c) ** 2) ** 3))
    return held / (1 + held)
