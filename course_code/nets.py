r"""Small neural networks, many at once: one hidden layer, backpropagation by hand.

The network has one hidden layer of tanh units and one linear output,

$$\hat y = b_2 + \sum_h v_h \tanh\Bigl(b_h + \sum_j x_j w_{jh}\Bigr) .$$

All its parameters lie in one flat array theta whose last axis is ``size`` long. The axes in front
are runs: other starts, other data, other learning rates. Runs are trained side by side by
broadcasting and never touch each other. A loss enters in a single place: its psi pulls at the
output, and the chain rule carries the pull back (Rumelhart, Hinton and Williams 1986).

>>> net = Network(inputs=1, hidden=3)
>>> net.size
10
>>> theta = net.start(np.random.default_rng(0), runs=2)
>>> net.predict(theta, [[0.0], [1.0]]).shape
(2, 2)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_code._validate import as_count, as_floats, as_generator, one_of, refuse

__all__ = ["Network", "Run", "adam", "sgd", "train"]


@dataclass(frozen=True)
class Network:
    """The shape of a network: how many inputs, how many tanh units. It holds no parameters.

    Parameters
    ----------
    inputs, hidden : int
        Whole numbers, at least 1.
    """

    inputs: int = 1
    hidden: int = 12

    def __post_init__(self):
        object.__setattr__(self, "inputs", as_count("inputs", self.inputs))
        object.__setattr__(self, "hidden", as_count("hidden", self.hidden))

    @property
    def size(self):
        """How many parameters: (inputs + 2) hidden + 1."""
        return (self.inputs + 2) * self.hidden + 1

    def start(self, rng, runs):
        """Random parameters, shape (runs, size): uniform within 1 / sqrt(number of inputs).

        The rule counts the inputs of each layer by themselves, as PyTorch does for its linear
        layers.
        """
        rng, runs = as_generator("rng", rng), as_count("runs", runs)
        below = (self.inputs + 1) * self.hidden
        bound = np.full(self.size, self.hidden**-0.5)
        bound[:below] = self.inputs**-0.5
        return rng.uniform(-bound, bound, (runs, self.size))

    def predict(self, theta, x):
        """The outputs, shape (..., n), of networks `theta` at `x`.

        Parameters
        ----------
        theta : array_like, shape (..., size)
        x : array_like, shape (n, inputs) or (..., n, inputs)
            The axes in front of n broadcast with those of `theta`.
        """
        theta, x = self._parameters(theta), self._points(x)
        return self._forward(theta, x)[1]

    def gradient(self, theta, x, y, loss):
        """The gradient of each network's mean loss with respect to `theta`, in its shape.

        Parameters
        ----------
        theta : array_like, shape (..., size)
        x : array_like, shape (n, inputs) or (..., n, inputs)
        y : array_like, shape (n,) or (..., n)
        loss : loss of `course_code.losses`
            Anything with ``psi(r)``, r = y - prediction.

        Raises
        ------
        ValueError
            If shapes do not fit, a number is not finite, or the loss has no psi.
        """
        theta, x = self._parameters(theta), self._points(x)
        return self._backward(theta, x, _targets(y, x), _with_psi(loss))

    def _forward(self, theta, x):
        w, b, v, c = self._unpacked(theta)
        # With one input the product is an outer product, and broadcasting beats matmul.
        below = x * w if self.inputs == 1 else x @ w
        hidden = np.tanh(below + b[..., None, :])
        return hidden, np.vecdot(hidden, v[..., None, :]) + c

    def _backward(self, theta, x, y, loss):
        _, _, v, _ = self._unpacked(theta)
        hidden, output = self._forward(theta, x)
        pull = -loss.psi(y - output) / y.shape[-1]  # d(mean loss) / d(output)
        below = pull[..., None] * v[..., None, :] * (1 - hidden * hidden)
        parts = (
            (np.swapaxes(x, -1, -2) @ below).reshape(*pull.shape[:-1], -1),
            np.einsum("...nh->...h", below),
            (pull[..., None, :] @ hidden)[..., 0, :],
            pull.sum(axis=-1, keepdims=True),
        )
        return np.concatenate(parts, axis=-1)

    def _unpacked(self, theta):
        """Views: w (..., inputs, hidden), b (..., hidden), v (..., hidden), c (..., 1)."""
        h, first = self.hidden, self.inputs * self.hidden
        w = theta[..., :first].reshape(*theta.shape[:-1], self.inputs, h)
        return w, theta[..., first : first + h], theta[..., first + h : -1], theta[..., -1:]

    def _parameters(self, theta):
        theta = as_floats("theta", theta).astype(np.float64)
        if theta.ndim == 0 or theta.shape[-1] != self.size:
            refuse("theta", f"must have {self.size} numbers per network", f"shape {theta.shape}")
        return theta

    def _points(self, x):
        x = as_floats("x", x).astype(np.float64)
        if x.ndim < 2 or x.shape[-1] != self.inputs:
            refuse("x", f"must have shape (..., n, {self.inputs})", f"shape {x.shape}")
        return x


@dataclass(frozen=True, eq=False)
class Run:
    """What a training went through.

    Attributes
    ----------
    at : ndarray of int, shape (T,)
        The numbers of steps after which the parameters were kept; the first is 0.
    theta : ndarray, shape (T, ..., size)
        The parameters then.
    """

    at: np.ndarray
    theta: np.ndarray

    @property
    def final(self):
        """The parameters after the last step, shape (..., size)."""
        return self.theta[-1]

    def first_below(self, values, target):
        """For each run, the number of steps after which `values` first were at most `target`.

        Parameters
        ----------
        values : array_like, shape (T, ...)
            Something measured at every kept step, such as a test error.
        target : float

        Returns
        -------
        ndarray of float, shape (...)
            Infinite for a run that never came there. Precise to the distance of kept steps.
        """
        values = as_floats("values", values)
        if values.shape[0] != len(self.at):
            refuse("values", f"must have {len(self.at)} rows, one per kept step", values.shape)
        reached = values <= target
        return np.where(reached.any(axis=0), self.at[reached.argmax(axis=0)], np.inf)


def sgd():
    """Plain descent: the direction of a step is the gradient of the minibatch."""
    return lambda gradient: gradient


def adam(beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam (Kingma and Ba 2015): running mean of the gradients over the root of their mean square.

    The direction does not change when all gradients are multiplied by one number, up to `eps`.
    """
    mean = square = 0.0
    count = 0

    def direction(gradient):
        nonlocal mean, square, count
        count += 1
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient * gradient
        return mean / (1 - beta1**count) / (np.sqrt(square / (1 - beta2**count)) + eps)

    return direction


