"""How the losses form their sums: once through the data, and finite where the answer is.

A plain ``np.mean((y - p) ** 2)`` walks through main memory several times. Cut into blocks that fit
the processor's cache, the data are read once and every further step is nearly free. A NaN or an
infinity shows in the result, so the inputs are searched for a culprit only then.
"""

from __future__ import annotations

import math

import numpy as np

from course_code._validate import as_floats, as_pair, as_weights, refuse

REDUCTIONS = ("mean", "sum", "none")

# Small enough for the cache, and the longest dot product that OpenBLAS does on one thread: waking
# a second one costs more than these sums.
BLOCK = 10_000


def arguments(y_true, y_pred, sample_weight=None):
    """The arrays of a call, of one shape; whether they are finite is found out on the way."""
    y, p = as_pair(y_true, y_pred, finite=False)
    w = None if sample_weight is None else as_weights(sample_weight, y.shape)
    return y, p, w


def mass(y, w):
    """The sum of the weights, which is the number of elements where none are given."""
    return y.size if w is None else float(w.sum())


def total(loss, y, p, w, scale=1):
    """The number sum(w * rho(y - p)) / scale."""
    flat_y, flat_p, flat_w = _flat(y, p, w)
    result = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for here in _blocks(y.size):
            r = flat_y[here] - flat_p[here]
            part = loss._total(r) if w is None else flat_w[here].dot(loss._rho(r))
            result += float(part)
        if loss._bounded or not math.isfinite(result):
            _require_finite(y, p)
        if not math.isfinite(result):  # the sum leaves the format; the mean need not
            r, share = residuals(y, p), 1 / scale
            if w is not None:  # an infinite loss of weight 0 is no loss
                r, share = r[w > 0], w[w > 0] / scale
            result, scale = float(np.sum(loss._rho(r) * share)), 1
    return number(result / scale, y, p)


def residuals(y, p):
    """y - p in float64."""
    return np.subtract(y, p, dtype=np.float64)


def by_element(formula, y, p, w, scale=1):
    """The array formula(e, w / scale) at the errors e = p - y, of their shape.

    The formula may overwrite the errors with its result.
    """
    result = np.empty(y.shape, np.result_type(y, p))
    flat, flat_y, flat_p, flat_w = result.reshape(-1), *_flat(y, p, w)
    with np.errstate(over="ignore", invalid="ignore"):
        for here in _blocks(y.size):
            e = np.subtract(flat_p[here], flat_y[here], out=flat[here])
            if not math.isfinite(e.dot(e)):
                _require_finite(y, p)
            values = formula(e, 1 / scale if w is None else flat_w[here] / scale)
            if values is not e:
                e[...] = values
    return result


def at(formula, r):
    """A formula of the residual, at a number or elementwise."""
    r = as_floats("r", r)
    with np.errstate(over="ignore", divide="ignore"):
        values = formula(r) + 0.0  # -0.0 becomes 0.0
    return values if r.ndim else number(values, r)


def reduced(values, reduction, *sources):
    """The mean, the sum or all of an array of losses already formed."""
    if reduction == "none":
        return np.asarray(values + 0.0)
    return number(np.mean(values) if reduction == "mean" else np.sum(values), *sources)


def number(value, *sources):
    """A float32 if all sources are, else a Python float: no result prints as np.float64(...)."""
    for source in sources:
        if source.dtype != np.float32:
            return float(value)
    with np.errstate(over="ignore"):
        return np.float32(value)


def positive(name, value, shape):
    """A positive number, or an array of positive numbers of that shape."""
    array = as_floats(name, value)
    if array.shape not in ((), shape):
        refuse(name, f"must be a number or have shape {shape}", f"shape {array.shape}")
    if (array <= 0).any():
        refuse(name, "must be positive", float(array.min()))
    return array


def keep(self, field, value):
    """Store a checked value in a frozen dataclass, which forbids plain assignment."""
    object.__setattr__(self, field, value)


def _blocks(size):
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]


def _flat(y, p, w):
    return y.reshape(-1), p.reshape(-1), None if w is None else w.reshape(-1)


def _require_finite(y, p):
    as_floats("y_true", y)
    as_floats("y_pred", p)
