"""Gradient descent on a line, recorded step by step.

The model is y = w x + b and the objective is the mean loss over all points. One epoch is one step
with the whole data set:

    w <- w - lr * d(mean loss)/dw = w + lr * mean(psi(r) x)
    b <- b - lr * d(mean loss)/db = b + lr * mean(psi(r)),      r = y - (w x + b).

For a loss with a kink psi is one subgradient, and the loss may rise from step to step.

>>> from course_code.datasets import two_coaches
>>> from course_code.losses import mse
>>> clean = two_coaches()
>>> trace = train(LinearModel(), mse, clean.x, clean.y, lr=0.05, epochs=2000)
>>> f"{trace.final.w:+.4f} {trace.final.b:+.4f}"
'+1.5143 +0.5096'
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_code._validate import as_count, as_floats, as_pair, as_real, refuse
from course_code.losses import mse


@dataclass(frozen=True)
class LinearModel:
    """The line y = w x + b: slope `w`, intercept `b`."""

    w: float = 0.0
    b: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "w", as_real("w", self.w))
        object.__setattr__(self, "b", as_real("b", self.b))

    def predict(self, x):
        """The line's y at `x`, an array of any shape."""
        return self.w * as_floats("x", x) + self.b


class Step(NamedTuple):
    """One row of a trace: after `epoch` steps the model was (w, b), with this mean loss."""

    epoch: int
    w: float
    b: float
    loss: float


@dataclass(frozen=True, eq=False)
class Trace:
    """What a training run went through.

    Attributes
    ----------
    w, b, loss : ndarray, shape (epochs + 1,)
        ``loss[k]`` is the mean loss at ``(w[k], b[k])``; index 0 is the start. Read-only.
        Where the numbers overflowed, `loss` is inf and `w` and `b` are NaN from there on.
    """

    w: np.ndarray
    b: np.ndarray
    loss: np.ndarray

    def __post_init__(self):
        for array in (self.w, self.b, self.loss):
            array.flags.writeable = False

    def __len__(self):
        return len(self.loss)

    def __getitem__(self, epoch):
        return Step(
            range(len(self))[epoch],
            float(self.w[epoch]),
            float(self.b[epoch]),
            float(self.loss[epoch]),
        )

    @property
    def final(self):
        """The last `Step`."""
        return self[-1]

    @property
    def best(self):
        """The `Step` of lowest loss, the first one if several share it.

        Subgradient descent does not end at its best step.
        """
        return self[int(np.argmin(self.loss))]

    @property
    def diverged(self):
        """Whether the last loss is infinite, or over a thousand times the first.

        A run may be on its way out and not have come that far yet: look at `loss`.
        """
        first, last = self.loss[[0, -1]]
        return bool(np.isinf(last) or last > 1000 * first)


def train(model, loss, x, y, lr, epochs, schedule=None):
    """Full-batch (sub)gradient descent of the mean loss of a line.

    Parameters
    ----------
    model : LinearModel
        The start. It is not changed.
    loss : loss of `course_code.losses`
        Anything with ``rho(r)`` and ``psi(r)``, r = y - prediction.
    x, y : array_like, shape (n,)
        The points. Computed in float64, float32 input included.
    lr : float
        The learning rate, positive.
    epochs : int
        How many steps; 0 gives the start alone.
    schedule : callable, optional
        ``schedule(k)`` multiplies `lr` in step k = 0, 1, ...; without it `lr` stays.
        Ready ones: `constant`, `step_decay`, `inverse_sqrt`.

    Returns
    -------
    Trace
        `epochs` + 1 rows. A run that overflows goes on as loss inf, w and b NaN.

    Raises
    ------
    ValueError
        On bad numbers, shapes that differ, lr <= 0, a loss without psi, or a schedule that
        returns anything but a finite number >= 0.
    """
    if not isinstance(model, LinearModel):
        refuse("model", "must be a LinearModel", model)
    if not (hasattr(loss, "rho") and hasattr(loss, "psi")):
        refuse("loss", "must have rho(r) and psi(r)", loss)
    x, y = as_pair(x, y, names=("x", "y"), ndim=1)
    x, y = x.astype(np.float64), y.astype(np.float64)
    lr = as_real("lr", lr, above=0)
    epochs = as_count("epochs", epochs, at_least=0)
    schedule = constant if schedule is None else schedule
    if not callable(schedule):
        refuse("schedule", "must be a function of the step number, or None", schedule)

    ws, bs = np.full((2, epochs + 1), np.nan)
    losses = np.full(epochs + 1, np.inf)
    w, b, n = model.w, model.b, len(x)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(epochs + 1):
            r = y - (w * x + b)
            value = float(loss.rho(r).sum()) / n if np.isfinite(r).all() else math.inf
            if not math.isfinite(value):
                break
            ws[k], bs[k], losses[k] = w, b, value
            if k < epochs:
                step = lr * as_real(f"schedule({k})", schedule(k), at_least=0)
                psi = loss.psi(r)
                w += step * float(psi @ x) / n
                b += step * float(psi.sum()) / n
    return Trace(ws, bs, losses)


def constant(k):
    """The schedule of a learning rate that stays: 1 in every step."""
    return 1.0


def inverse_sqrt(k):
    """1 / sqrt(k + 1): the steps go to zero, yet their sum has no bound.

    Under these two conditions the best loss of subgradient descent goes to the minimum of a convex
    loss (Shor 1985, Minimization Methods for Non-Differentiable Functions).
    """
    return 1.0 / math.sqrt(k + 1)


def step_decay(every, factor=0.5):
    """A schedule that multiplies the learning rate by `factor` after each `every` steps.

    >>> halve = step_decay(every=100)
    >>> halve(99), halve(100), halve(250)
    (1.0, 0.5, 0.25)
    """
    every = as_count("every", every)
    factor = as_real("factor", factor, above=0, below=1)

    def schedule(k):
        return factor ** (k // every)

    return schedule


def safe_step(x, loss=mse):
    """The learning rate below which descent on a line goes down: 2 / lambda_max.

    lambda_max is the largest eigenvalue of c A'A / n, where A has the columns x and 1 and c is the
    steepest slope of psi. For the mean squared error, c = 2 and the matrix is the Hessian: below
    the value descent converges from every start, above it diverges from almost every start. For
    Huber, smooth L1 and log-cosh c bounds the curvature from above: below the value every step
    lowers the loss, and above it may still converge.

    Parameters
    ----------
    x : array_like, shape (n,)
        The inputs. y does not matter.
    loss : loss of `course_code.losses`
        One whose psi has a bounded slope; an absolute error has a jump and no safe step.

    Raises
    ------
    ValueError
        If psi jumps, so that no constant step is safe.

    Examples
    --------
    >>> from course_code.datasets import two_coaches
    >>> round(safe_step(two_coaches().x), 4)
    0.9937
    """
    x = as_floats("x", x, ndim=1).astype(np.float64)
    # psi(r)/r at 0 is the slope of psi there, and each of these losses is steepest there.
    curvature = float(loss.weight(np.zeros(1))[0]) if hasattr(loss, "weight") else math.inf
    if not math.isfinite(curvature):
        refuse("loss", "must have a psi without a jump", loss)
    gram = np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])
    return 2.0 / (curvature * float(np.linalg.eigvalsh(gram)[-1]))
