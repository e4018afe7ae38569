"""How the losses form their sums: once through the data, and finite where the answer is.

A plain ``np.mean((y - p) ** 2)`` walks through main memory several times. Cut into blocks that fit
the processor's cache, the data are read once and every further step is nearly free. A million
elements or more are shared out among the processor's cores; the blocks and the order of their sums
stay the same, so a result does not depend on the number of cores. A NaN or an infinity shows in the
result, so the inputs are searched for a culprit only then.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from course_code._validate import as_floats, as_pair, as_weights, refuse

REDUCTIONS = ("mean", "sum", "none")

# The longest dot product that OpenBLAS is sure to do on one thread: waking a second one costs more
# than these sums.
STRIP = 8_000
# Two arrays of this many numbers fit the cache of a core.
BLOCK = 8 * STRIP
# From here on the work is worth a second core.
MANY = 1_000_000


def arguments(y_true, y_pred, sample_weight=None):
    """The arrays of a call, of one shape; whether they are finite is found out on the way."""
    y, p = as_pair(y_true, y_pred, finite=False)
    w = None if sample_weight is None else as_weights(sample_weight, y.shape)
    return y, p, w


def mass(y, w):
    """The sum of the weights, which is the number of elements where none are given."""
    return y.size if w is None else float(w.sum())


def inner(u, v):
    """The dot product of two vectors, on one thread."""
    if u.size <= STRIP:
        return float(u.dot(v))
    whole = u.size // STRIP * STRIP
    result = u[whole:].dot(v[whole:])
    strips = (part[:whole].reshape(-1, STRIP) for part in (u, v))
    return float(result + np.vecdot(*strips).sum())


def total(loss, y, p, w, scale=1):
    """The number sum(w * rho(y - p)) / scale."""
    flat_y, flat_p, flat_w = _flat(y, p, w)

    def part(here):
        r = flat_y[here] - flat_p[here]
        return float(loss._total(r) if w is None else inner(flat_w[here], loss._rho(r)))

    result = sum(_for_blocks(part, y.size))
    if loss._bounded or not math.isfinite(result):
        _require_finite(y, p)
    if not math.isfinite(result):  # the sum leaves the format; the mean need not
        with np.errstate(over="ignore", invalid="ignore"):
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

    def part(here):
        e = np.subtract(flat_p[here], flat_y[here], out=flat[here])
        if not math.isfinite(inner(e, e)):
            _require_finite(y, p)
        _store(formula(e, 1 / scale if w is None else flat_w[here] / scale), e)

    _for_blocks(part, y.size)
    return result


def total_and_by_element(loss, y, p, scale, out):
    """`total` and the gradient, written to `out`, in one walk; None where `total` is not finite."""
    flat, flat_y, flat_p, _ = out.reshape(-1), *_flat(y, p, None)

    def part(here):
        e = np.subtract(flat_p[here], flat_y[here], out=flat[here])
        value, slope = loss._total_and_slope(e, 1 / scale)
        _store(slope, e)
        return float(value)

    result = sum(_for_blocks(part, y.size))
    if loss._bounded:
        _require_finite(y, p)
    return number(result / scale, y, p) if math.isfinite(result) else None


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


def place(out, y, p):
    """An array for the gradient: a new one, or the caller's if it fits."""
    shape, dtype = y.shape, np.result_type(y, p)
    if out is None:
        return np.empty(shape, dtype)
    if not (isinstance(out, np.ndarray) and out.flags.c_contiguous and out.flags.writeable):
        refuse("out", "must be a writeable, contiguous array", type(out).__name__)
    if (out.shape, out.dtype) != (shape, dtype):
        refuse("out", f"must be {dtype} of shape {shape}", f"{out.dtype} of shape {out.shape}")
    if np.may_share_memory(out, y) or np.may_share_memory(out, p):
        refuse("out", "must not share memory with the data", "an array that does")
    return out


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


def _for_blocks(work, size):
    """[work(block), ...] for the blocks of a vector of that size, in their order."""
    blocks = [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]

    def quietly(some):
        with np.errstate(all="ignore"):  # each thread has its own
            return [work(block) for block in some]

    if size < MANY:
        return quietly(blocks)
    cores = min(os.cpu_count() or 1, 4)
    share = -(-len(blocks) // cores)
    shares = [blocks[start : start + share] for start in range(0, len(blocks), share)]
    with ThreadPoolExecutor(cores) as pool:
        return [result for results in pool.map(quietly, shares) for result in results]


def _store(values, place):
    if values is not place:
        place[...] = values


def _flat(y, p, w):
    return y.reshape(-1), p.reshape(-1), None if w is None else w.reshape(-1)


def _require_finite(y, p):
    as_floats("y_true", y)
    as_floats("y_pred", p)
