"""The pieces of work: the same problem for every competitor, and what each makes of it."""

from __future__ import annotations

import warnings

import numpy as np
import statsmodels.api as sm
import torch
from sklearn.linear_model import HuberRegressor, QuantileRegressor
from sklearn.metrics import mean_absolute_error, mean_squared_error

from course_code._sums import inner
from course_code.datasets import engel
from course_code.losses import AbsoluteError, Huber, Quantile, mae, mse
from course_code.regression import fit

from .timing import take_turns

COURSE = "course_code"
SKLEARN = "scikit-learn"
STATSMODELS = "statsmodels"
TORCH = "PyTorch"
NUMPY = "NumPy"
READ = "reading both arrays"  # a dot product, in blocks on one thread
WRITE = "p - y"  # reading both arrays and writing a third
FRESH = "ours into new memory"  # the gradient in an array that is made for each call


def plane(n, p):
    """n points around a plane over p columns, with the heavy tails of a t distribution (3 d.f.)."""
    random = np.random.default_rng(1757)
    X = random.normal(size=(n, p))
    return X, X.sum(axis=1) + random.standard_t(3, n)


def quantile(name, X, y, tau, rivals, rounds):
    """A quantile (tau = 0.5: least absolute deviations) by each competitor."""
    n, p = X.shape
    loss = Quantile(tau)
    design = sm.add_constant(X)
    calls = {
        COURSE: lambda: fit(X, y, loss),
        SKLEARN: lambda: QuantileRegressor(quantile=tau, alpha=0, solver="highs").fit(X, y),
        STATSMODELS: lambda: sm.QuantReg(y, design).fit(tau, max_iter=10_000),
    }
    predict = {
        COURSE: lambda found: found.predict(X),
        SKLEARN: lambda found: found.predict(X),
        STATSMODELS: lambda found: design @ found.params,
    }
    seconds, found = take_turns({k: calls[k] for k in (COURSE, *rivals)}, rounds)
    objective = {k: loss(y, predict[k](found[k])) for k in found}
    excess = {k: objective[k] / objective[COURSE] - 1 for k in rivals}
    return record(name, n, p, seconds, excess=excess)


def huber(n, p, rounds):
    """Huber's plane. Ours has delta fixed; scikit-learn's estimates the scale of the noise too."""
    X, y = plane(n, p)
    scale = HuberRegressor(alpha=0).fit(X, y).scale_
    calls = {
        COURSE: lambda: fit(X, y, Huber(1.35 * scale)),
        SKLEARN: lambda: HuberRegressor(alpha=0).fit(X, y),
    }
    seconds, _ = take_turns(calls, rounds)
    return record("Huber", n, p, seconds)


def losses(n, rounds):
    """Value, and value with gradient, of three losses on n pairs of float64 numbers."""
    random = np.random.default_rng(1757)
    y, p = random.normal(size=(2, n))
    t_y, t_p = torch.from_numpy(y), torch.from_numpy(p)
    t_leaf = t_p.clone().requires_grad_()
    slope = np.empty(n)
    huber_loss = Huber(1.0)

    def gradient_of(call):
        t_leaf.grad = None
        call(t_leaf, t_y).backward()
        return t_leaf.grad

    functional = torch.nn.functional
    table = {
        "MSE": (mse, mean_squared_error, functional.mse_loss, lambda: ((y - p) ** 2).mean()),
        "MAE": (mae, mean_absolute_error, functional.l1_loss, lambda: np.abs(y - p).mean()),
        "Huber loss": (huber_loss, None, functional.huber_loss, None),
    }
    for name, (ours, sklearn, torch_loss, plain) in table.items():
        calls = {COURSE: lambda ours=ours: ours(y, p)}
        if sklearn:
            calls[SKLEARN] = lambda sklearn=sklearn: sklearn(y, p)
        calls[TORCH] = lambda torch_loss=torch_loss: torch_loss(t_p, t_y).item()
        if plain:
            calls[NUMPY] = plain
        calls[READ] = lambda: inner(y, p)
        yield record(f"{name}, value", n, 1, take_turns(calls, rounds)[0])
        calls = {
            COURSE: lambda ours=ours: ours.value_and_gradient(y, p, out=slope),
            FRESH: lambda ours=ours: ours.value_and_gradient(y, p),
            TORCH: lambda torch_loss=torch_loss: gradient_of(torch_loss),
            READ: lambda: inner(y, p),
            WRITE: lambda: p - y,
        }
        yield record(f"{name}, value and gradient", n, 1, take_turns(calls, rounds)[0])


def record(name, n, p, seconds, **more):
    """One row of the results."""
    return {"work": name, "n": n, "p": p, "seconds": seconds, **more}


def all_works(quick=False):
    """Every piece of work in turn; `quick` leaves out what takes longer than a few seconds."""
    warnings.filterwarnings("ignore", module="statsmodels")  # its iteration limit, not ours
    for p in (2, 6):
        for n in (1_000, 10_000, 100_000, 1_000_000):
            rivals = [SKLEARN] * (n <= 10_000 and not quick) + [STATSMODELS] * (n <= 100_000)
            yield quantile("LAD", *plane(n, p), 0.5, rivals, rounds=5)
    data = engel()
    income, food = data["income"][:, None], data["foodexp"]
    for tau in (0.05, 0.95):
        yield quantile(f"quantile {tau}, Engel", income, food, tau, [SKLEARN, STATSMODELS], 21)
    for p in (2, 6):
        for tau in (0.05, 0.95):
            for n in (1_000, 10_000, 100_000):
                rivals = [SKLEARN] * (n <= 10_000 and not quick) + [STATSMODELS]
                yield quantile(f"quantile {tau}", *plane(n, p), tau, rivals, rounds=5)
    for p in (2, 6):
        for n in (1_000, 10_000, 100_000):
            yield huber(n, p, rounds=7)
    for n in (1_000, 100_000, 10_000_000):
        yield from losses(n, rounds=7 if n > 1_000_000 else 51)


def line_of_ten_million():
    """Seconds of a least-absolute line through ten million points, certificate included."""
    random = np.random.default_rng(1757)
    x = random.normal(size=(10_000_000, 1))
    y = x[:, 0] + random.standard_t(3, len(x))
    seconds, _ = take_turns({COURSE: lambda: fit(x, y, AbsoluteError())}, 1)
    return record("LAD", len(x), 1, seconds, excess={})
