"""Checks on what callers pass in. Every refusal reads ``argument: rule; got value``."""

from __future__ import annotations

import numbers

import numpy as np

_FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


def refuse(name, rule, got):
    """Raise the one kind of error this package raises for bad input."""
    text = repr(got) if not isinstance(got, str) else got
    if len(text) > 80:
        text = text[:77] + "..."
    raise ValueError(f"{name}: {rule}; got {text}")


def as_floats(name, values, ndim=None, finite=True):
    """A finite, non-empty float array: float32 stays float32, all else becomes float64.

    Parameters
    ----------
    name : str
        What the caller calls the argument; it opens the error message.
    values : array_like
        Numbers, booleans, or anything with an array interface (pandas by position).
    ndim : int or tuple of int, optional
        Allowed numbers of dimensions.
    finite : bool
        False leaves the search for NaN and infinity to the caller, who may have a cheaper way.

    Raises
    ------
    ValueError
        If `values` is not numeric, is empty, holds NaN or infinity, or has another `ndim`.
    """
    plain = type(values) is np.ndarray and values.dtype in _FLOATS
    array = values if plain else _converted(name, values)
    if ndim is not None:
        allowed = (ndim,) if isinstance(ndim, int) else ndim
        if array.ndim not in allowed:
            wanted = " or ".join(f"{d}-dimensional" for d in allowed)
            refuse(name, f"must be {wanted}", f"shape {array.shape}")
    if array.size == 0:
        refuse(name, "must not be empty", f"shape {array.shape}")
    if finite:
        is_finite = np.isfinite(array)
        if not is_finite.all():
            where = np.flatnonzero(~is_finite.ravel())[0]
            value = f"{array.ravel()[where]} at position {where}"
            refuse(name, "must hold finite numbers only", value)
    return array


def as_pair(first, second, names=("y_true", "y_pred"), ndim=None, finite=True):
    """Two float arrays of one shape; nothing is broadcast, so (n,) with (n, 1) is refused."""
    a = as_floats(names[0], first, ndim, finite)
    b = as_floats(names[1], second, ndim, finite)
    if a.shape != b.shape:
        rule = f"must have the shape of {names[0]}, {a.shape}"
        refuse(names[1], rule, f"shape {b.shape}")
    return a, b


def as_weights(weights, shape, name="sample_weight"):
    """Non-negative weights, not all zero: of `shape`, or (n,) for an (n, K) `shape`."""
    w = as_floats(name, weights)
    if w.shape != shape and w.shape != shape[:1]:
        rule = f"must have shape {shape}" + (f" or {shape[:1]}" if len(shape) > 1 else "")
        refuse(name, rule, f"shape {w.shape}")
    if (w < 0).any():
        refuse(name, "must not be negative", float(w.min()))
    if not w.any():
        refuse(name, "must not all be zero", "only zeros")
    with np.errstate(over="ignore"):
        if np.isinf(w.sum()):
            refuse(name, "must have a finite sum", "a sum that overflows")
    if w.shape != shape:
        w = np.broadcast_to(w.reshape(w.shape + (1,) * (len(shape) - 1)), shape)
    return w


def as_real(name, value, *, above=None, below=None, at_least=None):
    """One finite real number inside the stated bounds, as a Python float."""
    if above is not None and below is not None:
        rule = f"must lie strictly between {above} and {below}"
    elif above == 0:
        rule = "must be a positive finite number"
    elif at_least is not None:
        rule = f"must be a finite number, at least {at_least}"
    else:
        rule = "must be a finite number"
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        refuse(name, rule, value)
    real = float(value)
    inside = (
        np.isfinite(real)
        and (above is None or real > above)
        and (below is None or real < below)
        and (at_least is None or real >= at_least)
    )
    if not inside:
        refuse(name, rule, value)
    return real


def as_count(name, value, *, at_least=1):
    """One whole number, at least `at_least`, as a Python int."""
    rule = f"must be a whole number, at least {at_least}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < at_least:
        refuse(name, rule, value)
    return int(value)


def as_generator(name, rng):
    """A source of random numbers passed in, so that no draw depends on hidden state."""
    if not isinstance(rng, np.random.Generator):
        refuse(name, "must be a numpy.random.Generator", type(rng).__name__)
    return rng


def one_of(name, value, allowed):
    """`value` if it is one of `allowed`, which the error message lists."""
    if not isinstance(value, str) or value not in allowed:
        refuse(name, "must be one of " + ", ".join(repr(a) for a in allowed), value)
    return value


def _converted(name, values):
    """`values` as an array of float64, or of float32 if that is what came."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        refuse(name, "must hold no masked values", f"{np.ma.count_masked(values)} masked")
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        refuse(name, "must be a rectangular array of numbers", type(values).__name__)
    if array.dtype == object:
        if any(isinstance(value, str | bytes | None) for value in array.ravel()):
            refuse(name, "must hold real numbers", f"values of type {_kinds(array)}")
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            refuse(name, "must hold real numbers", f"values of type {_kinds(array)}")
    if array.dtype.kind not in "biuf":
        refuse(name, "must hold real numbers", f"dtype {array.dtype}")
    return array if array.dtype in _FLOATS else array.astype(np.float64)


def _kinds(array):
    return ", ".join(sorted({type(v).__name__ for v in array.ravel()})) or "nothing"