_RULES = {"adam": adam, "sgd": sgd}
_GONE = 1e6


def train(network, theta, loss, x, y, *, rate, steps, batch, rng, rule="adam", every=20):
    """Minibatch descent of the mean loss, all runs side by side.

    A run whose parameters leave the range of plus and minus a million has diverged. It stays where
    it was before, with its huge error, and does not disturb the others.

    Every pass deals the points of each data set anew into minibatches of `batch`; points that do
    not fill one are left out of that pass. Runs on the same data set see the same minibatches, and
    so do two calls with the same seed: losses can be compared run by run.

    Parameters
    ----------
    network : Network
    theta : array_like, shape (..., size)
        The starts. They are not changed.
    loss : loss of `course_code.losses`
    x : array_like, shape (n, inputs) or (..., n, inputs)
    y : array_like, shape (n,) or (..., n)
        One data set, or several whose axes broadcast with those of `theta`.
    rate : float or array_like
        Positive; an array broadcasts with the axes of `theta` in front of the last one.
    steps, batch : int
    rng : int or numpy.random.Generator
        Deals the minibatches.
    rule : {"adam", "sgd"}
    every : int
        The parameters are kept at the start, after each `every` steps, and at the end.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If shapes do not fit, or a number is out of range.
    """
    theta, x = network._parameters(theta), network._points(x)
    y, loss = _targets(y, x), _with_psi(loss)
    rate = as_floats("rate", rate)
    if (rate <= 0).any():
        refuse("rate", "must be positive", float(rate.min()))
    steps, every = as_count("steps", steps), as_count("every", every)
    n = y.shape[-1]
    batch = as_count("batch", batch)
    if batch > n:
        refuse("batch", f"must be at most the number of points, {n}", batch)
    rng = as_generator("rng", np.random.default_rng(rng) if isinstance(rng, int) else rng)
    direction = _RULES[one_of("rule", rule, tuple(_RULES))]()

    shape = np.broadcast_shapes(theta.shape[:-1], x.shape[:-2], rate.shape)
    theta = np.broadcast_to(theta, (*shape, network.size)).copy()
    at, kept = [0], [theta.copy()]
    for k, rows in enumerate(_minibatches(y.shape, batch, steps, rng), start=1):
        xb = np.take_along_axis(x, rows[..., None], axis=-2)
        yb = np.take_along_axis(y, rows, axis=-1)
        stepped = theta - rate[..., None] * direction(network._backward(theta, xb, yb, loss))
        gone = np.abs(stepped).max(axis=-1, keepdims=True) > _GONE
        theta = np.where(gone, theta, stepped)
        if k % every == 0 or k == steps:
            at.append(k)
            kept.append(theta.copy())
    return Run(np.array(at), np.array(kept))


def _minibatches(shape, batch, steps, rng):
    """Row numbers, shape (..., batch), for every step."""
    per_pass = shape[-1] // batch
    for k in range(steps):
        if k % per_pass == 0:
            order = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
        first = k % per_pass * batch
        yield order[..., first : first + batch]


def _targets(y, x):
    y = as_floats("y", y).astype(np.float64)
    if y.shape != x.shape[:-1]:
        refuse("y", f"must have the shape of x without its last axis, {x.shape[:-1]}", y.shape)
    return y


def _with_psi(loss):
    if not hasattr(loss, "psi"):
        refuse("loss", "must have psi(r)", loss)
    return loss
